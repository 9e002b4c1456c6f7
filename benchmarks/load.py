"""A load generator that costs little: keep-alive HTTP/1.1 and server-sent events on plain streams.

Only what the benchmarks need: POST with a body, a status back, events with a text in them.
"""

import asyncio
import contextlib
import re
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

STAMP = re.compile(rb"bench:(\d+)")


@dataclass
class Post:
    """One keep-alive connection that posts."""

    port: int
    path: str
    reader: asyncio.StreamReader = field(init=False)
    writer: asyncio.StreamWriter = field(init=False)

    async def open(self) -> None:
        """Connect."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        """Post a body and return the status."""
        lines = [f"POST {self.path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if length:
            await self.reader.readexactly(int(length[1]))
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        """Close the connection."""
        self.writer.close()


@contextlib.asynccontextmanager
async def listening(
    port: int, path: str, headers: dict[str, str], seen: Callable[[int, float], None]
) -> AsyncIterator[None]:
    """Read events; ``seen(stamp, at)`` is called for each ``bench:STAMP`` in a message."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    lines = [f"GET {path} HTTP/1.1", "Host: x", "Accept: text/event-stream"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")

    async def read() -> None:
        while line := await reader.readline():
            if line.startswith(b"data:") and b'"case.changed"' not in line[:60]:
                found = STAMP.search(line)
                if found:
                    seen(int(found[1]), time.perf_counter())

    task = asyncio.create_task(read())
    try:
        yield
    finally:
        task.cancel()
        writer.close()
