"""A database file of its own for each test, made from one that was migrated once."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inbox_tui.store.database import Database
from inbox_tui.store.schema import open_database
from inbox_tui.testing.clock import FakeClock

Opener = Callable[[], Database]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest migration."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    open_database(path, FakeClock()).close()
    return path


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def path(tmp_path: Path, migrated: Path) -> Path:
    return Path(shutil.copy(migrated, tmp_path / "inbox.db"))


@pytest.fixture
def opener(path: Path, clock: FakeClock) -> Iterator[Opener]:
    """Opens the same file again and again; closes what is open at the end."""
    opened: list[Database] = []

    def open_again() -> Database:
        opened.append(open_database(path, clock))
        return opened[-1]

    yield open_again
    for database in opened:
        database.close()


@pytest.fixture
def database(opener: Opener) -> Database:
    return opener()
