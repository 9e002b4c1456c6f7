"""``inbox-tui qr`` against the real server, its output scanned off a real terminal (Q1, Q2, Q9)."""

import asyncio
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from tests.journeys.conftest import (
    BOT_TOKEN,
    Ran,
    Server,
    shop_on,
    shop_server,
    short_directory,
)

from inbox_tui import codes
from inbox_tui.client.http import HttpClient
from inbox_tui.client.port import CodeQuery
from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.testing.output import Kind
from inbox_tui.testing.scanner import (
    DARK_TERMINAL,
    LIGHT_TERMINAL,
    Pixels,
    of_file,
    of_ink,
    of_path,
    of_terminal,
    scan,
)
from inbox_tui.testing.terminal import PseudoTerminal

SVG = "{http://www.w3.org/2000/svg}"
TELEGRAM = f"""
[[channels]]
slug = "bot"
kind = "telegram"
name = "Baan Shop Bot"
api_base = "PLATFORMS"
[channels.credentials]
token = "{BOT_TOKEN}"

[[channels]]
slug = "lost"
kind = "telegram"
name = "Out of reach"
api_base = "http://127.0.0.1:9"
[channels.credentials]
token = "{BOT_TOKEN}"
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return a server with a LINE account and two bots, one of them out of reach."""
    with short_directory() as directory, MockPlatforms() as platforms:
        platforms.telegram("bot", token=BOT_TOKEN)
        text = shop_on(platforms).replace(
            'name = "Baan Shop"', 'name = "Baan Shop"\nlanguage = "th"'
        )
        text += TELEGRAM.replace("PLATFORMS", platforms.base_url)
        with shop_server(directory, platforms, text) as running:
            yield running


def qr(server: Server, *arguments: str, channel: str = "line-main", who: str = "amy") -> Ran:
    return server.run_as(who, "qr", *arguments, "--channel", channel)


def of_svg(text: str) -> Pixels:
    """Return a QR as SVG in pixels, eight to a module."""
    root = ET.fromstring(text)
    size = float(root.get("viewBox", "").split()[-1])
    _ground, drawn = root.iter(f"{SVG}path")
    return of_path(drawn.get("d", ""), size, size, 8)


def codes_of(server: Server) -> set[tuple[str, str]]:
    """Return the team and channel of every team's code, asked of the server itself."""

    async def ask() -> set[tuple[str, str]]:
        client = HttpClient(server.unix, server.token("amy"), window="test")
        try:
            page = await client.codes(CodeQuery())
        finally:
            await client.close()
        return {(code.team or "", code.channel) for code in page.items}

    return asyncio.run(ask())


def terminal(server: Server, *arguments: str, size: tuple[int, int]) -> PseudoTerminal:
    """Run the command in a terminal of its own."""
    return PseudoTerminal(
        server.line.command("qr", *arguments),
        environment={
            **{name: told for name, told in server.line.environment.items() if name != "COLUMNS"},
            "INBOX_TUI_URL": server.unix,
            "INBOX_TUI_TOKEN": server.token("amy"),
            "LC_ALL": "C.UTF-8",
        },
        size=size,
    )


class TestWhose:
    """Whose code it is, and that it is one and the same each time."""

    def test_q9_without_a_name_it_is_my_own(self, server: Server) -> None:
        mine = qr(server, "--json").json
        assert (mine["agent"], mine["team"], mine["channel"]) == ("amy", None, "line-main")
        assert qr(server, "amy", "--json").json["code"] == mine["code"]

    def test_q1_an_agent_a_team_an_agent_inside_a_team(self, server: Server) -> None:
        one = qr(server, "bo", "--json").json
        team = qr(server, "--team", "sales", "--json").json
        inside = qr(server, "bo", "--team", "sales", "--json").json
        told = [(code["agent"], code["team"]) for code in (one, team, inside)]
        assert told == [("bo", None), (None, "sales"), ("bo", "sales")]
        assert len({code["code"] for code in (one, team, inside)}) == 3

    @pytest.mark.parametrize("channel", ["line-main", "bot"])
    def test_q3_the_link_carries_the_code_alone(self, server: Server, channel: str) -> None:
        code = qr(server, "--json", channel=channel).json
        assert qr(server, "--link", channel=channel).out == f"{code['link']}\n"
        assert re.split(r"[?=]", code["link"])[-1] == code["code"]
        reading = codes.read(code["code"])
        assert reading is not None
        assert reading.code == code["code"]

    def test_q10_tags_and_expiry(self, server: Server) -> None:
        code = qr(
            server, "bo", "--tag", "fair", "--tag", "งานแฟร์", "--expires", "30d", "--json"
        ).json
        assert code["tags"] == ["fair", "งานแฟร์"]
        left = datetime.fromisoformat(code["expires_at"]) - datetime.now(UTC)
        assert timedelta(days=29) < left <= timedelta(days=30)
        told = qr(server, "bo").out
        assert "Whoever binds by it gets: fair, งานแฟร์." in told
        assert "Expires 20" in told
        bare = qr(server, "bo", "--no-tags", "--expires", "never", "--json").json
        assert (bare["code"], bare["tags"], bare["expires_at"]) == (code["code"], [], None)

    def test_w1_an_agent_has_no_code_of_a_colleague(self, server: Server) -> None:
        ran = qr(server, "amy", who="bo")
        assert (ran.code, ran.out) == (1, "")
        assert len(ran.err.splitlines()) == 1
        assert "for yourself" in ran.err


class TestOnATerminal:
    """What a phone sees."""

    @pytest.mark.parametrize("channel", ["line-main", "bot"])
    @pytest.mark.parametrize("size", [(80, 24), (120, 30), (60, 40), (41, 40)])
    def test_q9_it_is_scanned_off_a_dark_and_a_light_one(
        self, server: Server, size: tuple[int, int], channel: str
    ) -> None:
        link = qr(server, "--link", channel=channel).out.strip()
        with terminal(server, "--channel", channel, size=size) as shown:
            assert shown.wait_end() == 0
            for colours in (DARK_TERMINAL, LIGHT_TERMINAL):
                assert scan(of_terminal(shown, size[1], *colours)) == link
            assert not shown.strange
            assert {piece.kind for piece in shown.pieces} == {Kind.TEXT, Kind.NEW_LINE, Kind.STYLE}
            said = " ".join(shown.text.replace("▀", " ").split())
            assert link.rpartition("=")[2].rpartition("?")[2] in said
            assert "Note:" not in said

    def test_q2_the_prompt_says_to_send_it_unchanged(self, server: Server) -> None:
        with terminal(server, "--channel", "line-main", size=(80, 24)) as shown:
            assert shown.wait_end() == 0
            beside = " ".join(line[41:].strip() for line in shown.lines[1:])
            told = " ".join(beside.split())
        assert "Amy Tan (amy) on Baan Shop LINE (line-main)" in told
        assert "send the message that is filled in, unchanged" in told

    def test_q9_no_colour_changes_nothing_of_it(self, server: Server) -> None:
        with PseudoTerminal(
            server.line.command("qr", "--channel", "line-main"),
            environment={
                **server.line.environment,
                "COLUMNS": "80",
                "NO_COLOR": "1",
                "INBOX_TUI_URL": server.unix,
                "INBOX_TUI_TOKEN": server.token("amy"),
            },
        ) as shown:
            assert shown.wait_end() == 0
            assert scan(of_terminal(shown, 24, *DARK_TERMINAL)).startswith("https://line.me/")

    def test_q9_plain_symbols(self, server: Server) -> None:
        """The config file asks for them; a module is two blanks then."""
        config = server.line.home / "config" / "inbox-tui"
        config.mkdir(parents=True, exist_ok=True)
        (config / "config.toml").write_text('symbols = "ascii"\n')
        try:
            with terminal(server, "--channel", "line-main", size=(100, 50)) as shown:
                assert shown.wait_end() == 0
                assert "▀" not in shown.text
                read = scan(of_terminal(shown, 50, *DARK_TERMINAL))
        finally:
            (config / "config.toml").unlink()
        assert read == qr(server, "--link").out.strip()

    def test_a_window_too_narrow_is_told_how_wide_it_must_be(self, server: Server) -> None:
        with terminal(server, "--channel", "line-main", size=(40, 24)) as shown:
            assert shown.wait_end() == 1
            said = " ".join("".join(f"{line:<40}" for line in shown.lines).split())
            assert "is 40 columns wide, and the QR needs 41" in said
            assert "--png FILE" in said
            assert "▀" not in shown.text
            assert "oaMessage" in said

    def test_a_window_too_low_is_told_too(self, server: Server) -> None:
        with terminal(server, "--channel", "line-main", size=(80, 20)) as shown:
            assert shown.wait_end() == 0
            assert "the QR is 21 lines high" in " ".join(shown.text.split())


class TestElsewhere:
    """In a pipe, where nobody knows what ground it comes to stand on."""

    def test_q9_dark_modules_are_ink(self, server: Server) -> None:
        ran = qr(server)
        link, who, code, prompt, *drawn = ran.out.splitlines()
        assert scan(of_ink(drawn)) == link
        assert "\x1b" not in ran.out
        assert who == "Amy Tan (amy) on Baan Shop LINE (line-main)"
        assert link.endswith(code)
        assert "unchanged" in prompt

    def test_without_half_blocks_in_the_encoding(self, server: Server) -> None:
        ran = server.line.run(
            *("qr", "--channel", "line-main"),
            INBOX_TUI_URL=server.unix,
            INBOX_TUI_TOKEN=server.token("amy"),
            PYTHONIOENCODING="ascii",
        )
        assert ran.code == 0, ran.err
        link, _who, _code, _prompt, *drawn = ran.out.splitlines()
        assert scan(of_ink([line.replace("#", "█") for line in drawn])) == link


class TestKept:
    """As a file."""

    def test_q9_png(self, server: Server, tmp_path: Path) -> None:
        path = tmp_path / "amy.png"
        ran = qr(server, "--png", str(path))
        code, link = ran.out.splitlines()
        assert code.endswith(f" kept as {path}")
        assert scan(of_file(path.read_bytes())) == link

    def test_q9_svg(self, server: Server, tmp_path: Path) -> None:
        path = tmp_path / "amy.svg"
        link = qr(server, "--svg", str(path)).out.splitlines()[1]
        assert scan(of_svg(path.read_text())) == link

    def test_q9_the_card_speaks_the_shops_language(self, server: Server, tmp_path: Path) -> None:
        path = tmp_path / "card.svg"
        code = qr(server, "bo", "--team", "sales", "--sheet", str(path), "--json").json
        told = ["".join(text.itertext()) for text in ET.parse(path).iter(f"{SVG}text")]
        assert told[0] == "Bo · Sales"
        assert told[1] == "Baan Shop LINE"
        assert told[2].startswith("สแกน")
        assert told[-1] == code["code"]

    def test_what_is_there_is_not_written_over_unasked(
        self, server: Server, tmp_path: Path
    ) -> None:
        path = tmp_path / "there.png"
        path.write_text("mine")
        ran = qr(server, "--png", str(path))
        assert (ran.code, ran.out) == (1, "")
        assert "is there already. Write over it with --force." in ran.err
        assert path.read_text() == "mine"
        assert qr(server, "--png", str(path), "--force").code == 0
        assert path.read_bytes().startswith(b"\x89PNG")
        assert [each.name for each in tmp_path.iterdir()] == ["there.png"]

    @pytest.mark.parametrize(
        ("place", "why"),
        [
            ("nowhere/a.png", "There is no directory"),
            (".", "is a directory"),
            ("file/a.png", "There is no directory"),
        ],
    )
    def test_q9_a_file_that_cannot_be_written_makes_no_code(
        self, server: Server, tmp_path: Path, place: str, why: str
    ) -> None:
        (tmp_path / "file").touch()
        ran = qr(server, "--team", "sales", "--svg", str(tmp_path / place), channel="bot")
        assert (ran.code, ran.out) == (1, "")
        assert why in ran.err
        assert len(ran.err.splitlines()) == 1
        assert ("sales", "bot") not in codes_of(server)


async def test_q9_what_the_server_draws_is_read_as_well(server: Server) -> None:
    code = qr(server, "--json").json
    client = httpx.AsyncClient(
        base_url=server.http, headers={"Authorization": f"Bearer {server.token('amy')}"}
    )
    async with client:
        png = await client.get(f"/api/codes/{code['code']}/qr.png")
        svg = await client.get(f"/api/codes/{code['code']}/qr.svg")
    assert png.headers["content-type"] == "image/png"
    assert scan(of_file(png.content)) == code["link"]
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert scan(of_svg(svg.text)) == code["link"]


class TestWrong:
    """One clear line, and nothing made."""

    @pytest.mark.parametrize(
        ("arguments", "channel", "why"),
        [
            (("nobody",), "line-main", "There is no agent “nobody”"),
            (("--team", "nowhere"), "line-main", "There is no team “nowhere”"),
            ((), "nosuch", "There is no channel “nosuch”"),
            ((), "lost", "could not be reached"),
        ],
    )
    def test_q9_names_that_are_none(
        self, server: Server, arguments: tuple[str, ...], channel: str, why: str
    ) -> None:
        ran = qr(server, *arguments, channel=channel)
        assert (ran.code, ran.out) == (1, "")
        assert why in ran.err
        assert len(ran.err.splitlines()) == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            ("--channel", "line-main", "--png", "a", "--svg", "b"),
            ("--channel", "line-main", "--json", "--link"),
            ("--channel", "line-main", "--expires", "soon"),
            ("--channel", "line-main", "--tag", "a", "--no-tags"),
            ("--channel", "line-main", "one", "two"),
        ],
    )
    def test_wrong_usage_is_told_apart(self, server: Server, arguments: tuple[str, ...]) -> None:
        assert server.run_as("amy", "qr", *arguments).code == 2


def test_the_shell_completes_it(server: Server) -> None:
    ran = server.line.run(
        _INBOX_TUI_COMPLETE="bash_complete", COMP_WORDS="inbox-tui qr --s", COMP_CWORD="2"
    )
    assert {"plain,--svg", "plain,--sheet"} <= set(ran.out.split())
