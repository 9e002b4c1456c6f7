"""Puts a stored message into the outbox: what people write and what is sent automatically alike."""

import uuid

from inbox_tui.store import tables
from inbox_tui.store.work import Work

OUTBOX = tables.table(tables.Outbox)


def queue(work: Work, entry_id: int, conversation_id: int, channel_id: int) -> None:
    """Queue an entry to be sent, after everything of its conversation that is there already."""
    work.insert(
        tables.Outbox,
        entry_id=entry_id,
        conversation_id=conversation_id,
        channel_id=channel_id,
        key=str(uuid.uuid4()),
        due_at=work.now,
    )
    work.touched.add("outbox")
