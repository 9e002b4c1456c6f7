"""Nobody gets more than their share, and nobody is left idle beside a queue (R3, R4, R9, R14)."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from inbox_tui.assignment import AgentFact, Assign, Engine, Policy, SessionFact, TeamFact
from inbox_tui.wire.words import Method, Presence, Priority

AGENTS = range(1, 6)


steps_of_a_day = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.integers(1, 5)),
        st.tuples(st.just("toggle"), st.sampled_from(AGENTS)),
    ),
    max_size=40,
)


@settings(max_examples=100)
@given(steps=steps_of_a_day, weights=st.just(dict.fromkeys(AGENTS, 1.0)))
def test_r3_round_robin_is_even_while_agents_are_continuously_eligible(
    steps: list[tuple[str, int]], weights: dict[int, float]
) -> None:
    """In no stretch in which two agents are both there does one get two more than the other."""
    for leads in stretches(steps, weights).values():
        assert max(leads) - min(leads) <= 1


@settings(max_examples=100)
@given(
    steps=steps_of_a_day,
    weights=st.fixed_dictionaries(
        {agent_id: st.sampled_from([0.5, 1, 1.5, 2, 3]) for agent_id in AGENTS}
    ),
)
def test_r4_weights_hold_within_one_turn_while_agents_are_continuously_eligible(
    steps: list[tuple[str, int]], weights: dict[int, float]
) -> None:
    """Counted in shares, nobody is ahead of another by more than a turn of each of the two."""
    for (one, other), leads in stretches(steps, weights).items():
        assert max(leads) - min(leads) <= 1 / weights[one] + 1 / weights[other] + 1e-9


Leads = dict[tuple[int, int], list[float]]


def stretches(steps: list[tuple[str, int]], weights: dict[int, float]) -> Leads:
    """Let it happen; return how far each was ahead of each other since both are there.

    What either gets counts by its share: one session of who takes double is half a turn. The
    widest stretch of each two is returned.
    """
    engine = Engine(Policy(max_open=1_000, settle=0))
    there = dict.fromkeys(AGENTS, True)

    def put(agent_id: int) -> None:
        presence = Presence.PRESENT if there[agent_id] else Presence.ABSENT
        weight = weights[agent_id]
        engine.put_agent(AgentFact(agent_id, f"a{agent_id}", True, True, presence, weight=weight))

    for agent_id in AGENTS:
        put(agent_id)
    engine.put_team(TeamFact(10, "t", Method.ROUND_ROBIN, tuple(AGENTS)))
    since: Leads = {pair: [0] for pair in permutations(AGENTS, 2)}
    widest: Leads = {pair: [0] for pair in since}
    session_id = 0
    for step, value in steps:
        if step == "toggle":
            there[value] = not there[value]
            put(value)
            since.update({pair: [0] for pair in since if value in pair})
            continue
        for _ in range(value):
            session_id += 1
            engine.put_session(SessionFact(session_id, 1, True, Priority.NORMAL, session_id, 10))
        for decision in engine.decide(session_id):
            if not isinstance(decision, Assign):
                continue
            engine.committed(decision)
            for pair, leads in since.items():
                if there[pair[0]] and there[pair[1]] and decision.agent_id in pair:
                    share = 1 / weights[decision.agent_id]
                    leads.append(leads[-1] + (share if decision.agent_id == pair[0] else -share))
                    if max(leads) - min(leads) > max(widest[pair]) - min(widest[pair]):
                        widest[pair] = [min(leads), max(leads)]
    return widest


@settings(max_examples=100)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("come"), st.integers(1, 3)),
            st.tuples(st.just("toggle"), st.sampled_from(AGENTS)),
            st.tuples(st.just("pass"), st.integers(1, 80)),
        ),
        max_size=40,
    ),
)
def test_r9_settling_ends_by_itself_and_nothing_that_can_be_given_stays(
    steps: list[tuple[str, int]],
) -> None:
    """Called whenever it asks to be, the engine leaves nobody idle beside a queue."""
    settle, limit = 100, 2
    engine = Engine(Policy(max_open=limit, settle=settle))
    there = dict.fromkeys(AGENTS, False)
    load = dict.fromkeys(AGENTS, 0)
    waiting: set[int] = set()
    now, session_id = 0, 0

    def put(agent_id: int) -> None:
        presence = Presence.PRESENT if there[agent_id] else Presence.ABSENT
        engine.put_agent(AgentFact(agent_id, f"a{agent_id}", True, True, presence))

    def decide() -> None:
        for _ in range(3):
            for decision in engine.decide(now):
                if isinstance(decision, Assign):
                    assert there[decision.agent_id]
                    load[decision.agent_id] += 1
                    assert load[decision.agent_id] <= limit
                    waiting.remove(decision.session_id)
                    engine.committed(decision)
            if engine.next_wake(now) != now:
                return
        raise AssertionError("it never comes to rest")

    def somebody_idle() -> bool:
        return any(there[one] and load[one] < limit for one in AGENTS)

    for agent_id in AGENTS:
        put(agent_id)
    engine.put_team(TeamFact(10, "t", Method.LEAST_OPEN, tuple(AGENTS)))
    for step, value in [*steps, ("pass", settle)]:
        match step:
            case "come":
                for _ in range(value):
                    session_id += 1
                    waiting.add(session_id)
                    fact = SessionFact(session_id, 1, True, Priority.NORMAL, session_id, 10)
                    engine.put_session(fact)
            case "toggle":
                there[value] = not there[value]
                put(value)
            case _:
                until = now + value
                while (wake := engine.next_wake(now)) is not None and wake <= until:
                    now = wake
                    decide()
                now = until
        decide()
        wake = engine.next_wake(now)
        assert wake is None or now < wake <= now + settle
        assert wake is not None or not (waiting and somebody_idle())
    assert engine.next_wake(now) is None
