"""Which server, and who I am there: the configured one, else this machine's own workspace."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from inbox_tui.backend.running import Running
from inbox_tui.cli.embedded import ensure_backend, running_backend
from inbox_tui.cli.tokens import read_tokens, write_tokens
from inbox_tui.config import TOKEN, Home, load_settings, own_home
from inbox_tui.errors import NotFound, NotSignedIn, Refused, Unavailable
from inbox_tui.records import dataclass, field
from inbox_tui.text import safe_line

if TYPE_CHECKING:
    from inbox_tui.client.http import HttpClient

NO_WORKSPACE = (
    "There is no workspace on this machine yet, and no server is configured.",
    "Try it with: inbox-tui demo. Make one with: inbox-tui apply FILE (docs/operating.md).",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A server and the token that says who I am there.

    ``running`` and my ``nickname`` are known if it is this machine's.
    """

    url: str
    token: str = field(repr=False)
    running: Running | None = None
    nickname: str = ""


def reach(nickname: str | None, home: Home | None = None) -> Reached:
    """Return where to go and as whom, starting this machine's backend when needed.

    Blocks for as long as that takes. Raises Refused, NotSignedIn, NotFound or Unavailable.
    """
    if home is None:
        settings = load_settings()
        if settings.url:
            return _configured(settings.url, settings.token, settings.source, nickname)
        home = own_home()
        check_there_is_one(home)
    for _ in range(2):
        running = ensure_backend(home)
        try:
            me, token = _token(home, running, nickname)
            return Reached(url=running.address, token=token, running=running, nickname=me)
        except Unavailable:
            if running_backend(home.database) is not None:
                raise
            # It was the backend of a window that just closed: start one for us.
    raise Unavailable("The backend of this workspace went away twice while it was asked.")


def check_there_is_one(home: Home) -> None:
    """Raises NotFound when there is neither a database nor a file to make it from."""
    if not home.database.exists() and home.workspace_file() is None:
        raise NotFound(NO_WORKSPACE[0], hint=NO_WORKSPACE[1])


@asynccontextmanager
async def client_for(nickname: str | None) -> AsyncIterator["HttpClient"]:
    """Open a client for a plain command, which is no inbox window."""
    from inbox_tui.client.http import HttpClient

    reached = reach(nickname)
    client = HttpClient(reached.url, reached.token, window="command")
    try:
        yield client
    finally:
        await client.close()


def _configured(url: str, token: str, source: str, nickname: str | None) -> Reached:
    if nickname is not None:
        raise Refused(
            f"--as is for this machine's own workspace, but a server is configured in {source}.",
            hint=f"There the token says who you are: {TOKEN}.",
        )
    if not token:
        raise NotSignedIn(
            f"A server is configured in {source}, but no token.",
            hint=f"Set {TOKEN}; on the server: inbox-tui token NICKNAME",
        )
    return Reached(url=url, token=token)


def _token(home: Home, running: Running, nickname: str | None) -> tuple[str, str]:
    """Return who I am and a token that works: the one kept for this agent, else a new one."""
    from inbox_tui.cli.local import LocalBackend

    with LocalBackend(running) as backend:
        agents = backend.state().agents
        me = _who(agents, nickname)
        found = read_tokens(home)
        kept = {agent: token for agent, token in found.items() if agent in agents}
        if me not in kept or not backend.knows(kept[me]):
            kept[me] = backend.token(me).token
        if kept != found:
            write_tokens(home, kept)
        return me, kept[me]


def _who(agents: list[str], nickname: str | None) -> str:
    if not agents:
        raise NotFound(
            "Nobody is in this workspace yet.",
            hint="Make agents with: inbox-tui apply FILE (docs/workspace-file.md).",
        )
    if nickname is None:
        if len(agents) == 1:
            return agents[0]
        raise Refused(f"Say who you are: --as {' | '.join(sorted(agents)[:20])}.")
    found = next((agent for agent in agents if agent.casefold() == nickname.casefold()), None)
    if found is None:
        names = ", ".join(sorted(agents)[:20])
        raise NotFound(f"There is no agent “{safe_line(nickname)}” here.", hint=f"There: {names}.")
    return found
