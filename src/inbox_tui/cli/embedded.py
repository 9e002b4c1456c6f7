"""This machine's own backend: found when it runs, started as a detached process when not (O1).

Several windows share one. Two that start at once start two processes, of which the database's
lock lets one live; both windows attach to that.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from inbox_tui.backend.running import Lock, Running, read_running
from inbox_tui.config import Home
from inbox_tui.errors import Unavailable

LOOK_EVERY_S = 0.02
READY_WITHIN_S = 30.0
MOST_LOG = 5 * 1024 * 1024
"""Bytes of the log before it is put aside and begun anew."""

ERROR_LINE = "inbox-tui: "


def running_backend(database: Path) -> Running | None:
    """Return the server that has this database and answers; None when there is none."""
    running = read_running(database)
    return running if running is not None and _answers(running.address) else None


def ensure_backend(home: Home) -> Running:
    """Return the running backend of a workspace, started if need be. Raises Unavailable."""
    running = running_backend(home.database)
    if running is not None:
        return running
    home.prepare()
    child, refused = _Child(home), False
    for _ in range(round(READY_WITHIN_S / LOOK_EVERY_S)):
        running = running_backend(home.database)
        if running is not None:
            return running
        if child.has_failed and not _is_taken(home.database):
            if not refused:
                raise Unavailable(child.reason())
            # Another one was still leaving when ours asked for the database: ask again.
            child, refused = _Child(home), False
        refused = refused or child.has_failed
        time.sleep(LOOK_EVERY_S)
    raise Unavailable("The backend does not get ready.", hint=f"Its log: {home.log}")


def stop_backend(home: Home, within: float) -> None:
    """End the embedded backend of a workspace, if it runs: ask, wait until it is gone, insist."""
    running = read_running(home.database)
    if running is None or not running.embedded or not _is_taken(home.database):
        return
    with suppress(ProcessLookupError):
        os.kill(running.pid, signal.SIGTERM)
        for _ in range(round(within / LOOK_EVERY_S)):
            if not _is_taken(home.database):
                return
            time.sleep(LOOK_EVERY_S)
        os.kill(running.pid, signal.SIGKILL)


class _Child:
    """The process of a backend that was just started."""

    def __init__(self, home: Home) -> None:
        self._log = home.log
        if home.log.exists() and home.log.stat().st_size > MOST_LOG:
            home.log.replace(home.log.with_suffix(".log.1"))
        log = os.open(home.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._begin = os.fstat(log).st_size
        command = [sys.executable, "-P", "-m", "inbox_tui", "serve", "--embedded"]
        command += ["--home", os.fspath(home.directory)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=home.directory,
                start_new_session=True,
            )
        finally:
            os.close(log)

    @property
    def has_failed(self) -> bool:
        """Whether it ended before it was ready."""
        return self._process.poll() is not None

    def reason(self) -> str:
        """Return why it ended, as it said itself."""
        with self._log.open(encoding="utf-8", errors="replace") as file:
            file.seek(self._begin)
            said = [line for line in file.read().splitlines() if line.startswith(ERROR_LINE)]
        if said:
            return said[-1].removeprefix(ERROR_LINE)
        return f"The backend ended with exit code {self._process.returncode}; see {self._log}."


def _is_taken(database: Path) -> bool:
    """Whether somebody holds the database: another backend that is starting or stopping."""
    lock = Lock(database)
    if not lock.take():
        return True
    lock.release()
    return False


def _answers(address: str) -> bool:
    try:
        if address.startswith("unix://"):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                probe.settimeout(1.0)
                probe.connect(address.removeprefix("unix://"))
                return True
        host, _, port = address.removeprefix("http://").rpartition(":")
        socket.create_connection((host.strip("[]"), int(port)), timeout=1.0).close()
    except (OSError, ValueError):
        return False
    return True
