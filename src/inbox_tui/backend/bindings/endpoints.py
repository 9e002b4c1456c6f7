"""``/api/bindings``: who is bound to whom; ending and moving a binding (Q8)."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from inbox_tui.backend.bindings import queries, service
from inbox_tui.backend.context import Caller, Context, Supervisor
from inbox_tui.backend.directory import AgentName, directory_of
from inbox_tui.store.work import Work
from inbox_tui.wire import models
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
