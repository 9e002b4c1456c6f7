"""The record of an engine's calls, and making them again (R13)."""

from typing import Any

import pytest
from msgspec.structs import replace
from tests.unit.assignment.shop import AMY, BO, SALES, Hours, Shop

from inbox_tui.assignment import Assign, Engine, RuleFact, When
from inbox_tui.assignment.journal import Decided, RecordedEngine, again, decode, encode, explained
from inbox_tui.wire.words import Presence


class RecordedShop(Shop):
    """A shop whose engine notes what it is told."""

    def __init__(self, *agents: int, **policy: Any) -> None:
        super().__init__(**policy)
        self.engine = RecordedEngine(self.policy)
        for agent_id in agents:
            self.agent(agent_id)


def hours_of(plain: dict[str, Any]) -> dict[str, Hours]:
    return {name: Hours(*changes) for name, changes in plain.items()}


def a_day() -> RecordedShop:
    """A day with everything an engine can be told."""
    shop = RecordedShop(AMY, BO, take_back=50)
    assert isinstance(shop.engine, RecordedEngine)
    shop.engine.put_calendars({"shop": Hours(0)}, {"shop": [0]})
    shop.team(SALES, AMY, BO)
    shop.rules(RuleFact(1, "open", When(business_hours=("shop",)), team_id=SALES))
    shop.comes(1)
    assert shop.deal() == [(1, AMY)]
    shop.comes(2)
    (lost,) = shop.proposals()
    shop.leaves(BO, Presence.GRACE)
    shop.engine.refused(lost)
    assert shop.deal() == [(2, AMY)]
    shop.set(max_open=2)
    shop.comes(3)
    shop.explain(3)
    shop.rules()
    shop.explain(3)
    shop.decide()
    (back, _) = shop.taken_back(after=100)
    shop.take(back)
    shop.engine.remove_team(SALES)
    shop.agent(BO)
    assert shop.deal() == [(1, BO), (3, BO)]
    return shop


def test_r13_every_decision_comes_out_again() -> None:
    engine = a_day().engine
    assert isinstance(engine, RecordedEngine)
    calls = decode(encode(engine.calls))
    assert calls == engine.calls
    turns = list(again(calls, Engine(), hours_of))
    assert sum(len(turn.decided) for turn in turns) == 8
    assert [turn.difference() for turn in turns] == [None] * len(turns)


def test_r13_the_first_difference_is_named() -> None:
    engine = a_day().engine
    assert isinstance(engine, RecordedEngine)
    calls = list(engine.calls)
    place, first = next(
        (number, call)
        for number, call in enumerate(calls)
        if isinstance(call, Decided) and call.decisions
    )
    (given, *_) = first.decisions
    assert isinstance(given, Assign)
    other = replace(given, agent_id=BO)
    calls[place] = replace(first, decisions=(other,))
    turn = next(turn for turn in again(calls, Engine(), hours_of) if turn.difference())
    assert (turn.now, turn.difference()) == (first.now, (other, given))


def test_r13_what_is_missing_is_a_difference_too() -> None:
    engine = a_day().engine
    assert isinstance(engine, RecordedEngine)
    calls = [
        replace(call, decisions=()) if isinstance(call, Decided) else call for call in engine.calls
    ]
    turn = next(turn for turn in again(calls, Engine(), hours_of) if turn.difference())
    difference = turn.difference()
    assert difference is not None
    assert difference[0] is None


def test_r13_calls_are_taken_once_and_candidates_left_out() -> None:
    shop = RecordedShop(AMY, BO)
    assert isinstance(shop.engine, RecordedEngine)
    shop.comes(1)
    shop.engine.taken()
    (decision,) = shop.engine.decide(shop.now, explain=True)
    assert isinstance(decision, Assign)
    assert decision.candidates
    (noted,) = shop.engine.taken()
    assert isinstance(noted, Decided)
    assert noted.decisions == (
        replace(decision, candidates=(), candidates_total=0, rule="", steps=()),
    )
    assert shop.engine.taken() == []


def test_a_large_record_is_packed_and_a_broken_one_refused() -> None:
    shop = RecordedShop(*range(1, 200))
    assert isinstance(shop.engine, RecordedEngine)
    packed = encode(shop.engine.calls)
    assert packed[:1] == b"z"
    assert decode(packed) == shop.engine.calls
    for broken in (b"no record", b"z no record", b""):
        with pytest.raises(ValueError, match="not a record"):
            decode(broken)


def test_r13_an_earlier_decision_is_made_again_with_what_explains_it() -> None:
    engine = a_day().engine
    assert isinstance(engine, RecordedEngine)
    given = [
        (call.now, decision)
        for call in engine.calls
        if isinstance(call, Decided)
        for decision in call.decisions
        if isinstance(decision, Assign)
    ]
    at, decision = given[0]
    told = explained(engine.calls, Engine(), hours_of, decision.session_id, at)
    assert told is not None
    assert (told.agent_id, told.rule) == (decision.agent_id, "open")
    assert [seen.agent_id for seen in told.candidates] == [AMY, BO]
    later, again_given = given[-1]
    told = explained(engine.calls, Engine(), hours_of, again_given.session_id, later)
    assert told is not None
    assert told.at == later
    assert explained(engine.calls, Engine(), hours_of, decision.session_id, at + 1) is None
    assert explained(engine.calls, Engine(), hours_of, 99, at) is None
