"""Replies on their way: kept in a small durable file until the backend has them (U5).

A reply is written here before it is sent, so that neither a lost line nor a closed terminal loses
it, and leaves the file when the backend has answered. Its Idempotency-Key makes a second attempt
harmless. One JSON object a line; the last line of a key counts. Several windows of one person share
the file: each adds its lines under a lock, and asks before it sends whether another one has sent or
given up the reply meanwhile. Whose turn it is to send, and what a person is asked, is decided by
:func:`verdict`.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from inbox_tui.records import dataclass
from inbox_tui.wire import codec
from inbox_tui.wire.models import Session
from inbox_tui.wire.words import SessionState


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSend:
    """One reply that the backend has not confirmed.

    ``assignee`` is who had the session when it was written. ``stopped`` says why a person must
    decide before it is sent; null while it goes by itself.
    """

    key: str
    session_id: int
    conversation_id: int
    text: str
    at: datetime
    contact: str = ""
    assignee: str | None = None
    stopped: str | None = None
    done: bool = False


class Verdict(StrEnum):
    """What becomes of a held reply once the line stands again."""

    SEND = "send"
    CLOSED = "closed"
    MOVED = "moved"


def verdict(held: HeldSend, session: Session) -> Verdict:
    """Say whether a held reply may go by itself (U5).

    Not when its session closed meanwhile, and not when it is served by somebody else than when it
    was written; being taken by nobody is no reason to wait.
    """
    if session.state is SessionState.CLOSED:
        return Verdict.CLOSED
    if session.assignee is not None and session.assignee != held.assignee:
        return Verdict.MOVED
    return Verdict.SEND


class HeldSends:
    """The file of replies on their way, oldest first.

    Raises OSError when the file cannot be written: then the reply must not be called held.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held = self._read()

    def __len__(self) -> int:
        return len(self._held)

    def all(self) -> list[HeldSend]:
        """Return every held reply, oldest first."""
        return list(self._held.values())

    def get(self, key: str) -> HeldSend | None:
        """Return the held reply of this key."""
        return self._held.get(key)

    def of(self, conversation_id: int) -> list[HeldSend]:
        """Return the held replies of one conversation, oldest first."""
        return [held for held in self._held.values() if held.conversation_id == conversation_id]

    def hold(self, held: HeldSend) -> None:
        """Keep a reply durably."""
        self._write(held)
        self._held[held.key] = held

    def stop(self, key: str, why: str) -> HeldSend:
        """Mark a reply as waiting for a person's decision, and return it."""
        held = self._held[key] = replace(self._held[key], stopped=why)
        self._write(held)
        return held

    def release(self, key: str, *, assignee: str | None) -> HeldSend:
        """Let a stopped reply go to the session as it is now: a person decided so."""
        held = replace(self._held[key], stopped=None, assignee=assignee)
        self.hold(held)
        return held

    def drop(self, key: str) -> None:
        """Forget a reply: the backend has it, or a person gave it up.

        It is forgotten here even when the file cannot be written; then the next window tries it
        once more, with the same key.
        """
        held = self._held.pop(key, None)
        if held is not None:
            self._write(replace(held, done=True, text=""))

    def is_gone(self, key: str) -> bool:
        """Say whether a reply needs no sending any more: done here, or by another window."""
        if key not in self._held:
            return True
        if key in self._read():
            return False
        del self._held[key]
        return True

    def _read(self) -> dict[str, HeldSend]:
        """Return what the file says is not done; what was never written here is not in it."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        return _undone(data)

    def _write(self, held: HeldSend) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(self._path) as handle:
            size = os.fstat(handle).st_size
            torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
            os.write(handle, b"\n" * torn + codec.encode(held) + b"\n")
            if held.done and not _undone(os.pread(handle, os.fstat(handle).st_size, 0)):
                os.ftruncate(handle, 0)
            os.fsync(handle)


@contextmanager
def _alone(path: Path) -> Iterator[int]:
    """Open a file for adding to it, as the only window that writes."""
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _undone(data: bytes) -> dict[str, HeldSend]:
    found: dict[str, HeldSend] = {}
    for line in data.splitlines():
        try:
            held = codec.decode(line, HeldSend)
        except codec.NotDecodable:
            continue  # a write that was cut off: it was never called held
        if held.done:
            found.pop(held.key, None)
        else:
            found[held.key] = held
    return found
