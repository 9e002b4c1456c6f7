"""Those who come online to a backlog share it (R9)."""

from tests.unit.assignment.shop import AMY, BO, CARE, DEE, EVE, QUEUE, SALES, Shop, assigns

from inbox_tui.assignment import Step, Wait
from inbox_tui.wire.words import Consider, Presence, UnassignedReason


def with_amy_online_to_a_backlog() -> Shop:
    """Return a shop whose only seller has come online to a session that waits."""
    shop = Shop(DEE, EVE, settle=2_000)
    shop.team(SALES, AMY)
    shop.session(1)
    shop.decide()
    shop.agent(AMY)
    return shop


class TestSettling:
    def test_r9_a_backlog_is_shared_after_settle_from_the_first_arrival(self) -> None:
        shop = Shop(DEE, EVE, settle=2_000)
        shop.team(SALES, AMY, BO)
        for session_id in range(1, 7):
            shop.session(session_id)
        assert assigns(shop.engine.decide(5_000)) == []
        shop.agent(AMY)
        assert assigns(shop.engine.decide(10_000)) == []
        assert shop.engine.next_wake(10_000) == 12_000
        shop.agent(BO)
        assert assigns(shop.engine.decide(11_900)) == []
        shared = assigns(shop.engine.decide(12_000))
        assert [found.agent_id for found in shared] == [AMY, BO] * 3
        assert shop.engine.next_wake(12_000) is None

    def test_r9_never_more_than_their_limit(self) -> None:
        shop = Shop(DEE, EVE, settle=100, max_open=2)
        shop.team(SALES, AMY)
        for session_id in range(1, 7):
            shop.session(session_id)
        shop.decide()
        shop.agent(AMY)
        shop.engine.decide(5_000)
        assert len(assigns(shop.engine.decide(5_100))) == 2

    def test_r9_without_a_backlog_there_is_no_delay(self) -> None:
        shop = Shop(DEE, EVE, settle=2_000)
        shop.team(SALES, AMY)
        shop.agent(AMY)
        assert shop.deal_each(1) == [AMY]

    def test_r9_a_slot_that_frees_up_does_not_wait_for_arrivals(self) -> None:
        shop = Shop(AMY, BO, settle=2_000, max_open=1)
        shop.agent(BO, presence=Presence.ABSENT)
        shop.team(SALES, AMY, BO)
        assert shop.deal_each(1, 2, 3) == [AMY, 0, 0]
        shop.agent(BO)
        assert shop.deal() == []
        shop.close(1)
        assert shop.deal() == [(2, AMY)]

    def test_r9_nobody_is_waited_for_where_every_active_agent_is_considered(self) -> None:
        shop = Shop(DEE, EVE, settle=2_000)
        shop.team(SALES, AMY, consider=Consider.ACTIVE)
        shop.agent(AMY, accepting=False, presence=Presence.ABSENT)
        shop.session(1)
        assert shop.deal() == []
        shop.agent(AMY)
        assert shop.deal() == [(1, AMY)]

    def test_r9_the_wait_ends_when_every_active_agent_comes_to_be_considered(self) -> None:
        shop = with_amy_online_to_a_backlog()
        assert shop.deal() == []
        shop.team(SALES, AMY, consider=Consider.ACTIVE)
        assert shop.deal() == [(1, AMY)]

    def test_r9_the_wait_ends_when_the_backlog_does(self) -> None:
        shop = with_amy_online_to_a_backlog()
        assert shop.deal() == []
        shop.close(1)
        assert shop.engine.next_wake(shop.now) is None
        assert shop.deal_each(2) == [AMY]

    def test_r9_who_leaves_meanwhile_gets_nothing_and_opens_a_new_window_later(self) -> None:
        shop = with_amy_online_to_a_backlog()
        shop.engine.decide(10_000)
        shop.agent(AMY, presence=Presence.ABSENT)
        assert assigns(shop.engine.decide(12_500)) == []
        shop.agent(AMY)
        assert assigns(shop.engine.decide(13_000)) == []
        assert shop.engine.next_wake(13_000) == 15_000

    def test_r9_a_session_that_waits_for_arrivals_has_a_reason_from_the_start(self) -> None:
        shop = Shop(DEE, EVE, settle=2_000)
        shop.team(SALES, AMY)
        shop.session(1)
        shop.agent(AMY)
        assert shop.decide() == [
            Wait(1, 1, SALES, Step.DESIGNATED, UnassignedReason.NOBODY_ON_DUTY, QUEUE)
        ]

    def test_r9_settle_of_zero_gives_at_once(self) -> None:
        shop = Shop(DEE, EVE, settle=0)
        shop.team(SALES, AMY)
        shop.session(1)
        shop.decide()
        shop.agent(AMY)
        assert shop.deal() == [(1, AMY)]

    def test_r9_each_queue_settles_by_itself_and_the_earliest_wakes(self) -> None:
        shop = Shop(DEE, EVE, settle=2_000)
        shop.team(SALES, AMY)
        shop.team(CARE, BO)
        shop.session(1, SALES)
        shop.session(2, CARE)
        shop.decide()
        shop.agent(AMY)
        assert assigns(shop.engine.decide(10_000)) == []
        shop.agent(BO)
        assert assigns(shop.engine.decide(10_500)) == []
        assert shop.engine.next_wake(10_500) == 12_000
        assert [found.agent_id for found in assigns(shop.engine.decide(12_000))] == [AMY]
        assert shop.engine.next_wake(12_000) == 12_500

    def test_r9_a_message_of_who_waits_does_not_end_it(self) -> None:
        shop = with_amy_online_to_a_backlog()
        assert assigns(shop.engine.decide(10_000)) == []
        shop.change(1, text="are you there?")
        assert assigns(shop.engine.decide(11_000)) == []
        assert shop.engine.next_wake(11_000) == 12_000

    def test_r9_what_is_ones_own_is_not_shared(self) -> None:
        shop = Shop(DEE, EVE, settle=2_000)
        shop.agent(AMY, accepting=False)
        shop.team(SALES, AMY)
        shop.session(1)
        shop.comes(2, bound_agent_id=AMY, channel_team_id=SALES)
        shop.decide()
        shop.agent(AMY)
        assert shop.deal() == [(2, AMY)]

    def test_r9_leaving_ends_the_wait_and_coming_back_begins_another(self) -> None:
        shop = with_amy_online_to_a_backlog()
        shop.engine.decide(10_000)
        shop.leaves(AMY)
        shop.engine.decide(10_500)
        assert shop.engine.next_wake(10_500) is None
        shop.agent(AMY)
        shop.engine.decide(11_000)
        assert shop.engine.next_wake(11_000) == 13_000

    def test_r9_the_first_to_leave_does_not_end_it_for_the_others(self) -> None:
        shop = Shop(DEE, EVE, settle=2_000)
        shop.team(SALES, AMY, BO)
        shop.session(1)
        shop.decide()
        shop.agent(AMY)
        shop.agent(BO)
        shop.engine.decide(10_000)
        shop.leaves(AMY)
        assert assigns(shop.engine.decide(10_500)) == []
        assert shop.engine.next_wake(10_500) == 12_000
        assert [found.agent_id for found in assigns(shop.engine.decide(12_000))] == [BO]

    def test_r9_who_is_there_already_does_not_arrive_again(self) -> None:
        shop = Shop(DEE, EVE, settle=2_000)
        shop.agent(AMY, max_open=0)
        shop.team(SALES, AMY)
        shop.session(1)
        assert shop.deal() == []
        shop.agent(AMY, max_open=1)
        assert shop.deal() == [(1, AMY)]

    def test_r9_a_queue_that_goes_wakes_nobody(self) -> None:
        shop = Shop(DEE, EVE, settle=2_000)
        shop.leaves(DEE)
        shop.leaves(EVE)
        shop.team(SALES, AMY)
        shop.session(1)
        shop.decide()
        shop.agent(AMY, accepting=False)
        shop.agent(AMY)
        shop.engine.decide(10_000)
        shop.session(2, None)
        shop.close(1)
        shop.engine.remove_team(SALES)
        shop.close(2)
        shop.engine.decide(10_100)
        assert shop.engine.next_wake(10_100) is None
