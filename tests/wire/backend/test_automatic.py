"""What is said to customers automatically, with everything running (M1-M3, M5-M7, M11)."""

import asyncio
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from tests.wire.backend.automatic import (
    HOUR,
    MINUTE,
    OFFICE_HOURS,
    acts,
    happened,
    kinds,
    passes,
    replies,
    said,
    switch,
    writes,
)
from tests.wire.backend.conftest import ENTRIES, House, message

from inbox_tui.store import tables
from inbox_tui.wire.words import EventKind


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
                "Hello Nok!\n"
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
        assert thai.startswith("สวัสดีคุณ Nok\nขอบคุณที่ติดต่อ")
        assert vietnamese.startswith("Xin chào Linh!\nCảm ơn bạn")

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


class TestNames:
    """Whoever writes on LINE for the first time has no name yet: LINE has to be asked."""

    async def greets_by_name(self, house: House) -> None:
        body = {"language": "en", "text": "Hi {contact_name}!"}
        await house.ok("amy", "PUT", "/api/automatic/greeting/templates", body)
        await switch(house, "greeting", "assigned")
        await house.at_work("bo")

    async def comes_nameless(self, house: House) -> None:
        """Let somebody write whose name LINE is slow to tell."""
        house.backend.profiles.ring = lambda: None  # type: ignore[method-assign]
        sender = message(await house.customer("nok"), timestamp=house.clock.now())
        assert (await house.webhook(sender)).status_code == 200

        async def given() -> bool:
            assigned = ENTRIES.c.happening == "assigned"
            return bool(await house.rows(sa.select(ENTRIES.c.id).where(assigned)))

        await house.until(given)

    async def test_m1_the_name_is_waited_for(self, house: House) -> None:
        await self.greets_by_name(house)
        session = await writes(house)
        assert (await said(house, session))[0] == ("greeting", "Hi Nok!")
        assert await kinds(house, session) == ["greeting", "assigned"]

    async def test_m1_m2_not_for_long(self, house: House) -> None:
        await self.greets_by_name(house)
        await self.comes_nameless(house)
        assert await said(house) == []
        await passes(house, 2)
        assert await kinds(house) == ["assigned"], "a line without anything to say is left out"

    async def test_m10_killed_meanwhile_it_is_said_after_the_start(self, house: House) -> None:
        await self.greets_by_name(house)
        await self.comes_nameless(house)
        await house.restart(crash=True)
        await house.settled()
        assert await kinds(house) == ["greeting", "assigned"]
        assert (await said(house))[0] == ("greeting", "Hi Nok!")


class TestWelcome:
    def adds(self, user: str) -> dict[str, Any]:
        added = message(user, type="follow", follow={"isUnblocked": False}, replyToken="r" * 32)
        del added["message"]
        return added

    async def test_q3_whoever_adds_the_account_is_told_to_send_a_code_unchanged(
        self, house: House
    ) -> None:
        await switch(house, "welcome", "greeting")
        user = await house.customer("nok")
        added = self.adds(user)
        await house.says(added)
        await house.says(added)
        ((kind, text),) = await said(house)
        assert kind == "welcome"
        assert "please send it unchanged" in text
        assert await house.count(tables.Session) == 0
        await house.says(self.adds(user))
        assert await kinds(house) == ["welcome", "welcome"], "blocked it, and added it again"

    async def test_q3_m8_not_unless_it_is_switched_on(self, house: House) -> None:
        await house.says(self.adds(await house.customer("nok")))
        assert await said(house) == []


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
        assert [sent.text.split()[0] for sent in await house.sent()] == ["Hello", "bo", "hi"]


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
