"""Which customer a key is about: never another one than the person last chose (R11, L2)."""

from tests.ui.app.conftest import Opens

from inbox_tui.state.lists import Filters
from inbox_tui.testing.scenes import empty_shop
from inbox_tui.testing.world import World
from inbox_tui.tui.widgets.virtual_list import VirtualList
from inbox_tui.wire.models import Page
from inbox_tui.wire.words import Happening, ListName, Sort

ANN, BEN, CAT = 1, 2, 3


def queue() -> World:
    """Return a shop where Ann, Ben and Cat wait in this order and nobody serves them."""
    world = empty_shop()
    for name in ("Ann", "Ben", "Cat"):
        world.write(world.contact(name), f"I am {name}")
    return world


class TestRowThatLeft:
    async def test_no_key_takes_the_next_customer_after_somebody_took_mine(
        self, open_window: Opens
    ) -> None:
        async with open_window(queue()) as window:
            await window.press("2")
            await window.select(BEN)
            window.world.assign(BEN, "bo", by="bo", how=Happening.CLAIMED)
            await window.settle()
            assert window.inbox.list_pane.cursor == CAT
            for key in ("c", "e", "t", "s", "r", "a", "R", "y", "exclamation_mark", "enter"):
                await window.press(key)
                assert "Ben: taken by bo" in window.text, key
            assert window.at_inbox
            assert window.world.sessions[CAT].assignee is None
            assert window.world.stars == set()
            assert window.app.desk.open_id is None

    async def test_what_the_list_said_before_it_was_asked_something_else_is_not_missed_in_it(
        self, open_window: Opens
    ) -> None:
        async with open_window(queue()) as window:
            await window.press("2")
            desk, rows = window.app.desk, window.inbox.list_pane.rows
            cat = window.world.sessions[CAT]
            asked = desk.store.begin_list(ListName.UNASSIGNED, Sort.WAIT, Filters(q="Cat"))
            rows.post_message(VirtualList.Highlighted(rows, BEN, 1))  # is heard only now
            await window.settle()
            desk.store.add_page(ListName.UNASSIGNED, Page(items=[cat], total=1), asked, desk.now)
            await window.settle()
            await window.press("enter")
            assert desk.open_id == CAT

    async def test_a_key_or_a_click_on_a_row_chooses_anew(self, open_window: Opens) -> None:
        async with open_window(queue()) as window:
            await window.press("2")
            await window.select(BEN)
            window.world.assign(BEN, "bo", by="bo", how=Happening.CLAIMED)
            await window.settle()
            await window.press("j")
            assert window.inbox.list_pane.cursor == CAT
            await window.press("c")
            assert window.world.sessions[CAT].assignee == "amy"

    async def test_after_my_own_deed_the_next_row_is_simply_selected(
        self, open_window: Opens
    ) -> None:
        async with open_window(queue()) as window:
            await window.press("2")
            await window.press("c", "c")
            assert window.world.sessions[ANN].assignee == "amy"
            assert window.world.sessions[BEN].assignee == "amy"

    async def test_what_the_system_did_is_told_as_such(self, open_window: Opens) -> None:
        async with open_window(queue()) as window:
            await window.press("2")
            window.world.assign(ANN, "bo")
            await window.settle()
            await window.press("c")
            assert "Ann: assigned to bo" in window.text
            await window.press("j")
            window.world.close(CAT)
            await window.settle()
            await window.press("c")
            assert "Cat: closed" in window.text
            assert window.world.sessions[BEN].assignee is None

    async def test_a_colleague_who_gives_it_away_or_ends_it_is_named(
        self, open_window: Opens
    ) -> None:
        async with open_window(queue()) as window:
            await window.press("2")
            window.world.assign(ANN, "cho", by="bo")
            await window.settle()
            await window.press("s")
            assert "Ann: given to cho by bo" in window.text
            await window.press("k")
            window.world.close(BEN, by="bo")
            await window.settle()
            await window.press("s")
            assert "Ben: ended by bo" in window.text

    async def test_a_row_missing_when_all_is_read_afresh_is_not_replaced_in_silence(
        self, open_window: Opens
    ) -> None:
        async with open_window(queue()) as window:
            await window.press("2")
            await window.select(BEN)
            listeners, window.world.listeners = window.world.listeners, []
            window.world.assign(BEN, "bo")
            window.world.listeners = listeners
            window.world.write(CAT, "still here")  # its number shows that one was missed
            await window.settle()
            assert list(window.app.desk.store.view(ListName.UNASSIGNED)) == [ANN, CAT]
            await window.press("c")
            assert "The selected session left this list." in window.text
            assert window.world.sessions[ANN].assignee is None
            assert window.world.sessions[CAT].assignee is None

    async def test_the_open_chat_stays_with_its_customer_and_says_who_took_it(
        self, open_window: Opens
    ) -> None:
        async with open_window(queue()) as window:
            await window.press("2")
            await window.select(BEN)
            await window.press("enter")
            window.world.assign(BEN, "bo", by="bo", how=Happening.CLAIMED)
            await window.settle()
            assert "Ben: taken by bo" in window.text
            await window.press("c")
            assert "bo took this session 0s ago" in window.text
            assert window.world.sessions[CAT].assignee is None
            assert window.app.desk.open_id == BEN


class TestNothingInView:
    async def test_an_empty_list_gives_no_key_a_customer(self, open_window: Opens) -> None:
        async with open_window(queue(), size=(80, 24)) as window:
            await window.press("2", "enter", "escape", "4", "slash")
            await window.type("zzz")
            await window.press("enter")
            assert len(window.app.desk.store.view(ListName.ALL)) == 0
            before = list(window.client.calls)
            for key in ("s", "exclamation_mark", "y", "r", "a", "c", "e", "t", "p"):
                await window.press(key)
                assert "Select a session first." in window.text, key
            assert window.client.calls == before
            assert window.world.stars == set()
