"""Applying a file with rules and hours: in its order, twice the same, nothing deleted (R2, W4)."""

from typing import Any

from inbox_tui.backend.directory import Directory
from inbox_tui.wire.words import Method, OffDuty, Priority

TWO = """
[[hours]]
name = "shop"
weekdays = ["09:00-18:00"]

[[rules]]
name = "Thai"
when = { language = ["th"], business_hours = ["shop"] }
team = "sales"
method = "least_open"

[[rules]]
name = "Gold"
when = { tier = ["gold"] }
agents = ["amy", "bo"]
priority = "high"
skills = ["returns"]
"""


def names(directory: Directory) -> list[str]:
    return [rule.name for rule in directory.rules.values()]


async def test_r2_m11_w4_rules_and_hours_are_made_and_told(shop: Any) -> None:
    applied = await shop.apply(TWO)
    assert applied.created == ["hours shop", "rule Thai", "rule Gold"]
    assert applied.changed == []
    directory = await shop.directory()
    assert directory.hours["shop"].timezone == "UTC"
    thai, gold = directory.rules.values()
    assert (thai.team_id, thai.method) == (directory.team_slugs["sales"], Method.LEAST_OPEN)
    assert (thai.when.language, thai.when.business_hours) == (["th"], ["shop"])
    assert [directory.nickname(agent) for agent in gold.agents] == ["amy", "bo"]
    assert (gold.priority, gold.skills) == (Priority.HIGH, ("returns",))
    kinds = [kind for kind, _subject, _data in await shop.events()]
    assert kinds[-4:] == ["hours.changed", "rule.changed", "rule.changed", "workspace.changed"]


async def test_r2_w4_a_second_run_changes_nothing(shop: Any) -> None:
    await shop.apply(TWO)
    before = await shop.events()
    again = await shop.apply(TWO)
    assert (again.created, again.changed) == ([], [])
    assert again.unchanged == ["hours shop", "rule Thai", "rule Gold"]
    assert await shop.events() == before


async def test_r2_w4_a_rule_is_described_as_a_whole_but_for_being_on(shop: Any) -> None:
    await shop.apply(TWO.replace('name = "Gold"', 'name = "Gold"\nenabled = false'))
    applied = await shop.apply('[[rules]]\nname = "Gold"\nagents = ["amy"]\n')
    assert applied.changed == ["rule Gold", "order of the rules"]
    gold, thai = (await shop.directory()).rules.values()
    assert (gold.enabled, gold.when.tier, gold.priority, gold.skills) == (False, None, None, ())
    assert (gold.version, thai.version) == (2, 1)


async def test_r2_w4_the_files_order_is_the_order_and_others_stay_behind(shop: Any) -> None:
    await shop.apply(TWO)
    third = '[[rules]]\nname = "New"\nwhen = { contact = "new" }\nteam = "care"\n'
    applied = await shop.apply(third)
    assert (applied.created, applied.changed) == (["rule New"], [])
    assert names(await shop.directory()) == ["New", "Thai", "Gold"]
    gold = '[[rules]]\nname = "Gold"\nwhen = { tier = ["gold"] }\nagents = ["amy"]\n'
    await shop.apply(gold)
    assert names(await shop.directory()) == ["Gold", "New", "Thai"]
    before = await shop.events()
    assert (await shop.apply("rules = []\n")).changed == []
    assert names(await shop.directory()) == ["Gold", "New", "Thai"]
    assert await shop.events() == before


async def test_m11_hours_are_described_as_a_whole(shop: Any) -> None:
    await shop.apply(TWO)
    applied = await shop.apply('[[hours]]\nname = "shop"\nmon = ["10:00-11:00"]\n')
    assert applied.changed == ["hours shop"]
    week = (await shop.directory()).hours["shop"].week
    assert [len(day) for day in week] == [1, 0, 0, 0, 0, 0, 0]


async def test_r4_r7_r10_r12_settings_of_assignment_are_kept(shop: Any) -> None:
    text = """
    [workspace]
    skill_wait = "1m"
    take_back = "10m"
    off_duty = "keep"
    hours = "shop"
    exclude_tags = ["spam"]
    exclude_older_than = "2d"
    tiers = { gold = "high" }
    [[hours]]
    name = "shop"
    every_day = ["00:00-24:00"]
    [[agents]]
    nickname = "bo"
    skills = ["returns"]
    [[teams]]
    slug = "care"
    consider = "active"
    hours = "shop"
    exclude_tags = ["vip"]
    exclude_older_than = "1h"
    """
    await shop.apply(text)
    assert (await shop.apply(text)).changed == []
    directory = await shop.directory()
    settings = directory.settings
    assert (settings.skill_wait, settings.take_back) == (60_000, 600_000)
    assert (settings.off_duty, settings.hours) == (OffDuty.KEEP, "shop")
    assert (settings.exclude_tags, settings.exclude_older_than) == (("spam",), 172_800_000)
    assert settings.tiers == {"gold": Priority.HIGH}
    assert directory.agents[directory.nicknames["bo"]].skills == ("returns",)
    care = directory.team_named("care")
    assert (care.consider, care.hours) == ("active", "shop")
    assert (care.exclude_tags, care.exclude_older_than) == (("vip",), 3_600_000)
    off = '[workspace]\ntake_back = "off"\nhours = ""\ntiers = {}\n[[teams]]\nslug = "care"\n'
    await shop.apply(off + 'hours = ""\nexclude_older_than = "off"\n')
    directory = await shop.directory()
    assert (directory.settings.take_back, directory.settings.hours) == (None, None)
    assert directory.settings.tiers == {}
    care = directory.team_named("care")
    assert (care.hours, care.exclude_older_than) == (None, None)
