"""The workspace that generated histories happen in, as a file and as the facts it means.

Both are written by hand, side by side: how the backend makes facts of its tables is among what is
to be shown.
"""

from dataclasses import dataclass, field
from typing import Any

from inbox_tui.assignment import AgentFact, Policy, RuleFact, SessionFact, TeamFact, When
from inbox_tui.wire.words import (
    Category,
    Consider,
    ContactKind,
    Method,
    OffDuty,
    Presence,
    Priority,
)

SECOND = 1_000
HOUR = 3_600 * SECOND
GRACE = 20 * SECOND

WORKSPACE = """
[workspace]
timezone = "Asia/Bangkok"
language = "en"
max_open = 3
settle = "0s"
presence_grace = "20s"
[[hours]]
name = "shop"
every_day = ["09:00-19:01"]
[[agents]]
nickname = "amy"
role = "owner"
[[agents]]
nickname = "bo"
max_open = 2
weight = 2
[[agents]]
nickname = "cy"
max_open = 1
languages = ["th"]
skills = ["billing"]
[[agents]]
nickname = "dan"
languages = ["en"]
[[teams]]
slug = "turns"
method = "round_robin"
members = ["amy", "bo", "dan"]
max_open = 2
[[teams]]
slug = "fewest"
method = "least_open"
members = ["bo", "cy"]
exclude_tags = ["spam"]
[[teams]]
slug = "takers"
method = "self_claim"
members = ["amy", "cy"]
[[channels]]
slug = "a"
kind = "line"
team = "turns"
[[channels]]
slug = "b"
kind = "line"
team = "fewest"
[[channels]]
slug = "c"
kind = "line"
team = "takers"
[[channels]]
slug = "d"
kind = "line"
"""
PEOPLE = ("amy", "bo", "cy", "dan")
TEAMS: dict[str, tuple[str, ...]] = {
    "turns": ("amy", "bo", "dan"),
    "fewest": ("bo", "cy"),
    "takers": ("amy", "cy"),
}
CHANNEL_TEAM: dict[str, str | None] = {"a": "turns", "b": "fewest", "c": "takers", "d": None}
REFUND = "4711"
"""What a keyword asks for: digits, which have no language."""

RULES = {
    "refunds": f"""
when = {{ keyword = ["{REFUND}"] }}
agents = ["amy", "cy", "dan"]
method = "round_robin"
priority = "high"
""",
    "thai": """
when = { language = ["th"] }
team = "fewest"
skills = ["billing"]
""",
    "night": """
when = { outside_business_hours = ["shop"], channel = ["a", "b"] }
team = "turns"
method = "least_loaded"
consider = "active"
""",
    "back": """
when = { contact = "returning", tier = ["gold"] }
team = "takers"
""",
    "vip": """
when = { tag = ["vip"], category = ["pre_sale"], business_hours = ["shop"] }
team = "fewest"
method = "round_robin"
""",
}

SETTINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "waits": {"owner_wait": 20 * SECOND, "skill_wait": 30 * SECOND, "take_back": 25 * SECOND},
    "shares": {"settle": 2 * SECOND, "max_open": 2, "exclude_older_than": 40 * SECOND},
    "keeps": {"off_duty": OffDuty.KEEP, "exclude_tags": ("spam",), "take_back": 60 * SECOND},
    "nights": {
        "off_duty": OffDuty.REROUTE_OUTSIDE_HOURS,
        "hours": "shop",
        "owner_wait": 10 * SECOND,
        "skill_wait": 0,
    },
    "tiers": {"tiers": {"gold": Priority.URGENT}, "max_open": 1, "owner_wait": 0},
}


class ShopHours:
    """From nine to a minute past seven in the evening, in Bangkok, which knows no summer time."""

    day = 24 * HOUR
    opens, closes = 9 * HOUR, 19 * HOUR + 60 * SECOND
    offset = 7 * HOUR

    def is_open(self, at_ms: int) -> bool:
        return self.opens <= (at_ms + self.offset) % self.day < self.closes

    def next_change(self, at_ms: int) -> int:
        day = (at_ms + self.offset) // self.day * self.day - self.offset
        times = [day + self.opens, day + self.closes, day + self.day + self.opens]
        return next(at for at in times if at > at_ms)


def settings_file(name: str) -> str:
    """Return the settings as a file that sets every one of them."""
    wanted = policy(name)

    def span(value: int | None) -> str:
        return '"off"' if value is None else f'"{value // SECOND}s"'

    tiers = "".join(f'{tier} = "{level}"\n' for tier, level in wanted.tiers.items())
    return f"""
[workspace]
max_open = {wanted.max_open}
owner_wait = {span(wanted.owner_wait)}
settle = {span(wanted.settle)}
skill_wait = {span(wanted.skill_wait)}
take_back = {span(wanted.take_back)}
off_duty = "{wanted.off_duty}"
hours = "{wanted.hours or ""}"
exclude_tags = {list(wanted.exclude_tags)}
exclude_older_than = {span(wanted.exclude_older_than)}
[workspace.tiers]
{tiers}"""


def policy(name: str) -> Policy:
    return Policy(**{"max_open": 3, "settle": 0, **SETTINGS[name]})


def rules_file(rules: list[tuple[str, bool]]) -> str:
    """Return the rules as a file, in an order, each on or off."""
    return "\n".join(
        f'[[rules]]\nname = "{name}"\nenabled = {str(on).lower()}{RULES[name]}'
        for name, on in rules
    )


@dataclass
class Ids:
    """The ids that names got."""

    agents: dict[str, int]
    teams: dict[str, int]
    channels: dict[str, int]
    rules: dict[str, int]

    def members(self, slug: str) -> tuple[int, ...]:
        return tuple(self.agents[name] for name in TEAMS[slug])

    def team(self, slug: str) -> TeamFact:
        methods = {
            "turns": Method.ROUND_ROBIN,
            "fewest": Method.LEAST_OPEN,
            "takers": Method.SELF_CLAIM,
        }
        return TeamFact(
            self.teams[slug],
            slug,
            methods[slug],
            self.members(slug),
            max_open=2 if slug == "turns" else None,
            exclude_tags=("spam",) if slug == "fewest" else (),
        )

    def rule(self, name: str, enabled: bool) -> RuleFact:
        number = self.rules[name]
        match name:
            case "refunds":
                return RuleFact(
                    number,
                    name,
                    When(keywords=(REFUND,)),
                    enabled,
                    agents=tuple(self.agents[each] for each in ("amy", "cy", "dan")),
                    method=Method.ROUND_ROBIN,
                    priority=Priority.HIGH,
                )
            case "thai":
                when = When(languages=("th",))
                team = self.teams["fewest"]
                return RuleFact(number, name, when, enabled, team_id=team, skills=("billing",))
            case "night":
                channels = (self.channels["a"], self.channels["b"])
                return RuleFact(
                    number,
                    name,
                    When(channels=channels, outside_business_hours=("shop",)),
                    enabled,
                    team_id=self.teams["turns"],
                    method=Method.LEAST_LOADED,
                    consider=Consider.ACTIVE,
                )
            case "back":
                when = When(contact=ContactKind.RETURNING, tiers=("gold",))
                return RuleFact(number, name, when, enabled, team_id=self.teams["takers"])
            case _:
                when = When(
                    tags=("vip",), categories=(Category.PRE_SALE,), business_hours=("shop",)
                )
                return RuleFact(
                    number,
                    name,
                    when,
                    enabled,
                    team_id=self.teams["fewest"],
                    method=Method.ROUND_ROBIN,
                )


@dataclass
class Person:
    """An account: its windows are open (None) or were dropped at a time."""

    nickname: str
    active: bool = True
    accepting: bool = False
    windows: dict[str, int | None] = field(default_factory=dict)
    absent_since: int | None = 0

    def presence(self) -> Presence:
        if not self.windows:
            return Presence.ABSENT
        return Presence.PRESENT if None in self.windows.values() else Presence.GRACE

    def fact(self, agent_id: int, last_assigned: int) -> AgentFact:
        return AgentFact(
            agent_id,
            self.nickname,
            self.active,
            self.accepting,
            self.presence(),
            {"bo": 2, "cy": 1}.get(self.nickname),
            2 if self.nickname == "bo" else 1,
            {"cy": ("th",), "dan": ("en",)}.get(self.nickname, ()),
            last_assigned,
            ("billing",) if self.nickname == "cy" else (),
            None if self.windows else self.absent_since,
        )


@dataclass
class Customer:
    """A contact: one customer on one channel."""

    channel: str
    language: str
    contact_id: int = 0
    tags: tuple[str, ...] = ()
    tier: str | None = None
    bound_agent: int | None = None
    bound_team: int | None = None
    dedicated: int | None = None


@dataclass
class Chat:
    """A session."""

    id: int
    customer: Customer
    opened_at: int
    queued_at: int
    returning: bool
    previous: int | None
    open: bool = True
    assignee: int | None = None
    assigned_at: int | None = None
    counted_team: int | None = None
    sent_to: int | None = None
    unanswered_since: int | None = None
    texts: list[str] = field(default_factory=list)
    priority: Priority | None = None
    category: Category | None = None
    owner_waited: bool = False
    lapsed: tuple[int, ...] = ()

    def assigned(self, event: Any) -> None:
        """Follow an assignment of the log."""
        self.counted_team = event.data["team_id"]
        self.assignee = event.data["assignee_id"]
        self.assigned_at = event.at

    def fact(self, ids: Ids) -> SessionFact:
        customer, slug = self.customer, CHANNEL_TEAM[self.customer.channel]
        waits_from = self.opened_at if self.assignee else self.queued_at
        return SessionFact(
            self.id,
            1,
            self.open,
            self.priority or Priority.NORMAL,
            self.unanswered_since or waits_from,
            team_id=self.sent_to,
            channel_team_id=None if slug is None else ids.teams[slug],
            assignee_id=self.assignee,
            counted_team_id=self.counted_team if self.assignee else None,
            language=customer.language,
            channel_id=ids.channels[customer.channel],
            category=self.category,
            tags=customer.tags,
            tier=customer.tier,
            returning=self.returning,
            text="\n".join(self.texts),
            bound_agent_id=customer.bound_agent,
            bound_team_id=customer.bound_team,
            dedicated_agent_id=customer.dedicated,
            previous_agent_id=self.previous,
            priority_chosen=self.priority is not None,
            owner_waited=self.owner_waited,
            lapsed=self.lapsed,
            opened_at=self.opened_at,
            queued_at=self.queued_at,
            assigned_at=self.assigned_at,
            waiting_since=self.unanswered_since,
        )
