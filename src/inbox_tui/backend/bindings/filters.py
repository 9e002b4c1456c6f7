"""Whom a list is narrowed to: ``bound=me | NICKNAME | TEAM | none`` (Q11)."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from inbox_tui.backend.directory import AgentName, Directory
from inbox_tui.backend.views import CONTACTS
from inbox_tui.errors import NotFound

ME: Final = "me"
NONE: Final = "none"
AGENT: Final = "agent:"
TEAM: Final = "team:"


@dataclass(frozen=True, slots=True)
class BoundTo:
    """Contacts bound to an agent (inside a team or not), to a team, or to nobody at all."""

    agent_id: int | None = None
    team_id: int | None = None

    def condition(self) -> sa.ColumnElement[bool]:
        """Return the same as a condition on the table of contacts."""
        if self.agent_id is not None:
            return CONTACTS.c.bound_agent_id == self.agent_id
        if self.team_id is not None:
            return CONTACTS.c.bound_team_id == self.team_id
        return CONTACTS.c.bound_agent_id.is_(None) & CONTACTS.c.bound_team_id.is_(None)


def bound_to(directory: Directory, caller: AgentName, given: str) -> BoundTo | None:
    """Return what a filter names; None for no filter.

    A name that is both an agent's and a team's means the agent; ``agent:NAME`` and ``team:NAME``
    say which is meant. Raises NotFound.
    """
    name = given.strip()
    if not name:
        return None
    if name == ME:
        return BoundTo(agent_id=caller.id)
    if name == NONE:
        return BoundTo()
    if name.startswith(AGENT):
        return BoundTo(agent_id=directory.agent_named(name.removeprefix(AGENT)).id)
    if name.startswith(TEAM):
        return BoundTo(team_id=directory.team_named(name.removeprefix(TEAM)).id)
    agent_id = directory.nicknames.get(name)
    if agent_id is not None and directory.agents[agent_id].active:
        return BoundTo(agent_id=agent_id)
    if name in directory.team_slugs:
        return BoundTo(team_id=directory.team_slugs[name])
    raise NotFound(f"There is no agent and no team “{name[:100]}”.")
