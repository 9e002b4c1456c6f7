"""A simulated LINE Official Account: what it remembers, and the events it sends.

Shapes after the Messaging API reference ("Webhook Event Objects") and the ``webhook.yml`` of
line-openapi. The answers to calls are in :mod:`inbox_tui.mock.platforms.line`.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

from inbox_tui.clock import Millis
from inbox_tui.errors import NotFound, Refused
from inbox_tui.mock import media, words
from inbox_tui.mock.courier import Courier, Gate, Parcel
from inbox_tui.mock.people import People, Person, digest
from inbox_tui.mock.words import FaultKind, JsonObject
from inbox_tui.mock.world import World
from inbox_tui.wire.words import ContentKind

REPLY_WITHIN: Millis = 60_000
"""How long a reply token is good after the event was told, or told again."""
REPLY_AT_LATEST: Millis = 20 * 60_000
"""How long after the event, however often it was told again."""
REDELIVERY_AFTER = (1.0, 5.0, 30.0, 120.0, 600.0)
"""Seconds before each repeat. LINE does not publish its own numbers."""

DEFAULT_STICKER = ("11537", "52002734")
"""Package and sticker of what a user sends who names none of LINE's."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(slots=True)
class ReplyToken:
    """Good for one reply, for a while."""

    person: Person
    issued_at: Millis
    told_at: Millis
    used: bool = False

    def good_at(self, now: Millis) -> bool:
        """Return whether it can be used now."""
        fresh = now - self.told_at <= REPLY_WITHIN and now - self.issued_at <= REPLY_AT_LATEST
        return fresh and not self.used


class LineAccount:
    """One Official Account."""

    platform = words.Platform.LINE

    def __init__(self, slug: str, world: World) -> None:
        seed = digest("line", slug)
        self.slug = slug
        self.name = slug
        self.user_id = "U" + seed[:32]
        self.basic_id = "@" + seed[32:40]
        self.channel_id = str(int(seed[:8], 16) % 10_000_000_000)
        self.channel_secret = seed[:32]
        self.access_token = base64.b64encode(bytes.fromhex(seed)).decode()
        self.target = ""
        self.active = True
        self.redelivery = False
        self.redelivery_after = list(REDELIVERY_AFTER)
        self.webhook_timeout = 2.0
        self.connections = 1
        self.monthly_quota: int | None = None
        self.used_quota = 0
        self.people = People(lambda key: "U" + digest("line", slug, key)[:32])
        self.reply_tokens: dict[str, ReplyToken] = {}
        self.accepted: dict[str, tuple[str, list[JsonObject]]] = {}
        self.files: dict[str, media.Media] = {}
        self._world = world
        self._courier = Courier(self, world.ledger, world.clock, world.pulse)
        self._gate = Gate(slug, world.faults, world.clock, self._courier.post)

    # -- for the control interface ---------------------------------------------------------------

    def configure(self, given: words.PutAccount) -> None:
        """Set what is given, keep the rest."""
        for field in (
            "name",
            "target",
            "channel_secret",
            "access_token",
            "basic_id",
            "redelivery",
            "redelivery_after",
            "webhook_timeout",
            "connections",
            "monthly_quota",
        ):
            value = getattr(given, field)
            if value is not None:
                setattr(self, field, value)

    def told(self) -> words.Account:
        """Return it in words of the control interface."""
        return words.Account(
            slug=self.slug,
            platform=self.platform,
            name=self.name,
            credentials={
                "channel_id": self.channel_id,
                "channel_secret": self.channel_secret,
                "access_token": self.access_token,
                "basic_id": self.basic_id,
            },
            target=self.target,
            redelivery=self.redelivery,
        )

    def say(self, given: words.Say) -> words.Said:
        """Send a message event of a user."""
        person = self.people.known(given.user)
        message_id = self._world.next_id()
        message = self._message(given, message_id)
        person.last_message = message_id
        person.entered = True
        event = self._event("message", person, at=given.at, answerable=True)
        event["message"] = message
        take = self._world.faults.take
        if take(FaultKind.UNKNOWN_EVENT, self.slug, given.user):
            odd = self._event("hologramShown", person, answerable=True)
            self._gate.emit(odd | {"hologram": {"id": message_id}}, given.user)
        if take(FaultKind.UNSEND_FIRST, self.slug, given.user):
            unsend = self._event("unsend", person)
            self._gate.emit(unsend | {"unsend": {"messageId": message_id}}, given.user)
        if not_ready := take(FaultKind.NOT_READY, self.slug, given.user):
            self._hold_back(message_id, not_ready.size)
        self._gate.emit(event, given.user)
        return words.Said(message_id=message_id, event_id=event["webhookEventId"])

    @property
    def address(self) -> str:
        """Its LINE ID, as links name it."""
        return self.basic_id

    def enter(self, user: str) -> None:
        """Open its chat by a link: LINE asks whoever has not added it yet to do so first."""
        if not self.people.knows(user):
            self.happen("follow", words.Happen(user=user))

    def happen(self, what: str, given: words.Happen) -> words.Said:
        """Send a follow, unfollow or unsend event. Raises Refused for anything else."""
        person = self.people.known(given.user)
        message_id = None
        if what == "follow":
            event = self._event("follow", person, answerable=True)
            event["follow"] = {"isUnblocked": person.blocked}
            person.blocked = False
            person.entered = True
        elif what == "unfollow":
            person.blocked = True
            event = self._event("unfollow", person)
        elif what == "unsend":
            message_id = given.message_id or person.last_message
            if message_id is None:
                raise NotFound(f"{given.user} has not written anything to unsend.")
            event = self._event("unsend", person) | {"unsend": {"messageId": message_id}}
            self.files.pop(message_id, None)
        else:
            raise Refused(f"Nobody can {what} on LINE.")
        self._gate.emit(event, given.user)
        return words.Said(message_id=message_id, event_id=event["webhookEventId"])

    def raw(self, event: JsonObject) -> words.Said:
        """Send any event; what every event has is added where it is missing."""
        user = event.pop("user", None)
        person = self.people.known(user) if isinstance(user, str) else None
        whole = self._event("unknown", person) | event
        self._gate.emit(whole, user)
        return words.Said(message_id=None, event_id=whole["webhookEventId"])

    @property
    def waiting(self) -> int:
        """How many events are not told yet."""
        return self._gate.waiting + self._courier.waiting

    def flush(self) -> None:
        """Let out what faults hold back."""
        self._gate.flush()

    async def close(self) -> None:
        """Stop telling."""
        self._gate.close()
        await self._courier.close()

    # -- for the routes --------------------------------------------------------------------------

    def blocked_or_unknown(self, user_id: str) -> bool:
        """Return whether nothing is known of this user."""
        person = self.people.by_id(user_id)
        return person is None or person.blocked

    async def test_webhook(self, endpoint: str) -> tuple[int, str]:
        """Post an empty webhook as the console's "Verify" does; return status and reason."""
        body, headers = self.pack(Parcel(events=[]))
        return await self._courier.once(endpoint, body, headers)

    # -- for the courier -------------------------------------------------------------------------

    def pack(self, parcel: Parcel) -> tuple[bytes, dict[str, str]]:
        """Write the webhook's body and sign exactly these bytes."""
        events = [
            event | {"deliveryContext": {"isRedelivery": parcel.redelivery}}
            for event in parcel.events
        ]
        for event in events:
            token = self.reply_tokens.get(event.get("replyToken", ""))
            if token is not None:
                token.told_at = self._world.clock.now()
        body = json.dumps(
            {"destination": self.user_id, "events": events},
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        secret = "not " + self.channel_secret if parcel.bad_signature else self.channel_secret
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "LineBotWebhook/2.0",
            "x-line-signature": signature(secret, body),
        }
        return body, headers

    def event_key(self, event: JsonObject) -> str:
        """Return the webhookEventId."""
        return str(event.get("webhookEventId", ""))

    def retry_after(self, attempt: int) -> float | None:
        """Return when a failed webhook is told again; never unless redelivery is on."""
        if not self.redelivery or attempt > len(self.redelivery_after):
            return None
        return self.redelivery_after[attempt - 1]

    # -- building --------------------------------------------------------------------------------

    def _event(
        self,
        kind: str,
        person: Person | None,
        *,
        at: Millis | None = None,
        answerable: bool = False,
    ) -> JsonObject:
        now = self._world.clock.now()
        event: JsonObject = {
            "type": kind,
            "mode": "active",
            "timestamp": now if at is None else at,
            "webhookEventId": ulid(now, self._world.next_number()),
            "deliveryContext": {"isRedelivery": False},
        }
        if person is not None:
            event["source"] = {"type": "user", "userId": person.id}
        if answerable and person is not None:
            token = digest("reply", self.slug, event["webhookEventId"])[:32]
            self.reply_tokens[token] = ReplyToken(person, now, now)
            event["replyToken"] = token
        return event

    def _message(self, given: words.Say, message_id: str) -> JsonObject:
        quote = {"quoteToken": digest("quote", message_id)[:48]}
        base: JsonObject = {"id": message_id}
        file = media.of(given)
        if file is not None:
            self.files[message_id] = file
        line = {"contentProvider": {"type": "line"}}
        match given.kind:
            case ContentKind.TEXT:
                return base | {"type": "text", "text": given.text} | quote
            case ContentKind.STICKER:
                package, _, sticker = (given.sticker or "").partition("/")
                if not (package.isdigit() and sticker.isdigit()):
                    package, sticker = DEFAULT_STICKER
                base |= {"type": "sticker", "packageId": package, "stickerId": sticker}
                words_of_it = [given.text] if given.text else ["Thanks"]
                return base | {"stickerResourceType": "STATIC", "keywords": words_of_it} | quote
            case ContentKind.IMAGE:
                return base | {"type": "image"} | line | quote
            case ContentKind.VIDEO:
                return base | {"type": "video", "duration": 4200} | line | quote
            case ContentKind.AUDIO:
                return base | {"type": "audio", "duration": 2400} | line
            case ContentKind.FILE if file is not None:
                size = len(file.data)
                return base | {"type": "file", "fileName": file.name, "fileSize": size}
            case ContentKind.LOCATION:
                base |= {"type": "location", "latitude": given.latitude}
                base["longitude"] = given.longitude
                base["title"] = given.title or given.text or "Location"
                if given.address:
                    base["address"] = given.address
                return base
            case _:
                return base | {"type": given.platform_kind or "hologram", "note": given.text}

    def _hold_back(self, message_id: str, times: int) -> None:
        if message_id in self.files:
            self.files[message_id].not_ready = times


def signature(secret: str, body: bytes) -> str:
    """Return what stands in ``x-line-signature`` for these exact bytes."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def ulid(at: Millis, number: int) -> str:
    """Return a ULID made of a time and a number instead of a random part."""
    value = (at << 80) | (number & ((1 << 80) - 1))
    return "".join(_CROCKFORD[(value >> shift) & 31] for shift in range(125, -5, -5))
