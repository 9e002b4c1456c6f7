"""R17: everyone sees and answers everything, unless that is restricted to one's own teams."""

from typing import Any

from tests.wire.backend.conftest import House, message

from inbox_tui.backend.workspace.service import apply_file

SHOP = """
[workspace]
settle = "0s"
restrict_to_team = {restrict}
[[agents]]
nickname = "amy"
role = "owner"
[[agents]]
nickname = "bo"
[[agents]]
nickname = "cy"
[[agents]]
nickname = "dan"
role = "supervisor"
[[teams]]
slug = "sales"
method = "manual"
members = ["bo"]
[[teams]]
slug = "care"
method = "manual"
members = ["cy"]
supervisors = ["dan"]
"""


async def shop(house: House, restrict: bool) -> tuple[int, int]:
    """Let one customer wait for sales and one for care; return the ids of their sessions."""
    shop = SHOP.format(restrict=str(restrict).lower())
    await house.database.write(apply_file, shop, {})
    found = []
    for customer, team in (("U1", "sales"), ("U2", "care")):
        await house.says(message(customer, f"hello {team}"))
        session_id = (await house.sessions())[-1].id
        if team != "sales":  # which is its channel's
            await house.ok("amy", "POST", f"/api/sessions/{session_id}/assign", {"team": team})
        found.append(session_id)
    await house.settled()
    return found[0], found[1]


async def seen_by(house: House, who: str) -> list[int]:
    page = await house.ok(who, "GET", "/api/sessions?list=all")
    return sorted(item["id"] for item in page["items"])


async def test_r17_everybody_sees_and_answers_everything(house: House) -> None:
    sales, care = await shop(house, restrict=False)
    for who in ("amy", "bo", "cy", "dan"):
        assert await seen_by(house, who) == [sales, care]
    await house.ok("bo", "POST", f"/api/sessions/{care}/messages", {"text": "hi"})
    found = await house.ok("bo", "GET", "/api/sessions?list=all&q=hello%20care")
    assert [item["id"] for item in found["items"]] == [care]
    (session,) = [row for row in await house.sessions() if row.id == care]
    assert session.assignee_id is None, "answering takes nothing"


async def test_r17_restricted_each_sees_their_own_teams(house: House) -> None:
    sales, care = await shop(house, restrict=True)
    assert await seen_by(house, "amy") == [sales, care]
    assert await seen_by(house, "bo") == [sales]
    assert await seen_by(house, "cy") == [care]
    assert await seen_by(house, "dan") == [care]
    counts = await house.ok("bo", "GET", "/api/counts")
    assert (counts["all"], counts["unassigned"], counts["team"]) == (1, 1, 1)
    found = await house.ok("bo", "GET", "/api/sessions?list=all&q=hello%20care")
    assert found["items"] == []


async def test_r17_restricted_what_is_out_of_sight_answers_as_if_it_were_not_there(
    house: House,
) -> None:
    _, care = await shop(house, restrict=True)
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/timeline", None),
        ("GET", "/explanation", None),
        ("POST", "/messages", {"text": "hi"}),
        ("POST", "/notes", {"text": "hi"}),
        ("POST", "/claim", None),
        ("POST", "/assign", {"agent": "bo"}),
        ("POST", "/transfer", {"agent": "bo"}),
        ("POST", "/end", {"reason": "done"}),
        ("POST", "/star", {"starred": True}),
        ("POST", "/read", {"customer_messages": 1}),
        ("PATCH", "", {"priority": "high"}),
    ):
        answer = await house.call("bo", method, f"/api/sessions/{care}{path}", body)
        assert answer.status_code == 404, (method, path, answer.text)


async def test_r17_restricted_whoever_serves_it_sees_it(house: House) -> None:
    sales, care = await shop(house, restrict=True)
    await house.ok("dan", "POST", f"/api/sessions/{care}/assign", {"agent": "bo"})
    assert await seen_by(house, "bo") == [sales, care]
    await house.ok("bo", "POST", f"/api/sessions/{care}/messages", {"text": "hi"})


async def test_r17_restricted_the_stream_has_no_hole_and_tells_nothing_out_of_sight(
    house: House,
) -> None:
    _, care = await shop(house, restrict=True)
    live = await house.live("bo")
    await house.ok("cy", "POST", f"/api/sessions/{care}/notes", {"text": "a secret"})
    (note,) = await house.events("note.added")
    await live.up_to(note.seq)
    assert "note.added" in live.kinds()
    assert told(live) == []
    assert "secret" not in str(live.frames)
    await house.ok("dan", "POST", f"/api/sessions/{care}/assign", {"agent": "bo"})
    await house.ok("dan", "POST", f"/api/sessions/{care}/assign", {"agent": "cy"})
    await live.until(lambda each: told(each).count("session.assigned") == 2)
    assert live.numbers == list(range(live.numbers[0], live.numbers[0] + len(live.numbers)))
    again = await house.live("bo", f"after={live.numbers[0] - 1}")
    await again.up_to(live.numbers[-1])
    assert again.kinds() == live.kinds()
    assert "note.added" not in told(again)
    assert "session.assigned" in told(again), "it left their sight: that is told"


def told(live: Any) -> list[str]:
    """Return the kinds of the events that tell of a session."""
    return [data["kind"] for _, _, data in live.frames if data.get("session")]
