"""What goes wrong with calls: on request only, counted, seen in the ledger of accepted sends."""

import subprocess
import sys
import uuid
from typing import Any

import httpx
import pytest

from inbox_tui.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from inbox_tui.mock.control import Control
from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.mock.words import FaultKind, Platform, PutAccount

PUSH = "/v2/bot/message/push"


def push(platforms: MockPlatforms, *, key: str | None = None, token: str = "") -> httpx.Response:
    (account,) = [one for one in platforms.accounts() if one.slug == "line-main"]
    user = platforms.user("line-main", "som")
    headers = {"authorization": f"Bearer {token or account.credentials['access_token']}"}
    if key is not None:
        headers["x-line-retry-key"] = key
    body: dict[str, Any] = {"to": user.id, "messages": [{"type": "text", "text": "hi"}]}
    return httpx.post(platforms.base_url + PUSH, json=body, headers=headers)


@pytest.fixture
def line(platforms: MockPlatforms) -> MockPlatforms:
    platforms.line()
    return platforms


def test_a_dropped_answer_leaves_an_accepted_send(line: MockPlatforms) -> None:
    line.fault(FaultKind.DROP_RESPONSE)
    key = str(uuid.uuid4())
    with pytest.raises(httpx.RemoteProtocolError):
        push(line, key=key)
    assert [(sent.retry_key, sent.answered) for sent in line.ledger()] == [(key, False)]
    again = push(line, key=key)
    assert again.status_code == 409
    assert again.headers["x-line-accepted-request-id"] == line.ledger()[0].request_id
    assert len(line.ledger()) == 1


def test_a_dropped_answer_of_telegram_leaves_an_accepted_send(platforms: MockPlatforms) -> None:
    account = platforms.telegram()
    chat = platforms.user("telegram-main", "bob").id
    platforms.fault(FaultKind.DROP_RESPONSE, method="sendMessage")
    url = f"{platforms.base_url}/bot{account.credentials['token']}/sendMessage"
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(url, json={"chat_id": chat, "text": "x"})
    assert [sent.answered for sent in platforms.ledger()] == [False]


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        (FaultKind.SERVER_ERROR, 500, "error occurred"),
        (FaultKind.RATE_LIMIT, 429, "The API rate limit has been exceeded. Try again later."),
        (FaultKind.QUOTA, 429, "You have reached your monthly limit."),
        (FaultKind.EXPIRED_TOKEN, 401, "Authentication failed"),
    ],
)
def test_a_refusal_comes_before_anything_is_accepted(
    line: MockPlatforms, kind: FaultKind, status: int, words: str
) -> None:
    line.fault(kind, count=2)
    for _ in range(2):
        answer = push(line)
        assert answer.status_code == status
        assert words in answer.json()["message"]
        assert answer.headers["x-line-request-id"]
    assert line.ledger() == []
    assert push(line).status_code == 200
    assert [call.fault for call in line.calls()] == [kind, kind, None]


def test_faults_come_in_the_order_they_were_asked_for(line: MockPlatforms) -> None:
    line.fault(FaultKind.DROP_RESPONSE)
    line.fault(FaultKind.SERVER_ERROR, status=503)
    with pytest.raises(httpx.RemoteProtocolError):
        push(line)
    assert push(line).status_code == 503
    assert push(line).status_code == 200


def test_a_fault_on_sends_leaves_other_calls_alone(line: MockPlatforms) -> None:
    line.fault(FaultKind.SERVER_ERROR)
    (account,) = line.accounts()
    headers = {"authorization": f"Bearer {account.credentials['access_token']}"}
    assert httpx.get(line.base_url + "/v2/bot/info", headers=headers).status_code == 200
    assert len(line.faults()) == 1


def test_a_dropped_answer_is_not_used_up_by_a_call_that_was_refused(line: MockPlatforms) -> None:
    line.fault(FaultKind.DROP_RESPONSE)
    assert push(line, key="no uuid").status_code == 400
    assert len(line.faults()) == 1


def test_a_push_to_somebody_who_blocked_us_is_taken_and_dropped(line: MockPlatforms) -> None:
    line.unfollow("line-main", "som")
    assert push(line).status_code == 200
    assert [sent.delivered for sent in line.ledger()] == [False]


def test_a_slow_answer_waits_for_the_clock(line: MockPlatforms) -> None:
    line.run_at(1000)
    line.fault(FaultKind.SLOW, seconds=60)
    assert push(line).status_code == 200


def test_two_accounts_are_told_apart_by_their_credentials(platforms: MockPlatforms) -> None:
    one, two = platforms.line("line-a"), platforms.line("line-b")
    user = platforms.user("line-a", "som")
    for account, status in ((one, 200), (two, 400)):
        answer = httpx.post(
            platforms.base_url + PUSH,
            headers={"authorization": f"Bearer {account.credentials['access_token']}"},
            json={"to": user.id, "messages": [{"type": "text", "text": "x"}]},
        )
        assert answer.status_code == status
    assert [sent.account for sent in platforms.ledger()] == ["line-a"]


def test_what_is_no_json_or_not_typed_so_is_refused(line: MockPlatforms) -> None:
    (account,) = line.accounts()
    headers = {"authorization": f"Bearer {account.credentials['access_token']}"}
    url = line.base_url + PUSH
    json_type = headers | {"content-type": "application/json"}
    assert httpx.post(url, content=b"{", headers=json_type).status_code == 400
    assert httpx.post(url, data={"a": "b"}, headers=headers).status_code == 415
    assert httpx.post(url, content=b" " * (2 << 20) + b"{}", headers=json_type).status_code == 413


def test_the_controls_say_what_is_wrong(platforms: MockPlatforms) -> None:
    with pytest.raises(NotFound, match="no account 'nowhere'"):
        platforms.say("nowhere", "som", "x")
    platforms.line()
    with pytest.raises(Conflict):
        platforms.put_account(PutAccount(slug="line-main", platform=Platform.TELEGRAM))
    with pytest.raises(Refused, match="ftp://x"):
        platforms.line(target="ftp://x")
    with pytest.raises(Invalid):
        platforms.fault(FaultKind.BATCH, size=0)
    with pytest.raises(NotFound, match="not written anything"):
        platforms.unsend("line-main", "som")


def test_nobody_there_is_unavailable() -> None:
    with (
        Control("http://127.0.0.1:1") as control,
        pytest.raises(Unavailable, match="do not answer"),
    ):
        control.accounts()


def test_reset_forgets(line: MockPlatforms) -> None:
    push(line)
    line.fault(FaultKind.SLOW)
    line.reset()
    assert (line.ledger(), line.faults(), line.calls()) == ([], [], [])
    assert len(line.accounts()) == 1
    line.reset(accounts=True)
    assert line.accounts() == []


def test_ids_are_not_repeated_by_a_later_world() -> None:
    seen: set[str] = set()
    for _ in range(2):
        with MockPlatforms() as platforms:
            platforms.line()
            platforms.telegram()
            for account in ("line-main", "telegram-main"):
                said = platforms.say(account, "som", "x")
                assert said.event_id not in seen
                seen.add(said.event_id)


def test_a_port_that_is_taken_is_said(platforms: MockPlatforms) -> None:
    port = int(platforms.base_url.rpartition(":")[2])
    with pytest.raises(Unavailable, match=str(port)):
        MockPlatforms(port=port)


def test_served_as_a_process_it_says_where_and_ends_cleanly() -> None:
    program = (
        "from inbox_tui.mock.server import serve\n"
        "serve(port=0, say_ready=lambda address: print(address, flush=True))"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        address = process.stdout.readline().decode().strip()
        with Control(address) as control:
            assert control.accounts() == []
        process.terminate()
        assert process.wait(20) == 0
