"""A shop in which every field of everything holds a hostile string, one number to a customer.

Customer 7 is called, writes, is noted about, transferred, ended and filed with the seventh string
of the collection, or, in the real backend, with what stands for it (:mod:`tests.pty.relay`).
"""

import base64
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from tests.journeys.conftest import CHANNEL_SECRET, Server, shop_on, shop_server
from tests.pty.relay import placeholder

from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.testing.hostile import HOSTILE, Hostile

LINE = "/webhooks/line-main"


def workspace(platforms: MockPlatforms) -> str:
    """Return the shop with an agent, a team and a channel for each string."""
    more = [shop_on(platforms).replace('"2s"', '"10m"').replace('name = "Bo"', 'name = "Bo"')]
    for hostile in HOSTILE:
        word = placeholder(hostile)
        more.append(
            f'[[agents]]\nnickname = "{word}"\nname = "{word}"\n'
            f'[[teams]]\nslug = "{word}"\nname = "{word}"\nmembers = ["{word}"]\n'
            f'[[channels]]\nslug = "{word}"\nkind = "line"\nname = "{word}"\n'
            f'api_base = "{platforms.base_url}"\n[channels.credentials]\n'
            f'channel_secret = "secret-{word}"\naccess_token = "token-{word}"\n'
        )
    return "\n".join(more)


@contextmanager
def stage(directory: Path, platforms: MockPlatforms) -> Iterator[Server]:
    """Run the shop, its customers waiting and their histories written."""
    with shop_server(directory, platforms, workspace(platforms)) as server:
        users = {
            hostile: platforms.user("line-main", f"u{hostile.number}", name=placeholder(hostile)).id
            for hostile in HOSTILE
        }
        transport = httpx.HTTPTransport(uds=str(server.uds), verify=False)
        with httpx.Client(transport=transport, base_url="http://inbox", timeout=20) as http:
            deliver(http, [said(users[it], it, "text", 1) for it in HOSTILE])
            http.headers["Authorization"] = f"Bearer {server.token('amy')}"
            for session in sessions(http):
                live_through(http, session)
            kinds = ("text", "file", "sticker", "location", "unsupported")
            for number, kind in enumerate(kinds, 2):
                deliver(http, [said(users[it], it, kind, number) for it in HOSTILE])
            for session in sessions(http):
                write_about(http, session)
        yield server


def deliver(http: httpx.Client, events: list[dict[str, Any]]) -> None:
    """Post a LINE webhook as the platform does."""
    body = json.dumps({"destination": "U0", "events": events}).encode()
    signature = base64.b64encode(hmac.digest(CHANNEL_SECRET.encode(), body, "sha256")).decode()
    answer = http.post(LINE, content=body, headers={"X-Line-Signature": signature})
    assert answer.status_code == 200, answer.text


def said(
    user: str, hostile: Hostile, kind: str, number: int, text: str | None = None
) -> dict[str, Any]:
    """Return a message event of a kind with a string wherever the kind has room for one."""
    word = placeholder(hostile) if text is None else text
    message: dict[str, Any] = {"id": f"{number}{hostile.number:05}", "type": kind}
    match kind:
        case "file":
            message |= {"fileName": word, "fileSize": 12, "contentProvider": {"type": "line"}}
        case "sticker":
            message |= {"packageId": "1", "stickerId": "2", "keywords": [word], "text": word}
        case "location":
            message |= {"title": word, "address": word, "latitude": 13.7, "longitude": 100.5}
        case "unsupported":
            message |= {"type": word}
        case _:
            message |= {"text": word}
    return {
        "type": "message",
        "mode": "active",
        "timestamp": 1_772_450_000_000 + number,
        "source": {"type": "user", "userId": user},
        "webhookEventId": f"01H{number:02}{hostile.number:05}",
        "deliveryContext": {"isRedelivery": False},
        "message": message,
    }


def sessions(http: httpx.Client) -> list[dict[str, Any]]:
    """Return all open sessions."""
    page = http.get("/api/sessions", params={"list": "all", "limit": 200}).json()
    assert len(page["items"]) == len(HOSTILE)
    found: list[dict[str, Any]] = page["items"]
    return found


def live_through(http: httpx.Client, session: dict[str, Any]) -> None:
    """Claim, transfer with a note, end with a reason."""
    word, path = session["last_line"], f"/api/sessions/{session['id']}"
    call(http, "POST", f"{path}/claim")
    call(http, "POST", f"{path}/transfer", agent=word, note=word)
    call(http, "POST", f"{path}/end", reason=word, case={"title": word, "tags": [word]})


def write_about(http: httpx.Client, session: dict[str, Any]) -> None:
    """Write everywhere where an agent can write."""
    word, path = session["contact"]["name"], f"/api/sessions/{session['id']}"
    call(http, "POST", f"{path}/notes", text=word)
    contact = f"/api/contacts/{session['contact']['id']}"
    call(http, "PATCH", contact, note=word, nickname=word)
    case = {"title": word, "description": word, "tags": [word]}
    call(http, "PATCH", f"/api/cases/{session['case_code']}", **case)
    call(http, "POST", f"{path}/assign", agent=word, note=word)


def call(http: httpx.Client, method: str, path: str, **body: Any) -> None:
    """Call the API; it has to work."""
    answer = http.request(method, path, json=body)
    assert answer.is_success, f"{method} {path}: {answer.text}"
