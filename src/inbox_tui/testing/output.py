"""What a program writes to its terminal, parted into pieces that are known and the rest (U6).

A strict reader, which knows exactly the sequences that Textual and this program have a use for
(:data:`VOCABULARY`). Whatever else comes is *strange*: the evidence that text from outside became a
command to the terminal.
"""

import codecs
import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from inbox_tui.testing.hostile import forbidden


class Kind(StrEnum):
    """What a piece of output is."""

    TEXT = "text"
    NEW_LINE = "new line"
    STYLE = "style"
    MOVE = "move"
    ERASE = "erase"
    MODE = "mode"
    KEYBOARD = "keyboard"
    QUERY = "query"
    TITLE = "title"
    POINTER = "pointer"
    LINK = "link"
    STRANGE = "strange"


VOCABULARY: Final = {
    Kind.TEXT: r"[^\x00-\x1f\x7f-\x9f]+",
    Kind.NEW_LINE: r"\r?\n|\r",
    Kind.STYLE: r"\x1b\[[0-9;]*m",
    Kind.MOVE: r"\x1b\[(?:[0-9]+;[0-9]+)?H",
    Kind.ERASE: r"\x1b\[2J",
    # cursor, wrapping, mouse, focus, other screen, paste, whole frames, resize
    Kind.MODE: r"\x1b\[\?(?:25|7|100[0346]|101[56]|1049|2004|2026|2048)[hl]",
    Kind.KEYBOARD: r"\x1b\[(?:>[0-9]+|<)u",
    Kind.QUERY: r"\x1b\[\?(?:2026|2048)\$p",
    Kind.TITLE: r"\x1b\]2;[^\x00-\x1f\x7f-\x9f]*\x1b\\",
    Kind.POINTER: r"\x1b\]22;[a-z-]*\x07",
    Kind.LINK: r"\x1b\]8;(?:id=[0-9A-Za-z-]+)?;(?:(?:https?|mailto):[!-~]+)?\x1b\\",
}
"""All that may be written to a terminal (sources: Textual's Linux driver and ``terminal/``)."""

PLAIN: Final = frozenset({Kind.TEXT, Kind.NEW_LINE})
"""All that a plain command may write."""

_KNOWN = re.compile("|".join(f"(?P<{kind.name}>{it})" for kind, it in VOCABULARY.items()))
_KINDS: Final[dict[str | None, Kind]] = {kind.name: kind for kind in VOCABULARY}
_UNFINISHED = re.compile(r"\x1b(?:\[[0-9;?<>$]*|\][^\x07\x1b]*\x1b?)?\Z")
_LONGEST_UNFINISHED = 4_096


class Piece(NamedTuple):
    """A piece of output."""

    kind: Kind
    text: str


class Reader:
    """Parts output into pieces, however it is cut into reads. What is unknown is STRANGE."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._left = ""

    def read(self, data: bytes, *, last: bool = False) -> list[Piece]:
        """Return the pieces that are complete now; with ``last`` all that is left."""
        text = self._left + self._decode(data, last)
        self._left = ""
        if not last and (open_end := _UNFINISHED.search(text[-_LONGEST_UNFINISHED:])):
            length = len(open_end.group())
            text, self._left = text[:-length], text[-length:]
        elif not last and text.endswith("\r"):
            text, self._left = text[:-1], "\r"
        pieces: list[Piece] = []
        at = 0
        while at < len(text):
            known = _KNOWN.match(text, at)
            if known is None:
                pieces.append(Piece(Kind.STRANGE, text[at : at + 60]))
                at += 1
                continue
            kind, said = _KINDS[known.lastgroup], known.group()
            at = known.end()
            if kind in _SAID and _is_strange(said):
                pieces.append(Piece(Kind.STRANGE, said))
            pieces.append(Piece(kind, said))
        return pieces


_SAID: Final = frozenset({Kind.TEXT, Kind.TITLE, Kind.LINK})


@lru_cache(8_192)
def _is_strange(said: str) -> bool:
    return bool(forbidden(said.replace("\x1b", "")))
