"""Who is bound to whom, as the wire shows it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.bindings.service import BINDINGS, LIVE
from inbox_tui.backend.directory import Directory
from inbox_tui.backend.views import CONTACTS
from inbox_tui.clock import to_datetime
from inbox_tui.errors import Invalid, NotFound
from inbox_tui.wire import models
from inbox_tui.wire.codes import BindingCounts

_ROWS = (
    sa.select(
        *BINDINGS.c,
        CONTACTS.c.name.label("contact_name"),
        CONTACTS.c.nickname.label("contact_nickname"),
    )
    .join_from(BINDINGS, CONTACTS, CONTACTS.c.id == BINDINGS.c.contact_id)
    .where(LIVE)
)

# How many are bound, from what contacts repeat of it: each walks one index and reads no row.
_OF_AGENTS = (
    sa.select(CONTACTS.c.bound_agent_id, sa.func.count())
    .where(CONTACTS.c.bound_agent_id.is_not(None))
    .group_by(CONTACTS.c.bound_agent_id)
)
_OF_TEAMS = (
    sa.select(CONTACTS.c.bound_team_id, sa.func.count())
    .where(CONTACTS.c.bound_team_id.is_not(None))
    .group_by(CONTACTS.c.bound_team_id)
)


def bindings(
    connection: Connection,
    directory: Directory,
    *,
    agent_id: int | None,
    team_id: int | None,
    limit: int,
    cursor: str | None,
) -> models.Page[models.Binding]:
    """Return one page of the live bindings, the oldest first. Raises Invalid for no cursor."""
    if cursor is not None and not (cursor.isdecimal() and len(cursor) < 19):
        raise Invalid("That is no cursor of this list.", data={"path": "cursor"})
    wanted = [
        column == value
        for column, value in ((BINDINGS.c.agent_id, agent_id), (BINDINGS.c.team_id, team_id))
        if value is not None
    ]
    total = connection.execute(
        sa.select(sa.func.count()).select_from(BINDINGS).where(LIVE, *wanted)
    ).scalar_one()
    rows = connection.execute(
        _ROWS.where(*wanted, BINDINGS.c.id > int(cursor or 0))
        .order_by(BINDINGS.c.id)
        .limit(limit + 1)
    ).all()
    shown = rows[:limit]
    return models.Page(
        items=[_view(row, directory) for row in shown],
        next_cursor=str(shown[-1].id) if len(rows) > limit else None,
        total=total,
    )


def counts(connection: Connection, directory: Directory) -> BindingCounts:
    """Return how many contacts are bound to each agent and each team (Q10)."""
    agents = connection.execute(_OF_AGENTS).all()
    teams = connection.execute(_OF_TEAMS).all()
    return BindingCounts(
        agents={directory.agents[agent_id].nickname: n for agent_id, n in agents},
        teams={directory.teams[team_id].slug: n for team_id, n in teams},
    )


def binding(connection: Connection, directory: Directory, binding_id: int) -> models.Binding:
    """Return one live binding. Raises NotFound."""
    row = connection.execute(_ROWS.where(BINDINGS.c.id == binding_id)).first()
    if row is None:
        raise NotFound(f"There is no binding {binding_id}.")
    return _view(row, directory)


def binding_of(
    connection: Connection, directory: Directory, contact_id: int
) -> models.Binding | None:
    """Return what a contact is bound to; None when to nobody."""
    row = connection.execute(_ROWS.where(BINDINGS.c.contact_id == contact_id)).first()
    return None if row is None else _view(row, directory)


def _view(row: Any, directory: Directory) -> models.Binding:  # noqa: ANN401 - a row of _ROWS
    return models.Binding(
        id=row.id,
        contact=models.ContactRef(
            id=row.contact_id, name=row.contact_name, nickname=row.contact_nickname
        ),
        made_at=to_datetime(row.made_at),
        how=row.how,
        agent=directory.nickname(row.agent_id),
        team=directory.slug(row.team_id),
        by=directory.nickname(row.by_id),
    )
