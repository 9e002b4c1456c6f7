"""Agents, teams and channels as the wire shows them (P6)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.directory import ChannelName, Directory
from inbox_tui.backend.people.presence import WINDOWS
from inbox_tui.channels.port import BadCredentials, ChannelAccount, NotSupportedYet
from inbox_tui.channels.registry import adapter_for, describe
from inbox_tui.clock import optional_datetime
from inbox_tui.store import tables
from inbox_tui.wire import models
from inbox_tui.wire.words import Presence

AGENTS = tables.table(tables.Agent)
CHANNELS = tables.table(tables.Channel)

_IDS: sa.BindParameter[Any] = sa.bindparam("agent_ids", expanding=True)
_ROWS = sa.select(AGENTS).where(AGENTS.c.id.in_(_IDS))
_PRESENCE = (
    sa.select(WINDOWS.c.agent_id, sa.func.max(WINDOWS.c.connected).label("connected"))
    .where(WINDOWS.c.agent_id.in_(_IDS))
    .group_by(WINDOWS.c.agent_id)
)


def agent_view(connection: Connection, directory: Directory, agent_id: int) -> models.Agent:
    """Show one agent with presence, switch, load and limit."""
    return agent_views(connection, directory, [agent_id])[0]


def agent_views(
    connection: Connection, directory: Directory, agent_ids: Collection[int]
) -> list[models.Agent]:
    """Show agents, in the order of ``agent_ids``, in two queries however many they are."""
    ids = {"agent_ids": list(agent_ids)}
    rows = {row.id: row for row in connection.execute(_ROWS, ids)}
    presences: Mapping[int, Presence] = {
        row.agent_id: Presence.PRESENT if row.connected else Presence.GRACE
        for row in connection.execute(_PRESENCE, ids)
    }
    return [
        _agent(rows[agent_id], directory, presences.get(agent_id, Presence.ABSENT))
        for agent_id in agent_ids
    ]


def _agent(row: Any, directory: Directory, presence: Presence) -> models.Agent:  # noqa: ANN401
    agent = directory.agents[row.id]
    by = row.accepting_by_id
    return models.Agent(
        id=agent.id,
        nickname=agent.nickname,
        name=agent.name,
        role=agent.role,
        active=agent.active,
        presence=presence,
        accepting=row.accepting,
        accepting_reason=row.accepting_reason,
        accepting_by=directory.nickname(by),
        back_at=optional_datetime(row.back_at),
        open_count=row.open_count,
        limit=directory.limit(agent.id),
        teams=[directory.teams[team].slug for team in directory.teams_of.get(agent.id, ())],
        languages=list(agent.languages),
    )


def team_view(directory: Directory, team_id: int, waiting: int) -> models.Team:
    """Show a team; ``waiting`` is how many of its open sessions nobody serves."""
    team = directory.teams[team_id]
    return models.Team(
        id=team.id,
        slug=team.slug,
        name=team.name,
        method=team.method,
        members=[directory.agents[agent].nickname for agent in team.members],
        supervisors=[directory.agents[agent].nickname for agent in team.supervisors],
        max_open=team.max_open,
        require_accept=team.require_accept,
        waiting=waiting,
    )


def channel_view(row: Any, directory: Directory) -> models.Channel:  # noqa: ANN401 - a channels row
    """Show a channel and what it can carry; nothing of its credentials.

    One that has no adapter, or whose credentials cannot be right, carries nothing and says so;
    one that lacks a credential says which.
    """
    channel: ChannelName = directory.channels[row.id]
    account = ChannelAccount(
        slug=channel.slug,
        kind=channel.kind,
        name=channel.name,
        credentials=row.credentials,
        api_base=row.api_base,
        public_url=directory.settings.public_url,
    )
    shown = models.Channel(
        id=channel.id,
        slug=channel.slug,
        kind=channel.kind,
        name=channel.name,
        team=directory.slug(channel.team_id),
        problem=row.problem,
        max_text=0,
    )
    try:
        can = adapter_for(account).capabilities
    except (BadCredentials, NotSupportedYet) as error:
        return replace(shown, problem=row.problem or error.detail)
    return replace(
        shown,
        can_send=sorted(can.can_send),
        max_text=can.max_text,
        problem=row.problem or _missing(account),
    )


def _missing(account: ChannelAccount) -> str | None:
    for credential in describe(account.kind).credentials:
        if credential.needed and not account.credentials.get(credential.name):
            return f"{credential.name} is missing. It is needed {credential.needed}."
    return None
