"""Hostile strings in every field: nothing of them becomes a command, and columns stand (U3, U6)."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.journeys.conftest import Server
from tests.pty.columns import assert_borders, assert_box, borders
from tests.pty.conftest import environment_of
from tests.pty.relay import Relay
from tests.pty.stage import stage

from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.testing.hostile import HOSTILE, forbidden
from inbox_tui.testing.terminal import PLAIN, PseudoTerminal

LIVE = "● live"
WIDE, USUAL, SMALL = (160, 45), (80, 24), (60, 20)


@dataclass
class Theatre:
    """The stage, and the relay that turns its words hostile."""

    server: Server
    relay: Relay

    def run(self, *arguments: str, size: tuple[int, int] = USUAL) -> PseudoTerminal:
        """Run the program against the relay."""
        return PseudoTerminal(
            self.server.line.command(*arguments),
            environment=environment_of(self.server, self.relay.url, "amy"),
            size=size,
        )

    @contextmanager
    def inbox(self, size: tuple[int, int] = USUAL) -> Iterator[PseudoTerminal]:
        """Open the inbox on all sessions; at the end it has to live still, and to have behaved."""
        with self.run(size=size) as inbox:
            inbox.wait_for(LIVE)
            inbox.press("4")
            inbox.wait_for(HOSTILE[0].mark)
            yield inbox
            inbox.press("escape", "escape", "escape", "?")
            inbox.wait_for("Keys and actions")
            assert inbox.strange == []
            inbox.press("escape")
            inbox.press("ctrl+q")
            assert inbox.wait_end() == 0
            assert inbox.strange == []


@pytest.fixture(scope="module")
def theatre(place: Path, mock: MockPlatforms) -> Iterator[Theatre]:
    with stage(place, mock) as server, Relay(server.uds) as relay:
        yield Theatre(server, relay)


def opened(inbox: PseudoTerminal) -> str:
    """Return the mark of the customer whose chat is open."""
    found = re.search(r"To (qz\d\d)", inbox.text)
    return found[1] if found else ""


def open_next(inbox: PseudoTerminal, before: str, times: int) -> str:
    """Open the chat under the cursor; return its mark when it is there and fully loaded."""
    inbox.press("enter")
    inbox.until(
        lambda: opened(inbox) not in ("", before) and inbox.text.count(opened(inbox)) >= times,
        what=f"another chat than {before!r}",
    )
    return opened(inbox)


def assert_all_seen(marks: set[str]) -> None:
    assert marks == {hostile.mark for hostile in HOSTILE}


class TestScreens:
    """What others wrote, on every screen."""

    def test_every_chat_with_its_profile_and_case(self, theatre: Theatre) -> None:
        seen: set[str] = set()
        with theatre.inbox(WIDE) as inbox:
            sides = borders(inbox, 10)
            assert len(sides) == 2
            mark = ""
            for _ in HOSTILE:
                mark = open_next(inbox, mark, times=20)
                seen.add(mark)
                assert_borders(inbox, sides, range(1, 43))
                inbox.press("escape")
                inbox.until(lambda: inbox.cursor[0] < sides[0], what="hands on the list")
                inbox.press("down")
        assert_all_seen(seen)
