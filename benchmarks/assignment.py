"""How fast the assignment engine decides: decisions a second, and what one fact costs.

Run it plainly: ``python -m benchmarks.assignment``. Each figure is the best of a few short runs, in
processor time, so that other work on the machine does not count.

- *Decisions a second*: as many sessions as the server proposes at once have come in; timed is what
  the engine does to give them out, to whom and in which order, commits included.
- *The steady loop* is the whole life of a session as the backend drives it, one at a time: it is
  put, decided on, committed, put again as assigned, and closed. Making the facts is counted in.
- *The drain*: ten thousand wait, everybody comes on duty, all are given out.

A backlog waits in a second team, all of whose members are away: it must cost nothing. The floor of
the same run is the making of one fact, which says how fast this machine was just then.
"""

from collections import deque
from collections.abc import Callable
from itertools import count
from time import process_time

from inbox_tui.assignment import AgentFact, Assign, Engine, Policy, SessionFact, TeamFact
from inbox_tui.wire.words import Method, Presence, Priority

AGENTS = (10, 100, 1_000, 10_000)
BACKLOGS = (0, 1_000, 100_000)
METHODS = (Method.ROUND_ROBIN, Method.LEAST_OPEN, Method.LEAST_LOADED)
LOOPS = 6_000
ROUNDS = 3
AT_ONCE = 128
LIMIT = 10
SERVING, AWAY = 1, 2


def agent(agent_id: int, presence: Presence = Presence.PRESENT) -> AgentFact:
    return AgentFact(agent_id, f"a{agent_id}", active=True, accepting=True, presence=presence)


def session(session_id: int, team_id: int, version: int = 1, *, open_: bool = True) -> SessionFact:
    return SessionFact(session_id, version, open_, Priority.NORMAL, session_id, team_id)


def engine_with(agents: int, backlog: int, method: Method) -> Engine:
    """Return an engine with a serving team of so many agents and a backlog in another team."""
    engine = Engine(Policy(max_open=LIMIT))
    serving = tuple(range(1, agents + 1))
    away = (agents + 1, agents + 2)
    for agent_id in serving:
        engine.put_agent(agent(agent_id))
    for agent_id in away:
        engine.put_agent(agent(agent_id, Presence.ABSENT))
    engine.put_team(TeamFact(SERVING, "serving", method, serving))
    engine.put_team(TeamFact(AWAY, "away", method, away))
    for session_id in range(1, backlog + 1):
        engine.put_session(session(session_id, AWAY))
    engine.decide(0)
    return engine


def steady(engine: Engine, ids: "count[int]", keep: int) -> float:
    """Return decisions a second of the steady loop, with ``keep`` sessions open at a time."""
    served: deque[Assign] = deque()
    for turns in (keep, LOOPS):
        start = process_time()
        for session_id in (next(ids) for _ in range(turns)):
            engine.put_session(session(session_id, SERVING))
            (decision,) = engine.decide(session_id)
            assert isinstance(decision, Assign)
            engine.committed(decision)
            engine.put_session(
                SessionFact(
                    session_id,
                    2,
                    True,
                    Priority.NORMAL,
                    session_id,
                    SERVING,
                    None,
                    decision.agent_id,
                    decision.team_id,
                )
            )
            served.append(decision)
            if len(served) > keep:
                closed = served.popleft()
                engine.put_session(session(closed.session_id, SERVING, 3, open_=False))
    seconds = process_time() - start
    for closed in served:
        engine.put_session(session(closed.session_id, SERVING, 3, open_=False))
    return LOOPS / seconds


def given(engine: Engine, ids: "count[int]", sessions: int) -> float:
    """Return the processor time in which the engine gives out so many new sessions."""
    for session_id in (next(ids) for _ in range(sessions)):
        engine.put_session(session(session_id, SERVING))
    start = process_time()
    decisions = [found for found in engine.decide(next(ids)) if isinstance(found, Assign)]
    for decision in decisions:
        engine.committed(decision)
    seconds = process_time() - start
    assert len(decisions) == sessions
    for decision in decisions:
        engine.put_session(session(decision.session_id, SERVING, 3, open_=False))
    return seconds


def decisions_a_second(engine: Engine, ids: "count[int]", sessions: int) -> float:
    """Return the rate at which the engine gives out sessions that come in so many at a time."""
    times = sorted(given(engine, ids, sessions) for _ in range(1 + 3_000 // sessions))
    return sessions / times[len(times) // 4]


def drained(waiting: int) -> float:
    """Return the seconds of engine time in which so many who wait get an agent each."""
    agents = waiting // LIMIT
    engine = Engine(Policy(max_open=LIMIT, settle=0))
    for agent_id in range(1, agents + 1):
        engine.put_agent(agent(agent_id, Presence.ABSENT))
    engine.put_team(TeamFact(SERVING, "serving", Method.ROUND_ROBIN, tuple(range(1, agents + 1))))
    for session_id in range(1, waiting + 1):
        engine.put_session(session(session_id, SERVING))
    engine.decide(0)
    start = process_time()
    for agent_id in range(1, agents + 1):
        engine.put_agent(agent(agent_id))
    left = waiting
    while left:
        decisions = [found for found in engine.decide(1, AT_ONCE) if isinstance(found, Assign)]
        for decision in decisions:
            engine.committed(decision)
        left -= len(decisions)
    return process_time() - start


def micros(work: Callable[[int], object], times: int) -> float:
    """Return the microseconds of one call."""
    start = process_time()
    for number in range(times):
        work(number)
    return (process_time() - start) / times * 1e6


def fact_costs(agents: int, backlog: int) -> tuple[float, float, float]:
    """Return the microseconds of one fact: presence of an agent, a queued session, its leaving.

    Each with the decision that follows it. The agent sits in two teams and the workspace pool.
    """
    engine = engine_with(agents, backlog, Method.ROUND_ROBIN)
    first = backlog + 1

    def presence(number: int) -> None:
        engine.put_agent(agent(1, Presence.ABSENT if number % 2 else Presence.PRESENT))
        engine.decide(number)

    def queued(number: int) -> None:
        engine.put_session(session(first + number, AWAY))
        engine.decide(number)

    def gone(number: int) -> None:
        engine.put_session(session(first + number, AWAY, 2, open_=False))
        engine.decide(number)

    return micros(presence, 2_000), micros(queued, 2_000), micros(gone, 2_000)


def main() -> None:
    print(f"decisions/s, {AT_ONCE} sessions at a time (fewer where they would not fit)")
    print(f"{'agents':>8} {'waiting':>8}" + "".join(f"{method:>14}" for method in METHODS))
    rates: dict[tuple[int, int], float] = {}
    for agents in AGENTS:
        for backlog in BACKLOGS:
            row = []
            for method in METHODS:
                engine, ids = engine_with(agents, backlog, method), count(1_000_000)
                at_once = min(AT_ONCE, agents * LIMIT // 2)
                rate = max(decisions_a_second(engine, ids, at_once) for _ in range(ROUNDS))
                rates.setdefault((agents, backlog), rate)
                row.append(f"{rate:>14,.0f}")
            print(f"{agents:>8,} {backlog:>8,}" + "".join(row), flush=True)
    print("\nsteady loop: sessions/s, each put, decided on, committed, put again, closed")
    steadily: dict[int, float] = {}
    for agents in AGENTS:
        engine, ids = engine_with(agents, 0, Method.ROUND_ROBIN), count(1_000_000)
        keep = agents * LIMIT // 2
        steadily[agents] = max(steady(engine, ids, keep) for _ in range(ROUNDS))
        print(f"{agents:>8,} {steadily[agents]:>14,.0f}", flush=True)
    print("\nmicroseconds a fact, with the decision after it")
    print(f"{'agents':>8} {'waiting':>8} {'presence':>10} {'queued':>10} {'closed':>10}")
    for agents in AGENTS:
        for backlog in BACKLOGS:
            costs = "".join(f"{cost:>11.1f}" for cost in fact_costs(agents, backlog))
            print(f"{agents:>8,} {backlog:>8,}{costs}", flush=True)
    floor = min(micros(lambda number: session(number, SERVING), 20_000) for _ in range(ROUNDS))
    seconds = min(drained(10_000) for _ in range(ROUNDS))
    print(f"\nfloor: making one fact takes {floor:.2f} microseconds here")
    print(f"one decision costs {1e6 / rates[1_000, 0] / floor:.0f} times that,")
    print(f"all of the steady loop {1e6 / steadily[1_000] / floor:.0f} times")
    print(f"at 1,000 agents: {rates[1_000, 0]:,.0f} decisions/s (to reach: 100,000)")
    cost = rates[100, 0] / rates[10_000, 0]
    print(f"a decision at 10,000 agents: {cost:.2f} times that at 100 (to reach: 1.50)")
    cost = rates[1_000, 0] / rates[1_000, BACKLOGS[-1]]
    print(f"with {BACKLOGS[-1]:,} waiting elsewhere: {cost:.2f} times that with none")
    print(f"10,000 waiting sessions drained in {seconds:.2f} s (to reach: 1 s)")


if __name__ == "__main__":
    main()
