"""Who gets anything at all: the only account, switches, presence (P1-P3)."""

import pytest
from tests.unit.assignment.shop import AMY, BO, SALES, Shop

from inbox_tui.assignment import Step, Wait
from inbox_tui.wire.words import Method, Presence, UnassignedReason


class TestGettingChats:
    def test_p1_only_account_gets_everything_whatever_switch_presence_and_limit(self) -> None:
        shop = Shop(max_open=1)
        shop.agent(AMY, accepting=False, presence=Presence.ABSENT)
        shop.team(SALES, method=Method.SELF_CLAIM)
        shop.session(1)
        shop.session(2, None)
        shop.session(3, held=UnassignedReason.TAKEN_BACK)
        assert shop.deal() == [(1, AMY), (2, AMY), (3, AMY)]

    def test_p1_a_session_with_the_bot_stays_with_it(self) -> None:
        shop = Shop(AMY)
        shop.session(1, held=UnassignedReason.WITH_BOT)
        assert shop.deal() == []

    def test_p1_step_is_named_and_no_method_was_asked(self) -> None:
        shop = Shop(AMY)
        shop.session(1)
        (decision,) = shop.proposals()
        assert (decision.step, decision.method, decision.turn) == (Step.ONLY_ACCOUNT, None, None)

    def test_p1_activating_a_second_account_moves_nothing_and_ends_it(self) -> None:
        shop = Shop()
        shop.agent(AMY, accepting=False)
        shop.session(1, None)
        shop.deal()
        shop.agent(BO, accepting=False)
        shop.session(2, None)
        assert shop.decide() == [
            Wait(2, 1, None, Step.WORKSPACE_POOL, UnassignedReason.SWITCHED_OFF, "workspace")
        ]
        assert shop.explain(1).assignee_id == AMY

    def test_p1_begins_when_the_others_are_deactivated(self) -> None:
        shop = Shop(max_open=0)
        shop.agent(AMY)
        shop.agent(BO)
        shop.session(1)
        shop.session(2, held=UnassignedReason.DECLINED)
        assert shop.deal() == []
        shop.agent(BO, active=False)
        assert shop.deal() == [(1, AMY), (2, AMY)]

    def test_p1_held_sessions_are_held_again_when_it_ends(self) -> None:
        shop = Shop(AMY)
        shop.session(1, held=UnassignedReason.TAKEN_BACK)
        shop.agent(BO)
        assert shop.deal() == []

    def test_p2_switched_off_gets_nothing_and_on_gets_it(self) -> None:
        shop = Shop(BO)
        shop.agent(AMY, accepting=False)
        shop.team(SALES, AMY)
        shop.session(1)
        assert shop.deal() == []
        shop.agent(AMY)
        assert shop.deal() == [(1, AMY)]

    @pytest.mark.parametrize("presence", [Presence.ABSENT, Presence.GRACE])
    def test_p3_only_present_agents_get_sessions(self, presence: Presence) -> None:
        shop = Shop(BO)
        shop.agent(AMY, presence=presence)
        shop.team(SALES, AMY)
        shop.session(1)
        assert shop.deal() == []

    def test_p3_grace_keeps_the_turn(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, BO)
        shop.agent(AMY, presence=Presence.GRACE)
        assert shop.deal_each(1, 2) == [BO, BO]
        shop.agent(AMY)
        assert shop.deal_each(3, 4, 5) == [AMY, BO, AMY]
