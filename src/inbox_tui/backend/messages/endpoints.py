"""HTTP of replies and notes."""

from typing import Annotated

from fastapi import APIRouter, Header

from inbox_tui.backend.context import Caller, Context
from inbox_tui.backend.messages import service
from inbox_tui.backend.sessions.in_sight import InSight
from inbox_tui.backend.views import session_row
from inbox_tui.errors import NotFound
from inbox_tui.wire.models import Content, Entry
from inbox_tui.wire.requests import PostMessage, PostNote

router = APIRouter(prefix="/api/sessions/{session_id}", tags=["messages"])


@router.post("/messages")
async def post_message(
    session_id: InSight,
    body: PostMessage,
    context: Context,
    caller: Caller,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Entry:
    """Reply to the customer: stored and queued; the same Idempotency-Key never sends twice."""
    row = await context.database.read(session_row, session_id)
    if row is None:
        raise NotFound(f"There is no session {session_id}.")
    capabilities = context.channels.adapter(row.channel_id).capabilities
    return await context.database.write(
        service.reply,
        session_id,
        caller.id,
        Content(kind=body.kind, text=body.text),
        capabilities,
        idempotency_key,
    )


@router.post("/notes")
async def post_note(session_id: InSight, body: PostNote, context: Context, caller: Caller) -> Entry:
    """Write an internal note, which the customer never sees (C3)."""
    return await context.database.write(service.note, session_id, caller.id, body.text)


@router.post("/messages/{entry_id}/retry")
async def retry_message(
    session_id: InSight, entry_id: int, context: Context, caller: Caller
) -> Entry:
    """Send a failed or uncertain reply again, because a person decided so."""
    return await context.database.write(service.retry, session_id, entry_id, caller.id)
