"""The main job by hand: keys in, screen out, and what the platform really got."""

from tests.journeys.conftest import Server
from tests.pty.conftest import OpenInbox

from inbox_tui.mock.handle import MockPlatforms


def test_a_customer_is_answered(open_inbox: OpenInbox, server: Server, mock: MockPlatforms) -> None:
    inbox = open_inbox("amy")
    inbox.wait_for("live")
    mock.user("line-main", "somchai", name="Somchai")
    mock.say("line-main", "somchai", "Is it in stock?")
    inbox.press("2")
    inbox.wait_for("Somchai", "Is it in stock?")
    print(inbox.text)
    inbox.press("enter")
    inbox.wait_for("To Somchai")
    print(inbox.text)
    inbox.press("c")
    inbox.wait_for("Somchai is yours")
    inbox.press("r")
    inbox.type("Yes, it is.")
    inbox.wait_for("Yes, it is.")
    inbox.press("enter")
    inbox.wait_for("sent")
    print(inbox.text, inbox.strange, {(p.kind, p.text) for p in inbox.pieces if p.kind not in ("text","style","move")})
    assert [sent.text for sent in mock.ledger(wait=5)] == ["Yes, it is."]
    inbox.press("escape", "q")
    print(inbox.wait_end())
    print(repr(bytes(inbox.raw[-300:])), inbox.strange)
