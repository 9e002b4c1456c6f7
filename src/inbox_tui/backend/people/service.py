"""The accept switch (P1, P2, P4, P5) and the limit of an agent (R5); accounts as a whole (R12)."""

import sqlalchemy as sa

from inbox_tui.backend.directory import AgentName, directory_of, people_changed
from inbox_tui.backend.people import accounts
from inbox_tui.backend.people.roles import check_supervises, role_of
from inbox_tui.backend.people.views import AGENTS
from inbox_tui.clock import to_millis
from inbox_tui.errors import Forbidden, Invalid, NotPossibleNow
from inbox_tui.store.work import Work
from inbox_tui.text import safe_line
from inbox_tui.wire.requests import PatchAgent, PutAccepting
from inbox_tui.wire.words import EventKind, Role

MOST_REASON = 100
"""Characters of an away reason."""
HIGHEST_LIMIT = 10_000


def set_accepting(work: Work, agent_id: int, wanted: PutAccepting, by: int) -> int:
    """Turn an agent's accept switch; return their id. ``by`` may be a supervisor (P5).

    ``reason`` and ``back_at`` belong to a switch that is off (P4); on, they are dropped. Turning
    it to where it is changes nothing. Raises NotPossibleNow where there is no switch (P1), Invalid.
    """
    directory = directory_of(work)
    if directory.single == agent_id:
        raise NotPossibleNow(
            "There is no switch while there is one account: every chat comes to it."
        )
    reason = back_at = None
    if not wanted.accepting:
        reason = safe_line(wanted.reason or "") or None
        if reason is not None and len(reason) > MOST_REASON:
            raise Invalid(f"The reason is longer than {MOST_REASON}.", data={"path": "reason"})
        if wanted.back_at is not None:
            if wanted.back_at.tzinfo is None:
                raise Invalid("back_at needs its offset from UTC.", data={"path": "back_at"})
            back_at = to_millis(wanted.back_at)
    row = work.execute(sa.select(AGENTS).where(AGENTS.c.id == agent_id)).one()
    if (row.accepting, row.accepting_reason, row.back_at) == (wanted.accepting, reason, back_at):
        return agent_id
    work.execute(
        sa.update(AGENTS).where(AGENTS.c.id == agent_id),
        {
            "accepting": wanted.accepting,
            "accepting_reason": reason,
            "accepting_by_id": None if by == agent_id else by,
            "back_at": back_at,
        },
    )
    work.append(
        EventKind.AGENT_CHANGED,
        actor_id=by,
        subject_id=agent_id,
        data={"accepting": wanted.accepting, "reason": reason, "back_at": back_at},
    )
    return agent_id


def set_accepting_of(work: Work, nickname: str, wanted: PutAccepting, by: AgentName) -> int:
    """Turn a colleague's switch as their supervisor; return their id.

    Raises NotFound, Forbidden outside the teams supervised, and what :func:`set_accepting` raises.
    """
    directory = directory_of(work)
    agent = directory.agent_named(nickname)
    check_supervises(directory, by, agent)
    return set_accepting(work, agent.id, wanted, by.id)


def change_of(work: Work, nickname: str, wanted: PatchAgent, by: AgentName) -> int:
    """Change the account of somebody one looks after; return their id.

    Their limit (V2): a higher one takes effect at once, whatever waits may come (R7). Whether it is
    active is for owners (R12, docs/roles.md). The same again changes nothing. Raises NotFound,
    Forbidden, Invalid, NotPossibleNow for the last owner.
    """
    directory = directory_of(work)
    agent = accounts.account_named(directory, nickname)
    check_supervises(directory, by, agent)
    if wanted.max_open is not None:
        _set_limit(work, agent, None if wanted.max_open == "default" else wanted.max_open, by.id)
    if wanted.active is not None:
        if role_of(directory, by) != Role.OWNER:
            raise Forbidden("Only an owner may activate and deactivate accounts.")
        if wanted.active != agent.active:
            (accounts.activate if wanted.active else accounts.deactivate)(work, agent, by.id)
    return agent.id


def _set_limit(work: Work, agent: AgentName, limit: int | None, by: int) -> None:
    if limit is not None and not 0 <= limit <= HIGHEST_LIMIT:
        raise Invalid(f"A limit is 0 to {HIGHEST_LIMIT:,}.", data={"path": "max_open"})
    if limit == agent.max_open:
        return
    work.execute(sa.update(AGENTS).where(AGENTS.c.id == agent.id), {"max_open": limit})
    work.append(
        EventKind.AGENT_CHANGED,
        actor_id=by,
        subject_id=agent.id,
        data={"max_open": limit},
        directory=people_changed(work),
    )
