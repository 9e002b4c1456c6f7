"""Writing: what is typed goes where it was meant to, once, and is lost nowhere."""

import asyncio

import pytest
from tests.ui.app.conftest import Opens, Window

from inbox_tui.errors import Unavailable
from inbox_tui.state.drafts import Drafts
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.scenes import busy_shop
from inbox_tui.tui.widgets.composer import Mode
from inbox_tui.wire.models import Entry, Page
from inbox_tui.wire.words import EntryKind

SOMCHAI, LINH, EMMA, DAO = 2, 3, 4, 7


class SlowClient(FakeClient):
    """A backend whose timelines and notes wait until they are let through."""

    def __init__(self) -> None:
        super().__init__(busy_shop(), "amy")
        self.through = asyncio.Event()
        self.through.set()

    async def timeline(
        self, session_id: int, *, before: str | None = None, limit: int = 60
    ) -> Page[Entry]:
        await self.through.wait()
        return await super().timeline(session_id, before=before, limit=limit)

    async def post_note(self, session_id: int, text: str) -> Entry:
        await self.through.wait()
        return await super().post_note(session_id, text)


def replies(window: Window, session_id: int) -> list[str]:
    return [one.content.text for one in window.said(session_id) if one.client_key and one.content]


async def test_a_note_begun_while_the_chat_is_read_stays_a_note(open_window: Opens) -> None:
    client = SlowClient()
    async with open_window(client=client) as window:
        client.through.clear()
        await window.select(DAO)
        await window.press("enter", "a")
        await window.type("not for")
        client.through.set()
        await window.settle()
        await window.type(" her")
        await window.press("enter")
        last = window.said(DAO)[-1]
        assert last.kind is EntryKind.NOTE
        assert last.content is not None
        assert last.content.text == "not for her"
        assert replies(window, DAO) == []


async def test_letters_typed_right_after_r_are_text_however_slow_the_backend(
    open_window: Opens,
) -> None:
    client = SlowClient()
    async with open_window(client=client) as window:
        client.through.clear()
        await window.select(DAO)
        await window.press("r")
        await window.type("each")
        assert window.at_inbox
        assert window.inbox.chat.composer.text == "each"
        client.through.set()
        await window.settle()
        assert window.inbox.chat.composer.text == "each"


async def test_two_enters_in_a_row_send_one_reply(open_window: Opens) -> None:
    async with open_window() as window:
        await window.select(DAO)
        await window.press("enter", "r")
        await window.type("once")
        area = window.inbox.chat.composer._area
        area.post_message(area.Sent(area))
        area.post_message(area.Sent(area))
        await window.settle()
        assert replies(window, DAO) == ["once"]


async def test_two_enters_in_a_row_keep_one_note_and_what_is_typed_behind(
    open_window: Opens,
) -> None:
    client = SlowClient()
    async with open_window(client=client) as window:
        await window.select(DAO)
        await window.press("enter", "a")
        client.through.clear()
        await window.type("one")
        await window.press("enter", "enter")
        await window.type(" more")
        client.through.set()
        await window.settle()
        notes = [one for one in window.said(DAO) if one.kind is EntryKind.NOTE]
        assert [one.content.text for one in notes if one.content] == ["one"]
        assert window.inbox.chat.composer.text == " more"
        assert window.inbox.chat.composer.mode is Mode.NOTE


async def test_a_note_that_could_not_be_kept_stays_to_be_sent_again(
    open_window: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_window() as window:
        await window.select(DAO)
        await window.press("enter", "a")
        await window.type("one")
        keep = window.client.post_note

        async def busy(session_id: int, text: str) -> Entry:
            raise Unavailable("The inbox server is busy.")

        monkeypatch.setattr(window.client, "post_note", busy)
        await window.press("enter")
        assert "The inbox server is busy." in window.text
        monkeypatch.setattr(window.client, "post_note", keep)
        await window.press("enter")
        assert [one.kind for one in window.said(DAO)].count(EntryKind.NOTE) == 1


async def test_what_is_begun_is_kept_for_each_conversation_reply_and_note_apart(
    open_window: Opens,
) -> None:
    async with open_window() as window:
        await window.select(DAO)
        await window.press("enter", "r")
        await window.type("reply")
        await window.press("escape", "a")
        await window.type("note")
        await window.press("escape", "escape")
        await window.select(SOMCHAI)
        await window.press("r")
        assert window.inbox.chat.composer.text == ""
        await window.press("escape", "escape")
        await window.select(DAO)
        await window.press("a")
        assert window.inbox.chat.composer.text == "note"
        await window.press("escape", "r")
        assert window.inbox.chat.composer.text == "reply"


async def test_a_draft_is_on_the_disk_soon_after_it_was_typed(open_window: Opens) -> None:
    async with open_window() as window:
        await window.select(DAO)
        await window.press("enter", "r")
        await window.type("soon")
        path = window.app.desk.preferences_path.with_name("drafts.json")
        conversation = window.world.sessions[DAO].conversation_id
        for _ in range(100):
            if Drafts(path).get(conversation) == "soon":
                break
            await window.pilot.pause(0.02)
        assert Drafts(path).get(conversation) == "soon"


async def test_what_is_taken_back_joins_what_is_being_written(open_window: Opens) -> None:
    async with open_window() as window:
        await window.press("enter")
        window.client.cut()
        await window.settle()
        await window.press("r")
        await window.type("first")
        await window.press("enter")
        await window.type("second")
        await window.press("escape", "X")
        assert window.inbox.chat.composer.text == "first\nsecond"


async def test_enter_on_nothing_and_on_a_closed_session_says_why_not(open_window: Opens) -> None:
    async with open_window() as window:
        await window.press("enter", "r", "enter")
        assert "Nothing is written yet." in window.text
        await window.type("late")
        window.world.close(SOMCHAI)
        await window.settle()
        await window.press("enter")
        assert "This session is closed" in window.text
        assert replies(window, SOMCHAI) == []


async def test_the_chat_goes_on_in_the_next_session_of_its_customer(open_window: Opens) -> None:
    async with open_window() as window:
        await window.press("enter", "r")
        await window.type("wait")
        contact = window.world.sessions[SOMCHAI].contact.id
        window.world.close(SOMCHAI)
        await window.settle()
        newer = window.world.write(contact, "still there?").id
        await window.settle()
        assert window.app.desk.open_id == newer
        assert "wrote again" in window.text
        assert window.inbox.chat.composer.text == "wait"
        await window.press("enter")
        assert replies(window, newer) == ["wait"]


async def test_what_is_written_before_my_eyes_is_read(open_window: Opens) -> None:
    async with open_window() as window:
        await window.select(DAO)
        await window.press("enter")
        contact = window.world.sessions[DAO].contact.id
        window.world.write(contact, "one more")
        await window.settle()
        session = window.app.desk.store.session(DAO)
        assert session is not None
        assert session.unread_count == 0
        await window.press("escape")
        window.world.write(contact, "and while I look at the list")
        await window.settle()
        session = window.app.desk.store.session(DAO)
        assert session is not None
        assert session.unread_count == 1
