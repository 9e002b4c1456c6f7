"""``PUT /api/workspace``: applies a workspace file to the running server."""

from fastapi import APIRouter

from inbox_tui.backend.context import Context, Owner
from inbox_tui.backend.workspace import service
from inbox_tui.wire import models
from inbox_tui.wire.requests import PutWorkspace

router = APIRouter(prefix="/api/workspace", tags=["workspace"])


@router.put("")
async def put_workspace(body: PutWorkspace, context: Context, owner: Owner) -> models.Applied:
    """Make the workspace as the file says, and say what changed; a wrong file changes nothing.

    ``environment`` has the values of the file's ``env:NAME`` references: the server's own
    environment is not looked at.
    """
    by = owner.id if owner is not None else None
    applied = await context.database.write(service.apply_file, body.text, body.environment, by)
    # Whoever asks next finds the channels of the file at work.
    await context.channels_follow()
    return applied
