"""Rules on the running backend: a message goes where they say, also when they change (R2)."""

from typing import Any

import pytest
from tests.wire.backend.conftest import House, message

from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.client.http import HttpClient
from inbox_tui.errors import Invalid, StaleVersion
from inbox_tui.wire.rules import Conditions, RuleDraft

THAI = {"name": "Thai", "when": {"language": ["th"]}, "agents": ["cy"]}
PRICES = {"name": "Prices", "when": {"keyword": ["price"]}, "team": "care", "priority": "high"}
IN_THAI = "สวัสดีครับ ราคาเท่าไหร่ครับ"


async def make(house: House, *rules: dict[str, Any]) -> list[int]:
    """Make rules as the owner; return their ids."""
    made = [await house.ok("amy", "POST", "/api/rules", rule) for rule in rules]
    await house.settled()
    return [rule["id"] for rule in made]


async def test_r2_the_first_rule_that_matches_decides(house: House) -> None:
    await make(house, THAI, PRICES)
    await house.at_work("amy", "cy")
    await house.says(message("U1", IN_THAI))
    await house.says(message("U2", "What is the PRICE?"))
    await house.says(message("U3", "hello"))
    assert await house.owners() == ["cy", "cy", "amy"]
    rows = await house.sessions()
    assert [row.team_id for row in rows] == [
        None,
        house.backend.directory.team_slugs["care"],
        house.backend.directory.team_slugs["sales"],
    ]
    assert [row.priority for row in rows] == ["normal", "high", "normal"]


async def test_r2_r14_a_trial_says_what_then_happens(house: House) -> None:
    await make(house, THAI, PRICES)
    await house.at_work("amy", "bo", "cy")
    texts = [IN_THAI, "price?", "hello", "hello", "ราคา price", "what price", "bye"]
    told = []
    for number, text in enumerate(texts):
        body = {"channel": "line", "text": text, "contact": "new"}
        told.append((await house.ok("bo", "POST", "/api/rules/try", body))["assignee"])
        await house.says(message(f"U{number}", text))
    assert await house.owners() == told
    assert set(told) == {"amy", "bo", "cy"}


async def test_r2_r7_what_waits_follows_a_rule_that_changes(house: House) -> None:
    (thai,) = await make(house, {**THAI, "agents": ["bo"]})
    await house.at_work("amy", "cy")
    await house.says(message("U1", IN_THAI))
    assert await house.owners() == [None]
    await house.ok("amy", "PATCH", f"/api/rules/{thai}", {"agents": ["cy"]})
    await house.settled()
    assert await house.owners() == ["cy"]


@pytest.mark.parametrize("how", ["off", "deleted", "moved"])
async def test_r2_r7_what_waits_goes_on_to_the_next_rule(house: House, how: str) -> None:
    ids = await make(house, {**THAI, "agents": ["bo"]}, {**THAI, "name": "Then", "agents": ["cy"]})
    await house.at_work("amy", "cy")
    await house.says(message("U1", IN_THAI))
    assert await house.owners() == [None]
    path = f"/api/rules/{ids[0]}"
    if how == "off":
        await house.ok("amy", "PATCH", path, {"enabled": False})
    elif how == "deleted":
        await house.ok("amy", "DELETE", path)
    else:
        await house.ok("amy", "PUT", "/api/rules/order", {"ids": ids[::-1]})
    await house.settled()
    assert await house.owners() == ["cy"]


async def test_m11_rules_follow_the_hours(unopened: House) -> None:
    hours = '[[hours]]\nname = "shop"\nevery_day = ["13:00-14:00"]\n'
    rule = '[[rules]]\nname = "Open"\nwhen = { business_hours = ["shop"] }\nteam = "care"\n'
    house = await unopened.start(unopened.file() + hours + rule)
    await house.at_work("amy", "cy")
    await house.says(message("U1"))
    house.moved(3600)
    await house.settled()
    await house.says(message("U2"))
    assert await house.owners() == ["amy", "cy"]


async def test_m11_w4_rules_follow_hours_that_are_changed(unopened: House) -> None:
    hours = '[[hours]]\nname = "shop"\nevery_day = ["{}"]\n'
    rule = '[[rules]]\nname = "Open"\nwhen = { business_hours = ["shop"] }\nagents = ["bo"]\n'
    house = await unopened.start(unopened.file() + hours.format("10:00-13:00") + rule)
    await house.at_work("amy", "cy")
    await house.says(message("U1"))
    assert await house.owners() == [None]
    await house.database.write(apply_file, hours.format("13:00-14:00"), {})
    await house.settled()
    assert await house.owners() == ["amy"]


async def test_w4_everybody_hears_of_changed_rules_and_hours(house: House) -> None:
    live = await house.live("bo")
    await make(house, THAI)
    hours = '[[hours]]\nname = "shop"\nevery_day = ["09:00-18:00"]\n'
    await house.database.write(apply_file, hours, {})
    await live.until(lambda live: "hours.changed" in live.kinds())
    assert "rule.changed" in live.kinds()
    frame = next(data for _, _, data in live.frames if data.get("kind") == "rule.changed")
    assert (frame["actor"], frame["data"]["change"], frame["data"]["name"]) == (
        "amy",
        "created",
        "Thai",
    )


async def test_r2_rules_are_there_after_a_restart(house: House) -> None:
    await make(house, THAI)
    await house.restart(crash=True)
    await house.at_work("amy", "cy")
    await house.says(message("U1", IN_THAI))
    assert await house.owners() == ["cy"]
    assert [rule["name"] for rule in (await house.ok("bo", "GET", "/api/rules"))["items"]] == [
        "Thai"
    ]


async def test_r3_r14_a_trial_tells_whose_turn_of_a_rules_own_rotation_it_is(house: House) -> None:
    rule = {"name": "All", "agents": ["amy", "bo", "cy"], "method": "round_robin"}
    (rule_id,) = await make(house, rule)
    await house.at_work("amy", "bo", "cy")
    told = []
    for number in range(6):
        body = {"channel": "line", "text": "hi", "rule": rule, "in_place_of": rule_id}
        told.append((await house.ok("bo", "POST", "/api/rules/try", body))["assignee"])
        await house.says(message(f"U{number}"))
    assert await house.owners() == told
    assert sorted(told) == ["amy", "amy", "bo", "bo", "cy", "cy"]


async def test_w4_the_terminals_calls(house: House) -> None:
    token = (await house.ok("amy", "POST", "/api/tokens", {"nickname": "amy"}))["token"]
    client = HttpClient(house.base, token, window="w")
    try:
        when = Conditions(keyword=["price"])
        prices = await client.post_rule(RuleDraft(name="Prices", when=when, team="care"))
        rest = await client.post_rule(RuleDraft(name="Rest", agents=["bo"]))
        assert [rule.id for rule in await client.order_rules([rest.id, prices.id])] == [
            rest.id,
            prices.id,
        ]
        assert (await client.rules())[1].covered_by == "Rest"
        with pytest.raises(StaleVersion):
            await client.delete_rule(rest.id, version=9)
        await client.delete_rule(rest.id, version=rest.version)
        assert [rule.when for rule in await client.rules()] == [when]
        with pytest.raises(Invalid) as refused:
            await client.post_rule(RuleDraft(name="x", when=Conditions(tag=[]), team="slaes"))
        assert [fault["path"] for fault in refused.value.data["errors"]] == ["when.tag", "team"]
    finally:
        await client.close()
