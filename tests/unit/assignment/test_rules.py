"""Each routing rule of the product, by its id, on small worlds."""

from itertools import pairwise

import pytest
from msgspec.structs import replace

from inbox_tui.assignment import (
    AgentFact,
    Assign,
    Decision,
    Engine,
    Explanation,
    Policy,
    SessionFact,
    Step,
    TeamFact,
    Turn,
    UnknownSession,
    Verdict,
    Wait,
    WaitReason,
    queue_of_team,
)
from inbox_tui.wire.words import Method, Presence, Priority, UnassignedReason

AMY, BO, CAM, DEE, EVE = 1, 2, 3, 4, 5
SALES, CARE = 10, 20
QUEUE = queue_of_team(SALES)


class Shop:
    """A caller of the engine that commits every proposal, with a world of its own to alter."""

    def __init__(self, *agents: int, settle: int = 0, max_open: int = 5) -> None:
        self.engine = Engine(Policy(max_open=max_open, settle=settle))
        self.agents: dict[int, AgentFact] = {}
        self.sessions: dict[int, SessionFact] = {}
        self.now = 1_000
        for agent_id in agents:
            self.agent(agent_id)

    def agent(
        self,
        agent_id: int,
        *,
        active: bool = True,
        accepting: bool = True,
        presence: Presence = Presence.PRESENT,
        max_open: int | None = None,
        weight: float = 1,
    ) -> None:
        fact = AgentFact(
            agent_id, f"agent {agent_id}", active, accepting, presence, max_open, weight
        )
        self.agents[agent_id] = fact
        self.engine.put_agent(fact)

    def team(
        self,
        team_id: int,
        *members: int,
        method: Method = Method.ROUND_ROBIN,
        max_open: int | None = None,
        turns: dict[int, float] | None = None,
    ) -> None:
        self.engine.put_team(
            TeamFact(team_id, f"team-{team_id}", method, members, max_open, turns or {})
        )

    def session(
        self,
        session_id: int,
        team: int | None = SALES,
        *,
        priority: Priority = Priority.NORMAL,
        waits_from: int | None = None,
        channel_team: int | None = None,
        held: UnassignedReason | None = None,
        shown: UnassignedReason | None = None,
    ) -> None:
        goes_to = channel_team if team is None else team
        fact = SessionFact(
            session_id,
            1,
            True,
            priority,
            session_id if waits_from is None else waits_from,
            team,
            channel_team,
            held_reason=held,
            shown_reason=shown,
            queue="workspace" if goes_to is None else queue_of_team(goes_to),
            priority_chosen=priority is not Priority.NORMAL,
        )
        self.put(fact)

    def put(self, fact: SessionFact) -> None:
        self.sessions[fact.id] = fact
        self.engine.put_session(fact)

    def give(self, session_id: int, agent_id: int | None, team: int | None = None) -> None:
        """Assign by hand: a claim, a designation, or back to nobody."""
        fact = self.sessions[session_id]
        self.put(
            replace(fact, version=fact.version + 1, assignee_id=agent_id, counted_team_id=team)
        )

    def close(self, session_id: int) -> None:
        fact = self.sessions.pop(session_id)
        self.engine.put_session(replace(fact, version=fact.version + 1, open=False))

    def decide(self, limit: int | None = None) -> list[Decision]:
        self.now += 1
        return self.engine.decide(self.now, limit)

    def proposals(self, limit: int | None = None) -> list[Assign]:
        return [found for found in self.decide(limit) if isinstance(found, Assign)]

    def commit(self, decision: Assign) -> None:
        self.engine.committed(decision)
        self.give(decision.session_id, decision.agent_id, decision.team_id)

    def deal(self) -> list[tuple[int, int]]:
        """Commit all that can be given; return (session, agent) in order."""
        decisions = self.proposals()
        for decision in decisions:
            self.commit(decision)
        return [(decision.session_id, decision.agent_id) for decision in decisions]

    def deal_each(self, *session_ids: int, team: int | None = SALES) -> list[int]:
        """Let sessions come and be dealt one by one; return who got them, or 0."""
        got = []
        for session_id in session_ids:
            self.session(session_id, team)
            dealt = dict(self.deal())
            got.append(dealt.get(session_id, 0))
        return got

    def explain(self, session_id: int) -> Explanation:
        return self.engine.explain(session_id, self.now)


def assigns(decisions: list[Decision]) -> list[Assign]:
    return [found for found in decisions if isinstance(found, Assign)]


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

    def test_r9_the_wait_ends_when_the_backlog_does(self) -> None:
        shop = Shop(DEE, EVE, settle=2_000)
        shop.team(SALES, AMY)
        shop.session(1)
        shop.decide()
        shop.agent(AMY)
        assert shop.deal() == []
        shop.close(1)
        assert shop.engine.next_wake(shop.now) is None
        assert shop.deal_each(2) == [AMY]

    def test_r9_who_leaves_meanwhile_gets_nothing_and_opens_a_new_window_later(self) -> None:
        shop = Shop(DEE, EVE, settle=2_000)
        shop.team(SALES, AMY)
        shop.session(1)
        shop.decide()
        shop.agent(AMY)
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
