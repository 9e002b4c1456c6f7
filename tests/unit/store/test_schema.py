"""Migrations make what the classes say; files are private; wrong files are told."""

import os
import re
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from inbox_tui.errors import Invalid, Unavailable
from inbox_tui.store import schema, tables
from inbox_tui.store.database import path_of
from inbox_tui.store.schema import HEAD, HEAD_SQL, _migrate, open_database, revision_of
from inbox_tui.testing.clock import FakeClock

MIGRATIONS = Path(schema.__file__).parent / "migrations"
METADATA = tables.table(tables.Session).metadata
SEARCHES = re.compile(r"(entry|contact)_search(_\w+)?|alembic_version|sqlite_\w+")
"""Made by migrations alone: full text search is no table of SQLAlchemy's."""


def test_head_is_the_newest_migration() -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_a_new_file_is_at_head(path: Path) -> None:
    assert revision_of(path) == HEAD


def made_of(path: Path) -> str:
    """Return the statements that make a database as this one, for a new file."""
    connection = sqlite3.connect(path)
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    ).fetchall()
    (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.close()
    searches = [name for name, sql in found if sql.startswith("CREATE VIRTUAL")]
    made = [
        sql
        for name, sql in found
        if not any(name.startswith(f"{search}_") for search in searches)  # made by the virtual one
    ]
    made.append(f"INSERT INTO alembic_version VALUES ('{version}')")
    return "".join(f"{' '.join(sql.split())};\n" for sql in made)


def test_a_new_file_is_what_all_migrations_make(tmp_path: Path) -> None:
    migrated, path = tmp_path / "migrated.db", tmp_path / "new.db"
    _migrate(migrated)
    if os.environ.get("UPDATE_HEAD_SQL"):
        HEAD_SQL.write_text(made_of(migrated))
    open_database(path, FakeClock()).close()
    assert HEAD_SQL.read_text() == made_of(migrated)
    assert made_of(path) == made_of(migrated)
    assert described(path) == described(migrated)


def test_a_file_that_came_to_nothing_is_made(tmp_path: Path) -> None:
    """Whoever makes it may die on the way: nothing is in the file then, and the next one does."""
    path = tmp_path / "inbox.db"
    path.touch()
    open_database(path, FakeClock()).close()
    assert revision_of(path) == HEAD


def test_two_may_make_it_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both see an empty file; who comes second takes what the first has made."""
    is_empty = schema._is_empty

    def look_and_be_late(path: Path) -> bool:
        found = is_empty(path)
        schema._make(path)
        return found

    monkeypatch.setattr(schema, "_is_empty", look_and_be_late)
    open_database(tmp_path / "inbox.db", FakeClock()).close()
    assert revision_of(tmp_path / "inbox.db") == HEAD


def test_alembic_sees_no_difference(path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda _o, name, _k, reflected, _to: (
                    not (reflected and name and SEARCHES.fullmatch(name))
                ),
            },
        )
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def described(path: Path) -> dict[str, object]:
    """Say of each table its columns with type, nullability and default, and its indexes."""
    connection = sqlite3.connect(path)
    found: dict[str, object] = {}
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not SEARCHES.fullmatch(name)
    ]
    for name in names:
        columns = {
            (column, kind, bool(needed), None if default is None else default.strip("'()"), key)
            for _, column, kind, needed, default, key in connection.execute(
                f"PRAGMA table_info('{name}')"
            )
        }
        references = {
            (target, source, column)
            for _, _, target, source, column, *_ in connection.execute(
                f"PRAGMA foreign_key_list('{name}')"
            )
        }
        indexes = set()
        for _, index, unique, origin, partial in connection.execute(f"PRAGMA index_list('{name}')"):
            of = tuple(row[2] for row in connection.execute(f"PRAGMA index_info('{index}')"))
            (text,) = connection.execute(
                "SELECT sql FROM sqlite_master WHERE name = ?", (index,)
            ).fetchone() or (None,)
            where = text.split("WHERE", 1)[1].strip() if text and partial else None
            indexes.add((index if origin == "c" else None, bool(unique), of, where))
        found[name] = {"columns": columns, "references": references, "indexes": indexes}
    connection.close()
    return found


def test_the_tables_are_those_of_the_classes(path: Path, tmp_path: Path) -> None:
    """Compared by SQLite itself: columns, defaults, keys, indexes with their conditions."""
    plain = tmp_path / "plain.db"
    engine = sa.create_engine(f"sqlite:///{plain}")
    METADATA.create_all(engine)
    engine.dispose()
    made, meant = described(path), described(plain)
    assert made.keys() == meant.keys()
    for name, table in meant.items():
        assert made[name] == table, name


def test_a_conversation_has_at_most_one_open_session(path: Path) -> None:
    connection = sqlite3.connect(path)
    insert = (
        "INSERT INTO sessions (conversation_id, contact_id, channel_id, version, state, priority,"
        " team_chosen, last_activity_at, last_line, last_line_kind, customer_messages, replies,"
        " opened_at) VALUES (1, 1, 1, 1, ?, 'normal', 0, 0, '', 'customer', 0, 0, 0)"
    )
    connection.execute(insert, ("closed",))
    connection.execute(insert, ("closed",))
    connection.execute(insert, ("open",))
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(insert, ("open",))
    connection.close()


def test_the_file_is_private_and_its_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "inbox.db"
    open_database(path, FakeClock()).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_opening_twice_migrates_once(path: Path) -> None:
    before = path.read_bytes()[:100]
    open_database(path, FakeClock()).close()
    assert revision_of(path) == HEAD
    assert path.read_bytes()[:16] == before[:16]


def test_a_newer_file_is_refused_and_left_alone(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(Unavailable, match="another version"):
        open_database(path, FakeClock())
    assert revision_of(path) == "9999"


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes and no database at all, but they are long enough\n" * 20)
    with pytest.raises(Unavailable, match="cannot be opened"):
        open_database(path, FakeClock())
    assert path.read_text().startswith("these are my notes")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be opened"):
        open_database(tmp_path, FakeClock())


@pytest.mark.parametrize(
    "url", ["", "nonsense", "postgresql://localhost/inbox", "sqlite://", "sqlite:///:memory:"]
)
def test_other_databases_are_refused_with_a_hint(url: str) -> None:
    with pytest.raises(Invalid) as told:
        path_of(url)
    assert told.value.hint


def test_the_path_in_a_url() -> None:
    assert path_of("sqlite:////var/lib/inbox.db") == Path("/var/lib/inbox.db")


def test_0002_fills_in_what_sessions_would_have_said_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for number, (contact, agent, language) in enumerate(
            [(1, 7, None), (2, 8, "th"), (1, None, None), (1, None, None)], start=1
        ):
            connection.execute(
                sa.text(
                    "INSERT INTO sessions (id, conversation_id, contact_id, channel_id, version,"
                    " state, priority, team_chosen, last_activity_at, last_line, last_line_kind,"
                    " customer_messages, replies, opened_at, assignee_id, language) VALUES"
                    " (:id, 1, :contact, 1, 1, 'closed', 'normal', 0, 0, '', 'customer', 0, 0, 0,"
                    " :agent, :language)"
                ),
                {"id": number, "contact": contact, "agent": agent, "language": language},
            )
    engine.dispose()
    open_database(path, FakeClock()).close()
    found = sqlite3.connect(path).execute(
        "SELECT returning_contact, previous_agent_id, language_from, lapsed FROM sessions"
        " ORDER BY id"
    )
    assert found.fetchall() == [
        (0, None, "workspace", "[]"),
        (0, None, "profile", "[]"),
        (1, 7, "workspace", "[]"),
        (1, 7, "workspace", "[]"),
    ]
