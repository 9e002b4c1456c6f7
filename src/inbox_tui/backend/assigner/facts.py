"""Reads the tables as the facts the engine is told."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.assignment import AgentFact, Policy, SessionFact, TeamFact
from inbox_tui.backend.directory import Directory, Settings, load_directory
from inbox_tui.backend.people.presence import WINDOWS
from inbox_tui.backend.views import SESSIONS
from inbox_tui.store import tables
from inbox_tui.wire.words import Presence, Priority, SessionState, UnassignedReason

HELD = frozenset({UnassignedReason.DECLINED, UnassignedReason.WITH_BOT})
"""Reasons that keep a session out of the draining until a person or a rule frees it."""

_AGENTS = tables.table(tables.Agent)
_MEMBERS = tables.table(tables.TeamMember)


class AllFacts:
    """Everything the engine has to know at a start."""

    def __init__(self, connection: Connection) -> None:
        self.names, self.agents, self.teams = people(connection)
        rows = connection.execute(sa.select(SESSIONS).where(SESSIONS.c.state == SessionState.OPEN))
        self.sessions = [session_fact(row) for row in rows]


def all_facts(connection: Connection) -> AllFacts:
    """Read everything, as at a start."""
    return AllFacts(connection)


def people(connection: Connection) -> tuple[Directory, list[AgentFact], list[TeamFact]]:
    """Read who there is: names, agents, teams with their rotation."""
    names = load_directory(connection)
    turns: dict[int, dict[int, float]] = {}
    for row in connection.execute(sa.select(_MEMBERS)):
        turns.setdefault(row.team_id, {})[row.agent_id] = row.turn
    teams = [
        TeamFact(
            team.id,
            team.slug,
            team.method,
            tuple(member for member in team.members if names.agents[member].active),
            team.max_open,
            turns.get(team.id, {}),
        )
        for team in names.teams.values()
    ]
    return names, agent_facts(connection, names, list(names.agents)), teams


def agent_facts(connection: Connection, names: Directory, ids: Sequence[int]) -> list[AgentFact]:
    """Read what the engine has to know of these agents."""
    rows = connection.execute(sa.select(_AGENTS).where(_AGENTS.c.id.in_(ids)))
    present: dict[int, Presence] = {}
    windows = sa.select(WINDOWS.c.agent_id, WINDOWS.c.connected)
    for window in connection.execute(windows.where(WINDOWS.c.agent_id.in_(ids))):
        if window.connected:
            present[window.agent_id] = Presence.PRESENT
        else:
            present.setdefault(window.agent_id, Presence.GRACE)
    return [
        AgentFact(
            id=row.id,
            nickname=row.nickname,
            active=row.active,
            accepting=row.accepting,
            presence=present.get(row.id, Presence.ABSENT),
            max_open=row.max_open,
            weight=row.weight,
            languages=tuple(row.languages),
            last_assigned=row.last_assigned_at,
        )
        for row in rows
    ]


def stored_session_fact(connection: Connection, session_id: int) -> SessionFact | None:
    """Read what the engine has to know of one session; None when there is none."""
    row = connection.execute(sa.select(SESSIONS).where(SESSIONS.c.id == session_id)).first()
    return None if row is None else session_fact(row)


def session_fact(row: Any) -> SessionFact:  # noqa: ANN401 - a sessions row
    """Return what the engine has to know of a session."""
    shown = UnassignedReason(row.unassigned_reason) if row.unassigned_reason else None
    return SessionFact(
        id=row.id,
        version=row.version,
        open=row.state == SessionState.OPEN,
        priority=Priority(row.priority),
        waits_from=row.waiting_since or row.queued_at or row.opened_at,
        team_id=row.team_id if row.team_chosen else None,
        channel_team_id=None if row.team_chosen else row.team_id,
        assignee_id=row.assignee_id,
        counted_team_id=row.team_id if row.assignee_id is not None else None,
        language=row.language,
        held_reason=shown if shown in HELD else None,
        shown_reason=shown,
        queue=row.queue,
        shown_wait_until=row.wait_until,
        channel_id=row.channel_id,
        priority_chosen=row.priority_chosen,
        owner_waited=row.owner_waited,
        lapsed=tuple(row.lapsed or ()),
        opened_at=row.opened_at,
        queued_at=row.queued_at or row.opened_at,
        assigned_at=row.assigned_at,
        waiting_since=row.waiting_since,
    )


def policy(settings: Settings) -> Policy:
    """Return the settings that assignment goes by."""
    return Policy(settings.max_open, settings.owner_wait, settings.settle)
