"""A platform that answers as it is told and remembers what it was asked."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from inbox_tui.channels.line import LineAdapter
from inbox_tui.channels.port import ChannelAccount, Outgoing
from inbox_tui.channels.telegram import TelegramAdapter
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ChannelKind, ContentKind

LINE_SECRET = "b5f1c3d2e4a697788990aabbccddeeff"
LINE_TOKEN = "line-access-token/+=="
BOT_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
KEY = "123e4567-e89b-12d3-a456-426614174000"


class Platform:
    """Answers requests in the order the answers were given; an exception is raised instead."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._answers: list[httpx.Response | Exception] = []
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self._handle))

    def will_answer(
        self, status: int = 200, told: Any = None, *, headers: dict[str, str] | None = None
    ) -> None:
        self._answers.append(httpx.Response(status, json=told or {}, headers=headers))

    def will_answer_bytes(self, status: int, content: bytes, mime: str = "text/html") -> None:
        headers = {"content-type": mime}
        self._answers.append(httpx.Response(status, content=content, headers=headers))

    def will_raise(self, error: Exception) -> None:
        self._answers.append(error)

    @property
    def body(self) -> dict[str, Any]:
        """The JSON of the last request."""
        told = json.loads(self.requests[-1].content)
        assert isinstance(told, dict)
        return told

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    told = Platform()
    yield told
    await told.client.aclose()


@pytest.fixture
def line(platform: Platform) -> LineAdapter:
    return LineAdapter(line_account(), platform.client)


@pytest.fixture
def telegram(platform: Platform) -> TelegramAdapter:
    return TelegramAdapter(telegram_account(), platform.client)


def line_account(**changes: Any) -> ChannelAccount:
    known: dict[str, Any] = {
        "slug": "line-main",
        "kind": ChannelKind.LINE,
        "credentials": {"channel_secret": LINE_SECRET, "access_token": LINE_TOKEN},
    }
    return ChannelAccount(**known | changes)


def telegram_account(**changes: Any) -> ChannelAccount:
    known: dict[str, Any] = {
        "slug": "tg",
        "kind": ChannelKind.TELEGRAM,
        "credentials": {"token": BOT_TOKEN},
    }
    return ChannelAccount(**known | changes)


@pytest.fixture
def account() -> Callable[..., ChannelAccount]:
    """Make an account of a kind, with changes."""

    def make(kind: str, **changes: Any) -> ChannelAccount:
        return (line_account if kind == "line" else telegram_account)(**changes)

    return make


@pytest.fixture
def outgoing() -> Callable[..., Outgoing]:
    def make(text: str = "สวัสดีค่ะ", **changes: Any) -> Outgoing:
        known: dict[str, Any] = {
            "external_id": "4711",
            "content": Content(kind=ContentKind.TEXT, text=text),
            "key": KEY,
        }
        return Outgoing(**known | changes)

    return make
