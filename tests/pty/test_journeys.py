"""The main job by hand, at 80×24: keys in, screen out, and what the platform really got."""

import re
import signal

import pytest
from tests.journeys.conftest import Server
from tests.pty.conftest import OpenInbox

from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.testing.output import Kind
from inbox_tui.testing.terminal import PseudoTerminal

LIVE, LOST = "● live", "✕ not connected"
WRITING = "Enter send"


def customer_writes(mock: MockPlatforms, name: str, text: str = "Is it in stock?") -> None:
    mock.user("line-main", name.lower(), name=name)
    mock.say("line-main", name.lower(), text)


def find(inbox: PseudoTerminal, name: str, text: str = "Is it in stock?") -> None:
    """Find a customer among all sessions."""
    inbox.wait_for(LIVE)
    inbox.press("4")
    inbox.wait_for(name)
    inbox.press("/")
    inbox.wait_for(" filter")
    inbox.type(name)
    inbox.press("enter")
    inbox.wait_for("1 found", name, text)


def open_chat(inbox: PseudoTerminal, name: str, text: str = "Is it in stock?") -> None:
    """Open a customer's chat and begin to write."""
    find(inbox, name, text)
    inbox.press("enter")
    inbox.wait_for(f"To {name}", text)
    inbox.press("c")
    inbox.wait_for(f"{name} is yours")
    inbox.press("r")
    inbox.wait_for(WRITING)


def got(mock: MockPlatforms, name: str) -> list[str]:
    """Return what a customer got from us."""
    return [sent.text for sent in mock.ledger() if sent.user == name.lower()]


def leave(inbox: PseudoTerminal) -> None:
    """Quit, and see that the terminal is as it was before."""
    inbox.press("ctrl+q")
    assert inbox.wait_end() == 0
    modes = [piece.text for piece in inbox.pieces if piece.kind is Kind.MODE]
    for mode, usual in {"1049": "l", "25": "h", "7": "h", "2004": "l", "1000": "l"}.items():
        assert [it[-1] for it in modes if it[3:-1] == mode][-1] == usual, mode
    assert inbox.strange == []


class TestAnswering:
    """Open, read, answer."""

    def test_a_customer_is_answered(self, open_inbox: OpenInbox, mock: MockPlatforms) -> None:
        inbox = open_inbox()
        inbox.wait_for(LIVE)
        inbox.press("2")
        customer_writes(mock, "Somchai")
        inbox.wait_for("Somchai", "Is it in stock?", "to be claimed", "○ waiting")
        inbox.press("enter")
        inbox.wait_for("To Somchai via line-main")
        inbox.press("c")
        inbox.wait_for("Somchai is yours")
        inbox.press("r")
        inbox.wait_for(WRITING)
        inbox.type("Yes, it is.")
        inbox.wait_for("▌ Yes, it is.")
        inbox.press("enter")
        inbox.wait_for("✓ sent")
        assert got(mock, "Somchai") == ["Yes, it is."]
        inbox.press("escape")
        inbox.wait_without(WRITING)
        inbox.press("escape")
        inbox.wait_for("Mine")
        inbox.press("1")
        inbox.wait_for("✓ answered", "→ Yes, it is.", "you", "1/50 open", "Mine 1", "Unassigned 0")
        leave(inbox)

    def test_thai_is_typed_and_sent(self, open_inbox: OpenInbox, mock: MockPlatforms) -> None:
        customer_writes(mock, "Malee", "ขอน้ำ 2 ขวดค่ะ")
        inbox = open_inbox()
        open_chat(inbox, "Malee", "ขอน้ำ 2 ขวดค่ะ")
        answer = "ได้ค่ะ น้ำดื่ม 2 ขวด ส่งพรุ่งนี้นะคะ"
        for character in answer:
            inbox.type(character)
        inbox.wait_for(answer)
        inbox.press("enter")
        inbox.wait_for("✓ sent")
        assert got(mock, "Malee") == [answer]
        leave(inbox)

    @pytest.mark.parametrize(
        ("name", "pasted", "sent"),
        [
            ("Niran", "Our sizes:\nS\nM\r\nL\rXL", "Our sizes:\nS\nM\nL\nXL"),
            ("Arun", "one\x1b[31m two\rthree\x1b", "one[31m two\nthree"),
        ],
        ids=["lines", "escapes"],
    )
    def test_a_paste_is_one_message(
        self, open_inbox: OpenInbox, mock: MockPlatforms, name: str, pasted: str, sent: str
    ) -> None:
        """Nothing of it is a key: no line break in it sends, whatever else is in it."""
        customer_writes(mock, name)
        inbox = open_inbox()
        open_chat(inbox, name)
        inbox.paste(pasted)
        inbox.wait_for(*sent.split("\n"))
        assert got(mock, name) == []
        inbox.press("enter")
        inbox.wait_for("✓ sent")
        assert got(mock, name) == [sent]
        leave(inbox)

    def test_letters_that_come_with_the_key_are_text(
        self, open_inbox: OpenInbox, mock: MockPlatforms
    ) -> None:
        """Over a slow line ``r`` and what follows arrive together: none of it is an action."""
        customer_writes(mock, "Ploy")
        inbox = open_inbox()
        open_chat(inbox, "Ploy")
        inbox.press("escape")
        inbox.wait_without(WRITING)
        inbox.type("rYes, we have it.\r")
        inbox.wait_for("✓ sent")
        assert got(mock, "Ploy") == ["Yes, we have it."]
        leave(inbox)


class TestWindow:
    """The window gets larger and smaller."""

    def test_panes_follow_the_size(self, open_inbox: OpenInbox, mock: MockPlatforms) -> None:
        customer_writes(mock, "Anong")
        inbox = open_inbox()
        open_chat(inbox, "Anong")
        inbox.type("half a sen")
        inbox.wait_for("half a sen")
        inbox.resize(60, 20)
        inbox.wait_for("half a sen", "To Anong")
        inbox.resize(30, 8)
        inbox.wait_for("The window is too small", "30×8", "larger")
        inbox.resize(160, 45)
        inbox.wait_for("half a sen", "To Anong", "1 found", "Customer")
        inbox.resize(80, 24)
        inbox.wait_without("1 found")
        inbox.type("tence")
        inbox.wait_for("half a sentence")
        leave(inbox)

    def test_opens_in_a_window_that_is_too_small(self, open_inbox: OpenInbox) -> None:
        inbox = open_inbox(size=(30, 8))
        inbox.wait_for("The window is too small", "30×8")
        inbox.resize(80, 24)
        inbox.wait_for(LIVE, "Mine", "Unassigned")
        leave(inbox)


class TestLine:
    """The server goes and comes back (U5)."""

    def test_a_reply_is_held_and_sent_once(
        self, open_inbox: OpenInbox, server: Server, mock: MockPlatforms
    ) -> None:
        customer_writes(mock, "Wichai")
        inbox = open_inbox()
        open_chat(inbox, "Wichai")
        server.stop(signal.SIGKILL)
        inbox.wait_for(LOST)
        inbox.type("We have it.")
        inbox.press("enter")
        inbox.wait_for("held until connected", "1 held")
        assert got(mock, "Wichai") == []
        server.start()
        inbox.wait_for(LIVE, "✓ sent")
        inbox.wait_without("held")
        assert got(mock, "Wichai") == ["We have it."]
        leave(inbox)

    def test_a_held_reply_survives_the_window(
        self, open_inbox: OpenInbox, server: Server, mock: MockPlatforms
    ) -> None:
        customer_writes(mock, "Kanya")
        inbox = open_inbox()
        open_chat(inbox, "Kanya")
        server.stop(signal.SIGKILL)
        inbox.wait_for(LOST)
        inbox.type("Tomorrow.")
        inbox.press("enter")
        inbox.wait_for("held until connected")
        leave(inbox)
        server.start()
        again = open_inbox()
        find(again, "Kanya", "Tomorrow.")
        again.press("enter")
        again.wait_for("Tomorrow.", "✓ sent")
        assert got(mock, "Kanya") == ["Tomorrow."]
        leave(again)


class TestLeaving:
    """What stays, and what is said, when the window closes."""

    def test_a_draft_is_kept(self, open_inbox: OpenInbox, mock: MockPlatforms) -> None:
        customer_writes(mock, "Lek")
        inbox = open_inbox()
        open_chat(inbox, "Lek")
        inbox.paste("first line\nsecond, not fini")
        inbox.wait_for("second, not fini")
        leave(inbox)
        again = open_inbox()
        find(again, "Lek")
        again.press("enter")
        again.wait_for("To Lek", "first line", "second, not fini")
        leave(again)
        assert got(mock, "Lek") == []

    def test_goodbye_is_said_at_once(self, open_inbox: OpenInbox, server: Server) -> None:
        """Quitting is off duty now; the grace of ten minutes is for lines that drop (P3)."""
        inbox = open_inbox("bo")
        inbox.wait_for(LIVE)
        watching = open_inbox("amy")
        watching.wait_for(LIVE)
        watching.press("P")
        watching.wait_for("Colleagues")
        watching.until(lambda: re.search(r"bo .*here", watching.text), what="bo is here")
        leave(inbox)
        watching.until(lambda: re.search(r"bo .*away", watching.text), what="bo is away")
        leave(watching)

    def test_a_lost_window_has_its_grace(self, open_inbox: OpenInbox, server: Server) -> None:
        inbox = open_inbox("bo")
        inbox.wait_for(LIVE)
        watching = open_inbox("amy")
        watching.wait_for(LIVE)
        watching.press("P")
        watching.until(lambda: re.search(r"bo .*here", watching.text), what="bo is here")
        inbox.kill()
        watching.until(lambda: re.search(r"bo .*link lost", watching.text), what="in grace")
        leave(watching)


class TestWithoutColour:
    """NO_COLOR (U4)."""

    def test_states_are_words(self, open_inbox: OpenInbox, mock: MockPlatforms) -> None:
        customer_writes(mock, "Dao")
        inbox = open_inbox(NO_COLOR="1")
        find(inbox, "Dao")
        inbox.wait_for("○ waiting", "to be claimed", "accept off", "live")
        for colour in inbox.colours() - {"default"}:
            red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
            assert red == green == blue, colour
        leave(inbox)
