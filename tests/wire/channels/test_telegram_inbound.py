"""Telegram's updates: proof of origin, one after the other, and what each says."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from inbox_tui.channels import telegram_inbound
from inbox_tui.channels.port import (
    BadSignature,
    ChannelAccount,
    CustomerMessage,
    Edited,
    Followed,
    GroupMessage,
    Ignored,
    MalformedBody,
    Unfollowed,
    Unsupported,
)
from inbox_tui.channels.telegram import TelegramAdapter
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ContentKind

USER = 5_000_000_001  # past 32 bits
SENDER = {
    "id": USER,
    "is_bot": False,
    "first_name": "Linh",
    "last_name": "Nguyễn",
    "language_code": "vi",
}
CHAT = {"id": USER, "first_name": "Linh", "type": "private"}
DATE = 1_760_000_000


def an_update(kind: str = "message", **fields: Any) -> dict[str, Any]:
    message = {"message_id": 42, "from": SENDER, "chat": CHAT, "date": DATE} | fields
    return {"update_id": 10_000, kind: message}


def customer_message(update: dict[str, Any]) -> CustomerMessage:
    said = telegram_inbound.parse(update)
    assert isinstance(said, CustomerMessage)
    return said


@pytest.fixture
def hooked(account: Callable[..., ChannelAccount]) -> TelegramAdapter:
    credentials = {"token": "1:a", "secret_token": "s3cret_-"}
    return TelegramAdapter(account("telegram", credentials=credentials))


def test_the_secret_token_decides_how_it_receives(
    telegram: TelegramAdapter, hooked: TelegramAdapter
) -> None:
    assert telegram.capabilities.receives == "poll"
    assert hooked.capabilities.receives == "webhook"


def test_the_secret_token_is_the_proof(hooked: TelegramAdapter) -> None:
    hooked.verify({"X-Telegram-Bot-Api-Secret-Token": "s3cret_-"}, b"{}")
    for headers in ({}, {"x-telegram-bot-api-secret-token": "s3cret"}, {"other": "s3cret_-"}):
        with pytest.raises(BadSignature):
            hooked.verify(headers, b"{}")


def test_a_polled_bot_takes_no_webhook(telegram: TelegramAdapter) -> None:
    with pytest.raises(BadSignature):
        telegram.verify({"x-telegram-bot-api-secret-token": ""}, b"{}")


def test_a_webhook_and_a_poll_answer_are_split_alike(telegram: TelegramAdapter) -> None:
    first, second = an_update(text="a"), an_update(text="b") | {"update_id": 10_001}
    posted = telegram.split(json.dumps(first).encode())
    polled = telegram.split(json.dumps({"ok": True, "result": [first, second]}).encode())
    assert [event.dedupe_key for event in posted] == ["10000"]
    assert [event.dedupe_key for event in polled] == ["10000", "10001"]
    assert posted[0] == polled[0]
    assert posted[0].occurred_at == DATE * 1000
    assert telegram.split(b'{"ok":true,"result":[]}') == []


@pytest.mark.parametrize("raw", [b"", b"[]", b"7", b"{"])
def test_a_body_that_is_none_is_malformed(telegram: TelegramAdapter, raw: bytes) -> None:
    with pytest.raises(MalformedBody):
        telegram.split(raw)


def test_an_update_without_an_id_gets_a_key_of_its_content(telegram: TelegramAdapter) -> None:
    [event] = telegram.split(b'{"message":{"text":"hi"}}')
    [again] = telegram.split(b'{ "message": {"text": "hi"} }')
    assert event.dedupe_key == again.dedupe_key
    assert event.dedupe_key.startswith("sha256:")


def test_text() -> None:
    assert customer_message(an_update(text="Chào shop 👋")) == CustomerMessage(
        external_id=str(USER),
        message_id="42",
        at=DATE * 1000,
        content=Content(kind=ContentKind.TEXT, text="Chào shop 👋"),
        name="Linh Nguyễn",
        language="vi",
    )


@pytest.mark.parametrize(
    ("fields", "content", "media"),
    [
        (
            {
                "photo": [
                    {"file_id": "small", "width": 90, "height": 51, "file_size": 1101},
                    {"file_id": "large", "width": 1280, "height": 720, "file_size": 98_000},
                    {"file_id": "middle", "width": 320, "height": 180},
                ],
                "caption": "this one",
            },
            Content(kind=ContentKind.IMAGE, text="this one", mime="image/jpeg", size=98_000),
            "large",
        ),
        (
            {"sticker": {"file_id": "CAAC", "emoji": "😺", "set_name": "Cats"}},
            Content(kind=ContentKind.STICKER, text="😺", sticker="CAAC"),
            "CAAC",
        ),
        (
            {
                "document": {
                    "file_id": "BQAC",
                    "file_name": "hóa đơn.pdf",
                    "mime_type": "application/pdf",
                    "file_size": 5,
                }
            },
            Content(
                kind=ContentKind.FILE,
                text="hóa đơn.pdf",
                file_name="hóa đơn.pdf",
                mime="application/pdf",
                size=5,
            ),
            "BQAC",
        ),
        (
            {"voice": {"file_id": "AwAC", "duration": 3, "mime_type": "audio/ogg"}},
            Content(kind=ContentKind.AUDIO, mime="audio/ogg"),
            "AwAC",
        ),
        (
            {"audio": {"file_id": "CQAC", "performer": "Bird", "title": "Sabai"}},
            Content(kind=ContentKind.AUDIO, text="Bird, Sabai", title="Bird, Sabai"),
            "CQAC",
        ),
        (
            {"video": {"file_id": "BAAC", "mime_type": "video/mp4"}, "caption": "look"},
            Content(kind=ContentKind.VIDEO, text="look", mime="video/mp4"),
            "BAAC",
        ),
        (
            {"animation": {"file_id": "CgAC"}, "document": {"file_id": "CgAC"}},
            Content(kind=ContentKind.VIDEO),
            "CgAC",
        ),
        (
            {"location": {"latitude": 10.7769, "longitude": 106.7009}},
            Content(
                kind=ContentKind.LOCATION,
                text="10.77690, 106.70090",
                latitude=10.7769,
                longitude=106.7009,
            ),
            None,
        ),
        (
            {
                "venue": {
                    "location": {"latitude": 10.5, "longitude": 106.5},
                    "title": "Chợ",
                    "address": "Quận 1",
                },
                "location": {"latitude": 10.5, "longitude": 106.5},
            },
            Content(
                kind=ContentKind.LOCATION,
                text="Chợ, Quận 1",
                title="Chợ",
                address="Quận 1",
                latitude=10.5,
                longitude=106.5,
            ),
            None,
        ),
        (
            {"contact": {"phone_number": "+8490", "first_name": "Mai"}},
            Content(kind=ContentKind.UNSUPPORTED, text="Mai, +8490", platform_kind="contact"),
            None,
        ),
        (
            {"poll": {"question": "Red or blue?"}},
            Content(kind=ContentKind.UNSUPPORTED, text="Red or blue?", platform_kind="poll"),
            None,
        ),
        (
            {"hologram": {"x": 1}},
            Content(kind=ContentKind.UNSUPPORTED, platform_kind="hologram"),
            None,
        ),
    ],
)
def test_kinds(fields: dict[str, Any], content: Content, media: str | None) -> None:
    said = customer_message(an_update(**fields))
    assert said.content == content
    assert said.media == media


def test_an_edited_message() -> None:
    update = an_update("edited_message", text="better", edit_date=DATE + 60)
    assert telegram_inbound.parse(update) == Edited(
        external_id=str(USER),
        message_id="42",
        at=(DATE + 60) * 1000,
        content=Content(kind=ContentKind.TEXT, text="better"),
    )


@pytest.mark.parametrize("chat_type", ["group", "supergroup", "channel", None])
def test_a_group_is_told_apart(chat_type: str | None) -> None:
    chat = {"id": -1001234567890} | ({"type": chat_type} if chat_type else {})
    said = telegram_inbound.parse(an_update(chat=chat, text="all"))
    assert isinstance(said, GroupMessage)
    assert (said.external_id, said.sender) == ("-1001234567890", str(USER))
    assert said.content.text == "all"


def membership(before: str | None, now: str | None, **fields: Any) -> dict[str, Any]:
    change = {
        "chat": CHAT,
        "from": SENDER,
        "date": DATE,
        "old_chat_member": {"status": before},
        "new_chat_member": {"status": now},
    }
    return {"update_id": 1, "my_chat_member": change | fields}


def test_blocked_and_back_again() -> None:
    assert telegram_inbound.parse(membership("member", "kicked")) == Unfollowed(
        external_id=str(USER), at=DATE * 1000
    )
    assert telegram_inbound.parse(membership("kicked", "member")) == Followed(
        external_id=str(USER),
        at=DATE * 1000,
        unblocked=True,
        name="Linh Nguyễn",
        language="vi",
    )


def test_changes_of_membership_that_say_nothing_or_too_little() -> None:
    group = {"id": -5, "type": "group"}
    assert isinstance(telegram_inbound.parse(membership("left", "member", chat=group)), Ignored)
    assert isinstance(telegram_inbound.parse(membership("member", None)), Unsupported)


def test_what_a_chat_tells_about_itself_is_no_message() -> None:
    said = telegram_inbound.parse(an_update(pinned_message={"message_id": 1, "text": "x"}))
    assert said == Ignored(reason="pinned_message")


def test_an_unknown_update_is_shown_with_its_sender() -> None:
    update = {"update_id": 3, "callback_query": {"id": "1", "from": SENDER, "data": "buy"}}
    said = telegram_inbound.parse(update)
    assert isinstance(said, Unsupported)
    assert (said.platform_kind, said.external_id, said.content.text) == (
        "callback_query",
        str(USER),
        "buy",
    )
