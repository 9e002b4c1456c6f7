"""``/api/bindings``: who is bound to whom, and how many; ending and moving bindings (Q8, Q10)."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from inbox_tui.backend.bindings import queries, service
from inbox_tui.backend.context import Caller, Context, Supervisor
from inbox_tui.backend.directory import AgentName, directory_of
from inbox_tui.backend.people.accounts import account_named
from inbox_tui.backend.people.roles import check_supervises
from inbox_tui.store.work import Work
from inbox_tui.wire import models
from inbox_tui.wire.codes import BindingCounts, BindingsChanged, PostMoveBindings
from inbox_tui.wire.requests import PostMoveBinding

router = APIRouter(prefix="/api/bindings", tags=["bindings"])


@router.get("")
async def list_bindings(
    context: Context,
    caller: Caller,
    agent: str | None = None,
    team: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: str | None = None,
) -> models.Page[models.Binding]:
    """Return the live bindings, of one agent or one team, the oldest first."""
    directory = context.directory
    agent_id = None if agent is None else directory.agent_named(agent).id
    team_id = None if team is None else directory.team_named(team).id
    return await context.database.read(
        lambda connection: queries.bindings(
            connection, directory, agent_id=agent_id, team_id=team_id, limit=limit, cursor=cursor
        )
    )


@router.get("/counts")
async def count_bindings(context: Context, caller: Caller) -> BindingCounts:
    """Return how many contacts are bound to each agent and each team (Q10)."""
    return await context.database.read(queries.counts, context.directory)


@router.delete("")
async def end_bindings(agent: str, context: Context, supervisor: Supervisor) -> BindingsChanged:
    """End every binding to an agent; whoever serves those contacts now goes on (Q8)."""
    return BindingsChanged(bindings=await context.database.write(_end_all, agent, supervisor))


@router.post("/move")
async def move_bindings(
    body: PostMoveBindings, context: Context, supervisor: Supervisor
) -> BindingsChanged:
    """Bind every contact of an agent to somebody else; who serves them now goes on (Q8).

    Who is bound there already stays as they are, and is not counted.
    """
    return BindingsChanged(bindings=await context.database.write(_move_all, body, supervisor))


@router.delete("/{binding_id}", status_code=status.HTTP_204_NO_CONTENT)
async def end_binding(binding_id: int, context: Context, supervisor: Supervisor) -> None:
    """End a binding; whoever serves the contact now goes on (Q8)."""

    def end(work: Work) -> None:
        service.check_may(work, binding_id, supervisor)
        service.end(work, binding_id, supervisor.id)

    await context.database.write(end)


@router.post("/{binding_id}/move")
async def move_binding(
    binding_id: int, body: PostMoveBinding, context: Context, supervisor: Supervisor
) -> models.Binding:
    """Bind its contact to somebody else instead; whoever serves them now goes on (Q8)."""
    moved = await context.database.write(_move, binding_id, body, supervisor)
    return await context.database.read(queries.binding, context.directory, moved)


def _move(work: Work, binding_id: int, body: PostMoveBinding, by: AgentName) -> int:
    service.check_may(work, binding_id, by)
    directory = directory_of(work)
    return service.move(
        work,
        binding_id,
        agent_id=None if body.agent is None else directory.agent_named(body.agent).id,
        team_id=None if body.team is None else directory.team_named(body.team).id,
        by=by.id,
    )


def _end_all(work: Work, nickname: str, by: AgentName) -> int:
    return service.end_all_of(work, _looked_after(work, nickname, by).id, by.id)


def _move_all(work: Work, body: PostMoveBindings, by: AgentName) -> int:
    directory = directory_of(work)
    return service.move_all_of(
        work,
        _looked_after(work, body.from_agent, by).id,
        agent_id=None if body.agent is None else directory.agent_named(body.agent).id,
        team_id=None if body.team is None else directory.team_named(body.team).id,
        by=by.id,
    )


def _looked_after(work: Work, nickname: str, by: AgentName) -> AgentName:
    directory = directory_of(work)
    agent = account_named(directory, nickname)
    check_supervises(directory, by, agent)
    return agent
