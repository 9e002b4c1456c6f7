"""Where a session stands now, what needs me next, who can be given a session; drafts."""

from datetime import timedelta
from pathlib import Path

import pytest

from inbox_tui.state.drafts import Drafts
from inbox_tui.state.selectors import Need, due_at, load_of, next_work, receivers, why_asks
from inbox_tui.testing import builders as build
from inbox_tui.testing.clock import NOON
from inbox_tui.wire.words import Due, Presence, SessionState

HOUR = 3_600.0


@pytest.mark.parametrize(
    ("hours", "due"),
    [(3, Due.OK), (2, Due.DUE_SOON), (1, Due.DUE_SOON), (0, Due.OVERDUE), (-1, Due.OVERDUE)],
)
def test_due_follows_the_time_left(hours: int, due: Due) -> None:
    row = build.waiting(1, due_at=NOON + timedelta(hours=hours))
    assert due_at(row, NOON, 2 * HOUR) is due


def test_what_is_answered_or_closed_is_not_due() -> None:
    past = NOON - timedelta(hours=1)
    assert due_at(build.session(1, due_at=past), NOON, HOUR) is Due.OK
    closed = build.waiting(1, due_at=past, state=SessionState.CLOSED)
    assert due_at(closed, NOON, HOUR) is Due.OK


def test_the_next_work_is_the_most_pressing_and_then_the_longest_wait() -> None:
    late = build.waiting(1, assignee="amy", due_at=NOON, unread_count=0)
    unread = build.waiting(2, assignee="amy", seconds=500)
    free = build.waiting(3, seconds=9_000)
    others = build.waiting(4, assignee="bo", seconds=9_999)
    longer_free = build.waiting(5, seconds=9_500)
    rows = [free, unread, others, late, longer_free]
    needs = []
    for gone in range(4):
        found = next_work(rows, "amy", NOON, HOUR)
        assert found is not None, gone
        needs.append((found[0].id, found[1]))
        rows.remove(found[0])
    assert needs == [(1, Need.OVERDUE), (2, Need.UNREAD), (5, Need.FREE), (3, Need.FREE)]
    assert next_work(rows, "amy", NOON, HOUR) is None


def test_the_next_work_is_not_where_i_am() -> None:
    rows = [build.waiting(1, assignee="amy"), build.waiting(2, assignee="amy", seconds=5)]
    found = next_work(rows, "amy", NOON, HOUR, after=1)
    assert found is not None
    assert found[0].id == 2


def test_receivers_are_ranked_by_presence_and_free_slots() -> None:
    people = [
        build.agent("amy"),
        build.agent("bo", open_count=4),
        build.agent("cho", open_count=1),
        build.agent("dao", presence=Presence.ABSENT),
        build.agent("eve", active=False),
        build.agent("fah", accepting=False),
    ]
    assert [agent.nickname for agent in receivers(people, "amy")] == ["cho", "bo", "fah", "dao"]


def test_a_full_or_absent_receiver_is_asked_about() -> None:
    assert why_asks(build.agent()) is None
    assert why_asks(build.agent(open_count=5)) == "full"
    assert why_asks(build.agent(presence=Presence.ABSENT)) == "absent"
    assert not load_of(build.agent(open_count=9, limit=0)).full


class TestDrafts:
    def test_a_draft_is_there_after_a_restart(self, tmp_path: Path) -> None:
        path = tmp_path / "amy" / "drafts.json"
        drafts = Drafts(path)
        drafts.put(7, "สวัสดี\nค่ะ")
        drafts.save()
        assert Drafts(path).get(7) == "สวัสดี\nค่ะ"

    def test_a_sent_text_leaves_no_draft(self, tmp_path: Path) -> None:
        path = tmp_path / "drafts.json"
        drafts = Drafts(path)
        drafts.put(7, "hello")
        drafts.save()
        drafts.put(7, "  ")
        drafts.save()
        assert not Drafts(path).has(7)

    def test_two_windows_keep_each_others_drafts(self, tmp_path: Path) -> None:
        path = tmp_path / "drafts.json"
        one, two = Drafts(path), Drafts(path)
        one.put(1, "one")
        one.save()
        two.put(2, "two")
        two.save()
        kept = Drafts(path)
        assert (kept.get(1), kept.get(2)) == ("one", "two")

    def test_a_file_that_cannot_be_read_is_set_aside(self, tmp_path: Path) -> None:
        path = tmp_path / "drafts.json"
        path.write_text("{broken")
        assert Drafts(path).get(1) == ""
        assert (tmp_path / "drafts.unreadable").read_text() == "{broken"
