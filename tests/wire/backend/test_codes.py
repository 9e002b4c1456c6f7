"""Codes through the whole backend: signed webhooks in, what the platform was told out (Q1-Q7).

The table below is every state of a code, of the contact who sends it and of whom it is for, sent
once, repeated, and twice at once. Whatever the case: exactly one matching reply to each message,
and nothing twice.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from tests.wire.backend.coded import (
    BINDINGS,
    BOUND,
    CONTACTS,
    CONVERSATIONS,
    DUPLICATE,
    FAILED,
    IDENTITIES,
    all_sent,
    answers,
    make_code,
)
from tests.wire.backend.conftest import ENTRIES, SESSIONS, House, message

from inbox_tui import codes
from inbox_tui.clock import to_datetime
from inbox_tui.store import tables

ASKED = tuple(
    SESSIONS.c[name]
    for name in (
        "id",
        "state",
        "assignee_id",
        "waiting_since",
        "customer_messages",
        "last_customer_message_at",
        "last_line",
        "last_line_kind",
        "replies",
        "first_reply_at",
    )
)
"""What of a session no code ever changes (Q7, M10)."""

REPLIED = {
    "You are now assigned": "bound",
    "Assignment failed: you are already assigned": "duplicate",
    FAILED: "failed",
}

ASSIGNEES: dict[str, dict[str, str]] = {
    "agent": {"agent": "bo"},
    "agent inactive": {"agent": "bo"},
    "agent in team": {"agent": "bo", "team": "sales"},
    "agent not in the team any more": {"agent": "bo", "team": "sales"},
    "team": {"team": "sales"},
}
GONE = {"agent inactive", "agent not in the team any more"}


def substituted(code: str) -> str:
    at = 7
    return code[:at] + ("a" if code[at] != "a" else "e") + code[at + 1 :]


def transposed(code: str) -> str:
    """Exchange the first two consonants that differ."""
    letters = list(code)
    other = next(at for at in (6, 9, 11, 14) if code[at] != code[4])
    letters[4], letters[other] = letters[other], letters[4]
    return "".join(letters)


def cut(code: str) -> str:
    return code[:-2]


def unknown(code: str) -> str:
    return next(
        made for seed in range(9) if (made := codes.make(random.Random(seed).randrange)) != code
    )


ALTERED: dict[str, Callable[[str], str]] = {
    "substituted": substituted,
    "transposed": transposed,
    "cut": cut,
    "unknown": unknown,
}
STATES = ["live", *ALTERED, "expired", "revoked", "of another channel"]
CONTACTS_ARE = ["new", "waiting", "served", "bound elsewhere", "bound by it", "blocked"]
SENT_HOW = ["once", "delivered twice", "same message again", "two at once"]

AT_EACH_CHANGE = {("live", assignee) for assignee in ASSIGNEES} | {
    (state, "agent") for state in ("substituted", "unknown", "expired", "revoked")
}
CASES = [
    pytest.param(*case, marks=() if case in AT_EACH_CHANGE else pytest.mark.thorough)
    for case in product(STATES, ASSIGNEES)
]


@dataclass(frozen=True)
class Sender:
    """A customer of the table: how they stand, and how they send the code."""

    user: str
    state: str
    how: str


@dataclass(frozen=True)
class Seen:
    """How somebody stands: their sessions as a code must leave them, and what was written."""

    sessions: list[Any]
    entries: Counter[str]
    bindings: list[tuple[int | None, int | None, str]]


async def look(house: House, user: str) -> Seen:
    contact = sa.select(IDENTITIES.c.contact_id).where(IDENTITIES.c.external_id == user)
    conversation = sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.contact_id.in_(contact))
    sessions = await house.rows(
        sa.select(*ASKED).where(SESSIONS.c.contact_id.in_(contact)).order_by(SESSIONS.c.id)
    )
    entries = await house.rows(
        sa.select(ENTRIES.c.kind, ENTRIES.c.happening, ENTRIES.c.data).where(
            ENTRIES.c.conversation_id.in_(conversation)
        )
    )
    bindings = await house.rows(
        sa.select(BINDINGS.c.agent_id, BINDINGS.c.team_id, BINDINGS.c.how).where(
            BINDINGS.c.contact_id.in_(contact), BINDINGS.c.ended_at.is_(None)
        )
    )
    return Seen(sessions, Counter(map(named, entries)), [tuple(row) for row in bindings])


def named(entry: Any) -> str:
    """Say what an entry of a timeline is, in a word."""
    if entry.kind == "code":
        return f"code {(entry.data or {}).get('outcome', 'unread')}"
    return str(entry.happening or entry.kind)


async def prepared(house: House, code: str, elsewhere: str) -> list[Sender]:
    """A customer for every state of a contact and every way of sending."""
    senders = []
    for state in CONTACTS_ARE:
        for how in SENT_HOW:
            user = await house.customer(f"{state}, {how}")
            if state == "bound elsewhere":
                await house.says(message(user, elsewhere))
            elif state == "bound by it":
                await house.says(message(user, code))
            elif state != "new":
                await house.says(message(user, "hello"))
            if state == "served":
                (session,) = await house.rows(
                    sa.select(SESSIONS.c.id).order_by(SESSIONS.c.id.desc()).limit(1)
                )
                await house.ok("amy", "POST", f"/api/sessions/{session.id}/claim")
            senders.append(Sender(user, state, how))
    blocked = [sender.user for sender in senders if sender.state == "blocked"]
    await house.database.write(
        lambda work: work.execute(
            sa.update(CONTACTS)
            .where(
                CONTACTS.c.id.in_(
                    sa.select(IDENTITIES.c.contact_id).where(IDENTITIES.c.external_id.in_(blocked))
                )
            )
            .values(blocked=True)
        )
    )
    return senders


async def come_to_be(house: House, code: str, state: str, assignee: str) -> str:
    """Bring the code and whom it is for into their states; return what will be sent."""
    sent = code
    wanted = ASSIGNEES[assignee]
    if state in ALTERED:
        sent = ALTERED[state](code)
    elif state == "of another channel":
        sent = await make_code(house, channel="bot", **wanted)
    elif state == "revoked":
        await house.ok("amy", "DELETE", f"/api/codes/{code}")
    elif state == "expired":
        soon = to_datetime(house.clock.now()) + timedelta(minutes=1)
        again = {"channel": "line", **wanted, "expires_at": soon.isoformat()}
        await house.ok("amy", "POST", "/api/codes", again)
        house.moved(60)
    if assignee == "agent inactive":
        await house.ok("amy", "PATCH", "/api/agents/bo", {"active": False})
    elif assignee == "agent not in the team any more":
        text = '[[teams]]\nslug = "sales"\nmembers = ["amy"]\n'
        await house.ok("amy", "PUT", "/api/workspace", {"text": text})
    return sent


async def send(house: House, sender: Sender, text: str) -> int:
    """Send the code; return how many messages of it there are for the platform."""
    first = message(sender.user, text)
    match sender.how:
        case "once":
            await house.webhook(first)
        case "delivered twice":
            again = {**first, "deliveryContext": {"isRedelivery": True}}
            await asyncio.gather(house.webhook(first), house.webhook(again))
            await house.webhook(again)
        case "same message again":
            await house.webhook(first)
            await house.webhook({**first, "webhookEventId": f"{first['webhookEventId']}X"})
        case "two at once":
            await asyncio.gather(house.webhook(first), house.webhook(message(sender.user, text)))
            return 2
    return 1


def expected(house: House, sender: Sender, n: int, binds: bool, assignee: str) -> list[str]:
    """Return what ``n`` messages of the code are answered by the rules."""
    if sender.state == "blocked":
        return []
    if not binds:
        return [FAILED] * n
    if sender.state == "bound elsewhere":
        return [DUPLICATE.format("cy")] * n
    to = ASSIGNEES[assignee]
    names = house.backend.directory
    name = to.get("agent") or names.teams[names.team_slugs[to["team"]]].name
    if sender.state == "bound by it":
        return [DUPLICATE.format(name)] * n
    return [BOUND.format(name), *[DUPLICATE.format(name)] * (n - 1)]


@pytest.mark.parametrize(("state", "assignee"), CASES)
async def test_q3_q4_q5_q6_q7_every_code_contact_assignee_and_repeat(
    house: House, state: str, assignee: str
) -> None:
    code = await make_code(house, **ASSIGNEES[assignee])
    elsewhere = await make_code(house, agent="cy")
    senders = await prepared(house, code, elsewhere)
    sent = await come_to_be(house, code, state, assignee)
    await all_sent(house)
    before = {sender.user: await look(house, sender.user) for sender in senders}
    already = {sender.user: len(await answers(house, sender.user)) for sender in senders}

    messages = {sender.user: await send(house, sender, sent) for sender in senders}
    await all_sent(house)

    names = house.backend.directory
    to = ASSIGNEES[assignee]
    bound_to = (
        names.nicknames[to["agent"]] if "agent" in to else None,
        names.team_slugs[to["team"]] if "team" in to else None,
        f"code:{code}",
    )
    binds = state == "live" and assignee not in GONE
    for sender in senders:
        n, was = messages[sender.user], before[sender.user]
        case = f"{sender.state}, {sender.how}"
        wanted = expected(house, sender, n, binds, assignee)
        said = (await answers(house, sender.user))[already[sender.user] :]
        assert sorted(said) == sorted(wanted), case
        is_new = any(text.startswith("You are now") for text in wanted)
        after = await look(house, sender.user)
        assert after.sessions == was.sessions, case  # Q7
        assert after.bindings == ([bound_to] if is_new else was.bindings), case
        read_as = [f"code {REPLIED[text.split(' to ')[0]]}" for text in wanted]
        more = Counter({"automatic": len(wanted), **Counter(read_as or ["code unread"] * n)})
        if is_new and was.sessions:
            more["bound"] = 1  # Q4: the session's timeline tells it
        assert after.entries - was.entries == +more, case
    causes = await house.rows(sa.select(tables.table(tables.AutomaticMessage).c.cause))
    assert len(causes) == len({row.cause for row in causes})
