"""HTTP of sessions: lists, one session, its timeline, and what can be done with it."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query

from inbox_tui.backend.bindings.filters import bound_to
from inbox_tui.backend.context import Caller, Context, Supervisor
from inbox_tui.backend.directory import AgentName, Directory
from inbox_tui.backend.sessions import explanation, marks, queries, service
from inbox_tui.backend.sessions.in_sight import InSight
from inbox_tui.backend.sessions.queries import SessionQuery
from inbox_tui.backend.sessions.service import To
from inbox_tui.backend.sessions.sight import sight_of
from inbox_tui.backend.views import session_for, session_row
from inbox_tui.errors import Invalid, NotFound, StaleVersion
from inbox_tui.store.work import Work
from inbox_tui.wire.explanation import Explanation
from inbox_tui.wire.models import (
    Counts,
    Entry,
    Page,
    Session,
    SessionResult,
    TransferResult,
    Warning,
)
from inbox_tui.wire.requests import (
    PatchSession,
    PostAssign,
    PostEnd,
    PostRead,
    PostStar,
    PostTransfer,
)
from inbox_tui.wire.words import Category, Happening, ListName, Sort, StateFilter

router = APIRouter(prefix="/api", tags=["sessions"])

Several = Annotated[list[str], Query()]
IfMatch = Annotated[str | None, Header()]


@router.get("/counts")
async def get_counts(context: Context, caller: Caller) -> Counts:
    """How many sessions each of my lists holds."""
    sight = sight_of(context.directory, caller)
    return await context.database.read(queries.counts, context.directory, caller.id, sight)


@router.get("/sessions")
async def list_sessions(
    context: Context,
    caller: Caller,
    list_name: Annotated[ListName, Query(alias="list")] = ListName.ALL,
    sort: Sort = Sort.WAIT,
    q: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[list[StateFilter], Query()] = [],  # noqa: B006 - FastAPI copies it
    channel: Several = [],  # noqa: B006
    team: Several = [],  # noqa: B006
    agent: Several = [],  # noqa: B006
    category: Annotated[list[Category], Query()] = [],  # noqa: B006
    language: Several = [],  # noqa: B006
    tag: Several = [],  # noqa: B006
    tier: Several = [],  # noqa: B006
    bound: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: str | None = None,
) -> Page[Session]:
    """One page of a list, in either order. Filters may be given several times.

    ``tag`` and ``tier`` are the contact's; ``bound`` is whom the contact is bound to (Q11): ``me``,
    a nickname, a team's slug, or ``none``.
    """
    directory = context.directory
    query = SessionQuery(
        agent_id=caller.id,
        sight=sight_of(directory, caller),
        list_name=list_name,
        sort=sort,
        q=q,
        states=tuple(state),
        channel_ids=tuple(directory.channel_named(slug).id for slug in channel),
        team_ids=tuple(directory.team_named(slug).id for slug in team),
        agent_ids=tuple(directory.agent_named(nickname).id for nickname in agent),
        categories=tuple(category),
        languages=tuple(language),
        tags=tuple(tag),
        tiers=tuple(tier),
        bound=bound_to(directory, caller, bound),
        limit=limit,
        cursor=cursor,
    )
    return await context.database.read(
        queries.page_of_sessions, directory, query, context.clock.now()
    )


@router.get("/sessions/{session_id}")
async def get_session(session_id: InSight, context: Context, caller: Caller) -> Session:
    """One session."""
    return await _shown(context, caller, session_id)


@router.get("/sessions/{session_id}/timeline")
async def get_timeline(
    session_id: InSight,
    context: Context,
    caller: Caller,
    before: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Page[Entry]:
    """Messages, notes and happenings of the conversation, the newest last."""
    return await context.database.read(
        queries.timeline, context.directory, session_id, before, limit
    )


@router.get("/sessions/{session_id}/explanation")
async def explain_session(
    session_id: InSight,
    context: Context,
    caller: Caller,
    decision: Annotated[int, Query(ge=0, le=1_000)] = 0,
) -> Explanation:
    """Why it is where it is (R13): the present decision, or the one so many before it."""
    return await explanation.explain(context, session_id, decision)


@router.post("/sessions/{session_id}/claim")
async def claim_session(session_id: InSight, context: Context, caller: Caller) -> SessionResult:
    """Take an unassigned session; 409 says who was first (R11)."""
    return await _act(context, caller, session_id, None, service.claim)


@router.post("/sessions/{session_id}/assign")
async def assign_session(
    session_id: InSight,
    body: PostAssign,
    context: Context,
    caller: Caller,
    if_match: IfMatch = None,
) -> SessionResult:
    """Designate an agent or a team (R15)."""
    to = _to(context.directory, body.agent, body.team)
    return await _act(
        context,
        caller,
        session_id,
        if_match,
        lambda work, session, agent_id: service.hand_over(
            work, session, to, Happening.DESIGNATED, agent_id, body.note
        ),
    )


@router.post("/sessions/{session_id}/transfer")
async def transfer_session(
    session_id: InSight,
    body: PostTransfer,
    context: Context,
    caller: Caller,
    if_match: IfMatch = None,
) -> TransferResult:
    """Hand this session, or all of mine that are open, to an agent or a team (T1)."""
    to = _to(context.directory, body.agent, body.team)

    def move(work: Work) -> tuple[list[int], list[Warning]]:
        _check_version(work, session_id, if_match)
        return service.transfer(work, session_id, to, body.scope, caller.id, body.note)

    moved, warnings = await context.database.write(move)
    sessions = [await _shown(context, caller, each) for each in moved[:100]]
    return TransferResult(sessions=sessions, warnings=warnings)


@router.post("/sessions/{session_id}/take_back")
async def take_back_session(
    session_id: InSight, context: Context, supervisor: Supervisor, if_match: IfMatch = None
) -> SessionResult:
    """Take it from whoever serves it, back to routing (V2)."""
    return await _act(
        context,
        supervisor,
        session_id,
        if_match,
        lambda work, session, _agent_id: service.take_back(work, session, supervisor),
    )


@router.post("/sessions/{session_id}/end")
async def end_session(
    session_id: InSight, body: PostEnd, context: Context, caller: Caller, if_match: IfMatch = None
) -> SessionResult:
    """End it with its case; a reason is required when it had no reply (T4)."""
    if body.undo_for:
        raise Invalid("Undoing an end is not available yet.", data={"path": "undo_for"})
    return await _act(
        context,
        caller,
        session_id,
        if_match,
        lambda work, session, agent_id: service.end(work, session, agent_id, body),
    )


@router.post("/sessions/{session_id}/star")
async def star_session(
    session_id: InSight, body: PostStar, context: Context, caller: Caller
) -> SessionResult:
    """Star or unstar it for myself."""
    return await _act(
        context,
        caller,
        session_id,
        None,
        lambda work, session, agent_id: marks.star(work, session, agent_id, body.starred),
    )


@router.post("/sessions/{session_id}/read")
async def read_session(
    session_id: InSight, body: PostRead, context: Context, caller: Caller
) -> SessionResult:
    """Say how many of the customer's messages I have seen."""
    return await _act(
        context,
        caller,
        session_id,
        None,
        lambda work, session, agent_id: marks.read(work, session, agent_id, body.customer_messages),
    )


@router.patch("/sessions/{session_id}")
async def patch_session(
    session_id: InSight,
    body: PatchSession,
    context: Context,
    caller: Caller,
    if_match: IfMatch = None,
) -> SessionResult:
    """Set priority, category or language by hand (C7)."""
    return await _act(
        context,
        caller,
        session_id,
        if_match,
        lambda work, session, agent_id: service.patch(work, session, agent_id, body),
    )


async def _act(
    context: Context,
    caller: AgentName,
    session_id: InSight,
    if_match: str | None,
    action: Callable[[Work, int, int], list[Warning] | None],
) -> SessionResult:
    """Run an action on a session; answer with the session after it, and its warnings."""

    def act(work: Work) -> SessionResult:
        _check_version(work, session_id, if_match)
        warnings = action(work, session_id, caller.id) or []
        session = _show(work, context.directory, caller.id, session_id)
        return SessionResult(session=session, warnings=warnings)

    return await context.database.write(act)


def _show(work: Work, directory: Directory, agent_id: int, session_id: int) -> Session:
    row = session_row(work.connection, session_id)
    assert row is not None
    return session_for(work.connection, directory, row, agent_id, work.now)


async def _shown(context: Context, caller: AgentName, session_id: int) -> Session:
    def show(connection: Any) -> Session:  # noqa: ANN401 - SQLAlchemy's connection
        row = session_row(connection, session_id)
        if row is None:
            raise NotFound(f"There is no session {session_id}.")
        return session_for(connection, context.directory, row, caller.id, context.clock.now())

    return await context.database.read(show)


def _check_version(work: Work, session_id: InSight, if_match: str | None) -> None:
    if if_match is None:
        return
    row = session_row(work.connection, session_id)
    if row is not None and str(row.version) != if_match.strip().strip('"'):
        raise StaleVersion("It was changed meanwhile.", data={"version": row.version})


def _to(directory: Directory, agent: str | None, team: str | None) -> To:
    if (agent is None) == (team is None):
        raise Invalid("Name either an agent or a team.", data={"path": "agent"})
    if agent is not None:
        return To(agent_id=directory.agent_named(agent).id)
    assert team is not None
    return To(team_id=directory.team_named(team).id)
