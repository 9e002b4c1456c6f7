"""``/api/me``, ``/api/agents``, ``/api/teams``, ``/api/channels``, ``/api/tokens``."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from inbox_tui.backend import auth
from inbox_tui.backend.context import Caller, Context, Owner, Supervisor
from inbox_tui.backend.people import accounts, presence, queries, service
from inbox_tui.backend.people.views import agent_view
from inbox_tui.wire import models
from inbox_tui.wire.requests import PatchAgent, PostToken, PutAccepting

MOST_IN_A_PAGE = 1_000

Limit = Annotated[int, Query(ge=1, le=MOST_IN_A_PAGE)]

router = APIRouter(prefix="/api", tags=["people"])


@router.get("/me")
async def get_me(context: Context, caller: Caller) -> models.Me:
    """Return who is asking and the settings their screen needs."""
    return await context.database.read(
        lambda connection: queries.me(
            connection, context.directory, caller.id, embedded=context.embedded
        )
    )


@router.put("/me/accepting")
async def put_my_accepting(body: PutAccepting, context: Context, caller: Caller) -> models.Agent:
    """Turn my accept switch; 409 in a workspace of one account, which has none (P1, P2)."""
    await context.database.write(service.set_accepting, caller.id, body, caller.id)
    return await context.database.read(agent_view, context.directory, caller.id)


@router.delete("/me/presence/{window}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_presence(window: str, context: Context, caller: Caller) -> None:
    """Close this inbox window now, without grace (P3)."""
    await context.database.write(presence.closed, caller.id, window)


@router.get("/agents")
async def list_agents(
    context: Context, caller: Caller, limit: Limit = 200, cursor: str | None = None
) -> models.Page[models.Agent]:
    """Return agents by nickname, with presence, switch, open count and limit (P6)."""
    return await context.database.read(queries.agents, context.directory, limit, cursor)


@router.put("/agents/{nickname}/accepting")
async def put_accepting(
    nickname: str, body: PutAccepting, context: Context, supervisor: Supervisor
) -> models.Agent:
    """Turn a colleague's accept switch; they see who did it (P5)."""
    agent_id = await context.database.write(service.set_accepting_of, nickname, body, supervisor)
    return await context.database.read(agent_view, context.directory, agent_id)


@router.patch("/agents/{nickname}")
async def patch_agent(
    nickname: str, body: PatchAgent, context: Context, supervisor: Supervisor
) -> models.Agent:
    """Set a colleague's limit of open sessions (V2, R5), or activate and deactivate (R12).

    Deactivating is for owners and refused with 409 for the last of them; ask for
    ``GET /api/agents/{nickname}/deactivation`` first.
    """
    agent_id = await context.database.write(service.change_of, nickname, body, supervisor)
    return await context.database.read(agent_view, context.directory, agent_id)


@router.get("/agents/{nickname}/deactivation")
async def get_deactivation(nickname: str, context: Context, owner: Owner) -> models.Deactivation:
    """Say what deactivating this account would do (R12)."""
    return await context.database.read(accounts.effects, context.directory, nickname)


@router.get("/teams")
async def list_teams(
    context: Context, caller: Caller, limit: Limit = 200, cursor: str | None = None
) -> models.Page[models.Team]:
    """Return teams by slug, with how many sessions wait in each one's queue."""
    return await context.database.read(queries.teams, context.directory, limit, cursor)


@router.get("/channels")
async def list_channels(
    context: Context, caller: Caller, limit: Limit = 200, cursor: str | None = None
) -> models.Page[models.Channel]:
    """Return channels by slug, with what each can carry. Credentials are never told."""
    return await context.database.read(queries.channels, context.directory, limit, cursor)


@router.post("/tokens", status_code=status.HTTP_201_CREATED)
async def post_token(body: PostToken, context: Context, owner: Owner) -> models.NewToken:
    """Make a bearer token for an agent, told this once."""
    by = owner.id if owner is not None else None
    token = await context.database.write(auth.make_token, body.nickname, by)
    return models.NewToken(nickname=body.nickname, token=token)
