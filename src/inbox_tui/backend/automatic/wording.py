"""Spans, moments and business hours in the languages of the texts (M8). Pure.

A customer is told a promise: spans are rounded up, and a moment names its day. In a language that
has texts of its own here but no words, English ones stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from itertools import groupby
from math import ceil
from typing import Final

from inbox_tui.clock import Millis
from inbox_tui.hours import Calendar, Interval

_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_MINUTES_UNTIL: Final = 90 * _MINUTE
_HOURS_UNTIL: Final = 48 * _HOUR
"""Up to here a span is told in minutes, and in hours."""
_WEEK: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language; of a pair the first is for one of it."""

    soon: str
    minutes: tuple[str, str]
    hours: tuple[str, str]
    days: tuple[str, str]
    today: str
    tomorrow: str
    on_weekday: str
    on_date: str
    date: str
    every_day: str
    weekdays: Sequence[str]
    """Monday first, as in a table of hours."""
    days_of_week: Sequence[str]
    """The same inside a sentence."""
    months: Sequence[str]


_EN: Final = Words(
    soon="soon",
    minutes=("1 minute", "{count} minutes"),
    hours=("1 hour", "{count} hours"),
    days=("1 day", "{count} days"),
    today="{time} today",
    tomorrow="{time} tomorrow",
    on_weekday="{time} on {weekday}",
    on_date="{time} on {weekday}, {day} {month}",
    date="{weekday}, {day} {month}",
    every_day="every day",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    days_of_week=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
)
_THAI_DAYS: Final = (
    *("วันจันทร์", "วันอังคาร", "วันพุธ", "วันพฤหัสบดี"),
    *("วันศุกร์", "วันเสาร์", "วันอาทิตย์"),
)
_TH: Final = Words(
    soon="อีกสักครู่",
    minutes=("1 นาที", "{count} นาที"),
    hours=("1 ชั่วโมง", "{count} ชั่วโมง"),
    days=("1 วัน", "{count} วัน"),
    today="วันนี้ {time} น.",
    tomorrow="พรุ่งนี้ {time} น.",
    on_weekday="{weekday} {time} น.",
    on_date="{weekday}ที่ {day} {month} {time} น.",
    date="{weekday}ที่ {day} {month}",
    every_day="ทุกวัน",
    weekdays=_THAI_DAYS,
    days_of_week=_THAI_DAYS,
    months=(
        *("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน"),
        *("กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"),
    ),
)
_VI: Final = Words(
    soon="ngay bây giờ",
    minutes=("1 phút", "{count} phút"),
    hours=("1 giờ", "{count} giờ"),
    days=("1 ngày", "{count} ngày"),
    today="{time} hôm nay",
    tomorrow="{time} ngày mai",
    on_weekday="{time} {weekday}",
    on_date="{time} {weekday}, ngày {day} {month}",
    date="{weekday}, ngày {day} {month}",
    every_day="mỗi ngày",
    weekdays=("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    days_of_week=("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ Nhật"),
    months=tuple(f"tháng {number}" for number in range(1, 13)),
)
WORDS: Final[Mapping[str, Words]] = {"en": _EN, "th": _TH, "vi": _VI}


def words_of(language: str) -> Words:
    """Return the words of a language; English where there are none."""
    return WORDS.get(language, _EN)


def span(milliseconds: float, language: str) -> str:
    """Return a span, rounded up to whole minutes, hours or days; at least a minute."""
    words = words_of(language)
    if milliseconds < _MINUTES_UNTIL:
        return _count(max(1, ceil(milliseconds / _MINUTE)), words.minutes)
    if milliseconds <= _HOURS_UNTIL:
        return _count(ceil(milliseconds / _HOUR), words.hours)
    return _count(ceil(milliseconds / _DAY), words.days)


def wait(milliseconds: float, language: str) -> str:
    """Return an estimated wait: soon where there is none (M9)."""
    return span(milliseconds, language) if milliseconds > 0 else words_of(language).soon


def moment(at: Millis, now: Millis, zone: tzinfo, language: str) -> str:
    """Return a moment to come, on the clocks of a time zone, with its day."""
    words = words_of(language)
    local, here = (datetime.fromtimestamp(each / 1000, UTC).astimezone(zone) for each in (at, now))
    ahead = (local.date() - here.date()).days
    form = words.on_date
    if ahead == 0:
        form = words.today
    elif ahead == 1:
        form = words.tomorrow
    elif 0 < ahead < _WEEK:
        form = words.on_weekday
    return form.format(time=f"{local:%H:%M}", **_of_day(local.date(), words))


def day(written: str, language: str) -> str:
    """Return a date such as ``2026-03-05`` in words; anything else as it is."""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return written
    words = words_of(language)
    return words.date.format(**_of_day(found, words))


def hours(calendar: Calendar, language: str) -> str | None:
    """Return the business hours of a week, days with the same together; None for never open."""
    words = words_of(language)
    told: list[str] = []
    for intervals, group in groupby(enumerate(calendar.week), key=lambda each: each[1]):
        days = [weekday for weekday, _ in group]
        if intervals:
            told.append(f"{_days(days, words)} {', '.join(map(_interval, intervals))}")
    return "; ".join(told) or None


def _days(days: Sequence[int], words: Words) -> str:
    if len(days) == _WEEK:
        return words.every_day
    first, last = words.weekdays[days[0]], words.weekdays[days[-1]]
    return first if len(days) == 1 else f"{first}–{last}"


def _interval(interval: Interval) -> str:
    return str(interval).replace("-", "–")


def _of_day(found: date, words: Words) -> dict[str, str]:
    return {
        "weekday": words.days_of_week[found.weekday()],
        "day": str(found.day),
        "month": words.months[found.month - 1],
    }


def _count(number: int, forms: tuple[str, str]) -> str:
    return forms[number != 1].format(count=number)
