"""Replies on their way: kept in a small durable file until the backend has them (U5).

A reply is written here before it is sent, so that neither a lost line nor a closed terminal loses
it, and leaves the file when the backend has answered. Its Idempotency-Key makes a second attempt
harmless. One JSON object a line; the last line of a key counts. Whose turn it is to send, and what
a person is asked, is decided by :func:`verdict`.
"""

import os
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
        self._held: dict[str, HeldSend] = {}
        self._torn = False
        self._load()

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
        held = replace(self._held[key], stopped=why)
        self.hold(held)
        return held

    def release(self, key: str, *, assignee: str | None) -> HeldSend:
        """Let a stopped reply go to the session as it is now: a person decided so."""
        held = replace(self._held[key], stopped=None, assignee=assignee)
        self.hold(held)
        return held

    def drop(self, key: str) -> None:
        """Forget a reply: the backend has it, or a person gave it up."""
        held = self._held.pop(key, None)
        if held is None:
            return
        if self._held:
            self._write(replace(held, done=True, text=""))
        else:
            self._path.unlink(missing_ok=True)

    def _load(self) -> None:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return
        self._torn = bool(data) and not data.endswith(b"\n")
        for line in data.splitlines():
            try:
                held = codec.decode(line, HeldSend)
            except codec.NotDecodable:
                continue  # the last line of a write that was cut off: it was never called held
            if held.done:
                self._held.pop(held.key, None)
            else:
                self._held[held.key] = held

    def _write(self, held: HeldSend) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, b"\n" * self._torn + codec.encode(held) + b"\n")
            os.fsync(handle)
            self._torn = False
        finally:
            os.close(handle)
