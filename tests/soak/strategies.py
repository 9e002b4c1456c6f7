"""What generated histories are made of: small worlds in which everything meets everything."""

from dataclasses import dataclass

from hypothesis import strategies as st

from inbox_tui.assignment import Policy, RuleFact, When
from inbox_tui.wire.words import (
    Category,
    Consider,
    ContactKind,
    Method,
    OffDuty,
    Presence,
    Priority,
    UnassignedReason,
)

AGENTS = (1, 2, 3, 4)
TEAMS = (10, 20)
NO_SUCH_TEAM = 99
HOURS = ("day", "night")
PUSHING = (Method.ROUND_ROBIN, Method.LEAST_OPEN, Method.LEAST_LOADED)
SECOND = 1_000
START = 1_000 * SECOND


@dataclass(frozen=True)
class Toggled:
    """Business hours that are closed at first and change at each of some times."""

    changes: tuple[int, ...]

    def is_open(self, at_ms: int) -> bool:
        return len([change for change in self.changes if change <= at_ms]) % 2 == 1

    def next_change(self, at_ms: int) -> int | None:
        return min([change for change in self.changes if change > at_ms], default=None)


def mostly(nothing: object, *others: object, times: int = 2) -> st.SearchStrategy[object]:
    """Draw ``nothing`` so many times as often as something else."""
    return st.sampled_from([nothing] * times * len(others) + list(others))


agents = st.sampled_from(AGENTS)
teams = st.sampled_from(TEAMS)
priorities = st.sampled_from(Priority)
languages = mostly(None, "th", "en", times=1)
tags = mostly((), ("vip",), ("spam",), ("vip", "spam"), times=1)

agent_changes = st.one_of(
    st.fixed_dictionaries(
        {
            "presence": st.sampled_from(
                [Presence.PRESENT] * 3 + [Presence.GRACE, Presence.ABSENT, Presence.ABSENT]
            )
        }
    ),
    st.fixed_dictionaries({"accepting": st.sampled_from([True, True, False])}),
    st.fixed_dictionaries({"active": st.sampled_from([True, True, True, False])}),
    st.fixed_dictionaries(
        {
            "max_open": st.sampled_from([None, None, 0, 1, 3]),
            "weight": st.sampled_from([1, 1, 2, 0.5]),
        }
    ),
    st.fixed_dictionaries(
        {
            "languages": st.sampled_from([(), (), ("th",), ("en", "th")]),
            "skills": st.sampled_from([(), ("billing",)]),
        }
    ),
)

team_parts = st.fixed_dictionaries(
    {
        "method": st.sampled_from([*PUSHING, *PUSHING, Method.SELF_CLAIM, Method.MANUAL]),
        "members": st.lists(agents, unique=True, max_size=4).map(tuple),
        "max_open": st.sampled_from([None, None, 1, 2]),
        "consider": st.sampled_from([Consider.ONLINE] * 3 + [Consider.ACTIVE]),
        "hours": mostly(None, *HOURS, times=1),
        "exclude_tags": mostly((), ("spam",), times=3),
        "exclude_older_than": mostly(None, 60 * SECOND, times=4),
    }
)

whens = st.one_of(
    st.just(When()),
    st.sampled_from(
        [
            When(business_hours=("day",)),
            When(business_hours=HOURS),
            When(outside_business_hours=("day",)),
            When(outside_business_hours=HOURS),
        ]
    ),
    st.builds(
        When,
        channels=mostly((), (1,), times=3),
        languages=mostly((), ("th",), times=3),
        categories=mostly((), (Category.PRE_SALE,), times=3),
        keywords=mostly((), ("refund",), times=3),
        tags=mostly((), ("vip",), times=3),
        tiers=mostly((), ("gold",), times=3),
        contact=mostly(None, *ContactKind, times=2),
        business_hours=mostly((), ("day",), HOURS, times=2),
        outside_business_hours=mostly((), ("day",), times=3),
    ),
)


@st.composite
def rule_lists(draw: st.DrawFn) -> list[RuleFact]:
    """Up to three rules in any order, each to a team or to agents."""
    found = []
    for rule_id in draw(st.lists(st.sampled_from([1, 2, 3]), unique=True, max_size=3)):
        team_id = draw(st.sampled_from([None, *TEAMS, *TEAMS, NO_SUCH_TEAM]))
        members: tuple[int, ...] = ()
        if team_id is None:
            members = tuple(draw(st.lists(agents, unique=True, min_size=1, max_size=3)))
        found.append(
            RuleFact(
                rule_id,
                f"rule {rule_id}",
                draw(whens),
                enabled=draw(st.sampled_from([True, True, True, False])),
                team_id=team_id,
                agents=members,
                method=draw(st.sampled_from([None, None, *Method])),
                consider=draw(st.sampled_from([None, None, *Consider])),
                priority=draw(st.sampled_from([None, None, Priority.LOW, Priority.HIGH])),
                skills=draw(st.sampled_from([(), (), ("billing",)])),
            )
        )
    return found


policies = st.builds(
    Policy,
    max_open=st.sampled_from([1, 2, 2, 3]),
    owner_wait=st.sampled_from([0, 20 * SECOND]),
    settle=st.sampled_from([0, 0, 2 * SECOND]),
    skill_wait=st.sampled_from([0, 30 * SECOND]),
    take_back=st.sampled_from([None, 25 * SECOND]),
    off_duty=st.sampled_from([OffDuty.REROUTE, *OffDuty]),
    hours=mostly(None, *HOURS, times=1),
    exclude_tags=mostly((), ("spam",), times=3),
    exclude_older_than=mostly(None, 90 * SECOND, times=3),
    tiers=st.sampled_from([{}, {"gold": Priority.HIGH}, {"gold": Priority.LOW}]),
    several_since=st.sampled_from([None, None, START, START + 40 * SECOND]),
)

session_parts = st.fixed_dictionaries(
    {
        "priority": priorities,
        "priority_chosen": st.booleans(),
        "team_id": mostly(None, *TEAMS, NO_SUCH_TEAM, times=1),
        "channel_team_id": st.sampled_from([None, *TEAMS]),
        "channel_id": st.sampled_from([1, 2]),
        "language": languages,
        "category": mostly(None, Category.PRE_SALE),
        "tags": tags,
        "tier": mostly(None, "gold", "steel", times=1),
        "returning": st.booleans(),
        "text": st.sampled_from(["hello", "a refund, please"]),
        "bound_agent_id": mostly(None, *AGENTS, 77, times=2),
        "bound_team_id": mostly(None, *TEAMS, NO_SUCH_TEAM, times=2),
        "dedicated_agent_id": mostly(None, *AGENTS, times=2),
        "previous_agent_id": mostly(None, *AGENTS, times=1),
        "owner_waited": mostly(False, True),
        "lapsed": mostly((), (1,), (2, 3), times=2),
        "waited": st.sampled_from([0, 1, 3, 40]),
    }
)

held_reasons = st.sampled_from(
    [None, UnassignedReason.DECLINED, UnassignedReason.WITH_BOT, UnassignedReason.TAKEN_BACK]
)
