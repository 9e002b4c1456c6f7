"""Entries of a timeline: each kind unlike the others, nothing wider than asked, nothing unsafe."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_tui.locale import Catalogue
from inbox_tui.testing import shop
from inbox_tui.tui.render.entry import EntryContext, entry_lines, safe_link
from inbox_tui.tui.render.lines import line_text, line_width
from inbox_tui.tui.render.timeline import Timeline
from inbox_tui.wire.models import Content, Delivery, Entry
from inbox_tui.wire.words import ContentKind, DeliveryState, EntryKind, Happening

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
CONTEXT = EntryContext(
    now=NOW,
    catalogue=Catalogue.of("en"),
    zone=ZoneInfo("Asia/Bangkok"),
    me="amy",
    customer="Somchai",
)
MESSY = st.text(
    alphabet="a ê\nกำนี่้เ王👨\u200d👩🏽❤\ufe0f🇹🇭\u0301ش\u202e\x1b\x9b\x07\r\t[]", max_size=80
)


def entry(number: int = 1, said: str | None = "hello", **fields: object) -> Entry:
    content = None if said is None else Content(kind=ContentKind.TEXT, text=said)
    given_fields: dict[str, object] = {
        "id": number,
        "conversation_id": 1,
        "session_id": 1,
        "kind": EntryKind.CUSTOMER,
        "at": NOW,
        "content": content,
        **fields,
    }
    return Entry(**given_fields)  # type: ignore[arg-type]


def text(drawn: Entry, width: int = 60, context: EntryContext = CONTEXT) -> str:
    return "\n".join(line_text(line) for line in entry_lines(drawn, width, context)).strip()


@given(MESSY, MESSY, st.integers(min_value=8, max_value=120), st.sampled_from(EntryKind))
def test_no_line_is_too_wide_or_holds_a_command(
    said: str, name: str, width: int, kind: EntryKind
) -> None:
    drawn = entry(
        said=said,
        kind=kind,
        author=name or None,
        author_name=name,
        happening=Happening.TRANSFERRED if kind is EntryKind.HAPPENING else None,
        data={"note": said, "assignee": name, "by": name},
        delivery=Delivery(state=DeliveryState.FAILED, reason=said, can_retry=True),
    )
    for line in entry_lines(drawn, width, CONTEXT):
        assert line_width(line) <= width
        assert not set(line_text(line)) & set("\x1b\x9b\x07\r\n\t\u202e\u200d")


@pytest.mark.parametrize("width", [20, 36, 60, 96, 160])
@pytest.mark.parametrize("language", ["en", "th", "vi"])
def test_a_whole_conversation_fits(width: int, language: str) -> None:
    context = EntryContext(now=NOW, catalogue=Catalogue.of(language), me="amy")
    timeline = Timeline(shop.entries(), context, unread_from=5)
    for index in range(len(timeline)):
        for line in timeline.lines(timeline.key_at(index), width):
            assert line_width(line) <= width


def test_the_customer_has_a_name_and_the_time_on_my_wall() -> None:
    assert text(entry()) == "Somchai  16:00\nhello"


@pytest.mark.parametrize("state", list(DeliveryState))
def test_a_reply_says_in_words_how_far_it_got(state: DeliveryState) -> None:
    drawn = entry(kind=EntryKind.REPLY, author="amy", delivery=Delivery(state=state))
    assert state.value in text(drawn)
    assert "You" in text(drawn)


def test_a_failed_reply_says_why_and_how_to_try_again() -> None:
    delivery = Delivery(state=DeliveryState.FAILED, reason="blocked by the user", can_retry=True)
    drawn = text(entry(kind=EntryKind.REPLY, author="bo", delivery=delivery))
    assert "blocked by the user" in drawn
    assert "Enter tries again" in drawn


def test_a_held_reply_is_shown_as_held() -> None:
    context = EntryContext(now=NOW, catalogue=Catalogue.of("en"), held=frozenset({"k"}))
    drawn = entry(kind=EntryKind.REPLY, author="amy", client_key="k")
    assert "held until connected" in text(drawn, context=context)


def test_a_note_is_unlike_a_message_in_word_glyph_and_edge() -> None:
    lines = text(entry(kind=EntryKind.NOTE, author="bo")).split("\n")
    assert "Note · bo" in lines[0]
    assert "only we see this" in lines[0]
    assert all(line.startswith("┊") for line in lines)


@pytest.mark.parametrize(
    ("happening", "data", "author", "said"),
    [
        (Happening.OPENED, {}, None, "session opened"),
        (Happening.ASSIGNED, {"assignee": "amy"}, None, "assigned to amy"),
        (Happening.ASSIGNED, {"team": "sales"}, None, "given to team sales"),
        (Happening.CLAIMED, {"assignee": "bo"}, "bo", "claimed by bo"),
        (Happening.CLAIMED, {}, "bo", "claimed by bo"),
        (Happening.UNASSIGNED, {"reason": "all_full"}, None, "unassigned: all full"),
        (Happening.TRANSFERRED, {"assignee": "bo"}, "amy", "amy transferred it to bo"),
        (Happening.TAKEN_BACK, {"from": "bo"}, "amy", "amy took it back from bo"),
        (Happening.TAKEN_BACK, {}, "amy", "amy took it back from ?"),
        (Happening.CLOSED, {}, "amy", "amy ended the session"),
        (Happening.CLOSED, {"reason": "timeout"}, None, "session closed: not answered in time"),
        (Happening.BOUND, {"assignee": "amy", "code": "ibx-x"}, None, "bound to amy"),
        (Happening.BOUND, {"assignee": "amy", "team": "sales"}, None, "bound to amy in sales"),
        (Happening.BOUND, {"team": "sales"}, "bo", "bo bound the customer to team sales"),
        (Happening.UNBOUND, {"assignee": "amy"}, "bo", "bo ended the binding to amy"),
        (Happening.UNBOUND, {}, None, "binding ended"),
        (Happening.DESIGNATED, {"by": "{x}", "assignee": "{0}"}, None, "{x} assigned it to {0}"),
    ],
)
def test_happenings_are_sentences(
    happening: Happening, data: dict[str, object], author: str | None, said: str
) -> None:
    drawn = entry(
        said=None, kind=EntryKind.HAPPENING, happening=happening, data=data, author=author
    )
    assert f" {said} · 16:00 " in text(drawn, 80)


def test_what_cannot_be_shown_is_described() -> None:
    image = Content(
        kind=ContentKind.IMAGE, file_name="a.jpg", size=1_500, url="https://x.example/a"
    )
    assert text(entry(content=image)).endswith("▦ image: a.jpg · 1.5 kB\n  https://x.example/a")
    place = Content(kind=ContentKind.LOCATION, title="Shop", latitude=13.75, longitude=100.5)
    assert "◎ location: Shop · 13.75000, 100.50000" in text(entry(content=place))
    unknown = Content(kind=ContentKind.UNSUPPORTED, platform_kind="flex")
    assert "cannot be shown: flex" in text(entry(content=unknown))
    assert "taken back" in text(entry(unsent_at=NOW))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x", True),
        ("mailto:a@b.example", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("http://[::1", False),
        ("https://a.example/ x", False),
        (None, False),
    ],
)
def test_only_harmless_links_are_shown_as_links(url: str | None, shown: bool) -> None:
    assert (safe_link(url) is not None) is shown


def test_days_unread_and_groups() -> None:
    entries = [
        entry(1, at=NOW - timedelta(days=1)),
        entry(2, "one", at=NOW - timedelta(minutes=4)),
        entry(3, "two", at=NOW - timedelta(minutes=3)),
        entry(4, "three", at=NOW),
    ]
    timeline = Timeline(entries, CONTEXT, unread_from=4)
    kinds = [timeline.key_at(index)[0] for index in range(len(timeline))]
    assert kinds == ["day", "entry", "day", "entry", "entry", "unread", "entry"]
    assert [line_text(line) for line in timeline.lines(("entry", 3), 40)] == ["two"]
    assert len(timeline.lines(("entry", 4), 40)) == 3
    assert timeline.selectable(("entry", 4))
    assert not timeline.selectable(timeline.key_at(0))
    assert timeline.index_of(("entry", 99)) is None


def test_what_was_edited_looks_different() -> None:
    before = Timeline([entry(1, "Size M please")], CONTEXT)
    after = Timeline([entry(1, "Size L please")], CONTEXT)
    assert before.revision(("entry", 1)) != after.revision(("entry", 1))
