"""This machine's own backend: started when needed, shared, and gone with the last window (O1)."""

import os
import signal
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.journeys.conftest import (
    WITHIN,
    CommandLine,
    Server,
    backend_of,
    eventually,
    is_gone,
    window_at,
)

from inbox_tui.cli.embedded import running_backend
from inbox_tui.client.http import HttpClient
from inbox_tui.mock.handle import MockPlatforms

SIX_LINES = """\
[[channels]]
slug = "bot"
kind = "telegram"
api_base = "PLATFORMS"
credentials = { token = "TOKEN" }
"""


def token_of(line: CommandLine, nickname: str) -> str:
    """Return a token of an agent of the own workspace."""
    return line.ok("token", nickname).out.strip()


def test_says_what_to_do_without_a_workspace(line: CommandLine) -> None:
    for arguments in (["list"], []):
        ran = line.run(*arguments)
        assert ran.code == 1
        assert "inbox-tui demo" in ran.err
        assert ran.err.count("\n") == 1
    assert not line.data.exists()


def test_needs_a_terminal(own: CommandLine) -> None:
    ran = own.run("--as", "amy")
    assert (ran.code, "needs a terminal" in ran.err) == (1, True)


def test_is_asked_who_i_am(own: CommandLine) -> None:
    nobody = own.run("list")
    assert (nobody.code, "--as amy | bo" in nobody.err) == (1, True)
    stranger = own.run("--as", "zoe", "list")
    assert (stranger.code, "“zoe”" in stranger.err) == (1, True)
    assert own.run("--as", "AMY", "list").code == 0
    assert own.run("list", "--as", "bo").code == 0


def test_is_private_to_its_owner(own: CommandLine) -> None:
    own.ok("list", "--as", "amy")
    assert stat.S_IMODE(own.data.stat().st_mode) == 0o700
    for path in own.data.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


async def test_is_started_once_shared_and_goes_with_the_last_window(own: CommandLine) -> None:
    assert running_backend(own.data / "inbox.db") is None
    with ThreadPoolExecutor(3) as together:
        ran = list(together.map(lambda _: own.run("list", "--as", "amy"), range(3)))
    assert [done.code for done in ran] == [0, 0, 0], ran
    running = backend_of(own)
    assert running.embedded
    amy, bo = token_of(own, "amy"), token_of(own, "bo")
    async with window_at(running.address, amy, "one"):
        async with window_at(running.address, bo, "two"):
            pass
        assert own.run("list", "--as", "bo").code == 0
        assert backend_of(own).pid == running.pid
    await eventually(lambda: is_gone(own))
    assert running_backend(own.data / "inbox.db") is None
    own.ok("list", "--as", "amy")
    assert backend_of(own).pid != running.pid


async def test_what_is_being_sent_is_sent_before_it_goes(
    own: CommandLine, mock: MockPlatforms
) -> None:
    own.ok("list", "--as", "amy")
    running = backend_of(own)
    amy = token_of(own, "amy")
    client = HttpClient(running.address, amy, window="w")
    mock.line(
        "line-main",
        target=running.address,
        channel_secret="line-secret",
        access_token="line-access-token",
    )
    async with window_at(running.address, amy, "one") as window:
        mock.say("line-main", "ann", "hello")
        opened = await window.until(lambda event: event.session is not None)
        assert opened.session is not None
        await client.post_message(opened.session.id, "good bye", key="k")
    await client.close()
    await eventually(lambda: is_gone(own))
    assert [sent.text for sent in mock.ledger()] == ["good bye"]


def test_a_server_of_the_own_workspace_is_used(own: CommandLine) -> None:
    server = Server(own, own.data)
    server.start()
    try:
        own.ok("list", "--as", "amy")
        running = backend_of(own)
        assert (running.pid, running.embedded) == (server.process.pid, False)
    finally:
        server.stop()


def test_a_killed_backend_is_replaced(own: CommandLine) -> None:
    own.ok("list", "--as", "amy")
    first = backend_of(own)
    os.kill(first.pid, signal.SIGKILL)
    own.ok("list", "--as", "amy")
    assert backend_of(own).pid != first.pid


@pytest.mark.thorough
def test_a_long_home_gets_a_socket_elsewhere(place: Path, shop: str) -> None:
    home = place / ("a-very-long-name-" * 8)
    home.mkdir()
    line = CommandLine(home, {"XDG_RUNTIME_DIR": str(place)})
    try:
        line.ok("apply", "-", stdin=shop)
        line.ok("list", "--as", "amy")
        socket = Path(backend_of(line).address.removeprefix("unix://"))
        assert len(os.fsencode(socket)) <= 107
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    finally:
        os.kill(backend_of(line).pid, signal.SIGTERM)


def test_the_file_of_one_person_is_applied_when_it_opens(
    line: CommandLine, mock: MockPlatforms
) -> None:
    bot = mock.telegram("bot")
    config = line.home / "config" / "inbox-tui"
    config.mkdir(parents=True)
    text = SIX_LINES.replace("PLATFORMS", mock.base_url)
    (config / "workspace.toml").write_text(text.replace("TOKEN", bot.credentials["token"]))
    try:
        assert line.ok("list", "all", "--json").json["total"] == 0
        mock.say("bot", "ann", "hello from a phone")
        until = time.monotonic() + WITHIN
        while not (page := line.ok("list", "mine", "--json").json)["items"]:
            assert time.monotonic() < until
        assert page["items"][0]["last_line"] == "hello from a phone"
    finally:
        os.kill(backend_of(line).pid, signal.SIGTERM)


def test_a_wrong_file_says_so_and_starts_nothing(own: CommandLine) -> None:
    (own.data / "workspace.toml").write_text('[workspace]\nmax_open = "many"\n')
    ran = own.run("list", "--as", "amy")
    assert ran.code == 1
    assert f"{own.data / 'workspace.toml'}: line 2: workspace.max_open" in ran.err
    assert ran.err.count("\n") == 1
    assert is_gone(own)
