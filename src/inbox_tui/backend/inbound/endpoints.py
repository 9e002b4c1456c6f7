"""``POST /webhooks/{slug}``: the platform's own format and signature, answered once stored."""

from fastapi import APIRouter, Request, Response

from inbox_tui.backend.context import Context
from inbox_tui.backend.inbound.store import take_in
from inbox_tui.errors import TooLarge

router = APIRouter()

BODY_LIMIT = 1024 * 1024
"""Bytes of a webhook's body."""


@router.post("/webhooks/{slug}", include_in_schema=True, tags=["webhooks"])
async def receive_webhook(slug: str, request: Request, context: Context) -> Response:
    """Verify, store, commit, and only then say 200.

    404 for an unknown channel, 413 over 1 MiB, 401 for a wrong signature (nothing is stored),
    400 for a body that cannot be read.
    """
    channel_id, adapter = context.channels.named(slug)
    raw = await body_of(request)
    adapter.verify(request.headers, raw)
    events = [(event, adapter.parse(event.payload)) for event in adapter.split(raw)]
    later = await context.database.write(take_in, channel_id, raw, events)
    context.processor.offer(later)
    return Response(status_code=200)


async def body_of(request: Request) -> bytes:
    """Read a body of at most :data:`BODY_LIMIT` bytes. Raises TooLarge as soon as it is longer."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > BODY_LIMIT:
        raise TooLarge(f"A webhook has at most {BODY_LIMIT:,} bytes.")
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > BODY_LIMIT:
            raise TooLarge(f"A webhook has at most {BODY_LIMIT:,} bytes.")
    return bytes(raw)
