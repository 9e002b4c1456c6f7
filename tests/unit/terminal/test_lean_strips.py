"""Lines of cells with their caches made late are Textual's lines in all else."""

import subprocess
import sys

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.cache import FIFOCache
from textual.strip import Strip

from inbox_tui.terminal.lean_strips import CACHES, use_lean_strips

TEXTUALS_OWN = """
from textual.cache import FIFOCache
from textual.strip import Strip

strip = Strip([])
for name in Strip.__slots__:
    value = getattr(strip, name)
    print(name, value._maxsize if isinstance(value, FIFOCache) else value)
"""


@pytest.fixture(autouse=True)
def _lean() -> None:
    use_lean_strips()


def test_a_line_has_what_textual_gives_it() -> None:
    own = subprocess.run(
        [sys.executable, "-c", TEXTUALS_OWN], capture_output=True, text=True, check=True
    ).stdout
    strip = Strip([])
    ours = [(name, getattr(strip, name)) for name in Strip.__slots__]
    assert own.splitlines() == [
        f"{name} {value._maxsize if isinstance(value, FIFOCache) else value}"
        for name, value in ours
    ]


def test_a_cache_is_made_when_asked_for_and_kept() -> None:
    strip = Strip([Segment("สวัสดี", Style(bold=True)), Segment(" hello")])
    for name in CACHES:
        with pytest.raises(AttributeError):
            object.__getattribute__(strip, name)
    assert strip.crop(0, 4) is strip.crop(0, 4)
    assert len(strip._crop_cache) == 1
    with pytest.raises(AttributeError):
        object.__getattribute__(strip, "_divide_cache")


def test_what_a_line_does_not_have_is_missing() -> None:
    with pytest.raises(AttributeError, match="'Strip' object has no attribute 'colour'"):
        _ = Strip([]).colour  # type: ignore[attr-defined]
