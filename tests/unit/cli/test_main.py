"""The front door: errors as one line, exit codes, and nothing imported before it is needed."""

import subprocess
import sys

import click
import pytest

from inbox_tui.cli import group
from inbox_tui.cli import main as front_door
from inbox_tui.errors import NotFound

HEAVY = (
    "fastapi",
    "starlette",
    "sqlmodel",
    "sqlalchemy",
    "pydantic",
    "uvicorn",
    "httpx",
    "textual",
    "click",
)


def run_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the program with a command that ends with this error."""

    def fail(**_options: object) -> None:
        raise error

    monkeypatch.setattr(group, "cli", type("Cli", (), {"main": staticmethod(fail)}))
    return front_door.run(["list"])


class TestErrors:
    """One clear line on stderr, no traceback."""

    def test_ours_with_its_hint(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run_with(NotFound("No such thing.", hint="Try another."), monkeypatch) == 1
        assert capsys.readouterr().err == "inbox-tui: No such thing. Try another.\n"

    def test_is_safe_and_on_one_line(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run_with(NotFound("bad\x1b[2J\nname\u202e"), monkeypatch) == 1
        assert capsys.readouterr().err == "inbox-tui: bad[2J name\n"

    def test_an_argument_that_is_no_text(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert front_door.run(["reply", "1", "x\udcff"]) == 2
        assert capsys.readouterr().err == "inbox-tui: An argument is no UTF-8.\n"

    def test_unexpected(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.delenv(front_door.TRACEBACK, raising=False)
        assert run_with(ZeroDivisionError("by zero"), monkeypatch) == 1
        assert capsys.readouterr().err == "inbox-tui: unexpected ZeroDivisionError: by zero\n"
        monkeypatch.setenv(front_door.TRACEBACK, "1")
        assert run_with(ZeroDivisionError("by zero"), monkeypatch) == 1
        assert "Traceback" in capsys.readouterr().err

    def test_files(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        error = PermissionError(13, "Permission denied", "/etc/shadow")
        assert run_with(error, monkeypatch) == 1
        assert capsys.readouterr().err == "inbox-tui: /etc/shadow: Permission denied\n"

    def test_usage_and_interruption(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert run_with(click.UsageError("no"), monkeypatch) == 2
        assert run_with(KeyboardInterrupt(), monkeypatch) == 130
        assert run_with(click.Abort(), monkeypatch) == 130


def imported_by(statement: str) -> set[str]:
    """Return the heavy libraries that a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*[n for n in {HEAVY!r} if n in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    return set(ran.stdout.split())


class TestImports:
    """What is loaded before the first frame decides how soon it is there."""

    def test_the_front_door_loads_nothing(self) -> None:
        assert imported_by("import inbox_tui.cli.main, inbox_tui.cli.inbox") == set()

    def test_the_screen_loads_neither_http_nor_the_backend(self) -> None:
        loaded = imported_by("import inbox_tui.cli.main, inbox_tui.cli.inbox, inbox_tui.tui.app")
        assert loaded == {"textual"}

    def test_plain_commands_load_no_backend(self) -> None:
        loaded = imported_by(
            "import inbox_tui.cli.commands.list, inbox_tui.cli.local, inbox_tui.client.http"
        )
        assert loaded == {"click", "httpx"}
