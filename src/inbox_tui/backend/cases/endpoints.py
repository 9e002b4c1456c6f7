"""``/api/cases``: the archive of cases, one case, and its edits."""

from typing import Annotated

from fastapi import APIRouter, Query

from inbox_tui.backend.cases import queries, service
from inbox_tui.backend.context import Caller, Context
from inbox_tui.backend.versions import ReadVersion
from inbox_tui.wire import models
from inbox_tui.wire.requests import CaseEdit
from inbox_tui.wire.words import CaseStatus, Severity

MOST_IN_A_PAGE = 200

router = APIRouter(prefix="/api/cases", tags=["cases"])


@router.get("")
async def list_cases(
    context: Context,
    caller: Caller,
    status: CaseStatus | None = None,
    owner: Annotated[str | None, Query(description="a nickname, `me` or `none`")] = None,
    severity: Severity | None = None,
    tag: str | None = None,
    channel: Annotated[str | None, Query(description="a channel's slug")] = None,
    q: Annotated[
        str, Query(max_length=200, description="words in code, title, tags, description or contact")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_IN_A_PAGE)] = 50,
    cursor: str | None = None,
) -> models.Page[models.Case]:
    """Return one page of cases, latest first, without their activity (K4)."""
    wanted = queries.CaseFilter(
        status=status,
        owner=caller.nickname if owner == "me" else owner,
        severity=severity,
        tag=tag,
        channel=channel,
        q=q,
    )
    return await context.database.read(
        queries.page, context.directory, wanted, limit, cursor, context.clock.now()
    )


@router.get("/{code}")
async def get_case(code: str, context: Context, caller: Caller) -> models.Case:
    """Return one case with its activity (K1, K2)."""
    return await context.database.read(queries.case, context.directory, code, context.clock.now())


@router.patch("/{code}")
async def patch_case(
    code: str, body: CaseEdit, context: Context, caller: Caller, version: ReadVersion
) -> models.Case:
    """Edit a case at any time, close it or reopen it (K2, K3)."""
    await context.database.write(service.edit, code, body, caller.id, version)
    return await context.database.read(queries.case, context.directory, code, context.clock.now())
