"""Moves a session from one place to another, and keeps every count of places true.

A session's place is its state, its team and its assignee. Every change of place in the whole
backend goes through :func:`move`: it writes the row, the counts of L1, the agents' open counts and
exactly one event.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from inbox_tui.backend.directory import directory_of
from inbox_tui.backend.views import SESSIONS, session_row
from inbox_tui.clock import Millis
from inbox_tui.errors import NotFound
from inbox_tui.store import tables
from inbox_tui.store.work import LoggedEvent, Work
from inbox_tui.wire.words import EventKind, SessionState

NOT_WAITING = 100_000_000_000_000
"""Added to the wait key of sessions that do not wait, so that they come after all that do."""

# At the driver: every move of a session runs these.
_COUNT = """
INSERT INTO session_counts (place, n) VALUES (:place, :change)
ON CONFLICT (place) DO UPDATE SET n = n + :change
"""
_OPEN_COUNT = "UPDATE agents SET open_count = open_count + :change WHERE id = :agent"
_LOAD = "SELECT open_count FROM agents WHERE id = ?"


def open_row(work: Work, session_id: int) -> dict[str, Any]:
    """Read a session to work on. Raises NotFound."""
    row = session_row(work.connection, session_id)
    if row is None:
        raise NotFound(f"There is no session {session_id}.")
    return dict(row._mapping)


def sort_keys(
    waiting_since: Millis | None, last_customer_message_at: Millis | None
) -> tuple[int, int]:
    """Return ``wait_key`` and ``recent_key``, both ascending (L2).

    By wait: the longest wait first, then those that do not wait, latest customer message first.
    """
    recent = -(last_customer_message_at or 0)
    return (NOT_WAITING + recent if waiting_since is None else waiting_since), recent


def write(work: Work, row: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """Write changes to a session's row, its sort keys and its version; ``row`` follows."""
    row.update(changes)
    row["version"] += 1
    work.rows[row["id"]] = row
    row["wait_key"], row["recent_key"] = sort_keys(
        row["waiting_since"], row["last_customer_message_at"]
    )
    work.update(
        tables.Session,
        row["id"],
        {
            **changes,
            "version": row["version"],
            "wait_key": row["wait_key"],
            "recent_key": row["recent_key"],
        },
    )


def move(
    work: Work,
    row: dict[str, Any],
    kind: EventKind,
    changes: Mapping[str, Any],
    *,
    actor_id: int | None = None,
    subject_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    **parts: Any,  # noqa: ANN401 - what travels with the live frame
) -> LoggedEvent:
    """Change a session's place and append the one event that says so.

    ``changes`` are columns of the session; ``data`` is kept in the log beside where it stood
    before (``place_was``: state, team id, assignee id).
    """
    before = dict(row)
    write(work, row, changes)
    count(work, before, row)
    was = {
        "state": before["state"],
        "team_id": before["team_id"],
        "assignee_id": before["assignee_id"],
    }
    now_at = {"team_id": row["team_id"], "assignee_id": row["assignee_id"]}
    return work.append(
        kind,
        actor_id=actor_id,
        session_id=row["id"],
        subject_id=subject_id,
        data={**(data or {}), **now_at, "place_was": was},
        **parts,
    )


def count(work: Work, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Count a session out of the places it left and into those it came to."""
    left = places(before) if before else set[str]()
    came = places(after)
    changes = [(place, -1) for place in sorted(left - came)]
    changes += [(place, 1) for place in sorted(came - left)]
    for place, change in changes:
        work.plain(_COUNT, place=place, change=change)
        kind, _, agent = place.partition(":")
        if kind == "agent":
            work.plain(_OPEN_COUNT, agent=int(agent), change=change)


def places(row: Mapping[str, Any]) -> set[str]:
    """Return the places a session is counted in, as named by the table of counts."""
    if row["state"] == SessionState.CLOSED:
        return {"closed"}
    found = {"open"}
    found.add("unassigned" if row["assignee_id"] is None else f"agent:{row['assignee_id']}")
    if row["team_id"] is not None:
        found.add(f"team:{row['team_id']}")
    return found


def team_load(work: Work, agent_id: int, team_id: int) -> int:
    """Return how many open sessions of a team an agent serves (R5)."""
    found = work.one(
        sa.select(sa.func.count()).where(
            SESSIONS.c.state == SessionState.OPEN,
            SESSIONS.c.assignee_id == agent_id,
            SESSIONS.c.team_id == team_id,
        )
    )
    return int(found[0]) if found else 0


def over_limit(work: Work, agent_id: int, team_id: int | None) -> str | None:
    """Say which limit one more session takes an agent over, if any (R5).

    A team's limit is one for each of its members; nobody else is held to it.
    """
    directory = directory_of(work)
    agent = directory.agents[agent_id]
    row = work.plain(_LOAD, agent_id).fetchone()
    limit = directory.limit(agent_id)
    if row is not None and row[0] >= limit:
        return f"{agent.name} is full: {row[0]} of {limit} open."
    team = directory.teams.get(team_id) if team_id is not None else None
    if team is not None and team.max_open is not None and agent_id in team.members:
        load = team_load(work, agent_id, team.id)
        if load >= team.max_open:
            return f"{agent.name} is full in {team.name}: {load} of {team.max_open} open."
    return None
