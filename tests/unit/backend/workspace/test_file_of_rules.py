"""Rules, business hours and what goes with them in the workspace file (R2-R4, R6, M11, W4)."""

from dataclasses import replace
from typing import Any

import pytest

from inbox_tui.backend.workspace.file import parse
from inbox_tui.backend.workspace.plan import Known
from inbox_tui.errors import InvalidWorkspace
from inbox_tui.hours import Calendar, Interval
from inbox_tui.wire.rules import Conditions, RuleDraft
from inbox_tui.wire.words import (
    Category,
    ChannelKind,
    Consider,
    ContactKind,
    Method,
    OffDuty,
    Priority,
)

WHOLE = """
[workspace]
timezone = "Asia/Bangkok"
skill_wait = "90s"
take_back = "10m"
off_duty = "reroute_outside_hours"
hours = "shop"
exclude_tags = ["spam"]
exclude_older_than = "2d"
[workspace.tiers]
gold = "high"
silver = "normal"

[[hours]]
name = "shop"
weekdays = ["09:00-12:00", "13:00-18:00"]
sat = ["22:00-02:00"]
holidays = ["2026-12-25", { date = "2026-12-31", hours = ["09:00-12:00"] }]

[[hours]]
name = "night"
timezone = "Europe/Berlin"
every_day = ["22:00-06:00"]

[[agents]]
nickname = "amy"
skills = ["returns", "refunds"]

[[agents]]
nickname = "bo"

[[teams]]
slug = "sales"
consider = "active"
hours = "night"
exclude_tags = ["vip"]
exclude_older_than = "12h"

[[channels]]
slug = "line-main"
kind = "line"

[[rules]]
name = "Thai sales"
when = { channel = ["line-main"], language = ["th"], keyword = ["ราคา", "how much"] }
team = "sales"
method = "least_open"

[[rules]]
name = "Gold at night"
enabled = false
agents = ["amy", "bo"]
consider = "active"
priority = "urgent"
skills = ["returns"]
[rules.when]
category = ["after_sale"]
tag = ["vip"]
tier = ["gold"]
contact = "returning"
business_hours = ["night"]
outside_business_hours = ["shop"]
"""

PEOPLE = """[[agents]]
nickname = "amy"
[[teams]]
slug = "sales"
[[hours]]
name = "shop"
every_day = ["09:00-18:00"]
"""
LINES = PEOPLE.count("\n")


def refused(text: str, known: Known | None = None) -> InvalidWorkspace:
    with pytest.raises(InvalidWorkspace) as caught:
        parse(text, {}, known)
    return caught.value


def test_r2_m11_w4_the_whole_file_becomes_a_plan() -> None:
    plan = parse(WHOLE, {})
    assert plan.settings == {
        "timezone": "Asia/Bangkok",
        "skill_wait": 90_000,
        "take_back": 600_000,
        "off_duty": OffDuty.REROUTE_OUTSIDE_HOURS,
        "hours": "shop",
        "exclude_tags": ["spam"],
        "exclude_older_than": 172_800_000,
        "tiers": {"gold": Priority.HIGH, "silver": Priority.NORMAL},
    }
    assert plan.agents[0].values == {"skills": ["returns", "refunds"]}
    assert plan.teams[0].values == {
        "consider": Consider.ACTIVE,
        "hours": "night",
        "exclude_tags": ["vip"],
        "exclude_older_than": 43_200_000,
    }
    shop, night = plan.hours
    assert (shop.name, shop.timezone, night.timezone) == ("shop", "Asia/Bangkok", "Europe/Berlin")
    assert shop.week[0] == (Interval(540, 720), Interval(780, 1080))
    assert shop.week[5:] == ((Interval(1320, 1560),), ())
    assert len(shop.holidays) == 2
    assert plan.rules == (
        RuleDraft(
            name="Thai sales",
            when=Conditions(channel=["line-main"], language=["th"], keyword=["ราคา", "how much"]),
            team="sales",
            method=Method.LEAST_OPEN,
        ),
        RuleDraft(
            name="Gold at night",
            enabled=False,
            when=Conditions(
                category=[Category.AFTER_SALE],
                tag=["vip"],
                tier=["gold"],
                contact=ContactKind.RETURNING,
                business_hours=["night"],
                outside_business_hours=["shop"],
            ),
            agents=["amy", "bo"],
            consider=Consider.ACTIVE,
            priority=Priority.URGENT,
            skills=["returns"],
        ),
    )


def test_r10_r4_off_and_nothing_take_back_what_was_set() -> None:
    text = (
        '[workspace]\ntake_back = "off"\nexclude_older_than = "off"\nhours = ""\nskill_wait = 0\n'
    )
    assert parse(text, {}).settings == {
        "take_back": None,
        "exclude_older_than": None,
        "hours": None,
        "skill_wait": 0,
    }
    text = '[[teams]]\nslug = "a"\nexclude_older_than = ""\nhours = ""\n'
    assert parse(text, {}).teams[0].values == {"exclude_older_than": None, "hours": None}


BAD = [
    # text behind PEOPLE, path, line behind them, a part of what is said
    ('[workspace]\ntake_back = "0s"', "workspace.take_back", 2, "longer than nothing"),
    ('[workspace]\noff_duty = "kep"', "workspace.off_duty", 2, "“keep”?"),
    ('[workspace]\nhours = "shp"', "workspace.hours", 2, "did you mean “shop”?"),
    ('[workspace]\ntiers = "gold"', "workspace.tiers", 2, "[workspace.tiers]"),
    ('[workspace.tiers]\ngold = "hihg"', "workspace.tiers.gold", 2, "“high”?"),
    ('[[teams]]\nslug = "x"\nhours = "night"', "teams[1].hours", 3, "named “night”"),
    ('[[teams]]\nslug = "x"\nconsider = "all"', "teams[1].consider", 3, "online, active"),
    ("[[hours]]\nevery_day = []", "hours[1]", 1, "name is missing"),
    ('[[hours]]\nname = ""\nmon = []', "hours[1].name", 2, "empty"),
    ('[[hours]]\nname = "shop"\nmon = []', "hours[1].name", 2, "the same as hours[0].name"),
    ('[[hours]]\nname = "x"', "hours[1]", 1, "has no hours"),
    ('[[hours]]\nname = "x"\nmoday = []\nmon = []', "hours[1].moday", 3, "no key “moday”"),
    ('[[hours]]\nname = "x"\nmon = ["9 to 5"]', "hours[1].mon[0]", 3, "09:00-18:00"),
    (
        '[[hours]]\nname = "x"\nmon = [\n  "09:00-12:00",\n  "11:00-13:00",\n]',
        "hours[1].mon[1]",
        5,
        "overlaps “09:00-12:00”",
    ),
    (
        '[[hours]]\nname = "x"\nmon = ["22:00-02:00"]\ntue = ["01:00-03:00"]',
        "hours[1].tue[0]",
        4,
        "runs over midnight",
    ),
    (
        '[[hours]]\nname = "x"\nevery_day = ["09:00-10:00"]\nholidays = ["2026-02-30"]',
        "hours[1].holidays[0]",
        4,
        "a date such as",
    ),
    (
        '[[hours]]\nname = "x"\nmon = []\ntimezone = "Asia/Bankok"',
        "hours[1].timezone",
        4,
        "Bangkok",
    ),
    ('[rules]\nname = "x"', "rules", 1, "[[rules]]"),
    ('[[rules]]\nteam = "sales"', "rules[0]", 1, "name is missing"),
    (
        '[[rules]]\nname = "x"\nteam = "sales"\nenabled = false\n'
        '[[rules]]\nname = "x"\nteam = "sales"',
        "rules[1].name",
        6,
        "the same as rules[0].name",
    ),
    ('[[rules]]\nname = "x"', "rules[0]", 1, "neither team nor agents"),
    ('[[rules]]\nname = "x"\nteam = "salse"', "rules[0].team", 3, "did you mean “sales”?"),
    ('[[rules]]\nname = "x"\nagents = []', "rules[0].agents", 3, "empty list: nobody"),
    ('[[rules]]\nname = "x"\nagents = ["eve"]', "rules[0].agents[0]", 3, "no agent “eve”"),
    ('[[rules]]\nname = "x"\nagents = ["amy", "amy"]', "rules[0].agents", 3, "“amy” twice"),
    (
        '[[rules]]\nname = "x"\nteam = "sales"\nagents = ["amy"]',
        "rules[0].agents",
        4,
        "to a team or to agents",
    ),
    ('[[rules]]\nname = "x"\nteam = 5', "rules[0].team", 3, "text in quotes"),
    ('[[rules]]\nname = "x"\nteam = "sales"\nmetod = 1', "rules[0].metod", 4, "“method”?"),
    ('[[rules]]\nname = "x"\nteam = "sales"\nmethod = "any"', "rules[0].method", 4, "one of"),
    ('[[rules]]\nname = "x"\nteam = "sales"\nenabled = 1', "rules[0].enabled", 4, "true or false"),
    ('[[rules]]\nname = "x"\nteam = "sales"\nwhen = []', "rules[0].when", 4, "a table"),
]

BAD_CONDITIONS = [
    # when, path in it, a part of what is said
    ("chanel = []", "chanel", "did you mean “channel”?"),
    ('channel = ["fax"]', "channel[0]", "no channel “fax”"),
    ("channel = []", "channel", "nothing can meet"),
    ("language = []", "language", "nothing can meet"),
    ('language = ["thai please"]', "language", "language code"),
    ('category = ["presale"]', "category", "“pre_sale”?"),
    ("category = []", "category", "nothing can meet"),
    ("keyword = []", "keyword", "nothing can meet"),
    ('keyword = [""]', "keyword", "is empty"),
    ('keyword = ["e\u0301", "\u0301"]', "keyword[1]", "nothing that could be found"),
    ("tag = []", "tag", "nothing can meet"),
    ('tag = ["a", "a"]', "tag", "“a” twice"),
    ("tier = []", "tier", "nothing can meet"),
    ('contact = "old"', "contact", "new, returning"),
    ('contact = ["new"]', "contact", "new, returning"),
    ('business_hours = ["night"]', "business_hours[0]", "named “night”"),
    ("business_hours = []", "business_hours", "nothing can meet"),
    ("outside_business_hours = []", "outside_business_hours", "nothing can meet"),
    ('outside_business_hours = ["shp"]', "outside_business_hours[0]", "did you mean “shop”?"),
    (
        'business_hours = ["shop"], outside_business_hours = ["shop"]',
        "business_hours[0]",
        "never open and closed at the same time",
    ),
]


def check(text: str, path: str, line: int, said: str) -> None:
    error = refused(PEOPLE + text)
    assert (error.data["path"], error.data["line"]) == (path, LINES + line)
    assert said in error.detail
    assert len(error.data["errors"]) == 1, error.data["errors"]


@pytest.mark.parametrize(("text", "path", "line", "said"), BAD)
def test_r2_m11_w4_a_wrong_file_names_the_path_and_the_line(
    text: str, path: str, line: int, said: str
) -> None:
    check(text, path, line, said)


@pytest.mark.parametrize(("when", "path", "said"), BAD_CONDITIONS)
def test_r2_r6_a_condition_that_can_never_hold_is_refused_with_the_reason(
    when: str, path: str, said: str
) -> None:
    check(
        f'[[rules]]\nname = "x"\nteam = "sales"\nwhen = {{ {when} }}',
        f"rules[0].when.{path}",
        4,
        said,
    )


def test_m11_a_condition_on_hours_that_never_open_can_never_hold() -> None:
    text = '[[hours]]\nname = "shut"\nevery_day = []\n'
    rule = '[[rules]]\nname = "x"\nteam = "sales"\nwhen = { business_hours = ["shut"] }\n'
    check(text + rule, "rules[0].when.business_hours[0]", 7, "is never open")
    parse(PEOPLE + text + rule.replace("business", "outside_business"), {})


def test_m11_a_condition_on_hours_that_never_close_can_never_hold() -> None:
    text = '[[hours]]\nname = "open"\nevery_day = ["00:00-12:00", "12:00-24:00"]\n'
    rule = '[[rules]]\nname = "x"\nteam = "sales"\nwhen = { outside_business_hours = ["open"] }\n'
    check(text + rule, "rules[0].when.outside_business_hours[0]", 7, "is never closed")
    parse(PEOPLE + text + 'holidays = ["2026-12-25"]\n' + rule, {})


def test_r2_hours_inside_those_that_must_be_closed_can_never_hold() -> None:
    text = '[[hours]]\nname = "desk"\nevery_day = ["10:00-12:00"]\n'
    when = 'when = { business_hours = ["desk"], outside_business_hours = ["shop"] }'
    rule = f'[[rules]]\nname = "x"\nteam = "sales"\n{when}\n'
    check(text + rule, "rules[0].when.business_hours[0]", 7, "is only open while")
    parse(PEOPLE + text.replace("12:00", "19:00") + rule, {})


def test_r2_a_rule_that_is_wrong_covers_no_other() -> None:
    rule = '[[rules]]\nname = "x"\nteam = "sales"\nwhen = { keyword = [" "] }\n'
    error = refused(PEOPLE + rule + rule.replace('"x"', '"y"').replace('[" "]', '["a"]'))
    assert [each["path"] for each in error.data["errors"]] == ["rules[0].when.keyword"]


def test_m11_hours_that_are_wrong_make_nobody_else_wrong() -> None:
    text = '[workspace]\nhours = "x"\n[[hours]]\nname = "x"\nmon = ["9"]\n'
    rule = '[[rules]]\nname = "x"\nteam = "sales"\nwhen = { business_hours = ["x"] }\n'
    check(text + rule, "hours[1].mon[0]", 5, "interval")


def test_r2_all_faults_of_a_rule_are_told_at_once() -> None:
    text = '[[rules]]\nwhen = { channel = ["x"], tag = [], colour = 1 }\n'
    text += 'agents = ["eve"]\nmethod = "x"\n'
    paths = {fault["path"] for fault in refused(PEOPLE + text).data["errors"]}
    assert paths == {
        "rules[0]",
        "rules[0].when.channel[0]",
        "rules[0].when.tag",
        "rules[0].when.colour",
        "rules[0].agents[0]",
        "rules[0].method",
    }


EVERYTHING = ""
UNREACHABLE = [
    # the conditions of a rule, of one behind it, whether that one can still be reached
    (EVERYTHING, EVERYTHING, False),
    (EVERYTHING, 'language = ["th"]', False),
    ('language = ["th"]', EVERYTHING, True),
    ('language = ["th"]', 'language = ["th"]', False),
    ('language = ["th", "en"]', 'language = ["en"], contact = "new"', False),
    ('language = ["th"]', 'language = ["th", "en"]', True),
    ('language = ["th"], tag = ["vip"]', 'language = ["th"]', True),
    ('contact = "new"', 'contact = "returning"', True),
    ('contact = "new"', 'contact = "new", tag = ["vip"]', False),
    ('keyword = ["order"]', 'keyword = ["My ORDERS"]', False),
    ('keyword = ["my orders"]', 'keyword = ["order"]', True),
    ('business_hours = ["shop"]', 'business_hours = ["shop"], tier = ["gold"]', False),
    ('outside_business_hours = ["shop"]', 'outside_business_hours = ["shop", "late"]', False),
    ('outside_business_hours = ["shop", "late"]', 'outside_business_hours = ["shop"]', True),
]


@pytest.mark.parametrize(("first", "second", "reached"), UNREACHABLE)
def test_r2_a_rule_behind_one_that_takes_everything_is_refused(
    first: str, second: str, reached: bool
) -> None:
    late = '[[hours]]\nname = "late"\nevery_day = ["20:00-22:00"]\n'
    rules = f'[[rules]]\nname = "one"\nteam = "sales"\nwhen = {{ {first} }}\n'
    rules += f'[[rules]]\nname = "two"\nteam = "sales"\nwhen = {{ {second} }}\n'
    if reached:
        parse(PEOPLE + late + rules, {})
    else:
        check(late + rules, "rules[1]", 8, "“one” stands before it")
    for name in ("one", "two"):
        switched = rules.replace(f'name = "{name}"', f'name = "{name}"\nenabled = false')
        parse(PEOPLE + late + switched, {})


def test_r2_whether_a_rule_is_on_stays_as_it_is_where_the_file_does_not_say() -> None:
    text = (
        PEOPLE
        + '[[rules]]\nname = "one"\nteam = "sales"\n[[rules]]\nname = "two"\nteam = "sales"\n'
    )
    assert refused(text).data["path"] == "rules[1]"
    plan = parse(text, {}, Known(rules={"one": False, "two": True}))
    assert [rule.enabled for rule in plan.rules] == [False, True]
    assert refused(text, Known(rules={"one": True})).data["path"] == "rules[1]"


def test_r2_m11_what_is_there_already_may_be_referred_to() -> None:
    week = ((Interval(540, 1080),),) * 7
    known = Known(
        frozenset({"amy"}),
        frozenset({"sales"}),
        {"x": ChannelKind.LINE},
        {"shop": Calendar("shop", "UTC", week)},
    )
    rule = '[[rules]]\nname = "a"\nagents = ["amy"]\n'
    rule += 'when = { channel = ["x"], business_hours = ["shop"] }\n'
    plan = parse('[workspace]\nhours = "shop"\n' + rule, {}, known)
    assert plan.rules[0].when.business_hours == ["shop"]
    refused(rule, replace(known, hours={}))


def test_m11_hours_without_a_time_zone_have_the_workspaces() -> None:
    text = '[[hours]]\nname = "shop"\nmon = ["09:00-10:00"]\n'
    zones: list[Any] = [
        parse(text, {}).hours[0].timezone,
        parse(text, {}, Known(timezone="Asia/Bangkok")).hours[0].timezone,
        parse('[workspace]\ntimezone = "Europe/Berlin"\n' + text, {}).hours[0].timezone,
    ]
    assert zones == ["UTC", "Asia/Bangkok", "Europe/Berlin"]


def test_r2_r4_languages_are_kept_in_one_case_so_that_they_can_match() -> None:
    rule = '[[rules]]\nname = "x"\nteam = "sales"\n'
    rule += 'when = { language = ["TH", "zh-hant", "en-us"] }\n'
    (kept,) = parse(PEOPLE + rule, {}).rules
    assert kept.when.language == ["th", "zh-Hant", "en-US"]
