"""A record of everything an engine was told and asked, from which it can all be done again (R13).

An engine is a machine without a clock: from the same calls come the same decisions. So the calls
are the record. :class:`RecordedEngine` notes them, :func:`again` makes them once more and says
where the decisions differ; :func:`encode` and :func:`decode` are the form they are kept in.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from inbox_tui.assignment.decisions import Assign, Decision, TakeBack
from inbox_tui.assignment.engine import Engine
from inbox_tui.assignment.facts import AgentFact, Hours, Policy, RuleFact, SessionFact, TeamFact
from inbox_tui.assignment.needs import NONE


class RulesTold(msgspec.Struct, frozen=True, tag=True):
    """The distribution rules were put."""

    rules: tuple[RuleFact, ...]


class HoursTold(msgspec.Struct, frozen=True, tag=True):
    """Business hours were put, each by name as plain JSON."""

    calendars: dict[str, Any]


class TeamGone(msgspec.Struct, frozen=True, tag=True):
    """A team was removed."""

    team_id: int


class Decided(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """The engine was asked, and this was its answer, candidates left out."""

    now: int
    decisions: tuple[Decision, ...] = ()
    limit: int | None = None


class Settled(msgspec.Struct, frozen=True, tag=True):
    """The proposal about this session was committed, or refused."""

    session_id: int
    committed: bool


class CaughtUp(msgspec.Struct, frozen=True, tag=True):
    """A session was explained between a change of the facts and the decision on it."""

    session_id: int


Call = (
    Policy
    | AgentFact
    | TeamFact
    | TeamGone
    | RulesTold
    | HoursTold
    | SessionFact
    | Decided
    | Settled
    | CaughtUp
)

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Call])
_WORTH_PACKING = 4_096


def encode(calls: Sequence[Call]) -> bytes:
    """Return calls as bytes, large ones packed."""
    plain = _encoder.encode(calls)
    return plain if len(plain) < _WORTH_PACKING else b"z" + zlib.compress(plain, 1)


def decode(body: bytes) -> list[Call]:
    """Return the calls of :func:`encode`. Raises ``ValueError`` for anything else."""
    try:
        return _decoder.decode(zlib.decompress(body[1:]) if body[:1] == b"z" else body)
    except (msgspec.MsgspecError, zlib.error) as error:
        raise ValueError(f"not a record of the engine: {error}") from None


class RecordedEngine(Engine):
    """An engine that notes every call in ``calls``, for the caller to take away.

    Business hours are put with the plain form in which they are kept.
    """

    def __init__(self, policy: Policy | None = None) -> None:
        super().__init__(policy)
        self.calls: list[Call] = [self._setup.policy]

    def taken(self) -> list[Call]:
        """Return the calls since the last time."""
        calls, self.calls = self.calls, []
        return calls

    def put_policy(self, policy: Policy) -> None:  # noqa: D102
        self.calls.append(policy)
        super().put_policy(policy)

    def put_agent(self, fact: AgentFact) -> None:  # noqa: D102
        self.calls.append(fact)
        super().put_agent(fact)

    def put_team(self, fact: TeamFact) -> None:  # noqa: D102
        self.calls.append(fact)
        super().put_team(fact)

    def remove_team(self, team_id: int) -> None:  # noqa: D102
        self.calls.append(TeamGone(team_id))
        super().remove_team(team_id)

    def put_rules(self, rules: Sequence[RuleFact]) -> None:  # noqa: D102
        self.calls.append(RulesTold(tuple(rules)))
        super().put_rules(rules)

    def put_calendars(self, hours: Mapping[str, Hours], calendars: dict[str, Any]) -> None:
        """Take over business hours, and note their plain form."""
        self.calls.append(HoursTold(calendars))
        super().put_hours(hours)

    def put_session(self, fact: SessionFact) -> None:  # noqa: D102
        self.calls.append(fact)
        super().put_session(fact)

    def decide(  # noqa: D102
        self, now: int, limit: int | None = None, *, explain: bool = False
    ) -> list[Decision]:
        decisions = super().decide(now, limit, explain=explain)
        self.calls.append(Decided(now, tuple(bare(each) for each in decisions), limit))
        return decisions

    def catch_up(self, session_id: int) -> None:  # noqa: D102
        self.calls.append(CaughtUp(session_id))
        super().catch_up(session_id)

    def committed(self, decision: Assign | TakeBack) -> None:  # noqa: D102
        self.calls.append(Settled(decision.session_id, True))
        super().committed(decision)

    def refused(self, decision: Assign | TakeBack) -> None:  # noqa: D102
        self.calls.append(Settled(decision.session_id, False))
        super().refused(decision)


def bare(decision: Decision) -> Decision:
    """Return a decision without what only explains it."""
    if isinstance(decision, Assign) and decision.candidates_total:
        return replace(decision, candidates=(), candidates_total=0, rule="", needs=NONE, steps=())
    return decision


class Repeated(NamedTuple):
    """One decision call made again: when, what was recorded, what came out this time."""

    now: int
    recorded: tuple[Decision, ...]
    decided: tuple[Decision, ...]

    def difference(self) -> tuple[Decision | None, Decision | None] | None:
        """Return the first pair that differs, recorded before decided; None when all agree."""
        longer = max(len(self.recorded), len(self.decided))
        for place in range(longer):
            recorded = self.recorded[place] if place < len(self.recorded) else None
            decided = self.decided[place] if place < len(self.decided) else None
            if recorded != decided:
                return recorded, decided
        return None


HoursOf = Callable[[dict[str, Any]], Mapping[str, Hours]]
"""Makes business hours of their plain form."""


def explained(
    calls: Iterable[Call], engine: Engine, hours: HoursOf, session_id: int, at: int
) -> Assign | None:
    """Return the assignment of a session at a time with all that explains it, made again (R13).

    None when the calls hold no such assignment.
    """
    for turn in again(calls, engine, hours, explain_at=at):
        for decision in turn.decided if turn.now == at else ():
            if isinstance(decision, Assign) and decision.session_id == session_id:
                return decision
    return None


def again(
    calls: Iterable[Call], engine: Engine, hours: HoursOf, *, explain_at: int | None = None
) -> Iterator[Repeated]:
    """Make the calls of one run again on a new engine; yield each decision call.

    Decisions of the time ``explain_at`` come with what explains them.
    """
    waiting: dict[int, Assign | TakeBack] = {}
    for call in calls:
        match call:
            case Policy():
                engine.put_policy(call)
            case AgentFact():
                engine.put_agent(call)
            case TeamFact():
                engine.put_team(call)
            case TeamGone():
                engine.remove_team(call.team_id)
            case RulesTold():
                engine.put_rules(call.rules)
            case HoursTold():
                engine.put_hours(hours(call.calendars))
            case SessionFact():
                engine.put_session(call)
            case CaughtUp():
                engine.catch_up(call.session_id)
            case Settled():
                decision = waiting.pop(call.session_id, None)
                if decision is not None:
                    (engine.committed if call.committed else engine.refused)(decision)
            case Decided():
                explain = call.now == explain_at
                decided = tuple(engine.decide(call.now, call.limit, explain=explain))
                waiting.update(
                    (each.session_id, each)
                    for each in decided
                    if isinstance(each, Assign | TakeBack)
                )
                yield Repeated(call.now, call.decisions, decided)
