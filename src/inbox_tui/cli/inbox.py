"""Opens the inbox: the terminal first, the server while it is already painted."""

import asyncio
import gc
import os
import sys
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from inbox_tui.backend.running import Running
from inbox_tui.cli.embedded import ensure_backend
from inbox_tui.cli.own_state import OwnState
from inbox_tui.cli.reach import Reached, check_there_is_one, reach
from inbox_tui.config import (
    Settings,
    config_dir,
    load_settings,
    own_home,
    private,
    state_dir,
)
from inbox_tui.errors import Forbidden, InboxError, Invalid, NotFound, NotSignedIn, Refused

if TYPE_CHECKING:
    from inbox_tui.client.http import HttpClient
    from inbox_tui.client.port import Client
    from inbox_tui.tui.app import InboxApp

FOR_GOOD = (Forbidden, Invalid, NotFound, NotSignedIn, Refused)
"""What trying again does not mend: the inbox closes and says it."""

LAST_WINDOW_WITHIN_S = 0.5
LOOK_EVERY_S = 0.05


def open_inbox(
    nickname: str | None, *, open_case: str | None = None, on_wall: bool = False
) -> None:
    """Open the inbox until the person leaves it. Raises the errors of the tree.

    ``open_case`` is the code of a case whose chat is shown first; ``on_wall`` begins on the
    supervisor's wall.
    """
    settings = load_settings()
    if settings.url:
        key = sha256(f"{settings.url}\0{settings.token}".encode()).hexdigest()[:16]
        where = state_dir() / key
        show(lambda: reach(nickname), settings, where, open_case=open_case, on_wall=on_wall)
        return
    home = own_home()
    check_there_is_one(home)
    state = OwnState.of(home, nickname)
    reached: list[Reached] = []

    def get_there() -> Reached:
        reached.append(reach(nickname, home))
        state.belongs_to(reached[-1].nickname)
        return reached[-1]

    try:
        show(
            get_there,
            settings,
            state.folder,
            open_case=open_case,
            on_wall=on_wall,
            revive=lambda: asyncio.to_thread(ensure_backend, home),
        )
    finally:
        running = reached[-1].running if reached else None
        if running is not None and running.embedded:
            say_farewell(running)


def show(
    get_there: Callable[[], Reached],
    settings: Settings,
    state: Path,
    *,
    open_case: str | None = None,
    on_wall: bool = False,
    revive: Callable[[], Awaitable[object]] | None = None,
) -> None:
    """Show the screen until the person leaves.

    ``get_there`` may block: it is called in a thread once the first frame is painted. ``revive``
    is called when the line is lost: it starts a backend of our own again that has gone. ``state``
    is where drafts, replies on their way and choices of this person are kept. Raises what
    ``get_there`` raised if trying again is of no use, and what the screen crashed with.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused(
            "The inbox needs a terminal.", hint="In scripts: inbox-tui list, show, reply, …"
        )
    gc.disable()  # all that is loaded stays: to search it for garbage holds up the first frame
    from inbox_tui.tui.app import InboxApp
    from inbox_tui.tui.render.symbols import ASCII, UNICODE

    failed: list[InboxError] = []

    def dial() -> "HttpClient":
        reached = get_there()
        from inbox_tui.client.http import HttpClient

        return HttpClient(reached.url, reached.token, window=os.urandom(16).hex())

    async def connect() -> "Client":
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        try:
            client = await asyncio.to_thread(dial)
            if open_case is not None:
                app.run_worker(_open_case(app, client, open_case), group="link")
            return client
        except FOR_GOOD as error:
            failed.append(error)
            app.exit()
            raise

    app = InboxApp(
        connect,
        state_dir=private(state),
        config_dir=config_dir(),
        language=settings.language,
        symbols=ASCII if settings.ascii_only else UNICODE,
        on_wall=on_wall,
        revive=revive,
    )
    try:
        app.run()
    finally:
        gc.enable()
    if failed:
        raise failed[0]
    if app.crash is not None:
        raise app.crash


async def _open_case(app: "InboxApp", client: "Client", code: str) -> None:
    """Show the chat of a case, once the inbox is live."""
    from inbox_tui.state.changes import Link
    from inbox_tui.tui.actions.do_chat import show_session
    from inbox_tui.tui.screens.inbox import InboxScreen

    while app.desk.store.link is not Link.LIVE:  # noqa: ASYNC110 - it tells widgets, not tasks
        await asyncio.sleep(LOOK_EVERY_S)
    inbox = next(screen for screen in app.screen_stack if isinstance(screen, InboxScreen))

    async def show_it() -> None:
        case = await client.case(code)
        await show_session(inbox, case.session_id)

    inbox.begin(show_it())


def say_farewell(running: Running) -> None:
    """Say what is not received from now on, if this was the last window (O1)."""
    from inbox_tui.cli.local import LocalBackend
    from inbox_tui.cli.plain import print_wrapped

    with LocalBackend(running) as backend:
        try:
            state = backend.state()
            for _ in range(round(LAST_WINDOW_WITHIN_S / LOOK_EVERY_S)):
                if not state.windows:
                    break
                time.sleep(LOOK_EVERY_S)
                state = backend.state()
        except InboxError:
            return  # it went before we did, and has said what it had to
    if state.windows:
        return
    print_wrapped(
        "That was the last window: what is being sent is still sent, then the backend ends."
    )
    polled = ", ".join(channel.slug for channel in state.channels if channel.receives == "poll")
    pushed = ", ".join(channel.slug for channel in state.channels if channel.receives == "webhook")
    if not polled and not pushed:
        return
    print_wrapped("Until you open the inbox again, nothing is received:")
    if polled:
        print_wrapped(f"- {polled}: Telegram keeps messages for 24 hours.")
    if pushed:
        print_wrapped(f"- {pushed}: webhooks fail; some platforms repeat them where that is set.")
    print_wrapped("To receive all the time, run: inbox-tui serve")
