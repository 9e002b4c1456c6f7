"""Codes as the wire shows them, to those who may see them (Q9)."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui import codes
from inbox_tui.backend.codes.service import CODES, NOT_REVOKED, may, state_of
from inbox_tui.backend.directory import AgentName, Directory
from inbox_tui.backend.people.roles import role_of, supervised_teams
from inbox_tui.clock import Millis, optional_datetime, to_datetime
from inbox_tui.errors import Forbidden, Invalid, NotFound
from inbox_tui.wire.codes import Code
from inbox_tui.wire.models import Page
from inbox_tui.wire.words import CodeState, Role


def page_of_codes(
    connection: Connection,
    directory: Directory,
    who: AgentName,
    now: Millis,
    *,
    channel_id: int | None,
    agent_id: int | None,
    team_id: int | None,
    states: Collection[CodeState],
    limit: int,
    cursor: str | None,
) -> Page[Code]:
    """Return one page of the codes somebody may see, the newest first; no ``states`` are all.

    Raises Invalid for no cursor.
    """
    if cursor is not None and not (cursor.isdecimal() and len(cursor) < 19):
        raise Invalid("That is no cursor of this list.", data={"path": "cursor"})
    wanted = [
        column == value
        for column, value in (
            (CODES.c.channel_id, channel_id),
            (CODES.c.agent_id, agent_id),
            (CODES.c.team_id, team_id),
        )
        if value is not None
    ]
    wanted += [_seen_by(directory, who)]
    if states:
        wanted.append(sa.or_(*(_in_state(state, directory, now) for state in set(states))))
    total = connection.execute(
        sa.select(sa.func.count()).select_from(CODES).where(*wanted)
    ).scalar_one()
    if cursor is not None:
        wanted.append(CODES.c.id < int(cursor))
    rows = connection.execute(
        sa.select(CODES).where(*wanted).order_by(CODES.c.id.desc()).limit(limit + 1)
    ).all()
    shown = rows[:limit]
    return Page(
        items=[_view(row, directory, now) for row in shown],
        next_cursor=str(shown[-1].id) if len(rows) > limit else None,
        total=total,
    )


def code(
    connection: Connection, directory: Directory, who: AgentName, text: str, now: Millis
) -> Code:
    """Return one code, however it is written. Raises NotFound, Forbidden."""
    row = connection.execute(sa.select(CODES).where(CODES.c.code == codes.fold(text))).first()
    if row is None:
        raise NotFound(f"There is no code “{text[:100]}”.")
    of_own_team = row.agent_id is None and row.team_id in directory.teams_of.get(who.id, ())
    if not of_own_team and not may(directory, who, row.agent_id, row.team_id):
        raise Forbidden("That code is neither yours nor of those you supervise.")
    return _view(row, directory, now)


def _seen_by(directory: Directory, who: AgentName) -> sa.ColumnElement[bool]:
    """Return which codes somebody sees: their own, their teams', those of whom they look after."""
    teams = supervised_teams(directory, who)
    if role_of(directory, who) != Role.AGENT and teams is None:
        return sa.true()
    led = [directory.teams[team] for team in teams or ()]
    people = {who.id, *(agent for team in led for agent in (*team.members, *team.supervisors))}
    of_own_teams = CODES.c.team_id.in_(directory.teams_of.get(who.id, ()))
    return sa.or_(
        CODES.c.agent_id.in_(sorted(people)),
        of_own_teams & CODES.c.agent_id.is_(None),
        CODES.c.team_id.in_([team.id for team in led]),
    )


def _in_state(state: CodeState, directory: Directory, now: Millis) -> sa.ColumnElement[bool]:
    """Return :func:`.service.state_of` as a condition."""
    expired = CODES.c.expires_at.is_not(None) & (CODES.c.expires_at <= now)
    gone = [agent.id for agent in directory.agents.values() if not agent.active]
    inactive = sa.or_(
        CODES.c.agent_id.in_(gone),
        *(
            (CODES.c.team_id == team.id) & CODES.c.agent_id.not_in(team.members)
            for team in directory.teams.values()
        ),
    )
    # An agent of null is in no list and out of none: what a team's own code says of that is null.
    inactive = sa.func.coalesce(inactive, sa.false())
    match state:
        case CodeState.REVOKED:
            return ~NOT_REVOKED
        case CodeState.EXPIRED:
            return NOT_REVOKED & expired
        case CodeState.INACTIVE:
            return NOT_REVOKED & ~expired & inactive
        case CodeState.LIVE:
            return NOT_REVOKED & ~expired & ~inactive


def _view(row: Any, directory: Directory, now: Millis) -> Code:  # noqa: ANN401 - a codes row
    channel = directory.channels[row.channel_id]
    return Code(
        code=row.code,
        channel=channel.slug,
        channel_kind=channel.kind,
        link=row.link,
        state=state_of(row, directory, now),
        made_at=to_datetime(row.made_at),
        agent=directory.nickname(row.agent_id),
        team=directory.slug(row.team_id),
        by=directory.nickname(row.by_id),
        tags=list(row.tags),
        expires_at=optional_datetime(row.expires_at),
        revoked_at=optional_datetime(row.revoked_at),
    )
