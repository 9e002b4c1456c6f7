"""The words of an explanation (R13): each verdict, each reason, each state of a session."""

from typing import Any

import pytest
from tests.unit.assignment.shop import AMY, BO, CAM, DEE, SALES, Shop

from inbox_tui.assignment import RuleFact, Step, When
from inbox_tui.assignment.conditions import Condition, value_of
from inbox_tui.assignment.facts import SessionFact
from inbox_tui.wire.words import (
    Category,
    ContactKind,
    Method,
    Presence,
    Priority,
    UnassignedReason,
)


def detail_of(shop: Shop, agent_id: int, **facts: Any) -> str:
    """Return what is said of an agent about a session for sales."""
    shop.comes(9, channel_team_id=SALES, **facts)
    shop.decide()
    return next(seen.detail for seen in shop.explain(9).candidates if seen.agent_id == agent_id)


@pytest.mark.parametrize(
    ("facts", "detail"),
    [
        ({"accepting": False}, "accept is off"),
        ({"presence": Presence.GRACE}, "the link dropped a moment ago"),
        ({"presence": Presence.ABSENT}, "no inbox window is open"),
        ({"active": False}, "the account is not active"),
        ({"max_open": 0}, "0 of 0 open: full"),
        ({"languages": ("en",)}, "0 of 5 open, but without the language or skill it asks for"),
    ],
)
def test_r13_what_stands_in_an_agents_way(facts: dict[str, Any], detail: str) -> None:
    shop = Shop(BO, CAM)
    shop.agent(AMY, **facts)
    shop.team(SALES, AMY)
    assert detail_of(shop, AMY, language="th") == detail


def test_r13_a_teams_cap_is_told_with_its_numbers() -> None:
    shop = Shop(AMY, BO)
    shop.team(SALES, AMY, max_open=1)
    shop.deal_each(1)
    assert detail_of(shop, AMY) == "1 of 5 open, but 1 of 1 of this team"


def test_r13_who_let_it_lapse_and_who_has_just_come() -> None:
    shop = Shop(BO, CAM, settle=500)
    shop.team(SALES, AMY, BO)
    shop.agent(BO, accepting=False)
    assert detail_of(shop, BO, lapsed=(BO,)) == "had it and let it lapse"
    shop.agent(AMY)
    told = shop.explain(9)
    assert told.candidates[0].detail == (
        "0 of 5 open, has just arrived and shares the backlog in a moment"
    )


def test_r13_a_turn_is_told_where_turns_count() -> None:
    shop = Shop(AMY, BO)
    shop.team(SALES, AMY, turns={AMY: 2.5})
    shop.session(1)
    assert shop.explain(1).candidates[0].detail == "0 of 5 open, turn 2.5"
    shop.team(SALES, AMY, method=Method.LEAST_OPEN)
    assert shop.explain(1).candidates[0].detail == "0 of 5 open"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"max_open": 0}, "It waits: all on duty in team-10 are full (1 full). Position 1 of 1."),
        (
            {"accepting": False},
            "It waits: nobody there has accept on in team-10 (1 there with accept off)."
            " Position 1 of 1.",
        ),
        (
            {"presence": Presence.ABSENT},
            "It waits: nobody is on duty in team-10 (1 not there). Position 1 of 1.",
        ),
        (
            {"languages": ("en",)},
            "It waits: nobody with its language or skill is free in team-10 (1 can take one)."
            " Position 1 of 1.",
        ),
    ],
)
def test_r13_why_a_queue_waits(facts: dict[str, Any], said: str) -> None:
    shop = Shop(BO, CAM)
    shop.agent(AMY, **facts)
    shop.team(SALES, AMY)
    shop.comes(1, channel_team_id=SALES, language="th")
    shop.decide()
    assert shop.explain(1).summary == said


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (Method.SELF_CLAIM, "It waits: the people of team-10 take sessions themselves."),
        (Method.MANUAL, "It waits: a manager hands out the sessions of team-10."),
    ],
)
def test_r13_what_people_hand_out(method: Method, said: str) -> None:
    shop = Shop(AMY, BO)
    shop.team(SALES, AMY, method=method)
    shop.comes(1, channel_team_id=SALES)
    shop.decide()
    assert shop.explain(1).summary == f"{said} Position 1 of 1."


def test_r13_a_team_of_nobody_says_so() -> None:
    shop = Shop(AMY, BO)
    shop.team(SALES)
    shop.session(1)
    assert "(it has no members)" in shop.explain(1).summary


def test_r13_the_workspace_pool_and_a_rule_have_names() -> None:
    shop = Shop(AMY, BO)
    shop.comes(1)
    prospect = "next in the workspace pool by least open: agent 1, with 0 of 5 open."
    assert shop.engine.preview(shop.sessions[1], shop.now).summary == f"If it came now: {prospect}"
    shop.rules(RuleFact(1, "the first", When(), agents=(BO,)))
    told = shop.engine.preview(shop.sessions[1], shop.now)
    assert told.summary == (
        "If it came now: next in the first by least open: agent 2, with 0 of 5 open."
    )
    assert (told.queue_position, told.reason, told.assignee_id) == (None, None, None)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("bound_agent_id", "the customer is bound to agent 4"),
        ("dedicated_agent_id", "the customer's dedicated agent is agent 4"),
        ("previous_agent_id", "the customer was last served by agent 4"),
    ],
)
@pytest.mark.parametrize("there", [True, False])
def test_r13_whose_own_it_is(own: str, said: str, there: bool) -> None:
    shop = Shop(AMY, BO, DEE, owner_wait=90_500)
    if not there:
        shop.leaves(DEE)
    shop.comes(1, **{own: DEE})
    if there:
        told = shop.engine.preview(shop.sessions[1], shop.now)
        assert told.summary == f"If it came now: {said}, with 0 of 5 open."
        return
    shop.decide(after=500)
    assert shop.explain(1).summary == (
        f"It waits 90 s more: {said} (no inbox window is open). Anyone may claim it."
    )
    shop.decide(after=1)
    assert shop.explain(1).summary.startswith("It waits 90 s more")
    shop.decide(after=88_999)
    assert shop.explain(1).summary.startswith("It waits 1 s more")


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (UnassignedReason.DECLINED, "it was declined"),
        (UnassignedReason.WITH_BOT, "the bot serves it"),
        (UnassignedReason.TAKEN_BACK, "it is held back (taken back)"),
    ],
)
def test_r13_what_is_held_back(held: UnassignedReason, said: str) -> None:
    shop = Shop(AMY, BO)
    shop.session(1, held=held)
    assert shop.explain(1).summary == (
        f"It is not given to anybody by itself: {said}. Anyone may claim it."
    )


def test_r13_what_waited_before_it_was_held_back_says_so_as_well() -> None:
    shop = Shop(AMY, BO)
    shop.team(SALES)
    shop.session(1)
    shop.decide()
    shop.change(1, held_reason=UnassignedReason.DECLINED)
    assert shop.explain(1).summary == (
        "It is not given to anybody by itself: it was declined. Anyone may claim it."
    )


def test_r13_arrivals_are_said_to_share() -> None:
    shop = Shop(DEE, CAM, settle=500)
    shop.team(SALES, AMY)
    shop.comes(1, channel_team_id=SALES)
    shop.agent(AMY)
    told = shop.explain(1)
    assert "those who have just come to team-10 share the backlog in a moment." in told.summary
    assert told.step is Step.CHANNEL_TEAM


@pytest.mark.parametrize(
    ("condition", "facts", "value"),
    [
        (Condition.LANGUAGE, {"language": "th"}, "th"),
        (Condition.LANGUAGE, {}, ""),
        (Condition.CATEGORY, {"category": Category.OTHER}, "other"),
        (Condition.CATEGORY, {}, ""),
        (Condition.CONTACT, {"returning": True}, ContactKind.RETURNING),
        (Condition.CONTACT, {}, ContactKind.NEW),
        (Condition.TIER, {"tier": "gold"}, "gold"),
        (Condition.TIER, {}, ""),
        (Condition.TAG, {"tags": ("vip",)}, ""),
    ],
)
def test_r13_what_the_session_has_instead(
    condition: Condition, facts: dict[str, Any], value: str
) -> None:
    session = SessionFact(1, 1, True, Priority.NORMAL, 0, **facts)
    assert value_of(condition, session) == value
