"""Telling automatic messages from replies, as a customer who reads them does.

A reply makes a customer go on; "we will be with you shortly" does not. The texts are asked of the
backend over its own interface: what has the lines of one of them is automatic.
"""

import re
from collections.abc import Iterable

import msgspec

from inbox_tui.lean_httpx import httpx
from inbox_tui.mock.reach import place
from inbox_tui.wire import codec
from inbox_tui.wire.automatic import AutomaticMessages

LEAST_LETTERS = 6
"""A text is told by a line with so many characters of its own: one of variables fits everything."""
ASK_WITHIN = 5.0
"""Seconds."""

_VARIABLE = re.compile(r"\{[^{}\n]*\}")


class Automatics:
    """The texts of automatic messages, as far as they were read."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._texts = [_Text(text) for text in texts]

    def knows(self, message: str) -> bool:
        """Say whether a message is one of them; lines with nothing to say may be left out."""
        lines = [line for line in message.splitlines() if line.strip()]
        return bool(lines) and any(text.fits(lines) for text in self._texts)

    @classmethod
    async def of(cls, backend: str, token: str) -> "Automatics":
        """Read the texts of a backend; none of one that cannot be read."""
        try:
            async with place(backend).client(ASK_WITHIN) as http:
                answer = await http.get(
                    "/api/automatic", headers={"authorization": f"Bearer {token}"}
                )
            if not answer.is_success:
                return cls()
            told = codec.decode(answer.content, AutomaticMessages)
        except (httpx.HTTPError, codec.NotDecodable, msgspec.MsgspecError):
            return cls()
        return cls(template.text for kind in told.items for template in kind.templates)


class _Text:
    """The lines of one text as patterns."""

    def __init__(self, text: str) -> None:
        self._lines: list[tuple[re.Pattern[str], bool]] = []
        for line in text.splitlines():
            said = _VARIABLE.split(line.strip())
            pattern = ".*".join(re.escape(part) for part in said)
            telling = len("".join(said).replace(" ", "")) >= LEAST_LETTERS
            self._lines.append((re.compile(pattern), telling))

    def fits(self, lines: list[str]) -> bool:
        """Say whether every line is one of this text's, and one of them tells."""
        tells = False
        for line in lines:
            found = [telling for pattern, telling in self._lines if pattern.fullmatch(line.strip())]
            if not found:
                return False
            tells = tells or any(found)
        return tells
