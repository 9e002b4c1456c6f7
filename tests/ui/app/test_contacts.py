"""The list of contacts: to whom they are bound, found by that and by words (Q8, Q11)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from tests.grids import LANGUAGES, SIZES, grid

from inbox_tui.errors import Forbidden, NotFound
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.codes import put_binding
from inbox_tui.testing.scenes import bound_shop
from inbox_tui.testing.world import World
from inbox_tui.wire.models import Binding
from inbox_tui.wire.words import EventKind, Role


@pytest.fixture
def world() -> World:
    return bound_shop()


@pytest.fixture
async def window(open_window: Any, world: World) -> AsyncIterator[Any]:
    """A window of an owner on the list of contacts, 100 by 40: the list alone."""
    async with open_window(world, size=(100, 40)) as window:
        await window.press("B")
        yield window


def bound(world: World, contact_id: int) -> Binding | None:
    return world.contacts[contact_id].binding


def lines_of(window: Any, text: str) -> str:
    """Return the line that has a text, and the one below it."""
    lines: list[str] = window.text.splitlines()
    at = next(at for at, line in enumerate(lines) if text in line)
    return "\n".join(lines[at : at + 2])


async def select(window: Any, contact_id: int) -> None:
    assert window.app.screen._rows.select(contact_id), f"no contact {contact_id}"
    await window.settle()


async def ask(window: Any, text: str) -> None:
    await window.press("slash")
    window.app.screen._filter.value = ""
    await window.type(text)
    await window.press("enter")


class TestRows:
    async def test_q11_a_row_tells_binding_channel_tags_last_seen_and_session(
        self, window: Any
    ) -> None:
        linh = lines_of(window, "Nguyễn Thị Linh")
        assert "→ bo in care" in linh
        assert "telegram" in linh
        assert "gold, vip" in linh
        assert "● open, bo" in linh
        assert "→ team care" in lines_of(window, "Emma [b]Brown[/b]")
        assert "bound to nobody" in lines_of(window, "Kit")

    async def test_q11_those_without_an_open_session_are_there_too(self, window: Any) -> None:
        olivia = lines_of(window, "Olivia Park")
        assert "→ bo" in olivia
        assert "open" not in olivia

    async def test_what_customers_call_themselves_stays_text(
        self, window: Any, world: World
    ) -> None:
        world.contacts[3] = replace(world.contacts[3], nickname="\x1b]52;c;aaaa\x07[/x]\nE")
        await window.press("x", "f", "x")
        assert "[/x] E" in window.text
        assert "\x1b" not in window.text

    async def test_q11_the_row_follows_who_serves(self, window: Any, world: World) -> None:
        world.assign(5, "cho")
        await window.settle()
        assert "● open, cho" in lines_of(window, "Malee")


class TestFilter:
    @pytest.mark.parametrize(
        ("text", "shown", "hidden"),
        [
            ("bound:me", "สมชาย", "Olivia"),
            ("bound:bo", "Olivia", "สมชาย"),
            ("bound:care", "Emma", "Olivia"),
            ("bound:none", "Kit", "Olivia"),
            ("vip", "Linh", "Olivia"),
            ("bound:bo olivia", "Olivia", "Linh"),
        ],
    )
    async def test_q11_it_is_typed(self, window: Any, text: str, shown: str, hidden: str) -> None:
        await ask(window, text)
        assert shown in window.text
        assert hidden not in window.text
        assert text in window.text

    async def test_q11_one_key_goes_from_mine_to_nobody_to_all(self, window: Any) -> None:
        await window.press("f")
        assert "bound:me" in window.text
        assert "Contacts  bound to me  1" in window.text
        await window.press("f")
        assert "bound:none" in window.text
        assert "Olivia" not in window.text
        await window.press("f")
        assert "bound:" not in window.text
        assert "Olivia" in window.text

    async def test_l4_one_key_clears_it(self, window: Any) -> None:
        await ask(window, "bound:me")
        await window.press("x")
        assert "Olivia" in window.text
        await window.press("x")
        assert "This list has no filter." in window.text

    async def test_escape_gives_up_what_is_typed(self, window: Any) -> None:
        await window.press("slash", "z", "escape")
        assert "Olivia" in window.text
        assert not window.at_inbox

    async def test_a_name_that_nobody_has_is_said_in_the_lists_place(self, window: Any) -> None:
        window.client.refuse("contacts", NotFound("There is no agent or team zed."))
        await ask(window, "bound:zed")
        assert "There is no agent or team zed." in window.text
        assert "Olivia" not in window.text

    async def test_nothing_found_is_said(self, window: Any) -> None:
        await ask(window, "nobody-has-this")
        assert "No contact matches." in window.text


class TestPages:
    async def test_q11_pages_come_from_the_server(self, open_window: Any) -> None:
        world = bound_shop()
        for number in range(150):
            world.contact(f"Visitor {number:03}")
        async with open_window(world, size=(100, 24)) as window:
            await window.press("B")
            asked = window.client.calls.count("contacts")
            await window.press("G")
            await window.press("G")
            assert window.client.calls.count("contacts") > asked
            assert len(window.app.screen._contacts) == len(world.contacts)

    async def test_q11_the_cursor_stays_on_its_contact(self, window: Any, world: World) -> None:
        await select(window, 4)
        clock: Any = world.clock
        clock.move(60)
        world.write(7, "Hello again")
        await window.app.screen.again.now()
        await window.settle()
        assert window.app.screen.selected.id == 4
        shown = [line for line in window.text.splitlines() if "Olivia" in line or "Malee" in line]
        assert "Olivia" in shown[0]

    async def test_q11_a_new_binding_comes_into_the_list(self, window: Any, world: World) -> None:
        await ask(window, "bound:me")
        put_binding(world, 5, agent="amy", how="code:ibx-kato-miru-sabe")
        changes = {"binding": {"agent": "amy", "team": None, "how": "code:ibx-kato-miru-sabe"}}
        world.tell(EventKind.CONTACT_CHANGED, data={"contact_id": 5, "changes": changes})
        await window.app.screen.again.now()
        await window.settle()
        assert "Kit" in window.text


class TestChats:
    async def test_q11_enter_opens_the_open_session_and_escape_leads_back(
        self, window: Any
    ) -> None:
        await ask(window, "bound:bo")
        await select(window, 2)
        await window.press("enter")
        assert window.at_inbox
        assert "Đơn hàng của tôi đâu rồi?" in window.text
        await window.press("escape")
        assert "bound:bo" in window.text
        assert window.app.screen.selected.id == 2

    async def test_q11_enter_opens_the_latest_session_of_who_has_none_open(
        self, window: Any
    ) -> None:
        await select(window, 7)
        await window.press("enter")
        assert window.at_inbox
        assert "Do you ship to Chiang Mai?" in window.text

    async def test_q7_who_only_sent_a_code_has_no_session_to_open(
        self, window: Any, world: World
    ) -> None:
        scanned = world.contact("Only Scanned")
        await window.press("f", "f", "f")
        await select(window, scanned)
        await window.press("enter")
        assert "Only Scanned has had no session yet." in window.text

    async def test_q10_the_profile_tells_the_binding(self, window: Any) -> None:
        await select(window, 1)
        await window.press("p")
        await window.app.screen._profile_again.now()
        await window.settle()
        assert "ibx-kato-miru-sabe" in window.text
        await window.press("escape")
        assert "Olivia" in window.text


class TestBinding:
    async def test_q8_a_binding_is_ended_after_asking(self, window: Any, world: World) -> None:
        await select(window, 2)
        await window.press("E")
        assert "End the binding of Nguyễn Thị Linh to bo in care?" in window.text
        await window.press("enter")
        assert bound(world, 2) is not None
        await window.press("E", "shift+tab", "enter")
        assert bound(world, 2) is None
        assert "is not bound to bo in care any more." in window.text
        assert "bound to nobody" in lines_of(window, "Nguyễn Thị Linh")

    async def test_q8_a_binding_is_moved(self, window: Any, world: World) -> None:
        await select(window, 7)
        await window.press("M")
        await window.type("amy")
        await window.press("enter")
        moved = bound(world, 7)
        assert moved is not None
        assert (moved.agent, moved.team) == ("amy", None)
        assert "Olivia Park is bound to amy now." in window.text

    async def test_q8_what_the_server_refuses_is_said_in_the_dialog(self, window: Any) -> None:
        window.client.refuse("move_binding", Forbidden("That is none of yours."))
        await select(window, 7)
        await window.press("M", "enter")
        assert "That is none of yours." in window.text

    async def test_q8_a_binding_that_ended_meanwhile_is_said(
        self, window: Any, world: World
    ) -> None:
        await select(window, 7)
        world.contacts[7] = replace(world.contacts[7], binding=None)
        await window.press("E")
        assert "Olivia Park is bound to nobody." in window.text

    async def test_w1_an_agent_is_not_offered_it_and_told_why(
        self, open_window: Any, world: World
    ) -> None:
        world.agents["amy"] = replace(world.agents["amy"], role=Role.AGENT)
        async with open_window(world, size=(160, 40)) as window:
            await window.press("B")
            await select(window, 7)
            assert "binding" not in window.text.splitlines()[-1]
            await window.press("E")
            assert "You do not look after whom this contact is bound to." in window.text

    async def test_nobody_to_end_it_to_is_said(self, window: Any) -> None:
        await select(window, 5)
        await window.press("M")
        assert "Kit is bound to nobody." in window.text


async def test_q11_the_list_of_all_sessions_shows_who_serves(
    open_window: Any, world: World
) -> None:
    async with open_window(world, size=(160, 45)) as window:
        await window.press("4")
        assert "bo" in lines_of(window, "Nguyễn Thị Linh")


async def test_offline_the_list_says_so_and_comes_back(open_window: Any, world: World) -> None:
    client = FakeClient(world, "amy")
    async with open_window(world, client=client, size=(100, 40)) as window:
        await window.press("B")
        client.cut()
        await window.settle()
        await window.press("f")
        assert "Not connected" in window.text
        assert "Olivia" in window.text


@pytest.mark.parametrize(("language", "size"), grid(LANGUAGES, SIZES))
async def test_everything_is_said_in_every_language_and_size(
    open_window: Any, world: World, language: str, size: tuple[int, int]
) -> None:
    async with open_window(world, size=size, language=language) as window:
        await window.press("B")
        assert "Nguyễn Thị Linh" in window.text
        await window.press("p")
        assert "contacts." not in window.text


async def test_q11_a_list_of_sessions_is_narrowed_by_whom_the_contact_is_bound_to(
    open_window: Any, world: World
) -> None:
    async with open_window(world, size=(160, 45)) as window:
        await window.press("4", "slash")
        await window.type("bound:bo")
        await window.press("enter")
        assert "Nguyễn Thị Linh" in window.text
        assert "สมชาย" not in window.text
        world.write(1, "still here")  # not theirs: only the server can say so, and did
        await window.settle()
        assert "still here" not in window.text
