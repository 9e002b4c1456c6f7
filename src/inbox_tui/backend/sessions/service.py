"""What can be done with a session: open, assign, claim, designate, transfer, end, read, star.

Plain functions of one unit of work. They check the rules and raise errors of
:mod:`inbox_tui.errors`; :mod:`placement` writes.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from inbox_tui.backend.cases import service as cases
from inbox_tui.backend.directory import directory_of
from inbox_tui.backend.messages.entries import add_happening, add_message
from inbox_tui.backend.people.presence import presence_of
from inbox_tui.backend.sessions import placement
from inbox_tui.backend.sessions.placement import open_row
from inbox_tui.backend.views import MARKS, SESSIONS
from inbox_tui.clock import Millis
from inbox_tui.errors import AlreadyTaken, Invalid, NotPossibleNow
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.models import Content, Warning
from inbox_tui.wire.requests import PatchSession, PostEnd
from inbox_tui.wire.words import (
    CloseReason,
    ContentKind,
    EntryKind,
    EventKind,
    Happening,
    Presence,
    SessionState,
    TransferScope,
)

MOST_IN_A_TRANSFER = 1_000
"""Sessions that one "all my open sessions" moves at the most."""

_AGENTS = tables.table(tables.Agent)
_MARK = upsert(MARKS)


@dataclass(frozen=True, slots=True)
class To:
    """Where a session is handed: exactly one of an agent's and a team's id."""

    agent_id: int | None = None
    team_id: int | None = None


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

    ``at`` is when the message was written that opens it, which its timeline goes by. It starts in
    its channel's default team, unassigned: the assigner takes it from there.
    """
    channel = directory_of(work).channels[channel_id]
    previous = work.one(
        sa.select(SESSIONS.c.id)
        .where(SESSIONS.c.conversation_id == conversation_id)
        .order_by(SESSIONS.c.id.desc())
        .limit(1)
    )
    wait_key, recent_key = placement.sort_keys(None, None)
    session_id = work.insert(
        tables.Session,
        conversation_id=conversation_id,
        contact_id=contact_id,
        channel_id=channel_id,
        previous_session_id=previous.id if previous else None,
        team_id=channel.team_id,
        language=language,
        opened_at=work.now,
        queued_at=work.now,
        last_activity_at=work.now,
        wait_key=wait_key,
        recent_key=recent_key,
    )
    code = cases.open_case(work, session_id, contact_id, channel_id)
    work.execute(sa.update(SESSIONS).where(SESSIONS.c.id == session_id).values(case_code=code))
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
    team_id: int | None = None,
) -> None:
    """Give an open session to an agent: the one way an assignee is ever set.

    ``by`` is the person who did it, None for the engine; ``why`` is what explains it (R13).
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
            "team_id": row["team_id"] if team_id is None else team_id,
            "assigned_at": work.now,
            "queued_at": None,
            "unassigned_reason": None,
            "wait_until": None,
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
) -> None:
    """Put an open session into a team's queue (None: the workspace pool), assigned to nobody."""
    directory = directory_of(work)
    if note:
        _note(work, row, by, note)
    told = {
        "team": directory.slug(team_id),
        "from": directory.nickname(row["assignee_id"]),
        "by": directory.nickname(by),
        "note": note,
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
            "team_chosen": team_id is not None,
            "assigned_at": None,
            "queued_at": work.now,
            "unassigned_reason": None,
            "wait_until": None,
        },
        actor_id=by,
        data={"how": happening},
        subject_id=entry.id,
        entry=entry,
    )


def claim(work: Work, session_id: int, agent_id: int) -> int:
    """Take an unassigned session: of two people exactly one gets it (R11). Return its id.

    Claiming one's own session again is no error. Raises NotFound, NotPossibleNow, AlreadyTaken.
    """
    row = _open(work, session_id)
    if row["assignee_id"] == agent_id:
        return session_id
    if row["assignee_id"] is not None:
        raise taken(work, row)
    give(work, row, agent_id, Happening.CLAIMED, by=agent_id, why={"step": "claim"})
    return session_id


def taken(work: Work, row: dict[str, Any]) -> AlreadyTaken:
    """Return the error that says who was first, and how long ago (R11)."""
    winner = directory_of(work).agents[row["assignee_id"]]
    seconds = max(0, (work.now - (row["assigned_at"] or work.now)) // 1000)
    return AlreadyTaken(
        f"Taken by {winner.nickname} {seconds} s ago.",
        data={"assignee": winner.nickname, "seconds_ago": seconds},
    )


def hand_over(
    work: Work,
    session_id: int,
    to: To,
    happening: Happening,
    by: int,
    note: str | None = None,
) -> list[Warning]:
    """Assign (R15) or transfer (T1) a session to an agent or a team; return what to think about.

    Raises NotFound, NotPossibleNow when it is closed or there already.
    """
    row = _open(work, session_id)
    if to.agent_id is None:
        if row["assignee_id"] is None and row["team_id"] == to.team_id:
            raise NotPossibleNow("It waits in that team already.")
        queue(work, row, happening, team_id=to.team_id, by=by, note=note)
        return []
    if row["assignee_id"] == to.agent_id:
        nickname = directory_of(work).agents[to.agent_id].nickname
        raise NotPossibleNow(f"{nickname} has it already.")
    warnings = warnings_for(work, to.agent_id, row["team_id"])
    give(
        work,
        row,
        to.agent_id,
        happening,
        by=by,
        note=note,
        why={"step": happening, "warnings": [warning.type for warning in warnings]},
    )
    return warnings


def transfer(
    work: Work, session_id: int, to: To, scope: TransferScope, by: int, note: str | None
) -> tuple[list[int], list[Warning]]:
    """Transfer this session, or all of mine that are open; return which moved.

    Raises what :func:`hand_over` raises.
    """
    if scope == TransferScope.SESSION:
        return [session_id], hand_over(work, session_id, to, Happening.TRANSFERRED, by, note)
    if to.agent_id == by:
        raise NotPossibleNow("They are yours already.")
    mine = work.execute(
        sa.select(SESSIONS.c.id)
        .where(SESSIONS.c.state == SessionState.OPEN, SESSIONS.c.assignee_id == by)
        .order_by(SESSIONS.c.wait_key, SESSIONS.c.id)
        .limit(MOST_IN_A_TRANSFER)
    )
    moved: list[int] = []
    warnings: dict[str, Warning] = {}
    for found in mine.all():
        for warning in hand_over(work, found.id, to, Happening.TRANSFERRED, by, note):
            warnings[warning.type] = warning
        moved.append(found.id)
    return moved, list(warnings.values())


def warnings_for(work: Work, agent_id: int, team_id: int | None) -> list[Warning]:
    """Return what the screen would ask about before giving an agent a session (R5, T3)."""
    directory = directory_of(work)
    if directory.single == agent_id:
        return []
    agent = directory.agents[agent_id]
    found: list[Warning] = []
    over = placement.over_limit(work, agent_id, team_id)
    if over:
        found.append(Warning(type="over-limit", detail=over))
    if presence_of(work.connection, agent_id) != Presence.PRESENT:
        found.append(Warning(type="absent", detail=f"{agent.name} has no inbox open."))
    return found


def end(work: Work, session_id: int, agent_id: int, request: PostEnd) -> int:
    """End a session with its case (T4); return its id.

    Raises NotFound, NotPossibleNow when it is closed, Invalid when it has no reply and no reason.
    """
    row = _open(work, session_id)
    if row["replies"] == 0 and not (request.reason or "").strip():
        raise Invalid("This session had no reply: say why it is ended.", data={"path": "reason"})
    if request.case is not None:
        cases.edit_of_session(work, session_id, request.case, agent_id)
    close(work, row, CloseReason.ENDED, by=agent_id, reason=request.reason)
    return session_id


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
            "unassigned_reason": None,
            "wait_until": None,
        },
        actor_id=by,
        data={"how": how, "reason": reason},
        subject_id=entry.id,
        entry=entry,
    )
    cases.session_closed(work, row["id"], how, by)


def read(work: Work, session_id: int, agent_id: int, customer_messages: int) -> int:
    """Note how many customer messages an agent has seen; never fewer than before."""
    row = open_row(work, session_id)
    seen = max(0, min(customer_messages, row["customer_messages"]))
    mine = (MARKS.c.session_id == session_id) & (MARKS.c.agent_id == agent_id)
    known = work.one(sa.select(MARKS.c.read).where(mine))
    if seen <= (known.read if known else 0):
        return session_id
    work.execute(
        _MARK.values(
            session_id=session_id, agent_id=agent_id, read=seen, starred=False
        ).on_conflict_do_update(
            index_elements=["session_id", "agent_id"],
            set_={"read": sa.func.max(MARKS.c.read, seen)},
        )
    )
    work.append(
        EventKind.SESSION_READ,
        actor_id=agent_id,
        session_id=session_id,
        data={"customer_messages": seen},
    )
    return session_id


def star(work: Work, session_id: int, agent_id: int, starred: bool) -> int:
    """Star or unstar a session for one agent."""
    open_row(work, session_id)
    work.execute(
        _MARK.values(
            session_id=session_id, agent_id=agent_id, read=0, starred=starred
        ).on_conflict_do_update(
            index_elements=["session_id", "agent_id"], set_={"starred": starred}
        )
    )
    work.append(
        EventKind.SESSION_STARRED,
        actor_id=agent_id,
        session_id=session_id,
        data={"starred": starred},
    )
    return session_id


def patch(work: Work, session_id: int, agent_id: int, request: PatchSession) -> int:
    """Set priority, category or language by hand (C7). Raises NotFound, NotPossibleNow."""
    row = _open(work, session_id)
    wanted = {
        "priority": request.priority,
        "category": request.category,
        "language": request.language,
    }
    changes = {key: value for key, value in wanted.items() if value is not None}
    changes = {key: value for key, value in changes.items() if row[key] != value}
    if changes:
        placement.write(work, row, changes)
        work.append(
            EventKind.SESSION_CHANGED, actor_id=agent_id, session_id=session_id, data=changes
        )
    return session_id


def _open(work: Work, session_id: int) -> dict[str, Any]:
    row = open_row(work, session_id)
    if row["state"] != SessionState.OPEN:
        raise NotPossibleNow(f"Session {session_id} is closed.")
    return row


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
