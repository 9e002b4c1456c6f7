"""The wall in a real terminal: against a real server by keys, and how many bytes it sends (V1, V2).

Over a slow SSH line what counts is what is written, so bytes are counted, not paintings.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from tests.journeys.conftest import Server
from tests.pty.conftest import environment_of

from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.testing.output import Kind
from inbox_tui.testing.terminal import PseudoTerminal

ONE_CHANGE = 4_000
"""Bytes that one change may send: a message, a reply, a minute in which every wait grows.

It is 700 to 2,900, and some more on a machine so busy that one change is painted in several
frames; a whole screen is over 10,000.
"""
KEYS = {
    "minute of ticks": "\x1b[15~",
    "message": "\x1b[17~",
    "reply": "\x1b[18~",
    "time": "\x1b[19~",
}

Watch = Callable[..., PseudoTerminal]


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Return what opens the wall in a terminal of its own."""
    with ExitStack() as stack:

        def open_it(size: tuple[int, int] = (80, 24), customers: int = 0) -> PseudoTerminal:
            command = [sys.executable, "-m", "tests.pty.quiet_wall", str(customers)]
            terminal = stack.enter_context(
                PseudoTerminal(command, environment={"LC_ALL": "C.UTF-8"}, size=size)
            )
            terminal.wait_for("● live", "in line", "Waiting for an answer", "สมชาย")
            return terminal

        yield open_it


def sent_by(terminal: PseudoTerminal, what: str, number: int) -> int:
    """Let something happen; return the bytes that it sent, its own sign not counted."""
    terminal.forget()
    terminal.press(KEYS[what])
    sign = f"done {number}"
    terminal.until(
        lambda: any(piece.kind is Kind.TITLE and sign in piece.text for piece in terminal.pieces)
    )
    signs = sum(len(piece.text) for piece in terminal.pieces if piece.kind is Kind.TITLE)
    return len(terminal.raw) - signs


@pytest.mark.parametrize("size", [(80, 24), (200, 50)], ids=["80x24", "200x50"])
def test_v1_a_quiet_minute_sends_nothing(watch: Watch, size: tuple[int, int]) -> None:
    terminal = watch(size)
    sent_by(terminal, "minute of ticks", 1)  # whatever the beginning still had to paint
    assert sent_by(terminal, "minute of ticks", 2) == 0


@pytest.mark.parametrize("what", ["message", "reply", "time"])
def test_v1_one_change_sends_little(watch: Watch, what: str) -> None:
    terminal = watch(customers=30)
    sent_by(terminal, "minute of ticks", 1)
    assert 0 < sent_by(terminal, what, 2) < ONE_CHANGE
    assert sent_by(terminal, "minute of ticks", 3) == 0
    assert terminal.strange == []


def test_v2_a_supervisor_watches_looks_and_assigns(server: Server, mock: MockPlatforms) -> None:
    """``inbox-tui supervise`` on a real server: a customer comes, is looked at, goes to Bo."""
    command = server.line.command("supervise")
    environment = environment_of(server, server.unix, "amy")
    with PseudoTerminal(command, environment=environment) as terminal:
        terminal.wait_for("● live", "0 in line", "Nobody waits here.")
        mock.user("line-main", "somchai", name="Somchai")
        mock.say("line-main", "somchai", "Is it in stock?")
        terminal.wait_for("1 in line", "Somchai", "to be claimed")
        terminal.press("3", "enter")
        terminal.wait_for("Looking: leaves no read mark", "Is it in stock?")
        terminal.press("a")
        terminal.wait_for("Assign Somchai")
        terminal.type("bo")
        terminal.press("ctrl+s")
        terminal.wait_for("Please confirm")
        terminal.press("ctrl+s")
        terminal.wait_for("Somchai: given to bo.")
        terminal.press("escape", "2")
        terminal.wait_for("0 in line", "1/50")
        (session,) = server.run_as("amy", "list", "all", "--json").json["items"]
        assert (session["assignee"], session["unread_count"]) == ("bo", 1)
        terminal.press("escape")
        terminal.wait_for("Unassigned")
        terminal.press("ctrl+q")
        assert terminal.wait_end() == 0
        assert terminal.strange == []
