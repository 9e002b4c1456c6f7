"""``make mutants``: change one thing in assignment/ at a time, and see whether a test notices.

Each mutant is one change of one expression or statement, held in memory only. A process is forked
for it, in which the engine is loaded with that change and its tests are run until one fails. What
nobody notices is printed: either a test is missing, or the change makes no difference. Why this is
no library is told in docs/decisions/0010-mutants-of-our-own.md.
"""

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import hypothesis
import hypothesis.stateful
import msgspec
import pytest
import sortedcontainers

import inbox_tui.wire.words

PACKAGE = "inbox_tui.assignment"
SOURCE = Path(inbox_tui.wire.words.__file__).parents[1] / "assignment"
TESTS = Path(__file__).parents[1] / "unit" / "assignment"
PATIENCE = 15
"""Seconds of computing after which a mutant counts as noticed: it goes on for ever."""
_LOADED = (hypothesis.stateful, msgspec, sortedcontainers)
"""What every test needs, loaded before the first fork."""

_QUICKLY = ("-x", "-q", "-c", os.devnull, f"--rootdir={TESTS}", "--assert=plain", "--noconftest")
"""Without plugins, settings and what only other tests need."""

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}
_CALLED = {"max": "min", "min": "max", "any": "all", "all": "any"}


class Mutant(NamedTuple):
    """One change: which node of a module's tree becomes what."""

    module: str
    line: int
    told: str
    node: int
    choice: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.told}"

    def tree(self) -> ast.Module:
        """Return the module with the change."""
        tree = ast.parse(_text(self.module))
        there = next(each for number, each in enumerate(ast.walk(tree)) if number == self.node)
        _, change = _changes(there)[self.choice]
        _become(tree, there, ast.Pass() if change is None else change)
        return tree


def _text(module: str) -> str:
    return (SOURCE / f"{module}.py").read_text()


def mutants_of(module: str) -> Iterator[Mutant]:
    """Yield every change of a module, in order."""
    tree = ast.parse(_text(module))
    kept_out = set(_kept_out(tree))
    for number, node in enumerate(ast.walk(tree)):
        if number in kept_out:
            continue
        for choice, (becomes, _) in enumerate(_changes(node)):
            told = f"{becomes}: {ast.unparse(node).splitlines()[0]}"
            yield Mutant(module, getattr(node, "lineno", 0), told, number, choice)


def _changes(node: ast.AST) -> list[tuple[str, ast.AST | None]]:
    """Return what a node may become, each with a word for it; None is nothing at all."""
    found: list[tuple[str, ast.AST | None]] = []
    match node:
        case ast.Compare(left, [operator], right) if type(operator) in _COMPARED:
            other = _COMPARED[type(operator)]()
            found.append((type(other).__name__, ast.Compare(left, [other], right)))
        case ast.BoolOp(operator, values):
            other_word = ast.Or() if isinstance(operator, ast.And) else ast.And()
            found.append((type(other_word).__name__, ast.BoolOp(other_word, values)))
        case ast.UnaryOp(ast.Not(), operand):
            found.append(("without not", operand))
        case ast.BinOp(left, operator, right) if type(operator) in _COUNTED:
            sign = _COUNTED[type(operator)]()
            found.append((type(sign).__name__, ast.BinOp(left, sign, right)))
        case ast.AugAssign(target, operator, value):
            found.append(("nothing", None))
            if type(operator) in _COUNTED:
                sign = _COUNTED[type(operator)]()
                found.append((type(sign).__name__, ast.AugAssign(target, sign, value)))
        case ast.Constant(bool() as value):
            found.append((str(not value), ast.Constant(not value)))
        case ast.Constant(int() as value):
            found.append((str(value + 1), ast.Constant(value + 1)))
        case ast.Call(ast.Name(name), arguments, keywords) if name in _CALLED:
            call = ast.Call(ast.Name(_CALLED[name], ast.Load()), arguments, keywords)
            found.append((_CALLED[name], call))
        case ast.IfExp(test, body, orelse):
            found.append(("the other", ast.IfExp(test, orelse, body)))
        case ast.If(test, body, orelse) if not isinstance(test, ast.Compare | ast.UnaryOp):
            found.append(("if not", ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)))
        case ast.Return(value) if value is not None and not _is_none(value):
            found.append(("return None", ast.Return(ast.Constant(None))))
        case ast.Expr(ast.Call()) | ast.Delete():
            found.append(("nothing", None))
        case ast.Assign([ast.Attribute() | ast.Subscript()], _):
            found.append(("nothing", None))
    return found


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _kept_out(tree: ast.Module) -> Iterator[int]:
    """Yield the nodes that are no behaviour: annotations, decorators, exceptions' texts."""
    out: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(annotation=annotation):
                out |= {id(each) for each in ast.walk(annotation)}
            case ast.FunctionDef(args=arguments, returns=returns, decorator_list=decorators):
                parts = [
                    each.annotation for each in ast.walk(arguments) if isinstance(each, ast.arg)
                ]
                for part in [*parts, returns, *decorators]:
                    out |= {id(each) for each in ast.walk(part)} if part else set()
            case ast.ClassDef(keywords=keywords, decorator_list=decorators):
                for each in [*keywords, *decorators]:
                    out |= {id(inner) for inner in ast.walk(each)}
            case ast.Raise() | ast.Assert():
                out |= {id(each) for each in ast.walk(node)}
            case ast.If(test=ast.Name("TYPE_CHECKING")):
                out |= {id(each) for each in ast.walk(node)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in out:
            yield number


def _become(tree: ast.Module, old: ast.AST, new: ast.AST) -> None:
    ast.copy_location(new, old)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and old in value:
                value[value.index(old)] = new
    ast.fix_missing_locations(tree)


class _Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module with its change."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != f"{PACKAGE}.{self._mutant.module}":
            return None
        return importlib.util.spec_from_loader(fullname, self)

    def exec_module(self, module: ModuleType) -> None:
        code = compile(self._mutant.tree(), f"<mutant of {module.__name__}>", "exec")
        exec(code, module.__dict__)


def is_noticed(mutant: Mutant | None, *, longer: bool = False) -> bool:
    """Run the tests of the engine on a mutant; say whether one failed.

    ``longer`` is for those that were not noticed: more generated histories, and nothing else.
    """
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        patience = PATIENCE * (4 if longer else 1)
        resource.setrlimit(resource.RLIMIT_CPU, (patience, patience))
        os.environ["INBOX_HISTORIES"] = "250" if longer else "40"
        # That a history fails is enough: nobody wants the shortest.
        hypothesis.settings.register_profile("mutants", phases=[hypothesis.Phase.generate])
        hypothesis.settings.load_profile("mutants")
        if mutant is not None:
            sys.meta_path.insert(0, _Loader(mutant))
        code = 1
        try:
            which = "test_histories.py" if longer else "test_*.py"
            tests = sorted(map(str, TESTS.glob(which)), key=_is_slow)
            code = int(pytest.main([*_QUICKLY, *tests]))
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return status != 0


def _is_slow(test: str) -> int:
    return 2 * ("histories" in test) + ("fairness" in test)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--minutes", type=float, help="stop after that long")
    parser.add_argument("--module", help="only of this module, such as pool")
    parser.add_argument("--seed", type=int, default=0, help="the order in which they are tried")
    asked = parser.parse_args()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    found: list[Mutant] = []
    for path in sorted(SOURCE.glob(f"{asked.module or '[!_]*'}.py")):
        found += mutants_of(path.stem)
    # In any order, so that as many as there was time for are a fair sample.
    random.Random(asked.seed).shuffle(found)
    if is_noticed(None):
        sys.stderr.write("the tests fail without any change\n")
        return 1
    until = time.monotonic() + 60 * (asked.minutes or 1e6)
    tried, survivors = 0, 0
    for mutant in found:
        if time.monotonic() > until:
            break
        tried += 1
        is_seen = is_noticed(mutant) or is_noticed(mutant, longer=True)
        if not is_seen:
            survivors += 1
            sys.stdout.write(f"{mutant}\n")
        if not is_seen or tried % 50 == 0:
            sys.stdout.write(f"  ({tried} of {len(found)} tried, {survivors} not noticed)\n")
            sys.stdout.flush()
    score = 100 * (tried - survivors) / max(tried, 1)
    sys.stdout.write(
        f"{tried} of {len(found)} mutants tried, {survivors} not noticed: {score:.1f} %\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
