"""What customers are told of the queue they stand in, with everything running (M4, M9)."""

import pytest
from tests.wire.backend.automatic import (
    HOUR,
    MINUTE,
    OFFICE_HOURS,
    acts,
    kinds,
    passes,
    said,
    switch,
    writes,
)
from tests.wire.backend.conftest import House

from inbox_tui.wire import codec
from inbox_tui.wire.wall import Wall


async def wall_of(house: House) -> dict[int, tuple[int | None, float | None]]:
    """Position and estimated wait of each session that the wall shows in line."""
    answer = await house.call("amy", "GET", "/api/wall?most=100")
    found = codec.decode(answer.content, Wall)
    return {
        session.id: (session.position, session.estimated_wait)
        for queue in found.queues
        for session in queue.sessions
    }


@pytest.fixture
async def full(unopened: House) -> House:
    """A house in which amy and bo, one session each, are full, and M4 is on."""
    await unopened.start(unopened.file(max_open=1, settle="2s"))
    await switch(unopened, "over_capacity", min_gap=600)
    await unopened.at_work("amy", "bo")
    for user in ("first", "second"):
        await writes(unopened, user)
        await passes(unopened, 3)
    assert await unopened.owners() == ["amy", "bo"] or await unopened.owners() == ["bo", "amy"]
    return unopened


async def tells(house: House, session_id: int) -> list[str]:
    """The lines about the queue that somebody was told."""
    return [text.partition("\n")[2] for kind, text in await said(house, session_id)]


class TestOverCapacity:
    async def test_m4_m9_apology_position_and_no_wait_without_a_basis(self, full: House) -> None:
        session = await writes(full, "third")
        assert await said(full) == []  # it may be given away within the settling time
        await passes(full, 2)
        assert await said(full, session) == [
            (
                "over_capacity",
                "We are sorry: all our staff are busy just now.\nYou are number 1 in the queue.",
            )
        ]

    async def test_m4_m9_position_and_wait_are_what_agents_see(self, full: House) -> None:
        for _ in range(3):  # services of ten minutes: a basis
            await passes(full, 10 * MINUTE)
            oldest = next(row for row in await full.sessions() if row.state == "open")
            who = full.backend.directory.nickname(oldest.assignee_id)
            await acts(full, str(who), oldest.id, "end", {"reason": "done"})
            await writes(full, f"next{oldest.id}")
            await passes(full, 3)
        waiting = [await writes(full, f"w{number}") for number in range(4)]
        await passes(full, 2)
        shown = await wall_of(full)
        for session in waiting:
            position, wait = shown[session]
            assert position is not None
            assert wait is not None
            (text,) = await tells(full, session)
            assert f"number {position} in the queue" in text
            assert text.endswith(f"Estimated wait: {-(-wait // 60):.0f} minutes.")

    async def test_m4_whoever_got_somebody_meanwhile_is_told_nothing(self, full: House) -> None:
        session = await writes(full, "third")
        await acts(full, "amy", session, "claim")
        await passes(full, 2)
        assert await said(full) == []

    async def test_m4_again_when_notable_and_never_before_the_least_time(self, full: House) -> None:
        waiting = [await writes(full, f"w{number}") for number in range(6)]
        await passes(full, 2)
        last = waiting[-1]
        assert await tells(full, last) == ["You are number 6 in the queue."]
        for session in waiting[:3]:
            await acts(full, "amy", session, "end", {"reason": "done"})
        await passes(full, 9 * MINUTE)
        assert len(await tells(full, last)) == 1  # halved, but told 9 minutes ago
        await passes(full, MINUTE)
        assert (await tells(full, last))[1:] == ["You are number 3 in the queue."]
        await passes(full, 10 * MINUTE)
        assert len(await tells(full, last)) == 2  # nothing has moved since
        await acts(full, "amy", waiting[3], "end", {"reason": "done"})
        await passes(full, MINUTE)
        assert len(await tells(full, last)) == 2  # from 3 to 2 is not notable
        await acts(full, "amy", waiting[4], "end", {"reason": "done"})
        await passes(full, MINUTE)
        assert (await tells(full, last))[2:] == ["You are number 1 in the queue."]

    async def test_m4_m10_a_restart_tells_nobody_twice_and_forgets_nobody(
        self, full: House
    ) -> None:
        waiting = [await writes(full, f"w{number}") for number in range(4)]
        await passes(full, 2)
        for crash in (True, False):
            await full.restart(crash=crash)
            await full.at_work("amy", "bo")
            await passes(full, 20)
            assert [len(await tells(full, session)) for session in waiting] == [1, 1, 1, 1]
        for session in waiting[:2]:
            await acts(full, "amy", session, "end", {"reason": "done"})
        await full.restart(crash=True)
        await full.at_work("amy", "bo")
        await passes(full, 10 * MINUTE)
        assert (await tells(full, waiting[3]))[1:] == ["You are number 2 in the queue."]

    async def test_m4_whoever_waits_when_it_is_switched_on_is_told(self, full: House) -> None:
        await switch(full, "over_capacity", on=False)
        session = await writes(full, "third")
        await passes(full, 10)
        assert await said(full) == []
        await switch(full, "over_capacity")
        await passes(full, 2)
        assert await kinds(full, session) == ["over_capacity"]

    async def test_m3_m4_outside_business_hours_no_place_is_told(self, full: House) -> None:
        await full.ok("amy", "PUT", "/api/workspace", {"text": OFFICE_HOURS, "environment": {}})
        await passes(full, 20 * HOUR - 10 * MINUTE)  # before eight in the morning
        session = await writes(full, "third")
        await passes(full, MINUTE)
        assert await said(full) == []
        await passes(full, 2 * HOUR)  # open: now it is to be had
        assert await kinds(full, session) == ["over_capacity"]
