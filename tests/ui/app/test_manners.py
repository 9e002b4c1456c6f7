"""What the screens ask, name and show once, so that nobody is surprised."""

from dataclasses import replace

import pytest
from tests.ui.app.conftest import Opens
from tests.ui.app.test_work import DAO, EMMA, MALEE, SOMCHAI
from textual._compositor import Compositor, LayoutUpdate

from inbox_tui.tui.dialogs.away import AwayDialog
from inbox_tui.tui.dialogs.confirm import ConfirmDialog
from inbox_tui.tui.screens.cases import CasesScreen
from inbox_tui.wire.words import EntryKind, Happening


class TestClaim:
    async def test_a_claim_over_my_limit_asks_first(self, open_window: Opens) -> None:
        async with open_window() as window:
            window.world.change_agent("amy", limit=3, open_count=3)
            await window.settle()
            await window.press("2")
            await window.select(EMMA)
            await window.press("c")
            assert isinstance(window.app.screen, ConfirmDialog)
            assert "You have 3 of 3 open." in window.text
            await window.press("escape")
            assert "claim" not in window.client.calls
            await window.press("c", "shift+tab", "enter")
            assert window.world.sessions[EMMA].assignee == "amy"


class TestTransfer:
    async def test_all_is_not_titled_after_one_customer(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("T")
            assert "Transfer all my sessions (3)" in window.text
            await window.press("escape", "t")
            assert "Transfer สมชาย" in window.text

    async def test_the_receiver_is_told_who_gave_what(self, open_window: Opens) -> None:
        async with open_window() as window:
            window.world.assign(EMMA, "amy", by="bo", how=Happening.TRANSFERRED)
            await window.settle()
            assert "bo gave you Emma [b]Brown[/b]." in window.text

    async def test_a_transfer_note_stands_once_in_the_timeline(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("enter")
            window.world.note(SOMCHAI, "ask about the size", by="bo")
            window.world.assign(
                SOMCHAI, "amy", by="bo", how=Happening.TRANSFERRED, note="ask about the size"
            )
            await window.settle()
            assert window.text.count("ask about the size") == 1


class TestRetry:
    async def test_the_only_failed_reply_needs_no_selection(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.select(MALEE)
            await window.press("enter")
            assert window.inbox.chat.entry is None
            await window.press("R")
            assert "retry_message" in window.client.calls

    async def test_of_two_failed_replies_one_has_to_be_selected(self, open_window: Opens) -> None:
        async with open_window() as window:
            failed = next(entry for entry in window.said(MALEE) if entry.kind is EntryKind.REPLY)
            second = window.world.reply(MALEE, "again", by="amy")
            assert failed.delivery is not None
            window.world.deliver(second, failed.delivery.state)
            await window.settle()
            await window.select(MALEE)
            await window.press("enter", "R")
            assert "retry_message" not in window.client.calls
            assert "Select a reply that failed" in window.text


class TestAway:
    async def test_lunch_is_a_key_an_arrow_and_enter(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("A")
            assert isinstance(window.app.screen, AwayDialog)
            await window.press("right", "right", "enter")
            assert not window.world.agents["amy"].accepting
            assert window.world.agents["amy"].accepting_reason == "lunch"


class TestCaseRecord:
    async def test_the_side_pane_says_who_became_the_owner(self, open_window: Opens) -> None:
        async with open_window(size=(160, 45)) as window:
            case = window.world.cases["C-0002"]
            owned = replace(case.activity[0], kind="owner", actor="amy", detail="sue")
            window.world.cases["C-0002"] = replace(case, activity=[*case.activity, owned])
            await window.press("enter")
            assert "owner: sue" in window.text


class TestFooter:
    async def test_a_warning_does_not_cover_the_footer_while_typing(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            await window.press("c")
            assert "This session is yours already." in window.text
            await window.press("r", "h")
            assert "This session is yours already." not in window.text

    async def test_the_footer_of_the_composer_has_its_keys(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("r")
            last = window.text.rstrip().splitlines()[-1]
            assert "Claim" not in last
            assert "Enter send" in last
            assert "Esc Back" in last
            await window.press("escape", "a")
            assert "Enter keep note" in window.text.rstrip().splitlines()[-1]
            await window.press("escape")
            assert "Reply" in window.text.rstrip().splitlines()[-1]

    async def test_what_is_too_much_is_named(self, open_window: Opens) -> None:
        async with open_window() as window:
            channel = window.world.channels["line-main"]
            window.app.desk.store.people.channels["line-main"] = replace(channel, max_text=3)
            await window.press("enter", "r")
            await window.type("hello")
            assert "2 characters too many" in window.text


class TestRepainting:
    async def test_from_pane_to_pane_the_screen_is_not_painted_anew(
        self, open_window: Opens, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Over a slow line a whole screen for each step is felt."""
        whole: list[str] = []
        paint = Compositor.render_full_update

        def painted(self: Compositor, simplify: bool = False) -> LayoutUpdate:
            whole.append(key)
            return paint(self, simplify)

        async with open_window() as window:
            monkeypatch.setattr(Compositor, "render_full_update", painted)
            for key in ("enter", "tab", "tab", "escape", "down", "enter", "escape"):
                await window.press(key)
        assert whole == []


class TestWays:
    async def test_escape_leads_back_to_the_cases_the_chat_was_opened_from(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            await window.press("C", "o")
            assert window.at_inbox
            await window.press("escape")
            assert isinstance(window.app.screen, CasesScreen)
            await window.press("escape")
            assert window.at_inbox
            await window.press("enter", "escape")
            assert window.at_inbox

    async def test_the_palette_finds_the_theme(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("ctrl+p")
            await window.type("theme")
            await window.pilot.pause(0.3)
            await window.settle()
            assert "Light or dark" in window.text

    async def test_the_footer_of_colleagues_says_what_enter_does(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("P")
            assert "Enter Their sessions" in window.text


async def test_the_explanation_speaks_the_language_of_the_screen(open_window: Opens) -> None:
    async with open_window(language="th") as window:
        await window.select(DAO)
        await window.press("w")
        assert "it was the turn of" not in window.text
        assert "ทีมของช่องทาง" in window.text


async def test_the_palette_asks_in_the_language_of_the_screen(open_window: Opens) -> None:
    async with open_window(language="th") as window:
        await window.press("ctrl+p")
        assert "คำสั่ง ชื่อลูกค้า" in window.text
        assert "Search for commands" not in window.text
