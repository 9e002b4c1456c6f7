"""A code to be scanned: made, drawn, copied, kept as a picture, changed, revoked (Q1, Q2, Q9)."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.grids import LANGUAGES, SIZES, grid

from inbox_tui.errors import NotPossibleNow, Unavailable
from inbox_tui.state.assignees import Assignee
from inbox_tui.terminal.writer import Terminal
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.codes import put_code
from inbox_tui.testing.scenes import bound_shop
from inbox_tui.testing.world import World
from inbox_tui.tui.render.symbols import ASCII
from inbox_tui.wire.codes import Code
from inbox_tui.wire.words import CodeState, Role


@pytest.fixture
def world() -> World:
    return bound_shop()


@pytest.fixture
def code(world: World) -> Code:
    return put_code(world, agent="amy")


@pytest.fixture
async def window(
    open_window: Any, world: World, code: Code, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Any]:
    """A window of an owner on their own code, 100 by 30, in an empty directory."""
    monkeypatch.chdir(tmp_path)
    async with open_window(world, size=(100, 30)) as window:
        await window.press("Q")
        yield window


def names(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def is_whole(window: Any) -> bool:
    """Say whether every line and column of the QR code is on the screen."""
    view = window.app.screen._qr
    needs, shown = view.needs, view.region
    return bool(needs == shown.size and window.app.screen.region.contains_region(shown))


class TestShowing:
    async def test_q9_it_is_drawn_with_the_prompt_the_code_and_the_link(
        self, window: Any, code: Code
    ) -> None:
        assert is_whole(window)
        assert "send it unchanged" in " ".join(window.text.split())
        assert code.code in window.text
        assert "https://line.me/R/oaMessage/%40baanshop/?" in window.text
        assert "● live" in window.text

    @pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 45)])
    async def test_q9_it_is_whole_at(
        self, open_window: Any, world: World, code: Code, size: tuple[int, int]
    ) -> None:
        async with open_window(world, size=size) as window:
            await window.press("Q")
            assert is_whole(window)
            assert code.code in window.text

    async def test_q9_a_longer_link_takes_the_lines_of_the_header(
        self, open_window: Any, world: World, code: Code
    ) -> None:
        world.codes[code.code] = replace(code, link=f"{code.link}-and-some-more-words")
        async with open_window(world, size=(80, 24)) as window:
            await window.press("Q")
            assert window.app.screen.has_class("-tall")
            assert is_whole(window)

    async def test_q9_a_window_too_small_says_so_and_offers_link_and_picture(
        self, open_window: Any, world: World, code: Code
    ) -> None:
        async with open_window(world, size=(60, 20)) as window:
            await window.press("Q")
            assert "needs 41 columns and 22 lines" in window.text
            assert code.code in window.text
            assert "Copy link" in window.text.splitlines()[-1]

    async def test_q1_each_channel_has_its_own(self, window: Any, world: World) -> None:
        assert "line-main · Baan Shop LINE" in window.text
        await window.press("v")
        assert "telegram · Baan Shop Bot" in window.text
        assert "There is no code yet for this channel." in window.text
        await window.press("n")
        assert "https://t.me/baanshop_bot?start=" in window.text
        made = list(world.codes.values())[-1]
        assert (made.channel, made.agent, made.team) == ("telegram", "amy", None)

    async def test_q1_for_me_for_me_inside_a_team_for_a_team(
        self, window: Any, world: World
    ) -> None:
        await window.press("t", "n")
        assert "amy in sales" in window.text
        await window.press("t", "n")
        assert "team care" in window.text
        made = [(each.agent, each.team) for each in world.codes.values()]
        assert made == [("amy", None), ("amy", "sales"), (None, "care")]

    async def test_w1_an_agent_has_no_codes_of_teams(self, open_window: Any, world: World) -> None:
        world.agents["amy"] = replace(world.agents["amy"], role=Role.AGENT)
        async with open_window(world, size=(100, 30)) as window:
            await window.press("Q", "t")
            assert "amy in sales" in window.text
            await window.press("t")
            assert "team care" not in window.text

    @pytest.mark.parametrize(
        ("state", "told"),
        [
            (CodeState.EXPIRED, "This code binds nobody any more. n makes a new one."),
            (CodeState.INACTIVE, "the account is not active"),
        ],
    )
    async def test_q9_one_that_does_not_bind_is_not_drawn(
        self, open_window: Any, world: World, code: Code, state: CodeState, told: str
    ) -> None:
        world.codes[code.code] = replace(code, state=state)
        async with open_window(world, size=(100, 30)) as window:
            await window.press("Q")
            assert window.app.screen._qr.needs is None
            assert told in " ".join(window.text.split())
            await window.press("c")
            assert "binds nobody" in window.text.splitlines()[-1]

    async def test_what_names_hold_stays_text(self, open_window: Any, world: World) -> None:
        world.channels["line-main"] = replace(
            world.channels["line-main"], name="\x1b]0;x\x07[@click=app.quit]shop[/x]"
        )
        async with open_window(world, size=(100, 30)) as window:
            await window.press("Q")
            assert "[@click=app.quit]shop[/x]" in " ".join(window.text.split())
            assert "\x1b" not in window.text


class TestMaking:
    async def test_q9_there_is_one_live_code_and_a_new_one_takes_its_place_after_asking(
        self, window: Any, world: World, code: Code
    ) -> None:
        await window.press("n")
        assert f"Make a new code in the place of {code.code}?" in window.text
        await window.press("escape")
        assert len(world.codes) == 1
        await window.press("n", "shift+tab", "enter")
        assert world.codes[code.code].state is CodeState.REVOKED
        made = list(world.codes.values())[-1]
        assert made.state is CodeState.LIVE
        assert f"The code is {made.code}." in window.text
        assert is_whole(window)

    async def test_q9_it_is_revoked_after_asking(
        self, window: Any, world: World, code: Code
    ) -> None:
        await window.press("d")
        assert "Revoke ibx-kato-miru-sabe?" in window.text
        assert "bound already stays bound" in window.text
        await window.press("enter")
        assert world.codes[code.code].state is CodeState.LIVE
        await window.press("d", "shift+tab", "enter")
        assert world.codes[code.code].state is CodeState.REVOKED
        assert "There is no code yet" in window.text

    async def test_q9_q10_expiry_and_tags_are_set(
        self, window: Any, world: World, code: Code
    ) -> None:
        await window.press("e")
        await window.type("30")
        await window.press("tab")
        await window.type("vip, fair")
        await window.press("ctrl+s")
        changed = world.codes[code.code]
        assert changed.expires_at == world.now + timedelta(days=30)
        assert changed.tags == ["vip", "fair"]
        assert "live until" in window.text
        assert "vip, fair" in window.text

    async def test_q1_a_code_that_somebody_made_meanwhile_keeps_its_tags(
        self, window: Any, world: World
    ) -> None:
        await window.press("v")
        made = put_code(world, agent="amy", channel=window.app.screen._channel, tags=["fair"])
        await window.press("n")
        assert f"The code is {made.code}." in window.text
        assert world.codes[made.code].tags == ["fair"]

    async def test_q9_q10_expiry_and_tags_are_taken_away(
        self, window: Any, world: World, code: Code
    ) -> None:
        await window.press("e", "3", "tab", "v", "ctrl+s")
        await window.press("e", "tab", "backspace", "ctrl+s")
        kept = world.codes[code.code]
        assert kept.tags == []
        assert kept.expires_at == world.now + timedelta(days=3)
        await window.press("e", "0", "ctrl+s")
        assert world.codes[code.code].expires_at is None
        assert "live until" not in window.text

    @pytest.mark.parametrize("typed", ["-1", "x", "9999"])
    async def test_q9_what_is_no_number_of_days_is_said_at_the_field(
        self, window: Any, world: World, code: Code, typed: str
    ) -> None:
        await window.press("e")
        await window.type(typed)
        await window.press("ctrl+s")
        assert "days, 0 to 3650" in window.text
        assert world.codes[code.code].expires_at is None

    async def test_q1_a_channel_that_cannot_carry_a_code_says_why_in_its_place(
        self, window: Any, world: World
    ) -> None:
        why = "The address of an SMS number cannot carry a code."
        window.client.refuse("make_code", NotPossibleNow(why))
        await window.press("v", "n")
        assert window.text.count(why) == 2  # in the code's place, and in the line at the bottom
        assert len(world.codes) == 1
        await window.press("v")
        assert is_whole(window)

    async def test_an_error_of_the_expiry_stays_in_its_dialog(self, window: Any) -> None:
        window.client.refuse("make_code", Unavailable("The server is busy."))
        await window.press("e", "ctrl+s")
        assert "The server is busy." in window.text
        await window.press("escape")
        assert is_whole(window)

    async def test_codes_that_cannot_be_read_say_why(self, open_window: Any, world: World) -> None:
        client = FakeClient(world, "amy")
        client.refuse("codes", Unavailable("The server is busy."))
        async with open_window(world, client=client, size=(100, 30)) as window:
            await window.press("Q")
            assert "The server is busy." in window.text

    async def test_q9_what_somebody_else_does_with_it_is_seen(
        self, window: Any, world: World, code: Code
    ) -> None:
        await FakeClient(world, "cho").revoke_code(code.code)
        await window.settle()
        await window.app.screen.again.now()
        await window.settle()
        assert "There is no code yet" in window.text

    async def test_q9_a_supervisor_makes_the_code_of_a_colleague_from_the_people_screen(
        self, open_window: Any, world: World
    ) -> None:
        async with open_window(world, size=(100, 30)) as window:
            await window.press("P")
            window.app.screen._rows.select(Assignee("bo"))
            await window.press("c", "n", "t", "n")
            made = [(each.agent, each.team, each.by) for each in world.codes.values()]
            assert made == [("bo", None, "amy"), ("bo", "care", "amy")]
            await window.press("escape", "2", "c", "n")
            assert list(world.codes.values())[-1].team == "care"
            assert "There is nobody else" not in window.text
            await window.press("t")
            assert "There is nobody else to show a code for here." in window.text


class TestCopying:
    async def test_q9_the_link_goes_to_the_terminals_clipboard(
        self, window: Any, code: Code
    ) -> None:
        written: list[str] = []
        window.app._driver.write = written.append
        await window.press("c")
        sequence = next(each for each in written if each.startswith("\x1b]52;c;"))
        data = sequence.removeprefix("\x1b]52;c;").removesuffix("\x1b\\")
        assert base64.b64decode(data).decode() == code.link
        assert "handed to your terminal's clipboard" in window.text

    async def test_q9_a_link_too_long_to_copy_is_said(
        self, window: Any, world: World, code: Code
    ) -> None:
        written: list[str] = []
        window.app.desk.terminal = Terminal(written.append)
        window.app.screen._codes[Assignee("amy")] = [replace(code, link="x" * 80_000)]
        await window.press("c")
        assert "The link is too long for the terminal's clipboard." in window.text
        assert written == []


class TestSaving:
    async def test_q9_a_png_is_kept_beside_where_it_was_started(
        self, window: Any, tmp_path: Path
    ) -> None:
        await window.press("s", "tab", "enter")
        kept = tmp_path / "code-amy-line-main.png"
        assert kept.read_bytes().startswith(b"\x89PNG")
        assert "Saved as" in window.text

    @pytest.mark.parametrize(
        ("keys", "name", "holds"),
        [
            (["right"], "code-amy-line-main.svg", "<svg"),
            (["right", "right"], "code-amy-line-main-sheet.svg", "ibx-kato-miru-sabe"),
        ],
    )
    async def test_q9_an_svg_and_a_sheet_are_kept(
        self, window: Any, tmp_path: Path, keys: list[str], name: str, holds: str
    ) -> None:
        await window.press("s", *keys, "tab", "enter")
        assert holds in (tmp_path / name).read_text("utf-8")

    async def test_q9_what_is_there_is_written_over_only_when_saved_once_more(
        self, window: Any, tmp_path: Path
    ) -> None:
        kept = tmp_path / "code-amy-line-main.png"
        kept.write_text("mine", "utf-8")
        await window.press("s", "tab", "enter")
        assert "There already." in window.text
        assert kept.read_text("utf-8") == "mine"
        await window.press("ctrl+s")
        assert kept.read_bytes().startswith(b"\x89PNG")
        assert [name for name in names(tmp_path) if "code" in name] == [kept.name]

    async def test_another_name_is_asked_about_again(self, window: Any, tmp_path: Path) -> None:
        for name in ("code-amy-line-main.png", "a.png"):
            (tmp_path / name).write_text("mine", "utf-8")
        await window.press("s", "tab", "enter")
        window.app.screen._path.value = "a.png"
        await window.press("enter")
        assert "There already." in window.text
        assert (tmp_path / "a.png").read_text("utf-8") == "mine"

    @pytest.mark.parametrize(
        ("path", "why"),
        [
            ("nowhere/code.png", "Not written: No such file or directory"),
            ("", "needed"),
        ],
    )
    async def test_q9_what_cannot_be_written_is_one_line_at_the_field(
        self, window: Any, path: str, why: str
    ) -> None:
        await window.press("s")
        window.app.screen._path.value = path
        await window.press("ctrl+s")
        assert why in " ".join(window.text.split())

    async def test_a_directory_is_never_written_over(self, window: Any, tmp_path: Path) -> None:
        (tmp_path / "here").mkdir()
        await window.press("s")
        window.app.screen._path.value = "here"
        await window.press("ctrl+s", "ctrl+s")
        assert "Not written" in window.text
        assert (tmp_path / "here").is_dir()
        assert not [name for name in names(tmp_path) if name.startswith(".here")]


@pytest.mark.parametrize(("language", "size"), grid(LANGUAGES, SIZES))
async def test_everything_is_said_in_every_language_and_size(
    open_window: Any, world: World, code: Code, language: str, size: tuple[int, int]
) -> None:
    async with open_window(world, size=size, language=language) as window:
        await window.press("Q")
        assert code.code in window.text
        assert "code." not in window.text
        await window.press("s")
        assert "save." not in window.text


@pytest.mark.parametrize("theme", ["inbox-dark", "inbox-light", "ansi-light", "nord"])
async def test_q9_it_is_black_on_white_in_every_theme(
    open_window: Any, world: World, code: Code, theme: str
) -> None:
    async with open_window(world, size=(100, 30)) as window:
        window.app.theme = theme
        await window.press("Q")
        region = window.app.screen._qr.region
        strips = window.app.screen._compositor.render_strips()[region.y : region.bottom]
        cells = [cell for strip in strips for cell in strip.crop(region.x, region.right)]
        found = {(cell.style.color.name, cell.style.bgcolor.name) for cell in cells if cell.style}
        assert {colour for pair in found for colour in pair} == {"#000000", "#ffffff"}
        assert {cell.text[0] for cell in cells} == {" ", "▀"}


async def test_q9_plain_symbols_draw_it_in_blanks(
    open_window: Any, world: World, code: Code
) -> None:
    async with open_window(world, size=(160, 50)) as window:
        window.app.desk.symbols = ASCII
        await window.press("Q")
        view = window.app.screen._qr
        assert is_whole(window)
        assert view.needs == (82, 41)
        assert all(not strip.text.strip() for strip in view._strips)


async def test_a_link_that_no_qr_code_holds_is_said_and_can_be_copied(
    open_window: Any, world: World, code: Code
) -> None:
    world.codes[code.code] = replace(code, link="https://shop.example/" + "x" * 4_000)
    async with open_window(world, size=(100, 30)) as window:
        await window.press("Q")
        assert "No QR code holds a link" in " ".join(window.text.split())
        await window.press("c")
        assert "handed to your terminal's clipboard" in window.text
