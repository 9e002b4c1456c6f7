"""The specification's rules of assignment, once more, in plain lists and loops.

Nothing of the engine is used here but the facts it is told, and nothing is kept that could be
counted: every question goes through all agents and all sessions again. What happened is put into
the lists from outside (:mod:`tests.soak.engine_histories`, :mod:`tests.soak.shop_histories`); this
page says what has to follow. Rules are named by their ids.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from tests.soak.rotation import Rotation

from inbox_tui.assignment import AgentFact, Hours, Policy, RuleFact, SessionFact, TeamFact
from inbox_tui.wire.words import (
    Consider,
    ContactKind,
    Method,
    Presence,
    Priority,
    UnassignedReason,
)

ORDER = [Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.URGENT]
AUTOMATIC = (Method.ROUND_ROBIN, Method.LEAST_OPEN, Method.LEAST_LOADED)
EVERYBODY = "workspace"


class Way(NamedTuple):
    """Which step of R1 a session's queue comes from, and what that queue is."""

    step: str
    queue: str
    team: TeamFact | None = None
    rule: RuleFact | None = None


class Choice(NamedTuple):
    """Who is to be given a session; ``by_method`` when the queue's method chose."""

    session: SessionFact
    agent_id: int
    step: str
    way: Way
    by_method: bool


class Given(NamedTuple):
    """A choice whose commit is still under way. ``number`` tells which of two came later."""

    choice: Choice
    number: int


@dataclass
class Arrivals:
    """Who has come to a backlog, and since when they wait for each other (R9)."""

    since: int | None = None
    agents: set[int] = field(default_factory=set)


@dataclass
class Naive:
    """The world as it was told, and what the specification says about it."""

    policy: Policy = field(default_factory=Policy)
    now: int = 0
    agents: dict[int, AgentFact] = field(default_factory=dict)
    teams: dict[int, TeamFact] = field(default_factory=dict)
    rules: list[RuleFact] = field(default_factory=list)
    hours: dict[str, Hours] = field(default_factory=dict)
    sessions: dict[int, SessionFact] = field(default_factory=dict)
    under_way: list[Given] = field(default_factory=list)
    rotations: dict[str, Rotation] = field(default_factory=dict)
    arrivals: dict[str, Arrivals] = field(default_factory=dict)

    # -- people (P1-P3, R5) --------------------------------------------------------------------

    def only_account(self) -> int | None:
        """P1: exactly one active account gets everything."""
        active = [agent.id for agent in self.agents.values() if agent.active]
        return active[0] if len(active) == 1 else None

    def open(self, agent_id: int) -> int:
        served = [one for one in self.sessions.values() if one.assignee_id == agent_id]
        return len(served) + len(
            [given for given in self.under_way if given.choice.agent_id == agent_id]
        )

    def open_in(self, team: TeamFact, agent_id: int) -> int:
        served = [
            one
            for one in self.sessions.values()
            if one.assignee_id == agent_id and one.counted_team_id == team.id
        ]
        return len(served) + len(
            [
                given
                for given in self.under_way
                if given.choice.agent_id == agent_id
                and given.choice.way.team is not None
                and given.choice.way.team.id == team.id
            ]
        )

    def limit(self, agent_id: int) -> int:
        own = self.agents[agent_id].max_open
        return self.policy.max_open if own is None else own

    def verdict(self, agent_id: int, way: Way, consider: Consider, *, counts_cap: bool) -> str:
        """P2, P3, R5: what keeps an agent from being given one more, if anything."""
        agent = self.agents.get(agent_id)
        if agent is None or not agent.active:
            return "inactive"
        if consider is Consider.ONLINE and agent.presence is Presence.GRACE:
            return "grace"
        if consider is Consider.ONLINE and agent.presence is Presence.ABSENT:
            return "absent"
        if not agent.accepting:
            return "switched_off"
        if self.open(agent_id) >= self.limit(agent_id):
            return "full"
        team = way.team
        cap = team.max_open if counts_cap and team is not None else None
        if team is not None and cap is not None and self.open_in(team, agent_id) >= cap:
            return "team_full"
        return "eligible"

    def own_verdict(self, agent_id: int, way: Way) -> str:
        """The same for an agent of the contact's own: presence counts, the cap of their teams."""
        member = way.team is not None and agent_id in way.team.members
        return self.verdict(agent_id, way, Consider.ONLINE, counts_cap=member)

    # -- where a session belongs (R1, R2) ------------------------------------------------------

    def way(self, session: SessionFact) -> Way:
        """R1, R15: a person's choice, the bound team, the first rule, the channel, everybody."""
        if session.team_id in self.teams:
            return self._to_team("designated", session.team_id)
        if session.bound_team_id in self.teams:
            return self._to_team("bound_team", session.bound_team_id)
        for rule in self.rules:
            if rule.team_id is not None and rule.team_id not in self.teams:
                continue
            if rule.enabled and self.holds(rule, session):
                team = None if rule.team_id is None else self.teams[rule.team_id]
                plain = team is not None and rule.method is None and rule.consider is None
                queue = f"team:{rule.team_id}" if plain else f"rule:{rule.id}"
                return Way("rule", queue, team, rule)
        if session.channel_team_id in self.teams:
            return self._to_team("channel_team", session.channel_team_id)
        return Way("workspace_pool", EVERYBODY)

    def _to_team(self, step: str, team_id: int | None) -> Way:
        assert team_id is not None
        return Way(step, f"team:{team_id}", self.teams[team_id])

    def holds(self, rule: RuleFact, session: SessionFact) -> bool:
        """R2: all conditions hold, of each any alternative."""
        when = rule.when
        asked: list[bool] = []
        if when.channels:
            asked.append(session.channel_id in when.channels)
        if when.languages:
            asked.append(session.language in when.languages)
        if when.categories:
            asked.append(session.category in when.categories)
        if when.keywords:
            asked.append(any(keyword in session.text for keyword in when.keywords))
        if when.tags:
            asked.append(any(tag in session.tags for tag in when.tags))
        if when.tiers:
            asked.append(session.tier in when.tiers)
        if when.contact is not None:
            asked.append(session.returning == (when.contact is ContactKind.RETURNING))
        if when.business_hours:
            asked.append(any(self.is_open(name) for name in when.business_hours))
        if when.outside_business_hours:
            asked.append(not any(self.is_open(name) for name in when.outside_business_hours))
        return all(asked)

    def is_open(self, name: str) -> bool:
        return name in self.hours and self.hours[name].is_open(self.now)

    def own(self, session: SessionFact) -> list[tuple[str, int]]:
        """R1.2-4, R10: bound, dedicated and previous agent, each once; not who let it lapse."""
        if session.team_id in self.teams:
            return []
        bound = self.teams.get(session.bound_team_id) if session.bound_team_id else None
        found: list[tuple[str, int]] = []
        for step, agent_id in (
            ("binding", session.bound_agent_id),
            ("dedicated_agent", session.dedicated_agent_id),
            ("previous_agent", session.previous_agent_id),
        ):
            if agent_id is None or agent_id in session.lapsed:
                continue
            if step != "binding" and bound is not None and agent_id not in bound.members:
                continue
            if agent_id not in [seen for _, seen in found]:
                found.append((step, agent_id))
        return found

    def asked(self, session: SessionFact) -> list[tuple[str, int]]:
        """Of those the active ones; nobody waits for an account that is closed."""
        return [
            (step, agent_id)
            for step, agent_id in self.own(session)
            if agent_id in self.agents and self.agents[agent_id].active
        ]

    def wait_until(self, session: SessionFact) -> int | None:
        """R6: until when it waits for the first of its own agents alone."""
        if self.only_account() is not None or self.excluded(session):
            return None
        until = session.queued_at + self.policy.owner_wait
        waits = self.asked(session) and not session.owner_waited and self.now < until
        return until if waits else None

    def priority(self, session: SessionFact) -> Priority:
        """R7: a person's choice, else the higher of tier's and rule's, else normal."""
        if session.priority_chosen:
            return session.priority
        rule = self.way(session).rule
        brought = [Priority.NORMAL] if rule is None or rule.priority is None else [rule.priority]
        if session.tier is not None and session.tier in self.policy.tiers:
            tier = self.policy.tiers[session.tier]
            brought = [tier] if rule is None or rule.priority is None else [*brought, tier]
        return max(brought, key=ORDER.index)

    # -- who may be given it (R3, R4, R10) -----------------------------------------------------

    def method(self, way: Way) -> Method:
        if way.rule is not None and way.rule.method is not None:
            return way.rule.method
        return Method.LEAST_OPEN if way.team is None else way.team.method

    def consider(self, way: Way) -> Consider:
        if way.rule is not None and way.rule.consider is not None:
            return way.rule.consider
        return Consider.ONLINE if way.team is None else way.team.consider

    def members(self, way: Way) -> list[int]:
        if way.team is not None:
            return list(way.team.members)
        if way.rule is not None:
            return list(way.rule.agents)
        return list(self.agents)

    def excluded(self, session: SessionFact) -> bool:
        """R4: of a tag or an age that workspace or team keeps for people to hand out."""
        team = self.way(session).team
        both: list[Policy | TeamFact] = [self.policy] if team is None else [self.policy, team]
        for excludes in both:
            if any(tag in excludes.exclude_tags for tag in session.tags):
                return True
            older_than = excludes.exclude_older_than
            if older_than is not None and self.now - session.opened_at >= older_than:
                return True
        return False

    def skilled(self, session: SessionFact, agent_id: int) -> bool:
        """R4: speaks its language and has the skills its rule asks for, or it waited too long."""
        if self.now - session.queued_at >= self.policy.skill_wait:
            return True
        agent, rule = self.agents.get(agent_id), self.way(session).rule
        if agent is None:
            return True
        speaks = not agent.languages or session.language in agent.languages
        if session.language is not None and not speaks:
            return False
        return rule is None or all(skill in agent.skills for skill in rule.skills)

    def judged(self, session: SessionFact, agent_id: int) -> str:
        """What keeps a member of its queue from being given this session, if anything."""
        way = self.way(session)
        if agent_id in session.lapsed:
            return "lapsed"
        verdict = self.verdict(agent_id, way, self.consider(way), counts_cap=True)
        if verdict != "eligible":
            return verdict
        if way.queue in self.arrivals and agent_id in self.arrivals[way.queue].agents:
            verdict = "settling"
        elif not self.skilled(session, agent_id):
            verdict = "no_skill"
        return verdict

    def ranked(self, session: SessionFact) -> list[int]:
        """R3, R4: members of its queue who may be given it now, the next one first."""
        way = self.way(session)
        if self.method(way) not in AUTOMATIC:
            return []
        able = [one for one in self.members(way) if self.judged(session, one) == "eligible"]
        return sorted(able, key=lambda agent_id: self._rank(way, agent_id))

    def _rank(self, way: Way, agent_id: int) -> tuple[float, ...]:
        agent = self.agents[agent_id]
        match self.method(way):
            case Method.ROUND_ROBIN:
                numbers = [
                    given.number
                    for given in self.under_way
                    if given.choice.by_method
                    and given.choice.way.queue == way.queue
                    and given.choice.agent_id == agent_id
                ]
                place = self.rotations[way.queue].place(agent_id, agent.weight, numbers)
                return (*place, agent.last_assigned, agent_id)
            case Method.LEAST_LOADED:
                share = self.open(agent_id) / (self.limit(agent_id) * agent.weight)
                return (share, agent.last_assigned, agent_id)
            case _:
                load = self.open(agent_id) / agent.weight
                return (load, agent.last_assigned, agent_id)

    # -- what is to be done now (R6-R8) --------------------------------------------------------

    def waiting(self) -> list[SessionFact]:
        """R7: what nobody serves, in the order in which it is to be given."""
        only = self.only_account() is not None
        under_way = [given.choice.session.id for given in self.under_way]
        found = [
            session
            for session in self.sessions.values()
            if session.assignee_id is None
            and session.id not in under_way
            and (session.held_reason is None or (only and session.held_reason != "with_bot"))
        ]
        return sorted(
            found,
            key=lambda one: (-ORDER.index(self.priority(one)), one.waits_from, one.id),
        )

    def choice(self, session: SessionFact) -> Choice | None:
        """R1: who is to be given this session now."""
        way, only = self.way(session), self.only_account()
        if only is not None:
            return Choice(session, only, "only_account", way, by_method=False)
        if self.excluded(session):
            return None
        alone = self.wait_until(session) is not None
        for step, agent_id in self.asked(session)[: 1 if alone else None]:
            if self.own_verdict(agent_id, way) == "eligible":
                return Choice(session, agent_id, step, way, by_method=False)
        if alone:
            return None
        able = self.ranked(session)
        return Choice(session, able[0], way.step, way, by_method=True) if able else None

    def next_choice(self) -> Choice | None:
        """R7, R8: the first of those that wait who can be given to somebody."""
        return next((found for one in self.waiting() if (found := self.choice(one))), None)

    def stands_in(self, queue: str) -> list[SessionFact]:
        """Those that wait before a queue, in order: not who waits for one agent alone."""
        return [
            session
            for session in self.waiting()
            if self.way(session).queue == queue and self.wait_until(session) is None
        ]

    # -- why it waits (R4, R6, R7, R10) --------------------------------------------------------

    def reason(self, session: SessionFact) -> UnassignedReason | None:
        """Why a session waits; None while somebody could take it, now or when they settled."""
        if session.held_reason is not None:
            return session.held_reason
        if self.excluded(session):
            return UnassignedReason.MANUAL
        if self.wait_until(session) is not None:
            return UnassignedReason.WAITING_FOR_AGENT
        way = self.way(session)
        if self.method(way) not in AUTOMATIC:
            return UnassignedReason(self.method(way).value)
        members = [one for one in self.members(way) if one not in session.lapsed]
        told = self._nearest(session, [one for one in members if self.skilled(session, one)])
        if told is None:
            return None
        active = [one for one in members if one in self.agents and self.agents[one].active]
        if session.lapsed and not active:
            return UnassignedReason.TAKEN_BACK
        return self._nearest(session, members) or UnassignedReason.NO_SKILL

    def _nearest(self, session: SessionFact, members: list[int]) -> UnassignedReason | None:
        verdicts = [self.judged(session, one) for one in members]
        if any(verdict in ("eligible", "no_skill", "settling") for verdict in verdicts):
            return None
        if any(verdict in ("full", "team_full") for verdict in verdicts):
            return UnassignedReason.ALL_FULL
        if "switched_off" in verdicts:
            return UnassignedReason.SWITCHED_OFF
        return UnassignedReason.NOBODY_ON_DUTY
