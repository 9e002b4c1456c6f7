"""Deep links carry the code, or the platform says why it cannot (Q1, Q2)."""

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from tests.wire.channels.conftest import LINE_SECRET, line_account, telegram_account

from inbox_tui.channels import links
from inbox_tui.channels.line import LineAdapter
from inbox_tui.channels.port import BadCredentials, CustomerMessage, PlatformUnavailable
from inbox_tui.channels.registry import describe
from inbox_tui.channels.telegram import TelegramAdapter
from inbox_tui.errors import InboxError, Invalid, NotPossibleNow
from inbox_tui.wire.words import ChannelKind

if TYPE_CHECKING:
    from tests.wire.channels.conftest import Platform

CODE = "ibx-kato-miru-sabe"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        (links.line("@216ru", CODE), f"https://line.me/R/oaMessage/%40216ru/?{CODE}"),
        (links.line("baan.shop", CODE), f"https://line.me/R/oaMessage/%40baan.shop/?{CODE}"),
        (links.telegram("@baan_bot", CODE), f"https://t.me/baan_bot?start={CODE}"),
        (links.whatsapp("+66 81-234 5678", CODE), f"https://wa.me/66812345678?text={CODE}"),
        (links.messenger("baan.shop", CODE), f"https://m.me/baan.shop?text={CODE}"),
        (links.sms("+66 81 234 5678", CODE), f"sms:+66812345678?body={CODE}"),
    ],
)
def test_q1_the_link_of_each_platform_carries_the_code(link: str, address: str) -> None:
    assert link == address


def test_q1_every_platform_has_a_link_or_a_reason() -> None:
    able = {kind for kind in ChannelKind if links.why_not(kind) is None}
    assert able == {
        ChannelKind.LINE,
        ChannelKind.TELEGRAM,
        ChannelKind.WHATSAPP,
        ChannelKind.MESSENGER,
        ChannelKind.SMS,
    }
    for kind in set(ChannelKind) - able:
        assert (links.why_not(kind) or "").endswith(".")
    supported = {kind for kind in ChannelKind if describe(kind).supported}
    assert supported <= able


@pytest.mark.parametrize("text", ["สวัสดี ค่ะ", "a&b=c#d?e/f%20+", "🙏"])
def test_any_text_arrives_as_it_was_given(text: str) -> None:
    query = urlsplit(links.line("@x", text)).query
    assert unquote(query) == text
    assert unquote(urlsplit(links.whatsapp("66812345678", text)).query) == f"text={text}"
    assert unquote(urlsplit(links.messenger("page", text)).query) == f"text={text}"


@pytest.mark.parametrize(
    ("build", "account"),
    [
        (links.line, "two words"),
        (links.line, "a/b"),
        (links.telegram, "../x"),
        (links.whatsapp, "call me"),
        (links.whatsapp, ""),
        (links.messenger, "page?x=1"),
        (links.sms, "112x"),
    ],
)
def test_what_can_be_no_address_is_refused(build: object, account: str) -> None:
    assert callable(build)
    with pytest.raises(Invalid):
        build(account, CODE)


def test_a_start_link_carries_no_other_characters() -> None:
    with pytest.raises(Invalid):
        links.telegram("bot", "two words")
    with pytest.raises(Invalid):
        links.telegram("bot", "x" * 65)


async def test_line_asks_for_its_name_once(line: LineAdapter, platform: "Platform") -> None:
    platform.will_answer(200, {"displayName": "Baan Shop", "basicId": "@216ru"})
    assert await line.link(CODE) == f"https://line.me/R/oaMessage/%40216ru/?{CODE}"
    assert await line.link("again") == "https://line.me/R/oaMessage/%40216ru/?again"
    assert [request.url.path for request in platform.requests] == ["/v2/bot/info"]


async def test_line_prefers_what_it_was_told_then_the_premium_id(platform: "Platform") -> None:
    told = line_account(credentials={"channel_secret": LINE_SECRET, "basic_id": "@baan"})
    assert "/%40baan/" in await LineAdapter(told, platform.client).link(CODE)
    assert platform.requests == []
    platform.will_answer(200, {"basicId": "@216ru", "premiumId": "@baanshop"})
    assert "/%40baanshop/" in await LineAdapter(line_account(), platform.client).link(CODE)


async def test_line_says_why_it_has_no_link(line: LineAdapter, platform: "Platform") -> None:
    platform.will_raise(httpx.ConnectError("down"))
    with pytest.raises(PlatformUnavailable, match="could not be reached"):
        await line.link(CODE)
    platform.will_answer(401, {"message": "Authentication failed"})
    with pytest.raises(BadCredentials, match=r"credentials\.access_token"):
        await line.link(CODE)
    platform.will_answer(500)
    with pytest.raises(PlatformUnavailable, match="500"):
        await line.link(CODE)
    mute = LineAdapter(line_account(credentials={"channel_secret": LINE_SECRET}), platform.client)
    with pytest.raises(NotPossibleNow, match="access_token is not set") as refused:
        await mute.link(CODE)
    assert "basic_id" in (refused.value.hint or "")


async def test_telegram_asks_for_its_name_once(
    telegram: TelegramAdapter, platform: "Platform"
) -> None:
    platform.will_answer(200, {"ok": True, "result": {"id": 1, "username": "baan_bot"}})
    assert await telegram.link(CODE) == f"https://t.me/baan_bot?start={CODE}"
    assert await telegram.link("again") == "https://t.me/baan_bot?start=again"
    assert len(platform.requests) == 1


@pytest.mark.parametrize(
    ("status", "told", "error"),
    [
        (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}, BadCredentials),
        (409, {"ok": False, "error_code": 409, "description": "Conflict"}, PlatformUnavailable),
        (400, {"ok": False, "error_code": 400, "description": "Bad"}, PlatformUnavailable),
        (200, {"ok": True, "result": {"id": 1}}, PlatformUnavailable),
    ],
)
async def test_telegram_says_why_it_has_no_link(
    telegram: TelegramAdapter,
    platform: "Platform",
    status: int,
    told: dict[str, object],
    error: type[InboxError],
) -> None:
    platform.will_answer(status, told)
    with pytest.raises(error):
        await telegram.link(CODE)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (f"/start {CODE}", CODE),
        ("/start", None),
        ("/start  ", None),
        (f"/started {CODE}", None),
        (f"please /start {CODE}", None),
        (CODE, None),
    ],
)
def test_q2_what_a_start_link_carried_is_told_apart(text: str, start: str | None) -> None:
    update = {
        "update_id": 1,
        "message": {
            "message_id": 5,
            "date": 1_700_000_000,
            "chat": {"id": 7, "type": "private"},
            "from": {"id": 7, "first_name": "Nok"},
            "text": text,
        },
    }
    read = TelegramAdapter(telegram_account()).parse(update)
    assert isinstance(read, CustomerMessage)
    assert (read.start, read.content.text) == (start, text)
