"""Automatic messages: their templates, and which were sent for what (section 4)."""

from typing import Any

from sqlalchemy import Column, Index, String, UniqueConstraint
from sqlmodel import Field

from inbox_tui.store.tables.columns import Row, big, maybe_json, new_id, ref


class AutomaticTemplate(Row, table=True):
    """The text of a kind of message in a language, for one channel or for all of them (M8).

    ``channel_id`` is 0 for all of them, since null would be equal to nothing.
    Only what differs from the texts that come with the program is kept.
    """

    __tablename__ = "automatic_templates"
    __table_args__ = (UniqueConstraint("kind", "language", "channel_id"),)

    id: int | None = new_id()
    kind: str
    language: str
    channel_id: int = big(default=0)
    text: str
    version: int = 1
    changed_at: int = big()
    changed_by_id: int | None = big(null=True)


class AutomaticMessage(Row, table=True):
    """A message that was sent for a cause, or that was decided not to be sent (``entry_id`` null).

    ``cause`` is unique: that is why nothing is ever sent twice for one cause (M10), whatever is
    repeated or started again. ``told`` keeps what it said that a later one is compared with (M4).
    """

    __tablename__ = "automatic_messages"
    __table_args__ = (
        UniqueConstraint("cause"),
        Index("automatic_of_session", "session_id", "kind", "id"),
    )

    id: int | None = new_id()
    cause: str = Field(sa_column=Column(String, nullable=False))
    kind: str
    conversation_id: int = ref("conversations.id")
    session_id: int | None = big(null=True)
    entry_id: int | None = big(null=True)
    at: int = big()
    told: dict[str, Any] | None = maybe_json()


class AutomaticProgress(Row, table=True):
    """The one row (id 1) that says up to which event of the log messages were decided."""

    __tablename__ = "automatic_progress"

    id: int | None = new_id()
    seq: int = big(default=0)
