"""A paste stays in one piece, whatever is in it and however it comes (U6)."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from inbox_tui.terminal.pastes import BEGIN, END, Pastes

KEYS = st.text(st.sampled_from("ab\r\x1b[20~"), max_size=12).filter(lambda it: BEGIN not in it)
TEXTS = st.text(st.sampled_from("ab\n\r\x1b[201~;"), max_size=20).filter(lambda it: END not in it)


def in_pieces(text: str, cuts: list[int]) -> list[str]:
    """Return a text cut at some places."""
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[start:end] for start, end in pairwise(places)]


def test_no_escape_is_left_between_the_brackets() -> None:
    assert Pastes().calm(f"a{BEGIN}1\x1b[31m2\r3{END}b") == f"a{BEGIN}1[31m2\r3{END}b"


def test_a_lone_escape_is_a_key_at_once() -> None:
    pastes = Pastes()
    assert pastes.calm("\x1b") == "\x1b"
    assert pastes.calm("\x1b[A\x1b") == "\x1b[A\x1b"


@given(st.lists(st.tuples(KEYS, TEXTS), max_size=3), KEYS, st.lists(st.integers(0, 400)))
def test_it_is_the_same_in_any_pieces(
    typed: list[tuple[str, str]], last: str, cuts: list[int]
) -> None:
    came = "".join(f"{keys}|{BEGIN}{text}|{END}" for keys, text in typed) + last
    pastes = Pastes()
    got = "".join(pastes.calm(piece) for piece in in_pieces(came, cuts))
    calm = [f"{keys}|{BEGIN}{text}|".replace("\x1b", "") for keys, text in typed]
    assert got.replace("\x1b", "") == "".join(f"{it}{END[1:]}" for it in calm) + last.replace(
        "\x1b", ""
    )
    assert got.count(BEGIN) == got.count(END) == len(typed)
    for piece in got.split(BEGIN)[1:]:
        assert "\x1b" not in piece.partition(END)[0]
    assert got.endswith(last)
