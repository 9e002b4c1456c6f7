"""The log: pinned only at the end, what is seen stays, entries can be stood on."""

from collections.abc import Awaitable, Callable

from inbox_tui.testing.gallery import screen_text
from inbox_tui.testing.one_widget import Numbers, OneWidget
from inbox_tui.tui.widgets.message_log import MessageLog

Press = Callable[..., Awaitable[None]]
SIZE = (40, 12)


def make(source: Numbers) -> tuple[OneWidget, MessageLog[int]]:
    log: MessageLog[int] = MessageLog(source, empty="No messages yet")
    return OneWidget(lambda: log), log


def rows(app: OneWidget) -> list[str]:
    return [line.strip("▌ ▁▂▃▄▅▆▇█") for line in screen_text(app).split("\n")]


async def test_it_begins_at_the_end_and_stays_there() -> None:
    app, log = make(Numbers(range(50), 3))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert rows(app)[-1] == "row 49.2"
        log.source_changed(Numbers(range(52), 3))
        await pilot.pause()
        assert rows(app)[-1] == "row 51.2"
        assert log.at_end


async def test_scrolled_up_it_stays_and_says_what_is_new_below(press: Press) -> None:
    app, log = make(Numbers(range(50), 3))
    async with app.run_test(size=SIZE, message_hook=app.keep) as pilot:
        await pilot.pause()
        await press(pilot, "pageup")
        before = rows(app)
        log.source_changed(Numbers(range(52), 3))
        await pilot.pause()
        after = rows(app)
        assert after[:-1] == before[:-1]
        assert log.new_below == 2
        assert "▼ 2 new" in after[-1]
        await press(pilot, "G")
        assert log.new_below == 0
        assert rows(app)[-1] == "row 51.2"
        assert len(app.told(MessageLog.EndReached)) == 1


async def test_older_entries_are_put_before_without_moving_anything(press: Press) -> None:
    app, log = make(Numbers(range(50), 2, rule=5))
    async with app.run_test(size=SIZE, message_hook=app.keep) as pilot:
        await pilot.pause()
        await press(pilot, "g")
        assert [told.first for told in app.told(MessageLog.NearTop)] == [0]
        before = rows(app)
        log.source_changed(Numbers(range(-30, 50), 2, rule=5))
        await pilot.pause()
        assert rows(app) == before
        await press(pilot, "g")
        assert [told.first for told in app.told(MessageLog.NearTop)] == [0, -30]


async def test_the_cursor_stands_on_entries_and_not_on_rules(press: Press) -> None:
    app, log = make(Numbers(range(1, 50), 2, rule=5))
    async with app.run_test(size=SIZE, message_hook=app.keep) as pilot:
        await pilot.pause()
        await press(pilot, "k")
        assert log.cursor == 49
        await press(pilot, *"kkkk")
        assert log.cursor == 44
        await press(pilot, "j", "enter")
        assert [told.key for told in app.told(MessageLog.Chosen)] == [46]
        log.source_changed(Numbers([1, 2, 3], 2))
        assert log.cursor is None


async def test_an_entry_taller_than_the_view_is_scrolled_through(press: Press) -> None:
    app, log = make(Numbers(range(3), 40))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await press(pilot, "g", "j")
        assert log.cursor == 0
        await press(pilot, *"j" * 5)
        assert log.cursor == 0
        assert log.top > 20
        await press(pilot, *"j" * 2)
        assert log.cursor == 1


async def test_a_click_selects_and_on_the_hint_goes_to_the_end(press: Press) -> None:
    app, log = make(Numbers(range(50), 2))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await press(pilot, "g")
        await pilot.click(log, offset=(5, 3))
        assert log.cursor == 1
        await pilot.click(log, offset=(5, 11))
        assert log.at_end


async def test_another_width_keeps_the_place_and_the_end_stays_the_end(press: Press) -> None:
    app, log = make(Numbers(range(50), 2))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.resize_terminal(60, 10)
        await pilot.pause()
        assert rows(app)[-1] == "row 49.1"
        await press(pilot, "pageup")
        first = rows(app)[0]
        await pilot.resize_terminal(30, 10)
        await pilot.pause()
        assert rows(app)[0] == first
        assert not log.at_end


async def test_each_entry_is_wrapped_once() -> None:
    source = Numbers(range(500), 2)
    app, log = make(source)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        source.asked = 0
        log.source_changed()
        await pilot.pause()
        assert source.asked == 0


async def test_text_can_be_selected_and_is_given_without_the_gutter() -> None:
    app, log = make(Numbers(range(5), 2))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.mouse_down(log, offset=(2, 1))
        await pilot.mouse_up(log, offset=(9, 2))
        await pilot.pause()
        assert app.screen.get_selected_text() == "row 0.1\nrow 1.0"


async def test_an_empty_log_says_so_and_shows_another_conversation_from_its_end() -> None:
    app, log = make(Numbers([]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "No messages yet" in screen_text(app)
        log.show(Numbers(range(30), 2))
        await pilot.pause()
        assert rows(app)[-1] == "row 29.1"
        log.show(Numbers(range(30), 2), at=3)
        await pilot.pause()
        assert log.cursor == 3
        assert "row 3.0" in rows(app)
