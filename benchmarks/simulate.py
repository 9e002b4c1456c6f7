"""How fast days go by in a simulation: sessions a second, all included, against a bare event loop.

Run it plainly: ``python -m benchmarks.simulate``. Each figure is the best of a few short runs, in
processor time, so that other work on the machine does not count.

A session is everything: its customer is drawn, the engine is told and decides, the proposal is
committed, the agent answers, the session ends, and its wait is counted. The floor of the same run
is a loop that does nothing but what no such simulation can leave out: as many events through a
heap, and as many random times, one arrival and one departure a session.
"""

from datetime import date
from heapq import heappop, heappush
from random import Random
from time import process_time

from inbox_tui.assignment import AgentFact, Policy, TeamFact
from inbox_tui.simulate.laws import Exponential, Fixed, Law, Never
from inbox_tui.simulate.run import Run
from inbox_tui.simulate.shop import Channel, Shop
from inbox_tui.simulate.traffic import Choice, Group, Plan, Traffic, Work
from inbox_tui.wire.words import Method, Presence

SESSIONS = 40_000
ROUNDS = 3
SERVICE = 240_000
HOUR = 3_600_000
TARGET_S = 60
MILLION = 1_000_000


def shop(agents: int, method: Method) -> Shop:
    people = tuple(
        AgentFact(number, f"a{number}", active=True, accepting=False, presence=Presence.ABSENT)
        for number in range(1, agents + 1)
    )
    team = TeamFact(1, "all", method, tuple(person.id for person in people))
    return Shop(Policy(max_open=3), people, (team,), {"line": Channel(1, 1)})


def traffic(agents: int, used: float, patience: Law, *, full: bool) -> Traffic:
    """Return days in which so much of all places is used."""
    rate = used * agents * 3 / SERVICE * HOUR
    group = Group(
        "all",
        Choice({"line": 1.0}),
        Exponential(SERVICE),
        patience=patience,
        languages=Choice({"th": 0.8, None: 0.2}) if full else Choice({None: 1.0}),
        tiers=Choice({"gold": 0.1, None: 0.9}) if full else Choice({None: 1.0}),
        returning=0.3 if full else 0.0,
        answer=Exponential(10_000) if full else Fixed(0),
    )
    days = max(1, round(SESSIONS / (rate * 24)))
    plan = Plan(date(2026, 1, 5), days, "UTC", [[rate] * 24] * 7, [group])
    return Traffic(
        plan.start, plan.end, "UTC", 60_000, plan.visits, work=Work(), channels=("line",)
    )


def simulated(agents: int, method: Method, used: float, patience: Law, *, full: bool) -> float:
    """Return the microseconds of one session."""
    place, days = shop(agents, method), traffic(agents, used, patience, full=full)
    best = float("inf")
    for seed in range(ROUNDS):
        start = process_time()
        outcome = Run(place, days, seed).go()
        seconds = process_time() - start
        came = sum(slot.came for slot in outcome.tally.slots)
        best = min(best, seconds / came * 1e6)
    return best


def bare_loop() -> float:
    """Return the microseconds of one session that is nothing but an arrival and a departure."""
    best = float("inf")
    for seed in range(ROUNDS):
        chance = Random(seed)
        due: list[tuple[float, int, bool]] = [(0.0, 0, True)]
        came = order = 0
        start = process_time()
        while came < SESSIONS:
            now, _, arrives = heappop(due)
            if arrives:
                came += 1
                order += 2
                heappush(due, (now + chance.expovariate(0.1), order, True))
                heappush(due, (now + chance.expovariate(0.01), order + 1, False))
        best = min(best, (process_time() - start) / came * 1e6)
    return best


def main() -> None:
    floor = bare_loop()
    print(f"floor: {floor:.1f} microseconds a session in a bare loop of the same events\n")
    print(f"{'':36} {'us/session':>11} {'sessions/s':>11} {'x floor':>8} {'a million':>10}")
    rows = [
        ("10 agents, calm", 10, Method.LEAST_OPEN, 0.6, Never(), False),
        ("10 agents, busy", 10, Method.ROUND_ROBIN, 0.9, Never(), False),
        ("10 agents, overrun, impatient", 10, Method.LEAST_OPEN, 1.2, Exponential(SERVICE), False),
        ("100 agents, busy", 100, Method.LEAST_LOADED, 0.9, Never(), False),
        (
            "100 agents, everything at once",
            100,
            Method.ROUND_ROBIN,
            0.9,
            Exponential(SERVICE),
            True,
        ),
    ]
    worst = 0.0
    for name, agents, method, used, patience, full in rows:
        cost = simulated(agents, method, used, patience, full=full)
        worst = max(worst, cost)
        print(
            f"{name:36} {cost:>11.1f} {1e6 / cost:>11,.0f} {cost / floor:>8.1f} {cost:>9.0f}s",
            flush=True,
        )
    seconds = worst * MILLION / 1e6
    print(f"\na million sessions, the worst of these: {seconds:.0f} s (to reach: {TARGET_S} s)")


if __name__ == "__main__":
    main()
