"""The order of decision on the running backend: whose session it is, and where else it goes.

The rules of the engine itself are tried in tests/unit/assignment; here it is that tables, facts,
commits and events carry them (R1, R2, R4, R6, R7, R10, R12).
"""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from tests.wire.backend.conftest import WITHIN, House, message

from inbox_tui.backend.bindings import service as bindings
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.store import tables

THAI = "สวัสดีค่ะ อยากถามเรื่องสินค้า"
TURNS = tables.table(tables.RuleTurn)
AGENTS = tables.table(tables.Agent)


async def apply(house: House, text: str) -> None:
    await house.database.write(apply_file, text, {})
    await house.settled()


async def bind(house: House, contact_id: int, agent: str | None, team: str | None = None) -> Any:
    names = house.backend.directory
    found = await house.database.write(
        lambda work: bindings.bind(
            work,
            contact_id,
            agent_id=names.nicknames[agent] if agent else None,
            team_id=names.team_slugs[team] if team else None,
        )
    )
    await house.settled()
    return found


async def passes(house: House, seconds: float) -> None:
    house.moved(seconds)
    await house.settled()


async def only(house: House) -> Any:
    (session,) = await house.sessions()
    return session


async def returning(house: House, user: str, agent: str) -> None:
    """Let somebody be a contact whom this agent served."""
    await house.says(message(user))
    session = (await house.sessions())[-1]
    if house.backend.directory.nickname(session.assignee_id) != agent:
        await house.ok("amy", "POST", f"/api/sessions/{session.id}/assign", {"agent": agent})
    await ends(house, agent)


async def ends(house: House, who: str) -> None:
    session = (await house.sessions())[-1]
    await house.ok(who, "POST", f"/api/sessions/{session.id}/end", {"reason": "done"})
    await house.settled()


async def replies(house: House, who: str, session_id: int) -> None:
    path = f"/api/sessions/{session_id}/messages"
    entry = await house.ok(who, "POST", path, {"text": "hello"})
    await house.delivered_as(entry["id"], "sent")
    await house.settled()


# --- whose it is (R1, R6) ----------------------------------------------------------------------


async def test_r1_a_bound_contact_goes_to_their_agent_before_the_channels_team(
    house: House,
) -> None:
    await house.at_work("amy", "bo", "cy")
    await returning(house, "U1", "amy")
    await bind(house, (await house.sessions())[0].contact_id, "cy")
    await house.says(message("U1"))
    assert (await house.owners())[-1] == "cy"
    session = (await house.sessions())[-1]
    assert house.backend.directory.slug(session.team_id) == "sales"
    (event,) = [e for e in await house.events("session.assigned") if e.session_id == session.id]
    assert event.data["why"]["step"] == "binding"


async def test_r1_a_dedicated_agent_comes_before_the_previous_one(house: House) -> None:
    await house.at_work("amy", "bo", "cy")
    await returning(house, "U1", "bo")
    contact = (await house.sessions())[0].contact_id
    await house.ok("amy", "PATCH", f"/api/contacts/{contact}", {"dedicated_agent": "cy"})
    await house.says(message("U1"))
    await house.ok("amy", "PATCH", f"/api/contacts/{contact}", {"dedicated_agent": ""})
    await ends(house, "cy")
    await house.says(message("U1"))
    # Who served them last comes next: that was cy, too.
    assert (await house.owners())[1:] == ["cy", "cy"]


async def test_r6_a_returning_contact_waits_for_who_served_them_and_then_goes_on(
    house: House,
) -> None:
    await house.at_work("amy")
    await returning(house, "U1", "bo")
    await house.says(message("U1"))
    session = (await house.sessions())[-1]
    assert (session.assignee_id, session.unassigned_reason) == (None, "waiting_for_agent")
    assert session.wait_until == house.clock.now() + 120_000
    shown = await house.ok("amy", "GET", f"/api/sessions/{session.id}")
    assert (shown["waits_for"], shown["unassigned_reason"]) == ("bo", "waiting_for_agent")
    await passes(house, 119)
    assert (await house.owners())[-1] is None
    await passes(house, 1)
    assert (await house.owners())[-1] == "amy"
    assert (await house.sessions())[-1].wait_until is None


async def test_r6_who_is_waited_for_gets_it_when_they_come(house: House) -> None:
    await house.at_work("amy")
    await returning(house, "U1", "bo")
    await house.says(message("U1"))
    await house.at_work("bo")
    assert (await house.owners())[-1] == "bo"


async def test_r6_anyone_may_claim_what_waits_for_somebody(house: House) -> None:
    await house.at_work("amy", "cy")
    await returning(house, "U1", "bo")
    await house.says(message("U1"))
    session = (await house.sessions())[-1]
    await house.ok("cy", "POST", f"/api/sessions/{session.id}/claim")
    await passes(house, 200)
    row = (await house.sessions())[-1]
    assert (await house.owners())[-1] == "cy"
    assert (row.wait_until, row.queue, row.unassigned_reason) == (None, None, None)


async def test_q4_a_new_binding_routes_what_waits_and_leaves_what_is_served(house: House) -> None:
    await house.at_work("cy")
    await house.says(message("U1"))
    await house.says(message("U2"))
    first, second = await house.sessions()
    await house.ok("bo", "POST", f"/api/sessions/{second.id}/claim")
    await bind(house, first.contact_id, "cy")
    await bind(house, second.contact_id, "cy")
    assert await house.owners() == ["cy", "bo"]


async def test_q12_a_contact_bound_to_a_team_goes_there_whatever_the_rules_say(
    house: House,
) -> None:
    await apply(house, '[[rules]]\nname = "all"\nteam = "sales"\n')
    await house.at_work("amy", "bo", "cy")
    await house.says(message("U1"))
    contact = (await house.sessions())[0].contact_id
    await ends(house, "amy")
    await bind(house, contact, None, "care")
    await house.says(message("U1"))
    assert (await house.owners())[-1] == "cy"


# --- where else it goes (R2, R4, R7) -----------------------------------------------------------


async def test_r2_a_rule_sends_to_a_team_and_its_row_says_so(house: House) -> None:
    await apply(
        house,
        '[[rules]]\nname = "Thai"\nwhen = { language = ["th"] }\nteam = "care"\n'
        'priority = "high"\n',
    )
    await house.says(message("U1", text=THAI))
    await house.says(message("U2", text="hello, where is my order?"))
    thai, other = await house.sessions()
    names = house.backend.directory
    assert (names.slug(thai.team_id), thai.priority, thai.rule_id) == ("care", "high", 1)
    assert (names.slug(other.team_id), other.priority, other.rule_id) == ("sales", "normal", None)
    assert (thai.queue, other.queue) == ("team:2", "team:1")
    await house.at_work("amy", "bo", "cy")
    owners = await house.owners()
    assert owners[0] == "cy"
    assert owners[1] in {"amy", "bo"}
    counts = await house.ok("cy", "GET", "/api/counts")
    assert (counts["team"], counts["all"]) == (1, 2)


async def test_r2_a_rule_that_changes_routes_what_waits_anew(house: House) -> None:
    await house.at_work("cy")
    await house.says(message("U1", text="I want a refund"))
    assert await house.owners() == [None]
    await apply(
        house, '[[rules]]\nname = "money"\nwhen = { keyword = ["refund"] }\nteam = "care"\n'
    )
    assert await house.owners() == ["cy"]


async def test_r14_a_rule_with_agents_keeps_a_rotation_of_its_own(house: House) -> None:
    await apply(
        house,
        '[[rules]]\nname = "two"\nagents = ["amy", "cy"]\nmethod = "round_robin"\n',
    )
    await house.at_work("amy", "bo", "cy")
    for number in range(4):
        await house.says(message(f"U{number}"))
    assert await house.owners() == ["amy", "cy", "amy", "cy"]
    assert [row.turn for row in await house.rows(sa.select(TURNS))] == [2, 2]
    await house.restart()
    await house.at_work("amy", "bo", "cy")
    await house.says(message("U9"))
    assert (await house.owners())[-1] == "amy"


async def test_r4_who_speaks_it_gets_it_and_after_the_wait_anyone(house: House) -> None:
    await apply(house, '[[agents]]\nnickname = "bo"\nlanguages = ["th"]\n')
    await apply(house, '[[agents]]\nnickname = "amy"\nlanguages = ["en"]\n')
    await house.at_work("amy")
    await house.says(message("U1", text=THAI))
    assert (await only(house)).unassigned_reason == "no_skill"
    await passes(house, 120)
    assert await house.owners() == ["amy"]


async def test_r4_what_is_excluded_is_handed_out_by_hand(house: House) -> None:
    await house.says(message("U1"))
    contact = (await only(house)).contact_id
    await house.ok("amy", "PATCH", f"/api/contacts/{contact}", {"tags": ["vip"]})
    await apply(house, '[workspace]\nexclude_tags = ["vip"]\n')
    await house.at_work("amy", "bo")
    session = await only(house)
    assert (session.assignee_id, session.unassigned_reason) == (None, "manual")
    await house.ok("amy", "PATCH", f"/api/contacts/{contact}", {"tags": []})
    await house.settled()
    assert (await house.owners())[0] is not None


async def test_r7_another_team_of_the_channel_routes_what_waits_anew(house: House) -> None:
    await house.at_work("cy")
    await house.says(message("U1"))
    await house.says(message("U2"))
    await apply(house, '[[channels]]\nslug = "line"\nkind = "line"\nteam = "care"\n')
    assert await house.owners() == ["cy", "cy"]


async def test_r7_a_higher_tier_comes_first(house: House) -> None:
    await apply(house, '[workspace]\nmax_open = 1\n[workspace.tiers]\ngold = "high"\n')
    await house.says(message("U1"))
    await house.says(message("U2"))
    second = (await house.sessions())[1]
    await house.ok("amy", "PATCH", f"/api/contacts/{second.contact_id}", {"tier": "gold"})
    await house.settled()
    assert [row.priority for row in await house.sessions()] == ["normal", "high"]
    await house.at_work("amy")
    assert await house.owners() == [None, "amy"]


# --- back again (R10, R12) ---------------------------------------------------------------------


async def test_r10_what_is_not_answered_goes_to_somebody_else_until_all_have_let_it_lapse(
    house: House,
) -> None:
    await apply(house, '[workspace]\ntake_back = "10m"\n')
    await house.at_work("amy", "bo")
    await house.says(message("U1"))
    (first,) = await house.owners()
    await passes(house, 600)
    (second,) = await house.owners()
    assert {first, second} == {"amy", "bo"}
    await passes(house, 600)
    session = await only(house)
    assert (session.assignee_id, session.unassigned_reason) == (None, "taken_back")
    moves = [e.data["how"] for e in await house.events("session.unassigned")]
    causes = [e.data["reason"] for e in await house.events("session.unassigned")]
    assert (moves, causes) == (["unassigned"] * 2, ["lapsed"] * 2)
    case = await house.ok("amy", "GET", f"/api/cases/{session.case_code}")
    lapsed = [each["detail"] for each in case["activity"] if each["kind"] == "lapsed"]
    assert lapsed == [first, second]


async def test_p1_the_only_account_keeps_what_it_does_not_answer(unopened: House) -> None:
    house = await unopened.start(unopened.file())
    for nickname in ("bo", "cy"):
        await house.ok("amy", "PATCH", f"/api/agents/{nickname}", {"active": False})
    await apply(house, '[workspace]\ntake_back = "10m"\n')
    await house.says(message("U1"))
    await passes(house, 3_600)
    assert await house.owners() == ["amy"]


async def test_r10_an_answered_one_stays(house: House) -> None:
    await apply(house, '[workspace]\ntake_back = "10m"\n')
    await house.at_work("amy")
    await house.says(message(await house.customer("nok")))
    await replies(house, "amy", 1)
    await passes(house, 3_600)
    assert await house.owners() == ["amy"]


async def leaves(house: House, who: str) -> None:
    await house.ok(who, "DELETE", f"/api/me/presence/{who}")
    await house.settled()


async def test_r12_who_leaves_keeps_what_is_answered_only(house: House) -> None:
    await house.at_work("amy")
    await house.says(message(await house.customer("nok")))
    await house.says(message("U2"))
    await replies(house, "amy", 1)
    await leaves(house, "amy")
    await house.at_work("bo")
    await passes(house, 119)
    assert await house.owners() == ["amy", "amy"]
    await passes(house, 1)
    assert await house.owners() == ["amy", "bo"]


async def test_r12_who_comes_back_in_time_keeps_all(house: House) -> None:
    await house.at_work("amy")
    await house.says(message("U1"))
    await leaves(house, "amy")
    await house.at_work("bo")
    await passes(house, 60)
    await house.live("amy", "presence=1&window=again")
    await house.settled()
    await passes(house, 600)
    assert await house.owners() == ["amy"]


async def test_r12_the_setting_keeps_it(house: House) -> None:
    await apply(house, '[workspace]\noff_duty = "keep"\n')
    await house.at_work("amy")
    await house.says(message("U1"))
    await leaves(house, "amy")
    await house.at_work("bo")
    await passes(house, 3_600)
    assert await house.owners() == ["amy"]


async def test_r12_inside_business_hours_it_is_kept_until_they_are_over(house: House) -> None:
    begun = house.clock.now() // 3_600_000 % 24
    over = (begun + 3) % 24
    await apply(
        house,
        f'''
        [workspace]
        off_duty = "reroute_outside_hours"
        hours = "shop"
        [[hours]]
        name = "shop"
        timezone = "UTC"
        every_day = ["{begun:02}:00-{over:02}:00"]
        ''',
    )
    await house.at_work("amy")
    await house.says(message("U1"))
    await leaves(house, "amy")
    await house.at_work("bo")
    left = 3 * 3_600 - house.clock.now() // 1_000 % 3_600
    await passes(house, left - 1)
    assert await house.owners() == ["amy"]
    await passes(house, 1)
    assert await house.owners() == ["bo"]


async def test_r12_it_is_due_though_the_backend_was_away(house: House) -> None:
    await house.at_work("amy")
    await house.says(message("U1"))
    await leaves(house, "amy")
    await house.restart(crash=True)
    await house.at_work("bo")
    await passes(house, 120)
    assert await house.owners() == ["bo"]


async def test_p3_since_when_somebody_is_absent(house: House) -> None:
    async def since() -> int | None:
        rows = await house.rows(sa.select(AGENTS.c.absent_since).where(AGENTS.c.nickname == "amy"))
        found: int | None = rows[0].absent_since
        return found

    await house.at_work("amy")
    assert await since() is None
    await house.restart()
    assert await since() is None  # in grace
    house.moved(20)

    async def gone() -> bool:
        return await since() == house.clock.now()

    await house.until(gone)


# --- deactivation (R12, Q8) --------------------------------------------------------------------


async def test_r12_deactivating_somebody_sends_their_sessions_to_others_at_once(
    house: House,
) -> None:
    await house.at_work("bo")
    for number in range(3):
        await house.says(message(f"U{number}"))
    contact = (await house.sessions())[0].contact_id
    await bind(house, contact, "bo")
    await house.ok("amy", "PATCH", f"/api/contacts/{contact}", {"dedicated_agent": "bo"})
    await house.at_work("amy")
    told = await house.ok("amy", "GET", "/api/agents/bo/deactivation")
    counts = {key: told[key] for key in ("sessions", "bindings", "dedicated", "tokens", "windows")}
    assert counts == {"sessions": 3, "bindings": 1, "dedicated": 1, "tokens": 1, "windows": 1}
    assert told["refused"] is None
    stream = await house.live("bo")
    answer = await house.ok("amy", "PATCH", "/api/agents/bo", {"active": False})
    assert (answer["active"], answer["open_count"], answer["presence"]) == (False, 0, "absent")
    await house.settled()
    assert await house.owners() == ["amy", "amy", "amy"]
    async with asyncio.timeout(WITHIN):
        await stream.ended.wait()
    assert (await house.call("bo", "GET", "/api/me")).status_code == 401
    profile = await house.ok("amy", "GET", f"/api/contacts/{contact}")
    assert (profile["binding"], profile["dedicated_agent"]) == (None, None)
    assert (await house.ok("amy", "GET", "/api/bindings"))["total"] == 0


async def test_r12_an_account_that_comes_back_has_its_teams_and_its_switch_off(
    house: House,
) -> None:
    await house.at_work("bo")
    await house.ok("amy", "PATCH", "/api/agents/bo", {"active": False})
    answer = await house.ok("amy", "PATCH", "/api/agents/bo", {"active": True})
    assert (answer["active"], answer["accepting"], answer["teams"]) == (True, False, ["sales"])


async def test_r12_who_was_away_over_a_restart_is_in_their_teams_again(house: House) -> None:
    await house.ok("amy", "PATCH", "/api/agents/bo", {"active": False})
    await house.restart()
    await house.ok("amy", "PATCH", "/api/agents/bo", {"active": True})
    await house.at_work("bo")
    await house.says(message("U1"))
    assert await house.owners() == ["bo"]


@pytest.mark.parametrize("who", ["amy", "bo"])
async def test_r12_the_last_owner_and_what_others_may_not(house: House, who: str) -> None:
    answer = await house.call(who, "PATCH", "/api/agents/amy", {"active": False})
    assert answer.status_code == (409 if who == "amy" else 403)
    assert house.backend.directory.agents[1].active
