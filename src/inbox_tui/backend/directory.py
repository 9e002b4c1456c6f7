"""Who and what there is: agents, teams, channels, rules, hours and settings, by id and by name.

A small immutable picture, read once and replaced when people or settings change, so that turning
an id into a nickname costs no query. What moves all the time (presence, switch, load) is not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.errors import NotFound
from inbox_tui.hours import Calendar, from_json
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.rules import Conditions
from inbox_tui.wire.words import Automatic, ChannelKind, Consider, Method, OffDuty, Priority, Role

PEOPLE_CHANGED = "directory"
"""The part of an event that carries a new directory to whoever keeps one."""


@dataclass(frozen=True, slots=True)
class AgentName:
    """What stays about an agent. ``max_open`` is their own limit, None for the workspace's."""

    id: int
    nickname: str
    name: str
    role: Role
    active: bool
    max_open: int | None
    languages: tuple[str, ...]
    weight: float
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamName:
    """What stays about a team; ``members`` and ``supervisors`` are agent ids.

    ``hours`` None are the workspace's (M11); ``exclude_older_than`` is in milliseconds, None for
    no age (R4).
    """

    id: int
    slug: str
    name: str
    method: Method
    max_open: int | None
    require_accept: bool
    members: tuple[int, ...]
    supervisors: tuple[int, ...]
    consider: Consider = Consider.ONLINE
    hours: str | None = None
    exclude_tags: tuple[str, ...] = ()
    exclude_older_than: int | None = None


@dataclass(frozen=True, slots=True)
class ChannelName:
    """What stays about a channel, without its credentials."""

    id: int
    slug: str
    kind: ChannelKind
    name: str
    team_id: int | None


@dataclass(frozen=True, slots=True)
class RuleName:
    """A distribution rule (R2): its sessions go to ``team_id`` or, where it is None, ``agents``."""

    id: int
    version: int
    name: str
    enabled: bool
    when: Conditions
    team_id: int | None
    agents: tuple[int, ...]
    method: Method | None
    consider: Consider | None
    priority: Priority | None
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """The workspace's settings; durations in milliseconds, None for never.

    ``hours`` is the name of the workspace's business hours, None for always open. ``tiers`` says
    which priority each tier brings (R7). ``several_since`` is the moment a second account became
    active, None while there is but one. ``automatic`` are the automatic messages that are on.
    """

    name: str = "inbox-tui"
    timezone: str = "UTC"
    language: str = "en"
    max_open: int = 5
    response_target: int = 86_400_000
    owner_wait: int = 120_000
    close_after: int = 604_800_000
    idle_close: int = 86_400_000
    settle: int = 2_000
    presence_grace: int = 20_000
    public_url: str = ""
    skill_wait: int = 120_000
    take_back: int | None = None
    off_duty: OffDuty = OffDuty.REROUTE
    hours: str | None = None
    exclude_tags: tuple[str, ...] = ()
    exclude_older_than: int | None = None
    tiers: Mapping[str, Priority] = field(default_factory=dict)
    restrict_to_team: bool = False
    several_since: int | None = None
    automatic: frozenset[Automatic] = frozenset()
    automatic_gap: int = 600_000


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody and everything, by id; the ``*_named`` methods find by what people type.

    ``rules`` are in their order, the first that matches decides; ``hours`` are by name.
    """

    settings: Settings = field(default_factory=Settings)
    agents: Mapping[int, AgentName] = field(default_factory=dict)
    teams: Mapping[int, TeamName] = field(default_factory=dict)
    channels: Mapping[int, ChannelName] = field(default_factory=dict)
    nicknames: Mapping[str, int] = field(default_factory=dict)
    team_slugs: Mapping[str, int] = field(default_factory=dict)
    channel_slugs: Mapping[str, int] = field(default_factory=dict)
    teams_of: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    rules: Mapping[int, RuleName] = field(default_factory=dict)
    hours: Mapping[str, Calendar] = field(default_factory=dict)

    @property
    def single(self) -> int | None:
        """The id of the only active account, if there is exactly one (P1)."""
        active = [agent.id for agent in self.agents.values() if agent.active]
        return active[0] if len(active) == 1 else None

    def agent_named(self, nickname: str) -> AgentName:
        """Return the active agent with this nickname. Raises NotFound."""
        found = self.nicknames.get(nickname)
        if found is None or not self.agents[found].active:
            raise NotFound(f"There is no agent “{nickname}”.")
        return self.agents[found]

    def team_named(self, slug: str) -> TeamName:
        """Return the team with this slug. Raises NotFound."""
        found = self.team_slugs.get(slug)
        if found is None:
            raise NotFound(f"There is no team “{slug}”.")
        return self.teams[found]

    def channel_named(self, slug: str) -> ChannelName:
        """Return the channel with this slug. Raises NotFound."""
        found = self.channel_slugs.get(slug)
        if found is None:
            raise NotFound(f"There is no channel “{slug}”.")
        return self.channels[found]

    def nickname(self, agent_id: int | None) -> str | None:
        """Return the nickname of an agent id; None for the system."""
        return None if agent_id is None else self.agents[agent_id].nickname

    def slug(self, team_id: int | None) -> str | None:
        """Return the slug of a team id; None for no team."""
        return None if team_id is None else self.teams[team_id].slug

    def limit(self, agent_id: int) -> int:
        """Return how many open sessions an agent may be given (R5)."""
        own = self.agents[agent_id].max_open
        return self.settings.max_open if own is None else own


def load_directory(connection: Connection) -> Directory:
    """Read the whole directory."""

    def rows(of: Any) -> list[Any]:  # noqa: ANN401 - a table class
        return list(connection.execute(sa.select(tables.table(of))))

    workspace = next(iter(rows(tables.Workspace)), None)
    settings = Settings() if workspace is None else _settings(workspace)
    members = rows(tables.TeamMember)
    teams_of: dict[int, tuple[int, ...]] = {}
    for row in members:
        teams_of[row.agent_id] = (*teams_of.get(row.agent_id, ()), row.team_id)
    agents = {
        row.id: AgentName(
            row.id,
            row.nickname,
            row.name,
            Role(row.role),
            row.active,
            row.max_open,
            tuple(row.languages),
            row.weight,
            tuple(row.skills),
        )
        for row in rows(tables.Agent)
    }
    teams = {
        row.id: TeamName(
            row.id,
            row.slug,
            row.name,
            Method(row.method),
            row.max_open,
            row.require_accept,
            tuple(m.agent_id for m in members if m.team_id == row.id and m.member),
            tuple(m.agent_id for m in members if m.team_id == row.id and m.supervisor),
            Consider(row.consider),
            row.hours or None,
            tuple(row.exclude_tags),
            row.exclude_older_than,
        )
        for row in rows(tables.Team)
    }
    channels = {
        row.id: ChannelName(row.id, row.slug, ChannelKind(row.kind), row.name, row.team_id)
        for row in rows(tables.Channel)
    }
    rules = sorted(rows(tables.Rule), key=lambda row: (row.position, row.id))
    return Directory(
        settings,
        agents,
        teams,
        channels,
        {agent.nickname: agent.id for agent in agents.values()},
        {team.slug: team.id for team in teams.values()},
        {channel.slug: channel.id for channel in channels.values()},
        teams_of,
        {row.id: _rule(row) for row in rules},
        {row.name: from_json(row.calendar) for row in rows(tables.Hours)},
    )


def _settings(row: Any) -> Settings:  # noqa: ANN401 - the row of the workspace
    stored = {name: getattr(row, name) for name in Settings.__slots__}
    return Settings(
        **{
            **stored,
            "off_duty": OffDuty(row.off_duty),
            "hours": row.hours or None,
            "exclude_tags": tuple(row.exclude_tags),
            "automatic": frozenset(Automatic(kind) for kind in row.automatic),
            "tiers": {tier: Priority(priority) for tier, priority in row.tiers.items()},
        }
    )


def _rule(row: Any) -> RuleName:  # noqa: ANN401 - a row of the rules
    return RuleName(
        row.id,
        row.version,
        row.name,
        row.enabled,
        msgspec.convert(row.condition, Conditions),
        row.team_id,
        tuple(row.agents),
        Method(row.method) if row.method else None,
        Consider(row.consider) if row.consider else None,
        Priority(row.priority) if row.priority else None,
        tuple(row.skills),
    )


def directory_of(work: Work) -> Directory:
    """Return the directory as this unit of work sees it."""
    found: Directory | None = work.shared.get("directory")
    if found is None:
        found = work.shared["directory"] = load_directory(work.connection)
    return found


def people_changed(work: Work) -> Directory:
    """Read the directory again after people or settings changed in this unit of work.

    Notes since when there is more than one active account (P1).
    """
    work.shared.pop("directory", None)
    directory = directory_of(work)
    several = sum(agent.active for agent in directory.agents.values()) > 1
    if several == (directory.settings.several_since is not None):
        return directory
    since = work.now if several else None
    work.execute(sa.update(tables.table(tables.Workspace)), {"several_since": since})
    settings = replace(directory.settings, several_since=since)
    directory = work.shared["directory"] = replace(directory, settings=settings)
    return directory
