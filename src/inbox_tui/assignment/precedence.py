"""Which queue a session belongs to, and who is asked before it: the order of decision (R1).

Steps 2 to 4 name single agents, who come before every queue; steps 5 to 7 name a queue. Before
them all stands what a person has decided: a session that was sent to a team waits there (R15).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec

from inbox_tui.assignment.conditions import failing
from inbox_tui.assignment.facts import Policy, RuleFact, SessionFact, TeamFact
from inbox_tui.wire.words import Priority

WORKSPACE = "workspace"
"""The queue of sessions without a team, before everybody."""


class Step(StrEnum):
    """The step of the order that decided where a session goes."""

    ONLY_ACCOUNT = "only_account"
    DESIGNATED = "designated"
    BINDING = "binding"
    DEDICATED_AGENT = "dedicated_agent"
    PREVIOUS_AGENT = "previous_agent"
    BOUND_TEAM = "bound_team"
    RULE = "rule"
    CHANNEL_TEAM = "channel_team"
    WORKSPACE_POOL = "workspace_pool"


class Preferred(NamedTuple):
    """An agent who comes before the queue, and the step that says so."""

    step: Step
    agent_id: int


class Route(msgspec.Struct, frozen=True):
    """Where a session goes: first to those ``preferred``, then to ``queue``.

    ``step`` is what chose the queue, ``team_id`` the team it is counted for, ``rule`` the
    distribution rule that matched.
    """

    step: Step
    queue: str
    team_id: int | None
    rule: RuleFact | None = None
    preferred: tuple[Preferred, ...] = ()


class Setup:
    """What the order of decision goes by beside the session: settings, teams, rules, hours.

    ``rules`` are in their order; ``open_hours`` are the names of the business hours that are open,
    ``excludes`` says whether workspace or teams exclude anything (R4).
    """

    __slots__ = ("excludes", "open_hours", "policy", "rules", "teams")

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.excludes = False
        self.teams: dict[int, TeamFact] = {}
        self.rules: tuple[RuleFact, ...] = ()
        self.open_hours: frozenset[str] = frozenset()
        self.look_for_exclusions()

    def look_for_exclusions(self) -> None:
        """Note whether anything is excluded, after policy or teams have changed."""
        everything: list[Policy | TeamFact] = [self.policy, *self.teams.values()]
        self.excludes = any(
            each.exclude_tags or each.exclude_older_than is not None for each in everything
        )


def queue_of_team(team_id: int) -> str:
    """Return the name of a team's queue."""
    return f"team:{team_id}"


def queue_of_rule(rule: RuleFact) -> str:
    """Return the queue a rule sends to: its own, unless it takes a team just as it is."""
    if rule.team_id is not None and rule.method is None and rule.consider is None:
        return queue_of_team(rule.team_id)
    return f"rule:{rule.id}"


def route(session: SessionFact, setup: Setup) -> Route:
    """Return where the session is routed now; a team that does not exist is passed over."""
    if session.team_id is not None and session.team_id in setup.teams:
        return Route(Step.DESIGNATED, queue_of_team(session.team_id), session.team_id)
    wanted = preferred(session, setup.teams)
    if session.bound_team_id is not None and session.bound_team_id in setup.teams:
        team_id = session.bound_team_id
        return Route(Step.BOUND_TEAM, queue_of_team(team_id), team_id, None, wanted)
    rule = matching(session, setup) if setup.rules else None
    if rule is not None:
        return Route(Step.RULE, queue_of_rule(rule), rule.team_id, rule, wanted)
    if session.channel_team_id is not None and session.channel_team_id in setup.teams:
        team_id = session.channel_team_id
        return Route(Step.CHANNEL_TEAM, queue_of_team(team_id), team_id, None, wanted)
    return Route(Step.WORKSPACE_POOL, WORKSPACE, None, None, wanted)


def preferred(session: SessionFact, teams: Mapping[int, TeamFact]) -> tuple[Preferred, ...]:
    """Return the agents of steps 2 to 4 in order, each once; who let it lapse is left out (R10).

    Of a contact bound to a team, dedicated and previous agents count only as its members.
    """
    bound, dedicated = session.bound_agent_id, session.dedicated_agent_id
    previous = session.previous_agent_id
    if bound is None and dedicated is None and previous is None:
        return ()
    team = None if session.bound_team_id is None else teams.get(session.bound_team_id)
    found: dict[int, Preferred] = {}
    for step, agent_id in (
        (Step.BINDING, bound),
        (Step.DEDICATED_AGENT, dedicated),
        (Step.PREVIOUS_AGENT, previous),
    ):
        if agent_id is None or agent_id in session.lapsed:
            continue
        if step is Step.BINDING or team is None or agent_id in team.members:
            found.setdefault(agent_id, Preferred(step, agent_id))
    return tuple(found.values())


def matching(session: SessionFact, setup: Setup) -> RuleFact | None:
    """Return the first distribution rule that is on, has a target and matches (R2)."""
    for rule in setup.rules:
        if (
            rule.enabled
            and (rule.team_id is None or rule.team_id in setup.teams)
            and failing(rule.when, session, setup.open_hours) is None
        ):
            return rule
    return None


_RANK = {priority: rank for rank, priority in enumerate(Priority)}


def priority_of(session: SessionFact, rule: RuleFact | None, policy: Policy) -> Priority:
    """Return a session's priority: a person's choice, else the higher of tier's and rule's (R7)."""
    if session.priority_chosen:
        return session.priority
    by_tier = policy.tiers.get(session.tier) if session.tier else None
    by_rule = None if rule is None else rule.priority
    if by_tier is None or by_rule is None:
        return by_tier or by_rule or Priority.NORMAL
    return max(by_tier, by_rule, key=_RANK.__getitem__)
