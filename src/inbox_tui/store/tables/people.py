"""The workspace, its agents and teams, and who of them has a window open."""

from sqlalchemy import BigInteger, Column, ForeignKey
from sqlmodel import Field

from inbox_tui.store.tables.columns import (
    Row,
    big,
    flag,
    json_dict,
    json_list,
    new_id,
    ref,
    text_of,
)


class Workspace(Row, table=True):
    """The one row of settings (id 1).

    Durations are milliseconds; null is never (``take_back``, ``exclude_older_than``). ``hours`` is
    the name of the workspace's business hours, ``tiers`` the priority that each tier brings,
    ``restrict_to_team`` whether agents see the sessions of their own teams only (R17).
    ``several_since`` is when a second account became active, null while there is but one (P1).
    ``automatic`` are the automatic messages that are on, ``automatic_gap`` the least time between
    two of M4.
    """

    __tablename__ = "workspace"

    id: int | None = new_id()
    name: str = "inbox-tui"
    timezone: str = "UTC"
    language: str = "en"
    max_open: int = 5
    response_target: int = big(default=86_400_000)
    owner_wait: int = big(default=120_000)
    close_after: int = big(default=604_800_000)
    idle_close: int = big(default=86_400_000)
    settle: int = big(default=2_000)
    presence_grace: int = big(default=20_000)
    public_url: str = ""
    skill_wait: int = big(default=120_000)
    take_back: int | None = big(null=True)
    off_duty: str = text_of("reroute")
    hours: str | None = None
    exclude_tags: list[str] = json_list()
    exclude_older_than: int | None = big(null=True)
    tiers: dict[str, str] = json_dict()
    restrict_to_team: bool = flag()
    several_since: int | None = big(null=True)
    automatic: list[str] = json_list()
    automatic_gap: int = big(default=600_000)


class Agent(Row, table=True):
    """A person who answers.

    ``absent_since`` is when their last inbox window closed; null while one is open or in its
    grace, and for who never had one (R12).
    """

    __tablename__ = "agents"

    id: int | None = new_id()
    nickname: str = Field(unique=True)
    name: str
    role: str = "agent"
    active: bool = True
    max_open: int | None = None
    languages: list[str] = json_list()
    weight: float = 1.0
    accepting: bool = False
    accepting_reason: str | None = None
    accepting_by_id: int | None = big(null=True)
    back_at: int | None = big(null=True)
    last_assigned_at: int = big(default=0)
    open_count: int = 0
    skills: list[str] = json_list()
    absent_since: int | None = big(null=True)


class Token(Row, table=True):
    """A bearer token, kept as its SHA-256."""

    __tablename__ = "tokens"

    id: int | None = new_id()
    agent_id: int = ref("agents.id", index=True)
    hash: str = Field(unique=True)
    created_at: int = big()
    revoked_at: int | None = big(null=True)


class Team(Row, table=True):
    """A group of agents with a routing method; ``hours`` null are the workspace's (M11)."""

    __tablename__ = "teams"

    id: int | None = new_id()
    slug: str = Field(unique=True)
    name: str
    method: str = "round_robin"
    max_open: int | None = None
    require_accept: bool = False
    consider: str = text_of("online")
    hours: str | None = None
    exclude_tags: list[str] = json_list()
    exclude_older_than: int | None = big(null=True)


class TeamMember(Row, table=True):
    """Membership; ``turn`` is the member's place in the team's rotation (R14)."""

    __tablename__ = "team_members"

    team_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("teams.id"), primary_key=True),
    )
    agent_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("agents.id"), primary_key=True, index=True),
    )
    member: bool = True
    supervisor: bool = False
    turn: float = 0.0


class PresenceWindow(Row, table=True):
    """An open inbox window, or one whose link dropped and that is in its grace (P3)."""

    __tablename__ = "presence_windows"

    window: str = Field(primary_key=True)
    agent_id: int = ref("agents.id", index=True)
    connected: bool = True
    since: int = big()
