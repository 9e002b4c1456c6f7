"""What the platforms have in common when they answer: faults before and after, and hanging up."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from inbox_tui.mock.words import ON_CALLS, Fault, FaultKind
from inbox_tui.mock.world import World

HANG_UP = "inbox_tui.hang_up"
"""The ASGI extension by which the server lets a route cut its connection."""

_AFTER = frozenset({FaultKind.DROP_RESPONSE, FaultKind.SLOW})


async def hang_up(request: Request) -> None:
    """Cut the connection without a word; what is answered afterwards goes nowhere."""
    request.scope["extensions"][HANG_UP]()
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def answer(
    world: World,
    request: Request,
    *,
    account: str,
    method: str,
    refuse: Callable[[Fault], Response],
    work: Callable[[], Awaitable[Response]],
) -> Response:
    """Do the work of one call, unless a fault asked for is about it.

    A fault that refuses acts before anything is accepted (``refuse`` writes the platform's
    answer); one that delays or drops the answer acts only once the call was accepted.
    """
    wanted = method.lower()
    fault = world.faults.find(ON_CALLS, account, method=wanted)
    if fault is not None and fault.kind not in _AFTER:
        world.faults.use(fault)
        response = refuse(fault)
        world.ledger.called(account, method, response.status_code, fault.kind)
        return response
    before = len(world.ledger.sent)
    response = await work()
    accepted = response.status_code < 300
    world.ledger.called(account, method, response.status_code, fault.kind if fault else None)
    if fault is None or not accepted:
        return response
    world.faults.use(fault)
    if fault.kind is FaultKind.SLOW:
        await world.clock.until(world.clock.now() + round(fault.seconds * 1000))
        return response
    for line in world.ledger.sent[before:]:
        line.answered = line.account != account
    await hang_up(request)
    return response
