"""A simulated Telegram bot: what it remembers, and the updates it sends.

Shapes after core.telegram.org/bots/api ("Update", "Message"). The answers to calls are in
:mod:`inbox_tui.mock.platforms.telegram`.
"""

import asyncio
import json
from dataclasses import dataclass

from inbox_tui.errors import NotFound, Refused
from inbox_tui.mock import media, words
from inbox_tui.mock.courier import Courier, Gate, Parcel
from inbox_tui.mock.people import People, Person, digest
from inbox_tui.mock.words import FaultKind, JsonObject
from inbox_tui.mock.world import World
from inbox_tui.wire.words import ContentKind

RETRY_AFTER = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0)
"""Seconds before each repeat of a failed webhook. Telegram does not publish its own numbers."""
FILE_LIMIT = 20 * 1024 * 1024
"""The largest file a bot may download, in bytes."""


@dataclass(slots=True)
class StoredFile:
    """A file as getFile tells of it."""

    id: str
    path: str
    media: media.Media


class TelegramAccount:
    """One bot."""

    platform = words.Platform.TELEGRAM

    def __init__(self, slug: str, world: World) -> None:
        seed = digest("telegram", slug)
        self.slug = slug
        self.name = slug
        self.id = 7_000_000_000 + int(seed[:7], 16)
        self.token = f"{self.id}:AA{seed[:33]}"
        self.username = "".join(c for c in slug if c.isalnum()) + "_bot"
        self.target = ""
        self.secret_token = ""
        self.webhook_timeout = 30.0
        self.connections = 1
        self.last_error: tuple[int, str] | None = None
        self.people = People(lambda key: str(5_000_000_000 + int(digest(slug, key)[:8], 16)))
        self.files: dict[str, StoredFile] = {}
        self.updates: list[JsonObject] = []
        self.poll: asyncio.Task[object] | None = None
        self._redeliver: list[JsonObject] = []
        # Past 2^31 from the start, and never again what an earlier world gave.
        self._update_id = world.epoch * 1000
        self._message_id = world.epoch // 100 % 2**31
        self._world = world
        self._courier = Courier(self, world.ledger, world.clock, world.pulse)
        self._gate = Gate(slug, world.faults, world.clock, self._out)

    # -- for the control interface ---------------------------------------------------------------

    def configure(self, given: words.PutAccount) -> None:
        """Set what is given, keep the rest."""
        for field in ("name", "token", "secret_token", "webhook_timeout", "connections"):
            value = getattr(given, field)
            if value is not None:
                setattr(self, field, value)
        if given.target is not None:
            self.set_webhook(given.target, given.secret_token or self.secret_token)

    def told(self) -> words.Account:
        """Return it in words of the control interface."""
        credentials = {"token": self.token}
        if self.secret_token:
            credentials["secret_token"] = self.secret_token
        return words.Account(
            slug=self.slug,
            platform=self.platform,
            name=self.name,
            credentials=credentials,
            target=self.target,
            redelivery=True,
        )

    def say(self, given: words.Say) -> words.Said:
        """Send an update with a message of a user."""
        person = self.people.known(given.user)
        message = self.message(person, sender=self.user_of(person), at=given.at)
        message |= self._content(given)
        person.last_message = str(message["message_id"])
        person.entered = True
        if self._world.faults.take(FaultKind.UNKNOWN_EVENT, self.slug, given.user):
            odd = {"chat": message["chat"], "hologram_id": "1"}
            self._gate.emit(self._update("hologram_shown", odd), given.user)
        update = self._update("message", message)
        self._gate.emit(update, given.user)
        return words.Said(message_id=person.last_message, event_id=str(update["update_id"]))

    @property
    def address(self) -> str:
        """Its username, as links name it."""
        return self.username

    def enter(self, user: str) -> None:
        """Open its chat by a link: START unblocks a bot that was blocked."""
        person = self.people.known(user)
        if person.blocked:
            person.blocked = False
            self._gate.emit(
                self._update("my_chat_member", self._membership(person, left=False)), user
            )

    def happen(self, what: str, given: words.Happen) -> words.Said:
        """Send what following, leaving or editing looks like here. Raises Refused otherwise."""
        person = self.people.known(given.user)
        if what == "follow":
            person.blocked = False
            return self.say(words.Say(user=given.user, text="/start"))
        if what == "unfollow":
            person.blocked = True
            update = self._update("my_chat_member", self._membership(person, left=True))
        elif what == "edit":
            message_id = given.message_id or person.last_message
            if message_id is None:
                raise NotFound(f"{given.user} has not written anything to edit.")
            message = self.message(person, sender=self.user_of(person))
            message |= {"message_id": int(message_id), "text": given.text}
            message["edit_date"] = message["date"]
            update = self._update("edited_message", message)
        else:
            raise Refused(f"A bot is not told when somebody wants to {what}.")
        self._gate.emit(update, given.user)
        return words.Said(message_id=given.message_id, event_id=str(update["update_id"]))

    def raw(self, event: JsonObject) -> words.Said:
        """Send any update; an update_id is added if missing."""
        user = event.pop("user", None)
        update = {"update_id": self._next_update_id()} | event
        self._gate.emit(update, user if isinstance(user, str) else None)
        return words.Said(message_id=None, event_id=str(update["update_id"]))

    @property
    def waiting(self) -> int:
        """How many updates are not told yet; when polled, not acknowledged yet."""
        return self._gate.waiting + self._courier.waiting + len(self.updates)

    def flush(self) -> None:
        """Let out what faults hold back."""
        self._gate.flush()

    async def close(self) -> None:
        """Stop telling."""
        self._gate.close()
        self.updates.clear()
        self._redeliver.clear()
        await self._courier.close()

    # -- for the routes --------------------------------------------------------------------------

    def set_webhook(self, url: str, secret_token: str) -> None:
        """Tell updates to this address from now on, or by polling when it is empty."""
        self.target, self.secret_token = url, secret_token
        if url:
            waiting, self.updates = self.updates, []
            for update in waiting:
                self._courier.post(Parcel(events=[update]))

    def acknowledge(self, offset: int) -> None:
        """Forget the updates below ``offset``; a negative one keeps only the last so many."""
        if offset < 0:
            self.updates = self.updates[offset:]
            return
        gone = [update for update in self.updates if update["update_id"] < offset]
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        for update in gone:
            if update in self._redeliver:
                self._redeliver.remove(update)
                self.updates.append(update)
        if gone:
            self._world.pulse.beat()

    def store(self, file: media.Media, folder: str) -> StoredFile:
        """Keep a file and give it an id."""
        number = self._world.next_number()
        suffix = file.name.rpartition(".")[2]
        file_id = "AgAC" + digest("file", self.slug, str(number))[:48]
        stored = StoredFile(file_id, f"{folder}/file_{number}.{suffix}", file)
        self.files[stored.id] = stored
        return stored

    def message(self, person: Person, *, sender: JsonObject, at: int | None = None) -> JsonObject:
        """Return the envelope of a message in a user's chat; ``date`` is in seconds."""
        self._message_id += 1
        now = self._world.clock.now() if at is None else at
        return {
            "message_id": self._message_id,
            "from": sender,
            "chat": self.chat_of(person),
            "date": now // 1000,
        }

    def me(self) -> JsonObject:
        """Return the bot as a User."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.name,
            "username": self.username,
        }

    def user_of(self, person: Person) -> JsonObject:
        """Return a person as a User."""
        first, _, last = person.name.partition(" ")
        user: JsonObject = {"id": int(person.id), "is_bot": False, "first_name": first}
        if last:
            user["last_name"] = last
        if person.language:
            user["language_code"] = person.language
        return user

    def chat_of(self, person: Person) -> JsonObject:
        """Return a person's private Chat."""
        user = self.user_of(person)
        names = {name: user[name] for name in ("first_name", "last_name") if name in user}
        return {"id": user["id"], "type": "private"} | names

    def photo(self, file: media.Media) -> list[JsonObject]:
        """Keep a photo and return its sizes, the smallest first."""
        sizes = ((90, 67), (800, 600))
        return [
            _file_object(self.store(file, "photos")) | {"width": width, "height": height}
            for width, height in sizes
        ]

    def document(self, file: media.Media) -> JsonObject:
        """Keep a file and return it as a Document."""
        stored = _file_object(self.store(file, "documents"))
        return stored | {"file_name": file.name, "mime_type": file.mime}

    def sticker(self, emoji: str) -> JsonObject:
        """Return a Sticker."""
        picture = media.Media(media.picture(emoji), "image/png", "sticker.png")
        stored = _file_object(self.store(picture, "stickers"))
        size = {"width": 512, "height": 512, "is_animated": False, "is_video": False}
        return stored | size | {"type": "regular", "emoji": emoji, "set_name": "BaanShop"}

    # -- for the courier -------------------------------------------------------------------------

    def pack(self, parcel: Parcel) -> tuple[bytes, dict[str, str]]:
        """Write the update and the secret header. A webhook carries exactly one update."""
        body = json.dumps(parcel.events[0], ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"content-type": "application/json"}
        secret = "wrong" if parcel.bad_signature else self.secret_token
        if secret:
            headers["x-telegram-bot-api-secret-token"] = secret
        return body, headers

    def event_key(self, event: JsonObject) -> str:
        """Return the update_id as a string."""
        return str(event.get("update_id", ""))

    def retry_after(self, attempt: int) -> float | None:
        """Return when a failed webhook is repeated."""
        return RETRY_AFTER[attempt - 1] if attempt <= len(RETRY_AFTER) else None

    # -- building --------------------------------------------------------------------------------

    def _out(self, parcel: Parcel) -> None:
        if self.target:
            for update in parcel.events:
                self._courier.post(
                    Parcel(
                        events=[update],
                        bad_signature=parcel.bad_signature,
                        again=parcel.again,
                    )
                )
            return
        self.updates += parcel.events
        if parcel.again:
            self._redeliver += parcel.events
        self._world.pulse.beat()

    def _next_update_id(self) -> int:
        self._update_id += 1
        return self._update_id

    def _update(self, kind: str, what: JsonObject) -> JsonObject:
        return {"update_id": self._next_update_id(), kind: what}

    def _content(self, given: words.Say) -> JsonObject:
        caption = {"caption": given.text} if given.text else {}
        file = media.of(given)
        match given.kind:
            case ContentKind.TEXT:
                entities: JsonObject = {}
                if given.text.startswith("/"):
                    length = len(given.text.split()[0])
                    command = {"type": "bot_command", "offset": 0, "length": length}
                    entities = {"entities": [command]}
                return {"text": given.text} | entities
            case ContentKind.STICKER:
                named = given.sticker or "/"
                # A sticker of LINE's, "package/sticker", is a thumb up here.
                return {"sticker": self.sticker("👍" if "/" in named else named)}
            case ContentKind.IMAGE if file is not None:
                return {"photo": self.photo(file)} | caption
            case ContentKind.FILE if file is not None:
                return {"document": self.document(file)} | caption
            case ContentKind.VIDEO if file is not None:
                size = {"width": 640, "height": 360, "duration": 4, "mime_type": file.mime}
                return {"video": _file_object(self.store(file, "videos")) | size} | caption
            case ContentKind.AUDIO if file is not None:
                voice = {"duration": 3, "mime_type": file.mime}
                return {"voice": _file_object(self.store(file, "voice")) | voice}
            case ContentKind.LOCATION:
                spot = {"latitude": given.latitude, "longitude": given.longitude}
                if given.title:
                    venue = {"location": spot, "title": given.title, "address": given.address or ""}
                    return {"location": spot, "venue": venue}
                return {"location": spot}
            case _:
                return {given.platform_kind or "hologram": {"note": given.text}}

    def _membership(self, person: Person, *, left: bool) -> JsonObject:
        def member(status: str) -> JsonObject:
            found: JsonObject = {"user": self.me(), "status": status}
            return found | ({"until_date": 0} if status == "kicked" else {})

        before, after = ("member", "kicked") if left else ("kicked", "member")
        return {
            "chat": self.chat_of(person),
            "from": self.user_of(person),
            "date": self._world.clock.now() // 1000,
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }


def _file_object(stored: StoredFile) -> JsonObject:
    return {
        "file_id": stored.id,
        "file_unique_id": "AQ" + stored.id[-14:],
        "file_size": len(stored.media.data),
    }
