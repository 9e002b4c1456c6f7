"""Claim, designate, transfer, end: one winner, one event, and every refusal told."""

import asyncio
from typing import Any

import pytest
from tests.unit.backend.spine.conftest import Desk

from inbox_tui.backend.sessions import service
from inbox_tui.errors import AlreadyTaken, Conflict, Invalid, NotFound, NotPossibleNow
from inbox_tui.wire.requests import CaseEdit, PatchSession, PostEnd
from inbox_tui.wire.words import Happening, Priority, TransferScope

MOVES = ("session.assigned", "session.unassigned", "session.closed")


async def test_of_two_claims_one_wins_and_the_other_hears_who_and_when(desk: Desk) -> None:
    session_id = await desk.says("nok")
    results = await asyncio.gather(
        desk.claims("amy", session_id), desk.claims("bo", session_id), return_exceptions=True
    )
    assert sorted(isinstance(result, AlreadyTaken) for result in results) == [False, True]
    assert len(await desk.events(*MOVES)) == 1
    winner = desk.names.nickname((await desk.row(session_id)).assignee_id)
    desk.clock.move(3)
    with pytest.raises(AlreadyTaken) as late:
        await desk.claims("cy", session_id)
    assert late.value.data == {"assignee": winner, "seconds_ago": 3}
    assert f"{winner} 3 s ago" in late.value.detail


@pytest.mark.parametrize(
    ("seconds", "ago"), [(59, "59 s"), (187, "3 min"), (7_300, "2 h"), (200_000, "2 d")]
)
async def test_a_late_claim_hears_when_in_plain_words(desk: Desk, seconds: int, ago: str) -> None:
    session_id = await desk.says("nok")
    await desk.claims("amy", session_id)
    desk.clock.move(seconds)
    with pytest.raises(AlreadyTaken, match=f"Taken by amy {ago} ago"):
        await desk.claims("bo", session_id)


async def test_claiming_ones_own_again_changes_nothing(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await desk.claims("amy", session_id)
    before = await desk.row(session_id)
    assert await desk.claims("amy", session_id) == []
    assert await desk.row(session_id) == before
    assert len(await desk.events(*MOVES)) == 1


async def test_a_claim_keeps_the_team(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await desk.claims("dan", session_id)
    row = await desk.row(session_id)
    assert desk.names.slug(row.team_id) == "sales"
    assert row.unassigned_reason is None
    assert row.queued_at is None


async def test_what_is_not_there_cannot_be_claimed(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.claims("amy", 99)


async def test_designating_with_a_note(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await desk.hands(
        "dan", session_id, desk.to(agent="bo"), "she asked for you", Happening.DESIGNATED
    )
    assert (await desk.row(session_id)).assignee_id == desk.agent("bo")
    kinds = [entry.kind for entry in await desk.entries(session_id)]
    assert kinds == ["happening", "customer", "note", "happening"]
    (moved,) = await desk.events(*MOVES)
    assert moved.actor_id == desk.agent("dan")
    assert moved.data["how"] == "designated"


async def test_a_transfer_to_a_team_waits_in_its_queue(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await desk.claims("amy", session_id)
    await desk.hands("amy", session_id, desk.to(team="care"))
    row = await desk.row(session_id)
    assert (row.assignee_id, desk.names.slug(row.team_id)) == (None, "care")
    assert row.queued_at == desk.clock.now()
    with pytest.raises(NotPossibleNow):
        await desk.hands("amy", session_id, desk.to(team="care"))


async def test_a_transfer_to_who_has_it_is_refused(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await desk.claims("amy", session_id)
    with pytest.raises(NotPossibleNow, match="amy has it"):
        await desk.hands("bo", session_id, desk.to(agent="amy"))
    assert len(await desk.events(*MOVES)) == 1


async def test_warnings_are_of_what_the_screen_would_ask(desk: Desk) -> None:
    first, second, third = [await desk.says(name) for name in ("a", "b", "c")]
    assert await desk.hands("dan", first, desk.to(agent="cy")) == ["absent"]
    await desk.opens("cy")
    assert await desk.hands("dan", second, desk.to(agent="cy")) == ["over-limit"]
    await desk.opens("bo")
    assert await desk.hands("dan", third, desk.to(agent="bo")) == []
    explained = (await desk.events("session.assigned"))[1].data["why"]
    assert explained == {"step": "transferred", "warnings": ["over-limit"]}


async def test_r5_claiming_over_the_limit_is_done_and_said(desk: Desk) -> None:
    sessions = [await desk.says(name) for name in ("nok", "ploy")]
    assert await desk.claims("cy", sessions[0]) == []
    assert await desk.claims("cy", sessions[1]) == ["over-limit"]
    (event,) = await desk.events("session.assigned", session_id=sessions[1])
    assert event.data["why"] == {"step": "claim", "warnings": ["over-limit"]}


async def test_the_limit_of_a_team_warns_too(desk: Desk) -> None:
    await desk.opens("bo")
    sessions = [await desk.says(name) for name in "abc"]
    for session_id in sessions[:2]:
        assert await desk.hands("amy", session_id, desk.to(agent="bo")) == []
    assert await desk.hands("amy", sessions[2], desk.to(agent="bo")) == ["over-limit"]
    other = await desk.says("d", channel="bot")
    assert await desk.hands("amy", other, desk.to(agent="bo")) == ["over-limit"], "of 3 in all"


async def test_all_mine_moves_every_open_one_of_mine_and_no_other(desk: Desk) -> None:
    mine = [await desk.says(name) for name in ("a", "b", "c")]
    others = await desk.says("d")
    for session_id in mine:
        await desk.claims("amy", session_id)
    await desk.claims("cy", others)
    ended = await desk.says("e")
    await desk.claims("amy", ended)
    await desk.ends("amy", ended)
    moved, warnings = await desk.write(
        service.transfer,
        mine[0],
        desk.to(agent="bo"),
        TransferScope.ALL_MINE,
        desk.agent("amy"),
        "",
    )
    assert sorted(moved) == mine
    assert {warning.type for warning in warnings} == {"absent", "over-limit"}
    assert sorted(await desk.ids("bo", "mine")) == mine
    assert await desk.ids("amy", "mine") == []
    assert (await desk.row(others)).assignee_id == desk.agent("cy")
    with pytest.raises(NotPossibleNow):
        await desk.write(
            service.transfer,
            mine[0],
            desk.to(agent="amy"),
            TransferScope.ALL_MINE,
            desk.agent("amy"),
            None,
        )


async def test_all_mine_to_a_team(desk: Desk) -> None:
    mine = [await desk.says(name) for name in ("a", "b")]
    for session_id in mine:
        await desk.claims("amy", session_id)
    moved, warnings = await desk.write(
        service.transfer,
        mine[0],
        desk.to(team="care"),
        TransferScope.ALL_MINE,
        desk.agent("amy"),
        None,
    )
    assert (sorted(moved), warnings) == (mine, [])
    assert sorted(await desk.ids("cy", "team")) == mine


@pytest.mark.parametrize("reason", [None, "", "   "])
async def test_ending_without_a_reply_needs_a_reason(desk: Desk, reason: str | None) -> None:
    session_id = await desk.says("nok")
    with pytest.raises(Invalid) as told:
        await desk.ends("amy", session_id, reason)
    assert told.value.data == {"path": "reason"}
    assert (await desk.row(session_id)).state == "open"
    assert await desk.events("session.closed") == []


async def test_ending_after_a_reply_needs_none(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await desk.replies("amy", session_id)
    await desk.ends("amy", session_id, None)
    row = await desk.row(session_id)
    assert (row.state, row.close_reason, row.closed_at) == ("closed", "ended", desk.clock.now())


async def test_a_refused_case_form_ends_nothing(desk: Desk) -> None:
    session_id = await desk.says("nok")
    request = PostEnd(reason="spam", case=CaseEdit(title="x" * 100_000))
    before = await desk.events()
    with pytest.raises(Invalid):
        await desk.write(service.end, session_id, desk.agent("amy"), request)
    assert (await desk.row(session_id)).state == "open"
    assert await desk.events() == before


@pytest.mark.parametrize("action", ["claim", "transfer", "end", "patch", "reply"])
async def test_a_closed_session_is_history(desk: Desk, action: str) -> None:
    session_id = await desk.says("nok")
    await desk.ends("amy", session_id)
    doing: dict[str, Any] = {
        "claim": lambda: desk.claims("bo", session_id),
        "transfer": lambda: desk.hands("amy", session_id, desk.to(agent="bo")),
        "end": lambda: desk.ends("amy", session_id),
        "reply": lambda: desk.replies("amy", session_id),
        "patch": lambda: desk.write(
            service.patch, session_id, desk.agent("amy"), PatchSession(priority=Priority.HIGH)
        ),
    }
    before = await desk.events()
    with pytest.raises(NotPossibleNow, match="closed"):
        await doing[action]()
    assert await desk.events() == before


async def test_a_later_message_opens_a_new_session_linked_to_the_old(desk: Desk) -> None:
    first = await desk.says("nok")
    await desk.ends("amy", first)
    second = await desk.says("nok", "one more thing")
    assert second != first
    assert (await desk.row(second)).previous_session_id == first
    assert (await desk.row(first)).state == "closed"


async def test_every_change_of_assignee_gives_exactly_one_event(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await desk.claims("amy", session_id)
    await desk.hands("amy", session_id, desk.to(agent="bo"))
    await desk.hands("bo", session_id, desk.to(team="care"))
    await desk.claims("cy", session_id)
    await desk.ends("cy", session_id)
    moves = await desk.events(*MOVES, session_id=session_id)
    told = [
        (move.kind, move.data["place_was"]["assignee_id"], move.data["assignee_id"])
        for move in moves
    ]
    amy, bo, cy = (desk.agent(name) for name in ("amy", "bo", "cy"))
    assert told == [
        ("session.assigned", None, amy),
        ("session.assigned", amy, bo),
        ("session.unassigned", bo, None),
        ("session.assigned", None, cy),
        ("session.closed", cy, cy),
    ]


async def test_a_refused_action_leaves_no_trace(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await desk.claims("amy", session_id)
    before = (await desk.row(session_id), await desk.events(), await desk.counts())
    for refused in (
        desk.claims("bo", session_id),
        desk.hands("bo", session_id, desk.to(agent="amy"), "a note that must not stay"),
        desk.ends("amy", session_id, None),
    ):
        with pytest.raises((Conflict, Invalid)):
            await refused
    assert before == (await desk.row(session_id), await desk.events(), await desk.counts())
    assert [entry.kind for entry in await desk.entries(session_id)].count("note") == 0


async def test_setting_by_hand_tells_what_changed_and_only_that(desk: Desk) -> None:
    session_id = await desk.says("nok")
    request = PatchSession(priority=Priority.URGENT, language="th")
    for _ in range(2):
        await desk.write(service.patch, session_id, desk.agent("amy"), request)
    (told,) = [e for e in await desk.events("session.changed") if e.actor_id is not None]
    assert told.data == {"priority": "urgent", "language": "th"}


@pytest.mark.parametrize("language", ["Thai", "", "t", "th en"])
async def test_r4_a_language_that_is_none_is_refused(desk: Desk, language: str) -> None:
    session_id = await desk.says("nok")
    request = PatchSession(language=language)
    with pytest.raises(Invalid, match=r"^language: "):
        await desk.write(service.patch, session_id, desk.agent("amy"), request)
