"""What this terminal knows of the supervisor's wall."""

from datetime import timedelta

import pytest

from inbox_tui.state import wall as knows
from inbox_tui.state.wall import Pick, PickKind
from inbox_tui.testing import builders as build
from inbox_tui.testing.clock import NOON
from inbox_tui.testing.scenes import busy_shop
from inbox_tui.testing.wall import wall_of
from inbox_tui.wire.models import ContactRef
from inbox_tui.wire.wall import WallSession
from inbox_tui.wire.words import Due, EventKind


@pytest.mark.parametrize(
    ("values", "top", "reached"),
    [
        ([], 0, []),
        ([0, 0], 0, [0, 0]),
        ([1, 8, 4], 0, [1, 8, 4]),
        ([1, 2], 16, [1, 1]),  # a little is seen as something
        ([100, 50, 1], 0, [8, 4, 1]),
        ([3], 1, [8]),  # never more than full
    ],
)
def test_v1_heights_of_a_chart(values: list[int], top: int, reached: list[int]) -> None:
    assert knows.levels(values, top, 8) == reached


@pytest.mark.parametrize("kind", EventKind)
def test_v1_only_what_can_change_the_wall_has_it_read_anew(kind: EventKind) -> None:
    elsewhere = {"session.read", "session.starred", "message.unsent", "note.added", "case.changed"}
    assert knows.concerns(build.event(1, kind)) is (kind.value not in elsewhere)


def test_v1_a_wall_is_stale_after_a_minute() -> None:
    wall = wall_of(busy_shop())
    assert knows.is_stale(None, NOON)
    assert not knows.is_stale(wall, wall.at + timedelta(seconds=59))
    assert knows.is_stale(wall, wall.at + timedelta(seconds=60))


@pytest.mark.parametrize(
    ("left", "due"), [(-1, Due.OVERDUE), (0, Due.OVERDUE), (60, Due.DUE_SOON), (7_201, Due.OK)]
)
def test_v1_what_is_due_is_worked_out_at_the_moment_of_looking(left: float, due: Due) -> None:
    waiting = WallSession(
        id=1,
        contact=ContactRef(id=1, name="Nok"),
        channel="line",
        waiting_since=NOON,
        due_at=NOON + timedelta(hours=24),
    )
    now = NOON + timedelta(hours=24, seconds=-left)
    assert knows.due_of(waiting, now, 7_200) is due


def test_v1_sessions_of_what_is_picked_and_how_many_there_are() -> None:
    wall = wall_of(busy_shop(), agent="amy", most=1)
    picks = (
        Pick(),
        Pick(PickKind.QUEUE, "team:sales"),
        Pick(PickKind.QUEUE, "workspace"),
        Pick(PickKind.AGENT, "amy"),
        Pick(PickKind.AGENT, "bo"),  # not asked for
        Pick(PickKind.QUEUE, "team:gone"),
    )
    names = [[each.contact.name for each in knows.sessions_of(wall, pick)] for pick in picks]
    assert names == [["สมชาย ใจดี"], ["Emma [b]Brown[/b]"], [], ["สมชาย ใจดี"], [], []]
    assert [knows.count_of(wall, pick) for pick in picks] == [5, 1, 0, 3, 1, 0]
    assert (knows.in_line(wall), knows.longest_since(wall)) == (2, wall.queues[1].longest_since)
