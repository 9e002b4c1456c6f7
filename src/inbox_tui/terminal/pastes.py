"""Keeps a paste in one piece, whatever is in it.

Terminals put what is pasted in brackets, ``ESC [ 200 ~`` and ``ESC [ 201 ~`` (xterm's "bracketed
paste mode"), and many take an ESC out of it. Where one is left, Textual ends the paste at it and
takes the rest for keys: a line break among them would send half a reply.
"""

from typing import Final

BEGIN, END = "\x1b[200~", "\x1b[201~"

ESCAPE: Final = "\x1b"


class Pastes:
    """Takes every ESC out of what stands between the brackets.

    Input comes in pieces that end anywhere, within a bracket too.
    """

    def __init__(self) -> None:
        self._within = False
        self._kept = ""  # of a paste: what may be the beginning of its end
        self._last = ""  # of what is none: what may be the beginning of a beginning

    def calm(self, text: str) -> str:
        """Return the next piece of the input as it may be read."""
        calm = []
        while text:
            piece, text = self._pasted(text) if self._within else self._typed(text)
            calm.append(piece)
        return "".join(calm)

    def _typed(self, text: str) -> tuple[str, str]:
        """Hand on keys at once; a lone ESC is one of them, so nothing is held back."""
        seen = self._last + text
        at = seen.find(BEGIN)
        if at < 0:
            self._last = seen[-len(BEGIN) + 1 :]
            return text, ""
        self._within, self._last = True, ""
        end = at + len(BEGIN) - (len(seen) - len(text))
        return text[:end], text[end:]

    def _pasted(self, text: str) -> tuple[str, str]:
        text, self._kept = self._kept + text, ""
        at = text.find(END)
        if at >= 0:
            self._within = False
            return text[:at].replace(ESCAPE, "") + END, text[at + len(END) :]
        for length in range(min(len(END) - 1, len(text)), 0, -1):
            if text.endswith(END[:length]):
                text, self._kept = text[:-length], text[-length:]
                break
        return text.replace(ESCAPE, ""), ""
