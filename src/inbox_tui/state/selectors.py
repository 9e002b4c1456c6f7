"""Answers read off the state: where a session stands now, what needs me next, how loaded I am."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from inbox_tui.records import dataclass
from inbox_tui.wire.models import Agent, Session
from inbox_tui.wire.words import Due, Presence, SessionState


def due_at(session: Session, now: datetime, due_soon: float) -> Due:
    """Return where a waiting session stands against the response target now (L6).

    ``due_soon`` is how many seconds before the target a session counts as due soon.
    """
    if session.state is SessionState.CLOSED or not session.unanswered:
        return Due.OK
    if session.due_at is None:
        return session.due
    left = (session.due_at - now).total_seconds()
    if left <= 0:
        return Due.OVERDUE
    return Due.DUE_SOON if left <= due_soon else Due.OK


def waited(session: Session, now: datetime) -> float | None:
    """Return the seconds the customer waits for a person's reply, null when nobody waits."""
    if session.waiting_since is None:
        return None
    return max(0.0, (now - session.waiting_since).total_seconds())


class Need(StrEnum):
    """Why a session needs me, most pressing first (L7)."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    UNREAD = "unread"
    UNANSWERED = "unanswered"
    FREE = "free"


_RANK = {need: rank for rank, need in enumerate(Need)}


def need_of(session: Session, nickname: str, now: datetime, due_soon: float) -> Need | None:
    """Return why a session needs this agent, or None.

    Mine by due state, then unread, then unanswered; after them what nobody has.
    """
    if session.state is SessionState.CLOSED:
        return None
    if session.assignee is None:
        return Need.FREE if session.unanswered else None
    if session.assignee != nickname:
        return None
    match due_at(session, now, due_soon):
        case Due.OVERDUE:
            return Need.OVERDUE
        case Due.DUE_SOON:
            return Need.DUE_SOON
    if session.unread_count:
        return Need.UNREAD
    return Need.UNANSWERED if session.unanswered else None


def next_work(
    sessions: Iterable[Session],
    nickname: str,
    now: datetime,
    due_soon: float,
    *,
    after: int | None = None,
) -> tuple[Session, Need] | None:
    """Return the session that needs this agent most, and why; not ``after``, where I am now.

    Inside one need, longest wait first.
    """
    best: tuple[int, float, int] | None = None
    found: tuple[Session, Need] | None = None
    for session in sessions:
        need = need_of(session, nickname, now, due_soon)
        if need is None or session.id == after:
            continue
        rank = (_RANK[need], -(waited(session, now) or 0.0), session.id)
        if best is None or rank < best:
            best, found = rank, (session, need)
    return found


@dataclass(frozen=True, slots=True)
class Load:
    """Open sessions of an agent against the limit; a limit of 0 means none is set."""

    open: int
    limit: int

    @property
    def full(self) -> bool:
        """Whether nothing more is assigned automatically (R5)."""
        return bool(self.limit) and self.open >= self.limit


def load_of(agent: Agent) -> Load:
    """Return an agent's load."""
    return Load(agent.open_count, agent.limit)


def why_asks(agent: Agent) -> str | None:
    """Return what a person is asked about before giving this agent a session (R5, T3), or None.

    One of ``absent``, ``switched_off``, ``full``.
    """
    if agent.presence is Presence.ABSENT:
        return "absent"
    if load_of(agent).full:
        return "full"
    return None


_PRESENCE = {Presence.PRESENT: 0, Presence.GRACE: 1, Presence.ABSENT: 2}


def receivers(agents: Iterable[Agent], me: str) -> list[Agent]:
    """Return whom a session can be given to: present first, then most free slots (T1)."""
    return sorted(
        (agent for agent in agents if agent.active and agent.nickname != me),
        key=lambda agent: (
            _PRESENCE[agent.presence],
            not agent.accepting,
            agent.open_count - agent.limit,
            agent.nickname,
        ),
    )
