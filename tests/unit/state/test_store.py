"""The store: unread, stars, counts, loads, timelines and what it tells."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inbox_tui.state.changes import (
    BindingChanged,
    BoundTo,
    Change,
    ContactChanged,
    CountsChanged,
    EntryAppended,
    EntryChanged,
    Link,
    LinkChanged,
    RowWanted,
    SessionMoved,
    TimelineChanged,
)
from inbox_tui.state.lists import Filters
from inbox_tui.state.people import People
from inbox_tui.state.store import Store
from inbox_tui.state.timelines import Outgoing, Way
from inbox_tui.testing import builders as build
from inbox_tui.testing.clock import NOON
from inbox_tui.wire.models import ContactRef, Counts, Page, Placement, Session
from inbox_tui.wire.words import (
    DeliveryState,
    EventKind,
    ListName,
    SessionState,
    Sort,
    UnassignedReason,
)


def make_store(*rows: Session) -> Store:
    store = Store()
    store.set_me(build.me())
    for name in (ListName.MINE, ListName.ALL):
        generation = store.begin_list(name, Sort.WAIT, Filters())
        own = [row for row in rows if name is ListName.ALL or row.assignee == "amy"]
        store.add_page(name, Page(items=own), generation, NOON)
    return store


class TestUnread:
    def test_an_event_adds_to_what_the_page_said(self) -> None:
        store = make_store(build.waiting(1, customer_messages=5, unread_count=2))
        told = build.waiting(1, version=2, customer_messages=6, unread_count=0)
        store.apply(build.event(1, EventKind.MESSAGE_RECEIVED, session=told))
        session = store.session(1)
        assert session is not None
        assert session.unread_count == 3

    def test_my_reading_in_another_window_counts_and_a_colleagues_does_not(self) -> None:
        store = make_store(build.waiting(1, customer_messages=5, unread_count=5))
        told = build.waiting(1, customer_messages=5, unread_count=0)
        for seq, actor in enumerate(("bo", "amy"), start=1):
            store.apply(
                build.event(
                    seq,
                    EventKind.SESSION_READ,
                    actor=actor,
                    session=told,
                    data={"customer_messages": 4},
                )
            )
            session = store.session(1)
            assert session is not None
            assert session.unread_count == (5 if actor == "bo" else 1)

    def test_a_row_nobody_told_me_of_is_asked_for(self) -> None:
        store = make_store()
        told = build.waiting(7, version=4, customer_messages=3, assignee="amy")
        was = Placement(state=SessionState.OPEN)
        changes = store.apply(
            build.event(1, EventKind.SESSION_ASSIGNED, session=told, was=was, actor=None)
        )
        assert RowWanted(7) in changes
        store.put_session(build.waiting(7, version=4, customer_messages=3, unread_count=2), NOON)
        session = store.session(7)
        assert session is not None
        assert session.unread_count == 2


def test_another_reason_to_wait_is_no_move() -> None:
    """After my transfer to a team the system writes why it waits there: nobody is told twice."""
    store = make_store(build.waiting(1, assignee="amy", team="sales"))
    was = Placement(state=SessionState.OPEN, team="sales", assignee="amy")
    there = build.waiting(1, version=2, team="care")
    moved = store.apply(
        build.event(1, EventKind.SESSION_UNASSIGNED, session=there, was=was, actor="amy")
    )
    assert [it.by for it in moved if isinstance(it, SessionMoved)] == ["amy"]
    same = Placement(state=SessionState.OPEN, team="care")
    told = replace(there, version=3, unassigned_reason=UnassignedReason.SELF_CLAIM)
    changes = store.apply(
        build.event(2, EventKind.SESSION_CHANGED, session=told, was=same, actor=None)
    )
    assert not any(isinstance(it, SessionMoved) for it in changes)


class TestCounts:
    def test_events_older_than_the_counts_are_not_counted_again(self) -> None:
        store = make_store()
        store.set_numbers(People(), Counts(all=1, unassigned=1), at_seq=1)
        opened = build.event(1, EventKind.SESSION_OPENED, session=build.waiting(1))
        store.apply(opened)
        assert store.counts == Counts(all=1, unassigned=1)
        changes = store.apply(build.event(2, EventKind.SESSION_OPENED, session=build.waiting(2)))
        assert CountsChanged() in changes
        assert store.counts == Counts(all=2, unassigned=2)

    def test_a_session_that_closes_moves_from_open_to_closed(self) -> None:
        store = make_store(build.waiting(1, assignee="amy", team="sales"))
        store.set_numbers(People(), Counts(mine=1, team=1, all=1), at_seq=0)
        was = Placement(state=SessionState.OPEN, team="sales", assignee="amy")
        closed = build.session(1, version=2, state=SessionState.CLOSED, assignee="amy")
        store.apply(build.event(1, EventKind.SESSION_CLOSED, session=closed, was=was))
        assert store.counts == Counts(closed=1)


def test_a_frame_that_shows_a_later_state_moves_its_session_once() -> None:
    store = make_store()
    store.set_numbers(People(), Counts(), 0)
    given = build.waiting(1, version=3, assignee="amy", team="sales")
    was = Placement(state=SessionState.OPEN, team="sales")
    store.apply(build.event(1, EventKind.SESSION_OPENED, session=given))
    store.apply(build.event(2, EventKind.SESSION_ASSIGNED, session=given, was=was))
    assert store.counts == Counts(mine=1, team=1, all=1)


def test_a_new_reason_of_a_queue_reaches_its_rows_and_no_others() -> None:
    own = build.waiting(3, queue="team:1", unassigned_reason=UnassignedReason.DECLINED)
    store = make_store(build.waiting(1, queue="team:1"), build.waiting(2, queue="team:2"), own)
    store.apply(
        build.event(
            1,
            EventKind.QUEUE_CHANGED,
            data={"queue": "team:1", "unassigned_reason": "all_full"},
        )
    )
    reasons = {row.id: row.unassigned_reason for row in store.sessions()}
    assert reasons == {
        1: UnassignedReason.ALL_FULL,
        2: None,
        3: UnassignedReason.DECLINED,
    }


def test_loads_and_queues_follow_assignments() -> None:
    store = make_store(build.waiting(1, team="sales"))
    people = People.of([build.agent(), build.agent("bo")], [build.team("sales", waiting=1)], [])
    store.set_numbers(people, Counts(all=1, unassigned=1, team=1), 0)
    was = Placement(state=SessionState.OPEN, team="sales")
    given = build.waiting(1, version=2, team="sales", assignee="amy")
    store.apply(build.event(1, EventKind.SESSION_ASSIGNED, session=given, was=was))
    assert store.people.agents["amy"].open_count == 1
    assert store.people.teams["sales"].waiting == 0
    assert store.me is not None
    assert store.me.agent.open_count == 1


class TestTimeline:
    def test_an_entry_is_appended_once_and_changed_after(self) -> None:
        store = make_store(build.waiting(1))
        store.set_timeline(1, Page(items=[build.message(1)]))
        sent = build.reply(2, state=DeliveryState.QUEUED)
        told = store.apply(build.event(1, EventKind.MESSAGE_QUEUED, entry=sent))
        assert told == (EntryAppended(1, 2),)
        done = build.reply(2, state=DeliveryState.SENT)
        told = store.apply(build.event(2, EventKind.MESSAGE_DELIVERY, entry=done))
        assert told == (EntryChanged(1, 2),)
        assert [entry.id for entry in store.timeline(1).entries()] == [1, 2]

    def test_a_reply_settles_by_its_key_whichever_comes_first(self) -> None:
        for event_first in (True, False):
            store = make_store(build.waiting(1))
            store.set_timeline(1, Page(items=[]))
            store.send(outgoing("k1"))
            queued = build.reply(2, state=DeliveryState.QUEUED, client_key="k1")
            sent = build.reply(2, state=DeliveryState.SENT, client_key="k1")
            if event_first:
                store.apply(build.event(1, EventKind.MESSAGE_DELIVERY, entry=sent))
                store.put_entry(queued)
            else:
                store.put_entry(queued)
                store.apply(build.event(1, EventKind.MESSAGE_DELIVERY, entry=sent))
            assert store.timeline(1).outgoing() == []
            assert store.timeline(1).entries() == [sent]

    def test_an_entry_that_came_while_the_page_was_asked_for_stays(self) -> None:
        store = make_store(build.waiting(1))
        store.timeline(1)
        store.apply(build.event(1, EventKind.MESSAGE_RECEIVED, entry=build.message(5)))
        store.set_timeline(1, Page(items=[build.message(4)]))
        assert [entry.id for entry in store.timeline(1).entries()] == [4, 5]

    def test_an_older_page_goes_above(self) -> None:
        store = make_store(build.waiting(1))
        store.set_timeline(1, Page(items=[build.message(5)], next_cursor="5"))
        late = build.event(1, EventKind.MESSAGE_DELIVERY, entry=build.reply(2))
        assert store.apply(late) == ()
        store.add_older(1, Page(items=[build.message(3), build.message(4)]))
        assert [entry.id for entry in store.timeline(1).entries()] == [3, 4, 5]
        assert store.timeline(1).older is None

    def test_a_fresh_start_forgets_entries_and_keeps_replies_on_their_way(self) -> None:
        store = make_store(build.waiting(1))
        store.set_timeline(1, Page(items=[build.message(1)]))
        store.send(outgoing("k1"))
        store.mark_outgoing(1, "k1", Way.HELD)
        store.start_at(9)
        assert not store.timeline(1).loaded
        assert [held.way for held in store.timeline(1).outgoing()] == [Way.HELD]
        store.give_up(1, "k1")
        assert store.timeline(1).outgoing() == []


@pytest.mark.parametrize("frame_first", [True, False])
def test_a_frame_of_the_same_version_brings_the_newer_name(frame_first: bool) -> None:
    """A new name makes no new version of a closed session, so the frame is the newer one."""
    named = ContactRef(id=1, name="Ben", nickname="Benny")
    row = build.waiting(1, contact=ContactRef(id=1, name="…9e38fa"))
    store = Store()
    generation = store.begin_list(ListName.ALL, Sort.WAIT, Filters())
    frame = build.event(
        1, EventKind.CONTACT_CHANGED, session=replace(row, contact=named), data={"contact_id": 1}
    )
    if frame_first:
        store.apply(frame)
    store.add_page(ListName.ALL, Page(items=[row], total=1), generation, NOON)
    store.apply(frame)
    store.put_session(row, NOON, by_me=False)
    known = store.session(1)
    assert known is not None
    assert known.contact == named
    assert known.unread_count == 1


def test_a_listener_hears_what_changed_until_it_stops() -> None:
    store = Store()
    heard: list[Change] = []
    stop = store.subscribe(heard.extend)
    store.set_link(Link.LIVE)
    store.set_link(Link.LIVE)
    stop()
    store.set_link(Link.LOST)
    assert heard == [LinkChanged(Link.LIVE)]


def test_sessions_that_no_list_holds_are_not_kept() -> None:
    store = make_store()
    for number in range(2_000):
        closed = build.session(number, state=SessionState.CLOSED, version=2)
        store.apply(build.event(number + 1, EventKind.SESSION_CHANGED, session=closed))
    assert store.sessions() == []


def test_the_session_of_the_chat_is_kept_when_it_leaves_every_list() -> None:
    row = build.waiting(1, assignee="amy")
    store = make_store(row)
    store.open_session(row)
    was = Placement(state=SessionState.OPEN, assignee="amy")
    closed = build.session(1, version=2, state=SessionState.CLOSED)
    store.apply(build.event(1, EventKind.SESSION_CLOSED, session=closed, was=was))
    assert list(store.view(ListName.ALL)) == []
    known = store.session(1)
    assert known is not None
    assert known.state is SessionState.CLOSED
    store.open_session(None)
    assert store.session(1) is None


def outgoing(key: str) -> Outgoing:
    return Outgoing(
        key=key,
        session_id=1,
        conversation_id=1,
        text="hi",
        at=NOON + timedelta(seconds=1),
        way=Way.SENDING,
    )


def test_marking_tells_the_timeline() -> None:
    store = make_store(build.waiting(1))
    store.send(outgoing("k1"))
    heard: list[Change] = []
    store.subscribe(heard.extend)
    store.mark_outgoing(1, "k1", Way.STOPPED, "closed meanwhile")
    assert heard == [TimelineChanged(1)]
    assert store.timeline(1).outgoing()[0].why == "closed meanwhile"


def test_p1_the_switch_goes_and_comes_with_the_second_account() -> None:
    store = make_store()
    store.people = People.of([build.agent(), build.agent("bo")], [], [])
    shown = []
    for seq, active in enumerate((False, True), start=1):
        bo = build.agent("bo", active=active)
        store.apply(build.event(seq, EventKind.AGENT_CHANGED, agent=bo))
        assert store.me is not None
        shown.append(store.me.switch_shown)
    assert shown == [False, True]


def test_p1_the_switch_stays_while_colleagues_are_not_known_yet() -> None:
    store = make_store()
    store.people = People()
    for seq, accepting in enumerate((False, True), start=1):
        amy = build.agent(accepting=accepting)
        store.apply(build.event(seq, EventKind.AGENT_CHANGED, agent=amy))
    assert store.me is not None
    assert store.me.switch_shown


class TestBindings:
    """Q4, Q8: whom a contact is bound to is told as soon as it changes."""

    def told(self, **data: object) -> tuple[Change, ...]:
        store = make_store()
        return store.apply(
            build.event(1, EventKind.CONTACT_CHANGED, data={"contact_id": 7, **data})
        )

    def test_a_code_binds(self) -> None:
        bound = {"agent": "amy", "team": None, "how": "code:ibx-kato-miru-sabe"}
        assert self.told(changes={"binding": bound}, was={"binding": None}) == (
            ContactChanged(7),
            BindingChanged(
                7, now=BoundTo(agent="amy", how="code:ibx-kato-miru-sabe"), was=None, by=None
            ),
        )

    def test_a_binding_ends(self) -> None:
        told = self.told(changes={"binding": None}, was={"binding": {"agent": "bo", "team": "x"}})
        assert told[1:] == (BindingChanged(7, now=None, was=BoundTo(agent="bo", team="x")),)

    @pytest.mark.parametrize("changes", [{"note": "hm"}, None, [], {"binding": 3}])
    def test_other_changes_are_no_news_of_it(self, changes: object) -> None:
        kinds = {type(change) for change in self.told(changes=changes)}
        known = isinstance(changes, dict) and "binding" in changes
        assert kinds == ({ContactChanged, BindingChanged} if known else {ContactChanged})
