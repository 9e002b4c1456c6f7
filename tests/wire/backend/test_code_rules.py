"""What a code binds, whom it routes to, who is told, and what stays as it was (Q2-Q8, Q10, Q12)."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from tests.wire.backend.coded import (
    BOUND,
    CONTACTS,
    CONVERSATIONS,
    DUPLICATE,
    FAILED,
    IDENTITIES,
    all_sent,
    answers,
    at_once,
    contact_of,
    live_bindings,
    make_code,
    sends,
)
from tests.wire.backend.conftest import BOT_TOKEN, ENTRIES, SESSIONS, House, message, unsend

from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.codes import PREFIX
from inbox_tui.mock.words import FaultKind
from inbox_tui.store import tables

HELLO = "Hello, do you have this?"


async def apply(house: House, text: str) -> None:
    await house.database.write(apply_file, text, {})
    await house.settled()


async def change(house: House, statement: sa.Update) -> None:
    await house.database.write(lambda work: work.execute(statement))


async def only(house: House) -> Any:
    (session,) = await house.sessions()
    return session


async def timeline(house: House, session_id: int) -> list[tuple[str, str | None]]:
    """Return what stands in a timeline: kind and happening, or what a message says."""
    page = await house.ok("amy", "GET", f"/api/sessions/{session_id}/timeline")
    return [
        (entry["kind"], entry["happening"] or entry["data"].get("outcome"))
        for entry in page["items"]
    ]


# --- only their own message binds (Q2, Q3) -----------------------------------------------------


async def test_q2_making_a_code_binds_nobody_until_the_contact_sends_it(house: House) -> None:
    user = await house.customer("nok")
    await sends(house, user, HELLO)
    code = await make_code(house, agent="bo")
    assert await live_bindings(house) == []
    await sends(house, user, code)
    contact = await contact_of(house, user)
    assert await live_bindings(house) == [(contact.id, "bo", None, f"code:{code}")]


async def test_q2_telegrams_start_link_binds_once_start_is_pressed(house: House) -> None:
    made = await house.ok("bo", "POST", "/api/codes", {"channel": "bot", "agent": "bo"})
    assert made["link"].endswith(f"?start={made['code']}")
    await asyncio.to_thread(house.platforms.scan, "nok", made["link"], account="bot")

    async def bound() -> bool:
        return bool(await live_bindings(house))

    await house.until(bound)
    await all_sent(house)
    assert [sent.text for sent in await house.sent("bot")] == [BOUND.format("bo")]
    assert await house.sessions() == []
    assert await house.texts("code") == [f"/start {made['code']}"]


async def test_q3_a_start_that_carries_no_code_is_a_message_like_any_other(house: House) -> None:
    await asyncio.to_thread(house.platforms.say, "bot", "nok", "/start summer")

    async def opened() -> bool:
        return bool(await house.sessions())

    await house.until(opened)
    assert await house.texts("code") == []
    assert await house.sent("bot") == []


@pytest.mark.parametrize("dressed", [str.upper, "  {}\n".format, "\u3000{}\ufeff".format])
async def test_q3_trimmed_and_folded_it_binds(house: House, dressed: Any) -> None:
    code = await make_code(house, agent="bo")
    await sends(house, await house.customer("nok"), dressed(code))
    assert [how for *_, how in await live_bindings(house)] == [f"code:{code}"]


async def test_q3_no_message_without_the_prefix_is_caught(house: House) -> None:
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    for text in (code.removeprefix(PREFIX), code.replace("-", " "), "ibx", "i bx-", "x-" * 2_000):
        await sends(house, user, text)
    assert await answers(house, user) == []
    assert len(await house.texts()) == 5
    assert (await only(house)).customer_messages == 5


async def test_q3_an_altered_code_with_other_words_is_answered_and_is_a_question_too(
    house: House,
) -> None:
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    await sends(house, user, f"hello, {code} please")
    session = await only(house)
    assert session.waiting_since is not None
    assert session.last_line == f"hello, {code} please"
    assert await answers(house, user) == [FAILED]
    assert await live_bindings(house) == []
    # M10: what was answered by itself ended no wait.
    assert (session.replies, session.first_reply_at) == (0, None)


async def test_q3_only_text_is_read(house: House) -> None:
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    sticker = {
        "id": "1",
        "type": "sticker",
        "packageId": "1",
        "stickerId": "2",
        "stickerResourceType": "STATIC",
        "text": code,
    }
    await house.says(message(user, message=sticker))
    await all_sent(house)
    assert await answers(house, user) == []
    assert await live_bindings(house) == []


async def test_q3_a_message_edited_into_a_code_was_not_sent_as_one(house: House) -> None:
    made = await house.ok("bo", "POST", "/api/codes", {"channel": "bot", "agent": "bo"})
    said = await asyncio.to_thread(house.platforms.say, "bot", "nok", "hello")
    message_id = said.message_id
    await asyncio.to_thread(house.platforms.edit, "bot", "nok", made["code"], message_id)

    async def edited() -> bool:
        return await house.texts() == [made["code"]]

    await house.until(edited)
    assert await live_bindings(house) == []
    assert await house.sent("bot") == []


async def test_q3_in_a_group_nobody_is_bound(house: House) -> None:
    code = await make_code(house, agent="bo")
    group = {"type": "group", "groupId": "C1", "userId": "U1"}
    await house.says(message("U1", code, source=group))
    await all_sent(house)
    assert await live_bindings(house) == []
    assert await house.sent() == []


# --- the first wins; what is open is routed, what is served stays (Q4, Q12, R1) -----------------


async def test_q4_an_unassigned_session_goes_to_whom_they_are_bound_to_at_once(
    house: House,
) -> None:
    await house.at_work("cy")
    code = await make_code(house, agent="cy")
    user = await house.customer("nok")
    await sends(house, user, HELLO)
    assert await house.owners() == [None]  # the channel's team is sales
    await sends(house, user, code)
    assert await house.owners() == ["cy"]
    session = await only(house)
    (event,) = [e for e in await house.events("session.assigned") if e.session_id == session.id]
    assert event.data["why"]["step"] == "binding"
    assert [kind for kind, _ in await timeline(house, session.id)].count("code") == 1
    assert ("happening", "bound") in await timeline(house, session.id)


async def test_q4_a_served_session_stays_and_both_are_told(house: House) -> None:
    await house.at_work("amy", "bo", "cy")
    user = await house.customer("nok")
    await sends(house, user, HELLO)
    (served_by,) = await house.owners()
    assert served_by in ("amy", "bo")
    live = await house.live("cy")
    code = await make_code(house, agent="cy")
    await sends(house, user, code)
    assert await house.owners() == [served_by]
    session = await only(house)
    await live.until(lambda live: "message.delivery" in live.kinds())
    (told,) = [data for _, _, data in live.frames if "binding" in data["data"].get("changes", {})]
    assert told["kind"] == "contact.changed"
    assert told["data"]["changes"]["binding"]["agent"] == "cy"
    assert told["session"]["assignee"] == served_by
    assert told["entry"]["happening"] == "bound"
    assert told["entry"]["data"] == {"assignee": "cy", "code": code}
    shown = [what for what in await timeline(house, session.id) if what[0] != "customer"]
    assert sorted(shown, key=str) == [
        ("automatic", None),
        ("code", "bound"),
        ("happening", "assigned"),
        ("happening", "bound"),
        ("happening", "opened"),
    ]
    # The same frame is given to who was away meanwhile.
    late = await house.live("cy", f"after={told['seq'] - 1}")
    await late.until(lambda live: bool(live.numbers))
    (again,) = [data for _, number, data in late.frames if number == told["seq"]]
    assert again["entry"] == told["entry"]


async def test_q4_who_does_not_see_the_session_is_told_of_the_binding_alone(house: House) -> None:
    await apply(house, "[workspace]\nrestrict_to_team = true\n")
    await house.at_work("bo")
    user = await house.customer("nok")
    await sends(house, user, HELLO)
    code = await make_code(house, agent="cy")
    before = (await house.events())[-1].seq
    lives = [await house.live(who) for who in ("cy", "bo", "amy")]
    await sends(house, user, code)
    newest = (await house.events())[-1].seq
    for live in lives:
        await live.up_to(newest)
    (event,) = [
        event
        for event in await house.events("contact.changed")
        if "binding" in event.data.get("changes", {})
    ]
    told = {
        who: next(data for _, number, data in live.frames if number == event.seq)
        for who, live in zip(("cy", "bo", "amy"), lives, strict=True)
    }
    contact = await contact_of(house, user)
    assert (told["cy"]["session"], told["cy"]["entry"]) == (None, None)
    assert told["cy"]["data"] == {
        "contact_id": contact.id,
        "changes": {"binding": {"agent": "cy", "team": None, "how": f"code:{code}"}},
        "was": {"binding": None},
    }
    assert told["bo"] == told["amy"]
    assert told["bo"]["session"]["assignee"] == "bo"
    # Read again from the log it is the same, and no frame shows the session.
    late = await house.live("cy", f"after={before}")
    await late.up_to(newest)
    again = {number: data for _, number, data in late.frames}
    assert again[event.seq] == told["cy"]
    assert all(not data.get("session") and not data.get("entry") for data in again.values())


async def test_q4_the_next_session_goes_to_whom_they_are_bound_to(house: House) -> None:
    await house.at_work("amy", "bo", "cy")
    user = await house.customer("nok")
    await sends(house, user, await make_code(house, agent="cy"))
    assert await house.sessions() == []
    await sends(house, user, HELLO)
    assert await house.owners() == ["cy"]


async def test_r1_a_binding_comes_before_the_dedicated_and_the_previous_agent(
    house: House,
) -> None:
    await house.at_work("amy", "bo", "cy")
    user = await house.customer("nok")
    await sends(house, user, HELLO)
    (session,) = await house.sessions()
    served_by = (await house.owners())[0] or ""
    await house.ok(served_by, "POST", f"/api/sessions/{session.id}/end", {"reason": "done"})
    path = f"/api/contacts/{session.contact_id}"
    await house.ok("amy", "PATCH", path, {"dedicated_agent": "amy"})
    await sends(house, user, await make_code(house, agent="cy"))
    await sends(house, user, HELLO)
    assert (await house.owners())[-1] == "cy"


async def test_r6_bound_to_who_is_away_it_waits_for_them_and_then_goes_on(house: House) -> None:
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    await sends(house, user, HELLO)
    house.moved(600)
    await sends(house, user, code)
    await house.at_work("amy")
    session = await only(house)
    assert (session.assignee_id, session.unassigned_reason) == (None, "waiting_for_agent")
    assert session.wait_until == house.clock.now() + 120_000
    house.moved(120)
    await house.settled()
    assert await house.owners() == ["amy"]


@pytest.mark.parametrize("crash", [False, True])
async def test_q4_bound_before_a_restart_it_is_routed_by_it_after(
    house: House, crash: bool
) -> None:
    code = await make_code(house, agent="cy")
    user = await house.customer("nok")
    await sends(house, user, HELLO)
    await sends(house, user, code)
    await house.restart(crash=crash)
    await house.at_work("cy")
    assert await house.owners() == ["cy"]
    await sends(house, user, code)
    assert await answers(house, user) == [BOUND.format("cy"), DUPLICATE.format("cy")]


async def test_q12_a_teams_code_hands_out_by_the_teams_method(house: House) -> None:
    await house.at_work("amy", "bo", "cy")
    await apply(house, '[[teams]]\nslug = "care"\nmembers = ["cy", "bo"]\n')
    code = await make_code(house, team="care")
    for name in ("nok", "lek"):
        user = await house.customer(name)
        await sends(house, user, code)
        await sends(house, user, HELLO)
        assert await answers(house, user) == [BOUND.format("care")]
    assert sorted(name or "" for name in await house.owners()) == ["bo", "cy"]
    for session in await house.sessions():
        assert house.backend.directory.slug(session.team_id) == "care"


async def test_q12_in_a_team_without_a_method_the_manager_hands_out(house: House) -> None:
    await house.at_work("amy", "bo", "cy")
    await apply(house, '[[teams]]\nslug = "care"\nmethod = "manual"\n')
    user = await house.customer("nok")
    await sends(house, user, await make_code(house, team="care"))
    await sends(house, user, HELLO)
    session = await only(house)
    assert (session.assignee_id, session.unassigned_reason) == (None, "manual")


async def test_q1_an_agent_inside_a_team_is_served_in_that_team(house: House) -> None:
    await apply(house, '[[teams]]\nslug = "care"\nmembers = ["cy", "bo"]\n')
    await house.at_work("amy", "bo", "cy")
    user = await house.customer("nok")
    await sends(house, user, await make_code(house, agent="bo", team="care"))
    await sends(house, user, HELLO)
    session = await only(house)
    assert await house.owners() == ["bo"]
    assert house.backend.directory.slug(session.team_id) == "care"


async def test_q4_two_codes_at_once_give_one_binding(house: House) -> None:
    bo, cy = await make_code(house, agent="bo"), await make_code(house, agent="cy")
    for number in range(6):
        user = await house.customer(f"nok{number}")
        await at_once(house, ("line", message(user, bo)), ("line", message(user, cy)))
        contact = await contact_of(house, user)
        (first,) = [agent for about, agent, *_ in await live_bindings(house) if about == contact.id]
        said = [BOUND.format(first), DUPLICATE.format(first)]
        assert sorted(await answers(house, user)) == sorted(said)


async def test_q4_two_codes_of_one_contact_on_two_channels(house: House) -> None:
    """The bot is received by webhook here, so that both come in the same way."""
    await apply(
        house,
        '[[channels]]\nslug = "bot"\nkind = "telegram"\n[channels.credentials]\n'
        f'token = "{BOT_TOKEN}"\nsecret_token = "sesame"\n',
    )
    await house.backend.channels_follow()
    line_code = await make_code(house, agent="bo")
    bot_code = await make_code(house, channel="bot", agent="cy")
    user = await house.customer("nok")
    chat = int(await house.customer("nok", channel="bot"))

    def update(number: int, text: str) -> dict[str, Any]:
        told = {"message_id": number, "date": 1_772_450_000, "text": text}
        who = {"id": chat, "first_name": "Nok"}
        return {
            "update_id": number,
            "message": {**told, "from": who, "chat": {"id": chat, "type": "private"}},
        }

    async def telegram(number: int, text: str) -> None:
        http = await house.http()
        secret = {"X-Telegram-Bot-Api-Secret-Token": "sesame"}
        answer = await http.post("/webhooks/bot", json=update(number, text), headers=secret)
        assert answer.status_code == 200

    await sends(house, user, "hello")
    await telegram(1, "hello")
    line = await contact_of(house, user)
    # One person on both: what joining two contacts does.
    for table in (IDENTITIES, CONVERSATIONS, SESSIONS):
        await change(house, sa.update(table).values(contact_id=line.id))
    await asyncio.gather(house.webhook(message(user, line_code)), telegram(2, f"/start {bot_code}"))
    await all_sent(house)
    ((_, agent, _, _),) = await live_bindings(house)
    said = [*await answers(house, user), *[sent.text for sent in await house.sent("bot")]]
    assert sorted(said) == sorted([BOUND.format(agent), DUPLICATE.format(agent)])
    # It is shown in the open sessions of both.
    for session in await house.sessions():
        assert (await timeline(house, session.id)).count(("happening", "bound")) == 1


# --- repeats, crashes, what is put off (Q5, Q6) -------------------------------------------------


@pytest.mark.parametrize("crash", [False, True])
async def test_q5_a_repeat_after_a_restart_does_nothing(house: House, crash: bool) -> None:
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    sent = message(user, code)
    await house.says(sent)
    await all_sent(house)
    bound = await live_bindings(house)
    await house.restart(crash=crash)
    await house.says(sent)
    await house.says({**sent, "webhookEventId": "01OTHER"})
    await all_sent(house)
    assert await live_bindings(house) == bound
    assert await answers(house, user) == [BOUND.format("bo")]
    assert await house.texts("code") == [code]
    await sends(house, user, code)
    assert (await answers(house, user))[1:] == [DUPLICATE.format("bo")]


async def test_q6_a_code_stored_before_a_crash_is_answered_once_after_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    for task in house.backend._tasks:
        if task.get_name() == "processor":
            task.cancel()
    monkeypatch.setattr("inbox_tui.store.database.CROWD", -1)  # what comes in is put off
    assert (await house.webhook(message(user, code))).status_code == 200
    assert await live_bindings(house) == []
    monkeypatch.undo()
    await house.restart(crash=True)
    await all_sent(house)
    assert [how for *_, how in await live_bindings(house)] == [f"code:{code}"]
    assert await answers(house, user) == [BOUND.format("bo")]


async def test_q6_a_reply_that_was_on_its_way_in_a_crash_is_sent_once(house: House) -> None:
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    await house.fault(FaultKind.DROP_RESPONSE, account="line")
    await house.says(message(user, code))

    async def tried() -> bool:
        outbox = tables.table(tables.Outbox)
        return any(row.attempts for row in await house.rows(sa.select(outbox.c.attempts)))

    async def settled() -> bool:
        house.moved(600)  # the lost answer may be that of the second attempt: there is a third
        return await house.count(tables.Outbox) == 0

    await house.until(tried)
    await house.restart(crash=True)
    await house.until(settled)
    assert await answers(house, user) == [BOUND.format("bo")]


async def test_q6_exactly_one_reply_also_where_all_other_messages_are_on(house: House) -> None:
    """Q7: a code alone opens no session, so it is neither greeted nor told of hours or queues."""
    await apply(house, '[messages]\non = ["greeting", "assigned", "away", "over_capacity"]\n')
    await house.at_work("bo")
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    await sends(house, user, code)
    await sends(house, user, code)
    assert await answers(house, user) == [BOUND.format("bo"), DUPLICATE.format("bo")]
    assert await house.sessions() == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("th", "ตอนนี้"),
        ("vi", "Bạn"),
        ("de", "You are now assigned to bo."),
    ],
)
async def test_q6_in_the_customers_language_else_the_workspaces(
    house: House, language: str, said: str
) -> None:
    code = await make_code(house, agent="bo")
    user = await house.customer(f"nok{language}")
    await house.says(message(user, HELLO))
    await change(house, sa.update(IDENTITIES).values(language=language))
    await change(house, sa.update(SESSIONS).values(language=language))
    await sends(house, user, code)
    (told,) = await answers(house, user)
    assert said in told
    assert "bo" in told


# --- what a code leaves as it was (Q7) ----------------------------------------------------------


async def test_q7_a_code_in_an_open_session_is_no_question(house: House) -> None:
    await house.at_work("bo")
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    await sends(house, user, HELLO)
    session = await only(house)
    path = f"/api/sessions/{session.id}"
    reply = await house.ok("bo", "POST", f"{path}/messages", {"text": "Yes, we have."})
    await house.delivered_as(reply["id"], "sent")
    await house.ok("bo", "POST", f"{path}/read", {"customer_messages": 1})
    before = await house.ok("bo", "GET", path)
    house.moved(60)
    await sends(house, user, code)
    after = await house.ok("bo", "GET", path)
    same = ("unanswered", "unread_count", "waiting_since", "last_customer_message_at", "last_line")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    assert (after["unanswered"], after["unread_count"]) == (False, 0)
    assert after["last_line_kind"] == "reply"


async def test_q7_a_failed_reply_is_counted_out_without_the_code(house: House) -> None:
    """R7: a failed reply counts as none; the wait goes back to the question, not to the code."""
    await house.at_work("bo")
    user = await house.customer("nok")
    code = await make_code(house, agent="bo")
    await sends(house, user, HELLO)
    asked = (await only(house)).waiting_since
    house.moved(60)
    await sends(house, user, code)
    await house.fault(FaultKind.QUOTA, account="line")
    path = f"/api/sessions/{(await only(house)).id}/messages"
    reply = await house.ok("bo", "POST", path, {"text": "hello"})
    await house.delivered_as(reply["id"], "failed")
    assert (await only(house)).waiting_since == asked
    # After a reply that was sent, one that fails leaves nobody waiting: only a code came since.
    sent = await house.ok("bo", "POST", path, {"text": "hello again"})
    await house.delivered_as(sent["id"], "sent")
    await sends(house, user, code)
    await house.fault(FaultKind.QUOTA, account="line")
    reply = await house.ok("bo", "POST", path, {"text": "and again"})
    await house.delivered_as(reply["id"], "failed")
    assert (await only(house)).waiting_since is None


async def test_q7_a_code_sent_before_stands_in_the_timeline_of_the_next_session(
    house: House,
) -> None:
    await house.at_work("bo")
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    await sends(house, user, code)
    await sends(house, user, HELLO)
    session = await only(house)
    shown = await timeline(house, session.id)
    assert shown[0] == ("code", "bound")
    assert session.customer_messages == 1


async def test_q7_a_code_taken_back_is_shown_as_such_and_stays_bound(house: House) -> None:
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    sent = message(user, code)
    await house.says(sent)
    await house.says(unsend(user, sent["message"]["id"]))
    (entry,) = await house.rows(sa.select(ENTRIES).where(ENTRIES.c.kind == "code"))
    assert entry.unsent_at is not None
    # Taken back before it came, as it may overtake: it was sent all the same.
    other = await house.customer("lek")
    early = message(other, code)
    await house.says(unsend(other, early["message"]["id"]))
    await house.says(early)
    await all_sent(house)
    assert len(await live_bindings(house)) == 2
    entries = await house.rows(sa.select(ENTRIES).where(ENTRIES.c.kind == "code"))
    assert all(entry.unsent_at is not None for entry in entries)


async def test_q7_a_code_that_is_edited_is_shown_as_it_is_now_and_stays_one(
    house: House,
) -> None:
    code = await make_code(house, channel="bot", agent="bo")
    said = await asyncio.to_thread(house.platforms.say, "bot", "nok", code)

    async def bound() -> bool:
        return bool(await live_bindings(house))

    await house.until(bound)
    await asyncio.to_thread(house.platforms.edit, "bot", "nok", "never mind", said.message_id)

    async def edited() -> bool:
        return await house.texts("code") == ["never mind"]

    await house.until(edited)
    await all_sent(house)
    assert len(await live_bindings(house)) == 1
    assert await house.sessions() == []
    assert len(await house.sent("bot")) == 1


async def test_q7_a_blocked_contact_gets_nothing_and_the_code_is_kept(house: House) -> None:
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    await house.says(message(user, HELLO))
    await change(house, sa.update(CONTACTS).values(blocked=True))
    await sends(house, user, code)
    await sends(house, user, f"{code} please")
    assert await answers(house, user) == []
    assert await live_bindings(house) == []
    assert await house.texts("code") == [code]
    assert len(await house.sessions()) == 1


# --- ended, moved, deactivated (Q8) -------------------------------------------------------------


async def test_q8_deactivation_ends_bindings_routes_anew_and_lets_them_bind_to_another(
    house: House,
) -> None:
    await house.at_work("amy", "bo")
    bo, cy = await make_code(house, agent="bo"), await make_code(house, agent="cy")
    user = await house.customer("nok")
    await sends(house, user, bo)
    await sends(house, user, HELLO)
    assert await house.owners() == ["bo"]
    effects = await house.ok("amy", "GET", "/api/agents/bo/deactivation")
    assert (effects["bindings"], effects["sessions"]) == (1, 1)
    await house.ok("amy", "PATCH", "/api/agents/bo", {"active": False})
    await house.settled()
    assert await house.owners() == ["amy"]
    assert await live_bindings(house) == []
    session = await only(house)
    assert ("happening", "unbound") in await timeline(house, session.id)
    await sends(house, user, bo)
    await sends(house, user, cy)
    assert (await answers(house, user))[1:] == [FAILED, BOUND.format("cy")]
    # Who comes back finds their code at work again; bindings that ended stay so.
    await house.ok("amy", "PATCH", "/api/agents/bo", {"active": True})
    other = await house.customer("lek")
    await sends(house, other, bo)
    assert await answers(house, other) == [BOUND.format("bo")]


async def test_q8_one_or_all_bindings_of_an_agent_are_ended_or_moved_and_audited(
    house: House,
) -> None:
    code = await make_code(house, agent="bo")
    users = [await house.customer(f"nok{number}") for number in range(4)]
    for user in users:
        await sends(house, user, code)
    page = await house.ok("amy", "GET", "/api/bindings?agent=bo")
    ids = [item["id"] for item in page["items"]]
    await house.ok("amy", "DELETE", f"/api/bindings/{ids[0]}")
    await house.ok("amy", "POST", f"/api/bindings/{ids[1]}/move", {"agent": "cy"})
    moved = await house.ok(
        "amy", "POST", "/api/bindings/move", {"from_agent": "bo", "team": "care"}
    )
    assert moved == {"bindings": 2}
    assert [(agent, team) for _, agent, team, _ in await live_bindings(house)] == [
        ("cy", None),
        (None, "care"),
        (None, "care"),
    ]
    ended = await house.ok("amy", "DELETE", "/api/bindings?agent=cy")
    assert ended == {"bindings": 1}
    assert await house.ok("amy", "DELETE", "/api/bindings?agent=cy") == {"bindings": 0}
    told = [e for e in await house.events("contact.changed") if "changes" in (e.data or {})]
    told = [event for event in told if "binding" in event.data["changes"]]
    assert len(told) == 4 + 1 + 1 + 2 + 1
    amy = house.backend.directory.nicknames["amy"]
    assert [event.actor_id for event in told] == [None] * 4 + [amy] * 5
    # Whoever was let go may bind to another.
    await sends(house, users[0], code)
    assert (await answers(house, users[0]))[-1] == BOUND.format("bo")


async def test_q8_moving_leaves_who_is_there_already(house: House) -> None:
    inside = await make_code(house, agent="bo", team="sales")
    plain = await make_code(house, agent="bo")
    for name, code in (("nok", inside), ("lek", plain)):
        await sends(house, await house.customer(name), code)
    wanted = {"from_agent": "bo", "agent": "bo", "team": "sales"}
    assert await house.ok("amy", "POST", "/api/bindings/move", wanted) == {"bindings": 1}
    assert [(agent, team) for _, agent, team, _ in await live_bindings(house)] == [
        ("bo", "sales"),
        ("bo", "sales"),
    ]


async def test_q8_what_was_ended_stays_so_over_a_restart(house: House) -> None:
    code = await make_code(house, agent="bo")
    user = await house.customer("nok")
    sent = message(user, code)
    await house.says(sent)
    await all_sent(house)
    await house.ok("amy", "DELETE", "/api/bindings?agent=bo")
    await house.restart(crash=True)
    await house.says(sent)
    assert await live_bindings(house) == []
    await sends(house, user, code)
    assert len(await live_bindings(house)) == 1
    assert await answers(house, user) == [BOUND.format("bo")] * 2


# --- tags and profile (Q10) ---------------------------------------------------------------------


async def test_q10_tags_are_added_on_binding_and_the_profile_shows_by_which_code(
    house: House,
) -> None:
    code = await make_code(house, agent="bo", tags=["walk-in", "VIP"])
    user = await house.customer("nok")
    await house.says(message(user, HELLO))
    contact = await contact_of(house, user)
    path = f"/api/contacts/{contact.id}"
    await house.ok("amy", "PATCH", path, {"tags": ["vip", "regular"]})
    await sends(house, user, code)
    profile = await house.ok("bo", "GET", path)
    assert profile["tags"] == ["regular", "vip", "walk-in"]
    assert profile["binding"]["how"] == f"code:{code}"
    assert (profile["binding"]["agent"], profile["binding"]["by"]) == ("bo", None)
    (event,) = [
        e for e in await house.events("contact.changed") if "binding" in e.data.get("changes", {})
    ]
    assert event.data["changes"]["tags"] == ["regular", "vip", "walk-in"]
    # Sent again, it gives no tags anew.
    await house.ok("amy", "PATCH", path, {"tags": []})
    await sends(house, user, code)
    assert (await house.ok("bo", "GET", path))["tags"] == []


async def test_q10_counts_of_agents_and_teams(house: House) -> None:
    codes = [
        await make_code(house, agent="bo"),
        await make_code(house, agent="bo", team="sales"),
        await make_code(house, team="sales"),
        await make_code(house, team="care"),
    ]
    for number, code in enumerate(codes):
        await sends(house, await house.customer(f"nok{number}"), code)
    assert await house.ok("bo", "GET", "/api/bindings/counts") == {
        "agents": {"bo": 2},
        "teams": {"sales": 2, "care": 1},
    }
