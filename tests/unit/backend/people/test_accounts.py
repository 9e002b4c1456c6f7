"""Deactivating and activating accounts (R12, Q8)."""

from typing import Any

import pytest
import sqlalchemy as sa

from inbox_tui.backend.bindings.service import bind
from inbox_tui.backend.people import presence
from inbox_tui.backend.sessions.service import claim
from inbox_tui.backend.views import SESSIONS
from inbox_tui.store import tables

BINDINGS = tables.table(tables.Binding)
MEMBERS = tables.table(tables.TeamMember)

NOTHING = {"sessions": 0, "bindings": 0, "dedicated": 0, "tokens": 0, "windows": 0}


async def told(api: Any, nickname: str) -> dict[str, Any]:
    answer = (await api("amy", "GET", f"/api/agents/{nickname}/deactivation")).json()
    return {key: answer[key] for key in (*NOTHING, "refused")}


async def test_r12_it_is_told_before_and_done_in_one(shop: Any, api: Any) -> None:
    bo = await shop.agent("bo")
    for number in range(2):
        session = await shop.session(f"U{number}")
        await shop.write(claim, session["id"], bo)
        await shop.write(lambda work, of=session: bind(work, of["contact_id"], agent_id=bo))
    await api("amy", "PATCH", "/api/contacts/1", {"dedicated_agent": "bo"})
    await shop.write(presence.opened, bo, "window")
    await api.token("bo")
    expected = {"sessions": 2, "bindings": 2, "dedicated": 1, "tokens": 1, "windows": 1}
    assert await told(api, "bo") == {**expected, "refused": None}
    answer = await api("amy", "PATCH", "/api/agents/bo", {"active": False})
    assert answer.json()["active"] is False
    assert await told(api, "bo") == {**NOTHING, "refused": "The account of bo is not active."}
    (done,) = [data["ended"] for _, _, data in await shop.events() if "ended" in data]
    assert done == expected
    rows = await shop.read(lambda c: list(c.execute(sa.select(SESSIONS))))
    assert [(row.assignee_id, row.owner_waited) for row in rows] == [(None, True)] * 2
    assert (await api("bo", "GET", "/api/me")).status_code == 401
    # Ended bindings stay as history, and memberships as they are.
    ended = await shop.read(lambda c: list(c.execute(sa.select(BINDINGS.c.ended_by_id))))
    assert [row.ended_by_id for row in ended] == [1, 1]
    members = await shop.read(lambda c: list(c.execute(sa.select(MEMBERS.c.agent_id))))
    assert bo in {row.agent_id for row in members}


async def test_r12_a_designated_team_stays_chosen(shop: Any, api: Any) -> None:
    session = await shop.session()
    await api("amy", "POST", f"/api/sessions/{session['id']}/assign", {"team": "care"})
    await shop.write(claim, session["id"], await shop.agent("bo"))
    await api("amy", "PATCH", "/api/agents/bo", {"active": False})
    row = await shop.read(lambda c: c.execute(sa.select(SESSIONS)).one())
    assert (row.assignee_id, row.team_id, row.team_chosen) == (None, 2, True)


async def test_r12_the_last_owner_stays(shop: Any, api: Any) -> None:
    answer = await api("amy", "PATCH", "/api/agents/amy", {"active": False})
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "The last owner cannot be deactivated.",
    )
    await shop.apply('[[agents]]\nnickname = "dan"\nrole = "owner"\n')
    answer = await api("amy", "PATCH", "/api/agents/amy", {"active": False})
    assert answer.status_code == 200


async def test_r12_a_supervisor_may_not(shop: Any, api: Any) -> None:
    answer = await api("cy", "PATCH", "/api/agents/bo", {"active": False})
    assert answer.status_code == 403
    assert (await shop.directory()).agents[2].active


async def test_an_account_that_comes_back_begins_with_its_switch_off(shop: Any, api: Any) -> None:
    await api("amy", "PUT", "/api/agents/bo/accepting", {"accepting": True})
    await api("amy", "PATCH", "/api/agents/bo", {"active": False})
    events = len(await shop.events())
    await api("amy", "PATCH", "/api/agents/bo", {"active": False})
    assert len(await shop.events()) == events
    answer = (await api("amy", "PATCH", "/api/agents/bo", {"active": True, "max_open": 9})).json()
    assert (answer["active"], answer["accepting"], answer["limit"]) == (True, False, 9)
    assert answer["teams"] == ["sales"]


async def test_a_window_that_opens_late_does_not_make_a_deactivated_account_present(
    shop: Any, api: Any
) -> None:
    await api("amy", "PATCH", "/api/agents/bo", {"active": False})
    await shop.write(presence.opened, await shop.agent("bo"), "late")
    found = await shop.read(presence.presence_of, await shop.agent("bo"))
    assert found == "absent"


@pytest.mark.parametrize("path", ["/api/agents/nobody/deactivation"])
async def test_who_is_not_there_is_not_found(api: Any, path: str) -> None:
    assert (await api("amy", "GET", path)).status_code == 404
    answer = await api("amy", "PATCH", "/api/agents/nobody", {"active": False})
    assert answer.status_code == 404


async def test_p1_since_when_there_are_several_is_noted(shop: Any, api: Any) -> None:
    async def noted() -> int | None:
        return (await shop.directory()).settings.several_since  # type: ignore[no-any-return]

    began = await noted()
    assert began == shop.database.clock.now()
    shop.database.clock.move(60)
    for nickname in ("bo", "cy", "dan"):
        assert await noted() == began
        await api("amy", "PATCH", f"/api/agents/{nickname}", {"active": False})
    assert await noted() is None
    shop.database.clock.move(60)
    await api("amy", "PATCH", "/api/agents/bo", {"active": True})
    assert await noted() == shop.database.clock.now()
