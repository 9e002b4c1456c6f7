"""What the variables of a text stand for, read from a session (M2, M3, M8).

Values that take a query or a language to say are made only when a text names them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final

from sqlalchemy.engine import Connection

from inbox_tui.backend.automatic import wording
from inbox_tui.backend.automatic.templates import Value
from inbox_tui.backend.directory import Directory
from inbox_tui.clock import Millis
from inbox_tui.hours import Calendar
from inbox_tui.hours.calendar import zone
from inbox_tui.store.work import driver_of

LAST_SESSIONS: Final = 20
"""Answered sessions of a team whose median first response is what to expect (M2)."""

_RESPONSES = f"""
SELECT first_reply_at - opened_at FROM sessions
WHERE team_id IS ? AND state = 'closed' AND first_reply_at IS NOT NULL
ORDER BY id DESC LIMIT {LAST_SESSIONS}
"""  # noqa: S608 - the only thing put in is the number above
_CODES = """
SELECT link FROM codes
WHERE channel_id = :channel AND agent_id IS :agent
  AND (team_id IS :team OR :any AND team_id IS NULL)
  AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)
ORDER BY team_id IS NULL, id LIMIT 1
"""


def of_session(
    connection: Connection,
    directory: Directory,
    row: Any,  # noqa: ANN401 - of SESSION_COLUMNS
    now: Millis,
) -> dict[str, Value]:
    """Return what can be said of a session, beside what every message may name."""
    agent = None if row.assignee_id is None else directory.agents[row.assignee_id].name
    team = None if row.team_id is None else directory.teams[row.team_id].name
    calendar = calendar_of(directory, row.team_id)

    def response(language: str) -> str | None:
        if calendar is not None and not calendar.is_open(now):
            return None  # what is usual while somebody is there says nothing of a night
        return wording.span(first_response(connection, directory, row.team_id), language)

    def my_code(_language: str) -> str | None:
        if row.assignee_id is None:
            return None
        return code_link(connection, row.channel_id, row.assignee_id, row.team_id, now)

    def team_code(_language: str) -> str | None:
        return (
            None
            if row.team_id is None
            else code_link(connection, row.channel_id, None, row.team_id, now)
        )

    return {
        "agent_name": agent,
        "team_name": team,
        "assignee": agent or team,
        "case_code": row.case_code,
        "response_time": response,
        **_of_hours(calendar, now),
        "my_code_link": my_code,
        "team_code_link": team_code,
    }


def of_workspace(directory: Directory, now: Millis) -> dict[str, Value]:
    """Return what can be said to somebody who has no session."""
    return _of_hours(calendar_of(directory, None), now)


def _of_hours(calendar: Calendar | None, now: Millis) -> dict[str, Value]:
    def hours(language: str) -> str | None:
        return None if calendar is None else wording.hours(calendar, language)

    def opens_at(language: str) -> str | None:
        opens = None if calendar is None else calendar.next_open(now)
        if calendar is None or opens is None:
            return None
        return wording.moment(opens, now, zone(calendar.timezone), language)

    return {"hours": hours, "opens_at": opens_at}


def place_in_line(position: int, estimate: float | None) -> dict[str, Value]:
    """Return what M4 says; ``estimate`` is in seconds, None where there is no basis (M9)."""
    return {
        "position": str(position),
        "estimated_wait": None
        if estimate is None
        else lambda language: wording.wait(estimate * 1000, language),
    }


def of_order(data: Mapping[str, Any]) -> dict[str, Value]:
    """Return what an event about an order says (M7)."""
    said = {name: str(data[name]) for name in _ORDER if data.get(name)}
    date = said.pop("delivery_date", None)
    values: dict[str, Value] = dict(said)
    if date is not None:
        values["delivery_date"] = lambda language: wording.day(date, language)
    return values


_ORDER: Final = ("order_number", "tracking_number", "tracking_link", "delivery_date")


def calendar_of(directory: Directory, team_id: int | None) -> Calendar | None:
    """Return the business hours of a team, else the workspace's; None for always open (M11)."""
    team = directory.teams.get(team_id) if team_id is not None else None
    named = (team.hours if team is not None else None) or directory.settings.hours
    return directory.hours.get(named) if named else None


def date_of(directory: Directory, at: Millis) -> str:
    """Return the date of a moment in the workspace's time zone, as ``2026-03-05``."""
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(zone(directory.settings.timezone))
    return local.date().isoformat()


def expected(directory: Directory, language: str) -> str:
    """Return the response target as it is told."""
    return wording.span(directory.settings.response_target, language)


def first_response(connection: Connection, directory: Directory, team_id: int | None) -> float:
    """Return the time (ms) in which a first answer can be expected (M2).

    The median of the team's last sessions, else the response target.
    """
    found = driver_of(connection).execute(_RESPONSES, (team_id,)).fetchall()
    took = [max(0, each) for (each,) in found]
    return median(took) if took else directory.settings.response_target


def code_link(
    connection: Connection, channel_id: int, agent_id: int | None, team_id: int | None, now: Millis
) -> str | None:
    """Return the link of a live code: an agent's, in the team if there is one, or a team's.

    None where there is none: no code is made by a message that would like to name it.
    """
    parameters = {
        "channel": channel_id,
        "agent": agent_id,
        "team": team_id,
        "any": agent_id is not None,
        "now": now,
    }
    found = driver_of(connection).execute(_CODES, parameters).fetchone()
    return None if found is None else str(found[0])
