"""``GET /api/wall``."""

from typing import Annotated

from fastapi import APIRouter, Query

from inbox_tui.backend.context import Context, Supervisor
from inbox_tui.backend.wall import queries
from inbox_tui.wire.wall import Wall

router = APIRouter(prefix="/api", tags=["wall"])


@router.get("/wall")
async def get_wall(
    context: Context,
    supervisor: Supervisor,
    agent: str | None = None,
    most: Annotated[int, Query(ge=0, le=100)] = 10,
) -> Wall:
    """Return queues, agents, what is late and how fast it comes and goes (V1).

    An owner sees everything, a supervisor their own teams. Of each queue the first ``most``
    sessions are told, in the order in which they are given; with ``agent`` what that one serves.
    """
    directory = context.directory
    asked = None if agent is None else directory.agent_named(agent).id
    scope = queries.scope_of(directory, supervisor.id)
    picture = queries.take_picture(context.wall, directory, scope, context.clock.now(), most)
    return await context.database.read(queries.wall, directory, picture, asked, most)
