"""Stores what a platform delivered, before anybody answers it.

The raw body first, byte for byte; then its events, each under the platform's event id, so that a
repeat changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.inbound.receive import receive
from inbox_tui.channels.port import Inbound, RawEvent
from inbox_tui.lean_structlog import structlog
from inbox_tui.store import tables
from inbox_tui.store.work import Work

INBOUND = tables.table(tables.InboundEvent)
DELIVERIES = tables.table(tables.Delivery)
CHANNELS = tables.table(tables.Channel)

_ANY_PENDING = "SELECT id FROM inbound_events WHERE state = 'pending' LIMIT 1"
_log = structlog.get_logger("inbound")
_SETTLE = "UPDATE inbound_events SET state = ?, error = ? WHERE id = ? AND state = 'pending'"


@dataclass(frozen=True, slots=True)
class Pending:
    """One stored event that is still to be applied."""

    id: int
    channel_id: int
    payload: dict[str, Any]


def take_in(
    work: Work,
    channel_id: int,
    raw: bytes,
    events: Sequence[tuple[RawEvent, Inbound]],
    poll_offset: int | None = None,
) -> list[Pending]:
    """Store a delivery; return its new events that are still to be applied, in order.

    Usually there are none: what is stored is applied in the same commit. It is left for later
    when many wait for this commit (the answer to the platform counts more), when earlier events
    are left already (order), and when it fails, which must not lose the delivery. ``poll_offset``
    is the offset of the next poll, kept in the same unit of work.
    """
    later: list[Pending] = []
    if events or poll_offset is None:
        delivery_id = work.insert(
            tables.Delivery, channel_id=channel_id, received_at=work.now, body=raw
        )
        defer = work.crowded or work.plain(_ANY_PENDING).fetchone() is not None
        for position, (event, inbound) in enumerate(events):
            event_id = work.insert_new(
                tables.InboundEvent,
                or_ignore=True,
                channel_id=channel_id,
                delivery_id=delivery_id,
                position=position,
                dedupe_key=event.dedupe_key,
                state="pending" if defer else "done",
            )
            if event_id is None:
                continue
            if not defer:
                defer = not _applied(work, channel_id, event_id, inbound)
            if defer:
                later.append(Pending(event_id, channel_id, event.payload))
    if poll_offset is not None:
        work.update(tables.Channel, channel_id, {"poll_offset": poll_offset})
    return later


def _applied(work: Work, channel_id: int, event_id: int, inbound: Inbound) -> bool:
    try:
        with work.attempt():
            receive(work, channel_id, inbound)
    except Exception:
        _log.exception("event put off", event_id=event_id, channel=channel_id)
        work.update(tables.InboundEvent, event_id, {"state": "pending"})
        return False
    return True


def settle(work: Work, event_id: int, *, error: str | None = None) -> bool:
    """Mark an event done, or failed with an error; false when it was settled before."""
    state = "done" if error is None else "failed"
    return bool(work.plain(_SETTLE, state, error, event_id).rowcount)


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
