"""The main job, end to end: customers write, the right agent answers, the case is kept.

A real server, real sockets, simulated platforms in their wire format, three people at windows.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.journeys.conftest import (
    BOT_TOKEN,
    Server,
    Window,
    eventually,
    open_window,
    shop_on,
    shop_server,
)

from inbox_tui.client.port import SessionQuery
from inbox_tui.errors import AlreadyTaken, CannotSend, NotPossibleNow
from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.mock.words import FaultKind
from inbox_tui.wire.requests import CaseEdit, PostAssign, PostEnd, PostTransfer, PutAccepting
from inbox_tui.wire.words import (
    DeliveryState,
    EntryKind,
    EventKind,
    Happening,
    ListName,
    TransferScope,
    UnassignedReason,
)

PEOPLE = """
[[agents]]
nickname = "cat"
name = "Cat Le"
role = "supervisor"

[[channels]]
slug = "telegram-main"
kind = "telegram"
name = "Baan Shop Telegram"
team = "sales"
api_base = "PLATFORMS"
[channels.credentials]
token = "BOT_TOKEN"
"""


@pytest.fixture
def team(place: Path, mock: MockPlatforms) -> Iterator[Server]:
    """Return a server whose team hands sessions out in turn, on LINE and Telegram."""
    more = PEOPLE.replace("PLATFORMS", mock.base_url).replace("BOT_TOKEN", BOT_TOKEN)
    text = shop_on(mock).replace('method = "self_claim"', 'method = "round_robin"')
    text = text.replace("max_open = 5", "max_open = 2")
    text = text.replace('members = ["amy", "bo"]', 'members = ["amy", "bo", "cat"]')
    mock.telegram("telegram-main", token=BOT_TOKEN)
    with shop_server(place, mock, text + more) as server:
        yield server


async def assigned(window: Window, name: str) -> tuple[int, str]:
    """Wait until a contact's session has an agent; return its id and the agent."""
    event = await window.until(
        lambda e: (
            e.kind == EventKind.SESSION_ASSIGNED
            and e.session is not None
            and e.session.contact.name == name
        )
    )
    assert event.session is not None
    assert event.session.assignee is not None
    return event.session.id, event.session.assignee


async def test_customers_are_answered_by_the_next_agent_on_both_platforms(
    team: Server, mock: MockPlatforms
) -> None:
    """LINE and Telegram customers reach amy and bo in turn; replies reach the platforms."""
    mock.user("line-main", "som", name="สมชาย ใจดี", language="th")
    mock.user("telegram-main", "linh", name="Linh Nguyễn", language="vi")
    async with open_window(team, "amy") as amy, open_window(team, "bo") as bo:
        for window in (amy, bo):
            await window.client.put_accepting(PutAccepting(accepting=True))
        await asyncio.to_thread(mock.say, "telegram-main", "linh", "Còn hàng không ạ?")
        first, one = await assigned(bo, "Linh Nguyễn")
        await asyncio.to_thread(mock.say, "line-main", "som", "สวัสดีครับ มีไซส์ M ไหม")
        opened = await amy.until(
            lambda e: (
                e.kind == EventKind.SESSION_OPENED
                and e.seq > 0
                and e.session is not None
                and e.session.channel == "line-main"
            )
        )
        assert opened.session is not None
        second = opened.session.id
        given = await amy.until(
            lambda e: (
                e.kind == EventKind.SESSION_ASSIGNED
                and e.session is not None
                and e.session.id == second
            )
        )
        assert given.session is not None
        other = given.session.assignee
        assert {one, other} == {"amy", "bo"}
        windows = {"amy": amy, "bo": bo}
        await windows[one].client.post_message(first, "Còn ạ!", key="k1")
        await windows[one].client.post_message(first, "Còn ạ!", key="k1")
        await windows[str(other)].client.post_message(second, "มีค่ะ", key="k2")
        for text, account in (("Còn ạ!", "telegram-main"), ("มีค่ะ", "line-main")):
            sent = await asyncio.to_thread(mock.ledger, account=account, wait=60.0)
            assert [each.text for each in sent] == [text]
        delivered = await amy.until(
            lambda e: (
                e.kind == EventKind.MESSAGE_DELIVERY
                and e.entry is not None
                and e.entry.client_key == "k2"
            )
        )
        assert delivered.entry is not None
        assert delivered.entry.delivery is not None
        assert delivered.entry.delivery.state == DeliveryState.SENT
        await asyncio.to_thread(mock.say, "line-main", "som", "ขอบคุณครับ")
        thanks = await amy.until(
            lambda e: (
                e.entry is not None
                and e.entry.content is not None
                and e.entry.content.text == "ขอบคุณครับ"
            )
        )
        assert thanks.session is not None
        assert thanks.session.id == second
        assert thanks.session.unanswered


async def test_limits_hold_and_what_waits_is_given_when_a_slot_frees(
    team: Server, mock: MockPlatforms
) -> None:
    """The third customer waits as all_full, and is given the moment a session ends (R5, R7)."""
    async with open_window(team, "amy") as amy:
        await amy.client.put_accepting(PutAccepting(accepting=True))
        for user in ("one", "two", "three"):
            mock.user("line-main", user, name=user)
            await asyncio.to_thread(mock.say, "line-main", user, f"hello from {user}")
        waiting = await amy.until(
            lambda e: (
                e.session is not None and e.session.unassigned_reason == UnassignedReason.ALL_FULL
            )
        )
        assert waiting.session is not None
        third = waiting.session.id
        mine = await amy.client.sessions(SessionQuery(list=ListName.MINE))
        assert mine.total == 2
        told = await amy.client.explanation(third)
        assert told.reason == UnassignedReason.ALL_FULL
        assert [each.agent for each in told.candidates if each.open >= each.limit] == ["amy"]
        done = mine.items[0].id
        await amy.client.end(done, PostEnd(reason="wrong number"))
        given = await amy.until(
            lambda e: (
                e.kind == EventKind.SESSION_ASSIGNED
                and e.session is not None
                and e.session.id == third
            )
        )
        assert given.session is not None
        assert given.session.assignee == "amy"


async def test_two_people_claim_one_session_and_one_gets_it(
    team: Server, mock: MockPlatforms
) -> None:
    """One winner, one clear line (R11)."""
    mock.user("line-main", "som", name="Som")
    async with AsyncExitStack() as stack:
        amy = await stack.enter_async_context(open_window(team, "amy"))
        bo = await stack.enter_async_context(open_window(team, "bo"))
        await asyncio.to_thread(mock.say, "line-main", "som", "hi")
        waiting = await amy.until(
            lambda e: (
                e.session is not None
                and e.session.unassigned_reason == UnassignedReason.SWITCHED_OFF
            )
        )
        assert waiting.session is not None
        session_id = waiting.session.id
        results = await asyncio.gather(
            amy.client.claim(session_id), bo.client.claim(session_id), return_exceptions=True
        )
        refused = [each for each in results if isinstance(each, AlreadyTaken)]
        assert len(refused) == 1
        winner = "bo" if isinstance(results[0], AlreadyTaken) else "amy"
        assert refused[0].detail == f"Taken by {winner} 0 s ago."
        session = await amy.client.session(session_id)
        assert session.assignee == winner


async def test_transfer_all_end_with_case_and_everything_is_there_after_a_restart(
    team: Server, mock: MockPlatforms
) -> None:
    """Accept off keeps new ones away; transfer with a note; transfer all; end; open again."""
    async with AsyncExitStack() as stack:
        amy = await stack.enter_async_context(open_window(team, "amy"))
        bo = await stack.enter_async_context(open_window(team, "bo"))
        await amy.client.put_accepting(PutAccepting(accepting=True))
        for user in ("one", "two"):
            mock.user("line-main", user, name=user)
            await asyncio.to_thread(mock.say, "line-main", user, f"hello from {user}")
            await amy.until(
                lambda e, user=user: (
                    e.kind == EventKind.SESSION_ASSIGNED  # type: ignore[misc]
                    and e.session is not None
                    and e.session.last_line == f"hello from {user}"
                )
            )
        await amy.client.put_accepting(PutAccepting(accepting=False, reason="lunch"))
        moved = await amy.client.transfer(
            1, PostTransfer(agent="cat", scope=TransferScope.ALL_MINE, note="ช่วยต่อด้วยนะ")
        )
        assert {session.assignee for session in moved.sessions} == {"cat"}
        assert {warning.type for warning in moved.warnings} == {"absent"}
        with pytest.raises(NotPossibleNow):
            await amy.client.assign(1, PostAssign(agent="cat"))
        taken = await bo.client.assign(1, PostAssign(agent="bo"))
        assert taken.session.assignee == "bo"
        with pytest.raises(CannotSend):
            await bo.client.post_message(1, "x" * 5_001, key="long")
        await bo.client.post_message(1, "สวัสดีค่ะ", key="a")
        ended = await bo.client.end(
            1, PostEnd(case=CaseEdit(title="Size question", tags=["size", "ไซส์"]))
        )
        assert ended.session.case_code is not None
        await eventually(lambda: mock.ledger(account="line-main"))
    assert team.stop() == 0
    team.start()
    async with open_window(team, "bo", "another") as bo:
        closed = await bo.client.sessions(SessionQuery(list=ListName.CLOSED))
        assert [session.id for session in closed.items] == [1]
        case = await bo.client.case(ended.session.case_code)
        assert case.title == "Size question"
        assert case.tags == ["size", "ไซส์"]
        assert case.owner == "bo"
        assert set(case.involved) >= {"amy", "cat"}
        timeline = (await bo.client.timeline(1)).items
        notes = [entry for entry in timeline if entry.kind == EntryKind.NOTE]
        assert [note.content.text for note in notes if note.content] == ["ช่วยต่อด้วยนะ"]
        happenings = [entry.happening for entry in timeline if entry.happening]
        assert happenings == [
            Happening.OPENED,
            Happening.ASSIGNED,
            Happening.TRANSFERRED,
            Happening.DESIGNATED,
            Happening.CLOSED,
        ]


async def test_a_lost_answer_on_telegram_is_shown_as_uncertain(
    team: Server, mock: MockPlatforms
) -> None:
    """Telegram accepted it and its answer was lost: nobody knows, and nothing is sent twice."""
    mock.user("telegram-main", "linh", name="Linh")
    async with open_window(team, "amy") as amy:
        await asyncio.to_thread(mock.say, "telegram-main", "linh", "xin chào")
        opened = await amy.until(lambda e: e.kind == EventKind.SESSION_OPENED)
        assert opened.session is not None
        mock.fault(FaultKind.DROP_RESPONSE, account="telegram-main")
        await amy.client.post_message(opened.session.id, "chào bạn", key="k")
        told = await amy.until(
            lambda e: (
                e.kind == EventKind.MESSAGE_DELIVERY
                and e.entry is not None
                and e.entry.delivery is not None
                and e.entry.delivery.state == DeliveryState.UNCERTAIN
            )
        )
        assert told.entry is not None
        sent = await asyncio.to_thread(mock.ledger, account="telegram-main")
        assert [each.text for each in sent] == ["chào bạn"]
