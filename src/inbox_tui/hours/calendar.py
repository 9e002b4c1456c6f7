"""Business hours: when a place is open, and when that changes next (M11).

A :class:`Calendar` is a name, a time zone, the intervals of each day of the week, and holidays:
dates that are closed or have intervals of their own instead.

- Intervals are times of the clock on the wall, whole minutes, half open: 09:00-18:00 is open at
  09:00:00.000 and closed at 18:00:00.000. 24:00 is the end of the day.
- An interval belongs to the day on which it begins. One that runs over midnight (22:00-02:00) goes
  on into a holiday, and one that would have begun on the holiday is not held.
- **Where the clock is changed**, an interval is still one span of real time: each of its ends is
  the first moment at which the clock shows that time or a later one. A time that the clock leaves
  out is thus the moment of the jump, and an interval wholly inside the jump is not held; of a time
  that the clock shows twice it is the first. Nothing opens twice or closes in between because an
  hour is repeated, and intervals that follow each other without a break still do.

Nothing here reads the time. How calendars are written is left to :mod:`written`, what follows from
the hours to whoever asks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES: Final = 1440
"""Minutes of a day by the clock on the wall."""

LOOKAHEAD: Final = timedelta(days=750)
"""How far ahead a change is looked for: two years, and the holidays at their end."""

Where = tuple[int | date, int]
"""One interval: its weekday (0 is Monday) or the date of its holiday, and its place in the day."""

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)
_MILLISECOND: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - UTC without saying so, as all that is added to it


class Interval(NamedTuple):
    """From a minute of the day to another one, which is over 1440 when it is after midnight."""

    start: int
    end: int

    def __str__(self) -> str:
        end = self.end if self.end <= MINUTES else self.end - MINUTES
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.start, end))


class Holiday(NamedTuple):
    """A date that is not like others of its weekday; without hours it is closed."""

    day: date
    hours: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a place is open.

    ``timezone`` is a name of the IANA database; ``week`` has the intervals of Monday to Sunday.
    Intervals are kept in their order, holidays by date. Raises ValueError for an unknown zone, a
    week that has not seven days, an interval that is none, intervals that overlap, and a holiday
    given twice.
    """

    name: str
    timezone: str
    week: tuple[tuple[Interval, ...], ...]
    holidays: tuple[Holiday, ...] = ()
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _special: dict[date, tuple[Interval, ...]] = field(init=False, repr=False, compare=False)
    _steady_from: datetime = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        week = tuple(tuple(sorted(hours)) for hours in self.week)
        holidays = tuple(sorted(Holiday(day, tuple(sorted(hours))) for day, hours in self.holidays))
        special = {holiday.day: holiday.hours for holiday in holidays}
        if len(week) != len(WEEKDAYS):
            raise ValueError("a week has seven days")
        if len(special) != len(holidays):
            raise ValueError("a holiday is given twice")
        for hours in (*week, *special.values()):
            for interval in hours:
                if not is_interval(interval):
                    raise ValueError(f"{interval!r} is no interval of a day")
        if any(clashes(week, special)):
            raise ValueError("intervals overlap")
        object.__setattr__(self, "week", week)
        object.__setattr__(self, "holidays", holidays)
        object.__setattr__(self, "_special", special)
        object.__setattr__(self, "_steady_from", _steady_from(week, holidays))
        object.__setattr__(self, "_zone", zone(self.timezone))

    def hours_of(self, day: date) -> tuple[Interval, ...]:
        """Return the intervals that begin on a date, in their order."""
        special = self._special.get(day)
        return self.week[day.weekday()] if special is None else special

    def is_open(self, at: int) -> bool:
        """Say whether it is open at a moment (UTC ms)."""
        shown = self._shown(at)
        minute = shown.hour * 60 + shown.minute
        if any(start <= minute < end for start, end in self.hours_of(shown.date())):
            return True
        minute += MINUTES
        return any(minute < end for _, end in self.hours_of(shown.date() - _DAY))

    def next_change(self, at: int) -> int | None:
        """Return the first moment after ``at`` at which it opens or closes (UTC ms).

        None when it does not within :data:`LOOKAHEAD`: in effect, never.
        """
        shown = self._shown(at)
        last = min(shown + LOOKAHEAD, max(shown, self._steady_from))
        open_until: datetime | None = None
        for begin, end in self._intervals(shown.date() - _DAY, last.date()):
            if end <= shown:
                continue
            if open_until is not None:
                if begin > open_until and self._first(begin) > self._first(open_until):
                    break
                open_until = end
            elif begin <= shown:
                open_until = end
            elif self._first(begin) < self._first(end):
                return self._first(begin)
        if open_until is None or open_until > last:
            return None
        return self._first(open_until)

    def next_open(self, at: int) -> int | None:
        """Return the first moment from ``at`` on at which it is open: ``at`` itself if it is now.

        None when it does not open within :data:`LOOKAHEAD`.
        """
        return at if self.is_open(at) else self.next_change(at)

    def _intervals(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the intervals that begin on these dates, in times of the clock on the wall."""
        midnight = datetime(first.year, first.month, first.day)  # noqa: DTZ001 - wall time
        for _ in range((last - first).days + 1):
            for start, end in self.hours_of(midnight.date()):
                yield midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)
            midnight += _DAY

    def _shown(self, at: int) -> datetime:
        """Return the latest time that the clock on the wall has shown until a moment.

        That is what it shows, but while it repeats an hour: then it is the last millisecond
        before it was set back.
        """
        utc = _EPOCH + timedelta(milliseconds=at)
        local = utc.replace(tzinfo=UTC).astimezone(self._zone)
        if not local.fold:
            return local.replace(tzinfo=None)
        before = _offset(local.replace(fold=0))
        back = before - _offset(local)
        return self._changed(utc - back, utc, before) + before - _MILLISECOND

    def _first(self, wall: datetime) -> int:
        """Return the first moment (UTC ms) at which the clock shows this time or a later one."""
        local = wall.replace(tzinfo=self._zone)
        before, after = _offset(local), _offset(local.replace(fold=1))
        if before < after:  # a time that the clock leaves out
            utc = self._changed(wall - after, wall - before, before)
        else:
            utc = wall - before
        return (utc - _EPOCH) // _MILLISECOND

    def _changed(self, low: datetime, high: datetime, offset: timedelta) -> datetime:
        """Return the second after ``low``, until ``high``, at which the offset is left."""
        low = low.replace(microsecond=0)
        seconds = [0, (high - low) // _SECOND]
        while seconds[1] - seconds[0] > 1:
            middle = sum(seconds) // 2
            utc = (low + middle * _SECOND).replace(tzinfo=UTC)
            seconds[_offset(utc.astimezone(self._zone)) != offset] = middle
        return low + seconds[1] * _SECOND


def zone(name: str) -> ZoneInfo:
    """Return a time zone of the IANA database. Raises ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r}") from None


def is_interval(interval: Interval) -> bool:
    """Say whether this begins on its day and ends later, before that time of the next day."""
    start, end = interval
    return 0 <= start < min(end, MINUTES) and (end < start + MINUTES or end == MINUTES)


def clashes(
    week: Sequence[Sequence[Interval]], special: Mapping[date, Sequence[Interval]]
) -> Iterator[tuple[Where, Where]]:
    """Yield the pairs of intervals that overlap, the earlier one first.

    Those of each day have to be in order.
    """

    def day(key: int | date) -> Sequence[Interval]:
        return week[key] if isinstance(key, int) else special[key]

    def on(date_: date) -> int | date:
        return date_ if date_ in special else date_.weekday()

    for key in (*range(len(week)), *special):
        for place, (earlier, later) in enumerate(pairwise(day(key))):
            if earlier.end > later.start:
                yield (key, place), (key, place + 1)
    following: list[tuple[int | date, int | date]] = [
        (weekday, (weekday + 1) % len(week)) for weekday in range(len(week))
    ]
    for date_ in special:
        following.append((date_, on(date_ + _DAY)))
        if date_ - _DAY not in special:
            following.append((on(date_ - _DAY), date_))
    for key, next_key in following:
        if day(key) and day(next_key) and day(key)[-1].end - MINUTES > day(next_key)[0].start:
            yield (key, len(day(key)) - 1), (next_key, 0)


def _steady_from(week: Sequence[Sequence[Interval]], holidays: Sequence[Holiday]) -> datetime:
    """Return the time of the clock on the wall from which it is always open, or always closed."""
    day_and_night = [(0, MINUTES)]
    if any(week) and any(list(hours) != day_and_night for hours in week):
        return datetime.max  # noqa: DTZ901 - wall time
    if not holidays:
        return datetime.min  # noqa: DTZ901 - wall time
    last = holidays[-1].day + 2 * _DAY  # hours of its own may run over midnight
    return datetime(last.year, last.month, last.day)  # noqa: DTZ001 - wall time


def _offset(local: datetime) -> timedelta:
    offset = local.utcoffset()
    assert offset is not None
    return offset
