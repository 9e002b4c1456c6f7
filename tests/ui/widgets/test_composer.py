"""The composer: Enter sends, a paste is one message, nothing empty or too long leaves it."""

from collections.abc import Awaitable, Callable

import pytest
from textual import events

from inbox_tui.locale import Catalogue
from inbox_tui.testing.gallery import screen_text
from inbox_tui.testing.one_widget import OneWidget
from inbox_tui.tui.widgets.composer import Composer, Mode, Target

Press = Callable[..., Awaitable[None]]
TARGET = Target(name="Somchai", channel="LINE Baan Shop", max_text=40)


def make(target: Target | None = TARGET) -> tuple[OneWidget, Composer]:
    composer = Composer(Catalogue.of("en"))
    composer.target = target
    return OneWidget(lambda: composer), composer


async def test_enter_sends_what_was_typed(press: Press) -> None:
    app, composer = make()
    async with app.run_test(size=(60, 10), message_hook=app.keep) as pilot:
        await press(pilot, *"hi", "enter")
        assert [(told.text, told.mode) for told in app.told(Composer.Submitted)] == [
            ("hi", Mode.REPLY)
        ]
        assert composer.text == "hi"
        composer.clear()
        await pilot.pause()
        assert composer.text == ""
        assert app.told(Composer.Changed)[-1].text == ""


@pytest.mark.parametrize("key", ["ctrl+j", "alt+enter", "shift+enter"])
async def test_a_new_line_grows_the_composer(press: Press, key: str) -> None:
    app, composer = make()
    async with app.run_test(size=(60, 12), message_hook=app.keep) as pilot:
        await press(pilot, "a")
        before = composer.size.height
        await press(pilot, key, "b", key, "c")
        assert composer.text == "a\nb\nc"
        assert composer.size.height == before + 2
        await press(pilot, *[key] * 9)
        assert composer.size.height == before + 5
        assert not app.told(Composer.Submitted)


async def test_a_paste_of_many_lines_is_one_message(press: Press) -> None:
    app, composer = make(Target(name="S", channel="LINE"))
    async with app.run_test(size=(60, 12), message_hook=app.keep) as pilot:
        await pilot.pause()
        assert pilot.app.focused is not None
        pilot.app.focused.post_message(events.Paste("one\r\ntwo\x1b[2J\tthree\u202e"))
        await pilot.pause()
        await press(pilot, "enter")
        assert [told.text for told in app.told(Composer.Submitted)] == ["one\ntwo[2J    three"]
        assert not set(screen_text(app)) & set("\x1b\u202e")
        assert composer.text.count("\n") == 1


async def test_nothing_empty_and_nothing_too_long_is_sent(press: Press) -> None:
    app, _ = make()
    async with app.run_test(size=(60, 12), message_hook=app.keep) as pilot:
        await press(pilot, "enter", " ", "enter")
        await press(pilot, *"x" * 32)
        assert "7 left" in screen_text(app)
        await press(pilot, *"x" * 10, "enter")
        assert "3 characters too many" in screen_text(app)
        assert not app.told(Composer.Submitted)
        assert [told.reason for told in app.told(Composer.Refused)] == [
            "Nothing is written yet.",
            "Nothing is written yet.",
            "3 characters too many",
        ]


@pytest.mark.parametrize("width", [24, 36, 60, 120])
async def test_to_whom_it_goes_is_always_there(width: int) -> None:
    app, _ = make(
        Target(name="สมหญิง " * 12, channel="LINE Baan", assignee="bo", mine=False, max_text=500)
    )
    async with app.run_test(size=(width, 8)) as pilot:
        await pilot.pause()
        line = screen_text(app).split("\n")[0]
        assert "To ส" in line
        assert "via LINE Baan" in line


async def test_somebody_elses_session_is_said_before_sending() -> None:
    app, composer = make(Target(name="Somchai", channel="LINE", assignee="bo", mine=False))
    async with app.run_test(size=(80, 8)) as pilot:
        await pilot.pause()
        assert "served by bo" in screen_text(app)
        composer.mode = Mode.NOTE
        await pilot.pause()
        drawn = screen_text(app)
        assert "✎ Internal note about Somchai" in drawn
        assert "the customer never sees this" in drawn
        assert composer.has_class("-note")


async def test_a_closed_session_takes_notes_and_no_replies(press: Press) -> None:
    app, composer = make(Target(name="Somchai", channel="LINE", closed=True))
    async with app.run_test(size=(80, 8), message_hook=app.keep) as pilot:
        await press(pilot, *"hi", "enter")
        assert composer.text == ""
        assert "This session is closed" in screen_text(app)
        composer.mode = Mode.NOTE
        await press(pilot, *"hi", "enter")
        assert [told.mode for told in app.told(Composer.Submitted)] == [Mode.NOTE]


async def test_a_draft_comes_back_with_its_cursor_at_the_end(press: Press) -> None:
    app, composer = make()
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.pause()
        composer.load("first\nsecond", mode=Mode.NOTE)
        await press(pilot, "!")
        assert composer.text == "first\nsecond!"
        assert composer.mode is Mode.NOTE
