"""Sending to LINE: what every answer means, and that nothing is ever sent twice."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from inbox_tui.channels.line import LineAdapter
from inbox_tui.channels.port import (
    BadCredentials,
    ChannelAccount,
    Failed,
    MediaGone,
    Outgoing,
    PlatformUnavailable,
    Profile,
    RetryLater,
    Sent,
    Uncertain,
)
from inbox_tui.errors import TooLarge
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ContentKind

if TYPE_CHECKING:
    from tests.wire.channels.conftest import Platform

KEY = "123e4567-e89b-12d3-a456-426614174000"
RATE = {"message": "The API rate limit has been exceeded. Try again later."}
QUOTA = {"message": "You have reached your monthly limit."}
INVALID_TOKEN = {"message": "Invalid reply token"}

Make = Callable[..., Outgoing]


async def test_a_push_carries_the_retry_key_from_the_first_attempt(
    line: LineAdapter, platform: "Platform", outgoing: Make
) -> None:
    platform.will_answer(200, {"sentMessages": [{"id": "461230966842064897", "quoteToken": "q"}]})
    assert await line.send(outgoing("สวัสดีค่ะ 🧡")) == Sent(platform_ids=("461230966842064897",))
    [request] = platform.requests
    assert str(request.url) == "https://api.line.me/v2/bot/message/push"
    assert request.headers["x-line-retry-key"] == KEY
    assert request.headers["authorization"] == "Bearer line-access-token/+=="
    assert platform.body == {
        "to": "4711",
        "messages": [{"type": "text", "text": "สวัสดีค่ะ 🧡"}],
    }


async def test_a_fresh_reply_token_makes_it_a_reply_without_retry_key(
    line: LineAdapter, platform: "Platform", outgoing: Make
) -> None:
    platform.will_answer(200, {"sentMessages": [{"id": "1"}]})
    assert await line.send(outgoing("hi", reply_token="r1")) == Sent(platform_ids=("1",))
    assert platform.requests[0].url.path == "/v2/bot/message/reply"
    assert "x-line-retry-key" not in platform.requests[0].headers
    assert platform.body == {"replyToken": "r1", "messages": [{"type": "text", "text": "hi"}]}


async def test_an_accepted_push_is_sent_whatever_its_answer_holds(
    line: LineAdapter, platform: "Platform", outgoing: Make
) -> None:
    platform.will_answer_bytes(200, b"<html>")
    assert await line.send(outgoing()) == Sent()


async def test_a_conflict_means_that_it_was_accepted_before(
    line: LineAdapter, platform: "Platform", outgoing: Make
) -> None:
    platform.will_answer(
        409,
        {"message": "The retry key is already accepted", "sentMessages": [{"id": "9"}]},
        headers={"X-Line-Accepted-Request-Id": "req-1"},
    )
    platform.will_answer(409, {"message": "The retry key is already accepted"})
    again = outgoing(attempt=2, unsettled=True)
    assert await line.send(again) == Sent(
        platform_ids=("9",), note="already accepted as request req-1"
    )
    assert await line.send(again) == Sent(note="already accepted")


@pytest.mark.parametrize(
    ("status", "told", "reason", "fix"),
    [
        (400, {"message": "The request body has 1 error(s)"}, "refused", None),
        (401, {"message": "Authentication failed"}, "credentials", "credentials"),
        (403, {"message": "Access to this API is not available"}, "forbidden", "credentials"),
        (404, {"message": "Not found"}, "refused", None),
        (413, {}, "refused", None),
        (415, {}, "refused", None),
        (429, QUOTA, "quota", "quota"),
    ],
)
async def test_definite_refusals(
    line: LineAdapter,
    platform: "Platform",
    outgoing: Make,
    status: int,
    told: Any,
    reason: str,
    fix: str | None,
) -> None:
    platform.will_answer(status, told)
    said = await line.send(outgoing())
    assert isinstance(said, Failed)
    assert (said.reason, said.fix, said.recipient_gone) == (reason, fix, False)
    platform.will_answer(status, told)
    after_a_lost_answer = await line.send(outgoing(attempt=2, unsettled=True))
    assert after_a_lost_answer == Uncertain(reason=reason, detail=said.detail, fix=said.fix)


async def test_a_refusal_names_the_property_that_is_wrong(
    line: LineAdapter, platform: "Platform", outgoing: Make
) -> None:
    platform.will_answer(
        400,
        {
            "message": "The request body has 1 error(s)",
            "details": [{"message": "May not be empty", "property": "messages[0].text"}, 7],
        },
    )
    said = await line.send(outgoing())
    assert isinstance(said, Failed)
    assert said.detail == "The request body has 1 error(s) messages[0].text: May not be empty"


async def test_the_other_meaning_of_429_is_to_wait(
    line: LineAdapter, platform: "Platform", outgoing: Make
) -> None:
    platform.will_answer(429, RATE)
    platform.will_answer(429, RATE, headers={"Retry-After": "3"})
    platform.will_answer_bytes(429, b"slow down")
    waits = [await line.send(outgoing()) for _ in range(3)]
    assert [type(said) for said in waits] == [RetryLater] * 3
    assert [said.after_ms for said in waits if isinstance(said, RetryLater)] == [None, 3000, None]


@pytest.mark.parametrize("reply_token", [None, "r1"])
@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 302])
async def test_what_the_server_may_have_done_is_repeated_the_same_way(
    line: LineAdapter, platform: "Platform", outgoing: Make, status: int, reply_token: str | None
) -> None:
    platform.will_answer(status)
    said = await line.send(outgoing(reply_token=reply_token))
    assert isinstance(said, Uncertain)
    assert said.repeat


@pytest.mark.parametrize("reply_token", [None, "r1"])
@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout, httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError]
)
async def test_a_lost_answer_is_uncertain_and_repeatable(
    line: LineAdapter,
    platform: "Platform",
    outgoing: Make,
    error: type[httpx.TransportError],
    reply_token: str | None,
) -> None:
    platform.will_raise(error("gone"))
    said = await line.send(outgoing(reply_token=reply_token))
    assert isinstance(said, Uncertain)
    assert (said.reason, said.repeat) == ("answer_lost", True)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError]
)
async def test_what_never_left_is_tried_later(
    line: LineAdapter, platform: "Platform", outgoing: Make, error: type[httpx.TransportError]
) -> None:
    platform.will_raise(error("refused"))
    said = await line.send(outgoing())
    assert isinstance(said, RetryLater)
    assert (said.reason, said.after_ms) == ("unreachable", None)


async def test_a_refused_reply_token_is_dropped_when_nothing_was_tried_before(
    line: LineAdapter, platform: "Platform", outgoing: Make
) -> None:
    platform.will_answer(400, INVALID_TOKEN)
    said = await line.send(outgoing(reply_token="old"))
    assert isinstance(said, RetryLater)
    assert (said.drop_reply_token, said.after_ms) == (True, 0)
    assert len(platform.requests) == 1, "one send is one request"


async def test_after_a_lost_answer_a_refused_reply_token_proves_nothing_and_is_not_pushed(
    line: LineAdapter, platform: "Platform", outgoing: Make
) -> None:
    platform.will_raise(httpx.ReadTimeout("gone"))
    first = await line.send(outgoing(reply_token="r1"))
    assert isinstance(first, Uncertain)
    assert first.repeat
    platform.will_answer(400, INVALID_TOKEN)
    said = await line.send(outgoing(reply_token="r1", attempt=2, unsettled=True))
    assert isinstance(said, Uncertain)
    assert (said.reason, said.repeat) == ("reply_token_spent", False)
    assert {request.url.path for request in platform.requests} == {"/v2/bot/message/reply"}


async def test_a_repeated_reply_that_is_accepted_is_sent(
    line: LineAdapter, platform: "Platform", outgoing: Make
) -> None:
    platform.will_answer(200, {"sentMessages": [{"id": "1"}]})
    again = outgoing(reply_token="r1", attempt=2, unsettled=True)
    assert await line.send(again) == Sent(platform_ids=("1",))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            Content(kind=ContentKind.STICKER, text="hi", sticker="446/1988"),
            {"type": "sticker", "packageId": "446", "stickerId": "1988"},
        ),
        (
            Content(kind=ContentKind.LOCATION, text="Baan Shop", latitude=13.7, longitude=100.5),
            {
                "type": "location",
                "title": "Baan Shop",
                "address": "Baan Shop",
                "latitude": 13.7,
                "longitude": 100.5,
            },
        ),
        (
            Content(kind=ContentKind.IMAGE, url="https://shop.example/a.jpg"),
            {
                "type": "image",
                "originalContentUrl": "https://shop.example/a.jpg",
                "previewImageUrl": "https://shop.example/a.jpg",
            },
        ),
    ],
)
async def test_other_kinds(
    platform: "Platform",
    account: Callable[..., ChannelAccount],
    outgoing: Make,
    content: Content,
    message: dict[str, Any],
) -> None:
    line = LineAdapter(account("line", public_url="https://shop.example"), platform.client)
    platform.will_answer(200, {"sentMessages": [{"id": "1"}]})
    assert isinstance(await line.send(outgoing(content=content)), Sent)
    assert platform.body["messages"] == [message]


@pytest.mark.parametrize(
    "content",
    [
        Content(kind=ContentKind.TEXT, text=" \n "),
        Content(kind=ContentKind.TEXT, text="ก" * 5001),
        Content(kind=ContentKind.TEXT, text="🧡" * 2501),
        Content(kind=ContentKind.IMAGE, url="https://shop.example/a.jpg"),
        Content(kind=ContentKind.FILE, url="https://shop.example/a.pdf"),
        Content(kind=ContentKind.LOCATION, text="somewhere"),
        Content(kind=ContentKind.STICKER, text="no sticker"),
    ],
)
async def test_what_it_cannot_carry_is_refused_before_sending(
    line: LineAdapter, platform: "Platform", outgoing: Make, content: Content
) -> None:
    assert line.capabilities.why_not(content)
    said = await line.send(outgoing(content=content))
    assert isinstance(said, Failed)
    assert said.reason == "cannot_send"
    assert platform.requests == []


async def test_the_longest_text_goes(
    line: LineAdapter, platform: "Platform", outgoing: Make
) -> None:
    platform.will_answer(200)
    assert isinstance(await line.send(outgoing("🧡" * 2500)), Sent)


async def test_a_lone_surrogate_does_not_break_the_send(
    line: LineAdapter, platform: "Platform", outgoing: Make
) -> None:
    platform.will_answer(200)
    assert isinstance(await line.send(outgoing("ok \ud83d")), Sent)
    assert platform.body["messages"][0]["text"] == "ok \ufffd"


async def test_without_a_token_it_says_which_key_is_missing(
    platform: "Platform", account: Callable[..., ChannelAccount], outgoing: Make
) -> None:
    line = LineAdapter(account("line", credentials={"channel_secret": "s"}), platform.client)
    said = await line.send(outgoing())
    assert isinstance(said, Failed)
    assert said.fix == "credentials"
    assert "channels.line-main.credentials.access_token" in said.detail
    assert await line.profile("U1") is None
    with pytest.raises(BadCredentials, match="access_token"):
        await line.media("1")
    check = await line.check()
    assert not check.ok
    assert platform.requests == []


async def test_another_address_replaces_both_hosts(
    platform: "Platform", account: Callable[..., ChannelAccount], outgoing: Make
) -> None:
    line = LineAdapter(account("line", api_base="http://127.0.0.1:9100/"), platform.client)
    platform.will_answer(200)
    await line.send(outgoing())
    platform.will_answer_bytes(200, b"png", "image/png")
    await line.media("1")
    assert [str(request.url) for request in platform.requests] == [
        "http://127.0.0.1:9100/v2/bot/message/push",
        "http://127.0.0.1:9100/v2/bot/message/1/content",
    ]


async def test_profile(line: LineAdapter, platform: "Platform") -> None:
    platform.will_answer(
        200,
        {
            "displayName": "สมชาย",
            "userId": "U1",
            "language": "th",
            "pictureUrl": "https://profile.line-scdn.net/x",
        },
    )
    assert await line.profile("U/1") == Profile(
        name="สมชาย", language="th", picture_url="https://profile.line-scdn.net/x"
    )
    assert platform.requests[0].url.raw_path == b"/v2/bot/profile/U%2F1"
    platform.will_answer(404, {"message": "Not found"})
    assert await line.profile("U1") is None
    platform.will_raise(httpx.ConnectError("down"))
    assert await line.profile("U1") is None


async def test_check(line: LineAdapter, platform: "Platform") -> None:
    platform.will_answer(200, {"displayName": "Baan Shop", "basicId": "@216ru"})
    platform.will_answer(404, {"message": "Webhook endpoint not found"})
    good = await line.check()
    assert (good.ok, good.account, good.hint) == (True, "Baan Shop (@216ru)", None)
    platform.will_answer(200, {"displayName": "Baan Shop"})
    platform.will_answer(200, {"endpoint": "https://x.example/hook", "active": False})
    off = await line.check()
    assert off.ok
    assert "Use webhook" in (off.hint or "")
    platform.will_answer(401, {"message": "Authentication failed"})
    bad = await line.check()
    assert (bad.ok, bad.problem) == (False, "LINE refused the access token.")
    assert "channels.line-main.credentials.access_token" in (bad.hint or "")
    platform.will_raise(httpx.ConnectError("down"))
    assert not (await line.check()).ok


async def test_media(line: LineAdapter, platform: "Platform") -> None:
    platform.will_answer_bytes(200, b"jpeg", "image/jpeg; q=1")
    media = await line.media("468789577898262530")
    assert (media.data, media.mime) == (b"jpeg", "image/jpeg")
    assert platform.requests[0].url.host == "api-data.line.me"
    assert platform.requests[0].headers["authorization"] == "Bearer line-access-token/+=="


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (202, PlatformUnavailable),
        (404, MediaGone),
        (410, MediaGone),
        (401, BadCredentials),
        (500, PlatformUnavailable),
    ],
)
async def test_media_that_cannot_be_had(
    line: LineAdapter, platform: "Platform", status: int, error: type[Exception]
) -> None:
    platform.will_answer_bytes(status, b"")
    with pytest.raises(error):
        await line.media("1")


async def test_media_over_the_limit_is_not_read_to_its_end(
    line: LineAdapter, platform: "Platform"
) -> None:
    platform.will_answer_bytes(200, b"x" * 11)
    with pytest.raises(TooLarge):
        await line.media("1", limit=10)
    platform.will_raise(httpx.ReadTimeout("slow"))
    with pytest.raises(PlatformUnavailable):
        await line.media("1")


async def test_a_client_of_its_own_is_made_late_and_closed(
    account: Callable[..., ChannelAccount], outgoing: Make
) -> None:
    line = LineAdapter(account("line", api_base="http://127.0.0.1:1"))
    await line.aclose()
    assert isinstance(await line.send(outgoing()), RetryLater)
    await line.aclose()
    await line.aclose()


async def test_a_client_that_was_handed_in_stays_open(
    line: LineAdapter, platform: "Platform", outgoing: Make
) -> None:
    await line.aclose()
    assert not platform.client.is_closed
    await platform.client.aclose()
    assert isinstance(await line.send(outgoing()), RetryLater)
