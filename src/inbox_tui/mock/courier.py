"""Carrying an account's events to the business: webhooks posted, repeated and spoilt on request.

An account hands events to its :class:`Gate`, which applies the faults asked for and passes parcels
on: to a :class:`Courier`, which posts them, or to a queue that is polled. How a parcel is written
and signed is the account's affair.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from inbox_tui.lean_httpx import httpx
from inbox_tui.mock.faults import Faults
from inbox_tui.mock.ledger import Ledger
from inbox_tui.mock.pulse import Pulse, SimClock
from inbox_tui.mock.reach import Place, place
from inbox_tui.mock.words import Fault, FaultKind, JsonObject

# Seconds. However short the wait for an answer, a server on a busy machine is not "not there".
CONNECT_TIMEOUT = 10.0


@dataclass(slots=True, kw_only=True)
class Parcel:
    """Events that travel together, and what is to go wrong on the way."""

    events: list[JsonObject]
    attempt: int = 1
    redelivery: bool = False
    bad_signature: bool = False
    again: bool = False


class Packer(Protocol):
    """The account's part: how its events are written down and signed."""

    slug: str
    target: str
    webhook_timeout: float
    connections: int

    def pack(self, parcel: Parcel) -> tuple[bytes, dict[str, str]]:
        """Return the exact bytes to post, and the headers."""
        ...

    def event_key(self, event: JsonObject) -> str:
        """Return the id by which the business knows this event again."""
        ...

    def retry_after(self, attempt: int) -> float | None:
        """Return the seconds until a failed attempt is repeated, None for never."""
        ...


class Gate:
    """Where faults on inbound events are applied, in the order they were asked for."""

    def __init__(
        self,
        slug: str,
        faults: Faults,
        clock: SimClock,
        deliver: Callable[[Parcel], None],
    ) -> None:
        self._slug = slug
        self._faults = faults
        self._clock = clock
        self._deliver = deliver
        self._held: list[JsonObject] = []
        self._hold: Fault | None = None
        self._late: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """How many events are held back or on a late way."""
        return len(self._held) + len(self._late)

    def emit(self, event: JsonObject, user: str | None = None) -> None:
        """Let an event out: now, late, together with others, twice, or never."""
        if self._faults.take(FaultKind.LOSE, self._slug, user):
            return
        self._held.append(event)
        if self._hold is None:
            self._hold = self._holding(user)
        if self._hold is None or len(self._held) >= self._hold.size:
            self.flush(user)

    def flush(self, user: str | None = None) -> None:
        """Let out what BATCH and REORDER hold back, complete or not."""
        held, self._held = self._held, []
        hold, self._hold = self._hold, None
        if not held:
            return
        if hold is not None and hold.kind is FaultKind.BATCH:
            self._out(Parcel(events=held), user)
            return
        for event in reversed(held) if hold is not None else held:
            self._out(Parcel(events=[event]), user)

    def close(self) -> None:
        """Forget what is held back."""
        self._held.clear()
        self._hold = None
        for task in self._late:
            task.cancel()

    def _holding(self, user: str | None) -> Fault | None:
        found = self._faults.find((FaultKind.BATCH, FaultKind.REORDER), self._slug, user=user)
        if found is not None:
            self._faults.use(found)
        return found

    def _out(self, parcel: Parcel, user: str | None) -> None:
        def take(kind: FaultKind) -> Fault | None:
            return self._faults.take(kind, self._slug, user)

        parcel.bad_signature = take(FaultKind.BAD_SIGNATURE) is not None
        parcel.again = take(FaultKind.REDELIVER) is not None
        copies = 2 if take(FaultKind.DUPLICATE) else 1
        late = take(FaultKind.DELAY)
        for _ in range(copies):
            copy = Parcel(
                events=parcel.events, bad_signature=parcel.bad_signature, again=parcel.again
            )
            if late is None:
                self._deliver(copy)
                continue
            task = asyncio.get_running_loop().create_task(self._later(copy, late.seconds))
            self._late.add(task)
            task.add_done_callback(self._late.discard)

    async def _later(self, parcel: Parcel, seconds: float) -> None:
        await self._clock.until(self._clock.now() + round(seconds * 1000))
        self._deliver(parcel)


class Courier:
    """Posts an account's parcels, in order unless it has several connections."""

    def __init__(self, packer: Packer, ledger: Ledger, clock: SimClock, pulse: Pulse) -> None:
        self._packer = packer
        self._ledger = ledger
        self._clock = clock
        self._pulse = pulse
        self._queue: asyncio.Queue[Parcel] = asyncio.Queue()
        self._busy = 0
        self._workers: list[asyncio.Task[None]] = []
        self._repeats: set[asyncio.Task[None]] = set()
        self._client: tuple[str, float, httpx.AsyncClient] | None = None

    @property
    def waiting(self) -> int:
        """How many parcels are queued or on their way; repeats not yet due do not count."""
        return self._queue.qsize() + self._busy

    def post(self, parcel: Parcel) -> None:
        """Put a parcel in the queue."""
        self._queue.put_nowait(parcel)
        missing = max(1, self._packer.connections) - len(self._workers)
        loop = asyncio.get_running_loop()
        self._workers += [loop.create_task(self._work()) for _ in range(missing)]

    async def close(self) -> None:
        """Stop; what is queued is forgotten."""
        tasks = [*self._workers, *self._repeats]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._workers.clear()
        self._queue = asyncio.Queue()
        if self._client is not None:
            await self._client[2].aclose()
            self._client = None

    async def once(self, target: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Post once, outside the queue; return status (0 for none) and reason."""
        client, there = self._reach(target)
        status, error = await _post(client, there, body, headers)
        return status or 0, error or "OK"

    async def _work(self) -> None:
        while True:
            parcel = await self._queue.get()
            self._busy += 1
            try:
                await self._attempt(parcel)
            finally:
                self._busy -= 1
                self._pulse.beat()

    async def _attempt(self, parcel: Parcel) -> None:
        body, headers = self._packer.pack(parcel)
        if not self._packer.target:
            return
        client, there = self._reach(self._packer.target)
        status, error = await _post(client, there, body, headers)
        self._ledger.tell(
            account=self._packer.slug,
            events=[self._packer.event_key(event) for event in parcel.events],
            attempt=parcel.attempt,
            redelivery=parcel.redelivery,
            status=status,
            error=error,
            body=body.decode("utf-8", "replace"),
        )
        if error is None:
            if parcel.again:
                self.post(Parcel(events=parcel.events, redelivery=True))
            return
        wait = self._packer.retry_after(parcel.attempt)
        if wait is not None:
            repeat = Parcel(events=parcel.events, attempt=parcel.attempt + 1, redelivery=True)
            task = asyncio.get_running_loop().create_task(self._repeat(repeat, wait))
            self._repeats.add(task)
            task.add_done_callback(self._repeats.discard)

    async def _repeat(self, parcel: Parcel, seconds: float) -> None:
        await self._clock.until(self._clock.now() + round(seconds * 1000))
        self.post(parcel)

    def _reach(self, target: str) -> tuple[httpx.AsyncClient, Place]:
        there = place(target, f"/webhooks/{self._packer.slug}")
        timeout = self._packer.webhook_timeout
        if self._client is None or self._client[:2] != (target, timeout):
            if self._client is not None:
                # Another worker may still be on the old one; it closes its sockets when collected.
                self._client = None
            # The answer is waited for from the moment the connection stands.
            limits = httpx.Timeout(timeout, connect=max(timeout, CONNECT_TIMEOUT))
            self._client = (target, timeout, there.client(limits))
        return self._client[2], there


async def _post(
    client: httpx.AsyncClient, there: Place, body: bytes, headers: dict[str, str]
) -> tuple[int | None, str | None]:
    """Return the status and the class of the error, as LINE names them."""
    try:
        answer = await client.post(there.path, content=body, headers=headers)
    except httpx.TimeoutException as error:
        connecting = isinstance(error, httpx.ConnectTimeout)
        return None, "could_not_connect" if connecting else "request_timeout"
    except httpx.ConnectError:
        return None, "could_not_connect"
    except httpx.HTTPError:
        return None, "unclassified"
    return answer.status_code, None if answer.is_success else "error_status_code"
