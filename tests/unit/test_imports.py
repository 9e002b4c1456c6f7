"""Starting the terminal imports nothing of the backend: imports are most of its start."""

import importlib.util
import json
import subprocess
import sys
from functools import cache

import pytest

LIST_THEM = """
import importlib, json, sys
importlib.import_module(sys.argv[1])
print(json.dumps(sorted(sys.modules)))
"""
BACKEND = {"fastapi", "starlette", "sqlmodel", "sqlalchemy", "pydantic", "alembic", "uvicorn"}
ROOMS_OF_THE_BACKEND = {"backend", "store", "channels", "assignment", "mock"}


@cache
def imported_by(module: str) -> set[str]:
    """Return everything that a fresh process has imported after importing one module."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_THEM, module], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def tops(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def rooms(modules: set[str]) -> set[str]:
    return {module.split(".")[1] for module in modules if module.startswith("inbox_tui.")}


@pytest.mark.parametrize("module", ["tui.app", "client", "client.http", "state", "state.store"])
def test_the_terminal_imports_nothing_of_the_backend(module: str) -> None:
    name = f"inbox_tui.{module}"
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"there is no {name}")
    modules = imported_by(name)
    assert not tops(modules) & BACKEND
    assert not rooms(modules) & ROOMS_OF_THE_BACKEND


@pytest.mark.parametrize("module", ["state.store", "wire.codec", "wire.models", "text", "errors"])
def test_what_both_sides_share_is_light(module: str) -> None:
    modules = imported_by(f"inbox_tui.{module}")
    assert not tops(modules) & (BACKEND | {"textual", "httpx", "rich"})


def test_the_first_frame_needs_no_http() -> None:
    """The application imports its HTTP client once the first frame stands."""
    if importlib.util.find_spec("inbox_tui.tui.app") is None:
        pytest.skip("there is no inbox_tui.tui.app")
    assert not tops(imported_by("inbox_tui.tui.app")) & {"httpx", "httpx_sse", "qrcode"}


@pytest.mark.parametrize("module", ["qr.sheet", "qr.half_blocks", "cli.commands.qr", "backend.app"])
def test_a_qr_code_is_made_ready_for_when_one_is_drawn(module: str) -> None:
    assert not tops(imported_by(f"inbox_tui.{module}")) & {"qrcode", "PIL", "textual", "zxingcpp"}


@pytest.mark.parametrize("module", ["backend.app", "store.schema", "channels", "assignment"])
def test_the_backend_imports_nothing_of_the_terminal(module: str) -> None:
    modules = imported_by(f"inbox_tui.{module}")
    assert not rooms(modules) & {"tui", "client", "state", "terminal", "cli", "mock"}
    assert not tops(modules) & {"textual", "rich", "pygments"}


def test_the_engine_imports_nothing_that_does_io() -> None:
    modules = imported_by("inbox_tui.assignment")
    assert rooms(modules) <= {"assignment", "wire"}
    assert not tops(modules) & (BACKEND | {"httpx", "asyncio", "socket", "random"})


def test_opening_a_database_at_head_imports_no_alembic() -> None:
    assert "alembic" not in tops(imported_by("inbox_tui.store.schema"))
