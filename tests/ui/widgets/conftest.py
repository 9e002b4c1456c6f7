"""Keys posted at once, as a fast hand does; no sleeps."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

Press = Callable[..., Awaitable[None]]


@pytest.fixture
def press() -> Press:
    async def press_keys(pilot: Pilot[Any], *keys: str) -> None:
        for key in keys:
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()

    return press_keys
