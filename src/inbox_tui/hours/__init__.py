"""Business hours: when a place is open, and when that changes next (M11)."""

from inbox_tui.hours.calendar import Calendar, Holiday, Interval
from inbox_tui.hours.written import WrongHours, from_json, read_calendar, to_json

__all__ = [
    "Calendar",
    "Holiday",
    "Interval",
    "WrongHours",
    "from_json",
    "read_calendar",
    "to_json",
]
