"""Why a session is where it is (R13): from the engine now, or from what was kept when it moved.

Decisions are what gave a session to somebody or took it from them: the events of its assignments.
Where it waits now is told by the engine itself. What is kept with each is :mod:`why`'s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from inbox_tui.assignment import Outcome
from inbox_tui.backend.assigner import journal
from inbox_tui.backend.directory import Directory
from inbox_tui.backend.sessions import explanation_words
from inbox_tui.backend.sessions.why import (
    candidates_shown,
    kept_candidates,
    kept_steps,
    steps_shown,
    why,
)
from inbox_tui.backend.views import ENTRIES, session_row
from inbox_tui.clock import optional_datetime, to_datetime
from inbox_tui.errors import NotFound
from inbox_tui.store import tables
from inbox_tui.wire.explanation import Earlier, Explanation
from inbox_tui.wire.words import (
    EventKind,
    Happening,
    Method,
    Priority,
    SessionState,
    UnassignedReason,
)

if TYPE_CHECKING:
    from inbox_tui.backend.backend import Backend

MOST_EARLIER = 100
"""Earlier decisions told of a session; how many there were is told as well."""

_EVENTS = tables.table(tables.Event)
_DECISIONS = (EventKind.SESSION_ASSIGNED, EventKind.SESSION_UNASSIGNED)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the tables say: the session, and its decisions, the newest first, as far as told."""

    row: Row[Any]
    decisions: Sequence[Row[Any]]
    total: int

    @property
    def waits(self) -> bool:
        """Whether nobody serves it now, so that the engine tells the present."""
        return self.row.state == SessionState.OPEN and self.row.assignee_id is None


async def explain(context: "Backend", session_id: int, decision: int = 0) -> Explanation:
    """Explain the present decision on a session (0), or the one so many before it.

    Raises NotFound for a session or a decision that is not there.
    """
    known = await context.database.read(_known, session_id)
    if known is None:
        raise NotFound(f"There is no session {session_id}.")
    directory = context.directory
    past = known.decisions if known.waits else known.decisions[1:]
    total = known.total if known.waits else max(0, known.total - 1)
    if decision > len(past):
        raise NotFound(
            f"There is no decision {decision} of session {session_id}: {total} came before the"
            " present one.",
            data={"path": "decision", "earlier": total},
        )
    if decision:
        kept = await _kept(context, past[decision - 1])
        told = _from_log(directory, known.row, past[decision - 1], decision, kept)
        told = replace(told, note=await _note(context, past[decision - 1]))
    elif known.waits:
        told = _from_engine(context, known.row)
    elif known.decisions:
        kept = await _kept(context, known.decisions[0])
        told = _from_log(directory, known.row, known.decisions[0], 0, kept)
        told = replace(told, note=await _note(context, known.decisions[0]))
    else:
        told = _without_log(directory, known.row)
    earlier = [_earlier(directory, number, event) for number, event in enumerate(past, start=1)]
    return replace(told, earlier=earlier[:MOST_EARLIER], earlier_total=total)


def _known(connection: Connection, session_id: int) -> _Known | None:
    row = session_row(connection, session_id)
    if row is None:
        return None
    ours = (_EVENTS.c.session_id == session_id) & _EVENTS.c.kind.in_(_DECISIONS)
    newest = sa.select(_EVENTS).where(ours).order_by(_EVENTS.c.seq.desc()).limit(MOST_EARLIER + 1)
    found = connection.execute(newest).all()
    total = len(found)
    if total > MOST_EARLIER:
        count = sa.select(sa.func.count()).select_from(_EVENTS).where(ours)
        total = int(connection.execute(count).scalar_one())
    return _Known(row, found, total)


async def _note(context: "Backend", event: Row[Any]) -> str | None:
    """Return what was written to the receiver of a decision by hand."""
    if event.actor_id is None or event.subject_id is None:
        return None

    def read(connection: Connection) -> str | None:
        entry = sa.select(ENTRIES.c.data).where(ENTRIES.c.id == event.subject_id)
        data = connection.execute(entry).scalar()
        return (data or {}).get("note")

    return await context.database.read(read)


async def _kept(context: "Backend", event: Row[Any]) -> Mapping[str, Any]:
    """Return what explains a decision: what is kept with it, else made again from the journal."""
    kept: Mapping[str, Any] = (event.data or {}).get("why") or {}
    at = kept.get("at")
    if kept.get("total") or at is None or event.actor_id is not None:
        return kept
    decision = await context.database.read(journal.rebuilt, event.session_id, at)
    return kept if decision is None else why(decision)


def _from_engine(context: "Backend", row: Row[Any]) -> Explanation:
    """Tell where a session waits now; as its row says, should the engine not know it yet."""
    directory = context.directory
    try:
        found = context.assigner.explain(row.id)
    except NotFound:
        reason = UnassignedReason(row.unassigned_reason) if row.unassigned_reason else None
        return Explanation(
            session_id=row.id,
            at=to_datetime(context.clock.now()),
            summary="It has just come and is about to be given out.",
            step="none",
            team=_slug(directory, row.team_id),
            reason=reason,
            priority=Priority(row.priority),
            wait_until=optional_datetime(row.wait_until),
        )
    waits = next((each for each in found.steps if each.outcome is Outcome.WAITS), None)
    excluded = found.excluded
    age = None if excluded is None else excluded.older_than
    return Explanation(
        session_id=row.id,
        at=to_datetime(found.at),
        summary=found.summary,
        step=found.step,
        team=_slug(directory, found.team_id),
        rule=found.rule or None,
        method=found.method,
        priority=found.priority,
        assignee=directory.nickname(found.assignee_id),
        reason=found.reason,
        waits_for=waits.name if waits is not None and found.wait_until is not None else None,
        wait_until=optional_datetime(found.wait_until),
        queue_position=found.queue_position,
        queue_length=found.queue_length,
        language=found.needs.language,
        skills=list(found.needs.skills),
        steps=steps_shown(found.steps),
        candidates=candidates_shown(found.candidates),
        candidates_total=found.candidates_total,
        excluded_tag=None if excluded is None else excluded.tag or None,
        excluded_age=None if age is None else age / 1000,
    )


def _from_log(
    directory: Directory,
    session: Row[Any],
    event: Row[Any],
    decision: int,
    kept: Mapping[str, Any],
) -> Explanation:
    """Tell a decision as it was made, with the numbers of that moment."""
    by_engine = event.kind == EventKind.SESSION_ASSIGNED and event.actor_id is None
    method = kept.get("method")
    brief = _earlier(directory, decision, event)
    # What the session has now says nothing about what it had then.
    priority = kept.get("priority") or (None if decision else session.priority)
    told = Explanation(
        session_id=session.id,
        decision=decision,
        at=brief.at,
        summary="",
        step=brief.step,
        closed=decision == 0 and session.state == SessionState.CLOSED,
        how=brief.how,
        by=brief.by,
        taken_from=brief.taken_from,
        cause=brief.cause,
        warnings=list(kept.get("warnings", [])),
        team=brief.team,
        rule=brief.rule,
        method=Method(method) if method else None,
        priority=Priority(priority) if priority else None,
        assignee=brief.assignee,
        language=kept.get("language"),
        skills=list(kept.get("skills", [])),
        steps=kept_steps(kept),
        candidates=kept_candidates(kept),
        candidates_total=kept.get("total", 0),
        candidates_kept=not by_engine or bool(kept.get("total")),
    )
    return replace(told, summary=explanation_words.sentence(told))


def _without_log(directory: Directory, session: Row[Any]) -> Explanation:
    """Tell of a session that nobody ever got, or whose events are no longer kept."""
    told = Explanation(
        session_id=session.id,
        at=to_datetime(session.assigned_at or session.opened_at),
        summary="",
        step="none",
        closed=session.state == SessionState.CLOSED,
        team=_slug(directory, session.team_id),
        priority=Priority(session.priority),
        assignee=directory.nickname(session.assignee_id),
    )
    return replace(told, summary=explanation_words.sentence(told))


def _earlier(directory: Directory, number: int, event: Row[Any]) -> Earlier:
    data = event.data or {}
    kept = data.get("why") or {}
    rule = directory.rules.get(kept.get("rule_id") or 0)
    was = data.get("place_was") or {}
    return Earlier(
        decision=number,
        at=to_datetime(event.at),
        how=Happening(data["how"]),
        assignee=directory.nickname(data.get("assignee_id")),
        step=str(kept.get("step", "")),
        rule=kept.get("rule") or (rule.name if rule is not None else None),
        team=_slug(directory, data.get("team_id")),
        by=directory.nickname(event.actor_id),
        taken_from=directory.nickname(was.get("assignee_id")),
        cause=data.get("reason") if event.kind == EventKind.SESSION_UNASSIGNED else None,
    )


def _slug(directory: Directory, team_id: int | None) -> str | None:
    """Return the slug of a team; None for no team, and for one that is no longer there."""
    team = None if team_id is None else directory.teams.get(team_id)
    return None if team is None else team.slug
