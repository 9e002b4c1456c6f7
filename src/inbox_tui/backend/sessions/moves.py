"""How a session moves: opened, given to an agent, put into a queue, closed.

The primitives under everything people and the engine do. :func:`give` is the one way an assignee
is ever set. They check nothing: whether it may be done is asked in :mod:`service` and in the
assigner; :mod:`placement` writes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from inbox_tui.backend.cases import service as cases
from inbox_tui.backend.directory import directory_of
from inbox_tui.backend.messages.entries import add_happening, add_message
from inbox_tui.backend.sessions import opening, placement
from inbox_tui.backend.sessions.placement import open_row
from inbox_tui.clock import Millis
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import (
    CloseReason,
    ContentKind,
    EntryKind,
    EventKind,
    Happening,
    SessionState,
)


def open_session(
    work: Work,
    *,
    conversation_id: int,
    contact_id: int,
    channel_id: int,
    language: str | None,
    at: Millis,
) -> dict[str, Any]:
    """Open a session in a conversation that has none open, with its case; return its row.

    ``language`` is what the platform tells of the contact's, ``at`` when the message was written
    that opens it, which its timeline goes by. It starts in its channel's default team, unassigned:
    the assigner takes it from there.
    """
    channel = directory_of(work).channels[channel_id]
    known = opening.known_of(work, contact_id, conversation_id, language)
    wait_key, recent_key = placement.sort_keys(None, None)
    session_id = work.insert(
        tables.Session,
        conversation_id=conversation_id,
        contact_id=contact_id,
        channel_id=channel_id,
        team_id=channel.team_id,
        opened_at=work.now,
        queued_at=work.now,
        last_activity_at=work.now,
        wait_key=wait_key,
        recent_key=recent_key,
        **known,
    )
    code = cases.open_case(work, session_id, contact_id, channel_id)
    work.update(tables.Session, session_id, {"case_code": code})
    row = open_row(work, session_id)
    placement.count(work, None, row)
    entry = add_happening(
        work,
        conversation_id=conversation_id,
        session_id=session_id,
        happening=Happening.OPENED,
        data={"previous_session_id": row["previous_session_id"]},
        at=at,
    )
    work.append(
        EventKind.SESSION_OPENED,
        session_id=session_id,
        subject_id=entry.id,
        data={"team_id": channel.team_id},
        entry=entry,
    )
    return row


def give(
    work: Work,
    row: dict[str, Any],
    agent_id: int,
    happening: Happening,
    *,
    by: int | None,
    note: str | None = None,
    why: dict[str, Any] | None = None,
    also: Mapping[str, Any] | None = None,
) -> None:
    """Give an open session to an agent: the one way an assignee is ever set.

    ``by`` is the person who did it, None for the engine; ``why`` is what explains it (R13).
    ``also`` are columns that change with it, such as the team the engine routed it to.
    """
    directory = directory_of(work)
    if note:
        _note(work, row, by, note)
    told = {
        "assignee": directory.nickname(agent_id),
        "from": directory.nickname(row["assignee_id"]),
        "by": directory.nickname(by),
        "note": note,
        "step": (why or {}).get("step"),
    }
    entry = add_happening(
        work,
        conversation_id=row["conversation_id"],
        session_id=row["id"],
        happening=happening,
        author_id=by,
        data=told,
    )
    placement.move(
        work,
        row,
        EventKind.SESSION_ASSIGNED,
        {
            "assignee_id": agent_id,
            "assigned_at": work.now,
            "queued_at": None,
            "queue": None,
            "unassigned_reason": None,
            "wait_until": None,
            **(also or {}),
        },
        actor_id=by,
        data={"how": happening, "why": why or {"step": happening}},
        subject_id=entry.id,
        entry=entry,
    )
    cases.assigned(work, row["id"], agent_id, by)


def queue(
    work: Work,
    row: dict[str, Any],
    happening: Happening,
    *,
    team_id: int | None,
    by: int | None,
    note: str | None = None,
    team_chosen: bool | None = None,
    reason: str | None = None,
    lapsed: Sequence[int] = (),
    owner_waited: bool = False,
) -> None:
    """Put an open session back to routing, assigned to nobody.

    ``team_id`` is where it waits until it is routed; ``team_chosen`` says whether a person chose
    that team, None that they did if there is one. ``reason`` is told with the happening.
    ``lapsed`` are the agents it must not go to again (R10); with ``owner_waited`` it waits for no
    particular agent (R6).
    """
    directory = directory_of(work)
    if note:
        _note(work, row, by, note)
    told = {
        "team": directory.slug(team_id),
        "from": directory.nickname(row["assignee_id"]),
        "by": directory.nickname(by),
        "note": note,
        "reason": reason,
    }
    entry = add_happening(
        work,
        conversation_id=row["conversation_id"],
        session_id=row["id"],
        happening=happening,
        author_id=by,
        data=told,
    )
    placement.move(
        work,
        row,
        EventKind.SESSION_UNASSIGNED,
        {
            "assignee_id": None,
            "team_id": team_id,
            "team_chosen": team_id is not None if team_chosen is None else team_chosen,
            "assigned_at": None,
            "queued_at": work.now,
            "queue": None,
            "rule_id": None,
            "unassigned_reason": None,
            "wait_until": None,
            "lapsed": list(lapsed),
            "owner_waited": owner_waited,
        },
        actor_id=by,
        data={"how": happening} if reason is None else {"how": happening, "reason": reason},
        subject_id=entry.id,
        entry=entry,
    )


def close(
    work: Work, row: dict[str, Any], how: CloseReason, *, by: int | None, reason: str | None = None
) -> None:
    """Close an open session and, unless it has a follow-up to come, its case."""
    entry = add_happening(
        work,
        conversation_id=row["conversation_id"],
        session_id=row["id"],
        happening=Happening.CLOSED,
        author_id=by,
        data={"by": directory_of(work).nickname(by), "reason": reason, "how": how},
    )
    placement.move(
        work,
        row,
        EventKind.SESSION_CLOSED,
        {
            "state": SessionState.CLOSED,
            "closed_at": work.now,
            "close_reason": how,
            "end_reason": reason,
            "queued_at": None,
            "queue": None,
            "unassigned_reason": None,
            "wait_until": None,
        },
        actor_id=by,
        data={"how": how, "reason": reason},
        subject_id=entry.id,
        entry=entry,
    )
    cases.session_closed(work, row["id"], how, by)


def _note(work: Work, row: dict[str, Any], by: int | None, text: str) -> None:
    entry = add_message(
        work,
        conversation_id=row["conversation_id"],
        session_id=row["id"],
        kind=EntryKind.NOTE,
        content=Content(kind=ContentKind.TEXT, text=text),
        author_id=by,
    )
    work.append(
        EventKind.NOTE_ADDED,
        actor_id=by,
        session_id=row["id"],
        subject_id=entry.id,
        entry=entry,
    )
