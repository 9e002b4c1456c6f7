"""Glyphs are one cell, looks exist with and without colour, text can be read in each theme."""

import unicodedata
from dataclasses import astuple, fields

import pytest
from rich.cells import cell_len
from textual.color import Color
from textual.theme import Theme

from inbox_tui.tui.render.looks import INKS, Role, looks_of, plain_looks
from inbox_tui.tui.render.symbols import ASCII, UNICODE, Symbols
from inbox_tui.tui.styles.themes import GROUNDS, THEMES
from inbox_tui.tui.styles.themes import INKS as TEXT_INKS

ENOUGH = 4.5


def luminance(colour: Color) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    parts = [part / 255 for part in colour.rgb]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_of(one: Color, other: Color) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("symbols", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_glyphs_are_one_cell_in_the_basic_plane(symbols: Symbols) -> None:
    for glyph in astuple(symbols):
        assert len(glyph) == 1
        assert cell_len(glyph) == 1
        assert ord(glyph) < 0x10000
        assert unicodedata.east_asian_width(glyph) not in ("W", "F")


def test_the_ascii_set_is_ascii() -> None:
    for field in fields(Symbols):
        assert getattr(ASCII, field.name).isascii(), field.name


def test_states_have_different_glyphs() -> None:
    for symbols in (UNICODE, ASCII):
        states = (
            symbols.overdue,
            symbols.due_soon,
            symbols.unanswered,
            symbols.answered,
            symbols.closed,
            symbols.unread,
            symbols.starred,
        )
        assert len(set(states)) == len(states)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_role_has_a_look_and_a_twin_without_colour(theme: Theme) -> None:
    looks = looks_of(theme.name, theme.variables)
    plain = plain_looks()
    for role in Role:
        assert looks[role] is not None
        assert plain[role].color is None
        assert plain[role].bgcolor is None
    assert set(INKS) <= set(theme.variables)


def test_what_must_be_seen_is_seen_without_colour() -> None:
    plain = plain_looks()
    loud = [Role.OVERDUE, Role.DUE_SOON, Role.BAD, Role.NOTE_TEXT, Role.UNREAD_NAME, Role.TAB_ON]
    assert all(plain[role] != plain[Role.TEXT] for role in loud)
    assert plain.selected.reverse


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_text_can_be_read_on_every_ground(theme: Theme) -> None:
    system = theme.to_color_system().generate()
    grounds = {name: system[name] for name in ("background", "surface", "panel")}
    grounds |= {name: theme.variables[name] for name in GROUNDS}
    inks = {name: theme.variables[name] for name in TEXT_INKS}
    inks["foreground"] = system["foreground"]
    for ink, colour in inks.items():
        for ground, under in grounds.items():
            contrast = contrast_of(Color.parse(colour), Color.parse(under))
            assert contrast >= ENOUGH, f"{ink} on {ground}: {contrast:.2f}"


def test_a_foreign_theme_leaves_text_readable() -> None:
    looks = looks_of("other", {})
    assert looks[Role.OVERDUE].color is None
    assert looks.selected.reverse
