"""The shop as the engine knows it: the one place where a simulation and the engine meet.

A :class:`Shop` is a workspace as facts. A :class:`Desk` is an engine that has been told them, and
speaks with it as the backend does: facts in, decisions out, every proposal committed or refused.
Nobody else writes to this shop, so that every proposal can be committed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from inbox_tui.assignment import AgentFact, Engine, Hours, Policy, RuleFact, SessionFact, TeamFact
from inbox_tui.assignment.methods import WORKSPACE_METHOD
from inbox_tui.simulate.visits import Contact, Stage, Visit
from inbox_tui.wire.words import Method, Presence, Priority

WORKSPACE = "workspace"
"""The queue of sessions that no team and no rule claims."""


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
    """Who serves a queue: the members by id, the team and its cap of sessions for each; how."""

    members: tuple[int, ...]
    team_id: int | None = None
    cap: int | None = None
    method: Method = WORKSPACE_METHOD


class Desk:
    """One engine and its shop."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.queues = queues_of(shop)
        engine = Engine(shop.policy, reasons=_somebody_fetches(shop))
        engine.put_hours(shop.hours)
        for agent in shop.agents:
            engine.put_agent(agent)
        for team in shop.teams:
            engine.put_team(team)
        engine.put_rules(shop.rules)
        # The engine's own: nothing stands between a simulation and what it decides.
        self.decide = engine.decide
        self.next_wake = engine.next_wake
        self.committed = engine.committed
        self.position = engine.position
        self._engine = engine
        self._agents = {agent.id: agent for agent in shop.agents}
        self._ids = {agent.nickname: agent.id for agent in shop.agents}
        self._teams = {team.slug: team.id for team in shop.teams}

    def put_agent(self, agent_id: int, now: int, *, present: bool, accepting: bool) -> None:
        """Tell that an agent comes, goes, or turns the switch."""
        self._engine.put_agent(
            replace(
                self._agents[agent_id],
                accepting=accepting,
                presence=Presence.PRESENT if present else Presence.ABSENT,
                absent_since=None if present else now,
            )
        )

    def put_visit(self, visit: Visit) -> None:
        """Tell how a visit stands now."""
        contact = visit.contact
        channel = self.shop.channels[contact.channel]
        stage = visit.stage
        self._engine.put_session(
            SessionFact(
                id=visit.id,
                version=visit.version,
                open=True,
                priority=Priority.NORMAL,
                waits_from=visit.at,
                channel_team_id=channel.team_id,
                assignee_id=visit.agent_id,
                counted_team_id=visit.team_id,
                language=contact.language,
                channel_id=channel.id,
                category=visit.category,
                tags=contact.tags,
                tier=contact.tier,
                returning=visit.returning,
                text=visit.text,
                bound_agent_id=self._ids.get(contact.bound) if contact.bound else None,
                bound_team_id=self._teams.get(contact.bound_team) if contact.bound_team else None,
                dedicated_agent_id=self._ids.get(contact.dedicated) if contact.dedicated else None,
                previous_agent_id=self._previous(contact) if visit.returning else None,
                owner_waited=visit.owner_waited,
                lapsed=visit.lapsed,
                opened_at=visit.at,
                queued_at=visit.queued_at,
                assigned_at=visit.assigned_at,
                waiting_since=visit.at if stage < Stage.SERVED else None,
            )
        )

    def put_closed(self, visit: Visit) -> None:
        """Tell that a visit is over; nothing else of it matters any more."""
        self._engine.put_session(
            SessionFact(visit.id, visit.version, False, Priority.NORMAL, visit.at)
        )

    def _previous(self, contact: Contact) -> int | None:
        """Return who served a returning customer last, if that is known and counts."""
        if contact.previous is not None and self.shop.personal:
            return contact.previous
        return self._ids.get(contact.before) if contact.before else None


def base_of(queue: str) -> str:
    """Return the queue of a line: sessions with needs of their own stand in lines of their own."""
    return queue.partition("/")[0].partition("!")[0]


def _somebody_fetches(shop: Shop) -> bool:
    """Say whether sessions can wait for people, who have to be told; telling costs time."""
    methods = {team.method for team in shop.teams} | {rule.method for rule in shop.rules}
    excluding: list[Policy | TeamFact] = [shop.policy, *shop.teams]
    return (
        shop.policy.take_back is not None
        or not methods.isdisjoint({Method.SELF_CLAIM, Method.MANUAL})
        or any(each.exclude_tags or each.exclude_older_than is not None for each in excluding)
    )


def queues_of(shop: Shop) -> dict[str, Queue]:
    """Return every queue there can be."""
    everybody = tuple(agent.id for agent in shop.agents if agent.active)
    found = {WORKSPACE: Queue(everybody)}
    teams = {team.id: team for team in shop.teams}
    for team in shop.teams:
        found[f"team:{team.id}"] = Queue(team.members, team.id, team.max_open, team.method)
    for rule in shop.rules:
        team_of_rule = None if rule.team_id is None else teams.get(rule.team_id)
        if team_of_rule is None:
            own = Queue(rule.agents, method=rule.method or WORKSPACE_METHOD)
        else:
            own = Queue(
                team_of_rule.members,
                team_of_rule.id,
                team_of_rule.max_open,
                rule.method or team_of_rule.method,
            )
        found[f"rule:{rule.id}"] = own
    return found
