"""``/api/codes``: codes made, shown, drawn as QR, revoked (Q1, Q9)."""

import asyncio
import secrets
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from inbox_tui import codes
from inbox_tui.backend.codes import queries, service
from inbox_tui.backend.context import Caller, Context
from inbox_tui.backend.people.accounts import account_named
from inbox_tui.errors import NotPossibleNow, Unavailable
from inbox_tui.wire.codes import Code, PostCode
from inbox_tui.wire.models import Page
from inbox_tui.wire.words import CodeState

MOST_TRIES = 20
"""Codes tried until one was never used before; with a million made, the second is free."""

router = APIRouter(prefix="/api/codes", tags=["codes"])


@router.post("", responses={201: {"description": "It was made", "model": Code}})
async def post_code(body: PostCode, context: Context, caller: Caller, response: Response) -> Code:
    """Return the live code of an agent, a team, or an agent inside a team on a channel (Q1).

    Made if there is none yet (201), else the one there is (200), with the tags and the expiry given
    here. 409 for a channel that cannot carry a code, 503 while it does not tell its address.
    """
    text = await context.database.write(service.again, body, caller)
    if text is None:
        text, is_new = await _made(body, context, caller)
        if is_new:
            response.status_code = status.HTTP_201_CREATED
    return await context.database.read(
        queries.code, context.directory, caller, text, context.clock.now()
    )


async def _made(body: PostCode, context: Context, caller: Caller) -> tuple[str, bool]:
    """Make a code and return it, with true; or the one somebody else made meanwhile, with false."""
    _channel_id, adapter = context.channels.named(body.channel)
    for _ in range(MOST_TRIES):
        text = codes.make(secrets.randbelow)
        link = await adapter.link(text)
        made = await context.database.write(service.make, body, caller, text, link)
        if made is not None:
            return made, made == text
    raise Unavailable("No code was found that was never used before.")


@router.get("")
async def list_codes(
    context: Context,
    caller: Caller,
    channel: str | None = None,
    agent: str | None = None,
    team: str | None = None,
    state: Annotated[list[CodeState], Query()] = [],  # noqa: B006 - FastAPI copies it
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: str | None = None,
) -> Page[Code]:
    """Return codes, the newest first: my own, my teams', and of those I look after.

    Of one channel, agent or team, or in some states; revoked ones stay as history.
    """
    directory = context.directory
    return await context.database.read(
        lambda connection: queries.page_of_codes(
            connection,
            directory,
            caller,
            context.clock.now(),
            channel_id=None if channel is None else directory.channel_named(channel).id,
            agent_id=None if agent is None else account_named(directory, agent).id,
            team_id=None if team is None else directory.team_named(team).id,
            states=state,
            limit=limit,
            cursor=cursor,
        )
    )


@router.delete("/{code}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_code(code: str, context: Context, caller: Caller) -> None:
    """Revoke a code: it binds nobody any more. Bindings made by it stay."""
    await context.database.write(service.revoke, code, caller)


@router.get(
    "/{code}/qr.svg",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {}}, "description": "The QR"}},
)
async def get_svg(code: str, context: Context, caller: Caller) -> Response:
    """Draw the link of a live code as a QR, black on white, as SVG."""
    from inbox_tui.qr import image

    link = await _link(code, context, caller)
    drawn = await asyncio.to_thread(image.svg, link)
    return Response(drawn, media_type="image/svg+xml")


@router.get(
    "/{code}/qr.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}, "description": "The QR"}},
)
async def get_png(code: str, context: Context, caller: Caller) -> Response:
    """Draw the link of a live code as a QR, black on white, as PNG."""
    from inbox_tui.qr import image

    link = await _link(code, context, caller)
    drawn = await asyncio.to_thread(image.png, link)
    return Response(drawn, media_type="image/png")


async def _link(code: str, context: Context, caller: Caller) -> str:
    """Return the link of a live code. Raises NotPossibleNow for one that would bind nobody."""
    found = await context.database.read(
        queries.code, context.directory, caller, code, context.clock.now()
    )
    if found.state is not CodeState.LIVE:
        raise NotPossibleNow(f"The code {found.code} is {found.state}: it binds nobody.")
    return found.link
