"""Textual's lines of cells, which bring their caches along only when one is asked for.

Textual makes seven caches for each line of a widget that it draws, and for each piece a line is
cut into; nearly all stay empty. Making them, and finding them again as garbage, is a seventh of the
work of a window. Nothing else of a line is changed: a test holds ours to Textual's.
"""

from collections.abc import Iterable
from typing import Any, Final

from rich.segment import Segment
from textual.cache import FIFOCache
from textual.strip import Strip

CACHES: Final = {
    "_divide_cache": 4,
    "_crop_cache": 16,
    "_style_cache": 16,
    "_filter_cache": 4,
    "_line_length_cache": 4,
    "_crop_extend_cache": 4,
    "_offsets_cache": 4,
}
"""The caches of a line, and how much each holds at most."""


def use_lean_strips() -> None:
    """Have Textual make lines so from now on."""
    Strip.__init__ = _begin  # type: ignore[assignment,method-assign]
    Strip.__getattr__ = _missing  # type: ignore[attr-defined]


def _begin(strip: Strip, segments: Iterable[Segment], cell_length: int | None = None) -> None:
    strip._segments = list(segments)
    strip._cell_length = cell_length
    strip._render_cache = strip._link_ids = strip._cell_count = None


def _missing(strip: Strip, name: str) -> FIFOCache[Any, Any]:
    """Return a cache that is asked for the first time; Python asks for what is not there only."""
    if name not in CACHES:
        raise AttributeError(f"{type(strip).__name__!r} object has no attribute {name!r}")
    made: FIFOCache[Any, Any] = FIFOCache(CACHES[name])
    setattr(strip, name, made)
    return made
