"""Distribution rules and business hours on the wire (R2, M11): answers and bodies.

Like :mod:`inbox_tui.wire.models`: plain frozen dataclasses, people and things by the names that
people type. What may stand in a rule is told in docs/workspace-file.md, which has the same keys.
"""

from datetime import datetime
from typing import Final, Literal

from inbox_tui.records import dataclass, field
from inbox_tui.wire.body import Body
from inbox_tui.wire.explanation import Candidate
from inbox_tui.wire.words import (
    Category,
    Consider,
    ContactKind,
    Method,
    Priority,
    UnassignedReason,
)

DEFAULT: Final = "default"
"""What takes back a value of a rule that overrides another, such as the method of its team."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions(Body):
    """When a rule matches: all that is given must hold, of each list any one.

    Null is no condition; an empty list could never hold and is refused. ``keyword`` is found
    anywhere in the customer's first messages, without regard to case or Latin marks; ``tag`` is
    the contact's. ``business_hours`` name hours of which one must be open,
    ``outside_business_hours`` hours of which all must be closed.
    """

    channel: list[str] | None = None
    language: list[str] | None = None
    category: list[Category] | None = None
    keyword: list[str] | None = None
    tag: list[str] | None = None
    tier: list[str] | None = None
    contact: ContactKind | None = None
    business_hours: list[str] | None = None
    outside_business_hours: list[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft(Body):
    """A rule as somebody writes it: ``team`` or ``agents``, never both.

    ``method`` and ``consider`` override the team's; a list of agents has least open and online
    where they are null. ``priority`` raises the session's, ``skills`` are asked of whoever gets it.
    """

    name: str
    enabled: bool = True
    when: Conditions = field(default_factory=Conditions)
    team: str | None = None
    agents: list[str] | None = None
    method: Method | None = None
    consider: Consider | None = None
    priority: Priority | None = None
    skills: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchRule(Body):
    """What to change of a rule; null leaves a field as it is.

    ``when`` is replaced as a whole. ``team`` takes the place of agents, and the other way round.
    ``default`` takes back what overrides another value.
    """

    name: str | None = None
    enabled: bool | None = None
    when: Conditions | None = None
    team: str | None = None
    agents: list[str] | None = None
    method: Method | Literal["default"] | None = None
    consider: Consider | Literal["default"] | None = None
    priority: Priority | Literal["default"] | None = None
    skills: list[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule in its place; the first one that matches decides (R2).

    ``position`` counts from 1. ``covered_by`` is the name of an earlier rule that takes every
    session this one would match, so that it is never reached.
    """

    id: int
    version: int
    position: int
    name: str
    enabled: bool = True
    when: Conditions = field(default_factory=Conditions)
    team: str | None = None
    agents: list[str] | None = None
    method: Method | None = None
    consider: Consider | None = None
    priority: Priority | None = None
    skills: list[str] = field(default_factory=list)
    covered_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOrder(Body):
    """The ids of all rules in their new order."""

    ids: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TryRules(Body):
    """A message to try the rules on: a typed-in one, or a session's own first messages.

    With ``session_id`` everything is taken from that session, but for what is given beside it;
    otherwise ``channel`` is needed. ``at`` is the time at which business hours are looked at:
    when the session was opened, else now. ``rule`` is a rule as typed: it stands in the place of
    the stored one ``in_place_of``, else behind all others.
    """

    session_id: int | None = None
    text: str | None = None
    channel: str | None = None
    language: str | None = None
    category: Category | None = None
    contact: ContactKind | None = None
    tags: list[str] | None = None
    tier: str | None = None
    at: datetime | None = None
    rule: RuleDraft | None = None
    in_place_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What the rules were tried on."""

    text: str
    channel: str
    language: str | None
    category: Category | None
    contact: ContactKind
    tags: list[str]
    tier: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdict:
    """What one rule says to a message.

    ``id`` is null for a new rule as typed. ``failed`` names the conditions that do not hold (keys
    of :class:`Conditions`); ``decides`` is true for the first enabled rule that matches.
    """

    name: str
    enabled: bool
    matches: bool
    id: int | None = None
    decides: bool = False
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTrial:
    """How a message would go through the rules, and who would get it if it came now.

    ``step`` is the step of R1 that chose the queue: ``rule``, ``channel_team``,
    ``workspace_pool``; with a session ``bound_team`` too. ``summary`` says it in a sentence of
    English. ``agents`` are those of a rule with a list of its own,
    ``method`` how they are chosen from. ``assignee`` is null where it would wait, with the
    ``reason``. Nothing is assigned, and no turn moves (R14).
    """

    tried: Tried
    rules: list[RuleVerdict]
    step: str
    summary: str = ""
    rule: str | None = None
    team: str | None = None
    agents: list[str] | None = None
    method: Method | None = None
    consider: Consider | None = None
    priority: Priority = Priority.NORMAL
    assignee: str | None = None
    reason: UnassignedReason | None = None
    candidates: list[Candidate] = field(default_factory=list)
    candidates_total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A date that is not like others of its weekday; without hours it is closed."""

    date: str
    hours: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Business hours (M11), and whether they are open at the time of the answer.

    ``week`` has the intervals of each day from ``mon`` to ``sun``, such as ``09:00-18:00``; one
    that ends before it begins runs over midnight. ``changes_at`` is when they open or close next,
    null for never.
    """

    name: str
    timezone: str
    open: bool
    changes_at: datetime | None = None
    week: dict[str, list[str]] = field(default_factory=dict)
    holidays: list[Holiday] = field(default_factory=list)
