"""Generated histories of the engine alone, against the naive rules.

After every step both are asked the same: who is proposed what, in which order and by which step,
where rotations stand, why the rest waits, at which position, who has how much. Commits succeed,
fail, or stay under way while other things happen.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace
from tests.soak import strategies as make
from tests.soak.naive import Given
from tests.soak.strategies import AGENTS, SECOND, START, TEAMS, Toggled
from tests.soak.world import World

from inbox_tui.assignment import (
    AgentFact,
    Assign,
    Decision,
    Engine,
    Policy,
    RuleFact,
    SessionFact,
    TakeBack,
    TeamFact,
    Wait,
    WaitReason,
)
from inbox_tui.assignment.journal import RecordedEngine, again, decode, encode
from inbox_tui.wire.words import Consider, Method, Presence, Priority, UnassignedReason

FATES = ["commit"] * 6 + ["later", "later", "claimed", "closed", "agent left", "for nothing"]


class Row(NamedTuple):
    """What the row of a waiting session shows."""

    queue: str | None = None
    reason: UnassignedReason | None = None
    wait_until: int | None = None
    team_id: int | None = None
    rule_id: int | None = None


class EngineHistories(RuleBasedStateMachine):
    """Steps of a working day, in any order."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.naive = World(Policy(max_open=2, settle=0), START)
        self.engine = RecordedEngine(self.naive.policy)
        self.last_id = 0
        self.rows: dict[int, Row] = {}
        self.under_way: list[Assign] = []
        self.hours_are_news = False

    # -- facts -------------------------------------------------------------------------------

    def put_agent(self, fact: AgentFact) -> None:
        self.naive.take_agent(fact)
        self.engine.put_agent(fact)

    def tell_rules(self, rules: list[RuleFact]) -> None:
        self.engine.put_rules(self.naive.take_rules(rules))

    def put_session(self, fact: SessionFact) -> None:
        if fact.open:
            self.naive.sessions[fact.id] = fact
        else:
            del self.naive.sessions[fact.id]
        self.engine.put_session(fact)
        self.naive.tidy()

    def change(self, session: SessionFact, row: Row | None = None, **changes: Any) -> None:
        if row is not None:
            self.rows[session.id] = row
        shows = self.rows.get(session.id, Row())
        changes = {
            "shown_reason": shows.reason,
            "queue": shows.queue,
            "shown_wait_until": shows.wait_until,
            "shown_team_id": shows.team_id,
            "shown_rule_id": shows.rule_id,
            **changes,
        }
        self.put_session(replace(session, version=session.version + 1, **changes))

    def some(self, data: st.DataObject, where: Callable[[SessionFact], bool]) -> SessionFact | None:
        found = [one for one in self.naive.sessions.values() if where(one)]
        return data.draw(st.sampled_from(found)) if found else None

    # -- what happens ------------------------------------------------------------------------

    @initialize(present=st.integers(0, len(AGENTS)), plain=st.booleans(), data=st.data())
    def open_shop(self, present: int, plain: bool, data: st.DataObject) -> None:
        self.engine.decide(START)
        for agent_id in AGENTS:
            there = agent_id <= present
            presence = Presence.PRESENT if there else Presence.ABSENT
            since = None if there else START
            fact = AgentFact(agent_id, f"a{agent_id}", True, True, presence, absent_since=since)
            self.put_agent(fact)
        for team_id in TEAMS:
            self.put_team(TeamFact(team_id, f"t{team_id}", Method.ROUND_ROBIN, AGENTS))
        if not plain:
            self.settings_change(data.draw(make.policies))
            self.rules_change(data.draw(make.rule_lists()))
            self.hours_change([5 * SECOND, 30 * SECOND], [20 * SECOND])

    @rule(agent_id=make.agents, changes=make.agent_changes)
    def agent_changes(self, agent_id: int, changes: dict[str, Any]) -> None:
        fact = replace(self.naive.agents[agent_id], **changes)
        gone = self.naive.now if fact.presence is Presence.ABSENT else None
        if fact.absent_since is None or gone is None:
            fact = replace(fact, absent_since=gone)
        self.put_agent(fact)
        self.settle_in()

    def put_team(self, fact: TeamFact) -> None:
        self.engine.put_team(self.naive.take_team(fact))
        self.tell_rules(self.naive.rules)

    @rule(team_id=make.teams, parts=make.team_parts)
    def team_changes(self, team_id: int, parts: dict[str, Any]) -> None:
        self.put_team(TeamFact(team_id, f"t{team_id}", **parts))
        self.settle_in()

    @rule(team_id=make.teams)
    def remove_team(self, team_id: int) -> None:
        self.naive.lose_team(team_id)
        self.engine.remove_team(team_id)
        self.naive.tidy()
        self.settle_in()

    @rule(rules=make.rule_lists())
    def rules_change(self, rules: list[RuleFact]) -> None:
        self.tell_rules(rules)
        self.settle_in()

    @rule(policy=make.policies)
    def settings_change(self, policy: Policy) -> None:
        self.naive.policy = policy
        self.engine.put_policy(policy)
        self.naive.tidy()
        self.settle_in()

    @rule(
        day=st.lists(st.sampled_from([5, 20, 40, 60]).map(lambda at: at * SECOND), max_size=3),
        night=st.lists(st.sampled_from([-5, 10, 30]).map(lambda at: at * SECOND), max_size=2),
    )
    def hours_change(self, day: list[int], night: list[int]) -> None:
        now = self.naive.now
        hours = {
            name: Toggled(tuple(sorted({now + at for at in changes})))
            for name, changes in (("day", day), ("night", night))
        }
        self.naive.hours = dict(hours)
        plain = {name: list(each.changes) for name, each in hours.items()}
        self.engine.put_calendars(self.naive.hours, plain)
        self.hours_are_news = True
        self.settle_in()

    @rule(parts=make.session_parts, count=st.integers(1, 3))
    def customers_write(self, parts: dict[str, Any], count: int) -> None:
        now, waited = self.naive.now, parts["waited"] * SECOND
        rest = {name: value for name, value in parts.items() if name != "waited"}
        for _ in range(count):
            self.last_id += 1
            self.put_session(
                SessionFact(
                    self.last_id,
                    1,
                    True,
                    waits_from=now - waited,
                    waiting_since=now - waited,
                    opened_at=now - waited,
                    queued_at=now - waited // 2,
                    **rest,
                )
            )
        self.settle_in()

    @rule(data=st.data(), agent_id=make.agents)
    def somebody_claims(self, data: st.DataObject, agent_id: int) -> None:
        if session := self.some(data, lambda one: one.assignee_id is None):
            team = self.naive.way(session).team
            self.change(
                session,
                Row(),
                assignee_id=agent_id,
                counted_team_id=None if team is None else team.id,
                held_reason=None,
                assigned_at=self.naive.now,
            )
        self.settle_in()

    @rule(data=st.data(), team_id=st.sampled_from([None, *TEAMS]))
    def somebody_transfers(self, data: st.DataObject, team_id: int | None) -> None:
        if session := self.some(data, lambda one: True):
            self.change(
                session,
                Row(),
                team_id=team_id,
                assignee_id=None,
                counted_team_id=None,
                assigned_at=None,
                queued_at=self.naive.now,
                owner_waited=False,
                lapsed=(),
            )
        self.settle_in()

    @rule(data=st.data(), held=make.held_reasons)
    def session_is_held(self, data: st.DataObject, held: UnassignedReason | None) -> None:
        if session := self.some(data, lambda one: one.assignee_id is None):
            self.change(session, Row(reason=held), held_reason=held)
        self.settle_in()

    @rule(data=st.data(), priority=make.priorities, waited=st.sampled_from([0, 2, 9]))
    def session_changes(self, data: st.DataObject, priority: Priority, waited: int) -> None:
        if session := self.some(data, lambda one: True):
            at = self.naive.now - waited * SECOND
            self.change(session, priority=priority, priority_chosen=True, waits_from=at)
        self.settle_in()

    @rule(data=st.data(), parts=make.session_parts)
    def more_becomes_known(self, data: st.DataObject, parts: dict[str, Any]) -> None:
        """A message, a tag, a binding: what rules and agents of its own go by."""
        names = ("language", "category", "tags", "tier", "text", "bound_agent_id")
        if session := self.some(data, lambda one: True):
            self.change(session, **{name: parts[name] for name in names})
        self.settle_in()

    @rule(data=st.data(), answered=st.booleans())
    def somebody_replies_or_the_customer_writes(self, data: st.DataObject, answered: bool) -> None:
        if session := self.some(data, lambda one: one.assignee_id is not None):
            self.change(session, waiting_since=None if answered else self.naive.now)
        self.settle_in()

    @rule(data=st.data())
    def session_closes(self, data: st.DataObject) -> None:
        if session := self.some(data, lambda one: True):
            self.change(session, open=False)
        self.settle_in()

    @rule(seconds=st.sampled_from([1, 2, 9, 20, 61]))
    def time_passes(self, seconds: int) -> None:
        self.naive.now += seconds * SECOND
        self.deal(None, ["commit"])

    # -- decisions ---------------------------------------------------------------------------

    def settle_in(self) -> None:
        """Arrivals are about moments: where there are any, all that happens is seen at once."""
        if self.naive.policy.settle:
            self.deal(None, ["commit"])

    @rule(
        limit=st.sampled_from([None, None, None, 1, 2]),
        fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=4),
    )
    def deal(self, limit: int | None, fates: list[str]) -> None:
        self.naive.go_on_to(self.naive.now + 1)
        due = self.naive.to_take_back()
        decisions = self.decide(limit)
        taken = [one for one in decisions if isinstance(one, TakeBack)]
        assert [(one.session_id, one.agent_id, one.cause) for one in taken] == [
            (session_id, agent_id, cause) for _, session_id, agent_id, cause in due
        ]
        proposals = [one for one in decisions if isinstance(one, Assign)]
        for decision in proposals:
            self.check(decision)
        if limit is None:
            assert self.naive.next_choice() is None, "something could be given and was not"
        else:
            assert len(proposals) <= limit
            assert len(proposals) == limit or self.naive.next_choice() is None
        if limit is None:
            self.wakes_in_time()
        self.show(decisions)
        if limit is None:
            self.rows_are_true()
        for number, back in enumerate(taken):
            self.take_back(back, fates[number % len(fates)])
        for number, decision in enumerate(proposals):
            self.seal(decision, fates[number % len(fates)])

    def decide(self, limit: int | None) -> list[Decision]:
        self.hours_are_news = False
        return self.engine.decide(self.naive.now, limit)

    def check(self, decision: Assign) -> None:
        """Check one proposal against the naive choice; note it as under way."""
        naive = self.naive
        choice = naive.next_choice()
        assert choice is not None, "something was given that could not be"
        session, way = choice.session, choice.way
        assert (decision.session_id, decision.session_version) == (session.id, session.version)
        assert (decision.agent_id, decision.step) == (choice.agent_id, choice.step)
        assert decision.queue == way.queue
        assert decision.team_id == (None if way.team is None else way.team.id)
        assert decision.rule_id == (None if way.rule is None else way.rule.id)
        assert decision.priority is naive.priority(session)
        assert decision.method == (naive.method(way) if choice.by_method else None)
        assert decision.turn == naive.turn(choice)
        waived = choice.by_method and naive.consider(way) is Consider.ACTIVE
        assert decision.online_only is not waived
        naive.propose(choice)
        self.under_way.append(decision)

    def seal(self, decision: Assign, fate: str) -> None:
        """Let a proposal be committed, lose it in some way, or leave it under way."""
        session = self.naive.sessions.get(decision.session_id)
        if fate == "later":
            return
        if session is None or session.version != decision.session_version:
            fate = "for nothing"
        given = next(
            one for one in self.naive.under_way if one.choice.session.id == decision.session_id
        )
        if fate == "commit":
            self.under_way.remove(decision)
            self.commit(decision, given)
            return
        match fate:
            case "claimed" if session is not None:
                self.change(
                    session, Row(), assignee_id=1, held_reason=None, assigned_at=self.naive.now
                )
            case "closed" if session is not None:
                self.change(session, open=False)
            case "agent left":
                agent = self.naive.agents[decision.agent_id]
                self.put_agent(
                    replace(agent, presence=Presence.ABSENT, absent_since=self.naive.now)
                )
        self.under_way.remove(decision)
        self.naive.under_way.remove(given)
        self.engine.refused(decision)

    def commit(self, decision: Assign, given: Given) -> None:
        naive = self.naive
        counts = naive.commit(given, decision.turn, decision.at)
        self.engine.committed(decision)
        self.change(
            naive.sessions[decision.session_id],
            Row(),
            assignee_id=decision.agent_id,
            counted_team_id=decision.team_id,
            held_reason=None,
            assigned_at=decision.at,
            priority=decision.priority,
        )
        if not counts:
            self.tell_again(decision.queue)

    def tell_again(self, queue: str) -> None:
        """A turn was stored of somebody who had left meanwhile: tell the numbers again."""
        team_id = int(queue.removeprefix("team:")) if queue.startswith("team:") else 0
        if team_id in self.naive.teams:
            self.put_team(self.naive.teams[team_id])
        else:
            self.tell_rules(self.naive.rules)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), fate=st.sampled_from(FATES))
    def an_answer_comes(self, data: st.DataObject, fate: str) -> None:
        self.seal(data.draw(st.sampled_from(self.under_way)), fate)
        self.settle_in()

    def take_back(self, decision: TakeBack, fate: str) -> None:
        session = self.naive.sessions[decision.session_id]
        if fate in ("commit", "later"):
            self.engine.committed(decision)
            lapsed = (decision.agent_id,) if decision.cause == "lapsed" else ()
            self.change(
                session,
                Row(),
                assignee_id=None,
                counted_team_id=None,
                assigned_at=None,
                queued_at=decision.at,
                owner_waited=True,
                lapsed=tuple(sorted({*session.lapsed, *lapsed})),
            )
            return
        if fate == "closed":
            self.change(session, open=False)
        elif fate == "claimed":
            self.change(session, waiting_since=None)
        self.engine.refused(decision)

    # -- why the rest waits ------------------------------------------------------------------

    def show(self, decisions: list[Decision]) -> None:
        """Show the reasons told, as one row or as one statement a queue."""
        for decision in decisions:
            match decision:
                case Wait():
                    session = self.naive.sessions[decision.session_id]
                    assert decision.session_version == session.version
                    row = Row(
                        decision.queue,
                        decision.reason,
                        decision.wait_until,
                        decision.team_id,
                        decision.rule_id,
                    )
                    known = Row(
                        session.queue,
                        session.shown_reason,
                        session.shown_wait_until,
                        session.shown_team_id,
                        session.shown_rule_id,
                    )
                    same = known == row and decision.priority is session.priority
                    assert not same, "told twice"
                    self.change(session, row, priority=decision.priority)
                    session = self.naive.sessions[decision.session_id]
                    way = self.naive.way(session)
                    assert decision.team_id == (None if way.team is None else way.team.id)
                    assert decision.rule_id == (None if way.rule is None else way.rule.id)
                    alone = decision.reason is UnassignedReason.WAITING_FOR_AGENT
                    first = self.naive.asked(session)[0][0] if alone else way.step
                    assert decision.step == first
                case WaitReason():
                    for session in self.naive.sessions.values():
                        row = self.rows.get(session.id, Row())
                        if session.assignee_id is None and row.queue == decision.queue:
                            self.rows[session.id] = row._replace(reason=decision.reason)

    def rows_are_true(self) -> None:
        naive = self.naive
        for session in naive.waiting():
            row, way = self.rows[session.id], naive.way(session)
            team_id = None if way.team is None else way.team.id
            rule_id = None if way.rule is None else way.rule.id
            reason = naive.reason(session) or row.reason
            wait_until = naive.wait_until(session)
            assert row[1:] == (reason, wait_until, team_id, rule_id), (session, row, reason)
            assert session.priority is naive.priority(session)
            queue = way.queue if wait_until is None else "agent:"
            assert row.queue is not None
            assert row.queue.startswith(queue)

    def wakes_in_time(self) -> None:
        """It asks to be called before anything changes by itself, and only for the future."""
        wake = self.engine.next_wake(self.naive.now)
        assert wake is None or wake > self.naive.now
        soonest = min((at for at in self.naive.times() if at > self.naive.now), default=None)
        assert soonest is None or (wake is not None and wake <= soonest)

    # -- what must always hold ---------------------------------------------------------------

    @invariant()
    def counts_owners_verdicts_and_positions_agree(self) -> None:
        type(self).steps += 1
        naive = self.naive
        if self.hours_are_news or naive.only_account() is not None:
            return
        waiting = naive.waiting()
        under_way = {given.choice.session.id: given.choice for given in naive.under_way}
        for session in naive.sessions.values():
            told = self.engine.explain(session.id, naive.now, most=50)
            proposed = under_way.get(session.id)
            owner = session.assignee_id
            if owner is None and proposed is not None:
                owner = proposed.agent_id
            assert told.assignee_id == owner
            way = naive.way(session)
            assert told.team_id == (None if way.team is None else way.team.id)
            assert told.rule == (way.rule.name if way.rule else "")
            assert told.priority is naive.priority(session)
            own = [agent_id for _, agent_id in naive.own(session) if agent_id in naive.agents]
            ranks = [agent_id for agent_id in naive.ranked(session) if agent_id not in own]
            first = len([one for one in own if naive.own_verdict(one, way) == "eligible"]) + 1
            for seen in told.candidates:
                assert seen.open == naive.open(seen.agent_id)
                if way.team is not None:
                    assert seen.team_open == naive.open_in(way.team, seen.agent_id)
                if session not in waiting or naive.excluded(session) or told.wait_until:
                    continue
                if seen.agent_id in own:
                    assert seen.verdict == naive.own_verdict(seen.agent_id, way)
                    continue
                verdict = naive.judged(session, seen.agent_id)
                assert seen.verdict == verdict, (session, seen, verdict)
                rank = ranks.index(seen.agent_id) + first if seen.agent_id in ranks else None
                assert seen.rank == rank
            seen_ids = [seen.agent_id for seen in told.candidates]
            expected = {*own, *naive.members(way)}
            assert sorted(seen_ids) == sorted(expected)

    @invariant()
    def queue_positions_agree(self) -> None:
        naive = self.naive
        if self.hours_are_news:
            return
        standing: dict[str, list[int]] = {}
        for session in naive.waiting():
            if naive.wait_until(session) is None:
                standing.setdefault(naive.way(session).queue, []).append(session.id)
        for session in naive.waiting():
            told = self.engine.explain(session.id, naive.now, most=0)
            line = standing.get(naive.way(session).queue, [])
            place = line.index(session.id) + 1 if session.id in line else None
            assert (told.queue_position, told.queue_length) == (place, len(line))

    def teardown(self) -> None:
        """Replay: the same calls give the same decisions, the last facts the same owners."""
        calls = decode(encode(self.engine.calls))
        for repeated in again(calls, Engine(), _hours):
            assert repeated.difference() is None


def _hours(plain: dict[str, list[int]]) -> dict[str, Toggled]:
    return {name: Toggled(tuple(changes)) for name, changes in plain.items()}
