"""A unit of work: what a service gets to read and change the database with.

A service is a plain function whose first argument is a :class:`Work`. It runs on the writer's
thread inside a savepoint: it either leaves all of its changes and events, or none.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.engine import Connection, CursorResult, Row
from sqlmodel import SQLModel

from inbox_tui.clock import Millis
from inbox_tui.store import tables


@dataclass(slots=True)
class LoggedEvent:
    """An event as it was appended; ``parts`` are what the live stream shows beside the log row."""

    seq: int
    at: Millis
    kind: str
    actor_id: int | None
    session_id: int | None
    subject_id: int | None
    data: Mapping[str, Any]
    parts: dict[str, Any] = field(default_factory=dict)


class Work:
    """One unit of work on one connection, at one moment.

    ``now`` is the same for everything in it. ``events`` are those appended so far. ``touched``
    names what else changed that somebody may wait for (``timers``, ``outbox``). ``shared`` is
    kept for the life of the writer: caches whose owners know when to drop them. ``crowded`` says
    that many others wait for the same commit: what can be done later should be. ``rows`` are rows
    that were written here, by id, for whoever shows them at the end of the unit.
    """

    __slots__ = (
        "_driver",
        "_log",
        "connection",
        "crowded",
        "events",
        "now",
        "rows",
        "shared",
        "touched",
    )

    def __init__(
        self,
        connection: Connection,
        now: Millis,
        log: "EventLog",
        shared: dict[str, Any],
        *,
        crowded: bool = False,
    ) -> None:
        self.connection = connection
        self.now = now
        self.events: list[LoggedEvent] = []
        self.shared = shared
        self.touched: set[str] = set()
        self.rows: dict[int, dict[str, Any]] = {}
        self.crowded = crowded
        self._log = log
        self._driver = driver_of(connection)

    def execute(
        self,
        statement: sa.Executable,
        parameters: Any = None,  # noqa: ANN401 - as SQLAlchemy's
    ) -> CursorResult[Any]:
        """Run one statement."""
        return self.connection.execute(statement, parameters)

    def one(self, statement: sa.Executable, parameters: Any = None) -> Row[Any] | None:  # noqa: ANN401
        """Return the first row, or None."""
        return self.connection.execute(statement, parameters).first()

    def fetch(self, query: "Prepared", *parameters: Any) -> dict[str, Any] | None:  # noqa: ANN401
        """Return the first row of a prepared query by column name, or None."""
        row = self._driver.execute(query.sql, parameters).fetchone()
        if row is None:
            return None
        found = dict(zip(query.names, row, strict=True))
        for name in query.json:
            if found[name] is not None:
                found[name] = msgspec.json.decode(found[name])
        return found

    def plain(self, sql: str, *parameters: Any, **named: Any) -> sqlite3.Cursor:  # noqa: ANN401
        """Run SQL text at the driver: for the few statements that every message runs."""
        return self._driver.execute(sql, named or parameters)

    def insert(self, of: type[SQLModel], **values: Any) -> int:  # noqa: ANN401
        """Insert one row, the class's defaults where no value is given, and return its id."""
        row_id = self.insert_new(of, **values)
        assert row_id is not None
        return row_id

    def insert_new(
        self,
        of: type[SQLModel],
        *,
        or_ignore: bool = False,
        **values: Any,  # noqa: ANN401
    ) -> int | None:
        """Insert one row and return its id; None if ``or_ignore`` and it is there already."""
        shape = _shape(of)
        row = {**shape.defaults, **values}
        cursor = self._driver.execute(shape.insert(tuple(row), or_ignore), shape.stored(row))
        return cursor.lastrowid if cursor.rowcount else None

    def update(self, of: type[SQLModel], row_id: int, changes: Mapping[str, Any]) -> None:
        """Change columns of the row with this ``id``."""
        shape = _shape(of)
        stored = shape.stored(changes)
        stored["row_id"] = row_id
        self._driver.execute(shape.update(tuple(changes)), stored)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Undo what is done within, and only that, if it raises; the error goes on."""
        before, events = self._log.last, len(self.events)
        self._driver.execute("SAVEPOINT attempt")
        try:
            yield
        except Exception:
            self._driver.execute("ROLLBACK TO attempt")
            self._log.rewind(before)
            del self.events[events:]
            self.shared.clear()
            self.rows.clear()
            raise
        finally:
            self._driver.execute("RELEASE attempt")

    def append(
        self,
        kind: str,
        *,
        actor_id: int | None = None,
        session_id: int | None = None,
        subject_id: int | None = None,
        data: Mapping[str, Any] | None = None,
        **parts: Any,  # noqa: ANN401
    ) -> LoggedEvent:
        """Append an event to the log, in this unit of work.

        ``data`` is what the log keeps; ``parts`` only travel with the live frame, which can be
        rebuilt from the tables.
        """
        event = LoggedEvent(
            self._log.next(), self.now, kind, actor_id, session_id, subject_id, data or {}, parts
        )
        self.insert(
            tables.Event,
            seq=event.seq,
            at=event.at,
            kind=kind,
            actor_id=actor_id,
            session_id=session_id,
            subject_id=subject_id,
            data=dict(data) if data else None,
        )
        self.events.append(event)
        return event


class Prepared:
    """A select compiled once to SQL text, for the few that every message runs.

    Its bound parameters are given by position, in the order in which the statement names them.
    Columns come as the driver gives them, JSON decoded.
    """

    __slots__ = ("json", "names", "sql")

    def __init__(self, select: sa.Select[Any]) -> None:
        compiled = select.compile(dialect=sqlite_dialect(paramstyle="qmark"))
        columns = select.selected_columns
        self.sql = str(compiled)
        self.names = tuple(columns.keys())
        self.json = tuple(
            name for name, column in columns.items() if isinstance(column.type, sa.JSON)
        )


class EventLog:
    """Gives the numbers of the log: contiguous, because one writer gives them.

    A unit of work that is rolled back gives its numbers back through :meth:`rewind`.
    """

    __slots__ = ("last",)

    def __init__(self, last: int) -> None:
        self.last = last

    def next(self) -> int:
        """Return the next number."""
        self.last += 1
        return self.last

    def rewind(self, last: int) -> None:
        """Take back every number after ``last``."""
        self.last = last


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Return the driver's own connection under SQLAlchemy's."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


class _Shape:
    """A table's plain inserts and updates as SQL text, written once.

    They are most of what is written, and go to the driver directly: SQLAlchemy's way to the same
    statement costs four times the statement itself. Everything else goes through SQLAlchemy.
    """

    def __init__(self, of: type[SQLModel]) -> None:
        table = tables.table(of)
        keys = {column.name for column in table.primary_key}
        self._name = table.name
        self._json = frozenset(c.name for c in table.columns if isinstance(c.type, sa.JSON))
        self._texts: dict[tuple[str, tuple[str, ...], bool], str] = {}
        self.defaults = {
            name: field.get_default(call_default_factory=True)
            for name, field in of.model_fields.items()
            if not field.is_required() and name not in keys
        }

    def insert(self, columns: tuple[str, ...], or_ignore: bool) -> str:
        """Return the statement that inserts these columns."""
        key = ("insert", columns, or_ignore)
        if key not in self._texts:
            names = ", ".join(f'"{name}"' for name in columns)
            values = ", ".join(f":{name}" for name in columns)
            ignore = " ON CONFLICT DO NOTHING" if or_ignore else ""
            text = f'INSERT INTO "{self._name}" ({names}) VALUES ({values}){ignore}'  # noqa: S608
            self._texts[key] = text
        return self._texts[key]

    def update(self, columns: tuple[str, ...]) -> str:
        """Return the statement that updates these columns of one row."""
        key = ("update", columns, False)
        if key not in self._texts:
            values = ", ".join(f'"{name}" = :{name}' for name in columns)
            self._texts[key] = f'UPDATE "{self._name}" SET {values} WHERE id = :row_id'  # noqa: S608
        return self._texts[key]

    def stored(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values as the driver stores them: JSON columns as text."""
        stored = dict(row)
        for name in self._json & row.keys():
            if stored[name] is not None:
                stored[name] = msgspec.json.encode(stored[name]).decode()
        return stored


_shapes: dict[type[SQLModel], _Shape] = {}


def _shape(of: type[SQLModel]) -> _Shape:
    found = _shapes.get(of)
    if found is None:
        found = _shapes[of] = _Shape(of)
    return found
