"""What queueing theory says of a plain pool: Erlang C and Erlang A.

Both are about one queue, arrivals at random (Poisson), ``servers`` equal places and exponential
service times. In Erlang C (M/M/n) nobody leaves; in Erlang A (M/M/n+M) each who waits leaves after
an exponential patience. The simulator is held to them, and the search for staff begins with them.

Times are in whatever unit the caller uses for all of them. ``load`` is arrivals a unit of time
times the mean service time (in erlangs). Sources: A. K. Erlang 1917, as in Kleinrock, "Queueing
Systems" I, 3.5; C. Palm 1946, as in Mandelbaum and Zeltyn, "Service engineering in action: the
Palm/Erlang-A queue" (2007).
"""

from math import exp, expm1, inf
from typing import NamedTuple

_NEGLIGIBLE = 1e-18
"""States this much less likely than the likeliest are left out: they cannot change a double."""


def erlang_b(servers: int, load: float) -> float:
    """Return the share that is turned away where nobody may wait (M/M/n/n).

    By the recursion over servers, in which nothing overflows and nothing is subtracted.
    """
    blocked = 1.0
    for taken in range(1, servers + 1):
        blocked = load * blocked / (taken + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """Return the share that has to wait when nobody leaves; 1 when the load is too much."""
    if load >= servers:
        return 1.0
    blocked = erlang_b(servers, load)
    used = load / servers
    return blocked / (1 - used * (1 - blocked))


def mean_wait(servers: int, load: float, service: float) -> float:
    """Return the mean wait of all who come, when nobody leaves; infinite under too much load."""
    if load >= servers:
        return inf
    return erlang_c(servers, load) * service / (servers - load)


def served_within(servers: int, load: float, service: float, target: float) -> float:
    """Return the share that waits at most ``target``, when nobody leaves."""
    if load >= servers:
        return 0.0
    return 1 - erlang_c(servers, load) * exp(-(servers - load) * target / service)


class ErlangA(NamedTuple):
    """What becomes of those who come: shares of all of them, and their mean time in the queue.

    ``within`` is the share that is served after at most the target asked about.
    """

    waits: float
    abandons: float
    mean_wait: float
    mean_queue: float
    within: float


def erlang_a(
    servers: int, arrivals: float, service: float, patience: float, target: float = 0.0
) -> ErlangA:
    """Return what happens in M/M/n+M: ``arrivals`` a unit of time, mean ``service``, ``patience``.

    The stationary states are weighed from the likeliest outwards, so that nothing overflows at any
    size. Who finds ``n + k`` in the system has k + 1 departures ahead, at the rates
    ``n/service + i/patience``; the time that takes is distributed as an order statistic of
    exponentials, which makes it an incomplete beta function.
    """
    weights = _states(servers, arrivals, service, patience)
    queued = weights[servers:]
    waits = sum(queued)
    queue = sum(place * weight for place, weight in enumerate(queued))
    within = 1 - waits + _served_from(queued, servers * patience / service, target / patience)
    return ErlangA(
        waits=waits,
        abandons=queue / (patience * arrivals),
        mean_wait=queue / arrivals,
        mean_queue=queue,
        within=within,
    )


def _states(servers: int, arrivals: float, service: float, patience: float) -> list[float]:
    """Return the probability of each number in the system, from 0 up to where it is negligible."""

    def leaving(present: int) -> float:
        return min(present, servers) / service + max(0, present - servers) / patience

    likeliest = 0
    while leaving(likeliest + 1) < arrivals:
        likeliest += 1
    above, weight, present = [1.0], 1.0, likeliest
    while weight > _NEGLIGIBLE or present < servers:
        present += 1
        weight *= arrivals / leaving(present)
        above.append(weight)
    below, weight = [], 1.0
    for present in range(likeliest, 0, -1):
        weight *= leaving(present) / arrivals
        below.append(weight)
    weights = [*reversed(below), *above]
    total = sum(weights)
    return [weight / total for weight in weights]


def _served_from(queued: list[float], places: float, target: float) -> float:
    """Return the share that waits, is served, and has waited at most ``target``.

    Time is in units of the mean patience; ``places`` is n service rates in those units. Being
    patient until the turn comes tilts the law of the wait: it costs a factor c / (c + k + 1) and
    turns the parameter c = ``places`` of the beta function into c + 1.
    """
    gone = -expm1(-target)
    parameter = places + 1
    reached = 1 - (1 - gone) ** parameter
    term = parameter * gone * (1 - gone) ** parameter
    share = 0.0
    for ahead, weight in enumerate(queued):
        share += weight * places / (places + ahead + 1) * max(0.0, reached)
        # I_x(a + 1, b) from I_x(a, b), with a = ahead + 1
        reached -= term
        term *= gone * (ahead + 1 + parameter) / (ahead + 2)
    return share
