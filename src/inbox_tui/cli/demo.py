"""The demo: platforms, backend, customers and colleagues as processes, and a window among them.

Everything is started while the first frame is painted already, and ended by its process id when
the window closes; the simulated side also ends by itself should this process be killed.
"""

import json
import shutil
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from inbox_tui.cli.children import Child
from inbox_tui.cli.embedded import ensure_backend, running_backend, stop_backend
from inbox_tui.cli.inbox import show
from inbox_tui.cli.reach import Reached, reach
from inbox_tui.config import Home, load_settings
from inbox_tui.errors import Refused
from inbox_tui.wire.codes import PostCode

if TYPE_CHECKING:
    from inbox_tui.cli.local import LocalBackend

YOU = "you"
COLLEAGUES = {"mai": "Mai", "noi": "Noi", "tuan": "Tuấn"}
READY_WITHIN_S = 30.0
BACKEND_ENDS_WITHIN_S = 15.0

SCANNED = ("mai", "tuan")
"""Colleagues whose codes are scanned in the story as well."""

WORKSPACE = """\
[workspace]
name = "Baan Shop"
timezone = "Asia/Bangkok"
language = "th"
max_open = 5
response_target = "10m"

[[agents]]
nickname = "you"
name = "Kim"
role = "owner"
languages = ["th", "vi", "en"]

[[agents]]
nickname = "mai"
name = "Mai"
languages = ["th", "en"]
max_open = 3

[[agents]]
nickname = "noi"
name = "Noi"
languages = ["th"]
max_open = 3

[[agents]]
nickname = "tuan"
name = "Tuấn"
languages = ["vi", "en"]
max_open = 3

[[teams]]
slug = "sales"
name = "Sales"
method = "round_robin"
members = ["you", "mai", "noi"]

[[teams]]
slug = "support"
name = "Support"
method = "least_open"
members = ["you", "tuan"]

[messages]
on = [
    "welcome", "greeting", "assigned", "away", "over_capacity", "transferred", "ended", "rating",
    "order_shipped", "parcel_delivered", "delivery_delayed",
]
min_gap = "2m"
"""


def run_demo(nickname: str | None, *, seed: int, speed: float, keep: Path | None) -> None:
    """Show the demo until the person leaves it. Raises the errors of the tree."""
    me = (nickname or YOU).casefold()
    if me != YOU and me not in COLLEAGUES:
        raise Refused(f"In the demo you are one of: {', '.join([YOU, *COLLEAGUES])}.")
    with _directory(keep) as directory, _leaving_on_signals():
        home = Home(directory)
        if running_backend(home.database) is not None:
            raise Refused(f"A demo runs in {directory} already.")
        demo = Demo(home, me, seed=seed, speed=speed)
        settings = replace(load_settings(), url="", token="")
        try:
            show(demo.start, settings, directory / "state" / me)
        finally:
            demo.stop()


class Demo:
    """The processes of one demo."""

    def __init__(self, home: Home, me: str, *, seed: int, speed: float) -> None:
        self._home = home
        self._me = me
        self._seed = seed
        self._speed = speed
        self._children: list[Child] = []

    def start(self) -> Reached:
        """Start everything and return the way in. Blocks until it is ready.

        What was started is ended again when something does not start.
        """
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> Reached:
        from inbox_tui.cli.local import LocalBackend
        from inbox_tui.mock.control import Control
        from inbox_tui.mock.play import prepare

        self._home.prepare()
        with ThreadPoolExecutor(1) as beside:
            starting = beside.submit(ensure_backend, self._home)
            platforms = self._start_platforms()
            running = starting.result()
        with Control(platforms) as control:
            accounts = prepare(control, target=running.address)
        text = WORKSPACE
        for account in accounts.values():
            team = "sales" if account.platform == "line" else "support"
            text += _channel(account.slug, account.platform, account.name, team, platforms)
            text += "".join(
                f"{name} = {json.dumps(value)}\n" for name, value in account.credentials.items()
            )
        with LocalBackend(running) as backend:
            applied = backend.apply(text, {})
            others = [name for name in COLLEAGUES if name != self._me]
            tokens = {name: backend.token(name).token for name in others}
            channels = [account.slug for account in accounts.values()]
            links = self._links(backend, channels)
            if f"agent {self._me}" in applied.created:
                # A new account's switch is off (P1); somebody who tries it wants to see chats.
                backend.accept(backend.token(self._me).token)
        reached = reach(self._me, self._home)
        self._start_people(platforms, running.address, tokens, links)
        return reached

    def _links(self, backend: "LocalBackend", channels: list[str]) -> list[tuple[str, str]]:
        """Make the codes that customers will scan; return their links by whose they are.

        The story calls whoever sits at the keyboard ``you``, whatever their nickname is.
        """
        owner = backend.token(YOU).token
        whose = [(YOU, self._me), *((name, name) for name in SCANNED)]
        return [
            (called, backend.code(owner, PostCode(channel=channel, agent=nickname)).link)
            for called, nickname in whose
            for channel in channels
        ]

    def stop(self) -> None:
        """End everything that was started, customers first."""
        for child in reversed(self._children):
            child.stop()
        self._children.clear()
        stop_backend(self._home, BACKEND_ENDS_WITHIN_S)

    def _start_platforms(self) -> str:
        child = Child(self._home.directory / "platforms.log", "mock", "serve", "--port", "0")
        self._children.append(child)
        return child.first_line(READY_WITHIN_S).split()[-1]

    def _start_people(
        self,
        platforms: str,
        backend: str,
        tokens: dict[str, str],
        links: list[tuple[str, str]],
    ) -> None:
        from inbox_tui.cli.commands.mock import TOKENS

        arguments = ["mock", "play", "shop", "--platforms", platforms, "--backend", backend]
        arguments += ["--seed", str(self._seed), "--speed", str(self._speed)]
        for whose, link in links:
            arguments += ["--link", f"{whose}={link}"]
        log = self._home.directory / "people.log"
        self._children.append(
            Child(log, *arguments, environment={TOKENS: json.dumps(tokens)}, quiet=True)
        )


def _channel(slug: str, kind: str, name: str, team: str, platforms: str) -> str:
    return f"""
[[channels]]
slug = "{slug}"
kind = "{kind}"
name = "{name}"
team = "{team}"
api_base = "{platforms}"
[channels.credentials]
"""


@contextmanager
def _directory(keep: Path | None) -> Iterator[Path]:
    """Give the directory to keep, or one that is removed afterwards."""
    if keep is not None:
        yield keep.absolute()
        return
    directory = Path(tempfile.mkdtemp(prefix="inbox-tui-demo-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _leaving_on_signals() -> Iterator[None]:
    """Leave in order when the terminal is closed or somebody asks this process to end."""

    def leave(number: int, _frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGHUP, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
