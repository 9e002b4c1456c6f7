"""What is said to customers automatically, with everything running (M1-M7, M9, M10)."""

import asyncio
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from tests.wire.backend.conftest import ENTRIES, SESSIONS, House, message

from inbox_tui.backend.contacts import service as contacts
from inbox_tui.mock.words import FaultKind
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire import codec
from inbox_tui.wire.wall import Wall
from inbox_tui.wire.words import EventKind

MESSAGES = tables.table(tables.AutomaticMessage)
MINUTE, HOUR = 60, 3_600

OFFICE_HOURS = """
[[hours]]
name = "office"
every_day = ["09:00-18:00"]
[workspace]
hours = "office"
"""


async def switch(house: House, *kinds: str, on: bool = True, **more: Any) -> None:
    """Switch kinds on or off, as the owner."""
    await house.ok("amy", "PATCH", "/api/automatic", {"on": dict.fromkeys(kinds, on), **more})


async def writes(house: House, user: str = "nok", text: str = "hello") -> int:
    """Let a customer write; return their session."""
    external_id = await house.customer(user)
    await house.says(message(external_id, text, timestamp=house.clock.now()))
    (row,) = await house.rows(
        sa.select(SESSIONS.c.id)
        .join_from(SESSIONS, tables.table(tables.Identity), _same_contact())
        .where(tables.table(tables.Identity).c.external_id == external_id)
        .order_by(SESSIONS.c.id.desc())
        .limit(1)
    )
    return int(row.id)


def _same_contact() -> sa.ColumnElement[bool]:
    return tables.table(tables.Identity).c.contact_id == SESSIONS.c.contact_id


async def said(house: House, session_id: int | None = None) -> list[tuple[str, str]]:
    """Kind and text of what was said automatically, in order."""
    query = sa.select(ENTRIES).where(ENTRIES.c.kind == "automatic").order_by(ENTRIES.c.id)
    if session_id is not None:
        query = query.where(ENTRIES.c.session_id == session_id)
    return [(row.data["automatic"], row.content["text"]) for row in await house.rows(query)]


async def kinds(house: House, session_id: int | None = None) -> list[str]:
    return [kind for kind, _ in await said(house, session_id)]


async def replies(house: House, session_id: int, who: str = "amy", text: str = "hi") -> None:
    await house.ok(who, "POST", f"/api/sessions/{session_id}/messages", {"text": text})
    await house.settled()


async def acts(house: House, who: str, session_id: int, action: str, body: Any = None) -> None:
    await house.ok(who, "POST", f"/api/sessions/{session_id}/{action}", body or {})
    await house.settled()


async def passes(house: House, seconds: float) -> None:
    house.moved(seconds)
    await house.settled()


async def wall_of(house: House) -> dict[int, tuple[int | None, float | None]]:
    """Position and estimated wait of each session that the wall shows in line."""
    answer = await house.call("amy", "GET", "/api/wall?most=100")
    found = codec.decode(answer.content, Wall)
    return {
        session.id: (session.position, session.estimated_wait)
        for queue in found.queues
        for session in queue.sessions
    }


async def happened(house: House, kind: EventKind, **told: Any) -> None:
    """Record an event whose source comes later."""

    def append(work: Work) -> None:
        work.append(kind, session_id=told.pop("session_id", None), data=told)

    await house.database.write(append)
    await house.settled()


class TestNothing:
    async def test_m8_nothing_is_said_that_was_not_switched_on(self, house: House) -> None:
        await house.at_work("bo")
        session = await writes(house)
        await acts(house, "bo", session, "end", {"reason": "done"})
        assert await said(house) == []
        assert await house.count(tables.AutomaticMessage) == 0
        assert await house.count(tables.AutomaticProgress) == 0

    async def test_m8_what_is_switched_on_speaks_of_what_comes_after(self, house: House) -> None:
        before = await writes(house, "nok")
        await switch(house, "greeting", "away")
        await writes(house, "lek")
        assert await kinds(house, before) == []
        await house.restart(crash=True)
        await house.settled()
        assert await kinds(house) == ["greeting"]

    async def test_m8_what_is_switched_off_is_silent_again(self, house: House) -> None:
        await switch(house, "greeting")
        await switch(house, "greeting", on=False)
        await writes(house)
        assert await said(house) == []


class TestGreeting:
    async def test_m1_at_the_first_message_of_a_session_only(self, house: House) -> None:
        await switch(house, "greeting")
        session = await writes(house)
        await writes(house, text="anybody there?")
        assert await said(house) == [
            (
                "greeting",
                "Thank you for writing to inbox-tui.\n"
                "We have received your message and will answer you here.",
            )
        ]
        await acts(house, "amy", session, "end", {"reason": "done"})
        await writes(house, text="and another thing")
        assert await kinds(house) == ["greeting", "greeting"]

    async def test_m1_in_the_language_of_the_session(self, house: House) -> None:
        await switch(house, "greeting")
        for user, text in (("nok", "สวัสดีค่ะ มีของไหมคะ"), ("linh", "Chào shop, còn hàng không ạ?")):
            await writes(house, user, text)
        thai, vietnamese = (text for _, text in await said(house))
        assert thai.startswith("ขอบคุณที่ติดต่อ")
        assert vietnamese.startswith("Cảm ơn bạn")

    async def test_m10_the_same_webhook_again_is_no_other_greeting(self, house: House) -> None:
        await switch(house, "greeting")
        event = message(await house.customer("nok"))
        for _ in range(3):
            await house.says(event)
        assert await kinds(house) == ["greeting"]

    async def test_c2_it_is_sent_like_any_message_with_the_reply_token(self, house: House) -> None:
        await switch(house, "greeting")
        target = f"{house.base}/webhooks/line"
        await asyncio.to_thread(lambda: house.platforms.line("line", target=target))
        await asyncio.to_thread(house.platforms.say, "line", "nok", "hello")
        assert (await asyncio.to_thread(house.platforms.settle)).settled
        await house.settled()
        (entry,) = await house.rows(sa.select(ENTRIES).where(ENTRIES.c.kind == "automatic"))
        assert (await house.delivered_as(entry.id, "sent"))[1] == 1
        (session,) = await house.sessions()
        await replies(house, session.id, text="one")

        async def both() -> bool:
            return len(await house.sent()) == 2

        await house.until(both)
        assert [(sent.method, sent.text) for sent in await house.sent()] == [
            ("reply", entry.content["text"]),
            ("push", "one"),
        ]


class TestAssigned:
    async def test_m2_names_the_agent_and_what_to_expect(self, house: House) -> None:
        await switch(house, "assigned")
        await house.at_work("amy")
        await writes(house)
        assert await said(house) == [
            (
                "assigned",
                "Amy Tan will take care of you now.\nYou can usually expect an answer in 24 hours.",
            )
        ]

    async def test_m2_the_median_first_response_of_the_teams_last_sessions(
        self, house: House
    ) -> None:
        for user, minutes in (("a", 2), ("b", 30), ("c", 6)):
            session = await writes(house, user)
            await passes(house, minutes * MINUTE)
            await replies(house, session)
            await acts(house, "amy", session, "end")
        await switch(house, "assigned")
        session = await writes(house)
        await acts(house, "bo", session, "claim")
        ((_, text),) = await said(house)
        assert text.endswith("an answer in 6 minutes.")

    async def test_m2_once_for_each_agent_of_a_session(self, house: House) -> None:
        await switch(house, "assigned")
        session = await writes(house)
        for who in ("amy", "bo", "amy"):
            await acts(house, "amy", session, "assign", {"agent": who})
        assert [text.split(" will")[0] for _, text in await said(house)] == ["Amy Tan", "bo"]

    async def test_m2_nobody_who_has_written_is_announced(self, house: House) -> None:
        session = await writes(house)
        await replies(house, session, "bo")
        await switch(house, "assigned")
        await acts(house, "bo", session, "claim")
        assert await said(house) == []

    async def test_m2_greeting_first_and_then_who_it_is(self, house: House) -> None:
        await switch(house, "assigned", "greeting")
        await house.at_work("bo")
        session = await writes(house)
        assert await kinds(house) == ["greeting", "assigned"]
        await replies(house, session, "bo", "hi there")

        async def all_sent() -> bool:
            return len(await house.sent()) == 3

        await house.until(all_sent)
        assert [sent.text.split()[0] for sent in await house.sent()] == ["Thank", "bo", "hi"]


class TestAway:
    async def shut(self, house: House, *, hour: int) -> None:
        """Give the shop hours from nine to six, and let it be an hour of Monday the 2nd."""
        await house.ok("amy", "PUT", "/api/workspace", {"text": OFFICE_HOURS, "environment": {}})
        await switch(house, "away")
        await passes(house, (hour - 12) * HOUR)

    async def test_m3_the_hours_and_when_to_expect_a_reply(self, house: House) -> None:
        await self.shut(house, hour=20)
        await writes(house)
        await writes(house, text="hello?")
        assert await said(house) == [
            (
                "away",
                "Thank you for your message. We are closed at the moment.\n"
                "We are here: every day 09:00–18:00.\n"
                "You can expect an answer from 09:00 tomorrow.",
            )
        ]

    async def test_m3_not_in_business_hours(self, house: House) -> None:
        await self.shut(house, hour=13)
        await writes(house)
        assert await said(house) == []

    async def test_m3_m11_once_for_each_stretch_also_over_midnight(self, house: House) -> None:
        await self.shut(house, hour=20)
        await writes(house)
        await passes(house, 5 * HOUR)  # one o'clock: the same night
        await writes(house, text="still there?")
        assert await kinds(house) == ["away"]
        await passes(house, 9 * HOUR)  # ten o'clock: open
        await writes(house, text="good morning")
        assert await kinds(house) == ["away"]
        await passes(house, 10 * HOUR)  # eight in the evening
        await writes(house, text="good evening")
        assert await kinds(house) == ["away", "away"]

    async def test_m3_who_was_answered_meanwhile_is_not_sent_away(self, house: House) -> None:
        await self.shut(house, hour=20)
        session = await writes(house)
        assert await kinds(house) == ["away"]
        await replies(house, session)
        assert await kinds(house) == ["away"]

    async def test_m2_at_night_no_minutes_are_promised(self, house: House) -> None:
        await self.shut(house, hour=20)
        await switch(house, "away", on=False)
        await switch(house, "assigned")
        session = await writes(house)
        await acts(house, "bo", session, "claim")
        assert await said(house) == [("assigned", "bo will take care of you now.")]


BERLIN = 'timezone = "Europe/Berlin"\nevery_day = ["09:00-18:00"]'


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        # over midnight: the evening before goes on
        ('every_day = ["20:00-02:00"]', "2026-03-03T01:59:59", None),
        ('every_day = ["20:00-02:00"]', "2026-03-03T02:00:00", "20:00 today"),
        # holidays: closed, and with hours of their own
        (
            'every_day = ["09:00-18:00"]\nholidays = ["2026-03-03"]',
            "2026-03-03T12:00:00",
            "09:00 tomorrow",
        ),
        (
            'every_day = ["09:00-18:00"]\nholidays = ["2026-03-04"]',
            "2026-03-03T20:00:00",
            "09:00 on Thursday",
        ),
        (
            'every_day = ["09:00-18:00"]\n'
            'holidays = [{ date = "2026-03-03", hours = ["10:00-12:00"] }]',
            "2026-03-03T09:30:00",
            "10:00 today",
        ),
        # the team's zone: seven hours before ours
        ('timezone = "Asia/Bangkok"\nevery_day = ["09:00-18:00"]', "2026-03-03T03:00:00", None),
        (
            'timezone = "Asia/Bangkok"\nevery_day = ["09:00-18:00"]',
            "2026-03-03T12:00:00",
            "09:00 tomorrow",
        ),
        # the clock is put forward on 29 March and back on 25 October, at one o'clock UTC
        (BERLIN, "2026-03-28T20:00:00", "09:00 tomorrow"),
        (BERLIN, "2026-03-29T06:59:59", "09:00 today"),
        (BERLIN, "2026-03-29T07:00:00", None),
        (BERLIN, "2026-10-25T07:59:59", "09:00 today"),
        (BERLIN, "2026-10-25T08:00:00", None),
        # a shop that never opens has hours to tell of neither kind
        ("every_day = []", "2026-03-03T12:00:00", ""),
    ],
)
async def test_m3_m11_by_the_hours_of_the_team(
    house: House, hours: str, at: str, opens: str | None
) -> None:
    text = f'[[hours]]\nname = "own"\n{hours}\n[[teams]]\nslug = "sales"\nhours = "own"\n'
    # The workspace's are other ones: always open then.
    text += '[[hours]]\nname = "day and night"\nevery_day = ["00:00-24:00"]\n'
    text += '[workspace]\nhours = "day and night"\n'
    await house.ok("amy", "PUT", "/api/workspace", {"text": text, "environment": {}})
    await switch(house, "away")
    until = datetime.fromisoformat(at).replace(tzinfo=UTC)
    await passes(house, (until - house.clock.time).total_seconds())
    await writes(house)
    told = await said(house)
    if opens is None:
        assert told == []
        return
    ((_, text),) = told
    last = text.splitlines()[-1]
    expected = (
        f"You can expect an answer from {opens}."
        if opens
        else ("Thank you for your message. We are closed at the moment.")
    )
    assert last == expected


@pytest.fixture
async def full(unopened: House) -> House:
    """A house in which amy and bo, one session each, are full, and M4 is on."""
    await unopened.start(unopened.file(max_open=1, settle="2s"))
    await switch(unopened, "over_capacity", min_gap=600)
    await unopened.at_work("amy", "bo")
    for user in ("first", "second"):
        await writes(unopened, user)
        await passes(unopened, 3)
    assert await unopened.owners() == ["amy", "bo"] or await unopened.owners() == ["bo", "amy"]
    return unopened


async def tells(house: House, session_id: int) -> list[str]:
    """The lines about the queue that somebody was told."""
    return [text.partition("\n")[2] for kind, text in await said(house, session_id)]


class TestOverCapacity:
    async def test_m4_m9_apology_position_and_no_wait_without_a_basis(self, full: House) -> None:
        session = await writes(full, "third")
        assert await said(full) == []  # it may be given away within the settling time
        await passes(full, 2)
        assert await said(full, session) == [
            (
                "over_capacity",
                "We are sorry: all our staff are busy just now.\nYou are number 1 in the queue.",
            )
        ]

    async def test_m4_m9_position_and_wait_are_what_agents_see(self, full: House) -> None:
        for _ in range(3):  # services of ten minutes: a basis
            await passes(full, 10 * MINUTE)
            oldest = next(row for row in await full.sessions() if row.state == "open")
            who = full.backend.directory.nickname(oldest.assignee_id)
            await acts(full, str(who), oldest.id, "end", {"reason": "done"})
            await writes(full, f"next{oldest.id}")
            await passes(full, 3)
        waiting = [await writes(full, f"w{number}") for number in range(4)]
        await passes(full, 2)
        shown = await wall_of(full)
        for session in waiting:
            position, wait = shown[session]
            assert position is not None
            assert wait is not None
            (text,) = await tells(full, session)
            assert f"number {position} in the queue" in text
            assert text.endswith(f"Estimated wait: {-(-wait // 60):.0f} minutes.")

    async def test_m4_whoever_got_somebody_meanwhile_is_told_nothing(self, full: House) -> None:
        session = await writes(full, "third")
        await acts(full, "amy", session, "claim")
        await passes(full, 2)
        assert await said(full) == []

    async def test_m4_again_when_notable_and_never_before_the_least_time(self, full: House) -> None:
        waiting = [await writes(full, f"w{number}") for number in range(6)]
        await passes(full, 2)
        last = waiting[-1]
        assert await tells(full, last) == ["You are number 6 in the queue."]
        for session in waiting[:3]:
            await acts(full, "amy", session, "end", {"reason": "done"})
        await passes(full, 9 * MINUTE)
        assert len(await tells(full, last)) == 1  # halved, but told 9 minutes ago
        await passes(full, MINUTE)
        assert (await tells(full, last))[1:] == ["You are number 3 in the queue."]
        await passes(full, 10 * MINUTE)
        assert len(await tells(full, last)) == 2  # nothing has moved since
        await acts(full, "amy", waiting[3], "end", {"reason": "done"})
        await passes(full, MINUTE)
        assert len(await tells(full, last)) == 2  # from 3 to 2 is not notable
        await acts(full, "amy", waiting[4], "end", {"reason": "done"})
        await passes(full, MINUTE)
        assert (await tells(full, last))[2:] == ["You are number 1 in the queue."]

    async def test_m4_m10_a_restart_tells_nobody_twice_and_forgets_nobody(
        self, full: House
    ) -> None:
        waiting = [await writes(full, f"w{number}") for number in range(4)]
        await passes(full, 2)
        for crash in (True, False):
            await full.restart(crash=crash)
            await full.at_work("amy", "bo")
            await passes(full, 20)
            assert [len(await tells(full, session)) for session in waiting] == [1, 1, 1, 1]
        for session in waiting[:2]:
            await acts(full, "amy", session, "end", {"reason": "done"})
        await full.restart(crash=True)
        await full.at_work("amy", "bo")
        await passes(full, 10 * MINUTE)
        assert (await tells(full, waiting[3]))[1:] == ["You are number 2 in the queue."]

    async def test_m4_whoever_waits_when_it_is_switched_on_is_told(self, full: House) -> None:
        await switch(full, "over_capacity", on=False)
        session = await writes(full, "third")
        await passes(full, 10)
        assert await said(full) == []
        await switch(full, "over_capacity")
        await passes(full, 2)
        assert await kinds(full, session) == ["over_capacity"]

    async def test_m3_m4_outside_business_hours_no_place_is_told(self, full: House) -> None:
        await full.ok("amy", "PUT", "/api/workspace", {"text": OFFICE_HOURS, "environment": {}})
        await passes(full, 20 * HOUR - 10 * MINUTE)  # before eight in the morning
        session = await writes(full, "third")
        await passes(full, MINUTE)
        assert await said(full) == []
        await passes(full, 2 * HOUR)  # open: now it is to be had
        assert await kinds(full, session) == ["over_capacity"]


class TestTransferred:
    async def test_m5_to_an_agent_and_to_a_team(self, house: House) -> None:
        session = await writes(house)
        await acts(house, "amy", session, "claim")
        await switch(house, "transferred", "assigned")
        await acts(house, "amy", session, "transfer", {"agent": "bo"})
        await acts(house, "bo", session, "transfer", {"team": "care"})
        assert [text.split(" takes")[0] for _, text in await said(house)] == ["bo", "care"]
        assert await kinds(house) == ["transferred", "transferred"]

    async def test_m5_all_my_sessions_each_with_its_own_notice(self, house: House) -> None:
        sessions = [await writes(house, user) for user in ("nok", "lek", "ton")]
        for session in sessions:
            await acts(house, "amy", session, "claim")
        await switch(house, "transferred")
        await acts(house, "amy", sessions[0], "transfer", {"agent": "bo", "scope": "all_mine"})
        assert [await kinds(house, session) for session in sessions] == [["transferred"]] * 3

    async def test_m5_who_has_it_no_more_is_not_told_of(self, house: House) -> None:
        session = await writes(house)
        await acts(house, "amy", session, "claim")
        await switch(house, "transferred")
        # Both before the runner's turn: the first is nonsense by then.
        for agent in ("bo", "cy"):
            await house.ok("amy", "POST", f"/api/sessions/{session}/transfer", {"agent": agent})
        await house.settled()
        assert (await said(house))[-1][1].startswith("cy takes over")


class TestEnded:
    async def test_m6_a_person_ends_it(self, house: House) -> None:
        await switch(house, "ended")
        session = await writes(house)
        await replies(house, session)
        await acts(house, "amy", session, "end")
        ((kind, text),) = await said(house, session)
        assert kind == "ended"
        assert "Your reference: C-00001." in text

    async def test_m6_the_rating_question_once_a_session(self, house: House) -> None:
        await switch(house, "rating")
        session = await writes(house)
        await replies(house, session)
        await acts(house, "amy", session, "end")
        for _ in range(2):
            await happened(house, EventKind.RATING_ASKED, session_id=session)
        assert await kinds(house) == ["rating"]


class TestOrders:
    ORDER: ClassVar = {
        "order_number": "A-7",
        "tracking_number": "TH1",
        "delivery_date": "2026-03-05",
    }

    @pytest.mark.parametrize(
        ("event", "kind"),
        [
            (EventKind.ORDER_SHIPPED, "order_shipped"),
            (EventKind.PARCEL_DELIVERED, "parcel_delivered"),
            (EventKind.DELIVERY_DELAYED, "delivery_delayed"),
        ],
    )
    async def test_m7_by_contact_with_what_the_event_knows(
        self, house: House, event: EventKind, kind: str
    ) -> None:
        await switch(house, kind)
        session = await writes(house)
        (row,) = await house.sessions()
        await happened(house, event, contact_id=row.contact_id, **self.ORDER)
        ((told, text),) = await said(house, session)
        assert told == kind
        assert "A-7" in text
        assert "{" not in text
        assert "here:" not in text  # no link is known: that line is left out

    async def test_m7_without_an_open_session_it_belongs_to_none(self, house: House) -> None:
        await switch(house, "order_shipped")
        session = await writes(house)
        await acts(house, "amy", session, "end", {"reason": "done"})
        (row,) = await house.sessions()
        await happened(
            house, EventKind.ORDER_SHIPPED, conversation_id=row.conversation_id, **self.ORDER
        )
        ((_, text),) = await said(house)
        assert "Expected delivery: Thursday, 5 March." in text
        assert await said(house, session) == []

    async def test_m10_the_same_parcel_told_twice_is_said_once(self, house: House) -> None:
        await switch(house, "order_shipped")
        await writes(house)
        (row,) = await house.sessions()
        for _ in range(2):
            await happened(
                house, EventKind.ORDER_SHIPPED, contact_id=row.contact_id, cause="A-7", **self.ORDER
            )
        assert await kinds(house) == ["order_shipped"]


class TestNoReplies:
    async def state(self, house: House) -> dict[str, Any]:
        (row,) = await house.sessions()
        kept = (
            *("waiting_since", "replies", "first_reply_at", "last_line", "last_line_kind"),
            *("customer_messages", "last_customer_message_at", "waited", "wait_key", "version"),
        )
        return {name: getattr(row, name) for name in kept}

    async def test_m10_it_counts_as_no_reply_also_when_it_fails(self, house: House) -> None:
        session = await writes(house)
        before = await self.state(house)
        await switch(house, "transferred")
        await house.fault(FaultKind.QUOTA, account="line")
        await acts(house, "amy", session, "transfer", {"team": "care"})
        (entry,) = await house.rows(sa.select(ENTRIES).where(ENTRIES.c.kind == "automatic"))
        await house.delivered_as(entry.id, "failed")
        after = await self.state(house)
        after["version"] = before["version"]  # the transfer's
        assert after == before
        shown = await house.ok("amy", "GET", f"/api/sessions/{session}")
        assert shown["unanswered"]
        found = await house.ok("amy", "GET", f"/api/sessions/{session}/timeline")
        (told,) = [each for each in found["items"] if each["kind"] == "automatic"]
        assert told["delivery"]["state"] == "failed"
        assert not told["delivery"]["can_retry"]
        assert told["data"] == {"automatic": "transferred"}
        answer = await house.call(
            "amy", "POST", f"/api/sessions/{session}/messages/{entry.id}/retry"
        )
        assert answer.status_code == 404

    async def test_m10_what_could_not_be_sent_for_an_hour_is_not_sent_any_more(
        self, house: House
    ) -> None:
        await switch(house, "greeting")
        await house.fault(FaultKind.RATE_LIMIT, account="line", seconds=7_200.0)
        session = await writes(house)
        (entry,) = await house.rows(sa.select(ENTRIES).where(ENTRIES.c.kind == "automatic"))

        async def put_off() -> bool:
            return (await house.delivery(entry.id))[1] == 1

        await house.until(put_off)
        await replies(house, session, text="a person's words")
        await passes(house, 2 * HOUR)
        state, _, reason = await house.delivered_as(entry.id, "failed")
        assert (state, reason) == ("failed", "Not sent: it came too late to be of use.")

        async def sent() -> bool:
            return [each.text for each in await house.sent()] == ["a person's words"]

        await house.until(sent)

    async def test_m10_a_blocked_contact_is_told_nothing(self, house: House) -> None:
        session = await writes(house)
        (row,) = await house.sessions()
        await switch(house, "transferred", "ended", "order_shipped")

        def block(work: Work) -> None:
            contacts.write_row(work, contacts.row_of(work, row.contact_id), {"blocked": True})

        await house.database.write(block)
        await acts(house, "amy", session, "transfer", {"agent": "bo"})
        await happened(house, EventKind.ORDER_SHIPPED, contact_id=row.contact_id, order_number="1")
        await acts(house, "bo", session, "end", {"reason": "done"})
        assert await said(house) == []
        assert [each.entry_id for each in await house.rows(sa.select(MESSAGES))] == [None] * 3

    async def test_m10_who_cannot_be_reached_is_told_nothing(self, house: House) -> None:
        session = await writes(house)
        identities = tables.table(tables.Identity)
        await house.database.write(
            lambda work: work.execute(sa.update(identities).values(reachable=False)).rowcount
        )
        await switch(house, "transferred")
        await acts(house, "amy", session, "transfer", {"agent": "bo"})
        assert await said(house) == []


class TestOnce:
    async def test_m10_killed_between_what_happened_and_its_message(self, house: House) -> None:
        """What was committed and not heard of is said after the start: once."""
        await switch(house, "greeting", "assigned", "ended")
        await house.at_work("bo")
        # The runner is deaf, as when the process dies right after the commit.
        house.backend.automatic.hear = lambda *_: None  # type: ignore[method-assign]
        session = await writes(house)
        assert await said(house) == []
        for _ in range(2):
            await house.restart(crash=True)
            await house.settled()
            assert await kinds(house, session) == ["greeting", "assigned"]

    async def test_m10_killed_after_its_message_says_nothing_again(self, house: House) -> None:
        await switch(house, "greeting", "assigned")
        await house.at_work("bo")
        sessions = [await writes(house, user) for user in ("nok", "lek", "ton")]
        before = await said(house)

        def forget(work: Work) -> None:
            work.plain("UPDATE automatic_progress SET seq = 0")

        await house.database.write(forget)  # the worst: it goes over everything again
        await house.restart(crash=True)
        await house.settled()
        assert await said(house) == before
        assert [await kinds(house, session) for session in sessions] == [
            ["greeting", "assigned"]
        ] * 3

    async def test_m10_a_start_does_not_go_back_further_than_ten_minutes(
        self, house: House
    ) -> None:
        await switch(house, "greeting")
        house.backend.automatic.hear = lambda *_: None  # type: ignore[method-assign]
        await writes(house)
        await house.crash()
        house.clock.move(11 * MINUTE)
        await house.start()
        await house.settled()
        assert await said(house) == []

    async def test_m10_a_message_that_is_late_is_asked_again_whether_it_is_true(
        self, house: House
    ) -> None:
        await switch(house, "greeting", "assigned")
        house.backend.automatic.hear = lambda *_: None  # type: ignore[method-assign]
        session = await writes(house)
        await acts(house, "bo", session, "claim")
        await replies(house, session, "bo")
        await house.restart(crash=True)
        await house.settled()
        assert await said(house) == []

    async def test_m10_a_bad_event_silences_nobody(self, house: House) -> None:
        await switch(house, "order_shipped", "greeting")
        await happened(house, EventKind.ORDER_SHIPPED, contact_id={"not": "an id"})
        await writes(house)
        assert await kinds(house) == ["greeting"]
