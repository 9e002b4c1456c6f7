"""LINE's webhooks: proof of origin, one event after the other, and what each says."""

import json
from typing import Any

import pytest
from tests.later import Later

from inbox_tui.channels import line_inbound
from inbox_tui.channels.line import LineAdapter
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
    Unsent,
    Unsupported,
)
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ChannelKind, ContentKind

SECRET = "b5f1c3d2e4a697788990aabbccddeeff"
USER = "U4af4980629a1b2c3d4e5f60718293a4b"
AT = 1_760_000_000_123
TOKEN = "0f3779fba3b349968c5d07db31eab56f"

# Signatures made with: openssl dgst -sha256 -hmac SECRET -binary | base64
VECTORS = [
    (
        '{"destination":"U0","events":[{"type":"message","message":'
        '{"type":"text","id":"1","text":"สวัสดีค่ะ 🧡"}}]}'.encode(),
        "fv5XS86q0hcjBu8cOSWGAVpuQMa7rpSicl/V4iMe0us=",
    ),
    (
        rb'{"destination":"U0","events":[{"text":"\u0e2a\u0e27\u0e31\u0e2a"}]}',
        "8F1HUJzXPYvHqQ/ylVQ2k1xmmFbwNezF+q+KVE6xzSI=",
    ),
]


def an_event(kind: str = "message", **fields: Any) -> dict[str, Any]:
    event: dict[str, Any] = {
        "type": kind,
        "mode": "active",
        "timestamp": AT,
        "source": {"type": "user", "userId": USER},
        "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": TOKEN,
    }
    return event | fields


def a_message(**message: Any) -> dict[str, Any]:
    return an_event(message={"id": "468789577898262530"} | message)


def customer_message(event: dict[str, Any]) -> CustomerMessage:
    said = line_inbound.parse(event)
    assert isinstance(said, CustomerMessage)
    return said


@pytest.mark.parametrize(("raw", "signature"), VECTORS)
def test_a_signature_over_the_raw_bytes_is_accepted(
    line: LineAdapter, raw: bytes, signature: str
) -> None:
    line.verify({"X-Line-Signature": signature}, raw)
    line.verify({"x-line-signature": signature}, raw)
    assert Later("linebot.v3.webhook").SignatureValidator(SECRET).validate(raw.decode(), signature)


@pytest.mark.parametrize(("raw", "signature"), VECTORS)
def test_what_was_signed_is_the_bytes_not_their_meaning(
    line: LineAdapter, raw: bytes, signature: str
) -> None:
    for ascii_only in (True, False):
        again = json.dumps(json.loads(raw), ensure_ascii=ascii_only).encode()
        with pytest.raises(BadSignature):
            line.verify({"x-line-signature": signature}, again)


@pytest.mark.parametrize("headers", [{}, {"x-line-signature": ""}, {"x-line-signature": "ลายเซ็น"}])
def test_a_webhook_without_proof_is_refused(line: LineAdapter, headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        line.verify(headers, VECTORS[0][0])


def test_without_a_secret_nothing_is_accepted() -> None:
    open_door = LineAdapter(ChannelAccount(slug="line-main", kind=ChannelKind.LINE))
    with pytest.raises(BadSignature, match=r"channels\.line-main\.credentials\.channel_secret"):
        open_door.verify({"x-line-signature": VECTORS[0][1]}, VECTORS[0][0])


def test_the_verify_button_sends_no_events(line: LineAdapter) -> None:
    assert line.split(b'{"destination":"U0","events":[]}') == []


@pytest.mark.parametrize(
    "raw", [b"", b"not json", b"[]", b"{}", b'{"events":{}}', b'"\xff"', b"[" * 100_000]
)
def test_a_body_that_is_none_is_malformed(line: LineAdapter, raw: bytes) -> None:
    with pytest.raises(MalformedBody):
        line.split(raw)


def test_a_redelivered_event_has_the_same_key(line: LineAdapter) -> None:
    first = an_event(message={"type": "text", "text": "hi"})
    again = first | {"deliveryContext": {"isRedelivery": True}}
    without_id = {key: value for key, value in first.items() if key != "webhookEventId"}
    without_id_again = without_id | {"deliveryContext": {"isRedelivery": True}}
    other = without_id | {"timestamp": AT + 1}

    def keys(*events: Any) -> list[str]:
        raw = json.dumps({"events": events}).encode()
        return [event.dedupe_key for event in line.split(raw)]

    assert keys(first) == keys(again) == ["01FZ74A0TDDPYRVKNK77XKC3ZR"]
    assert keys(without_id) == keys(without_id_again)
    assert keys(without_id) != keys(other)


def test_a_poison_item_does_not_block_its_batch(line: LineAdapter) -> None:
    raw = json.dumps({"events": [7, an_event(message={"type": "text", "text": "hi"}), None]})
    events = line.split(raw.encode())
    said = [line.parse(event.payload) for event in events]
    assert [type(item) for item in said] == [Unsupported, CustomerMessage, Unsupported]
    assert [event.occurred_at for event in events] == [None, AT, None]


def test_text_cut_in_the_middle_of_an_emoji_is_kept_and_can_be_stored(line: LineAdapter) -> None:
    raw = rb'{"events":[{"type":"message","source":{"userId":"U1"},"message":{"type":"text",'
    raw += rb'"id":"1","text":"ok \ud83d \u0000"},"score":NaN,"n":123456789012345678901234567890}]}'
    [event] = line.split(raw)
    said = customer_message(event.payload)
    assert said.content.text == "ok \ufffd \ufffd"
    assert event.payload["score"] is None
    assert event.payload["n"] == "123456789012345678901234567890"
    json.dumps(event.payload, ensure_ascii=False).encode()


def test_text() -> None:
    event = a_message(
        type="text",
        text="(love) สวัสดี @Baan",
        emojis=[{"index": 0, "length": 6, "productId": "5ac1bfd5", "emojiId": "001"}],
        mention={"mentionees": [{"index": 14, "length": 5, "type": "user"}]},
        quoteToken="q3Plxr4AgKd",
    )
    assert customer_message(event) == CustomerMessage(
        external_id=USER,
        message_id="468789577898262530",
        at=AT,
        content=Content(kind=ContentKind.TEXT, text="(love) สวัสดี @Baan"),
        reply_token=TOKEN,
        reply_token_expires=AT + 50_000,
    )


def test_text_without_a_quote_token_and_with_a_type_nobody_knows() -> None:
    said = customer_message(a_message(type="sticker", stickerResourceType="HOLOGRAM", text="hey"))
    assert said.content == Content(kind=ContentKind.STICKER, text="hey")


@pytest.mark.parametrize(
    ("message", "content"),
    [
        (
            {
                "type": "sticker",
                "packageId": "446",
                "stickerId": "1988",
                "keywords": ["hi", "wave"],
            },
            Content(kind=ContentKind.STICKER, text="hi, wave", sticker="446/1988"),
        ),
        (
            {
                "type": "sticker",
                "packageId": "1",
                "stickerId": "2",
                "keywords": ["a"],
                "text": "ว้าว",
            },
            Content(kind=ContentKind.STICKER, text="ว้าว", sticker="1/2"),
        ),
        (
            {
                "type": "location",
                "title": "Baan Shop",
                "address": "Sukhumvit 11",
                "latitude": 13.7439,
                "longitude": 100,
            },
            Content(
                kind=ContentKind.LOCATION,
                text="Baan Shop, Sukhumvit 11",
                title="Baan Shop",
                address="Sukhumvit 11",
                latitude=13.7439,
                longitude=100.0,
            ),
        ),
        (
            {"type": "location", "latitude": 13.7439, "longitude": 100.5588},
            Content(
                kind=ContentKind.LOCATION,
                text="13.74390, 100.55880",
                latitude=13.7439,
                longitude=100.5588,
            ),
        ),
        (
            {
                "type": "image",
                "contentProvider": {
                    "type": "external",
                    "originalContentUrl": "https://example.com/o.jpg",
                    "previewImageUrl": "https://example.com/p.jpg",
                },
            },
            Content(kind=ContentKind.IMAGE, url="https://example.com/o.jpg"),
        ),
        (
            {"type": "flex", "altText": "?"},
            Content(kind=ContentKind.UNSUPPORTED, platform_kind="flex"),
        ),
        (
            {"type": "hologram", "text": "still readable"},
            Content(kind=ContentKind.UNSUPPORTED, text="still readable", platform_kind="hologram"),
        ),
    ],
)
def test_kinds_without_content_to_fetch(message: dict[str, Any], content: Content) -> None:
    said = customer_message(a_message(**message))
    assert said.content == content
    assert said.media is None


@pytest.mark.parametrize(
    ("message", "content"),
    [
        (
            {"type": "image", "contentProvider": {"type": "line"}, "imageSet": {"id": "E"}},
            Content(kind=ContentKind.IMAGE),
        ),
        (
            {"type": "video", "duration": 60000, "contentProvider": {"type": "line"}},
            Content(kind=ContentKind.VIDEO),
        ),
        (
            {"type": "audio", "duration": 6000, "contentProvider": {"type": "line"}},
            Content(kind=ContentKind.AUDIO),
        ),
        (
            {"type": "file", "fileName": "ใบเสร็จ.pdf", "fileSize": 2138},
            Content(kind=ContentKind.FILE, text="ใบเสร็จ.pdf", file_name="ใบเสร็จ.pdf", size=2138),
        ),
    ],
)
def test_kinds_with_content_to_fetch(message: dict[str, Any], content: Content) -> None:
    said = customer_message(a_message(**message))
    assert said.content == content
    assert said.media == "468789577898262530"


def test_in_standby_somebody_else_answers() -> None:
    event = a_message(type="text", text="hi") | {"mode": "standby"}
    del event["replyToken"]
    said = customer_message(event)
    assert not said.can_reply
    assert said.reply_token is None


def test_a_message_without_a_time_has_no_usable_reply_token() -> None:
    event = a_message(type="text", text="hi") | {"timestamp": "soon"}
    said = customer_message(event)
    assert (said.at, said.reply_token) == (None, None)


def test_a_message_from_nobody_is_shown() -> None:
    event = a_message(type="text", text="who am I")
    del event["source"]
    said = line_inbound.parse(event)
    assert isinstance(said, Unsupported)
    assert said.content.text == "who am I"


@pytest.mark.parametrize(
    "source",
    [
        {"type": "group", "groupId": "C1", "userId": USER},
        {"type": "room", "roomId": "C1", "userId": USER},
    ],
)
def test_a_group_is_told_apart(source: dict[str, str]) -> None:
    said = line_inbound.parse(a_message(type="text", text="all") | {"source": source})
    assert isinstance(said, GroupMessage)
    assert (said.external_id, said.sender, said.content.text) == ("C1", USER, "all")


def test_follow_unfollow_unsend_and_edit() -> None:
    assert line_inbound.parse(an_event("follow", follow={"isUnblocked": True})) == Followed(
        external_id=USER,
        at=AT,
        unblocked=True,
        reply_token=TOKEN,
        reply_token_expires=AT + 50_000,
    )
    added = line_inbound.parse(an_event("follow"))
    assert isinstance(added, Followed)
    assert not added.unblocked
    assert line_inbound.parse(an_event("unfollow")) == Unfollowed(external_id=USER, at=AT)
    assert line_inbound.parse(an_event("unsend", unsend={"messageId": "325708"})) == Unsent(
        external_id=USER, message_id="325708", at=AT
    )
    message = {"id": "325708", "type": "text", "text": "better"}
    assert line_inbound.parse(an_event("messageEdited", message=message)) == Edited(
        external_id=USER,
        message_id="325708",
        at=AT,
        content=Content(kind=ContentKind.TEXT, text="better"),
    )


@pytest.mark.parametrize("kind", ["follow", "unfollow", "unsend"])
def test_an_event_that_lacks_its_subject_is_unsupported(kind: str) -> None:
    said = line_inbound.parse(an_event(kind, source={"type": "user"}))
    assert isinstance(said, Unsupported)
    assert said.platform_kind == kind


@pytest.mark.parametrize(
    "kind", ["beacon", "delivery", "join", "memberJoined", "videoPlayComplete"]
)
def test_events_that_say_nothing_to_an_agent(kind: str) -> None:
    assert line_inbound.parse(an_event(kind)) == Ignored(reason=kind)


def test_a_postback_and_an_unknown_event_are_shown_as_unsupported() -> None:
    pressed = line_inbound.parse(an_event("postback", postback={"data": "buy=1"}))
    assert isinstance(pressed, Unsupported)
    assert (pressed.platform_kind, pressed.content.text) == ("postback", "buy=1")
    unknown = line_inbound.parse(an_event("teleport"))
    assert isinstance(unknown, Unsupported)
    assert (unknown.platform_kind, unknown.external_id, unknown.at) == ("teleport", USER, AT)
