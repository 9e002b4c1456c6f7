"""A supervisor takes a session back from who serves it (V2)."""

from typing import Any

import pytest
from tests.unit.backend.spine.conftest import Desk

from inbox_tui.backend.sessions import service
from inbox_tui.errors import Forbidden, NotFound, NotPossibleNow
from inbox_tui.wire.words import Happening


async def take_back(desk: Desk, who: str, session_id: int) -> None:
    by = desk.names.agents[desk.agent(who)]
    await desk.write(service.take_back, session_id, by)


def where(desk: Desk, row: Any) -> tuple[str | None, str | None, bool]:
    return desk.names.nickname(row.assignee_id), desk.names.slug(row.team_id), row.team_chosen


async def test_v2_it_goes_back_where_it_would_go_anew(desk: Desk) -> None:
    session_id = await desk.says("nok")
    before = where(desk, await desk.row(session_id))
    await desk.claims("bo", session_id)
    desk.clock.move(60)
    await take_back(desk, "amy", session_id)
    row = await desk.row(session_id)
    assert where(desk, row) == before == (None, "sales", False)
    assert (row.queued_at, row.assigned_at) == (desk.clock.now(), None)
    assert (await desk.counts()).unassigned == 1
    entry = (await desk.entries(session_id))[-1]
    assert entry.happening == Happening.TAKEN_BACK
    assert (entry.data["by"], entry.data["from"]) == ("amy", "bo")
    assert len(await desk.events("session.unassigned")) == 1


async def test_v2_a_team_that_was_chosen_stays_chosen(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await desk.hands("amy", session_id, desk.to(team="care"))
    await desk.claims("cy", session_id)
    await take_back(desk, "dan", session_id)
    assert where(desk, await desk.row(session_id)) == (None, "care", True)


@pytest.mark.parametrize(
    ("who", "serves", "channel", "may"),
    [
        ("dan", "cy", "care-line", True),  # their team, their member
        ("dan", "cy", "line", True),  # another team's session, but their member
        ("dan", "bo", "care-line", True),  # their team's session, but another's member
        ("dan", "bo", "line", False),
        ("dan", "bo", "bot", False),
        ("bo", "bo", "line", False),
        ("amy", "cy", "bot", True),
    ],
)
async def test_v2_supervisors_of_the_team_or_of_the_assignee_may(
    desk: Desk, who: str, serves: str, channel: str, may: bool
) -> None:
    session_id = await desk.says("nok", channel=channel)
    await desk.claims(serves, session_id)
    if may:
        await take_back(desk, who, session_id)
    else:
        with pytest.raises(Forbidden):
            await take_back(desk, who, session_id)
    row = await desk.row(session_id)
    assert (row.assignee_id is None) is may


async def test_v2_what_nobody_serves_or_is_closed_cannot_be_taken_back(desk: Desk) -> None:
    session_id = await desk.says("nok")
    with pytest.raises(NotPossibleNow, match="Nobody serves"):
        await take_back(desk, "amy", session_id)
    await desk.ends("amy", session_id)
    with pytest.raises(NotPossibleNow, match="closed"):
        await take_back(desk, "amy", session_id)
    with pytest.raises(NotFound):
        await take_back(desk, "amy", 99)
