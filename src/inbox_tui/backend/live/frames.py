"""Events of the log as frames of the live stream.

A frame shows more than the log keeps: the session as it is, the entry, the agent, the case. For
new events that is put beside them before the unit of work ends (:func:`finish`); for events read
again from the log it is built from the tables as they are now (:func:`rebuild`).
"""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.directory import Directory, directory_of
from inbox_tui.backend.people.views import agent_view
from inbox_tui.backend.sessions.sight import sees
from inbox_tui.backend.views import ENTRIES, entry_view, session_row, session_view
from inbox_tui.clock import Millis, to_datetime
from inbox_tui.store import tables
from inbox_tui.store.work import LoggedEvent, Work
from inbox_tui.wire.models import Event, Placement
from inbox_tui.wire.words import EventKind, SessionState

EVENTS = tables.table(tables.Event)
_CASES = tables.table(tables.Case)
_CODE = sa.select(_CASES.c.code).where(_CASES.c.id == sa.bindparam("case_id"))

_INTERNAL = ("place_was", "entry_id", "team_id", "assignee_id", "why")
_WITH_ENTRY = frozenset(
    {
        EventKind.SESSION_OPENED,
        EventKind.SESSION_ASSIGNED,
        EventKind.SESSION_UNASSIGNED,
        EventKind.SESSION_CLOSED,
        EventKind.MESSAGE_RECEIVED,
        EventKind.MESSAGE_QUEUED,
        EventKind.MESSAGE_DELIVERY,
        EventKind.MESSAGE_UNSENT,
        EventKind.NOTE_ADDED,
    }
)


def finish(work: Work) -> None:
    """Put beside each event of a unit of work what its frame shows."""
    rows: dict[int, Any] = {}
    for event in work.events:
        if event.session_id is not None:
            if event.session_id not in rows:
                rows[event.session_id] = _row(work, event.session_id)
            row = event.parts["row"] = rows[event.session_id]
            event.parts["session"] = session_view(row, directory_of(work), work.now)
        if event.kind == EventKind.AGENT_CHANGED and event.subject_id is not None:
            event.parts["agent"] = agent_view(work.connection, directory_of(work), event.subject_id)
    if work.events:
        work.events[-1].parts["names"] = directory_of(work)


def _row(work: Work, session_id: int) -> Any:  # noqa: ANN401 - a row, read or just written
    written = work.rows.get(session_id)
    if written is not None:
        return SimpleNamespace(**written)
    return session_row(work.connection, session_id)


def frame(event: LoggedEvent, directory: Directory) -> Event:
    """Return the frame of an event whose parts are beside it."""
    was = event.data.get("place_was")
    return Event(
        seq=event.seq,
        kind=EventKind(event.kind),
        at=to_datetime(event.at),
        actor=directory.nickname(event.actor_id),
        session=event.parts.get("session"),
        was=None
        if was is None
        else Placement(
            state=SessionState(was["state"]),
            team=directory.slug(was["team_id"]),
            assignee=directory.nickname(was["assignee_id"]),
        ),
        entry=event.parts.get("entry"),
        agent=event.parts.get("agent"),
        case=event.parts.get("case"),
        data={key: value for key, value in event.data.items() if key not in _INTERNAL},
    )


def out_of_sight(event: LoggedEvent, directory: Directory, agent_id: int) -> Event:
    """Return the frame of an event for somebody who does not see its session (R17).

    It says that there was one; and when a contact was bound to them, or is no more, that, without
    the session (Q4, Q8).
    """
    told = Event(seq=event.seq, kind=EventKind(event.kind), at=to_datetime(event.at))
    binding = {
        when: {"binding": event.data[when]["binding"]}
        for when in ("changes", "was")
        if "binding" in (event.data.get(when) or {})
    }
    me = directory.agents[agent_id].nickname
    if not any((each["binding"] or {}).get("agent") == me for each in binding.values()):
        return told
    return replace(
        told,
        actor=directory.nickname(event.actor_id),
        data={"contact_id": event.data["contact_id"], **binding},
    )


def rebuild(
    connection: Connection, directory: Directory, agent_id: int, after: int, most: int, now: Millis
) -> list[Event]:
    """Read an agent's frames after a number from the log, at most ``most``, the oldest first."""
    rows = connection.execute(
        sa.select(EVENTS).where(EVENTS.c.seq > after).order_by(EVENTS.c.seq).limit(most)
    ).all()
    return [_rebuild_one(connection, directory, agent_id, row, now) for row in rows]


def _rebuild_one(
    connection: Connection,
    directory: Directory,
    agent_id: int,
    row: sa.Row[Any],
    now: Millis,
) -> Event:
    event = LoggedEvent(
        row.seq, row.at, row.kind, row.actor_id, row.session_id, row.subject_id, row.data or {}
    )
    if row.session_id is not None:
        found = session_row(connection, row.session_id)
        if found is not None:
            event.parts["row"] = found
            event.parts["session"] = session_view(found, directory, now)
    if not sees(directory, agent_id, event):
        return out_of_sight(event, directory, agent_id)
    if row.subject_id is not None:
        if row.kind in _WITH_ENTRY:
            entry = connection.execute(
                sa.select(ENTRIES).where(ENTRIES.c.id == row.subject_id)
            ).first()
            if entry is not None:
                event.parts["entry"] = entry_view(entry, directory)
        elif event.data.get("entry_id") is not None:
            entry = connection.execute(
                sa.select(ENTRIES).where(ENTRIES.c.id == event.data["entry_id"])
            ).first()
            event.parts["entry"] = entry_view(entry, directory) if entry else None
        elif row.kind == EventKind.AGENT_CHANGED:
            event.parts["agent"] = agent_view(connection, directory, row.subject_id)
        elif row.kind == EventKind.CASE_CHANGED:
            event.parts["case"] = connection.execute(_CODE, {"case_id": row.subject_id}).scalar()
    return frame(event, directory)


def bounds(connection: Connection) -> tuple[int, int]:
    """Return the oldest and the newest number of the log; (1, 0) when it is empty."""
    oldest = connection.execute(sa.select(sa.func.min(EVENTS.c.seq))).scalar()
    newest = connection.execute(sa.select(sa.func.max(EVENTS.c.seq))).scalar()
    return oldest or 1, newest or 0
