"""Commits what the engine decided, by compare-and-set.

Presence, switch, membership and limits are checked again in the unit of work that assigns: a
decision rests on what was known, a commit on what is.
"""

from typing import Any

import sqlalchemy as sa

from inbox_tui.assignment import Assign, Wait, WaitReason
from inbox_tui.backend.assigner.facts import HELD
from inbox_tui.backend.directory import directory_of
from inbox_tui.backend.people.presence import presence_of
from inbox_tui.backend.sessions import placement
from inbox_tui.backend.sessions.moves import give
from inbox_tui.backend.views import SESSIONS
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.words import EventKind, Happening, Presence, SessionState

EXPLAINED = 12
"""Candidates kept with each assignment for its explanation."""

_AGENTS = tables.table(tables.Agent)
_MEMBERS = tables.table(tables.TeamMember)


def assign(work: Work, decision: Assign) -> bool:
    """Commit one assignment if everything it rests on still holds; say whether it did."""
    row = placement.open_row(work, decision.session_id)
    if row["state"] != SessionState.OPEN or row["assignee_id"] is not None:
        return False
    if row["team_chosen"] and row["team_id"] != decision.team_id:
        return False
    if not _may_take(work, decision):
        return False
    if decision.turn is not None and decision.team_id is not None:
        member = (_MEMBERS.c.team_id == decision.team_id) & (
            _MEMBERS.c.agent_id == decision.agent_id
        )
        found = work.one(sa.select(_MEMBERS.c.turn).where(member))
        turn = decision.turn.after(found.turn if found else 0.0)
        work.execute(sa.update(_MEMBERS).where(member), {"turn": turn})
    work.execute(
        sa.update(_AGENTS).where(_AGENTS.c.id == decision.agent_id), {"last_assigned_at": work.now}
    )
    give(work, row, decision.agent_id, Happening.ASSIGNED, by=None, why=why(decision))
    return True


def _may_take(work: Work, decision: Assign) -> bool:
    directory = directory_of(work)
    if directory.single is not None:
        return directory.single == decision.agent_id  # P1
    agent = directory.agents.get(decision.agent_id)
    row = work.one(
        sa.select(_AGENTS.c.accepting, _AGENTS.c.active).where(_AGENTS.c.id == decision.agent_id)
    )
    if agent is None or row is None or not row.active or not row.accepting:
        return False
    if decision.team_id is not None:
        team = directory.teams.get(decision.team_id)
        if team is None or (decision.method is not None and agent.id not in team.members):
            return False
    if presence_of(work.connection, agent.id) != Presence.PRESENT:
        return False
    return placement.over_limit(work, agent.id, decision.team_id) is None


def why(decision: Assign) -> dict[str, Any]:
    """Return what is kept with an assignment to explain it later (R13)."""
    return {
        "step": decision.step,
        "method": decision.method,
        "at": decision.at,
        "total": decision.candidates_total,
        "candidates": [
            {
                "agent": candidate.nickname,
                "verdict": candidate.verdict,
                "detail": candidate.detail,
                "rank": candidate.rank,
                "open": candidate.open,
                "limit": candidate.limit,
                "presence": candidate.presence,
                "accepting": candidate.accepting,
            }
            for candidate in decision.candidates[:EXPLAINED]
        ],
    }


def show_reason(work: Work, decision: Wait) -> None:
    """Show where and why one session waits (R7)."""
    row = placement.open_row(work, decision.session_id)
    if row["assignee_id"] is not None or row["state"] != SessionState.OPEN:
        return
    if row["team_chosen"] and row["team_id"] != decision.team_id:
        return
    wanted = {
        "team_id": decision.team_id,
        "queue": decision.queue,
        "rule_id": decision.rule_id,
        "priority": row["priority"] if row["priority_chosen"] else decision.priority,
        "unassigned_reason": decision.reason,
        "wait_until": decision.wait_until,
    }
    changes = {key: value for key, value in wanted.items() if row[key] != value}
    if changes:
        placement.move(
            work,
            row,
            EventKind.SESSION_CHANGED,
            changes,
            data={"unassigned_reason": decision.reason},
        )


def show_reasons(work: Work, decision: WaitReason) -> None:
    """Show why every session of one queue waits (R7)."""
    of_queue = (
        (SESSIONS.c.state == SessionState.OPEN)
        & SESSIONS.c.assignee_id.is_(None)
        & (SESSIONS.c.queue == decision.queue)
        & sa.func.coalesce(SESSIONS.c.unassigned_reason, "").not_in([*HELD, decision.reason])
    )
    # One statement, and no event for each: what is shown of a queue is told by its own event.
    changed = work.execute(
        sa.update(SESSIONS)
        .where(of_queue)
        .values(unassigned_reason=decision.reason, version=SESSIONS.c.version + 1)
    )
    if changed.rowcount:
        team_id = work.one(
            sa.select(SESSIONS.c.team_id).where(SESSIONS.c.queue == decision.queue).limit(1)
        )
        work.append(
            EventKind.QUEUE_CHANGED,
            subject_id=None if team_id is None else team_id[0],
            data={
                "team": None if team_id is None else directory_of(work).slug(team_id[0]),
                "unassigned_reason": decision.reason,
            },
        )
