"""The only place that decides what text is safe to show (U6).

Text from customers, platforms and colleagues can hold escape sequences, control characters,
direction overrides and endless combining marks. Nothing of that may reach a terminal. ``safe_text``
is applied where text is decoded from the wire and again where it is drawn.
"""

import re
import unicodedata
from functools import cache

MAX_COMBINING = 8
"""Marks kept on one base character. Real scripts stay well below; stacked "zalgo" text does not."""

_REMOVED = (
    "\x00-\x08\x0b-\x1f\x7f"  # C0 but tab and newline, DEL
    "\x80-\x9f"  # C1: U+009B is a control sequence introducer
    "\u061c\u200e\u200f"  # direction marks
    "\u202a-\u202e\u2066-\u2069"  # direction embeddings, overrides and isolates
    "\u2028\u2029"  # line and paragraph separator
    "\u00ad\u180e\u200b\u2060-\u2064"  # what takes no room: with it, one name imitates another
    "\u206a-\u206f\ufff9-\ufffb\ufeff"  # deprecated format characters, annotations, BOM
    "\ud800-\udfff"  # lone surrogates: cannot be encoded
    "\U000e0000-\U000e007f"  # tags: invisible text
)
# Where marks stand in Unicode: exact for the scripts our customers write in, whole blocks for rare
# ones, whose text takes the longer way.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07fd\u0816-\u082d\u0859-\u085b\u0890-\u0dff"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ece\u0f18-\u109d\u135d-\u135f\u1700-\u1dff"
    "\u20d0-\u20ff\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\ua6f1"
    "\ua802-\uabed\ufb1e\ufe00-\ufe0f\ufe20-\ufe2f\U000101fd-\U0001efff\U000e0100-\U000e01ef"
)
_SUSPECT = f"[\t{_REMOVED}]"
_TOWER = f"[{_MARKS}]{{{MAX_COMBINING + 1}}}"
_BREAKS = "[\x0b\x0c\x85\u2028\u2029]"
_SPACES = re.compile(r"\s+")


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    """Return a pattern, made when text first needs it: plain text, as of a first frame, never."""
    return re.compile(expression)


def safe_text(value: str) -> str:
    """Return ``value`` without anything that a terminal would obey; line breaks stay.

    Whatever breaks a line becomes a line feed, tabs become four spaces, control, direction and
    invisible characters go, and no base character keeps more than :data:`MAX_COMBINING` marks.
    """
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    if surely_safe(value):
        return value
    value = _pattern(f"[{_REMOVED}]").sub("", _pattern(_BREAKS).sub("\n", value))
    return _cap_marks(value.replace("\t", "    "))


def surely_safe(value: str) -> bool:
    """Say whether ``value`` is safe at a glance; if not, :func:`safe_text` looks closer."""
    if value.isascii() and value.isprintable():
        return True
    return _pattern(_SUSPECT).search(value) is None and _pattern(_TOWER).search(value) is None


def safe_line(value: str) -> str:
    """Return ``value`` safe and on one line: each run of white space becomes one space."""
    return _SPACES.sub(" ", safe_text(value)).strip()


def fold(value: str) -> str:
    """Return ``value`` folded for search: NFKD, case folded, no marks over Latin letters.

    Thai vowels and tone marks stay, since dropping them makes other words of them; Vietnamese is
    found with or without its marks (L5).
    """
    if value.isascii():
        return value.casefold()
    out: list[str] = []
    latin = False
    plain = unicodedata.normalize("NFKD", value)  # before the case: styled letters have none
    for character in unicodedata.normalize("NFKD", plain.casefold()):
        if unicodedata.combining(character) and latin:
            continue
        latin = character < "\u0250"
        out.append("d" if character == "đ" else character)
    return unicodedata.normalize("NFC", "".join(out))


def _cap_marks(value: str) -> str:
    out: list[str] = []
    marks = 0
    for character in value:
        if unicodedata.category(character) in ("Mn", "Me"):
            marks += 1
            if marks > MAX_COMBINING:
                continue
        else:
            marks = 0
        out.append(character)
    return "".join(out)
