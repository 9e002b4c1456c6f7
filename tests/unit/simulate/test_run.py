"""The run: customers and agents behave as docs/simulate.md says, and nothing is lost on the way."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.simulate.shops import (
    CHANNEL,
    HOUR,
    MINUTE,
    SECOND,
    START,
    agent,
    day,
    on,
    shop,
    simulate,
    visit,
    waits,
)

from inbox_tui.assignment import Policy
from inbox_tui.errors import Invalid
from inbox_tui.simulate.laws import Fixed
from inbox_tui.simulate.run import Outcome, Run
from inbox_tui.simulate.shop import Channel, Shop
from inbox_tui.simulate.traffic import Traffic, Work
from inbox_tui.simulate.visits import Contact, Visit
from inbox_tui.wire.words import Method, OffDuty


class TestCustomers:
    """They come, wait, are answered, or give up."""

    def test_one_after_the_other(self) -> None:
        made = simulate(shop(2), day(lambda: [visit(0), visit(SECOND), visit(2 * SECOND)]))
        assert waits(made) == [0, 0, 58 * SECOND]
        assert made.tally.queue.area == 58 * SECOND
        assert made.tally.queue.most == 1

    def test_patience_ends_before_an_answer(self) -> None:
        made = simulate(
            shop([agent(1, limit=1), agent(2, limit=0)]),
            day(lambda: [visit(0, HOUR), visit(1, patience=MINUTE), visit(2, patience=2 * HOUR)]),
        )
        slots = made.tally.slots
        assert list(slots[0].left) == [MINUTE]
        assert waits(made) == [0, HOUR - 2]

    def test_who_was_answered_stays(self) -> None:
        made = simulate(shop(2), day(lambda: [visit(0, HOUR, patience=MINUTE)]))
        assert not any(slot.left for slot in made.tally.slots)

    def test_patience_counts_until_the_answer_not_the_assignment(self) -> None:
        made = simulate(
            shop(2), day(lambda: [visit(0, answer=2 * MINUTE, patience=MINUTE), visit(90_000)])
        )
        assert list(made.tally.slots[0].left) == [MINUTE]
        assert made.tally.slots[0].came == 2

    def test_who_still_waits_at_the_end_is_not_forgotten(self) -> None:
        made = simulate(
            shop([agent(1, limit=1), agent(2, limit=0)]),
            day(lambda: [visit(0, 2 * HOUR), visit(MINUTE)], hours=1),
        )
        assert list(made.tally.slots[0].open) == [59 * MINUTE]

    def test_a_silent_one_is_open_until_idle_close(self) -> None:
        place = replace(shop([agent(1, limit=1), agent(2, limit=0)]), idle_close=HOUR)
        made = simulate(place, day(lambda: [visit(0, MINUTE, idles=True), visit(SECOND)]))
        assert waits(made) == [0, HOUR + MINUTE - SECOND]

    def test_an_unknown_channel_is_named(self) -> None:
        with pytest.raises(Invalid, match="“line-main”"):
            simulate(replace(shop(2), channels={"other": Channel(1)}), day(list))


class TestAgents:
    """They come and go, turn to what they have, and take their time."""

    def test_nobody_there_nothing_given(self) -> None:
        roster = {"a01": on((HOUR, True), (2 * HOUR, False))}
        made = simulate(shop(2), day(lambda: [visit(0), visit(3 * HOUR)], roster=roster))
        assert waits(made) == [HOUR]
        assert sum(len(slot.open) for slot in made.tally.slots) == 1

    def test_in_a_break_they_finish_and_get_nothing_new(self) -> None:
        roster = {"a01": on((0, True, True), (MINUTE, True, False), (HOUR, True, True))}
        made = simulate(
            shop(2, limit=5),
            day(lambda: [visit(59_000, answer=10_000), visit(2 * MINUTE)], roster=roster),
        )
        assert waits(made) == [10 * SECOND, 58 * MINUTE]

    def test_what_is_unanswered_when_they_go_lies_until_they_are_back(self) -> None:
        policy = Policy(max_open=5, settle=0, owner_wait=30 * 24 * HOUR)
        roster = {"a01": on((0, True), (MINUTE, False), (2 * HOUR, True))}
        made = simulate(
            shop(2, policy=policy),
            day(lambda: [visit(59_000, answer=10_000)], roster=roster),
        )
        assert waits(made) == [2 * HOUR + 10_000 - 59_000]

    def test_what_was_answered_goes_on_after_they_went(self) -> None:
        roster = {"a01": on((0, True), (MINUTE, False))}
        made = simulate(shop(2), day(lambda: [visit(0, HOUR)], roster=roster))
        share = made.tally.agents[1]
        assert share.open == 0
        assert (share.present, share.load) == (MINUTE, MINUTE)

    def test_who_turns_to_one_at_a_time_lets_others_lie(self) -> None:
        place = shop([agent(1, limit=3), agent(2, limit=0)])
        traffic = day(lambda: [visit(0), visit(1), visit(2)], work=Work(at_once=1))
        assert waits(simulate(place, traffic)) == [0, MINUTE - 1, 2 * MINUTE - 2]
        assert simulate(place, traffic).tally.queue.area == 0

    def test_several_at_once_slow_each_down(self) -> None:
        place = shop([agent(1, limit=2), agent(2, limit=0)])
        made = simulate(place, day(lambda: [visit(0), visit(1), visit(2)], work=Work(slowdown=0.5)))
        assert waits(made) == [0, 0, MINUTE - 2]  # the second takes 90 s, the first 60 s

    def test_everybody_is_told_apart(self) -> None:
        made = simulate(shop(2), day(lambda: [visit(0), visit(1), visit(2 * MINUTE)]))
        one, other = made.tally.agents[1], made.tally.agents[2]
        assert (one.assigned, other.assigned) == (2, 1)
        assert (one.load, other.load) == (2 * MINUTE, MINUTE)
        assert one.present == other.present == 24 * HOUR

    def test_the_only_account_gets_everything(self) -> None:
        """P1: no limit and no switch; at once is what keeps a person from serving all at a time."""
        made = simulate(shop(1, limit=1), day(lambda: [visit(0), visit(1)], work=Work(at_once=1)))
        assert made.tally.agents[1].most == 2
        assert waits(made) == [0, MINUTE - 1]


class TestTakeBack:
    """Sessions that go back to routing."""

    def test_left_unanswered_too_long(self) -> None:
        """R10: somebody else gets it, and takes their own time."""
        policy = Policy(max_open=1, settle=0, take_back=2 * MINUTE)
        made = simulate(
            shop(2, policy=policy),
            day(lambda: [visit(0, answer=3 * MINUTE, again=Fixed(10_000))]),
        )
        assert [share.taken for share in made.tally.agents.values()] == [1, 0]
        assert waits(made) == [2 * MINUTE + 10_000]

    def test_left_by_everybody_a_manager_hands_it_out(self) -> None:
        policy = Policy(max_open=1, settle=0, take_back=2 * MINUTE)
        made = simulate(
            shop(2, policy=policy),
            day(
                lambda: [visit(0, answer=3 * MINUTE, patience=6 * MINUTE)],
                work=Work(hand_out=Fixed(30_000)),
            ),
        )
        assert made.tally.taken_back == 2
        assert sum(share.assigned for share in made.tally.agents.values()) == 3
        assert list(made.tally.slots[0].left) == [6 * MINUTE]

    def test_the_agent_has_gone(self) -> None:
        """R12: owner_wait after the agent left, somebody else gets it."""
        policy = Policy(max_open=1, settle=0, owner_wait=MINUTE)
        roster = {"a01": on((0, True), (10_000, False)), "a02": on((20_000, True))}
        made = simulate(
            shop(2, policy=policy),
            day(lambda: [visit(0, answer=15_000)], roster=roster),
        )
        assert made.tally.agents[1].taken == 1
        assert waits(made) == [10_000 + MINUTE + 15_000]
        assert made.tally.agents[2].assigned == 1


class TestOwnAgents:
    """R6: a returning customer and the agent who served them last."""

    def test_waits_for_them_and_not_for_ever(self) -> None:
        known = Contact(CHANNEL, before="a01")

        def come(at: int) -> list[int]:
            roster = {"a01": on((at, True)), "a02": on((0, True))}
            policy = Policy(max_open=1, settle=0, owner_wait=MINUTE)
            made = simulate(
                shop(2, policy=policy),
                day(lambda: [visit(0, contact=known, returning=True)], roster=roster),
            )
            return [*waits(made), made.tally.agents[1].assigned]

        assert come(30_000) == [30_000, 1]
        assert come(HOUR) == [MINUTE, 0]

    def test_whoever_answered_last_is_the_previous_one(self) -> None:
        known = Contact(CHANNEL)
        made = simulate(
            shop(3, limit=2),
            day(
                lambda: [
                    visit(0, contact=known),
                    visit(2 * MINUTE),
                    visit(4 * MINUTE, contact=known, returning=True),
                ]
            ),
        )
        assert [share.assigned for share in made.tally.agents.values()] == [2, 1, 0]


class TestPulling:
    """Queues from which nothing is pushed."""

    def test_claimed_some_while_later(self) -> None:
        made = simulate(
            shop(2, Method.SELF_CLAIM),
            day(lambda: [visit(0), visit(1), visit(2)], work=Work(claim=Fixed(5_000))),
        )
        assert waits(made) == [5_000 - 1, 5_000, MINUTE + 5_000 + 5_000 - 2]

    def test_nobody_claims_beyond_a_limit_or_a_cap(self) -> None:
        place = shop(2, Method.SELF_CLAIM, limit=5, cap=1)
        made = simulate(place, day(lambda: [visit(at) for at in range(20)]))
        assert max(share.most for share in made.tally.agents.values()) == 1

    def test_claimed_when_somebody_comes(self) -> None:
        roster = {"a01": on((HOUR, True))}
        work = Work(claim=Fixed(5_000))
        made = simulate(
            shop(2, Method.SELF_CLAIM), day(lambda: [visit(0)], roster=roster, work=work)
        )
        assert waits(made) == [HOUR + 5_000]

    def test_handed_out_to_whoever_has_least(self) -> None:
        made = simulate(
            shop(3, Method.MANUAL, limit=2),
            day(lambda: [visit(at, HOUR) for at in range(4)], work=Work(hand_out=Fixed(MINUTE))),
        )
        assert waits(made) == [MINUTE - 3, MINUTE - 2, MINUTE - 1, MINUTE]
        assert sorted(share.assigned for share in made.tally.agents.values()) == [1, 1, 2]


class TestCounting:
    """What is counted, and from when."""

    def test_not_before_the_shop_has_filled_up(self) -> None:
        made = simulate(
            shop([agent(1, limit=1), agent(2, limit=0)]),
            day(
                lambda: [visit(0, HOUR), visit(1, HOUR), visit(HOUR, MINUTE)],
                counted_from=START + 30 * MINUTE,
            ),
        )
        assert sum(slot.came for slot in made.tally.slots) == 1
        assert waits(made) == [HOUR]
        assert made.tally.queue.area == 30 * MINUTE + HOUR
        assert made.tally.agents[1].present == 24 * HOUR - 30 * MINUTE

    def test_the_queue_of_each_hour(self) -> None:
        roster = {"a01": on((2 * HOUR + 30 * MINUTE, True))}
        made = simulate(shop(2), day(lambda: [visit(30 * MINUTE)], roster=roster))
        assert made.tally.queue.means()[:4] == [0.5, 1.0, 0.5, 0.0]

    def test_the_same_seed_gives_the_same(self) -> None:
        def counted(seed: int) -> object:
            work = Work(claim=Fixed(5_000))
            made = Run(shop(2, Method.SELF_CLAIM), day(_busy_day, work=work), seed).go()
            return [list(slot.waits) for slot in made.tally.slots], made.tally.queue.area

        assert counted(1) == counted(1)


def _busy_day() -> list[Visit]:
    return [visit(at * 7_919, at * 1_013 % 200_000) for at in range(500)]


durations = st.integers(0, 10 * MINUTE)
visits = st.lists(
    st.tuples(
        st.integers(0, HOUR - 1),
        durations,
        st.sampled_from([0, 0, 5_000, 2 * MINUTE]),
        st.sampled_from([-1, -1, 0, 30_000, 10 * MINUTE]),
        st.integers(0, 3),
    ),
    max_size=60,
)
moments = st.lists(
    st.tuples(st.integers(0, HOUR), st.booleans(), st.booleans()), min_size=1, max_size=6
)


class TestWhateverHappens:
    """Laws that hold for every day in every shop."""

    @settings(max_examples=100)
    @given(
        came=visits,
        duty=st.lists(moments, min_size=1, max_size=4),
        method=st.sampled_from(Method),
        limit=st.integers(1, 3),
        at_once=st.sampled_from([None, 1, 2]),
        settle=st.sampled_from([0, 2_000]),
        off_duty=st.sampled_from(OffDuty),
        take_back=st.sampled_from([None, None, MINUTE]),
    )
    def test_nobody_is_lost_and_little_is_right(
        self,
        came: list[tuple[int, int, int, int, int]],
        duty: list[list[tuple[int, bool, bool]]],
        method: Method,
        limit: int,
        at_once: int | None,
        settle: int,
        off_duty: OffDuty,
        take_back: int | None,
    ) -> None:
        """Little's law: the queue over time is the sum of what each waited in it; exactly so."""
        policy = Policy(max_open=limit, settle=settle, off_duty=off_duty, take_back=take_back)
        place = shop(len(duty), method, policy=policy)
        contacts: dict[int, Contact] = {}

        def make() -> list[Visit]:
            return [
                visit(
                    at,
                    service,
                    answer=answer,
                    patience=patience,
                    contact=contacts.setdefault(who, Contact(CHANNEL)),
                    returning=who < 2,
                )
                for at, service, answer, patience, who in sorted(came)
            ]

        roster = {
            fact.nickname: on(
                *((at, there, there and accepts) for at, there, accepts in sorted(line))
            )
            for fact, line in zip(place.agents, duty, strict=True)
        }
        seen = _Watched(place, day(make, roster=roster, work=Work(at_once=at_once), hours=1))
        outcome = seen.go()
        slots = outcome.tally.slots
        assert sum(slot.came for slot in slots) == len(came)
        ended = sum(len(slot.waits) + len(slot.left) + len(slot.open) for slot in slots)
        assert ended == len(came)
        if not outcome.tally.taken_back:  # who was has stood in the queue more than once
            assert outcome.tally.queue.area == seen.queued
        assert sum(share.assigned for share in outcome.tally.agents.values()) == seen.given
        if len(duty) > 1:
            assert all(share.most <= limit for share in outcome.tally.agents.values())


class _Watched:
    """A run that is followed from outside: how long each visit stood in the queue."""

    def __init__(self, place: Shop, traffic: Traffic) -> None:
        self.queued = 0
        self.given = 0
        self._visits: list[Visit] = []
        self._given_at: dict[int, int] = {}

        def followed(seed: int) -> Iterator[Visit]:
            for one in traffic.visits(seed):
                self._visits.append(one)
                yield one

        self._run = Run(place, replace(traffic, visits=followed), 1, watch=self._watch)

    def _watch(self, one: Visit, _queue: str) -> None:
        self.given += 1
        self._given_at[one.id] = self._run.now

    def go(self) -> Outcome:
        outcome = self._run.go()
        for one in self._visits:
            left = outcome.end if one.patience < 0 else min(outcome.end, one.at + one.patience)
            self.queued += self._given_at.get(one.id, left) - one.at
        return outcome
