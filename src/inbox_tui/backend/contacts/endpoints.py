"""``/api/contacts``: a contact's profile, read and edited."""

from fastapi import APIRouter

from inbox_tui.backend.contacts import queries, service
from inbox_tui.backend.context import Caller, Context
from inbox_tui.backend.versions import ReadVersion
from inbox_tui.wire import models
from inbox_tui.wire.requests import PatchContact

router = APIRouter(prefix="/api/contacts", tags=["contacts"])


@router.get("/{contact_id}")
async def get_contact(contact_id: int, context: Context, caller: Caller) -> models.Contact:
    """Return a contact's profile: names, identities and sessions on every channel (R16)."""
    return await context.database.read(queries.contact, context.directory, contact_id)


@router.patch("/{contact_id}")
async def patch_contact(
    contact_id: int,
    body: PatchContact,
    context: Context,
    caller: Caller,
    version: ReadVersion,
) -> models.Contact:
    """Edit a contact's profile; an empty nickname, language, tier or agent takes it away.

    Tier, tags and dedicated agent count at once for what of them is open and unassigned (R1, R2).
    """
    await context.database.write(service.edit, contact_id, body, caller.id, version)
    return await context.database.read(queries.contact, context.directory, contact_id)
