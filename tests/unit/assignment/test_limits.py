"""Limits: never exceeded by the system, whoever else exceeds them (R5)."""

from tests.unit.assignment.shop import AMY, BO, CARE, SALES, Shop

from inbox_tui.assignment import Policy, Verdict
from inbox_tui.wire.words import OffDuty


class TestLimits:
    def test_r5_own_limit_before_the_workspaces(self) -> None:
        shop = Shop(max_open=1)
        shop.agent(AMY, max_open=2)
        shop.agent(BO)
        shop.team(SALES, AMY, BO)
        assert shop.deal_each(1, 2, 3, 4) == [AMY, BO, AMY, 0]

    def test_r5_limit_counts_sessions_of_every_team_and_of_none(self) -> None:
        shop = Shop(AMY, BO, max_open=2)
        shop.team(SALES, AMY)
        shop.team(CARE, AMY)
        shop.session(1, None)
        shop.give(1, AMY)
        assert shop.deal_each(2, 3, team=CARE) == [AMY, 0]
        assert shop.deal_each(4, team=SALES) == [0]

    def test_r5_team_limit_caps_that_teams_sessions_only(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, max_open=1)
        shop.team(CARE, AMY)
        assert shop.deal_each(1, 2, team=SALES) == [AMY, 0]
        assert shop.deal_each(3, 4, team=CARE) == [AMY, AMY]

    def test_r5_a_served_session_may_come_to_count_for_another_team(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, max_open=1)
        assert shop.deal_each(1, 2) == [AMY, 0]
        shop.give(1, AMY, CARE)
        assert shop.deal() == [(2, AMY)]

    def test_r5_a_raised_limit_drains(self) -> None:
        shop = Shop(AMY, BO, max_open=1)
        shop.team(SALES, AMY)
        assert shop.deal_each(1, 2) == [AMY, 0]
        shop.engine.put_policy(Policy(max_open=2, settle=0))
        assert shop.deal() == [(2, AMY)]

    def test_r5_over_the_limit_by_hand_counts_and_is_worked_off(self) -> None:
        shop = Shop(AMY, BO, max_open=1)
        shop.team(SALES, AMY)
        for session_id in (1, 2):
            shop.session(session_id)
            shop.give(session_id, AMY, SALES)
        assert shop.deal_each(3) == [0]
        shop.close(1)
        assert shop.deal() == []
        shop.close(2)
        assert shop.deal() == [(3, AMY)]

    def test_r5_a_proposal_holds_its_slot(self) -> None:
        shop = Shop(AMY, BO, max_open=1)
        shop.team(SALES, AMY)
        shop.session(1)
        assert len(shop.proposals()) == 1
        shop.session(2)
        assert shop.proposals() == []


def test_the_defaults_are_those_of_the_specification() -> None:
    """R6: two minutes; R9: two seconds; R4: two minutes; R10: off; R12: routed again."""
    policy = Policy()
    assert (policy.owner_wait, policy.settle, policy.skill_wait) == (120_000, 2_000, 120_000)
    assert (policy.take_back, policy.off_duty) == (None, OffDuty.REROUTE)
    assert policy.max_open == 5


def test_somebody_who_was_never_introduced_gets_nothing() -> None:
    shop = Shop(AMY, BO)
    shop.team(SALES, 77)
    shop.session(1)
    assert shop.deal() == []
    (seen,) = shop.explain(1).candidates
    assert seen.verdict is Verdict.INACTIVE
    shop.agent(77)
    assert shop.deal() == [(1, 77)]
