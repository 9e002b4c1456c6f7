"""Signed webhook → durable → event at a connected client, against a floor.

The floor is a bare FastAPI handler that verifies the same signature, inserts one row on the same
kind of writer thread, and streams it with the same kind of stream. Both run as their own process;
the load comes from here over loopback, bounded in count and time.

    python -m benchmarks.webhooks [--runs 5]

Prints (a) latency from sending a webhook to its event, p50 and p99, at 50 and 500 messages/s, as
ratios of alternated runs, and (b) durable webhooks per second at full load, with the rate at
which they were applied (shown to agents) as well.
"""

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.load import Post, listening

SECRET = b"bench-secret"
CUSTOMERS = 200
FULL_LOAD_CONNECTIONS = 64


def webhook(number: int, text: str, customer: int) -> tuple[bytes, dict[str, str]]:
    """Return a LINE webhook with one text message, and its headers."""
    now = int(time.time() * 1000)
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": now,
        "source": {"type": "user", "userId": f"U{customer:032x}"},
        "webhookEventId": f"{now:013d}{number:013d}",
        "deliveryContext": {"isRedelivery": False},
        "message": {"id": f"{now}{number}", "type": "text", "text": text, "quoteToken": "q"},
    }
    body = json.dumps({"destination": "U" + "0" * 32, "events": [event]}).encode()
    mac = base64.b64encode(hmac.new(SECRET, body, hashlib.sha256).digest()).decode()
    return body, {"x-line-signature": mac, "Content-Type": "application/json"}


def serve_ours(folder: str, ready: Connection) -> None:
    """Serve the real backend with one agent who takes everything."""
    from inbox_tui.backend.auth import make_token
    from inbox_tui.backend.server import serve
    from inbox_tui.backend.workspace.service import apply_file
    from inbox_tui.clock import SystemClock
    from inbox_tui.store.schema import open_database

    path = Path(folder) / "bench.db"
    database = open_database(path, SystemClock())
    text = f"""
[[agents]]
nickname = "amy"
role = "owner"
[[channels]]
slug = "bench"
kind = "line"
api_base = "http://127.0.0.1:9"
credentials = {{ channel_id = "1", channel_secret = "{SECRET.decode()}", access_token = "x" }}
"""
    database.write_now(lambda work: apply_file(work, text, {}))
    token = database.write_now(make_token, "amy")
    database.close()
    serve(
        path, host="127.0.0.1", say_ready=lambda at: ready.send((int(at[0].split(":")[-1]), token))
    )


def serve_floor(folder: str, ready: Connection) -> None:
    """Serve the bare handler."""
    import uvicorn
    from fastapi import FastAPI, Request, Response
    from fastapi.sse import EventSourceResponse, ServerSentEvent

    from inbox_tui.clock import SystemClock
    from inbox_tui.store import tables
    from inbox_tui.store.schema import open_database

    database = open_database(Path(folder) / "floor.db", SystemClock())
    listeners: list[asyncio.Queue[str]] = []
    app = FastAPI()

    @app.post("/webhooks/bench")
    async def receive(request: Request) -> Response:
        raw = await request.body()
        mac = base64.b64encode(hmac.new(SECRET, raw, hashlib.sha256).digest())
        if not hmac.compare_digest(mac, request.headers["x-line-signature"].encode()):
            return Response(status_code=401)
        await database.write(
            lambda work: work.insert(tables.Delivery, channel_id=1, received_at=work.now, body=raw)
        )
        for listener in listeners:
            listener.put_nowait(raw.decode())
        return Response()

    @app.get("/api/events", response_class=EventSourceResponse)
    async def events():  # type: ignore[no-untyped-def]  # noqa: ANN202
        queue: asyncio.Queue[str] = asyncio.Queue()
        listeners.append(queue)
        yield ServerSentEvent(comment="connected")
        while True:
            yield ServerSentEvent(raw_data=await queue.get())

    database.write_now(
        lambda work: work.insert(tables.Channel, slug="bench", kind="line", name="b")
    )
    config = uvicorn.Config(
        app, port=0, log_level="warning", access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)

    async def run() -> None:
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        ready.send((server.servers[0].sockets[0].getsockname()[1], ""))
        await task

    asyncio.run(run())


class Target:
    """One server process and what is measured on it."""

    def __init__(self, serve: Callable[[str, Connection], None]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=serve, args=(self._folder.name, theirs))
        self._process.start()
        if not ours.poll(60):
            raise SystemExit("the server did not start")
        self.port, self.token = ours.recv()

    def stop(self) -> None:
        """End the process that was started here."""
        self._process.terminate()
        self._process.join(15)
        self._folder.cleanup()

    async def latency(self, rate: float, count: int) -> list[float]:
        """Return seconds from sending to the event, for ``count`` messages at ``rate``/s."""
        sent: dict[int, float] = {}
        arrived: dict[int, float] = {}
        done = asyncio.Event()

        def seen(stamp: int, at: float) -> None:
            arrived.setdefault(stamp, at)
            if len(arrived) >= count:
                done.set()

        headers = {"Authorization": f"Bearer {self.token}"}
        posts = [Post(self.port, "/webhooks/bench") for _ in range(32)]
        for post in posts:
            await post.open()
        free: asyncio.Queue[Post] = asyncio.Queue()
        for post in posts:
            free.put_nowait(post)

        async def one(number: int) -> None:
            body, head = webhook(number, f"bench:{number}", number % CUSTOMERS)
            post = await free.get()
            sent[number] = time.perf_counter()
            status = await post.post(body, head)
            free.put_nowait(post)
            assert status == 200, status

        path = "/api/events?presence=1&window=bench"
        async with listening(self.port, path, headers, seen):
            await asyncio.sleep(0.3)
            start = time.perf_counter()
            tasks = []
            for number in range(count):
                delay = start + number / rate - time.perf_counter()
                if delay > 0:
                    await asyncio.sleep(delay)
                tasks.append(asyncio.create_task(one(number)))
            await asyncio.gather(*tasks)
            await asyncio.wait_for(done.wait(), 30)
        for post in posts:
            post.close()
        return [arrived[number] - sent[number] for number in sent]

    async def full_load(self, seconds: float) -> tuple[float, float]:
        """Return durable webhooks per second, and how many per second were shown as events."""
        arrived = 0

        def seen(_stamp: int, _at: float) -> None:
            nonlocal arrived
            arrived += 1

        answered = 0
        headers = {"Authorization": f"Bearer {self.token}"}
        path = "/api/events?presence=1&window=bench"
        async with listening(self.port, path, headers, seen):
            await asyncio.sleep(0.3)
            start = time.perf_counter()
            until = start + seconds

            async def worker(which: int) -> None:
                nonlocal answered
                post = Post(self.port, "/webhooks/bench")
                await post.open()
                number = which
                while time.perf_counter() < until:
                    body, head = webhook(number, f"bench:{number}", number % CUSTOMERS)
                    assert await post.post(body, head) == 200
                    answered += 1
                    number += FULL_LOAD_CONNECTIONS
                post.close()

            await asyncio.gather(*(worker(which) for which in range(FULL_LOAD_CONNECTIONS)))
            took = time.perf_counter() - start
            deadline = time.perf_counter() + 60
            while arrived < answered and time.perf_counter() < deadline:
                await asyncio.sleep(0.02)
            shown = time.perf_counter() - start
        if arrived < answered:
            raise SystemExit(f"only {arrived} of {answered} webhooks were shown")
        return answered / took, answered / shown


def quantile(values: list[float], share: float) -> float:
    """Return a quantile in milliseconds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def main() -> None:
    """Run both in turn and print the ratios."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--runs", type=int, default=5)
    ask.add_argument("--seconds", type=float, default=4.0)
    got = ask.parse_args()
    ratios: dict[float, list[float]] = {50: [], 500: []}
    loads: list[float] = []
    for run in range(got.runs):
        figures: dict[str, dict[float, list[float]]] = {}
        load: dict[str, tuple[float, float]] = {}
        order = [("floor", serve_floor), ("ours", serve_ours)]
        for name, serve in order if run % 2 == 0 else reversed(order):
            target = Target(serve)
            try:
                asyncio.run(target.latency(400, 2 * CUSTOMERS))  # warm: everybody is known
                figures[name] = {
                    rate: asyncio.run(target.latency(rate, int(rate * got.seconds)))
                    for rate in ratios
                }
                load[name] = asyncio.run(target.full_load(got.seconds))
            finally:
                target.stop()
        for rate, found in ratios.items():
            floor, ours = figures["floor"][rate], figures["ours"][rate]
            found.append(quantile(ours, 0.5) / quantile(floor, 0.5))
            print(
                f"run {run + 1}  {rate:>3.0f}/s  "
                f"floor p50 {quantile(floor, 0.5):6.2f} p99 {quantile(floor, 0.99):6.2f} ms   "
                f"ours p50 {quantile(ours, 0.5):6.2f} p99 {quantile(ours, 0.99):6.2f} ms   "
                f"p50 ratio {found[-1]:.2f}",
                flush=True,
            )
        loads.append(load["ours"][0] / load["floor"][0])
        print(
            f"run {run + 1}  full load  floor {load['floor'][0]:,.0f}/s  "
            f"ours {load['ours'][0]:,.0f}/s durable, {load['ours'][1]:,.0f}/s shown   "
            f"ratio {loads[-1]:.2f}",
            flush=True,
        )
    for rate, found in ratios.items():
        print(f"(a) {rate:>3.0f}/s: median of {got.runs} p50 ratios {statistics.median(found):.2f}")
    print(f"(b) durable webhooks at full load: median ratio {statistics.median(loads):.2f}")


if __name__ == "__main__":
    main()
