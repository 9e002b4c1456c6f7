"""Reads lists of sessions, their counts and their timelines.

Every list in either order is a walk along one index from where the last page ended, so that a page
costs the same at a hundred sessions and at a hundred thousand.
"""

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from inbox_tui.backend.bindings.filters import BoundTo
from inbox_tui.backend.directory import Directory
from inbox_tui.backend.sessions.sight import Sight, counted
from inbox_tui.backend.views import (
    CONTACTS,
    DUE_SOON_SHARE,
    ENTRIES,
    MARKS,
    SESSION_ROWS,
    SESSIONS,
    entry_view,
    marks_of,
    session_row,
    session_view,
)
from inbox_tui.clock import Millis
from inbox_tui.errors import NotFound, Refused
from inbox_tui.store import tables
from inbox_tui.text import fold, safe_line
from inbox_tui.wire.models import Counts, Entry, Page, Session
from inbox_tui.wire.words import ListName, SessionState, Sort, StateFilter

EXACT_UP_TO = 1_000
"""Filtered totals are counted no further (L1)."""
MOST_FOUND = 500
"""Conversations that a search of the texts looks at."""
TRIGRAM = 3

_NUMBER = re.compile(r"-?[0-9]{1,18}")
_COUNTS = tables.table(tables.SessionCount)
_CASES = tables.table(tables.Case)


_OPEN = SESSIONS.c.state == SessionState.OPEN
_PLACES = {
    "open": _OPEN,
    "unassigned": _OPEN & SESSIONS.c.assignee_id.is_(None),
    "closed": SESSIONS.c.state == SessionState.CLOSED,
}
"""The kept counts that depend on what somebody sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionQuery:
    """What a list is asked for. Empty tuples filter nothing; ``sight`` None is everything (R17)."""

    agent_id: int
    sight: Sight | None = None
    list_name: ListName = ListName.ALL
    sort: Sort = Sort.WAIT
    q: str = ""
    states: tuple[StateFilter, ...] = ()
    channel_ids: tuple[int, ...] = ()
    team_ids: tuple[int, ...] = ()
    agent_ids: tuple[int, ...] = ()
    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    bound: BoundTo | None = None
    limit: int = 50
    cursor: str | None = None

    @property
    def filtered(self) -> bool:
        """Whether anything but the list itself narrows it."""
        return bool(
            self.q
            or self.states
            or self.channel_ids
            or self.team_ids
            or self.agent_ids
            or self.categories
            or self.languages
            or self.tags
            or self.tiers
            or self.bound
        )


def page_of_sessions(
    connection: Connection, directory: Directory, query: SessionQuery, now: Millis
) -> Page[Session]:
    """Return one page of a list. Raises Refused for a cursor that is none."""
    walks = _walks(connection, directory, query, now)
    order = SESSIONS.c.wait_key if query.sort == Sort.WAIT else SESSIONS.c.recent_key
    after = _cursor(query.cursor)
    pages = [_walk(connection, walk, order, after, query.limit + 1) for walk in walks]
    merged: Iterator[Row[Any]] = heapq.merge(
        *pages, key=lambda row: (_key(row, query.sort), row.id)
    )
    rows = [row for row, _ in zip(merged, range(query.limit + 1), strict=False)]
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    marks = marks_of(connection, query.agent_id, [row.id for row in rows])
    items = []
    for row in rows:
        read, starred = marks.get(row.id, (0, False))
        items.append(session_view(row, directory, now, read=read, starred=starred))
    total, exact = _total(connection, directory, query, walks)
    return Page(
        items=items,
        next_cursor=f"{_key(rows[-1], query.sort)}.{rows[-1].id}" if more else None,
        total=total,
        total_is_exact=exact,
    )


def counts(
    connection: Connection, directory: Directory, agent_id: int, sight: Sight | None = None
) -> Counts:
    """Return how many sessions each list holds for an agent; kept, not counted (L1).

    Of who sees only a part (R17) that part is counted, up to 1,000.
    """
    kept = _kept(connection)
    if sight is not None:
        kept.update(counted(connection, sight, _PLACES, EXACT_UP_TO + 1))
    teams = directory.teams_of.get(agent_id, ())
    return Counts(
        mine=kept.get(f"agent:{agent_id}", 0),
        unassigned=kept.get("unassigned", 0),
        team=sum(kept.get(f"team:{team}", 0) for team in teams),
        all=kept.get("open", 0),
        starred=_starred_count(connection, agent_id),
        closed=kept.get("closed", 0),
    )


def timeline(
    connection: Connection, directory: Directory, session_id: int, before: str | None, limit: int
) -> Page[Entry]:
    """Return a page of the conversation a session is in, the newest last.

    It begins with the newest entry there is and goes back across sessions; ``next_cursor`` leads
    to older ones. Raises NotFound, Refused.
    """
    session = session_row(connection, session_id)
    if session is None:
        raise NotFound(f"There is no session {session_id}.")
    query = sa.select(ENTRIES).where(ENTRIES.c.conversation_id == session.conversation_id)
    after = _cursor(before)
    if after is not None:
        query = query.where(sa.tuple_(ENTRIES.c.at, ENTRIES.c.id) < sa.tuple_(*after))
    rows = connection.execute(
        query.order_by(ENTRIES.c.at.desc(), ENTRIES.c.id.desc()).limit(limit + 1)
    ).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(
        items=[entry_view(row, directory) for row in reversed(rows)],
        next_cursor=f"{rows[-1].at}.{rows[-1].id}" if more else None,
        total=len(rows),
        total_is_exact=not more,
    )


def _walks(
    connection: Connection, directory: Directory, query: SessionQuery, now: Millis
) -> list[sa.Select[Any]]:
    """Return the selects that together are the list; each walks one index in order."""
    filters = _filters(connection, directory, query, now)
    open_ = SESSIONS.c.state == SessionState.OPEN
    base = SESSION_ROWS.where(*filters)
    match query.list_name:
        case ListName.MINE:
            return [base.where(open_, SESSIONS.c.assignee_id == query.agent_id)]
        case ListName.UNASSIGNED:
            return [base.where(open_, SESSIONS.c.assignee_id.is_(None))]
        case ListName.TEAM:
            teams = directory.teams_of.get(query.agent_id, ())
            return [base.where(open_, SESSIONS.c.team_id == team) for team in teams]
        case ListName.STARRED:
            mine = (MARKS.c.agent_id == query.agent_id) & MARKS.c.starred
            return [base.join(MARKS, (MARKS.c.session_id == SESSIONS.c.id) & mine)]
        case ListName.CLOSED:
            return [base.where(SESSIONS.c.state == SessionState.CLOSED)]
        case ListName.ALL:
            return [base.where(open_)]


def _filters(
    connection: Connection, directory: Directory, query: SessionQuery, now: Millis
) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [] if query.sight is None else [query.sight.condition()]
    columns: list[tuple[sa.Column[Any], Sequence[Any]]] = [
        (SESSIONS.c.channel_id, query.channel_ids),
        (SESSIONS.c.team_id, query.team_ids),
        (SESSIONS.c.assignee_id, query.agent_ids),
        (SESSIONS.c.category, query.categories),
        (SESSIONS.c.language, query.languages),
        (CONTACTS.c.tier, query.tiers),
    ]
    found += [column.in_(values) for column, values in columns if values]
    if query.bound is not None:
        found.append(query.bound.condition())
    if query.tags:
        tag = sa.func.json_each(CONTACTS.c.tags).table_valued("value")
        found.append(sa.exists().where(tag.c.value.in_(query.tags)))
    if query.states:
        target = directory.settings.response_target
        found.append(
            sa.or_(*(_state(state, query.agent_id, target, now) for state in query.states))
        )
    if q := safe_line(query.q):
        found.append(_search(connection, q))
    return found


def _state(
    state: StateFilter, agent_id: int, target: Millis, now: Millis
) -> sa.ColumnElement[bool]:
    waiting = SESSIONS.c.waiting_since.is_not(None)
    overdue = waiting & (SESSIONS.c.waiting_since <= now - target)
    soon = waiting & (SESSIONS.c.waiting_since <= now - target + round(target * DUE_SOON_SHARE))
    mine = (MARKS.c.session_id == SESSIONS.c.id) & (MARKS.c.agent_id == agent_id)
    match state:
        case StateFilter.OVERDUE:
            return overdue
        case StateFilter.DUE_SOON:
            return soon & ~overdue
        case StateFilter.UNANSWERED:
            return waiting
        case StateFilter.UNREAD:
            seen = sa.select(MARKS.c.read).where(mine).scalar_subquery()
            return SESSIONS.c.customer_messages > sa.func.coalesce(seen, 0)
        case StateFilter.STARRED:
            return sa.exists().where(mine, MARKS.c.starred)
        case StateFilter.CLOSED:
            return SESSIONS.c.state == SessionState.CLOSED


def _search(connection: Connection, q: str) -> sa.ColumnElement[bool]:
    """Find by contact, case code or anything that was written; by substring, folded (L5)."""
    folded = fold(q)
    if len(folded) < TRIGRAM:
        # Trigrams cannot answer for so short a word: names only.
        pattern = "%" + folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        return CONTACTS.c.search.like(pattern, escape="\\")
    phrase = '"' + folded.replace('"', '""') + '"'
    contacts = connection.execute(
        sa.text("SELECT rowid FROM contact_search WHERE contact_search MATCH :q LIMIT :most"),
        {"q": phrase, "most": MOST_FOUND},
    ).scalars()
    sessions = connection.execute(
        sa.text(
            "SELECT DISTINCT e.session_id FROM entry_search s JOIN entries e ON e.id = s.rowid"
            " WHERE s.folded MATCH :q AND e.session_id IS NOT NULL"
            " ORDER BY s.rowid DESC LIMIT :most"
        ),
        {"q": phrase, "most": MOST_FOUND},
    ).scalars()
    return sa.or_(
        SESSIONS.c.contact_id.in_(contacts.all()),
        SESSIONS.c.id.in_(sessions.all()),
        SESSIONS.c.case_code == q.upper(),
    )


def _walk(
    connection: Connection,
    walk: sa.Select[Any],
    order: sa.Column[Any],
    after: tuple[int, int] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    if after is not None:
        walk = walk.where(sa.tuple_(order, SESSIONS.c.id) > sa.tuple_(*after))
    return connection.execute(walk.order_by(order, SESSIONS.c.id).limit(limit)).all()


def _total(
    connection: Connection, directory: Directory, query: SessionQuery, walks: list[sa.Select[Any]]
) -> tuple[int, bool]:
    if not query.filtered:
        found = counts(connection, directory, query.agent_id, query.sight)
        return int(getattr(found, query.list_name)), True
    total = 0
    for walk in walks:
        capped = walk.with_only_columns(SESSIONS.c.id).limit(EXACT_UP_TO + 1).subquery()
        total += connection.execute(sa.select(sa.func.count()).select_from(capped)).scalar_one()
    return min(total, EXACT_UP_TO), total <= EXACT_UP_TO


def _kept(connection: Connection) -> dict[str, int]:
    return {row.place: row.n for row in connection.execute(sa.select(_COUNTS))}


def _starred_count(connection: Connection, agent_id: int) -> int:
    capped = (
        sa.select(MARKS.c.session_id)
        .where(MARKS.c.agent_id == agent_id, MARKS.c.starred)
        .limit(EXACT_UP_TO + 1)
        .subquery()
    )
    return int(connection.execute(sa.select(sa.func.count()).select_from(capped)).scalar_one())


def _key(row: Row[Any], sort: Sort) -> int:
    return int(row.wait_key if sort == Sort.WAIT else row.recent_key)


def _cursor(cursor: str | None) -> tuple[int, int] | None:
    if cursor is None:
        return None
    key, _, row_id = cursor.partition(".")
    if _NUMBER.fullmatch(key) is None or _NUMBER.fullmatch(row_id) is None:
        raise Refused("That cursor is not one of ours.")
    return int(key), int(row_id)
