"""``/api/contacts``: the list of contacts; a contact's profile, read and edited."""

from typing import Annotated

from fastapi import APIRouter, Query

from inbox_tui.backend.bindings.filters import bound_to
from inbox_tui.backend.contacts import listing, queries, service
from inbox_tui.backend.context import Caller, Context
from inbox_tui.backend.sessions.sight import sight_of
from inbox_tui.backend.versions import ReadVersion
from inbox_tui.wire import models
from inbox_tui.wire.codes import ContactSummary
from inbox_tui.wire.requests import PatchContact

router = APIRouter(prefix="/api/contacts", tags=["contacts"])


@router.get("")
async def list_contacts(
    context: Context,
    caller: Caller,
    bound: Annotated[str, Query(max_length=200)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: str | None = None,
) -> models.Page[ContactSummary]:
    """Return contacts, the newest first, also those without an open session (Q11).

    ``bound`` is ``me``, a nickname, a team's slug, or ``none``; ``agent:`` or ``team:`` before a
    name says which of the two is meant. ``q`` is a part of a name or of a platform's id.
    """
    directory = context.directory
    query = listing.ContactQuery(
        sight=sight_of(directory, caller),
        bound=bound_to(directory, caller, bound),
        q=q,
        limit=limit,
        cursor=cursor,
    )
    return await context.database.read(listing.page_of_contacts, directory, query)


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
