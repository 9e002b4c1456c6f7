"""Traffic: the same customers for the same seed, at the rates and in the shares that are asked."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from math import exp, log
from random import Random
from statistics import mean, stdev

import pytest
from tests.unit.simulate.shops import CHANNEL, HOUR, MINUTE

from inbox_tui.hours import read_calendar
from inbox_tui.simulate.duty import Duty, Shift, changes
from inbox_tui.simulate.laws import Exponential, Fixed, Law, LogNormal, Never, Seen
from inbox_tui.simulate.traffic import Choice, Group, Plan, hours_between, midnight
from inbox_tui.simulate.visits import Visit
from inbox_tui.wire.words import Category


def plan(rate: float = 60.0, days: int = 1, timezone: str = "UTC", **group: object) -> Plan:
    """Return a plan of one group; ``rate`` is that of every hour."""
    values = {"channels": Choice({CHANNEL: 1.0}), "service": Fixed(MINUTE), **group}
    return Plan(
        date(2026, 1, 5),
        days,
        timezone,
        [[rate] * 24] * 7,
        [Group("all", **values)],  # type: ignore[arg-type]
        earlier=("amy", "bo"),
    )


def told(visits: list[Visit]) -> list[object]:
    return [
        (one.at, one.hour, one.contact.channel, one.contact.language, one.returning, one.service)
        for one in visits
    ]


class TestLaws:
    """Times are drawn with the mean that was asked for."""

    @pytest.mark.parametrize(
        ("law", "deviation"),
        [
            (Exponential(240_000), 240_000),
            (LogNormal(240_000, 120_000), 120_000),
            (Seen([1_000, 2_000, 9_000]), 3_559),
        ],
    )
    def test_means_and_spreads(self, law: Law, deviation: float) -> None:
        chance = Random(7)
        times = [law.draw(chance) for _ in range(40_000)]
        assert mean(times) == pytest.approx(law.mean, rel=0.03)
        assert stdev(times) == pytest.approx(deviation, rel=0.05)

    def test_the_log_of_a_lognormal_is_normal(self) -> None:
        chance = Random(3)
        law = LogNormal(60_000, 60_000)
        logs = sorted(log(law.draw(chance)) for _ in range(20_001))
        assert exp(logs[10_000]) == pytest.approx(60_000 / 2**0.5, rel=0.02)

    def test_fixed_and_never(self) -> None:
        assert Fixed(5).draw(Random(1)) == 5
        assert Never().draw(Random(1)) == -1


class TestPlan:
    """Who comes, and when."""

    def test_the_same_seed_brings_the_same_customers(self) -> None:
        made = plan(returning=0.4, languages=Choice({"th": 0.8, "en": 0.2}))
        assert told(list(made.visits(5))) == told(list(made.visits(5)))
        assert told(list(made.visits(5))) != told(list(made.visits(6)))

    def test_in_order_and_in_time(self) -> None:
        made = plan(rate=200)
        visits = list(made.visits(1))
        assert all(one.at <= other.at for one, other in pairwise(visits))
        assert made.start <= visits[0].at
        assert visits[-1].at < made.end

    def test_as_many_as_the_rates_say(self) -> None:
        rates = [[0.0] * 8 + [100.0] * 8 + [20.0] * 8] * 5 + [[0.0] * 24] * 2
        made = Plan(date(2026, 1, 5), 70, "UTC", rates, plan().groups)
        visits = list(made.visits(1))
        by_hour = Counter(one.hour for one in visits)
        assert not any(by_hour[hour] for hour in range(8))
        assert by_hour[9] == pytest.approx(50 * 100, abs=4 * 5_000**0.5)
        assert by_hour[20] == pytest.approx(50 * 20, abs=4 * 1_000**0.5)
        weekdays = {datetime.fromtimestamp(one.at / 1000, UTC).weekday() for one in visits}
        assert weekdays == {0, 1, 2, 3, 4}

    def test_gaps_are_memoryless(self) -> None:
        """The share of gaps longer than the mean is 1/e."""
        visits = list(plan(rate=1_000).visits(2))
        gaps = [other.at - one.at for one, other in pairwise(visits)]
        usual = mean(gaps)
        longer = sum(gap > usual for gap in gaps) / len(gaps)
        assert longer == pytest.approx(exp(-1), abs=0.012)

    def test_shares(self) -> None:
        made = plan(
            rate=500,
            returning=0.3,
            languages=Choice({"th": 0.7, "en": 0.3}),
            tiers=Choice({"gold": 0.1, None: 0.9}),
            categories=Choice({Category.LOGISTICS: 0.25, None: 0.75}),
            tags=(("wholesale", 0.2),),
            dedicated=("amy",),
        )
        visits = list(made.visits(4))
        share = len(visits) / 100
        assert sum(one.returning for one in visits) / share == pytest.approx(30, abs=2)
        assert sum(one.contact.language == "th" for one in visits) / share == pytest.approx(
            70, abs=3
        )
        assert sum(one.contact.tier == "gold" for one in visits) / share == pytest.approx(10, abs=2)
        assert sum(one.category is not None for one in visits) / share == pytest.approx(25, abs=2)
        assert sum(bool(one.contact.tags) for one in visits) / share == pytest.approx(20, abs=2)
        assert {one.contact.dedicated for one in visits} == {"amy"}

    def test_who_comes_back_was_there_before(self) -> None:
        met: set[int] = set()
        for one in plan(rate=500, returning=0.5).visits(1):
            known = id(one.contact) in met or one.contact.before in ("amy", "bo")
            assert known == one.returning or not one.returning
            met.add(id(one.contact))


class TestClock:
    """Hours are those of the clock on the wall."""

    def test_a_day_begins_at_its_own_midnight(self) -> None:
        assert (
            midnight(date(2026, 1, 5), "Asia/Bangkok")
            == midnight(date(2026, 1, 5), "UTC") - 7 * HOUR
        )

    @pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
    def test_the_day_a_clock_is_changed(self, day: str, hours: int) -> None:
        begin = midnight(date.fromisoformat(day), "Europe/Berlin")
        found = list(hours_between(begin, begin + hours * HOUR, "Europe/Berlin"))
        assert len(found) == hours
        assert found[0][3] == 0
        assert found[-1][3] == 23
        assert all(one[1] == other[0] for one, other in pairwise(found))

    def test_half_hour_zones(self) -> None:
        begin = midnight(date(2026, 1, 5), "Asia/Kolkata")
        assert [hour for *_, hour in hours_between(begin, begin + 24 * HOUR, "Asia/Kolkata")] == [
            *range(24)
        ]


class TestShifts:
    """When agents are on duty."""

    begin = midnight(date(2026, 1, 5), "UTC")

    def line(self, *shifts: Shift, days: int = 1) -> list[Duty]:
        return [
            Duty((duty.at - self.begin) // HOUR, duty.present, duty.accepting)
            for duty in changes(shifts, self.begin, self.begin + days * 24 * HOUR)
        ]

    def test_a_day_with_a_break(self) -> None:
        work = read_calendar("work", {"every_day": ["09:00-18:00"]}, "UTC")
        breaks = read_calendar("breaks", {"every_day": ["12:00-13:00"]}, "UTC")
        assert self.line(Shift(work, breaks)) == [
            (0, False, False),
            (9, True, True),
            (12, True, False),
            (13, True, True),
            (18, False, False),
        ]

    def test_two_shifts_one_agent(self) -> None:
        early = Shift(read_calendar("a", {"mon": ["06:00-14:00"]}, "UTC"))
        late = Shift(read_calendar("b", {"mon": ["12:00-20:00"]}, "UTC"))
        assert self.line(early, late) == [(0, False, False), (6, True, True), (20, False, False)]

    def test_over_midnight(self) -> None:
        night = Shift(read_calendar("n", {"mon": ["22:00-06:00"]}, "UTC"))
        assert self.line(night, days=2) == [
            (0, False, False),
            (22, True, True),
            (30, False, False),
        ]
