"""The screen of automatic messages: read by all, switched and written by owners (M4, M8)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from tests.grids import LANGUAGES, SIZES, grid

from inbox_tui.errors import Unavailable
from inbox_tui.state.changes import Link
from inbox_tui.testing.automatic import built_in
from inbox_tui.testing.hostile import HOSTILE, forbidden
from inbox_tui.testing.scenes import busy_shop
from inbox_tui.testing.world import World
from inbox_tui.tui.automatic import editor
from inbox_tui.wire.automatic import AutomaticMessage, Template
from inbox_tui.wire.words import Automatic, EventKind, Role

GREETING = 0
OWN = Template(language="th", text="สวัสดี {contact_name}", own=True, version=3)


@pytest.fixture
def world() -> World:
    """The busy shop, where amy is the owner and the Thai greeting was written by somebody."""
    world = busy_shop()
    world.agents["amy"] = replace(world.agents["amy"], role=Role.OWNER)
    world.automatic = built_in()
    greeting = world.automatic[GREETING]
    world.automatic[GREETING] = replace(greeting, on=True, templates=[*greeting.templates, OWN])
    return world


@pytest.fixture
async def window(open_window: Any, world: World) -> AsyncIterator[Any]:
    """A window of the owner on the screen, 100 by 40."""
    async with open_window(world, size=(100, 40)) as window:
        await window.press("M")
        yield window


def greeting(world: World) -> AutomaticMessage:
    return next(each for each in world.automatic if each.kind is Automatic.GREETING)


def own(world: World) -> dict[tuple[str, str | None], str]:
    return {
        (each.language, each.channel): each.text for each in greeting(world).templates if each.own
    }


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have previews asked for without a pause after the last key."""
    monkeypatch.setattr(editor, "PREVIEW_AFTER", 0.0)


async def wait_for_preview(window: Any) -> None:
    """Wait until the text as it stands was asked about, and shown or refused."""
    await window.settle()
    await window.settle()


class TestList:
    async def test_m8_every_kind_says_whether_it_is_sent_and_whose_its_texts_are(
        self, window: Any
    ) -> None:
        lines = window.text.splitlines()
        first = next(at for at, line in enumerate(lines) if "greeting" in line)
        assert "● on" in lines[first]
        assert lines[first].rstrip().endswith("own: th")
        assert "Hello {contact_name}!" in lines[first + 1]
        assert any("○ off" in line and "rating question" in line for line in lines)
        assert any("● always" in line and "code: not accepted" in line for line in lines)
        assert any("again after 10 min at the earliest" in line for line in lines)

    async def test_m8_a_kind_is_switched(self, window: Any, world: World) -> None:
        await window.press("s")
        assert not greeting(world).on
        assert "“greeting” is not sent any more." in window.text
        await window.press("s")
        assert greeting(world).on

    async def test_q6_a_reply_to_codes_is_always_sent(self, window: Any, world: World) -> None:
        await window.press("G", "s")
        assert world.automatic[-1].on
        assert "always sent" in window.text

    async def test_m4_how_often_is_set_in_minutes(self, window: Any, world: World) -> None:
        await window.press("i")
        assert "Minutes" in window.text
        await window.press("ctrl+a", "delete", "x", "enter")
        assert "minutes, 0 to 1440" in window.text
        await window.press("ctrl+a", "delete", "2", "full_stop", "5", "enter")
        assert world.min_gap == 150.0
        assert "again after 2.5 min at the earliest" in window.text

    async def test_what_a_colleague_changes_is_seen(self, window: Any, world: World) -> None:
        world.automatic = [replace(each, on=True) for each in world.automatic]
        world.tell(EventKind.AUTOMATIC_CHANGED, actor="bo")
        await window.settle()
        assert "○ off" not in window.text

    async def test_w1_who_is_no_owner_looks_only(self, open_window: Any, world: World) -> None:
        async with open_window(world, nickname="bo", size=(100, 40)) as window:
            await window.press("M", "s")
            assert greeting(world).on
            assert "Automatic messages are changed by owners." in window.text
            await window.press("enter")
            assert "Save" not in window.text
            await window.press("x", "ctrl+s", "ctrl+r")
            await wait_for_preview(window)
            assert "Preview with session #" in window.text
            assert own(world) == {("th", None): OWN.text}

    async def test_without_a_line_it_says_why(self, open_window: Any, world: World) -> None:
        async with open_window(world, size=(80, 24)) as window:
            window.client.refuse("automatic", Unavailable("No.", data={"say": "silent"}))
            await window.press("M")
            assert "does not answer" in window.text
            assert window.app.desk.store.link is Link.LIVE


class TestTexts:
    async def test_m8_a_text_is_previewed_with_the_data_of_a_session(
        self, window: Any, world: World
    ) -> None:
        await window.press("enter")
        await wait_for_preview(window)
        newest = max(world.sessions)
        name = world.sessions[newest].contact
        assert "Texts: greeting" in window.text
        assert f"Preview with session #{newest}:" in window.text
        assert f"│ Hello {name.nickname or name.name}!" in window.text
        assert "│ This is Baan Shop." in window.text
        assert "the line is left out: {response_time}" in window.text
        assert "{contact_name} {shop_name} {agent_name}" in window.text

    async def test_m8_an_unknown_variable_is_said_at_the_text_and_nothing_is_lost(
        self, window: Any, world: World
    ) -> None:
        await window.press("enter", "down", "down", "end")
        await window.type(" {nonsense}")
        await wait_for_preview(window)
        assert "There is no variable {nonsense}." in window.text
        assert "No preview of a text that cannot be saved." in window.text
        await window.press("ctrl+s")
        assert "There is no variable {nonsense}." in window.text
        assert "{response_time}. {nonsense}" in window.text
        assert own(world) == {("th", None): OWN.text}

    async def test_m8_texts_of_several_languages_are_saved_together(
        self, window: Any, world: World
    ) -> None:
        await window.press("enter", "ctrl+home")
        await window.type("A")
        await window.press("shift+tab", "shift+tab", "right", "right", "tab", "tab")
        assert "Others not saved yet: 1." in window.text
        await window.press("ctrl+home")
        await window.type("B")
        await window.press("ctrl+s")
        assert "The texts of “greeting” are saved." in window.text
        assert {key: text[0] for key, text in own(world).items()} == {
            ("th", None): "ส",
            ("en", None): "A",
            ("vi", None): "B",
        }

    async def test_m8_a_channel_may_have_its_own(self, window: Any, world: World) -> None:
        await window.press("enter", "shift+tab", "right", "tab", "ctrl+home")
        await window.type("L")
        await window.press("ctrl+s")
        assert own(world)["en", "line-main"].startswith("LHello")
        assert "own: th; en on line-main" in window.text

    async def test_m8_a_language_that_has_no_text_yet_gets_one(
        self, window: Any, world: World
    ) -> None:
        await window.press("enter", "shift+tab", "shift+tab", "left")
        assert "Which" in window.text
        await window.press("tab", "tab", "tab")
        await window.type("Hi")
        await window.press("ctrl+s")
        assert "needed" in window.text  # in which language?
        await window.type("ZH")
        await wait_for_preview(window)
        assert "│ Hi" in window.text
        await window.press("tab", "tab", "home")
        await window.type("Ni hao, ")
        await wait_for_preview(window)
        assert "│ Ni hao, Hi" in window.text
        assert "Others not saved yet" not in window.text
        await window.press("ctrl+r")
        assert "There is no built-in text in this language." in window.text
        await window.press("ctrl+s")
        assert own(world)["zh", None] == "Ni hao, Hi"
        assert "own: th, zh" in window.text

    async def test_m8_back_to_the_built_in_text(self, window: Any, world: World) -> None:
        await window.press("enter", "shift+tab", "shift+tab", "right", "tab", "tab")
        assert "Your own text." in window.text
        await window.press("ctrl+r")
        assert "Your own text is given up when you save." in window.text
        await window.press("ctrl+s")
        assert own(world) == {}

    async def test_m8_a_text_that_changed_meanwhile_is_not_written_over(
        self, window: Any, world: World
    ) -> None:
        await window.press("enter", "shift+tab", "shift+tab", "right", "tab", "tab", "end")
        await window.type("!")
        newer = replace(OWN, text="ใหม่", version=4)
        templates = [newer if each is OWN else each for each in greeting(world).templates]
        world.automatic[GREETING] = replace(greeting(world), templates=templates)
        await window.press("ctrl+s")
        assert "was changed since you read it" in window.text
        assert "save once more" in window.text
        assert own(world) == {("th", None): "ใหม่"}
        await window.press("ctrl+s")
        assert own(world) == {("th", None): OWN.text + "!"}

    async def test_leaving_with_something_unsaved_asks_twice(
        self, window: Any, world: World
    ) -> None:
        await window.press("enter", "ctrl+home")
        await window.type("A")
        await window.press("escape")
        assert "Esc again throws it away" in window.text
        await window.press("escape")
        assert "Texts: greeting" not in window.text
        assert own(world) == {("th", None): OWN.text}

    async def test_a_session_is_chosen_by_its_number(self, window: Any) -> None:
        await window.press("enter", "tab")
        await window.type("x")
        await wait_for_preview(window)
        assert "a session's number" in window.text
        await window.press("backspace", "1")
        await wait_for_preview(window)
        assert "Preview with session #1:" in window.text


@pytest.mark.parametrize(("language", "size"), grid(LANGUAGES, SIZES))
async def test_it_fits_every_window_and_language(
    open_window: Any, world: World, size: tuple[int, int], language: str
) -> None:
    async with open_window(world, size=size, language=language) as window:
        await window.press("M")
        assert window.app.desk.t("automatic.title") in window.text
        await window.press("enter")
        await wait_for_preview(window)
        assert window.app.desk.t("dialog.save") in window.text
        await window.press("pagedown")
        number = max(world.sessions)
        assert window.app.desk.t("automatic.preview.of", number=number)[:12] in window.text


BATCH = len(Automatic)


@pytest.mark.parametrize("at", range(0, len(HOSTILE), BATCH))
async def test_hostile_texts_stay_text(open_window: Any, world: World, at: int) -> None:
    batch = HOSTILE[at : at + BATCH]
    for number, (hostile, message) in enumerate(zip(batch, built_in(), strict=False)):
        own = Template(language="en", text=hostile.text, own=True, version=1)
        on_one = replace(own, channel=hostile.text)
        world.automatic[number] = replace(
            message,
            templates=[*message.templates, own, on_one],
            variables=[hostile.text],
        )
    async with open_window(world, size=(100, 40)) as window:
        await window.press("M")
        for hostile in batch:
            assert hostile.mark in window.text
            assert forbidden(window.text.replace("\n", " ")) == []
        await window.press("enter")
        await wait_for_preview(window)
        assert batch[0].mark in window.text
        assert forbidden(window.text.replace("\n", " ")) == []
