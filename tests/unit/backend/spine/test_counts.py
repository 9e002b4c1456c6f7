"""The counts that are kept are those a recount gives, whatever happened before."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.backend.spine.conftest import Desk, kept, recount, replayed, rows

from inbox_tui.backend.sessions import marks, service
from inbox_tui.errors import InboxError
from inbox_tui.wire.words import TransferScope

CUSTOMERS = ("a", "b", "c", "d")
PEOPLE = ("amy", "bo", "cy", "dan")
CHANNELS = ("line", "care-line", "bot")

person = st.sampled_from(PEOPLE)
some = st.integers(0, 9)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("says"), st.sampled_from(CUSTOMERS), st.sampled_from(CHANNELS)),
        st.tuples(st.just("claims"), person, some),
        st.tuples(st.just("to agent"), person, some, person),
        st.tuples(st.just("to team"), person, some, st.sampled_from(["sales", "care"])),
        st.tuples(st.just("all mine"), person, some, person),
        st.tuples(st.just("replies"), person, some),
        st.tuples(st.just("ends"), person, some),
        st.tuples(st.just("stars"), person, some, st.booleans()),
    ),
    max_size=25,
)


async def take(desk: Desk, step: tuple[Any, ...]) -> None:
    """Do one step on one of the sessions there are; what is refused is refused."""
    match step:
        case ("says", customer, channel):
            await desk.says(customer, channel=channel)
            return
    what, who, number, *more = step
    session_id = number % 6 + 1
    actions: dict[str, Callable[[], Any]] = {
        "claims": lambda: desk.claims(who, session_id),
        "to agent": lambda: desk.hands(who, session_id, desk.to(agent=more[0])),
        "to team": lambda: desk.hands(who, session_id, desk.to(team=more[0])),
        "all mine": lambda: desk.write(
            service.transfer,
            session_id,
            desk.to(agent=more[0]),
            TransferScope.ALL_MINE,
            desk.agent(who),
            None,
        ),
        "replies": lambda: desk.replies(who, session_id),
        "ends": lambda: desk.ends(who, session_id),
        "stars": lambda: desk.write(marks.star, session_id, desk.agent(who), more[0]),
    }
    try:
        await actions[what]()
    except InboxError:
        return


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_counts_owners_and_the_log_agree(
    history: list[tuple[Any, ...]], new_desk: Callable[[Path], Desk], tmp_path: Path
) -> None:
    for old in tmp_path.glob("history.db*"):
        old.unlink()
    desk = new_desk(tmp_path / "history.db")

    async def run() -> None:
        await desk.open()
        for step in history:
            await take(desk, step)
        read = desk.database.read
        assert await read(kept) == await read(recount)
        assert await read(replayed) == await read(rows)
        for nickname in PEOPLE:
            counts = await desk.counts(nickname)
            for name in ("mine", "unassigned", "team", "all", "starred", "closed"):
                page = await desk.page(nickname, name, limit=500)
                assert len(page.items) == page.total == getattr(counts, name), name

    try:
        asyncio.run(run())
    finally:
        desk.database.close()


async def test_a_supervisors_team_list_is_the_teams_they_supervise(desk: Desk) -> None:
    session_id = await desk.says("nok", channel="care-line")
    await desk.says("mai", channel="line")
    assert await desk.ids("dan", "team") == [session_id]
    assert (await desk.counts("dan")).team == 1


@pytest.mark.parametrize("name", ["mine", "unassigned", "team", "all", "starred", "closed"])
async def test_an_empty_list_is_empty(desk: Desk, name: str) -> None:
    page = await desk.page("amy", name)
    assert (page.items, page.total, page.next_cursor) == ([], 0, None)
