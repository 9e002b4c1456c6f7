"""The simulated shop against Erlang C and Erlang A (O7).

A plain pool: one team, limit 1, exponential times, nothing else in the way. Each figure is the mean
of independent runs, and the value of the formula has to lie in its 99.9% confidence interval
(Student's t). Seeds are fixed, so that a test either always passes or never does.
"""

from collections.abc import Sequence
from datetime import date
from math import sqrt
from statistics import mean, stdev

import pytest
from tests.unit.simulate.shops import CHANNEL, shop, simulate

from inbox_tui.simulate import theory
from inbox_tui.simulate.laws import Exponential, Law, Never
from inbox_tui.simulate.run import Outcome
from inbox_tui.simulate.traffic import HOUR, Choice, Group, Plan, Traffic
from inbox_tui.wire.words import Method

RUNS = 16
T_999 = 4.073
"""Student's t of 15 degrees of freedom, 99.9% two-sided."""
SERVICE = 240_000
TARGET = 60_000
WARM_UP = 6 * HOUR


def plain_pool(load: float, patience: Law, days: int) -> Traffic:
    group = Group("all", Choice({CHANNEL: 1.0}), Exponential(SERVICE), patience=patience)
    rates = [[load / SERVICE * HOUR] * 24] * 7
    plan = Plan(date(2026, 1, 5), days, "UTC", rates, [group])
    return Traffic(
        start=plan.start,
        end=plan.end,
        timezone="UTC",
        target=TARGET,
        visits=plan.visits,
        counted_from=plan.start + WARM_UP,
        channels=(CHANNEL,),
    )


def agrees(found: Sequence[float], theory_says: float) -> bool:
    """Say whether the formula lies within the confidence interval, and that this says something."""
    half = T_999 * stdev(found) / sqrt(len(found))
    assert half < 0.35 * theory_says, "too few sessions to tell"
    return abs(mean(found) - theory_says) <= half


class Shares:
    """The figures of a run that the formulas have too."""

    def __init__(self, outcome: Outcome) -> None:
        slots = outcome.tally.slots
        answered = [wait for slot in slots for wait in slot.waits]
        left = [wait for slot in slots for wait in slot.left]
        came = sum(slot.came for slot in slots)
        self.waits = (sum(wait > 0 for wait in answered) + len(left)) / came
        self.mean = (sum(answered) + sum(left)) / came
        self.within = sum(wait <= TARGET for wait in answered) / came
        self.left = len(left) / came
        self.queue = outcome.tally.queue.area / (outcome.end - outcome.start)


def runs(agents: int, traffic: Traffic, method: Method) -> list[Shares]:
    place = shop(agents, method)
    return [Shares(simulate(place, traffic, seed)) for seed in range(1, RUNS + 1)]


@pytest.mark.parametrize(
    ("agents", "load", "days", "method"),
    [
        (2, 1.2, 4, Method.LEAST_OPEN),
        pytest.param(10, 7.5, 1, Method.ROUND_ROBIN, marks=pytest.mark.thorough),
    ],
)
def test_waits_are_those_of_erlang_c(agents: int, load: float, days: int, method: Method) -> None:
    found = runs(agents, plain_pool(load, Never(), days), method)
    assert agrees([run.waits for run in found], theory.erlang_c(agents, load))
    assert agrees([run.mean for run in found], theory.mean_wait(agents, load, SERVICE))
    assert agrees(
        [run.within for run in found], theory.served_within(agents, load, SERVICE, TARGET)
    )
    assert not any(run.left for run in found)


@pytest.mark.parametrize(
    ("agents", "load", "patience"),
    [(3, 2.7, 120_000), pytest.param(10, 12.0, 480_000, marks=pytest.mark.thorough)],
)
def test_who_gives_up_is_as_many_as_in_erlang_a(agents: int, load: float, patience: int) -> None:
    traffic = plain_pool(load, Exponential(patience), 1)
    found = runs(agents, traffic, Method.LEAST_LOADED)
    said = theory.erlang_a(agents, load / SERVICE, SERVICE, patience, TARGET)
    assert agrees([run.left for run in found], said.abandons)
    assert agrees([run.waits for run in found], said.waits)
    assert agrees([run.mean for run in found], said.mean_wait)
    assert agrees([run.queue for run in found], said.mean_queue)
    assert agrees([run.within for run in found], said.within)
