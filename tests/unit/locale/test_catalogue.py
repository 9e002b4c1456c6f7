"""Sentences exist in every language that claims them, and times read as people say them."""

import string
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox_tui.locale import Catalogue, times
from inbox_tui.locale.catalogue import table
from inbox_tui.text import safe_line

ENGLISH = Catalogue.of("en")
NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
BANGKOK = ZoneInfo("Asia/Bangkok")


def names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", ["th", "vi"])
def test_a_language_has_every_sentence_and_no_other(language: str) -> None:
    assert set(table(language)) == set(table("en"))


@pytest.mark.parametrize("language", ["th", "vi"])
def test_a_translation_names_the_same_values(language: str) -> None:
    for key, sentence in table(language).items():
        known = names(table("en")[key]) | ({"detail"} if key.startswith("error.") else set())
        assert names(sentence) <= known, key


@pytest.mark.parametrize("language", ["en", "th", "vi"])
@pytest.mark.parametrize(
    "say", ["unreachable", "silent", "unreadable", "hung-up", "connecting", "broken"]
)
def test_what_the_terminal_finds_out_by_itself_is_told_in_one_language(
    say: str, language: str
) -> None:
    assert "detail" not in names(table(language)[f"error.{say}"])


@pytest.mark.parametrize("language", ["en", "th", "vi"])
def test_sentences_are_safe_single_lines(language: str) -> None:
    for key, sentence in table(language).items():
        assert safe_line(sentence) == sentence, key


def test_a_missing_sentence_is_said_in_english_and_an_unknown_key_shows_itself() -> None:
    sparse = Catalogue("xx", {"dialog.ok": "Yay"})
    assert sparse.t("dialog.ok") == "Yay"
    assert sparse.t("end.no_reply") == ENGLISH.t("end.no_reply")
    assert sparse.t("no.such.key") == "no.such.key"


def test_language_tags_and_unknown_languages() -> None:
    assert Catalogue.of("th-TH").language == "th"
    assert Catalogue.of("VI_vn").language == "vi"
    assert Catalogue.of("xx").language == "en"


def test_values_are_never_read_as_a_pattern() -> None:
    assert ENGLISH.t("end.of", name="{0} {x!r}") == "End the session with {0} {x!r}"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-5, "now"), (59, "now"), (60, "1m"), (3_599, "59m"), (3_600, "1h"), (86_400 * 5, "5d")],
)
def test_span(seconds: float, said: str) -> None:
    assert times.span(seconds, ENGLISH) == said


def test_long_span_and_countdown() -> None:
    assert times.span_long(2 * 3600 + 300, ENGLISH) == "2h 05m"
    assert times.span_long(86_400 * 3 + 3600 * 4, ENGLISH) == "3d 4h"
    assert times.countdown(80) == "1:20"
    assert times.countdown(3_723) == "1:02:03"
    assert times.countdown(-1) == "0:00"


def test_day_and_time_are_those_of_the_reader() -> None:
    late = datetime(2026, 5, 11, 18, 30, tzinfo=UTC)
    assert times.day(late, NOW, UTC, ENGLISH) == "Yesterday"
    assert times.day(late, NOW, BANGKOK, ENGLISH) == "Today"
    assert times.clock_time(late, BANGKOK) == "01:30"
    assert times.moment(late, NOW, UTC, ENGLISH) == "Yesterday 18:30"


def test_an_older_day_has_its_date_and_another_year_its_year() -> None:
    assert times.day(NOW - timedelta(days=9), NOW, UTC, ENGLISH) == "Sun 3 May"
    assert times.day(NOW - timedelta(days=365), NOW, UTC, ENGLISH) == "Mon 12 May 2025"
