"""Read and starred belong to one agent alone."""

from tests.unit.backend.spine.conftest import Desk

from inbox_tui.backend.sessions import marks


async def read(desk: Desk, who: str, session_id: int, count: int) -> None:
    await desk.write(marks.read, session_id, desk.agent(who), count)


async def star(desk: Desk, who: str, session_id: int, starred: bool = True) -> None:
    await desk.write(marks.star, session_id, desk.agent(who), starred)


async def unread(desk: Desk, who: str, session_id: int) -> int:
    return (await desk.shown(who, session_id)).unread_count


async def test_unread_is_counted_for_each_agent(desk: Desk) -> None:
    session_id, *_ = [await desk.says("nok", text) for text in ("a", "b", "c")]
    await read(desk, "amy", session_id, 2)
    assert (await unread(desk, "amy", session_id), await unread(desk, "bo", session_id)) == (1, 3)
    await desk.says("nok", "d")
    assert (await unread(desk, "amy", session_id), await unread(desk, "bo", session_id)) == (2, 4)


async def test_what_was_read_stays_read(desk: Desk) -> None:
    """Of two windows, the one that is behind takes nothing back, and tells nothing wrong."""
    session_id, *_ = [await desk.says("nok", text) for text in ("a", "b", "c")]
    await read(desk, "amy", session_id, 3)
    await read(desk, "amy", session_id, 1)
    assert await unread(desk, "amy", session_id) == 0
    assert [event.data for event in await desk.events("session.read")] == [{"customer_messages": 3}]


async def test_no_more_is_read_than_there_is(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await read(desk, "amy", session_id, 1_000)
    await desk.says("nok", "another")
    assert await unread(desk, "amy", session_id) == 1
    await read(desk, "bo", session_id, -5)
    assert await unread(desk, "bo", session_id) == 2


async def test_stars_are_each_agents_own_and_outlive_the_session(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await star(desk, "amy", session_id)
    assert (await desk.shown("amy", session_id)).starred
    assert not (await desk.shown("bo", session_id)).starred
    assert (await desk.counts("amy")).starred == 1
    await desk.ends("amy", session_id)
    assert await desk.ids("amy", "starred") == [session_id]
    assert await desk.ids("bo", "starred") == []
    await star(desk, "amy", session_id, False)
    assert await desk.ids("amy", "starred") == []
    assert (await desk.counts("amy")).starred == 0


async def test_starring_does_not_mark_as_read_nor_reading_star(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await star(desk, "amy", session_id)
    assert await unread(desk, "amy", session_id) == 1
    await read(desk, "amy", session_id, 1)
    assert (await desk.shown("amy", session_id)).starred
