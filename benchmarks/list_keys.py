"""Key press to settled frame in the session list, at 100, 10,000 and 100,000 rows.

Keys are posted as events, one at a time, each followed until the frame is drawn and every message
is done; `pilot.press` would measure its own waiting. Prints p50 and p95 in milliseconds and their
ratio to 100 rows of the same run. Textual draws at most 60 frames a second, so a key waits for the
next frame however little there is to do: the CPU time of a key stands beside it and must not grow
either. The lengths take turns, so that a busy machine disturbs all alike.

    python benchmarks/list_keys.py [--keys 300] [--rounds 3]
"""

import argparse
import asyncio
import json
import statistics
import time
from dataclasses import dataclass, field

from textual import events

from inbox_tui.locale import Catalogue
from inbox_tui.testing.one_widget import OneWidget
from inbox_tui.testing.shop import ME, NOW, sessions
from inbox_tui.tui.render.row import RowContext, row_revision, session_row
from inbox_tui.tui.widgets.line_view import Source
from inbox_tui.tui.widgets.virtual_list import VirtualList

LENGTHS = (100, 10_000, 100_000)
TARGET_RATIO, TARGET_P95 = 1.2, 33.0
SAMPLE = sessions(100)


class Sessions:
    """Many rows over a hundred different sessions; nothing but the order is kept for each."""

    def __init__(self, count: int) -> None:
        self._order = list(range(count))
        self._index = {number: at for at, number in enumerate(self._order)}
        self._context = RowContext(now=NOW, catalogue=Catalogue.of("en"), me=ME)

    def __len__(self) -> int:
        return len(self._order)

    def key_at(self, index: int) -> int:
        return self._order[index]

    def index_of(self, key: int) -> int | None:
        return self._index.get(key)

    def revision(self, key: int) -> object:
        return row_revision(SAMPLE[key % 100], self._context)

    def lines(self, key: int, width: int) -> object:
        return session_row(SAMPLE[key % 100], width, self._context)


@dataclass
class Measured:
    """Milliseconds of every key at one length."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def at(self, share: float) -> float:
        return statistics.quantiles(self.wall, n=100)[round(share * 100) - 1]


async def measure(count: int, keys: int, into: Measured) -> None:
    source: Source[int] = Sessions(count)  # type: ignore[assignment]
    listed: VirtualList[int] = VirtualList(source)
    app = OneWidget(lambda: listed)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        listed.select(count // 2)
        await pilot.pause()
        for number in range(keys):
            # Nineteen steps and a page, down and up again in turns: no key meets an end.
            down = number // 20 % 2 == 0
            page = number % 20 == 19
            name = ("pagedown" if page else "down") if down else ("pageup" if page else "up")
            index = listed.cursor_index
            before, busy = time.perf_counter(), time.process_time()
            app.post_message(events.Key(name, None))
            while listed.cursor_index == index:
                await asyncio.sleep(0)
            await settled(app)
            into.wall.append((time.perf_counter() - before) * 1000)
            into.cpu.append((time.process_time() - busy) * 1000)


async def settled(app: OneWidget) -> None:
    """Wait until the screen has been drawn and no message is left."""
    drawn = asyncio.Event()
    app.screen.call_after_refresh(drawn.set)
    await drawn.wait()


async def main(keys: int, rounds: int) -> int:
    measured = {count: Measured() for count in LENGTHS}
    await measure(LENGTHS[0], 40, Measured())  # warm
    for _ in range(rounds):
        for count in LENGTHS:
            await measure(count, keys, measured[count])
    floor = measured[LENGTHS[0]]
    result: dict[str, object] = {}
    print(f"{'rows':>8} {'p50 ms':>8} {'p95 ms':>8} {'ratio':>6} {'cpu ms':>8} {'ratio':>6}")
    busy = statistics.median(floor.cpu)
    worst = 0.0
    for count, each in measured.items():
        p50, p95, cpu = each.at(0.5), each.at(0.95), statistics.median(each.cpu)
        ratio, cpu_ratio = p50 / floor.at(0.5), cpu / busy
        worst = max(ratio, cpu_ratio)
        print(f"{count:>8} {p50:>8.2f} {p95:>8.2f} {ratio:>6.2f} {cpu:>8.2f} {cpu_ratio:>6.2f}")
        result[str(count)] = {
            "p50_ms": round(p50, 2),
            "p95_ms": round(p95, 2),
            "cpu_ms": round(cpu, 2),
        }
    p95 = measured[LENGTHS[-1]].at(0.95)
    good = worst <= TARGET_RATIO and p95 < TARGET_P95
    print(f"ratio {worst:.2f} (at most {TARGET_RATIO}), p95 {p95:.1f} ms (under {TARGET_P95:.0f})")
    print(json.dumps({"list_keys": result, "ratio": round(worst, 3), "good": good}))
    return 0 if good else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    raise SystemExit(asyncio.run(main(chosen.keys, chosen.rounds)))
