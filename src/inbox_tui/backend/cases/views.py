"""Cases as the wire shows them: the one place that says how a row becomes a case (K1, K2).

A case's times are its session's; who was involved and which notes were written are read from the
timeline, so that they are told once and cannot disagree with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from inbox_tui.backend.directory import Directory
from inbox_tui.backend.views import CONTACTS, ENTRIES, SESSIONS, content_view
from inbox_tui.clock import Millis, optional_datetime, to_datetime
from inbox_tui.store import tables
from inbox_tui.wire import models
from inbox_tui.wire.words import CaseStatus, EntryKind, Severity

LINK = "inbox-tui://case/"
"""What opens a case in the app, followed by its code (``inbox-tui open LINK``)."""

NOTE_LENGTH = 200
"""Characters of a note that a line of activity shows."""

OPENED = "opened"
OWNER = "owner"
NOTE = "note"
TAGS = "tags"
EDITED = "edited"
FOLLOW_UP = "follow_up"
KEPT_OPEN = "kept_open"
CLOSED = "closed"
REOPENED = "reopened"
"""The kinds of activity. ``owner`` has the new owner's nickname as its detail.

So have those that say why a session was taken from somebody: ``lapsed``, ``left``,
``deactivated``.
"""

CASES = tables.table(tables.Case)
ACTIVITY = tables.table(tables.CaseActivity)

CASE_ROWS = (
    sa.select(
        *CASES.c,
        CONTACTS.c.name.label("contact_name"),
        CONTACTS.c.nickname.label("contact_nickname"),
        SESSIONS.c.waited,
        SESSIONS.c.waiting_since,
        SESSIONS.c.first_reply_at,
        SESSIONS.c.closed_at.label("session_closed_at"),
    )
    .join_from(CASES, SESSIONS, SESSIONS.c.id == CASES.c.session_id)
    .join(CONTACTS, CONTACTS.c.id == CASES.c.contact_id)
)
"""Cases with what their contact and their session add."""

_BY_ID = CASE_ROWS.where(CASES.c.id == sa.bindparam("case_id"))
_BY_CODE = CASE_ROWS.where(CASES.c.code == sa.bindparam("code"))

# What people write stands no earlier than its session's opening: that keeps the walk along the
# timeline's index as short as the session, however long the conversation is.
_WRITTEN = (
    sa.select(CASES.c.id.label("case_id"), ENTRIES.c.author_id)
    .join_from(CASES, SESSIONS, SESSIONS.c.id == CASES.c.session_id)
    .join(
        ENTRIES,
        sa.and_(
            ENTRIES.c.conversation_id == SESSIONS.c.conversation_id,
            ENTRIES.c.at >= SESSIONS.c.opened_at,
            ENTRIES.c.session_id == SESSIONS.c.id,
        ),
    )
)
_WRITERS = _WRITTEN.distinct().where(
    ENTRIES.c.author_id.is_not(None),
    sa.or_(ENTRIES.c.kind == EntryKind.REPLY.value, ENTRIES.c.kind == EntryKind.NOTE.value),
)
_NOTES = _WRITTEN.with_only_columns(ENTRIES.c.at, ENTRIES.c.author_id, ENTRIES.c.content).where(
    ENTRIES.c.kind == EntryKind.NOTE.value
)
_ONE = CASES.c.id == sa.bindparam("case_id")
_WRITERS_OF_ONE = _WRITERS.where(_ONE)
_NOTES_OF_ONE = _NOTES.where(_ONE)
_ACTIVITY_OF_ONE = (
    sa.select(ACTIVITY).where(ACTIVITY.c.case_id == sa.bindparam("case_id")).order_by(ACTIVITY.c.id)
)
_IDS: sa.BindParameter[Any] = sa.bindparam("case_ids", expanding=True)
_WRITERS_OF_MANY = _WRITERS.where(CASES.c.id.in_(_IDS))
_OWNERS_OF_MANY = sa.select(ACTIVITY.c.case_id, ACTIVITY.c.detail).where(
    ACTIVITY.c.case_id.in_(_IDS), ACTIVITY.c.kind == OWNER
)


def case_row(connection: Connection, *, case_id: int = 0, code: str = "") -> Any:  # noqa: ANN401
    """Read one case (a row of CASE_ROWS, or None) by its id, or by its code."""
    if code:
        return connection.execute(_BY_CODE, {"code": code}).first()
    return connection.execute(_BY_ID, {"case_id": case_id}).first()


def full_view(
    connection: Connection,
    directory: Directory,
    row: Any,  # noqa: ANN401 - a row of CASE_ROWS
    now: Millis,
) -> models.Case:
    """Show one case with its activity, in order (K2)."""
    this = {"case_id": row.id}
    recorded = connection.execute(_ACTIVITY_OF_ONE, this).all()
    writers = [found.author_id for found in connection.execute(_WRITERS_OF_ONE, this)]
    notes = connection.execute(_NOTES_OF_ONE, this).all() if writers else []
    lines = [
        models.CaseActivity(
            at=to_datetime(found.at),
            kind=found.kind,
            actor=directory.nickname(found.actor_id),
            detail=found.detail,
        )
        for found in recorded
    ]
    lines += [
        models.CaseActivity(
            at=to_datetime(found.at),
            kind=NOTE,
            actor=directory.nickname(found.author_id),
            detail=_one_line(found.content),
        )
        for found in notes
    ]
    lines.sort(key=lambda line: line.at)
    involved = _involved(directory, row.owner_id, _owners(recorded), writers)
    return _view(row, directory, now, involved=involved, activity=lines)


def list_views(
    connection: Connection,
    directory: Directory,
    rows: Sequence[Any],
    now: Millis,
) -> list[models.Case]:
    """Show cases as a list does: everything but their activity."""
    ids = {"case_ids": [row.id for row in rows]}
    owners: dict[int, list[str]] = {}
    for found in connection.execute(_OWNERS_OF_MANY, ids):
        owners.setdefault(found.case_id, []).append(found.detail)
    writers: dict[int, list[int]] = {}
    for found in connection.execute(_WRITERS_OF_MANY, ids):
        writers.setdefault(found.case_id, []).append(found.author_id)
    return [
        _view(
            row,
            directory,
            now,
            involved=_involved(
                directory, row.owner_id, owners.get(row.id, []), writers.get(row.id, [])
            ),
            activity=[],
        )
        for row in rows
    ]


def _view(
    row: Any,  # noqa: ANN401 - a row of CASE_ROWS
    directory: Directory,
    now: Millis,
    *,
    involved: list[str],
    activity: list[models.CaseActivity],
) -> models.Case:
    ended = now if row.session_closed_at is None else row.session_closed_at
    waiting = 0 if row.waiting_since is None else max(0, ended - row.waiting_since)
    served = 0 if row.first_reply_at is None else max(0, ended - row.first_reply_at)
    return models.Case(
        code=row.code,
        version=row.version,
        session_id=row.session_id,
        contact=models.ContactRef(
            id=row.contact_id, name=row.contact_name, nickname=row.contact_nickname
        ),
        channel=directory.channels[row.channel_id].slug,
        status=CaseStatus(row.status),
        opened_at=to_datetime(row.opened_at),
        title=row.title,
        description=row.description,
        severity=Severity(row.severity),
        tags=list(row.tags),
        owner=directory.nickname(row.owner_id),
        involved=involved,
        closed_at=optional_datetime(row.closed_at),
        follow_up_at=optional_datetime(row.follow_up_at),
        waited=(row.waited + waiting) / 1000,
        served=served / 1000,
        link=LINK + row.code,
        activity=activity,
    )


def _owners(recorded: Iterable[Row[Any]]) -> list[str]:
    return [found.detail for found in recorded if found.kind == OWNER]


def _involved(
    directory: Directory, owner_id: int | None, owners: Iterable[str], writers: Iterable[int]
) -> list[str]:
    """Earlier assignees, note writers and whoever replied, without the owner (K2)."""
    found = {*owners, *(directory.agents[writer].nickname for writer in writers)}
    return sorted(found - {directory.nickname(owner_id)} - {None})


def _one_line(content: Mapping[str, Any] | None) -> str:
    text = content_view(content or {}).text if content else ""
    return " ".join(text[: NOTE_LENGTH * 2].split())[:NOTE_LENGTH]
