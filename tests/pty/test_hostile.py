"""Hostile strings in every field: nothing of them becomes a command, and columns stand (U3, U6)."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest
from tests.journeys.conftest import Server
from tests.pty.columns import assert_borders, assert_box, borders
from tests.pty.conftest import environment_of
from tests.pty.relay import Relay, placeholder
from tests.pty.stage import deliver, said, stage

from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.testing.hostile import HOSTILE, Hostile, forbidden
from inbox_tui.testing.output import PLAIN
from inbox_tui.testing.terminal import PseudoTerminal

LIVE = "● live"
WIDE, USUAL, SMALL = (140, 30), (80, 24), (60, 20)
SIZES = [USUAL, pytest.param(SMALL, marks=pytest.mark.thorough)]


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
            inbox.press("ctrl+p")
            inbox.wait_for("🔎")
            assert inbox.strange == []
            inbox.press("escape", "ctrl+q")
            assert inbox.wait_end() == 0
            assert inbox.strange == []


@pytest.fixture(scope="module")
def theatre(place: Path, mock: MockPlatforms) -> Iterator[Theatre]:
    with stage(place, mock) as server, Relay(server.uds) as relay:
        yield Theatre(server, relay)


def marks_on(inbox: PseudoTerminal) -> set[str]:
    return set(re.findall(r"qz\d\d", inbox.text))


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

    @pytest.mark.parametrize("each", [5, pytest.param(1, marks=pytest.mark.thorough)])
    def test_every_chat_with_its_profile_and_case(self, theatre: Theatre, each: int) -> None:
        """Every fifth chat at each change: the rows and the pastes have all of them too."""
        seen: set[str] = set()
        with theatre.inbox(WIDE) as inbox:
            sides = borders(inbox, 10)
            assert len(sides) == 2
            ground = inbox.ground(2, 3)
            mark = ""
            for _ in HOSTILE[::each]:
                mark = open_next(inbox, mark, times=5)
                seen.add(mark)
                assert_borders(inbox, sides, range(1, WIDE[1] - 2))
                inbox.press("escape")
                inbox.until(partial(has_hands, inbox, ground), what="hands on the list")
                inbox.press(*["down"] * each)
        assert seen == {hostile.mark for hostile in HOSTILE[::each]}

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("key", ["4", pytest.param("6", marks=pytest.mark.thorough)])
    def test_every_row_of_the_lists(
        self, theatre: Theatre, size: tuple[int, int], key: str
    ) -> None:
        seen: set[str] = set()
        with theatre.inbox(size) as inbox:
            if key == "6":
                inbox.press(key)
                inbox.wait_for("closed", HOSTILE[0].mark)
            edge = inbox.lines[3].rindex("d")
            while len(seen) < len(HOSTILE):
                inbox.until(partial(shows_more_than, inbox, frozenset(seen)), what="the next page")
                seen |= marks_on(inbox)
                rows = [y for y in range(3, size[1] - 1) if "line-main" in inbox.lines[y]]
                for y in rows:
                    cells = inbox.cells(y)
                    assert cells[edge] == "d", f"row {y}\n{inbox.text}"
                    assert "".join(cells[edge + 1 :]).strip(" ▁▂▃▄▅▆▇█") == "", inbox.text
                inbox.press("pagedown")
        assert_all_seen(seen)

    @pytest.mark.parametrize("size", SIZES)
    def test_colleagues_and_cases(self, theatre: Theatre, size: tuple[int, int]) -> None:
        with theatre.inbox(size) as inbox:
            for key, title in (("P", "Colleagues"), ("C", "Cases")):
                inbox.press(key)
                inbox.wait_for(title, "qz")
                seen: set[str] = set()
                while len(seen) < len(HOSTILE):
                    inbox.until(partial(shows_more_than, inbox, frozenset(seen)), what="more")
                    seen |= marks_on(inbox)
                    inbox.press("pagedown")
                assert_all_seen(seen)
                inbox.press("escape")
                inbox.wait_for("Unassigned")

    @pytest.mark.parametrize(
        ("size", "key", "word", "odd"),
        [
            pytest.param(USUAL, "E", "Status", 0, marks=pytest.mark.thorough),
            pytest.param(SMALL, "e", "End the session", 1, marks=pytest.mark.thorough),
        ],
    )
    def test_forms(
        self, theatre: Theatre, size: tuple[int, int], key: str, word: str, odd: int
    ) -> None:
        """The case form of every other customer, the end form (the same fields) of the rest."""
        with theatre.inbox(size) as inbox:
            for hostile in HOSTILE:
                inbox.until(partial(hands_on, inbox, hostile.mark), what=hostile.mark)
                if hostile.number % 2 == odd:
                    inbox.press(key)
                    inbox.wait_for(word, "╰", hostile.mark)
                    assert_box(inbox)
                    inbox.press("escape")
                    inbox.wait_without("╰")
                inbox.press("down")

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize(
        ("key", "word"),
        [("w", "Why is it here?"), pytest.param("t", "Transfer", marks=pytest.mark.thorough)],
    )
    def test_everybody_in_a_dialog(
        self, theatre: Theatre, size: tuple[int, int], key: str, word: str
    ) -> None:
        """Who may get a session, and why it went to whom."""
        with theatre.inbox(size) as inbox:
            inbox.press(key)
            inbox.wait_for(word, "╰")
            for _ in range(2 * len(HOSTILE)):
                inbox.press("down")
                assert_box(inbox)
            inbox.press("escape")
            inbox.wait_without("╰")


class TestTyping:
    """What is pasted, by the agent, in good faith."""

    def test_every_field_takes_a_paste(self, theatre: Theatre) -> None:
        with theatre.inbox() as inbox:
            inbox.press("enter")
            inbox.until(lambda: opened(inbox))
            inbox.press("r")
            inbox.until(lambda: inbox.cursor[1] > 20, what="hands on the composer")
            for hostile in HOSTILE:
                inbox.forget()
                inbox.paste(hostile.pasted)
                inbox.press("ctrl+j")
                inbox.until(partial(was_said, inbox, ends_of(hostile)), what=hostile.name)
                assert inbox.strange == [], hostile.name

    @pytest.mark.parametrize(
        ("key", "placeholder_shown"),
        [
            ("/", " filter"),
            pytest.param("ctrl+p", "an action, a customer", marks=pytest.mark.thorough),
            pytest.param("t", "nickname or team", marks=pytest.mark.thorough),
            ("e", "why it ends without a reply"),
        ],
    )
    def test_lines_take_a_paste(self, theatre: Theatre, key: str, placeholder_shown: str) -> None:
        with theatre.inbox() as inbox:
            inbox.press(key)
            inbox.wait_for(placeholder_shown)
            for hostile in HOSTILE:
                inbox.forget()
                inbox.paste(hostile.pasted)
                inbox.wait_without(placeholder_shown)
                inbox.until(partial(was_said, inbox, ends_of(hostile)), what=hostile.name)
                assert inbox.strange == [], hostile.name
                inbox.press("home", "ctrl+k")
                inbox.wait_for(placeholder_shown)
            inbox.press("escape")
            inbox.wait_without(placeholder_shown)

    def test_the_palette_shows_what_it_finds(self, theatre: Theatre) -> None:
        with theatre.inbox() as inbox:
            ground = inbox.ground(2, 3)
            inbox.press("ctrl+p")
            inbox.wait_for("Search")
            inbox.type("hx")
            inbox.until(lambda: inbox.text.count("qz") >= 10, what="sessions found")
            for _ in range(20):
                inbox.press("down")
            inbox.press("escape")
            inbox.until(partial(has_hands, inbox, ground), what="hands on the list")
            inbox.press("end")
            inbox.wait_for(HOSTILE[-1].mark)


class TestErrors:
    """What the server says when it refuses."""

    def test_every_refusal(self, theatre: Theatre) -> None:
        with theatre.inbox() as inbox:
            for hostile in HOSTILE:
                word = placeholder(hostile)
                problem = {"type": "not-possible", "title": word, "status": 409, "detail": word}
                theatre.relay.refusal = (409, json.dumps(problem | {"hint": word}).encode())
                inbox.press("s")
                inbox.until(partial(last_line_has, inbox, hostile.mark), what=hostile.mark)
            theatre.relay.refusal = None


class TestPlainCommands:
    """The same in plain lines, at a terminal."""

    @pytest.mark.parametrize(
        "arguments",
        [
            ("list", "all"),
            ("list", "closed", "--json"),
            ("show", "1"),
            ("show", "60", "--json"),
            ("explain", "48"),
            ("explain", "48", "--json"),
            ("show", "no\u202esuch\u009b31m"),
            ("claim", "1"),
            ("doctor",),
        ],
    )
    def test_nothing_but_text(self, theatre: Theatre, arguments: tuple[str, ...]) -> None:
        with theatre.run(*arguments, size=(100, 40)) as command:
            command.wait_end()
            assert command.strange == []
            assert {piece.kind for piece in command.pieces} <= PLAIN
            assert command.said.strip()
            assert "Traceback" not in command.said


class TestRealDelivery:
    """Straight from a platform, without the relay: what is stored, and what comes out."""

    def test_raw_webhooks(self, theatre: Theatre, mock: MockPlatforms) -> None:
        server = theatre.server
        mock.user("line-main", "raw", name="\x1b]0;owned\x07Raw\u202e")
        user = next(it.id for it in mock.users("line-main") if it.user == "raw")
        transport = httpx.HTTPTransport(uds=str(server.uds), verify=False)
        with httpx.Client(transport=transport, base_url="http://inbox") as http:
            for number, kind in enumerate(("text", "file", "sticker", "location"), 20):
                deliver(http, [said(user, it, kind, number, it.text) for it in HOSTILE])
        environment = environment_of(server, server.unix, "amy")
        with PseudoTerminal(
            server.line.command("list", "all", "-q", "qz42"), environment=environment
        ) as command:
            assert command.wait_end() == 0
            assert command.strange == []
            row = re.search(r"#?(\d+) .*line-main", command.said)
            assert row, command.said
        with PseudoTerminal(
            server.line.command("show", row[1], "--limit", "500"), environment=environment
        ) as command:
            assert command.wait_end() == 0
            assert command.strange == []
            assert {piece.kind for piece in command.pieces} <= PLAIN
            for hostile in HOSTILE:
                assert command.said.count(hostile.mark) >= 4, hostile.name


def test_the_collection_is_hostile() -> None:
    """Each string that tries to be a command is seen as forbidden; those of real people are not."""
    tame = {hostile.name for hostile in HOSTILE if not forbidden(hostile.text)}
    assert {"Thai with SARA AM", "families", "right to left", "closing markup"} <= tame
    assert {"colour and clear", "C1 controls", "right to left override"}.isdisjoint(tame)


# -- what is waited for --------------------------------------------------------------------------


def has_hands(inbox: PseudoTerminal, ground: str) -> bool:
    """Whether the selected row of the list has the ground of a list that is used."""
    rows = (y for y in range(3, len(inbox.lines)) if inbox.cells(y)[0] == "▌")
    return any(inbox.ground(2, y) == ground for y in rows)


def hands_on(inbox: PseudoTerminal, mark: str) -> bool:
    return mark in inbox.lines[inbox.cursor[1]]


def shows_more_than(inbox: PseudoTerminal, known: frozenset[str]) -> bool:
    return bool(marks_on(inbox) - known)


def ends_of(hostile: Hostile) -> tuple[str, str]:
    """Return the beginning and the end of a string: one of them is in view in any field."""
    return hostile.mark, hostile.pasted[-4:].strip() or hostile.mark


def was_said(inbox: PseudoTerminal, texts: tuple[str, ...]) -> bool:
    return any(text in inbox.said for text in texts)


def last_line_has(inbox: PseudoTerminal, text: str) -> bool:
    return text in inbox.lines[-1]
