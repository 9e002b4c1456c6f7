"""A fact committed → the decision that follows from it committed, in the running backend.

Customers write at a steady rate; each message opens a session, and the running assigner gives it to
one of a hundred agents. Measured from the commit of ``session.opened`` to the commit of
``session.assigned``. The floor of the same run is the same writer thread committing one row at the
same rate: an assignment cannot be faster than that, since it is a commit.

    python -m benchmarks.assigner [--rate 200] [--seconds 10]
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from inbox_tui.backend.backend import Backend
from inbox_tui.backend.inbound.receive import receive
from inbox_tui.backend.people import presence, service
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.channels import port
from inbox_tui.clock import SystemClock
from inbox_tui.store import tables
from inbox_tui.store.database import Database
from inbox_tui.store.schema import open_database
from inbox_tui.store.work import LoggedEvent, Work
from inbox_tui.wire.models import Content
from inbox_tui.wire.requests import PutAccepting
from inbox_tui.wire.words import ContentKind, EventKind

AGENTS = 100
WARM_UP = 100


def workspace() -> str:
    """Return a shop of a hundred agents in one team with one channel."""
    names = [f"agent{number}" for number in range(AGENTS)]
    people = "".join(f'[[agents]]\nnickname = "{name}"\nmax_open = 10000\n' for name in names)
    members = ", ".join(f'"{name}"' for name in names)
    return (
        f'[workspace]\nsettle = "0s"\n{people}[[teams]]\nslug = "shop"\nmembers = [{members}]\n'
        '[[channels]]\nslug = "bench"\nkind = "line"\nteam = "shop"\n'
        '[channels.credentials]\nchannel_secret = "s"\naccess_token = "t"\n'
    )


class Watch:
    """Notes when each session was opened and when it was assigned, in seconds."""

    def __init__(self) -> None:
        self.opened: dict[int, float] = {}
        self.took: list[float] = []

    def hear(self, events: Sequence[LoggedEvent], _touched: object) -> None:
        now = time.perf_counter()
        for event in events:
            assert event.session_id is not None or event.kind not in _MEASURED
            if event.kind == EventKind.SESSION_OPENED:
                self.opened[event.session_id or 0] = now
            elif event.kind == EventKind.SESSION_ASSIGNED:
                self.took.append(now - self.opened.pop(event.session_id or 0))


_MEASURED = (EventKind.SESSION_OPENED, EventKind.SESSION_ASSIGNED)


def message(number: int) -> port.CustomerMessage:
    return port.CustomerMessage(
        external_id=f"U{number}",
        message_id=f"m{number}",
        at=int(time.time() * 1000),
        content=Content(kind=ContentKind.TEXT, text="Where is my order?"),
        name=f"Customer {number}",
    )


class Send:
    """Commits one thing, and says how long that took."""

    def __init__(self, database: Database, what: str, first: int = 0) -> None:
        self._database = database
        self._what = what
        self._first = first

    async def __call__(self, number: int) -> float:
        start = time.perf_counter()
        if self._what == "message":
            await self._database.write(receive, 1, message(self._first + number))
        else:
            await self._database.write(_one_row, number)
        return time.perf_counter() - start


def _one_row(work: Work, number: int) -> None:
    work.insert(tables.Delivery, channel_id=1, received_at=work.now, body=b"%d" % number)


async def paced(rate: float, count: int, send: Send) -> list[float]:
    """Call ``send`` at a steady rate; return how long each call took."""
    start = time.perf_counter()
    tasks: list[asyncio.Task[float]] = []
    for number in range(count):
        await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(send(number)))
    return list(await asyncio.gather(*tasks))


def everybody_at_work(work: Work) -> None:
    for agent_id in range(1, AGENTS + 1):
        service.set_accepting(work, agent_id, PutAccepting(accepting=True), agent_id)
        presence.opened(work, agent_id, f"window{agent_id}")


async def measure(folder: Path, rate: float, seconds: float) -> tuple[list[float], list[float]]:
    """Return how long assignments took, and how long the floor's commits took."""
    count = round(rate * seconds)
    database = open_database(folder / "bench.db", SystemClock())
    await database.write(apply_file, workspace(), {})
    backend = Backend(database)
    await backend.start()
    await database.write(everybody_at_work)
    watch = Watch()
    database.on_commit(watch.hear)
    await paced(rate, WARM_UP, Send(database, "message"))
    watch.took.clear()
    await paced(rate, count, Send(database, "message", WARM_UP))
    async with asyncio.timeout(10):
        while len(watch.took) < count:
            await asyncio.sleep(0.01)
    floor = await paced(rate, count, Send(database, "row"))
    await backend.stop()
    database.close()
    return watch.took, floor


def report(name: str, took: list[float]) -> tuple[float, float]:
    """Print p50 and p99 in milliseconds, and return them."""
    cuts = statistics.quantiles(took, n=100)
    print(f"{name:34} p50 {cuts[49] * 1000:6.2f} ms   p99 {cuts[98] * 1000:6.2f} ms")
    return cuts[49] * 1000, cuts[98] * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        took, floor = asyncio.run(measure(Path(folder), options.rate, options.seconds))
    print(f"{options.rate:g} new sessions a second, {AGENTS} agents, {len(took)} assignments")
    ours = report("fact committed → decision committed", took)
    bare = report("floor: one row committed", floor)
    print(f"ratio of p50 {ours[0] / bare[0]:.2f}, of p99 {ours[1] / bare[1]:.2f}")
    print(f"p99 {ours[1]:.1f} ms (to reach: under 20 ms)")


if __name__ == "__main__":
    main()
