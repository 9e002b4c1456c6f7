"""An automatic message from the words on the screen to the customer's phone (M1, M8, M10)."""

from tests.journeys.conftest import Server, eventually
from tests.journeys.terminals import sees, terminal

from inbox_tui.mock.handle import MockPlatforms


async def test_m8_what_an_owner_writes_is_what_customers_read(
    server: Server, mock: MockPlatforms
) -> None:
    async with terminal(server, "amy") as amy:
        await sees(amy, "live")
        # M10: nothing is on that nobody has read; the greeting is switched on by hand.
        await amy.press("M")
        await sees(amy, "off", "greeting")
        await amy.press("s")
        await sees(amy, "“greeting” is sent from now on.")
        await amy.press("enter")
        await sees(amy, "Texts: greeting", "Preview with")
        await amy.press("down", "home", *"Sawasdee! {nobody} ")
        await sees(amy, "There is no variable {nobody}")
        await amy.press("ctrl+s")
        await sees(amy, "✕", "Sawasdee! {nobody} Thank you")  # refused, and still there
        await amy.press(*["backspace"] * 9)
        await sees(amy, "Sawasdee!")
        await amy.press("ctrl+s")
        await sees(amy, "The texts of “greeting” are saved.", "own: en")
        mock.user("line-main", "somchai", name="Somchai")
        mock.say("line-main", "somchai", "Hi")
        (greeting,) = await eventually(mock.ledger)
        assert "Sawasdee! Thank you for writing to Baan Shop." in greeting.text
        row = server.run_as("amy", "list", "all", "--json").json["items"][0]
        assert (row["last_line"], row["unanswered"]) == ("Hi", True)
        # Back to the text that comes with the program; the next customer reads that.
        await amy.press("enter")
        await sees(amy, "Your own text.")
        await amy.press("ctrl+r", "ctrl+s")
        await sees(amy, "built-in texts")
        mock.user("line-main", "malee", name="Malee")
        mock.say("line-main", "malee", "Hello")
        built_in = (await eventually(lambda: mock.ledger()[1:]))[0]
        assert "Sawasdee" not in built_in.text
        assert "Thank you for writing to Baan Shop." in built_in.text
        await amy.press("escape")
        await sees(amy, "Unassigned 2")
