"""The steps of a reply on its way out, each one unit of work.

queued → sending → sent | failed | uncertain. ``sending`` is committed before the platform is
called, so that a crash in between is seen for what it is: nobody knows whether it was accepted.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.messages.queueing import OUTBOX
from inbox_tui.backend.messages.service import set_delivery
from inbox_tui.backend.views import ENTRIES, content_view
from inbox_tui.channels.port import (
    Failed,
    Outcome,
    Outgoing,
    RetryLater,
    Sent,
    Uncertain,
)
from inbox_tui.clock import Millis
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.words import DeliveryState, EntryKind

FIRST_WAIT = 1_000
LONGEST_WAIT = 300_000
"""Milliseconds before the second attempt, doubled for each further one up to the longest."""
GIVE_UP_AFTER = 24 * 3_600_000
"""Milliseconds after which a reply that no platform took has failed."""

STALE = 3_600_000
"""Milliseconds after which an automatic message is not sent any more: what it says of a queue, an
agent or opening hours was true when it was written. A person's reply is not outdated so soon."""

_CONVERSATIONS = tables.table(tables.Conversation)
_IDENTITIES = tables.table(tables.Identity)


@dataclass(frozen=True, slots=True)
class Due:
    """A reply whose turn it is."""

    id: int
    entry_id: int
    conversation_id: int
    channel_id: int


def due(connection: Connection, now: Millis, most: int) -> list[Due]:
    """Read the replies whose turn it is: due, and the oldest of their conversation (order)."""
    earlier = OUTBOX.alias()
    first = ~sa.exists().where(
        earlier.c.conversation_id == OUTBOX.c.conversation_id, earlier.c.id < OUTBOX.c.id
    )
    rows = connection.execute(
        sa.select(OUTBOX.c.id, OUTBOX.c.entry_id, OUTBOX.c.conversation_id, OUTBOX.c.channel_id)
        .where(OUTBOX.c.state == "queued", OUTBOX.c.due_at <= now, first)
        .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
        .limit(most)
    )
    return [Due(*row) for row in rows]


def next_due(connection: Connection, now: Millis) -> Millis | None:
    """Read when the next reply is due that is not yet."""
    return connection.execute(
        sa.select(sa.func.min(OUTBOX.c.due_at)).where(
            OUTBOX.c.state == "queued", OUTBOX.c.due_at > now
        )
    ).scalar()


def waiting(connection: Connection) -> int:
    """Count the replies that are not settled."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(OUTBOX)).scalar_one())


def begin(work: Work, outbox_id: int, repeat_within: Millis = 0) -> Outgoing | None:
    """Mark a reply as being sent and return what to send; None when there is nothing to send.

    That is when it is not queued any more, or when the answer to an earlier attempt was lost so
    long ago (``repeat_within``) that the platform has forgotten its key: then it is uncertain. An
    automatic message that could not be sent for an hour has failed.
    """
    row = work.one(
        sa.select(
            OUTBOX,
            ENTRIES.c.content,
            ENTRIES.c.kind,
            ENTRIES.c.stored_at,
            _IDENTITIES.c.external_id,
            _CONVERSATIONS.c.reply_token.label("fresh_token"),
            _CONVERSATIONS.c.reply_token_until,
        )
        .join_from(OUTBOX, ENTRIES, ENTRIES.c.id == OUTBOX.c.entry_id)
        .join(_CONVERSATIONS, _CONVERSATIONS.c.id == OUTBOX.c.conversation_id)
        .join(_IDENTITIES, _IDENTITIES.c.id == _CONVERSATIONS.c.identity_id)
        .where(OUTBOX.c.id == outbox_id, OUTBOX.c.state == "queued")
    )
    if row is None:
        return None
    if row.unsettled and work.now - (row.first_attempt_at or 0) >= repeat_within:
        _done(work, row, DeliveryState.UNCERTAIN, "Its answer was lost too long ago to repeat it.")
        return None
    is_automatic = row.kind == EntryKind.AUTOMATIC
    if is_automatic and not row.unsettled and work.now - row.stored_at >= STALE:
        _done(work, row, DeliveryState.FAILED, "Not sent: it came too late to be of use.")
        return None
    token = row.reply_token if row.unsettled else _take_token(work, row)
    attempt = row.attempts + 1
    work.execute(
        sa.update(OUTBOX).where(OUTBOX.c.id == outbox_id),
        {
            "state": "sending",
            "attempts": attempt,
            "first_attempt_at": row.first_attempt_at or work.now,
            "reply_token": token,
        },
    )
    return Outgoing(
        external_id=row.external_id,
        content=content_view(row.content),
        key=row.key,
        reply_token=token,
        attempt=attempt,
        unsettled=row.unsettled,
    )


def settle(work: Work, outbox_id: int, outcome: Outcome, repeat_within: Millis = 0) -> None:
    """Write down what became of an attempt.

    ``repeat_within`` is how long after the first attempt an idempotent send may be repeated.
    """
    row = work.one(sa.select(OUTBOX).where(OUTBOX.c.id == outbox_id))
    if row is None:
        return
    match outcome:
        case Sent():
            ids = outcome.platform_ids
            _done(work, row, DeliveryState.SENT, outcome.note, ids[0] if ids else None)
        case Failed():
            _done(work, row, DeliveryState.FAILED, outcome.detail)
            if outcome.recipient_gone:
                _unreachable(work, row.conversation_id)
        case RetryLater():
            if work.now - row.first_attempt_at >= GIVE_UP_AFTER:
                left = DeliveryState.UNCERTAIN if row.unsettled else DeliveryState.FAILED
                _done(work, row, left, f"Given up: {outcome.detail}")
                return
            wait = 0 if outcome.drop_reply_token else outcome.after_ms
            _again(work, row, outcome.detail, wait=wait, dropped=outcome.drop_reply_token)
        case Uncertain():
            if outcome.repeat and work.now - row.first_attempt_at < repeat_within:
                _again(work, row, outcome.detail, unsettled=True)
            else:
                _done(work, row, DeliveryState.UNCERTAIN, outcome.detail)


def put_off(work: Work, outbox_id: int, reason: str) -> None:
    """Try a reply again later that cannot be sent now, such as on a channel that does not work."""
    row = work.one(sa.select(OUTBOX).where(OUTBOX.c.id == outbox_id, OUTBOX.c.state == "queued"))
    if row is not None:
        _again(work, row, reason, wait=LONGEST_WAIT)


def recover(work: Work, idempotent: frozenset[int]) -> int:
    """Settle what a crash left as being sent; return how many there were.

    On a channel in ``idempotent`` it is repeated with its key; on any other nobody knows whether
    it was accepted, and a person decides.
    """
    rows = work.execute(sa.select(OUTBOX).where(OUTBOX.c.state == "sending")).all()
    for row in rows:
        broken_off(work, row.id, row.channel_id in idempotent)
    return len(rows)


def broken_off(work: Work, outbox_id: int, idempotent: bool) -> None:
    """An attempt ended without any outcome: repeat it with its key, or leave it to a person."""
    row = work.one(sa.select(OUTBOX).where(OUTBOX.c.id == outbox_id))
    if row is None:
        return
    if idempotent:
        _again(work, row, "Its sending was broken off.", unsettled=True)
    else:
        _done(work, row, DeliveryState.UNCERTAIN, "The backend stopped while it was being sent.")


def _take_token(work: Work, row: Any) -> str | None:  # noqa: ANN401 - a joined row
    """Take the conversation's reply token if it is fresh: it answers once, and free of charge."""
    fresh = row.fresh_token is not None and work.now < (row.reply_token_until or 0)
    if row.token_dropped or not fresh:
        return None
    work.execute(
        sa.update(_CONVERSATIONS).where(_CONVERSATIONS.c.id == row.conversation_id),
        {"reply_token": None, "reply_token_until": None},
    )
    return str(row.fresh_token)


def _again(
    work: Work,
    row: Any,  # noqa: ANN401 - an outbox row
    reason: str,
    *,
    wait: Millis | None = None,
    unsettled: bool = False,
    dropped: bool = False,
) -> None:
    if wait is None:
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.attempts - 1, 20))
    work.execute(
        sa.update(OUTBOX).where(OUTBOX.c.id == row.id),
        {
            "state": "queued",
            "due_at": work.now + wait,
            "unsettled": row.unsettled or unsettled,
            "token_dropped": row.token_dropped or dropped,
        },
    )
    if wait > 0:
        set_delivery(work, row.entry_id, DeliveryState.QUEUED, reason=reason, attempts=row.attempts)
    work.touched.add("outbox")


def _done(
    work: Work,
    row: Any,  # noqa: ANN401 - an outbox row
    state: DeliveryState,
    reason: str | None,
    platform_id: str | None = None,
) -> None:
    work.execute(sa.delete(OUTBOX).where(OUTBOX.c.id == row.id))
    set_delivery(
        work,
        row.entry_id,
        state,
        reason=reason,
        attempts=row.attempts,
        platform_id=platform_id,
    )
    work.touched.add("outbox")


def _unreachable(work: Work, conversation_id: int) -> None:
    identity = sa.select(_CONVERSATIONS.c.identity_id).where(_CONVERSATIONS.c.id == conversation_id)
    work.execute(
        sa.update(_IDENTITIES).where(_IDENTITIES.c.id == identity.scalar_subquery()),
        {"reachable": False},
    )
