"""Replies on their way out: sent once, and never lost."""

from inbox_tui.backend.outbox.outbox import Outbox

__all__ = ["Outbox"]
