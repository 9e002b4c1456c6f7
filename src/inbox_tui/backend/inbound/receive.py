"""What an inbound event does: to the conversation, its session and its contact.

One event is one unit of work. Everything here may run twice for the same event without a second
effect: the inbox of events and the platform's message id both guard it.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from inbox_tui.backend.codes import received as codes
from inbox_tui.backend.contacts import service as contacts
from inbox_tui.backend.directory import directory_of
from inbox_tui.backend.messages.entries import add_happening, add_message, last_line
from inbox_tui.backend.sessions import opening, placement
from inbox_tui.backend.sessions.moves import open_session
from inbox_tui.backend.views import (
    ENTRIES,
    SESSION_ROWS,
    SESSIONS,
    content_stored,
    content_view,
    entry_view,
)
from inbox_tui.channels import port
from inbox_tui.store import tables
from inbox_tui.store.work import Prepared, Work
from inbox_tui.wire.models import Content, Entry
from inbox_tui.wire.words import EntryKind, EventKind, Happening, SessionState

_IDENTITIES = tables.table(tables.Identity)
_CONVERSATIONS = tables.table(tables.Conversation)
_EARLY = tables.table(tables.EarlyChange)

_OPEN_SESSION = Prepared(
    SESSION_ROWS.where(
        SESSIONS.c.conversation_id == sa.bindparam("conversation"),
        SESSIONS.c.state == sa.literal_column(f"'{SessionState.OPEN}'"),
    )
)
_SAME_MESSAGE = "SELECT id FROM entries WHERE conversation_id = ? AND platform_id = ?"
_ANY_EARLY = sa.select(_EARLY.c.id).limit(1)


def receive(work: Work, channel_id: int, inbound: port.Inbound) -> None:
    """Apply one parsed event of a channel."""
    match inbound:
        case port.CustomerMessage():
            customer_message(work, channel_id, inbound)
        case port.Edited():
            change(work, channel_id, inbound, lambda row: _edit(work, row, inbound))
        case port.Unsent():
            change(work, channel_id, inbound, lambda row: _unsend(work, row, inbound))
        case port.Followed() | port.Unfollowed():
            follow(work, channel_id, inbound)
        case port.GroupMessage():
            group_message(work, channel_id, inbound)
        case port.Unsupported():
            unsupported(work, channel_id, inbound)
        case port.Ignored():
            pass


def customer_message(work: Work, channel_id: int, message: port.CustomerMessage) -> None:
    """Store a customer's message and let it open, or lengthen, a session (R1).

    One that is a code alone does neither (Q7): it binds, and is answered (Q6).
    """
    _identity, contact_id, conversation_id, blocked = contacts.find_or_create(
        work, channel_id, message.external_id, message.name, message.language
    )
    if work.plain(_SAME_MESSAGE, conversation_id, message.message_id).fetchone():
        return
    _keep_token(work, conversation_id, message)
    reading = codes.read(message)
    verdict = None
    if reading is not None and not blocked:
        verdict = codes.judge(work, channel_id, contact_id, reading)
    row = None if blocked else _session(work, conversation_id)
    if reading is not None and reading.alone:
        entry = _add_code(work, conversation_id, row, message, verdict)
    else:
        if row is None and not blocked:
            row = open_session(
                work,
                conversation_id=conversation_id,
                contact_id=contact_id,
                channel_id=channel_id,
                language=message.language,
                at=min(message.at or work.now, work.now),
            )
        entry = _add(work, conversation_id, row, message)
    if _early_changes(work):
        _catch_up(work, channel_id, message, entry.id)
    if verdict is not None:
        codes.carry_out(
            work,
            verdict,
            contact_id=contact_id,
            conversation_id=conversation_id,
            session_id=row["id"] if row else None,
            entry_id=entry.id,
        )


def _keep_token(
    work: Work, conversation_id: int, inbound: port.CustomerMessage | port.Followed
) -> None:
    """Keep what answers this for free, if the platform gave it (LINE)."""
    if inbound.reply_token:
        token = {
            "reply_token": inbound.reply_token,
            "reply_token_until": inbound.reply_token_expires,
        }
        work.update(tables.Conversation, conversation_id, token)


def _add(
    work: Work,
    conversation_id: int,
    row: dict[str, Any] | None,
    message: port.CustomerMessage,
) -> Entry:
    at = min(message.at or work.now, work.now)
    entry = add_message(
        work,
        conversation_id=conversation_id,
        session_id=row["id"] if row else None,
        kind=EntryKind.CUSTOMER,
        content=message.content,
        at=at,
        platform_id=message.message_id,
        media=message.media,
    )
    if row is not None:
        placement.write(
            work,
            row,
            {
                "waiting_since": min(at, row["waiting_since"] or at),
                "last_customer_message_at": max(at, row["last_customer_message_at"] or 0),
                "last_activity_at": work.now,
                "customer_messages": row["customer_messages"] + 1,
                "last_line": last_line(message.content),
                "last_line_kind": EntryKind.CUSTOMER,
                **opening.heard(row, message.content),
            },
        )
    work.append(
        EventKind.MESSAGE_RECEIVED,
        session_id=row["id"] if row else None,
        subject_id=entry.id,
        entry=entry,
    )
    return entry


def _add_code(
    work: Work,
    conversation_id: int,
    row: dict[str, Any] | None,
    message: port.CustomerMessage,
    verdict: codes.Verdict | None,
) -> Entry:
    """Add a code to the timeline: no question, so that nobody is waited for by it (Q7)."""
    said = {} if verdict is None else {"outcome": verdict.outcome}
    session_id = row["id"] if row else None
    entry = add_message(
        work,
        conversation_id=conversation_id,
        session_id=session_id,
        kind=EntryKind.CODE,
        content=message.content,
        at=min(message.at or work.now, work.now),
        platform_id=message.message_id,
        data=said or None,
    )
    work.append(
        EventKind.MESSAGE_RECEIVED,
        session_id=session_id,
        subject_id=entry.id,
        data={"code": said.get("outcome")},
        entry=entry,
    )
    return entry


def change(
    work: Work,
    channel_id: int,
    inbound: port.Edited | port.Unsent,
    apply: Callable[[sa.Row[Any]], None],
) -> None:
    """Change a stored message, or keep the change until the message comes."""
    row = _target(work, channel_id, inbound.external_id, inbound.message_id)
    if row is not None:
        apply(row)
        return
    content = inbound.content if isinstance(inbound, port.Edited) else None
    stored = {
        "content": None if content is None else content_stored(content),
        "at": inbound.at or work.now,
    }
    work.execute(
        upsert(_EARLY)
        .values(
            channel_id=channel_id,
            external_id=inbound.external_id or "",
            platform_id=inbound.message_id,
            **stored,
        )
        .on_conflict_do_update(
            index_elements=["channel_id", "external_id", "platform_id"],
            set_=stored,
            # What was taken back stays so; of several edits the latest counts.
            where=_EARLY.c.content.is_not(None)
            & sa.or_(sa.literal(content is None), _EARLY.c.at <= stored["at"]),
        )
    )
    work.shared["early_changes"] = True


def follow(work: Work, channel_id: int, inbound: port.Followed | port.Unfollowed) -> None:
    """Note that a contact can, or cannot, be reached; it opens no session."""
    following = isinstance(inbound, port.Followed)
    name = inbound.name if isinstance(inbound, port.Followed) else None
    language = inbound.language if isinstance(inbound, port.Followed) else None
    identity_id, contact_id, conversation_id, _blocked = contacts.find_or_create(
        work, channel_id, inbound.external_id, name, language
    )
    work.update(tables.Identity, identity_id, {"reachable": following})
    if isinstance(inbound, port.Followed):
        _keep_token(work, conversation_id, inbound)
    row = _session(work, conversation_id)
    entry = add_happening(
        work,
        conversation_id=conversation_id,
        session_id=row["id"] if row else None,
        happening=Happening.FOLLOWED if following else Happening.UNFOLLOWED,
    )
    work.append(
        EventKind.CONTACT_CHANGED,
        session_id=row["id"] if row else None,
        subject_id=contact_id,
        data={"reachable": following, "entry_id": entry.id},
        entry=entry,
    )


def group_message(work: Work, channel_id: int, inbound: port.GroupMessage) -> None:
    """Store what was said in a group; it opens no session (C9)."""
    _identity, _contact, conversation_id, _blocked = contacts.find_or_create(
        work, channel_id, inbound.external_id, None, None
    )
    if work.plain(_SAME_MESSAGE, conversation_id, inbound.message_id).fetchone():
        return
    entry = add_message(
        work,
        conversation_id=conversation_id,
        session_id=None,
        kind=EntryKind.CUSTOMER,
        content=inbound.content,
        at=min(inbound.at or work.now, work.now),
        platform_id=inbound.message_id,
    )
    work.append(EventKind.MESSAGE_RECEIVED, subject_id=entry.id, entry=entry)


def unsupported(work: Work, channel_id: int, inbound: port.Unsupported) -> None:
    """Show what is not understood, where it can be told who sent it."""
    if inbound.external_id is None:
        return
    message = port.CustomerMessage(
        external_id=inbound.external_id,
        message_id=inbound.message_id or f"unsupported:{inbound.platform_kind}:{inbound.at}",
        at=inbound.at,
        content=inbound.content,
    )
    customer_message(work, channel_id, message)


def _early_changes(work: Work) -> bool:
    """Say whether any change waits for its message; hardly ever one does."""
    known: bool | None = work.shared.get("early_changes")
    if known is None:
        known = work.shared["early_changes"] = work.one(_ANY_EARLY) is not None
    return known


def _session(work: Work, conversation_id: int) -> dict[str, Any] | None:
    return work.fetch(_OPEN_SESSION, conversation_id)


def _target(
    work: Work, channel_id: int, external_id: str | None, message_id: str
) -> sa.Row[Any] | None:
    query = (
        sa.select(ENTRIES)
        .join(_CONVERSATIONS, _CONVERSATIONS.c.id == ENTRIES.c.conversation_id)
        .join(_IDENTITIES, _IDENTITIES.c.id == _CONVERSATIONS.c.identity_id)
        .where(_IDENTITIES.c.channel_id == channel_id, ENTRIES.c.platform_id == message_id)
    )
    if external_id is not None:
        query = query.where(_IDENTITIES.c.external_id == external_id)
    return work.one(query)


def _edit(work: Work, row: sa.Row[Any], inbound: port.Edited) -> None:
    at = inbound.at or work.now
    if row.unsent_at is not None or at < (row.edited_at or 0):
        return
    _write(work, row.id, {"content": content_stored(inbound.content), "edited_at": at})
    _refresh_last_line(work, row, inbound.content)
    _tell(work, row.id, EventKind.MESSAGE_RECEIVED, {"edited": True})


def _unsend(work: Work, row: sa.Row[Any], inbound: port.Unsent) -> None:
    if row.unsent_at is None:
        _write(work, row.id, {"unsent_at": min(inbound.at or work.now, work.now)})
        _tell(work, row.id, EventKind.MESSAGE_UNSENT, {})


def _catch_up(work: Work, channel_id: int, message: port.CustomerMessage, entry_id: int) -> None:
    """Apply a change that came before its message."""
    early = work.one(
        sa.select(_EARLY).where(
            _EARLY.c.channel_id == channel_id,
            _EARLY.c.external_id.in_([message.external_id, ""]),
            _EARLY.c.platform_id == message.message_id,
        )
    )
    if early is None:
        return
    work.execute(sa.delete(_EARLY).where(_EARLY.c.id == early.id))
    work.shared.pop("early_changes", None)
    if early.content is None:
        _write(work, entry_id, {"unsent_at": min(early.at, work.now)})
        _tell(work, entry_id, EventKind.MESSAGE_UNSENT, {})
    else:
        _write(work, entry_id, {"content": early.content, "edited_at": early.at})
        row = work.one(sa.select(ENTRIES).where(ENTRIES.c.id == entry_id))
        assert row is not None
        _refresh_last_line(work, row, content_view(row.content))
        _tell(work, entry_id, EventKind.MESSAGE_RECEIVED, {"edited": True})


def _write(work: Work, entry_id: int, changes: dict[str, Any]) -> None:
    work.update(tables.Entry, entry_id, changes)


def _refresh_last_line(work: Work, row: sa.Row[Any], content: Content) -> None:
    session = work.one(
        SESSION_ROWS.where(SESSIONS.c.id == row.session_id, SESSIONS.c.state == SessionState.OPEN)
    )
    newest = work.one(
        sa.select(sa.func.max(ENTRIES.c.id)).where(
            ENTRIES.c.conversation_id == row.conversation_id,
            ENTRIES.c.kind.in_([EntryKind.CUSTOMER, EntryKind.REPLY]),
        )
    )
    if session is not None and newest is not None and newest[0] == row.id:
        placement.write(work, dict(session._mapping), {"last_line": last_line(content)})


def _tell(work: Work, entry_id: int, kind: EventKind, data: dict[str, Any]) -> None:
    row = work.one(sa.select(ENTRIES).where(ENTRIES.c.id == entry_id))
    assert row is not None
    work.append(
        kind,
        session_id=row.session_id,
        subject_id=entry_id,
        data=data,
        entry=entry_view(row, directory_of(work)),
    )
