"""Cutting and wrapping: never too wide, nothing lost, nothing torn."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inbox_tui.text import safe_line, safe_text
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.cells import Emoji

MESSY = st.text(alphabet="aé ê\nกำนี่้เแ王。👨\u200d👩🏽❤\ufe0f🇹🇭\u0301\u064b-[]ำຳ각", max_size=60)
WIDTHS = st.integers(min_value=1, max_value=40)


@given(MESSY, WIDTHS)
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, width: int) -> None:
    text = cells.tame(safe_line(text))
    cut = cells.fit(text, width)
    assert cells.width(cut) <= width
    assert cut == text or cut.endswith("…")


@given(MESSY, WIDTHS)
def test_padding_is_exact_on_both_sides(text: str, width: int) -> None:
    text = cells.tame(safe_line(text))
    assert cells.width(cells.pad(text, width)) == width
    assert cells.width(cells.pad_left(text, width)) == width


@given(MESSY, st.integers(min_value=3, max_value=40), st.sampled_from(Emoji))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text: str, width: int, emoji: Emoji) -> None:
    text = cells.tame(safe_text(text), emoji)
    lines = cells.wrap(text, width)
    assert all(cells.width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")


@given(MESSY)
def test_clusters_make_up_the_text_and_its_width(text: str) -> None:
    text = cells.tame(safe_text(text)).replace("\n", "")
    parts = cells.clusters(text)
    assert "".join(part for part, _ in parts) == text
    assert sum(needs for _, needs in parts) == cells.width(text)


@given(MESSY, st.integers(min_value=4, max_value=20))
def test_no_line_begins_in_the_middle_of_a_syllable(text: str, width: int) -> None:
    text = cells.tame(safe_text(text))
    assume(not re.search("[ำຳ]{2}", text))  # no writing has them; such a chain is cut somewhere
    starts = {line[0] for line in text.split("\n") if line}
    for line in cells.wrap(text, width):
        assert (
            not line
            or line[0] not in "ำຳ้่ี\u0301\u200d\ufe0f"
            or line[0] in starts
            or (f" {line[0]}" in text)
        )


def test_thai_is_broken_between_syllables_and_not_before_their_vowels() -> None:
    lines = cells.wrap("ขอสอบถามเรื่องคืนเงินค่ะน้ำ", 9)
    assert "".join(lines) == "ขอสอบถามเรื่องคืนเงินค่ะน้ำ"
    assert all(line[-1] not in "เแโใไ" for line in lines)
    assert all(cells.width(line) >= 7 for line in lines[:-1])


def test_sara_am_stays_with_its_consonant() -> None:
    assert cells.clusters("น้ำ") == [("น้ำ", 2)]
    assert cells.fit("กกน้ำ", 3) == "กก…"


def test_flags_stay_pairs() -> None:
    assert [part for part, _ in cells.clusters("🇹🇭🇻🇳")] == ["🇹🇭", "🇻🇳"]


@pytest.mark.parametrize(
    ("emoji", "shown"), [(Emoji.FULL, "👨‍👩‍👧 👍🏽"), (Emoji.SAFE, "👨 👍"), (Emoji.OFF, "▪ ▪")]
)
def test_emoji_as_far_as_a_terminal_can(emoji: Emoji, shown: str) -> None:
    assert cells.tame("👨‍👩‍👧 👍🏽", emoji) == shown


def test_a_joiner_between_letters_hides_nothing() -> None:
    assert cells.tame("a\u200db", Emoji.FULL) == "ab"
    assert cells.width(cells.tame("aa\u200d\u200dbb", Emoji.FULL)) == 4


def test_words_are_kept_whole_where_they_fit() -> None:
    assert cells.wrap("one two three", 8) == ["one two", "three"]
    assert cells.wrap("a  b\n\nc", 80) == ["a  b", "", "c"]
    assert cells.wrap("abcdefgh ij", 5) == ["abcde", "fgh", "ij"]


def test_something_too_wide_for_a_line_is_replaced() -> None:
    assert cells.wrap("王", 1) == ["?"]
