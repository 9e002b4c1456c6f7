"""The last look before drawing: nothing in a strip may be a command to the terminal (U6).

Text is made safe where it is decoded. This guards against what came another way (a paste, an
environment variable, a library) and costs one regular expression search a segment.
"""

from collections.abc import Iterable

from rich.segment import Segment
from textual.strip import Strip

from inbox_tui.text import safe_text


def guard_text(text: str) -> str:
    """Return ``text`` on one line without control and direction characters; spaces stay."""
    safe = safe_text(text)
    return safe.replace("\n", " ") if "\n" in safe else safe


def guard_segments(segments: Iterable[Segment]) -> list[Segment]:
    """Return the segments with safe text; control segments go."""
    guarded: list[Segment] = []
    for segment in segments:
        if segment.control:
            continue
        safe = guard_text(segment.text)
        guarded.append(segment if safe is segment.text else Segment(safe, segment.style))
    return guarded


def guard_strip(strip: Strip) -> Strip:
    """Return ``strip`` itself if its text is safe, else one that is, as wide as before."""
    segments = guard_segments(strip)
    if len(segments) == len(strip) and all(map(_same, segments, strip)):
        return strip
    return Strip(segments).adjust_cell_length(strip.cell_length)


def _same(one: Segment, other: Segment) -> bool:
    return one is other
