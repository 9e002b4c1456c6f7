"""Brings a database file to the present shape, and opens it.

Migrations are Alembic's. They are only imported to bring an older file to :data:`HEAD`, since that
import costs more than opening the database. A new file is made in one go, from ``head.sql``: what
all the migrations make, written down by the test that holds it to them.
"""

import sqlite3
from pathlib import Path

from inbox_tui.clock import Clock
from inbox_tui.errors import Unavailable
from inbox_tui.store.database import Database

HEAD = "0003"
"""The newest migration, held to the files by a test."""

HEAD_SQL = Path(__file__).parent / "migrations" / "head.sql"


def open_database(path: Path, clock: Clock) -> Database:
    """Open the database at ``path``, made or migrated as needed, its file private to its owner.

    Raises Unavailable when it cannot be opened or was written by a newer version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
        found = revision_of(path)
        if found is None and _is_empty(path):
            _make(path)
        elif found != HEAD:
            _migrate(path)
    except (OSError, sqlite3.DatabaseError) as error:
        raise Unavailable(f"The database {path} cannot be opened: {error}") from None
    return Database(path, clock)


def revision_of(path: Path) -> str | None:
    """Return the migration the file is at; None when it is empty."""
    connection = sqlite3.connect(path)
    try:
        found = connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        ).fetchone()
        if found is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return None if row is None else str(row[0])
    finally:
        connection.close()


def _is_empty(path: Path) -> bool:
    return path.stat().st_size == 0


def _make(path: Path) -> None:
    connection = sqlite3.connect(path)
    try:
        # As one transaction: a process that dies on the way leaves an empty file.
        connection.executescript(f"BEGIN IMMEDIATE;\n{HEAD_SQL.read_text('utf-8')}COMMIT;")
    except sqlite3.OperationalError:
        connection.rollback()
        if revision_of(path) != HEAD:  # or else another process has made it meanwhile
            raise
    finally:
        connection.close()


def _migrate(path: Path) -> None:
    import sqlalchemy as sa
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    engine = sa.create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise Unavailable(
            f"The database {path} was written by another version: {error}",
            hint="Use the newest inbox-tui.",
        ) from None
    finally:
        engine.dispose()
