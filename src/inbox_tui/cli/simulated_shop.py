"""A workspace to be simulated: its file, applied for real to a database that is thrown away.

So the simulation knows a workspace exactly as the server would: the same reading, the same checks,
the same defaults, and the same facts for the engine. No secret is needed for it, and none is read.
"""

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from inbox_tui.cli.environment import environment_for
from inbox_tui.errors import Invalid
from inbox_tui.simulate.shop import Channel, Shop

if TYPE_CHECKING:
    from inbox_tui.store.work import Work

_TABLES = (
    "workspace",
    "agents",
    "teams",
    "team_members",
    "channels",
    "hours",
    "rules",
    "rule_turns",
)
"""Where a database says how its workspace is; the others say what happened in it."""


def shop_of(text: str | None, base: Path | None = None) -> Shop:
    """Return the workspace that a file describes, on top of a database's if there is one.

    ``text`` None is the workspace of the database as it is. The database is only read. Raises
    InvalidWorkspace for a wrong file, Invalid for a workspace nobody works in.
    """
    from inbox_tui.clock import SystemClock
    from inbox_tui.store.schema import open_database

    with tempfile.TemporaryDirectory(prefix="inbox-tui-simulate-") as directory:
        path = Path(directory) / "workspace.db"
        if base is not None:
            open_database(path, SystemClock()).close()
            _copy_workspace(base, path)
        database = open_database(path, SystemClock())
        try:
            shop = database.write_now(_read, text)
        finally:
            database.close()
    if not any(agent.active for agent in shop.agents):
        raise Invalid("There is no agent in this workspace.")
    return shop


def _read(work: "Work", text: str | None) -> Shop:
    """Apply the file, and read what the engine would be told of it.

    Its people have been there all along: when the accounts were made says nothing of the days that
    are simulated (P1).
    """
    from msgspec.structs import replace

    from inbox_tui.backend.assigner import facts
    from inbox_tui.backend.workspace import service

    if text is not None:
        service.apply_file(work, text, environment_for(text, _AnySecret()))
    names, agents, teams = facts.people(work.connection)
    return Shop(
        policy=replace(facts.policy(names.settings), several_since=None),
        agents=tuple(agents),
        teams=tuple(teams),
        channels={
            channel.slug: Channel(channel.id, channel.team_id)
            for channel in names.channels.values()
        },
        rules=tuple(facts.rule_facts(work.connection, names)),
        hours=names.hours,
        timezone=names.settings.timezone,
        idle_close=names.settings.idle_close,
    )


class _AnySecret(Mapping[str, str]):
    """Stands for the environment: whatever is asked for is there, and it is no secret."""

    def __getitem__(self, name: str) -> str:
        return "simulated"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _copy_workspace(source: Path, target: Path) -> None:
    """Copy what a database says of its workspace, and nothing of what happened in it."""
    with closing(sqlite3.connect(target, isolation_level=None, uri=True)) as connection:
        connection.execute("ATTACH ? AS source", (f"{source.resolve().as_uri()}?mode=ro",))
        connection.execute("BEGIN IMMEDIATE")
        for table in _TABLES:
            columns = _columns(connection, "main", table) & _columns(connection, "source", table)
            names = ", ".join(f'"{column}"' for column in sorted(columns))
            if names:
                connection.execute(f'DELETE FROM main."{table}"')  # noqa: S608 - our own names
                connection.execute(
                    f'INSERT INTO main."{table}" ({names}) '  # noqa: S608 - our own names
                    f'SELECT {names} FROM source."{table}"'
                )
        connection.execute("COMMIT")


def _columns(connection: sqlite3.Connection, schema: str, table: str) -> set[str]:
    rows = connection.execute(f'PRAGMA {schema}.table_info("{table}")')
    return {row[1] for row in rows}
