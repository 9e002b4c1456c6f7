"""The live stream: Server-Sent Events with resume, gap detection and patient reconnects.

Yields what happened, in order and once. It says when the line is lost and when it stands again;
what to read afresh after a Reset is for its reader to know.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Final

from inbox_tui.client.port import Connected, Lost, Reset, Signal
from inbox_tui.client.problems import problem_of, unavailable, unreadable
from inbox_tui.errors import Forbidden, InboxError, NotSignedIn, Unavailable
from inbox_tui.lean_httpx import httpx
from inbox_tui.wire import codec
from inbox_tui.wire.models import Event

READ_TIMEOUT: Final = 22.0
"""Seconds of silence after which the line counts as dead; the server pings every 15."""

FIRST_WAIT: Final = 0.25
"""Seconds before the first reconnect, at most; doubled for each failure after it."""

LONGEST_WAIT: Final = 15.0
"""Seconds between two reconnects, at most."""


class EventStream:
    """Follows ``GET /api/events`` for one window, for ever.

    ``random`` returns numbers in [0, 1); ``sleep`` waits that many seconds.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        window: str,
        random: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] | None = None,
        read_timeout: float = READ_TIMEOUT,
    ) -> None:
        self._http = http
        self._window = window
        self._random = random
        self._sleep = sleep or asyncio.sleep
        self._timeout = httpx.Timeout(10.0, read=read_timeout)

    async def signals(self, after: int) -> AsyncGenerator[Signal, None]:
        """Yield Connected, Lost and events newer than ``after``; end after a Reset.

        Raises NotSignedIn or Forbidden when the server will not have this token.
        """
        failures = 0
        while True:
            lost: InboxError = Unavailable(
                "The live connection was closed.", data={"say": "hung-up"}
            )
            try:
                async with aclosing(self._once(after)) as told:
                    async for signal in told:
                        yield signal
                        match signal:
                            case Event():
                                after = signal.seq
                                failures = 0
                            case Reset():
                                return
                            case Connected():
                                failures = min(failures, 1)
            except (NotSignedIn, Forbidden):
                raise
            except InboxError as error:
                lost = error
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2**failures) * (0.5 + self._random() / 2)
            failures = min(failures + 1, 10)
            yield Lost(lost, wait)
            await self._sleep(wait)

    async def _once(self, after: int) -> AsyncGenerator[Signal, None]:
        from httpx_sse import SSEError, aconnect_sse

        query: dict[str, str | int] = {"after": after, "presence": 1, "window": self._window}
        headers = {"Last-Event-ID": str(after)}
        try:
            async with aconnect_sse(
                self._http,
                "GET",
                "/api/events",
                params=query,
                headers=headers,
                timeout=self._timeout,
            ) as source:
                response = source.response
                if not response.is_success:
                    raise problem_of(response.status_code, await response.aread())
                yield Connected(after)
                async for frame in source.aiter_sse():
                    if frame.event == "reset":
                        yield Reset("the server no longer has what was missed")
                        return
                    if not frame.data:
                        continue
                    event = codec.decode(frame.data.encode(), Event)
                    if event.seq <= after:
                        continue
                    if event.seq != after + 1:
                        yield Reset(f"events {after + 1} to {event.seq - 1} are missing")
                        return
                    after = event.seq
                    yield event
        except (httpx.HTTPError, SSEError) as error:
            raise unavailable(error) from error
        except codec.NotDecodable as error:
            raise unreadable(error) from error
