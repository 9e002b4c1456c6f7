"""Spans, moments and hours in the languages of customers (M2, M3, M9, M11)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from inbox_tui.backend.automatic import wording
from inbox_tui.clock import to_millis
from inbox_tui.hours import Calendar, Interval, read_calendar

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
BANGKOK, BERLIN = ZoneInfo("Asia/Bangkok"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (0, "1 minute"),
        (1, "1 minute"),
        (MINUTE, "1 minute"),
        (MINUTE + 1, "2 minutes"),
        (89 * MINUTE, "89 minutes"),
        (90 * MINUTE, "2 hours"),
        (24 * HOUR, "24 hours"),
        (48 * HOUR, "48 hours"),
        (48 * HOUR + 1, "3 days"),
        (7 * DAY, "7 days"),
    ],
)
def test_m2_a_span_is_rounded_up(milliseconds: int, said: str) -> None:
    assert wording.span(milliseconds, "en") == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("th", ("อีกสักครู่", "1 นาที", "3 ชั่วโมง", "3 วัน")),
        ("vi", ("ngay bây giờ", "1 phút", "3 giờ", "3 ngày")),
        ("ja", ("soon", "1 minute", "3 hours", "3 days")),
    ],
)
def test_m9_soon_and_spans_in_other_languages(language: str, said: tuple[str, ...]) -> None:
    assert (
        wording.wait(0, language),
        *(wording.wait(each, language) for each in (MINUTE, 2.5 * HOUR, 2.5 * DAY)),
    ) == said


@pytest.mark.parametrize(
    ("days", "english", "thai", "vietnamese"),
    [
        (0, "18:30 today", "วันนี้ 18:30 น.", "18:30 hôm nay"),
        (1, "18:30 tomorrow", "พรุ่งนี้ 18:30 น.", "18:30 ngày mai"),
        (2, "18:30 on Wednesday", "วันพุธ 18:30 น.", "18:30 thứ Tư"),
        (
            7,
            "18:30 on Monday, 9 March",
            "วันจันทร์ที่ 9 มีนาคม 18:30 น.",
            "18:30 thứ Hai, ngày 9 tháng 3",
        ),
    ],
)
def test_m3_a_moment_names_its_day(days: int, english: str, thai: str, vietnamese: str) -> None:
    now = to_millis(datetime(2026, 3, 2, 8, 0, tzinfo=BANGKOK))
    at = to_millis(datetime(2026, 3, 2 + days, 18, 30, tzinfo=BANGKOK))
    told = [wording.moment(at, now, BANGKOK, language) for language in ("en", "th", "vi")]
    assert told == [english, thai, vietnamese]


def test_m3_m11_a_day_is_one_of_the_places_where_it_opens() -> None:
    """It is still the 2nd in Berlin and the 3rd in Bangkok: what opens there opens today."""
    now = to_millis(datetime(2026, 3, 2, 23, 0, tzinfo=BERLIN))
    at = to_millis(datetime(2026, 3, 3, 9, 0, tzinfo=BANGKOK))
    assert wording.moment(at, now, BANGKOK, "en") == "09:00 today"
    assert wording.moment(at, now, BERLIN, "en") == "03:00 tomorrow"


def test_m3_m11_over_the_change_of_the_clock() -> None:
    now = to_millis(datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN))  # the night before it
    at = to_millis(datetime(2026, 3, 29, 9, 0, tzinfo=BERLIN))
    assert at - now == 12 * HOUR
    assert wording.moment(at, now, BERLIN, "en") == "09:00 tomorrow"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"every_day": ["09:00-18:00"]}, "every day 09:00–18:00"),
        ({"weekdays": ["09:00-18:00"]}, "Monday–Friday 09:00–18:00"),
        (
            {"weekdays": ["09:00-12:00", "13:00-18:00"], "sat": ["10:00-14:00"]},
            "Monday–Friday 09:00–12:00, 13:00–18:00; Saturday 10:00–14:00",
        ),
        ({"fri": ["22:00-02:00"], "every_day": []}, "Friday 22:00–02:00"),
        ({"every_day": ["00:00-24:00"]}, "every day 00:00–24:00"),
    ],
)
def test_m3_hours_put_days_together(table: dict[str, list[str]], said: str) -> None:
    assert wording.hours(read_calendar("office", table, "UTC"), "en") == said


def test_m3_hours_in_other_languages_and_of_a_shop_that_never_opens() -> None:
    open_days = (Interval(540, 1080),)
    week = (*([open_days] * 5), (), open_days)
    calendar = Calendar("office", "UTC", week)
    assert wording.hours(calendar, "th") == "วันจันทร์–วันศุกร์ 09:00–18:00; วันอาทิตย์ 09:00–18:00"
    assert wording.hours(calendar, "vi") == "Thứ Hai–Thứ Sáu 09:00–18:00; Chủ Nhật 09:00–18:00"
    assert wording.hours(Calendar("never", "UTC", ((),) * 7), "en") is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-03-05", "Thursday, 5 March"),
        ("next week", "next week"),
        ("2026-02-31", "2026-02-31"),
    ],
)
def test_m7_a_date_is_told_in_words(written: str, said: str) -> None:
    assert wording.day(written, "en") == said
