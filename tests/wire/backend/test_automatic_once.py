"""Automatic messages are no replies, and are sent once for a cause, whatever happens (M10)."""

from typing import Any

import sqlalchemy as sa
from tests.wire.backend.automatic import (
    HOUR,
    MESSAGES,
    MINUTE,
    acts,
    happened,
    kinds,
    passes,
    replies,
    said,
    switch,
    writes,
)
from tests.wire.backend.conftest import ENTRIES, House

from inbox_tui.backend.contacts import service as contacts
from inbox_tui.mock.words import FaultKind
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.words import EventKind


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
