"""Writing to a workspace: through the server that has its database, else to the file itself."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from inbox_tui.backend.running import Lock, in_use
from inbox_tui.cli.embedded import running_backend

if TYPE_CHECKING:
    from inbox_tui.cli.local import LocalBackend
    from inbox_tui.store.database import Database

T = TypeVar("T")
LOOK_EVERY_S = 0.05
PATIENCE_S = 20.0
"""How long a server that is starting or stopping is waited for."""


def through(
    database: Path,
    by_server: "Callable[[LocalBackend], T]",
    by_file: "Callable[[Database], T]",
) -> T:
    """Do something through the running server of a database, or directly when there is none.

    Raises NotPossibleNow when somebody has the database and does not answer.
    """
    lock = Lock(database)
    for _ in range(round(PATIENCE_S / LOOK_EVERY_S)):
        running = running_backend(database)
        if running is not None:
            from inbox_tui.cli.local import LocalBackend

            with LocalBackend(running) as backend:
                return by_server(backend)
        if lock.take():
            with _opened(database, lock) as opened:
                return by_file(opened)
        time.sleep(LOOK_EVERY_S)
    raise in_use(database)


@contextmanager
def _opened(path: Path, lock: Lock) -> "Iterator[Database]":
    from inbox_tui.clock import SystemClock
    from inbox_tui.store.schema import open_database

    try:
        database = open_database(path, SystemClock())
        try:
            yield database
        finally:
            database.close()
    finally:
        lock.release()
