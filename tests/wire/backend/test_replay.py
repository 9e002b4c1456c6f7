"""Replay on the running backend: what was recorded comes out again, and a change is found (O7)."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.engine import Connection
from tests.wire.backend.conftest import House, message

from inbox_tui.assignment import Assign
from inbox_tui.assignment.journal import Call, Decided, decode, encode
from inbox_tui.backend.assigner.journal import calls_of, runs
from inbox_tui.cli.commands.replay import command
from inbox_tui.simulate.replay import Replayed, replay
from inbox_tui.store import tables
from inbox_tui.store.work import Work

JOURNAL = tables.table(tables.JournalEntry)


def recorded(connection: Connection) -> list[tuple[int, list[Call]]]:
    return [(run, list(calls_of(connection, run))) for run in runs(connection)]


def outcome(lives: Iterable[tuple[int, list[Call]]]) -> Replayed:
    *_, last = replay(lives, lambda _: {})
    assert isinstance(last, Replayed)
    return last


async def busy_morning(house: House) -> None:
    """Let customers and colleagues do enough for every kind of decision but take-back."""
    for number in range(6):
        await house.says(message(f"U{number}"))
        house.clock.move(10)
    await house.at_work("amy")
    house.clock.move(3_000)
    await house.settled()
    await house.at_work("bo")
    for number in range(6, 14):
        await house.says(message(f"U{number}"))
        house.clock.move(10)
    await house.settled()


async def test_o7_every_recorded_decision_comes_out_again(house: House) -> None:
    await busy_morning(house)
    told = outcome(await house.database.read(recorded))
    assert told.difference is None
    assigned = await house.events("session.assigned")
    assert told.decisions["Assign"] == len(assigned) > 5


async def test_o7_the_first_difference_is_named(house: House) -> None:
    await busy_morning(house)
    lives = await house.database.read(recorded)
    other = next(
        (at, place)
        for at, (_, calls) in enumerate(lives)
        for place, call in enumerate(calls)
        if isinstance(call, Decided) and any(isinstance(each, Assign) for each in call.decisions)
    )
    calls = lives[other[0]][1]
    decided = calls[other[1]]
    assert isinstance(decided, Decided)
    calls[other[1]] = Decided(decided.now, decided.decisions[1:], decided.limit)
    told = outcome(lives)
    assert told.difference is not None
    assert told.difference.at == decided.now
    assert told.difference.decided == decided.decisions[0]


async def test_o7_the_command_compares_and_tells_of_one_session(house: House) -> None:
    await busy_morning(house)
    url = f"sqlite:///{house.database.path}"
    good = CliRunner().invoke(command, ["--database-url", url])
    assert good.exit_code == 0, good.output
    assert "Every recorded decision came out again." in good.output
    assert "turns in 1 run, " in good.output.replace("\n", " ")
    none = CliRunner().invoke(command, ["--database-url", url, "--session", "99"])
    assert (none.exit_code, "No decision about session 99" in none.output) == (0, True)
    one = CliRunner().invoke(command, ["--database-url", url, "--session", "1", "--json"])
    document: dict[str, Any] = json.loads(one.output)
    assert document["same"] is True
    assert document["session"][-1]["decision"]["agent_id"] == 1

    def meddle(work: Work) -> None:
        row = work.execute(sa.select(JOURNAL).order_by(JOURNAL.c.n.desc())).first()
        assert row is not None
        calls = decode(row.body)
        at = max(n for n, call in enumerate(calls) if isinstance(call, Decided))
        decided = calls[at]
        assert isinstance(decided, Decided)
        calls[at] = Decided(decided.now, (), decided.limit)
        work.execute(sa.update(JOURNAL).where(JOURNAL.c.n == row.n).values(body=encode(calls)))

    await house.database.write(meddle)
    bad = CliRunner().invoke(command, ["--database-url", url])
    assert bad.exit_code == 1
    assert "The first difference is in run 1" in bad.output
    assert "- recorded: nothing" in bad.output


@pytest.mark.parametrize("body", [b"", b"z123", b"\xff"])
def test_o7_a_record_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="not a record"):
        decode(body)
