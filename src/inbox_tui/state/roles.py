"""Who may do what, as far as a terminal knows (W1, docs/roles.md): what may not be is not offered.

The backend decides; here it is only foretold, so that nobody is offered what would be refused.
"""

from collections.abc import Iterable

from inbox_tui.wire.models import Me, Team
from inbox_tui.wire.words import Role


def is_owner(me: Me) -> bool:
    """Say whether somebody is an owner; the only account of a workspace has owner rights."""
    return me.agent.role is Role.OWNER or not me.switch_shown


def supervised_teams(me: Me, teams: Iterable[Team]) -> frozenset[str] | None:
    """Return the slugs of the teams somebody looks after; None for all there are."""
    if is_owner(me):
        return None
    if me.agent.role is not Role.SUPERVISOR:
        return frozenset()
    own = frozenset(team.slug for team in teams if me.agent.nickname in team.supervisors)
    return own or None


def supervises(me: Me, teams: Iterable[Team], nickname: str) -> bool:
    """Say whether somebody looks after a colleague."""
    teams = list(teams)
    own = supervised_teams(me, teams)
    if own is None:
        return True
    return any(nickname in (*team.members, *team.supervisors) for team in teams if team.slug in own)


def supervises_team(me: Me, teams: Iterable[Team], slug: str) -> bool:
    """Say whether somebody looks after a team."""
    own = supervised_teams(me, teams)
    return own is None or slug in own
