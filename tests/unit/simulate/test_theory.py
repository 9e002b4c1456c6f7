"""Erlang C and Erlang A, against plain sums, each other, and sizes that overflow a double."""

from fractions import Fraction
from math import exp, factorial, inf, isclose

import pytest

from inbox_tui.simulate import theory


def plainly_c(servers: int, load: Fraction) -> Fraction:
    """Return Erlang C as textbooks write it, in fractions."""
    full = load**servers / factorial(servers) * servers / (servers - load)
    return full / (sum((load**k / factorial(k) for k in range(servers)), Fraction()) + full)


@pytest.mark.parametrize(("servers", "load"), [(1, "1/2"), (2, "3/2"), (10, "8"), (40, "39")])
def test_erlang_c_is_the_textbook_sum(servers: int, load: str) -> None:
    share = float(plainly_c(servers, Fraction(load)))
    assert theory.erlang_c(servers, float(Fraction(load))) == pytest.approx(share, rel=1e-12)


def test_one_server_is_known_in_closed_form() -> None:
    assert theory.erlang_c(1, 0.8) == pytest.approx(0.8)
    assert theory.mean_wait(1, 0.8, 60) == pytest.approx(0.8 * 60 / 0.2)
    assert theory.served_within(1, 0.8, 60, 30) == pytest.approx(1 - 0.8 * exp(-0.2 * 30 / 60))


def test_too_much_load_waits_for_ever() -> None:
    assert theory.erlang_c(3, 3) == 1
    assert theory.mean_wait(3, 3.5, 60) == inf
    assert theory.served_within(3, 3, 60, 1_000) == 0


def test_thousands_of_servers_do_not_overflow() -> None:
    assert 0 < theory.erlang_c(5_000, 4_900) < 1
    found = theory.erlang_a(5_000, 5_500.0, 1.0, 0.5, 0.1)
    assert found.abandons == pytest.approx(500 / 5_500, rel=1e-3)  # the fluid limit
    assert 0 <= found.within <= 1


def test_boundless_patience_is_erlang_c() -> None:
    found = theory.erlang_a(10, 8.0, 1.0, 1e9, 0.1)
    assert found.waits == pytest.approx(theory.erlang_c(10, 8), rel=1e-6)
    assert found.mean_wait == pytest.approx(theory.mean_wait(10, 8, 1), rel=1e-6)
    assert found.within == pytest.approx(theory.served_within(10, 8, 1, 0.1), rel=1e-6)


def test_patience_as_long_as_service_is_a_poisson_number() -> None:
    """With equal rates everybody leaves at that rate, waiting or served: M/M/infinity."""
    servers, arrivals = 4, 5.0
    poisson = [exp(-arrivals) * arrivals**k / factorial(k) for k in range(60)]
    found = theory.erlang_a(servers, arrivals, 1.0, 1.0)
    queue = sum((k - servers) * p for k, p in enumerate(poisson) if k > servers)
    assert found.waits == pytest.approx(sum(poisson[servers:]))
    assert found.mean_queue == pytest.approx(queue)
    assert found.abandons == pytest.approx(queue / arrivals)


@pytest.mark.parametrize("target", [0.01, 0.3, 2.0])
def test_served_within_is_the_law_of_the_offered_wait(target: float) -> None:
    """One server, checked by integrating the wait of each state step by step."""
    arrivals, service, patience = 1.2, 1.0, 2.0
    found = theory.erlang_a(1, arrivals, service, patience, target)
    assert isclose(found.within, _integrated(arrivals, service, patience, target), abs_tol=2e-4)


def _integrated(arrivals: float, service: float, patience: float, target: float) -> float:
    """Follow somebody who finds k before them in small steps of time."""
    weights = [1.0]
    for present in range(1, 80):
        weights.append(weights[-1] * arrivals / (1 / service + (present - 1) / patience))
    total = sum(weights)
    steps = 4_000
    step = target / steps
    # ahead[k]: they are still waiting, with k in the system before them.
    ahead = [weight / total for weight in weights]
    served, ahead[0] = ahead[0], 0.0
    for _ in range(steps):
        moved = [0.0] * len(ahead)
        for before, weight in enumerate(ahead):
            if not before:
                continue
            leave = (1 / service + (before - 1) / patience) * step
            give_up = step / patience
            moved[before] += weight * (1 - leave - give_up)
            if before == 1:
                served += weight * leave
            else:
                moved[before - 1] += weight * leave
        ahead = moved
    return served
