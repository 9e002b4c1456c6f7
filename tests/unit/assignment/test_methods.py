"""How a queue chooses among those who can take a session (R3), weights (R4)."""

import pytest
from msgspec.structs import replace
from tests.unit.assignment.shop import AMY, BO, CAM, QUEUE, SALES, Shop

from inbox_tui.assignment import Step, Wait
from inbox_tui.wire.words import Method, UnassignedReason


class TestMethods:
    def test_r3_round_robin_goes_turn_by_turn(self) -> None:
        shop = Shop(AMY, BO, CAM)
        shop.team(SALES, AMY, BO, CAM)
        assert shop.deal_each(1, 2, 3, 4, 5, 6) == [AMY, BO, CAM] * 2

    def test_r3_round_robin_goes_round_within_one_batch(self) -> None:
        shop = Shop(AMY, BO, CAM)
        shop.team(SALES, AMY, BO, CAM)
        for session_id in range(1, 7):
            shop.session(session_id)
        assert [agent for _, agent in shop.deal()] == [AMY, BO, CAM] * 2

    def test_r3_round_robin_does_not_look_at_load(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, BO)
        for session_id in (1, 2, 3):
            shop.session(session_id, None)
            shop.give(session_id, AMY)
        assert shop.deal_each(4, 5) == [AMY, BO]

    def test_r3_least_open_takes_the_fewest_then_longest_since_then_id(self) -> None:
        shop = Shop(AMY, BO, CAM)
        shop.team(SALES, AMY, BO, CAM, method=Method.LEAST_OPEN)
        assert shop.deal_each(1, 2, 3) == [AMY, BO, CAM]
        for session_id in (1, 2, 3):
            shop.close(session_id)
        shop.engine.put_agent(replace(shop.agents[AMY], last_assigned=shop.now + 5))
        assert shop.deal_each(4, 5, 6) == [BO, CAM, AMY]

    def test_r3_least_loaded_takes_the_lowest_share_of_the_limit(self) -> None:
        shop = Shop()
        shop.agent(AMY, max_open=2)
        shop.agent(BO, max_open=6)
        shop.team(SALES, AMY, BO, method=Method.LEAST_LOADED)
        assert shop.deal_each(*range(1, 9)).count(BO) == 6
        assert shop.deal_each(9) == [0]

    @pytest.mark.parametrize(
        ("method", "reason"),
        [
            (Method.SELF_CLAIM, UnassignedReason.SELF_CLAIM),
            (Method.MANUAL, UnassignedReason.MANUAL),
        ],
    )
    def test_r3_self_claim_and_manual_push_nothing(
        self, method: Method, reason: UnassignedReason
    ) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, method=method)
        shop.session(1)
        assert shop.decide() == [Wait(1, 1, SALES, Step.DESIGNATED, reason, QUEUE)]

    def test_r3_a_changed_method_hands_out_what_waited(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, method=Method.MANUAL)
        shop.session(1)
        shop.decide()
        shop.team(SALES, AMY, method=Method.LEAST_OPEN)
        assert shop.deal() == [(1, AMY)]

    @pytest.mark.parametrize("method", [Method.ROUND_ROBIN, Method.LEAST_OPEN, Method.LEAST_LOADED])
    def test_r4_double_weight_takes_double(self, method: Method) -> None:
        shop = Shop(AMY, max_open=100)
        shop.agent(BO, weight=2)
        shop.team(SALES, AMY, BO, method=method)
        got = shop.deal_each(*range(1, 31))
        assert (got.count(AMY), got.count(BO)) == (10, 20)

    def test_r4_a_weight_of_nothing_is_refused(self) -> None:
        with pytest.raises(ValueError, match="weight"):
            Shop().agent(AMY, weight=0)

    def test_r3_whoever_was_just_given_one_is_not_longest_ago_any_more(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, BO, method=Method.LEAST_OPEN)
        shop.session(101)
        shop.give(101, AMY, SALES)
        assert shop.deal_each(1) == [BO]
        shop.session(2)
        (decision,) = shop.proposals()
        assert decision.agent_id == AMY
        shop.explain(2)
        shop.commit(decision)
        shop.session(102)
        shop.give(102, BO, SALES)
        assert shop.deal_each(3) == [BO]
