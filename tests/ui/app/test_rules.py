"""The screen of rules: looked at by all, changed by those who may, tried before saving (R2, W4)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from inbox_tui.testing.scenes import ruled_shop
from inbox_tui.testing.world import World
from inbox_tui.wire.words import EventKind, Method, Role


@pytest.fixture
def world() -> World:
    return ruled_shop()


@pytest.fixture
async def window(open_window: Any, world: World) -> AsyncIterator[Any]:
    """A window of an owner on the screen of rules, 100 by 40."""
    async with open_window(world, size=(100, 40)) as window:
        await window.press("D")
        yield window


def names(world: World) -> list[str]:
    return [rule.name for rule in world.rules]


async def test_r2_rules_stand_in_their_order_with_what_they_ask(window: Any) -> None:
    lines = window.text.splitlines()
    first = next(at for at, line in enumerate(lines) if "ลูกค้าไทยทาง LINE" in line)
    assert " 1 ● on" in lines[first]
    assert "→ ◇ sales · least open" in lines[first]
    assert "on line-main · in th" in lines[first + 1]
    assert "“refund” or “hoàn tiền” · returning contacts" in lines[first + 3]
    assert "priority high · skills refunds" in lines[first + 3]
    assert " 3 ○ off" in lines[first + 4]
    assert "every session" in lines[first + 7]
    assert "never reached: “Everybody else” takes all of these" in lines[first + 9]


async def test_w4_a_rule_is_switched_and_moved(window: Any, world: World) -> None:
    await window.press("s")
    assert not world.rules[0].enabled
    assert "is off." in window.text
    await window.press("J")
    assert names(world)[:2] == ["Refunds [b]first[/b]", "ลูกค้าไทยทาง LINE"]
    await window.press("J", "J", "J", "J")
    assert names(world)[-1] == "ลูกค้าไทยทาง LINE"
    assert "It is the last already." in window.text
    await window.press("K")
    assert names(world)[-2] == "ลูกค้าไทยทาง LINE"


async def test_w4_a_rule_is_deleted_after_asking(window: Any, world: World) -> None:
    await window.press("d")
    assert "Delete the rule “ลูกค้าไทยทาง LINE”?" in window.text
    await window.press("escape")
    assert len(world.rules) == 5
    await window.press("d", "shift+tab", "enter")
    assert len(world.rules) == 4
    assert "deleted" in window.text


async def test_r2_a_rule_is_made_in_its_form(window: Any, world: World) -> None:
    await window.press("n")
    await window.type("VIP")
    await window.press("tab", "tab")
    await window.type("telegram")
    await window.press("tab", "tab")
    await window.type("after-sale, logistics")
    await window.press("ctrl+s")
    assert "needed" in window.text  # nobody to send to yet
    await window.type("care")
    await window.press("tab", "right", "ctrl+s")
    rule = world.rules[-1]
    assert (rule.name, rule.team, rule.method) == ("VIP", "care", Method.ROUND_ROBIN)
    assert rule.when.channel == ["telegram"]
    assert rule.when.category == ["after_sale", "logistics"]
    assert "“VIP” made. It is the last one." in window.text
    assert "VIP" in window.text


async def test_r2_a_form_says_beside_the_field_what_is_wrong(window: Any, world: World) -> None:
    await window.press("n")
    await window.type("Everybody else")
    await window.press(*["tab"] * 12)
    await window.type("care")
    await window.press("ctrl+s")
    assert "there is a rule “Everybody else” already" in window.text
    assert len(world.rules) == 5


async def test_w4_a_rule_is_changed_and_what_is_emptied_is_taken_back(
    window: Any, world: World
) -> None:
    await window.press("enter")
    assert "Rule “ลูกค้าไทยทาง LINE”" in window.text
    await window.press(*["tab"] * 13, "left", "left", "ctrl+s")
    assert world.rules[0].method is None
    assert world.rules[0].when.language == ["th"]


async def test_w4_a_rule_that_changed_meanwhile_is_not_written_over(
    window: Any, world: World
) -> None:
    await window.press("e")
    world.keep_rules([replace(world.rules[0], version=7, priority=None), *world.rules[1:]])
    await window.press("ctrl+s")
    assert "changed since you read it" in window.text
    await window.press("ctrl+s")
    assert world.rules[0].version == 8


async def test_r2_rules_are_tried_on_a_message(window: Any) -> None:
    await window.press("t")
    await window.type("hello")
    await window.press("ctrl+s")
    text = window.text
    assert "“Everybody else” decides: to ◇ care" in text
    assert "Now it would go to bo." in text
    assert "✕ ลูกค้าไทยทาง LINE" in text
    assert "not met: language" in text
    assert "not met: tier, hours shut" in text
    assert "▸ Everybody else" in text


async def test_r2_a_rule_is_tried_before_it_is_saved(window: Any, world: World) -> None:
    await window.press("e", *["tab"] * 3)
    await window.press("end", "ctrl+u")
    await window.press("ctrl+r")
    assert "Try “ลูกค้าไทยทาง LINE” on a message" in window.text
    await window.type("hello")
    await window.press("ctrl+s")
    assert "“ลูกค้าไทยทาง LINE” decides: to ◇ sales" in window.text
    assert world.rules[0].when.language == ["th"]
    await window.press("escape", "escape", "escape")
    assert "never reached" in window.text


async def test_r2_what_cannot_be_tried_is_said(window: Any) -> None:
    await window.press("t", *["tab"] * 7)
    await window.type("tomorrow")
    await window.press("tab")
    await window.type("x")
    await window.press("ctrl+s")
    assert "a day and a time" in window.text
    assert "a number" in window.text
    await window.press(*["backspace"] * 9, "tab", "backspace")
    await window.type("99")
    await window.press("ctrl+s")
    assert "There is no session 99." in window.text


@pytest.mark.parametrize(
    ("role", "supervises", "may"),
    [
        (Role.AGENT, False, False),
        (Role.SUPERVISOR, True, False),
        (Role.SUPERVISOR, False, True),
        (Role.OWNER, False, True),
    ],
)
async def test_w1_those_change_rules_who_may_and_the_others_look(
    open_window: Any, world: World, role: Role, supervises: bool, may: bool
) -> None:
    world.agents["amy"] = replace(world.agents["amy"], role=role)
    if supervises:
        world.teams["sales"] = replace(world.teams["sales"], supervisors=["amy"])
    async with open_window(world, size=(100, 30)) as window:
        await window.press("D", "s")
        assert world.rules[0].enabled is not may
        assert ("Rules are changed by owners" in window.text) is not may
        await window.press("t")
        assert "Try the rules on a message" in window.text


async def test_a_change_by_somebody_else_is_seen_and_the_cursor_stays(
    window: Any, world: World
) -> None:
    await window.press("j")
    world.keep_rules(reversed(world.rules))
    world.tell(EventKind.RULE_CHANGED, actor="cho")
    await window.settle()
    await window.press("s")
    assert [(rule.name, rule.enabled) for rule in world.rules] == [
        ("Pre-sale", True),
        ("Everybody else", True),
        ("Gold at night", False),
        ("Refunds [b]first[/b]", False),
        ("ลูกค้าไทยทาง LINE", True),
    ]


async def test_without_rules_it_says_where_sessions_go(open_window: Any, world: World) -> None:
    world.rules = []
    async with open_window(world, size=(60, 20)) as window:
        await window.press("D")
        assert "No rules: every session goes to its channel's team." in window.text
        await window.press("s")
        assert "There is no rule yet." in window.text


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 45)])
async def test_the_form_and_the_trial_fit(open_window: Any, world: World, size: Any) -> None:
    async with open_window(world, size=size) as window:
        await window.press("D", "e")
        assert "Ctrl+R" in window.text
        await window.press("ctrl+r")
        await window.type("hi")
        await window.press("ctrl+s")
        assert "decides" in window.text
