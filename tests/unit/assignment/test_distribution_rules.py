"""Distribution rules: every condition, their order, where they send to (R2, R3), hours (M11)."""

from typing import Any

import pytest
from tests.unit.assignment.shop import AMY, BO, CAM, CARE, DEE, SALES, Hours, Shop

from inbox_tui.assignment import RuleFact, Step, When, waiting
from inbox_tui.wire.words import Category, Consider, ContactKind, Method, Priority

CONDITIONS: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"channels": (1, 2)}, {"channel_id": 2}, {"channel_id": 3}),
    ({"languages": ("th", "en")}, {"language": "th"}, {"language": "vi"}),
    ({"languages": ("th",)}, {"language": "th"}, {"language": None}),
    (
        {"categories": (Category.PRE_SALE,)},
        {"category": Category.PRE_SALE},
        {"category": Category.OTHER},
    ),
    ({"categories": (Category.PRE_SALE,)}, {"category": Category.PRE_SALE}, {"category": None}),
    ({"keywords": ("refund", "broken")}, {"text": "it is broken!"}, {"text": "hello"}),
    ({"tags": ("vip", "gold")}, {"tags": ("new", "gold")}, {"tags": ("new",)}),
    ({"tiers": ("gold",)}, {"tier": "gold"}, {"tier": None}),
    ({"contact": ContactKind.NEW}, {"returning": False}, {"returning": True}),
    ({"contact": ContactKind.RETURNING}, {"returning": True}, {"returning": False}),
]
IDS = [" ".join(when) for when, _, _ in CONDITIONS]


def world(*rules: RuleFact) -> Shop:
    shop = Shop(AMY, BO, CAM, DEE)
    shop.team(SALES, AMY)
    shop.team(CARE, BO)
    shop.rules(*rules)
    return shop


def to_sales(number: int = 1, **more: Any) -> RuleFact:
    told = {"team_id": SALES, "when": When(), **more}
    return RuleFact(number, f"rule {number}", **told)


class TestConditions:
    @pytest.mark.parametrize(("when", "holds", "fails"), CONDITIONS, ids=IDS)
    def test_r2_a_condition_holds_or_not(
        self, when: dict[str, Any], holds: dict[str, Any], fails: dict[str, Any]
    ) -> None:
        shop = world(to_sales(when=When(**when)))
        shop.comes(1, **holds)
        shop.comes(2, **fails)
        assert (shop.explain(1).step, shop.explain(1).rule) == (Step.RULE, "rule 1")
        assert (shop.explain(2).step, shop.explain(2).rule) == (Step.WORKSPACE_POOL, "")

    def test_r2_all_conditions_of_a_rule_have_to_hold(self) -> None:
        shop = world(to_sales(when=When(channels=(1,), tags=("vip",))))
        shop.comes(1, channel_id=1, tags=("vip",))
        shop.comes(2, channel_id=1)
        shop.comes(3, tags=("vip",))
        steps = [shop.explain(number).step for number in (1, 2, 3)]
        assert steps == [Step.RULE, Step.WORKSPACE_POOL, Step.WORKSPACE_POOL]

    def test_r2_no_condition_at_all_always_holds(self) -> None:
        shop = world(to_sales())
        shop.comes(1)
        assert shop.step(1) == (Step.RULE, SALES, AMY)

    def test_r2_the_first_that_matches_wins(self) -> None:
        first = to_sales(1, when=When(tags=("vip",)))
        second = to_sales(2, team_id=CARE)
        shop = world(first, second)
        shop.comes(1, tags=("vip",))
        shop.comes(2)
        assert [shop.explain(number).team_id for number in (1, 2)] == [SALES, CARE]
        shop.rules(second, first)
        assert shop.explain(1).team_id == CARE

    def test_r2_one_that_is_off_is_passed_over(self) -> None:
        shop = world(to_sales(1, enabled=False), to_sales(2, team_id=CARE))
        shop.comes(1)
        assert shop.step(1) == (Step.RULE, CARE, BO)
        assert shop.explain(1).steps[3].because == "off"

    def test_r2_one_whose_team_is_gone_is_passed_over_until_it_is_there(self) -> None:
        shop = world(to_sales(1, team_id=99))
        shop.comes(1)
        assert shop.step(1)[0] is Step.WORKSPACE_POOL
        shop.team(99, CAM)
        assert shop.step(1) == (Step.RULE, 99, CAM)

    def test_r7_a_changed_rule_drains_at_once(self) -> None:
        shop = world()
        shop.team(CARE)
        shop.comes(1, channel_team_id=CARE)
        assert shop.deal() == []
        shop.rules(to_sales())
        assert shop.deal() == [(1, AMY)]

    def test_r2_what_becomes_known_of_a_session_counts(self) -> None:
        shop = world(to_sales(when=When(keywords=("refund",))))
        shop.team(CARE)
        shop.comes(1, channel_team_id=CARE, text="hello")
        assert shop.deal() == []
        shop.change(1, text="hello\na refund, please")
        assert shop.deal() == [(1, AMY)]

    def test_r2_where_a_person_sent_it_no_rule_counts(self) -> None:
        shop = world(to_sales())
        shop.comes(1, team_id=CARE)
        assert shop.step(1) == (Step.DESIGNATED, CARE, BO)


class TestTargets:
    def test_r3_a_list_of_agents_goes_by_least_open_unless_told(self) -> None:
        shop = world(to_sales(team_id=None, agents=(CAM, DEE)))
        got = []
        for number in (1, 2, 3, 4):
            shop.comes(number)
            got += [agent for _, agent in shop.deal()]
        assert got == [CAM, DEE, CAM, DEE]
        shop.comes(5)
        (decision,) = shop.proposals()
        assert (decision.method, decision.queue) == (Method.LEAST_OPEN, "rule:1")
        assert (decision.team_id, decision.rule_id) == (None, 1)

    def test_r3_a_rule_with_a_method_has_a_rotation_of_its_own(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, BO)
        shop.rules(to_sales(when=When(tags=("vip",)), method=Method.ROUND_ROBIN))
        got = []
        for number, tags in enumerate([(), ("vip",), (), ("vip",)], start=1):
            shop.comes(number, tags=tags, channel_team_id=SALES)
            got += [agent for _, agent in shop.deal()]
        assert got == [AMY, BO, BO, AMY]

    def test_r14_the_rotation_of_a_rule_goes_on_from_what_is_stored(self) -> None:
        shop = world(
            to_sales(
                team_id=None, agents=(AMY, BO), method=Method.ROUND_ROBIN, turns={AMY: 3, BO: 2}
            )
        )
        shop.comes(1)
        (decision,) = shop.proposals()
        assert decision.agent_id == BO
        assert decision.turn is not None
        assert decision.turn.after(2) == 3

    def test_r5_a_rule_to_a_team_keeps_the_teams_cap(self) -> None:
        shop = world(to_sales(method=Method.LEAST_OPEN))
        shop.team(SALES, AMY, max_open=1)
        shop.comes(1)
        shop.comes(2)
        assert shop.deal() == [(1, AMY)]

    def test_r3_a_teams_change_of_members_reaches_its_rules(self) -> None:
        shop = world(to_sales(method=Method.LEAST_OPEN))
        shop.team(SALES, CAM)
        shop.comes(1)
        assert shop.deal() == [(1, CAM)]

    def test_r2_a_queue_that_is_removed_gives_up_what_waits(self) -> None:
        shop = world(to_sales(team_id=None, agents=(CAM,)))
        shop.agent(CAM, accepting=False)
        shop.comes(1)
        assert shop.deal() == []
        shop.rules()
        assert shop.deal() == [(1, AMY)]


class TestConsidered:
    def test_r3_online_is_what_is_considered_unless_told(self) -> None:
        shop = world(to_sales())
        shop.leaves(AMY)
        shop.comes(1)
        assert shop.deal() == []

    @pytest.mark.parametrize("where", ["team", "rule"])
    def test_r3_every_active_agent_waives_presence(self, where: str) -> None:
        consider = Consider.ACTIVE if where == "rule" else None
        shop = world(to_sales(consider=consider))
        shop.leaves(AMY)
        shop.team(SALES, AMY, consider=Consider.ACTIVE if where == "team" else Consider.ONLINE)
        shop.comes(1)
        (decision,) = shop.proposals()
        assert (decision.agent_id, decision.online_only) == (AMY, False)

    def test_r3_a_rule_may_ask_for_presence_where_its_team_does_not(self) -> None:
        shop = world(to_sales(consider=Consider.ONLINE))
        shop.leaves(AMY)
        shop.team(SALES, AMY, consider=Consider.ACTIVE)
        shop.comes(1)
        assert shop.deal() == []

    @pytest.mark.parametrize("missing", [{"accepting": False}, {"max_open": 0}, {"active": False}])
    def test_r3_switch_limit_and_account_are_never_waived(self, missing: dict[str, Any]) -> None:
        shop = world(to_sales(consider=Consider.ACTIVE))
        shop.agent(AMY, **missing)
        shop.comes(1)
        assert shop.deal() == []


class TestPriority:
    @pytest.mark.parametrize(
        ("tier", "rule", "chosen", "found"),
        [
            (None, None, None, Priority.NORMAL),
            ("gold", None, None, Priority.HIGH),
            ("steel", None, None, Priority.NORMAL),
            (None, Priority.URGENT, None, Priority.URGENT),
            ("gold", Priority.URGENT, None, Priority.URGENT),
            ("gold", Priority.LOW, None, Priority.HIGH),
            (None, Priority.LOW, None, Priority.LOW),
            ("gold", Priority.URGENT, Priority.LOW, Priority.LOW),
        ],
    )
    def test_r7_a_persons_choice_then_the_higher_of_tier_and_rule(
        self,
        tier: str | None,
        rule: Priority | None,
        chosen: Priority | None,
        found: Priority,
    ) -> None:
        shop = world(to_sales(priority=rule))
        shop.set(tiers={"gold": Priority.HIGH})
        shop.comes(
            1, tier=tier, priority=chosen or Priority.NORMAL, priority_chosen=chosen is not None
        )
        (decision,) = shop.proposals()
        assert decision.priority is found

    def test_r7_a_rules_priority_comes_first_in_the_queue(self) -> None:
        shop = world(to_sales(when=When(tags=("vip",)), priority=Priority.HIGH))
        shop.agent(AMY, accepting=False)
        shop.comes(1, channel_team_id=SALES)
        shop.comes(2, tags=("vip",))
        shop.decide()
        shop.agent(AMY, max_open=1)
        assert shop.deal() == [(2, AMY)]


class TestHours:
    OPEN = When(business_hours=("shop",))
    CLOSED = When(outside_business_hours=("shop",))

    def test_m11_inside_and_outside_business_hours(self) -> None:
        shop = world(to_sales(1, when=self.OPEN), to_sales(2, when=self.CLOSED, team_id=CARE))
        shop.engine.put_hours({"shop": Hours(shop.now + 100, shop.now + 200)})
        shop.comes(1)
        found = []
        for _ in range(3):
            found.append(shop.step(1)[1])
            shop.now += 99
        assert found == [CARE, SALES, CARE]

    def test_m11_one_of_several_open_is_open_and_all_must_be_closed(self) -> None:
        both = ("shop", "night")
        shop = world(
            to_sales(1, when=When(outside_business_hours=both)),
            to_sales(2, when=When(business_hours=both), team_id=CARE),
        )
        shop.engine.put_hours({"shop": Hours(), "night": Hours(shop.now + 50)})
        shop.comes(1)
        assert shop.step(1)[1] == SALES
        shop.now += 50
        assert shop.step(1)[1] == CARE

    def test_m11_hours_that_nobody_knows_are_closed(self) -> None:
        shop = world(to_sales(1, when=self.OPEN), to_sales(2, when=self.CLOSED, team_id=CARE))
        shop.comes(1)
        assert shop.step(1)[1] == CARE

    def test_m11_the_turn_of_hours_wakes_the_engine_and_drains(self) -> None:
        shop = world(to_sales(1, when=self.OPEN))
        shop.team(CARE)
        shop.engine.put_hours({"shop": Hours(5_000)})
        shop.comes(1, channel_team_id=CARE)
        assert shop.deal() == []
        assert shop.engine.next_wake(shop.now) == 5_000
        shop.now = 4_999
        assert shop.deal() == [(1, AMY)]

    def test_m11_hours_no_rule_asks_for_wake_nobody(self) -> None:
        shop = world(to_sales())
        shop.engine.put_hours({"shop": Hours(5_000)})
        shop.decide()
        assert shop.engine.next_wake(shop.now) is None

    def test_m11_changed_hours_count_from_the_next_decision(self) -> None:
        shop = world(to_sales(1, when=self.OPEN))
        shop.team(CARE)
        shop.engine.put_hours({"shop": Hours()})
        shop.comes(1, channel_team_id=CARE)
        assert shop.deal() == []
        shop.engine.put_hours({"shop": Hours(0)})
        assert shop.deal() == [(1, AMY)]

    def test_r2_trying_a_message_at_the_turn_of_hours_hides_nothing(self) -> None:
        shop = world(to_sales(1, when=self.OPEN))
        shop.team(CARE)
        shop.engine.put_hours({"shop": Hours(5_000)})
        shop.comes(1, channel_team_id=CARE)
        shop.deal()
        tried = shop.engine.preview(shop.sessions[1], 5_000)
        assert (tried.step, tried.rule) == (Step.RULE, "rule 1")
        shop.now = 5_000
        assert shop.deal() == [(1, AMY)]


class TestManyThatWait:
    def test_r2_r8_nothing_is_given_until_all_are_routed_anew(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiting, "_STALE_AT_ONCE", 1)
        shop = world()
        shop.agent(BO, accepting=False)
        shop.agent(AMY, accepting=False)
        for number in (1, 2, 3):
            shop.comes(number, channel_team_id=SALES, tags=("vip",) if number == 3 else ())
        assert shop.deal() == []
        shop.rules(to_sales(when=When(tags=("vip",)), priority=Priority.URGENT))
        shop.agent(AMY)
        given = []
        while shop.engine.next_wake(shop.now) == shop.now:
            given.append(shop.deal())
        assert given == [[], [], [(3, AMY), (1, AMY), (2, AMY)]]

    def test_r2_it_asks_to_be_called_until_all_are_routed_anew(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiting, "_STALE_AT_ONCE", 1)
        shop = world()
        shop.team(SALES)
        for number in (1, 2, 3):
            shop.comes(number, channel_team_id=SALES)
        shop.decide()
        shop.rules(to_sales(when=When(), team_id=CARE))
        given = []
        while shop.engine.next_wake(shop.now) == shop.now:
            given += shop.deal()
        assert given == [(1, BO), (2, BO), (3, BO)]

    def test_r13_one_that_is_explained_is_routed_anew_first(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiting, "_STALE_AT_ONCE", 1)
        shop = world()
        shop.team(SALES)
        for number in (1, 2, 3):
            shop.comes(number, channel_team_id=SALES)
        shop.decide()
        shop.rules(to_sales(when=When(), team_id=CARE))
        assert shop.explain(3).team_id == CARE
