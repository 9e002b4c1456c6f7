"""A ``dataclass`` that is made without generating code, for all that is loaded before a frame.

The standard decorator writes and compiles up to six functions for each class, before Python 3.13
one by one: for the models of the wire alone that was a tenth of the time until the first frame.
What is made here is a dataclass in every other respect (``fields``, ``replace``, ``asdict``,
``match``, decoding, FastAPI). Type checkers see the standard decorator. What FastAPI checks and
writes one with is made when a request first needs it, not for all routes when a server starts.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        bare: type[Any] | None = None,
        /,
        *,
        frozen: bool = False,
        slots: bool = False,
        kw_only: bool = False,
        eq: bool = True,
    ) -> Any:  # noqa: ANN401 - a class, or what makes one
        """Make a dataclass; what each flag means is told by the standard library."""

        def make(bare: type[Any]) -> type[Any]:
            made = dataclasses.dataclass(
                init=False, repr=False, eq=False, slots=slots, kw_only=kw_only
            )(bare)
            _give_methods(made)
            if eq:
                _give_equality(made, frozen=frozen)
            if frozen:
                made.__setattr__ = _refuse
                made.__delattr__ = _refuse
                made.__setstate__ = _restore
            return made

        return make if bare is None else make(bare)


_put = object.__setattr__


def _give_methods(made: Any) -> None:  # noqa: ANN401 - a class
    fields = dataclasses.fields(made)
    names = tuple(each.name for each in fields)
    expected = frozenset(names)
    by_position = tuple(each.name for each in fields if not each.kw_only)
    defaults = {each.name: each.default for each in fields if each.default is not MISSING}
    makers = {
        each.name: each.default_factory for each in fields if each.default_factory is not MISSING
    }
    has_more = hasattr(made, "__post_init__")

    def init(self: Any, /, *args: object, **told: object) -> None:  # noqa: ANN401 - any record
        given = {**defaults, **told}
        if args:
            _add(given, args, by_position, told)
        for name, make in makers.items():
            if name not in given:
                given[name] = make()
        if given.keys() != expected:
            wrong = sorted(given.keys() ^ expected)
            raise TypeError(f"{made.__name__}: missing or unknown: {', '.join(wrong)}")
        for name, value in given.items():
            _put(self, name, value)
        if has_more:
            self.__post_init__()

    def shown(self: object) -> str:
        told = ", ".join(
            f"{each.name}={getattr(self, each.name)!r}" for each in fields if each.repr
        )
        return f"{type(self).__qualname__}({told})"

    made.__init__ = init
    made.__repr__ = shown
    made.__pydantic_config__ = {"defer_build": True, **getattr(made, "__pydantic_config__", {})}


def _give_equality(made: Any, *, frozen: bool) -> None:  # noqa: ANN401 - a class
    names = [each.name for each in dataclasses.fields(made)]
    values: Callable[[Any], object] = attrgetter(*names) if names else lambda _: ()

    def equal(self: object, other: object) -> Any:  # noqa: ANN401 - NotImplemented
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    def hashed(self: object) -> int:
        return hash(values(self))

    made.__eq__ = equal
    made.__hash__ = hashed if frozen else None


def _add(
    given: dict[str, object],
    args: tuple[object, ...],
    by_position: tuple[str, ...],
    told: dict[str, object],
) -> None:
    """Put positional arguments in. Raises TypeError for too many, or one given twice."""
    if len(args) > len(by_position):
        raise TypeError(f"{len(args)} positional arguments where {len(by_position)} can be")
    for name, value in zip(by_position, args, strict=False):
        if name in told:
            raise TypeError(f"{name} is given twice")
        given[name] = value


def _refuse(self: object, name: str, *_value: object) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r} of {type(self).__name__}")


def _restore(self: object, state: tuple[object, dict[str, object]]) -> None:
    """Take in what ``copy`` and ``pickle`` kept of another one."""
    for name, value in state[1].items():
        _put(self, name, value)
