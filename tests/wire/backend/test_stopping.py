"""Stopping ends every part, whatever it is doing at that moment."""

import asyncio
from collections.abc import Callable

import pytest
from tests.wire.backend.conftest import WITHIN, House, message

Ring = Callable[[House], None]
RINGS: dict[str, Ring] = {
    "outbox": lambda house: house.backend.outbox.ring(),
    "timers": lambda house: house.backend.timers.ring(),
    "assigner": lambda house: house.backend.assigner.hear([]),
    "processor": lambda house: house.backend.processor.look_again(),
    "pollers": lambda house: house.backend.pollers.ring(),
}


@pytest.mark.parametrize("part", sorted(RINGS))
async def test_a_part_that_is_woken_as_it_is_stopped_stops(house: House, part: str) -> None:
    """A cancellation must not get lost to the bell that rang in the same moment."""
    (task,) = [task for task in house.backend._tasks if task.get_name() == part]
    bell: asyncio.Event = getattr(house.backend, part)._bell
    async with asyncio.timeout(WITHIN):
        while not bell._waiters:  # noqa: ASYNC110 - until it sleeps
            await asyncio.sleep(0)
    RINGS[part](house)
    task.cancel()
    await asyncio.wait({task}, timeout=WITHIN)
    assert task.cancelled()


async def test_a_busy_house_stops_and_starts_again_and_again(house: House) -> None:
    for number in range(4):
        await house.at_work("amy", "bo")
        answer = await house.webhook(message(f"U{number}"), message("U0"))
        assert answer.status_code == 200
        async with asyncio.timeout(WITHIN):
            await house.restart(crash=number % 2 == 1)
    await house.settled()
    assert len(await house.texts()) == 8


async def test_open_streams_end_when_it_stops(house: House) -> None:
    lives = [await house.live("amy", f"presence=1&window=w{number}") for number in range(3)]
    await house.backend.stop()
    for live in lives:
        await asyncio.wait_for(live.ended.wait(), WITHIN)
    assert (await house.call(None, "GET", "/readyz")).status_code == 503
