"""The only place that decides what text is safe to show (U6).

Text from customers, platforms and colleagues can hold escape sequences, control characters,
direction overrides and endless combining marks. Nothing of that may reach a terminal. ``safe_text``
is applied where text is decoded from the wire and again where it is drawn.
"""

import re
import unicodedata

MAX_COMBINING = 8
"""Marks kept on one base character. Real scripts stay well below; stacked "zalgo" text does not."""

_REMOVED = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f"  # C0 but tab and newline, DEL
    "\x80-\x9f"  # C1: U+009B is a control sequence introducer
    "\u061c\u200e\u200f"  # direction marks
    "\u202a-\u202e\u2066-\u2069"  # direction embeddings, overrides and isolates
    "\u2028\u2029"  # line and paragraph separator
    "\u206a-\u206f\ufff9-\ufffb\ufeff"  # deprecated format characters, annotations, BOM
    "\ud800-\udfff"  # lone surrogates: cannot be encoded
    "\U000e0000-\U000e007f"  # tags: invisible text
    "]"
)
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0e31-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_SUSPECT = re.compile(f"{_REMOVED.pattern}|\t|[{_MARKS}]{{{MAX_COMBINING + 1}}}")
_SPACES = re.compile(r"\s+")


def safe_text(value: str) -> str:
    """Return ``value`` without anything that a terminal would obey; line breaks stay.

    CR LF and CR become line feeds, tabs become four spaces, control and direction characters go,
    and no base character keeps more than :data:`MAX_COMBINING` marks.
    """
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    if _SUSPECT.search(value) is None:
        return value
    value = _REMOVED.sub("", value).replace("\t", "    ")
    return _cap_marks(value)


def safe_line(value: str) -> str:
    """Return ``value`` safe and on one line: each run of white space becomes one space."""
    return _SPACES.sub(" ", safe_text(value)).strip()


def fold(value: str) -> str:
    """Return ``value`` folded for search: NFKD, no marks over Latin letters, case folded.

    Thai vowels and tone marks stay, since dropping them makes other words of them; Vietnamese is
    found with or without its marks (L5).
    """
    out: list[str] = []
    latin = False
    for character in unicodedata.normalize("NFKD", value.casefold()):
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
