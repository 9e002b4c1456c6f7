"""A terminal that is taken away: who is gone serves nobody, and leaves nothing running (P3, O1)."""

import sys
from pathlib import Path

import pytest
from tests.journeys.conftest import CommandLine, Server
from tests.pty.conftest import environment_of

from inbox_tui.testing.terminal import PseudoTerminal

LIKE_MAKE = (
    "import signal, subprocess, sys; "
    "signal.signal(signal.SIGHUP, lambda *_: None); "
    "sys.exit(abs(subprocess.call(sys.argv[1:])))"
)
"""Whoever leads a session is told alone that its terminal is gone; this one keeps it to itself."""


DEAF = (
    "import os, signal, sys; "
    "signal.signal(signal.SIGHUP, signal.SIG_IGN); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)


@pytest.mark.parametrize("leader", [LIKE_MAKE, DEAF], ids=["told_nothing", "heeds_nothing"])
def test_the_window_ends_whoever_leads_its_session(server: Server, leader: str) -> None:
    with PseudoTerminal(
        [sys.executable, "-c", leader, *server.line.command()],
        environment=environment_of(server, server.unix, "amy"),
    ) as window:
        window.wait_for("● live")
        window.press("?")
        window.wait_for("╰")
        window.take_away()
        window.wait_end()


@pytest.mark.thorough
def test_a_demo_leaves_nothing_running_and_nothing_lying_about(place: Path, tmp_path: Path) -> None:
    line = CommandLine(place, {"TMPDIR": str(tmp_path)})
    environment = {name: it for name, it in line.environment.items() if name != "COLUMNS"}
    with PseudoTerminal(
        [sys.executable, "-c", LIKE_MAKE, *line.command("demo")],
        environment=environment | {"LC_ALL": "C.UTF-8"},
    ) as window:
        window.wait_for("● live")
        assert list(tmp_path.iterdir())
        window.press("?")
        window.wait_for("╰")
        window.take_away()
        window.wait_end()
    assert not list(tmp_path.iterdir())
