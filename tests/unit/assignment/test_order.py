"""The order of decision, step by step (R1, R15)."""

from typing import Any

import pytest
from msgspec.structs import replace
from tests.unit.assignment.shop import AMY, BO, CAM, CARE, DEE, EVE, SALES, Shop

from inbox_tui.assignment import RuleFact, Step, When
from inbox_tui.wire.words import Method, Presence, UnassignedReason


class TestPrecedence:
    def test_r1_designated_team_comes_before_the_channels(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY)
        shop.team(CARE, BO)
        shop.session(1, CARE, channel_team=SALES)
        shop.session(2, None, channel_team=SALES)
        first, second = shop.proposals()
        assert (first.agent_id, first.step, first.team_id) == (BO, Step.DESIGNATED, CARE)
        assert (second.agent_id, second.step, second.team_id) == (AMY, Step.CHANNEL_TEAM, SALES)

    def test_r1_without_a_team_the_workspace_pool_takes_the_least_open(self) -> None:
        shop = Shop(AMY, BO)
        assert shop.deal_each(1, 2, 3, team=None) == [AMY, BO, AMY]
        shop.close(1)
        shop.close(3)
        assert shop.deal_each(4, team=None) == [AMY]

    def test_r1_a_team_may_become_known_after_its_session(self) -> None:
        shop = Shop(BO)
        shop.agent(AMY, accepting=False)
        shop.agent(BO, accepting=False)
        shop.session(1)
        assert shop.deal() == []
        shop.agent(CAM)
        shop.agent(CAM, accepting=False)
        shop.team(SALES, CAM)
        shop.agent(CAM)
        assert [found.team_id for found in shop.proposals()] == [SALES]

    def test_r1_sessions_of_a_removed_team_go_down_the_order(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES)
        shop.team(CARE, BO)
        shop.session(1, SALES, channel_team=CARE)
        assert shop.deal() == []
        shop.engine.remove_team(SALES)
        assert shop.deal() == [(1, BO)]

    def test_r15_a_transfer_to_a_team_is_routed_there(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY)
        shop.team(CARE, BO)
        shop.session(1)
        shop.deal()
        fact = shop.sessions[1]
        shop.put(replace(fact, version=9, team_id=CARE, assignee_id=None, counted_team_id=None))
        assert shop.deal() == [(1, BO)]


FULL_ORDER = [
    ("team_id", 30, (Step.DESIGNATED, 30, EVE)),
    ("bound_agent_id", AMY, (Step.BINDING, 40, AMY)),
    ("dedicated_agent_id", BO, (Step.DEDICATED_AGENT, 40, BO)),
    ("previous_agent_id", CAM, (Step.PREVIOUS_AGENT, 40, CAM)),
    ("bound_team_id", 40, (Step.BOUND_TEAM, 40, BO)),
    ("text", "a refund", (Step.RULE, SALES, DEE)),
    ("channel_team_id", CARE, (Step.CHANNEL_TEAM, CARE, EVE)),
]
"""Each step with the fact that makes it apply, and where it leads if no earlier one applies."""


class TestOrder:
    def world(self) -> Shop:
        shop = Shop(AMY, BO, CAM, DEE, EVE)
        shop.team(SALES, DEE)
        shop.team(CARE, EVE)
        shop.team(30, EVE)
        shop.team(40, BO, CAM)
        shop.rules(RuleFact(1, "refunds", When(keywords=("refund",)), team_id=SALES))
        return shop

    @pytest.mark.parametrize("first", range(len(FULL_ORDER)))
    def test_r1_the_first_step_that_applies_decides(self, first: int) -> None:
        facts: dict[str, Any] = {name: value for name, value, _ in FULL_ORDER[first:]}
        step, team, agent = FULL_ORDER[first][2]
        if first == len(FULL_ORDER) - 2:
            assert "bound_team_id" not in facts
        shop = self.world()
        shop.comes(1, **facts)
        assert shop.step(1) == (step, team, agent)

    def test_r1_last_of_all_comes_everybody(self) -> None:
        shop = self.world()
        shop.comes(1)
        assert shop.step(1) == (Step.WORKSPACE_POOL, None, AMY)

    def test_r1_an_own_agent_is_counted_for_the_team_the_queue_is_of(self) -> None:
        shop = self.world()
        shop.comes(1, dedicated_agent_id=BO, text="a refund")
        assert shop.step(1) == (Step.DEDICATED_AGENT, SALES, BO)

    def test_r1_two_who_serve_the_same_contact_are_asked_in_order(self) -> None:
        shop = self.world()
        shop.set(owner_wait=0)
        shop.agent(AMY, accepting=False)
        shop.comes(1, bound_agent_id=AMY, dedicated_agent_id=BO, previous_agent_id=CAM)
        assert shop.step(1) == (Step.DEDICATED_AGENT, None, BO)
        shop.agent(BO, max_open=0)
        assert shop.step(1) == (Step.PREVIOUS_AGENT, None, CAM)

    def test_r1_one_agent_named_twice_is_asked_once_at_the_earlier_step(self) -> None:
        shop = self.world()
        shop.comes(1, dedicated_agent_id=CAM, previous_agent_id=CAM)
        assert shop.step(1) == (Step.DEDICATED_AGENT, None, CAM)
        outcome = {each.step: each.because for each in shop.explain(1).steps}
        assert outcome[Step.BINDING] == "none"

    def test_r1_an_inactive_agent_is_passed_over_at_once(self) -> None:
        shop = self.world()
        shop.agent(AMY, active=False)
        shop.comes(1, bound_agent_id=AMY, channel_team_id=CARE)
        assert shop.step(1) == (Step.CHANNEL_TEAM, CARE, EVE)

    def test_r1_an_agent_nobody_knows_is_passed_over(self) -> None:
        shop = self.world()
        shop.comes(1, bound_agent_id=99, channel_team_id=CARE)
        assert shop.step(1) == (Step.CHANNEL_TEAM, CARE, EVE)

    def test_r1_an_account_made_active_gets_what_is_bound_to_it(self) -> None:
        shop = self.world()
        shop.team(CARE)
        shop.agent(AMY, active=False)
        shop.comes(1, bound_agent_id=AMY, channel_team_id=CARE)
        assert shop.deal() == []
        shop.agent(AMY)
        assert shop.deal() == [(1, AMY)]

    def test_r1_an_own_agent_takes_it_from_a_team_that_pushes_nothing(self) -> None:
        shop = self.world()
        shop.team(CARE, EVE, method=Method.SELF_CLAIM)
        shop.comes(1, previous_agent_id=AMY, channel_team_id=CARE)
        assert shop.deal() == [(1, AMY)]

    def test_r1_an_own_agents_presence_is_never_waived(self) -> None:
        shop = self.world()
        shop.rules(RuleFact(1, "all", When(), agents=(AMY, DEE), consider="active"))  # type: ignore[arg-type]
        shop.set(owner_wait=0)
        shop.leaves(AMY)
        shop.comes(1, bound_agent_id=AMY)
        (decision,) = shop.proposals()
        assert (decision.step, decision.agent_id) == (Step.RULE, AMY)

    @pytest.mark.parametrize("bound", [AMY, None])
    def test_r1_a_bound_team_takes_the_place_of_the_rules(self, bound: int | None) -> None:
        shop = self.world()
        shop.set(owner_wait=0)
        shop.agent(AMY, presence=Presence.ABSENT)
        shop.comes(1, bound_agent_id=bound, bound_team_id=40, text="a refund")
        step, team, _ = shop.step(1)
        assert (step, team) == (Step.BOUND_TEAM, 40)

    def test_r1_of_a_contact_bound_to_a_team_only_members_count(self) -> None:
        shop = self.world()
        facts = {"dedicated_agent_id": AMY, "previous_agent_id": EVE, "bound_team_id": 40}
        shop.comes(1, **facts)
        assert shop.step(1)[0] is Step.BOUND_TEAM
        shop.team(40, EVE, BO)
        assert shop.step(1) == (Step.PREVIOUS_AGENT, 40, EVE)

    def test_r1_a_binding_inside_a_team_falls_back_to_that_team(self) -> None:
        shop = self.world()
        shop.set(owner_wait=0)
        shop.comes(1, bound_agent_id=DEE, bound_team_id=40)
        assert shop.step(1) == (Step.BINDING, 40, DEE)
        shop.leaves(DEE)
        assert shop.step(1) == (Step.BOUND_TEAM, 40, BO)

    def test_r1_a_bound_team_that_is_gone_binds_nothing(self) -> None:
        shop = self.world()
        shop.comes(1, bound_team_id=99, previous_agent_id=AMY, text="a refund")
        assert shop.step(1) == (Step.PREVIOUS_AGENT, SALES, AMY)

    def test_r1_a_teams_cap_counts_for_an_own_agent_only_as_its_member(self) -> None:
        shop = self.world()
        shop.team(CARE, EVE, max_open=0)
        shop.set(owner_wait=0)
        shop.comes(1, previous_agent_id=EVE, channel_team_id=CARE)
        assert shop.deal() == []
        shop.comes(2, previous_agent_id=AMY, channel_team_id=CARE)
        assert shop.deal() == [(2, AMY)]

    def test_r15_what_a_person_sent_to_a_team_asks_no_agent_of_its_own(self) -> None:
        shop = self.world()
        shop.comes(1, team_id=30, bound_agent_id=AMY, text="a refund")
        assert shop.step(1) == (Step.DESIGNATED, 30, EVE)

    def test_r15_what_is_held_stays_out_of_every_step(self) -> None:
        shop = self.world()
        shop.comes(1, bound_agent_id=AMY, held_reason=UnassignedReason.DECLINED)
        assert shop.deal() == []

    def test_r14_who_is_given_what_is_their_own_keeps_the_turn(self) -> None:
        shop = self.world()
        shop.team(CARE, AMY, BO)
        shop.comes(1, previous_agent_id=AMY, channel_team_id=CARE)
        (decision,) = shop.proposals()
        assert (decision.method, decision.turn) == (None, None)
        shop.commit(decision)
        shop.session(2, CARE)
        assert [seen.turn for seen in shop.explain(2).candidates] == [0, 0]

    def test_r1_a_teams_cap_counts_what_an_own_agent_has_of_it(self) -> None:
        shop = self.world()
        shop.set(owner_wait=0)
        shop.team(CARE, EVE, max_open=1)
        shop.comes(1, previous_agent_id=EVE, channel_team_id=CARE)
        shop.comes(2, previous_agent_id=EVE, channel_team_id=CARE)
        assert shop.deal() == [(1, EVE)]

    def test_r1_who_waits_for_an_agent_is_routed_anew_when_its_team_goes(self) -> None:
        shop = self.world()
        shop.leaves(AMY)
        shop.comes(1, bound_agent_id=AMY, channel_team_id=CARE)
        shop.decide()
        assert shop.explain(1).team_id == CARE
        shop.engine.remove_team(CARE)
        shop.decide()
        assert shop.explain(1).team_id is None
        assert shop.explain(1).reason is UnassignedReason.WAITING_FOR_AGENT
