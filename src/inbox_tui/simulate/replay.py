"""Replay: the recorded facts told again, and every decision held against the recorded one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from inbox_tui.assignment import Decision, Engine, Hours
from inbox_tui.assignment.journal import Call, again


@dataclass(frozen=True, slots=True)
class Difference:
    """The first decision that did not come out again; None where one side has no more."""

    run: int
    at: int
    recorded: Decision | None
    decided: Decision | None


@dataclass(slots=True)
class Replayed:
    """What was replayed: runs and decisions of each kind, the time they span, the difference.

    ``first`` and ``last`` are UTC milliseconds, None when there was nothing.
    """

    runs: int = 0
    turns: int = 0
    decisions: dict[str, int] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    difference: Difference | None = None


def replay(
    runs: Iterable[tuple[int, Iterable[Call]]],
    hours: Callable[[dict[str, Any]], Mapping[str, Hours]],
    about: int | None = None,
) -> Iterator[tuple[int, Decision] | Replayed]:
    """Replay runs until the first difference; yield last what came of it.

    ``hours`` makes business hours of their plain form. With ``about``, each decision about that
    session is yielded with its time on the way.
    """
    told = Replayed()
    for run, calls in runs:
        told.runs += 1
        for turn in again(calls, Engine(), hours):
            told.turns += 1
            told.first = turn.now if told.first is None else min(told.first, turn.now)
            told.last = turn.now if told.last is None else max(told.last, turn.now)
            difference = turn.difference()
            if difference is not None:
                told.difference = Difference(run, turn.now, *difference)
                yield told
                return
            for decision in turn.decided:
                kind = type(decision).__name__
                told.decisions[kind] = told.decisions.get(kind, 0) + 1
                if about is not None and getattr(decision, "session_id", None) == about:
                    yield turn.now, decision
    yield told
