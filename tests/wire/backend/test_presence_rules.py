"""What colleagues see and may do of each other's switch (P2, P4-P6), and of a contact (R16)."""

from typing import Any

from tests.wire.backend.conftest import House, Live, message

from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.wire.words import EventKind

SUPERVISED = """
[[agents]]
nickname = "dan"
role = "supervisor"
[[teams]]
slug = "care"
members = ["cy"]
supervisors = ["dan"]
"""


async def colleague(house: House, nickname: str, seen_by: str = "cy") -> dict[str, Any]:
    page = await house.ok(seen_by, "GET", "/api/agents")
    found: dict[str, Any] = next(each for each in page["items"] if each["nickname"] == nickname)
    return found


async def test_p2_who_is_off_gets_nothing_by_itself_and_takes_what_they_like(house: House) -> None:
    await house.at_work("amy", "bo")
    for who in ("amy", "bo"):
        await house.ok(who, "PUT", "/api/me/accepting", {"accepting": False})
    await house.says(message("U1"))
    await house.settled()
    assert await house.owners() == [None]
    (session,) = await house.sessions()
    assert session.unassigned_reason == "switched_off"
    await house.ok("bo", "POST", f"/api/sessions/{session.id}/assign", {"agent": "amy"})
    assert await house.owners() == ["amy"]


async def test_p4_a_reason_and_a_time_go_with_the_switch_and_are_kept_in_the_log(
    house: House,
) -> None:
    await house.at_work("amy")
    away = {"accepting": False, "reason": "lunch", "back_at": "2026-03-02T13:00:00Z"}
    await house.ok("amy", "PUT", "/api/me/accepting", away)
    seen = await colleague(house, "amy")
    assert (seen["accepting"], seen["accepting_reason"]) == (False, "lunch")
    assert seen["back_at"] == "2026-03-02T13:00:00Z"
    changes = await house.events(EventKind.AGENT_CHANGED)
    event = next(each for each in reversed(changes) if "accepting" in each.data)
    assert event.data["reason"] == "lunch"
    assert event.data["back_at"] is not None
    await house.ok("amy", "PUT", "/api/me/accepting", {"accepting": True})
    back = await colleague(house, "amy")
    assert (back["accepting_reason"], back["back_at"]) == (None, None)


async def test_p5_a_supervisor_turns_a_switch_and_the_agent_sees_who_did(house: House) -> None:
    await house.database.write(apply_file, SUPERVISED, {})
    await house.at_work("cy")
    live = await house.live("cy")
    await house.ok("dan", "PUT", "/api/agents/cy/accepting", {"accepting": False})
    await live.until(lambda each: bool(by_others(each)))
    (told,) = by_others(live)
    assert (told["actor"], told["agent"]["accepting_by"]) == ("dan", "dan")
    me = await house.ok("cy", "GET", "/api/me")
    assert (me["agent"]["accepting"], me["agent"]["accepting_by"]) == (False, "dan")
    refused = await house.call("dan", "PUT", "/api/agents/bo/accepting", {"accepting": False})
    assert refused.status_code == 403
    refused = await house.call("cy", "PUT", "/api/agents/bo/accepting", {"accepting": False})
    assert refused.status_code == 403


def by_others(live: Live) -> list[dict[str, Any]]:
    """Return the frames of an agent whose switch somebody else turned."""
    frames = [data for _, _, data in live.frames]
    return [data for data in frames if data["agent"] and data["agent"]["accepting_by"]]


async def test_p6_presence_switch_load_and_limit_of_everybody_are_seen_by_all(house: House) -> None:
    await house.at_work("amy")
    await house.says(message("U1"))
    await house.settled()
    seen = await colleague(house, "amy")
    assert (seen["presence"], seen["accepting"]) == ("present", True)
    assert (seen["open_count"], seen["limit"]) == (1, 5)
    assert (await colleague(house, "bo"))["presence"] == "absent"


async def test_r16_who_gets_a_session_sees_the_whole_history(house: House) -> None:
    await house.at_work("amy")
    await house.says(message("U1", "the first time"))
    await house.settled()
    (first,) = await house.sessions()
    await house.ok("amy", "POST", f"/api/sessions/{first.id}/end", {"reason": "answered by phone"})
    await house.says(message("U1", "again"))
    await house.settled()
    second = (await house.sessions())[-1]
    timeline = await house.ok("amy", "GET", f"/api/sessions/{second.id}/timeline")
    texts = [item["content"]["text"] for item in timeline["items"] if item["content"]]
    assert texts == ["the first time", "again"]
    contact = await house.ok("amy", "GET", f"/api/contacts/{second.contact_id}")
    assert {each["id"] for each in contact["sessions"]} == {first.id, second.id}
