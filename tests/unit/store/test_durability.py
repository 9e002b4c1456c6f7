"""What a write has returned is on the disk: a writer that is killed loses nothing of it."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from tests.unit.store.conftest import Opener

from inbox_tui.store import tables

WRITER = """
import asyncio, sys
from pathlib import Path
from inbox_tui.clock import SystemClock
from inbox_tui.errors import Refused
from inbox_tui.store import tables
from inbox_tui.store.schema import open_database

database = open_database(Path(sys.argv[1]), SystemClock())

def unit(work, name):
    work.insert(tables.Agent, nickname=name, name=name)
    work.append("agent.changed", data={"of": name})
    if name.endswith("7"):
        raise Refused("every tenth")

async def one(lane):
    number = 0
    while True:
        name = f"{lane}-{number}"
        number += 1
        try:
            await database.write(unit, name)
        except Refused:
            continue
        sys.stdout.write(name + "\\n")  # the acknowledgement
        sys.stdout.flush()

async def main():
    await asyncio.gather(*(one(lane) for lane in range(8)))

asyncio.run(main())
"""
ENOUGH = 200


def kept(connection: Connection) -> tuple[set[str], list[str], list[int]]:
    agents = tables.table(tables.Agent)
    events = tables.table(tables.Event)
    rows = connection.execute(sa.select(events.c.seq, events.c.data).order_by(events.c.seq)).all()
    nicknames = connection.execute(sa.select(agents.c.nickname)).scalars()
    return set(nicknames), [row.data["of"] for row in rows], [row.seq for row in rows]


async def test_a_killed_writer_loses_nothing_it_acknowledged(path: Path, opener: Opener) -> None:
    child = subprocess.Popen(  # noqa: ASYNC220 - its output is read as it comes
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    try:
        acknowledged = [child.stdout.readline().strip() for _ in range(ENOUGH)]
    finally:
        os.kill(child.pid, signal.SIGKILL)
        rest = child.stdout.read().split("\n")
        child.stdout.close()
        child.wait()
    acknowledged += [line for line in rest[:-1] if line]

    database = await asyncio.to_thread(opener)
    rows, told, numbers = await database.read(kept)
    assert set(acknowledged) <= rows, "an acknowledged unit of work is gone"
    assert set(told) == rows, "a row without its event, or an event without its row"
    assert len(told) == len(rows)
    assert numbers == list(range(1, len(numbers) + 1))
    assert not any(name.endswith("7") for name in rows)
    assert await database.read(lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar()) == (
        "ok"
    )


async def test_the_connections_are_durable_and_checked(opener: Opener) -> None:
    database = opener()

    def pragmas(connection: Connection) -> tuple[object, ...]:
        return tuple(
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        )

    assert await database.write(lambda work: pragmas(work.connection)) == ("wal", 2, 1)
    assert await database.read(pragmas) == ("wal", 2, 1)
