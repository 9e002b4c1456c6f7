"""Which queue a session belongs to: the order of decision (R1).

The order is a tuple of small functions, each of which finds a route or passes. The steps that are
not built yet (binding, dedicated agent, previous agent, distribution rules) are further functions
in the same tuple, between the ones that are here.
"""

from collections.abc import Callable, Container
from enum import StrEnum

import msgspec

from inbox_tui.assignment.facts import SessionFact


class Step(StrEnum):
    """The step of the order that decided where a session goes."""

    ONLY_ACCOUNT = "only_account"
    DESIGNATED = "designated"
    CHANNEL_TEAM = "channel_team"
    WORKSPACE_POOL = "workspace_pool"


class Route(msgspec.Struct, frozen=True):
    """The step that decided, and the team whose queue it is (None: the workspace pool)."""

    step: Step
    team_id: int | None


Teams = Container[int]
"""The ids of the teams there are."""


def designated_team(session: SessionFact, teams: Teams) -> Route | None:
    """Find the team that a person or a rule sent the session to (R15)."""
    if session.team_id is not None and session.team_id in teams:
        return Route(Step.DESIGNATED, session.team_id)
    return None


def channel_team(session: SessionFact, teams: Teams) -> Route | None:
    """Find the default team of the session's channel (R1, step 6)."""
    if session.channel_team_id is not None and session.channel_team_id in teams:
        return Route(Step.CHANNEL_TEAM, session.channel_team_id)
    return None


ORDER: tuple[Callable[[SessionFact, Teams], Route | None], ...] = (designated_team, channel_team)
"""The steps in order; the first that finds a route decides."""

_WORKSPACE_POOL = Route(Step.WORKSPACE_POOL, None)


def route(session: SessionFact, teams: Teams) -> Route:
    """Return where the session is routed now; a team that does not exist is passed over."""
    for step in ORDER:
        found = step(session, teams)
        if found is not None:
            return found
    return _WORKSPACE_POOL
