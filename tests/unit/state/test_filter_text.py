"""Filters as text: what is read is what was written (L4, Q11)."""

import pytest

from inbox_tui.state.contact_filter import (
    ContactFilter,
    contact_filter_text,
    read_contact_filter,
)
from inbox_tui.state.filter_text import filters_text, read_filters
from inbox_tui.state.lists import Filters
from inbox_tui.wire.words import StateFilter


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("", Filters()),
        ("red shoes", Filters(q="red shoes")),
        ("is:overdue agent:bo", Filters(state=StateFilter.OVERDUE, agent="bo")),
        (
            "channel:line-main team:care รองเท้า",
            Filters(q="รองเท้า", channel="line-main", team="care"),
        ),
        ("bound:me", Filters(bound="me")),
        ("bound:none team:care", Filters(bound="none", team="care")),
    ],
)
def test_l4_filters_are_read_and_written(text: str, filters: Filters) -> None:
    assert read_filters(text) == filters
    assert read_filters(filters_text(filters)) == filters
    assert bool(filters) is bool(text)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", ContactFilter()),
        ("  vip   gold ", ContactFilter(words="vip gold")),
        ("bound:ME vip", ContactFilter("me", "vip")),
        ("bound:None", ContactFilter("none")),
        ("bound:Amy bound:bo", ContactFilter("bo")),
        ("bound:team:care", ContactFilter("team:care")),
        ("bound: me", ContactFilter(words="bound: me")),
    ],
)
def test_q11_the_filter_of_contacts_is_read_and_written(text: str, asked: ContactFilter) -> None:
    assert read_contact_filter(text) == asked
    assert read_contact_filter(contact_filter_text(asked)) == asked


def test_what_only_the_server_can_judge_is_known_as_such() -> None:
    assert Filters(q="x").is_for_server
    assert Filters(bound="me").is_for_server
    assert not Filters(agent="bo", team="care").is_for_server
