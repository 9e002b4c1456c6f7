"""*Try it on a message*: what each rule says, and who would get it now; nothing moves (R2, R14)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from inbox_tui.backend.people import presence
from inbox_tui.backend.people.service import set_accepting
from inbox_tui.wire.requests import PutAccepting

FILE = """
[[hours]]
name = "shop"
every_day = ["09:00-18:00"]

[[rules]]
name = "Thai"
when = { language = ["th"], channel = ["line-main"] }
team = "sales"

[[rules]]
name = "Refunds"
when = { keyword = ["refund"], contact = "returning" }
agents = ["dan"]
method = "least_open"
priority = "high"

[[rules]]
name = "Off"
enabled = false
team = "care"

[[rules]]
name = "At night"
when = { outside_business_hours = ["shop"] }
team = "care"
"""


@pytest.fixture
async def ruled(shop: Any, api: Any) -> Any:
    """The shop with four rules; bo and dan are on duty. Gives what tries a message."""
    await shop.apply(FILE)
    for nickname in ("bo", "dan"):
        agent = await shop.agent(nickname)
        await shop.write(presence.opened, agent, nickname)
        await shop.write(set_accepting, agent, PutAccepting(accepting=True), agent)

    async def attempt(who: str = "cy", **body: Any) -> Any:
        answer = await api(who, "POST", "/api/rules/try", {"channel": "line-main", **body})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return attempt


def verdicts(trial: Any) -> dict[str, list[str] | str]:
    """Return what each rule says: the conditions that fail, else what it does."""
    found: dict[str, list[str] | str] = {}
    for rule in trial["rules"]:
        does = "decides" if rule["decides"] else "matches"
        found[rule["name"]] = does if rule["matches"] else rule["failed"]
    return found


async def test_r2_each_rule_says_whether_it_matches_and_what_fails(ruled: Any) -> None:
    trial = await ruled(text="ขอดูรูปได้ไหมครับ")
    assert verdicts(trial) == {
        "Thai": "decides",
        "Refunds": ["contact", "keyword"],
        "Off": "matches",
        "At night": ["outside_business_hours"],
    }
    assert (trial["step"], trial["rule"], trial["team"]) == ("rule", "Thai", "sales")
    assert (trial["agents"], trial["method"]) == (None, "round_robin")
    assert (trial["assignee"], trial["reason"]) == ("bo", None)
    assert trial["tried"]["language"] == "th"
    assert [(each["agent"], each["rank"]) for each in trial["candidates"]] == [
        ("bo", 1),
        ("amy", None),
    ]
    assert trial["summary"]


async def test_r2_r6_a_rule_with_agents_and_a_returning_contact(ruled: Any) -> None:
    trial = await ruled(text="I want a REFUND, please", contact="returning", channel="bot")
    assert verdicts(trial)["Refunds"] == "decides"
    assert (trial["team"], trial["agents"], trial["method"]) == (None, ["dan"], "least_open")
    assert (trial["priority"], trial["assignee"]) == ("high", "dan")


async def test_m11_hours_are_looked_at_when_the_message_comes(ruled: Any) -> None:
    late = datetime(2026, 3, 2, 21, 0, tzinfo=UTC).isoformat()
    trial = await ruled(text="hello?", at=late)
    assert verdicts(trial)["At night"] == "decides"
    assert (trial["team"], trial["tried"]["at"]) == ("care", "2026-03-02T21:00:00Z")


async def test_r1_where_no_rule_matches_the_channel_decides(ruled: Any) -> None:
    trial = await ruled(text="hello", language="en")
    assert (trial["step"], trial["rule"], trial["team"]) == ("channel_team", None, "sales")
    pool = await ruled(text="hello", language="en", channel="bot")
    assert (pool["step"], pool["team"]) == ("workspace_pool", None)


async def test_r7_it_says_why_it_would_wait(ruled: Any, shop: Any) -> None:
    dan = await shop.agent("dan")
    await shop.write(set_accepting, dan, PutAccepting(accepting=False), dan)
    trial = await ruled(text="refund", contact="returning")
    assert (trial["assignee"], trial["reason"]) == (None, "switched_off")


async def test_r2_a_rule_as_typed_is_tried_before_it_is_saved(ruled: Any, api: Any) -> None:
    rules = (await api("amy", "GET", "/api/rules")).json()["items"]
    new = {"name": "Greetings", "when": {"keyword": ["hello"]}, "team": "care"}
    trial = await ruled(text="hello", rule=new)
    assert list(verdicts(trial)) == [*(rule["name"] for rule in rules), "Greetings"]
    assert trial["rules"][-1]["id"] is None
    assert (trial["rule"], trial["assignee"]) == ("Greetings", "dan")
    changed = await ruled(text="hello", rule=new, in_place_of=rules[0]["id"])
    assert next(iter(verdicts(changed))) == "Greetings"
    assert changed["rules"][0]["id"] == rules[0]["id"]
    assert (await api("amy", "GET", "/api/rules")).json()["items"] == rules


async def test_r2_a_rule_as_typed_that_is_wrong_says_so(ruled: Any, api: Any) -> None:
    body = {"channel": "bot", "text": "x", "rule": {"name": "x", "team": "slaes"}}
    answer = await api("amy", "POST", "/api/rules/try", body)
    assert (answer.status_code, answer.json()["data"]["path"]) == (422, "team")


async def test_r2_a_past_session_is_tried_with_what_it_began_with(ruled: Any, shop: Any) -> None:
    session = await shop.session("U9")
    await shop.write(
        lambda work: work.connection.exec_driver_sql(
            "UPDATE sessions"
            " SET opening = 'a refund', returning_contact = 1, category = 'logistics'"
        )
    )
    trial = await ruled(session_id=session["id"])
    assert trial["tried"]["at"] == "2026-03-02T12:00:00Z"
    assert trial["tried"]["text"] == "a refund"
    assert (trial["tried"]["contact"], trial["tried"]["category"]) == ("returning", "logistics")
    assert verdicts(trial)["Refunds"] == "decides"
    other = await ruled(session_id=session["id"], contact="new", text="สวัสดีครับ")
    assert verdicts(other)["Thai"] == "decides"


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({"text": "x"}, 422, "channel"),
        ({"channel": "fax"}, 404, None),
        ({"session_id": 99}, 404, None),
        ({"channel": "bot", "at": "2026-03-02T12:00:00"}, 422, "at"),
        ({"channel": "bot", "rule": {"name": "x", "team": "care"}, "in_place_of": 99}, 404, None),
    ],
)
async def test_what_cannot_be_tried(
    ruled: Any, api: Any, body: Any, status: int, path: str | None
) -> None:
    answer = await api("amy", "POST", "/api/rules/try", body)
    assert (answer.status_code, answer.json()["data"].get("path")) == (status, path)


async def test_r14_trying_leaves_no_trace(ruled: Any, shop: Any) -> None:
    await ruled(text="x")  # makes the token of who asks
    before = await shop.events()
    turns = "SELECT agent_id, turn FROM team_members"
    stored = await shop.read(lambda connection: connection.exec_driver_sql(turns).all())
    for _ in range(3):
        await ruled(text="ขอดูรูปได้ไหมครับ")
    assert await shop.events() == before
    assert await shop.read(lambda connection: connection.exec_driver_sql(turns).all()) == stored


async def test_r4_a_region_or_script_of_a_language_is_not_looked_at(ruled: Any) -> None:
    rule = {"name": "Chinese", "when": {"language": ["zh-Hant"]}, "team": "care"}
    trial = await ruled(text="請問有貨嗎？我想買兩個", rule=rule)
    assert trial["tried"]["language"] == "zh"
    assert trial["rules"][-1]["matches"]
    told = await ruled(text="?", language="zh-TW", rule=rule)
    assert told["rules"][-1]["matches"]


async def test_r17_a_session_out_of_sight_cannot_be_tried(ruled: Any, api: Any, shop: Any) -> None:
    session = await shop.session("U9")
    body = {"session_id": session["id"]}
    assert (await api("dan", "POST", "/api/rules/try", body)).status_code == 200
    await shop.apply("[workspace]\nrestrict_to_team = true\n")
    assert (await api("dan", "POST", "/api/rules/try", body)).status_code == 404
    assert (await api("bo", "POST", "/api/rules/try", body)).status_code == 200
