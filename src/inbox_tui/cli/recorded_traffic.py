"""Reads what a database recorded of its traffic, for a simulation. The database is only read."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from inbox_tui.errors import Invalid
from inbox_tui.simulate.history import Now, PastChange, PastSession, recorded
from inbox_tui.simulate.traffic import Traffic
from inbox_tui.wire.words import Category, CloseReason, EventKind, Presence

_SESSIONS = """
SELECT sessions.opened_at, channels.slug AS channel, sessions.contact_id, sessions.assigned_at,
    sessions.first_reply_at, sessions.last_activity_at, sessions.closed_at, sessions.close_reason,
    sessions.language, sessions.category, sessions.opening, sessions.returning_contact,
    contacts.tier, contacts.tags, previous.nickname AS previous, bound.nickname AS bound,
    bound_team.slug AS bound_team, dedicated.nickname AS dedicated
FROM sessions
JOIN channels ON channels.id = sessions.channel_id
JOIN contacts ON contacts.id = sessions.contact_id
LEFT JOIN agents AS previous ON previous.id = sessions.previous_agent_id
LEFT JOIN agents AS bound ON bound.id = contacts.bound_agent_id
LEFT JOIN teams AS bound_team ON bound_team.id = contacts.bound_team_id
LEFT JOIN agents AS dedicated ON dedicated.id = contacts.dedicated_agent_id
WHERE sessions.opened_at >= ?
ORDER BY sessions.opened_at, sessions.id
"""
_CHANGES = """
SELECT events.at, agents.nickname, events.data FROM events
JOIN agents ON agents.id = events.subject_id
WHERE events.kind = ? ORDER BY events.seq
"""
_AGENTS = """
SELECT nickname, accepting, EXISTS (
    SELECT 1 FROM presence_windows WHERE agent_id = agents.id AND connected
) AS present FROM agents WHERE active
"""


def read_history(path: Path, timezone: str, target: int) -> Traffic:
    """Return the traffic that a database recorded, as far back as its event log goes.

    Raises Invalid when it is no database of ours, or has no sessions.
    """
    with _opened(path) as connection:
        first, last = connection.execute("SELECT min(at), max(at) FROM events").fetchone()
        sessions = [_session(row) for row in connection.execute(_SESSIONS, (first or 0,))]
        if first is None or not sessions:
            raise Invalid(f"{path} has no sessions: there is nothing to simulate.")
        changes = [
            change
            for row in connection.execute(_CHANGES, (EventKind.AGENT_CHANGED,))
            if (change := _change(row)) is not None
        ]
        agents = {
            row["nickname"]: Now(
                Presence.PRESENT if row["present"] else Presence.ABSENT, bool(row["accepting"])
            )
            for row in connection.execute(_AGENTS)
        }
    return recorded(
        sessions, changes, agents, start=first, end=last + 1, timezone=timezone, target=target
    )


def _session(row: sqlite3.Row) -> PastSession:
    return PastSession(
        opened_at=row["opened_at"],
        channel=row["channel"],
        contact_id=row["contact_id"],
        assigned_at=row["assigned_at"],
        first_reply_at=row["first_reply_at"],
        last_activity_at=row["last_activity_at"],
        closed_at=row["closed_at"],
        idled=row["close_reason"] == CloseReason.IDLE,
        language=row["language"],
        category=Category(row["category"]) if row["category"] else None,
        text=row["opening"],
        tier=row["tier"],
        tags=tuple(json.loads(row["tags"])),
        returning=bool(row["returning_contact"]),
        previous=row["previous"],
        bound=row["bound"],
        bound_team=row["bound_team"],
        dedicated=row["dedicated"],
    )


def _change(row: sqlite3.Row) -> PastChange | None:
    data: dict[str, Any] = json.loads(row["data"] or "{}")
    presence, accepting = data.get("presence"), data.get("accepting")
    if presence is None and accepting is None:
        return None
    return PastChange(
        row["at"],
        row["nickname"],
        None if presence is None else Presence(presence),
        None if accepting is None else bool(accepting),
    )


def check_database(path: Path) -> str:
    """Return the revision of a database of ours. Raises Invalid when it is none."""
    if not path.is_file():
        raise Invalid(f"{path} is not there.")
    try:
        with closing(_read_only(path)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        row = None
    except sqlite3.DatabaseError as error:
        raise Invalid(f"{path} cannot be read as a database: {error}.") from None
    if row is None:
        raise Invalid(f"{path} is no database of inbox-tui.")
    return str(row[0])


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database to be read only; one of an older version is read from a migrated copy."""
    from inbox_tui.clock import SystemClock
    from inbox_tui.store.schema import HEAD, open_database

    if check_database(path) == HEAD:
        with closing(_read_only(path)) as connection:
            yield connection
        return
    with tempfile.TemporaryDirectory(prefix="inbox-tui-simulate-") as directory:
        copy = Path(directory) / "copy.db"
        with closing(_read_only(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        open_database(copy, SystemClock()).close()
        with closing(_read_only(copy)) as connection:
            yield connection


def _read_only(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection
