"""Accounts come and go: what deactivating one does, told before, done in one unit of work (R12).

Open sessions go to routing at once, bindings and dedicated links end, tokens are revoked, windows
closed. Memberships stay, so that an account that comes back has its teams and turns again; its
switch is off then.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend import auth
from inbox_tui.backend.bindings import service as bindings
from inbox_tui.backend.cases import service as cases
from inbox_tui.backend.contacts import service as contacts
from inbox_tui.backend.directory import AgentName, Directory, directory_of, people_changed
from inbox_tui.backend.people import presence
from inbox_tui.backend.people.views import AGENTS
from inbox_tui.backend.sessions import placement
from inbox_tui.backend.sessions.moves import queue
from inbox_tui.backend.views import CONTACTS, SESSIONS
from inbox_tui.errors import NotFound, NotPossibleNow
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire import models
from inbox_tui.wire.words import EventKind, Happening, Role, SessionState

DEACTIVATED = "deactivated"
"""Why a session was taken from its agent, beside the causes that the engine knows."""

_TOKENS = tables.table(tables.Token)
_SERVED = (
    sa.select(SESSIONS.c.id)
    .where(
        SESSIONS.c.state == SessionState.OPEN.value,
        SESSIONS.c.assignee_id == sa.bindparam("agent"),
    )
    .order_by(SESSIONS.c.wait_key, SESSIONS.c.id)
)


def account_named(directory: Directory, nickname: str) -> AgentName:
    """Return the account with this nickname, active or not. Raises NotFound."""
    found = directory.nicknames.get(nickname)
    if found is None:
        raise NotFound(f"There is no agent “{nickname}”.")
    return directory.agents[found]


def effects(connection: Connection, directory: Directory, nickname: str) -> models.Deactivation:
    """Return what deactivating an account would do. Raises NotFound."""
    agent = account_named(directory, nickname)

    def count(*where: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).where(*where)
        return int(connection.execute(query).scalar_one())

    windows = presence.WINDOWS
    return models.Deactivation(
        nickname=agent.nickname,
        active=agent.active,
        sessions=count(SESSIONS.c.state == SessionState.OPEN, SESSIONS.c.assignee_id == agent.id),
        bindings=count(bindings.BINDINGS.c.agent_id == agent.id, bindings.LIVE),
        dedicated=count(CONTACTS.c.dedicated_agent_id == agent.id),
        tokens=count(_TOKENS.c.agent_id == agent.id, _TOKENS.c.revoked_at.is_(None)),
        windows=count(windows.c.agent_id == agent.id),
        refused=why_not(directory, agent),
    )


def why_not(directory: Directory, agent: AgentName) -> str | None:
    """Say why an account cannot be deactivated; None when it can."""
    if not agent.active:
        return f"The account of {agent.nickname} is not active."
    others = [each for each in directory.agents.values() if each.active and each.id != agent.id]
    if not others:
        return "The only account cannot be deactivated."
    if agent.role == Role.OWNER and all(each.role != Role.OWNER for each in others):
        return "The last owner cannot be deactivated."
    return None


def deactivate(work: Work, agent: AgentName, by: int) -> None:
    """Deactivate an account, with all that :func:`effects` tells.

    Raises NotPossibleNow for the last owner.
    """
    refused = why_not(directory_of(work), agent)
    if refused is not None:
        raise NotPossibleNow(refused)
    directory = _set(
        work,
        agent.id,
        {
            "active": False,
            "accepting": False,
            "accepting_reason": None,
            "accepting_by_id": None,
            "back_at": None,
        },
    )
    done = {
        # The links first: what is let go after that is routed without them.
        "bindings": bindings.end_all_of(work, agent.id, by),
        "dedicated": contacts.end_dedicated(work, agent.id, by),
        "sessions": _let_all_go(work, agent.id, by),
        "tokens": auth.revoke(work, agent.id, by),
        "windows": presence.close_all(work, agent.id),
    }
    work.append(
        EventKind.AGENT_CHANGED,
        actor_id=by,
        subject_id=agent.id,
        data={"active": False, "ended": done},
        directory=directory,
    )


def activate(work: Work, agent: AgentName, by: int) -> None:
    """Activate an account again; it moves nothing (P1), and its switch is off."""
    work.append(
        EventKind.AGENT_CHANGED,
        actor_id=by,
        subject_id=agent.id,
        data={"active": True},
        directory=_set(work, agent.id, {"active": True}),
    )


def _set(work: Work, agent_id: int, changes: dict[str, Any]) -> Directory:
    work.execute(sa.update(AGENTS).where(AGENTS.c.id == agent_id), changes)
    return people_changed(work)


def _let_all_go(work: Work, agent_id: int, by: int) -> int:
    """Send the sessions of a deactivated account to routing, at once; return how many."""
    sessions = work.execute(_SERVED, {"agent": agent_id}).scalars().all()
    for session_id in sessions:
        row = placement.open_row(work, session_id)
        queue(
            work,
            row,
            Happening.UNASSIGNED,
            team_id=row["team_id"],
            by=by,
            team_chosen=bool(row["team_chosen"]),
            reason=DEACTIVATED,
            lapsed=row["lapsed"],
            owner_waited=True,
        )
        cases.unassigned(work, session_id, agent_id, DEACTIVATED)
    return len(sessions)
