"""Lists in both orders, page by page; filters; search; the timeline."""

import asyncio
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.backend.spine.conftest import Desk

from inbox_tui.backend.sessions import marks, queries, service
from inbox_tui.errors import NotFound, Refused
from inbox_tui.wire.models import Entry, Page, Session
from inbox_tui.wire.requests import PatchSession
from inbox_tui.wire.words import Category, StateFilter

LISTS = ("mine", "unassigned", "team", "all", "starred", "closed")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, new_desk: Callable[[Path], Desk]) -> Desk:
    """Some sixty sessions in every state, many of them with the same times; closed again."""
    desk = new_desk(tmp_path_factory.mktemp("filled") / "inbox.db")

    async def fill() -> None:
        await desk.open()
        chance = random.Random(7)  # the same each time
        for number in range(60):
            desk.clock.move(chance.choice([0, 0, 1, 60]))
            channel = chance.choice(["line", "care-line", "bot"])
            session_id = await desk.says(f"u{number}", f"hello {number}", channel=channel)
            who = chance.choice(["amy", "bo", "cy"])
            if chance.random() < 0.5:
                await desk.claims(who, session_id)
            if chance.random() < 0.4:
                await desk.replies(who, session_id)
            if chance.random() < 0.3:
                await desk.write(marks.star, session_id, desk.agent("amy"), True)
            if chance.random() < 0.3:
                await desk.ends(who, session_id)

    asyncio.run(fill())
    desk.database.close()
    return desk


@pytest.fixture
def busy(filled: Desk, tmp_path: Path) -> Iterator[Desk]:
    """The filled shop, each time in a file of its own."""
    desk = filled.copied(tmp_path / "busy.db")
    yield desk
    desk.database.close()


def place(session: Session, sort: str) -> tuple[Any, ...]:
    """The order as the specification says it, from what is shown."""
    at = session.last_customer_message_at
    assert at is not None
    if sort == "recent":
        return (-at.timestamp(), session.id)
    if session.waiting_since is not None:
        return (0, session.waiting_since.timestamp(), session.id)
    return (1, -at.timestamp(), session.id)


async def pages(desk: Desk, name: str, sort: str, limit: int, **more: Any) -> list[Session]:
    found: list[Session] = []
    cursor = None
    while True:
        page = await desk.page("amy", name, sort, limit=limit, cursor=cursor, **more)
        assert len(page.items) <= limit
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found
        assert len(page.items) == limit, "a page that is not the last is full"


@pytest.mark.parametrize("sort", ["wait", "recent"])
@pytest.mark.parametrize("name", LISTS)
async def test_every_list_in_both_orders_page_by_page(busy: Desk, name: str, sort: str) -> None:
    whole = (await busy.page("amy", name, sort, limit=500)).items
    assert [place(each, sort) for each in whole] == sorted(place(each, sort) for each in whole)
    assert len({each.id for each in whole}) == len(whole) == getattr(await busy.counts(), name)
    assert whole, "the fixture leaves no list empty"
    for limit in (1, 7, len(whole)):
        assert await pages(busy, name, sort, limit) == whole


@pytest.mark.parametrize("sort", ["wait", "recent"])
async def test_no_row_is_seen_twice_or_missed_while_others_move(busy: Desk, sort: str) -> None:
    """What does not move while somebody pages is seen exactly once."""
    first = await busy.page("amy", "all", sort, limit=10)
    still = [each.id for each in (await busy.page("amy", "all", sort, limit=500)).items]
    moved = set()
    for session_id in (still[2], still[25]):
        moved.add(session_id)
        await busy.ends("amy", session_id)
    moved.add(await busy.says("newcomer"))
    seen = [each.id for each in first.items]
    cursor = first.next_cursor
    while cursor:
        page = await busy.page("amy", "all", sort, limit=10, cursor=cursor)
        seen += [each.id for each in page.items]
        cursor = page.next_cursor
    assert [each for each in seen if each not in moved] == [
        each for each in still if each not in moved
    ]


@pytest.mark.parametrize(
    "cursor", ["", "x", "1", "1.", ".1", "1.x", "9" * 40 + ".1", "1." + "9" * 40, "-1.-1.-1"]
)
async def test_a_cursor_that_is_none_is_refused(desk: Desk, cursor: str) -> None:
    session_id = await desk.says("nok")
    with pytest.raises(Refused):
        await desk.page(cursor=cursor)
    with pytest.raises(Refused):
        await timeline(desk, session_id, before=cursor)


async def test_filters_narrow_and_compose(busy: Desk) -> None:
    everything = (await busy.page(limit=500)).items
    team, line = busy.team("care"), busy.channel("line")
    cases: list[tuple[dict[str, Any], Any]] = [
        ({"channel_ids": (line,)}, lambda s: s.channel == "line"),
        ({"team_ids": (team,)}, lambda s: s.team == "care"),
        ({"agent_ids": (busy.agent("bo"),)}, lambda s: s.assignee == "bo"),
        ({"states": (StateFilter.UNANSWERED,)}, lambda s: s.unanswered),
        ({"states": (StateFilter.STARRED,)}, lambda s: s.starred),
        ({"states": (StateFilter.UNREAD,)}, lambda s: s.unread_count > 0),
        ({"states": (StateFilter.OVERDUE,)}, lambda s: s.due == "overdue"),
        (
            {"channel_ids": (line,), "states": (StateFilter.UNANSWERED,)},
            lambda s: s.channel == "line" and s.unanswered,
        ),
        (
            {"states": (StateFilter.UNANSWERED, StateFilter.STARRED)},
            lambda s: s.unanswered or s.starred,
        ),
        ({"channel_ids": (line, busy.channel("bot"))}, lambda s: s.channel in ("line", "bot")),
    ]
    for wanted, fits in cases:
        page = await busy.page(limit=500, **wanted)
        assert page.items == [each for each in everything if fits(each)], wanted
        assert (page.total, page.total_is_exact) == (len(page.items), True)
        assert await pages(busy, "all", "wait", 3, **wanted) == page.items


async def test_category_and_language(desk: Desk) -> None:
    first, second = await desk.says("a"), await desk.says("b")
    request = PatchSession(category=Category.LOGISTICS, language="vi")
    await desk.write(service.patch, first, desk.agent("amy"), request)
    assert await desk.ids(categories=("logistics",)) == [first]
    assert await desk.ids(languages=("vi",)) == [first]
    assert await desk.ids(languages=("vi",), categories=("other",)) == []
    assert await desk.ids() == [first, second]


async def test_filtered_totals_are_exact_up_to_a_limit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        await desk.says(f"u{number}")
    monkeypatch.setattr(queries, "EXACT_UP_TO", 5)
    page = await desk.page(q="hello", limit=2)
    assert (page.total, page.total_is_exact) == (5, False)
    monkeypatch.setattr(queries, "EXACT_UP_TO", 6)
    page = await desk.page(q="hello", limit=2)
    assert (page.total, page.total_is_exact) == (6, True)


# Search


@pytest.mark.parametrize(
    ("written", "typed", "found"),
    [
        ("สวัสดีค่ะ มีไซส์ M ไหมคะ", "ไซส์", True),
        ("สวัสดีค่ะ มีไซส์ M ไหมคะ", "มีไซส์ M", True),
        ("สวัสดีค่ะ", "สวัสดีครับ", False),
        ("ราคาป้าบอก", "ป่าบ", False),
        ("Cửa hàng còn hàng không ạ", "hang khong", True),
        ("Cửa hàng còn hàng không ạ", "hàng không", True),
        ("Cửa hàng còn hàng không ạ", "HÀNG KHÔNG", True),
        ("cua hang con hang khong", "hàng không", True),
        ("Đường Nguyễn Trãi", "duong", True),
        ("订单什么时候发货", "什么时候", True),
        ("Order 12-345/A_6%", "345/a_6%", True),
        ('She said "hello" OR bye', '"hello" OR', True),
        ("She said hello", "hello NOT said", False),
        ("ＦＵＬＬ width", "full", True),
        ("one two", "two one", False),
        ("hello", "hello*", False),
        ("5", "column:5", False),
    ],
)
async def test_messages_are_found_by_any_part(
    desk: Desk, written: str, typed: str, found: bool
) -> None:
    await desk.says("other", "nothing of the kind")
    session_id = await desk.says("nok", written)
    assert await desk.ids(q=typed) == ([session_id] if found else [])
    assert (await desk.page(q=typed)).total == int(found)


@pytest.mark.parametrize("typed", ["nok", "NÓK", "ok s", "somchai"])
async def test_people_are_found_by_name(desk: Desk, typed: str) -> None:
    await desk.says("Linh")
    session_id = await desk.says("Nok Somchai")
    assert await desk.ids(q=typed) == [session_id]


@pytest.mark.parametrize(
    ("typed", "found"), [("Li", True), ("li", True), ("ly", False), ("%", False), ("_", False)]
)
async def test_short_words_are_looked_for_in_names(desk: Desk, typed: str, found: bool) -> None:
    session_id = await desk.says("Linh")
    assert await desk.ids(q=typed) == ([session_id] if found else [])


async def test_a_case_is_found_by_its_code(desk: Desk) -> None:
    await desk.says("a")
    session_id = await desk.says("b")
    code = (await desk.row(session_id)).case_code
    assert await desk.ids(q=code.lower()) == [session_id]


async def test_replies_and_notes_are_found_too(desk: Desk) -> None:
    session_id = await desk.says("nok")
    await desk.replies("amy", session_id, "the parcel left Bangkok")
    await desk.notes("amy", session_id, "asked the warehouse")
    for typed in ("bangkok", "warehouse"):
        assert await desk.ids(q=typed) == [session_id]


async def test_history_is_searched_in_its_own_list(desk: Desk) -> None:
    session_id = await desk.says("nok", "where is my parcel")
    await desk.ends("amy", session_id)
    assert await desk.ids(q="parcel") == []
    assert await desk.ids("amy", "closed", q="parcel") == [session_id]


ODD_SEARCHES = [
    *["\x00", "abc\x00def", "'", '"', '""""', "(", "*", "^", "NEAR(", "-", ":", "\\", "  "],
    *["\u200b", "\x1b[31m", "ก", "AND", "a" * 200, "\u0300\u0301\u0302", "\ud800abc"],
]


@pytest.mark.parametrize("typed", ODD_SEARCHES)
async def test_no_search_breaks(desk: Desk, typed: str) -> None:
    await desk.says("nok", "hello")
    page = await desk.page(q=typed)
    assert page.total == len(page.items) <= 1


# Timeline


async def timeline(
    desk: Desk, session_id: int, before: str | None = None, limit: int = 50
) -> Page[Entry]:
    return await desk.database.read(queries.timeline, desk.names, session_id, before, limit)


async def test_a_timeline_goes_back_across_sessions(desk: Desk) -> None:
    first = await desk.says("nok", "one")
    desk.clock.move(10)
    await desk.replies("amy", first, "two")
    await desk.ends("amy", first)
    desk.clock.move(10)
    second = await desk.says("nok", "three")
    await desk.says("other", "not this")
    whole = (await timeline(desk, second)).items
    told = [
        each.content.text if each.content else str(each.happening and each.happening.value)
        for each in whole
    ]
    assert told == ["opened", "one", "two", "closed", "opened", "three"]
    assert [each.session_id for each in whole] == [first] * 4 + [second] * 2
    assert [each.at for each in whole] == sorted(each.at for each in whole)
    assert (await timeline(desk, first)).items == whole


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
async def test_a_timeline_is_read_page_by_page_without_holes(desk: Desk, limit: int) -> None:
    session_id = 0
    for number in range(12):
        desk.clock.move(number % 3)
        session_id = await desk.says("nok", f"message {number}")
        if number % 4 == 3:
            await desk.ends("amy", session_id)
    whole = (await timeline(desk, session_id, limit=500)).items
    back: list[Entry] = []
    cursor = None
    while True:
        page = await timeline(desk, session_id, cursor, limit)
        back = [*page.items, *back]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert back == whole


async def test_new_entries_do_not_disturb_who_pages_back(desk: Desk) -> None:
    session_id = 0
    for number in range(6):
        session_id = await desk.says("nok", f"message {number}")
    first = await timeline(desk, session_id, limit=3)
    desk.clock.move(1)
    await desk.says("nok", "a new one")
    rest = await timeline(desk, session_id, first.next_cursor, limit=50)
    texts = [each.content.text for each in [*rest.items, *first.items] if each.content]
    assert texts == [f"message {number}" for number in range(6)]


async def test_there_is_no_timeline_of_nothing(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await timeline(desk, 99)
