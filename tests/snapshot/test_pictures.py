"""Approved pictures of every screen and dialog. Look at them when they change.

The docstring of a test says what its picture shows. Everything else about screens is asserted as
text elsewhere, so that this set stays small enough to look at.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from inbox_tui.testing.automatic import said_by_itself, sent_code, with_own_texts
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.clock import FakeClock
from inbox_tui.testing.codes import CODES, put_binding
from inbox_tui.testing.scenes import busy_shop, empty_shop, late, ruled_shop
from inbox_tui.testing.window import make_app
from inbox_tui.testing.world import World
from inbox_tui.wire.words import Automatic, CodeOutcome, Priority, Role, SessionState

Compare = Callable[..., bool]
SIZES = [(60, 20), (80, 24), (160, 45)]
SIZE_NAMES = ["60x20", "80x24", "160x45"]

KEYS: dict[str, list[str]] = {
    "list": [],
    "unassigned": ["2"],
    "chat": ["enter"],
    "profile": ["enter", "p"],
    "note": ["enter", "a", *"call back"],
    "cases": ["C"],
    "transfer": ["t"],
    "end": ["e"],
    "case": ["E"],
    "away": ["A"],
    "explain": ["w"],
    "help": ["question_mark"],
    "whose": ["4", "j", "r", "h", "i", "enter"],
}
"""What is pressed to come to each screen and dialog."""

RULES: dict[str, list[str]] = {
    "rules": ["D"],
    "rule": ["D", "enter"],
    "trial": ["D", "t", *"hello", "ctrl+s"],
}
"""The same for the distribution rules."""


AUTOMATIC: dict[str, list[str]] = {
    "automatic": ["M"],
    "texts": ["M", "enter"],
}
"""The same for automatic messages."""


async def settle(pilot: Pilot[Any]) -> None:
    for _ in range(5):
        await pilot.pause()


async def show(pilot: Pilot[Any], keys: list[str]) -> None:
    """Press keys one by one, then let no cursor blink."""
    await settle(pilot)
    for key in keys:
        await pilot.press(key)
        await settle(pilot)
    still(pilot)
    await settle(pilot)


def still(pilot: Pilot[Any]) -> None:
    for field in pilot.app.screen.query("Input, TextArea").results():
        if isinstance(field, Input | TextArea):
            field.cursor_blink = False


@pytest.fixture
def picture(snap_compare: Compare, tmp_path: Path) -> Compare:
    """Compare the screen that keys lead to."""

    def compare(
        keys: list[str],
        size: tuple[int, int],
        *,
        world: World | None = None,
        language: str = "en",
        theme: str = "",
        client: FakeClient | None = None,
        nickname: str = "amy",
        first: Sequence[str] = (),
        before: Callable[[], None] | None = None,
    ) -> bool:
        app = make_app(
            world or busy_shop(),
            tmp_path,
            nickname=nickname,
            language=language,
            theme=theme,
            client=client,
        )

        async def run(pilot: Pilot[Any]) -> None:
            if before is not None:
                await show(pilot, list(first))
                before()
            await show(pilot, keys)

        return snap_compare(app, terminal_size=size, run_before=run)

    return compare


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
@pytest.mark.parametrize("name", KEYS)
def test_dark(picture: Compare, name: str, size: tuple[int, int]) -> None:
    """Every screen and dialog in the dark theme, in English."""
    assert picture(KEYS[name], size)


@pytest.mark.parametrize("name", ["list", "chat", "case"])
def test_light(picture: Compare, name: str) -> None:
    """List, chat and case form in the light theme."""
    assert picture(KEYS[name], (80, 24), theme="inbox-light")


@pytest.mark.parametrize("name", ["list", "chat", "case"])
def test_thai(picture: Compare, name: str) -> None:
    """List, chat and case form in Thai, three panes beside each other."""
    assert picture(KEYS[name], (140, 30), language="th")


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
@pytest.mark.parametrize("name", RULES)
def test_rules(picture: Compare, name: str, size: tuple[int, int]) -> None:
    """Distribution rules, the form of one, and what they say to a message."""
    assert picture(RULES[name], size, world=ruled_shop())


@pytest.mark.parametrize("name", RULES)
def test_rules_in_thai(picture: Compare, name: str) -> None:
    """The same in Thai, in the light theme."""
    assert picture(RULES[name], (80, 24), world=ruled_shop(), language="th", theme="inbox-light")


def test_empty(picture: Compare) -> None:
    """A workspace nobody has written to."""
    assert picture([], (80, 24), world=empty_shop())


def test_busy(picture: Compare) -> None:
    """A list of forty in every state, scrolled, with new ones above."""
    world = busy_shop()
    for number in range(40):
        session = world.write(world.contact(f"Customer {number:02}"), f"question {number}")
        world.assign(session.id, ("amy", "bo")[number % 2])
    late(world, 2)

    def arrive() -> None:
        world.write(world.contact("The newest"), "hello")

    assert picture(["4", "G"], (80, 24), world=world, before=arrive)


def test_offline(picture: Compare) -> None:
    """The line is lost; one reply is held."""
    world = busy_shop()
    client = FakeClient(world, "amy")
    keys = ["r", *"soon", "enter"]
    assert picture(keys, (80, 24), client=client, first=["enter"], before=client.cut)


@pytest.mark.parametrize("name", ["list", "chat"])
def test_tiny(picture: Compare, name: str) -> None:
    """Below 60 columns rows take one line; below 20 lines the header folds into the last one."""
    assert picture(KEYS[name], (44, 12))


def test_too_small(picture: Compare) -> None:
    """A window too small says what it needs."""
    assert picture([], (36, 8))


def busy_wall() -> World:
    """The shop in a bad hour: long lines, somebody late, urgent, away, over the limit."""
    world = busy_shop()
    clock = world.clock
    assert isinstance(clock, FakeClock)
    for number in range(24):
        session = world.write(world.contact(f"Customer {number:02}"), f"question {number}")
        if number % 3 == 0:
            world.assign(session.id, ("amy", "bo")[number % 2])
        if number % 4 == 0 and number:
            world.close(session.id - 4, by="amy")
        clock.move(130)
    late(world, 3)
    world.change(4, due_at=world.now + timedelta(hours=1))
    world.change(15, priority=Priority.URGENT)
    world.change_agent("bo", accepting=False, accepting_reason="lunch", accepting_by="cho")
    return world


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
def test_wall(picture: Compare, size: tuple[int, int]) -> None:
    """The supervisor's wall in a bad hour, one queue picked."""
    assert picture(["W", "j", "j"], size, world=busy_wall(), nickname="cho")


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
def test_wall_look(picture: Compare, size: tuple[int, int]) -> None:
    """A chat looked at from the wall, which leaves no read mark."""
    assert picture(["W", "4", "o"], size, world=busy_wall(), nickname="cho")


def test_wall_light(picture: Compare) -> None:
    """The wall in the light theme, an agent picked."""
    assert picture(
        ["W", "2", "j"], (80, 24), world=busy_wall(), nickname="cho", theme="inbox-light"
    )


def test_wall_thai(picture: Compare) -> None:
    """The wall in Thai."""
    assert picture(["W"], (80, 24), world=busy_wall(), nickname="cho", language="th")


def test_wall_empty(picture: Compare) -> None:
    """The wall of a workspace nobody has written to."""
    assert picture(["W"], (80, 24), world=empty_shop(), nickname="cho")


def test_wall_offline(picture: Compare) -> None:
    """The line is lost: the wall stands as it was, and says since when."""
    world = busy_wall()
    client = FakeClient(world, "cho")
    assert picture([], (80, 24), world=world, client=client, first=["W"], before=client.cut)


@pytest.mark.parametrize("name", ["assign", "limit", "switch"])
def test_wall_dialogs(picture: Compare, name: str) -> None:
    """What is asked on the wall before something is done."""
    keys = {"assign": ["W", "3", "a"], "limit": ["W", "2", "L"], "switch": ["W", "2", "A"]}
    assert picture(keys[name], (80, 24), world=busy_wall(), nickname="cho")


def messaging_shop() -> World:
    """The busy shop with automatic messages, owned by amy."""
    world = with_own_texts(busy_shop())
    world.change_agent("amy", role=Role.OWNER)
    return world


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
@pytest.mark.parametrize("name", AUTOMATIC)
def test_automatic(picture: Compare, name: str, size: tuple[int, int]) -> None:
    """Automatic messages, and the texts of one with a preview."""
    assert picture(AUTOMATIC[name], size, world=messaging_shop())


@pytest.mark.parametrize("language", ["th", "vi"])
@pytest.mark.parametrize("name", AUTOMATIC)
def test_automatic_elsewhere(picture: Compare, name: str, language: str) -> None:
    """Automatic messages in Thai and in Vietnamese."""
    assert picture(AUTOMATIC[name], (80, 24), world=messaging_shop(), language=language)


def is_open_for_amy(world: World, session_id: int) -> bool:
    session = world.sessions[session_id]
    return session.state is SessionState.OPEN and session.assignee == "amy"


def bound_shop() -> World:
    """The busy shop, where the customer of the first session has just sent a code."""
    world = busy_shop()
    first = min(each for each in world.sessions if is_open_for_amy(world, each))
    sent_code(world, first, CODES[0], CodeOutcome.BOUND)
    told = "คุณได้รับการดูแลโดย Amy Tan แล้วค่ะ"
    said_by_itself(world, first, Automatic.CODE_BOUND, told)
    sent_code(world, first, "ibx-kato-miru-sabu", CodeOutcome.FAILED)
    put_binding(
        world, world.sessions[first].contact.id, agent="amy", team="sales", how=f"code:{CODES[0]}"
    )
    return world


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
def test_codes_in_a_chat(picture: Compare, size: tuple[int, int]) -> None:
    """A code and its reply among questions and replies; beside them to whom they are bound."""
    assert picture(["enter"], size, world=bound_shop())
