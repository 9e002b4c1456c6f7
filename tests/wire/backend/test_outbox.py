"""Replies on their way out, with everything the platforms can do to them."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from tests.wire.backend.conftest import OUTBOX, House, message

from inbox_tui.backend.outbox import steps
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.mock.words import FaultKind
from inbox_tui.store import tables


async def chat(house: House, user: str = "nok", channel: str = "line") -> int:
    """Let a customer write and return their session."""
    before = {row.id for row in await house.sessions()}
    if channel == "line":
        await house.says(message(await house.customer(user), f"hello from {user}"))
    else:
        await asyncio.to_thread(house.platforms.say, channel, user, f"hello from {user}")

    async def there() -> bool:
        return bool({row.id for row in await house.sessions()} - before)

    await house.until(there)
    (new,) = {row.id for row in await house.sessions()} - before
    return int(new)


async def reply(house: House, session_id: int, text: str = "hi", who: str = "amy") -> int:
    entry = await house.ok(who, "POST", f"/api/sessions/{session_id}/messages", {"text": text})
    return int(entry["id"])


async def sent_texts(house: House, account: str = "line") -> list[str]:
    return [sent.text for sent in await house.sent(account)]


async def empty(house: House) -> bool:
    return await house.count(tables.Outbox) == 0


async def attempted(house: House, entry_id: int, attempts: int) -> None:
    """Wait until a reply waits for its next attempt after so many."""

    async def waits() -> bool:
        rows = await house.rows(sa.select(OUTBOX).where(OUTBOX.c.entry_id == entry_id))
        return [(row.state, row.attempts) for row in rows] == [("queued", attempts)]

    await house.until(waits)


async def states_of(house: House, entry_id: int) -> list[str]:
    """The delivery states that were told of a reply, in order."""
    told = await house.events("message.delivery")
    return [event.data["state"] for event in told if event.subject_id == entry_id]


@pytest.mark.parametrize("channel", ["line", "bot"])
async def test_a_reply_is_sent_once_and_confirmed(house: House, channel: str) -> None:
    entry = await reply(house, await chat(house, channel=channel), "สวัสดีค่ะ")
    assert (await house.delivered_as(entry, "sent"))[:2] == ("sent", 1)
    assert await sent_texts(house, channel) == ["สวัสดีค่ะ"]
    assert await empty(house)


async def test_a_fresh_reply_token_is_used_once(house: House) -> None:
    target = f"{house.base}/webhooks/line"
    await asyncio.to_thread(lambda: house.platforms.line("line", target=target))
    await asyncio.to_thread(house.platforms.say, "line", "nok", "hello")
    assert (await asyncio.to_thread(house.platforms.settle)).settled
    await house.settled()
    (session,) = await house.sessions()
    for text in ("one", "two"):
        await house.delivered_as(await reply(house, session.id, text), "sent")
    assert [(sent.method, sent.text) for sent in await house.sent()] == [
        ("reply", "one"),
        ("push", "two"),
    ]


async def test_line_took_it_but_its_answer_was_lost(house: House) -> None:
    """The same key again: LINE says it has it already. Sent, exactly once."""
    session_id = await chat(house)
    await house.fault(FaultKind.DROP_RESPONSE, account="line")
    entry = await reply(house, session_id)
    await attempted(house, entry, 1)
    house.moved(2)
    assert (await house.delivered_as(entry, "sent", "uncertain", "failed"))[:2] == ("sent", 2)
    assert await sent_texts(house) == ["hi"]


async def test_lines_answer_lost_and_then_faults(house: House) -> None:
    session_id = await chat(house)
    await house.fault(FaultKind.DROP_RESPONSE, account="line")
    await house.fault(FaultKind.SERVER_ERROR, account="line", count=2)
    entry = await reply(house, session_id)
    for attempt, wait in ((1, 2), (2, 3), (3, 5)):
        await attempted(house, entry, attempt)
        house.moved(wait)
    assert (await house.delivered_as(entry, "sent", "uncertain", "failed"))[0] == "sent"
    assert await sent_texts(house) == ["hi"]


async def test_once_line_has_forgotten_the_key_nothing_is_repeated(house: House) -> None:
    session_id = await chat(house)
    await house.fault(FaultKind.DROP_RESPONSE, account="line")
    entry = await reply(house, session_id)
    await attempted(house, entry, 1)
    house.moved(25 * 3600)
    assert (await house.delivered_as(entry, "sent", "uncertain"))[0] == "uncertain"
    assert await sent_texts(house) == ["hi"]


async def test_telegrams_answer_lost_is_uncertain_and_never_repeated(house: House) -> None:
    session_id = await chat(house, channel="bot")
    await house.fault(FaultKind.DROP_RESPONSE, account="bot")
    entry = await reply(house, session_id)
    assert (await house.delivered_as(entry, "sent", "uncertain", "failed"))[:2] == ("uncertain", 1)
    house.moved(3600)
    after = await reply(house, session_id, "another")
    await house.delivered_as(after, "sent")
    assert await sent_texts(house, "bot") == ["hi", "another"]
    assert await states_of(house, entry) == ["uncertain"]


async def test_a_person_may_send_an_uncertain_reply_again(house: House) -> None:
    session_id = await chat(house, channel="bot")
    await house.fault(FaultKind.DROP_RESPONSE, account="bot")
    entry = await reply(house, session_id)
    await house.delivered_as(entry, "uncertain")
    again = await house.ok("bo", "POST", f"/api/sessions/{session_id}/messages/{entry}/retry")
    assert again["delivery"]["state"] == "queued"
    await house.delivered_as(entry, "sent")
    assert await sent_texts(house, "bot") == ["hi", "hi"]
    assert await states_of(house, entry) == ["uncertain", "queued", "sent"]
    twice = await house.call("bo", "POST", f"/api/sessions/{session_id}/messages/{entry}/retry")
    assert twice.status_code == 409


@pytest.mark.parametrize("channel", ["line", "bot"])
async def test_being_told_to_slow_down_is_patience(house: House, channel: str) -> None:
    session_id = await chat(house, channel=channel)
    await house.fault(FaultKind.RATE_LIMIT, account=channel, seconds=30.0)
    entry = await reply(house, session_id)
    await attempted(house, entry, 1)
    assert (await house.delivery(entry))[0] == "queued"
    assert await sent_texts(house, channel) == []
    house.moved(31)
    assert (await house.delivered_as(entry, "sent", "failed"))[:2] == ("sent", 2)
    assert await sent_texts(house, channel) == ["hi"]


async def test_a_used_up_quota_is_a_failure_with_its_reason(house: House) -> None:
    session_id = await chat(house)
    await house.fault(FaultKind.QUOTA, account="line")
    entry = await reply(house, session_id)
    state, attempts, reason = await house.delivered_as(entry, "sent", "failed", "uncertain")
    assert (state, attempts) == ("failed", 1)
    assert "month" in str(reason)
    (session,) = await house.sessions()
    assert session.waiting_since is not None, "a failed reply counts as none"
    await house.ok("amy", "POST", f"/api/sessions/{session_id}/messages/{entry}/retry")
    await house.delivered_as(entry, "sent")
    (session,) = await house.sessions()
    assert session.waiting_since is None
    assert await sent_texts(house) == ["hi"]


@pytest.mark.parametrize("channel", ["line", "bot"])
async def test_a_wrong_token_is_a_failure_that_names_it(house: House, channel: str) -> None:
    session_id = await chat(house, channel=channel)
    await house.fault(FaultKind.EXPIRED_TOKEN, account=channel)
    entry = await reply(house, session_id)
    state, _, reason = await house.delivered_as(entry, "sent", "failed", "uncertain")
    assert state == "failed"
    assert "token" in str(reason)
    assert await sent_texts(house, channel) == []


async def test_who_blocked_the_bot_cannot_be_reached(house: House) -> None:
    session_id = await chat(house, channel="bot")
    await asyncio.to_thread(lambda: house.platforms.user("bot", "nok", blocked=True))
    entry = await reply(house, session_id)
    state, _, reason = await house.delivered_as(entry, "sent", "failed", "uncertain")
    assert state == "failed"
    assert "block" in str(reason)
    identities = await house.rows(sa.select(tables.table(tables.Identity)))
    assert [row.reachable for row in identities] == [False]


async def test_a_fault_of_line_is_repeated_with_the_same_key(house: House) -> None:
    session_id = await chat(house)
    await house.fault(FaultKind.SERVER_ERROR, account="line")
    entry = await reply(house, session_id)
    await attempted(house, entry, 1)
    house.moved(2)
    assert (await house.delivered_as(entry, "sent", "uncertain", "failed"))[:2] == ("sent", 2)
    assert await sent_texts(house) == ["hi"]


async def test_a_fault_of_telegram_is_never_sent_twice(house: House) -> None:
    session_id = await chat(house, channel="bot")
    await house.fault(FaultKind.SERVER_ERROR, account="bot")
    entry = await reply(house, session_id)
    assert (await house.delivered_as(entry, "sent", "uncertain", "failed"))[0] == "uncertain"
    house.moved(3600)
    await house.delivered_as(await reply(house, session_id, "next"), "sent")
    assert await sent_texts(house, "bot") == ["next"]


async def test_the_order_within_a_conversation_is_kept(house: House) -> None:
    first, second = await chat(house, "nok"), await chat(house, "mai")
    await house.fault(FaultKind.RATE_LIMIT, account="line", seconds=30.0)
    entries = [await reply(house, first, "n0")]
    await attempted(house, entries[0], 1)
    entries += [await reply(house, first, f"n{number}") for number in range(1, 4)]
    others = [await reply(house, second, f"m{number}") for number in range(4)]
    for entry in others:
        await house.delivered_as(entry, "sent")
    assert [text for text in await sent_texts(house) if text.startswith("n")] == []
    house.moved(31)
    for entry in entries:
        await house.delivered_as(entry, "sent")
    texts = await sent_texts(house)
    assert [text for text in texts if text.startswith("n")] == ["n0", "n1", "n2", "n3"]
    assert [text for text in texts if text.startswith("m")] == ["m0", "m1", "m2", "m3"]


async def test_what_failed_does_not_hold_up_what_follows(house: House) -> None:
    session_id = await chat(house)
    await house.fault(FaultKind.QUOTA, account="line")
    first = await reply(house, session_id, "one")
    second = await reply(house, session_id, "two")
    assert (await house.delivered_as(second, "sent"))[0] == "sent"
    assert (await house.delivery(first))[0] == "failed"


async def test_nobody_takes_it_for_a_day(house: House) -> None:
    session_id = await chat(house)
    await house.fault(FaultKind.RATE_LIMIT, account="line", count=2, seconds=1.0)
    entry = await reply(house, session_id)
    await attempted(house, entry, 1)
    house.moved(steps.GIVE_UP_AFTER / 1000 + 1)
    state, _, reason = await house.delivered_as(entry, "failed", "sent")
    assert state == "failed"
    assert "Given up" in str(reason)


class Stuck:
    """An adapter's send that hangs for ever, after or before the real one."""

    def __init__(self, adapter: Any, *, after: bool) -> None:
        self._send, self._after = adapter.send, after
        self.reached = asyncio.Event()

    async def __call__(self, outgoing: Any) -> Any:
        if self._after:
            await self._send(outgoing)
        self.reached.set()
        await asyncio.Event().wait()


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize(("channel", "state"), [("line", "sent"), ("bot", "uncertain")])
async def test_a_crash_while_sending(
    house: House, channel: str, state: str, accepted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LINE is asked again with the same key; of Telegram nobody knows, and nobody guesses."""
    session_id = await chat(house, channel=channel)
    _, adapter = house.backend.channels.named(channel)
    stuck = Stuck(adapter, after=accepted)
    monkeypatch.setattr(adapter, "send", stuck)
    entry = await reply(house, session_id)
    await asyncio.wait_for(stuck.reached.wait(), 20)
    rows = await house.rows(sa.select(OUTBOX))
    assert [row.state for row in rows] == ["sending"]
    await house.crash()
    await house.start()
    house.moved(3)
    assert (await house.delivered_as(entry, "sent", "uncertain", "failed"))[0] == state
    expected = 1 if accepted or channel == "line" else 0
    assert len(await sent_texts(house, channel)) == expected
    assert await empty(house)


async def test_what_was_queued_before_a_crash_is_sent_after_it(house: House) -> None:
    session_id = await chat(house)
    for task in house.backend._tasks:
        if task.get_name() == "outbox":
            task.cancel()
    entries = [await reply(house, session_id, f"r{number}") for number in range(3)]
    await house.restart(crash=True)
    for entry in entries:
        await house.delivered_as(entry, "sent")
    assert await sent_texts(house) == ["r0", "r1", "r2"]


async def test_stopping_in_good_order_sends_what_is_queued(house: House) -> None:
    session_id = await chat(house)
    entries = [await reply(house, session_id, f"r{number}") for number in range(5)]
    await house.stop()
    assert await sent_texts(house) == [f"r{number}" for number in range(5)]
    await house.start()
    assert {(await house.delivery(entry))[0] for entry in entries} == {"sent"}


async def test_a_fault_of_our_own_is_treated_as_silence(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = await chat(house, channel="bot")
    _, adapter = house.backend.channels.named("bot")

    async def broken(_outgoing: Any) -> Any:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(adapter, "send", broken)
    entry = await reply(house, session_id)
    assert (await house.delivered_as(entry, "sent", "uncertain"))[0] == "uncertain"


async def test_a_reply_to_a_channel_that_lost_its_credentials_is_told(house: House) -> None:
    session_id = await chat(house)
    without = house.file().replace('access_token = "', '# access_token = "')
    await house.database.write(apply_file, without, {})
    await house.restart()
    entry = await reply(house, session_id)
    state, _, reason = await house.delivered_as(entry, "failed", "sent")
    assert state == "failed"
    assert "access_token" in str(reason)


async def test_the_same_idempotency_key_sends_once(house: House) -> None:
    session_id = await chat(house)
    path, body = f"/api/sessions/{session_id}/messages", {"text": "hi"}
    answers = await asyncio.gather(
        *(house.ok("amy", "POST", path, body, Idempotency_Key="k1") for _ in range(8))
    )
    assert len({answer["id"] for answer in answers}) == 1
    await house.delivered_as(answers[0]["id"], "sent")
    assert await sent_texts(house) == ["hi"]


@pytest.mark.parametrize("text", ["", "  \n", "x" * 5001])
async def test_what_cannot_be_sent_is_refused_before_it_is_stored(house: House, text: str) -> None:
    session_id = await chat(house)
    answer = await house.call("amy", "POST", f"/api/sessions/{session_id}/messages", {"text": text})
    assert (answer.status_code, answer.json()["type"]) == (422, "cannot-send")
    assert await house.texts("reply") == []
