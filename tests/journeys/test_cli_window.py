"""How a window of this machine's own workspace ends: what is said, and with which exit code."""

import os
import signal
import sys
from collections.abc import Iterator

import pytest
from tests.journeys.conftest import CommandLine, backend_of

from inbox_tui.testing.terminal import PseudoTerminal

CRASHING = """\
import sys
from inbox_tui.cli.main import run
from inbox_tui.tui.screens.room import RoomScreen

async def show_help(self):
    secret = "what a customer wrote"
    raise ZeroDivisionError("by [b]zero[/b]")

RoomScreen.show_help = show_help
sys.exit(run(["--as", "amy"]))
"""
GOODBYE = "That was the last window"


@pytest.fixture
def crashing(own: CommandLine) -> CommandLine:
    """Return the command line of a program that crashes when it is asked for help."""
    own.command = lambda *_: [sys.executable, "-c", CRASHING]  # type: ignore[method-assign]
    return own


@pytest.fixture
def window(request: pytest.FixtureRequest) -> Iterator[PseudoTerminal]:
    """Return a live window at 80×24; the parameter adds to its environment."""
    line: CommandLine = request.getfixturevalue("crashing")
    environment = {name: it for name, it in line.environment.items() if name != "COLUMNS"}
    more = getattr(request, "param", {})
    command = line.command()
    with PseudoTerminal(command, environment=environment | more, size=(80, 24)) as inbox:
        inbox.wait_for("● live")
        inbox.forget()
        yield inbox


class TestCrash:
    """What nobody expected ends the window: said in one line, no customer's words in it."""

    def test_is_one_line_and_a_failure(self, window: PseudoTerminal) -> None:
        window.press("?")
        assert window.wait_end() == 1
        assert "inbox-tui: unexpected ZeroDivisionError: by [b]zero[/b]" in window.said
        assert "Traceback" not in window.said
        assert "what a customer wrote" not in window.said
        assert GOODBYE in window.said

    @pytest.mark.parametrize("window", [{"INBOX_TUI_TRACEBACK": "1"}], indirect=True)
    def test_is_told_in_full_when_asked_for(self, window: PseudoTerminal) -> None:
        window.press("?")
        assert window.wait_end() == 1
        assert "in show_help" in window.said


def test_the_goodbye_breaks_no_word(window: PseudoTerminal) -> None:
    window.press("ctrl+q")
    assert window.wait_end() == 0
    said = window.said[window.said.index(GOODBYE) :]
    assert "inbox-tui serve" in said
    assert max(map(len, said.splitlines())) <= 80


def test_a_backend_that_is_gone_comes_back_to_its_window(line: CommandLine) -> None:
    line.run_here("apply", "-", stdin='[[agents]]\nnickname = "amy"\n')
    environment = {name: it for name, it in line.environment.items() if name != "COLUMNS"}
    with PseudoTerminal(line.command(), environment=environment) as inbox:
        inbox.wait_for("● live")
        first = backend_of(line)
        os.kill(first.pid, signal.SIGKILL)
        inbox.wait_without("● live")
        inbox.wait_for("● live")
        assert backend_of(line).pid != first.pid
        inbox.press("ctrl+q")
        assert inbox.wait_end() == 0


@pytest.mark.parametrize(
    "order",
    [((), ("--as", "AMY")), pytest.param((("--as", "amy"), ()), marks=pytest.mark.thorough)],
)
def test_the_only_agent_keeps_one_folder_named_or_not(
    line: CommandLine, order: tuple[tuple[str, ...], ...]
) -> None:
    line.run_here("apply", "-", stdin='[[agents]]\nnickname = "amy"\n')
    environment = {name: it for name, it in line.environment.items() if name != "COLUMNS"}
    for arguments in order:
        with PseudoTerminal(line.command(*arguments), environment=environment) as inbox:
            inbox.wait_for("● live")
            inbox.press("ctrl+q")
            assert inbox.wait_end() == 0
    kept = {path.resolve() for path in (line.home / "state" / "inbox-tui").iterdir()}
    assert len(kept) == 1
