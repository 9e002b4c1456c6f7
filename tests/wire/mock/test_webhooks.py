"""How the simulated platforms tell the business: exact bytes, repeats, every fault asked for."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.mock.words import FaultKind

if TYPE_CHECKING:
    from tests.wire.mock.conftest import Receiver


def events(receiver: "Receiver") -> list[list[dict[str, Any]]]:
    return [json.loads(body)["events"] for body in receiver.texts()]


def said(receiver: "Receiver") -> list[str]:
    return [one["message"]["text"] for batch in events(receiver) for one in batch]


def test_the_signature_is_over_the_exact_bytes_of_thai_text(
    platforms: MockPlatforms, receiver: "Receiver"
) -> None:
    account = platforms.line(target=receiver.url)
    platforms.say("line-main", "som", "ขอบคุณค่ะ 🙏 “ส่งฟรี”")
    platforms.settle()
    (got,) = receiver.got
    secret = account.credentials["channel_secret"].encode()
    expected = base64.b64encode(hmac.new(secret, got.body, hashlib.sha256).digest()).decode()
    assert got.headers["x-line-signature"] == expected
    assert "ขอบคุณค่ะ 🙏 “ส่งฟรี”".encode() in got.body
    assert got.path == "/webhooks/line-main"
    assert json.dumps(json.loads(got.body)).encode() != got.body


def test_a_failed_webhook_is_told_again_with_the_same_id(
    platforms: MockPlatforms, receiver: "Receiver"
) -> None:
    platforms.line(target=receiver.url, redelivery=True, redelivery_after=[600.0, 600.0])
    receiver.answers = [500, 503]
    platforms.say("line-main", "som", "x")
    platforms.settle()
    assert len(receiver.got) == 1
    platforms.advance(601)
    platforms.deliveries(after=1, wait=10)
    platforms.advance(601)
    platforms.deliveries(after=2, wait=10)
    told = [batch[0] for batch in events(receiver)]
    assert [one["deliveryContext"]["isRedelivery"] for one in told] == [False, True, True]
    assert len({one["webhookEventId"] for one in told}) == 1
    assert len({one["replyToken"] for one in told}) == 1
    assert len({one["timestamp"] for one in told}) == 1
    log = [(line.attempt, line.redelivery, line.status) for line in platforms.deliveries()]
    assert log == [(1, False, 500), (2, True, 503), (3, True, 200)]


def test_redelivery_is_off_unless_asked_for(platforms: MockPlatforms, receiver: "Receiver") -> None:
    platforms.line(target=receiver.url)
    receiver.answers = [500]
    platforms.say("line-main", "som", "x")
    platforms.settle()
    platforms.advance(86_400)
    platforms.say("line-main", "som", "y")
    platforms.settle()
    assert said(receiver) == ["x", "y"]


def test_a_server_that_does_not_answer_in_time_timed_out(
    platforms: MockPlatforms, receiver: "Receiver"
) -> None:
    platforms.line(target=receiver.url, webhook_timeout=0.5)
    receiver.hangs = True
    platforms.say("line-main", "som", "x")
    platforms.settle()
    (line,) = platforms.deliveries()
    assert (line.status, line.error) == (None, "request_timeout")
    assert len(receiver.got) == 1


def test_a_server_that_is_not_there_could_not_be_connected_to(platforms: MockPlatforms) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    platforms.line(target=f"http://127.0.0.1:{port}")
    platforms.say("line-main", "som", "x")
    platforms.settle()
    assert [line.error for line in platforms.deliveries()] == ["could_not_connect"]


def test_duplicate_and_redeliver_tell_the_same_event_twice(
    platforms: MockPlatforms, receiver: "Receiver"
) -> None:
    platforms.line(target=receiver.url)
    platforms.fault(FaultKind.DUPLICATE)
    platforms.say("line-main", "som", "twice")
    platforms.settle()
    platforms.fault(FaultKind.REDELIVER)
    platforms.say("line-main", "som", "again")
    platforms.settle()
    told = [batch[0] for batch in events(receiver)]
    assert said(receiver) == ["twice", "twice", "again", "again"]
    assert told[0]["webhookEventId"] == told[1]["webhookEventId"]
    assert [one["deliveryContext"]["isRedelivery"] for one in told] == [False, False, False, True]


def test_reorder_batch_delay_and_lose(platforms: MockPlatforms, receiver: "Receiver") -> None:
    platforms.line(target=receiver.url)
    platforms.fault(FaultKind.REORDER, size=3)
    for text in ("1", "2", "3"):
        platforms.say("line-main", "som", text)
    platforms.settle()
    assert said(receiver) == ["3", "2", "1"]
    platforms.fault(FaultKind.BATCH, size=2)
    platforms.fault(FaultKind.LOSE)
    platforms.say("line-main", "som", "lost")
    for text in ("4", "5"):
        platforms.say("line-main", "som", text)
    platforms.settle()
    assert [len(batch) for batch in events(receiver)] == [1, 1, 1, 2]
    platforms.fault(FaultKind.DELAY, seconds=3600)
    platforms.say("line-main", "som", "late")
    platforms.say("line-main", "som", "soon")
    platforms.advance(3601)
    platforms.settle()
    assert said(receiver)[3:] == ["4", "5", "soon", "late"]


def test_what_batch_holds_back_can_be_let_out(
    platforms: MockPlatforms, receiver: "Receiver"
) -> None:
    platforms.line(target=receiver.url)
    platforms.fault(FaultKind.BATCH, size=10)
    platforms.say("line-main", "som", "alone")
    assert platforms.settle(0).waiting == ["line-main"]
    platforms.flush()
    platforms.settle()
    assert said(receiver) == ["alone"]


def test_unsend_before_its_target_and_an_unknown_event(
    platforms: MockPlatforms, receiver: "Receiver"
) -> None:
    platforms.line(target=receiver.url)
    platforms.fault(FaultKind.UNSEND_FIRST)
    platforms.fault(FaultKind.UNKNOWN_EVENT)
    platforms.say("line-main", "som", "oops")
    platforms.settle()
    odd, unsend, message = (batch[0] for batch in events(receiver))
    assert odd["type"] == "hologramShown"
    assert unsend["unsend"]["messageId"] == message["message"]["id"]


def test_a_fault_can_be_for_one_user_of_one_account_only(
    platforms: MockPlatforms, receiver: "Receiver"
) -> None:
    platforms.line("line-a", target=receiver.url)
    platforms.line("line-b", target=receiver.url)
    platforms.fault(FaultKind.DUPLICATE, account="line-b", user="linh", count=2)
    for account, user in (("line-a", "linh"), ("line-b", "som"), ("line-b", "linh")):
        platforms.say(account, user, f"{account} {user}")
        platforms.settle()
    assert said(receiver) == ["line-a linh", "line-b som", "line-b linh", "line-b linh"]
    assert [fault.count for fault in platforms.faults()] == [1]


def test_telegram_updates_are_duplicated_reordered_and_told_again(
    platforms: MockPlatforms,
) -> None:
    account = platforms.telegram()
    url = f"{platforms.base_url}/bot{account.credentials['token']}/getUpdates"

    def updates(offset: int = 0) -> list[int]:
        found = httpx.get(url, params={"offset": offset}).json()["result"]
        return [update["update_id"] for update in found]

    platforms.fault(FaultKind.REORDER)
    for text in ("1", "2"):
        platforms.say("telegram-main", "bob", text)
    first, second = updates()
    assert first == second + 1
    platforms.fault(FaultKind.DUPLICATE)
    platforms.fault(FaultKind.REDELIVER)
    platforms.say("telegram-main", "bob", "3")
    third, copy = updates(first + 1)
    assert third == copy
    assert updates(third + 1) == [third, third]
    assert updates(third + 1) == []


@pytest.fixture
def unix_receiver(tmp_path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """A server on a Unix socket that answers one request with 200."""
    path = str(tmp_path / "s")
    got: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                data = b""
                while b"}]}" not in data:
                    data += connection.recv(65536)
                got.append(data)
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        yield path, got
        thread.join()


def test_webhooks_reach_a_unix_socket(
    platforms: MockPlatforms, unix_receiver: tuple[str, list[bytes]]
) -> None:
    path, got = unix_receiver
    platforms.line(target=f"unix://{path}")
    platforms.say("line-main", "som", "ผ่านซ็อกเก็ต")
    platforms.settle()
    assert [line.status for line in platforms.deliveries()] == [200]
    assert got[0].startswith(b"POST /webhooks/line-main HTTP/1.1")
    assert "ผ่านซ็อกเก็ต".encode() in got[0]
