"""How a calendar is written: in a workspace file, and in a column of JSON.

Both are the same table, described in docs/workspace-file.md. Every fault is told with where it is.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import available_timezones

from inbox_tui.hours.calendar import (
    MINUTES,
    WEEKDAYS,
    Calendar,
    Holiday,
    Interval,
    Where,
    clashes,
    zone,
)
from inbox_tui.text import safe_line

Path = tuple[str | int, ...]
"""Where a value stands in the table of a calendar, such as ``("mon", 0)``."""

YEARS: Final = range(1970, 2200)
"""Years that a holiday may be in; of others no clock is known."""

_SHORTHANDS: Final[Mapping[str, Sequence[str]]] = {
    "every_day": WEEKDAYS,
    "weekdays": WEEKDAYS[:5],
    **{day: (day,) for day in WEEKDAYS},
}
"""Keys that give the hours of days; of two that give the same day's, the later one here wins."""

_KEYS: Final = ("name", "timezone", *_SHORTHANDS, "holidays")
_INTERVAL: Final = re.compile(r"(\d{1,2}):(\d{2}) ?[-–] ?(\d{1,2}):(\d{2})")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHOWN_LENGTH: Final = 40

_Hours = list[tuple[Interval, Path]]
"""The intervals of a day in their order, and where they are written."""


class WrongHours(ValueError):
    """A calendar is not written as it has to be: every fault, and where it is.

    Paths begin in the table of the calendar; ``()`` is the table itself.
    """

    def __init__(self, faults: Iterable[tuple[Path, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{path}: {detail}" for path, detail in self.faults))


def read_calendar(name: str, table: Mapping[str, Any], default_timezone: str) -> Calendar:
    """Return the calendar that a table of a workspace file describes (docs/workspace-file.md).

    Raises WrongHours with all that is wrong in it; what a key ``name`` says is not looked at.
    """
    return Calendar(*_Reader().read(name, table, default_timezone))


def to_json(calendar: Calendar) -> dict[str, Any]:
    """Return a calendar as values of JSON: the table of a workspace file, nothing left out."""
    return {
        "name": calendar.name,
        "timezone": calendar.timezone,
        **{day: list(map(str, hours)) for day, hours in zip(WEEKDAYS, calendar.week, strict=True)},
        "holidays": [
            {"date": day.isoformat(), "hours": list(map(str, hours))}
            for day, hours in calendar.holidays
        ],
    }


def from_json(stored: Mapping[str, Any]) -> Calendar:
    """Return the calendar of which :func:`to_json` made this. Raises WrongHours, KeyError."""
    return read_calendar(stored["name"], stored, stored["timezone"])


class _Reader:
    """Reads the table of a calendar and notes what is wrong in it."""

    def __init__(self) -> None:
        self._faults: list[tuple[Path, str]] = []

    def read(
        self, name: str, table: Mapping[str, Any], default_timezone: str
    ) -> tuple[str, str, tuple[tuple[Interval, ...], ...], tuple[Holiday, ...]]:
        """Return what a calendar is made of. Raises WrongHours."""
        for key in table:
            if key not in _KEYS:
                self._note((key,), _unknown("key", key, _KEYS))
        timezone = self._timezone(table.get("timezone", default_timezone))
        week = self._week(table)
        special = self._holidays(table.get("holidays", []))
        self._refuse_clashes(week, special)
        if self._faults:
            raise WrongHours(self._faults)
        return (
            name,
            timezone,
            tuple(tuple(interval for interval, _ in hours) for hours in week),
            tuple(
                Holiday(day, tuple(interval for interval, _ in hours))
                for day, hours in special.items()
            ),
        )

    def _note(self, path: Path, detail: str) -> None:
        self._faults.append((path, detail))

    def _timezone(self, value: object) -> str:
        if not isinstance(value, str):
            self._note(("timezone",), "has to be a text in quotes.")
            return ""
        try:
            zone(value)
        except ValueError:
            detail = _unknown("time zone", value, available_timezones())
            self._note(("timezone",), detail)
        return value

    def _week(self, table: Mapping[str, Any]) -> list[_Hours]:
        week: dict[str, _Hours] = {day: [] for day in WEEKDAYS}
        written = [key for key in _SHORTHANDS if key in table]
        for key in written:
            week.update(dict.fromkeys(_SHORTHANDS[key], self._hours(table[key], (key,))))
        if not written:
            self._note((), f"has no hours: it needs one of {', '.join(_SHORTHANDS)}.")
        return list(week.values())

    def _holidays(self, value: object) -> dict[date, _Hours]:
        special: dict[date, _Hours] = {}
        if not isinstance(value, list):
            self._note(("holidays",), "has to be a list in square brackets.")
            return special
        for place, item in enumerate(value):
            path: Path = ("holidays", place)
            hours: _Hours = []
            if isinstance(item, Mapping):
                for key in item:
                    if key not in ("date", "hours"):
                        self._note((*path, key), _unknown("key", key, ("date", "hours")))
                hours = self._hours(item.get("hours", []), (*path, "hours"))
                if "date" not in item:
                    self._note(path, "needs a date.")
                    continue
                item, path = item["date"], (*path, "date")  # noqa: PLW2901 - both forms go on alike
            day = _date(item)
            if day is None:
                self._note(path, 'has to be a date such as "2026-12-25".')
            elif day in special:
                self._note(path, f"has {_quoted(day)} twice.")
            else:
                special[day] = hours
        return special

    def _hours(self, value: object, path: Path) -> _Hours:
        if not isinstance(value, list):
            self._note(path, 'has to be a list such as ["09:00-18:00"]; [] is closed.')
            return []
        hours: _Hours = []
        for place, item in enumerate(value):
            try:
                hours.append((_interval(item), (*path, place)))
            except ValueError as error:
                self._note((*path, place), str(error))
        return sorted(hours, key=lambda placed: placed[0])

    def _refuse_clashes(self, week: Sequence[_Hours], special: Mapping[date, _Hours]) -> None:
        """Note the intervals that overlap: at the later one, or else at that of the holiday."""
        noted: set[Path] = set()

        def at(where: Where) -> tuple[Interval, Path]:
            key, place = where
            return (week[key] if isinstance(key, int) else special[key])[place]

        for first, second in clashes(
            [[interval for interval, _ in hours] for hours in week],
            {day: [interval for interval, _ in hours] for day, hours in special.items()},
        ):
            (earlier, earlier_path), (later, path) = at(first), at(second)
            if first[0] == second[0]:
                detail = f"overlaps {_quoted(earlier)}."
            elif isinstance(first[0], date) and isinstance(second[0], int):
                path = earlier_path
                detail = f"runs over midnight into {_quoted(later)} of {_day(second[0])}."
            else:
                detail = (
                    f"overlaps {_quoted(earlier)} of {_day(first[0])}, which runs over midnight."
                )
            if path not in noted:
                noted.add(path)
                self._note(path, detail)


def _day(key: int | date) -> str:
    return WEEKDAYS[key] if isinstance(key, int) else key.isoformat()


def _date(value: object) -> date | None:
    """Return the date that a text or a date of TOML says."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime) or not isinstance(value, date) or value.year not in YEARS:
        return None
    return value


def _interval(value: object) -> Interval:
    """Return the interval that a text such as "22:00-02:00" says. Raises ValueError."""
    written = _INTERVAL.fullmatch(value) if isinstance(value, str) else None
    if written is None:
        raise ValueError('has to be an interval such as "09:00-18:00".')
    numbers = [int(number) for number in written.groups()]
    start, end = (
        60 * hour + minute for hour, minute in zip(numbers[::2], numbers[1::2], strict=True)
    )
    if max(numbers[1::2]) > 59 or start >= MINUTES or end > MINUTES:
        raise ValueError(f"{_quoted(value)} has to begin at 00:00 to 23:59 and end by 24:00.")
    if start == end:
        raise ValueError(f'{_quoted(value)} ends where it begins; a whole day is "00:00-24:00".')
    return Interval(start, end if end > start else end + MINUTES)


def _unknown(what: str, given: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(given, known, n=1, cutoff=0.6)
    said = f"there is no {what} {_quoted(given)}"
    return f"{said}; did you mean “{close[0]}”?" if close else f"{said}."


def _quoted(value: object) -> str:
    text = safe_line(str(value))
    return f"“{text[:_SHOWN_LENGTH]}…”" if len(text) > _SHOWN_LENGTH else f"“{text}”"
