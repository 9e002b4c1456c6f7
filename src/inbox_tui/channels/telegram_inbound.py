"""What Telegram's updates say (Bot API, "Update", "Message", "ChatMemberUpdated").

Read leniently: a message that lacks a field is still shown. A private chat's id is the contact's
id. Receiving and sending are left to :mod:`.telegram`.
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
    Unsupported,
)
from inbox_tui.channels.reading import (
    fingerprint,
    identifier,
    mapping,
    moment,
    number,
    objects,
    text,
    whole,
)
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ContentKind

SECOND = 1000
START = "/start"

_MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post")
_GONE = frozenset({"kicked", "left", "banned"})

_MEDIA = (
    # An animation and a video note come with other fields beside them: the first match wins.
    ("animation", ContentKind.VIDEO),
    ("video", ContentKind.VIDEO),
    ("video_note", ContentKind.VIDEO),
    ("voice", ContentKind.AUDIO),
    ("audio", ContentKind.AUDIO),
    ("document", ContentKind.FILE),
)

_ENVELOPE = frozenset(
    {
        "author_signature",
        "business_connection_id",
        "caption",
        "caption_entities",
        "chat",
        "date",
        "edit_date",
        "effect_id",
        "entities",
        "external_reply",
        "forward_date",
        "forward_origin",
        "from",
        "has_media_spoiler",
        "has_protected_content",
        "is_from_offline",
        "is_topic_message",
        "link_preview_options",
        "media_group_id",
        "message_id",
        "message_thread_id",
        "quote",
        "reply_markup",
        "reply_to_message",
        "sender_boost_count",
        "sender_business_bot",
        "sender_chat",
        "show_caption_above_media",
        "text",
        "via_bot",
    }
)
"""The fields of a message that do not tell what kind of message it is."""

_SERVICE = frozenset(
    {
        "boost_added",
        "chat_background_set",
        "connected_website",
        "message_auto_delete_timer_changed",
        "pinned_message",
        "proximity_alert_triggered",
        "users_shared",
        "write_access_allowed",
    }
)
"""What a chat tells about itself: nothing that the contact wrote."""


def parse(update: Json) -> Inbound:
    """Return what one update says. Never raises."""
    for kind in _MESSAGES:
        if isinstance(update.get(kind), dict):
            return _message(update, kind, mapping(update, kind))
    if isinstance(update.get("my_chat_member"), dict):
        return _membership(update, mapping(update, "my_chat_member"))
    kind = next((key for key in update if key != "update_id"), "unknown")
    inner = mapping(update, kind)
    words = text(inner, "data") or text(inner, "text") or text(mapping(inner, "message"), "text")
    return Unsupported(
        platform_kind=kind,
        reason="this kind of update is not known",
        content=Content(kind=ContentKind.UNSUPPORTED, text=words or "", platform_kind=kind),
        external_id=identifier(mapping(inner, "from"), "id"),
        message_id=update_key(update),
        at=moment(inner, "date", unit=SECOND),
    )


def _message(update: Json, kind: str, message: dict[str, Any]) -> Inbound:
    content, media = read_content(message)
    sender = mapping(message, "from")
    chat = mapping(message, "chat")
    chat_id = identifier(chat, "id")
    message_id = identifier(message, "message_id") or update_key(update)
    edited = kind.startswith("edited_")
    at = moment(message, "date", unit=SECOND)
    if edited:
        at = moment(message, "edit_date", unit=SECOND) or at
    if _is_group(chat, chat_id, kind):
        return GroupMessage(
            external_id=chat_id or "unknown",
            message_id=message_id,
            at=at,
            content=content,
            sender=identifier(sender, "id"),
        )
    if chat_id is None:
        return Unsupported(
            platform_kind=kind,
            reason="it does not say in which chat it was written",
            content=content,
            external_id=identifier(sender, "id"),
            message_id=message_id,
            at=at,
        )
    if content.kind is ContentKind.UNSUPPORTED and content.platform_kind in _SERVICE:
        return Ignored(reason=content.platform_kind or "service message")
    if edited:
        return Edited(external_id=chat_id, message_id=message_id, at=at, content=content)
    return CustomerMessage(
        external_id=chat_id,
        message_id=message_id,
        at=at,
        content=content,
        name=read_name(sender) or read_name(chat),
        language=text(sender, "language_code"),
        media=media,
        start=_start(content),
    )


def _start(content: Content) -> str | None:
    """Return what a start link carried: the Start button sends it after the command."""
    command, _, carried = content.text.partition(" ")
    if content.kind is not ContentKind.TEXT or command != START:
        return None
    return carried.strip() or None


def _is_group(chat: dict[str, Any], chat_id: str | None, kind: str) -> bool:
    chat_type = text(chat, "type")
    if chat_type is None:  # the sign of the id tells the same
        return "channel_post" in kind or (chat_id or "").startswith("-")
    return chat_type != "private"


def _membership(update: Json, change: dict[str, Any]) -> Inbound:
    """Read how the bot's own place in a chat changed: a contact blocked it or came back."""
    chat = mapping(change, "chat")
    chat_id = identifier(chat, "id")
    at = moment(change, "date", unit=SECOND)
    if _is_group(chat, chat_id, "my_chat_member"):
        return Ignored(reason="the bot's place in a group changed")
    now = text(mapping(change, "new_chat_member"), "status")
    before = text(mapping(change, "old_chat_member"), "status")
    if chat_id is None or now is None:
        return Unsupported(
            platform_kind="my_chat_member",
            reason="it does not say whose chat changed, or how",
            content=Content(kind=ContentKind.UNSUPPORTED, platform_kind="my_chat_member"),
            external_id=chat_id,
            message_id=update_key(update),
            at=at,
        )
    if now in _GONE:
        return Unfollowed(external_id=chat_id, at=at)
    sender = mapping(change, "from")
    return Followed(
        external_id=chat_id,
        at=at,
        unblocked=before in _GONE,
        name=read_name(sender) or read_name(chat),
        language=text(sender, "language_code"),
    )


def read_content(message: dict[str, Any]) -> tuple[Content, str | None]:
    """Return what a message carries, and the file id its binary content is fetched by."""
    words = text(message, "text") or text(message, "caption") or ""
    photos = objects(message, "photo")
    if photos:
        largest = max(
            photos, key=lambda size: (number(size, "width") or 0, number(size, "height") or 0)
        )
        content = Content(
            kind=ContentKind.IMAGE, text=words, mime="image/jpeg", size=whole(largest, "file_size")
        )
        return content, identifier(largest, "file_id")
    if isinstance(message.get("sticker"), dict):
        sticker = mapping(message, "sticker")
        file_id = identifier(sticker, "file_id")
        words = words or text(sticker, "emoji") or ""
        return Content(kind=ContentKind.STICKER, text=words, sticker=file_id), file_id
    for key, kind in _MEDIA:
        if isinstance(message.get(key), dict):
            return _file(mapping(message, key), kind, words)
    if isinstance(message.get("venue"), dict) or isinstance(message.get("location"), dict):
        return _location(message, words), None
    other = next((key for key in message if key not in _ENVELOPE), None)
    if words and (other is None or "text" in message):
        return Content(kind=ContentKind.TEXT, text=words), None
    kind_word = other or "message without content"
    unsupported = Content(
        kind=ContentKind.UNSUPPORTED,
        text=words or _words_of(mapping(message, kind_word)),
        platform_kind=kind_word,
    )
    return unsupported, None


def _file(file: dict[str, Any], kind: ContentKind, words: str) -> tuple[Content, str | None]:
    name = text(file, "file_name")
    title = ", ".join(part for part in (text(file, "performer"), text(file, "title")) if part)
    content = Content(
        kind=kind,
        text=words or title or name or "",
        file_name=name,
        mime=text(file, "mime_type"),
        size=whole(file, "file_size"),
        title=title or None,
    )
    return content, identifier(file, "file_id")


def _location(message: dict[str, Any], words: str) -> Content:
    venue = mapping(message, "venue")
    place = mapping(message, "location") or mapping(venue, "location")
    title, address = text(venue, "title"), text(venue, "address")
    latitude, longitude = number(place, "latitude"), number(place, "longitude")
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


def _words_of(thing: dict[str, Any]) -> str:
    """Return what can be read of a contact card, a poll, a game: its name and its words."""
    keys = ("question", "title", "description", "emoji", "phone_number")
    parts = [read_name(thing), *(text(thing, key) for key in keys)]
    return ", ".join(part for part in parts if part)


def read_name(person: dict[str, Any]) -> str | None:
    """Return first and last name, else the user name."""
    names = [text(person, "first_name"), text(person, "last_name")]
    return " ".join(name for name in names if name) or text(person, "username")


def update_key(update: Json) -> str:
    """Return the update's id, or a key made of its content."""
    return identifier(update, "update_id") or fingerprint(update)
