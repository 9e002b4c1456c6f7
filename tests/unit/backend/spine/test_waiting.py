"""Since when a customer waits (R7), and where that stands against the response target (L6)."""

import pytest
from tests.unit.backend.spine.conftest import CAN, Desk

from inbox_tui.backend.messages import service as messages
from inbox_tui.backend.views import due_of
from inbox_tui.channels import port
from inbox_tui.errors import CannotSend, Invalid, NotFound, NotPossibleNow, Refused
from inbox_tui.testing.clock import FakeClock
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ContentKind, DeliveryState, Due

HOUR = 3_600_000


async def since(desk: Desk, session_id: int) -> int | None:
    """How many seconds ago the wait began; None when nobody waits."""
    waiting: int | None = (await desk.row(session_id)).waiting_since
    return None if waiting is None else (desk.clock.now() - waiting) // 1000


async def ends_as(desk: Desk, entry_id: int, state: DeliveryState) -> None:
    def settle(work: object) -> None:
        messages.set_delivery(work, entry_id, state, reason="as the test says")  # type: ignore[arg-type]

    await desk.write(settle)


async def test_the_wait_begins_with_the_first_message_and_stays(desk: Desk) -> None:
    session_id = await desk.says("nok")
    desk.clock.move(60)
    await desk.says("nok", "hello?")
    assert await since(desk, session_id) == 60


async def test_a_reply_ends_the_wait_and_the_next_message_begins_another(desk: Desk) -> None:
    session_id = await desk.says("nok")
    desk.clock.move(60)
    await desk.replies("amy", session_id)
    assert await since(desk, session_id) is None
    desk.clock.move(30)
    await desk.says("nok", "thanks, and?")
    desk.clock.move(5)
    assert await since(desk, session_id) == 5
    row = await desk.row(session_id)
    assert (row.waited, row.first_reply_at) == (60_000, desk.clock.now() - 35_000)


async def test_a_note_is_no_answer(desk: Desk) -> None:
    session_id = await desk.says("nok")
    desk.clock.move(10)
    await desk.notes("amy", session_id)
    assert await since(desk, session_id) == 10


async def test_moving_a_session_does_not_reset_the_wait(desk: Desk) -> None:
    session_id = await desk.says("nok")
    desk.clock.move(10)
    await desk.claims("amy", session_id)
    desk.clock.move(10)
    await desk.hands("amy", session_id, desk.to(agent="bo"))
    desk.clock.move(10)
    await desk.hands("bo", session_id, desk.to(team="care"))
    assert await since(desk, session_id) == 30


async def test_a_message_that_was_held_up_counts_from_when_it_was_written(desk: Desk) -> None:
    """Deliveries come out of order: the earliest message counts, not the first to arrive."""
    desk.clock.move(100)
    session_id = await desk.says("nok", "second")
    await desk.says("nok", "first", at=desk.clock.now() - 40_000)
    assert await since(desk, session_id) == 40
    assert (await desk.row(session_id)).last_customer_message_at == desk.clock.now()


async def test_a_message_from_the_future_counts_from_now(desk: Desk) -> None:
    session_id = await desk.says("nok", at=desk.clock.now() + HOUR)
    assert await since(desk, session_id) == 0


async def test_a_failed_reply_counts_as_none(desk: Desk) -> None:
    session_id = await desk.says("nok")
    desk.clock.move(60)
    entry = await desk.replies("amy", session_id)
    await ends_as(desk, entry.id, DeliveryState.FAILED)
    assert await since(desk, session_id) == 60
    shown = await desk.shown("amy", session_id)
    assert shown.unanswered
    assert shown.waiting_since is not None


async def test_only_what_came_after_the_last_good_reply_waits_again(desk: Desk) -> None:
    session_id = await desk.says("nok")
    desk.clock.move(10)
    good = await desk.replies("amy", session_id, "one")
    await ends_as(desk, good.id, DeliveryState.SENT)
    desk.clock.move(10)
    await desk.says("nok", "more")
    desk.clock.move(10)
    bad = await desk.replies("amy", session_id, "two")
    await ends_as(desk, bad.id, DeliveryState.FAILED)
    assert await since(desk, session_id) == 10


async def test_also_when_all_of_it_happened_within_one_moment(desk: Desk) -> None:
    session_id = await desk.says("nok")
    good = await desk.replies("amy", session_id, "one")
    await ends_as(desk, good.id, DeliveryState.SENT)
    await desk.says("nok", "more")
    bad = await desk.replies("amy", session_id, "two")
    await ends_as(desk, bad.id, DeliveryState.FAILED)
    assert await since(desk, session_id) == 0


async def test_a_failed_reply_between_good_ones_brings_no_wait_back(desk: Desk) -> None:
    session_id = await desk.says("nok")
    first = await desk.replies("amy", session_id, "one")
    await desk.replies("amy", session_id, "two")
    await ends_as(desk, first.id, DeliveryState.FAILED)
    assert await since(desk, session_id) is None


async def test_k1_a_failed_reply_does_not_count_the_wait_twice(desk: Desk) -> None:
    session_id = await desk.says("nok")
    desk.clock.move(60)
    bad = await desk.replies("amy", session_id, "one")
    await ends_as(desk, bad.id, DeliveryState.FAILED)
    assert (await desk.row(session_id)).waited == 0
    desk.clock.move(20)
    good = await desk.replies("amy", session_id, "two")
    await ends_as(desk, good.id, DeliveryState.SENT)
    assert (await desk.row(session_id)).waited == 80_000


async def test_k1_a_failed_reply_that_is_sent_again_ends_the_wait_then(desk: Desk) -> None:
    session_id = await desk.says("nok")
    desk.clock.move(60)
    entry = await desk.replies("amy", session_id)
    await ends_as(desk, entry.id, DeliveryState.FAILED)
    desk.clock.move(30)
    await desk.write(messages.retry, session_id, entry.id, desk.agent("amy"))
    assert (await desk.row(session_id)).waited == 90_000


async def test_t4_a_session_whose_only_reply_failed_is_ended_with_a_reason(desk: Desk) -> None:
    session_id = await desk.says("nok")
    entry = await desk.replies("amy", session_id)
    await ends_as(desk, entry.id, DeliveryState.FAILED)
    with pytest.raises(Invalid, match="no reply"):
        await desk.ends("amy", session_id, reason=None)
    await desk.write(messages.retry, session_id, entry.id, desk.agent("amy"))
    await desk.ends("amy", session_id, reason=None)


async def test_an_uncertain_reply_is_no_failed_one(desk: Desk) -> None:
    session_id = await desk.says("nok")
    entry = await desk.replies("amy", session_id)
    await ends_as(desk, entry.id, DeliveryState.UNCERTAIN)
    assert await since(desk, session_id) is None


async def test_sending_a_failed_reply_again_ends_the_wait(desk: Desk) -> None:
    session_id = await desk.says("nok")
    entry = await desk.replies("amy", session_id)
    await ends_as(desk, entry.id, DeliveryState.FAILED)
    desk.clock.move(5)
    await desk.says("nok", "are you there?")
    again = await desk.write(messages.retry, session_id, entry.id, desk.agent("amy"))
    assert again.delivery is not None
    assert again.delivery.state == DeliveryState.QUEUED
    desk.clock.move(7)
    assert await since(desk, session_id) == 7, "the message after it still waits"


async def test_only_what_failed_is_sent_again(desk: Desk) -> None:
    session_id = await desk.says("nok")
    entry = await desk.replies("amy", session_id)
    amy = desk.agent("amy")
    with pytest.raises(NotPossibleNow, match="queued"):
        await desk.write(messages.retry, session_id, entry.id, amy)
    note = await desk.notes("amy", session_id)
    for wrong in (note.id, 999):
        with pytest.raises(NotFound):
            await desk.write(messages.retry, session_id, wrong, amy)
    await ends_as(desk, entry.id, DeliveryState.FAILED)
    await desk.ends("amy", session_id)
    with pytest.raises(NotPossibleNow, match="closed"):
        await desk.write(messages.retry, session_id, entry.id, amy)


async def test_a_failure_after_the_end_reopens_nothing(desk: Desk) -> None:
    session_id = await desk.says("nok")
    entry = await desk.replies("amy", session_id)
    await desk.ends("amy", session_id)
    before = await desk.row(session_id)
    await ends_as(desk, entry.id, DeliveryState.FAILED)
    assert await desk.row(session_id) == before


@pytest.mark.parametrize(
    ("waited_hours", "due"),
    [(0, Due.OK), (21.9, Due.OK), (22, Due.DUE_SOON), (23.9, Due.DUE_SOON), (24, Due.OVERDUE)],
)
async def test_due_states(desk: Desk, waited_hours: float, due: Due) -> None:
    session_id = await desk.says("nok")
    desk.clock.move(waited_hours * 3600)
    shown = await desk.shown("amy", session_id)
    assert shown.due == due
    for state in ("overdue", "due_soon"):
        found = await desk.ids(states=(state,))
        assert (session_id in found) == (state == due.value)


def test_who_does_not_wait_is_never_due() -> None:
    assert due_of(None, 24 * HOUR, FakeClock().now()) == (Due.OK, None)


async def test_the_same_key_never_queues_twice(desk: Desk) -> None:
    session_id = await desk.says("nok")
    first = await desk.replies("amy", session_id, "hi", key="k1")
    before = await desk.events()
    again = await desk.replies("amy", session_id, "hi", key="k1")
    assert again.id == first.id
    assert await desk.events() == before
    await desk.ends("amy", session_id)
    assert (await desk.replies("amy", session_id, "hi", key="k1")).id == first.id
    with pytest.raises(Refused):
        await desk.replies("amy", session_id, "hi", key="k" * 500)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "x" * 5001, "😀" * 2501])
async def test_empty_and_over_long_replies_are_refused_before_they_are_stored(
    desk: Desk, text: str
) -> None:
    session_id = await desk.says("nok")
    before = (await desk.row(session_id), await desk.events())
    with pytest.raises(CannotSend):
        await desk.replies("amy", session_id, text)
    assert before == (await desk.row(session_id), await desk.events())


async def test_what_the_channel_cannot_carry_is_refused_with_the_reason(desk: Desk) -> None:
    session_id = await desk.says("nok")
    content = Content(kind=ContentKind.IMAGE, url="https://example.com/a.png")
    with pytest.raises(CannotSend, match="image"):
        await desk.write(messages.reply, session_id, desk.agent("amy"), content, CAN, None)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 20_001])
async def test_empty_and_over_long_notes_are_refused(desk: Desk, text: str) -> None:
    session_id = await desk.says("nok")
    with pytest.raises(CannotSend):
        await desk.notes("amy", session_id, text)


# What customers change of what they wrote.


async def lines(desk: Desk, session_id: int) -> str:
    line: str = (await desk.row(session_id)).last_line
    return line


def edited(desk: Desk, message_id: str, text: str, *, at: int = 0) -> port.Edited:
    return port.Edited(
        external_id="nok",
        message_id=message_id,
        at=desk.clock.now() + at,
        content=Content(kind=ContentKind.TEXT, text=text),
    )


async def test_an_edit_changes_the_message_and_the_line_in_the_list(desk: Desk) -> None:
    session_id = await desk.says("nok", "helo", message_id="a")
    await desk.receives(edited(desk, "a", "hello"))
    assert await lines(desk, session_id) == "hello"
    texts = [entry.content["text"] for entry in await desk.entries(session_id) if entry.content]
    assert texts == ["hello"]


async def test_an_edit_of_an_older_message_leaves_the_line(desk: Desk) -> None:
    session_id = await desk.says("nok", "helo", message_id="a")
    await desk.says("nok", "anybody?", message_id="b")
    await desk.receives(edited(desk, "a", "hello"))
    assert await lines(desk, session_id) == "anybody?"


async def test_an_older_edit_never_wins(desk: Desk) -> None:
    session_id = await desk.says("nok", "one", message_id="a")
    await desk.receives(edited(desk, "a", "three", at=3))
    await desk.receives(edited(desk, "a", "two", at=2))
    assert await lines(desk, session_id) == "three"


async def test_an_edit_that_came_first_is_applied_when_the_message_comes(desk: Desk) -> None:
    await desk.receives(edited(desk, "a", "hello", at=5))
    session_id = await desk.says("nok", "helo", message_id="a")
    assert await lines(desk, session_id) == "hello"


async def test_of_edits_that_came_first_the_latest_counts(desk: Desk) -> None:
    await desk.receives(edited(desk, "a", "three", at=3))
    await desk.receives(edited(desk, "a", "two", at=2))
    assert await lines(desk, await desk.says("nok", "one", message_id="a")) == "three"


@pytest.mark.parametrize("early", [True, False])
async def test_what_was_unsent_is_marked_whenever_that_came(desk: Desk, early: bool) -> None:
    def unsent() -> port.Unsent:
        return port.Unsent(external_id="nok", message_id="a", at=desk.clock.now())

    if early:
        await desk.receives(unsent())
    session_id = await desk.says("nok", "my card number", message_id="a")
    if not early:
        await desk.receives(unsent())
    (message,) = [entry for entry in await desk.entries(session_id) if entry.kind == "customer"]
    assert message.unsent_at == desk.clock.now()
    assert len(await desk.events("message.unsent")) == 1


async def test_what_was_taken_back_stays_so(desk: Desk) -> None:
    await desk.receives(port.Unsent(external_id="nok", message_id="a", at=desk.clock.now()))
    await desk.receives(edited(desk, "a", "edited", at=5))
    session_id = await desk.says("nok", "first", message_id="a")
    (message,) = [entry for entry in await desk.entries(session_id) if entry.kind == "customer"]
    assert message.unsent_at is not None
    assert message.content["text"] == "first"


async def test_a_message_told_twice_is_one(desk: Desk) -> None:
    session_id = await desk.says("nok", "hello", message_id="a")
    before = (await desk.row(session_id), await desk.events())
    await desk.says("nok", "hello", message_id="a")
    assert before == (await desk.row(session_id), await desk.events())


async def test_following_opens_no_session(desk: Desk) -> None:
    await desk.receives(port.Followed(external_id="nok", at=desk.clock.now(), name="Nok"))
    await desk.receives(port.Unfollowed(external_id="nok", at=desk.clock.now()))
    assert (await desk.counts()).all == 0
    told = [event.data["reachable"] for event in await desk.events("contact.changed")]
    assert told == [True, False]


async def test_a_group_opens_no_session(desk: Desk) -> None:
    group = port.GroupMessage(
        external_id="G1",
        message_id="g",
        at=desk.clock.now(),
        content=Content(kind=ContentKind.UNSUPPORTED, text="hello all"),
    )
    for _ in range(2):
        await desk.receives(group)
    assert (await desk.counts()).all == 0
    assert len(await desk.events("message.received")) == 1


async def test_what_is_not_understood_is_shown_as_such(desk: Desk) -> None:
    unknown = port.Unsupported(
        platform_kind="hologram",
        reason="unknown kind",
        content=Content(kind=ContentKind.UNSUPPORTED, text="hologram"),
        external_id="nok",
        message_id="u",
        at=desk.clock.now(),
    )
    for _ in range(2):
        await desk.receives(unknown)
    (session,) = (await desk.page()).items
    assert session.last_line == "[unsupported] hologram"
    assert session.customer_messages == 1
