"""A session's row: exactly as wide as asked, its states in words, its columns in place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_tui.locale import Catalogue
from inbox_tui.testing import shop
from inbox_tui.tui.render.lines import line_text, line_width
from inbox_tui.tui.render.row import RowContext, due_now, row_revision, session_row
from inbox_tui.tui.render.symbols import ASCII
from inbox_tui.wire.models import ContactRef, Session
from inbox_tui.wire.words import (
    ChannelKind,
    Due,
    EntryKind,
    SessionState,
    UnassignedReason,
)

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
CONTEXT = RowContext(now=NOW, catalogue=Catalogue.of("en"), me="amy")
MESSY = st.text(
    alphabet="a ê\nกำนี่้เ王👨\u200d👩🏽❤\ufe0f🇹🇭\u0301ش\u202e\x1b\x9b\x07\r\t[]", max_size=50
)


def session(**fields: object) -> Session:
    given_fields: dict[str, object] = {
        "id": 1,
        "version": 1,
        "state": SessionState.OPEN,
        "contact": ContactRef(id=1, name="Somchai"),
        "conversation_id": 1,
        "channel": "line-main",
        "channel_kind": ChannelKind.LINE,
        "opened_at": NOW,
        "last_activity_at": NOW - timedelta(minutes=5),
        "last_line": "hello",
        **fields,
    }
    return Session(**given_fields)  # type: ignore[arg-type]


def waiting(hours: float, **fields: object) -> Session:
    since = NOW - timedelta(hours=hours)
    due = since + timedelta(hours=24)
    return session(waiting_since=since, due_at=due, unanswered=True, **fields)


def text(drawn: Session, width: int = 80, lines: int = 2, context: RowContext = CONTEXT) -> str:
    return "\n".join(line_text(line) for line in session_row(drawn, width, context, lines=lines))


@given(MESSY, MESSY, st.integers(min_value=20, max_value=120), st.sampled_from([1, 2]))
def test_rows_are_exactly_as_wide_as_asked_and_hold_no_commands(
    name: str, last: str, width: int, lines: int
) -> None:
    drawn = waiting(
        30, contact=ContactRef(id=1, name=name), last_line=last, channel=name, unread_count=120
    )
    rows = session_row(drawn, width, CONTEXT, lines=lines)
    assert len(rows) == lines
    for row in rows:
        assert line_width(row) == width
        assert not set(line_text(row)) & set("\x1b\x9b\x07\r\n\t\u202e\u200d")


@pytest.mark.parametrize("language", ["en", "th", "vi"])
@pytest.mark.parametrize("width", [24, 38, 57, 58, 80, 120])
def test_columns_stand_one_below_the_other(language: str, width: int) -> None:
    context = RowContext(now=NOW, catalogue=Catalogue.of(language), me="amy")
    for each in shop.sessions(30):
        assert [line_width(row) for row in session_row(each, width, context)] == [width, width]


@pytest.mark.parametrize(
    ("drawn", "word"),
    [
        (waiting(25), "overdue"),
        (waiting(23), "due soon"),
        (waiting(1), "waiting"),
        (session(), "answered"),
        (session(state=SessionState.CLOSED), "closed"),
        (session(starred=True), "starred"),
    ],
)
def test_every_state_has_its_word(drawn: Session, word: str) -> None:
    assert word in text(drawn)


@pytest.mark.parametrize(
    ("hours", "due"),
    [(1, Due.OK), (21.99, Due.OK), (22, Due.DUE_SOON), (23.99, Due.DUE_SOON), (24, Due.OVERDUE)],
)
def test_due_is_told_at_the_moment_handed_in(hours: float, due: Due) -> None:
    assert due_now(waiting(hours), NOW, 7_200) is due


def test_nothing_is_due_that_does_not_wait_or_is_closed() -> None:
    assert due_now(session(due=Due.OVERDUE), NOW, 7_200) is Due.OK
    assert due_now(waiting(30, state=SessionState.CLOSED), NOW, 7_200) is Due.OK


def test_who_has_it_or_why_nobody() -> None:
    assert "you" in text(session(assignee="amy"))
    assert "bo" in text(session(assignee="bo"))
    assert "all full" in text(waiting(1, unassigned_reason=UnassignedReason.ALL_FULL))
    counted = waiting(
        1,
        unassigned_reason=UnassignedReason.WAITING_FOR_AGENT,
        wait_until=NOW + timedelta(seconds=80),
    )
    assert "waits for agent 1:20" in text(counted)
    assert "waits for chai 1:20" in text(replace(counted, waits_for="chai"))


@pytest.mark.parametrize("lines", [1, 2])
@pytest.mark.parametrize("width", [38, 44, 58, 90])
@pytest.mark.parametrize(
    "name", ["chai", "สมชาย ใจดี มากมาย นามสกุลยาว", "a-very-long-nickname-indeed"]
)
def test_r6_what_is_left_of_a_wait_is_never_cut(name: str, width: int, lines: int) -> None:
    counted = waiting(
        1,
        unassigned_reason=UnassignedReason.WAITING_FOR_AGENT,
        waits_for=name,
        wait_until=NOW + timedelta(seconds=92),
        unread_count=12,
    )
    drawn = session_row(counted, width, CONTEXT, lines=lines)
    assert all(line_width(line) == width for line in drawn)
    assert any(" 1:32" in line_text(line) for line in drawn)


def test_r6_a_row_that_counts_down_is_drawn_anew_each_second_and_no_other() -> None:
    counted = waiting(
        1,
        unassigned_reason=UnassignedReason.WAITING_FOR_AGENT,
        wait_until=NOW + timedelta(seconds=92),
    )
    later = replace(CONTEXT, now=NOW + timedelta(seconds=1))
    assert row_revision(counted, CONTEXT) != row_revision(counted, later)
    assert row_revision(waiting(1), CONTEXT) == row_revision(waiting(1), later)


def test_unread_is_a_count_with_its_sign() -> None:
    assert "●3" in text(session(unread_count=3))
    assert "●99+" in text(session(unread_count=250))


def test_a_nickname_goes_before_the_name_and_a_nameless_contact_has_its_number() -> None:
    assert "Chai" in text(session(contact=ContactRef(id=1, name="Somchai", nickname="Chai")))
    assert "#7" in text(session(contact=ContactRef(id=7, name="")))


def test_our_own_last_words_are_marked() -> None:
    assert "→ hello" in text(session(last_line_kind=EntryKind.REPLY))
    assert "✎ hello" in text(session(last_line_kind=EntryKind.NOTE))


def test_ascii_symbols_leave_only_ascii() -> None:
    context = RowContext(now=NOW, catalogue=Catalogue.of("en"), me="amy", symbols=ASCII)
    long = "x" * 200
    drawn = text(waiting(30, starred=True, unread_count=3, last_line=long), 60, 2, context)
    assert drawn.isascii()


def test_the_revision_changes_with_what_is_shown_and_with_nothing_else() -> None:
    later = RowContext(now=NOW + timedelta(hours=1), catalogue=Catalogue.of("en"), me="amy")
    soon = RowContext(now=NOW + timedelta(seconds=1), catalogue=Catalogue.of("en"), me="amy")
    assert row_revision(waiting(1), CONTEXT) != row_revision(waiting(1), later)
    assert row_revision(waiting(1), CONTEXT) == row_revision(waiting(1), soon)
    named = session(contact=ContactRef(id=1, name="Somchai", nickname="Chai"))
    assert row_revision(named, CONTEXT) != row_revision(session(), CONTEXT)


def test_a_row_is_drawn_anew_when_the_channels_are_known() -> None:
    """Their column is as wide as the longest; rows drawn before do not stand beside them."""
    known = replace(CONTEXT, channels={"bot": "telegram-main"})
    assert row_revision(waiting(1), CONTEXT) != row_revision(waiting(1), known)


@pytest.mark.parametrize("width", [48, 62])
def test_a_long_channel_is_not_cut_while_there_is_room(width: int) -> None:
    context = replace(CONTEXT, channels={"telegram-main": "telegram-main", "line": "line"})
    long, short = (
        line_text(session_row(session(channel=slug), width, context)[0]).split()
        for slug in ("telegram-main", "line")
    )
    assert "telegram-main" in long
    assert "line" in short
