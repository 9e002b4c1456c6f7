"""The one writer: group commit, savepoints, the numbers of the log, readers' snapshots."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence, Set
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection
from tests.unit.store.conftest import Opener

from inbox_tui.errors import NotFound, Unavailable
from inbox_tui.store import tables
from inbox_tui.store.database import MOST_IN_A_COMMIT, PATIENT_IN_A_COMMIT, Database
from inbox_tui.store.schema import _migrate, open_database
from inbox_tui.store.work import LoggedEvent, Work
from inbox_tui.testing.clock import FakeClock

AGENTS = tables.table(tables.Agent)
EVENTS = tables.table(tables.Event)

Unit = Callable[[Work], Any]


def hire(name: str, *, fail: bool = False) -> Unit:
    """A unit of work with a row, an event and something in the shared cache."""

    def run(work: Work) -> int:
        agent_id = work.insert(tables.Agent, nickname=name, name=name)
        work.append("agent.changed", subject_id=agent_id)
        work.shared["last"] = name
        work.touched.add(name)
        if fail:
            raise NotFound(name)
        return agent_id

    return run


def names(connection: Connection) -> list[str]:
    return list(connection.execute(sa.select(AGENTS.c.nickname).order_by(AGENTS.c.id)).scalars())


def numbers(connection: Connection) -> list[int]:
    return list(connection.execute(sa.select(EVENTS.c.seq).order_by(EVENTS.c.seq)).scalars())


class Gate:
    """Holds the writer inside one unit of work, so that what is handed in meanwhile waits."""

    def __init__(self, database: Database) -> None:
        self._entered, self._open = threading.Event(), threading.Event()
        self._task = asyncio.ensure_future(database.write(self._wait))

    def _wait(self, _work: Work) -> None:
        self._entered.set()
        assert self._open.wait(30)

    async def closed(self) -> None:
        assert await asyncio.to_thread(self._entered.wait, 30)

    async def open(self) -> None:
        self._open.set()
        await self._task


async def together(database: Database, units: Sequence[Unit], *, urgent: bool = True) -> list[Any]:
    """Hand in units that are certain to be in one commit."""
    gate = Gate(database)
    await gate.closed()
    writes = [asyncio.ensure_future(database.write(unit, urgent=urgent)) for unit in units]
    await asyncio.sleep(0)  # each has put its unit in the queue
    await gate.open()
    return await asyncio.gather(*writes, return_exceptions=True)


async def test_a_write_returns_what_the_service_returned(database: Database) -> None:
    first = await database.write(hire("amy"))
    second = await database.write(hire("bo"))
    assert (first, second) == (1, 2)
    assert await database.read(names) == ["amy", "bo"]


async def test_a_failing_unit_leaves_no_trace_and_its_neighbours_commit(database: Database) -> None:
    results = await together(database, [hire("amy"), hire("bo", fail=True), hire("cy")])
    assert results[0] == 1
    assert isinstance(results[1], NotFound)
    assert await database.read(names) == ["amy", "cy"]
    assert await database.read(numbers) == [1, 2]


async def test_a_failing_statement_fails_only_its_unit(database: Database) -> None:
    results = await together(database, [hire("amy"), hire("amy"), hire("bo")])
    assert isinstance(results[1], (sa.exc.IntegrityError, sqlite3.IntegrityError))
    assert await database.read(names) == ["amy", "bo"]
    assert await database.read(numbers) == [1, 2]


async def test_a_failing_unit_empties_what_was_shared(database: Database) -> None:
    await database.write(hire("amy"))

    def seen(work: Work) -> Any:
        return work.shared.get("last")

    assert await database.write(seen) == "amy"
    with pytest.raises(NotFound):
        await database.write(hire("bo", fail=True))
    assert await database.write(seen) is None


async def test_an_error_at_the_end_of_a_unit_undoes_it(database: Database) -> None:
    def refuse(work: Work) -> None:
        if "bo" in work.touched:
            raise NotFound("refused at the end")

    database.on_finish(refuse)
    results = await together(database, [hire("amy"), hire("bo"), hire("cy")])
    assert [isinstance(result, NotFound) for result in results] == [False, True, False]
    assert await database.read(names) == ["amy", "cy"]
    assert await database.read(numbers) == [1, 2]


async def test_a_commit_that_fails_fails_all_of_it_and_the_next_goes_on(database: Database) -> None:
    def dangle(work: Work) -> None:
        # A foreign key checked at the end of the transaction only: the commit itself fails.
        work.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        work.insert(tables.Token, agent_id=999, hash="h", created_at=0)
        work.append("agent.changed")

    told: list[int] = []
    database.on_commit(lambda events, _: told.extend(event.seq for event in events))
    results = await together(database, [hire("amy"), dangle, hire("bo")])
    assert all(isinstance(result, Unavailable) for result in results)
    assert told == []
    assert await database.read(names) == []
    await database.write(hire("cy"))
    assert await database.read(numbers) == [1]
    assert told == [1]


async def test_listeners_hear_commits_in_order_before_the_writes_return(database: Database) -> None:
    heard: list[int] = []
    touched: set[str] = set()

    def listen(events: Sequence[LoggedEvent], names_touched: Set[str]) -> None:
        heard.extend(event.seq for event in events)
        touched.update(names_touched)

    database.on_commit(listen)

    async def write(name: str) -> None:
        await database.write(hire(name))
        assert heard, "the write returned before its events were told"

    await asyncio.gather(*(write(f"a{n}") for n in range(50)))
    await asyncio.gather(
        *(database.write(hire(f"b{n}", fail=True)) for n in range(5)), return_exceptions=True
    )
    assert heard == list(range(1, 51))
    assert touched == {f"a{n}" for n in range(50)}, "a failed unit told what it touched"


async def test_a_unit_without_events_tells_nobody(database: Database) -> None:
    heard: list[object] = []
    database.on_commit(lambda *told: heard.append(told))
    await database.write(lambda work: work.execute(sa.select(1)).scalar())
    assert heard == []


async def test_a_cancelled_writer_changes_nothing_for_the_others(database: Database) -> None:
    gate = Gate(database)
    await gate.closed()
    gone = asyncio.ensure_future(database.write(hire("amy")))
    stays = asyncio.ensure_future(database.write(hire("bo")))
    await asyncio.sleep(0)
    gone.cancel()
    await gate.open()
    assert await stays == 2
    assert await database.read(numbers) == [1, 2]


@settings(max_examples=25)
@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["ok", "raise", "clash"]))),
        max_size=6,
    )
)
def test_the_log_is_contiguous_whatever_fails(
    batches: list[list[tuple[int, str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any mixture of units that commit and fail leaves one event a row, numbered without holes."""
    from inbox_tui.store.schema import open_database
    from inbox_tui.testing.clock import FakeClock

    path = tmp_path_factory.getbasetemp() / "contiguous.db"
    database = open_database(path, FakeClock())

    def unit(name: str, events: int, outcome: str) -> Unit:
        def run(work: Work) -> None:
            work.insert(tables.Agent, nickname="clash" if outcome == "clash" else name, name=name)
            for _ in range(events):
                work.append("agent.changed", data={"of": name})
            if outcome == "raise":
                raise NotFound(name)

        return run

    def wipe(work: Work) -> None:
        work.execute(sa.delete(AGENTS))
        work.insert(tables.Agent, nickname="clash", name="there already")

    def last(connection: Connection) -> int:
        return connection.execute(sa.select(sa.func.max(EVENTS.c.seq))).scalar() or 0

    async def run() -> None:
        await database.write(wipe)
        start = await database.read(last)
        expected = 0
        for number, batch in enumerate(batches):
            units = [unit(f"{number}.{at}", n, how) for at, (n, how) in enumerate(batch)]
            await asyncio.gather(*(database.write(u) for u in units), return_exceptions=True)
            expected += sum(n for n, how in batch if how == "ok")
        seen = [seq for seq in await database.read(numbers) if seq > start]
        assert seen == list(range(start + 1, start + 1 + expected))

    try:
        asyncio.run(run())
    finally:
        database.close()


async def test_a_reader_sees_one_snapshot(database: Database) -> None:
    await database.write(hire("amy"))
    reading, written = threading.Event(), threading.Event()

    def twice(connection: Connection) -> tuple[list[str], list[str]]:
        before = names(connection)
        reading.set()
        assert written.wait(30)
        return before, names(connection)

    read = asyncio.ensure_future(database.read(twice))
    assert await asyncio.to_thread(reading.wait, 30)
    await database.write(hire("bo"))
    written.set()
    assert await read == (["amy"], ["amy"])
    assert await database.read(names) == ["amy", "bo"]


async def test_a_read_sees_every_write_that_returned(database: Database) -> None:
    for number in range(20):
        await database.write(hire(f"a{number}"))
        assert len(await database.read(names)) == number + 1


async def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(sa.exc.OperationalError):
        await database.read(lambda connection: connection.execute(sa.delete(AGENTS)))
    await database.write(hire("amy"))
    assert await database.read(names) == ["amy"]


async def test_a_failing_read_leaves_the_connection_usable(database: Database) -> None:
    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("SELECT * FROM nowhere")

    for _ in range(10):
        with pytest.raises(sa.exc.OperationalError):
            await database.read(fail)
    await database.write(hire("amy"))
    assert await database.read(names) == ["amy"]


async def test_neither_urgent_nor_patient_work_is_starved(database: Database) -> None:
    """With both waiting, each commit takes some of both, in the order they came."""
    order: list[tuple[str, int]] = []

    def note(kind: str, number: int) -> Unit:
        return lambda _work: order.append((kind, number))

    gate = Gate(database)
    await gate.closed()
    patient = [
        asyncio.ensure_future(database.write(note("patient", n), urgent=False)) for n in range(100)
    ]
    urgent = [asyncio.ensure_future(database.write(note("urgent", n))) for n in range(600)]
    await asyncio.sleep(0)
    await gate.open()
    await asyncio.gather(*patient, *urgent)
    first = order[: MOST_IN_A_COMMIT + PATIENT_IN_A_COMMIT]
    assert [kind for kind, _ in first].count("urgent") == MOST_IN_A_COMMIT
    assert [kind for kind, _ in first].count("patient") == PATIENT_IN_A_COMMIT
    for kind, count in (("urgent", 600), ("patient", 100)):
        assert [n for of, n in order if of == kind] == list(range(count))


async def test_patient_work_alone_fills_a_commit(database: Database) -> None:
    results = await together(database, [hire(f"a{n}") for n in range(60)], urgent=False)
    assert results == list(range(1, 61))


async def test_work_from_several_loops_is_told_to_each(database: Database) -> None:
    def other() -> object:
        return database.write_now(hire("from a thread"))

    results = await asyncio.gather(asyncio.to_thread(other), database.write(hire("from here")))
    assert set(results) == {1, 2}


async def test_everything_in_a_unit_has_one_time(database: Database) -> None:
    def twice(work: Work) -> tuple[int, int, int]:
        event = work.append("agent.changed")
        return work.now, event.at, work.now

    assert len(set(await database.write(twice))) == 1


async def test_what_was_handed_in_before_closing_is_done(opener: Opener) -> None:
    """Also when the writer has not even begun."""
    for number in range(10):
        database = opener()
        write = asyncio.ensure_future(database.write(hire(f"a{number}")))
        await asyncio.sleep(0)
        await asyncio.to_thread(database.close)
        assert await asyncio.wait_for(write, 30) == number + 1


async def test_a_closed_database_says_so(database: Database) -> None:
    await asyncio.to_thread(database.close)
    with pytest.raises(Unavailable):
        await database.write(hire("amy"))
    with pytest.raises(Unavailable):
        await database.read(names)
    database.close()  # a second time is fine


async def test_closing_and_opening_keeps_everything(opener: Opener) -> None:
    first = opener()
    await first.write(hire("amy"))
    with pytest.raises(NotFound):
        await first.write(hire("bo", fail=True))
    await asyncio.to_thread(first.close)
    second = opener()
    await second.write(hire("cy"))
    assert await second.read(names) == ["amy", "cy"]
    assert await second.read(numbers) == [1, 2]


def test_a_file_that_somebody_holds_is_refused_and_nobody_waits(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox_tui.store.database.BUSY_TIMEOUT_MS", 1)
    path = tmp_path / "new.db"
    _migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM agents").fetchall()  # WAL cannot be turned on meanwhile
        with pytest.raises(Unavailable, match="cannot be opened: database is locked"):
            open_database(path, clock)


class _Killed(BaseException):
    """What no unit of work may catch."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_when_the_writer_dies_what_waits_and_what_comes_fails(database: Database) -> None:
    def die(_work: Work) -> None:
        raise _Killed

    gate = Gate(database)
    await gate.closed()
    first = asyncio.ensure_future(database.write(die))
    behind = asyncio.ensure_future(database.write(hire("amy"), urgent=False))
    await asyncio.sleep(0)
    await gate.open()
    for waiting in (first, behind, database.write(hire("bo"))):
        with pytest.raises(Unavailable):
            await asyncio.wait_for(waiting, 30)
    assert await database.read(names) == []
