"""Rows as the wire shows them.

The same session is shown in lists, answers and live frames; here is the one place that says how.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from inbox_tui.backend.directory import Directory
from inbox_tui.clock import Millis, optional_datetime, to_datetime
from inbox_tui.store import tables
from inbox_tui.wire import models
from inbox_tui.wire.words import (
    Category,
    CloseReason,
    ContentKind,
    DeliveryState,
    Due,
    EntryKind,
    Happening,
    Priority,
    SessionState,
    UnassignedReason,
)

DUE_SOON_SHARE = 1 / 12
"""The last part of the response target counts as "due soon": 2 h of 24 h (L6)."""

SESSIONS = tables.table(tables.Session)
CONTACTS = tables.table(tables.Contact)
ENTRIES = tables.table(tables.Entry)
MARKS = tables.table(tables.SessionMark)

SESSION_COLUMNS = (
    *SESSIONS.c,
    CONTACTS.c.name.label("contact_name"),
    CONTACTS.c.nickname.label("contact_nickname"),
    CONTACTS.c.tier.label("contact_tier"),
    CONTACTS.c.tags.label("contact_tags"),
    CONTACTS.c.dedicated_agent_id,
    CONTACTS.c.bound_agent_id,
    CONTACTS.c.bound_team_id,
)
"""A session with what lists show of its contact, and what routing asks of them (R1, R2)."""

SESSION_ROWS = sa.select(*SESSION_COLUMNS).join_from(
    SESSIONS, CONTACTS, CONTACTS.c.id == SESSIONS.c.contact_id
)
_BY_ID = SESSION_ROWS.where(SESSIONS.c.id == sa.bindparam("session_id"))

_RETRYABLE = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)


def session_row(connection: Connection, session_id: int) -> Row[Any] | None:
    """Read one session with its contact's name."""
    return connection.execute(_BY_ID, {"session_id": session_id}).first()


def session_view(
    row: Any,  # noqa: ANN401 - a row of SESSION_COLUMNS
    directory: Directory,
    now: Millis,
    *,
    read: int | None = None,
    starred: bool = False,
) -> models.Session:
    """Show a session; ``read`` is how many customer messages the asking agent has seen.

    Without ``read`` it is shown as to nobody in particular (``unread_count`` 0).
    """
    channel = directory.channels[row.channel_id]
    due, due_at = due_of(row.waiting_since, directory.settings.response_target, now)
    return models.Session(
        id=row.id,
        version=row.version,
        state=SessionState(row.state),
        contact=models.ContactRef(
            id=row.contact_id, name=row.contact_name, nickname=row.contact_nickname
        ),
        conversation_id=row.conversation_id,
        channel=channel.slug,
        channel_kind=channel.kind,
        opened_at=to_datetime(row.opened_at),
        last_activity_at=to_datetime(row.last_activity_at),
        priority=Priority(row.priority),
        team=directory.slug(row.team_id),
        assignee=directory.nickname(row.assignee_id),
        assigned_at=optional_datetime(row.assigned_at),
        unassigned_reason=UnassignedReason(row.unassigned_reason)
        if row.unassigned_reason
        else None,
        wait_until=optional_datetime(row.wait_until),
        waits_for=waits_for(row, directory),
        queue=row.queue,
        waiting_since=optional_datetime(row.waiting_since),
        queued_at=optional_datetime(row.queued_at),
        last_customer_message_at=optional_datetime(row.last_customer_message_at),
        last_line=row.last_line,
        last_line_kind=EntryKind(row.last_line_kind),
        unanswered=row.waiting_since is not None,
        customer_messages=row.customer_messages,
        unread_count=0 if read is None else max(0, row.customer_messages - read),
        starred=starred,
        due=due,
        due_at=optional_datetime(due_at),
        category=Category(row.category) if row.category else None,
        language=row.language,
        previous_session_id=row.previous_session_id,
        case_code=row.case_code,
        closed_at=optional_datetime(row.closed_at),
        close_reason=CloseReason(row.close_reason) if row.close_reason else None,
    )


def waits_for(row: Any, directory: Directory) -> str | None:  # noqa: ANN401 - a session's row
    """Return the agent a session waits for (R6): the first active one of R1's steps 2 to 4.

    Of a contact bound to a team, dedicated and previous agents count only as its members.
    """
    if row.unassigned_reason != UnassignedReason.WAITING_FOR_AGENT or row.wait_until is None:
        return None
    team = directory.teams.get(row.bound_team_id or 0)
    for agent_id in (row.bound_agent_id, row.dedicated_agent_id, row.previous_agent_id):
        if agent_id is None or agent_id in row.lapsed or not directory.agents[agent_id].active:
            continue
        if agent_id == row.bound_agent_id or team is None or agent_id in team.members:
            return directory.agents[agent_id].nickname
    return None


def due_of(waiting_since: Millis | None, target: Millis, now: Millis) -> tuple[Due, Millis | None]:
    """Return where a wait stands against the response target, and when it is due (L6)."""
    if waiting_since is None:
        return Due.OK, None
    due_at = waiting_since + target
    if now >= due_at:
        return Due.OVERDUE, due_at
    return (Due.DUE_SOON if now >= due_at - target * DUE_SOON_SHARE else Due.OK), due_at


def marks_of(
    connection: Connection, agent_id: int, session_ids: Iterable[int]
) -> Mapping[int, tuple[int, bool]]:
    """Return what an agent has read and starred of these sessions."""
    rows = connection.execute(
        sa.select(MARKS.c.session_id, MARKS.c.read, MARKS.c.starred).where(
            MARKS.c.agent_id == agent_id, MARKS.c.session_id.in_(list(session_ids))
        )
    )
    return {row.session_id: (row.read, row.starred) for row in rows}


def session_for(
    connection: Connection, directory: Directory, row: Row[Any], agent_id: int, now: Millis
) -> models.Session:
    """Show one session to one agent."""
    read, starred = marks_of(connection, agent_id, [row.id]).get(row.id, (0, False))
    return session_view(row, directory, now, read=read, starred=starred)


def entry_view(row: Any, directory: Directory) -> models.Entry:  # noqa: ANN401 - an entries row
    """Show one entry of a timeline."""
    author = None if row.author_id is None else directory.agents[row.author_id]
    delivery = None
    if row.delivery:
        state = DeliveryState(row.delivery)
        delivery = models.Delivery(
            state=state,
            reason=row.delivery_reason,
            attempts=row.delivery_attempts,
            can_retry=state in _RETRYABLE and row.kind == EntryKind.REPLY,
        )
    return models.Entry(
        id=row.id,
        conversation_id=row.conversation_id,
        session_id=row.session_id,
        kind=EntryKind(row.kind),
        at=to_datetime(row.at),
        author=author.nickname if author else None,
        author_name=author.name if author else None,
        content=None if row.content is None else content_view(row.content),
        delivery=delivery,
        happening=Happening(row.happening) if row.happening else None,
        data=row.data or {},
        unsent_at=optional_datetime(row.unsent_at),
        client_key=row.client_key,
    )


def content_view(stored: Mapping[str, Any]) -> models.Content:
    """Show stored content; what cannot be read any more is shown as unsupported."""
    try:
        return msgspec.convert(stored, models.Content, strict=False)
    except msgspec.ValidationError:
        return models.Content(kind=ContentKind.UNSUPPORTED, text=str(stored.get("text", "")))


def content_stored(content: models.Content) -> dict[str, Any]:
    """Return content as it is stored: what is set, nothing else."""
    plain: dict[str, Any] = msgspec.to_builtins(content)
    return {key: value for key, value in plain.items() if value is not None and value != ""}
