"""Whether some hours are ever open while others are closed (R2: what can never hold).

Days are compared by the minutes of the clock on the wall, so only calendars of one time zone can be
told apart; of several zones it is said that they can, since the sun sees to that nearly always.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from inbox_tui.hours.calendar import MINUTES, WEEKDAYS, Calendar

_DAY = timedelta(days=1)


def can_be_open_outside(opened: Sequence[Calendar], closed: Sequence[Calendar]) -> bool:
    """Say whether there is a minute at which one of ``opened`` is open and all ``closed`` are not.

    True also where it cannot be told: without both, and for calendars of several time zones.
    """
    everything = (*opened, *closed)
    if not opened or not closed or len({calendar.timezone for calendar in everything}) > 1:
        return True
    return any(
        _minutes(opened, day) - _minutes(closed, day) for day in _days_that_differ(everything)
    )


def _days_that_differ(calendars: Sequence[Calendar]) -> Iterator[date]:
    """Yield a week without any holiday, then each holiday and the day after it."""
    special = {holiday.day for calendar in calendars for holiday in calendar.holidays}
    last = max(special, default=date(2001, 1, 1))
    for number in range(len(WEEKDAYS)):
        yield last + (2 + number) * _DAY
    for day in sorted(special):
        yield day
        yield day + _DAY


def _minutes(calendars: Sequence[Calendar], day: date) -> set[int]:
    """Return the minutes of a day at which any of the calendars is open."""
    found: set[int] = set()
    for calendar in calendars:
        for start, end in calendar.hours_of(day):
            found.update(range(start, min(end, MINUTES)))
        for _, end in calendar.hours_of(day - _DAY):
            found.update(range(end - MINUTES))
    return found
