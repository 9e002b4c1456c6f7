"""Which sessions a person may see and act in (R17): all, unless the workspace restricts it.

Restricted (``restrict_to_team``), an agent sees the sessions of the teams they belong to, those
without a team, and those they serve. Supervisors see the teams they look after; owners, and
supervisors whom no team lists, see everything. What is out of sight answers as what is not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.directory import AgentName, Directory
from inbox_tui.backend.people.roles import role_of, supervised_teams
from inbox_tui.backend.views import SESSIONS
from inbox_tui.store.work import LoggedEvent
from inbox_tui.wire.words import Role


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person sees: their own sessions, those of these teams, those without a team."""

    agent_id: int
    team_ids: frozenset[int]

    def covers(self, team_id: int | None, assignee_id: int | None) -> bool:
        """Say whether a session in this place is in sight."""
        return team_id is None or team_id in self.team_ids or assignee_id == self.agent_id

    def covers_event(self, event: LoggedEvent) -> bool:
        """Say whether an event about a session may be told: it is, or was until then, in sight.

        A session that leaves their sight is told once more, or it would stay on their screen.
        """
        row = event.parts.get("row")
        if row is not None and self.covers(row.team_id, row.assignee_id):
            return True
        was = event.data.get("place_was")
        return was is not None and self.covers(was["team_id"], was["assignee_id"])

    def condition(self) -> sa.ColumnElement[bool]:
        """Return the same as a condition on the table of sessions."""
        return sa.or_(
            SESSIONS.c.team_id.is_(None),
            SESSIONS.c.team_id.in_(sorted(self.team_ids)),
            SESSIONS.c.assignee_id == self.agent_id,
        )


def sight_of(directory: Directory, agent: AgentName) -> Sight | None:
    """Return what somebody sees; None for everything."""
    if not directory.settings.restrict_to_team:
        return None
    teams = frozenset(directory.teams_of.get(agent.id, ()))
    if role_of(directory, agent) != Role.AGENT:
        supervised = supervised_teams(directory, agent)
        if supervised is None:
            return None
        teams |= supervised
    return Sight(agent.id, teams)


def sees(directory: Directory, agent_id: int, event: LoggedEvent) -> bool:
    """Say whether an agent may be told an event."""
    if not directory.settings.restrict_to_team or event.session_id is None:
        return True
    sight = sight_of(directory, directory.agents[agent_id])
    return sight is None or sight.covers_event(event)


def counted(
    connection: Connection, sight: Sight, conditions: Mapping[str, Any], most: int
) -> dict[str, int]:
    """Count what is in sight for each of several conditions, none further than ``most``."""
    found: dict[str, int] = {}
    for name, condition in conditions.items():
        capped = sa.select(SESSIONS.c.id).where(condition, sight.condition()).limit(most).subquery()
        count = sa.select(sa.func.count()).select_from(capped)
        found[name] = connection.execute(count).scalar_one()
    return found
