"""What people do with sessions: claim, designate, transfer, take back, end, edit.

Plain functions of one unit of work. They check the rules and raise errors of
:mod:`inbox_tui.errors`; :mod:`moves` does it.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from inbox_tui.backend.cases import service as cases
from inbox_tui.backend.directory import AgentName, directory_of
from inbox_tui.backend.people.presence import presence_of
from inbox_tui.backend.people.roles import check_supervises, supervises_team
from inbox_tui.backend.sessions import placement
from inbox_tui.backend.sessions.moves import close, give, queue
from inbox_tui.backend.sessions.opening import LanguageFrom, base_language, language_set
from inbox_tui.backend.sessions.placement import open_row
from inbox_tui.backend.views import SESSIONS
from inbox_tui.errors import AlreadyTaken, Invalid, NotPossibleNow
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.models import Warning
from inbox_tui.wire.requests import PatchSession, PostEnd
from inbox_tui.wire.words import (
    CloseReason,
    EventKind,
    Happening,
    Presence,
    SessionState,
    TransferScope,
)

MOST_IN_A_TRANSFER = 1_000
"""Sessions that one "all my open sessions" moves at the most."""
OVER = "over-limit"
"""The type of the warning that somebody has more than their limit now (R5)."""

_AGENTS = tables.table(tables.Agent)


@dataclass(frozen=True, slots=True)
class To:
    """Where a session is handed: exactly one of an agent's and a team's id."""

    agent_id: int | None = None
    team_id: int | None = None


def claim(work: Work, session_id: int, agent_id: int) -> list[Warning]:
    """Take an unassigned session: of two people exactly one gets it (R11).

    Return what the screen asks about first: a person may exceed a limit by hand, and that is
    recorded (R5). Claiming one's own session again is no error. Raises NotFound, NotPossibleNow,
    AlreadyTaken.
    """
    row = _open(work, session_id)
    if row["assignee_id"] == agent_id:
        return []
    if row["assignee_id"] is not None:
        raise taken(work, row)
    over = [each for each in warnings_for(work, agent_id, row["team_id"]) if each.type == OVER]
    why = {"step": "claim", "warnings": [each.type for each in over]}
    give(work, row, agent_id, Happening.CLAIMED, by=agent_id, why=why)
    return over


def taken(work: Work, row: dict[str, Any]) -> AlreadyTaken:
    """Return the error that says who was first, and how long ago (R11)."""
    winner = directory_of(work).agents[row["assignee_id"]]
    seconds = max(0, (work.now - (row["assigned_at"] or work.now)) // 1000)
    return AlreadyTaken(
        f"Taken by {winner.nickname} {_in_words(seconds)} ago.",
        data={"assignee": winner.nickname, "seconds_ago": seconds},
    )


def _in_words(seconds: int) -> str:
    """Return a span in its largest unit, rounded down: ``40 s``, ``3 min``, ``2 h``, ``5 d``."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


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


def take_back(work: Work, session_id: int, by: AgentName) -> None:
    """Take a session from whoever serves it, back to routing (V2): it does not come to them again.

    A team that a person chose for it stays chosen. May do so who looks after the assignee, or
    supervises the session's team. Raises NotFound, NotPossibleNow when it is closed or nobody
    serves it, Forbidden.
    """
    row = _open(work, session_id)
    if row["assignee_id"] is None:
        raise NotPossibleNow("Nobody serves this session: it waits already.")
    directory = directory_of(work)
    if not supervises_team(directory, by, row["team_id"]):
        check_supervises(directory, by, directory.agents[row["assignee_id"]])
    queue(
        work,
        row,
        Happening.TAKEN_BACK,
        team_id=row["team_id"],
        by=by.id,
        team_chosen=row["team_chosen"],
        lapsed=[*row["lapsed"], row["assignee_id"]],
        owner_waited=True,
    )


def warnings_for(work: Work, agent_id: int, team_id: int | None) -> list[Warning]:
    """Return what the screen would ask about before giving an agent a session (R5, T3)."""
    directory = directory_of(work)
    if directory.single == agent_id:
        return []
    agent = directory.agents[agent_id]
    found: list[Warning] = []
    over = placement.over_limit(work, agent_id, team_id)
    if over:
        found.append(Warning(type=OVER, detail=over))
    if presence_of(work.connection, agent_id) != Presence.PRESENT:
        found.append(Warning(type="absent", detail=f"{agent.name} has no inbox open."))
    return found


def end(work: Work, session_id: int, agent_id: int, request: PostEnd) -> None:
    """End a session with its case (T4).

    Raises NotFound, NotPossibleNow when it is closed, Invalid when it has no reply and no reason.
    """
    row = _open(work, session_id)
    if row["replies"] == 0 and not (request.reason or "").strip():
        raise Invalid("This session had no reply: say why it is ended.", data={"path": "reason"})
    if request.case is not None:
        cases.edit_of_session(work, session_id, request.case, agent_id)
    close(work, row, CloseReason.ENDED, by=agent_id, reason=request.reason)


def patch(work: Work, session_id: int, agent_id: int, request: PatchSession) -> None:
    """Set priority, category or language by hand (C7).

    Raises NotFound, NotPossibleNow, and Invalid for a language that is no code of one.

    No rule, tier or message changes priority and language after that (R4, R7).
    """
    row = _open(work, session_id)
    wanted = {
        "priority": request.priority,
        "category": request.category,
        "language": request.language,
    }
    changes: dict[str, Any] = {key: value for key, value in wanted.items() if value is not None}
    # Set by hand it is somebody's choice, even where it was so already: no rule changes it.
    if request.priority is not None:
        changes["priority_chosen"] = True
    if request.language is not None:
        changes["language"] = base_language(language_set(request.language))
        changes["language_from"] = LanguageFrom.HAND
    changes = {key: value for key, value in changes.items() if row[key] != value}
    if changes:
        placement.write(work, row, changes)
        work.append(
            EventKind.SESSION_CHANGED,
            actor_id=agent_id,
            session_id=session_id,
            data={key: value for key, value in changes.items() if key in wanted},
        )


def _open(work: Work, session_id: int) -> dict[str, Any]:
    row = open_row(work, session_id)
    if row["state"] != SessionState.OPEN:
        raise NotPossibleNow(f"Session {session_id} is closed.")
    return row
