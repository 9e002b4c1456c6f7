"""Sending to and polling Telegram: what every answer means."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from inbox_tui.channels.port import (
    BadCredentials,
    ChannelAccount,
    Failed,
    MediaGone,
    Outgoing,
    PlatformUnavailable,
    PollConflict,
    PollingAdapter,
    Profile,
    RetryLater,
    Sent,
    Uncertain,
)
from inbox_tui.channels.telegram import TelegramAdapter
from inbox_tui.errors import TooLarge
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ContentKind

if TYPE_CHECKING:
    from tests.wire.channels.conftest import Platform

BOT_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
API = f"https://api.telegram.org/bot{BOT_TOKEN}"
CONFLICT = "Conflict: can't use getUpdates method while webhook is active"

Make = Callable[..., Outgoing]


def refusal(code: int, description: str, **parameters: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return told | ({"parameters": parameters} if parameters else {})


async def test_text(telegram: TelegramAdapter, platform: "Platform", outgoing: Make) -> None:
    platform.will_answer(200, {"ok": True, "result": {"message_id": 77, "date": 1_760_000_000}})
    said = await telegram.send(outgoing("Chào bạn"))
    assert said == Sent(platform_ids=("77",), at=1_760_000_000_000)
    assert str(platform.requests[0].url) == f"{API}/sendMessage"
    assert platform.body == {"chat_id": 4711, "text": "Chào bạn"}


@pytest.mark.parametrize(
    ("content", "method", "parameters"),
    [
        (
            Content(kind=ContentKind.STICKER, text="😺", sticker="CAAC"),
            "sendSticker",
            {"sticker": "CAAC"},
        ),
        (
            Content(kind=ContentKind.LOCATION, latitude=10.5, longitude=106.5),
            "sendLocation",
            {"latitude": 10.5, "longitude": 106.5},
        ),
        (
            Content(
                kind=ContentKind.LOCATION,
                title="Chợ",
                address="Quận 1",
                latitude=10.5,
                longitude=106.5,
            ),
            "sendVenue",
            {"latitude": 10.5, "longitude": 106.5, "title": "Chợ", "address": "Quận 1"},
        ),
        (
            Content(kind=ContentKind.IMAGE, text="this", url="https://shop.example/a.jpg"),
            "sendPhoto",
            {"photo": "https://shop.example/a.jpg", "caption": "this"},
        ),
        (
            Content(
                kind=ContentKind.FILE,
                text="a.pdf",
                file_name="a.pdf",
                url="https://shop.example/a.pdf",
            ),
            "sendDocument",
            {"document": "https://shop.example/a.pdf"},
        ),
    ],
)
async def test_other_kinds(
    platform: "Platform",
    account: Callable[..., ChannelAccount],
    outgoing: Make,
    content: Content,
    method: str,
    parameters: dict[str, Any],
) -> None:
    shop = account("telegram", public_url="https://shop.example")
    telegram = TelegramAdapter(shop, platform.client)
    platform.will_answer(200, {"ok": True, "result": {"message_id": 1}})
    assert isinstance(await telegram.send(outgoing(content=content)), Sent)
    assert platform.requests[0].url.path.endswith(f"/{method}")
    assert platform.body == {"chat_id": 4711} | parameters


@pytest.mark.parametrize(
    "content",
    [
        Content(kind=ContentKind.TEXT, text=""),
        Content(kind=ContentKind.TEXT, text="x" * 4097),
        Content(kind=ContentKind.IMAGE, url="https://shop.example/a.jpg"),
        Content(kind=ContentKind.UNSUPPORTED, text="?"),
    ],
)
async def test_what_it_cannot_carry_is_refused_before_sending(
    telegram: TelegramAdapter, platform: "Platform", outgoing: Make, content: Content
) -> None:
    said = await telegram.send(outgoing(content=content))
    assert isinstance(said, Failed)
    assert said.reason == "cannot_send"
    assert platform.requests == []


@pytest.mark.parametrize(
    ("status", "description", "reason", "gone", "fix"),
    [
        (400, "Bad Request: message text is empty", "refused", False, None),
        (400, "Bad Request: chat not found", "chat_not_found", True, None),
        (401, "Unauthorized", "credentials", False, "credentials"),
        (403, "Forbidden: bot was blocked by the user", "blocked", True, None),
        (403, "Forbidden: user is deactivated", "blocked", True, None),
        (404, "Not Found", "credentials", False, "credentials"),
    ],
)
async def test_definite_refusals(
    telegram: TelegramAdapter,
    platform: "Platform",
    outgoing: Make,
    status: int,
    description: str,
    reason: str,
    gone: bool,
    fix: str | None,
) -> None:
    platform.will_answer(status, refusal(status, description))
    said = await telegram.send(outgoing())
    assert isinstance(said, Failed)
    assert (said.reason, said.recipient_gone, said.fix) == (reason, gone, fix)
    platform.will_answer(status, refusal(status, description))
    again = await telegram.send(outgoing(attempt=2, unsettled=True))
    assert isinstance(again, Uncertain)
    assert not again.repeat


async def test_too_many_requests_says_how_long_to_wait(
    telegram: TelegramAdapter, platform: "Platform", outgoing: Make
) -> None:
    platform.will_answer(429, refusal(429, "Too Many Requests: retry after 7", retry_after=7))
    platform.will_answer(429, refusal(429, "Too Many Requests"))
    first, second = await telegram.send(outgoing()), await telegram.send(outgoing())
    assert isinstance(first, RetryLater)
    assert isinstance(second, RetryLater)
    assert (first.after_ms, second.after_ms) == (7000, None)


@pytest.mark.parametrize("status", [500, 502, 504, 408, 302])
async def test_what_the_server_may_have_done_stays_uncertain(
    telegram: TelegramAdapter, platform: "Platform", outgoing: Make, status: int
) -> None:
    platform.will_answer_bytes(status, b"<html>bad gateway</html>")
    said = await telegram.send(outgoing())
    assert isinstance(said, Uncertain)
    assert not said.repeat
    assert not telegram.capabilities.idempotent_sends


@pytest.mark.parametrize("content", [b"<html>log in to the hotel</html>", b"{}", b"[]"])
async def test_a_good_status_from_somebody_else_proves_nothing(
    telegram: TelegramAdapter, platform: "Platform", outgoing: Make, content: bytes
) -> None:
    platform.will_answer_bytes(200, content)
    assert isinstance(await telegram.send(outgoing()), Uncertain)


@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.RemoteProtocolError]
)
async def test_a_lost_answer_stays_uncertain(
    telegram: TelegramAdapter,
    platform: "Platform",
    outgoing: Make,
    error: type[httpx.TransportError],
) -> None:
    platform.will_raise(error("gone"))
    said = await telegram.send(outgoing())
    assert isinstance(said, Uncertain)
    assert (said.reason, said.repeat) == ("answer_lost", False)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout])
async def test_what_never_left_is_tried_later(
    telegram: TelegramAdapter,
    platform: "Platform",
    outgoing: Make,
    error: type[httpx.TransportError],
) -> None:
    platform.will_raise(error("refused"))
    assert isinstance(await telegram.send(outgoing()), RetryLater)


async def test_polling_acknowledges_with_the_next_poll(
    telegram: TelegramAdapter, platform: "Platform"
) -> None:
    assert isinstance(telegram, PollingAdapter)
    updates = [{"update_id": 12, "message": {"text": "b"}}, {"update_id": 11}]
    platform.will_answer(200, {"ok": True, "result": updates})
    polled = await telegram.poll(None, 30)
    assert [event.dedupe_key for event in polled.events] == ["12", "11"]
    assert polled.next_offset == 13
    assert polled.events == telegram.split(polled.raw)
    assert "offset" not in platform.body
    assert platform.body["timeout"] == 30
    assert platform.requests[0].extensions["timeout"]["read"] > 30
    platform.will_answer(200, {"ok": True, "result": []})
    assert (await telegram.poll(13, 30)).next_offset == 13
    assert platform.body["offset"] == 13


@pytest.mark.parametrize(
    ("status", "description", "error"),
    [
        (409, CONFLICT, PollConflict),
        (401, "Unauthorized", BadCredentials),
        (404, "Not Found", BadCredentials),
        (502, "Bad Gateway", PlatformUnavailable),
    ],
)
async def test_polls_that_fail_say_why(
    telegram: TelegramAdapter,
    platform: "Platform",
    status: int,
    description: str,
    error: type[Exception],
) -> None:
    platform.will_answer(status, refusal(status, description))
    with pytest.raises(error):
        await telegram.poll(None, 0)


async def test_a_conflict_is_told_clearly(telegram: TelegramAdapter, platform: "Platform") -> None:
    platform.will_answer(409, refusal(409, CONFLICT))
    with pytest.raises(PollConflict, match="webhook is active") as caught:
        await telegram.poll(None, 0)
    assert "secret_token" in (caught.value.hint or "")


async def test_a_poll_asked_for_patience_tells_how_long(
    telegram: TelegramAdapter, platform: "Platform"
) -> None:
    platform.will_answer(429, refusal(429, "Too Many Requests", retry_after=5))
    with pytest.raises(PlatformUnavailable) as caught:
        await telegram.poll(None, 0)
    assert caught.value.retry_after == 5000
    platform.will_raise(httpx.ConnectError("down"))
    with pytest.raises(PlatformUnavailable):
        await telegram.poll(None, 0)


async def test_profile(telegram: TelegramAdapter, platform: "Platform") -> None:
    chat = {"id": 4711, "first_name": "Linh", "last_name": "Nguyễn", "type": "private"}
    platform.will_answer(200, {"ok": True, "result": chat})
    assert await telegram.profile("4711") == Profile(name="Linh Nguyễn")
    platform.will_answer(400, refusal(400, "Bad Request: chat not found"))
    assert await telegram.profile("4711") is None


async def test_check_when_polling(telegram: TelegramAdapter, platform: "Platform") -> None:
    me = {"ok": True, "result": {"id": 1, "is_bot": True, "username": "baan_bot"}}
    platform.will_answer(200, me)
    platform.will_answer(200, {"ok": True, "result": {"url": ""}})
    good = await telegram.check()
    assert (good.ok, good.account) == (True, "@baan_bot")
    platform.will_answer(200, me)
    platform.will_answer(200, {"ok": True, "result": {"url": "https://other.example"}})
    hooked = await telegram.check()
    assert not hooked.ok
    assert "https://other.example" in (hooked.problem or "")
    platform.will_answer(401, refusal(401, "Unauthorized"))
    bad = await telegram.check()
    assert not bad.ok
    assert "channels.tg.credentials.token" in (bad.problem or "")
    platform.will_raise(httpx.ConnectTimeout("down"))
    assert not (await telegram.check()).ok


async def test_the_webhook_is_set_in_order_and_checked(
    platform: "Platform", account: Callable[..., ChannelAccount]
) -> None:
    credentials = {"token": BOT_TOKEN, "secret_token": "s3cret"}
    shop = account("telegram", credentials=credentials, public_url="https://shop.example/")
    telegram = TelegramAdapter(shop, platform.client)
    ours = "https://shop.example/webhooks/tg"
    platform.will_answer(200, {"ok": True, "result": True})
    await telegram.set_webhook(ours)
    assert platform.body["url"] == ours
    assert platform.body["secret_token"] == "s3cret"
    assert platform.body["max_connections"] == 1
    for url, ok in ((ours, True), ("", False), ("https://other.example", False)):
        platform.will_answer(200, {"ok": True, "result": {"username": "baan_bot"}})
        platform.will_answer(200, {"ok": True, "result": {"url": url}})
        assert (await telegram.check()).ok is ok
    platform.will_answer(200, {"ok": True, "result": True})
    await telegram.delete_webhook()
    assert platform.body == {"drop_pending_updates": False}


async def test_a_webhook_needs_a_secret(telegram: TelegramAdapter) -> None:
    with pytest.raises(BadCredentials, match=r"channels\.tg\.credentials\.secret_token"):
        await telegram.set_webhook("https://shop.example/webhooks/tg")


async def test_media(telegram: TelegramAdapter, platform: "Platform") -> None:
    platform.will_answer(200, {"ok": True, "result": {"file_path": "documents/hóa đơn.pdf"}})
    platform.will_answer_bytes(200, b"%PDF", "application/pdf")
    media = await telegram.media("BQAC")
    assert (media.data, media.mime, media.file_name) == (b"%PDF", "application/pdf", "hóa đơn.pdf")
    assert platform.requests[1].url.path == f"/file/bot{BOT_TOKEN}/documents/hóa đơn.pdf"


async def test_media_that_cannot_be_had(telegram: TelegramAdapter, platform: "Platform") -> None:
    platform.will_answer(400, refusal(400, "Bad Request: file is too big"))
    with pytest.raises(MediaGone, match="too big"):
        await telegram.media("BQAC")
    platform.will_answer(200, {"ok": True, "result": {"file_path": "../../getMe"}})
    with pytest.raises(MediaGone):
        await telegram.media("BQAC")
    platform.will_answer(200, {"ok": True, "result": {"file_path": "a"}})
    platform.will_answer_bytes(200, b"x" * 11)
    with pytest.raises(TooLarge):
        await telegram.media("BQAC", limit=10)


async def test_without_a_token_it_says_which_key_is_missing(
    platform: "Platform", account: Callable[..., ChannelAccount], outgoing: Make
) -> None:
    telegram = TelegramAdapter(account("telegram", credentials={}), platform.client)
    said = await telegram.send(outgoing())
    assert isinstance(said, Failed)
    assert "channels.tg.credentials.token" in said.detail
    assert await telegram.profile("1") is None
    assert not (await telegram.check()).ok
    with pytest.raises(BadCredentials):
        await telegram.poll(None, 0)
    assert platform.requests == []
