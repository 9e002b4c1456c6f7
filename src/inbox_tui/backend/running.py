"""Who has a database now: its lock, and the private file that says how to reach its server.

A server holds ``<database>.lock`` for as long as it lives (the kernel lets go of it however it
ends) and writes ``<database>.server.json`` while it answers. Everything that would write to the
database takes the lock, or goes through the server that has it. Imports nothing but the standard
library: the terminal reads these files before it draws.
"""

import fcntl
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from inbox_tui.errors import NotPossibleNow


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that answers. ``addresses`` are ``unix:///path`` and ``http://host:port``."""

    pid: int
    addresses: tuple[str, ...]
    local_key: str = field(repr=False)
    embedded: bool = False

    @property
    def address(self) -> str:
        """The nearest address: a socket of this machine before a port."""
        return min(self.addresses, key=lambda address: not address.startswith("unix://"))

    @property
    def is_alive(self) -> bool:
        """Whether there is such a process."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


def running_file(database: Path) -> Path:
    """Return where the server of this database says how to reach it."""
    return database.with_name(f"{database.name}.server.json")


def read_running(database: Path) -> Running | None:
    """Return the server that says it answers for this database; None when none does.

    It may have been killed meanwhile: the lock is what counts.
    """
    try:
        told = json.loads(running_file(database).read_bytes())
        return Running(
            pid=int(told["pid"]),
            addresses=tuple(str(address) for address in told["addresses"]),
            local_key=str(told["local_key"]),
            embedded=bool(told["embedded"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_running(database: Path, running: Running) -> None:
    """Say how to reach the server of this database, to nobody but its owner."""
    path = running_file(database)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(asdict(running), file)
    draft.replace(path)


def forget_running(database: Path) -> None:
    """Say that no server of this database takes newcomers any more."""
    running_file(database).unlink(missing_ok=True)


class Lock:
    """The exclusive right to write to a database; released by :meth:`release`, or by ending."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._handle: int | None = None

    def take(self) -> bool:
        """Take the lock if it is free; say whether it is ours now."""
        if self._handle is not None:
            return True
        path = self._database.with_name(f"{self._database.name}.lock")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Let go of the lock, if it is ours."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def in_use(database: Path) -> NotPossibleNow:
    """Return the error for a database that somebody else has."""
    running = read_running(database)
    if running is None:
        return NotPossibleNow(f"Another program has the database {database}.")
    where = " ".join(running.addresses)
    return NotPossibleNow(
        f"A server has the database {database} already: {where} (process {running.pid}).",
        hint="Use that one, or stop it first.",
    )
