"""A flood of signed webhooks, the backend killed in the middle: none lost, none doubled.

What was answered with 200 before the kill must be there after it; what was not is delivered again,
as the platform does, with the same event id.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import signal
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
from tests.journeys.conftest import CHANNEL_SECRET, Server, eventually, open_window

from inbox_tui.wire.requests import PutAccepting

WEBHOOKS = 2_000
CUSTOMERS = 150
CONNECTIONS = 24
KILL_AFTER = 700
"""Answers after which the backend is killed."""

Body = tuple[int, bytes]


def webhook(number: int, *, again: bool = False) -> bytes:
    """Return the bytes of a LINE webhook with one text message."""
    at = 1_700_000_000_000 + number
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": at,
        "source": {"type": "user", "userId": f"U{number % CUSTOMERS:032x}"},
        "webhookEventId": f"01H{number:023d}",
        "deliveryContext": {"isRedelivery": again},
        "message": {"id": str(at), "type": "text", "text": f"สวัสดี {number}", "quoteToken": "q"},
    }
    told = {"destination": "U" + "0" * 32, "events": [event]}
    return json.dumps(told, ensure_ascii=False).encode()


def signature(body: bytes) -> str:
    """Sign the exact bytes, as the platform does."""
    mac = hmac.new(CHANNEL_SECRET.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(mac).decode()


async def deliver(server: Server, bodies: list[Body], kill_after: int | None = None) -> set[int]:
    """Post at full speed; return the numbers that were answered with 200."""
    answered: set[int] = set()
    left = asyncio.Queue[Body]()
    for body in bodies:
        left.put_nowait(body)

    async def worker(client: httpx.AsyncClient) -> None:
        while not left.empty():
            number, body = left.get_nowait()
            head = {"x-line-signature": signature(body), "content-type": "application/json"}
            try:
                answer = await client.post("/webhooks/line-main", content=body, headers=head)
            except httpx.TransportError:
                continue  # killed meanwhile: not answered, so it is delivered again
            assert answer.status_code == 200, answer.text
            answered.add(number)
            if kill_after is not None and len(answered) == kill_after:
                server.process.send_signal(signal.SIGKILL)

    transport = httpx.AsyncHTTPTransport(uds=str(server.uds), verify=False)
    limits = {"base_url": "http://inbox", "timeout": 20.0}
    async with httpx.AsyncClient(transport=transport, **limits) as client:  # type: ignore[arg-type]
        await asyncio.gather(*(worker(client) for _ in range(CONNECTIONS)))
    return answered


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    """Read straight from the file."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def check_invariants(database: Path) -> None:
    """Check what must hold of any history."""
    messages = Counter(
        row[0] for row in rows(database, "SELECT platform_id FROM entries WHERE kind='customer'")
    )
    assert len(messages) == WEBHOOKS, f"{WEBHOOKS - len(messages)} lost"
    assert set(messages.values()) == {1}, "doubled"
    open_ = rows(database, "SELECT conversation_id FROM sessions WHERE state = 'open'")
    assert len(open_) == len(set(open_)) == CUSTOMERS
    seqs = [row[0] for row in rows(database, "SELECT seq FROM events ORDER BY seq")]
    assert seqs == list(range(1, len(seqs) + 1)), "the log has holes"
    found = rows(database, "SELECT place, n FROM session_counts WHERE n <> 0")
    kept = dict(found)
    assert kept.pop("open") == CUSTOMERS
    by_agent = Counter(
        row[0] for row in rows(database, "SELECT assignee_id FROM sessions WHERE state = 'open'")
    )
    for agent_id, count in by_agent.items():
        place = "unassigned" if agent_id is None else f"agent:{agent_id}"
        assert kept[place] == count
    limits = rows(database, "SELECT id, open_count FROM agents")
    for agent_id, open_count in limits:
        assert open_count == by_agent.get(agent_id, 0)
        assert isinstance(open_count, int)
        assert open_count <= 5, "over the limit"
    assigned = Counter(
        row[0]
        for row in rows(database, "SELECT session_id FROM events WHERE kind = 'session.assigned'")
    )
    assert all(count == 1 for count in assigned.values()), "assigned twice"
    left = rows(database, "SELECT count(*) FROM inbound_events WHERE state <> 'done'")
    assert left == [(0,)]


async def test_a_flood_survives_the_kill_of_the_backend(server: Server, shop: str) -> None:
    """2,000 signed webhooks, kill -9 in the middle, the unanswered ones delivered again."""
    push = shop.replace('method = "self_claim"', 'method = "round_robin"')
    assert server.apply(push).code == 0
    bodies = [(number, webhook(number)) for number in range(WEBHOOKS)]
    async with open_window(server, "amy") as amy:
        await amy.client.put_accepting(PutAccepting(accepting=True))
        answered = await deliver(server, bodies, kill_after=KILL_AFTER)
        assert KILL_AFTER <= len(answered) < WEBHOOKS
        server.stop(signal.SIGKILL)
        stored = {
            int(str(row[0])[3:])
            for row in rows(server.database, "SELECT dedupe_key FROM inbound_events")
        }
        assert answered <= stored, "answered, and not on the disk"
        server.start()
        again = [
            (number, webhook(number, again=True))
            for number in range(WEBHOOKS)
            if number not in answered
        ]
        assert await deliver(server, again) == {number for number, _ in again}
        await _applied(server)
    assert server.stop() == 0
    check_invariants(server.database)


async def _applied(server: Server) -> None:
    pending = "SELECT count(*) FROM inbound_events WHERE state = 'pending'"
    await eventually(lambda: rows(server.database, pending) == [(0,)], 30)
