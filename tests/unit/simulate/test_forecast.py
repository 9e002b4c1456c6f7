"""The estimated wait against what came true (M9)."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.unit.simulate.shops import (
    CHANNEL,
    HOUR,
    MINUTE,
    SECOND,
    START,
    agent,
    day,
    on,
    shop,
    team,
    visit,
)

from inbox_tui.assignment import Policy
from inbox_tui.cli.simulation import Question, compare
from inbox_tui.estimate import estimated_wait
from inbox_tui.simulate.forecast import Forecast
from inbox_tui.simulate.outcome import Foretold, figures, foretold
from inbox_tui.simulate.run import Outcome, Run
from inbox_tui.simulate.shop import Channel, Shop
from inbox_tui.simulate.traffic import Traffic
from inbox_tui.simulate.visits import Contact, Visit
from inbox_tui.wire.words import Method

ALONE = {"a01": on((0, True))}
"""One of two at work: the only account of a workspace would have everything at once (P1)."""


def basis() -> list[Visit]:
    """Three services of a minute, one after the other: an estimate can be told after them."""
    return [visit(number * MINUTE, MINUTE) for number in range(3)]


def foretell(place: Shop, traffic: Traffic) -> Forecast:
    forecast = Run(place, traffic, 1, foretell=True).go().forecast
    assert forecast is not None
    return forecast


def busy(seed: int, hours: int, servers: int, load: float) -> list[Visit]:
    """Customers at random, each served for six minutes at random."""
    chance = Random(seed)
    found: list[Visit] = []
    at = 0.0
    while at < hours * HOUR:
        at += chance.expovariate(load * servers / (6 * MINUTE))
        found.append(visit(round(at), max(1, round(chance.expovariate(1 / (6 * MINUTE))))))
    return found


def test_m9_only_who_has_to_wait_is_told_anything() -> None:
    forecast = foretell(shop(2), day(basis, roster=ALONE))
    assert (len(forecast.told), forecast.silent, forecast.unknown) == (0, 0, 0)


def test_m9_what_is_told_is_the_estimate_of_the_wall() -> None:
    """Three services of a minute are the basis; then three come at once to one agent."""
    coming = [*basis(), *(visit(10 * MINUTE + number, MINUTE) for number in range(3))]
    forecast = foretell(shop(2), day(lambda: coming, roster=ALONE))
    waits = [estimated_wait(position, free=0, slots=1, service_time=MINUTE) for position in (1, 2)]
    assert list(forecast.told) == waits
    assert list(forecast.real) == [MINUTE - 1, 2 * MINUTE - 2]
    assert foretold(forecast) == Foretold(2, 0, 0, 90_000.0, 89_998.5, 1.5, 1.5, 2)


def test_m9_without_a_basis_nothing_is_told() -> None:
    forecast = foretell(shop(2), day(lambda: [visit(0), visit(1)], roster=ALONE))
    assert (len(forecast.told), forecast.silent) == (0, 1)


def test_m9_nobody_on_duty_is_no_basis() -> None:
    coming = [*basis(), visit(30 * MINUTE), visit(50 * MINUTE)]
    roster = {"a01": on((0, True), (20 * MINUTE, False), (HOUR, True))}
    forecast = foretell(shop(2), day(lambda: coming, roster=roster))
    assert (len(forecast.told), forecast.silent) == (0, 2)


def test_m9_where_people_fetch_no_slot_that_comes_free_says_when() -> None:
    coming = [*basis(), *(visit(10 * MINUTE + number) for number in range(3))]
    forecast = foretell(shop(2, Method.SELF_CLAIM), day(lambda: coming, roster=ALONE))
    assert len(forecast.told) == 0
    assert forecast.silent == len(coming)


def test_m9_who_gives_up_was_told_and_is_not_in_the_error() -> None:
    coming = [*basis(), visit(10 * MINUTE, HOUR), visit(11 * MINUTE, patience=SECOND)]
    forecast = foretell(shop(2), day(lambda: coming, roster=ALONE))
    assert (len(forecast.told), forecast.unknown) == (0, 1)
    assert foretold(forecast).error is None


def test_m9_the_teams_cap_leaves_fewer_slots() -> None:
    """Two slots each, but one for the team: two people are two slots, not four."""
    coming = [*basis(), *(visit(10 * MINUTE + number, MINUTE) for number in range(4))]
    forecast = foretell(shop(2, limit=2, cap=1), day(lambda: coming))
    # Told at the first wait: position 1, no slot free, one open for each of the two.
    assert list(forecast.told) == [MINUTE / 2, MINUTE]


def test_m9_each_team_goes_by_its_own_people_and_times() -> None:
    other = "bot"
    place = Shop(
        Policy(max_open=1, settle=0),
        (agent(1), agent(2)),
        (team([1]), team([2], team_id=2)),
        {CHANNEL: Channel(1, 1), other: Channel(2, 2)},
    )
    slow = [visit(number * 10 * MINUTE, 10 * MINUTE, contact=Contact(other)) for number in range(3)]
    late = [
        visit(HOUR - 10 * MINUTE + number, MINUTE, contact=Contact(channel))
        for channel in (CHANNEL, other)
        for number in range(2)
    ]
    coming = sorted([*basis(), *slow, *late], key=lambda each: each.at)
    forecast = foretell(place, day(lambda: coming))
    assert sorted(forecast.told) == [MINUTE, 10 * MINUTE]


def test_m9_the_estimate_is_right_on_average_where_its_assumption_holds() -> None:
    """Memoryless services, nobody gives up: told and true agree in the mean (a fixed seed)."""
    found = foretold(foretell(shop(4), day(lambda: busy(7, 240, 4, 0.9), hours=240)))
    assert found.told > 1_000
    assert found.mean_true is not None
    assert found.error is not None
    assert found.off is not None
    assert abs(found.error) < 0.15 * found.mean_true
    assert found.off < found.mean_true  # and says more than the mean alone would


def test_m9_the_warm_up_is_not_counted() -> None:
    coming = [*basis(), *(visit(10 * MINUTE + number, MINUTE) for number in range(3))]
    traffic = day(lambda: coming, roster=ALONE, counted_from=START + HOUR)
    assert len(foretell(shop(2), traffic).told) == 0


@settings(max_examples=30)
@given(some.integers(0, 10_000), some.integers(2, 4), some.floats(0.5, 1.5))
def test_m9_to_foretell_changes_nothing_that_happens(seed: int, servers: int, load: float) -> None:
    def run(foretelling: bool) -> Outcome:
        traffic = day(lambda: busy(seed, 4, servers, load), hours=4)
        return Run(shop(servers), traffic, 1, foretell=foretelling).go()

    plain, told = run(False), run(True)
    assert plain.forecast is None
    assert told.forecast is not None
    numbers = [figures("", each, MINUTE, None) for each in (plain, told)]
    assert numbers[0].wait == numbers[1].wait
    assert all(one >= 0 for one in told.forecast.told)
    assert all(one >= 0 for one in told.forecast.real)


@pytest.mark.parametrize("name", ["high-quality-least-open", "low-cost-online-only"])
def test_m9_the_command_reports_how_far_off_it_was(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.unit.simulate.test_scenarios import FOLDER

    question = Question(
        FOLDER / f"{name}.toml", None, None, FOLDER / f"{name}.traffic.toml", seed=1
    )
    answer = compare(question, ascii_only=True)
    (run,) = answer.document["runs"]
    assert run.foretold.told > 100
    assert answer.parts[-1].title == "The estimated wait, against what came true"
    # docs/simulate.md tells these figures.
    told = (FOLDER.parent / "simulate.md").read_text("utf-8")
    rows = {row[0]: row[1] for row in answer.parts[-1].rows}  # type: ignore[union-attr]
    for row in ("told, mean", "came true, mean", "off either way, 90% at most"):
        assert rows[row] in told
