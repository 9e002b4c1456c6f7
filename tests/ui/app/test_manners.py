"""What the screens ask, name and show once, so that nobody is surprised."""

from tests.ui.app.conftest import Opens
from tests.ui.app.test_work import EMMA

from inbox_tui.tui.dialogs.confirm import ConfirmDialog


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
