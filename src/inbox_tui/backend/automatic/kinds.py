"""What automatic messages there are (M1-M7, Q3, Q6), and what the texts of each may name (M8)."""

from collections.abc import Mapping
from typing import Final

from inbox_tui.wire.words import Automatic

ALWAYS: Final = frozenset({Automatic.CODE_BOUND, Automatic.CODE_DUPLICATE, Automatic.CODE_FAILED})
"""Those that cannot be switched off: exactly one reply for each code that is sent (Q6)."""

_COMMON: Final = ("contact_name", "shop_name", "channel_name")
_HOURS: Final = ("hours", "opens_at")
_SERVED: Final = ("agent_name", "team_name")
_LINKS: Final = ("my_code_link", "team_code_link")
_ORDER: Final = ("order_number", "tracking_number", "tracking_link", "delivery_date")

VARIABLES: Final[Mapping[Automatic, tuple[str, ...]]] = {
    Automatic.GREETING: (*_COMMON, "team_name", "response_time", *_HOURS, "team_code_link"),
    Automatic.WELCOME: (*_COMMON, *_HOURS),
    Automatic.ASSIGNED: (*_COMMON, *_SERVED, "response_time", "case_code", *_LINKS),
    Automatic.AWAY: (*_COMMON, "team_name", *_HOURS),
    Automatic.OVER_CAPACITY: (*_COMMON, "team_name", "position", "estimated_wait"),
    Automatic.TRANSFERRED: (*_COMMON, "assignee", *_SERVED, "response_time", *_LINKS),
    Automatic.ENDED: (*_COMMON, *_SERVED, "case_code", *_LINKS),
    Automatic.RATING: (*_COMMON, *_SERVED, "case_code"),
    Automatic.ORDER_SHIPPED: (*_COMMON, *_ORDER),
    Automatic.PARCEL_DELIVERED: (*_COMMON, *_ORDER),
    Automatic.DELIVERY_DELAYED: (*_COMMON, *_ORDER),
    Automatic.CODE_BOUND: (*_COMMON, "assignee", *_LINKS),
    Automatic.CODE_DUPLICATE: (*_COMMON, "assignee"),
    Automatic.CODE_FAILED: _COMMON,
}
"""What the texts of each kind may name, in the order in which it is offered."""
