"""Keys that arrive together, as over a slow line: each goes where the one before it led."""

from tests.ui.app.conftest import Opens, Window
from tests.ui.app.test_work import SOMCHAI
from textual import events
from textual.widgets import Input

from inbox_tui.tui.dialogs.end_session import EndSessionDialog


async def arrive(window: Window, *keys: str) -> None:
    """Let keys arrive at once; a letter is its own name."""
    for key in keys:
        letter = key if len(key) == 1 else None
        window.app.post_message(events.Key({"/": "slash"}.get(key, key), letter))
    await window.settle()
    await window.settle()


async def test_a_word_behind_tab_goes_into_the_next_field(open_window: Opens) -> None:
    async with open_window() as window:
        await window.select(SOMCHAI)
        await window.press("e")
        assert isinstance(window.app.screen, EndSessionDialog)
        await arrive(window, *"late", "tab", *"parcel")
        first, second = list(window.app.screen.query(Input))[:2]
        assert (first.value, second.value) == ("late", "parcel")


async def test_letters_behind_the_key_of_the_filter_are_its_text(open_window: Opens) -> None:
    async with open_window() as window:
        await window.select(SOMCHAI)
        await arrive(window, "/", *"acet")
        assert window.at_inbox
        assert isinstance(window.app.focused, Input)
        assert window.app.focused.value == "acet"


async def test_letters_behind_the_key_of_a_reply_are_its_text(open_window: Opens) -> None:
    """In one pane the composer can take letters only when it is shown."""
    async with open_window(size=(80, 24)) as window:
        await window.select(SOMCHAI)
        await arrive(window, "r", *"act")
        assert window.at_inbox
        assert window.inbox.chat.composer.text == "act"
