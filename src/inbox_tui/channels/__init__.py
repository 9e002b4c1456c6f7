"""What is known of each messaging platform: its formats, its calls, its rules of delivery.

:mod:`.port` is the contract that the backend uses, :mod:`.registry` gives the adapter of an
account, and there is one adapter a platform (``line``, ``telegram``), each with its inbound
formats beside it (``line_inbound``, ``telegram_inbound``). Nothing of a platform is known outside
these modules. They know no database and no sessions: storing, deduplicating, ordering and
repeating are left to the backend.
"""

from inbox_tui.channels.registry import adapter_for, describe

__all__ = ["adapter_for", "describe"]
