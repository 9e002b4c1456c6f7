"""From a scan to an agent of one's own: customer, server and window as they really are (Q1-Q10)."""

from functools import partial
from typing import Any

from tests.journeys.conftest import Server, eventually, open_window
from tests.journeys.terminals import sees, terminal

from inbox_tui.client.http import HttpClient
from inbox_tui.mock.habits import Habit, sending
from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.mock.words import FaultKind
from inbox_tui.wire.codes import PostCode
from inbox_tui.wire.requests import PostEnd, PutAccepting
from inbox_tui.wire.words import CodeOutcome

WEEK = 7 * 86_400.0


def replies(mock: MockPlatforms, count: int) -> list[str]:
    """Return what the shop sent, once it is so much."""
    texts = [line.text for line in mock.ledger()]
    return texts if len(texts) >= count else []


def served_by(server: Server) -> list[str | None]:
    """Return who has each open session."""
    items: list[dict[str, Any]] = server.run_as("amy", "list", "all", "--json").json["items"]
    return [item["assignee"] for item in items]


async def test_q4_a_scan_becomes_a_binding_and_lasts(server: Server, mock: MockPlatforms) -> None:
    async with open_window(server, "amy") as amy, terminal(server, "bo") as bo:
        # Q9: an owner makes anyone's code; its link is what the QR carries (Q1).
        code = await amy.client.make_code(PostCode(channel="line-main", agent="bo", tags=["card"]))
        bo_client = HttpClient(server.unix, server.token("bo"), window="terminal-bo")
        await bo_client.put_accepting(PutAccepting(accepting=True))
        await sees(bo, "live")
        mock.user("line-main", "somchai", name="Somchai")
        scan = partial(mock.scan, "somchai", code.link)

        # Q2: opening the link does nothing yet. Q3: it prefilled the code alone.
        assert scan(times=0).prefilled == code.code
        mock.settle()
        assert mock.ledger() == []
        scan()
        await sees(bo, "Somchai is now bound to you by your code.")
        (bound,) = await eventually(partial(replies, mock, 1))
        assert "Bo" in bound
        # Q7: a code alone is no question, so nobody is asked to answer it.
        assert served_by(server) == []

        # Q5, Q3: again, and with a letter wrong; and a delivery that comes twice counts once.
        mock.fault(FaultKind.DUPLICATE)
        scan()
        _, again = await eventually(partial(replies, mock, 2))
        assert "Bo" in again
        wrong = sending(Habit.EDITS, code.code, slip=3, words="").text
        scan(text=wrong)
        _, _, failed = await eventually(partial(replies, mock, 3))
        assert len({bound, again, failed}) == 3

        # R1: a question goes to whom they are bound to, though the team claims its own.
        mock.say("line-main", "somchai", "Do you have size 42?")
        await eventually(lambda: served_by(server) == ["bo"])
        await sees(bo, "Do you have size 42?")
        await bo.press("enter")
        await sees(
            bo,
            "sent a code: bound",
            "sent a code: already bound",
            "sent a code: not accepted",
            "automatic · code: bound",
            f"code {code.code}",  # Q10: by which, in the profile
        )
        number = server.run_as("bo", "list", "mine", "--json").json["items"][0]["id"]
        told = server.run_as("bo", "show", str(number)).out
        assert f"customer (code, {CodeOutcome.BOUND}): {code.code}" in told
        assert f"automatic (code_bound): {bound}".splitlines()[0] in told

        # They come back next week: to the same agent.
        await bo_client.end(number, PostEnd(reason="Sold out."))
        assert served_by(server) == []
        mock.advance(WEEK)
        mock.say("line-main", "somchai", "It's me again")
        await eventually(lambda: served_by(server) == ["bo"])
        await sees(bo, "It's me again")
        mock.settle()
        assert len(mock.ledger()) == 3
        contact = await bo_client.contact(1)
        assert contact.binding is not None
        assert (contact.binding.agent, contact.binding.how) == ("bo", f"code:{code.code}")
        assert contact.tags == ["card"]
        await bo_client.close()
