"""Process start → first usable frame → live rows, in a real pseudo-terminal.

The inbox (`inbox-tui`, configured for a server that runs on a Unix socket and holds a dozen
sessions) and the floor, a Textual application that shows one word, start in turns in terminals of
one size. What they write is stamped as it arrives and read afterwards by a terminal emulator, so
that a frame counts when it stands on the screen:

- first frame: the panes with their tabs, and the list says "Loading" (or has rows already). That
  keys work in it is tried in runs of their own, which press `?` at that moment.
- live rows: the sessions are in the list.

Prints both as ratios of medians to the floor's first frame, and the same for the fastest runs,
which a busy machine disturbs least. Ends by itself within minutes.

    python -m benchmarks.start [--runs 15]
"""

import argparse
import asyncio
import fcntl
import json
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pyte

from benchmarks.webhooks import SECRET, webhook

COLUMNS, LINES = 120, 40
SESSIONS = 12
WITHIN = 20.0
"""Seconds a start may take before the benchmark gives up."""

FIRST_TARGET, ROWS_TARGET = 1.3, 2.0
KEY_RUNS = 3

FLOOR = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("ready")

Empty().run()
"""

WORKSPACE = f"""
[workspace]
max_open = 50
[[agents]]
nickname = "amy"
role = "owner"
[[channels]]
slug = "bench"
kind = "line"
api_base = "http://127.0.0.1:9"
credentials = {{ channel_id = "1", channel_secret = "{SECRET.decode()}", access_token = "x" }}
"""

QUIT = b"\x11"  # Ctrl+Q

Seen = Callable[[str], bool]
"""Says whether a screen, as text, shows what is waited for."""


def shows_ready(screen: str) -> bool:
    """Return whether the floor stands."""
    return "ready" in screen


def shows_panes(screen: str) -> bool:
    """Return whether the inbox stands: tabs, footer, and something to be seen in the list."""
    return all(
        word in screen for word in ("Mine", "Unassigned", "No conversation is open", "Keys")
    ) and ("Loading" in screen or shows_rows(screen))


def shows_rows(screen: str) -> bool:
    """Return whether sessions are in the list."""
    return "customer writes" in screen


def shows_help(screen: str) -> bool:
    """Return whether the dialog of all keys stands."""
    return "Enter runs it" in screen


@dataclass
class Start:
    """What one process wrote to its terminal, and when, in seconds since it was started."""

    chunks: list[tuple[float, bytes]] = field(default_factory=list)

    def when(self, seen: Seen) -> float:
        """Return when the screen first showed something. Raises LookupError."""
        screen = pyte.Screen(COLUMNS, LINES)
        stream = pyte.ByteStream(screen)
        for at, data in self.chunks:
            stream.feed(_PRIVATE.sub(b"", data))
            if seen("\n".join(screen.display)):
                return at
        raise LookupError(f"{seen.__name__}: never on the screen\n" + "\n".join(screen.display))


_PRIVATE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]+\$p|\x1b_[^\x1b]*\x1b\\\\")
"""What the emulator does not know: keyboard protocols and questions to the terminal."""


def start(
    command: list[str],
    environment: dict[str, str],
    last_word: bytes,
    *,
    press: tuple[bytes, bytes] | None = None,
) -> Start:
    """Start a process in a terminal, watch it until ``last_word`` came, and end it.

    ``press`` is a word and the keys to press when it came. Raises SystemExit when nothing comes.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    seen = Start()
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    os.close(theirs)
    written = b""
    try:
        while last_word not in written:
            left = begun + WITHIN - time.perf_counter()
            data = _read(ours, max(0.0, left))
            if not data:
                raise SystemExit(f"{command[0]} ended or hangs:\n{written.decode()[-2000:]}")
            seen.chunks.append((time.perf_counter() - begun, data))
            written += data
            if press is not None and press[0] in written:
                os.write(ours, press[1])
                press = None
        _drain(ours, seen, begun)
        os.write(ours, QUIT)
        _end(process, ours)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(ours)
    return seen


def _read(handle: int, within: float) -> bytes:
    """Return what a terminal was written; nothing when it is silent or its process has ended."""
    if not select.select([handle], [], [], within)[0]:
        return b""
    try:
        return os.read(handle, 1 << 16)
    except OSError:  # so Linux says that the other end is closed
        return b""


def _drain(handle: int, seen: Start, begun: float, quiet: float = 0.3) -> None:
    """Take in the rest of the frame, until nothing comes for a while."""
    while data := _read(handle, quiet):
        seen.chunks.append((time.perf_counter() - begun, data))
        if time.perf_counter() - begun > WITHIN:
            return


def _end(process: subprocess.Popen[bytes], handle: int) -> None:
    """Wait for the end of a process while reading what it still says."""
    deadline = time.perf_counter() + WITHIN
    while process.poll() is None and time.perf_counter() < deadline:
        _read(handle, 0.05)


@contextmanager
def server(directory: Path) -> Iterator[tuple[str, str]]:
    """Run a server with open sessions of one agent; give its address and the agent's token."""
    from inbox_tui.backend.auth import make_token
    from inbox_tui.backend.workspace.service import apply_file
    from inbox_tui.clock import SystemClock
    from inbox_tui.store.schema import open_database

    database = open_database(directory / "inbox.db", SystemClock())
    database.write_now(lambda work: apply_file(work, WORKSPACE, {}))
    token = database.write_now(make_token, "amy")
    database.close()
    socket = directory / "s"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "inbox_tui", "serve", "--uds", str(socket)),
            *("--database-url", f"sqlite:///{directory / 'inbox.db'}"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        if not select.select([process.stdout], [], [], 60)[0] or not process.stdout.readline():
            raise SystemExit("the server did not start")
        asyncio.run(_fill(socket, token))
        yield f"unix://{socket}", token
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


async def _fill(socket: Path, token: str) -> None:
    """Let customers write while the agent is there, so that the sessions are theirs."""
    from inbox_tui.client.http import HttpClient

    client = HttpClient(f"unix://{socket}", token, window="bench")
    async with (
        aclosing(client.signals(0)) as signals,
        httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=str(socket)), base_url="http://inbox"
        ) as post,
        asyncio.timeout(60),
    ):
        await anext(signals)
        for number in range(SESSIONS):
            body, headers = webhook(number, f"customer writes {number}", number)
            answer = await post.post("/webhooks/bench", content=body, headers=headers)
            answer.raise_for_status()
        async for _ in signals:
            if (await client.counts()).mine == SESSIONS:
                break
    await client.goodbye()
    await client.close()


def main(runs: int) -> None:
    """Start both in turns and print the ratios."""
    floor: list[float] = []
    first: list[float] = []
    rows: list[float] = []
    keys: list[float] = []
    inbox = Path(sys.executable).with_name("inbox-tui")
    command = [str(inbox)] if inbox.exists() else [sys.executable, "-m", "inbox_tui"]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        directory = Path(name)
        empty = directory / "empty.py"
        empty.write_text(FLOOR)
        environment = {
            name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ
        } | {"HOME": name, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        with server(directory) as (url, token):
            ours = environment | {"INBOX_TUI_URL": url, "INBOX_TUI_TOKEN": token}

            def start_floor() -> float:
                return start([sys.executable, str(empty)], environment, b"ready").when(shows_ready)

            def start_inbox() -> Start:
                return start(command, ours, b"customer writes")

            start_floor(), start_inbox()  # warm: byte code and disk
            for run in range(runs):
                for ours_now in (run % 2 == 0, run % 2 == 1):
                    if not ours_now:
                        floor.append(start_floor())
                        continue
                    started = start_inbox()
                    first.append(started.when(shows_panes))
                    rows.append(started.when(shows_rows))
                print(
                    f"run {run + 1:>2}  floor {floor[-1] * 1000:4.0f} ms  "
                    f"first frame {first[-1] * 1000:4.0f} ms  rows {rows[-1] * 1000:4.0f} ms",
                    flush=True,
                )
            for _ in range(KEY_RUNS):
                pressed = start(command, ours, b"Enter runs it", press=(b"Loading", b"?"))
                keys.append(pressed.when(shows_help) - pressed.when(shows_panes))
    report(floor, first, rows, keys)


def report(floor: list[float], first: list[float], rows: list[float], keys: list[float]) -> None:
    """Print medians, ratios and whether the targets are met."""
    middle, framed, live = (statistics.median(each) for each in (floor, first, rows))
    frame_ratio, rows_ratio = framed / middle, live / middle
    print(f"floor (empty Textual application)  {middle * 1000:5.0f} ms")
    print(f"first frame  {framed * 1000:5.0f} ms  ratio {frame_ratio:.2f} (at most {FIRST_TARGET})")
    print(f"live rows    {live * 1000:5.0f} ms  ratio {rows_ratio:.2f} (at most {ROWS_TARGET})")
    quick = min(floor)
    print(
        f"fastest runs: floor {quick * 1000:.0f} ms, first frame {min(first) / quick:.2f}, "
        f"live rows {min(rows) / quick:.2f}"
    )
    print(f"a key pressed at the first frame shows {statistics.median(keys) * 1000:.0f} ms later")
    good = frame_ratio <= FIRST_TARGET and rows_ratio <= ROWS_TARGET
    figures = {
        "floor_ms": round(middle * 1000),
        "first_frame_ratio": round(frame_ratio, 3),
        "live_rows_ratio": round(rows_ratio, 3),
    }
    print(json.dumps({"start": figures, "good": good}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=15)
    main(parser.parse_args().runs)
