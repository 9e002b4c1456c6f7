"""A window that is dragged: the size told last is the size it has (U2)."""

import sys
from pathlib import Path

from inbox_tui.terminal.driver import TerminalDriver
from inbox_tui.testing.terminal import PseudoTerminal
from inbox_tui.tui.app import InboxApp


def test_a_size_that_changes_while_it_is_looked_at_is_told_last() -> None:
    with PseudoTerminal(
        [sys.executable, str(Path(__file__).with_name("sizes_told.py"))],
        environment={"LC_ALL": "C.UTF-8"},
        size=(80, 24),
    ) as window:
        window.wait_for("it is 80 wide;")
        window.resize(100, 24)
        window.wait_for("it is 110 wide;")
        window.press("ctrl+q")
        assert window.wait_end() == 0, "a signal behind the end of the program is nothing to it"


def test_the_inbox_is_told_so(tmp_path: Path) -> None:
    async def connect() -> None:
        raise AssertionError

    inbox = InboxApp(connect, state_dir=tmp_path, config_dir=tmp_path)  # type: ignore[arg-type]
    assert inbox.driver_class is TerminalDriver
