"""Generated histories against a naive model in plain lists and loops.

The model knows the documented rules and nothing of the engine. After every step it says what must
be proposed, to whom and in which order; the engine has to agree, whatever happened before: people
come and go, claim, transfer, close; limits, methods and members change; commits fail.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from inbox_tui.assignment import (
    AgentFact,
    Assign,
    Decision,
    Engine,
    Policy,
    SessionFact,
    TeamFact,
    Turn,
    Verdict,
    Wait,
)
from inbox_tui.wire.words import Method, Presence, Priority, UnassignedReason

AGENTS = range(1, 6)
TEAMS = (10, 20)
NO_SUCH_TEAM = 99
PRIORITIES = list(Priority)
PUSHING = (Method.ROUND_ROBIN, Method.LEAST_OPEN, Method.LEAST_LOADED)


@dataclass
class Model:
    """The world, and what must be done with it, without any index."""

    rules: Policy = field(default_factory=lambda: Policy(max_open=2, settle=0))
    agents: dict[int, AgentFact] = field(default_factory=dict)
    teams: dict[int, TeamFact] = field(default_factory=dict)
    sessions: dict[int, SessionFact] = field(default_factory=dict)
    turns: dict[tuple[int, int], float] = field(default_factory=dict)
    rounds: dict[int, float] = field(default_factory=dict)
    recent: dict[int, list[int]] = field(default_factory=dict)
    proposed: list[tuple[int, int | None, int]] = field(default_factory=list)
    """Session, team and agent of each proposal that waits for its commit."""

    def only_account(self) -> int | None:
        active = [fact.id for fact in self.agents.values() if fact.active]
        return active[0] if len(active) == 1 else None

    def team_of(self, session: SessionFact) -> int | None:
        for team_id in (session.team_id, session.channel_team_id):
            if team_id in self.teams:
                return team_id
        return None

    def open(self, agent_id: int) -> int:
        served = [one for one in self.sessions.values() if one.assignee_id == agent_id]
        return len(served) + len([one for one in self.proposed if one[2] == agent_id])

    def open_in(self, team_id: int, agent_id: int) -> int:
        served = [
            one
            for one in self.sessions.values()
            if one.assignee_id == agent_id and one.counted_team_id == team_id
        ]
        return len(served) + len([one for one in self.proposed if one[1:] == (team_id, agent_id)])

    def limit(self, agent_id: int) -> int:
        own = self.agents[agent_id].max_open
        return self.rules.max_open if own is None else own

    def eligible(self, team_id: int | None) -> list[int]:
        found = []
        for fact in self.agents.values():
            team = self.teams.get(team_id) if team_id is not None else None
            if not (fact.active and fact.accepting and fact.presence is Presence.PRESENT):
                continue
            if self.open(fact.id) >= self.limit(fact.id):
                continue
            if team is not None and fact.id not in team.members:
                continue
            if (
                team is not None
                and team.max_open is not None
                and self.open_in(team.id, fact.id) >= team.max_open
            ):
                continue
            found.append(fact.id)
        return found

    def waiting(self) -> list[SessionFact]:
        found = []
        for one in self.sessions.values():
            held = one.held_reason is not None
            if self.only_account() is not None:
                held = one.held_reason is UnassignedReason.WITH_BOT
            proposed = one.id in [session_id for session_id, _, _ in self.proposed]
            if one.assignee_id is None and not held and not proposed:
                found.append(one)
        rank = PRIORITIES.index
        return sorted(found, key=lambda one: (-rank(one.priority), one.waits_from, one.id))

    def floor(self, team_id: int, agent_id: int) -> float:
        return max(self.turns.get((team_id, agent_id), 0), self.rounds[team_id])

    def best(self, team_id: int | None, agent_ids: list[int]) -> int:
        method = Method.LEAST_OPEN if team_id is None else self.teams[team_id].method

        def ago(agent_id: int) -> int:
            return self.agents[agent_id].last_assigned

        def turn(agent_id: int) -> tuple[float, ...]:
            assert team_id is not None
            held = [one[1:] for one in self.proposed].count((team_id, agent_id))
            order = self.recent[team_id] + [one[2] for one in self.proposed if one[1] == team_id]
            latest = [at for at, one in enumerate(order) if one == agent_id]
            position = self.floor(team_id, agent_id) + held
            stored = self.turns.get((team_id, agent_id), 0)
            return (position, max(latest, default=-1), stored, ago(agent_id), agent_id)

        def share(agent_id: int) -> tuple[float, ...]:
            share = self.open(agent_id) / self.limit(agent_id)
            return (share, ago(agent_id), agent_id)

        def load(agent_id: int) -> tuple[float, ...]:
            return (self.open(agent_id), ago(agent_id), agent_id)

        keys: dict[Method, Callable[[int], tuple[float, ...]]] = {
            Method.ROUND_ROBIN: turn,
            Method.LEAST_OPEN: load,
            Method.LEAST_LOADED: share,
        }
        return min(agent_ids, key=keys[method])

    def next_choice(self) -> tuple[SessionFact, int | None, int] | None:
        """Return the session to be given next, with its team and agent."""
        for one in self.waiting():
            team_id = self.team_of(one)
            only = self.only_account()
            if only is not None:
                return one, team_id, only
            if team_id is not None and self.teams[team_id].method not in PUSHING:
                continue
            agent_ids = self.eligible(team_id)
            if agent_ids:
                return one, team_id, self.best(team_id, agent_ids)
        return None

    def reason(self, team_id: int | None) -> UnassignedReason:
        if team_id is not None and self.teams[team_id].method not in PUSHING:
            return UnassignedReason(self.teams[team_id].method.value)
        members = self.agents if team_id is None else self.teams[team_id].members
        facts = [self.agents[one] for one in members if one in self.agents]
        there = [one for one in facts if one.active and one.presence is Presence.PRESENT]
        if any(one.accepting for one in there):
            return UnassignedReason.ALL_FULL
        if there:
            return UnassignedReason.SWITCHED_OFF
        return UnassignedReason.NOBODY_ON_DUTY


class Histories(RuleBasedStateMachine):
    """Steps of a working day, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.engine = Engine(self.model.rules)
        self.now = 1
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.answers: list[list[Decision]] = []
        self.last_id = 0
        self.shown: dict[int, UnassignedReason | None] = {}

    def call(self, name: str, *arguments: Any) -> None:
        self.calls.append((name, arguments))
        getattr(self.engine, name)(*arguments)

    def decide(self, limit: int | None) -> list[Decision]:
        self.now += 1
        self.calls.append(("decide", (self.now, limit)))
        self.answers.append(self.engine.decide(self.now, limit))
        return self.answers[-1]

    # Facts

    def put_agent(self, fact: AgentFact) -> None:
        self.model.agents[fact.id] = fact
        self.call("put_agent", fact)

    def put_session(self, fact: SessionFact) -> None:
        if fact.open:
            self.model.sessions[fact.id] = fact
        else:
            del self.model.sessions[fact.id]
        self.call("put_session", fact)

    def change(self, session: SessionFact, **changes: Any) -> None:
        changes.setdefault("shown_reason", self.shown.get(session.id))
        self.put_session(replace(session, version=session.version + 1, **changes))

    def some(self, data: st.DataObject, where: Callable[[SessionFact], bool]) -> SessionFact | None:
        found = [one for one in self.model.sessions.values() if where(one)]
        return data.draw(st.sampled_from(found)) if found else None

    @initialize(present=st.integers(0, 5))
    def open_shop(self, present: int) -> None:
        for agent_id in AGENTS:
            presence = Presence.PRESENT if agent_id <= present else Presence.ABSENT
            self.put_agent(AgentFact(agent_id, f"a{agent_id}", True, True, presence))
        for team_id in TEAMS:
            self.put_team(team_id, Method.ROUND_ROBIN, list(AGENTS), None)

    @rule(
        agent_id=st.sampled_from(AGENTS),
        active=st.sampled_from([True] * 5 + [False]),
        accepting=st.sampled_from([True, True, False]),
        presence=st.sampled_from([Presence.PRESENT] * 3 + [Presence.GRACE, Presence.ABSENT]),
        max_open=st.sampled_from([None, None, 0, 1, 3]),
    )
    def agent_changes(
        self,
        agent_id: int,
        active: bool,
        accepting: bool,
        presence: Presence,
        max_open: int | None,
    ) -> None:
        self.put_agent(
            replace(
                self.model.agents[agent_id],
                active=active,
                accepting=accepting,
                presence=presence,
                max_open=max_open,
            )
        )

    @rule(
        team_id=st.sampled_from(TEAMS),
        method=st.sampled_from([*PUSHING, Method.ROUND_ROBIN, Method.SELF_CLAIM, Method.MANUAL]),
        members=st.lists(st.sampled_from(AGENTS), unique=True, min_size=1),
        max_open=st.sampled_from([None, None, 1, 2]),
    )
    def put_team(
        self, team_id: int, method: Method, members: list[int], max_open: int | None
    ) -> None:
        model = self.model
        stored = {one: model.turns[team_id, one] for one in AGENTS if (team_id, one) in model.turns}
        fact = TeamFact(team_id, f"t{team_id}", method, tuple(members), max_open, stored)
        started = [model.turns.get((team_id, one), 0) - 1 for one in members]
        model.rounds[team_id] = max(model.rounds.get(team_id, 0), *started, 0)
        recent = model.recent.get(team_id, [])
        model.recent[team_id] = [one for one in recent if one in members]
        model.teams[team_id] = fact
        self.call("put_team", fact)

    @rule(team_id=st.sampled_from(TEAMS))
    def remove_team(self, team_id: int) -> None:
        self.model.teams.pop(team_id, None)
        self.model.rounds.pop(team_id, None)
        self.model.recent.pop(team_id, None)
        self.call("remove_team", team_id)

    @rule(max_open=st.integers(1, 4))
    def rules_change(self, max_open: int) -> None:
        self.model.rules = Policy(max_open=max_open, settle=0)
        self.call("put_policy", self.model.rules)

    @rule(
        priority=st.sampled_from(Priority),
        team_id=st.sampled_from([None, *TEAMS, *TEAMS, NO_SUCH_TEAM]),
        channel_team=st.sampled_from([None, *TEAMS]),
        waits_from=st.integers(0, 5),
        count=st.integers(1, 4),
    )
    def customers_write(
        self,
        priority: Priority,
        team_id: int | None,
        channel_team: int | None,
        waits_from: int,
        count: int,
    ) -> None:
        for _ in range(count):
            self.last_id += 1
            self.put_session(
                SessionFact(
                    self.last_id,
                    1,
                    True,
                    priority,
                    waits_from,
                    team_id,
                    channel_team,
                    priority_chosen=True,
                )
            )

    @rule(data=st.data(), agent_id=st.sampled_from(AGENTS))
    def somebody_claims(self, data: st.DataObject, agent_id: int) -> None:
        if session := self.some(data, lambda one: one.assignee_id is None):
            team_id = self.model.team_of(session)
            self.change(session, assignee_id=agent_id, counted_team_id=team_id, held_reason=None)

    @rule(data=st.data(), team_id=st.sampled_from([None, *TEAMS]))
    def somebody_transfers(self, data: st.DataObject, team_id: int | None) -> None:
        if session := self.some(data, lambda one: True):
            self.change(session, team_id=team_id, assignee_id=None, counted_team_id=None)

    @rule(
        data=st.data(),
        held=st.sampled_from([None, UnassignedReason.TAKEN_BACK, UnassignedReason.WITH_BOT]),
    )
    def session_is_held(self, data: st.DataObject, held: UnassignedReason | None) -> None:
        if session := self.some(data, lambda one: one.assignee_id is None):
            self.change(session, held_reason=held)

    @rule(data=st.data(), priority=st.sampled_from(Priority), waits_from=st.integers(0, 9))
    def session_changes(self, data: st.DataObject, priority: Priority, waits_from: int) -> None:
        if session := self.some(data, lambda one: True):
            self.change(session, priority=priority, waits_from=waits_from)

    @rule(data=st.data())
    def session_closes(self, data: st.DataObject) -> None:
        if session := self.some(data, lambda one: True):
            self.change(session, open=False)

    # Decisions

    def check(self, decision: Assign) -> Turn | None:
        """Check one proposal against the model's choice; note it as proposed."""
        model = self.model
        choice = model.next_choice()
        assert choice is not None
        session, team_id, agent_id = choice
        assert (decision.session_id, decision.team_id, decision.agent_id) == (
            session.id,
            team_id,
            agent_id,
        )
        assert decision.session_version == session.version
        turn = None
        rotates = team_id is not None and model.teams[team_id].method is Method.ROUND_ROBIN
        if team_id is not None and rotates and model.only_account() is None:
            turn = Turn(model.floor(team_id, agent_id), 1)
        assert decision.turn == turn
        model.proposed.append((session.id, team_id, agent_id))
        return turn

    def commit(self, decision: Assign) -> None:
        model = self.model
        agent_id, team_id = decision.agent_id, decision.team_id
        model.proposed.remove((decision.session_id, team_id, agent_id))
        if decision.turn is not None and team_id is not None:
            key = (team_id, agent_id)
            model.turns[key] = decision.turn.after(model.turns.get(key, 0))
            model.rounds[team_id] = max(model.rounds[team_id], model.turns[key] - 1)
            model.recent[team_id].append(agent_id)
        model.agents[agent_id] = replace(model.agents[agent_id], last_assigned=decision.at)
        self.call("committed", decision)
        self.change(
            model.sessions[decision.session_id],
            assignee_id=agent_id,
            counted_team_id=team_id,
            held_reason=None,
            shown_reason=None,
        )
        self.shown.pop(decision.session_id, None)

    def refuse(self, decision: Assign, how: str) -> None:
        """Lose a race: the fact that won it comes first."""
        session = self.model.sessions[decision.session_id]
        match how:
            case "claimed":
                self.change(session, assignee_id=1, held_reason=None)
            case "closed":
                self.change(session, open=False)
            case "agent left":
                agent = self.model.agents[decision.agent_id]
                self.put_agent(replace(agent, presence=Presence.ABSENT))
        self.model.proposed.remove((decision.session_id, decision.team_id, decision.agent_id))
        self.call("refused", decision)

    @rule(
        limit=st.sampled_from([None, None, 1, 2, 3]),
        fates=st.lists(
            st.sampled_from(["commit"] * 6 + ["claimed", "closed", "agent left", "for nothing"]),
            min_size=1,
            max_size=6,
        ),
    )
    def deal(self, limit: int | None, fates: list[str]) -> None:
        decisions = self.decide(limit)
        proposals = [one for one in decisions if isinstance(one, Assign)]
        for decision in proposals:
            self.check(decision)
        if limit is None:
            assert self.model.next_choice() is None, "something could be given and was not"
        else:
            assert len(proposals) <= limit
            assert len(proposals) == limit or self.model.next_choice() is None
        self.show(decisions)
        for number, decision in enumerate(proposals):
            fate = fates[number % len(fates)]
            if fate == "commit":
                self.commit(decision)
            else:
                self.refuse(decision, fate)

    def show(self, decisions: list[Decision]) -> None:
        """Show the reasons told, as one statement a queue or one row."""
        for decision in decisions:
            if isinstance(decision, Assign):
                continue
            for one in self.model.sessions.values():
                if isinstance(decision, Wait):
                    meant = one.id == decision.session_id
                else:
                    meant = self.model.team_of(one) == decision.team_id
                if meant and one.assignee_id is None and one.held_reason is None:
                    self.shown[one.id] = decision.reason

    @rule()
    def reasons_are_true_when_all_is_dealt(self) -> None:
        while True:
            decisions = self.decide(None)
            proposals = [one for one in decisions if isinstance(one, Assign)]
            self.show(decisions)
            for decision in proposals:
                self.check(decision)
            for decision in proposals:
                self.commit(decision)
            if not proposals:
                break
        for one in self.model.waiting():
            assert self.shown[one.id] is self.model.reason(self.model.team_of(one))

    # What must always hold

    @invariant()
    def counts_and_owners_agree(self) -> None:
        for session in self.model.sessions.values():
            told = self.engine.explain(session.id, self.now, most=50)
            assert told.assignee_id == session.assignee_id
            if self.model.only_account() is not None:
                continue
            team_id = self.model.team_of(session)
            assert told.team_id == team_id
            eligible = self.model.eligible(team_id)
            for seen in told.candidates:
                assert seen.open == self.model.open(seen.agent_id)
                if team_id is not None:
                    assert seen.team_open == self.model.open_in(team_id, seen.agent_id)
                assert (seen.verdict is Verdict.ELIGIBLE) == (seen.agent_id in eligible)

    @invariant()
    def queue_positions_agree(self) -> None:
        by_team: dict[int | None, list[int]] = {}
        for session in self.model.waiting():
            by_team.setdefault(self.model.team_of(session), []).append(session.id)
        for waiting in by_team.values():
            for position, session_id in enumerate(waiting, start=1):
                told = self.engine.explain(session_id, self.now, most=0)
                assert (told.queue_position, told.queue_length) == (position, len(waiting))

    def teardown(self) -> None:
        """Replay: the same calls give the same decisions, the last facts the same owners."""
        again = Engine(Policy(max_open=2, settle=0))
        answers = []
        for name, arguments in self.calls:
            answer = getattr(again, name)(*arguments)
            if name == "decide":
                answers.append(answer)
        assert answers == self.answers
        self.engine, self.calls = Engine(self.model.rules), []
        for session in reversed(self.model.sessions.values()):
            self.engine.put_session(session)
        for team in self.model.teams.values():
            self.engine.put_team(team)
        for agent in reversed(self.model.agents.values()):
            self.engine.put_agent(agent)
        self.counts_and_owners_agree()
        self.queue_positions_agree()


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)


@settings(max_examples=100, deadline=None)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("come"), st.integers(1, 5)),
            st.tuples(st.just("toggle"), st.sampled_from(AGENTS)),
        ),
        max_size=40,
    )
)
def test_r3_round_robin_is_even_while_agents_are_continuously_eligible(
    steps: list[tuple[str, int]],
) -> None:
    """In no stretch in which two agents are both there does one get two more than the other."""
    engine = Engine(Policy(max_open=1_000, settle=0))
    there = dict.fromkeys(AGENTS, True)

    def put(agent_id: int) -> None:
        presence = Presence.PRESENT if there[agent_id] else Presence.ABSENT
        engine.put_agent(AgentFact(agent_id, f"a{agent_id}", True, True, presence))

    for agent_id in AGENTS:
        put(agent_id)
    engine.put_team(TeamFact(10, "t", Method.ROUND_ROBIN, tuple(AGENTS)))
    since = {pair: [0] for pair in permutations(AGENTS, 2)}
    session_id = 0
    for step, value in steps:
        if step == "toggle":
            there[value] = not there[value]
            put(value)
            for pair in since:
                if value in pair:
                    since[pair] = [0]
            continue
        for _ in range(value):
            session_id += 1
            engine.put_session(SessionFact(session_id, 1, True, Priority.NORMAL, session_id, 10))
        for decision in engine.decide(session_id):
            if not isinstance(decision, Assign):
                continue
            engine.committed(decision)
            for (one, other), leads in since.items():
                if there[one] and there[other] and decision.agent_id in (one, other):
                    leads.append(leads[-1] + (1 if decision.agent_id == one else -1))
                    assert max(leads) - min(leads) <= 1


@settings(max_examples=100, deadline=None)
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
