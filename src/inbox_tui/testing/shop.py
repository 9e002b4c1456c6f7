"""A small shop to draw: its people, chats and cases, the same each time.

Names and messages are such as break columns: Thai, Vietnamese, Chinese, Arabic, families of emoji,
markup that must stay text.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from inbox_tui.tui.dialogs.help import HelpRow
from inbox_tui.wire.models import (
    Agent,
    Case,
    CaseActivity,
    ContactRef,
    Content,
    Delivery,
    Entry,
    Session,
    Team,
)
from inbox_tui.wire.words import (
    CaseStatus,
    ChannelKind,
    ContentKind,
    DeliveryState,
    EntryKind,
    Happening,
    Method,
    Presence,
    Priority,
    SessionState,
    Severity,
    UnassignedReason,
)
from inbox_tui.wire.words import (
    Role as Rank,
)

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Bangkok")
ME = "amy"

NAMES = (
    "Somchai Jaidee",
    "👨‍👩‍👧 ครอบครัวสุขใจ",
    "Nguyễn Thị Minh Khai",
    "王小明",
    "محمد العربي",
    "สมหญิง รักเรียนนานาชาติกรุงเทพมหานคร",
    "O'Brien [bold]x[/bold]",
    "🇹🇭 น้ำ",
)
LINES = (
    "ขอสอบถามเรื่องคืนเงินค่ะ สินค้ามาไม่ครบ ทำอย่างไรดีคะ",
    "สวัสดีค่ะ มีสีฟ้าไหมคะ 🙏🏽",
    "Cho mình hỏi đơn hàng 20451 bao giờ tới?",
    "请问什么时候发货？",
    "متى يصل الطلب؟",
    "Is it waterproof? I would like to take it on a boat next week.",
    "order 20451\nsecond line",
    "กำลังรอค่ะ",
)


def sessions(count: int) -> list[Session]:
    """Return ``count`` open sessions in all the states there are."""
    return [_session(number) for number in range(1, count + 1)]


def _session(number: int) -> Session:
    waits = number % 4 != 0
    due_in = timedelta(hours=(number * 5) % 40 - 4)
    reason = list(UnassignedReason)[number % len(UnassignedReason)]
    mine = number % 3
    priority = {5: Priority.URGENT, 6: Priority.HIGH, 7: Priority.LOW}.get(number % 11)
    return Session(
        id=number,
        version=1,
        state=SessionState.OPEN,
        contact=ContactRef(id=number, name=NAMES[number % len(NAMES)]),
        conversation_id=number,
        channel="line-main" if number % 2 else "telegram",
        channel_kind=ChannelKind.LINE if number % 2 else ChannelKind.TELEGRAM,
        opened_at=NOW - timedelta(hours=30),
        last_activity_at=NOW - timedelta(minutes=number * 7),
        priority=priority or Priority.NORMAL,
        assignee=(None, ME, "bo")[mine],
        unassigned_reason=reason if mine == 0 else None,
        wait_until=NOW + timedelta(seconds=80) if reason.value == "waiting_for_agent" else None,
        waiting_since=NOW + due_in - timedelta(hours=24) if waits else None,
        due_at=NOW + due_in if waits else None,
        last_line=LINES[number % len(LINES)],
        last_line_kind=EntryKind.CUSTOMER if waits else EntryKind.REPLY,
        unanswered=waits,
        customer_messages=number % 5,
        unread_count=number % 4 if waits else 0,
        starred=number % 5 == 0,
    )


def entries() -> list[Entry]:
    """Return a conversation with an entry of each kind."""
    text = ContentKind.TEXT
    said = EntryKind.CUSTOMER
    parts: list[dict[str, object]] = [
        {"kind": EntryKind.HAPPENING, "happening": Happening.OPENED, "at": NOW - timedelta(days=1)},
        {"kind": said, "content": Content(kind=text, text=LINES[0])},
        {"kind": said, "content": Content(kind=text, text=LINES[1])},
        {
            "kind": EntryKind.HAPPENING,
            "happening": Happening.ASSIGNED,
            "data": {"assignee": ME},
        },
        {
            "kind": EntryKind.REPLY,
            "author": ME,
            "content": Content(kind=text, text="สวัสดีค่ะ ขอเลขที่คำสั่งซื้อด้วยนะคะ"),
            "delivery": Delivery(state=DeliveryState.READ),
        },
        {
            "kind": said,
            "content": Content(
                kind=ContentKind.IMAGE,
                file_name="receipt.jpg",
                size=123_456,
                url="https://shop.example/media/receipt.jpg",
            ),
        },
        {"kind": said, "content": Content(kind=ContentKind.STICKER, text="Brown is happy")},
        {"kind": said, "content": Content(kind=ContentKind.UNSUPPORTED, platform_kind="flex")},
        {
            "kind": EntryKind.NOTE,
            "author": "bo",
            "content": Content(kind=text, text="She called twice already, please be quick."),
        },
        {
            "kind": EntryKind.REPLY,
            "author": ME,
            "content": Content(
                kind=text,
                text="Thank you. Two pieces are missing, we send them today with the next parcel.",
            ),
            "delivery": Delivery(state=DeliveryState.DELIVERED),
        },
        {"kind": said, "content": Content(kind=text, text="ขอบคุณค่ะ"), "unsent_at": NOW},
        {
            "kind": EntryKind.REPLY,
            "author": ME,
            "content": Content(kind=text, text="The tracking number is TH20451."),
            "delivery": Delivery(
                state=DeliveryState.FAILED,
                reason="The account's monthly message limit is used up.",
                attempts=1,
                can_retry=True,
            ),
        },
        {
            "kind": EntryKind.HAPPENING,
            "happening": Happening.TRANSFERRED,
            "data": {"by": "bo", "assignee": ME, "note": "knows the parcel service"},
        },
    ]
    return [_entry(number, part) for number, part in enumerate(parts, 1)]


def _entry(number: int, part: dict[str, object]) -> Entry:
    fields: dict[str, object] = {
        "id": number,
        "conversation_id": 1,
        "session_id": 1,
        "at": NOW - timedelta(minutes=40 - number * 2),
        **part,
    }
    if fields["kind"] is EntryKind.CUSTOMER:
        fields["author_name"] = NAMES[0]
    return Entry(**fields)  # type: ignore[arg-type]


def agents() -> list[Agent]:
    """Return colleagues in every state."""
    rows: list[tuple[str, str, Presence, bool, int, int]] = [
        ("amy", "Amy Tan", Presence.PRESENT, True, 2, 3),
        ("bo", "Bo Chan", Presence.PRESENT, True, 5, 5),
        ("chai", "ชัย วัฒนา", Presence.PRESENT, True, 1, 5),
        ("dung", "Dũng Trần", Presence.GRACE, True, 0, 5),
        ("em", "Em Wong", Presence.ABSENT, False, 3, 5),
        ("fon", "ฝน ใจดี", Presence.PRESENT, False, 6, 5),
    ]
    return [
        Agent(
            id=number,
            nickname=nickname,
            name=name,
            role=Rank.AGENT,
            presence=presence,
            accepting=accepting,
            open_count=taken,
            limit=limit,
        )
        for number, (nickname, name, presence, accepting, taken, limit) in enumerate(rows, 1)
    ]


def teams() -> list[Team]:
    """Return two teams."""
    return [
        Team(id=1, slug="sales", name="Sales", method=Method.ROUND_ROBIN, members=["amy", "bo"]),
        Team(id=2, slug="repair", name="Repair", method=Method.SELF_CLAIM, members=[]),
    ]


def case() -> Case:
    """Return a case with activity."""
    return Case(
        code="C-2026-00042",
        version=3,
        session_id=1,
        contact=ContactRef(id=1, name=NAMES[0]),
        channel="line-main",
        status=CaseStatus.IN_PROGRESS,
        opened_at=NOW - timedelta(hours=3),
        title="สินค้ามาไม่ครบ",
        description="Two of five pieces were missing.\nSent with the next parcel.",
        severity=Severity.HIGH,
        tags=["refund", "คืนเงิน"],
        owner=ME,
        involved=["amy", "bo"],
        waited=725,
        served=5_400,
        link="inbox-tui open case/C-2026-00042",
        activity=[
            CaseActivity(at=NOW - timedelta(hours=3), kind="opened"),
            CaseActivity(at=NOW - timedelta(hours=1), kind="note", actor="bo", detail="called"),
        ],
    )


def help_rows() -> list[HelpRow]:
    """Return some actions."""
    rows = [
        ("list", "Session", "Enter", "Open the chat", "and mark it as read"),
        ("claim", "Session", "c", "Claim", "take it from Unassigned"),
        ("transfer", "Session", "t", "Transfer", "to a colleague or a team"),
        ("end", "Session", "e", "End session", "opens the case form"),
        ("star", "Session", "s", "Star", "for yourself"),
        ("explain", "Session", "x", "Why is it here?", "the rule and the candidates"),
        ("sort", "List", "o", "Change order", "waiting time or latest message"),
        ("filter", "List", "/", "Filter", "by text and operators"),
        ("accept", "Me", "F2", "Accept on or off", "get new sessions or not"),
        ("palette", "Screen", "Ctrl+P", "Command palette", "every action and conversation"),
        ("quit", "Screen", "Ctrl+Q", "Quit", ""),
    ]
    return [
        HelpRow(
            id=name,
            group=group,
            keys=keys,
            label=label,
            help=told,
            why_not="somebody serves it already" if name == "claim" else None,
        )
        for name, group, keys, label, told in rows
    ]
