"""A unit of work: what a service gets to read and change the database with.

A service is a plain function whose first argument is a :class:`Work`. It runs on the writer's
thread inside a savepoint: it either leaves all of its changes and events, or none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
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
    kept for the life of the writer: caches whose owners know when to drop them.
    """

    __slots__ = ("_log", "connection", "events", "now", "shared", "touched")

    def __init__(
        self, connection: Connection, now: Millis, log: "EventLog", shared: dict[str, Any]
    ) -> None:
        self.connection = connection
        self.now = now
        self.events: list[LoggedEvent] = []
        self.shared = shared
        self.touched: set[str] = set()
        self._log = log

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

    def insert(self, of: type[SQLModel], **values: Any) -> int:  # noqa: ANN401
        """Insert one row, the class's defaults where no value is given, and return its id."""
        statement, defaults = _insert(of)
        result = self.connection.execute(statement, {**defaults, **values})
        return int(result.lastrowid)

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


_inserts: dict[type[SQLModel], tuple[sa.Insert, dict[str, Any]]] = {}


def _insert(of: type[SQLModel]) -> tuple[sa.Insert, dict[str, Any]]:
    """One statement object a table, so that SQLAlchemy compiles it once; and its defaults."""
    found = _inserts.get(of)
    if found is None:
        defaults = {
            name: field.get_default(call_default_factory=True)
            for name, field in of.model_fields.items()
            if not field.is_required() and name not in _keys(of)
        }
        found = _inserts[of] = (sa.insert(tables.table(of)).inline(), defaults)
    return found


def _keys(of: type[SQLModel]) -> set[str]:
    return {column.name for column in tables.table(of).primary_key}
