"""What is safe to show: nothing a terminal would obey survives, and no real writing is harmed."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_tui.text import MAX_COMBINING, fold, safe_line, safe_text

MARKS = ("Mn", "Me")
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OBEYED = (
    {chr(code) for code in range(0x20)} - {"\n"}
    | {chr(code) for code in range(0x7F, 0xA0)}
    | set(BIDI)
    | {"\u2028", "\u2029"}
)
"""C0 but the line break, DEL, C1, direction controls, other line breaks."""

HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x1b]52;c;aGk=\x07",
    "\x9b31m",
    "\x9d0;title\x9c",
    "\x1bP+q544e\x1b\\",
    "a\rb",
    "a\r\nb",
    "tab\there",
    "\x00\x07\x08\x0b\x0c\x0e\x7f",
    "invoice\u202efdp.exe",
    "\u2066\u2067\u2068\u2069",
    "line\u2028separator\u2029here",
    "\ufeffBOM",
    "\ud800 lone \udfff",
    "flag \U000e0067\U000e007f tags",
    "z" + "\u0300" * 500,
    "ก" + "\u0e48" * 500,
    "ب" + "\u064e" * 500,
    "ש" + "\u05b0" * 500,
    "क" + "\u0951" * 500,
    "\u0300" * 500,
]
REAL = [
    "สวัสดีค่ะ มีไซส์ M ไหมคะ น้ำ กี่บาท ผู้ใหญ่",
    "Cửa hàng còn hàng không ạ? Đường Nguyễn Trãi, Hà Nội",
    "Cửa hàng còn",  # decomposed
    "日本語とひらがな、カタカナ",
    "日本語とひらがな",
    "한국어 문장",
    "مَرْحَبًا بِكُمْ",
    "שָׁלוֹם",
    "हिन्दी में संदेश क्षत्रिय",
    "မြန်မာဘာသာ",
    "👩‍👩‍👧‍👦 👍🏽 🇹🇭 ❤️ 1️⃣",
    "two\nlines",
    "İstanbul ß ﬁ Å",
]

any_text = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from(sorted(OBEYED)),
        st.sampled_from("\u0300\u0e48\u064e\u20dd\ufe0f\u200d\n\r\t ab"),
    ),
    max_size=60,
)


def longest_run_of_marks(value: str) -> int:
    longest = run = 0
    for character in value:
        run = run + 1 if unicodedata.category(character) in MARKS else 0
        longest = max(longest, run)
    return longest


def check_safe(value: str) -> None:
    assert not OBEYED & set(value)
    value.encode()
    assert longest_run_of_marks(value) <= MAX_COMBINING


@given(any_text)
def test_nothing_that_a_terminal_obeys_survives(value: str) -> None:
    check_safe(safe_text(value))
    check_safe(safe_line(value))
    assert "\n" not in safe_line(value)


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_strings_are_disarmed(value: str) -> None:
    check_safe(safe_text(f"before {value} after"))
    assert safe_text(f"before {value} after").startswith("before ")
    assert safe_text(f"before {value} after").endswith(" after")


@given(any_text)
def test_making_safe_twice_is_making_safe_once(value: str) -> None:
    assert safe_text(safe_text(value)) == safe_text(value)
    assert safe_line(safe_line(value)) == safe_line(value)


@pytest.mark.parametrize("value", REAL)
def test_real_writing_is_untouched(value: str) -> None:
    assert safe_text(value) == value


@given(st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E3A)))
def test_thai_letters_are_all_kept(value: str) -> None:
    if longest_run_of_marks(value) <= MAX_COMBINING:
        assert safe_text(value) == value


def test_line_breaks_and_tabs() -> None:
    assert safe_text("a\r\nb\rc\nd\te") == "a\nb\nc\nd    e"
    assert safe_line("  a\r\n\tb \u3000 c  ") == "a b c"


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_whatever_breaks_a_line_parts_words(separator: str) -> None:
    assert safe_text(f"one{separator}two") == "one\ntwo"
    assert safe_line(f"one{separator}two") == "one two"


@pytest.mark.parametrize("hidden", ["\u00ad", "\u180e", "\u200b", "\u2060", "\u2063"])
def test_no_name_imitates_another_by_what_takes_no_room(hidden: str) -> None:
    assert safe_text(f"Amy{hidden} Tan") == "Amy Tan"


def test_only_the_marks_over_the_limit_go() -> None:
    assert safe_text("a" + "\u0301" * 20 + "b") == "a" + "\u0301" * MAX_COMBINING + "b"


def test_towers_of_every_mark_there_is_are_cut() -> None:
    marks = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) in MARKS]
    assert [c for c in marks if longest_run_of_marks(safe_text("a" + c * 50)) > MAX_COMBINING] == []


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(value: str) -> None:
    assert fold(fold(value)) == fold(value)


def test_folding_any_single_character_twice_is_folding_it_once() -> None:
    characters = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF)
    folded = ((character, fold(character)) for character in characters)
    changed = {once: character for character, once in folded if once != character}
    odd = [character for once, character in changed.items() if fold(once) != once]
    assert odd == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Cửa hàng còn hàng không", "cua hang con hang khong"),
        ("Đường Nguyễn Trãi", "duong nguyen trai"),
        ("Đường", "đường"),
        ("CỬA HÀNG", "cửa hàng"),
        ("Cửa hàng", "cửa hàng"),
        ("Straße", "STRASSE"),
        ("ＦＵＬＬ", "full"),
        ("𝐁𝐨𝐥𝐝 𝓈𝒸𝓇𝒾𝓅𝓉", "bold script"),
        ("ﬁne ℡", "fine tel"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("パン", "パン"),
    ],
)
def test_what_is_written_is_found_as_it_is_typed(written: str, typed: str) -> None:
    assert fold(written) == fold(typed)


@pytest.mark.parametrize(
    ("one", "other"), [("ป่า", "ป้า"), ("มา", "ม้า"), ("ไกล", "ใกล้"), ("かき", "かぎ"), ("하", "한")]
)
def test_marks_that_make_other_words_are_kept(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(), st.text(), st.text())
def test_a_part_in_the_same_script_is_found_in_the_whole(
    before: str, middle: str, after: str
) -> None:
    """Substring search needs that folding a piece gives a piece, at word borders at least."""
    assert fold(middle) in fold(f"{before} {middle} {after}") or unicodedata.combining(
        (unicodedata.normalize("NFKD", middle) or "a")[0]
    )
