"""Replies and notes: what people write.

A reply is a row first and a platform call after: :func:`reply` stores it together with its place
in the outbox, and the outbox does the rest.
"""

from typing import Any

import sqlalchemy as sa

from inbox_tui.backend.directory import directory_of
from inbox_tui.backend.messages.entries import add_message, last_line
from inbox_tui.backend.messages.queueing import OUTBOX, queue
from inbox_tui.backend.sessions import placement
from inbox_tui.backend.views import ENTRIES, entry_view
from inbox_tui.channels.port import Capabilities
from inbox_tui.clock import Millis
from inbox_tui.errors import CannotSend, NotFound, NotPossibleNow, Refused
from inbox_tui.store.work import Work
from inbox_tui.wire.models import Content, Entry
from inbox_tui.wire.words import ContentKind, DeliveryState, EntryKind, EventKind, SessionState

LONGEST_NOTE = 20_000
LONGEST_KEY = 200


def reply(
    work: Work,
    session_id: int,
    agent_id: int,
    content: Content,
    capabilities: Capabilities,
    client_key: str | None,
) -> Entry:
    """Store a reply and queue it; the same ``client_key`` again gives the same entry.

    Raises NotFound, NotPossibleNow when the session is closed, CannotSend with the reason, Refused
    for a key that is too long.
    """
    if client_key is not None and len(client_key) > LONGEST_KEY:
        raise Refused(f"An Idempotency-Key has at most {LONGEST_KEY} characters.")
    row = placement.open_row(work, session_id)
    known = _known(work, row["conversation_id"], client_key)
    if known is not None:
        return known
    if row["state"] != SessionState.OPEN:
        raise NotPossibleNow(f"Session {session_id} is closed: it cannot be replied to.")
    why_not = capabilities.why_not(content)
    if why_not:
        raise CannotSend(why_not)
    entry = add_message(
        work,
        conversation_id=row["conversation_id"],
        session_id=session_id,
        kind=EntryKind.REPLY,
        content=content,
        author_id=agent_id,
        client_key=client_key,
        delivery=DeliveryState.QUEUED,
    )
    queue(work, entry.id, row["conversation_id"], row["channel_id"])
    waited = 0 if row["waiting_since"] is None else max(0, work.now - row["waiting_since"])
    placement.write(
        work,
        row,
        {
            "replies": row["replies"] + 1,
            "first_reply_at": row["first_reply_at"] or work.now,
            "waited": row["waited"] + waited,
            "waiting_since": None,
            "last_activity_at": work.now,
            "last_line": last_line(content),
            "last_line_kind": EntryKind.REPLY,
        },
    )
    work.append(
        EventKind.MESSAGE_QUEUED,
        actor_id=agent_id,
        session_id=session_id,
        subject_id=entry.id,
        entry=entry,
    )
    return entry


def note(work: Work, session_id: int, agent_id: int, text: str) -> Entry:
    """Add an internal note; also to a closed session. Raises NotFound, CannotSend when empty."""
    if not text.strip():
        raise CannotSend("The note is empty.")
    if len(text) > LONGEST_NOTE:
        raise CannotSend(f"The note is too long: {len(text):,} of {LONGEST_NOTE:,} characters.")
    row = placement.open_row(work, session_id)
    entry = add_message(
        work,
        conversation_id=row["conversation_id"],
        session_id=session_id,
        kind=EntryKind.NOTE,
        content=Content(kind=ContentKind.TEXT, text=text),
        author_id=agent_id,
    )
    work.append(
        EventKind.NOTE_ADDED,
        actor_id=agent_id,
        session_id=session_id,
        subject_id=entry.id,
        entry=entry,
    )
    return entry


def retry(work: Work, session_id: int, entry_id: int, agent_id: int) -> Entry:
    """Send a failed or uncertain reply again, because a person said so (C2).

    It gets a new key: a person has decided that it may be a second delivery. Raises NotFound,
    NotPossibleNow.
    """
    row = placement.open_row(work, session_id)
    found = work.one(
        sa.select(ENTRIES).where(ENTRIES.c.id == entry_id, ENTRIES.c.session_id == session_id)
    )
    if found is None or found.kind != EntryKind.REPLY:
        raise NotFound(f"There is no reply {entry_id} in session {session_id}.")
    if found.delivery not in (DeliveryState.FAILED, DeliveryState.UNCERTAIN):
        raise NotPossibleNow(f"It is {found.delivery}: there is nothing to send again.")
    if row["state"] != SessionState.OPEN:
        raise NotPossibleNow(f"Session {session_id} is closed: it cannot be replied to.")
    work.execute(sa.delete(OUTBOX).where(OUTBOX.c.entry_id == entry_id))
    queue(work, entry_id, row["conversation_id"], row["channel_id"])
    return set_delivery(work, entry_id, DeliveryState.QUEUED, actor_id=agent_id)


def set_delivery(
    work: Work,
    entry_id: int,
    state: DeliveryState,
    *,
    reason: str | None = None,
    attempts: int | None = None,
    platform_id: str | None = None,
    actor_id: int | None = None,
) -> Entry:
    """Note how far a message of ours got, and tell everybody.

    A failed reply counts as none: the customer waits again from the earliest message without
    one (R7). One that is sent again after failing ends that wait. What is sent automatically was
    none before (M10): nothing is counted anew.
    """
    row = work.one(sa.select(ENTRIES).where(ENTRIES.c.id == entry_id))
    assert row is not None
    changes: dict[str, Any] = {"delivery": state, "delivery_reason": reason}
    if attempts is not None:
        changes["delivery_attempts"] = attempts
    if platform_id is not None and row.platform_id is None:
        changes["platform_id"] = platform_id
    work.execute(sa.update(ENTRIES).where(ENTRIES.c.id == entry_id), changes)
    failed_now = state == DeliveryState.FAILED and row.delivery != DeliveryState.FAILED
    failed_before = row.delivery == DeliveryState.FAILED and state != DeliveryState.FAILED
    is_reply = row.kind == EntryKind.REPLY and row.session_id is not None
    if is_reply and (failed_now or failed_before):
        _recount(work, row.session_id, row.stored_at, -1 if failed_now else 1)
    after = work.one(sa.select(ENTRIES).where(ENTRIES.c.id == entry_id))
    entry = entry_view(after, directory_of(work))
    work.append(
        EventKind.MESSAGE_DELIVERY,
        actor_id=actor_id,
        session_id=row.session_id,
        subject_id=entry_id,
        data={"state": state, "reason": reason},
        entry=entry,
    )
    return entry


def _recount(work: Work, session_id: int, replied_at: Millis, change: int) -> None:
    """Count a reply out (``change`` -1: it failed, so it counts as none) or in again (R7).

    The customer waits since the first message after the last reply that did not fail. The time
    waited follows (K1): a reply that failed did not end a wait, one that is sent after all ends
    it now. ``replied_at`` is when that reply was written.
    """
    row = placement.open_row(work, session_id)
    if row["state"] != SessionState.OPEN:
        return
    of_session = (ENTRIES.c.conversation_id == row["conversation_id"]) & (
        ENTRIES.c.session_id == session_id
    )
    answered = work.one(
        sa.select(sa.func.max(ENTRIES.c.id)).where(  # ids tell what was stored first, times may tie
            of_session, ENTRIES.c.kind == EntryKind.REPLY, ENTRIES.c.delivery != "failed"
        )
    )
    waiting = work.one(
        sa.select(sa.func.min(ENTRIES.c.at)).where(
            of_session,
            ENTRIES.c.kind == EntryKind.CUSTOMER,
            ENTRIES.c.id > ((answered[0] if answered else None) or 0),
        )
    )
    since, before, waited = (waiting[0] if waiting else None), row["waiting_since"], row["waited"]
    if before is None and since is not None:
        waited = max(0, waited - max(0, replied_at - since))
    elif before is not None and since is None:
        waited += max(0, work.now - before)
    replies = max(0, row["replies"] + change)
    placement.write(work, row, {"waiting_since": since, "waited": waited, "replies": replies})


def _known(work: Work, conversation_id: int, client_key: str | None) -> Entry | None:
    if client_key is None:
        return None
    row = work.one(
        sa.select(ENTRIES).where(
            ENTRIES.c.conversation_id == conversation_id, ENTRIES.c.client_key == client_key
        )
    )
    return None if row is None else entry_view(row, directory_of(work))
