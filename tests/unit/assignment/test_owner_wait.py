"""Waiting for an agent of one's own, with a countdown, once (R6)."""

import pytest
from tests.unit.assignment.shop import AMY, BO, CAM, SALES, Shop

from inbox_tui.assignment import Step, Wait
from inbox_tui.wire.words import Presence, UnassignedReason

WAIT = 1_000
OWN = [
    ("bound_agent_id", Step.BINDING),
    ("dedicated_agent_id", Step.DEDICATED_AGENT),
    ("previous_agent_id", Step.PREVIOUS_AGENT),
]


def world() -> Shop:
    shop = Shop(AMY, BO, CAM, owner_wait=WAIT)
    shop.team(SALES, BO)
    shop.leaves(AMY)
    return shop


@pytest.mark.parametrize(("who", "step"), OWN)
def test_r6_it_waits_for_its_agent_then_goes_on(who: str, step: Step) -> None:
    shop = world()
    shop.comes(1, channel_team_id=SALES, **{who: AMY})
    until = shop.now + WAIT
    (told,) = shop.decide()
    assert told == Wait(
        1,
        1,
        SALES,
        step,
        UnassignedReason.WAITING_FOR_AGENT,
        "agent:1",
        wait_until=until,
    )
    assert shop.engine.next_wake(shop.now) == until
    assert shop.deal(after=until - shop.now - 1) == []
    assert shop.explain(1).wait_until == until
    assert shop.deal() == [(1, BO)]


@pytest.mark.parametrize("back", ["present", "accepting", "room"])
def test_r6_it_is_given_as_soon_as_the_agent_can_take_it(back: str) -> None:
    shop = world()
    if back != "present":
        shop.agent(AMY, accepting=back != "accepting", max_open=0 if back == "room" else None)
    shop.comes(1, channel_team_id=SALES, bound_agent_id=AMY)
    assert shop.deal() == []
    shop.agent(AMY)
    (decision,) = shop.proposals()
    assert (decision.agent_id, decision.step) == (AMY, Step.BINDING)


def test_r6_grace_is_waited_for_too() -> None:
    shop = world()
    shop.leaves(AMY, Presence.GRACE)
    shop.comes(1, channel_team_id=SALES, bound_agent_id=AMY)
    shop.decide()
    assert shop.reason(1) is UnassignedReason.WAITING_FOR_AGENT


def test_r6_only_the_first_is_waited_for_and_once() -> None:
    shop = world()
    shop.agent(CAM, accepting=False)
    shop.comes(1, channel_team_id=SALES, bound_agent_id=AMY, previous_agent_id=CAM)
    assert shop.deal() == []
    shop.agent(CAM)
    assert shop.deal() == []
    shop.agent(CAM, accepting=False)
    assert shop.deal(after=WAIT) == [(1, BO)]


def test_r6_meanwhile_the_next_in_order_waits_with_it() -> None:
    shop = world()
    shop.comes(1, channel_team_id=SALES, bound_agent_id=AMY, previous_agent_id=CAM)
    assert shop.deal() == []
    assert shop.deal(after=WAIT) == [(1, CAM)]


def test_r6_afterwards_its_agent_still_comes_first() -> None:
    shop = world()
    shop.agent(BO, accepting=False)
    shop.comes(1, channel_team_id=SALES, bound_agent_id=AMY)
    assert shop.deal(after=WAIT) == []
    assert shop.reason(1) is UnassignedReason.SWITCHED_OFF
    shop.agent(AMY)
    shop.agent(BO)
    assert shop.deal() == [(1, AMY)]


def test_r6_who_has_waited_waits_no_more() -> None:
    shop = world()
    shop.comes(1, channel_team_id=SALES, bound_agent_id=AMY, owner_waited=True)
    assert shop.deal() == [(1, BO)]


def test_r6_without_a_wait_it_goes_on_at_once() -> None:
    shop = world()
    shop.set(owner_wait=0)
    shop.comes(1, channel_team_id=SALES, bound_agent_id=AMY)
    assert shop.deal() == [(1, BO)]


def test_r6_a_shorter_wait_counts_at_once() -> None:
    shop = world()
    shop.comes(1, channel_team_id=SALES, bound_agent_id=AMY)
    shop.decide(after=100)
    shop.set(owner_wait=50)
    assert shop.deal() == [(1, BO)]


def test_r6_anyone_may_claim_it_meanwhile() -> None:
    shop = world()
    shop.comes(1, channel_team_id=SALES, bound_agent_id=AMY)
    shop.decide()
    shop.give(1, CAM)
    assert shop.deal(after=WAIT) == []
    assert shop.explain(1).assignee_id == CAM


def test_r6_who_stops_being_active_is_waited_for_no_more() -> None:
    shop = world()
    shop.comes(1, channel_team_id=SALES, bound_agent_id=AMY)
    assert shop.deal() == []
    shop.agent(AMY, active=False, presence=Presence.ABSENT)
    assert shop.deal() == [(1, BO)]


def test_r6_it_stands_in_no_queue_meanwhile() -> None:
    shop = world()
    shop.agent(BO, accepting=False)
    shop.comes(1, channel_team_id=SALES, bound_agent_id=AMY)
    shop.comes(2, channel_team_id=SALES)
    shop.decide()
    assert shop.explain(1).queue_position is None
    assert (shop.explain(2).queue_position, shop.explain(2).queue_length) == (1, 1)


def test_r13_the_countdown_is_said() -> None:
    shop = world()
    shop.comes(1, channel_team_id=SALES, previous_agent_id=AMY)
    shop.decide()
    told = shop.explain(1)
    assert told.summary.startswith("It waits 1 s more: the customer was last served by agent 1")
    assert "Anyone may claim it." in told.summary
