"""Which adapter an account gets, and that no secret leaves one: no log, no repr, no error text."""

import logging
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest

from inbox_tui.channels.line import LineAdapter
from inbox_tui.channels.port import (
    BadCredentials,
    BadSignature,
    ChannelAccount,
    CustomerMessage,
    NotSupportedYet,
    Outgoing,
    PlatformUnavailable,
)
from inbox_tui.channels.registry import adapter_for, describe
from inbox_tui.channels.telegram import TelegramAdapter
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ChannelKind, ContentKind

if TYPE_CHECKING:
    from tests.wire.channels.conftest import Platform

BOT_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


async def test_the_bot_token_is_in_no_log(
    telegram: TelegramAdapter,
    platform: "Platform",
    outgoing: Callable[..., Outgoing],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        platform.will_answer(200, {"ok": True, "result": {"message_id": 1}})
        await telegram.send(outgoing())
        platform.will_answer(200, {"ok": True, "result": {"file_path": "a/b.jpg"}})
        platform.will_answer_bytes(200, b"jpeg")
        await telegram.media("BQAC")
    assert "/bot…/sendMessage" in caplog.text, "httpx does log addresses"
    assert "/file/bot…/a/b.jpg" in caplog.text
    assert BOT_TOKEN not in caplog.text


async def test_the_bot_token_is_in_no_log_of_a_real_connection(
    account: Callable[..., ChannelAccount],
    outgoing: Callable[..., Outgoing],
    caplog: pytest.LogCaptureFixture,
) -> None:
    telegram = TelegramAdapter(account("telegram", api_base="http://127.0.0.1:1"))
    with caplog.at_level(logging.DEBUG):
        said = await telegram.send(outgoing())
    await telegram.aclose()
    assert BOT_TOKEN not in caplog.text + repr(said)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.InvalidURL])
async def test_the_bot_token_is_in_no_error(
    telegram: TelegramAdapter, platform: "Platform", error: type[Exception]
) -> None:
    told = f"cannot reach https://api.telegram.org/bot{BOT_TOKEN}/getUpdates"
    platform.will_raise(error(told))
    with pytest.raises(PlatformUnavailable) as caught:
        await telegram.poll(None, 0)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert BOT_TOKEN not in shown


def test_no_secret_is_in_a_repr(account: Callable[..., ChannelAccount]) -> None:
    telegram, line = account("telegram"), account("line")
    shown = [telegram, line, TelegramAdapter(telegram), LineAdapter(line)]
    message = CustomerMessage(
        external_id="1",
        message_id="2",
        at=None,
        content=Content(kind=ContentKind.TEXT),
        reply_token="one-time",
    )
    going = Outgoing(external_id="1", content=message.content, key="k", reply_token="one-time")
    for thing in (*shown, message, going):
        for secret in (
            "one-time",
            *telegram.credentials.values(),
            *line.credentials.values(),
        ):
            assert secret not in repr(thing)


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("line", "access_token", "two words"),
        ("line", "channel_secret", "ลับ"),
        ("telegram", "token", "1:a/../../2:b"),
        ("telegram", "token", "1:a\n"),
        ("telegram", "secret_token", "not allowed!"),
    ],
)
def test_a_credential_that_cannot_be_one_is_named_not_shown(
    account: Callable[..., ChannelAccount], kind: str, name: str, value: str
) -> None:
    wrong = account(kind, credentials={name: value + "\x01"})
    with pytest.raises(BadCredentials) as caught:
        adapter_for(wrong)
    path = f"channels.{wrong.slug}.credentials.{name}"
    assert caught.value.data == {"path": path}
    assert path in caught.value.detail
    assert value not in caught.value.detail


@pytest.mark.parametrize("base", ["ftp://x", "127.0.0.1:9100", "http://", "http://x:99999", "://"])
def test_a_wrong_address_is_named(account: Callable[..., ChannelAccount], base: str) -> None:
    with pytest.raises(BadCredentials, match=r"channels\.tg\.api_base"):
        adapter_for(account("telegram", api_base=base))


def test_each_kind_has_its_adapter_or_a_clear_no(account: Callable[..., ChannelAccount]) -> None:
    assert isinstance(adapter_for(account("line")), LineAdapter)
    assert isinstance(adapter_for(account("telegram")), TelegramAdapter)
    for kind in ChannelKind:
        about = describe(kind)
        assert about.title
        assert bool(about.credentials) is about.supported
        if not about.supported:
            with pytest.raises(NotSupportedYet, match=about.title) as caught:
                adapter_for(ChannelAccount(slug="x", kind=kind))
            assert "line, telegram" in (caught.value.hint or "")


def test_errors_keep_their_place_in_the_tree() -> None:
    assert (BadSignature.status, BadCredentials.status, NotSupportedYet.status) == (401, 422, 422)
