"""Key press → frame settled in the list of the real inbox, at 100, 10,000 and 100,000 sessions.

The whole application runs in three panes over a backend in memory whose list holds that many
sessions, all of them loaded. Measured are:

- a key: posted as an event (`pilot.press` would measure its own waiting), followed until the
  cursor has moved, the frame is drawn and no message is left;
- a message that takes the session at the very end to the top of the list;
- a session that opens, and stands at the top.

Textual draws at most 60 frames a second, so each waits for the next frame however little there is
to do: the CPU time stands beside it and must not grow either. The lengths take turns, so that a
busy machine disturbs all alike. The floor is the shortest list. Ends by itself within minutes.

    python -m benchmarks.list_keys [--keys 200] [--events 60] [--rounds 3]
"""

import argparse
import asyncio
import gc
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from textual import events

from inbox_tui.client.port import SessionQuery
from inbox_tui.errors import NotFound
from inbox_tui.state.changes import Link
from inbox_tui.state.lists import sort_key
from inbox_tui.testing import builders as build
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.clock import NOON, FakeClock
from inbox_tui.testing.scenes import empty_shop
from inbox_tui.testing.window import make_app
from inbox_tui.tui.app import InboxApp
from inbox_tui.tui.screens.inbox import InboxScreen
from inbox_tui.wire.models import Counts, Page, Session
from inbox_tui.wire.words import EventKind, ListName, Sort

LENGTHS = (100, 10_000, 100_000)
TARGET_RATIO, TARGET_P95 = 1.2, 33.0
SIZE = (140, 40)
WITHIN = 60.0
"""Seconds anything may take before the benchmark gives up."""

KEY, MESSAGE, OPENED = "key", "message to the top", "session opens"


class Crowd(FakeClient):
    """A backend whose list of mine holds many sessions, told in one page."""

    def __init__(self, rows: list[Session]) -> None:
        super().__init__(empty_shop(), "amy")
        self.rows = {row.id: row for row in rows}

    async def counts(self) -> Counts:
        """Return how many there are."""
        return Counts(mine=len(self.rows), all=len(self.rows))

    async def sessions(self, query: SessionQuery) -> Page[Session]:
        """Return all rows of mine, none of another list."""
        rows = list(self.rows.values()) if query.list is ListName.MINE else []
        rows.sort(key=lambda row: sort_key(row, query.sort))
        return Page(items=rows, total=len(rows))

    async def session(self, session_id: int) -> Session:
        """Return one session."""
        if session_id not in self.rows:
            raise NotFound(f"There is no session {session_id}.")
        return self.rows[session_id]


@dataclass
class Measured:
    """Milliseconds of each time something was done: on the clock, and of the processor."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def once(self) -> Iterator[None]:
        """Measure what is done inside."""
        before, busy = time.perf_counter(), time.process_time()
        yield
        self.wall.append((time.perf_counter() - before) * 1000)
        self.cpu.append((time.process_time() - busy) * 1000)

    def at(self, share: float) -> float:
        """Return a quantile of the times on the clock."""
        return statistics.quantiles(self.wall, n=100)[round(share * 100) - 1]


def rows_of(count: int) -> list[Session]:
    """Return sessions of amy that wait, the first one longest, in states a row can show."""
    return [
        build.waiting(
            number,
            seconds=60 + count - number,
            assignee="amy",
            team="sales",
            starred=number % 7 == 0,
            last_line=f"Message {number}: ราคาเท่าไหร่คะ",
            due_at=NOON + timedelta(minutes=number % 90),
        )
        for number in range(1, count + 1)
    ]


async def until(found: Callable[[], object]) -> None:
    """Let the application work until something is so."""
    async with asyncio.timeout(WITHIN):
        while not found():
            await asyncio.sleep(0)


async def settled(app: InboxApp) -> None:
    """Wait until the screen has been drawn and no message is left."""
    drawn = asyncio.Event()
    app.screen.call_after_refresh(drawn.set)
    await asyncio.wait_for(drawn.wait(), WITHIN)


async def measure(
    rows: list[Session], keys: int, happenings: int, into: dict[str, Measured]
) -> None:
    """Measure all three at one length."""
    client = Crowd(rows)
    with tempfile.TemporaryDirectory() as name:
        app = make_app(client.world, Path(name), client=client)
        async with app.run_test(size=SIZE) as pilot:
            store = app.desk.store
            mine = store.view(ListName.MINE)
            await until(lambda: store.link is Link.LIVE and len(mine) == len(rows))
            await pilot.pause()
            gc.collect()
            await press_keys(app, keys, into[KEY])
            app.post_message(events.Key("o", "o"))
            await until(lambda: mine.sort is Sort.RECENT and len(mine) == len(rows))
            await pilot.pause()
            gc.collect()
            await let_happen(app, client, happenings, into)


async def press_keys(app: InboxApp, keys: int, into: Measured) -> None:
    """Move through the middle of the list."""
    inbox = app.screen
    assert isinstance(inbox, InboxScreen)
    listed = inbox.list_pane.rows
    listed.select(len(listed.source) // 2)
    await settled(app)
    for number in range(keys):
        # Nineteen steps and a page, down and up again in turns: no key meets an end.
        down = number // 20 % 2 == 0
        page = number % 20 == 19
        name = ("pagedown" if page else "down") if down else ("pageup" if page else "up")
        index = listed.cursor_index

        def has_moved(index: int = index) -> bool:
            return listed.cursor_index != index

        with into.once():
            app.post_message(events.Key(name, None))
            await until(has_moved)
            await settled(app)


async def let_happen(
    app: InboxApp, client: Crowd, happenings: int, into: dict[str, Measured]
) -> None:
    """Let customers write, each the one who was silent longest, and new ones come."""
    mine = app.desk.store.view(ListName.MINE)
    clock = client.world.clock
    assert isinstance(clock, FakeClock)
    for number in range(happenings):
        clock.move(1)
        now = client.world.now
        last = client.rows[mine.id_at(len(mine) - 1)]
        wrote = replace(
            last,
            version=last.version + 1,
            last_customer_message_at=now,
            last_activity_at=now,
            customer_messages=last.customer_messages + 1,
        )
        client.rows[wrote.id] = wrote
        with into[MESSAGE].once():
            client.world.tell(EventKind.MESSAGE_RECEIVED, session=wrote)
            await until(lambda: mine.id_at(0) == wrote.id)  # noqa: B023 - awaited in its turn
            await settled(app)
        clock.move(1)
        now = client.world.now
        new = replace(
            build.waiting(10_000_000 + number, assignee="amy"),
            waiting_since=now,
            last_customer_message_at=now,
        )
        client.rows[new.id] = new
        with into[OPENED].once():
            client.world.tell(EventKind.SESSION_OPENED, session=new)
            await until(lambda: mine.id_at(0) == new.id)  # noqa: B023 - awaited in its turn
            await settled(app)


def report(measured: dict[int, dict[str, Measured]]) -> bool:
    """Print what was measured and say whether the targets are met."""
    result: dict[str, dict[str, dict[str, float]]] = {}
    good = True
    for what in (KEY, MESSAGE, OPENED):
        floor = measured[LENGTHS[0]][what]
        print(f"{what}\n{'sessions':>10} {'p50 ms':>8} {'p95 ms':>8} {'ratio':>6}", end="")
        print(f" {'cpu ms':>8} {'ratio':>6}")
        for count in LENGTHS:
            each = measured[count][what]
            cpu = statistics.median(each.cpu)
            ratio = each.at(0.5) / floor.at(0.5)
            cpu_ratio = cpu / statistics.median(floor.cpu)
            print(f"{count:>10,} {each.at(0.5):>8.2f} {each.at(0.95):>8.2f} {ratio:>6.2f}", end="")
            print(f" {cpu:>8.2f} {cpu_ratio:>6.2f}")
            result.setdefault(what, {})[str(count)] = {
                "p50_ms": round(each.at(0.5), 2),
                "p95_ms": round(each.at(0.95), 2),
                "ratio": round(ratio, 3),
                "cpu_ratio": round(cpu_ratio, 3),
            }
        good = good and max(ratio, cpu_ratio) <= TARGET_RATIO
    longest = measured[LENGTHS[-1]][KEY].at(0.95)
    good = good and longest < TARGET_P95
    print(f"ratios at most {TARGET_RATIO}; a key's p95 {longest:.1f} ms (under {TARGET_P95:.0f})")
    print(json.dumps({"list_keys": result, "good": good}))
    return good


async def main(keys: int, happenings: int, rounds: int) -> None:
    """Measure all lengths in turns and report."""
    measured = {count: {what: Measured() for what in (KEY, MESSAGE, OPENED)} for count in LENGTHS}
    rows = {count: rows_of(count) for count in LENGTHS}
    gc.collect()
    gc.freeze()
    warm = {what: Measured() for what in (KEY, MESSAGE, OPENED)}
    await measure(rows[LENGTHS[0]], 40, 5, warm)
    for _ in range(rounds):
        for count in LENGTHS:
            await measure(rows[count], keys, happenings, measured[count])
    report(measured)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.keys, chosen.events, chosen.rounds))
