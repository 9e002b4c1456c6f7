"""Writes the entries of a timeline: messages, notes, happenings."""

from typing import Any

from inbox_tui.backend.directory import directory_of
from inbox_tui.backend.views import content_stored
from inbox_tui.clock import Millis, to_datetime
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.text import fold
from inbox_tui.wire.models import Content, Delivery, Entry
from inbox_tui.wire.words import DeliveryState, EntryKind, Happening

LAST_LINE_LENGTH = 200
"""Characters of a message that a row of a list is given."""

_SEARCH = "INSERT INTO entry_search(rowid, folded) VALUES (?, ?)"


def add_message(
    work: Work,
    *,
    conversation_id: int,
    session_id: int | None,
    kind: EntryKind,
    content: Content,
    at: Millis | None = None,
    author_id: int | None = None,
    platform_id: str | None = None,
    client_key: str | None = None,
    delivery: DeliveryState | None = None,
    media: str | None = None,
    data: dict[str, Any] | None = None,
) -> Entry:
    """Add a message or a note, searchable by its text; ``data`` is kept and shown with it."""
    at = work.now if at is None else at
    entry_id = work.insert(
        tables.Entry,
        conversation_id=conversation_id,
        session_id=session_id,
        kind=kind,
        at=at,
        stored_at=work.now,
        author_id=author_id,
        content=content_stored(content),
        platform_id=platform_id,
        client_key=client_key,
        delivery=delivery,
        media=media,
        data=data,
    )
    if content.text:
        work.plain(_SEARCH, entry_id, fold(content.text))
    author = None if author_id is None else directory_of(work).agents[author_id]
    return Entry(
        id=entry_id,
        conversation_id=conversation_id,
        session_id=session_id,
        kind=kind,
        at=to_datetime(at),
        author=author.nickname if author else None,
        author_name=author.name if author else None,
        content=content,
        delivery=Delivery(state=delivery) if delivery else None,
        data=data or {},
        client_key=client_key,
    )


def add_happening(
    work: Work,
    *,
    conversation_id: int,
    session_id: int | None,
    happening: Happening,
    author_id: int | None = None,
    data: dict[str, Any] | None = None,
    at: Millis | None = None,
) -> Entry:
    """Add what happened to a session to its timeline (C8)."""
    at = work.now if at is None else at
    kept = {key: value for key, value in (data or {}).items() if value is not None}
    entry_id = work.insert(
        tables.Entry,
        conversation_id=conversation_id,
        session_id=session_id,
        kind=EntryKind.HAPPENING,
        at=at,
        stored_at=work.now,
        author_id=author_id,
        happening=happening,
        data=kept or None,
    )
    author = None if author_id is None else directory_of(work).agents[author_id]
    return Entry(
        id=entry_id,
        conversation_id=conversation_id,
        session_id=session_id,
        kind=EntryKind.HAPPENING,
        at=to_datetime(at),
        author=author.nickname if author else None,
        author_name=author.name if author else None,
        happening=happening,
        data=kept,
    )


def last_line(content: Content) -> str:
    """Return what a row of a list shows of a message."""
    words = content.text or content.file_name or content.title or content.sticker or ""
    line = " ".join(words[: LAST_LINE_LENGTH * 2].split())[:LAST_LINE_LENGTH]
    if content.kind == "text":
        return line
    return f"[{content.kind}] {line}".rstrip()
