"""The database: one writer thread with group commit, readers on connections of their own.

SQLite in WAL mode with ``synchronous=FULL``: what ``write`` has returned is on the disk. One
thread owns the only writing connection and puts up to :data:`MOST_IN_A_COMMIT` units of work into
one transaction, each in a savepoint of its own, so that a bad one fails alone. That is both faster
than a transaction each (one sync for many) and free of lost updates by construction.
"""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple, Unpack

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect, Engine, make_url

from inbox_tui.clock import Clock
from inbox_tui.errors import Invalid, Unavailable
from inbox_tui.lean_structlog import structlog
from inbox_tui.store.work import EventLog, LoggedEvent, Work, driver_of

T = TypeVar("T")
A = TypeVarTuple("A")

MOST_IN_A_COMMIT = 256
PATIENT_IN_A_COMMIT = 8
"""Units of patient work in one commit while urgent work is there too: neither starves."""
CROWD = 8
"""So many urgent units in one commit are a crowd: see :class:`~inbox_tui.store.work.Work`."""
READERS = 3
BUSY_TIMEOUT_MS = 10_000
_LAST_EVENT = "SELECT coalesce(max(seq), 0) FROM events"


@dataclass(slots=True)
class _Job:
    run: Callable[[Work], Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None
    events: Sequence[LoggedEvent] = ()
    touched: Set[str] = frozenset()


_log = structlog.get_logger("store")

Listener = Callable[[Sequence[LoggedEvent], Set[str]], None]
"""Called with the events of a commit and what else it touched (see :class:`Work`)."""


class Database:
    """Opened by :func:`open_database`; closed with :meth:`close`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Open the file, which is at the newest migration.

        Raises Unavailable when it cannot be had, as when somebody else holds it locked.
        """
        self.path = path
        self.clock = clock
        self._engine = _engine(path)
        self._reading = _engine(path, read_only=True)
        self._urgent: deque[_Job] = deque()
        self._patient: deque[_Job] = deque()
        self._wake = threading.Event()
        self._listeners: list[Listener] = []
        self._finish: list[Callable[[Work], None]] = []
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="inbox-read")
        self._local = threading.local()
        self._connections: list[Connection] = []
        self._closed = False
        self._broken: BaseException | None = None
        # Here and not in the thread, so that who opens the database hears why it cannot be opened.
        connection, log = self._open_for_writing()
        self._thread = threading.Thread(
            target=self._keep_writing, args=(connection, log), name="inbox-write", daemon=True
        )
        self._thread.start()

    def on_finish(self, finish: Callable[[Work], None]) -> None:
        """Have ``finish`` run at the end of every unit of work, inside it."""
        self._finish.append(finish)

    def on_commit(self, listener: Listener) -> None:
        """Have ``listener`` called with the events of each commit, in order, on the event loop.

        It is called before the writes that made them return.
        """
        self._listeners.append(listener)

    async def write(
        self, service: Callable[[Work, Unpack[A]], T], *args: *A, urgent: bool = True
    ) -> T:
        """Run ``service(work, *args)`` as one unit of work; return its result once it is durable.

        Patient work (``urgent=False``) lets urgent work go first when there is much of both.
        Raises what the service raised, or Unavailable when the database is closed or the writer
        has died.
        """
        if self._closed:
            raise Unavailable("The database is closed.")
        loop = asyncio.get_running_loop()
        job = _Job(lambda work: service(work, *args), loop, loop.create_future())
        (self._urgent if urgent else self._patient).append(job)
        self._wake.set()
        if self._broken is not None:
            self._fail_what_waits(self._broken)
        result: T = await job.future
        return result

    async def read(self, query: Callable[[Connection, Unpack[A]], T], *args: *A) -> T:
        """Run ``query(connection, *args)`` on a reading connection, within one snapshot.

        Raises what the query raised, or Unavailable when the database is closed.
        """
        if self._closed:
            raise Unavailable("The database is closed.")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self._read(query, *args))

    def write_now(self, service: Callable[[Work, Unpack[A]], T], *args: *A) -> T:
        """Do what :meth:`write` does, from a program without an event loop."""

        async def run() -> T:
            return await self.write(service, *args)

        return asyncio.run(run())

    def close(self) -> None:
        """Finish what was handed in, then close every connection."""
        if self._closed:
            return
        self._closed = True
        self._wake.set()
        self._thread.join()
        self._readers.shutdown()
        for connection in self._connections:
            connection.close()
        self._engine.dispose()
        self._reading.dispose()

    def _read(self, query: Callable[..., T], *args: Any) -> T:  # noqa: ANN401
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._reading.connect()
            self._connections.append(connection)
        driver = driver_of(connection)
        driver.execute("BEGIN")
        try:
            return query(connection, *args)
        finally:
            driver.execute("ROLLBACK")

    def _open_for_writing(self) -> tuple[Connection, EventLog]:
        try:
            connection = self._engine.connect()
            (last,) = driver_of(connection).execute(_LAST_EVENT).fetchone()
        except (sa.exc.DBAPIError, sqlite3.Error) as error:
            reason = getattr(error, "orig", None) or error
            raise Unavailable(f"The database {self.path} cannot be opened: {reason}") from None
        return connection, EventLog(last)

    def _keep_writing(self, connection: Connection, log: EventLog) -> None:
        """Write until closed. Should it die, what waits and what comes fails instead of waiting."""
        try:
            with connection:
                self._write_loop(connection, log)
        except BaseException as error:
            _log.exception("the writer died")
            self._broken = error
            self._fail_what_waits(error)

    def _write_loop(self, connection: Connection, log: EventLog) -> None:
        driver, shared = driver_of(connection), dict[str, Any]()
        closed = False
        while not closed:
            self._wake.wait()
            self._wake.clear()
            closed = self._closed  # asked before the work: what was handed in before is done
            while jobs := self._next_jobs():
                self._commit(jobs, connection, driver, log, shared)

    def _fail_what_waits(self, error: BaseException) -> None:
        while jobs := self._next_jobs():
            for job in jobs:
                job.error = Unavailable(f"The database can no longer write: {error}")
            _by_loop(jobs, self._settle)

    def _next_jobs(self) -> list[_Job]:
        jobs: list[_Job] = []
        while self._urgent and len(jobs) < MOST_IN_A_COMMIT:
            jobs.append(self._urgent.popleft())
        most = PATIENT_IN_A_COMMIT if jobs else MOST_IN_A_COMMIT
        while self._patient and most > 0:
            jobs.append(self._patient.popleft())
            most -= 1
        return jobs

    def _commit(
        self,
        jobs: list[_Job],
        connection: Connection,
        driver: sqlite3.Connection,
        log: EventLog,
        shared: dict[str, Any],
    ) -> None:
        before = log.last
        now = self.clock.now()
        crowded = len(jobs) > CROWD
        try:
            driver.execute("BEGIN IMMEDIATE")
            for job in jobs:
                self._run(job, Work(connection, now, log, shared, crowded=crowded), driver)
            driver.execute("COMMIT")
        except BaseException as error:
            log.rewind(before)
            shared.clear()
            for job in jobs:
                job.events, job.touched = (), frozenset()
                job.error = job.error or Unavailable(f"The database could not write: {error}")
            if driver.in_transaction:
                driver.execute("ROLLBACK")
            if not isinstance(error, Exception):
                raise
        finally:
            _by_loop(jobs, self._settle)

    def _run(self, job: _Job, work: Work, driver: sqlite3.Connection) -> None:
        before = work._log.last
        driver.execute("SAVEPOINT unit")
        try:
            job.result = job.run(work)
            for finish in self._finish:
                finish(work)
            job.events, job.touched = work.events, work.touched
        except Exception as error:
            job.error = error
            driver.execute("ROLLBACK TO unit")
            work._log.rewind(before)
            work.shared.clear()
        driver.execute("RELEASE unit")

    def _settle(self, jobs: Sequence[_Job]) -> None:
        events = [event for job in jobs for event in job.events]
        touched = {name for job in jobs for name in job.touched}
        if events or touched:
            for listener in self._listeners:
                try:
                    listener(events, touched)
                except Exception:
                    # Committed is committed: whoever waits for it is answered all the same.
                    _log.exception("a listener failed", events=len(events))
        for job in jobs:
            if job.future.done():
                continue
            if job.error is not None:
                job.future.set_exception(job.error)
            else:
                job.future.set_result(job.result)


def _by_loop(jobs: Sequence[_Job], settle: Callable[[Sequence[_Job]], None]) -> None:
    """Hand the jobs back to the event loops they came from; usually there is one."""
    loops: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in jobs:
        loops.setdefault(job.loop, []).append(job)
    for loop, of_loop in loops.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits there any more
            loop.call_soon_threadsafe(settle, of_loop)


def path_of(database_url: str) -> Path:
    """Return the file an SQLite URL names, such as ``sqlite:////var/lib/inbox.db``.

    Raises Invalid for any other database.
    """
    try:
        url = make_url(database_url)
    except sa.exc.ArgumentError:
        raise Invalid(f"{database_url!r} is not a database URL.", hint=_URL_HINT) from None
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise Invalid("This version keeps its data in an SQLite file.", hint=_URL_HINT)
    return Path(url.database)


_URL_HINT = "Write sqlite:////absolute/path/inbox.db"


_COMPILED = sa.util.LRUCache[Any, Any](1_500)
"""Statements as SQL, for all databases of the process: making one takes longer than running it."""


@cache
def _dialect() -> Dialect:
    """Return the one dialect of all engines, since what is compiled is kept for each dialect."""
    engine = sa.create_engine("sqlite://")
    engine.connect().close()  # which tells the dialect what this SQLite can do
    return engine.dialect


def _engine(path: Path, *, read_only: bool = False) -> Engine:
    """Make an engine whose transactions we begin and end ourselves (isolation_level None).

    The driver's own mode begins a transaction only before a write, which loses updates.
    """
    engine = sa.create_engine(
        f"sqlite:///{path}",
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "cached_statements": 512,
        },
        poolclass=sa.pool.NullPool,
        execution_options={"compiled_cache": _COMPILED},
    )
    engine.dialect = _dialect()

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA temp_store=MEMORY")
        if read_only:
            connection.execute("PRAGMA query_only=ON")
        else:
            connection.execute("PRAGMA journal_mode=WAL")

    return engine
