"""Why a session is where it is (R13)."""

from typing import Any

import pytest
from tests.unit.assignment.shop import AMY, BO, CAM, DEE, SALES, Hours, Shop, assigns

from inbox_tui.assignment import (
    Condition,
    Engine,
    Outcome,
    RuleFact,
    Step,
    UnknownSession,
    Verdict,
    When,
)
from inbox_tui.wire.words import Category, Consider, ContactKind, Method, Presence, UnassignedReason


class TestExplaining:
    def test_r13_a_queued_session_says_why_nobody_and_its_position(self) -> None:
        shop = Shop()
        shop.agent(AMY, max_open=0)
        shop.agent(BO, accepting=False)
        shop.agent(CAM, presence=Presence.GRACE)
        shop.team(SALES, AMY, BO, CAM)
        shop.session(1)
        shop.session(2)
        shop.decide()
        told = shop.explain(2)
        assert (told.step, told.team_id, told.method) == (
            Step.DESIGNATED,
            SALES,
            Method.ROUND_ROBIN,
        )
        assert told.reason is UnassignedReason.ALL_FULL
        assert (told.queue_position, told.queue_length) == (2, 2)
        assert [(seen.agent_id, seen.verdict) for seen in told.candidates] == [
            (AMY, Verdict.FULL),
            (BO, Verdict.SWITCHED_OFF),
            (CAM, Verdict.GRACE),
        ]
        assert told.summary == (
            "It waits: all on duty in team-10 are full (1 full, 1 there with accept off, "
            "1 with a dropped link). Position 2 of 2."
        )

    def test_r13_a_served_session_says_who_and_who_would_be_next(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, BO)
        shop.deal_each(1)
        told = shop.explain(1)
        assert told.assignee_id == AMY
        assert [seen.agent_id for seen in told.candidates] == [BO, AMY]
        assert [seen.rank for seen in told.candidates] == [1, 2]
        assert told.summary == (
            "Served by agent 1. If it were routed now: next in team-10 by round robin: agent 2, "
            "with 0 of 5 open."
        )

    def test_r13_a_decision_carries_its_candidates_on_request(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, BO)
        shop.session(1)
        (decision,) = assigns(shop.engine.decide(1, explain=True))
        assert [(seen.agent_id, seen.rank, seen.open) for seen in decision.candidates] == [
            (AMY, 1, 0),
            (BO, 2, 0),
        ]
        assert decision.candidates_total == 2
        assert "AMY" not in decision.candidates[0].detail

    def test_r13_explaining_changes_nothing(self) -> None:
        shop = Shop(AMY, BO, CAM)
        shop.team(SALES, AMY, BO, CAM)
        got = []
        for session_id in range(1, 7):
            shop.session(session_id)
            shop.explain(session_id)
            got += [agent for _, agent in shop.deal()]
            shop.explain(session_id)
        assert got == [AMY, BO, CAM] * 2

    def test_r13_at_most_so_many_candidates_of_the_total(self) -> None:
        shop = Shop(*range(1, 31))
        shop.team(SALES, *range(1, 31))
        shop.session(1)
        told = shop.engine.explain(1, 0, most=5)
        assert len(told.candidates) == 5
        assert told.candidates_total == 30
        assert len(shop.engine.explain(1, 0).candidates) == 20
        (decision,) = assigns(shop.engine.decide(1, explain=True))
        assert (len(decision.candidates), decision.candidates_total) == (20, 30)

    @pytest.mark.parametrize(
        ("held", "words"),
        [
            (UnassignedReason.DECLINED, "declined"),
            (UnassignedReason.WITH_BOT, "bot"),
        ],
    )
    def test_r13_a_held_session_says_so(self, held: UnassignedReason, words: str) -> None:
        shop = Shop(AMY, BO)
        shop.session(1, held=held)
        told = shop.explain(1)
        assert words in told.summary
        assert told.reason is held
        assert told.queue_position is None

    def test_r13_the_only_account_and_a_proposal_under_way_say_so(self) -> None:
        shop = Shop(AMY)
        shop.session(1)
        told = shop.explain(1)
        assert told.step is Step.ONLY_ACCOUNT
        assert "only active account" in told.summary
        shop.proposals()
        assert "being given to agent 1" in shop.explain(1).summary

    @pytest.mark.parametrize("method", list(Method))
    def test_r13_every_method_and_verdict_has_its_sentence(self, method: Method) -> None:
        shop = Shop(settle=1_000)
        shop.agent(AMY, max_open=0)
        shop.agent(BO, presence=Presence.ABSENT)
        shop.agent(CAM, active=False)
        shop.team(SALES, AMY, BO, CAM, DEE, method=method, max_open=1)
        shop.session(1)
        shop.agent(DEE)
        summaries = [shop.explain(1).summary]
        shop.engine.decide(5_000)
        shop.engine.decide(6_000)
        summaries.append(shop.explain(1).summary)
        assert all(text.endswith(".") and "None" not in text for text in summaries)

    def test_r13_an_unknown_session_is_an_error(self) -> None:
        with pytest.raises(UnknownSession):
            Engine().explain(99, 0)

    def test_r13_every_step_of_the_order_says_what_became_of_it(self) -> None:
        shop = Shop(AMY, BO, CAM)
        shop.leaves(AMY)
        shop.team(SALES, BO)
        shop.rules(
            RuleFact(1, "vips", When(tags=("vip",)), team_id=SALES),
            RuleFact(2, "off", When(), team_id=SALES, enabled=False),
            RuleFact(3, "refunds", When(keywords=("refund",)), agents=(CAM,)),
        )
        shop.comes(1, bound_agent_id=AMY, owner_waited=True, text="a refund")
        told = [
            (each.step, each.outcome, each.name, each.because) for each in shop.explain(1).steps
        ]
        assert told == [
            (Step.BINDING, Outcome.PASSED, "agent 1", Verdict.ABSENT),
            (Step.DEDICATED_AGENT, Outcome.PASSED, "", "none"),
            (Step.PREVIOUS_AGENT, Outcome.PASSED, "", "none"),
            (Step.RULE, Outcome.PASSED, "vips", Condition.TAG),
            (Step.RULE, Outcome.PASSED, "off", "off"),
            (Step.RULE, Outcome.DECIDED, "refunds", ""),
        ]

    def test_r13_the_wait_for_an_agent_ends_the_steps(self) -> None:
        shop = Shop(AMY, BO)
        shop.leaves(AMY)
        shop.comes(1, previous_agent_id=AMY, channel_team_id=SALES)
        shop.decide()
        *_, last = shop.explain(1).steps
        assert (last.step, last.outcome, last.because) == (
            Step.PREVIOUS_AGENT,
            Outcome.WAITS,
            Verdict.ABSENT,
        )

    def test_r13_who_let_it_lapse_is_named(self) -> None:
        shop = Shop(AMY, BO)
        shop.comes(1, bound_agent_id=AMY, lapsed=(AMY,))
        first, *_ = shop.explain(1).steps
        assert (first.name, first.because) == ("agent 1", Verdict.LAPSED)
        verdicts = {seen.agent_id: seen.verdict for seen in shop.explain(1).candidates}
        assert verdicts == {AMY: Verdict.LAPSED, BO: Verdict.ELIGIBLE}

    def test_r13_own_agents_stand_before_the_queue_with_their_step(self) -> None:
        shop = Shop(AMY, BO, CAM)
        shop.comes(1, previous_agent_id=CAM)
        seen = shop.explain(1).candidates
        assert [(each.agent_id, each.rank, each.preferred) for each in seen] == [
            (CAM, 1, Step.PREVIOUS_AGENT),
            (AMY, 2, None),
            (BO, 3, None),
        ]
        assert "last served by agent 3" in shop.explain(1).summary

    @pytest.mark.parametrize(
        ("when", "facts", "detail"),
        [
            (When(channels=(1,)), {"channel_id": 2}, "another channel"),
            (When(languages=("th",)), {"language": "en"}, "the language is en"),
            (When(languages=("th",)), {}, "the language is not known"),
            (When(categories=(Category.OTHER,)), {}, "the category is not set"),
            (
                When(categories=(Category.OTHER,)),
                {"category": Category.PRE_SALE},
                "the category is pre-sale",
            ),
            (When(contact=ContactKind.NEW), {"returning": True}, "a returning contact"),
            (When(contact=ContactKind.RETURNING), {}, "a new contact"),
            (When(tiers=("gold",)), {}, "the tier is not set"),
            (When(tiers=("gold",)), {"tier": "steel"}, "the tier is steel"),
            (When(tags=("vip",)), {}, "none of its tags"),
            (When(business_hours=("shop",)), {}, "outside its business hours"),
            (When(outside_business_hours=("late",)), {}, "inside business hours"),
            (When(keywords=("refund",)), {}, "none of its keywords"),
        ],
    )
    def test_r13_every_condition_says_why_it_does_not_hold(
        self, when: When, facts: dict[str, Any], detail: str
    ) -> None:
        shop = Shop(AMY, BO)
        shop.engine.put_hours({"late": Hours(0)})
        shop.rules(RuleFact(1, "first", when, agents=(AMY,)))
        shop.comes(1, **facts)
        shop.decide()
        told = shop.engine.preview(shop.sessions[1], shop.now).steps[3]
        assert (told.name, told.detail) == ("first", detail)

    def test_r13_the_last_step_names_the_queue(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY)
        shop.comes(1, channel_team_id=SALES)
        shop.comes(2)
        for number, step, name in ((1, Step.CHANNEL_TEAM, "team-10"), (2, Step.WORKSPACE_POOL, "")):
            *_, last = shop.explain(number).steps
            assert (last.step, last.outcome, last.name) == (step, Outcome.DECIDED, name)
        assert shop.explain(2).steps[-2].because == "none"

    def test_r13_own_agents_count_among_those_that_are_told(self) -> None:
        shop = Shop(AMY, BO, CAM)
        shop.comes(1, previous_agent_id=CAM)
        told = shop.engine.explain(1, shop.now, most=2)
        assert [seen.agent_id for seen in told.candidates] == [CAM, AMY]
        assert told.candidates_total == 3

    def test_r13_an_own_agent_takes_no_place_from_the_others(self) -> None:
        shop = Shop(AMY, BO, CAM)
        shop.comes(1, previous_agent_id=AMY)
        told = shop.engine.explain(1, shop.now, most=2)
        assert [seen.agent_id for seen in told.candidates] == [AMY, BO]

    def test_r13_an_inactive_member_is_told_as_such_also_where_presence_is_waived(self) -> None:
        shop = Shop(AMY, BO)
        shop.agent(CAM, active=False)
        shop.team(SALES, CAM, AMY, consider=Consider.ACTIVE)
        shop.session(1)
        verdicts = {seen.agent_id: seen.verdict for seen in shop.explain(1).candidates}
        assert verdicts == {AMY: Verdict.ELIGIBLE, CAM: Verdict.INACTIVE}
