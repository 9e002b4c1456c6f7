"""Who may do what (W1): the rules behind the table in docs/roles.md, which a test holds to them.

What everybody who is signed in may do is not asked here.
"""

from inbox_tui.backend.directory import AgentName, Directory
from inbox_tui.errors import Forbidden
from inbox_tui.wire.words import Role


def role_of(directory: Directory, agent: AgentName) -> Role:
    """Return the role an agent acts in: the only account of a workspace has owner rights."""
    return Role.OWNER if directory.single == agent.id else agent.role


def supervises(directory: Directory, agent: AgentName, other_id: int) -> bool:
    """Say whether an agent may act on a colleague.

    An owner may on everybody; a supervisor on the members of the teams that list them, and one
    whom no team lists on everybody.
    """
    teams = supervised_teams(directory, agent)
    if teams is None:
        return True
    own = [directory.teams[team] for team in teams]
    return any(other_id in (*team.members, *team.supervisors) for team in own)


def supervised_teams(directory: Directory, agent: AgentName) -> frozenset[int] | None:
    """Return the teams an agent looks after; None for all, with what belongs to no team (V1)."""
    role = role_of(directory, agent)
    if role == Role.OWNER:
        return None
    if role != Role.SUPERVISOR:
        return frozenset()
    own = (team.id for team in directory.teams.values() if agent.id in team.supervisors)
    return frozenset(own) or None


def supervises_team(directory: Directory, agent: AgentName, team_id: int | None) -> bool:
    """Say whether an agent looks after a team; None is what belongs to no team."""
    teams = supervised_teams(directory, agent)
    return teams is None or team_id in teams


def check_supervises(directory: Directory, agent: AgentName, other: AgentName) -> None:
    """Raise Forbidden unless an agent may act on a colleague."""
    if not supervises(directory, agent, other.id):
        raise Forbidden(f"{other.nickname} is in none of the teams you supervise.")
