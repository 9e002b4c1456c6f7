"""Telegram Bot API: updates polled or received by webhook, messages sent.

Source: Bot API reference (``getUpdates``, ``setWebhook``, ``sendMessage`` and its sisters,
"Making requests"). What the updates say is left to :mod:`.telegram_inbound`.

There is no idempotency key and own messages are not told back: a send whose answer was lost stays
uncertain until a person settles it. The token stands in every address, so no address may leave
this module (see :mod:`.http`).
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from inbox_tui.channels import links, telegram_inbound
from inbox_tui.channels.http import (
    ANSWER_S,
    AnswerLost,
    Http,
    NotSent,
    base_address,
    credential,
    header,
    key_path,
    retry_after,
    sentence,
)
from inbox_tui.channels.port import (
    MEDIA_LIMIT,
    BadCredentials,
    BadSignature,
    Capabilities,
    ChannelAccount,
    Check,
    Failed,
    Inbound,
    Json,
    MalformedBody,
    Media,
    MediaGone,
    Outcome,
    Outgoing,
    PlatformUnavailable,
    PollConflict,
    Polled,
    Profile,
    RawEvent,
    RetryLater,
    Sent,
    Uncertain,
    caption_of,
)
from inbox_tui.channels.reading import (
    clean,
    identifier,
    load,
    mapping,
    moment,
    objects,
    text,
    whole,
)
from inbox_tui.lean_httpx import httpx
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ChannelKind, ContentKind

API = "https://api.telegram.org"
MAX_TEXT = 4096
MAX_CAPTION = 1024
POLL_LIMIT = 100
UPDATES = ("message", "edited_message", "channel_post", "my_chat_member", "callback_query")
"""The updates asked for; the last is shown as unsupported."""

_TOKEN = re.compile(r"[A-Za-z0-9:_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found")


_HOOK_HINT = (
    "Either stop the other program, or give this channel a secret_token so that it receives by "
    "webhook, or delete the webhook (Bot API deleteWebhook)."
)


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer: ``code`` is the error's, 200 when the call went through; ``told`` the body."""

    raw: bytes
    code: int
    told: Json
    retry_after: int | None

    @property
    def result(self) -> Json:
        """The result, when it is an object."""
        return mapping(self.told, "result")

    @property
    def description(self) -> str | None:
        """What Telegram says of an error."""
        return text(self.told, "description")


class TelegramAdapter:
    """One bot. Polls, unless it has a ``secret_token``, which makes it receive by webhook.

    Raises BadCredentials for a credential that cannot be one.
    """

    kind = ChannelKind.TELEGRAM

    def __init__(self, account: ChannelAccount, client: httpx.AsyncClient | None = None) -> None:
        self._account = account
        self._api = base_address(account, API)
        self._token = credential(account, "token", _TOKEN)
        self._secret = credential(account, "secret_token", _SECRET)
        self._user_name: str | None = None
        self._http = Http(client)
        kinds = {ContentKind.TEXT, ContentKind.STICKER, ContentKind.LOCATION}
        if account.public_url:
            kinds |= {ContentKind.IMAGE, ContentKind.FILE}
        receives: Literal["webhook", "poll"] = "webhook" if self._secret else "poll"
        self.capabilities = Capabilities(
            can_send=frozenset(kinds),
            max_text=MAX_TEXT,
            max_caption=MAX_CAPTION,
            idempotent_sends=False,
            receives=receives,
        )

    def __repr__(self) -> str:
        return f"<TelegramAdapter {self._account.slug}>"

    def verify(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Compare the webhook's secret token, in constant time. Raises BadSignature."""
        given = header(headers, "x-telegram-bot-api-secret-token")
        if self._secret is None:
            raise BadSignature("This bot is polled: it has no secret_token, so no webhook.")
        if given is None:
            raise BadSignature("There is no X-Telegram-Bot-Api-Secret-Token header.")
        if not hmac.compare_digest(self._secret.encode(), given.encode()):
            raise BadSignature("The secret token is not the right one.")

    def split(self, raw: bytes) -> list[RawEvent]:
        """Return the updates of a webhook call (one) or of a poll's answer (any number)."""
        body = load(raw)
        if not isinstance(body, dict):
            raise MalformedBody("The body is not an update.")
        if "update_id" not in body and isinstance(body.get("result"), list):
            return [_raw_event(update) for update in body["result"]]
        return [_raw_event(body)]

    def parse(self, payload: Json) -> Inbound:
        """Return what one update says. Never raises."""
        return telegram_inbound.parse(payload)

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Send one message, once."""
        why_not = self.capabilities.why_not(outgoing.content)
        if why_not is not None:
            return Failed(reason="cannot_send", detail=why_not)
        if self._token is None:
            detail = f"{key_path(self._account, 'token')} is not set."
            return Failed(reason="credentials", detail=detail, fix="credentials")
        method, parameters = _message(outgoing.content)
        chat = outgoing.external_id
        parameters["chat_id"] = int(chat) if chat.lstrip("-").isdecimal() else chat
        try:
            answer = await self._call(method, parameters)
        except NotSent as error:
            return RetryLater(reason="unreachable", detail=str(error))
        except AnswerLost as error:
            return Uncertain(reason="answer_lost", detail=str(error))
        outcome = self._outcome(answer)
        if outgoing.unsettled and isinstance(outcome, Failed):
            # This attempt was refused, which says nothing of the earlier one.
            return Uncertain(reason=outcome.reason, detail=outcome.detail, fix=outcome.fix)
        return outcome

    async def profile(self, external_id: str) -> Profile | None:
        """Return the contact's name; Telegram tells no language here, messages do."""
        try:
            told = (await self._asked("getChat", {"chat_id": external_id})).result
        except (BadCredentials, MediaGone, PlatformUnavailable, PollConflict):
            return None
        name = telegram_inbound.read_name(told)
        return Profile(name=name) if name else None

    async def check(self) -> Check:
        """Ask Telegram who the bot is, and whether its messages come the way we expect them."""
        try:
            me = (await self._asked("getMe", {})).result
            hook = (await self._asked("getWebhookInfo", {})).result
        except BadCredentials as error:
            return Check(
                ok=False,
                problem=error.detail,
                hint="Ask @BotFather for the token (/token) and put it into "
                f"{key_path(self._account, 'token')}.",
            )
        except (MediaGone, PlatformUnavailable, PollConflict) as error:
            return Check(
                ok=False, problem=error.detail, hint=f"Can this machine reach {self._api}?"
            )
        user_name = text(me, "username")
        name = f"@{user_name}" if user_name else telegram_inbound.read_name(me)
        problem, hint = self._webhook_problem(hook)
        return Check(ok=problem is None, account=name, problem=problem, hint=hint)

    async def link(self, text: str) -> str:
        """Return the bot's start link; its name is asked of Telegram once."""
        if self._user_name is None:
            self._user_name = await self._asked_name()
        return links.telegram(self._user_name, text)

    async def media(self, reference: str, *, limit: int = MEDIA_LIMIT) -> Media:
        """Fetch a file by file id; Telegram gives files up to 20 MB to bots."""
        answer = await self._asked("getFile", {"file_id": reference})
        path = text(answer.result, "file_path") or ""
        if not path or ".." in path.split("/"):
            raise MediaGone("Telegram does not give this file to bots.")
        media = await self._http.download(
            f"{self._api}/file/bot{self._token}/{quote(path)}", limit=limit
        )
        return Media(data=media.data, mime=media.mime, file_name=path.rpartition("/")[2])

    async def poll(self, offset: int | None, timeout_s: int) -> Polled:
        """Wait up to ``timeout_s`` for updates; ``offset`` acknowledges all below it.

        Raises PollConflict, BadCredentials, PlatformUnavailable.
        """
        parameters: Json = {
            "limit": POLL_LIMIT,
            "timeout": timeout_s,
            "allowed_updates": list(UPDATES),
        }
        if offset is not None:
            parameters["offset"] = offset
        answer = await self._asked("getUpdates", parameters, wait_s=timeout_s + ANSWER_S)
        ids = [whole(update, "update_id") for update in objects(answer.told, "result")]
        last = max((update_id for update_id in ids if update_id is not None), default=None)
        return Polled(
            raw=answer.raw,
            events=self.split(answer.raw),
            next_offset=offset if last is None else last + 1,
        )

    async def set_webhook(self, url: str) -> None:
        """Have updates posted to ``url``, one at a time so that they keep their order.

        Raises BadCredentials (also when there is no secret token), PlatformUnavailable.
        """
        if self._secret is None:
            path = key_path(self._account, "secret_token")
            raise BadCredentials(f"{path} is not set.", data={"path": path})
        parameters: Json = {
            "url": url,
            "secret_token": self._secret,
            "max_connections": 1,
            "allowed_updates": list(UPDATES),
        }
        await self._asked("setWebhook", parameters)

    async def delete_webhook(self) -> None:
        """Stop the webhook, keeping what waits. Raises BadCredentials, PlatformUnavailable."""
        await self._asked("deleteWebhook", {"drop_pending_updates": False})

    async def aclose(self) -> None:
        """Close the client if it is our own."""
        await self._http.aclose()

    async def _asked_name(self) -> str:
        try:
            me = (await self._asked("getMe", {})).result
        except (MediaGone, PollConflict) as error:
            raise PlatformUnavailable(error.detail) from None
        name = text(me, "username")
        if name is None:
            raise PlatformUnavailable("Telegram does not tell the bot's user name.")
        return name

    async def _call(self, method: str, parameters: Json, wait_s: float = ANSWER_S) -> _Answer:
        """Make one call. Raises NotSent, AnswerLost (also for an answer that is not Telegram's)."""
        url = f"{self._api}/bot{self._token}/{method}"
        answer = await self._http.call("POST", url, body=parameters, wait_s=wait_s)
        try:
            told = load(answer.content)
        except MalformedBody:
            told = {}
        told = told if isinstance(told, dict) else {}
        code = answer.status_code
        if told.get("ok") is True and answer.is_success:
            code = 200
        elif answer.is_success:
            code = whole(told, "error_code") or 0
            if not 400 <= code < 600:
                raise AnswerLost("The answer is not one of Telegram.")
        wait = whole(mapping(told, "parameters"), "retry_after")
        patience = wait * 1000 if wait is not None and wait >= 0 else retry_after(answer.headers)
        return _Answer(raw=answer.content, code=code, told=told, retry_after=patience)

    async def _asked(self, method: str, parameters: Json, *, wait_s: float = ANSWER_S) -> _Answer:
        """Make a call that only asks, so that every failure can be raised.

        Raises PollConflict, BadCredentials, MediaGone, PlatformUnavailable.
        """
        path = key_path(self._account, "token")
        if self._token is None:
            raise BadCredentials(f"{path} is not set.", data={"path": path})
        try:
            answer = await self._call(method, parameters, wait_s)
        except (NotSent, AnswerLost) as error:
            raise PlatformUnavailable(str(error)) from None
        if answer.code == 200:
            return answer
        if answer.code in (401, 404):
            detail = f"Telegram does not know this bot token ({path})."
            raise BadCredentials(detail, data={"path": path})
        if answer.code == 409:
            raise PollConflict(sentence(answer.description, "Conflict."), hint=_HOOK_HINT)
        if 400 <= answer.code < 500 and answer.code not in (408, 429):
            raise MediaGone(sentence(answer.description, f"Telegram answered {answer.code}."))
        raise PlatformUnavailable(
            f"Telegram answered {answer.code}.", retry_after=answer.retry_after
        )

    def _outcome(self, answer: _Answer) -> Outcome:
        code, said = answer.code, answer.description or ""
        if code == 200:
            sent_id = identifier(answer.result, "message_id")
            return Sent(
                platform_ids=(sent_id,) if sent_id else (),
                at=moment(answer.result, "date", unit=telegram_inbound.SECOND),
            )
        if code == 429:
            return RetryLater(
                reason="rate_limit",
                detail="Telegram asks to send more slowly.",
                after_ms=answer.retry_after,
            )
        if code in (401, 404):
            return Failed(
                reason="credentials",
                detail=f"Telegram does not know this bot token "
                f"({key_path(self._account, 'token')}).",
                fix="credentials",
            )
        if code == 403:
            return Failed(
                reason="blocked",
                detail=sentence(said, "The contact has blocked the bot."),
                recipient_gone=True,
            )
        if 400 <= code < 500 and code != 408:
            gone = any(words in said.lower() for words in _GONE)
            return Failed(
                reason="chat_not_found" if gone else "refused",
                detail=sentence(said, f"Telegram answered {code}."),
                recipient_gone=gone,
            )
        detail = f"Telegram answered {code}: whether it took the message is not known."
        return Uncertain(reason="server_error", detail=detail)

    def _webhook_problem(self, hook: Json) -> tuple[str | None, str | None]:
        """Return what is amiss with how messages are received, and what to do about it."""
        url = text(hook, "url")
        if self._secret is None:
            if url is None:
                return None, None
            return f"A webhook is set at {url}, so polling gets nothing.", _HOOK_HINT
        ours = f"{self._account.public_url.rstrip('/')}/webhooks/{self._account.slug}"
        if url is None:
            return "No webhook is set.", f"Set it to {ours} with the secret_token."
        if self._account.public_url and url != ours:
            return f"The webhook is set to {url}.", f"This workspace expects it at {ours}."
        failing = text(hook, "last_error_message")
        return None, f"Telegram's last delivery failed: {failing}" if failing else None


def _raw_event(update: Any) -> RawEvent:  # noqa: ANN401 - any JSON
    payload = update if isinstance(update, dict) else {"malformed": update}
    inner = next((value for value in payload.values() if isinstance(value, dict)), {})
    return RawEvent(
        dedupe_key=telegram_inbound.update_key(payload),
        occurred_at=moment(inner, "edit_date", unit=telegram_inbound.SECOND)
        or moment(inner, "date", unit=telegram_inbound.SECOND),
        payload=payload,
    )


def _message(content: Content) -> tuple[str, Json]:
    """Return the method that sends this content, and its parameters but for the chat."""
    caption = caption_of(content)
    worded: Json = {"caption": clean(caption)} if caption else {}
    if content.kind is ContentKind.STICKER:
        return "sendSticker", {"sticker": content.sticker}
    if content.kind is ContentKind.IMAGE:
        return "sendPhoto", {"photo": content.url, **worded}
    if content.kind is ContentKind.FILE:
        return "sendDocument", {"document": content.url, **worded}
    if content.kind is ContentKind.LOCATION:
        place: Json = {"latitude": content.latitude, "longitude": content.longitude}
        if content.title and content.address:
            place |= {"title": clean(content.title), "address": clean(content.address)}
            return "sendVenue", place
        return "sendLocation", place
    return "sendMessage", {"text": clean(content.text)}
