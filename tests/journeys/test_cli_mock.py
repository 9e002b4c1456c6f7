"""The simulated side as commands: platforms, one message, a scenario, and parts that end alone."""

import asyncio
import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.conftest import WITHIN, CommandLine, Server, eventually

from inbox_tui.cli.children import Child
from inbox_tui.mock.control import Control
from inbox_tui.mock.handle import MockPlatforms


@pytest.fixture
def child(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Child]:
    """Return platforms as a child process of this one."""
    monkeypatch.setenv("HOME", str(line.home))
    child = Child(line.home / "platforms.log", "mock", "serve", "--port", "0")
    yield child
    child.stop()


def test_serve_says_where_and_ends_on_request(child: Child) -> None:
    with Control(child.first_line(WITHIN).split()[-1]) as control:
        assert control.accounts() == []


def test_a_child_ends_with_its_parent(line: CommandLine, place: Path) -> None:
    """The lifeline: a parent that is killed takes its parts with it."""
    code = (
        "import pathlib, sys, time; from inbox_tui.cli.children import Child\n"
        f"child = Child(pathlib.Path({str(place / 'log')!r}), 'mock', 'serve', '--port', '0')\n"
        "print(child.first_line(30), flush=True); time.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [*line.command()[:1], "-c", code],
        stdout=subprocess.PIPE,
        env=line.environment,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        address = parent.stdout.readline().split()[-1]
        parent.send_signal(signal.SIGKILL)
        parent.wait(WITHIN)
    port = int(address.rpartition(":")[2])

    def is_free() -> bool:
        ran = line.run("mock", "send", "x", "y", "z", "--platforms", f"http://127.0.0.1:{port}")
        return ran.code == 1 and "do not answer" in ran.err

    asyncio.run(eventually(is_free))


@pytest.mark.thorough
def test_send_and_play_reach_the_inbox(server: Server, mock: MockPlatforms) -> None:
    there = ("--platforms", mock.base_url)
    sent = server.line.run("mock", "send", "line-main", "ann", "hello", "--name", "Ann", *there)
    assert sent.code == 0, sent.err
    assert sent.out.startswith("sent ")
    unknown = server.line.run("mock", "send", "nowhere", "ann", "hello", *there)
    assert (unknown.code, unknown.err.count("\n")) == (1, 1)
    with subprocess.Popen(
        server.line.command("mock", "play", "shop", "--speed", "50", *there),
        stdout=subprocess.PIPE,
        env=server.line.environment,
        text=True,
    ) as playing:
        try:
            assert playing.stdout is not None
            assert any(" writes on " in told for told in playing.stdout)
        finally:
            playing.terminate()
    mock.settle()
    page = server.run_as("amy", "list", "all", "--json").json
    assert page["total"] >= 2
    assert "Ann" in [item["contact"]["name"] for item in page["items"]]


def test_a_scenario_that_is_not_there_is_told_with_those_that_are(
    line: CommandLine, mock: MockPlatforms
) -> None:
    mock.line("line-main")
    refused = line.run("mock", "play", "no-such", "--platforms", mock.base_url)
    assert refused.code == 1
    assert "busy_morning" in refused.err
    unnamed = line.run("mock", "play", "--link", "you", "--platforms", mock.base_url)
    assert (unnamed.code, unnamed.err.count("\n")) == (1, 1)
    assert "WHOSE=LINK" in unnamed.err


def test_serve_prints_channels_for_the_workspace_file(line: CommandLine, place: Path) -> None:
    with subprocess.Popen(
        line.command("mock", "serve", "--port", "0", "--target", f"unix://{place}/s.sock"),
        stdout=subprocess.PIPE,
        env=line.environment,
        text=True,
    ) as serving:
        try:
            assert serving.stdout is not None
            assert serving.stdout.readline().startswith("inbox-tui mock serves http://")
            told = ""
            while "telegram" not in told:
                told += serving.stdout.readline()
            serving.terminate()
            told += serving.stdout.read()
        finally:
            serving.terminate()
    applied = line.run("apply", "-", "--json", stdin=told)
    assert applied.code == 0, applied.err
    assert "channel telegram-main" in json.loads(applied.out)["created"]


def test_send_scans_a_code_as_the_app_does(line: CommandLine, mock: MockPlatforms) -> None:
    account = mock.line("line-main")
    link = f"https://line.me/R/oaMessage/{account.credentials['basic_id']}/?ibx-kato-miru-sabe"
    there = ("--platforms", mock.base_url)

    def send(*arguments: str) -> tuple[int, list[str]]:
        ran = line.run("mock", "send", "line-main", "ann", *arguments, *there)
        return ran.code, [row.split()[0] for row in (ran.out or ran.err).splitlines()]

    assert send("--scan", link, "--name", "Ann") == (0, ["prefilled", "sent"])
    assert send("--scan", link, "--times", "0") == (0, ["prefilled"])
    assert send("--code", "ibx-kato-miru-sabe", "--times", "2") == (0, ["sent", "sent"])
    assert send("--code", "x", "y")[0] == 1
    assert send("hello", "--times", "0")[0] == 1
    assert send("--scan", "https://example.com")[0] == 1
    assert [user.name for user in mock.users("line-main")] == ["Ann"]
