"""How fast the assignment engine decides: decisions a second, and what one fact costs.

Run it plainly: ``python -m benchmarks.assignment``. Each figure is the best of a few short runs, in
processor time, so that other work on the machine does not count.

The steady loop is the life of a session as the backend drives it: a new session is put, the engine
decides, the proposal is committed, the assigned session is put, and later it is closed. Making the
facts is counted in. The backlog waits in a second team, all of whose members are away: it must
cost nothing. The floor of the same run is the making of one fact, which says how fast this machine
was just then.
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


def drain(engine: Engine, ids: "count[int]", sessions: int) -> float:
    """Return decisions a second when a backlog is given out in one call, commits included."""
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
    return sessions / seconds


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
    print("decisions/s, steady loop (one session: put, decide, commit, put, close)")
    print(f"{'agents':>8} {'waiting':>8}" + "".join(f"{method:>14}" for method in METHODS))
    rates: dict[int, float] = {}
    for agents in AGENTS:
        for backlog in BACKLOGS:
            row = []
            for method in METHODS if backlog != BACKLOGS[-1] else METHODS[:1]:
                engine, ids = engine_with(agents, backlog, method), count(1_000_000)
                rate = max(steady(engine, ids, agents * LIMIT // 2) for _ in range(ROUNDS))
                rates.setdefault(agents, rate)
                row.append(f"{rate:>14,.0f}")
            print(f"{agents:>8,} {backlog:>8,}" + "".join(row), flush=True)
    print("\ndecisions/s, a backlog of half of all slots given in one call and committed")
    for agents in AGENTS:
        engine, ids = engine_with(agents, 0, Method.ROUND_ROBIN), count(1_000_000)
        rate = max(drain(engine, ids, agents * LIMIT // 2) for _ in range(ROUNDS))
        print(f"{agents:>8,} {rate:>14,.0f}", flush=True)
    print("\nmicroseconds a fact, with the decision after it")
    print(f"{'agents':>8} {'waiting':>8} {'presence':>10} {'queued':>10} {'closed':>10}")
    for agents in AGENTS:
        for backlog in BACKLOGS:
            costs = "".join(f"{cost:>11.1f}" for cost in fact_costs(agents, backlog))
            print(f"{agents:>8,} {backlog:>8,}{costs}", flush=True)
    floor = min(micros(lambda number: session(number, SERVING), 20_000) for _ in range(ROUNDS))
    print(
        f"\nfloor: making one fact takes {floor:.2f} microseconds here, and the loop makes three;"
    )
    print(f"one decision with all of its loop costs {1e6 / rates[1_000] / floor:.0f} times that")
    print(f"at 1,000 agents: {rates[1_000]:,.0f}/s (to reach: 50,000/s)")
    print(f"10,000 against 100 agents: {rates[10_000] / rates[100]:.2f} (to reach: 0.50)")


if __name__ == "__main__":
    main()
