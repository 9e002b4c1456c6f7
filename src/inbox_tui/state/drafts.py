"""Drafts: what was typed and not sent, one for each conversation, kept over restarts (C4).

A draft is plain text under a conversation id. The file is replaced as a whole and at once, so a
terminal that dies while writing leaves the old one.
"""

from pathlib import Path

from inbox_tui.state.files import replace_file
from inbox_tui.wire import codec


class Drafts:
    """Unsent texts by conversation.

    ``save`` writes what changed; raises OSError when it cannot. A file that cannot be read is set
    aside under another name and never overwritten.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed: set[int] = set()
        self._texts = self._read()

    def get(self, conversation_id: int) -> str:
        """Return the draft of a conversation, empty if none."""
        return self._texts.get(conversation_id, "")

    def has(self, conversation_id: int) -> bool:
        """Say whether a conversation has a draft."""
        return conversation_id in self._texts

    def put(self, conversation_id: int, text: str) -> None:
        """Keep a draft; blank text removes it."""
        if text.strip():
            if self._texts.get(conversation_id) != text:
                self._texts[conversation_id] = text
                self._changed.add(conversation_id)
        elif self._texts.pop(conversation_id, None) is not None:
            self._changed.add(conversation_id)

    def save(self) -> None:
        """Write what changed since the last time; other windows' drafts in the file stay."""
        if not self._changed:
            return
        kept = self._read()
        for conversation_id in self._changed:
            kept.pop(conversation_id, None)
            if conversation_id in self._texts:
                kept[conversation_id] = self._texts[conversation_id]
        replace_file(self._path, codec.encode({str(key): text for key, text in kept.items()}))
        self._changed.clear()

    def _read(self) -> dict[int, str]:
        try:
            kept = codec.decode(self._path.read_bytes(), dict[str, str])
            return {int(key): text for key, text in kept.items()}
        except FileNotFoundError:
            return {}
        except (codec.NotDecodable, ValueError):
            self._path.replace(self._path.with_suffix(".unreadable"))
            return {}
