"""Commits what the engine decided, by compare-and-set.

What a decision rests on is checked again in the unit of work that carries it out: a decision rests
on what was known, a commit on what is. A message that came meanwhile changes nothing of that, so
an assignment does not ask for the very version it was decided on, but for everything that made it.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from inbox_tui.assignment import Assign, Cause, Step, TakeBack, Turn, Wait, WaitReason
from inbox_tui.backend.assigner.facts import HELD
from inbox_tui.backend.cases import service as cases
from inbox_tui.backend.directory import directory_of
from inbox_tui.backend.people.presence import presence_of
from inbox_tui.backend.sessions import placement
from inbox_tui.backend.sessions.moves import give, queue
from inbox_tui.backend.sessions.why import MOST_KEPT, why
from inbox_tui.backend.views import SESSIONS
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.words import EventKind, Happening, Presence, SessionState

EXPLAINED = MOST_KEPT
"""Candidates told of a session that waits."""

_TURNS = tables.table(tables.RuleTurn)
_OWN = {
    Step.BINDING: "bound_agent_id",
    Step.DEDICATED_AGENT: "dedicated_agent_id",
    Step.PREVIOUS_AGENT: "previous_agent_id",
}
"""The steps that name an agent (R1), and where a session has that agent."""
# At the driver: every assignment runs these.
_ON_DUTY = "SELECT 1 FROM agents WHERE id = ? AND accepting AND active"
_ASSIGNED_AT = "UPDATE agents SET last_assigned_at = ? WHERE id = ?"
_TURN = "SELECT turn FROM team_members WHERE team_id = ? AND agent_id = ?"
_TURNED = "UPDATE team_members SET turn = ? WHERE team_id = ? AND agent_id = ?"
# Written out, not bound: only so the index of those that wait is used.
_WAITING = sa.text("state = 'open' AND assignee_id IS NULL")


def assign(work: Work, decision: Assign) -> bool:
    """Commit one assignment if everything it rests on still holds; say whether it did."""
    row = placement.open_row(work, decision.session_id)
    if not _waits(row, decision.team_id) or not _may_take(work, row, decision):
        return False
    if decision.turn is not None:
        _move_turn(work, decision.queue, decision.agent_id, decision.turn)
    work.plain(_ASSIGNED_AT, work.now, decision.agent_id)
    routed = {
        "team_id": decision.team_id,
        "rule_id": decision.rule_id,
        "priority": row["priority"] if row["priority_chosen"] else decision.priority,
    }
    give(work, row, decision.agent_id, Happening.ASSIGNED, by=None, why=why(decision), also=routed)
    return True


def _waits(row: Mapping[str, Any], team_id: int | None) -> bool:
    """Say whether a session still waits, and for this team if a person has sent it to one."""
    if row["state"] != SessionState.OPEN or row["assignee_id"] is not None:
        return False
    return not row["team_chosen"] or row["team_id"] == team_id


def _may_take(work: Work, row: Mapping[str, Any], decision: Assign) -> bool:
    directory = directory_of(work)
    if directory.single is not None:
        return directory.single == decision.agent_id  # P1
    agent_id = decision.agent_id
    if agent_id in row["lapsed"] or row["unassigned_reason"] in HELD:
        return False
    if work.plain(_ON_DUTY, agent_id).fetchone() is None:
        return False
    if not _is_asked(work, row, decision):
        return False
    if decision.online_only and presence_of(work.connection, agent_id) != Presence.PRESENT:
        return False
    return placement.over_limit(work, agent_id, decision.team_id) is None


def _is_asked(work: Work, row: Mapping[str, Any], decision: Assign) -> bool:
    """Say whether an agent still is who the step of the decision speaks of."""
    own = _OWN.get(decision.step)
    if own is not None:
        return bool(row[own] == decision.agent_id)
    directory = directory_of(work)
    kind, number = _named(decision.queue)
    if kind == "rule":
        rule = directory.rules.get(number)
        if rule is None or not rule.enabled:
            return False
        if rule.team_id is None:
            return decision.agent_id in rule.agents
        number = rule.team_id
    elif kind != "team":
        return True
    team = directory.teams.get(number)
    return team is not None and decision.agent_id in team.members


def _move_turn(work: Work, queue_name: str, agent_id: int, turn: Turn) -> None:
    """Move an agent's place in the rotation of a queue (R14)."""
    kind, number = _named(queue_name)
    if kind == "team":
        found = work.plain(_TURN, number, agent_id).fetchone()
        if found is not None:
            work.plain(_TURNED, turn.after(found[0]), number, agent_id)
    elif kind == "rule":
        of_rule = (_TURNS.c.rule_id == number) & (_TURNS.c.agent_id == agent_id)
        stored = work.one(sa.select(_TURNS.c.turn).where(of_rule))
        after = turn.after(stored.turn if stored else 0.0)
        work.execute(
            upsert(_TURNS)
            .values(rule_id=number, agent_id=agent_id, turn=after)
            .on_conflict_do_update(index_elements=["rule_id", "agent_id"], set_={"turn": after})
        )


def _named(queue_name: str) -> tuple[str, int]:
    """Return what a queue is of: ``("team", 3)`` of ``team:3``."""
    kind, _, number = queue_name.partition(":")
    return kind, int(number or 0)


def take_back(work: Work, decision: TakeBack) -> bool:
    """Take a session from its agent if it still is unanswered; say whether that was so (R10, R12).

    It goes back to routing and waits for no particular agent any more. Whoever let it lapse does
    not get it again; whoever only left may, once they are back.
    """
    row = placement.open_row(work, decision.session_id)
    agent_id = decision.agent_id
    if (
        row["version"] != decision.session_version
        or row["state"] != SessionState.OPEN
        or row["assignee_id"] != agent_id
        or row["waiting_since"] is None
        or directory_of(work).single is not None
    ):
        return False
    lapsed = [*row["lapsed"]]
    if decision.cause is Cause.LAPSED:
        lapsed.append(agent_id)
    elif presence_of(work.connection, agent_id) != Presence.ABSENT:
        return False
    queue(
        work,
        row,
        Happening.UNASSIGNED,
        team_id=row["team_id"],
        by=None,
        team_chosen=bool(row["team_chosen"]),
        reason=decision.cause,
        lapsed=lapsed,
        owner_waited=True,
    )
    cases.unassigned(work, row["id"], agent_id, decision.cause)
    return True


def show_reason(work: Work, decision: Wait) -> None:
    """Show where and why one session waits (R7)."""
    row = placement.open_row(work, decision.session_id)
    if not _waits(row, decision.team_id) or row["unassigned_reason"] in HELD:
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
    if not changes:
        return
    told = {"unassigned_reason": decision.reason}
    if "team_id" in changes:
        placement.move(work, row, EventKind.SESSION_CHANGED, changes, data=told)
    else:
        placement.write(work, row, changes)
        work.append(EventKind.SESSION_CHANGED, session_id=row["id"], data=told)


def show_reasons(work: Work, decision: WaitReason) -> None:
    """Show why every session of one line waits (R7)."""
    of_line = SESSIONS.c.queue == decision.queue
    first = work.one(sa.select(SESSIONS.c.team_id).where(_WAITING, of_line).limit(1))
    # One statement, and no event for each: what is shown of a line is told by its own event.
    changed = work.execute(
        sa.update(SESSIONS)
        .where(
            _WAITING,
            of_line,
            sa.func.coalesce(SESSIONS.c.unassigned_reason, "").not_in([*HELD, decision.reason]),
        )
        .values(unassigned_reason=decision.reason, version=SESSIONS.c.version + 1)
    )
    if changed.rowcount and first is not None:
        work.append(
            EventKind.QUEUE_CHANGED,
            subject_id=first.team_id,
            data={
                "queue": decision.queue,
                "team": directory_of(work).slug(first.team_id),
                "unassigned_reason": decision.reason,
            },
        )
