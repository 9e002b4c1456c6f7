"""Proposals, and what becomes of them: claims win, rotations move with commits (R11, R14)."""

from itertools import pairwise

from tests.unit.assignment.shop import AMY, BO, CAM, SALES, Shop

from inbox_tui.assignment import Turn
from inbox_tui.wire.words import Presence, Priority


class TestCommitting:
    def test_r11_a_claim_beats_a_proposal_and_counts_once(self) -> None:
        shop = Shop(AMY, BO, max_open=1)
        shop.team(SALES, AMY, BO)
        shop.session(1)
        (decision,) = shop.proposals()
        assert (decision.session_version, decision.agent_id) == (1, AMY)
        shop.give(1, BO)
        shop.engine.refused(decision)
        assert shop.deal_each(2, 3) == [AMY, 0]
        assert shop.explain(1).assignee_id == BO

    def test_r14_choosing_alone_moves_nothing(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, BO)
        shop.session(1)
        for _ in range(3):
            (decision,) = shop.proposals()
            assert decision.agent_id == AMY
            shop.engine.refused(decision)

    def test_r14_a_refused_proposal_in_a_batch_costs_no_turn(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY)
        shop.session(1)
        shop.session(2)
        first, second = shop.proposals()
        shop.close(1)
        shop.engine.refused(first)
        shop.commit(second)
        assert second.turn is not None
        assert second.turn.after(0) == 1
        assert shop.explain(2).candidates[0].turn == 1

    def test_r14_claims_and_designations_do_not_move_the_rotation(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, BO)
        for session_id in (1, 2, 3):
            shop.session(session_id)
            shop.give(session_id, AMY, SALES)
        assert shop.deal_each(4, 5) == [AMY, BO]

    def test_r14_a_skipped_full_agent_keeps_the_turn(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, BO)
        shop.session(1)
        shop.give(1, AMY, SALES)
        shop.agent(AMY, max_open=1)
        assert shop.deal_each(2, 3) == [BO, BO]
        shop.close(1)
        assert shop.deal_each(4) == [AMY]

    def test_r14_skipped_turns_do_not_add_up(self) -> None:
        shop = Shop(AMY, BO, CAM, max_open=100)
        shop.team(SALES, AMY, BO, CAM)
        shop.agent(AMY, presence=Presence.ABSENT)
        assert shop.deal_each(*range(1, 21)).count(AMY) == 0
        shop.agent(AMY)
        assert shop.deal_each(21, 22, 23, 24, 25, 26) == [AMY, BO, CAM] * 2

    def test_r14_a_new_member_does_not_get_everything_until_level(self) -> None:
        shop = Shop(AMY, BO, CAM, max_open=100)
        shop.team(SALES, AMY, BO)
        shop.deal_each(*range(1, 21))
        shop.team(SALES, AMY, BO, CAM)
        assert shop.deal_each(21, 22, 23, 24) == [CAM, AMY, BO, CAM]

    def test_r14_stored_turns_go_on_after_a_restart(self) -> None:
        shop = Shop(AMY, BO, CAM)
        shop.team(SALES, AMY, BO, CAM, turns={AMY: 7, BO: 6, CAM: 2})
        assert shop.deal_each(1, 2, 3, 4) == [CAM, BO, AMY, CAM]

    def test_r14_a_turn_is_a_movement_with_a_floor(self) -> None:
        assert Turn(floor=5, stride=1).after(2) == 6
        assert Turn(floor=5, stride=0.5).after(6) == 6.5

    def test_a_proposal_whose_session_was_closed_leaves_no_count(self) -> None:
        shop = Shop(AMY, BO, max_open=1)
        shop.team(SALES, AMY)
        shop.session(1)
        (decision,) = shop.proposals()
        shop.close(1)
        shop.engine.committed(decision)
        assert shop.deal_each(2) == [AMY]

    def test_the_fact_of_an_assignment_may_come_before_its_commit(self) -> None:
        shop = Shop(AMY, BO, max_open=2)
        shop.team(SALES, AMY)
        shop.session(1)
        (decision,) = shop.proposals()
        shop.give(1, AMY, SALES)
        shop.engine.committed(decision)
        assert shop.deal_each(2, 3) == [AMY, 0]

    def test_an_answer_about_an_unknown_proposal_is_ignored(self) -> None:
        shop = Shop(AMY, BO, max_open=1)
        shop.team(SALES, AMY)
        shop.session(1)
        (decision,) = shop.proposals()
        shop.commit(decision)
        shop.engine.committed(decision)
        shop.engine.refused(decision)
        assert shop.deal_each(2) == [0]

    def test_an_older_version_of_a_session_is_ignored(self) -> None:
        shop = Shop(AMY, BO, max_open=1)
        shop.team(SALES, AMY)
        shop.session(1)
        stale = shop.sessions[1]
        shop.deal()
        shop.engine.put_session(stale)
        assert shop.proposals() == []
        assert shop.explain(1).assignee_id == AMY

    def test_rejoining_while_a_proposal_is_out_does_not_disturb_the_rotation(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, BO)
        shop.session(1)
        (decision,) = shop.proposals()
        shop.team(SALES, BO)
        shop.team(SALES, AMY, BO)
        shop.commit(decision)
        assert shop.deal_each(2, 3, 4, 5) == [BO, AMY, BO, AMY]

    def test_r11_a_commit_that_is_late_counts_nothing_twice(self) -> None:
        shop = Shop(AMY, BO, max_open=2)
        shop.team(SALES, AMY)
        shop.session(1)
        (decision,) = shop.proposals()
        shop.change(1, priority=Priority.HIGH, priority_chosen=True)
        shop.engine.committed(decision)
        shop.give(1, AMY, SALES)
        assert shop.explain(1).assignee_id == AMY
        assert shop.deal_each(2, 3) == [AMY, 0]

    def test_r11_a_person_who_takes_it_first_keeps_it_whatever_is_heard_of_the_choice(self) -> None:
        shop = Shop(AMY, BO, max_open=1)
        shop.team(SALES, AMY)
        shop.session(1)
        (decision,) = shop.proposals()
        shop.give(1, BO, SALES)
        shop.engine.committed(decision)
        assert shop.explain(1).assignee_id == BO
        assert shop.deal_each(2) == [AMY]

    def test_r11_what_was_known_before_a_commit_is_older_than_it(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY)
        shop.session(1)
        (decision,) = shop.proposals()
        shop.engine.committed(decision)
        shop.engine.put_session(shop.sessions[1])
        assert shop.explain(1).assignee_id == AMY
        assert shop.proposals() == []


def test_facts_put_twice_change_nothing() -> None:
    shop = Shop(AMY, BO, max_open=2)
    shop.team(SALES, AMY, BO)
    shop.deal_each(1, 2, 3)
    for agent_id in (AMY, BO):
        shop.engine.put_agent(shop.agents[agent_id])
    for fact in shop.sessions.values():
        shop.engine.put_session(fact)
    shop.team(SALES, AMY, BO, turns={AMY: 2, BO: 1})
    assert shop.deal_each(4, 5) == [BO, 0]


def test_turn_numbers_of_a_rotation_stay_close_together() -> None:
    shop = Shop(AMY, BO, max_open=100)
    shop.team(SALES, AMY, BO)
    got = shop.deal_each(*range(1, 21))
    assert all(one != other for one, other in pairwise(got))
