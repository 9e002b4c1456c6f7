"""The Telegram Bot API, as far as an inbox needs it, answering in its exact words.

After core.telegram.org/bots/api: ``/bot<token>/<method>``, GET or POST, method names in any case,
``{"ok": true, "result": …}`` or ``{"ok": false, "error_code": …, "description": …}``.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox_tui.errors import InboxError, Refused
from inbox_tui.mock import media, words
from inbox_tui.mock.people import Person
from inbox_tui.mock.platforms.answering import answer
from inbox_tui.mock.platforms.forms import Upload, parameters
from inbox_tui.mock.platforms.telegram_account import FILE_LIMIT, TelegramAccount
from inbox_tui.mock.reach import place
from inbox_tui.mock.words import Fault, FaultKind, JsonObject
from inbox_tui.mock.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_POLL = 50.0
"""The longest a getUpdates call is held open, in seconds."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class _No(Exception):
    """The platform says no."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class _Parameters:
    """The parameters of one call, read as the Bot API reads them: strings or JSON."""

    def __init__(self, values: JsonObject, uploads: dict[str, Upload]) -> None:
        self.values = values
        self.uploads = uploads

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: float) -> float:
        try:
            return float(self.values.get(name, default))
        except (TypeError, ValueError):
            raise _No(400, f"Bad Request: {name} is not a number") from None

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "1")

    def parsed(self, name: str) -> object:
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            parsed: object = json.loads(value)
        except ValueError:
            raise _No(400, f"Bad Request: can't parse {name} JSON object") from None
        return parsed


Method = Callable[[TelegramAccount, _Parameters], Awaitable[object]]


def routes(world: World) -> list[Route]:
    """Return the platform's routes."""
    bot = _Bot(world)
    return [
        Route("/bot{token}/{method}", bot.call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", bot.file, methods=["GET"]),
    ]


class _Bot:
    """The methods, each for the bot whose token came with it."""

    def __init__(self, world: World) -> None:
        self._world = world
        methods: list[tuple[str, Method]] = [
            ("getMe", self.get_me),
            ("getUpdates", self.get_updates),
            ("setWebhook", self.set_webhook),
            ("deleteWebhook", self.delete_webhook),
            ("getWebhookInfo", self.get_webhook_info),
            ("sendMessage", self.send_message),
            ("sendPhoto", self.send_photo),
            ("sendDocument", self.send_document),
            ("sendSticker", self.send_sticker),
            ("sendLocation", self.send_location),
            ("sendChatAction", self.send_chat_action),
            ("getFile", self.get_file),
            ("getChat", self.get_chat),
            ("logOut", self.done),
            ("close", self.done),
        ]
        self._methods = {name.lower(): (name, method) for name, method in methods}

    async def call(self, request: Request) -> Response:
        account = self._account(request.path_params["token"])
        if account is None:
            self._world.ledger.called(None, request.path_params["method"], 401)
            return _error(401, "Unauthorized")
        name, method = self._methods.get(request.path_params["method"].lower(), ("", None))
        if method is None:
            self._world.ledger.called(account.slug, request.path_params["method"], 404)
            return _error(404, "Not Found")
        do = method

        async def work() -> Response:
            try:
                values, uploads = await parameters(request)
                result = await do(account, _Parameters(values, uploads))
            except _No as no:
                return _error(no.code, no.description, **no.parameters)
            except Refused as refused:
                return _error(400, refused.detail)
            return JSONResponse({"ok": True, "result": result})

        return await answer(
            self._world, request, account=account.slug, method=name, refuse=_refusal, work=work
        )

    async def file(self, request: Request) -> Response:
        account = self._account(request.path_params["token"])
        if account is None:
            return _error(401, "Unauthorized")
        for stored in account.files.values():
            if stored.path == request.path_params["path"]:
                return Response(stored.media.data, media_type="application/octet-stream")
        return _error(404, "Not Found")

    # -- updates ---------------------------------------------------------------------------------

    async def get_me(self, account: TelegramAccount, _given: _Parameters) -> object:
        return account.me() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def get_updates(self, account: TelegramAccount, given: _Parameters) -> object:
        if account.target:
            raise _No(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if offset := int(given.number("offset", 0)):
            account.acknowledge(offset)
        limit = min(100, max(1, int(given.number("limit", 100))))
        timeout = min(MAX_POLL, max(0.0, given.number("timeout", 0)))
        this = asyncio.current_task()
        account.poll = this
        # A later call takes over: then this one ends, as on the platform.
        await self._world.pulse.until(
            lambda: bool(account.updates) or account.poll is not this, timeout
        )
        if account.poll is not this:
            raise _No(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        updates = account.updates[:limit]
        if updates:
            self._world.ledger.tell(
                account=account.slug,
                events=[str(update["update_id"]) for update in updates],
                attempt=1,
                redelivery=False,
                status=200,
            )
        return updates

    async def set_webhook(self, account: TelegramAccount, given: _Parameters) -> object:
        url, secret = given.text("url"), given.text("secret_token")
        if secret and not _SECRET.fullmatch(secret):
            raise _No(400, "Bad Request: secret token contains unallowed characters")
        if url:
            try:
                # The real platform takes https only; on one machine there is none.
                place(url)
            except InboxError:
                raise _No(400, "Bad Request: bad webhook: Invalid URL") from None
        if given.flag("drop_pending_updates"):
            account.updates.clear()
        account.connections = int(min(100, max(1, given.number("max_connections", 40))))
        account.set_webhook(url, secret if url else "")
        self._world.pulse.beat()
        return True

    async def delete_webhook(self, account: TelegramAccount, given: _Parameters) -> object:
        if given.flag("drop_pending_updates"):
            account.updates.clear()
        account.set_webhook("", "")
        return True

    async def get_webhook_info(self, account: TelegramAccount, _given: _Parameters) -> object:
        info: JsonObject = {
            "url": account.target,
            "has_custom_certificate": False,
            "pending_update_count": account.waiting,
        }
        if account.target:
            info["max_connections"] = account.connections
        for delivery in reversed(self._world.ledger.deliveries):
            if delivery.account == account.slug and delivery.error is not None:
                said = f"Wrong response from the webhook: {delivery.status}"
                info["last_error_date"] = delivery.at // 1000
                info["last_error_message"] = said if delivery.status else "Connection refused"
                break
        return info

    # -- sending ---------------------------------------------------------------------------------

    async def send_message(self, account: TelegramAccount, given: _Parameters) -> object:
        text = given.text("text")
        person = self._reachable(account, given)
        if not text.strip():
            raise _No(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
            raise _No(400, "Bad Request: message is too long")
        return self._accept(account, person, given, "sendMessage", "text", text, {"text": text})

    async def send_photo(self, account: TelegramAccount, given: _Parameters) -> object:
        person = self._reachable(account, given)
        sent = {"photo": account.photo(_file(account, given, "photo"))}
        return self._with_caption(account, person, given, "sendPhoto", "image", sent)

    async def send_document(self, account: TelegramAccount, given: _Parameters) -> object:
        person = self._reachable(account, given)
        sent = {"document": account.document(_file(account, given, "document"))}
        return self._with_caption(account, person, given, "sendDocument", "file", sent)

    async def send_sticker(self, account: TelegramAccount, given: _Parameters) -> object:
        person = self._reachable(account, given)
        _file(account, given, "sticker")
        sent = {"sticker": account.sticker("🙂")}
        return self._accept(account, person, given, "sendSticker", "sticker", "🙂", sent)

    async def send_location(self, account: TelegramAccount, given: _Parameters) -> object:
        person = self._reachable(account, given)
        spot = {name: given.number(name, 0.0) for name in ("latitude", "longitude")}
        text = f"{spot['latitude']}, {spot['longitude']}"
        return self._accept(
            account, person, given, "sendLocation", "location", text, {"location": spot}
        )

    async def send_chat_action(self, account: TelegramAccount, given: _Parameters) -> object:
        self._reachable(account, given)
        if not given.text("action"):
            raise _No(400, "Bad Request: wrong parameter action in request")
        return True

    def _with_caption(
        self,
        account: TelegramAccount,
        person: Person,
        given: _Parameters,
        method: str,
        kind: str,
        sent: JsonObject,
    ) -> JsonObject:
        caption = given.text("caption")
        if len(caption) > MAX_CAPTION:
            raise _No(400, "Bad Request: message caption is too long")
        if caption:
            sent["caption"] = caption
        return self._accept(account, person, given, method, kind, caption, sent)

    def _accept(
        self,
        account: TelegramAccount,
        person: Person,
        given: _Parameters,
        method: str,
        kind: str,
        text: str,
        sent: JsonObject,
    ) -> JsonObject:
        message = account.message(person, sender=account.me()) | sent
        self._world.ledger.accept(
            account=account.slug,
            platform=words.Platform.TELEGRAM,
            method=method,
            user=person.key,
            user_id=person.id,
            kind=kind,
            text=text,
            message_id=str(message["message_id"]),
            message=message,
        )
        return message

    def _reachable(self, account: TelegramAccount, given: _Parameters) -> Person:
        person = self._person(account, given)
        if person.blocked:
            raise _No(403, "Forbidden: bot was blocked by the user")
        return person

    def _person(self, account: TelegramAccount, given: _Parameters) -> Person:
        chat = given.text("chat_id")
        if not chat:
            raise _No(400, "Bad Request: chat_id is empty")
        person = account.people.by_id(chat)
        if person is None:
            raise _No(400, "Bad Request: chat not found")
        return person

    # -- looking up ------------------------------------------------------------------------------

    async def get_file(self, account: TelegramAccount, given: _Parameters) -> object:
        stored = account.files.get(given.text("file_id"))
        if stored is None:
            raise _No(400, "Bad Request: invalid file_id")
        size = len(stored.media.data)
        if size > FILE_LIMIT:
            raise _No(400, "Bad Request: file is too big")
        return {
            "file_id": stored.id,
            "file_unique_id": "AQ" + stored.id[-14:],
            "file_size": size,
            "file_path": stored.path,
        }

    async def get_chat(self, account: TelegramAccount, given: _Parameters) -> object:
        chat = account.chat_of(self._person(account, given))
        return chat | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": {
                "unlimited_gifts": False,
                "limited_gifts": False,
                "unique_gifts": False,
                "premium_subscription": False,
                "gifts_from_channels": False,
            },
        }

    async def done(self, _account: TelegramAccount, _given: _Parameters) -> object:
        return True

    def _account(self, token: str) -> TelegramAccount | None:
        for account in self._world.accounts.values():
            if isinstance(account, TelegramAccount) and account.token == token:
                return account
        return None


def _file(account: TelegramAccount, given: _Parameters, name: str) -> media.Media:
    """Return the file sent along, or the one meant by id or address."""
    source = given.text(name).removeprefix("attach://")
    upload = given.uploads.get(name) or given.uploads.get(source)
    if upload is not None:
        return media.Media(upload.data, upload.mime, upload.name)
    if source in account.files:
        return account.files[source].media
    if source.startswith(("http://", "https://")):
        return media.Media(b"", "application/octet-stream", source.rpartition("/")[2])
    raise _No(400, "Bad Request: wrong file identifier/HTTP URL specified")


def _refusal(fault: Fault) -> Response:
    match fault.kind:
        case FaultKind.RATE_LIMIT | FaultKind.QUOTA:
            wait = max(1, round(fault.seconds))
            return _error(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        case FaultKind.EXPIRED_TOKEN:
            return _error(401, "Unauthorized")
        case _:
            said = "Bad Gateway" if fault.status == 502 else "Internal Server Error"
            return _error(fault.status, said)


def _error(code: int, description: str, **parameters: int) -> Response:
    body: JsonObject = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return JSONResponse(body, code)
