"""Lists of agents, teams and channels, and who is asking."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.directory import Directory
from inbox_tui.backend.people.views import (
    CHANNELS,
    agent_view,
    agent_views,
    channel_view,
    team_view,
)
from inbox_tui.backend.views import DUE_SOON_SHARE, SESSIONS
from inbox_tui.errors import Invalid
from inbox_tui.store import tables
from inbox_tui.wire import models
from inbox_tui.wire.words import SessionState

Item = TypeVar("Item")

_EVENTS = tables.table(tables.Event)
_WAITING = (
    sa.select(SESSIONS.c.team_id, sa.func.count().label("n"))
    .where(
        SESSIONS.c.state == SessionState.OPEN.value,
        SESSIONS.c.assignee_id.is_(None),
        SESSIONS.c.team_id.is_not(None),
    )
    .group_by(SESSIONS.c.team_id)
)


def agents(
    connection: Connection, directory: Directory, limit: int, cursor: str | None
) -> models.Page[models.Agent]:
    """Return one page of agents by nickname, those who left among them (``active`` false)."""
    ordered = sorted(directory.agents.values(), key=lambda agent: agent.nickname)
    ids = [agent.id for agent in ordered]
    return _page(ids, limit, cursor, lambda few: agent_views(connection, directory, few))


def teams(
    connection: Connection, directory: Directory, limit: int, cursor: str | None
) -> models.Page[models.Team]:
    """Return one page of teams by slug, each with how many wait in its queue."""
    ordered = sorted(directory.teams.values(), key=lambda team: team.slug)
    waiting = {row.team_id: row.n for row in connection.execute(_WAITING)}
    return _page(
        [team.id for team in ordered],
        limit,
        cursor,
        lambda few: [team_view(directory, team, waiting.get(team, 0)) for team in few],
    )


def channels(
    connection: Connection, directory: Directory, limit: int, cursor: str | None
) -> models.Page[models.Channel]:
    """Return one page of channels by slug."""
    rows = {row.id: row for row in connection.execute(sa.select(CHANNELS))}
    ordered = sorted(directory.channels.values(), key=lambda channel: channel.slug)
    return _page(
        [channel.id for channel in ordered],
        limit,
        cursor,
        lambda few: [channel_view(rows[channel], directory) for channel in few],
    )


def me(
    connection: Connection, directory: Directory, agent_id: int, *, embedded: bool = False
) -> models.Me:
    """Return who is asking and the settings their screen needs, as of the event ``last_seq``."""
    last = connection.execute(sa.select(sa.func.max(_EVENTS.c.seq))).scalar()
    settings = directory.settings
    target = settings.response_target / 1000
    return models.Me(
        agent=agent_view(connection, directory, agent_id),
        workspace=settings.name,
        language=settings.language,
        timezone=settings.timezone,
        response_target=target,
        due_soon=target * DUE_SOON_SHARE,
        presence_grace=settings.presence_grace / 1000,
        switch_shown=directory.single is None,
        last_seq=last or 0,
        embedded=embedded,
    )


def _page(
    ids: Sequence[int], limit: int, cursor: str | None, show: Callable[[Sequence[int]], list[Item]]
) -> models.Page[Item]:
    """Return a page of a list that is in memory anyway; its cursor is a position."""
    if cursor is not None and not (cursor.isdecimal() and len(cursor) < 10):
        raise Invalid("That is no cursor of this list.", data={"path": "cursor"})
    start = int(cursor or 0)
    end = start + limit
    return models.Page(
        items=show(ids[start:end]),
        next_cursor=str(end) if end < len(ids) else None,
        total=len(ids),
    )
