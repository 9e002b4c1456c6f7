"""Cases: opened with their session, edited at any time, closed with it or on their own (K1-K3).

Plain functions of one unit of work. Every change leaves its line of activity and one event that
carries the case as it is now. How a case is shown is left to :mod:`views`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox_tui.backend.cases.views import (
    ACTIVITY,
    CASES,
    CLOSED,
    EDITED,
    FOLLOW_UP,
    KEPT_OPEN,
    OPENED,
    OWNER,
    REOPENED,
    TAGS,
)
from inbox_tui.backend.directory import directory_of
from inbox_tui.clock import Millis, to_datetime, to_millis
from inbox_tui.errors import Invalid, NotFound, StaleVersion
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.text import fold, safe_line, safe_text
from inbox_tui.wire.requests import CaseEdit
from inbox_tui.wire.words import CaseStatus, CloseReason, EventKind

MOST_TITLE = 200
MOST_DESCRIPTION = 20_000
MOST_TAG = 60
MOST_TAGS = 30
"""Characters of a title, a description, a tag; tags of a case."""

_SEARCHED = {"title", "tags", "description"}
_OF_SESSION = (
    sa.select(CASES).where(CASES.c.session_id == sa.bindparam("session")).order_by(CASES.c.id)
)
_LAST_OF = (
    sa.select(ACTIVITY.c.kind)
    .where(
        ACTIVITY.c.case_id == sa.bindparam("of_case"),
        ACTIVITY.c.kind.in_([KEPT_OPEN, CLOSED, REOPENED]),
    )
    .order_by(ACTIVITY.c.id.desc())
    .limit(1)
)


def open_case(work: Work, session_id: int, contact_id: int, channel_id: int) -> str:
    """Open a case for a session; return its code, such as "C-00042"."""
    case_id = work.insert(
        tables.Case,
        session_id=session_id,
        contact_id=contact_id,
        channel_id=channel_id,
        opened_at=work.now,
    )
    code = f"C-{case_id:05d}"
    work.update(tables.Case, case_id, {"code": code, "search": fold(code)})
    _record(work, case_id, OPENED)
    _tell(work, case_id, code, session_id, None, OPENED)
    return code


def assigned(work: Work, session_id: int, agent_id: int, by: int | None) -> None:
    """Make the session's assignee the owner of its cases; ``by`` is None for the engine (K2)."""
    for row in _of_session(work, session_id):
        if row["owner_id"] == agent_id:
            continue
        _write(work, row, {"owner_id": agent_id})
        _record(work, row["id"], OWNER, by, directory_of(work).agents[agent_id].nickname)
        _tell(work, row["id"], row["code"], session_id, by, OWNER)


def unassigned(work: Work, session_id: int, agent_id: int, kind: str) -> None:
    """Record that the session was taken from an agent by itself, and why: the ``kind`` (R10, R12).

    The owner stays: they are who served it last.
    """
    for row in _of_session(work, session_id):
        _record(work, row["id"], kind, None, directory_of(work).agents[agent_id].nickname)
        _tell(work, row["id"], row["code"], session_id, None, kind)


def session_closed(work: Work, session_id: int, how: CloseReason, by: int | None) -> None:
    """Close the session's cases with it.

    A case stays open that has a follow-up still to come, or that a person said to keep in
    progress. One closed by timeout says so (K2).
    """
    for row in _of_session(work, session_id):
        if row["status"] == CaseStatus.CLOSED or _stays_open(work, row):
            continue
        _write(work, row, {"status": CaseStatus.CLOSED, "closed_at": work.now})
        _record(work, row["id"], CLOSED, by, "" if how == CloseReason.ENDED else how.value)
        _tell(work, row["id"], row["code"], session_id, by, CLOSED)


def edit_of_session(work: Work, session_id: int, edit: CaseEdit, agent_id: int) -> None:
    """Edit the first case of a session, as the end-of-session form does (T4).

    ``status`` in progress keeps the case open when the session is closed. Raises NotFound, Invalid.
    """
    row = next(iter(_of_session(work, session_id)), None)
    if row is None:
        raise NotFound(f"Session {session_id} has no case.")
    _apply(work, row, edit, agent_id)
    if edit.status == CaseStatus.IN_PROGRESS:
        _record(work, row["id"], KEPT_OPEN, agent_id)


def edit(work: Work, code: str, edit: CaseEdit, agent_id: int, version: int | None) -> str:
    """Edit a case at any time, close it or reopen it (K2, K3); return its code.

    ``version`` is the one that was read, None to edit whatever is there. An edit that changes
    nothing leaves no trace. Raises NotFound, StaleVersion, Invalid.
    """
    found = work.one(sa.select(CASES).where(CASES.c.code == code))
    if found is None:
        raise NotFound(f"There is no case {code}.")
    row = dict(found._mapping)
    if version is not None and version != row["version"]:
        raise StaleVersion(
            f"Case {code} was changed since you read it.", data={"version": row["version"]}
        )
    _apply(work, row, edit, agent_id)
    return code


def _apply(work: Work, row: dict[str, Any], edit: CaseEdit, agent_id: int) -> None:
    changes = _changes(work, row, edit)
    if not changes:
        return
    before = dict(row)
    _write(work, row, changes)
    for kind, detail in _told(before, row, changes):
        _record(work, row["id"], kind, agent_id, detail)
    _tell(work, row["id"], row["code"], row["session_id"], agent_id, EDITED, changes)


def _changes(work: Work, row: Mapping[str, Any], edit: CaseEdit) -> dict[str, Any]:
    """Return the columns this edit changes, checked. Raises Invalid."""
    wanted: dict[str, Any] = {}
    if edit.title is not None:
        wanted["title"] = _within(safe_line(edit.title), MOST_TITLE, "title")
    if edit.description is not None:
        text = safe_text(edit.description).strip()
        wanted["description"] = _within(text, MOST_DESCRIPTION, "description")
    if edit.severity is not None:
        wanted["severity"] = edit.severity
    if edit.tags is not None:
        wanted["tags"] = _tags(edit.tags)
    if edit.follow_up_at is not None:
        wanted["follow_up_at"] = _moment(edit.follow_up_at, "follow_up_at")
    if edit.status is not None and edit.status != row["status"]:
        wanted["status"] = edit.status
        wanted["closed_at"] = work.now if edit.status == CaseStatus.CLOSED else None
    return {key: value for key, value in wanted.items() if row[key] != value}


def _told(
    before: Mapping[str, Any], after: Mapping[str, Any], changes: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Return the lines of activity that tell of these changes: kind and detail."""
    lines: list[tuple[str, str]] = []
    edited = [name for name in ("title", "description") if name in changes]
    if "severity" in changes:
        edited.append(f"severity {after['severity']}")
    if edited:
        lines.append((EDITED, ", ".join(edited)))
    if "tags" in changes:
        came = [f"+{tag}" for tag in after["tags"] if tag not in before["tags"]]
        left = [f"-{tag}" for tag in before["tags"] if tag not in after["tags"]]
        lines.append((TAGS, ", ".join(came + left)))
    if "follow_up_at" in changes:
        lines.append((FOLLOW_UP, to_datetime(after["follow_up_at"]).isoformat()))
    if "status" in changes:
        lines.append((CLOSED if after["status"] == CaseStatus.CLOSED else REOPENED, ""))
    return lines


def _tags(given: Iterable[str]) -> list[str]:
    """Return tags on one line each, the first spelling of each kept. Raises Invalid."""
    kept: dict[str, str] = {}
    for position, tag in enumerate(given):
        clean = _within(safe_line(tag), MOST_TAG, f"tags[{position}]")
        if clean:
            kept.setdefault(fold(clean), clean)
    if len(kept) > MOST_TAGS:
        raise Invalid(f"A case has at most {MOST_TAGS} tags.", data={"path": "tags"})
    return list(kept.values())


def _moment(at: datetime, path: str) -> Millis:
    if at.tzinfo is None:
        raise Invalid(f"{path} needs its offset from UTC, or a Z.", data={"path": path})
    return to_millis(at)


def _within(text: str, most: int, path: str) -> str:
    if len(text) > most:
        raise Invalid(f"{path} is too long: {len(text):,} of {most:,}.", data={"path": path})
    return text


def _stays_open(work: Work, row: Mapping[str, Any]) -> bool:
    if row["follow_up_at"] is not None and row["follow_up_at"] > work.now:
        return True
    last = work.one(_LAST_OF, {"of_case": row["id"]})
    return last is not None and last.kind == KEPT_OPEN


def _of_session(work: Work, session_id: int) -> list[dict[str, Any]]:
    rows = work.execute(_OF_SESSION, {"session": session_id})
    return [dict(row._mapping) for row in rows]


def _write(work: Work, row: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """Write changes to a case, with its version and what it is searched by; ``row`` follows."""
    row.update(changes)
    row["version"] += 1
    if not _SEARCHED.isdisjoint(changes):
        words = (row["code"], row["title"], *row["tags"], row["description"])
        row["search"] = fold("\n".join(word for word in words if word))
    written = {**changes, "version": row["version"], "search": row["search"]}
    work.update(tables.Case, row["id"], written)


def _record(
    work: Work, case_id: int, kind: str, actor_id: int | None = None, detail: str = ""
) -> None:
    work.insert(
        tables.CaseActivity,
        case_id=case_id,
        at=work.now,
        kind=kind,
        actor_id=actor_id,
        detail=detail,
    )


def _tell(
    work: Work,
    case_id: int,
    code: str,
    session_id: int,
    actor_id: int | None,
    change: str,
    changes: Mapping[str, Any] | None = None,
) -> None:
    work.append(
        EventKind.CASE_CHANGED,
        actor_id=actor_id,
        session_id=session_id,
        subject_id=case_id,
        data={"change": change, **({"changes": dict(changes)} if changes else {})},
        case=code,
    )
