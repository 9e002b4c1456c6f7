"""Stores what a platform delivered, before anybody answers it.

The raw body first, byte for byte; then its events, each under the platform's event id, so that a
repeat changes nothing.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from inbox_tui.channels.port import RawEvent
from inbox_tui.store import tables
from inbox_tui.store.work import Work

INBOUND = tables.table(tables.InboundEvent)
DELIVERIES = tables.table(tables.Delivery)
CHANNELS = tables.table(tables.Channel)

_ADD = upsert(INBOUND).on_conflict_do_nothing(index_elements=["channel_id", "dedupe_key"])
_DONE = (
    sa.update(INBOUND)
    .where(INBOUND.c.id == sa.bindparam("event"), INBOUND.c.state == "pending")
    .values(state=sa.bindparam("to"), error=sa.bindparam("why"))
)


@dataclass(frozen=True, slots=True)
class Pending:
    """One stored event that is still to be applied."""

    id: int
    channel_id: int
    payload: dict[str, Any]


def store_delivery(
    work: Work, channel_id: int, raw: bytes, events: list[RawEvent], poll_offset: int | None = None
) -> list[Pending]:
    """Store a delivery and return its events that are new, in order.

    ``poll_offset`` is the offset of the next poll, kept in the same unit of work.
    """
    new: list[Pending] = []
    if events or poll_offset is None:
        delivery_id = work.insert(
            tables.Delivery, channel_id=channel_id, received_at=work.now, body=raw
        )
        for position, event in enumerate(events):
            result = work.execute(
                _ADD,
                {
                    "channel_id": channel_id,
                    "delivery_id": delivery_id,
                    "position": position,
                    "dedupe_key": event.dedupe_key,
                    "state": "pending",
                },
            )
            if result.rowcount:
                new.append(Pending(int(result.lastrowid), channel_id, event.payload))
    if poll_offset is not None:
        work.execute(
            sa.update(CHANNELS).where(CHANNELS.c.id == channel_id), {"poll_offset": poll_offset}
        )
    return new


def settle(work: Work, event_id: int, *, error: str | None = None) -> bool:
    """Mark an event done, or failed with an error; false when it was settled before."""
    state = "done" if error is None else "failed"
    result = work.execute(_DONE, {"event": event_id, "to": state, "why": error})
    return bool(result.rowcount)


def pending_after(
    connection: Connection, event_id: int, most: int
) -> list[sa.Row[tuple[int, int, int, int]]]:
    """Read events that are still to be applied: id, channel id, delivery id, position."""
    return list(
        connection.execute(
            sa.select(INBOUND.c.id, INBOUND.c.channel_id, INBOUND.c.delivery_id, INBOUND.c.position)
            .where(INBOUND.c.state == "pending", INBOUND.c.id > event_id)
            .order_by(INBOUND.c.id)
            .limit(most)
        )
    )


def body_of(connection: Connection, delivery_id: int) -> bytes:
    """Read the raw body of a delivery."""
    body: bytes = connection.execute(
        sa.select(DELIVERIES.c.body).where(DELIVERIES.c.id == delivery_id)
    ).scalar_one()
    return body
