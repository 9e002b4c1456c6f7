"""The form of codes: every altered one is caught, no other message ever is (Q1, Q3)."""

import random
import string
import sys
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inbox_tui import codes
from inbox_tui.codes import CONSONANTS, LENGTH, PREFIX, VOWELS, Reading, is_code, read

made = st.integers(0, 2**32).map(lambda seed: codes.make(random.Random(seed).randrange))
"""Codes as they are made."""
BODY = range(len(PREFIX), LENGTH)
CHARACTERS = sorted({*string.printable, *"กñ①Ｋ０－‑–🙏é\u0301\u200b\u00a0ıſ"})


def plainly(text: str) -> str:
    """Fold as the rule says it, without looking for anything first."""
    return unicodedata.normalize("NFKC", text).casefold()


@given(made)
def test_q1_a_code_has_its_form_and_is_read_as_itself(code: str) -> None:
    assert code.startswith(PREFIX)
    assert len(code) == LENGTH == 18
    assert code.isascii()
    assert code == code.lower()
    groups = code.removeprefix(PREFIX).split("-")
    assert [len(group) for group in groups] == [4, 4, 4]
    for group in groups:
        assert all(letter in CONSONANTS for letter in group[::2])
        assert all(letter in VOWELS for letter in group[1::2])
    assert read(code) == Reading(code, alone=True)


def test_q1_codes_say_nothing_rude_and_hardly_ever_repeat() -> None:
    pick = random.Random(1).randrange
    many = [codes.make(pick) for _ in range(5_000)]
    assert len(set(many)) == 5_000
    for code in many:
        letters = code.removeprefix(PREFIX).replace("-", "")
        assert not any(word in letters for word in ("fuk", "tit", "lon", "duma", "ngu", "rape"))


def test_q1_what_would_be_rude_is_picked_again() -> None:
    rude = [CONSONANTS.index("f"), VOWELS.index("u"), CONSONANTS.index("k"), 0] + [0] * 6
    picks = iter([*rude, *range(10), *[1] * 10])
    assert "fuk" not in codes.make(lambda n: next(picks) % n)


@given(made, st.sampled_from(BODY), st.sampled_from(CHARACTERS))
def test_q3_every_single_substitution_is_caught(code: str, at: int, other: str) -> None:
    text = code[:at] + other + code[at + 1 :]
    if codes.fold(text) == code:  # the same letter in another dress is no alteration
        assert read(text) == Reading(code, alone=True)
        return
    found = read(text)
    assert found is not None
    assert found.code is None


def test_q3_every_substitution_of_every_letter_is_caught() -> None:
    code = codes.make(random.Random(7).randrange)
    for at in BODY:
        for other in set(string.ascii_lowercase + string.digits + "- ") - {code[at]}:
            assert read(code[:at] + other + code[at + 1 :]) == Reading(None, alone=True)


@given(made, st.data())
def test_q3_every_transposition_is_caught(code: str, data: st.DataObject) -> None:
    one, two = data.draw(st.tuples(st.sampled_from(BODY), st.sampled_from(BODY)))
    letters = list(code)
    letters[one], letters[two] = letters[two], letters[one]
    text = "".join(letters)
    assume(text != code)
    assert read(text) == Reading(None, alone=True)


@given(made, st.data())
def test_q3_every_cut_that_keeps_the_prefix_is_caught(code: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(len(PREFIX), LENGTH - 1))
    end = data.draw(st.integers(start + 1, LENGTH))
    assert read(code[:start] + code[end:]) == Reading(None, alone=True)


@given(made, st.sampled_from(range(len(PREFIX), LENGTH + 1)), st.sampled_from(CHARACTERS))
def test_q3_every_insertion_is_caught(code: str, at: int, more: str) -> None:
    text = code[:at] + more + code[at:]
    found = read(text)
    assert found is not None
    assert found.code == (code if codes.fold(text) == code else None)


@given(st.text() | st.text(alphabet="iIbBxX-－ｉℹⅠⓘｂℬⓧ×Ⅸ ا\u0301\u200bก"))
def test_q3_nothing_without_the_prefix_is_ever_caught(text: str) -> None:
    assert (read(text) is None) is (PREFIX not in plainly(text))


@given(st.text(), made, st.text())
def test_q3_the_prefix_is_found_wherever_it_stands(before: str, code: str, after: str) -> None:
    text = before + code + after
    assume(PREFIX in plainly(text))
    found = read(text)
    assert found is not None
    assert (found.code == code) is (codes.fold(text) == code)


@pytest.mark.parametrize(
    "dressed",
    [
        str.upper,
        str.title,
        lambda code: f"  {code}\n",
        lambda code: f"\u200b{code}\ufeff",
        lambda code: f"\u3000{code}\u00a0",
        lambda code: "".join(chr(ord(c) + 0xFEE0) for c in code),  # full width
        lambda code: "".join(chr(0x24D0 + ord(c) - 97) if c.isalpha() else c for c in code),
        lambda code: "".join(chr(0x1D41A + ord(c) - 97) if c.isalpha() else c for c in code),
        lambda code: code.replace("s", "ſ").replace("k", "\u212a"),
    ],
)
def test_q3_trimmed_and_folded_it_is_the_same_code(dressed: object) -> None:
    assert callable(dressed)
    for seed in range(20):
        code = codes.make(random.Random(seed).randrange)
        assert read(dressed(code)) == Reading(code, alone=True)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("ibx-", True),
        ("ibx-kato-miru-sabe.", True),
        ("“ibx-kato-miru-sabe” 🙏", True),
        ("ibx-kato miru sabe", True),
        ("ibx-kato/miru-sabe", True),
        ("ibx-katomirusabe", True),
        ("ibx-kกto-miru-sabe", True),
        ("ibx-kato-miru-sabe ibx-kato-miru-sabe", True),
        ("ibx-kato-miru-sabe please", False),
        ("hello ibx-kato-miru-sabe", False),
        ("ibx- where is my order", False),
        ("ibx-kato-miru-sabeค่ะ ราคาเท่าไหร่", False),
        ("โค้ด ibx-kato-miru-sabe", False),
        ("https://line.me/R/oaMessage/%40shop/?ibx-kato-miru-sabe", False),
        ("ibx-" + "a" * 5_000, False),
    ],
)
def test_q7_a_code_with_other_words_is_also_what_a_customer_had_to_say(
    text: str, alone: bool
) -> None:
    assert read(text) == Reading(None, alone=alone)


def test_no_character_of_unicode_hides_the_prefix() -> None:
    """What :func:`read` looks for first leaves out nothing that folding would make the prefix."""
    for point in range(0x80, sys.maxunicode + 1):
        if 0xD800 <= point < 0xE000:
            continue
        folded = plainly(chr(point))
        if "-" in folded:
            assert chr(point) in "﹣－"
        assert not any(part in folded for part in ("ib", "bx", "x-"))
        if folded.endswith("x"):
            assert codes._MAYBE_PREFIX.search(f"{chr(point)}-")


@pytest.mark.parametrize("text", ["ibx-" * 250_000, "i-b-x" * 200_000, "ibx-" + "-" * 100_000])
def test_a_huge_message_that_carries_the_prefix_is_read_as_one(text: str) -> None:
    assert read(text) == (Reading(None, alone=False) if PREFIX in text else None)


@pytest.mark.parametrize("text", [("ibx-" + "-" * 8) * 10 + "é", "ibx-" + "-" * 115 + "é"])
def test_no_message_makes_reading_slow(text: str) -> None:
    """With an expression that tries again, the first of these would run for minutes."""
    assert read(text) == Reading(None, alone=False)


def test_the_check_is_one_of_67_so_an_invented_code_is_hardly_ever_one() -> None:
    pick = random.Random(3)

    def invented() -> str:
        letters = "".join(pick.choice(CONSONANTS) + pick.choice(VOWELS) for _ in range(6))
        return PREFIX + "-".join((letters[:4], letters[4:8], letters[8:]))

    right = sum(is_code(invented()) for _ in range(20_000))
    assert 200 < right < 400
