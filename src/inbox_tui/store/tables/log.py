"""The event log, the timers, and the journal of the assignment engine."""

from typing import Any

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from inbox_tui.store.tables.columns import Row, big, maybe_json, new_id


class Event(Row, table=True):
    """The event log: what happened, in order, without gaps.

    ``seq`` is the row id given by the one writer, so the numbers are contiguous.
    """

    __tablename__ = "events"
    __table_args__ = (Index("events_of_session", "session_id", "seq"),)

    seq: int | None = new_id()
    at: int = big()
    kind: str
    actor_id: int | None = big(null=True)
    session_id: int | None = big(null=True)
    subject_id: int | None = big(null=True)
    data: dict[str, Any] | None = maybe_json()


class Timer(Row, table=True):
    """Something that is due at a time; survives restarts and fires once."""

    __tablename__ = "timers"
    __table_args__ = (UniqueConstraint("kind", "subject"), Index("timers_due", "due_at"))

    id: int | None = new_id()
    kind: str
    subject: str
    due_at: int = big()


class JournalEntry(Row, table=True):
    """One thing the assignment engine was told or decided, in order, to be replayed (R13, O7).

    ``run`` numbers the lives of the engine: each begins with everything it has to know.
    """

    __tablename__ = "assigner_journal"
    __table_args__ = (Index("journal_of_run", "run", "n"), Index("journal_by_time", "at"))

    n: int | None = new_id()
    run: int = big()
    at: int = big()
    kind: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
