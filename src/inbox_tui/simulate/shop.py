"""The shop as the engine knows it: the one place where a simulation and the engine meet.

A :class:`Shop` is a workspace as facts. A :class:`Desk` is an engine that has been told them, and
speaks with it as the backend does: facts in, decisions out, every proposal committed or refused.
Nobody else writes to this shop, so that every proposal can be committed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inbox_tui.assignment import (
    AgentFact,
    Assign,
    Decision,
    Engine,
    Policy,
    SessionFact,
    TeamFact,
    Wait,
    WaitReason,
)
from inbox_tui.assignment.facts import Hours, RuleFact
from inbox_tui.simulate.visits import Stage, Visit
from inbox_tui.wire.words import Method, Presence, Priority, UnassignedReason

WORKSPACE = "workspace"
"""The queue of sessions that no team and no rule claims."""

PULLED = frozenset({UnassignedReason.SELF_CLAIM})
"""Reasons why a session waits for somebody to claim it."""
HANDED = frozenset({UnassignedReason.MANUAL, UnassignedReason.TAKEN_BACK})
"""Reasons why a session waits for a manager to hand it out."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that is written to, and its default team."""

    id: int
    team_id: int | None = None


@dataclass(frozen=True, slots=True)
class Shop:
    """A workspace: who there is, by which rules, and what it calls them.

    ``idle_close`` is after how long without a word a session is closed, 0 for never (L6). Where
    agents are not ``personal``, nobody has served a customer before.
    """

    policy: Policy
    agents: tuple[AgentFact, ...]
    teams: tuple[TeamFact, ...] = ()
    channels: Mapping[str, Channel] = field(default_factory=dict)
    rules: tuple[RuleFact, ...] = ()
    hours: Mapping[str, Hours] = field(default_factory=dict)
    timezone: str = "UTC"
    idle_close: int = 86_400_000
    personal: bool = True

    def limit(self, agent: AgentFact) -> int:
        """Return how many sessions an agent may have open (R5)."""
        return self.policy.max_open if agent.max_open is None else agent.max_open


@dataclass(frozen=True, slots=True)
class Queue:
    """Who serves a queue: the members by id, the team and its cap of sessions for each."""

    members: tuple[int, ...]
    team_id: int | None = None
    cap: int | None = None


class Desk:
    """One engine and its shop."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._engine = Engine(shop.policy)
        self._ids = {agent.nickname: agent.id for agent in shop.agents}
        self._teams = {team.slug: team.id for team in shop.teams}
        self._agents = {agent.id: agent for agent in shop.agents}
        for agent in shop.agents:
            self._engine.put_agent(agent)
        for team in shop.teams:
            self._engine.put_team(team)
        self.queues = queues_of(shop)
        # Of the engine's own: nothing stands between a simulation and what it decides.
        self.decide = self._engine.decide
        self.next_wake = self._engine.next_wake
        self.committed = self._engine.committed

    def put_agent(self, agent_id: int, now: int, *, present: bool, accepting: bool) -> None:
        """Tell that an agent comes, goes, or turns the switch."""
        fact = self._agents[agent_id]
        self._engine.put_agent(
            AgentFact(
                fact.id,
                fact.nickname,
                fact.active,
                accepting,
                Presence.PRESENT if present else Presence.ABSENT,
                fact.max_open,
                fact.weight,
                fact.languages,
                fact.last_assigned,
                fact.skills,
                None if present else now,
            )
        )

    def put_visit(self, visit: Visit) -> None:
        """Tell how a visit stands now."""
        contact = visit.contact
        channel = self.shop.channels[contact.channel]
        stage = visit.stage
        agent_id = visit.agent_id
        self._engine.put_session(
            SessionFact(
                visit.id,
                visit.version,
                stage is not Stage.OVER,
                Priority.NORMAL,
                visit.at,
                None,
                channel.team_id,
                agent_id,
                visit.team_id,
                contact.language,
                None,
                None,
                None,
                channel.id,
                visit.category,
                contact.tags,
                contact.tier,
                visit.returning,
                visit.text,
                self._ids.get(contact.bound) if contact.bound else None,
                self._teams.get(contact.bound_team) if contact.bound_team else None,
                self._ids.get(contact.dedicated) if contact.dedicated else None,
                self.previous(visit) if visit.returning and self.shop.personal else None,
                False,
                visit.owner_waited,
                visit.lapsed,
                visit.at,
                visit.queued_at,
                visit.assigned_at,
                visit.at if stage < Stage.SERVED else None,
            )
        )

    def previous(self, visit: Visit) -> int | None:
        """Return who served a returning customer last, if that is known."""
        contact = visit.contact
        if contact.previous is not None or contact.before is None:
            return contact.previous
        return self._ids.get(contact.before)

    def queue_of(self, visit: Visit, now: int) -> str:
        """Return the queue that a waiting visit stands in."""
        return _key(self._engine.explain(visit.id, now, 0).team_id)


def queue_key(decision: Assign | Wait | WaitReason) -> str:
    """Return the queue that a decision is about."""
    return _key(decision.team_id)


def _key(team_id: int | None) -> str:
    return WORKSPACE if team_id is None else f"team:{team_id}"


def queues_of(shop: Shop) -> dict[str, Queue]:
    """Return every queue there can be."""
    everybody = tuple(agent.id for agent in shop.agents if agent.active)
    found = {WORKSPACE: Queue(everybody)}
    teams = {team.id: team for team in shop.teams}
    for team in shop.teams:
        found[_key(team.id)] = Queue(team.members, team.id, team.max_open)
    for rule in shop.rules:
        team_of_rule = None if rule.team_id is None else teams.get(rule.team_id)
        found[f"rule:{rule.id}"] = (
            Queue(rule.agents)
            if team_of_rule is None
            else Queue(team_of_rule.members, team_of_rule.id, team_of_rule.max_open)
        )
    return found


__all__ = [
    "HANDED",
    "PULLED",
    "WORKSPACE",
    "AgentFact",
    "Assign",
    "Channel",
    "Decision",
    "Desk",
    "Method",
    "Policy",
    "Queue",
    "RuleFact",
    "Shop",
    "TeamFact",
    "Wait",
    "WaitReason",
    "queue_key",
    "queues_of",
]
