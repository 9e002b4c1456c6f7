"""Text measured in terminal cells, cut and wrapped without tearing what belongs together.

The measure is Rich's, which is what Textual lays out with. Added to it: Thai and Lao vowels that
stand in a cell of their own stay with their consonant, flags stay pairs, and joiners are kept only
where terminals agree on them.
"""

import re
from enum import StrEnum
from functools import cache, lru_cache

from rich.cells import cell_len, split_graphemes

from inbox_tui.text import safe_line

JOINER = "\u200d"
_SPACED_VOWELS = frozenset("\u0e33\u0eb3")  # SARA AM: a cell of its own, but part of the syllable
_LEADING_VOWELS = frozenset("เแโใไເແໂໃໄ")  # written before the consonant they belong to
_NOT_FIRST = frozenset("ๆฯๅะาຯໆະາ、。，．：；！？）」』】〉》％…ー")
_NOT_LAST = frozenset("（「『【〈《")
_NO_SPACES = (
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60"
    "\U00020000-\U0003ffff]"
)
_EMOJI = "\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\u2300-\u23ff\U0001f000-\U0001faff"
_LOOSE_JOINER = f"(?<![{_EMOJI}\ufe0f]){JOINER}+|{JOINER}+(?![{_EMOJI}])|{JOINER}(?={JOINER})"
_FAMILY = f"{JOINER}[{_EMOJI}][\ufe0f\U0001f3fb-\U0001f3ff]*"
_MODIFIER = f"\ufe0f|(?<=[{_EMOJI}])[\U0001f3fb-\U0001f3ff]"
_PICTURE = "[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff]"
_REGIONAL = ("\U0001f1e6", "\U0001f1ff")

WIDEST = 3
"""Cells of the widest cluster: a leading vowel, a consonant and SARA AM."""

Cluster = tuple[str, int]
"""What a reader takes for one character, and its cells."""


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    """Return a pattern, made when text first needs it: the first frame hardly does."""
    return re.compile(expression)


class Emoji(StrEnum):
    """How much of emoji is shown: terminals disagree about joined ones."""

    FULL = "full"
    SAFE = "safe"
    OFF = "off"


def tame(text: str, emoji: Emoji = Emoji.SAFE) -> str:
    """Return ``text`` with emoji in a form whose width can be relied on.

    ``FULL`` keeps joiners between emoji and drops the others, which hide the character after
    them from the measure. ``SAFE`` shows a family as its first member and leaves out skin tones
    and presentation marks, which terminals count differently. ``OFF`` shows a small square.
    """
    if text.isascii():
        return text
    if JOINER in text:
        text = _pattern(_LOOSE_JOINER).sub("", text)
        if emoji is not Emoji.FULL:
            text = _pattern(_FAMILY).sub("", text).replace(JOINER, "")
    if emoji is not Emoji.FULL:
        text = _pattern(_MODIFIER).sub("", text)
    if emoji is Emoji.OFF:
        text = _pattern(_PICTURE).sub("▪", text)
    return text


def calm(text: str, emoji: Emoji = Emoji.SAFE) -> str:
    """Return ``text`` from outside fit for a column: safe, on one line, of a reliable width."""
    return tame(safe_line(text), emoji)


def width(text: str) -> int:
    """Return the cells ``text`` takes."""
    return cell_len(text)


def clusters(text: str) -> list[Cluster]:
    """Part ``text`` into what may never be torn, each with its cells."""
    if text.isascii():
        return [(character, 1) for character in text]
    parts: list[Cluster] = []
    leading = flag = False
    for start, end, cells in split_graphemes(text)[0]:
        part = text[start:end]
        first = part[0]
        is_flag = _REGIONAL[0] <= first <= _REGIONAL[1]
        joins = first in _SPACED_VOWELS or leading or (flag and is_flag) or cells == 0
        before, taken = parts[-1] if parts else ("", 0)
        if joins and parts and taken + cells <= WIDEST:
            parts[-1] = (before + part, taken + cells)
            flag = False
        else:
            parts.append((part, cells))
            flag = is_flag
        leading = first in _LEADING_VOWELS
    return parts


def fit(text: str, cells: int, ellipsis: str = "…") -> str:
    """Return ``text``, cut to ``cells`` with ``ellipsis`` (one cell) at the end if it is longer."""
    if cells <= 0:
        return ""
    if width(text) <= cells:
        return text
    kept: list[str] = []
    left = cells - 1
    for part, needs in clusters(text):
        if needs > left:
            break
        kept.append(part)
        left -= needs
    return "".join(kept).rstrip() + ellipsis


def pad(text: str, cells: int, ellipsis: str = "…") -> str:
    """Return ``text`` in exactly ``cells`` cells, from the left."""
    text = fit(text, cells, ellipsis)
    return text + " " * (cells - width(text))


def pad_left(text: str, cells: int, ellipsis: str = "…") -> str:
    """Return ``text`` in exactly ``cells`` cells, against the right edge."""
    text = fit(text, cells, ellipsis)
    return " " * (cells - width(text)) + text


def wrap(text: str, cells: int) -> list[str]:
    """Return ``text`` in lines of at most ``cells`` cells; its own line breaks stay.

    Breaks at spaces, in scripts without spaces between any two syllables or characters, and
    within a word only if the word alone is longer than a line. A cluster wider than ``cells``
    (only possible below two or three) is replaced by ``?``.
    """
    cells = max(1, cells)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if width(paragraph) <= cells:
            lines.append(paragraph.rstrip())
        else:
            lines.extend(_wrap_paragraph(paragraph, cells))
    return lines


def _wrap_paragraph(text: str, cells: int) -> list[str]:
    lines: list[str] = []
    line, used = "", 0
    for piece, needs, spaces in _pieces(text):
        if line and used + needs > cells:
            lines.append(line.rstrip())
            line, used = "", 0
        if needs > cells:
            *full, piece = _chop(piece, cells)  # noqa: PLW2901 - the rest of it goes on
            lines.extend(full)
            needs = width(piece)  # noqa: PLW2901
        line += piece + " " * spaces
        used += needs + spaces
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> list[tuple[str, int, int]]:
    """Part a paragraph where a line may end: (text, its cells, spaces that follow it)."""
    found: list[tuple[str, int, int]] = []
    for word in re.findall(r"[^ ]+ *|^ +", text):
        body = word.rstrip(" ")
        spaces = len(word) - len(body)
        if not body.isascii() and _pattern(_NO_SPACES).search(body):
            parts = _syllables(body)
            found.extend((part, needs, 0) for part, needs in parts[:-1])
            found.append((*parts[-1], spaces))
        else:
            found.append((body, width(body), spaces))
    return found


@lru_cache(4096)
def _syllables(word: str) -> tuple[Cluster, ...]:
    """Part a word of a script without spaces where it may be broken."""
    unspaced = _pattern(_NO_SPACES).match
    parts: list[Cluster] = []
    glue = True
    for part, needs in clusters(word):
        stays = glue or part[0] in _NOT_FIRST
        latin = not unspaced(part) and not unspaced(parts[-1][0] if parts else "")
        if parts and (stays or latin):
            before, taken = parts[-1]
            parts[-1] = (before + part, taken + needs)
        else:
            parts.append((part, needs))
        glue = part[-1] in _NOT_LAST
    return tuple(parts)


def _chop(word: str, cells: int) -> list[str]:
    lines: list[str] = []
    line, used = "", 0
    for part, needs in clusters(word):
        shown, taken = (part, needs) if needs <= cells else ("?", 1)
        if used + taken > cells:
            lines.append(line)
            line, used = "", 0
        line += shown
        used += taken
    lines.append(line)
    return lines
