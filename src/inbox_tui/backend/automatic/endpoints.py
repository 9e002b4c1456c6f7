"""``/api/automatic``: automatic messages, their texts, a preview (M8)."""

from typing import Annotated

from fastapi import APIRouter, Query

from inbox_tui.backend.automatic import queries, service
from inbox_tui.backend.context import Caller, Context, Owner
from inbox_tui.backend.versions import ReadVersion
from inbox_tui.wire.automatic import (
    AutomaticMessages,
    PatchAutomatic,
    PostPreview,
    Preview,
    PutTemplate,
)
from inbox_tui.wire.words import Automatic

router = APIRouter(prefix="/api/automatic", tags=["automatic messages"])


@router.get("")
async def get_automatic(context: Context, caller: Caller) -> AutomaticMessages:
    """Return every kind of message: whether it is sent, what its texts may name, its texts."""
    return await _messages(context)


@router.patch("")
async def patch_automatic(
    body: PatchAutomatic, context: Context, owner: Owner
) -> AutomaticMessages:
    """Switch kinds on and off, and set the least time between two messages about a queue (M4)."""
    await context.database.write(service.patch, body, owner.id if owner else None)
    return await _messages(context)


@router.put("/{kind}/templates")
async def put_template(
    kind: Automatic, body: PutTemplate, context: Context, owner: Owner
) -> AutomaticMessages:
    """Write the text of a kind in a language, for one channel or for all.

    A text with an unknown variable is refused, and the variables that there are named.
    """
    await context.database.write(service.put_template, kind, body, owner.id if owner else None)
    return await _messages(context)


@router.delete("/{kind}/templates")
async def delete_template(
    kind: Automatic,
    context: Context,
    owner: Owner,
    version: ReadVersion,
    language: Annotated[str, Query()],
    channel: Annotated[str | None, Query()] = None,
) -> AutomaticMessages:
    """Take away a text that was written here: the one that comes with the program holds again."""
    by = owner.id if owner else None
    await context.database.write(service.remove_template, kind, language, channel, by, version)
    return await _messages(context)


@router.post("/preview")
async def post_preview(body: PostPreview, context: Context, caller: Caller) -> Preview:
    """Fill in a text with the data of a session, the latest one unless one is named (M8)."""
    return await queries.preview(context, caller, body)


async def _messages(context: Context) -> AutomaticMessages:
    return await context.database.read(queries.messages, context.directory)
