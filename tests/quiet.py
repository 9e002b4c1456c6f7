"""Waiting until an application under test has nothing left to do.

Textual's Pilot sleeps 20 ms at a time until the process looks idle, and asks every widget of the
screen to answer: slow, and on a busy machine not true, since a process that was not let run looks
idle too. Here the event loop itself is asked: nothing is ready to run, no thread works for it, and
no timer is due soon. It knows asyncio's own loop only, which the tests run on.
"""

import asyncio
from typing import Any

SOON = 0.05
"""Seconds. Timers due within are waited for: frames come 60 a second. Slower ones are a test's."""

LONGEST = 5.0
"""Seconds after which an application that never rests is taken as it is."""


async def quiet(min_sleep: float = 0.0, max_sleep: float = 0.0) -> None:
    """Return when the running loop has nothing to do but what is due later.

    Takes the arguments of what it stands in for, Textual's ``wait_for_idle``, and needs none.
    """
    del min_sleep, max_sleep
    loop: Any = asyncio.get_running_loop()
    end = loop.time() + LONGEST
    while loop.time() < end:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        if _threads_work(loop):
            await asyncio.sleep(0.001)
            continue
        due = min((timer.when() for timer in loop._scheduled if not timer.cancelled()), default=end)
        if due > loop.time() + SOON:
            return
        await asyncio.sleep(max(0.0, due - loop.time()))


def _threads_work(loop: Any) -> bool:
    executor = loop._default_executor
    return executor is not None and executor._idle_semaphore._value < len(executor._threads)
