"""Colleagues and teams: looked at by all, changed by those who may (P6, Q8-Q11, R12)."""

from collections.abc import AsyncIterator
from dataclasses import fields, replace
from typing import Any

import pytest
from tests.grids import LANGUAGES, SIZES, grid

from inbox_tui.errors import Forbidden, Unavailable
from inbox_tui.state.assignees import Assignee
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.codes import put_binding, put_code
from inbox_tui.testing.scenes import bound_shop
from inbox_tui.testing.world import World
from inbox_tui.tui.render.symbols import ASCII, UNICODE
from inbox_tui.wire.models import Binding
from inbox_tui.wire.words import EventKind, Role


@pytest.fixture
def world() -> World:
    return bound_shop()


@pytest.fixture
async def window(open_window: Any, world: World) -> AsyncIterator[Any]:
    """A window of an owner on the screen of colleagues, 100 by 40: the list alone."""
    async with open_window(world, size=(100, 40)) as window:
        await window.press("P")
        yield window


def bound(world: World, contact_id: int) -> Binding | None:
    return world.contacts[contact_id].binding


def line_of(window: Any, text: str) -> str:
    return str(next(line for line in window.text.splitlines() if text in line))


async def select(window: Any, nickname: str) -> None:
    assert window.app.screen._rows.select(Assignee(nickname)), nickname
    await window.settle()


async def read(window: Any) -> None:
    """Have read now what is read a moment after news."""
    await window.app.screen.again.now()
    await window.app.screen._codes_again.now()
    await window.settle()


class TestLooking:
    async def test_q10_each_colleague_has_the_number_of_bound_contacts(self, window: Any) -> None:
        assert "2 bound" in line_of(window, "Bo Srisuk")
        assert "1 bound" in line_of(window, "Amy Tan")
        assert "0 bound" in line_of(window, "Cho Nguyen")

    async def test_q10_each_team_has_the_number_of_bound_contacts(self, window: Any) -> None:
        await window.press("2")
        assert "2 bound" in line_of(window, "care")
        assert "bo, cho" in window.text
        await window.press("1")
        assert "Amy Tan" in window.text

    async def test_q10_the_numbers_follow_what_happens(self, window: Any, world: World) -> None:
        put_binding(world, 5, agent="cho")
        changes = {"binding": {"agent": "cho", "team": None, "how": "hand"}}
        data = {"contact_id": 5, "changes": changes}
        world.tell(EventKind.CONTACT_CHANGED, actor="bo", data=data)
        await window.settle()
        await read(window)
        assert "1 bound" in line_of(window, "Cho Nguyen")

    async def test_q9_the_codes_of_the_selected_one_stand_in_the_details(
        self, window: Any, world: World
    ) -> None:
        code = put_code(world, agent="amy", team="sales")
        await window.press("p")
        await read(window)
        assert code.code in window.text
        assert "line-main · amy in sales" in window.text
        assert "● live" in window.text
        await window.press("escape")
        assert "Bo Srisuk" in window.text
        assert not window.at_inbox

    async def test_beside_a_wide_list_the_details_follow_the_cursor(
        self, open_window: Any, world: World
    ) -> None:
        async with open_window(world, size=(160, 45)) as window:
            await window.press("P", "j")
            assert "contacts: 2" in window.text
            await window.press("p", "escape")
            assert not window.at_inbox

    async def test_u2_what_is_read_stays_to_be_seen_in_a_window_made_narrow(
        self, open_window: Any, world: World
    ) -> None:
        async with open_window(world, size=(160, 45)) as window:
            await window.press("P", "p")
            await window.pilot.resize_terminal(80, 24)
            await window.settle()
            assert "contacts: 1" in window.text
            assert "Bo Srisuk" not in window.text
            await window.press("escape")
            assert "Bo Srisuk" in window.text
            await window.press("p")
            await window.pilot.resize_terminal(160, 45)
            await window.settle()
            assert "Bo Srisuk" in window.text

    async def test_enter_shows_the_sessions_of_a_colleague_and_of_a_team(self, window: Any) -> None:
        await select(window, "bo")
        await window.press("enter")
        assert window.at_inbox
        assert "agent:bo" in window.text
        await window.press("P", "2", "enter")
        assert "team:care" in window.text
        assert "Nguyễn Thị Linh" in window.text
        assert "สมชาย" not in window.text

    async def test_q11_b_shows_the_contacts_bound_to_the_selected_one(self, window: Any) -> None:
        await select(window, "bo")
        await window.press("b")
        assert "bound:bo" in window.text
        assert "Nguyễn Thị Linh" in window.text
        assert "สมชาย" not in window.text
        await window.press("escape")
        assert "Bo Srisuk" in window.text

    async def test_accounts_that_are_not_active_come_last_and_say_so(
        self, window: Any, world: World
    ) -> None:
        world.change_agent("amy", active=False)
        await window.settle()
        assert "⊘ not active" in line_of(window, "Amy Tan")
        shown = [line for line in window.text.splitlines() if "Tan" in line or "Srisuk" in line]
        assert "Srisuk" in shown[0]


class TestDeactivating:
    async def test_r12_it_says_first_what_deactivating_does(
        self, window: Any, world: World
    ) -> None:
        await select(window, "bo")
        await window.press("d")
        assert "Deactivate bo?" in window.text
        assert "open sessions that go to routing at once: 1" in window.text
        assert "bindings that end, so that the contacts may bind to another: 2" in window.text
        assert "access tokens that are revoked: 1" in window.text
        assert "dedicated" not in window.text
        await window.press("enter")  # the way out has the hands
        assert world.agents["bo"].active

    async def test_q8_deactivating_ends_the_bindings(self, window: Any, world: World) -> None:
        await select(window, "bo")
        await window.press("d", "shift+tab", "enter")
        assert not world.agents["bo"].active
        assert bound(world, 2) is None
        assert "bo is deactivated." in window.text
        assert "⊘ not active" in line_of(window, "Bo Srisuk")

    async def test_r12_an_account_is_activated_again_without_asking(
        self, window: Any, world: World
    ) -> None:
        world.change_agent("bo", active=False)
        await select(window, "bo")
        await window.press("d")
        assert world.agents["bo"].active
        assert "bo is active again" in window.text

    async def test_r12_the_last_owner_stays_and_it_is_said_why(
        self, window: Any, world: World
    ) -> None:
        world.never_deactivated["amy"] = "amy is the last owner."
        await select(window, "amy")
        await window.press("d")
        assert "amy is the last owner." in window.text
        assert "Deactivate amy?" not in window.text
        assert world.agents["amy"].active

    async def test_what_the_server_refuses_is_one_line(self, window: Any) -> None:
        window.client.refuse("deactivation", Forbidden("Only owners may see that."))
        await select(window, "bo")
        await window.press("d")
        assert "Only owners may see that." in window.text


class TestBindings:
    async def test_q8_all_bindings_of_an_agent_are_ended_after_asking(
        self, window: Any, world: World
    ) -> None:
        await select(window, "bo")
        await window.press("E")
        assert "End all bindings to bo: 2?" in window.text
        await window.press("escape")
        assert bound(world, 2) is not None
        await window.press("E", "shift+tab", "enter")
        assert bound(world, 2) is None
        assert "Bindings to bo ended: 2." in window.text
        assert "0 bound" in line_of(window, "Bo Srisuk")

    async def test_q8_all_bindings_of_an_agent_move_to_an_agent_inside_a_team(
        self, window: Any, world: World
    ) -> None:
        await select(window, "bo")
        await window.press("M")
        assert "Move all bindings of bo: 2" in window.text
        await window.type("cho")
        assert "cho in care" in window.text
        await window.press("down", "enter")
        moved = bound(world, 2)
        assert moved is not None
        assert (moved.agent, moved.team) == ("cho", "care")
        assert "Bindings moved to cho in care: 2." in window.text

    async def test_q8_nobody_to_move_to_is_said_at_the_field(self, window: Any) -> None:
        await select(window, "bo")
        await window.press("M")
        await window.type("zz")
        await window.press("enter")
        assert "needed" in window.text

    async def test_q8_what_goes_wrong_while_moving_is_said_in_the_dialog(
        self, window: Any, world: World
    ) -> None:
        window.client.refuse("move_bindings", Unavailable("The server is busy."))
        await select(window, "bo")
        await window.press("M")
        await window.type("cho")
        await window.press("enter")
        assert "The server is busy." in window.text
        assert bound(world, 2) is not None

    async def test_as_long_as_it_is_not_known_how_many_nothing_is_ended(
        self, open_window: Any, world: World
    ) -> None:
        client = FakeClient(world, "amy")
        client.refuse("binding_counts", Unavailable("The server is busy."))
        async with open_window(world, client=client, size=(100, 40)) as window:
            await window.press("P")
            assert "The server is busy." in window.text
            assert "bound" not in line_of(window, "Bo Srisuk")
            await select(window, "bo")
            await window.press("E")
            assert "End all" not in window.text

    async def test_nobody_bound_is_said(self, window: Any) -> None:
        await select(window, "cho")
        await window.press("E")
        assert "No contact is bound to cho." in window.text


class TestRoles:
    @pytest.mark.parametrize(
        ("key", "why"),
        [
            ("d", "Only owners activate and deactivate accounts."),
            ("E", "You do not look after this colleague."),
            ("M", "You do not look after this colleague."),
            ("L", "You do not look after this colleague."),
            ("A", "You do not look after this colleague."),
            ("c", "You may make codes of your own and of those you look after."),
        ],
    )
    async def test_w1_an_agent_is_offered_nothing_of_it_and_told_why(
        self, open_window: Any, world: World, key: str, why: str
    ) -> None:
        world.agents["amy"] = replace(world.agents["amy"], role=Role.AGENT)
        async with open_window(world, size=(160, 40)) as window:
            await window.press("P")
            await select(window, "bo")
            foot = window.text.splitlines()[-1]
            assert "Deactivate" not in foot
            assert "bindings" not in foot
            await window.press(key)
            assert why in window.text

    async def test_w1_a_supervisor_looks_after_their_own_teams(
        self, open_window: Any, world: World
    ) -> None:
        world.agents["amy"] = replace(world.agents["amy"], role=Role.SUPERVISOR)
        world.teams["sales"] = replace(world.teams["sales"], supervisors=["amy"])
        async with open_window(world, size=(160, 40)) as window:
            await window.press("P")
            await select(window, "bo")
            assert "Move bindings" in window.text.splitlines()[-1]
            await select(window, "cho")
            assert "Move bindings" not in window.text.splitlines()[-1]

    async def test_what_is_for_colleagues_is_not_offered_on_a_team(self, window: Any) -> None:
        await window.press("2", "L")
        assert "This is for a colleague, not for a team." in window.text

    async def test_r5_a_limit_and_p5_a_switch_are_changed_here_too(
        self, window: Any, world: World
    ) -> None:
        await select(window, "bo")
        await window.press("L")
        await window.type("7")
        await window.press("enter")
        assert world.agents["bo"].limit == 7
        await window.press("A", "enter")
        assert not world.agents["bo"].accepting


async def test_offline_the_counts_are_kept_and_what_needs_the_server_says_so(
    open_window: Any, world: World
) -> None:
    client = FakeClient(world, "amy")
    async with open_window(world, client=client, size=(100, 40)) as window:
        await window.press("P")
        client.cut()
        await window.settle()
        assert "2 bound" in line_of(window, "Bo Srisuk")
        await window.press("d")
        assert "Not connected" in window.text


@pytest.mark.parametrize(("language", "size"), grid(LANGUAGES, SIZES))
async def test_everything_is_said_in_every_language_and_size(
    open_window: Any, world: World, language: str, size: tuple[int, int]
) -> None:
    async with open_window(world, size=size, language=language) as window:
        await window.press("P", "p")
        assert "people." not in window.text
        assert "Amy Tan" in window.text
        await window.press("escape", "2", "p")
        assert "people." not in window.text


@pytest.mark.parametrize("keys", [["P"], ["P", "2"], ["P", "p"], ["B"], ["B", "p"], ["Q"]])
async def test_with_plain_symbols_no_other_glyph_is_drawn(
    open_window: Any, world: World, keys: list[str]
) -> None:
    put_code(world, agent="amy", expires_at=world.now)
    glyphs = {getattr(UNICODE, each.name) for each in fields(UNICODE)}
    others = {glyph for glyph in glyphs if not glyph.isascii()}
    async with open_window(world, size=(100, 30)) as window:
        window.app.desk.symbols = ASCII
        await window.press(*keys)
        await window.settle()
        assert not others & set(window.text)
