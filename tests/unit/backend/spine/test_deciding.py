"""Decisions of the engine, committed by compare-and-set: everything they rest on is asked again."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from tests.unit.backend.spine.conftest import kept, recount, replayed, rows

from inbox_tui.assignment import Assign, Cause, Step, TakeBack, Turn, Wait, WaitReason
from inbox_tui.backend.assigner import commit
from inbox_tui.backend.people import presence, service
from inbox_tui.backend.people.accounts import deactivate
from inbox_tui.backend.sessions.service import To, take_back
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.store import tables
from inbox_tui.wire.requests import PutAccepting
from inbox_tui.wire.words import Happening, Method, Priority, UnassignedReason

SESSIONS = tables.table(tables.Session)
MEMBERS = tables.table(tables.TeamMember)
TURNS = tables.table(tables.RuleTurn)

RULES = """
[[rules]]
name = "two"
when = { keyword = ["refund"] }
agents = ["amy", "cy"]
method = "round_robin"
"""


class Bench:
    """A desk with amy on duty, and decisions about one session."""

    def __init__(self, desk: Any, session_id: int) -> None:
        self.desk = desk
        self.session_id = session_id

    async def decision(self, agent: str = "amy", **more: Any) -> Assign:
        row = await self.desk.row(self.session_id)
        given = {
            "team_id": self.desk.team("sales"),
            "step": Step.CHANNEL_TEAM,
            "method": Method.ROUND_ROBIN,
            "turn": Turn(0, 1),
            "queue": f"team:{self.desk.team('sales')}",
            **more,
        }
        agent_id = self.desk.agent(agent)
        return Assign(self.session_id, row.version, agent_id, at=self.desk.clock.now(), **given)

    async def assign(self, agent: str = "amy", **more: Any) -> bool:
        decision = await self.decision(agent, **more)
        done: bool = await self.desk.write(commit.assign, decision)
        return done

    async def turns(self) -> dict[int, float]:
        found = await self.desk.database.read(
            lambda connection: list(connection.execute(sa.select(MEMBERS)))
        )
        return {row.agent_id: row.turn for row in found if row.turn}


@pytest.fixture
async def bench(desk: Any) -> Bench:
    for name in ("amy", "bo", "cy"):
        await desk.opens(name)
        on = PutAccepting(accepting=True)
        await desk.write(service.set_accepting, desk.agent(name), on, desk.agent(name))
    return Bench(desk, await desk.says("nok"))


async def test_r14_an_assignment_moves_the_turn_with_it(bench: Bench) -> None:
    assert await bench.assign()
    row = await bench.desk.row(bench.session_id)
    assert (row.assignee_id, row.queue, row.unassigned_reason) == (1, None, None)
    assert await bench.turns() == {1: 1.0}


async def test_a_message_that_came_meanwhile_refuses_nothing(bench: Bench) -> None:
    decision = await bench.decision()
    await bench.desk.says("nok", "are you there?")
    assert await bench.desk.write(commit.assign, decision)


async def close(bench: Bench) -> None:
    await bench.desk.ends("bo", bench.session_id)


async def claim(bench: Bench) -> None:
    await bench.desk.claims("bo", bench.session_id)


async def designate(bench: Bench) -> None:
    await bench.desk.hands("bo", bench.session_id, To(team_id=bench.desk.team("care")))


async def switch_off(bench: Bench) -> None:
    await bench.desk.write(service.set_accepting, 1, PutAccepting(accepting=False), 1)


async def leave(bench: Bench) -> None:
    await bench.desk.write(presence.closed, 1, "amy")


async def drop(bench: Bench) -> None:
    await bench.desk.write(presence.dropped, 1, "amy")


async def leave_the_team(bench: Bench) -> None:
    await bench.desk.write(apply_file, '[[teams]]\nslug = "sales"\nmembers = ["bo"]\n', {})


async def fill(bench: Bench) -> None:
    for customer in ("a", "b"):  # the team's limit is 2, amy's 3
        await bench.desk.claims("amy", await bench.desk.says(customer))


async def lapse(bench: Bench) -> None:
    await bench.desk.write(
        lambda work: work.update(tables.Session, bench.session_id, {"lapsed": [1]})
    )


async def decline(bench: Bench) -> None:
    told = {"unassigned_reason": UnassignedReason.DECLINED}
    await bench.desk.write(lambda work: work.update(tables.Session, bench.session_id, told))


async def become_inactive(bench: Bench) -> None:
    await bench.desk.write(apply_file, '[[agents]]\nnickname = "dan"\nrole = "owner"\n', {})

    def end(work: Any) -> None:
        deactivate(work, bench.desk.names.agents[1], by=4)

    await bench.desk.write(end)


@pytest.mark.parametrize(
    "meanwhile",
    [
        close,
        claim,
        designate,
        switch_off,
        leave,
        drop,
        leave_the_team,
        fill,
        lapse,
        decline,
        become_inactive,
    ],
)
async def test_r11_what_changed_meanwhile_refuses_it(
    bench: Bench, meanwhile: Callable[[Bench], Any]
) -> None:
    decision = await bench.decision()
    await meanwhile(bench)
    before = await bench.desk.row(bench.session_id)
    assert not await bench.desk.write(commit.assign, decision)
    assert await bench.desk.row(bench.session_id) == before
    assert await bench.turns() == {}


async def test_r3_where_absent_agents_count_presence_is_not_asked_but_the_switch_is(
    bench: Bench,
) -> None:
    await leave(bench)
    assert not await bench.assign()
    assert await bench.assign(online_only=False)
    bench.session_id = await bench.desk.says("mia")
    await switch_off(bench)
    assert not await bench.assign(online_only=False)


@pytest.mark.parametrize(
    ("step", "column"),
    [
        (Step.BINDING, "bound_agent_id"),
        (Step.DEDICATED_AGENT, "dedicated_agent_id"),
        (Step.PREVIOUS_AGENT, "previous_agent_id"),
    ],
)
async def test_r1_an_agent_of_its_own_needs_no_team_but_has_to_be_still(
    bench: Bench, step: Step, column: str
) -> None:
    own = {"step": step, "method": None, "turn": None}
    assert not await bench.assign("cy", **own)
    row = await bench.desk.row(bench.session_id)
    own_agent = {column: bench.desk.agent("cy")}
    if step is Step.PREVIOUS_AGENT:
        await bench.desk.write(lambda work: work.update(tables.Session, row.id, own_agent))
    else:
        await bench.desk.write(lambda work: work.update(tables.Contact, row.contact_id, own_agent))
    assert await bench.assign("cy", **own)
    # It counts for the team its queue would have given, and moves no turn of it (R14).
    assert (await bench.desk.row(bench.session_id)).team_id == bench.desk.team("sales")
    assert await bench.turns() == {}


async def test_r14_a_rules_own_rotation_moves_and_the_teams_does_not(bench: Bench) -> None:
    await bench.desk.write(apply_file, RULES, {})
    by_rule = {"team_id": None, "step": Step.RULE, "queue": "rule:1", "rule_id": 1}
    assert not await bench.assign("bo", **by_rule)  # the rule does not name bo
    assert await bench.assign("cy", **by_rule, priority=Priority.HIGH)
    row = await bench.desk.row(bench.session_id)
    assert (row.rule_id, row.team_id, row.priority) == (1, None, "high")
    bench.session_id = await bench.desk.says("mia")
    await bench.desk.ends("cy", row.id)
    assert await bench.assign("cy", **by_rule, turn=Turn(5, 1))
    turns = await bench.desk.database.read(lambda c: list(c.execute(sa.select(TURNS))))
    assert [tuple(each) for each in turns] == [(1, bench.desk.agent("cy"), 6.0)]
    assert await bench.turns() == {}


async def test_r2_a_rule_that_was_switched_off_meanwhile_refuses_it(bench: Bench) -> None:
    await bench.desk.write(apply_file, RULES, {})
    await bench.desk.write(apply_file, RULES + "enabled = false\n", {})
    by_rule = {"team_id": None, "step": Step.RULE, "queue": "rule:1", "rule_id": 1}
    assert not await bench.assign("cy", **by_rule)


async def test_r7_waiting_shows_where_and_why_and_the_counts_follow(bench: Bench) -> None:
    desk, row = bench.desk, await bench.desk.row(bench.session_id)
    care = desk.team("care")
    waits = Wait(
        row.id,
        row.version,
        care,
        Step.RULE,
        UnassignedReason.WAITING_FOR_AGENT,
        "agent:3",
        7,
        Priority.HIGH,
        desk.clock.now() + 1000,
    )
    await desk.write(commit.show_reason, waits)
    shown = await desk.row(bench.session_id)
    assert (shown.team_id, shown.rule_id, shown.queue, shown.priority) == (
        care,
        7,
        "agent:3",
        "high",
    )
    assert (shown.unassigned_reason, shown.wait_until) == (
        "waiting_for_agent",
        desk.clock.now() + 1000,
    )
    assert await desk.database.read(kept) == await desk.database.read(recount)
    assert await desk.database.read(replayed) == await desk.database.read(rows)
    events = len(await desk.events())
    await desk.write(commit.show_reason, waits)
    assert len(await desk.events()) == events


async def test_r7_a_priority_of_somebodys_choice_stands(bench: Bench) -> None:
    chosen = {"priority": "low", "priority_chosen": True}
    await bench.desk.write(lambda work: work.update(tables.Session, bench.session_id, chosen))
    assert await bench.assign(priority=Priority.URGENT)
    assert (await bench.desk.row(bench.session_id)).priority == "low"


async def test_r7_one_statement_tells_all_that_stand_in_a_line(bench: Bench) -> None:
    desk = bench.desk
    others = [await desk.says(name) for name in ("a", "b", "c")]
    served, declined, elsewhere = others
    lines = {
        bench.session_id: "team:1",
        served: "team:1",
        declined: "team:1",
        elsewhere: "team:1!2",
    }

    def stand(work: Any) -> None:
        for session_id, line in lines.items():
            work.update(tables.Session, session_id, {"queue": line})
        work.update(tables.Session, declined, {"unassigned_reason": UnassignedReason.DECLINED})

    await desk.claims("amy", served)
    await desk.write(stand)
    await desk.write(commit.show_reasons, WaitReason("team:1", UnassignedReason.ALL_FULL))
    reasons = [(await desk.row(each)).unassigned_reason for each in lines]
    assert reasons == ["all_full", None, "declined", None]
    (event,) = await desk.events("queue.changed")
    assert event.data == {"queue": "team:1", "team": "sales", "unassigned_reason": "all_full"}


async def taken_back(bench: Bench, cause: Cause) -> bool:
    row = await bench.desk.row(bench.session_id)
    decision = TakeBack(row.id, row.version, row.assignee_id or 1, cause, bench.desk.clock.now())
    done: bool = await bench.desk.write(commit.take_back, decision)
    return done


async def test_r10_what_lapsed_goes_back_without_its_agent(bench: Bench) -> None:
    await bench.assign()
    assert await taken_back(bench, Cause.LAPSED)
    row = await bench.desk.row(bench.session_id)
    assert (row.assignee_id, row.lapsed, row.owner_waited) == (None, [1], True)
    assert (row.team_chosen, row.queue, row.unassigned_reason) == (False, None, None)
    happened = (await bench.desk.entries(bench.session_id))[-1]
    assert happened.happening == Happening.UNASSIGNED
    assert happened.data == {"team": "sales", "from": "amy", "reason": "lapsed"}
    assert await bench.desk.database.read(kept) == await bench.desk.database.read(recount)


async def test_r12_who_left_may_get_it_again_but_is_not_waited_for(bench: Bench) -> None:
    await bench.assign()
    assert not await taken_back(bench, Cause.LEFT)  # still there
    await leave(bench)
    assert await taken_back(bench, Cause.LEFT)
    row = await bench.desk.row(bench.session_id)
    assert (row.assignee_id, row.lapsed, row.owner_waited) == (None, [], True)


@pytest.mark.parametrize("meanwhile", ["replied", "given", "ended", "unassigned"])
async def test_r10_what_changed_meanwhile_stays_where_it_is(bench: Bench, meanwhile: str) -> None:
    desk = bench.desk
    await bench.assign()
    row = await desk.row(bench.session_id)
    decision = TakeBack(row.id, row.version, 1, Cause.LAPSED, desk.clock.now())
    match meanwhile:
        case "replied":
            await desk.replies("amy", row.id)
        case "given":
            await desk.hands("amy", row.id, desk.to(agent="bo"))
        case "ended":
            await desk.ends("amy", row.id)
        case "unassigned":
            await desk.hands("amy", row.id, desk.to(team="care"))
    before = await desk.row(bench.session_id)
    assert not await desk.write(commit.take_back, decision)
    assert await desk.row(bench.session_id) == before


async def test_v2_what_a_supervisor_took_back_does_not_come_to_the_same_agent(bench: Bench) -> None:
    await bench.assign()
    await bench.desk.write(take_back, bench.session_id, bench.desk.names.agents[1])
    assert not await bench.assign()
    assert await bench.assign("bo")
