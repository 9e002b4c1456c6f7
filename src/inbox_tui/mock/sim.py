"""The control interface under ``/sim``: make accounts and users, let them write, ask what happened.

JSON in, JSON out; the words are in :mod:`inbox_tui.mock.words`. Errors are problem answers
(RFC 9457) of the small tree in :mod:`inbox_tui.errors`. No part of any platform.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox_tui.errors import Conflict, InboxError, Invalid
from inbox_tui.mock import words
from inbox_tui.mock.platforms.line_account import LineAccount
from inbox_tui.mock.platforms.telegram_account import TelegramAccount
from inbox_tui.mock.reach import place
from inbox_tui.mock.scanning import scan
from inbox_tui.mock.words import JsonObject
from inbox_tui.mock.world import SimAccount, World
from inbox_tui.wire.models import Problem

MAX_WAIT = 60.0
"""The longest a call waits for something to happen, in seconds."""

T = TypeVar("T")
Handler = Callable[[Request], Awaitable[object]]


def routes(world: World) -> list[Route]:
    """Return the routes of the control interface."""
    sim = _Sim(world)
    table: list[tuple[str, str, Handler]] = [
        ("GET", "/sim/accounts", sim.accounts),
        ("PUT", "/sim/accounts", sim.put_account),
        ("GET", "/sim/accounts/{slug}/users", sim.users),
        ("PUT", "/sim/accounts/{slug}/users", sim.put_user),
        ("POST", "/sim/accounts/{slug}/say", sim.say),
        ("POST", "/sim/accounts/{slug}/event", sim.event),
        ("POST", "/sim/accounts/{slug}/{what}", sim.happen),
        ("POST", "/sim/scan", sim.scan),
        ("GET", "/sim/ledger", sim.ledger),
        ("GET", "/sim/deliveries", sim.deliveries),
        ("GET", "/sim/calls", sim.calls),
        ("GET", "/sim/faults", sim.faults),
        ("POST", "/sim/faults", sim.add_fault),
        ("DELETE", "/sim/faults", sim.clear_faults),
        ("POST", "/sim/flush", sim.flush),
        ("POST", "/sim/settle", sim.settle),
        ("GET", "/sim/clock", sim.clock),
        ("POST", "/sim/clock", sim.set_clock),
        ("POST", "/sim/reset", sim.reset),
    ]
    return [Route(path, _endpoint(work), methods=[method]) for method, path, work in table]


class _Sim:
    """The calls of the control interface."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def accounts(self, _request: Request) -> object:
        return [account.told() for account in self._world.accounts.values()]

    async def put_account(self, request: Request) -> object:
        given = await _body(request, words.PutAccount)
        if given.target:
            place(given.target)
        account = self._world.accounts.get(given.slug)
        if account is not None and account.platform is not given.platform:
            raise Conflict(f"{given.slug} is an account on {account.platform}.")
        if account is None:
            account = _new(given, self._world)
        account.configure(given)
        return account.told()

    async def users(self, request: Request) -> object:
        return [person.told() for person in self._account(request).people.all()]

    async def put_user(self, request: Request) -> object:
        given = await _body(request, words.PutUser)
        return self._account(request).people.put(given).told()

    async def say(self, request: Request) -> object:
        return self._account(request).say(await _body(request, words.Say))

    async def scan(self, request: Request) -> object:
        return scan(self._world, await _body(request, words.Scan))

    async def event(self, request: Request) -> object:
        return self._account(request).raw(await _body(request, JsonObject))

    async def happen(self, request: Request) -> object:
        what = request.path_params["what"]
        return self._account(request).happen(what, await _body(request, words.Happen))

    async def ledger(self, request: Request) -> object:
        """Answer the lines after ``after``; wait up to ``wait`` seconds for the first."""
        after, sent = int(_number(request, "after")), self._world.ledger.sent
        await self._world.pulse.until(lambda: _of(request, sent[after:]), _wait(request))
        return _of(request, sent[after:])

    async def deliveries(self, request: Request) -> object:
        after = int(_number(request, "after"))
        lines = self._world.ledger.deliveries

        def wanted() -> list[words.Delivery]:
            return _of(request, [line for line in lines if line.n > after])

        await self._world.pulse.until(wanted, _wait(request))
        return wanted()

    async def calls(self, request: Request) -> object:
        after = int(_number(request, "after"))
        return _of(request, [line for line in self._world.ledger.calls if line.n > after])

    async def faults(self, _request: Request) -> object:
        return self._world.faults.waiting()

    async def add_fault(self, request: Request) -> object:
        fault = await _body(request, words.Fault)
        if fault.count < 1 or fault.size < 1 or fault.seconds < 0:
            raise Invalid("count and size are at least 1, seconds at least 0.")
        self._world.faults.add(fault)
        return fault

    async def clear_faults(self, _request: Request) -> object:
        self._world.faults.clear()
        return {}

    async def flush(self, _request: Request) -> object:
        for account in self._world.accounts.values():
            account.flush()
        return {}

    async def settle(self, request: Request) -> object:
        settled = await self._world.pulse.until(
            lambda: not self._world.unsettled(), _wait(request, 10.0)
        )
        return words.Settled(settled=settled, waiting=self._world.unsettled())

    async def clock(self, _request: Request) -> object:
        return words.ClockState(now=self._world.clock.now(), speed=self._world.clock.speed)

    async def set_clock(self, request: Request) -> object:
        given = await _body(request, words.ClockState)
        if given.advance < 0 or (given.speed is not None and given.speed <= 0):
            raise Invalid("The clock runs forward only.")
        self._world.clock.advance(round(given.advance * 1000))
        if given.speed is not None:
            self._world.clock.run_at(given.speed)
        return replace(given, now=self._world.clock.now(), speed=self._world.clock.speed)

    async def reset(self, request: Request) -> object:
        await self._world.reset(accounts=request.query_params.get("accounts") == "1")
        return {}

    def _account(self, request: Request) -> SimAccount:
        return self._world.account(request.path_params["slug"])


def _new(given: words.PutAccount, world: World) -> SimAccount:
    account: SimAccount
    match given.platform:
        case words.Platform.LINE:
            account = LineAccount(given.slug, world)
        case words.Platform.TELEGRAM:
            account = TelegramAccount(given.slug, world)
    world.accounts[given.slug] = account
    return account


def _endpoint(work: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        try:
            return _answer(await work(request))
        except InboxError as error:
            problem = Problem(
                type=error.type,
                title=error.title,
                status=error.status,
                detail=error.detail,
                hint=error.hint,
                data=error.data,
            )
            return _answer(problem, error.status, "application/problem+json")

    return serve


def _answer(value: object, status: int = 200, kind: str = "application/json") -> Response:
    return Response(msgspec.json.encode(value), status, media_type=kind)


async def _body(request: Request, into: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.body() or b"{}", type=into)
    except msgspec.MsgspecError as error:
        raise Invalid(f"{error}.") from None


def _number(request: Request, name: str, default: float = 0.0) -> float:
    try:
        return float(request.query_params.get(name, default))
    except ValueError:
        raise Invalid(f"{name} is not a number.") from None


def _wait(request: Request, default: float = 0.0) -> float:
    return min(MAX_WAIT, max(0.0, _number(request, "wait", default)))


def _of(request: Request, lines: list[Any]) -> list[Any]:
    account = request.query_params.get("account")
    return [line for line in lines if account is None or line.account == account]
