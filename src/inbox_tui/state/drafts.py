"""Drafts: what was typed and not sent, for each conversation a reply and a note (C4).

A draft is plain text under a conversation id. The file is replaced as a whole and at once, so a
terminal that dies while writing leaves the old one.
"""

import threading
from pathlib import Path

from inbox_tui.state.files import alone_with, replace_file
from inbox_tui.wire import codec

_NOTE = "note:"
"""What stands before the conversation id of a note in the file."""


class Drafts:
    """Unsent texts by conversation.

    ``save`` writes what changed, and may be called from another thread than the rest; raises
    OSError when it cannot. A file that cannot be read is set aside under another name and never
    overwritten.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed: set[str] = set()
        self._saving = threading.Lock()
        self._texts = self._read()

    def get(self, conversation_id: int, *, note: bool = False) -> str:
        """Return the draft of a conversation, empty if none."""
        return self._texts.get(_key(conversation_id, note), "")

    def has(self, conversation_id: int) -> bool:
        """Say whether a conversation has a reply begun."""
        return _key(conversation_id, note=False) in self._texts

    def put(self, conversation_id: int, text: str, *, note: bool = False) -> None:
        """Keep a draft; blank text removes it."""
        key = _key(conversation_id, note)
        if text.strip():
            if self._texts.get(key) != text:
                self._texts[key] = text
                self._changed.add(key)
        elif self._texts.pop(key, None) is not None:
            self._changed.add(key)

    def save(self) -> None:
        """Write what changed since the last time; other windows' drafts in the file stay."""
        with self._saving:
            changed, self._changed = self._changed, set()
            if not changed:
                return
            try:
                with alone_with(self._path):
                    self._write(changed)
            except OSError:
                self._changed |= changed
                raise

    def _write(self, changed: set[str]) -> None:
        kept = self._read()
        for key in changed:
            text = self._texts.get(key)
            if text is None:
                kept.pop(key, None)
            else:
                kept[key] = text
        replace_file(self._path, codec.encode(kept))

    def _read(self) -> dict[str, str]:
        try:
            return codec.decode(self._path.read_bytes(), dict[str, str])
        except FileNotFoundError:
            return {}
        except codec.NotDecodable:
            self._path.replace(self._path.with_suffix(".unreadable"))
            return {}


def _key(conversation_id: int, note: bool) -> str:
    return f"{_NOTE if note else ''}{conversation_id}"
