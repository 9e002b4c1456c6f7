"""The only place that reads the time.

Everything else is handed a :class:`Clock`. Stored times are integer UTC milliseconds.
"""

import time
from datetime import UTC, datetime
from typing import Protocol

Millis = int
"""A point in time as UTC milliseconds since 1970, or a duration in milliseconds."""


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> Millis:
        """Return the present as UTC milliseconds since 1970."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> Millis:
        """Return the present as UTC milliseconds since 1970."""
        return time.time_ns() // 1_000_000


def to_datetime(at: Millis) -> datetime:
    """Return ``at`` as an aware UTC datetime."""
    return datetime.fromtimestamp(at / 1000, UTC)


def optional_datetime(at: Millis | None) -> datetime | None:
    """Return ``at`` as an aware UTC datetime, or None for None."""
    return None if at is None else to_datetime(at)


def to_millis(at: datetime) -> Millis:
    """Return an aware datetime as UTC milliseconds."""
    return round(at.timestamp() * 1000)
