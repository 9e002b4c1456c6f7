"""Codes are scanned off the screen as it is drawn: every link, theme, size, set of symbols (Q9).

The composited screen, with all that stands around the QR, becomes pixels and is read by a decoder
that knows nothing of this program.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.theme import BUILTIN_THEMES

from inbox_tui.qr import half_blocks
from inbox_tui.qr.matrix import matrix
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.codes import put_code
from inbox_tui.testing.links import LINKS
from inbox_tui.testing.scanner import DARK_TERMINAL, LIGHT_TERMINAL, of_strips, scan
from inbox_tui.testing.scenes import bound_shop
from inbox_tui.testing.window import make_app
from inbox_tui.testing.world import World
from inbox_tui.tui.render.symbols import ASCII
from inbox_tui.tui.styles import THEMES

OURS = [theme.name for theme in THEMES]
SIZES = [
    (80, 24),
    pytest.param((120, 30), marks=pytest.mark.thorough),
    pytest.param((160, 45), marks=pytest.mark.thorough),
]
LONGEST = max(LINKS.values(), key=len)


def world_with(link: str) -> World:
    """Return the shop where the code of whoever looks has this link."""
    world = bound_shop()
    code = put_code(world, agent="amy")
    world.codes[code.code] = replace(code, link=link)
    return world


def scanned(app: Any, terminal: Any = DARK_TERMINAL) -> str:
    """Scan the screen."""
    return scan(of_strips(app.screen._compositor.render_strips(), *terminal))


async def each_link(window: Any) -> dict[str, str]:
    """Show every link in turn on the screen of a code; return what was read of each."""
    screen = window.app.screen
    read: dict[str, str] = {}
    for name, link in LINKS.items():
        screen._qr.show(link)
        screen._fit(window.app.size)
        await window.settle()
        read[name] = scanned(window.app)
    return read


@pytest.mark.parametrize("theme", OURS)
@pytest.mark.parametrize("size", SIZES)
async def test_q9_every_platforms_link(open_window: Any, theme: str, size: tuple[int, int]) -> None:
    async with open_window(world_with(LONGEST), size=size) as window:
        window.app.theme = theme
        await window.press("Q")
        assert await each_link(window) == LINKS


@pytest.mark.parametrize("theme", OURS)
async def test_q9_plain_symbols_where_there_is_room(open_window: Any, theme: str) -> None:
    async with open_window(world_with(LONGEST), size=(160, 50)) as window:
        window.app.theme = theme
        window.app.desk.symbols = ASCII
        await window.press("Q")
        assert await each_link(window) == LINKS


@pytest.mark.thorough
async def test_q9_every_theme_on_a_dark_and_a_light_terminal(open_window: Any) -> None:
    async with open_window(world_with(LONGEST), size=(80, 24)) as window:
        await window.press("Q")
        themes = sorted({*BUILTIN_THEMES, *OURS})
        read: dict[str, tuple[str, str]] = {}
        for theme in themes:
            window.app.theme = theme
            await window.settle()
            read[theme] = scanned(window.app), scanned(window.app, LIGHT_TERMINAL)
        assert read == dict.fromkeys(themes, (LONGEST, LONGEST))


async def test_q9_without_colour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A QR is black on white, which is no decoration: NO_COLOR leaves it as it is."""
    monkeypatch.setenv("NO_COLOR", "1")
    world = world_with(LONGEST)
    app = make_app(world, tmp_path, client=FakeClient(world, "amy"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("Q")
        await pilot.pause()
        await pilot.pause()
        assert app.no_color
        assert scanned(app) == LONGEST


@pytest.mark.parametrize(
    ("size", "plain"),
    [((60, 20), False), ((60, 20), True), ((80, 24), True), ((120, 30), True)],
)
async def test_q9_where_it_does_not_fit_nothing_of_it_is_drawn_and_the_room_is_told(
    open_window: Any, size: tuple[int, int], plain: bool
) -> None:
    code = matrix(LONGEST)
    needs = half_blocks.wide_size(code) if plain else half_blocks.size(code)
    async with open_window(world_with(LONGEST), size=size) as window:
        if plain:
            window.app.desk.symbols = ASCII
        await window.press("Q")
        assert scanned(window.app) == ""
        assert "▀" not in window.text
        told = " ".join(window.text.split())
        assert f"{needs[0]} columns and {needs[1] + 1} lines" in told
