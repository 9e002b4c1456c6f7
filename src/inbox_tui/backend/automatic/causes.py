"""What each cause says, and whether it still is one: one unit of work a message (M1-M7).

Between what happened and its message's turn the world goes on. So everything is asked again here,
in the unit of work that sends it: nobody is told of a queue they have left, or of an agent who has
handed them on.
"""

from dataclasses import dataclass
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from inbox_tui.backend.automatic import values
from inbox_tui.backend.automatic.sending import say
from inbox_tui.backend.automatic.templates import Value
from inbox_tui.backend.directory import directory_of
from inbox_tui.backend.views import ENTRIES, session_row
from inbox_tui.clock import Millis
from inbox_tui.store.work import LoggedEvent, Work
from inbox_tui.wire.words import (
    Automatic,
    CloseReason,
    EntryKind,
    Happening,
    SessionState,
    UnassignedReason,
)

NAME_WAIT: Final[Millis] = 2_000
"""How long a message waits for the name of whoever writes for the first time."""

LEAST_WORSE: Final = 3
"""Places that a position has to be worse by, beside half as much again, to be told anew (M4)."""

_DAY: Final = 86_400_000

_WHERE = "SELECT conversation_id, session_id FROM entries WHERE id = ?"
_LAST_TOLD = """
SELECT at, told FROM automatic_messages
WHERE session_id = ? AND kind = 'over_capacity' ORDER BY id DESC LIMIT 1
"""
_LATEST_CONVERSATION = """
SELECT conversations.id, sessions.id FROM conversations
JOIN identities ON identities.id = conversations.identity_id
LEFT JOIN sessions ON sessions.conversation_id = conversations.id AND sessions.state = 'open'
WHERE conversations.contact_id = ?
ORDER BY identities.reachable DESC, (
  SELECT max(entries.id) FROM entries WHERE entries.conversation_id = conversations.id
) DESC LIMIT 1
"""


def welcome(work: Work, event: LoggedEvent) -> None:
    """Q3: the account was added; what to do with a code in the message box."""
    found = work.plain(_WHERE, event.data.get("entry_id")).fetchone()
    if found is None or Automatic.WELCOME not in directory_of(work).settings.automatic:
        return
    conversation_id, session_id = found
    say(
        work,
        Automatic.WELCOME,
        conversation_id,
        f"welcome:{event.data['entry_id']}",
        session_id=session_id,
        values=values.of_workspace(directory_of(work), work.now),
        named_by=event.at + NAME_WAIT,
    )


def greeting(work: Work, event: LoggedEvent) -> None:
    """M1: at the first message of a session, unless it was answered before."""
    row = _open(work, Automatic.GREETING, event.session_id)
    if row is not None and row.customer_messages and not row.replies:
        _say(work, Automatic.GREETING, f"greeting:{row.id}", row, event)


def assigned(work: Work, event: LoggedEvent) -> None:
    """M2: who serves them now, once for each agent of a session, and before that agent writes."""
    row = _open(work, Automatic.ASSIGNED, event.session_id)
    agent_id = event.data.get("assignee_id")
    if row is None or agent_id is None or row.assignee_id != agent_id:
        return
    if not (row.replies and _has_written(work, row, agent_id)):
        _say(work, Automatic.ASSIGNED, f"assigned:{row.id}:{agent_id}", row, event)


def transferred(work: Work, event: LoggedEvent) -> None:
    """M5: handed on to an agent or a team, while it is still with them."""
    row = _open(work, Automatic.TRANSFERRED, event.session_id)
    if row is None:
        return
    agent_id, team_id = event.data.get("assignee_id"), event.data.get("team_id")
    if agent_id is None:
        if row.team_id != team_id:
            return
        name = None if team_id is None else directory_of(work).teams[team_id].name
        more: dict[str, Value] = {"assignee": name, "agent_name": None}
    elif row.assignee_id != agent_id or (row.replies and _last_writer(work, row) == agent_id):
        return
    else:
        more = {}
    _say(work, Automatic.TRANSFERRED, f"transferred:{event.seq}", row, event, more)


def away(work: Work, event: LoggedEvent) -> None:
    """M3: outside business hours, once for each stretch that it is closed.

    The stretch goes by the moment at which it ends, so that hours which are changed meanwhile are
    told anew.
    """
    row = _open(work, Automatic.AWAY, event.session_id)
    if row is None or row.waiting_since is None or not _is_message(work, event):
        return
    calendar = values.calendar_of(directory_of(work), row.team_id)
    if calendar is None or calendar.is_open(event.at):
        return
    if not calendar.is_open(work.now):
        cause = f"away:{row.id}:{calendar.next_open(work.now)}"
        _say(work, Automatic.AWAY, cause, row, event)


@dataclass(frozen=True, slots=True)
class Look:
    """What to know of a session that waits: when to look at it again, which position it was told.

    ``told`` is None while it was told none.
    """

    at: Millis
    told: int | None = None


def over_capacity(
    work: Work, session_id: int, position: int, estimate: float | None
) -> Look | None:
    """M4: apology, position and estimated wait (seconds), as agents see them now (M9).

    Told again only when the position changed notably, and never within the workspace's least time.
    Outside business hours nothing is told: M3 says what to expect. Return when to look again; None
    for a session that does not wait because all are full.
    """
    row = _open(work, Automatic.OVER_CAPACITY, session_id)
    if row is None or not is_over(row):
        return None
    directory = directory_of(work)
    calendar = values.calendar_of(directory, row.team_id)
    if calendar is not None and not calendar.is_open(work.now):
        return Look(calendar.next_open(work.now) or work.now + _DAY)
    last = work.plain(_LAST_TOLD, session_id).fetchone()
    number = 1
    if last is not None:
        before = msgspec.json.decode(last[1])
        number += before["number"]
        earliest = last[0] + directory.settings.automatic_gap
        same_wait = before["queued_at"] == row.queued_at
        if work.now < earliest or (same_wait and not is_notable(position, before["position"])):
            return Look(earliest, before["position"] if same_wait else None)
    _say(
        work,
        Automatic.OVER_CAPACITY,
        f"over:{row.id}:{number}",
        row,
        None,
        values.place_in_line(position, estimate),
        {"position": position, "queued_at": row.queued_at, "number": number},
    )
    return Look(work.now + directory.settings.automatic_gap, position)


def is_over(row: Any) -> bool:  # noqa: ANN401 - a sessions row
    """Say whether a session waits because all are full."""
    return bool(
        row.state == SessionState.OPEN
        and row.assignee_id is None
        and row.unassigned_reason == UnassignedReason.ALL_FULL
    )


def is_notable(position: int, told: int) -> bool:
    """Say whether a position differs notably from one that was told (M4).

    At least halved; or half as much again, and three places at the least.
    """
    return position * 2 <= told or (position * 2 >= told * 3 and position - told >= LEAST_WORSE)


def ended(work: Work, event: LoggedEvent) -> None:
    """M6: a person ended it, and nothing new has begun since."""
    row = _row(work, Automatic.ENDED, event.session_id)
    if row is None or row.state != SessionState.CLOSED or row.close_reason != CloseReason.ENDED:
        return
    others = "SELECT 1 FROM sessions WHERE conversation_id = ? AND state = 'open'"
    if work.plain(others, row.conversation_id).fetchone() is None:
        _say(work, Automatic.ENDED, f"ended:{row.id}", row, event)


def rating(work: Work, event: LoggedEvent) -> None:
    """M6: the rating question, once a session (T5)."""
    row = _row(work, Automatic.RATING, event.session_id)
    if row is not None:
        _say(work, Automatic.RATING, f"rating:{row.id}", row, event)


def about_order(work: Work, event: LoggedEvent) -> None:
    """M7: shipped, delivered, delayed; the values are the event's own.

    The event names the session, the conversation or the contact (then the one they wrote in last).
    Its ``cause``, if it has one, tells what happened apart from the same told again.
    """
    kind = OF_ORDERS[event.kind]
    data = event.data
    if kind not in directory_of(work).settings.automatic:
        return
    conversation_id, session_id = data.get("conversation_id"), event.session_id
    if session_id is not None:
        row = session_row(work.connection, session_id)
        conversation_id = None if row is None else row.conversation_id
        session_id = None if row is None or row.state != SessionState.OPEN else session_id
    elif conversation_id is None:
        found = work.plain(_LATEST_CONVERSATION, data.get("contact_id")).fetchone()
        conversation_id, session_id = (None, None) if found is None else found
    if conversation_id is not None:
        cause = f"{kind}:{data.get('cause') or event.seq}"
        order = values.of_order(data)
        say(work, kind, conversation_id, cause, session_id=session_id, values=order)


OF_ORDERS: Final = {
    "order.shipped": Automatic.ORDER_SHIPPED,
    "parcel.delivered": Automatic.PARCEL_DELIVERED,
    "delivery.delayed": Automatic.DELIVERY_DELAYED,
}


def is_transfer(event: LoggedEvent) -> bool:
    """Say whether a session that moved was handed on by a person (T1)."""
    return bool(event.data.get("how") == Happening.TRANSFERRED)


def _say(
    work: Work,
    kind: Automatic,
    cause: str,
    row: Any,  # noqa: ANN401 - of SESSION_COLUMNS
    event: LoggedEvent | None,
    more: dict[str, Value] | None = None,
    told: dict[str, Any] | None = None,
) -> None:
    known = values.of_session(work.connection, directory_of(work), row, work.now)
    work.rows.setdefault(row.id, dict(row._mapping))  # what the live frame shows: not read twice
    say(
        work,
        kind,
        row.conversation_id,
        cause,
        session_id=row.id,
        values={**known, **(more or {})},
        told=told,
        named_by=0 if event is None else event.at + NAME_WAIT,
    )


def _row(work: Work, kind: Automatic, session_id: int | None) -> sa.Row[Any] | None:
    """Return the session, unless its kind of message was switched off meanwhile."""
    if session_id is None or kind not in directory_of(work).settings.automatic:
        return None
    return session_row(work.connection, session_id)


def _open(work: Work, kind: Automatic, session_id: int | None) -> sa.Row[Any] | None:
    row = _row(work, kind, session_id)
    return row if row is not None and row.state == SessionState.OPEN else None


def _is_message(work: Work, event: LoggedEvent) -> bool:
    """Say whether an event is a new message of the customer's, and no code (Q7)."""
    if event.data.get("edited") or event.subject_id is None:
        return False
    found = work.plain("SELECT kind FROM entries WHERE id = ?", event.subject_id).fetchone()
    return found is not None and found[0] == EntryKind.CUSTOMER


def _replies(row: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - of SESSION_COLUMNS
    return sa.and_(
        ENTRIES.c.conversation_id == row.conversation_id,
        ENTRIES.c.session_id == row.id,
        ENTRIES.c.kind == EntryKind.REPLY,
    )


def _has_written(work: Work, row: Any, agent_id: int) -> bool:  # noqa: ANN401
    own = ENTRIES.c.author_id == agent_id
    return work.one(sa.select(ENTRIES.c.id).where(_replies(row), own).limit(1)) is not None


def _last_writer(work: Work, row: Any) -> int | None:  # noqa: ANN401
    query = sa.select(ENTRIES.c.author_id).where(_replies(row)).order_by(ENTRIES.c.id.desc())
    found = work.one(query.limit(1))
    return None if found is None else found[0]
