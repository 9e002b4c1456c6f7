"""A card of A6 to print and put on a counter: whose code it is, what to do, the QR, the code (Q9).

An SVG of 105 × 148 mm, one unit a millimetre, with the texts as texts, so that a shop can still
change them. How wide a text comes out is the printer's font's to know; here it is estimated from
above, and what is long is written smaller.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from inbox_tui.qr.image import path
from inbox_tui.qr.matrix import matrix
from inbox_tui.qr.prompts import prompts
from inbox_tui.text import safe_line

WIDTH: Final = 105
HEIGHT: Final = 148
"""Millimetres of the card (ISO 216, A6)."""

_SIDE: Final = 64
"""Millimetres of the QR, its quiet zone included: modules of 1.3 mm and more."""
_ROOM: Final = 89
"""Millimetres that a line of text may be wide."""
_LONGEST: Final = 80
"""Characters of a name that are printed."""
_LEADING: Final = 1.25
_INK: Final = "#000000"
_MUTED: Final = "#444444"
_SANS: Final = "'Noto Sans', 'Noto Sans Thai', 'Noto Sans CJK SC', Arial, sans-serif"
_MONO: Final = "'DejaVu Sans Mono', 'Noto Sans Mono', Consolas, monospace"


def sheet(link: str, *, code: str, name: str, channel: str, language: str) -> str:
    """Return the card as an SVG.

    ``name`` is who the code is for and ``channel`` what it is called, as customers know them;
    ``language`` is the workspace's. Raises Refused for a link that no QR code holds.
    """
    said = prompts(language)
    name, channel = _printable(name), _printable(channel)
    drawn = matrix(link)
    left = (WIDTH - _SIDE) / 2
    parts = [
        f'<path fill="#ffffff" d="M0 0h{WIDTH}v{HEIGHT}h-{WIDTH}z"/>',
        _block(name, 6, 27, largest=9.5, most=2, weight=700),
        _block(channel, 27, 36, largest=5, most=1, ink=_MUTED),
        f'<path fill="{_INK}" shape-rendering="crispEdges" '
        f'transform="translate({left:g} 37) scale({_SIDE / drawn.size:.6f})" d="{path(drawn)}"/>',
        _block(said.send, 101, 117, largest=5, most=3),
        _block(said.say.format(channel=channel), 118, 130, largest=4, most=2, ink=_MUTED),
        _block(code, 131, 141, largest=7.5, most=1, weight=700, family=_MONO),
    ]
    body = "\n".join(parts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" xml:lang={quoteattr(said.language)} '
        f'width="{WIDTH}mm" height="{HEIGHT}mm" viewBox="0 0 {WIDTH} {HEIGHT}">\n'
        f"<title>{escape(f'{name} · {channel} · {code}')}</title>\n{body}\n</svg>\n"
    )


def _block(
    text: str,
    top: float,
    bottom: float,
    *,
    largest: float,
    most: int,
    weight: int = 400,
    ink: str = _INK,
    family: str = _SANS,
) -> str:
    """Return a text in the middle between two heights, in as many lines as let it be largest.

    ``largest`` is the most its size may be, in millimetres, and ``most`` the most lines.
    """
    best: tuple[float, list[str]] = (0, [text])
    for count in range(1, most + 1):
        lines = _balanced(text.split(), count)
        widest = max((_ems(line) for line in lines), default=1)
        high = (bottom - top) / (_LEADING * max(1, len(lines)))
        size = min(largest, high, _ROOM / max(1.0, widest))
        if size > best[0]:
            best = size, lines
    size, lines = best
    step = size * _LEADING
    first = (top + bottom - step * (len(lines) - 1)) / 2 + size * 0.35  # a baseline, not a middle
    spans = "".join(
        f'<tspan x="{WIDTH / 2:g}" y="{first + step * at:.2f}">{escape(line)}</tspan>'
        for at, line in enumerate(lines)
    )
    return (
        f'<text text-anchor="middle" font-family="{family}" font-size="{size:.2f}" '
        f'font-weight="{weight}" fill="{ink}">{spans}</text>'
    )


def _balanced(words: Sequence[str], count: int) -> list[str]:
    """Return words in at most ``count`` lines of about one width."""
    room = max(_ems(" ".join(words)) / count, *map(_ems, words), 1.0)
    while len(lines := _filled(words, room)) > count:
        room *= 1.04
    return lines


def _filled(words: Sequence[str], room: float) -> list[str]:
    """Return words in lines of at most ``room`` ems, a word at least in each."""
    lines: list[str] = []
    for word in words:
        if lines and _ems(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _ems(text: str) -> float:
    """Return about how wide a text is, in sizes of its font; rather too much."""
    return sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.05
    return 0.8 if character.isupper() or character in "mw@%…" else 0.62


def _printable(text: str) -> str:
    """Return a name on one line, safe, with nothing that XML cannot hold, not too long."""
    line = safe_line(text).replace("\ufffe", "").replace("\uffff", "")
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"
