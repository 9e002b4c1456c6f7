"""What the contract tests of the simulated platforms share."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from inbox_tui.mock.handle import MockPlatforms


@dataclass
class Got:
    """One webhook as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A business server that writes down what came and answers as it is told."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    hangs: bool = False

    def texts(self) -> list[bytes]:
        return [one.body for one in self.got]


@pytest.fixture
def platforms() -> Iterator[MockPlatforms]:
    with MockPlatforms() as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    it = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            it.got.append(Got(self.path, headers, body))
            if it.hangs:
                it.hold.wait(30)
            self.send_response(it.answers.pop(0) if it.answers else 200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    it.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield it
    it.hold.set()
    server.shutdown()
    thread.join()
    server.server_close()
