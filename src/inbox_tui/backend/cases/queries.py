"""Finds cases: one by its code, or pages of them by what they are (K4)."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.cases.views import CASE_ROWS, CASES, case_row, full_view, list_views
from inbox_tui.backend.directory import Directory
from inbox_tui.backend.views import CONTACTS
from inbox_tui.clock import Millis
from inbox_tui.errors import Invalid, NotFound
from inbox_tui.text import fold
from inbox_tui.wire import models
from inbox_tui.wire.words import CaseStatus, Severity

COUNTED = 1_000
"""A total is exact up to this many."""

NOBODY = "none"
"""Stands for "without an owner" in a filter. No agent can be called that."""

_JSON_TAGS = sa.func.json_each(CASES.c.tags).table_valued("value", name="tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases; what is None or empty does not restrict. ``owner`` may be :data:`NOBODY`."""

    status: CaseStatus | None = None
    owner: str | None = None
    severity: Severity | None = None
    tag: str | None = None
    channel: str | None = None
    q: str = ""


def case(connection: Connection, directory: Directory, code: str, now: Millis) -> models.Case:
    """Return one case with its activity. Raises NotFound."""
    row = case_row(connection, code=code)
    if row is None:
        raise NotFound(f"There is no case {code}.")
    return full_view(connection, directory, row, now)


def page(
    connection: Connection,
    directory: Directory,
    wanted: CaseFilter,
    limit: int,
    cursor: str | None,
    now: Millis,
) -> models.Page[models.Case]:
    """Return one page of cases, latest first. Raises NotFound for unknown names, Invalid."""
    conditions = _conditions(directory, wanted)
    rows = CASE_ROWS.where(*conditions).order_by(CASES.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        rows = rows.where(CASES.c.id < _before(cursor))
    found = connection.execute(rows).all()
    shown = found[:limit]
    counted = (
        sa.select(CASES.c.id)
        .join(CONTACTS, CONTACTS.c.id == CASES.c.contact_id)
        .where(*conditions)
        .limit(COUNTED + 1)
        .subquery()
    )
    total = connection.execute(sa.select(sa.func.count()).select_from(counted)).scalar_one()
    return models.Page(
        items=list_views(connection, directory, shown, now) if shown else [],
        next_cursor=str(shown[-1].id) if len(found) > limit else None,
        total=min(total, COUNTED),
        total_is_exact=total <= COUNTED,
    )


def _conditions(directory: Directory, wanted: CaseFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[Any] = []
    if wanted.status is not None:
        conditions.append(CASES.c.status == wanted.status.value)
    if wanted.owner == NOBODY:
        conditions.append(CASES.c.owner_id.is_(None))
    elif wanted.owner:
        # Agents who left keep their cases, so they can still be asked for.
        owner = directory.nicknames.get(wanted.owner)
        if owner is None:
            raise NotFound(f"There is no agent “{wanted.owner}”.")
        conditions.append(CASES.c.owner_id == owner)
    if wanted.severity is not None:
        conditions.append(CASES.c.severity == wanted.severity.value)
    if wanted.channel:
        conditions.append(CASES.c.channel_id == directory.channel_named(wanted.channel).id)
    if wanted.tag:
        tags = sa.select(_JSON_TAGS.c.value).select_from(_JSON_TAGS)
        conditions.append(tags.where(_JSON_TAGS.c.value == wanted.tag).correlate(CASES).exists())
    conditions += [
        sa.or_(
            CASES.c.search.contains(word, autoescape=True),
            CONTACTS.c.search.contains(word, autoescape=True),
        )
        for word in fold(wanted.q).split()
    ]
    return conditions


def _before(cursor: str) -> int:
    if not cursor.isdecimal() or len(cursor) > 18:
        raise Invalid("That is no cursor of this list.", data={"path": "cursor"})
    return int(cursor)
