"""The supervisor's wall as this terminal knows it: what to read anew, what is picked. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from inbox_tui.records import dataclass
from inbox_tui.wire.models import Event
from inbox_tui.wire.wall import Wall, WallAgent, WallQueue, WallSession
from inbox_tui.wire.words import Due, EventKind

FRESH_FOR: Final = 60.0
"""Seconds for which a wall holds when no event says otherwise: rates and estimates age."""

_ELSEWHERE: Final = frozenset(
    {
        EventKind.SESSION_READ,
        EventKind.SESSION_STARRED,
        EventKind.MESSAGE_UNSENT,
        EventKind.NOTE_ADDED,
        EventKind.CASE_CHANGED,
    }
)


class PickKind(StrEnum):
    """Of what the sessions are shown."""

    ALL = "all"
    QUEUE = "queue"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Pick:
    """Whose sessions are shown.

    ``name`` is that of a queue's line, or an agent's nickname; all are those who wait for an answer
    anywhere, the longest wait first.
    """

    kind: PickKind = PickKind.ALL
    name: str | None = None


def concerns(event: Event) -> bool:
    """Say whether the wall may look different after an event."""
    return event.kind not in _ELSEWHERE


def is_stale(wall: Wall | None, now: datetime) -> bool:
    """Say whether a wall is to be read anew although nothing was told to have happened."""
    return wall is None or (now - wall.at).total_seconds() >= FRESH_FOR


def queue_of(wall: Wall, line: str | None) -> WallQueue | None:
    """Return the queue with this name."""
    return next((each for each in wall.queues if each.line == line), None)


def agent_of(wall: Wall, nickname: str | None) -> WallAgent | None:
    """Return an agent of the wall."""
    return next((each for each in wall.agents if each.agent.nickname == nickname), None)


def sessions_of(wall: Wall, pick: Pick) -> Sequence[WallSession]:
    """Return the sessions of what is picked, as far as they were told."""
    match pick.kind:
        case PickKind.ALL:
            return wall.waiting
        case PickKind.QUEUE:
            queue = queue_of(wall, pick.name)
            return [] if queue is None else queue.sessions
        case PickKind.AGENT:
            agent = agent_of(wall, pick.name)
            return [] if agent is None else agent.sessions


def count_of(wall: Wall, pick: Pick) -> int:
    """Return how many sessions what is picked has, told or not."""
    match pick.kind:
        case PickKind.ALL:
            return wall.unanswered
        case PickKind.QUEUE:
            queue = queue_of(wall, pick.name)
            return 0 if queue is None else queue.length + queue.aside
        case PickKind.AGENT:
            agent = agent_of(wall, pick.name)
            return 0 if agent is None else agent.agent.open_count


def due_of(session: WallSession, now: datetime, due_soon: float) -> Due:
    """Return where a session stands against its target now (L6); ``due_soon`` is seconds."""
    if session.waiting_since is None or session.due_at is None:
        return session.due
    left = (session.due_at - now).total_seconds()
    if left <= 0:
        return Due.OVERDUE
    return Due.DUE_SOON if left <= due_soon else Due.OK


def in_line(wall: Wall) -> int:
    """Return how many stand in all lines together."""
    return sum(queue.length for queue in wall.queues)


def longest_since(wall: Wall) -> datetime | None:
    """Return the earliest wait in any line."""
    waits = (queue.longest_since for queue in wall.queues if queue.longest_since is not None)
    return min(waits, default=None)


def levels(values: Sequence[int], top: int, steps: int) -> list[int]:
    """Return for each value how many of ``steps`` it reaches: 0 for none, else at least one.

    ``top`` is the value that reaches all of them, and is raised to the largest value.
    """
    top = max(top, *values, 1) if values else 1
    return [0 if value <= 0 else max(1, round(value * steps / top)) for value in values]
