"""How many agents each hour needs: as few as do, and proven by the simulator."""

from dataclasses import replace
from datetime import date

import pytest
from tests.unit.simulate.shops import CHANNEL, MINUTE, agent, shop, team

from inbox_tui.simulate import staffing, theory
from inbox_tui.simulate.laws import Exponential, Law, Never
from inbox_tui.simulate.shop import Channel
from inbox_tui.simulate.staffing import Goal, find_staff
from inbox_tui.simulate.traffic import HOUR, Choice, Group, Plan, Traffic
from inbox_tui.wire.words import Method

GOAL = Goal(0.9, MINUTE)
SERVICE = 5 * MINUTE


@pytest.fixture(autouse=True)
def _fewer_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staffing, "ENOUGH", 2_000)


def traffic(
    rates: list[float], *, channels: dict[str, float] | None = None, patience: Law | None = None
) -> Traffic:
    group = Group(
        "all",
        Choice(channels or {CHANNEL: 1.0}),
        Exponential(SERVICE),
        patience=patience or Never(),
        returning=0.5,
    )
    plan = Plan(date(2026, 1, 5), 1, "UTC", [rates] * 7, [group])
    return Traffic(plan.start, plan.end, "UTC", MINUTE, plan.visits, channels=plan.channels())


def test_a_level_day_needs_what_erlang_says() -> None:
    found = find_staff(shop(3), traffic([48.0] * 24), 1, GOAL)
    load = 48 * SERVICE / HOUR
    needed = next(
        servers
        for servers in range(1, 50)
        if theory.served_within(servers, load, SERVICE, MINUTE) >= GOAL.share
    )
    totals = [hour.total for hour in found.hours]
    assert found.queues == ("team:1",)
    assert all(abs(total - needed) <= 2 for total in totals)
    assert needed - 0.5 <= sum(totals) / 24 <= needed + 0.5


def test_only_hours_with_customers_need_anybody() -> None:
    rates = [0.0] * 9 + [40.0] * 4 + [0.0] * 11
    found = find_staff(shop(3), traffic(rates), 1, GOAL)
    assert [hour.hour for hour in found.hours if hour.total] == [9, 10, 11, 12]
    assert all(hour.within is None for hour in found.hours if not hour.came)


@pytest.mark.thorough
def test_patience_needs_fewer() -> None:
    level = [60.0] * 24
    patient = find_staff(shop(3), traffic(level), 1, Goal(0.7, MINUTE))
    hasty = find_staff(
        shop(3), traffic(level, patience=Exponential(2 * MINUTE)), 1, Goal(0.7, MINUTE)
    )
    assert sum(hour.total for hour in hasty.hours) < sum(hour.total for hour in patient.hours)


@pytest.mark.thorough
def test_each_queue_has_its_own() -> None:
    place = replace(
        shop([agent(1), agent(2), agent(3, limit=4), agent(4, limit=4)]),
        teams=(team([1, 2]), team([3, 4], Method.LEAST_OPEN, team_id=2)),
        channels={CHANNEL: Channel(1, 1), "telegram": Channel(2, 2)},
    )
    asked = traffic([40.0] * 24, channels={CHANNEL: 0.5, "telegram": 0.5})
    found = find_staff(place, asked, 1, GOAL)
    assert set(found.queues) == {"team:1", "team:2"}
    one = sum(hour.agents["team:1"] for hour in found.hours)
    four = sum(hour.agents["team:2"] for hour in found.hours)
    assert four < one  # each of them serves four at a time


@pytest.mark.thorough
def test_claimed_queues_count_too() -> None:
    found = find_staff(shop(3, Method.SELF_CLAIM), traffic([30.0] * 24), 1, GOAL)
    assert all(hour.total >= 3 for hour in found.hours)


def test_the_proof_is_on_others() -> None:
    found = find_staff(shop(3), traffic([48.0] * 24), 1, GOAL)
    assert found.sessions > 2_000
    assert sum(hour.reached for hour in found.hours) > 16
    assert found.reached == all(hour.reached for hour in found.hours)


def test_nobody_comes() -> None:
    found = find_staff(shop(3), traffic([0.0] * 24), 1, GOAL)
    assert found.reached
    assert not any(hour.total for hour in found.hours)
