"""``POST /webhooks/{slug}`` as the API describes it; :mod:`door` is where it is served."""

from typing import Any

from fastapi import APIRouter, Request, Response

from inbox_tui.backend.inbound.door import receive_webhook

router = APIRouter(tags=["webhooks"])

_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}


@router.post(
    "/webhooks/{slug}",
    responses={
        400: {"description": "The body cannot be read", **_PROBLEM},
        401: {"description": "The signature is wrong; nothing was stored", **_PROBLEM},
        404: {"description": "There is no such channel", **_PROBLEM},
        413: {"description": "The body is over 1 MiB", **_PROBLEM},
    },
)
async def post_webhook(slug: str, request: Request) -> Response:
    """Take in a webhook in the platform's own format; 200 once it is stored."""
    raise NotImplementedError(receive_webhook.__doc__)  # the door answers before routing
