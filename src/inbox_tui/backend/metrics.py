"""Figures of the backend in Prometheus' text exposition format 0.0.4."""

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.store import tables

if TYPE_CHECKING:
    from inbox_tui.backend.backend import Backend

_COUNTS = tables.table(tables.SessionCount)
_OUTBOX = tables.table(tables.Outbox)
_INBOUND = tables.table(tables.InboundEvent)
_EVENTS = tables.table(tables.Event)
_AUTOMATIC = tables.table(tables.AutomaticMessage)


async def metrics_of(backend: "Backend") -> str:
    """Return every figure with its help line."""
    figures = await backend.database.read(_figures)
    figures["inbox_streams"] = (len(backend.hub), "Live streams connected")
    lines: list[str] = []
    for name, (value, says) in figures.items():
        lines += [f"# HELP {name} {says}", f"# TYPE {name} gauge", f"{name} {value}"]
    return "\n".join(lines) + "\n"


def _figures(connection: Connection) -> dict[str, tuple[int, str]]:
    kept = {row.place: row.n for row in connection.execute(sa.select(_COUNTS))}

    def count(table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        return int(
            connection.execute(
                sa.select(sa.func.count()).select_from(table).where(*where)
            ).scalar_one()
        )

    newest = connection.execute(sa.select(sa.func.max(_EVENTS.c.seq))).scalar() or 0
    return {
        "inbox_sessions_open": (kept.get("open", 0), "Open sessions"),
        "inbox_sessions_unassigned": (kept.get("unassigned", 0), "Open sessions served by nobody"),
        "inbox_outbox": (count(_OUTBOX), "Replies on their way to a platform"),
        "inbox_inbound_pending": (
            count(_INBOUND, _INBOUND.c.state == "pending"),
            "Stored events not yet applied",
        ),
        "inbox_inbound_failed": (
            count(_INBOUND, _INBOUND.c.state == "failed"),
            "Stored events that could not be applied",
        ),
        "inbox_automatic_messages": (
            int(connection.execute(sa.select(sa.func.max(_AUTOMATIC.c.id))).scalar() or 0),
            "Automatic messages decided on so far, with those that nobody was to be told",
        ),
        "inbox_event_seq": (int(newest), "Number of the newest event"),
    }
