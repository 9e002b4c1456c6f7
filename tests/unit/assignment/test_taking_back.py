"""What is taken from an agent: left to lapse (R10), or left behind (R12)."""

from msgspec.structs import replace
from tests.unit.assignment.shop import AMY, BO, CAM, CARE, SALES, Hours, Shop

from inbox_tui.assignment import Cause, Policy, RuleFact, When
from inbox_tui.wire.words import Consider, OffDuty, Presence, UnassignedReason

LAPSE, WAIT = 10_000, 2_000


def served(**policy: object) -> Shop:
    """Amy has a session that is not answered; Bo and Cam could take it."""
    shop = Shop(AMY, BO, CAM, **{"take_back": LAPSE, "owner_wait": WAIT, **policy})  # type: ignore[arg-type]
    shop.team(SALES, AMY, BO, CAM)
    shop.comes(1, channel_team_id=SALES)
    assert shop.deal() == [(1, AMY)]
    return shop


class TestLapsing:
    def test_r10_after_take_back_it_goes_to_another(self) -> None:
        shop = served()
        due = shop.now + LAPSE
        assert shop.engine.next_wake(shop.now) == due
        assert shop.taken_back(after=LAPSE - 1) == []
        (found,) = shop.taken_back()
        assert (found.session_id, found.agent_id, found.cause) == (1, AMY, Cause.LAPSED)
        assert (found.session_version, found.at) == (shop.sessions[1].version, due)
        shop.take(found)
        assert shop.deal() == [(1, BO)]

    def test_r10_it_counts_from_the_customers_message_if_that_came_later(self) -> None:
        shop = served()
        shop.change(1, waiting_since=shop.now + 5_000)
        assert shop.engine.next_wake(shop.now) == shop.now + 5_000 + LAPSE

    def test_p1_it_counts_from_the_second_account_if_that_came_later(self) -> None:
        shop = served()
        joined = shop.now + 3_000
        shop.set(take_back=LAPSE, owner_wait=WAIT, several_since=joined)
        assert shop.engine.next_wake(shop.now) == joined + LAPSE
        shop.leaves(AMY)
        assert shop.engine.next_wake(shop.now) == joined + WAIT

    def test_r10_an_answer_ends_it(self) -> None:
        shop = served()
        shop.change(1, waiting_since=None)
        assert shop.taken_back(after=LAPSE) == []
        assert shop.engine.next_wake(shop.now) is None

    def test_r10_off_is_the_default(self) -> None:
        assert Policy().take_back is None
        shop = served(take_back=None)
        assert shop.taken_back(after=10**9) == []

    def test_r10_whoever_let_it_lapse_is_skipped_on_all_steps(self) -> None:
        shop = served()
        shop.change(1, bound_agent_id=AMY, previous_agent_id=AMY)
        for agent_id in (BO, CAM):
            shop.take(*shop.taken_back(after=LAPSE))
            assert shop.deal() == [(1, agent_id)]
        assert shop.sessions[1].lapsed == (AMY, BO)

    def test_r10_when_all_have_it_stands_as_taken_back(self) -> None:
        shop = served()
        for _ in range(3):
            shop.take(*shop.taken_back(after=LAPSE))
            shop.deal()
        assert shop.reason(1) is UnassignedReason.TAKEN_BACK
        assert shop.explain(1).summary.startswith("It waits: everybody in team-10 has let it lapse")

    def test_r10_a_new_member_frees_it(self) -> None:
        shop = served()
        for _ in range(3):
            shop.take(*shop.taken_back(after=LAPSE))
            shop.deal()
        shop.agent(4)
        shop.team(SALES, AMY, BO, CAM, 4)
        assert shop.deal() == [(1, 4)]

    def test_r10_who_is_not_active_need_not_have_let_it_lapse(self) -> None:
        shop = served()
        shop.agent(CAM, active=False)
        for _ in range(2):
            shop.take(*shop.taken_back(after=LAPSE))
            shop.deal()
        assert shop.reason(1) is UnassignedReason.TAKEN_BACK

    def test_r10_others_who_wait_are_not_hidden(self) -> None:
        shop = served()
        shop.team(SALES, AMY)
        shop.take(*shop.taken_back(after=LAPSE))
        shop.comes(2, channel_team_id=SALES)
        assert shop.deal() == [(2, AMY)]

    def test_r10_it_fires_once_and_again_when_it_could_not_be_done(self) -> None:
        shop = served()
        (found,) = shop.taken_back(after=LAPSE)
        assert shop.taken_back() == []
        shop.engine.refused(found)
        assert shop.taken_back() == [replace(found, at=shop.now)]

    def test_r10_an_engine_built_anew_goes_on_where_the_last_one_was(self) -> None:
        shop = served()
        again = Shop(AMY, BO, CAM, take_back=LAPSE)
        again.team(SALES, AMY, BO, CAM)
        again.put(shop.sessions[1])
        again.now = shop.now
        assert again.engine.next_wake(again.now) == shop.now + LAPSE

    def test_p1_nothing_is_taken_from_the_only_account_until_there_is_a_second(self) -> None:
        shop = Shop(AMY, take_back=LAPSE)
        shop.comes(1)
        assert shop.deal() == [(1, AMY)]
        assert shop.taken_back(after=LAPSE) == []
        shop.agent(BO)
        (found,) = shop.taken_back()
        assert found.agent_id == AMY


class TestLeaving:
    def test_r12_what_is_unanswered_is_routed_again_after_owner_wait(self) -> None:
        shop = served(take_back=None)
        shop.now += 700
        shop.leaves(AMY)
        left = shop.now
        assert shop.engine.next_wake(shop.now) == left + WAIT
        (found,) = shop.taken_back(after=WAIT)
        assert found.cause is Cause.LEFT
        shop.take(found)
        assert shop.deal() == [(1, BO)]
        assert shop.sessions[1].lapsed == ()

    def test_r12_it_counts_from_the_customers_message_if_that_came_later(self) -> None:
        shop = served(take_back=None)
        shop.change(1, waiting_since=None)
        shop.leaves(AMY)
        assert shop.taken_back(after=10 * WAIT) == []
        shop.change(1, waiting_since=shop.now)
        assert shop.engine.next_wake(shop.now) == shop.now + WAIT

    def test_r12_what_was_answered_stays(self) -> None:
        shop = served(take_back=None)
        shop.change(1, waiting_since=None)
        shop.leaves(AMY)
        assert shop.taken_back(after=10 * WAIT) == []

    def test_r12_grace_keeps_it(self) -> None:
        shop = served(take_back=None)
        shop.leaves(AMY, Presence.GRACE)
        assert shop.taken_back(after=10 * WAIT) == []

    def test_r12_coming_back_in_time_keeps_it(self) -> None:
        shop = served(take_back=None)
        shop.leaves(AMY)
        shop.decide(after=WAIT - 10)
        shop.agent(AMY)
        assert shop.taken_back(after=WAIT) == []

    def test_r12_who_was_left_is_not_waited_for_again(self) -> None:
        shop = served(take_back=None)
        shop.change(1, bound_agent_id=AMY)
        shop.leaves(AMY)
        shop.take(*shop.taken_back(after=WAIT))
        assert shop.deal() == [(1, BO)]

    def test_r12_the_earlier_of_lapse_and_leaving_counts(self) -> None:
        shop = served(take_back=500)
        shop.leaves(AMY)
        (found,) = shop.taken_back(after=500)
        assert found.cause is Cause.LAPSED

    def test_r12_a_session_handed_to_somebody_absent_waits_as_long(self) -> None:
        shop = served(take_back=None)
        shop.leaves(BO)
        shop.now += 10 * WAIT
        shop.give(1, BO, SALES)
        assert shop.engine.next_wake(shop.now) == shop.now + WAIT

    def test_r12_keep_keeps_it(self) -> None:
        shop = served(take_back=None, off_duty=OffDuty.KEEP)
        shop.leaves(AMY)
        assert shop.taken_back(after=10 * WAIT) == []
        shop.set(off_duty=OffDuty.REROUTE)
        assert len(shop.taken_back()) == 1

    def test_r12_outside_hours_only(self) -> None:
        shop = served(take_back=None, off_duty=OffDuty.REROUTE_OUTSIDE_HOURS, hours="shop")
        shop.leaves(AMY)
        assert shop.taken_back(after=WAIT) == [], "there are no such hours"
        closes = shop.now + 5_000
        shop.engine.put_hours({"shop": Hours(0, closes)})
        assert shop.taken_back(after=100) == []
        shop.now = closes - 1
        (found,) = shop.taken_back()
        assert found.cause is Cause.LEFT

    def test_r12_outside_hours_it_counts_as_ever(self) -> None:
        shop = served(take_back=None, off_duty=OffDuty.REROUTE_OUTSIDE_HOURS, hours="shop")
        shop.engine.put_hours({"shop": Hours()})
        shop.leaves(AMY)
        assert shop.engine.next_wake(shop.now) == shop.now + WAIT

    def test_r12_a_teams_hours_come_before_the_workspaces(self) -> None:
        shop = served(take_back=None, off_duty=OffDuty.REROUTE_OUTSIDE_HOURS, hours="shop")
        shop.engine.put_hours({"shop": Hours(0), "night": Hours()})
        shop.leaves(AMY)
        assert shop.taken_back(after=WAIT) == []
        shop.team(SALES, AMY, BO, CAM, hours="night")
        assert len(shop.taken_back()) == 1

    def test_r3_where_every_active_agent_counts_absence_is_no_reason(self) -> None:
        shop = served(take_back=None)
        shop.rules(RuleFact(1, "all", When(), team_id=SALES, consider=Consider.ACTIVE))
        shop.leaves(AMY)
        assert shop.taken_back(after=10 * WAIT) == []
        shop.rules()
        assert len(shop.taken_back()) == 1

    def test_r12_longer_hours_put_it_off(self) -> None:
        shop = served(take_back=None, off_duty=OffDuty.REROUTE_OUTSIDE_HOURS, hours="shop")
        shop.engine.put_hours({"shop": Hours(0, shop.now + 5_000)})
        shop.leaves(AMY)
        shop.decide()
        shop.engine.put_hours({"shop": Hours(0, shop.now + 9_000)})
        assert shop.taken_back(after=5_000) == []
        assert len(shop.taken_back(after=4_000)) == 1

    def test_r12_of_a_removed_teams_session_the_workspace_decides(self) -> None:
        shop = served(take_back=None)
        shop.team(CARE, BO)
        shop.leaves(AMY)
        shop.engine.remove_team(SALES)
        assert len(shop.taken_back(after=WAIT)) == 1

    def test_r12_without_a_time_of_assignment_nothing_is_due(self) -> None:
        shop = served()
        shop.change(1, assigned_at=None)
        shop.leaves(AMY)
        assert shop.taken_back(after=10 * LAPSE) == []
