"""A small world around an engine, whose caller commits every proposal."""

from typing import Any

from msgspec.structs import replace

from inbox_tui.assignment import (
    AgentFact,
    Assign,
    Decision,
    Engine,
    Explanation,
    Policy,
    RuleFact,
    SessionFact,
    TakeBack,
    TeamFact,
    queue_of_team,
)
from inbox_tui.wire.words import Method, Presence, Priority, UnassignedReason

AMY, BO, CAM, DEE, EVE = 1, 2, 3, 4, 5
SALES, CARE = 10, 20
QUEUE = queue_of_team(SALES)
START = 1_000


class Shop:
    """A caller of the engine that commits every proposal, with a world of its own to alter."""

    def __init__(self, *agents: int, settle: int = 0, max_open: int = 5, **policy: Any) -> None:
        self.policy = Policy(max_open=max_open, settle=settle, **policy)
        self.engine = Engine(self.policy)
        self.agents: dict[int, AgentFact] = {}
        self.sessions: dict[int, SessionFact] = {}
        self.now = START
        self.engine.decide(START)
        for agent_id in agents:
            self.agent(agent_id)

    # -- facts -------------------------------------------------------------------------------

    def set(self, **policy: Any) -> None:
        """Change settings."""
        self.policy = replace(self.policy, **policy)
        self.engine.put_policy(self.policy)

    def agent(self, agent_id: int, **facts: Any) -> None:
        """Let an agent be as told, and else on duty; who is absent has been so since now."""
        told = {"active": True, "accepting": True, "presence": Presence.PRESENT, **facts}
        if told["presence"] is Presence.ABSENT:
            told.setdefault("absent_since", self.now)
        fact = AgentFact(agent_id, f"agent {agent_id}", **told)
        self.agents[agent_id] = fact
        self.engine.put_agent(fact)

    def leaves(self, agent_id: int, presence: Presence = Presence.ABSENT) -> None:
        """Let an agent go off duty, or into grace."""
        since = self.now if presence is Presence.ABSENT else None
        self.agents[agent_id] = replace(
            self.agents[agent_id], presence=presence, absent_since=since
        )
        self.engine.put_agent(self.agents[agent_id])

    def team(
        self,
        team_id: int,
        *members: int,
        method: Method = Method.ROUND_ROBIN,
        max_open: int | None = None,
        turns: dict[int, float] | None = None,
        **facts: Any,
    ) -> None:
        self.engine.put_team(
            TeamFact(team_id, f"team-{team_id}", method, members, max_open, turns or {}, **facts)
        )

    def rules(self, *rules: RuleFact) -> None:
        self.engine.put_rules(rules)

    def session(
        self,
        session_id: int,
        team: int | None = SALES,
        *,
        priority: Priority = Priority.NORMAL,
        waits_from: int | None = None,
        channel_team: int | None = None,
        held: UnassignedReason | None = None,
        shown: UnassignedReason | None = None,
    ) -> None:
        """Put a session that a person sent to a team, whose row shows that it waits there."""
        goes_to = channel_team if team is None else team
        fact = SessionFact(
            session_id,
            1,
            True,
            priority,
            session_id if waits_from is None else waits_from,
            team,
            channel_team,
            held_reason=held,
            shown_reason=shown,
            queue="workspace" if goes_to is None else queue_of_team(goes_to),
            shown_team_id=goes_to,
            priority_chosen=priority is not Priority.NORMAL,
        )
        self.put(fact)

    def comes(self, session_id: int, **facts: Any) -> None:
        """Put a session that has just been opened by a customer's message."""
        told = {
            "priority": Priority.NORMAL,
            "waits_from": self.now,
            "waiting_since": self.now,
            "opened_at": self.now,
            "queued_at": self.now,
            **facts,
        }
        self.put(SessionFact(session_id, 1, True, **told))

    def put(self, fact: SessionFact) -> None:
        self.sessions[fact.id] = fact
        self.engine.put_session(fact)

    def change(self, session_id: int, **facts: Any) -> None:
        """Put a session anew with some facts changed."""
        fact = self.sessions[session_id]
        self.put(replace(fact, version=fact.version + 1, **facts))

    def give(self, session_id: int, agent_id: int | None, team: int | None = None) -> None:
        """Assign by hand: a claim, a designation, or back to nobody."""
        self.change(session_id, assignee_id=agent_id, counted_team_id=team, assigned_at=self.now)

    def close(self, session_id: int) -> None:
        fact = self.sessions.pop(session_id)
        self.engine.put_session(replace(fact, version=fact.version + 1, open=False))

    # -- decisions ---------------------------------------------------------------------------

    def decide(self, limit: int | None = None, *, after: int = 1) -> list[Decision]:
        """Decide some milliseconds later."""
        self.now += after
        return self.engine.decide(self.now, limit)

    def proposals(self, limit: int | None = None, *, after: int = 1) -> list[Assign]:
        return assigns(self.decide(limit, after=after))

    def commit(self, decision: Assign) -> None:
        self.engine.committed(decision)
        self.give(decision.session_id, decision.agent_id, decision.team_id)

    def deal(self, *, after: int = 1) -> list[tuple[int, int]]:
        """Commit all that can be given; return (session, agent) in order."""
        decisions = self.proposals(after=after)
        for decision in decisions:
            self.commit(decision)
        return [(decision.session_id, decision.agent_id) for decision in decisions]

    def deal_each(self, *session_ids: int, team: int | None = SALES) -> list[int]:
        """Let sessions come and be dealt one by one; return who got them, or 0."""
        got = []
        for session_id in session_ids:
            self.session(session_id, team)
            dealt = dict(self.deal())
            got.append(dealt.get(session_id, 0))
        return got

    def taken_back(self, *, after: int = 1) -> list[TakeBack]:
        """Return what is to be taken from its agent some milliseconds later."""
        return [found for found in self.decide(after=after) if isinstance(found, TakeBack)]

    def take(self, decision: TakeBack) -> None:
        """Commit taking a session back."""
        self.engine.committed(decision)
        fact = self.sessions[decision.session_id]
        lapsed = (*fact.lapsed, decision.agent_id) if decision.cause == "lapsed" else fact.lapsed
        self.change(
            fact.id,
            assignee_id=None,
            counted_team_id=None,
            assigned_at=None,
            queued_at=decision.at,
            owner_waited=True,
            lapsed=lapsed,
        )

    # -- looking -----------------------------------------------------------------------------

    def explain(self, session_id: int) -> Explanation:
        return self.engine.explain(session_id, self.now)

    def reason(self, session_id: int) -> UnassignedReason | None:
        """Return why a session waits, as told at the moment."""
        return self.explain(session_id).reason

    def step(self, session_id: int) -> tuple[str, int | None, int | None]:
        """Route one session and return step, team and agent; its proposal is refused again."""
        found: list[Assign] = [one for one in self.proposals() if one.session_id == session_id]
        for one in found:
            self.engine.refused(one)
            return one.step, one.team_id, one.agent_id
        told = self.explain(session_id)
        return told.step, told.team_id, None


class Hours:
    """Business hours that are closed at first and change at some times."""

    def __init__(self, *changes: int) -> None:
        self.changes = changes

    def is_open(self, at_ms: int) -> bool:
        return sum(change <= at_ms for change in self.changes) % 2 == 1

    def next_change(self, at_ms: int) -> int | None:
        return min((change for change in self.changes if change > at_ms), default=None)


def assigns(decisions: list[Decision]) -> list[Assign]:
    return [found for found in decisions if isinstance(found, Assign)]
