"""The LINE Messaging API, as far as an inbox needs it, answering in its exact words.

Paths, bodies, codes and headers after the Messaging API reference and ``messaging-api.yml`` of
line-openapi. An access token tells which account is meant. The separate host for content
(``api-data.line.me``) is the same address here.
"""

import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox_tui.clock import to_datetime
from inbox_tui.errors import Refused
from inbox_tui.mock import words
from inbox_tui.mock.people import Person, digest
from inbox_tui.mock.platforms.answering import answer
from inbox_tui.mock.platforms.line_account import LineAccount
from inbox_tui.mock.platforms.line_messages import problems, readable
from inbox_tui.mock.reach import place
from inbox_tui.mock.words import Fault, FaultKind, JsonObject
from inbox_tui.mock.world import World

Work = Callable[[LineAccount, Request], Awaitable[Response]]

MAX_BODY = 2 * 1024 * 1024
_RATE = "The API rate limit has been exceeded. Try again later."
_QUOTA = "You have reached your monthly limit."
_AUTH = (
    "Authentication failed due to the following reason: invalid token. "
    "Confirm that the access token in the authorization header is valid."
)


class _Stop(Exception):
    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def routes(world: World) -> list[Route]:
    """Return the platform's routes."""
    bot = _Bot(world)

    def route(path: str, method: str, name: str, work: Work) -> Route:
        return Route(path, bot.endpoint(name, work), methods=[method])

    content = "/v2/bot/message/{message_id}/content"
    endpoint = "/v2/bot/channel/webhook/endpoint"
    return [
        route("/v2/bot/message/push", "POST", "push", bot.push),
        route("/v2/bot/message/reply", "POST", "reply", bot.reply),
        route("/v2/bot/message/quota", "GET", "quota", bot.quota),
        route("/v2/bot/message/quota/consumption", "GET", "consumption", bot.consumption),
        route(content, "GET", "content", bot.content),
        route(content + "/preview", "GET", "preview", bot.content),
        route(content + "/transcoding", "GET", "transcoding", bot.transcoding),
        route("/v2/bot/profile/{user_id}", "GET", "profile", bot.profile),
        route("/v2/bot/info", "GET", "info", bot.info),
        route("/v2/bot/chat/loading/start", "POST", "loading", bot.loading),
        route("/v2/bot/chat/markAsRead", "POST", "markAsRead", bot.mark_as_read),
        route("/v2/bot/message/markAsRead", "POST", "markAsRead", bot.mark_as_read),
        route(endpoint, "GET", "getEndpoint", bot.get_endpoint),
        route(endpoint, "PUT", "setEndpoint", bot.set_endpoint),
        route("/v2/bot/channel/webhook/test", "POST", "testEndpoint", bot.test_endpoint),
        Route("/v2/oauth/accessToken", bot.issue_token, methods=["POST"]),
    ]


class _Bot:
    """The calls, each for the account whose token came with it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def endpoint(self, name: str, work: Work) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            account = self._account(request)
            if account is None:
                self._world.ledger.called(None, name, 401)
                return _with_id(_error(401, _AUTH))

            async def do() -> Response:
                try:
                    return await work(account, request)
                except _Stop as stop:
                    return stop.response

            response = await answer(
                self._world,
                request,
                account=account.slug,
                method=name,
                refuse=_refusal,
                work=do,
            )
            return _with_id(response)

        return serve

    # -- sending ---------------------------------------------------------------------------------

    async def push(self, account: LineAccount, request: Request) -> Response:
        key = _retry_key(request)
        body = await _json(request)
        if key is not None and key in account.accepted:
            first, sent = account.accepted[key]
            return JSONResponse(
                {"message": "The retry key is already accepted", "sentMessages": sent},
                409,
                {"x-line-accepted-request-id": first},
            )
        messages = _messages(body)
        to = body.get("to")
        person = account.people.by_id(to) if isinstance(to, str) else None
        if person is None:
            return _error(400, "The property, 'to', in the request body is invalid")
        limit = account.monthly_quota
        if limit is not None and account.used_quota >= limit:
            return _error(429, _QUOTA)
        account.used_quota += 1
        # A push to somebody who blocked the account is answered as any other, and dropped.
        response, request_id, sent = self._accept(
            account, person, messages, "push", key, delivered=not person.blocked
        )
        if key is not None:
            account.accepted[key] = (request_id, sent)
        return response

    async def reply(self, account: LineAccount, request: Request) -> Response:
        if _retry_key(request) is not None:
            return _error(400, "The retry key is not supported by this API")
        body = await _json(request)
        messages = _messages(body)
        token = account.reply_tokens.get(str(body.get("replyToken")))
        if token is None or not token.good_at(self._world.clock.now()):
            return _error(400, "Invalid reply token")
        token.used = True
        return self._accept(account, token.person, messages, "reply", None)[0]

    def _accept(
        self,
        account: LineAccount,
        person: Person,
        messages: list[JsonObject],
        method: str,
        key: str | None,
        *,
        delivered: bool = True,
    ) -> tuple[Response, str, list[JsonObject]]:
        request_id = str(uuid.UUID(digest("call", account.slug, self._world.next_id())[:32]))
        sent: list[JsonObject] = []
        for message in messages:
            message_id = self._world.next_id()
            sent.append({"id": message_id, "quoteToken": digest("quote", message_id)[:48]})
            self._world.ledger.accept(
                account=account.slug,
                platform=words.Platform.LINE,
                method=method,
                user=person.key,
                user_id=person.id,
                kind=str(message["type"]),
                text=readable(message),
                message_id=message_id,
                message=message,
                request_id=request_id,
                retry_key=key,
                delivered=delivered,
            )
        headers = {"x-line-request-id": request_id}
        return JSONResponse({"sentMessages": sent}, 200, headers), request_id, sent

    async def quota(self, account: LineAccount, _request: Request) -> Response:
        if account.monthly_quota is None:
            return JSONResponse({"type": "none"})
        return JSONResponse({"type": "limited", "value": account.monthly_quota})

    async def consumption(self, account: LineAccount, _request: Request) -> Response:
        return JSONResponse({"totalUsage": account.used_quota})

    # -- looking up ------------------------------------------------------------------------------

    async def profile(self, account: LineAccount, request: Request) -> Response:
        user_id = request.path_params["user_id"]
        person = account.people.by_id(user_id)
        if person is None or person.blocked:
            return _error(404, "Not found")
        profile = {
            "userId": person.id,
            "displayName": person.name,
            "pictureUrl": person.picture_url,
            "statusMessage": person.status,
            "language": person.language,
        }
        return JSONResponse({name: value for name, value in profile.items() if value is not None})

    async def info(self, account: LineAccount, _request: Request) -> Response:
        return JSONResponse(
            {
                "userId": account.user_id,
                "basicId": account.basic_id,
                "displayName": account.name,
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }
        )

    async def content(self, account: LineAccount, request: Request) -> Response:
        file = account.files.get(request.path_params["message_id"])
        if file is None:
            return _error(404, "Not found")
        if file.not_ready > 0:
            file.not_ready -= 1
            return Response(status_code=202)
        return Response(file.data, media_type=file.mime)

    async def transcoding(self, account: LineAccount, request: Request) -> Response:
        file = account.files.get(request.path_params["message_id"])
        if file is None:
            return _error(404, "Not found")
        file.not_ready, waiting = max(0, file.not_ready - 1), file.not_ready
        return JSONResponse({"status": "processing" if waiting else "succeeded"})

    # -- chat and channel ------------------------------------------------------------------------

    async def loading(self, account: LineAccount, request: Request) -> Response:
        body = await _json(request)
        person = account.people.by_id(str(body.get("chatId")))
        seconds = body.get("loadingSeconds", 20)
        if person is None:
            return _error(400, "The property, 'chatId', in the request body is invalid")
        if seconds not in range(5, 61, 5):
            return _error(400, "The property, 'loadingSeconds', in the request body is invalid")
        return JSONResponse({}, 202)

    async def mark_as_read(self, _account: LineAccount, request: Request) -> Response:
        await _json(request)
        return JSONResponse({})

    async def get_endpoint(self, account: LineAccount, _request: Request) -> Response:
        if not account.target:
            return _error(404, "Webhook endpoint not found")
        return JSONResponse({"endpoint": account.target, "active": account.active})

    async def set_endpoint(self, account: LineAccount, request: Request) -> Response:
        body = await _json(request)
        # The real platform takes https only; on one machine there is none.
        account.target = _endpoint(body.get("endpoint"))
        return JSONResponse({})

    async def test_endpoint(self, account: LineAccount, request: Request) -> Response:
        body = await _json(request) if await request.body() else {}
        target = _endpoint(body.get("endpoint") or account.target)
        status, reason = await account.test_webhook(target)
        return JSONResponse(
            {
                "success": 200 <= status < 300,
                "timestamp": _rfc3339(self._world.clock.now()),
                "statusCode": status,
                "reason": reason.upper(),
                "detail": str(status) if status else reason,
            }
        )

    async def issue_token(self, request: Request) -> Response:
        form = {
            name: values[0] for name, values in parse_qs((await request.body()).decode()).items()
        }
        for account in self._world.accounts.values():
            if isinstance(account, LineAccount) and form.get("client_id") == account.channel_id:
                if form.get("client_secret") != account.channel_secret:
                    break
                return JSONResponse(
                    {
                        "access_token": account.access_token,
                        "expires_in": 2_592_000,
                        "token_type": "Bearer",
                    }
                )
        return JSONResponse({"error": "invalid_client", "error_description": "invalid client"}, 400)

    def _account(self, request: Request) -> LineAccount | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        for account in self._world.accounts.values():
            if (
                isinstance(account, LineAccount)
                and scheme.lower() == "bearer"
                and token == account.access_token
            ):
                return account
        return None


def _refusal(fault: Fault) -> Response:
    match fault.kind:
        case FaultKind.RATE_LIMIT:
            return _error(429, _RATE)
        case FaultKind.QUOTA:
            return _error(429, _QUOTA)
        case FaultKind.EXPIRED_TOKEN:
            return _error(401, _AUTH)
        case _:
            return _error(fault.status, "An error occurred on the LINE Platform")


def _error(status: int, message: str, details: list[JsonObject] | None = None) -> Response:
    body: JsonObject = {"message": message}
    if details:
        body["details"] = details
    return JSONResponse(body, status)


def _with_id(response: Response) -> Response:
    response.headers.setdefault("x-line-request-id", str(uuid.uuid4()))
    return response


async def _json(request: Request) -> JsonObject:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise _Stop(_error(415, f"The media type, '{media_type}', is not supported"))
    raw = await request.body()
    if len(raw) > MAX_BODY:
        raise _Stop(_error(413, "Request entity too large"))
    try:
        body: Any = json.loads(raw)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _Stop(_error(400, "The request body could not be parsed as JSON"))
    return body


def _messages(body: JsonObject) -> list[JsonObject]:
    found = problems(body.get("messages"))
    if found:
        raise _Stop(_error(400, f"The request body has {len(found)} error(s)", found))
    messages: list[JsonObject] = body["messages"]
    return messages


def _retry_key(request: Request) -> str | None:
    key = request.headers.get("x-line-retry-key")
    if key is None:
        return None
    try:
        return str(uuid.UUID(key))
    except ValueError:
        raise _Stop(_error(400, "Invalid retry key")) from None


def _endpoint(given: object) -> str:
    try:
        place(str(given))
    except Refused:
        raise _Stop(_error(400, "Invalid webhook endpoint URL")) from None
    return str(given)


def _rfc3339(at: int) -> str:
    return to_datetime(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
