"""Lists: order, membership, the loaded part, and what an event costs."""

import sys
from datetime import timedelta
from types import FrameType
from typing import TYPE_CHECKING

import pytest

from inbox_tui.state.changes import ListChanged
from inbox_tui.state.lists import Filters, ListView, Viewer, belongs, passes, sort_key
from inbox_tui.state.store import Store
from inbox_tui.testing import builders as build
from inbox_tui.testing.clock import NOON
from inbox_tui.wire.models import Page, Session
from inbox_tui.wire.words import Due, EventKind, ListName, SessionState, Sort, StateFilter

if TYPE_CHECKING:
    from _typeshed import TraceFunction

AMY = Viewer("amy", frozenset({"sales"}))


class TestOrder:
    def test_by_wait_the_longest_wait_stands_first_and_those_who_do_not_wait_last(self) -> None:
        long, short = build.waiting(1, seconds=90), build.waiting(2, seconds=30)
        answered = build.session(3, last_customer_message_at=NOON)
        earlier = build.session(4, last_customer_message_at=NOON - timedelta(hours=1))
        silent = build.session(5)
        rows = [silent, earlier, answered, short, long]
        ordered = sorted(rows, key=lambda row: sort_key(row, Sort.WAIT))
        assert [row.id for row in ordered] == [1, 2, 3, 4, 5]

    def test_by_recency_the_latest_customer_message_stands_first(self) -> None:
        rows = [build.waiting(1, seconds=90), build.waiting(2, seconds=30), build.waiting(3)]
        ordered = sorted(rows, key=lambda row: sort_key(row, Sort.RECENT))
        assert [row.id for row in ordered] == [2, 3, 1]

    def test_ties_go_by_id(self) -> None:
        rows = [build.waiting(2), build.waiting(1)]
        for sort in Sort:
            assert min(rows, key=lambda row: sort_key(row, sort)).id == 1


@pytest.mark.parametrize(
    ("row", "lists"),
    [
        (build.session(assignee="amy", team="sales"), {"mine", "team", "all"}),
        (build.session(assignee="amy"), {"mine", "all"}),
        (build.session(team="care"), {"unassigned", "all"}),
        (build.session(team="sales", assignee="bo"), {"team", "all"}),
        (build.session(state=SessionState.CLOSED, assignee="amy"), {"closed"}),
        (build.session(state=SessionState.CLOSED, starred=True), {"closed", "starred"}),
    ],
)
def test_where_a_session_belongs(row: Session, lists: set[str]) -> None:
    assert {name.value for name in ListName if belongs(row, name, AMY)} == lists


@pytest.mark.parametrize(
    ("state", "row", "due"),
    [
        (StateFilter.OVERDUE, build.waiting(), Due.OVERDUE),
        (StateFilter.DUE_SOON, build.waiting(), Due.DUE_SOON),
        (StateFilter.UNANSWERED, build.waiting(), Due.OK),
        (StateFilter.UNREAD, build.waiting(), Due.OK),
        (StateFilter.STARRED, build.session(starred=True), Due.OK),
        (StateFilter.CLOSED, build.session(state=SessionState.CLOSED), Due.OK),
    ],
)
def test_the_filters_by_state(state: StateFilter, row: Session, due: Due) -> None:
    assert passes(row, Filters(state=state), due)
    assert not passes(build.session(9), Filters(state=state), Due.OK)


class TestLoadedPart:
    def test_a_row_below_the_boundary_is_not_reached(self) -> None:
        view = ListView(ListName.ALL)
        view.extend([build.waiting(1, seconds=90), build.waiting(2, seconds=60)], "more")
        assert view.reaches(build.waiting(3, seconds=70))
        assert not view.reaches(build.waiting(4, seconds=50))

    def test_on_the_last_page_everything_is_reached(self) -> None:
        view = ListView(ListName.ALL)
        view.extend([build.waiting(1, seconds=90)], None)
        assert view.reaches(build.waiting(4, seconds=5))

    def test_rows_are_found_by_id_and_by_number(self) -> None:
        view = ListView(ListName.ALL)
        for number in (3, 1, 2):
            view.put(build.waiting(number, seconds=100 - number))
        assert [view.id_at(index) for index in range(3)] == [1, 2, 3]
        assert [view.index_of(number) for number in (1, 2, 3, 9)] == [0, 1, 2, None]
        assert view.put(build.waiting(1, seconds=1))
        assert list(view) == [2, 3, 1]


class TestFilteredLists:
    def test_a_search_takes_no_row_it_was_not_given(self) -> None:
        store, _ = loaded([build.waiting(1)], Filters(q="shoes"))
        store.apply(build.event(1, EventKind.SESSION_OPENED, session=build.waiting(2)))
        assert list(store.view(ListName.ALL)) == [1]

    def test_time_alone_brings_a_row_into_due_soon(self) -> None:
        row = build.waiting(1, due_at=NOON + timedelta(hours=3))
        store, _ = loaded([row], Filters())
        store.set_me(build.me())
        generation = store.begin_list(ListName.MINE, Sort.WAIT, Filters(state=StateFilter.DUE_SOON))
        store.add_page(ListName.MINE, Page(items=[]), generation, NOON)
        mine = build.waiting(1, due_at=NOON + timedelta(hours=3), assignee="amy", version=2)
        store.apply(build.event(1, EventKind.SESSION_CHANGED, session=mine))
        assert len(store.view(ListName.MINE)) == 0
        store.sift(NOON + timedelta(hours=2))
        assert list(store.view(ListName.MINE)) == [1]

    def test_the_row_of_the_open_chat_stays_in_an_unread_list(self) -> None:
        store, _ = loaded([build.waiting(1), build.waiting(2)], Filters(state=StateFilter.UNREAD))
        store.open_session(build.waiting(1))
        store.set_seen(1, 1, NOON)
        assert list(store.view(ListName.ALL)) == [1, 2]
        store.open_session(build.waiting(2))
        store.set_seen(1, 1, NOON)
        assert list(store.view(ListName.ALL)) == [2]


def loaded(rows: list[Session], filters: Filters) -> tuple[Store, int]:
    store = Store()
    generation = store.begin_list(ListName.ALL, Sort.WAIT, filters)
    store.add_page(ListName.ALL, Page(items=rows, total=len(rows)), generation, NOON)
    return store, generation


def test_a_page_of_an_older_question_is_not_taken() -> None:
    store, generation = loaded([build.waiting(1)], Filters())
    store.begin_list(ListName.ALL, Sort.RECENT, Filters())
    assert not store.add_page(ListName.ALL, Page(items=[build.waiting(2)]), generation, NOON)
    assert len(store.view(ListName.ALL)) == 0


def test_what_changed_is_told_by_row() -> None:
    store, _ = loaded([build.waiting(1, seconds=90), build.waiting(2, seconds=60)], Filters())
    answered = build.session(1, version=2, last_customer_message_at=NOON)
    changes = store.apply(build.event(1, EventKind.MESSAGE_QUEUED, session=answered))
    assert ListChanged(ListName.ALL, moved=frozenset({1})) in changes


def work_of_one_event(rows: int) -> int:
    """Return how many lines of Python one event in the middle of ``rows`` sessions runs."""
    store, _ = loaded([build.waiting(n, seconds=rows - n) for n in range(rows)], Filters())
    moved = build.waiting(rows // 2, version=2, seconds=0)
    event = build.event(1, EventKind.MESSAGE_RECEIVED, session=moved)
    lines = 0

    def count(_frame: FrameType, what: str, _arg: object) -> "TraceFunction":
        nonlocal lines
        lines += what == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        store.apply(event)
    finally:
        sys.settrace(before)
    return lines


def test_an_event_costs_as_much_in_a_long_list_as_in_a_short_one() -> None:
    assert work_of_one_event(100_000) <= work_of_one_event(100) * 1.1
