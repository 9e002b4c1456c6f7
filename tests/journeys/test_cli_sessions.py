"""The main actions in plain lines and as JSON, against the real server and the real platforms."""

import itertools
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from tests.journeys.conftest import (
    Server,
    eventually,
    open_window,
    shop_on,
    shop_server,
    short_directory,
)

from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.mock.words import FaultKind
from inbox_tui.tui.render.cells import width

THAI = "สวัสดีครับ ของถึงไหนแล้ว"
_customers = itertools.count(1)


@pytest.fixture(scope="module")
def mock() -> Iterator[MockPlatforms]:
    """Return platforms for all tests here: each has a customer of its own."""
    with MockPlatforms() as platforms:
        yield platforms


@pytest.fixture(scope="module")
def server(mock: MockPlatforms) -> Iterator[Server]:
    """Return a server for all tests here."""
    with short_directory() as directory, shop_server(directory, mock, shop_on(mock)) as running:
        yield running


@pytest.fixture
async def session(server: Server, mock: MockPlatforms) -> AsyncIterator[str]:
    """Let a new customer write, return the session it opens; end whatever is open afterwards."""
    yield await opened(server, mock, f"สมชาย {next(_customers)}", THAI)
    mock.clear_faults()
    for item in open_sessions(server):
        server.run_as("amy", "end", str(item["id"]), "--reason", "the test is over")


async def opened(server: Server, mock: MockPlatforms, name: str, text: str) -> str:
    """Let a new customer write, and return the number of the session it opens."""
    before = {item["id"] for item in open_sessions(server)}
    user = f"customer-{next(_customers)}"
    mock.user("line-main", user, name=name, language="th")
    mock.say("line-main", user, text)

    def named() -> str:
        items = [item for item in open_sessions(server) if item["id"] not in before]
        return next(
            (str(item["id"]) for item in items if item["contact"]["name"][:3] == name[:3]), ""
        )

    return str(await eventually(named))


def open_sessions(server: Server) -> list[dict[str, Any]]:
    """Return every open session."""
    items: list[dict[str, Any]] = server.run_as("amy", "list", "all", "--json").json["items"]
    return items


def newest(mock: MockPlatforms) -> int:
    """Return the number of the newest message the platforms accepted."""
    sent = mock.ledger()
    return sent[-1].n if sent else 0


class TestReading:
    """``list``, ``show`` and ``explain``."""

    def test_list_in_lines(self, server: Server, session: str) -> None:
        head, row = server.run_as("amy", "list", "unassigned").out.splitlines()
        assert head.split()[:3] == ["SESSION", "CHANNEL", "CONTACT"]
        assert f"#{session}" in row
        assert "unassigned:self_claim" in row
        assert "สวัสดีครับ" in row
        assert "\x1b" not in row

    async def test_columns_are_aligned_in_cells(
        self, server: Server, mock: MockPlatforms, session: str
    ) -> None:
        await opened(server, mock, "Ann", "hello")
        rows = server.run_as("amy", "list", "all").out.splitlines()[1:]
        assert len({width(row[: row.index("unassigned:")]) for row in rows}) == 1
        assert len(rows) == 2

    def test_list_as_one_json_document(self, server: Server, session: str) -> None:
        page = server.run_as("amy", "list", "all", "--sort", "recent", "--json").json
        assert page["total"] == 1
        assert page["items"][0]["contact"]["name"].startswith("สมชาย")
        assert page["items"][0]["unanswered"] is True

    def test_filters(self, server: Server, session: str) -> None:
        assert server.run_as("amy", "list", "all", "-q", "ของถึงไหน", "--json").json["total"] == 1
        assert server.run_as("amy", "list", "all", "-q", "nothing", "--json").json["total"] == 0
        refused = server.run_as("amy", "list", "all", "--channel", "nowhere")
        assert refused.code == 1
        assert "nowhere" in refused.err

    def test_show(self, server: Server, session: str) -> None:
        lines = server.run_as("amy", "show", session).out.splitlines()
        assert lines[0].split() == ["session:", f"#{session}"]
        assert any("customer: สวัสดีครับ ของถึงไหนแล้ว" in line for line in lines)
        shown = server.run_as("amy", "show", session, "--json").json
        by_case = server.run_as("amy", "show", shown["session"]["case_code"], "--json").json
        assert by_case["session"]["id"] == shown["session"]["id"]
        assert by_case["timeline"]["items"]

    def test_show_nothing(self, server: Server) -> None:
        for reference in ("4711", "C-nothing"):
            ran = server.run_as("amy", "show", reference)
            assert ran.code == 1
            assert ran.err.count("\n") == 1

    def test_explain(self, server: Server, session: str) -> None:
        assert server.run_as("amy", "explain", session).out.strip()
        told = server.run_as("amy", "explain", session, "--json").json
        assert told["session_id"] == int(session)
        assert told["reason"] == "self_claim"

    def test_r13_explain_tells_what_was_decided_before(self, server: Server, session: str) -> None:
        assert server.run_as("amy", "claim", session).code == 0
        lines = server.run_as("amy", "explain", session).out.splitlines()
        assert lines[0] == "amy took it from Unassigned."
        assert "Decided by hand: nobody was compared." in lines
        assert server.run_as("amy", "transfer", session, "--to", "bo", "--yes").code == 0
        lines = server.run_as("amy", "explain", session).out.splitlines()
        assert lines[0] == "amy transferred it to bo."
        assert any(line.endswith("amy took it from Unassigned.") for line in lines)
        before = server.run_as("amy", "explain", session, "--decision", "1", "--json").json
        assert (before["decision"], before["how"], before["by"]) == (1, "claimed", "amy")
        refused = server.run_as("amy", "explain", session, "--decision", "7")
        assert (refused.code, refused.err.count("\n")) == (1, 1)
        assert "1 came before" in refused.err

    async def test_hostile_names_stay_text(
        self, server: Server, mock: MockPlatforms, session: str
    ) -> None:
        name = "Eve\x1b]52;c;ZXZpbA==\x07[/b]\u202e"
        hostile = await opened(server, mock, name, "\x1b[31mred\x9b2J\nsecond line")
        listed = server.run_as("amy", "list", "all").out
        shown = server.run_as("amy", "show", hostile).out
        for text in (listed, shown):
            assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)
        assert len(listed.splitlines()) == 3


class TestActing:
    """``claim``, ``reply``, ``note``, ``transfer``, ``end``."""

    def test_claim_reply_note_end(self, server: Server, mock: MockPlatforms, session: str) -> None:
        before = newest(mock)
        claimed = server.run_as("amy", "claim", session)
        assert claimed.out.startswith(f"claimed #{session}")
        replied = server.run_as("amy", "reply", session, "กำลังส่ง", "ค่ะ")
        assert (replied.code, replied.out) == (0, f"sent #{session}\n")
        assert [sent.text for sent in mock.ledger(after=before)] == ["กำลังส่ง ค่ะ"]
        assert server.run_as("amy", "note", session, "asked the carrier").code == 0
        ended = server.run_as(
            *("amy", "end", session, "--title", "Where is it", "--tag", "parcel", "--json")
        )
        assert ended.json["session"]["state"] == "closed"
        shown = server.run_as("amy", "show", session).out
        assert "amy (note, internal): asked the carrier" in shown
        late = server.run_as("amy", "reply", session, "too late")
        assert late.code == 1
        assert late.err.count("\n") == 1

    def test_of_two_who_claim_one_is_told_who_was_first(self, server: Server, session: str) -> None:
        assert server.run_as("bo", "claim", session, "--yes").code == 0
        second = server.run_as("amy", "claim", session, "--yes")
        assert second.code == 1
        assert "bo" in second.err.lower()

    async def test_over_the_limit_it_asks_about_what_can_be_had(
        self, server: Server, mock: MockPlatforms, session: str
    ) -> None:
        others = [await opened(server, mock, f"Ann {number}", "hello") for number in range(5)]
        for other in others:
            assert server.run_as("amy", "claim", other).code == 0
        asked = server.run_as("amy", "claim", session)
        assert asked.code == 1
        assert asked.err.startswith("inbox-tui: You are full: 5 of 5 open.")
        receiver = server.run_as("bo", "transfer", session, "--to", "amy")
        assert "Amy Tan is full: 5 of 5 open." in receiver.err
        server.run_as("bo", "claim", session)
        late = server.run_as("amy", "claim", session)
        assert late.err.startswith("inbox-tui: Taken by bo ")
        again = server.run_as("amy", "claim", others[0])
        assert (again.code, again.err) == (0, "")

    def test_a_reply_from_stdin_keeps_its_lines(
        self, server: Server, mock: MockPlatforms, session: str
    ) -> None:
        before = newest(mock)
        ran = server.run_as("amy", "reply", session, "-", stdin="one\ntwo\n")
        assert ran.code == 0
        assert mock.ledger(after=before)[0].text == "one\ntwo"

    def test_the_same_key_is_sent_once(
        self, server: Server, mock: MockPlatforms, session: str
    ) -> None:
        before = newest(mock)
        for _ in range(2):
            assert server.run_as("amy", "reply", session, "hello", "--key", "k-1").code == 0
        assert len(mock.ledger(after=before)) == 1

    def test_an_empty_reply_is_refused(self, server: Server, session: str) -> None:
        ran = server.run_as("amy", "reply", session, "  ")
        assert (ran.code, ran.err) == (1, "inbox-tui: The text is empty.\n")

    def test_a_reply_that_fails_says_so(
        self, server: Server, mock: MockPlatforms, session: str
    ) -> None:
        mock.fault(FaultKind.QUOTA, count=50)
        ran = server.run_as("amy", "reply", session, "hello", "--json")
        assert ran.code == 1
        assert ran.json["delivery"]["state"] == "failed"
        assert ran.err.startswith("inbox-tui: The reply failed")

    def test_ending_without_a_reply_needs_a_reason(self, server: Server, session: str) -> None:
        assert server.run_as("amy", "end", session).code == 1
        assert server.run_as("amy", "end", session, "--reason", "wrong number").code == 0

    async def test_transfer_asks_about_an_absent_receiver(
        self, server: Server, session: str
    ) -> None:
        server.run_as("amy", "claim", session, "--yes")
        asked = server.run_as("amy", "transfer", session, "--to", "bo")
        assert asked.code == 1
        assert "no inbox open" in asked.err
        async with open_window(server, "bo"):
            done = server.run_as("amy", "transfer", session, "--to", "bo", "--note", "yours")
            assert done.code == 0, done.err
        assert server.run_as("bo", "list", "mine", "--json").json["total"] == 1

    def test_transfer_all_to_a_team(self, server: Server, session: str) -> None:
        server.run_as("amy", "claim", session, "--yes")
        ran = server.run_as("amy", "transfer", "--all", "--team", "sales")
        assert ran.code == 0, ran.err
        assert server.run_as("amy", "list", "mine", "--json").json["total"] == 0
        none = server.run_as("amy", "transfer", "--all", "--team", "sales")
        assert (none.code, none.err) == (1, "inbox-tui: You have no open sessions.\n")

    def test_transfer_needs_one_receiver(self, server: Server) -> None:
        assert server.run_as("amy", "transfer", "1").code == 2
        assert server.run_as("amy", "transfer", "1", "--to", "bo", "--team", "sales").code == 2


class TestSwitch:
    """``accept``."""

    def test_on_and_off(self, server: Server) -> None:
        on = server.run_as("bo", "accept", "on")
        assert on.out == "accept on bo\n"
        off = server.run_as("bo", "accept", "off", "--reason", "lunch", "--json")
        assert off.json["accepting"] is False
        assert off.json["accepting_reason"] == "lunch"

    def test_is_on_or_off(self, server: Server) -> None:
        assert server.run_as("bo", "accept", "maybe").code == 2
