"""Why a session is where it is (R13): from the engine now, or from what was kept when it moved."""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from inbox_tui.backend.directory import Directory
from inbox_tui.backend.views import session_row
from inbox_tui.clock import to_datetime
from inbox_tui.errors import NotFound
from inbox_tui.store import tables
from inbox_tui.wire.models import Candidate, Explanation
from inbox_tui.wire.words import EventKind, Method, Presence, SessionState

if TYPE_CHECKING:
    from inbox_tui.backend.backend import Backend

_EVENTS = tables.table(tables.Event)

# A name may be "you" or a plural: no verb's form may hang on it.
_BY_HAND = {
    "claim": "{assignee} took it from Unassigned.",
    "claimed": "{assignee} took it from Unassigned.",
    "designated": "{by} assigned it to {assignee}.",
    "transferred": "{by} transferred it to {assignee}.",
}
_BY_ENGINE = {
    "only_account": "The only account gets every session: {assignee}.",
    "designated": "It was sent to the team {team}; next in turn: {assignee} ({method}).",
    "channel_team": "Its channel belongs to the team {team}; next in turn: {assignee} ({method}).",
    "workspace_pool": "Its channel has no team; next in turn of everybody: {assignee} ({method}).",
}
_METHODS = {
    "round_robin": "round robin: the longest since their last turn",
    "least_open": "least open: the fewest open sessions",
    "least_loaded": "least loaded: the lowest share of their limit",
}


async def explain(context: "Backend", session_id: int) -> Explanation:
    """Explain where a session is. Raises NotFound."""
    row = await context.database.read(session_row, session_id)
    if row is None:
        raise NotFound(f"There is no session {session_id}.")
    if row.state == SessionState.OPEN and row.assignee_id is None:
        return _from_engine(context, session_id)
    event = await context.database.read(_last_assignment, session_id)
    return _from_log(context.directory, row, event)


def _last_assignment(connection: Connection, session_id: int) -> Row[Any] | None:
    return connection.execute(
        sa.select(_EVENTS)
        .where(_EVENTS.c.session_id == session_id, _EVENTS.c.kind == EventKind.SESSION_ASSIGNED)
        .order_by(_EVENTS.c.seq.desc())
        .limit(1)
    ).first()


def _from_engine(context: "Backend", session_id: int) -> Explanation:
    found = context.assigner.explain(session_id)
    return Explanation(
        session_id=session_id,
        at=to_datetime(found.at),
        summary=found.summary,
        step=found.step,
        team=context.directory.slug(found.team_id),
        method=found.method,
        assignee=context.directory.nickname(found.assignee_id),
        reason=found.reason,
        queue_position=found.queue_position,
        candidates=[
            Candidate(
                agent=each.nickname,
                verdict=each.verdict,
                detail=each.detail,
                rank=each.rank,
                open=each.open,
                limit=each.limit,
                presence=each.presence,
                accepting=each.accepting,
            )
            for each in found.candidates
        ],
        candidates_total=found.candidates_total,
    )


def _from_log(directory: Directory, row: Any, event: Row[Any] | None) -> Explanation:  # noqa: ANN401
    """Tell the assignment as it was decided; the sentence in words, the numbers of that moment."""
    assignee = directory.nickname(row.assignee_id)
    if event is None:
        summary = "It was closed before anybody served it." if row.closed_at else ""
        return Explanation(
            session_id=row.id, at=to_datetime(row.opened_at), summary=summary, step="none"
        )
    why = event.data.get("why") or {}
    by = directory.nickname(event.actor_id)
    step = str(why.get("step", ""))
    method = why.get("method")
    sentences = _BY_ENGINE if event.actor_id is None else _BY_HAND
    team = directory.slug(event.data.get("team_id"))
    summary = sentences.get(step, "Served by {assignee}.").format(
        assignee=assignee, by=by, team=team, method=_METHODS.get(str(method), method)
    )
    if "over-limit" in why.get("warnings", []):
        summary += " That was one over the limit."
    return Explanation(
        session_id=row.id,
        at=to_datetime(event.at),
        summary=summary,
        step=step,
        team=team,
        method=Method(method) if method else None,
        assignee=assignee,
        candidates=[
            Candidate(**{**each, "presence": Presence(each["presence"])})
            for each in why.get("candidates", [])
        ],
        candidates_total=why.get("total", 0),
    )
