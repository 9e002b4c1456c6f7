"""In which order queues are served, at once, and why the rest waits (R7, R8)."""

import pytest
from msgspec.structs import replace
from tests.unit.assignment.shop import AMY, BO, CAM, CARE, DEE, EVE, QUEUE, SALES, Shop

from inbox_tui.assignment import RuleFact, Step, Wait, WaitReason, When
from inbox_tui.wire.words import Method, Presence, Priority, UnassignedReason


class TestDraining:
    def test_r7_higher_priority_then_longest_wait_then_id(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, max_open=9)
        shop.agent(AMY, presence=Presence.ABSENT, max_open=9)
        shop.session(1, waits_from=50)
        shop.session(2, waits_from=40)
        shop.session(3, priority=Priority.URGENT, waits_from=90)
        shop.session(4, priority=Priority.LOW, waits_from=1)
        shop.session(5, priority=Priority.HIGH, waits_from=95)
        shop.session(6, waits_from=40)
        shop.decide()
        shop.agent(AMY, max_open=9)
        assert [session for session, _ in shop.deal()] == [3, 5, 2, 6, 1, 4]

    def test_r7_order_holds_across_queues(self) -> None:
        shop = Shop(BO)
        shop.agent(AMY, max_open=1, presence=Presence.ABSENT)
        shop.team(SALES, AMY)
        shop.team(CARE, AMY)
        shop.session(1, SALES, waits_from=10)
        shop.session(2, CARE, waits_from=5)
        shop.session(3, SALES, waits_from=20, priority=Priority.HIGH)
        shop.decide()
        shop.agent(AMY, max_open=1)
        got = []
        for session_id in (3, 2, 1):
            got += [session for session, _ in shop.deal()]
            shop.close(session_id)
        assert got == [3, 2, 1]

    def test_r7_a_changed_priority_moves_up(self) -> None:
        shop = Shop(BO, max_open=1)
        shop.agent(AMY, accepting=False)
        shop.team(SALES, AMY)
        shop.session(1)
        shop.session(2)
        urgent = {"priority": Priority.URGENT, "priority_chosen": True}
        shop.put(replace(shop.sessions[2], version=2, **urgent))
        shop.agent(AMY)
        assert shop.deal() == [(2, AMY)]

    @pytest.mark.parametrize(
        "event", ["connects", "switches on", "ends", "hands over", "joins", "own limit rises"]
    )
    def test_r7_capacity_that_appears_drains_at_once(self, event: str) -> None:
        shop = Shop(AMY, BO, max_open=1)
        shop.team(SALES, *([] if event == "joins" else [AMY]))
        shop.session(1)
        shop.give(1, AMY if event in ("ends", "hands over", "own limit rises") else BO, SALES)
        if event == "connects":
            shop.agent(AMY, presence=Presence.ABSENT)
        if event == "switches on":
            shop.agent(AMY, accepting=False)
        shop.session(2)
        assert shop.deal() == []
        match event:
            case "connects" | "switches on":
                shop.agent(AMY)
            case "ends":
                shop.close(1)
            case "hands over":
                shop.give(1, BO, SALES)
            case "joins":
                shop.team(SALES, AMY)
            case "own limit rises":
                shop.agent(AMY, max_open=2)
        assert shop.deal() == [(2, AMY)]

    def test_r7_held_sessions_are_not_drained(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY)
        shop.session(1, held=UnassignedReason.TAKEN_BACK)
        assert shop.decide() == []
        shop.put(replace(shop.sessions[1], version=2, held_reason=None))
        assert shop.deal() == [(1, AMY)]

    def test_r8_what_cannot_be_given_hides_nothing(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES)
        shop.team(CARE, BO)
        shop.session(1, SALES, priority=Priority.URGENT)
        shop.session(2, CARE, priority=Priority.LOW)
        assert shop.deal() == [(2, BO)]

    def test_decide_stops_at_the_limit_and_asks_to_be_called_again(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, BO)
        for session_id in (1, 2, 3):
            shop.session(session_id)
        assert [found.session_id for found in shop.proposals(2)] == [1, 2]
        assert shop.engine.next_wake(shop.now) == shop.now
        assert [found.session_id for found in shop.proposals(2)] == [3]
        assert shop.engine.next_wake(shop.now) is None


class TestReasons:
    def test_r7_the_nearest_miss_is_told(self) -> None:
        shop = Shop(DEE, EVE)
        shop.team(SALES, AMY, BO, CAM)
        shop.session(1)
        assert shop.decide() == [
            Wait(1, 1, SALES, Step.DESIGNATED, UnassignedReason.NOBODY_ON_DUTY, QUEUE)
        ]
        shop.agent(AMY, accepting=False)
        assert shop.decide() == [WaitReason(QUEUE, UnassignedReason.SWITCHED_OFF)]
        shop.agent(BO, max_open=0)
        assert shop.decide() == [WaitReason(QUEUE, UnassignedReason.ALL_FULL)]

    def test_r7_a_team_limit_reached_is_full_too(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, max_open=0)
        shop.session(1)
        assert shop.decide() == [
            Wait(1, 1, SALES, Step.DESIGNATED, UnassignedReason.ALL_FULL, QUEUE)
        ]

    def test_r7_a_reason_is_told_once(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES)
        shop.session(1)
        assert len(shop.decide()) == 1
        assert shop.decide() == []
        shop.session(2, shown=UnassignedReason.NOBODY_ON_DUTY)
        assert shop.decide() == []

    def test_r7_a_hundred_thousand_change_their_reason_with_one_line(self) -> None:
        shop = Shop(DEE)
        shop.agent(AMY, max_open=0)
        shop.team(SALES, AMY)
        for session_id in range(1, 1_001):
            shop.session(session_id)
        assert shop.decide() == [WaitReason(QUEUE, UnassignedReason.ALL_FULL)]
        shop.agent(AMY, max_open=0, presence=Presence.ABSENT)
        assert shop.decide() == [WaitReason(QUEUE, UnassignedReason.NOBODY_ON_DUTY)]

    def test_r7_a_row_that_shows_something_else_is_corrected(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES)
        shop.session(1)
        shop.decide()
        shop.put(replace(shop.sessions[1], version=2, shown_reason=UnassignedReason.ALL_FULL))
        assert shop.decide() == [
            Wait(1, 2, SALES, Step.DESIGNATED, UnassignedReason.NOBODY_ON_DUTY, QUEUE)
        ]

    def test_r7_a_row_goes_by_what_its_line_was_told_last(self) -> None:
        shop = Shop(AMY, BO)
        shop.agent(AMY, accepting=False)
        shop.team(SALES, AMY)
        shop.session(1, shown=UnassignedReason.SWITCHED_OFF)
        assert shop.decide() == []
        shop.team(SALES, AMY, method=Method.MANUAL)
        assert shop.decide() == [WaitReason(QUEUE, UnassignedReason.MANUAL)]
        shop.engine.remove_team(SALES)
        shop.team(SALES, AMY)
        assert shop.decide() == [
            Wait(1, 1, SALES, Step.DESIGNATED, UnassignedReason.SWITCHED_OFF, QUEUE)
        ]

    def test_r7_a_row_shows_team_and_rule_also_where_the_line_is_the_same(self) -> None:
        shop = Shop(AMY, BO)
        shop.leaves(AMY)
        shop.team(SALES, BO)
        shop.rules(RuleFact(1, "all", When(), team_id=SALES))
        shop.comes(1, bound_agent_id=AMY)
        (told,) = shop.decide()
        assert isinstance(told, Wait)
        assert (told.queue, told.team_id, told.rule_id) == ("agent:1", SALES, 1)
        shop.change(
            1,
            queue=told.queue,
            shown_reason=told.reason,
            shown_wait_until=told.wait_until,
            shown_team_id=SALES,
            shown_rule_id=1,
        )
        assert shop.decide() == []
        shop.rules()
        (told,) = shop.decide()
        assert isinstance(told, Wait)
        assert (told.queue, told.team_id, told.rule_id) == ("agent:1", None, None)

    def test_r7_a_fact_counts_that_comes_after_its_line_was_told(self) -> None:
        shop = Shop(AMY, BO)
        shop.agent(AMY, accepting=False)
        shop.team(SALES, AMY)
        shop.session(1, shown=UnassignedReason.SWITCHED_OFF)
        shop.decide()
        shop.team(SALES, AMY, method=Method.MANUAL)
        assert shop.decide() == [WaitReason(QUEUE, UnassignedReason.MANUAL)]
        shop.change(1, shown_reason=UnassignedReason.SWITCHED_OFF)
        assert shop.decide() == [Wait(1, 2, SALES, Step.DESIGNATED, UnassignedReason.MANUAL, QUEUE)]
