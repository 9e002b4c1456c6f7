"""A clock that stands still until it is moved."""

from datetime import UTC, datetime

from inbox_tui.clock import Millis, to_datetime, to_millis

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""Where tests begin: a Monday."""


class FakeClock:
    """A :class:`inbox_tui.clock.Clock` that tests move themselves."""

    def __init__(self, at: datetime = NOON) -> None:
        self._now = to_millis(at)

    def now(self) -> Millis:
        """Return the present as UTC milliseconds since 1970."""
        return self._now

    @property
    def time(self) -> datetime:
        """The present as an aware UTC datetime."""
        return to_datetime(self._now)

    def move(self, seconds: float) -> None:
        """Let that many seconds pass."""
        self._now += round(seconds * 1000)
