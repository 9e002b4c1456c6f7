"""Calls to a backend of this machine, by the key in its private file."""

from collections.abc import Mapping
from typing import Self, TypeVar

from inbox_tui.backend.running import Running
from inbox_tui.client.problems import problem_of, unavailable
from inbox_tui.lean_httpx import httpx
from inbox_tui.wire import codec
from inbox_tui.wire.codes import Code, PostCode
from inbox_tui.wire.local import ChannelCheck, LocalState
from inbox_tui.wire.models import Agent, Applied, NewToken
from inbox_tui.wire.requests import PostToken, PutAccepting, PutWorkspace

T = TypeVar("T")
TIMEOUT = httpx.Timeout(30.0, connect=5.0)


class LocalBackend:
    """What the owner of a backend may ask of it. Every call raises the errors of the tree."""

    def __init__(self, running: Running) -> None:
        address = running.address
        socket = address.removeprefix("unix://") if address.startswith("unix://") else None
        self._http = httpx.Client(
            base_url="http://inbox" if socket else address,
            # No TLS on one machine: reading the certificate store would be half of the call.
            transport=httpx.HTTPTransport(uds=socket, verify=False),
            headers={"X-Local-Key": running.local_key},
            timeout=TIMEOUT,
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def state(self) -> LocalState:
        """Return who may open the inbox, and what is open."""
        return self._call("GET", "/api/local", LocalState)

    def checks(self) -> list[ChannelCheck]:
        """Ask each platform whether it knows us."""
        return self._call("POST", "/api/local/checks", list[ChannelCheck])

    def token(self, nickname: str) -> NewToken:
        """Make a bearer token for an agent."""
        return self._call("POST", "/api/tokens", NewToken, PostToken(nickname=nickname))

    def knows(self, token: str) -> bool:
        """Whether a bearer token works here."""
        try:
            return self._http.get(
                "/api/me", headers={"Authorization": f"Bearer {token}"}
            ).is_success
        except httpx.HTTPError as error:
            raise unavailable(error) from error

    def accept(self, token: str) -> None:
        """Turn accept auto-assign on for the agent of a token."""
        headers = {"Authorization": f"Bearer {token}"}
        self._call("PUT", "/api/me/accepting", Agent, PutAccepting(accepting=True), headers)

    def code(self, token: str, body: PostCode) -> Code:
        """Make a code with the rights of the agent of a token, or return the one there is."""
        headers = {"Authorization": f"Bearer {token}"}
        return self._call("POST", "/api/codes", Code, body, headers)

    def apply(self, text: str, environment: dict[str, str]) -> Applied:
        """Apply a workspace file."""
        body = PutWorkspace(text=text, environment=environment)
        return self._call("PUT", "/api/workspace", Applied, body)

    def _call(
        self,
        method: str,
        path: str,
        into: type[T],
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        content = None if body is None else codec.encode(body)
        sent = {**(headers or {}), "Content-Type": "application/json"}
        try:
            answer = self._http.request(method, path, content=content, headers=sent)
        except httpx.HTTPError as error:
            raise unavailable(error) from error
        if not answer.is_success:
            raise problem_of(answer.status_code, answer.content)
        return codec.decode(answer.content, into)
