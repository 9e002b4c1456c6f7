"""Webhooks: what is refused, what is stored, what a repeat or a crash does."""

import asyncio
import json
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from tests.wire.backend.conftest import INBOUND, LINE_TOKEN, House, message, signature, unsend

from inbox_tui.backend.inbound import processor, store
from inbox_tui.backend.inbound import receive as receiving
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.errors import Unavailable
from inbox_tui.store import tables
from inbox_tui.store.work import Work


async def nothing_stored(house: House) -> bool:
    kinds = (tables.Delivery, tables.InboundEvent, tables.Entry, tables.Contact)
    return not any([await house.count(kind) for kind in kinds])


def is_problem(answer: httpx.Response, status: int) -> bool:
    return (
        answer.status_code == status
        and answer.headers["content-type"] == "application/problem+json"
        and answer.json()["status"] == status
    )


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every commit is a crowd: what comes in is stored, and applied later."""
    monkeypatch.setattr("inbox_tui.store.database.CROWD", -1)


def stop_applying(house: House) -> None:
    for task in house.backend._tasks:
        if task.get_name() == "processor":
            task.cancel()


async def break_channel(house: House, secret: str) -> None:
    """Put a channel secret into the table as no workspace file could."""
    channels = tables.table(tables.Channel)
    credentials = {"channel_secret": secret, "access_token": LINE_TOKEN}

    def write(work: Work) -> None:
        work.execute(
            sa.update(channels).where(channels.c.slug == "line"), {"credentials": credentials}
        )

    await house.database.write(write)


@pytest.mark.parametrize("wrong", ["", "x", "AAAA", signature(b"other"), "ü"])
async def test_a_wrong_signature_is_refused_and_nothing_is_stored(house: House, wrong: str) -> None:
    body = json.dumps({"events": [message("U1")]}).encode()
    http = await house.http()
    answer = await http.post(
        "/webhooks/line", content=body, headers={b"x-line-signature": wrong.encode()}
    )
    assert is_problem(answer, 401)
    assert is_problem(await http.post("/webhooks/line", content=body), 401)
    assert await nothing_stored(house)


async def test_a_body_changed_on_the_way_is_refused(house: House) -> None:
    body = json.dumps({"events": [message("U1")]}).encode()
    answer = await house.webhook(raw=body + b" ", x_line_signature=signature(body))
    assert is_problem(answer, 401)
    assert await nothing_stored(house)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b'{"events": {}}', b"[" * 100_000]
)
async def test_a_malformed_body_is_refused(house: House, raw: bytes) -> None:
    assert is_problem(await house.webhook(raw=raw), 400)
    assert await nothing_stored(house)


async def test_an_unknown_channel_is_not_found(house: House) -> None:
    assert is_problem(await house.webhook(message("U1"), slug="nowhere"), 404)
    assert await nothing_stored(house)


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_one_mebibyte_is_refused(house: House, chunked: bool) -> None:
    raw = b'{"events": [], "x": "' + b"x" * (1024 * 1024) + b'"}'

    async def pieces() -> Any:
        for at in range(0, len(raw), 65_536):
            yield raw[at : at + 65_536]

    http = await house.http()
    answer = await http.post(
        "/webhooks/line",
        content=pieces() if chunked else raw,
        headers={"x-line-signature": signature(raw)},
    )
    assert is_problem(answer, 413)
    assert await nothing_stored(house)


async def test_a_body_of_just_one_mebibyte_is_fine(house: House) -> None:
    raw = b'{"events": [], "x": "'
    raw += b"x" * (1024 * 1024 - len(raw) - 2) + b'"}'
    assert (await house.webhook(raw=raw)).status_code == 200


async def test_the_consoles_verify_sends_no_events(house: House) -> None:
    assert (await house.webhook()).status_code == 200
    assert await house.count(tables.Delivery) == 1
    assert await house.sessions() == []


async def test_the_raw_body_is_kept_byte_for_byte(house: House) -> None:
    raw = json.dumps({"events": [message("U1", "สวัสดี")]}, indent=3).encode() + b"\r\n "
    assert (await house.webhook(raw=raw)).status_code == 200
    await house.settled()
    (row,) = await house.rows(sa.select(tables.table(tables.Delivery)))
    assert row.body == raw
    assert await house.texts() == ["สวัสดี"]


async def test_a_repeated_delivery_has_one_effect(house: House) -> None:
    event = message("U1", "once")
    for redelivery in (False, True, True):
        event["deliveryContext"] = {"isRedelivery": redelivery}
        await house.says(event)
    assert await house.texts() == ["once"]
    assert await house.count(tables.InboundEvent) == 1


async def test_one_event_twice_in_one_delivery_has_one_effect(house: House) -> None:
    event = message("U1", "once")
    await house.says(event, event)
    assert await house.texts() == ["once"]


async def test_repeats_at_the_same_time_have_one_effect(house: House) -> None:
    event = message("U1", "once")
    answers = await asyncio.gather(*(house.webhook(event) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    await house.settled()
    assert await house.texts() == ["once"]


async def test_many_events_are_applied_in_their_order(house: House) -> None:
    await house.says(*(message("U1", f"m{number}") for number in range(30)))
    assert await house.texts() == [f"m{number}" for number in range(30)]
    (session,) = await house.sessions()
    assert session.customer_messages == 30


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "hologram", "source": {"type": "user", "userId": "U1"}},
        {"type": "message", "source": {"type": "user", "userId": "U1"}},
        {"type": "message", "source": {"type": "user", "userId": "U1"}, "message": {"type": "x"}},
        {"type": "message", "source": {"type": "user", "userId": "U1"}, "message": "text"},
        {"type": "message", "source": "U1", "message": {"id": "1", "type": "text"}},
        {"type": "message"},
        {"type": 5},
        {},
        {"source": {"type": "user", "userId": "U1"}, "type": "unsend", "unsend": {}},
        {"type": "message", "timestamp": 10**30, "source": {"type": "user", "userId": "U1"}},
        {"type": "message", "timestamp": "now", "source": {"type": "user", "userId": "U1" * 999}},
    ],
)
async def test_what_is_not_understood_is_stored_and_never_a_fault(
    house: House, odd: dict[str, Any]
) -> None:
    await house.says(odd, message("U2", "fine"))
    states = await house.rows(sa.select(INBOUND.c.state, INBOUND.c.error))
    assert [(row.state, row.error) for row in states] == [("done", None)] * 2
    assert (await house.texts())[-1] == "fine"


async def test_an_unknown_kind_is_shown_as_unsupported(house: House) -> None:
    await house.says(
        message("U1", message={"id": "1", "type": "hologram", "beam": {"of": "light"}})
    )
    page = await house.ok("amy", "GET", "/api/sessions")
    (session,) = page["items"]
    assert "unsupported" in session["last_line"]
    timeline = await house.ok("amy", "GET", f"/api/sessions/{session['id']}/timeline")
    assert timeline["items"][-1]["content"]["kind"] == "unsupported"
    assert timeline["items"][-1]["content"]["platform_kind"] == "hologram"


@pytest.mark.parametrize("first", ["message", "unsend"])
async def test_an_unsend_finds_its_message_whichever_comes_first(house: House, first: str) -> None:
    event = message("U1", "a secret")
    gone = unsend("U1", event["message"]["id"])
    for each in (event, gone) if first == "message" else (gone, event):
        await house.says(each)
    (session,) = (await house.ok("amy", "GET", "/api/sessions"))["items"]
    timeline = await house.ok("amy", "GET", f"/api/sessions/{session['id']}/timeline")
    assert timeline["items"][-1]["unsent_at"] is not None


async def test_a_poison_event_blocks_nobody_and_is_marked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive = receiving.receive

    def poisoned(work: Any, channel_id: int, inbound: Any) -> None:
        if getattr(inbound, "content", None) and inbound.content.text == "poison":
            raise ZeroDivisionError("the poison works")
        receive(work, channel_id, inbound)

    for room in (store, processor):
        monkeypatch.setattr(room, "receive", poisoned)
    await house.says(message("U1", "before"), message("U1", "poison"), message("U1", "after"))
    assert await house.texts() == ["before", "after"]
    states = await house.rows(sa.select(INBOUND.c.state, INBOUND.c.error).order_by(INBOUND.c.id))
    assert [row.state for row in states] == ["done", "failed", "done"]
    assert states[1].error == "ZeroDivisionError: the poison works"
    await house.restart()
    await house.settled()
    assert await house.texts() == ["before", "after"], "a failed event is not tried for ever"


@pytest.mark.usefixtures("crowded")
async def test_what_was_stored_before_a_crash_is_applied_after_it(house: House) -> None:
    stop_applying(house)
    for number in range(5):
        answer = await house.webhook(message("U1", f"m{number}"), message("U2", f"n{number}"))
        assert answer.status_code == 200
    assert await house.texts() == []
    await house.restart(crash=True)
    await house.settled()
    assert sorted(await house.texts()) == sorted(
        [f"m{number}" for number in range(5)] + [f"n{number}" for number in range(5)]
    )
    assert len(await house.sessions()) == 2


@pytest.mark.usefixtures("crowded")
async def test_a_flood_that_does_not_fit_in_memory_waits_in_the_table(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processor, "MOST_IN_MEMORY", 3)
    batches = [[message("U1", f"{batch}.{number}") for number in range(4)] for batch in range(6)]
    answers = await asyncio.gather(*(house.webhook(*batch) for batch in batches))
    assert {answer.status_code for answer in answers} == {200}
    await house.settled()
    assert sorted(await house.texts()) == sorted(
        f"{batch}.{number}" for batch in range(6) for number in range(4)
    )


@pytest.mark.usefixtures("crowded")
async def test_a_database_that_cannot_write_for_a_moment_loses_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that was full is no reason to give up on a good event."""
    write, failures = house.database.write, 3

    async def failing(service: Any, *args: Any, **more: Any) -> Any:
        nonlocal failures
        if not more.get("urgent", True) and failures:
            failures -= 1
            raise Unavailable("The database could not write: disk full")
        return await write(service, *args, **more)

    monkeypatch.setattr(house.database, "write", failing)
    monkeypatch.setattr("inbox_tui.backend.backend.RESTART_AFTER_S", 0.0)
    assert (await house.webhook(message("U1", "a"), message("U1", "b"))).status_code == 200

    async def both() -> bool:
        return sorted(await house.texts()) == ["a", "b"]

    await house.until(both)
    assert failures == 0


@pytest.mark.usefixtures("crowded")
async def test_what_waits_for_a_channel_that_does_not_work_blocks_no_other(house: House) -> None:
    """Its credentials were broken while its messages were still to be applied."""
    stop_applying(house)
    await house.webhook(message("U1", "waits"))
    await break_channel(house, "no secret")
    await house.crash()
    other = '\n[[channels]]\nslug = "line-2"\nkind = "line"\n[channels.credentials]\n'
    other += 'channel_secret = "s2"\naccess_token = "t2"\n'
    await house.start(other)
    body = json.dumps({"events": [message("U9", "gets through")]}).encode()
    answer = await house.webhook(raw=body, slug="line-2", x_line_signature=signature(body, "s2"))
    assert answer.status_code == 200
    await house.settled()
    assert await house.texts() == ["gets through"]
    await house.database.write(apply_file, house.file(), {})

    async def both() -> bool:
        return await house.texts() == ["gets through", "waits"]

    await house.until(both)  # mended, and nothing was lost


async def test_a_channel_that_does_not_work_says_so_to_its_platform(house: House) -> None:
    await break_channel(house, "no secret")
    await house.restart()
    assert is_problem(await house.webhook(message("U1")), 503)
    assert await nothing_stored(house)
