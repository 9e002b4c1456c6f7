"""Header, tabs, flash, filter and choice: what must be seen stays on the line."""

from collections.abc import Awaitable, Callable

import pytest
from textual import events

from inbox_tui.locale import Catalogue
from inbox_tui.testing.gallery import screen_text
from inbox_tui.testing.one_widget import OneWidget
from inbox_tui.tui.widgets.fields import Choice, FilterLine, Option, SafeInput
from inbox_tui.tui.widgets.flash import Flash, Tone
from inbox_tui.tui.widgets.header import HeaderFacts, Link, StatusHeader
from inbox_tui.tui.widgets.tabs import ListTabs, Tab

Press = Callable[..., Awaitable[None]]
HOSTILE = "a\x1b]0;x\x07b\x9b31m\u202ec [bold]d[/foo]"


@pytest.mark.parametrize("width", [20, 30, 60, 80, 160])
@pytest.mark.parametrize("link", list(Link))
async def test_the_header_always_says_whether_it_is_live(width: int, link: Link) -> None:
    words = Catalogue.of("en")
    header = StatusHeader(words)
    header.facts = HeaderFacts(
        workspace=HOSTILE, nickname="amy", accepting=False, open_count=4, limit=3, link=link
    )
    app = OneWidget(lambda: header)
    async with app.run_test(size=(width, 3)) as pilot:
        await pilot.pause()
        line = screen_text(app).split("\n")[0]
        assert words.t(f"link.{link}") in line
        assert not set(line) & set("\x1b\x9b\x07\u202e")
        if width >= 60:
            assert "accept off" in line
            assert "4/3 open" in line


async def test_the_header_says_who_switched_me_off_and_shows_no_switch_to_one_alone() -> None:
    header = StatusHeader(Catalogue.of("en"))
    header.facts = HeaderFacts(nickname="amy", accepting=False, switched_by="sue", link=Link.LIVE)
    app = OneWidget(lambda: header)
    async with app.run_test(size=(80, 3)) as pilot:
        await pilot.pause()
        assert "accept off, by sue" in screen_text(app)
        header.facts = HeaderFacts(nickname="amy", accepting=None, held=2, link=Link.OFFLINE)
        await pilot.pause()
        assert "accept" not in screen_text(app)
        assert "2 held" in screen_text(app)


async def test_the_active_tab_is_always_on_the_line_and_the_others_are_hinted_at() -> None:
    tabs = ListTabs()
    tabs.tabs = [Tab(name, name.title(), 3) for name in ("mine", "unassigned", "team", "closed")]
    app = OneWidget(lambda: tabs)
    async with app.run_test(size=(24, 3), message_hook=app.keep) as pilot:
        for tab in tabs.tabs:
            tabs.active = tab.id
            await pilot.pause()
            line = screen_text(app).split("\n")[0]
            assert tab.text in line
            assert "…" in line
        await pilot.click(tabs, offset=(14, 0))
        assert [told.tab for told in app.told(ListTabs.Chosen)]


async def test_a_flash_is_one_safe_line_and_can_be_cleared() -> None:
    flash = Flash()
    app = OneWidget(lambda: flash)
    async with app.run_test(size=(60, 3)) as pilot:
        flash.say(f"Claimed {HOSTILE}\nsecond", Tone.BAD, seconds=0)
        await pilot.pause()
        assert "✕ Claimed a]0;xb31mc [bold]d[/foo] second" in screen_text(app)
        flash.clear()
        await pilot.pause()
        assert screen_text(app).strip() == ""


async def test_a_filter_is_given_up_with_escape(press: Press) -> None:
    app = OneWidget(lambda: FilterLine("is:open"))
    async with app.run_test(size=(60, 3), message_hook=app.keep) as pilot:
        await press(pilot, "escape")
        assert app.query_one(FilterLine).value == ""
        assert app.told(FilterLine.Cancelled)


async def test_a_paste_into_a_line_becomes_one_safe_line() -> None:
    line = SafeInput()
    app = OneWidget(lambda: line)
    async with app.run_test(size=(60, 3)) as pilot:
        await pilot.pause()
        line.post_message(events.Paste(f"one\r\n{HOSTILE}\ttwo"))
        await pilot.pause()
        assert line.value == "one a]0;xb31mc [bold]d[/foo] two"
        line.value = HOSTILE
        await pilot.pause()
        assert not set(screen_text(app)) & set("\x1b\x9b\x07\u202e")


async def test_a_choice_moves_with_the_arrows_and_fits_any_width(press: Press) -> None:
    choice = Choice([Option(word, word) for word in ("low", "normal", "high")], "normal")
    app = OneWidget(lambda: choice)
    async with app.run_test(size=(60, 3), message_hook=app.keep) as pilot:
        await press(pilot, "right")
        assert choice.value == "high"
        assert "○ low  ○ normal  ● high" in screen_text(app)
        await press(pilot, "right")
        assert [told.value for told in app.told(Choice.Changed)] == ["high", "low"]
        await pilot.click(choice, offset=(10, 0))
        assert choice.value == "normal"
        await pilot.resize_terminal(22, 3)
        await pilot.pause()
        assert "< ● normal >  2/3" in screen_text(app)
