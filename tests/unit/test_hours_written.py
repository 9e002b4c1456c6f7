"""How business hours are written (M11): what is taken, and how what is wrong is told."""

import json
import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_tui.hours import Calendar, Interval, WrongHours, from_json, read_calendar, to_json

MORNING, EVENING = Interval(540, 720), Interval(780, 1080)


def read(text: str, zone: str = "Asia/Bangkok") -> Calendar:
    """Return the calendar that a piece of TOML describes."""
    return read_calendar("shop", tomllib.loads(text), zone)


def faults(text: str) -> dict[tuple[str | int, ...], str]:
    """Return what is wrong in a piece of TOML."""
    with pytest.raises(WrongHours) as refused:
        read(text)
    return dict(refused.value.faults)


def test_m11_several_intervals_a_day_are_kept_in_their_order() -> None:
    hours = read('name = "x"\nmon = ["13:00-18:00", "9:00-12:00"]\nsun = []')
    assert hours.name == "shop"
    assert hours.timezone == "Asia/Bangkok"
    assert hours.week == ((MORNING, EVENING), *((),) * 6)


def test_m11_a_day_wins_over_weekdays_and_these_over_every_day() -> None:
    hours = read(
        'wed = []\nweekdays = ["13:00-18:00"]\nevery_day = ["09:00-12:00"]\n'
        'sun = ["00:00-24:00"]\ntimezone = "Europe/Berlin"'
    )
    assert hours.week == (
        *((EVENING,),) * 2,
        (),
        *((EVENING,),) * 2,
        (MORNING,),
        (Interval(0, 1440),),
    )
    assert hours.timezone == "Europe/Berlin"


def test_m11_an_interval_may_run_over_midnight_or_until_it() -> None:
    hours = read('fri = ["22:00-02:00"]\nsat = ["22:00-24:00"]\nsun = ["22:00-00:00"]')
    assert hours.week[4:] == (
        (Interval(1320, 1560),),
        (Interval(1320, 1440),),
        (Interval(1320, 1440),),
    )


def test_m11_holidays_are_closed_or_have_hours_of_their_own() -> None:
    hours = read(
        'every_day = ["09:00-12:00"]\nholidays = [{date = "2026-12-31", hours = ["13:00-18:00"]}, '
        '"2026-12-25", 2027-01-01, {date = 2027-01-02}]'
    )
    assert [(str(day), hours_) for day, hours_ in hours.holidays] == [
        ("2026-12-25", ()),
        ("2026-12-31", (EVENING,)),
        ("2027-01-01", ()),
        ("2027-01-02", ()),
    ]
    assert hours.hours_of(date(2026, 12, 31)) == (EVENING,)


@pytest.mark.parametrize(
    ("text", "path", "detail"),
    [
        ('mon = ["9-18"]', ("mon", 0), 'has to be an interval such as "09:00-18:00".'),
        ("mon = [900]", ("mon", 0), 'has to be an interval such as "09:00-18:00".'),
        ('mon = ["09:00-12:00", "13:00-18:60"]', ("mon", 1), "begin at 00:00 to 23:59"),
        ('mon = ["25:00-26:00"]', ("mon", 0), "end by 24:00"),
        ('mon = ["24:00-02:00"]', ("mon", 0), "begin at 00:00 to 23:59"),
        ('mon = ["22:00-24:01"]', ("mon", 0), "end by 24:00"),
        ('mon = ["09:00-09:00"]', ("mon", 0), 'a whole day is "00:00-24:00"'),
        ('mon = "09:00-18:00"', ("mon",), "has to be a list"),
        ('timezone = "Asia/Bangkog"\nmon = []', ("timezone",), "did you mean “Asia/Bangkok”?"),
        ("timezone = 7\nmon = []", ("timezone",), "has to be a text in quotes."),
        ("moon = []\nmon = []", ("moon",), "there is no key “moon”; did you mean “mon”?"),
        ('timezone = "UTC"', (), "has no hours"),
        (
            'mon = ["09:00-12:00", "11:59-13:00"]',
            ("mon", 1),
            "overlaps “09:00-12:00”.",
        ),
        (
            'mon = ["11:59-13:00", "09:00-12:00"]',
            ("mon", 0),
            "overlaps “09:00-12:00”.",
        ),
        (
            'mon = ["22:00-02:00"]\ntue = ["01:59-05:00"]',
            ("tue", 0),
            "overlaps “22:00-02:00” of mon, which runs over midnight.",
        ),
        (
            'sun = ["22:00-02:00"]\nmon = ["01:59-05:00"]',
            ("mon", 0),
            "overlaps “22:00-02:00” of sun, which runs over midnight.",
        ),
        (
            'every_day = ["08:00-09:00", "22:00-08:01"]',
            ("every_day", 0),
            "overlaps “22:00-08:01”",
        ),
        (
            'thu = ["22:00-02:00"]\nholidays = [{date = "2026-12-25", hours = ["01:00-03:00"]}]',
            ("holidays", 0, "hours", 0),
            "overlaps “22:00-02:00” of thu, which runs over midnight.",
        ),
        (
            'sat = ["01:00-02:00"]\nholidays = [{date = "2026-12-25", hours = ["22:00-02:00"]}]',
            ("holidays", 0, "hours", 0),
            "runs over midnight into “01:00-02:00” of sat.",
        ),
        (
            'mon = []\nholidays = [{date = "2026-12-26", hours = ["01:00-03:00"]}, '
            '{date = "2026-12-25", hours = ["22:00-02:00"]}]',
            ("holidays", 0, "hours", 0),
            "overlaps “22:00-02:00” of 2026-12-25, which runs over midnight.",
        ),
        ('mon = []\nholidays = ["25.12.2026"]', ("holidays", 0), "has to be a date"),
        ('mon = []\nholidays = ["2026-02-29"]', ("holidays", 0), "has to be a date"),
        ("mon = []\nholidays = [2026-12-25T00:00:00]", ("holidays", 0), "has to be a date"),
        ('mon = []\nholidays = ["9999-12-31"]', ("holidays", 0), "has to be a date"),
        ("mon = []\nholidays = [{}]", ("holidays", 0), "needs a date."),
        ('mon = []\nholidays = "2026-12-25"', ("holidays",), "has to be a list"),
        (
            'mon = []\nholidays = [{date = "2026-12-25", day = 1}]',
            ("holidays", 0, "day"),
            "there is no key “day”",
        ),
        (
            'mon = []\nholidays = ["2026-12-25", {date = 2026-12-25}]',
            ("holidays", 1, "date"),
            "has “2026-12-25” twice.",
        ),
        (
            'mon = []\nholidays = [{date = "2026-12-25", hours = ["x"]}]',
            ("holidays", 0, "hours", 0),
            "has to be an interval",
        ),
    ],
)
def test_m11_what_is_wrong_is_told_with_its_place(
    text: str, path: tuple[str | int, ...], detail: str
) -> None:
    found = faults(text)
    assert list(found) == [path]
    assert detail in found[path]


def test_m11_touching_intervals_do_not_overlap() -> None:
    hours = read(
        'mon = ["20:00-22:00", "22:00-02:00"]\ntue = ["02:00-05:00"]\n'
        'holidays = [{date = "2026-11-17", hours = ["02:00-03:00"]}]'
    )
    assert len(hours.week[0]) == 2


def test_m11_all_that_is_wrong_is_told_at_once() -> None:
    found = faults('timezone = "?"\nmon = ["x", "09:00-18:00"]\ntue = 3\nholidays = [1, "x"]')
    assert set(found) == {("timezone",), ("mon", 0), ("tue",), ("holidays", 0), ("holidays", 1)}


def test_m11_a_fault_shows_nothing_a_terminal_would_obey_and_is_short() -> None:
    (detail,) = faults(f'mon = []\n"\\u001b[31m{"x" * 200}" = 1').values()
    assert "\x1b" not in detail
    assert len(detail) < 80


def test_m11_what_is_stored_is_plain_json() -> None:
    hours = read('every_day = ["22:00-02:00"]\nholidays = ["2026-12-25"]')
    stored = json.dumps(to_json(hours))
    assert from_json(json.loads(stored)) == hours


_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=12),
        st.dates(),
        st.datetimes(),
        st.sampled_from(["09:00-18:00", "22:00-02:00", "24:00-24:00", "2026-12-25", "UTC"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["date", "hours", "x"]), inner, max_size=3),
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.one_of(
            st.sampled_from(["timezone", "every_day", "weekdays", "mon", "sun", "holidays"]),
            st.text(max_size=5),
        ),
        _VALUES,
        max_size=6,
    )
)
def test_m11_whatever_stands_in_a_file_is_a_calendar_or_refused(table: dict[str, Any]) -> None:
    try:
        hours = read_calendar("shop", table, "UTC")
    except WrongHours as refused:
        assert refused.faults  # noqa: PT017 - either is right
    else:
        assert from_json(to_json(hours)) == hours
