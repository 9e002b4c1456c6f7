"""Business hours (M11), held against a definition that walks the clock minute by minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from inbox_tui.hours import Calendar, Holiday, Interval, from_json, to_json
from inbox_tui.hours.overlap import can_be_open_outside

MINUTE = 60_000
DAY = 86_400_000
CLOCK_CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Casablanca", date(2026, 2, 15)),  # summer time is left for Ramadan
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("America/Havana", date(2026, 3, 8)),  # midnight is left out
    ("America/Havana", date(2026, 11, 1)),  # the hour from midnight comes twice
    ("America/Sao_Paulo", date(2018, 2, 18)),  # the hour before midnight comes twice
    ("Pacific/Apia", date(2011, 12, 30)),  # a whole day is left out
]
walks = settings(max_examples=30)
"""For what goes through days minute by minute."""

ZONES = ["Asia/Bangkok", "Asia/Kathmandu", "UTC", *sorted({zone for zone, _ in CLOCK_CHANGES})]


def ms(text: str, zone: str = "UTC", *, fold: int = 0) -> int:
    """Return a local time as UTC ms."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return round(local.timestamp() * 1000)


def span(text: str) -> Interval:
    """Return "22:00-02:00" as an interval."""
    start, end = (
        int(hour) * 60 + int(minute)
        for hour, minute in (time.split(":") for time in text.split("-"))
    )
    return Interval(start, end if end > start else end + 1440)


def calendar(zone: str, *every_day: str, holidays: dict[str, list[str]] | None = None) -> Calendar:
    """Return a calendar with the same hours on every day but holidays."""
    return Calendar(
        "shop",
        zone,
        (tuple(map(span, every_day)),) * 7,
        tuple(
            Holiday(date.fromisoformat(day), tuple(map(span, hours)))
            for day, hours in (holidays or {}).items()
        ),
    )


class Naive:
    """The definition, slowly: a clock on the wall whose hands are never turned back.

    It stands still while an hour is repeated, and leaps over what is left out. Open is when it
    shows a minute that is on the list of those of all intervals. It walks from six hours before
    ``first`` until it has shown ``days`` days.
    """

    def __init__(self, hours: Calendar, first: date, days: int) -> None:
        self.begins = ms(f"{first - timedelta(days=1)}T18:00", hours.timezone)
        self.open: list[bool] = []
        minutes = self._open_minutes(hours, first, days)
        zone = ZoneInfo(hours.timezone)
        latest = ""
        for seconds in range(self.begins // 1000, self.begins // 1000 + days * 86_400, 60):
            shown = datetime.fromtimestamp(seconds, zone).isoformat()[:16]
            latest = max(latest, shown)
            self.open.append(latest in minutes)

    @staticmethod
    def _open_minutes(hours: Calendar, first: date, days: int) -> set[str]:
        special = {holiday.day: holiday.hours for holiday in hours.holidays}
        minutes = set()
        for number in range(-2, days + 2):
            day = first + timedelta(days=number)
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            for start, end in special.get(day, hours.week[day.weekday()]):
                for minute in range(start, end):
                    shown = midnight + timedelta(minutes=minute)
                    minutes.add(shown.isoformat()[:16])
        return minutes

    def at(self, minute: int) -> int:
        """Return when a minute of the walk begins."""
        return self.begins + minute * MINUTE

    def changes(self) -> list[int]:
        """Return the minutes that are unlike the one before."""
        return [
            number + 1
            for number, (before, after) in enumerate(pairwise(self.open))
            if before != after
        ]


@st.composite
def days_hours(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Return intervals of one day, often at round times, sometimes over midnight or touching."""
    at_night = st.one_of(st.integers(0, 16), st.integers(90, 96)).map(lambda quarter: quarter * 15)
    edge = draw(
        st.sampled_from(
            [
                at_night,  # where clocks are changed
                st.one_of(st.integers(0, 1440), st.sampled_from([1, 1439, 1440]), at_night),
            ]
        )
    )
    edges = sorted(draw(st.lists(edge, max_size=6, unique=True)))
    pairs = [Interval(*pair) for pair in zip(edges[::2], edges[1::2], strict=False)]
    if len(edges) > 2 and draw(st.booleans()):
        pairs.append(Interval(edges[len(pairs) * 2 - 1], 1440 + draw(st.integers(0, edges[0]))))
    return tuple(pair for pair in pairs if pair.start < min(pair.end, 1440))


@st.composite
def calendars(draw: st.DrawFn, zone: str, around: date) -> Calendar:
    """Return a calendar with holidays near a date."""
    week = draw(
        st.one_of(
            days_hours().map(lambda hours: [hours] * 7),
            st.lists(days_hours(), min_size=7, max_size=7),
        )
    )
    near = st.integers(-3, 6).map(lambda number: around + timedelta(days=number))
    holidays = draw(st.dictionaries(near, st.one_of(st.just(()), days_hours()), max_size=3))
    try:
        return Calendar(
            "shop", zone, tuple(week), tuple(Holiday(*item) for item in holidays.items())
        )
    except ValueError:
        reject()


@st.composite
def calendars_and_dates(draw: st.DrawFn) -> tuple[Calendar, date]:
    """Return a calendar and a date: half of them where the clock is changed."""
    zone, around = draw(
        st.one_of(
            st.sampled_from(CLOCK_CHANGES),
            st.tuples(st.sampled_from(ZONES), st.dates(date(2000, 1, 1), date(2060, 1, 1))),
        )
    )
    return draw(calendars(zone, around)), around


@walks
@given(calendars_and_dates())
def test_m11_every_boundary_is_where_a_slow_definition_has_it(
    made: tuple[Calendar, date],
) -> None:
    hours, around = made
    naive = Naive(hours, around - timedelta(days=1), 3)
    for minute in naive.changes():
        at = naive.at(minute)
        opens = naive.open[minute]
        assert [hours.is_open(at + near) for near in (-1, 0, 1)] == [not opens, opens, opens]
    step = 7  # boundaries that should not be there either
    walked = [hours.is_open(naive.at(minute)) for minute in range(0, len(naive.open), step)]
    assert walked == naive.open[::step]


@pytest.mark.parametrize("phase", [0, 15, 30, 45])
@pytest.mark.parametrize(("zone", "day"), CLOCK_CHANGES)
def test_m11_every_quarter_of_the_night_in_which_the_clock_is_changed(
    zone: str, day: date, phase: int
) -> None:
    halves = tuple(Interval(start, start + 30) for start in range(phase, 1440, 60))
    hours = Calendar("shop", zone, (halves,) * 7)
    naive = Naive(hours, day, 2)
    assert [hours.is_open(naive.at(minute)) for minute in range(len(naive.open))] == naive.open
    at = naive.begins
    for change in naive.changes():
        at = hours.next_change(at) or 0
        assert at == naive.at(change)


@walks
@given(calendars_and_dates(), st.data())
def test_m11_the_next_change_is_the_next_change(
    made: tuple[Calendar, date], data: st.DataObject
) -> None:
    hours, around = made
    naive = Naive(hours, around - timedelta(days=1), 3)
    changes = [naive.at(minute) for minute in naive.changes()]
    end = naive.at(len(naive.open))
    anywhere = st.integers(naive.begins, end - 1)
    moments = data.draw(st.lists(anywhere, min_size=1, max_size=5))
    for at in (*moments, *(change + near for change in changes for near in (-1, 0))):
        expected = next((change for change in changes if change > at), None)
        found = hours.next_change(at)
        if expected is None:
            assert found is None or found >= end
        else:
            assert found == expected


@walks
@given(calendars_and_dates(), st.integers(-5 * DAY, 400 * DAY))
def test_m11_nothing_changes_before_the_next_change(made: tuple[Calendar, date], away: int) -> None:
    hours, around = made
    at = ms(str(around)) + away
    change = hours.next_change(at)
    until = at + 16 * DAY if change is None else change
    state = hours.is_open(at)
    # Edges lie on whole minutes: every quarter of an hour, and each minute near the end.
    for moment in (
        *range(at, until, 15 * MINUTE)[:2000],
        *range(until - 60 * MINUTE, until, MINUTE),
    ):
        if moment >= at:
            assert hours.is_open(moment) is state
    if change is not None:
        assert hours.is_open(change) is not state
        assert hours.is_open(change - 1) is state
        assert change > at


@walks
@given(calendars_and_dates(), st.integers(-5 * DAY, 400 * DAY))
def test_m11_the_next_opening_is_now_or_the_next_change(
    made: tuple[Calendar, date], away: int
) -> None:
    hours, around = made
    at = ms(str(around)) + away
    opening = hours.next_open(at)
    assert opening == (at if hours.is_open(at) else hours.next_change(at))
    assert opening is None or hours.is_open(opening)


@walks
@given(calendars_and_dates())
def test_m11_a_calendar_survives_being_stored(made: tuple[Calendar, date]) -> None:
    hours, _ = made
    assert from_json(to_json(hours)) == hours


def test_m11_open_at_nine_closed_at_six_to_the_millisecond() -> None:
    hours = calendar("Asia/Bangkok", "09:00-12:00", "13:00-18:00")
    for text, opens in [("09:00", True), ("12:00", False), ("13:00", True), ("18:00", False)]:
        at = ms(f"2026-11-17T{text}", "Asia/Bangkok")
        assert [hours.is_open(at - 1), hours.is_open(at)] == [not opens, opens]
        assert hours.next_change(at - 1) == at


def test_m11_midnight_closes_to_the_last_millisecond_and_touching_days_do_not() -> None:
    evening = calendar("UTC", "18:00-24:00")
    midnight = ms("2026-11-18T00:00")
    assert evening.is_open(midnight - 1)
    assert not evening.is_open(midnight)
    assert evening.next_change(midnight - 1) == midnight
    night = calendar("UTC", "00:00-06:00", "18:00-24:00")
    assert night.next_change(midnight - 1) == ms("2026-11-18T06:00")


def test_m11_a_window_over_midnight_goes_on_into_monday_and_into_a_holiday() -> None:
    hours = calendar("Europe/Berlin", "22:00-02:00", holidays={"2026-12-25": []})
    sunday_night = ms("2026-11-23T01:59:59.999", "Europe/Berlin")
    assert hours.is_open(sunday_night)
    assert not hours.is_open(sunday_night + 1)
    assert hours.is_open(ms("2026-12-25T01:59", "Europe/Berlin"))  # begun on the 24th
    assert not hours.is_open(ms("2026-12-25T23:00", "Europe/Berlin"))
    assert not hours.is_open(ms("2026-12-26T01:00", "Europe/Berlin"))
    assert hours.next_change(ms("2026-12-25T02:00", "Europe/Berlin")) == ms(
        "2026-12-26T22:00", "Europe/Berlin"
    )


def test_m11_a_holiday_has_hours_of_its_own() -> None:
    hours = calendar("UTC", "09:00-18:00", holidays={"2026-12-31": ["10:00-12:00"]})
    changes = [ms("2026-12-30T18:00")]
    for _ in range(3):
        change = hours.next_change(changes[-1])
        assert change is not None
        changes.append(change)
    assert changes[1:] == [ms("2026-12-31T10:00"), ms("2026-12-31T12:00"), ms("2027-01-01T09:00")]


def test_m11_a_repeated_hour_neither_opens_nor_closes_twice() -> None:
    zone = "Europe/Berlin"
    hours = calendar(zone, "09:00-17:00", "22:00-02:30")
    first, second = ms("2026-10-25T02:30", zone), ms("2026-10-25T02:30", zone, fold=1)
    assert second - first == 60 * MINUTE
    assert hours.next_change(first - 1) == first
    assert not hours.is_open(ms("2026-10-25T02:10", zone, fold=1))
    assert hours.next_change(first) == ms("2026-10-25T09:00", zone)
    early = calendar(zone, "02:30-06:00")
    assert early.next_change(first - 1) == first
    assert early.is_open(ms("2026-10-25T02:10", zone, fold=1))
    assert early.next_change(first) == ms("2026-10-25T06:00", zone)


def test_m11_what_the_clock_leaves_out_begins_and_ends_at_the_jump() -> None:
    zone = "America/New_York"
    jump = ms("2026-03-08T03:00", zone)
    yesterday = ms("2026-03-08T01:00", zone)
    assert calendar(zone, "02:30-06:00").next_change(yesterday) == jump
    assert calendar(zone, "00:00-02:30").next_change(yesterday) == jump
    assert calendar(zone, "02:10-02:50").next_change(yesterday) == ms("2026-03-09T02:10", zone)


def test_m11_day_and_night_without_holidays_never_changes() -> None:
    for hours in (calendar("Europe/Berlin", "00:00-24:00"), calendar("Europe/Berlin")):
        at = ms("2026-10-20T12:00")
        assert hours.next_change(at) is None
        assert hours.next_open(at) == (at if hours.is_open(at) else None)
        assert hours.is_open(at) == bool(hours.week[0])


def test_m11_a_change_is_found_behind_a_year_of_holidays() -> None:
    first = date(2026, 1, 1)
    closed: dict[str, list[str]] = {str(first + timedelta(days=day)): [] for day in range(400)}
    hours = calendar("Asia/Bangkok", "09:00-18:00", holidays=closed)
    opening = ms("2027-02-05T09:00", "Asia/Bangkok")
    assert hours.next_open(ms("2025-12-31T18:00", "Asia/Bangkok")) == opening


@pytest.mark.parametrize(
    ("week", "holidays"),
    [
        ([["09:00-18:00"]] * 6, []),
        ([["09:00-12:00", "11:59-13:00"], [], [], [], [], [], []], []),
        ([["22:00-02:00"], ["01:00-05:00"], [], [], [], [], []], []),
        ([["01:00-05:00"], [], [], [], [], [], ["22:00-02:00"]], []),
        ([["09:00-18:00"]] * 7, [("2026-12-25", []), ("2026-12-25", [])]),
        ([["09:00-18:00"]] * 7, [("2026-12-24", ["22:00-09:01"])]),
        ([["22:00-09:00"]] * 7, [("2026-12-24", ["08:59-12:00"])]),
    ],
)
def test_m11_a_calendar_that_is_none_is_refused(
    week: list[list[str]], holidays: list[tuple[str, list[str]]]
) -> None:
    with pytest.raises(ValueError, match=r"overlap|seven days|twice"):
        Calendar(
            "shop",
            "UTC",
            tuple(tuple(map(span, hours)) for hours in week),
            tuple(
                Holiday(date.fromisoformat(day), tuple(map(span, hours))) for day, hours in holidays
            ),
        )


@pytest.mark.parametrize("interval", [(60, 60), (60, 1500), (1440, 1500), (-1, 60), (0, 1441)])
def test_m11_an_interval_lies_within_a_day_and_a_night(interval: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no interval"):
        Calendar("shop", "UTC", ((Interval(*interval),), *((),) * 6))


def test_m11_an_unknown_zone_is_refused() -> None:
    for zone in ("Mars/Base", "", "../etc/passwd", "Europe"):
        with pytest.raises(ValueError, match="no time zone"):
            calendar(zone, "09:00-18:00")


def test_m11_the_same_hours_are_at_other_moments_in_another_zone() -> None:
    at = datetime(2026, 11, 17, 3, 0, tzinfo=UTC).timestamp() * 1000
    assert calendar("Asia/Bangkok", "09:00-18:00").is_open(int(at))
    assert not calendar("Europe/Berlin", "09:00-18:00").is_open(int(at))


@pytest.mark.parametrize(
    ("opened", "closed", "can"),
    [
        (["09:00-18:00"], ["09:00-18:00"], False),
        (["10:00-12:00"], ["09:00-18:00"], False),
        (["10:00-12:00"], ["09:00-11:00", "11:00-18:00"], False),
        (["08:59-12:00"], ["09:00-18:00"], True),
        (["22:00-02:00"], ["00:00-03:00", "21:00-24:00"], False),
        (["22:00-02:00"], ["21:00-24:00"], True),
    ],
)
def test_r2_hours_that_are_only_open_while_others_are(
    opened: list[str], closed: list[str], can: bool
) -> None:
    zone = "Europe/Berlin"
    assert can_be_open_outside([calendar(zone, *opened)], [calendar(zone, *closed)]) is can


def test_r2_a_holiday_may_be_the_only_time_hours_are_open_alone() -> None:
    always = calendar("UTC", "09:00-18:00")
    but_new_year = calendar("UTC", "09:00-18:00", holidays={"2027-01-01": []})
    assert can_be_open_outside([always], [but_new_year])
    assert not can_be_open_outside([but_new_year], [always])
    at_night = calendar("UTC", "09:00-18:00", holidays={"2027-01-01": ["22:00-02:00"]})
    assert can_be_open_outside([at_night], [always]), "until two on the day after"


def test_r2_hours_of_several_zones_are_not_compared() -> None:
    here, there = calendar("Asia/Bangkok", "10:00-12:00"), calendar("UTC", "09:00-18:00")
    assert can_be_open_outside([here], [there])
    assert can_be_open_outside([here], [])
