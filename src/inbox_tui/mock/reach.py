"""Reaching a server by ``http://`` address or Unix socket."""

from dataclasses import dataclass

from inbox_tui.errors import Refused
from inbox_tui.lean_httpx import httpx


@dataclass(frozen=True, slots=True)
class Place:
    """Where to post: the base address, the path there, and the socket to go through."""

    base_url: str
    path: str
    socket: str | None = None

    def client(self, timeout: httpx.Timeout | float | None) -> httpx.AsyncClient:
        """Return a client for this place."""
        return httpx.AsyncClient(
            base_url=self.base_url,
            timeout=timeout,
            transport=httpx.AsyncHTTPTransport(uds=self.socket, verify=self._verify),
        )

    def plain_client(self, timeout: float) -> httpx.Client:
        """Return a client for this place that blocks."""
        return httpx.Client(
            base_url=self.base_url,
            timeout=timeout,
            transport=httpx.HTTPTransport(uds=self.socket, verify=self._verify),
        )

    @property
    def _verify(self) -> bool:
        # Loading the certificate store takes longer than a thousand calls on one machine.
        return self.base_url.startswith("https://")


def place(target: str, default_path: str = "") -> Place:
    """Read a target: ``http://host:port[/path]`` or ``unix:///file.sock[:/path]``.

    Raises Refused for anything else.
    """
    if target.startswith("unix://"):
        socket, colon, path = target.removeprefix("unix://").partition(":/")
        return Place("http://localhost", "/" + path if colon else default_path, socket)
    url = httpx.URL(target)
    if url.scheme not in ("http", "https") or not url.host:
        raise Refused(f"{target!r} is neither an http:// address nor a unix:// socket.")
    base = str(url.copy_with(raw_path=b"/")).rstrip("/")
    path = url.raw_path.decode("ascii")
    return Place(base, path if path != "/" else default_path)
