"""The list: a cursor bound to an item, nothing that moves under it, a cost that does not grow."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inbox_tui.testing.gallery import screen_text
from inbox_tui.testing.one_widget import Numbers, OneWidget
from inbox_tui.tui.widgets.virtual_list import VirtualList

Press = Callable[..., Awaitable[None]]
SIZE = (40, 13)  # a head and twelve rows of one line


def rows(app: OneWidget) -> list[str]:
    """The lines of the screen without the scroll bar."""
    return [line[:39].rstrip() for line in screen_text(app).split("\n")]


def make(numbers: Any, **options: Any) -> tuple[OneWidget, VirtualList[int]]:
    listed: VirtualList[int] = VirtualList(Numbers(numbers), row_height=1, markable=True, **options)
    return OneWidget(lambda: listed), listed


async def test_it_begins_on_the_first_row_and_says_so() -> None:
    app, listed = make(range(100))
    async with app.run_test(size=SIZE, message_hook=app.keep) as pilot:
        await pilot.pause()
        assert listed.cursor == 0
        assert [told.key for told in app.told(VirtualList.Highlighted)] == [0]
        assert "▌ row 0.0" in screen_text(app)


async def test_keys_move_the_cursor(press: Press) -> None:
    app, listed = make(range(100))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        for keys, index in (
            (("j", "j", "down"), 3),
            (("k", "up"), 1),
            (("G",), 99),
            (("down",), 99),
            (("g",), 0),
            (("up",), 0),
            (("end",), 99),
            (("home",), 0),
            (("pagedown",), 12),
            (("pageup",), 0),
        ):
            await press(pilot, *keys)
            assert listed.cursor_index == index, keys
            assert 1 <= listed.screen_row() <= 12


async def test_enter_chooses_and_space_marks(press: Press) -> None:
    app, listed = make(range(10))
    async with app.run_test(size=SIZE, message_hook=app.keep) as pilot:
        await press(pilot, "j", "enter", "space", "space")
        assert [told.key for told in app.told(VirtualList.Chosen)] == [1]
        assert listed.marks == {1, 2}
        assert listed.cursor == 3
        assert "✓ 2" in screen_text(app).split("\n")[0]
        listed.source_changed(Numbers([0, 2, 3]))
        assert listed.marks == {2}


async def test_a_click_selects_and_a_double_click_chooses() -> None:
    app, listed = make(range(100))
    async with app.run_test(size=SIZE, message_hook=app.keep) as pilot:
        await pilot.click(listed, offset=(10, 4))
        assert listed.cursor == 3
        await pilot.click(listed, offset=(10, 4), times=2)
        assert [told.key for told in app.told(VirtualList.Chosen)] == [3]
        await pilot.click(listed, offset=(0, 6))
        assert listed.marks == {5}


async def test_arrivals_above_leave_everything_where_it_is(press: Press) -> None:
    app, listed = make(range(100, 200))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *"jjj")
        before = rows(app)[1:]
        listed.source_changed(Numbers([1, 2, 3, *range(100, 200)]))
        await pilot.pause()
        after = rows(app)
        assert after[1:] == before
        assert "▲ 3 new" in after[0]
        assert listed.new_above == 3
        await press(pilot, "g")
        assert listed.new_above == 0
        assert listed.cursor == 1


async def test_an_item_that_moves_takes_the_cursor_along(press: Press) -> None:
    app, listed = make(range(100))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *"jjjjj")
        row = listed.screen_row()
        listed.source_changed(Numbers([*range(5), *range(6, 60), 5, *range(60, 100)]))
        await pilot.pause()
        assert listed.cursor == 5
        assert listed.screen_row() == row


async def test_when_the_item_goes_the_next_stands_in_its_place(press: Press) -> None:
    app, listed = make(range(100))
    async with app.run_test(size=SIZE, message_hook=app.keep) as pilot:
        await press(pilot, *"jjjjj")
        row = listed.screen_row()
        listed.source_changed(Numbers([*range(5), *range(8, 100)]))
        await pilot.pause()
        assert listed.cursor == 8
        assert listed.screen_row() == row
        assert [(told.key, told.now) for told in app.told(VirtualList.Gone)] == [(5, 8)]
        cursors = []
        for numbers in ([0, 1], [], [7]):
            listed.source_changed(Numbers(numbers))
            cursors.append(listed.cursor)
        assert cursors == [1, None, 7]


async def test_rows_in_view_stay_when_the_cursor_is_elsewhere() -> None:
    app, listed = make(range(100))
    async with app.run_test(size=SIZE) as pilot:
        listed.jump(50)
        await pilot.pause()
        before = rows(app)[1:]
        listed.source_changed(Numbers([*range(-7, 0), *range(100)]))
        await pilot.pause()
        assert rows(app)[1:] == before
        assert listed.cursor == 0


async def test_it_asks_for_more_once_near_the_end(press: Press) -> None:
    app, _ = make(range(100))
    async with app.run_test(size=SIZE, message_hook=app.keep) as pilot:
        await pilot.pause()
        assert not app.told(VirtualList.NearEnd)
        await press(pilot, "G", "k", "k", "G")
        assert [told.loaded for told in app.told(VirtualList.NearEnd)] == [100]


async def test_only_rows_in_view_are_asked_for(press: Press) -> None:
    source = Numbers(range(100_000))
    listed: VirtualList[int] = VirtualList(source, row_height=1)
    app = OneWidget(lambda: listed)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert source.asked <= 30
        source.asked = 0
        await press(pilot, "G")
        assert 0 < source.asked <= 30
        source.asked = 0
        await press(pilot, "k")
        assert source.asked <= 3


async def test_the_terminals_own_cursor_follows(press: Press) -> None:
    app, listed = make(range(100))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *"jj")
        assert app.cursor_position == (0, 3)
        await press(pilot, "G")
        assert app.cursor_position.y == listed.screen_row()


async def test_another_height_keeps_the_selected_row_in_view(press: Press) -> None:
    app, listed = make(range(100))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "G")
        listed.row_height = 2
        await pilot.pause()
        assert listed.cursor == 99
        assert 1 <= listed.screen_row() <= 11
        await pilot.resize_terminal(40, 6)
        await pilot.pause()
        assert 1 <= listed.screen_row() <= 4


async def test_nothing_to_show_says_so() -> None:
    app, _ = make([], empty="Nothing here")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "Nothing here" in screen_text(app)


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.integers(0, 200), st.integers(1, 5)),
        st.tuples(st.just("remove"), st.integers(0, 200), st.integers(1, 5)),
        st.tuples(st.just("move"), st.integers(0, 200), st.integers(0, 200)),
        st.tuples(st.just("key"), st.integers(0, 3), st.just(0)),
    ),
    max_size=12,
)


@settings(max_examples=40)
@given(CHANGES, st.integers(0, 60))
def test_whatever_comes_and_goes_the_selected_item_keeps_its_line(
    changes: list[tuple[str, int, int]], start: int
) -> None:
    asyncio.run(_play(changes, start))


async def _play(changes: list[tuple[str, int, int]], start: int) -> None:
    numbers, fresh = list(range(60)), 1_000
    app, listed = make(list(numbers))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        if start in numbers:
            listed.select(start)
        for kind, at, count in changes:
            if kind == "key":
                getattr(
                    listed, ("action_first", "action_last", "action_choose", "action_mark")[at]
                )()
                continue
            at = at % (len(numbers) + 1)  # noqa: PLW2901 - anywhere in what there is
            if kind == "insert":
                numbers[at:at] = range(fresh, fresh + count)
                fresh += count
            elif kind == "remove":
                del numbers[at : at + count]
            elif numbers:
                numbers.insert(count % len(numbers), numbers.pop(at % len(numbers)))
            selected, row = listed.cursor, listed.screen_row()
            listed.source_changed(Numbers(list(numbers)))
            if selected in numbers:
                assert listed.cursor == selected
            assert (listed.cursor is None) == (not numbers)
            if numbers:
                assert numbers[listed.cursor_index] == listed.cursor
                low = numbers.index(listed.cursor or 0) + 1  # its line with the list at its top
                most = max(0, len(numbers) + 1 - SIZE[1])
                held = low - row
                if 0 <= held <= most:
                    assert listed.screen_row() == row
                assert 0 <= listed.top <= most
