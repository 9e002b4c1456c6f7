"""What LINE's webhook events say (Messaging API reference, "Webhook event objects").

Read leniently: a message that lacks a field is still shown. Verifying and sending are left to
:mod:`.line`.
"""

from typing import Any

from inbox_tui.channels.port import (
    CustomerMessage,
    Edited,
    Followed,
    GroupMessage,
    Ignored,
    Inbound,
    Json,
    Unfollowed,
    Unsent,
    Unsupported,
)
from inbox_tui.channels.reading import (
    fingerprint,
    identifier,
    mapping,
    moment,
    number,
    strings,
    text,
    whole,
)
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ContentKind

REPLY_TOKEN_LIFE = 50_000
"""How long a reply token is used, in milliseconds from the event: LINE promises one minute from
its receipt, and this leaves time for the way there. A redelivered event keeps its first time, so
its token counts as expired and the answer is pushed."""

_SILENT = frozenset(
    {
        "accountLink",
        "activated",
        "beacon",
        "botResumed",
        "botSuspended",
        "deactivated",
        "delivery",
        "join",
        "leave",
        "memberJoined",
        "memberLeft",
        "membership",
        "module",
        "videoPlayComplete",
    }
)
"""Event types that are known and say nothing to an agent."""

_MEDIA = {
    "image": ContentKind.IMAGE,
    "video": ContentKind.VIDEO,
    "audio": ContentKind.AUDIO,
    "file": ContentKind.FILE,
}


def parse(event: Json) -> Inbound:
    """Return what one webhook event says. Never raises."""
    kind = text(event, "type")
    at = moment(event, "timestamp")
    user = identifier(mapping(event, "source"), "userId")
    if kind in _SILENT:
        return Ignored(reason=kind)
    if kind == "unsend":
        return _unsend(event, user, at)
    if kind in ("follow", "unfollow"):
        return _follow(event, kind, user, at)
    if kind == "postback":
        data = text(mapping(event, "postback"), "data") or ""
        return _unsupported(kind, "a button was pressed", event, text_=data)
    if isinstance(event.get("message"), dict):
        return _message(event, kind, user, at)
    return _unsupported(kind or "unknown", "this kind of event is not known", event)


def _message(event: Json, kind: str | None, user: str | None, at: int | None) -> Inbound:
    message = mapping(event, "message")
    content, media = read_content(message)
    message_id = identifier(message, "id") or event_id(event)
    source = mapping(event, "source")
    group = identifier(source, "groupId") or identifier(source, "roomId")
    if group is not None:
        return GroupMessage(
            external_id=group, message_id=message_id, at=at, content=content, sender=user
        )
    if user is None:
        return Unsupported(
            platform_kind=kind or "message",
            reason="it does not say who wrote it",
            content=content,
            message_id=message_id,
            at=at,
        )
    if kind == "messageEdited":
        return Edited(external_id=user, message_id=message_id, at=at, content=content)
    token, expires = _reply_token(event, at)
    return CustomerMessage(
        external_id=user,
        message_id=message_id,
        at=at,
        content=content,
        media=media,
        reply_token=token,
        reply_token_expires=expires,
        can_reply=text(event, "mode") != "standby",
    )


def _unsend(event: Json, user: str | None, at: int | None) -> Inbound:
    message_id = identifier(mapping(event, "unsend"), "messageId")
    if message_id is None:
        return _unsupported("unsend", "it does not say which message", event)
    return Unsent(external_id=user, message_id=message_id, at=at)


def _follow(event: Json, kind: str, user: str | None, at: int | None) -> Inbound:
    if user is None:
        return _unsupported(kind, "it does not say who it was", event)
    if kind == "unfollow":
        return Unfollowed(external_id=user, at=at)
    token, expires = _reply_token(event, at)
    return Followed(
        external_id=user,
        at=at,
        unblocked=mapping(event, "follow").get("isUnblocked") is True,
        reply_token=token,
        reply_token_expires=expires,
    )


def read_content(message: dict[str, Any]) -> tuple[Content, str | None]:
    """Return what a message object carries, and the id its binary content is fetched by."""
    kind = text(message, "type")
    words = text(message, "text") or ""
    if kind == "sticker":
        return _sticker(message, words), None
    if kind == "location":
        return _location(message, words), None
    if kind in _MEDIA:
        provider = mapping(message, "contentProvider")
        elsewhere = text(provider, "originalContentUrl")
        name = text(message, "fileName")
        content = Content(
            kind=_MEDIA[kind],
            text=words or name or "",
            file_name=name,
            size=whole(message, "fileSize"),
            url=elsewhere,
        )
        return content, None if elsewhere else identifier(message, "id")
    if kind == "text" or (kind is None and words):
        return Content(kind=ContentKind.TEXT, text=words), None
    unknown = Content(
        kind=ContentKind.UNSUPPORTED, text=words, platform_kind=kind or "message without a type"
    )
    return unknown, None


def _sticker(message: dict[str, Any], words: str) -> Content:
    """``sticker`` is what can be sent again; ``text`` what the sticker says or stands for."""
    words = words or ", ".join(strings(message, "keywords"))
    package, sticker = identifier(message, "packageId"), identifier(message, "stickerId")
    return Content(
        kind=ContentKind.STICKER,
        text=words,
        sticker=f"{package}/{sticker}" if package and sticker else None,
    )


def _location(message: dict[str, Any], words: str) -> Content:
    title, address = text(message, "title"), text(message, "address")
    latitude, longitude = number(message, "latitude"), number(message, "longitude")
    named = ", ".join(part for part in (words, title, address) if part)
    if not named and latitude is not None and longitude is not None:
        named = f"{latitude:.5f}, {longitude:.5f}"
    return Content(
        kind=ContentKind.LOCATION,
        text=named,
        title=title,
        address=address,
        latitude=latitude,
        longitude=longitude,
    )


def _reply_token(event: Json, at: int | None) -> tuple[str | None, int | None]:
    token = text(event, "replyToken")
    if token is None or at is None:
        return None, None
    return token, at + REPLY_TOKEN_LIFE


def _unsupported(kind: str, reason: str, event: Json, *, text_: str = "") -> Unsupported:
    content = Content(kind=ContentKind.UNSUPPORTED, text=text_, platform_kind=kind)
    return Unsupported(
        platform_kind=kind,
        reason=reason,
        content=content,
        external_id=identifier(mapping(event, "source"), "userId"),
        message_id=event_id(event),
        at=moment(event, "timestamp"),
    )


def event_id(event: Json) -> str:
    """Return the event's own id, or one made of its content, the same on redelivery."""
    return identifier(event, "webhookEventId") or fingerprint(event, without=("deliveryContext",))
