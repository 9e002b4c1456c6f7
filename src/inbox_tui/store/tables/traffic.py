"""What comes from the platforms and what goes out to them."""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from inbox_tui.store.tables.columns import Row, big, maybe_json, new_id, ref


class Delivery(Row, table=True):
    """One webhook or poll answer, byte for byte, stored before it is answered."""

    __tablename__ = "deliveries"

    id: int | None = new_id()
    channel_id: int = ref("channels.id")
    received_at: int = big()
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class InboundEvent(Row, table=True):
    """One event of a delivery; the platform's event id makes a repeat harmless.

    ``state`` is ``pending``, ``done`` or ``failed`` (with ``error``).
    """

    __tablename__ = "inbound_events"
    __table_args__ = (
        UniqueConstraint("channel_id", "dedupe_key"),
        Index(
            "inbound_pending",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    id: int | None = new_id()
    channel_id: int = ref("channels.id")
    delivery_id: int = big()
    position: int = 0
    dedupe_key: str
    state: str = "pending"
    error: str | None = None


class EarlyChange(Row, table=True):
    """An edit or unsend that came before the message it changes; ``content`` null for unsend."""

    __tablename__ = "early_changes"
    __table_args__ = (UniqueConstraint("channel_id", "external_id", "platform_id"),)

    id: int | None = new_id()
    channel_id: int = ref("channels.id")
    external_id: str
    platform_id: str
    at: int = big()
    content: dict[str, Any] | None = maybe_json()


class Outbox(Row, table=True):
    """A reply on its way to the platform; gone from here once it is settled for good.

    ``state`` is ``queued`` (due at ``due_at``) or ``sending``; what became of it stands in the
    entry. ``key`` is the idempotency key of every attempt. ``unsettled``: the answer to an earlier
    attempt was lost, so the next one repeats it exactly, with ``reply_token`` or without.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_due", "state", "due_at"),)

    id: int | None = new_id()
    entry_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("entries.id"), unique=True, nullable=False)
    )
    conversation_id: int = ref("conversations.id", index=True)
    channel_id: int = ref("channels.id")
    state: str = "queued"
    attempts: int = 0
    key: str
    due_at: int = big()
    first_attempt_at: int | None = big(null=True)
    unsettled: bool = False
    reply_token: str | None = None
    token_dropped: bool = False
