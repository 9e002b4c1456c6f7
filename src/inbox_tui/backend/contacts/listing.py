"""Reads the list of contacts, also of those without an open session (Q11).

The newest contact stands first. Every filter walks an index from where the last page ended, so that
a page costs the same among a hundred contacts and among a hundred thousand; what a row shows beside
the contact is read for the rows of the page alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.bindings.filters import BoundTo
from inbox_tui.backend.bindings.service import BINDINGS, LIVE
from inbox_tui.backend.directory import Directory
from inbox_tui.backend.sessions.sight import Sight
from inbox_tui.backend.views import CONTACTS, ENTRIES, SESSIONS
from inbox_tui.clock import optional_datetime
from inbox_tui.errors import Invalid
from inbox_tui.store import tables
from inbox_tui.text import fold, safe_line
from inbox_tui.wire.codes import ContactSummary
from inbox_tui.wire.models import Page
from inbox_tui.wire.words import EntryKind, SessionState

EXACT_UP_TO = 1_000
"""Totals are counted no further, as those of the lists of sessions (L1)."""
TRIGRAM = 3

_IDENTITIES = tables.table(tables.Identity)
_CONVERSATIONS = tables.table(tables.Conversation)
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_FOUND = sa.text("SELECT rowid FROM contact_search WHERE contact_search MATCH :q").columns(
    sa.column("rowid", sa.BigInteger)
)

_CHANNELS = (
    sa.select(_IDENTITIES.c.contact_id, _IDENTITIES.c.channel_id)
    .where(_IDENTITIES.c.contact_id.in_(_IDS))
    .order_by(_IDENTITIES.c.id)
)
_BOUND_AT = sa.select(BINDINGS.c.contact_id, BINDINGS.c.made_at).where(
    BINDINGS.c.contact_id.in_(_IDS), LIVE
)
_OPEN = (
    sa.select(SESSIONS.c.contact_id, SESSIONS.c.id, SESSIONS.c.assignee_id)
    .where(SESSIONS.c.contact_id.in_(_IDS), SESSIONS.c.state == SessionState.OPEN.value)
    .order_by(SESSIONS.c.id)
)
_WROTE = sa.select(
    _CONVERSATIONS.c.contact_id,
    sa.select(ENTRIES.c.at)
    .where(
        ENTRIES.c.conversation_id == _CONVERSATIONS.c.id,
        ENTRIES.c.kind.in_([EntryKind.CUSTOMER.value, EntryKind.CODE.value]),
    )
    .order_by(ENTRIES.c.at.desc(), ENTRIES.c.id.desc())
    .limit(1)
    .scalar_subquery()
    .label("at"),
).where(_CONVERSATIONS.c.contact_id.in_(_IDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactQuery:
    """What the list is asked for; ``sight`` None is everything (R17)."""

    sight: Sight | None = None
    bound: BoundTo | None = None
    q: str = ""
    limit: int = 50
    cursor: str | None = None


def page_of_contacts(
    connection: Connection, directory: Directory, query: ContactQuery
) -> Page[ContactSummary]:
    """Return one page of contacts, the newest first. Raises Invalid for no cursor."""
    if query.cursor is not None and not (query.cursor.isdecimal() and len(query.cursor) < 19):
        raise Invalid("That is no cursor of this list.", data={"path": "cursor"})
    found = sa.select(CONTACTS).where(*_filters(query)).order_by(CONTACTS.c.id.desc())
    capped = found.with_only_columns(CONTACTS.c.id).limit(EXACT_UP_TO + 1).subquery()
    total = connection.execute(sa.select(sa.func.count()).select_from(capped)).scalar_one()
    if query.cursor is not None:
        found = found.where(CONTACTS.c.id < int(query.cursor))
    rows = connection.execute(found.limit(query.limit + 1)).all()
    shown = rows[: query.limit]
    return Page(
        items=_summaries(connection, directory, query.sight, shown),
        next_cursor=str(shown[-1].id) if len(rows) > query.limit else None,
        total=min(total, EXACT_UP_TO),
        total_is_exact=total <= EXACT_UP_TO,
    )


def _filters(query: ContactQuery) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if query.bound is not None:
        found.append(query.bound.condition())
    if query.sight is not None:
        found.append(_in_sight(query.sight))
    folded = fold(safe_line(query.q))
    if len(folded) >= TRIGRAM:
        phrase = '"' + folded.replace('"', '""') + '"'
        found.append(CONTACTS.c.id.in_(_FOUND.bindparams(q=phrase)))
    elif folded:
        # Trigrams cannot answer for so short a word.
        found.append(CONTACTS.c.search.contains(folded, autoescape=True))
    return found


def _in_sight(sight: Sight) -> sa.ColumnElement[bool]:
    """Return which contacts somebody sees who sees a part of the sessions (R17).

    Those who are or were in a session in sight, those who are bound to them or their teams, and
    those who belong to nobody yet.
    """
    of_contact = SESSIONS.c.contact_id == CONTACTS.c.id
    return sa.or_(
        CONTACTS.c.bound_agent_id == sight.agent_id,
        CONTACTS.c.bound_team_id.in_(sorted(sight.team_ids)),
        sa.exists().where(of_contact, sight.condition()),
        BoundTo().condition() & ~sa.exists().where(of_contact),
    )


def _summaries(
    connection: Connection, directory: Directory, sight: Sight | None, rows: Sequence[Any]
) -> list[ContactSummary]:
    ids = {"ids": [row.id for row in rows]}
    channels: dict[int, list[str]] = {}
    for contact_id, channel_id in connection.execute(_CHANNELS, ids):
        slug = directory.channels[channel_id].slug
        if slug not in channels.setdefault(contact_id, []):
            channels[contact_id].append(slug)
    bound_at = {row.contact_id: row.made_at for row in connection.execute(_BOUND_AT, ids)}
    open_ = _OPEN if sight is None else _OPEN.where(sight.condition())
    sessions = {row.contact_id: row for row in connection.execute(open_, ids)}
    wrote: dict[int, int] = {}
    for contact_id, at in connection.execute(_WROTE, ids):
        if at is not None:
            wrote[contact_id] = max(at, wrote.get(contact_id, at))
    return [
        ContactSummary(
            id=row.id,
            name=row.name,
            nickname=row.nickname,
            channels=channels.get(row.id, []),
            tier=row.tier,
            tags=list(row.tags),
            blocked=row.blocked,
            bound_agent=directory.nickname(row.bound_agent_id),
            bound_team=directory.slug(row.bound_team_id),
            bound_at=optional_datetime(bound_at.get(row.id)),
            session_id=sessions[row.id].id if row.id in sessions else None,
            assignee=directory.nickname(sessions[row.id].assignee_id)
            if row.id in sessions
            else None,
            last_seen_at=optional_datetime(wrote.get(row.id)),
        )
        for row in rows
    ]
