"""LINE Messaging API: webhooks verified and split, messages pushed or replied.

Sources: Messaging API reference; "Retry failed API requests"; "Receive messages (webhook)". What
the events say is left to :mod:`.line_inbound`.

A message goes by reply token while one is fresh (free of charge), else by push with the retry
key, always from the first attempt. The retry key makes a push repeatable; a reply is repeatable
because its token works once. The two do not protect each other: a message whose reply may have
been accepted is only ever repeated by the same token (docs/channels.md).
"""

import base64
import hmac
import re
from collections.abc import Mapping
from typing import Any

from inbox_tui.channels import line_inbound, links
from inbox_tui.channels.http import (
    AnswerLost,
    Http,
    NotSent,
    base_address,
    credential,
    header,
    key_path,
    path_part,
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
    Outcome,
    Outgoing,
    PlatformUnavailable,
    Profile,
    RawEvent,
    RetryLater,
    Sent,
    Uncertain,
)
from inbox_tui.channels.reading import clean, identifier, load, moment, objects, text
from inbox_tui.errors import NotPossibleNow
from inbox_tui.lean_httpx import httpx
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ChannelKind, ContentKind

API = "https://api.line.me"
DATA_API = "https://api-data.line.me"
MAX_TEXT = 5000
RETRY_KEY_LIFE = 24 * 3600 * 1000
"""How long LINE remembers a retry key, in milliseconds from the first request."""

_PRINTABLE = re.compile(r"[\x21-\x7e]+")


class LineAdapter:
    """One LINE Official Account. Raises BadCredentials for a credential that cannot be one."""

    kind = ChannelKind.LINE

    def __init__(self, account: ChannelAccount, client: httpx.AsyncClient | None = None) -> None:
        self._account = account
        self._api = base_address(account, API)
        self._data_api = base_address(account, DATA_API)
        self._secret = credential(account, "channel_secret", _PRINTABLE)
        self._token = credential(account, "access_token", _PRINTABLE)
        self._public_id = account.credentials.get("basic_id", "").strip()
        self._http = Http(client)
        kinds = {ContentKind.TEXT, ContentKind.STICKER, ContentKind.LOCATION}
        if account.public_url:
            kinds.add(ContentKind.IMAGE)
        self.capabilities = Capabilities(
            can_send=frozenset(kinds),
            max_text=MAX_TEXT,
            idempotent_sends=True,
            receives="webhook",
            repeat_within=RETRY_KEY_LIFE,
        )

    def __repr__(self) -> str:
        return f"<LineAdapter {self._account.slug}>"

    def verify(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Check the HMAC-SHA256 of the raw bytes, in constant time. Raises BadSignature."""
        given = header(headers, "x-line-signature")
        if self._secret is None:
            raise BadSignature(f"{key_path(self._account, 'channel_secret')} is not set.")
        if given is None:
            raise BadSignature("There is no x-line-signature header.")
        digest = hmac.digest(self._secret.encode(), raw, "sha256")
        if not hmac.compare_digest(base64.b64encode(digest), given.strip().encode()):
            raise BadSignature("The x-line-signature does not match the body.")

    def split(self, raw: bytes) -> list[RawEvent]:
        """Return the events of one webhook call; the console's Verify sends none."""
        body = load(raw)
        events = body.get("events") if isinstance(body, dict) else None
        if not isinstance(events, list):
            raise MalformedBody("The body has no list of events.")
        return [_raw_event(event) for event in events]

    def parse(self, payload: Json) -> Inbound:
        """Return what one event says. Never raises."""
        return line_inbound.parse(payload)

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Reply or push, once."""
        why_not = self.capabilities.why_not(outgoing.content)
        if why_not is not None:
            return Failed(reason="cannot_send", detail=why_not)
        if self._token is None:
            return _no_token(self._account)
        body: Json = {"messages": [_message(outgoing.content)]}
        headers = self._headers()
        if outgoing.reply_token is not None:
            path, body["replyToken"] = "reply", outgoing.reply_token
        else:
            path, body["to"] = "push", outgoing.external_id
            headers["x-line-retry-key"] = outgoing.key
        try:
            answer = await self._http.call(
                "POST", f"{self._api}/v2/bot/message/{path}", body=body, headers=headers
            )
        except NotSent as error:
            return RetryLater(reason="unreachable", detail=str(error))
        except AnswerLost as error:
            return Uncertain(reason="answer_lost", detail=str(error), repeat=True)
        return _outcome(answer, outgoing, self._account)

    async def profile(self, external_id: str) -> Profile | None:
        """Return display name, language and picture; LINE tells them of friends only."""
        if self._token is None:
            return None
        try:
            answer = await self._get(f"/v2/bot/profile/{path_part(external_id)}")
        except (NotSent, AnswerLost):
            return None
        told = _json(answer)
        name = text(told, "displayName") if answer.status_code == 200 else None
        if name is None:
            return None
        return Profile(
            name=name, language=text(told, "language"), picture_url=text(told, "pictureUrl")
        )

    async def check(self) -> Check:
        """Ask LINE which account the token belongs to."""
        for name in ("channel_secret", "access_token"):
            if not self._account.credentials.get(name):
                return _missing(self._account, name)
        try:
            answer = await self._get("/v2/bot/info")
        except (NotSent, AnswerLost) as error:
            return Check(ok=False, problem=str(error), hint=f"Can this machine reach {self._api}?")
        told = _json(answer)
        if answer.status_code in (401, 403):
            return Check(
                ok=False,
                problem="LINE refused the access token.",
                hint="Issue a new one in the LINE Developers Console and put it into "
                f"{key_path(self._account, 'access_token')}.",
            )
        if answer.status_code != 200:
            return Check(ok=False, problem=f"LINE answered {answer.status_code}.")
        name, basic_id = text(told, "displayName") or "", text(told, "basicId")
        return Check(
            ok=True,
            account=f"{name} ({basic_id})" if basic_id else name,
            hint=await self._webhook_hint(),
        )

    async def link(self, text: str) -> str:
        """Return the add-friend link with a text in the message box.

        The account's id is its ``basic_id`` credential, else asked of LINE once.
        """
        if not self._public_id:
            self._public_id = await self._asked_id()
        return links.line(self._public_id, text)

    async def media(self, reference: str, *, limit: int = MEDIA_LIMIT) -> Media:
        """Fetch image, video, audio or file by message id, from LINE's data host."""
        url = f"{self._data_api}/v2/bot/message/{path_part(reference)}/content"
        return await self._http.download(url, limit=limit, headers=self._headers())

    async def aclose(self) -> None:
        """Close the client if it is our own."""
        await self._http.aclose()

    async def _asked_id(self) -> str:
        by_hand = f"Put the account's @name into {key_path(self._account, 'basic_id')}."
        if self._token is None:
            path = key_path(self._account, "access_token")
            raise NotPossibleNow(
                f"The account's @name is not known, and LINE cannot be asked: {path} is not set.",
                hint=by_hand,
            )
        try:
            answer = await self._get("/v2/bot/info")
        except (NotSent, AnswerLost) as error:
            raise PlatformUnavailable(f"LINE was asked for the account's @name. {error}") from None
        if answer.status_code in (401, 403):
            path = key_path(self._account, "access_token")
            raise BadCredentials(f"LINE refused the access token ({path}).", data={"path": path})
        told = _json(answer)
        name = text(told, "premiumId") or text(told, "basicId")
        if answer.status_code != 200 or not name:
            raise PlatformUnavailable(
                f"LINE does not tell the account's @name: it answered {answer.status_code}."
            )
        return name

    async def _webhook_hint(self) -> str | None:
        """Return what is amiss with the webhook as LINE has it, if it tells."""
        try:
            answer = await self._get("/v2/bot/channel/webhook/endpoint")
        except (NotSent, AnswerLost):
            return None
        told = _json(answer)
        if answer.status_code != 200:
            return None
        ours = f"{self._account.public_url.rstrip('/')}/webhooks/{self._account.slug}"
        endpoint = text(told, "endpoint")
        if self._account.public_url and endpoint != ours:
            return f"LINE sends messages to {endpoint}; this workspace expects them at {ours}."
        if told.get("active") is False:
            return "LINE sends no messages: turn on 'Use webhook' in the LINE Developers Console."
        return None

    async def _get(self, path: str) -> httpx.Response:
        return await self._http.call("GET", self._api + path, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        if self._token is None:
            path = key_path(self._account, "access_token")
            raise BadCredentials(f"{path} is not set.", data={"path": path})
        return {"authorization": f"Bearer {self._token}"}


def _raw_event(event: Any) -> RawEvent:  # noqa: ANN401 - any JSON
    payload = event if isinstance(event, dict) else {"malformed": event}
    return RawEvent(
        dedupe_key=line_inbound.event_id(payload),
        occurred_at=moment(payload, "timestamp"),
        payload=payload,
    )


def _message(content: Content) -> Json:
    if content.kind is ContentKind.STICKER:
        package, _, sticker = (content.sticker or "").partition("/")
        return {"type": "sticker", "packageId": package, "stickerId": sticker}
    if content.kind is ContentKind.LOCATION:
        place = clean(content.title or content.text or content.address or "Location")
        return {
            "type": "location",
            "title": place[:100],
            "address": clean(content.address or place)[:100],
            "latitude": content.latitude,
            "longitude": content.longitude,
        }
    if content.kind is ContentKind.IMAGE:
        return {
            "type": "image",
            "originalContentUrl": content.url,
            "previewImageUrl": content.url,
        }
    return {"type": "text", "text": clean(content.text)}


def _outcome(answer: httpx.Response, outgoing: Outgoing, account: ChannelAccount) -> Outcome:
    status, told = answer.status_code, _json(answer)
    pushed = outgoing.reply_token is None
    if answer.is_success:
        return Sent(platform_ids=_sent_ids(told))
    if status == 409 and pushed:
        accepted = header(answer.headers, "x-line-accepted-request-id")
        return Sent(
            platform_ids=_sent_ids(told),
            note=f"already accepted as request {accepted}" if accepted else "already accepted",
        )
    refused = _refusal(status, told, answer.headers, account)
    if refused is None:
        detail = f"LINE answered {status}: whether it took the message is not known."
        return Uncertain(reason="server_error", detail=detail, repeat=True)
    if not pushed and status == 400 and "reply token" in (text(told, "message") or "").lower():
        if outgoing.unsettled:
            return Uncertain(
                reason="reply_token_spent",
                detail="The reply token is used up or expired, so LINE cannot say whether the "
                "earlier attempt was accepted.",
            )
        return RetryLater(
            reason="reply_token_refused",
            detail="The reply token is not valid any more.",
            after_ms=0,
            drop_reply_token=True,
        )
    if outgoing.unsettled and isinstance(refused, Failed):
        # This attempt was refused, which says nothing of the earlier one.
        return Uncertain(reason=refused.reason, detail=refused.detail, fix=refused.fix)
    return refused


def _refusal(
    status: int, told: Json, headers: Mapping[str, str], account: ChannelAccount
) -> Failed | RetryLater | None:
    """Return what a definite refusal means; None when the status does not prove one."""
    said = text(told, "message")
    if status == 429:
        if said and "monthly limit" in said.lower():
            return Failed(
                reason="quota",
                detail="The account has used up its messages of this month.",
                fix="quota",
            )
        return RetryLater(
            reason="rate_limit",
            detail="LINE asks to send more slowly.",
            after_ms=retry_after(headers),
        )
    if status == 401:
        return Failed(
            reason="credentials",
            detail=f"LINE refused the access token ({key_path(account, 'access_token')}).",
            fix="credentials",
        )
    if status == 403:
        return Failed(
            reason="forbidden",
            detail=sentence(said, "LINE does not allow this account to send."),
            fix="credentials",
        )
    if 400 <= status < 500 and status != 408:
        return Failed(
            reason="refused", detail=sentence(_explained(told), f"LINE answered {status}.")
        )
    return None


def _explained(told: Json) -> str | None:
    said = text(told, "message")
    for detail in objects(told, "details"):
        more = (text(detail, "property"), text(detail, "message"))
        said = f"{said or ''} {': '.join(part for part in more if part)}".strip()
    return said


def _sent_ids(told: Json) -> tuple[str, ...]:
    ids = (identifier(message, "id") for message in objects(told, "sentMessages"))
    return tuple(sent_id for sent_id in ids if sent_id)


def _json(answer: httpx.Response) -> Json:
    try:
        told = load(answer.content)
    except MalformedBody:
        return {}
    return told if isinstance(told, dict) else {}


def _no_token(account: ChannelAccount) -> Failed:
    path = key_path(account, "access_token")
    return Failed(reason="credentials", detail=f"{path} is not set.", fix="credentials")


def _missing(account: ChannelAccount, name: str) -> Check:
    return Check(
        ok=False,
        problem=f"{key_path(account, name)} is not set.",
        hint="It stands in the LINE Developers Console, on the channel's page.",
    )
