"""``GET /api/events``: the live stream, with resume, gap detection and presence."""

import re
from collections.abc import AsyncIterator
from typing import Annotated

from anyio import BrokenResourceError
from fastapi import APIRouter, Depends, Header, Query
from fastapi.routing import APIRoute
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from inbox_tui.backend.context import Caller, Context
from inbox_tui.backend.live.frames import bounds, rebuild
from inbox_tui.backend.live.hub import Subscription
from inbox_tui.errors import Refused
from inbox_tui.wire.codec import encode


class _StreamRoute(APIRoute):
    """A stream that whoever listens may leave in the middle of a frame.

    FastAPI closes the near end of its own pipe before it stops who writes into the far end.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the stream ends or nobody listens."""
        try:
            await super().handle(scope, receive, send)
        except* BrokenResourceError:
            pass  # they have left: nobody is there to be told


router = APIRouter(tags=["live"], route_class=_StreamRoute)

_NUMBER = re.compile(r"[0-9]{1,18}")

PAGE = 500
MOST_TO_CATCH_UP = 20_000
"""Events a stream replays; one that was away longer is told to start afresh."""


async def _window(
    context: Context,
    caller: Caller,
    presence: bool = False,
    window: Annotated[str | None, Query(max_length=100)] = None,
) -> AsyncIterator[None]:
    """Keep the window that this stream is open, from before its first byte until it has ended.

    Whoever sees the stream begin may rely on it: the agent is present by then.
    """
    if presence and not window:
        raise Refused("A window that is present says which it is: window=ID.")
    if not presence or not window or not context.directory.agents[caller.id].active:
        yield
        return
    try:
        await context.windows.opened(caller.id, window)
        yield
    finally:
        context.windows.dropped(caller.id, window)


@router.get("/api/events", response_class=EventSourceResponse, dependencies=[Depends(_window)])
async def stream_events(
    context: Context,
    caller: Caller,
    after: Annotated[int | None, Query(ge=0)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Stream events after a number; ``Last-Event-ID`` counts over ``after``.

    The data of a frame is an ``Event`` and its id the sequence number. Numbers are contiguous: a
    hole means something was missed. An event named ``reset`` says that what was asked for is not
    held any more: read the lists again and go on from its id. With ``presence=1&window=ID`` the
    stream is an open inbox window (P3).
    """
    if last_event_id is not None and _NUMBER.fullmatch(last_event_id):
        after = int(last_event_id)
    subscription = context.hub.subscribe(caller.id)
    try:
        if not context.directory.agents[caller.id].active:
            return  # deactivated since it was asked who is calling
        async for event in _events(context, subscription, after):
            yield event
    finally:
        context.hub.leave(subscription)


async def _events(
    context: Context, subscription: Subscription, after: int | None
) -> AsyncIterator[ServerSentEvent]:
    oldest, newest = await context.database.read(bounds)
    at = newest if after is None else after
    if at > newest or at < oldest - 1 or newest - at > MOST_TO_CATCH_UP:
        at = newest
        yield ServerSentEvent(raw_data="{}", event="reset", id=str(at))
    else:
        yield ServerSentEvent(comment="connected")
    while at < newest:
        for event in await context.database.read(
            rebuild, context.directory, subscription.agent_id, at, PAGE, context.clock.now()
        ):
            at = event.seq
            yield ServerSentEvent(raw_data=encode(event).decode(), id=str(at))
    while (item := await subscription.next()) is not None:
        seq, data = item
        if seq > at:
            at = seq
            yield ServerSentEvent(raw_data=data, id=str(seq))
    if subscription.lost:
        yield ServerSentEvent(raw_data="{}", event="reset", id=str(at))
