"""Reads the tables as the facts the engine is told."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.assignment import AgentFact, Policy, RuleFact, SessionFact, TeamFact
from inbox_tui.backend.directory import Directory, Settings, load_directory
from inbox_tui.backend.people.presence import WINDOWS
from inbox_tui.backend.rules.facts import rule_fact
from inbox_tui.backend.sessions.opening import base_language
from inbox_tui.backend.views import SESSION_ROWS, SESSIONS, session_row
from inbox_tui.store import tables
from inbox_tui.wire.words import Category, Presence, Priority, SessionState, UnassignedReason

HELD = frozenset({UnassignedReason.DECLINED, UnassignedReason.WITH_BOT})
"""Reasons that keep a session out of the draining until a person or a rule frees it."""

_AGENTS = tables.table(tables.Agent)
_MEMBERS = tables.table(tables.TeamMember)
_TURNS = tables.table(tables.RuleTurn)
_OPEN = SESSION_ROWS.where(SESSIONS.c.state == SessionState.OPEN)


class AllFacts:
    """Everything the engine has to know at a start."""

    def __init__(self, connection: Connection) -> None:
        self.names, self.agents, self.teams = people(connection)
        self.rules = rule_facts(connection, self.names)
        self.sessions = [session_fact(row, self.names) for row in connection.execute(_OPEN)]


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
            id=team.id,
            slug=team.slug,
            method=team.method,
            members=tuple(member for member in team.members if names.agents[member].active),
            max_open=team.max_open,
            turns=turns.get(team.id, {}),
            consider=team.consider,
            hours=team.hours,
            exclude_tags=team.exclude_tags,
            exclude_older_than=team.exclude_older_than,
        )
        for team in names.teams.values()
    ]
    return names, agent_facts(connection, names, list(names.agents)), teams


def rule_facts(connection: Connection, names: Directory) -> list[RuleFact]:
    """Read the distribution rules in their order, with the rotations of their own."""
    turns: dict[int, dict[int, float]] = {}
    for row in connection.execute(sa.select(_TURNS)):
        turns.setdefault(row.rule_id, {})[row.agent_id] = row.turn
    return [rule_fact(rule, names, turns.get(rule.id)) for rule in names.rules.values()]


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
            languages=tuple(dict.fromkeys(map(base_language, row.languages))),
            last_assigned=row.last_assigned_at,
            skills=tuple(row.skills),
            # Who never had a window open has been away all along (R12).
            absent_since=None if row.id in present else row.absent_since or 0,
        )
        for row in rows
    ]


def stored_session_fact(
    connection: Connection, names: Directory, session_id: int
) -> SessionFact | None:
    """Read what the engine has to know of one session; None when there is none."""
    row = session_row(connection, session_id)
    return None if row is None else session_fact(row, names)


def unassigned_on(
    connection: Connection, names: Directory, channel_ids: Sequence[int]
) -> list[SessionFact]:
    """Read the open sessions of these channels that nobody serves."""
    rows = connection.execute(
        _OPEN.where(SESSIONS.c.assignee_id.is_(None), SESSIONS.c.channel_id.in_(channel_ids))
    )
    return [session_fact(row, names) for row in rows]


def session_fact(row: Any, names: Directory) -> SessionFact:  # noqa: ANN401 - of SESSION_COLUMNS
    """Return what the engine has to know of a session."""
    shown = UnassignedReason(row.unassigned_reason) if row.unassigned_reason else None
    channel = names.channels.get(row.channel_id)
    return SessionFact(
        id=row.id,
        version=row.version,
        open=row.state == SessionState.OPEN,
        priority=Priority(row.priority),
        waits_from=row.waiting_since or row.queued_at or row.opened_at,
        team_id=row.team_id if row.team_chosen else None,
        channel_team_id=None if channel is None else channel.team_id,
        assignee_id=row.assignee_id,
        counted_team_id=row.team_id if row.assignee_id is not None else None,
        language=row.language,
        held_reason=shown if shown in HELD else None,
        shown_reason=shown,
        queue=row.queue,
        shown_wait_until=row.wait_until,
        shown_team_id=row.team_id,
        shown_rule_id=row.rule_id,
        channel_id=row.channel_id,
        category=Category(row.category) if row.category else None,
        tags=tuple(row.contact_tags),
        tier=row.contact_tier,
        returning=bool(row.returning_contact),
        text=row.opening,
        bound_agent_id=row.bound_agent_id,
        bound_team_id=row.bound_team_id,
        dedicated_agent_id=row.dedicated_agent_id,
        previous_agent_id=row.previous_agent_id,
        priority_chosen=bool(row.priority_chosen),
        owner_waited=bool(row.owner_waited),
        lapsed=tuple(row.lapsed),
        opened_at=row.opened_at,
        queued_at=row.queued_at or row.opened_at,
        assigned_at=row.assigned_at,
        waiting_since=row.waiting_since,
    )


def policy(settings: Settings) -> Policy:
    """Return the settings that assignment goes by."""
    return Policy(
        max_open=settings.max_open,
        owner_wait=settings.owner_wait,
        settle=settings.settle,
        skill_wait=settings.skill_wait,
        take_back=settings.take_back,
        off_duty=settings.off_duty,
        hours=settings.hours,
        exclude_tags=settings.exclude_tags,
        exclude_older_than=settings.exclude_older_than,
        tiers=settings.tiers,
        several_since=settings.several_since,
    )
