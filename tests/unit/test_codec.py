"""JSON to models and back: what is decoded is safe to show, and nothing else is changed."""

import json
import sys
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_tui.testing import builders as build
from inbox_tui.text import safe_text
from inbox_tui.wire import codec
from inbox_tui.wire.models import Content, Event, Page, Problem, Session
from inbox_tui.wire.words import ContentKind, EventKind

MARKS = ("Mn", "Me")
HOSTILE = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("\x00\x07\x1b\x7f\x80\x9b\x9d\u200e\u202e\u2066\u2028\ufeff\U000e0041"),
        st.sampled_from('\u0300\u0e48\u064e\u1ab0\u1dc0\u20d0\ufe20\t\r\n"\\/ a'),
    ),
    max_size=40,
)


def as_json(value: Any, *, escaped: bool) -> bytes:
    return json.dumps(value, ensure_ascii=escaped).encode()


@given(HOSTILE, st.booleans())
def test_every_string_is_made_safe_escaped_or_raw(text: str, escaped: bool) -> None:
    decoded = codec.decode(as_json({"kind": "text", "text": text}, escaped=escaped), Content)
    assert decoded.text == safe_text(text)


@given(HOSTILE, HOSTILE, st.booleans())
def test_also_inside_and_in_names(name: str, text: str, escaped: bool) -> None:
    body = {"seq": 1, "kind": "team.changed", "at": "2026-03-02T12:00:00Z", "data": {name: [text]}}
    decoded = codec.decode(as_json(body, escaped=escaped), Event)
    assert decoded.data == {safe_text(name): [safe_text(text)]}


@pytest.mark.parametrize("escaped", [True, False])
def test_towers_of_every_mark_there_is_are_cut(escaped: bool) -> None:
    marks = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) in MARKS]
    for mark in marks:
        text = f"a{mark * 50}b"
        found = codec.decode(as_json({"kind": "text", "text": text}, escaped=escaped), Content)
        assert found.text == safe_text(text)
        assert len(found.text) < 20


@pytest.mark.parametrize(
    "text", ["สวัสดีค่ะ น้ำเปล่า", "Cửa hàng còn không ạ", "日本語", "👩‍👩‍👧 ok", "plain", "مَرْحَبًا"]
)
def test_real_writing_is_untouched(text: str) -> None:
    for escaped in (True, False):
        found = codec.decode(as_json({"kind": "text", "text": text}, escaped=escaped), Content)
        assert found.text == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_what_is_encoded_comes_back_as_its_safe_self(text: str) -> None:
    content = Content(kind=ContentKind.TEXT, text=text, latitude=1.5)
    again = codec.decode(codec.encode(content), Content)
    assert again == Content(kind=ContentKind.TEXT, text=safe_text(text), latitude=1.5)


def test_a_whole_session_comes_back() -> None:
    session = build.session(1)
    assert codec.decode(codec.encode(session), Session) == session
    page: Page[Session] = Page(items=[session], total=1)
    assert codec.decode(codec.encode(page), Page[Session]) == page


def test_times_are_rfc_3339_and_come_back_aware() -> None:
    bangkok = timezone(timedelta(hours=7))
    event = Event(
        seq=1,
        kind=EventKind.TEAM_CHANGED,
        at=datetime(2026, 3, 2, 19, 0, tzinfo=bangkok),
    )
    again = codec.decode(codec.encode(event), Event)
    assert again.at == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    assert again.at.tzinfo is not None


def test_fields_of_a_newer_backend_are_passed_over() -> None:
    found = codec.decode(b'{"kind": "text", "text": "hi", "brand_new": {"a": 1}}', Content)
    assert found == Content(kind=ContentKind.TEXT, text="hi")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"kind": "no such kind"}',
        b'{"kind": "text", "text": 5}',
        b'{"kind": "text", "text": "\xff\xfe"}',
        b'{"kind": "text", "text": "\xed\xa0\x80"}',
        b'{"kind": "text", "text": "\\ud800"}',
        b"[" * 100_000,
        b'{"kind": "text", "text": "\\u0007", "data": ' + b"[" * 100_000,
        b"\xff\xfe\x00",
        b'{"kind": "text"} trailing',
    ],
)
def test_what_cannot_be_decoded_is_told_as_such(data: bytes) -> None:
    with pytest.raises(codec.NotDecodable):
        codec.decode(data, Content)


@given(st.binary(max_size=60))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    try:
        codec.decode(data, Problem)
    except codec.NotDecodable:
        return
