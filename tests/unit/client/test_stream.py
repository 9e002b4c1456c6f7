"""The live stream over a real socket: resume, gaps, resets, lost lines."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx
import pytest
from tests.unit.client.conftest import Server

from inbox_tui.client.port import Connected, Lost, Reset, Signal
from inbox_tui.client.stream import FIRST_WAIT, LONGEST_WAIT, EventStream
from inbox_tui.errors import NotSignedIn
from inbox_tui.testing import builders as build
from inbox_tui.wire import codec
from inbox_tui.wire.models import Event
from inbox_tui.wire.words import EventKind


def frame(seq: int) -> str:
    event = build.event(seq, EventKind.SESSION_CHANGED, session=build.waiting(1, version=seq))
    return f"id: {seq}\ndata: {codec.encode(event).decode()}\n\n"


class Line:
    """A stream with its waits noted instead of waited."""

    def __init__(self, server: Server, *, read_timeout: float = 20.0) -> None:
        self.waits: list[float] = []
        self.http = httpx.AsyncClient(base_url=server.base_url, verify=False)
        self.stream = EventStream(
            self.http,
            window="w1",
            random=lambda: 0.5,
            sleep=self._sleep,
            read_timeout=read_timeout,
        )

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def take(self, count: int, *, after: int = 0) -> list[Signal]:
        taken: list[Signal] = []
        async with aclosing(self.stream.signals(after)) as signals:
            async for signal in signals:
                taken.append(signal)
                if len(taken) == count:
                    break
        await self.http.aclose()
        return taken


def names(signals: list[Signal]) -> list[str]:
    return [
        str(signal.seq) if isinstance(signal, Event) else type(signal).__name__
        for signal in signals
    ]


async def test_events_come_in_order_and_the_window_is_named(server: Server) -> None:
    server.streams = [[frame(4), frame(5), None]]
    line = Line(server)
    signals = await line.take(3, after=3)
    assert signals[0] == Connected(3)
    assert names(signals) == ["Connected", "4", "5"]
    assert server.calls() == [("GET", "after=3&presence=1&window=w1")]


async def test_a_broken_line_is_told_and_resumed_where_it_broke(server: Server) -> None:
    server.streams = [[frame(1), frame(2)], [frame(2), frame(3), None]]
    signals = await Line(server).take(6)
    assert names(signals) == ["Connected", "1", "2", "Lost", "Connected", "3"]
    assert server.asked[1][1] == "after=2&presence=1&window=w1"
    assert server.asked[1][2]["last-event-id"] == "2"


async def test_a_hole_in_the_numbers_is_a_reset_and_the_end(server: Server) -> None:
    server.streams = [[frame(1), frame(3), None]]
    line = Line(server)
    signals = [signal async for signal in line.stream.signals(0)]
    assert names(signals) == ["Connected", "1", "Reset"]
    assert signals[-1] == Reset("events 2 to 2 are missing")
    await line.http.aclose()


async def test_the_server_can_say_that_it_no_longer_knows(server: Server) -> None:
    server.streams = [["event: reset\ndata: {}\n\n", None]]
    line = Line(server)
    signals = [signal async for signal in line.stream.signals(7)]
    assert names(signals) == ["Connected", "Reset"]
    await line.http.aclose()


async def test_silence_longer_than_the_ping_is_a_lost_line(server: Server) -> None:
    server.streams = [[None], [None]]
    signals = await Line(server, read_timeout=0.5).take(3)
    assert names(signals) == ["Connected", "Lost", "Connected"]


async def test_waits_grow_to_a_bound_and_begin_again_after_an_event(server: Server) -> None:
    server.streams = [[frame(1)], [None]]
    server.stream_status = [503] * 9
    line = Line(server)
    signals = await line.take(12)
    assert names(signals)[:2] == ["Lost", "Lost"]
    assert line.waits[0] == FIRST_WAIT * 0.75
    assert line.waits[1] == FIRST_WAIT * 2 * 0.75
    assert max(line.waits) <= LONGEST_WAIT
    assert isinstance(signals[-1], Lost)
    assert signals[-1].retry_in == FIRST_WAIT * 0.75


async def test_a_token_that_is_not_valid_ends_it(server: Server) -> None:
    server.stream_status = [401]
    line = Line(server)
    with pytest.raises(NotSignedIn):
        await line.take(1)
    await line.http.aclose()


async def test_what_cannot_be_read_loses_the_line_and_not_the_program(server: Server) -> None:
    server.streams = [["id: 1\ndata: {nonsense\n\n", None], [frame(1), None]]
    signals = await Line(server).take(4)
    assert names(signals) == ["Connected", "Lost", "Connected", "1"]


def test_signals_is_a_stream_of_signals(server: Server) -> None:
    signals: AsyncIterator[Signal] = Line(server).stream.signals(0)
    assert hasattr(signals, "__anext__")
