"""What a workspace file asks for, and what it may refer to without describing it.

A key that the file does not have is not in the plan either: what is there stays as it is, and
what is made new gets the default. Business hours and rules are the exception: each is described
as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inbox_tui.hours import Calendar
from inbox_tui.wire.rules import RuleDraft
from inbox_tui.wire.words import Automatic, ChannelKind


@dataclass(frozen=True, slots=True)
class AgentPlan:
    """An agent as the file says; ``values`` are columns."""

    nickname: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A team as the file says; None members or supervisors stay as they are."""

    slug: str
    values: Mapping[str, Any]
    members: tuple[str, ...] | None
    supervisors: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ChannelPlan:
    """A channel as the file says; ``team`` "" is no team, None leaves it as it is."""

    slug: str
    kind: ChannelKind
    values: Mapping[str, Any]
    team: str | None
    credentials: Mapping[str, str] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class TemplatePlan:
    """The text of a kind of automatic message; ``channel`` None is for all of them."""

    kind: Automatic
    language: str
    channel: str | None
    text: str


@dataclass(frozen=True, slots=True)
class MessagesPlan:
    """The automatic messages as the file says: all that are ``on``, ``gap`` in milliseconds.

    None stays as it is.
    """

    on: tuple[Automatic, ...] | None = None
    gap: int | None = None
    templates: tuple[TemplatePlan, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workspace file asks for; ``rules`` are in their order."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    agents: tuple[AgentPlan, ...] = ()
    hours: tuple[Calendar, ...] = ()
    teams: tuple[TeamPlan, ...] = ()
    channels: tuple[ChannelPlan, ...] = ()
    rules: tuple[RuleDraft, ...] = ()
    messages: MessagesPlan = field(default_factory=MessagesPlan)


@dataclass(frozen=True, slots=True)
class Known:
    """What the workspace has already, which a file may refer to without describing it.

    ``rules`` says of each by its name whether it is enabled; ``timezone`` is the workspace's.
    """

    agents: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    channels: Mapping[str, ChannelKind] = field(default_factory=dict)
    hours: Mapping[str, Calendar] = field(default_factory=dict)
    rules: Mapping[str, bool] = field(default_factory=dict)
    timezone: str = "UTC"
