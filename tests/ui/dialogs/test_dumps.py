"""Each dialog as text at the smallest sizes: nothing is cut off without a sign.

The approved dumps stand in ``dumps/``; run with ``UPDATE_DUMPS=1`` to write them anew, then read
them.
"""

import os
from pathlib import Path

import pytest
from rich.cells import cell_len
from tests.grids import grid

from inbox_tui.testing.gallery import SCENES, Gallery, screen_text

DUMPS = Path(__file__).parent / "dumps"
SIZES = [(60, 20), (80, 24)]


async def drawn(scene: str, size: tuple[int, int], language: str) -> str:
    app = Gallery(scene, language=language)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        return screen_text(app)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", sorted(SCENES))
async def test_a_dialog_looks_as_approved(scene: str, size: tuple[int, int]) -> None:
    told = await drawn(scene, size, "en")
    path = DUMPS / f"{scene}-{size[0]}x{size[1]}.txt"
    if os.environ.get("UPDATE_DUMPS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(told + "\n", encoding="utf-8")
    assert told + "\n" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("scene", "shown"),
    grid(sorted(set(SCENES) - {"small"}), [("en", (60, 20)), ("en", (160, 45)), ("th", (60, 20))]),
)
async def test_a_dialog_keeps_its_frame_and_its_buttons(
    scene: str, shown: tuple[str, tuple[int, int]]
) -> None:
    language, size = shown
    app = Gallery(scene, language=language)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        told = screen_text(app)
        lines = told.split("\n")
        assert len(lines) == size[1]
        assert all(cell_len(line) <= size[0] for line in lines)
        assert any("╭─" in line for line in lines)
        assert any("╰─" in line for line in lines)
        for button in app.screen.query("Button"):
            assert button.size.height == 1
            assert app.screen.region.contains_region(button.region)
        box = app.screen.query_one(".box")
        assert app.screen.region.contains_region(box.region)
        body = app.screen.query_one(".body")
        assert body.region.bottom <= app.screen.query_one(".foot").region.y
        if body.virtual_size.height > body.size.height:
            assert body.show_vertical_scrollbar
