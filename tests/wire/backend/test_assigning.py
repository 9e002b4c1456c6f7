"""Assignment on the running backend: storms, races, refusals, settling, one account, restarts."""

import asyncio
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from tests.wire.backend.conftest import House, message

from inbox_tui.backend.assigner import commit
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.store import tables

ONE_ACCOUNT = """
[[agents]]
nickname = "amy"
[[channels]]
slug = "line"
kind = "line"
[channels.credentials]
channel_secret = "b5f1c3d2e4a697788990aabbccddeeff"
access_token = "t"
"""


async def turns(house: House) -> list[Any]:
    """Everything that a rotation is kept in."""
    members = await house.rows(sa.select(tables.table(tables.TeamMember)))
    agents = tables.table(tables.Agent)
    return [*members, *await house.rows(sa.select(agents.c.id, agents.c.last_assigned_at))]


async def reasons(house: House) -> list[str | None]:
    return [row.unassigned_reason for row in await house.sessions()]


async def test_a_storm_never_takes_anybody_over_the_limit(house: House) -> None:
    await house.at_work("amy", "bo", "cy")
    answers = await asyncio.gather(
        *(house.webhook(message(f"U{number}"), message(f"V{number}")) for number in range(40))
    )
    assert {answer.status_code for answer in answers} == {200}
    await house.settled()
    loads: Counter[int] = Counter()
    for event in await house.events("session.assigned"):
        loads[event.data["assignee_id"]] += 1
        assert loads[event.data["assignee_id"]] <= 5
    assert Counter(await house.owners()) == {"amy": 5, "bo": 5, None: 70}
    assert set(await reasons(house)) == {None, "all_full"}


async def test_a_slot_that_is_freed_is_filled_at_once_longest_wait_first(house: House) -> None:
    for number in range(12):
        await house.says(message(f"U{number}"))
        house.clock.move(1)
    await house.at_work("amy", "bo")
    sessions = await house.sessions()
    assert [row.assignee_id is not None for row in sessions] == [True] * 10 + [False] * 2
    mine = next(row.id for row in sessions if row.assignee_id == sessions[0].assignee_id)
    who = house.backend.directory.nickname(sessions[0].assignee_id)
    assert who is not None
    await house.ok(who, "POST", f"/api/sessions/{mine}/end", {"reason": "spam"})
    await house.settled()
    sessions = await house.sessions()
    assert sessions[10].assignee_id == sessions[0].assignee_id
    assert sessions[11].assignee_id is None


async def test_a_limit_that_rises_lets_more_in(unopened: House) -> None:
    house = await unopened.start(unopened.file(max_open=1))
    await house.at_work("amy", "bo")
    for number in range(5):
        await house.says(message(f"U{number}"))
    assert Counter(await house.owners()) == {"amy": 1, "bo": 1, None: 3}
    await house.database.write(apply_file, "[workspace]\nmax_open = 2\n", {})
    await house.settled()
    assert Counter(await house.owners()) == {"amy": 2, "bo": 2, None: 1}


async def test_a_new_member_is_given_what_waits(house: House) -> None:
    await house.at_work("cy")
    await house.says(message("U1"))
    assert await reasons(house) == ["nobody_on_duty"]
    text = '[[teams]]\nslug = "sales"\nmembers = ["amy", "bo", "cy"]\n'
    await house.database.write(apply_file, text, {})
    await house.settled()
    assert await house.owners() == ["cy"]


async def test_people_who_claim_while_the_engine_assigns_never_share_a_session(
    house: House,
) -> None:
    await house.at_work("amy", "bo")

    async def claim_all() -> None:
        for session_id in range(1, 21):
            await house.call("cy", "POST", f"/api/sessions/{session_id}/claim")

    await asyncio.gather(
        claim_all(), *(house.webhook(message(f"U{number}")) for number in range(20))
    )
    await house.settled()
    moves = await house.events("session.assigned")
    assert len({event.session_id for event in moves}) == len(moves)
    assert all(event.data["place_was"]["assignee_id"] is None for event in moves)
    loads = Counter(await house.owners())
    assert loads["amy"] <= 5
    assert loads["bo"] <= 5
    assert loads[None] == 0 or (loads["amy"], loads["bo"]) == (5, 5)


async def test_why_everybody_waits_is_shown_and_kept_true(house: House) -> None:
    await house.says(message("U1"))
    assert await reasons(house) == ["nobody_on_duty"]
    await house.live("amy", "presence=1&window=amy")
    await house.settled()
    assert await reasons(house) == ["switched_off"]
    told = await house.ok("amy", "GET", "/api/sessions/1/explanation")
    assert told["reason"] == "switched_off"
    assert told["queue_position"] == 1
    verdicts = {each["agent"]: each["verdict"] for each in told["candidates"]}
    assert verdicts == {"amy": "switched_off", "bo": "absent"}
    await house.ok("amy", "PUT", "/api/me/accepting", {"accepting": True})
    await house.settled()
    assert await reasons(house) == [None]
    told = await house.ok("amy", "GET", "/api/sessions/1/explanation")
    assert (told["assignee"], told["step"], told["method"]) == (
        "amy",
        "channel_team",
        "round_robin",
    )
    assert "amy" in told["summary"]


async def test_a_refused_choice_leaves_no_trace_and_another_follows(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.at_work("amy", "bo")
    before = await turns(house)
    refusals: list[tuple[int, Any]] = []
    assign = commit.assign

    def refuse_twice(work: Any, decision: Any) -> bool:
        if len(refusals) < 2:
            refusals.append((decision.agent_id, decision.turn))
            return False
        assert [row.turn for row in work.execute(sa.select(tables.table(tables.TeamMember)))] == [
            row.turn for row in before if hasattr(row, "turn")
        ]
        return assign(work, decision)

    monkeypatch.setattr(commit, "assign", refuse_twice)
    await house.says(message("U1"))
    assert refusals[0] == refusals[1], "the same choice again: nothing had moved"
    assert await house.owners() == [house.backend.directory.nickname(refusals[0][0])]
    assert len(await house.events("session.assigned")) == 1


async def test_a_rotation_goes_on_after_a_restart(house: House) -> None:
    for number in range(6):
        await house.at_work("amy", "bo")
        await house.says(message(f"U{number}"))
        if number % 2 == 0:
            await house.restart(crash=number % 4 == 0)
    owners = await house.owners()
    assert Counter(owners) == {"amy": 3, "bo": 3}
    assert owners[0] != owners[1]
    assert owners == owners[:2] * 3


async def test_claims_and_transfers_do_not_move_the_rotation(house: House) -> None:
    await house.says(message("U1"), message("U2"))
    before = await turns(house)
    await house.ok("amy", "POST", "/api/sessions/1/claim")
    await house.ok("amy", "POST", "/api/sessions/1/transfer", {"agent": "bo"})
    await house.ok("amy", "POST", "/api/sessions/2/assign", {"agent": "bo"})
    assert await turns(house) == before


async def test_who_come_to_a_backlog_together_share_it_in_turn(unopened: House) -> None:
    house = await unopened.start(unopened.file(settle="2s"))
    for number in range(4):
        await house.says(message(f"U{number}"))
        house.clock.move(1)
    for who in ("amy", "bo"):
        await house.ok(who, "PUT", "/api/me/accepting", {"accepting": True})
    await house.live("amy", "presence=1&window=amy")
    house.moved(1)
    await house.live("bo", "presence=1&window=bo")
    assert await house.owners() == [None] * 4, "the first waits for the second"
    house.moved(2)

    async def shared() -> bool:
        return None not in await house.owners()

    await house.until(shared)
    owners = await house.owners()
    assert Counter(owners) == {"amy": 2, "bo": 2}
    assert owners[0] != owners[1]


async def test_the_only_account_gets_everything_and_has_no_switch(unopened: House) -> None:
    """P1: neither switch nor presence nor limit apply."""
    house = await unopened.start("[workspace]\nmax_open = 1\n" + ONE_ACCOUNT)
    await house.says(*(message(f"U{number}") for number in range(4)))
    assert await house.owners() == ["amy"] * 4
    me = await house.ok("amy", "GET", "/api/me")
    assert me["switch_shown"] is False
    answer = await house.call("amy", "PUT", "/api/me/accepting", {"accepting": False})
    assert (answer.status_code, answer.json()["type"]) == (409, "not-possible-now")
    told = await house.ok("amy", "GET", "/api/sessions/1/explanation")
    assert told["step"] == "only_account"


async def test_a_second_account_moves_nothing_and_begins_switched_off(unopened: House) -> None:
    house = await unopened.start(ONE_ACCOUNT)
    await house.says(message("U1"))
    before = await house.events("session.assigned")
    await house.database.write(apply_file, '[[agents]]\nnickname = "bo"\n', {})
    await house.settled()
    assert await house.owners() == ["amy"]
    assert await house.events("session.assigned") == before
    agents = (await house.ok("amy", "GET", "/api/agents"))["items"]
    assert {agent["nickname"]: agent["accepting"] for agent in agents} == {
        "amy": False,
        "bo": False,
    }
    assert (await house.ok("amy", "GET", "/api/me"))["switch_shown"] is True
    await house.says(message("U2"))
    assert await house.owners() == ["amy", None]


async def test_p1_r10_what_the_only_account_left_lapses_after_a_second_has_come(
    unopened: House,
) -> None:
    """Long unanswered, and still not taken at once: the time counts from the second account on."""
    house = await unopened.start(
        '[workspace]\ntake_back = "10m"\noff_duty = "keep"\n' + ONE_ACCOUNT
    )
    await house.says(message("U1"))
    house.clock.move(3_600)
    await house.database.write(apply_file, '[[agents]]\nnickname = "bo"\n', {})
    await house.settled()
    assert await house.owners() == ["amy"]
    for seconds, owner in ((599, "amy"), (1, None)):
        house.clock.move(seconds)
        house.backend.assigner.hear([])
        await house.settled()
        assert await house.owners() == [owner]


async def test_in_grace_one_keeps_what_one_has_and_gets_nothing_new(house: House) -> None:
    live = await house.live("amy", "presence=1&window=amy")
    await house.ok("amy", "PUT", "/api/me/accepting", {"accepting": True})
    await house.says(message("U1"))
    await live.close()
    await house.backend.windows.settle()
    await house.says(message("U2"))
    assert await house.owners() == ["amy", None]
    await house.live("amy", "presence=1&window=amy")
    await house.settled()
    assert await house.owners() == ["amy", "amy"]
