"""Binds contacts to agents and teams, and lets them go (Q4, Q8, Q12).

Plain functions of one unit of work. A session is assigned, a contact is bound: nothing here takes a
session from anybody. What waits unassigned is routed anew when its contact's binding changes. Which
code a contact sent, and what they are answered, is left to :mod:`inbox_tui.backend.codes`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from inbox_tui.backend.contacts import service as contacts
from inbox_tui.backend.directory import AgentName, Directory, directory_of
from inbox_tui.backend.messages.entries import add_happening
from inbox_tui.backend.people.roles import supervises, supervises_team
from inbox_tui.backend.sessions import placement
from inbox_tui.errors import Forbidden, Invalid, NotFound, NotPossibleNow
from inbox_tui.store import tables
from inbox_tui.store.work import Prepared, Work
from inbox_tui.wire.models import Entry
from inbox_tui.wire.words import Happening

HAND: Final = "hand"
MOVED: Final = "moved"
CODE: Final = "code:"
"""How a binding was made; the code that the contact sent follows the last."""

BINDINGS = tables.table(tables.Binding)
LIVE = BINDINGS.c.ended_at.is_(None)
_BY_ID = Prepared(sa.select(BINDINGS).where(BINDINGS.c.id == sa.bindparam("binding"), LIVE))
_OF_CONTACT = Prepared(
    sa.select(BINDINGS).where(BINDINGS.c.contact_id == sa.bindparam("contact"), LIVE)
)


@dataclass(frozen=True, slots=True)
class Bound:
    """What a contact is bound to; ``new`` says that it was not before."""

    id: int
    agent_id: int | None
    team_id: int | None
    new: bool = False


def live(work: Work, contact_id: int) -> Bound | None:
    """Return what a contact is bound to; None when to nobody."""
    row = work.fetch(_OF_CONTACT, contact_id)
    return None if row is None else Bound(row["id"], row["agent_id"], row["team_id"])


def bind(
    work: Work,
    contact_id: int,
    *,
    agent_id: int | None = None,
    team_id: int | None = None,
    how: str = HAND,
    by: int | None = None,
    tags: Sequence[str] = (),
) -> Bound:
    """Bind a contact; the first binding wins (Q4): who is bound already stays so, and that is told.

    ``by`` is the person who did it, None for the contact; ``tags`` are given to the contact (Q10).
    What waits unassigned is routed anew at once; a session that somebody serves stays with them,
    and its timeline tells of it. Raises NotFound, NotPossibleNow for a
    blocked contact (Q6) or an account that is not active, Invalid for nothing to bind to and for an
    agent who is not in the team.
    """
    there = live(work, contact_id)
    if there is not None:
        return there
    check_assignee(directory_of(work), agent_id, team_id)
    contact = contacts.row_of(work, contact_id)
    if contact["blocked"]:
        raise NotPossibleNow("This contact is blocked.")
    binding_id = work.insert(
        tables.Binding,
        contact_id=contact_id,
        agent_id=agent_id,
        team_id=team_id,
        made_at=work.now,
        how=how,
        by_id=by,
    )
    _show(work, contact, agent_id, team_id, by, how, tags)
    return Bound(binding_id, agent_id, team_id, new=True)


def end(work: Work, binding_id: int, by: int | None) -> None:
    """End one binding: the contact may bind to another (Q8). Raises NotFound."""
    row = _row(work, binding_id)
    _end(work, row["id"], by)
    _show(work, contacts.row_of(work, row["contact_id"]), None, None, by, None)


def move(
    work: Work, binding_id: int, *, agent_id: int | None, team_id: int | None, by: int | None
) -> int:
    """Bind the contact of a binding to somebody else; return the new binding's id (Q8).

    Raises NotFound, NotPossibleNow for what it is bound to already or an account that is not
    active, Invalid as :func:`bind`.
    """
    row = _row(work, binding_id)
    check_assignee(directory_of(work), agent_id, team_id)
    if (row["agent_id"], row["team_id"]) == (agent_id, team_id):
        raise NotPossibleNow("The contact is bound there already.")
    _end(work, row["id"], by)
    moved = work.insert(
        tables.Binding,
        contact_id=row["contact_id"],
        agent_id=agent_id,
        team_id=team_id,
        made_at=work.now,
        how=MOVED,
        by_id=by,
    )
    _show(work, contacts.row_of(work, row["contact_id"]), agent_id, team_id, by, MOVED)
    return moved


def end_all_of(work: Work, agent_id: int, by: int | None) -> int:
    """End every binding to an agent (Q8); return how many there were."""
    rows = work.execute(sa.select(BINDINGS.c.id).where(BINDINGS.c.agent_id == agent_id, LIVE))
    found = rows.scalars().all()
    for binding_id in found:
        end(work, binding_id, by)
    return len(found)


def move_all_of(
    work: Work, from_id: int, *, agent_id: int | None, team_id: int | None, by: int | None
) -> int:
    """Bind every contact of an agent to somebody else (Q8); return how many were moved.

    Those who are bound there already stay as they are. Raises what :func:`check_assignee` raises.
    """
    check_assignee(directory_of(work), agent_id, team_id)
    rows = work.execute(
        sa.select(BINDINGS.c.id, BINDINGS.c.agent_id, BINDINGS.c.team_id).where(
            BINDINGS.c.agent_id == from_id, LIVE
        )
    )
    found = [row.id for row in rows if (row.agent_id, row.team_id) != (agent_id, team_id)]
    for binding_id in found:
        move(work, binding_id, agent_id=agent_id, team_id=team_id, by=by)
    return len(found)


def check_may(work: Work, binding_id: int, by: AgentName) -> None:
    """Raise Forbidden unless somebody looks after who a binding is to (docs/roles.md), NotFound."""
    row = _row(work, binding_id)
    directory = directory_of(work)
    if row["agent_id"] is not None and supervises(directory, by, row["agent_id"]):
        return
    if row["team_id"] is not None and supervises_team(directory, by, row["team_id"]):
        return
    raise Forbidden("That binding is to none of those you supervise.")


def check_assignee(directory: Directory, agent_id: int | None, team_id: int | None) -> None:
    """Raise unless somebody may be bound to: an agent, a team, an agent inside a team (Q1).

    Raises Invalid for nobody and for an agent who is not in the team, NotFound, NotPossibleNow for
    an account that is not active.
    """
    if agent_id is None and team_id is None:
        raise Invalid("Name an agent, a team, or both.", data={"path": "agent"})
    team = None if team_id is None else directory.teams.get(team_id)
    if team_id is not None and team is None:
        raise NotFound(f"There is no team {team_id}.")
    if agent_id is None:
        return
    agent = directory.agents.get(agent_id)
    if agent is None:
        raise NotFound(f"There is no agent {agent_id}.")
    if not agent.active:
        raise NotPossibleNow(f"The account of {agent.nickname} is not active.")
    if team is not None and agent_id not in team.members:
        raise Invalid(f"{agent.nickname} is not in {team.slug}.", data={"path": "agent"})


def _row(work: Work, binding_id: int) -> dict[str, Any]:
    row = work.fetch(_BY_ID, binding_id)
    if row is None:
        raise NotFound(f"There is no binding {binding_id}.")
    return row


def _end(work: Work, binding_id: int, by: int | None) -> None:
    work.update(tables.Binding, binding_id, {"ended_at": work.now, "ended_by_id": by})


def _show(
    work: Work,
    contact: dict[str, Any],
    agent_id: int | None,
    team_id: int | None,
    by: int | None,
    how: str | None,
    tags: Sequence[str] = (),
) -> None:
    """Write a binding to its contact, route what waits anew, and tell it (W6)."""
    names = directory_of(work)
    was = _told(names, contact["bound_agent_id"], contact["bound_team_id"])
    before: dict[str, Any] = {"binding": was}
    changes: dict[str, Any] = {"bound_agent_id": agent_id, "bound_team_id": team_id}
    tagged = contacts.tagged(contact["tags"], tags)
    if tagged != contact["tags"]:
        before["tags"], changes["tags"] = contact["tags"], tagged
    contacts.write_columns(work, contact, changes)
    told = _told(names, agent_id, team_id)
    if told is not None:
        told["how"] = how
    sessions = contacts.open_sessions(work, contact["id"])
    entries = {each: _happened(work, each, told, was, by) for each in sessions}
    changed = {"binding": told, **({"tags": tagged} if "tags" in before else {})}
    contacts.tell(work, contact, by, changed, before, entries)


def _happened(
    work: Work,
    session_id: int,
    told: Mapping[str, Any] | None,
    was: Mapping[str, Any] | None,
    by: int | None,
) -> Entry:
    """Tell an open session's timeline of a binding, and have it routed by it if nobody serves it.

    It is routed as if it had just come: it may wait for whom its contact is bound to (R6).
    """
    row = placement.open_row(work, session_id)
    if told is not None and row["assignee_id"] is None:
        placement.write(work, row, {"queued_at": work.now, "owner_waited": False})
    named = told or was or {}
    how = str(named.get("how") or "")
    return add_happening(
        work,
        conversation_id=row["conversation_id"],
        session_id=session_id,
        happening=Happening.UNBOUND if told is None else Happening.BOUND,
        author_id=by,
        data={
            "assignee": named.get("agent"),
            "team": named.get("team"),
            "code": how.removeprefix(CODE) if how.startswith(CODE) else None,
        },
    )


def _told(names: Directory, agent_id: int | None, team_id: int | None) -> dict[str, Any] | None:
    if agent_id is None and team_id is None:
        return None
    return {"agent": names.nickname(agent_id), "team": names.slug(team_id)}
