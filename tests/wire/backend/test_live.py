"""The live stream: every event once and in order, or told to start afresh; presence (P3)."""

import asyncio
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs
from tests.wire.backend.conftest import EVENTS, WITHIN, House, Live, message

from inbox_tui.backend.live import endpoints, hub
from inbox_tui.store.work import Work
from inbox_tui.wire import codec
from inbox_tui.wire.models import Event


async def newest(house: House) -> int:
    return max((event.seq for event in await house.events()), default=0)


async def presence_is(house: House, who: str, wanted: str) -> bool:
    agents = (await house.ok("amy", "GET", "/api/agents"))["items"]
    return bool({agent["nickname"]: agent["presence"] for agent in agents}[who] == wanted)


async def present(house: House, who: str, wanted: str) -> None:
    await house.until(lambda: presence_is(house, who, wanted))


async def test_every_event_once_in_order_while_connected(house: House) -> None:
    live = await house.live("amy")
    first = await newest(house)
    await asyncio.gather(*(house.webhook(message(f"U{number}")) for number in range(10)))
    await house.settled()
    last = await newest(house)
    await live.up_to(last)
    assert live.numbers == list(range(first + 1, last + 1))


async def test_who_leaves_in_the_middle_of_a_burst_is_no_error(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    lives = [await house.live("amy") for _ in range(5)]
    with capture_logs() as told:
        burst = (house.webhook(message(f"U{number}")) for number in range(30))
        posted = asyncio.gather(*burst)
        for number, live in enumerate(lives, 1):
            await live.until(lambda live, at=10 * number: len(live.numbers) >= at)  # type: ignore[misc]
            await live.close()
        await posted
        await house.settled()
        await house.stop()
    assert [log for log in told if log["log_level"] == "error"] == []
    assert [it.getMessage() for it in caplog.records if it.levelname == "ERROR"] == []


@pytest.mark.parametrize("how", ["header", "query"])
async def test_resuming_gives_what_was_missed_and_goes_on(house: House, how: str) -> None:
    for number in range(5):
        await house.says(message("U1", f"m{number}"))
    after = (await newest(house)) - 7
    resume = {"Last_Event_ID": str(after)} if how == "header" else {}
    live = await house.live("amy", f"after={0 if resume else after}", **resume)
    await house.says(message("U1", "and another"))
    last = await newest(house)
    await live.up_to(last)
    assert live.numbers == list(range(after + 1, last + 1))
    assert {name for name, _, _ in live.frames} == {"message"}


async def test_nothing_is_missed_or_doubled_while_it_catches_up(house: House) -> None:
    """Events are committed all the time that a stream reads the log."""
    for number in range(40):
        await house.says(message("U1", f"m{number}"))

    async def go_on() -> None:
        for number in range(30):
            await house.webhook(message("U2", f"n{number}"))

    writing = asyncio.create_task(go_on())
    lives = [await house.live("amy", "after=0") for _ in range(3)]
    await writing
    await house.settled()
    last = await newest(house)
    for live in lives:
        await live.up_to(last)
        assert live.numbers == list(range(1, last + 1))


async def test_a_frame_read_again_tells_the_same_move(house: House) -> None:
    live = await house.live("bo")
    first = await newest(house)
    await house.at_work("amy")
    await house.says(message("U1"))
    (session,) = await house.sessions()
    body = {"agent": "bo", "note": "please"}
    await house.ok("amy", "POST", f"/api/sessions/{session.id}/transfer", body)
    await house.ok("bo", "POST", f"/api/sessions/{session.id}/end", {"reason": "spam"})
    last = await newest(house)
    await live.up_to(last)
    again = await house.live("cy", f"after={first}")
    await again.up_to(last)

    def told(frames: Live) -> list[tuple[Any, ...]]:
        return [
            (
                seq,
                *(data[name] for name in ("kind", "actor", "was", "data", "at")),
                data["entry"] and data["entry"]["id"],
            )
            for _, seq, data in frames.frames
            if seq is not None and first < seq <= last
        ]

    assert told(again) == told(live)


async def test_every_frame_is_an_event_of_the_wire(house: House) -> None:
    live = await house.live("bo")
    await house.at_work("amy")
    await house.says(message("U1", "hello"))
    last = await newest(house)
    await live.up_to(last)
    for _, number, data in live.frames:
        event = codec.decode(codec.encode(data), Event)
        assert event.seq == number
        if event.session is not None:
            assert (event.session.unread_count, event.session.starred) == (0, False)


@pytest.mark.parametrize("after", ["ahead", "forgotten", "too far"])
async def test_what_the_log_cannot_give_is_a_reset(
    house: House, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        await house.says(message("U1", f"m{number}"))
    asked = 1
    if after == "ahead":
        asked = await newest(house) + 1_000
    elif after == "forgotten":

        def forget(work: Work) -> None:
            work.execute(sa.delete(EVENTS).where(EVENTS.c.seq <= 10))

        await house.database.write(forget)
    else:
        monkeypatch.setattr(endpoints, "MOST_TO_CATCH_UP", 3)
    live = await house.live("amy", f"after={asked}")
    await live.until(lambda it: bool(it.frames))
    now = await newest(house)
    assert live.frames == [("reset", now, {})]
    await house.says(message("U1", "and another"))
    await live.up_to(await newest(house))
    assert live.numbers == list(range(now + 1, await newest(house) + 1)), "it goes on from its id"


async def test_just_what_the_log_still_holds_is_no_reset(house: House) -> None:
    for number in range(5):
        await house.says(message("U1", f"m{number}"))

    def forget(work: Work) -> None:
        work.execute(sa.delete(EVENTS).where(EVENTS.c.seq <= 10))

    await house.database.write(forget)
    live = await house.live("amy", "after=10")
    await live.up_to(await newest(house))
    assert live.numbers[0] == 11


@pytest.mark.parametrize("odd", ["x", "-1", "1.5", "9" * 6_000, "٣"])
async def test_an_odd_last_event_id_is_no_fault(house: House, odd: str) -> None:
    live = Live(house, "amy")
    http = await house.http("amy")
    headers = {b"last-event-id": odd.encode()}
    async with asyncio.timeout(WITHIN):
        async with http.stream("GET", "/api/events", headers=headers) as answer:
            assert answer.status_code == 200
            await anext(answer.aiter_lines())
    await live.close()


async def test_who_reads_too_slowly_is_told_to_start_afresh(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MOST_BEHIND", 5)
    subscription = house.backend.hub.subscribe(1)
    for number in range(20):
        await house.says(message("U1", f"m{number}"))
    got = []
    while (frame := await asyncio.wait_for(subscription.next(), WITHIN)) is not None:
        got.append(frame[0])
    assert subscription.lost
    assert len(got) == 5
    assert got == list(range(got[0], got[0] + 5))
    house.backend.hub.leave(subscription)


async def test_a_stream_that_is_lost_ends_with_a_reset(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = await house.live("amy")
    (subscription,) = house.backend.hub._subscriptions
    subscription.lost = True
    subscription._queue.put_nowait(None)
    await asyncio.wait_for(live.ended.wait(), WITHIN)
    assert [name for name, _, _ in live.frames] == ["reset"]


# Presence


async def test_a_window_is_present_while_its_stream_is_connected(house: House) -> None:
    live = await house.live("amy", "presence=1&window=w1")
    await present(house, "amy", "present")
    await live.close()
    await present(house, "amy", "grace")
    house.moved(19)
    await house.live("amy", "presence=1&window=w1")
    await present(house, "amy", "present")
    house.moved(60)
    assert await presence_is(house, "amy", "present"), (
        "the grace of the first link is over for good"
    )


async def test_a_grace_that_passes_is_a_closed_window(house: House) -> None:
    live = await house.live("amy", "presence=1&window=w1")
    await live.close()
    await present(house, "amy", "grace")
    house.moved(20)
    await present(house, "amy", "absent")


async def test_a_goodbye_is_off_duty_at_once(house: House) -> None:
    live = await house.live("amy", "presence=1&window=w1")
    await house.ok("amy", "DELETE", "/api/me/presence/w1")
    assert await presence_is(house, "amy", "absent")
    await live.close()
    house.moved(60)
    assert await presence_is(house, "amy", "absent")


async def test_only_the_last_window_matters(house: House) -> None:
    first = await house.live("amy", "presence=1&window=w1")
    await house.live("amy", "presence=1&window=w2")
    told = len(await house.events("agent.changed"))
    await first.close()
    await house.backend.windows.settle()
    await house.ok("amy", "DELETE", "/api/me/presence/w1")
    assert await presence_is(house, "amy", "present")
    assert len(await house.events("agent.changed")) == told, "nothing changed, nothing is told"


async def test_a_window_that_comes_back_before_its_old_stream_ended_stays(house: House) -> None:
    old = await house.live("amy", "presence=1&window=w1")
    await house.live("amy", "presence=1&window=w1")
    await old.close()
    await house.backend.windows.settle()
    assert await presence_is(house, "amy", "present")


async def test_whoever_sees_a_stream_begin_finds_its_window_present(house: House) -> None:
    held, begun = threading.Event(), asyncio.Event()

    def hold(_: Work) -> None:
        held.wait(WITHIN)

    async def listen() -> None:
        async with http.stream("GET", "/api/events?presence=1&window=w1"):
            begun.set()
            await asyncio.Future()

    http = await house.http("amy")
    await house.ok("bo", "GET", "/api/me")
    writing = asyncio.create_task(house.backend.database.write(hold))
    listening = asyncio.create_task(listen())
    try:
        async with asyncio.timeout(WITHIN):
            while not len(house.backend.windows):
                await house.ok("bo", "GET", "/api/me")
            await house.ok("bo", "GET", "/api/me")
        assert not begun.is_set(), "the window is not written yet"
        held.set()
        await asyncio.wait_for(begun.wait(), WITHIN)
        assert await presence_is(house, "amy", "present")
    finally:
        held.set()
        listening.cancel()
        await asyncio.gather(writing, listening, return_exceptions=True)


async def test_a_stream_without_presence_is_no_window(house: House) -> None:
    await house.live("amy")
    assert await presence_is(house, "amy", "absent")


async def test_a_second_window_never_changes_the_switch(house: House) -> None:
    await house.at_work("amy")
    await house.live("amy", "presence=1&window=other")
    me = await house.ok("amy", "GET", "/api/me")
    assert me["agent"]["accepting"] is True


@pytest.mark.parametrize("crash", [True, False])
async def test_after_a_restart_all_who_were_present_are_in_grace(house: House, crash: bool) -> None:
    await house.at_work("amy", "bo")
    await house.restart(crash=crash)
    assert await presence_is(house, "amy", "grace")
    assert await presence_is(house, "bo", "grace")
    assert await presence_is(house, "cy", "absent")
    await house.live("amy", "presence=1&window=amy")
    await present(house, "amy", "present")
    house.moved(20)
    await present(house, "bo", "absent")
    assert await presence_is(house, "amy", "present")


async def test_presence_without_a_window_is_refused(house: House) -> None:
    answer = await house.call("amy", "GET", "/api/events?presence=1")
    assert answer.status_code == 400
    assert answer.json()["type"] == "refused"


# Errors and who may what


NO_TOKENS = (None, "Bearer it_wrong", "Bearer", "Basic YW15OmFteQ==", "it_wrong")


async def test_without_a_token_nothing_is_told(house: House) -> None:
    http = await house.http()
    for path in ("/api/me", "/api/sessions", "/api/events", "/api/cases"):
        for given in NO_TOKENS:
            answer = await http.get(path, headers={"Authorization": given} if given else {})
            assert answer.status_code == 401, (path, given)
            assert answer.headers["content-type"] == "application/problem+json"
            problem = answer.json()
            assert problem["type"] == "not-signed-in"
            assert problem["hint"]


async def test_a_body_over_one_mebibyte_is_refused(house: House) -> None:
    body = {"text": "x" * (1024 * 1024)}
    answer = await house.call("amy", "POST", "/api/sessions/1/notes", body)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "too-large"


async def test_what_is_open_is_open(house: House) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json"):
        assert (await house.call(None, "GET", path)).status_code == 200


async def test_an_agent_may_not_do_what_owners_do(house: House) -> None:
    answer = await house.call("bo", "POST", "/api/tokens", {"nickname": "amy"})
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
    answer = await house.call("bo", "PUT", "/api/agents/amy/accepting", {"accepting": False})
    assert answer.status_code == 403


ERRORS: list[tuple[str, str, Any, int, str | None]] = [
    ("GET", "/api/sessions/999", None, 404, "not-found"),
    ("GET", "/api/sessions/999/timeline", None, 404, "not-found"),
    ("GET", "/api/sessions/999/explanation", None, 404, "not-found"),
    ("POST", "/api/sessions/999/claim", None, 404, "not-found"),
    ("POST", "/api/sessions/999/messages", {"text": "hi"}, 404, "not-found"),
    ("GET", "/api/nowhere", None, 404, "not-found"),
    ("DELETE", "/api/me", None, 405, "method-not-allowed"),
    ("GET", "/api/sessions?list=nonsense", None, 422, "invalid"),
    ("GET", "/api/sessions?limit=0", None, 422, "invalid"),
    ("GET", "/api/sessions?channel=nowhere", None, 404, "not-found"),
    ("GET", "/api/sessions?cursor=nonsense", None, 400, "refused"),
    ("GET", "/api/sessions/x", None, 422, "invalid"),
    ("GET", f"/api/sessions/{'9' * 30}", None, 404, "not-found"),
    ("POST", f"/api/sessions/{'9' * 30}/claim", None, 404, "not-found"),
    ("GET", f"/api/contacts/{'9' * 30}", None, 404, "not-found"),
    ("GET", f"/api/events?after={'9' * 30}", None, 200, None),
    ("POST", "/api/sessions/1/star", {"starred": "perhaps"}, 422, "invalid"),
    ("POST", "/api/sessions/1/read", {"customer_messages": 10**30}, 200, None),
    ("POST", "/api/sessions/1/assign", {}, 422, "invalid"),
    ("POST", "/api/sessions/1/assign", {"agent": "amy", "team": "care"}, 422, "invalid"),
    ("POST", "/api/sessions/1/transfer", {"agent": "nobody"}, 404, "not-found"),
    ("POST", "/api/sessions/1/end", {}, 422, "invalid"),
    ("POST", "/api/sessions/1/messages", {"kind": "hologram"}, 422, "invalid"),
    ("POST", "/api/sessions/1/messages", {"kind": "video", "text": "x"}, 422, "cannot-send"),
]


async def test_every_error_is_a_problem_of_a_stable_type(house: House) -> None:
    await house.says(message("U1"))
    http = await house.http("amy")
    for method, path, body, status, kind in ERRORS:
        async with asyncio.timeout(WITHIN), http.stream(method, path, json=body) as answer:
            assert answer.status_code == status, (method, path, body)
            if kind is None:
                continue
            await answer.aread()
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert (problem["type"], problem["status"]) == (kind, status), (method, path, body)
        assert problem["title"]
        assert problem["detail"]


async def test_a_body_that_is_no_json_is_refused(house: House) -> None:
    http = await house.http("amy")
    answer = await http.post(
        "/api/sessions/1/notes", content=b"{", headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "refused")


async def test_a_lost_race_over_http_says_who_was_first(house: House) -> None:
    await house.says(message("U1"))
    answers = await asyncio.gather(
        *(house.call(who, "POST", "/api/sessions/1/claim") for who in ("amy", "bo", "cy"))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    (winner,) = [a.json()["session"]["assignee"] for a in answers if a.status_code == 200]
    for answer in answers:
        if answer.status_code == 409:
            problem = answer.json()
            assert problem["type"] == "already-taken"
            assert problem["data"]["assignee"] == winner


async def test_a_stale_version_is_refused_and_says_the_present_one(house: House) -> None:
    await house.says(message("U1"))
    path = "/api/sessions/1/assign"
    version = (await house.ok("amy", "GET", "/api/sessions/1"))["version"]
    stale = await house.call("amy", "POST", path, {"agent": "bo"}, If_Match=f'"{version - 1}"')
    assert (stale.status_code, stale.json()["type"]) == (409, "stale-version")
    assert stale.json()["data"] == {"version": version}
    await house.ok("amy", "POST", path, {"agent": "bo"}, If_Match=f'"{version}"')
