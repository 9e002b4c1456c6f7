"""The examination behind ``inbox-tui doctor``: each thing looked at gives one finding."""

import asyncio
import locale
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from inbox_tui import __version__
from inbox_tui.backend.running import Lock, read_running
from inbox_tui.cli.embedded import running_backend
from inbox_tui.cli.environment import environment_for
from inbox_tui.cli.workspace_file import named, read_file
from inbox_tui.config import TOKEN, Settings, load_settings, own_home
from inbox_tui.errors import InboxError
from inbox_tui.wire.local import ChannelCheck

if TYPE_CHECKING:
    from inbox_tui.backend.workspace.plan import Known

SMALLEST: Final = (40, 10)
"""Columns and lines the inbox needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at: ``good``, worth a ``note``, or ``wrong``."""

    state: Literal["good", "note", "wrong"]
    about: str
    detail: str
    hint: str = ""


Check = Callable[[], Iterator[Finding]]


def examine(database_url: str | None) -> list[Finding]:
    """Look at everything. What cannot be looked at is a finding too. Raises nothing."""
    settings = _settings()
    if isinstance(settings, Finding):
        return [*_program(), *_terminal(), settings]
    checks: list[Check] = [_program, _terminal]
    if settings.url:
        checks.append(lambda: _server(settings))
    if not settings.url or database_url:
        if not database_url:
            checks.append(_workspace_file)
        checks.append(lambda: _database(database_url))
    findings: list[Finding] = []
    for check in checks:
        try:
            findings += check()
        except InboxError as error:
            findings.append(_wrong(check.__name__.strip("_<>"), error))
    return findings


def _settings() -> Settings | Finding:
    try:
        return load_settings()
    except InboxError as error:
        return _wrong("config", error)


def _program() -> Iterator[Finding]:
    version = platform.python_version()
    yield Finding(
        state="good", about="program", detail=f"inbox-tui {__version__}, Python {version}"
    )


def _terminal() -> Iterator[Finding]:
    if not sys.stdout.isatty():
        yield Finding(state="note", about="terminal", detail="This is none: nothing to look at.")
        return
    columns, lines = shutil.get_terminal_size()
    told = f"{os.environ.get('TERM', 'TERM is not set')}, {columns}×{lines}"
    colours = os.environ.get("COLORTERM") or "no word of true colour"
    if "NO_COLOR" in os.environ:
        colours = "no colour wanted (NO_COLOR)"
    if columns < SMALLEST[0] or lines < SMALLEST[1]:
        hint = f"The inbox needs {SMALLEST[0]}×{SMALLEST[1]}."
        yield Finding(state="wrong", about="terminal", detail=told, hint=hint)
    elif os.environ.get("TERM") in (None, "dumb"):
        hint = "The inbox needs a terminal that can place text."
        yield Finding(state="wrong", about="terminal", detail=told, hint=hint)
    else:
        yield Finding(state="good", about="terminal", detail=f"{told}, {colours}")
    encoding = locale.getpreferredencoding(do_setlocale=False)
    if encoding.lower().replace("-", "") != "utf8":
        yield Finding(
            state="note",
            about="terminal",
            detail=f"The locale's encoding is {encoding}.",
            hint="With a UTF-8 locale Thai and Vietnamese can be read (LANG=C.UTF-8).",
        )


def _server(settings: Settings) -> Iterator[Finding]:
    from inbox_tui.client.http import HttpClient

    async def ask() -> str:
        client = HttpClient(settings.url, settings.token, window="doctor")
        try:
            me = await client.me()
        finally:
            await client.close()
        return f"{settings.url}: {me.workspace}, as {me.agent.nickname} ({me.agent.role})"

    about = f"server (configured in {settings.source})"
    if not settings.token:
        hint = f"Set {TOKEN}; on the server: inbox-tui token NICKNAME"
        yield Finding(state="wrong", about=about, detail="There is no token.", hint=hint)
        return
    try:
        yield Finding(state="good", about=about, detail=asyncio.run(ask()))
    except InboxError as error:
        yield _wrong(about, error)


def _workspace_file() -> Iterator[Finding]:
    """Read the file as the backend will when it starts: against what is there already."""
    from inbox_tui.backend.workspace.file import parse

    home = own_home()
    path = home.workspace_file()
    if path is None:
        return
    try:
        text = read_file(path)
        with named(path):
            parse(text, environment_for(text), _known(home.database))
    except InboxError as error:
        yield _wrong("workspace file", error)
    else:
        yield Finding(state="good", about="workspace file", detail=str(path))


def _known(database: Path) -> "Known":
    """Return what the workspace file may refer to: what is in the database, if there is one."""
    import sqlalchemy as sa

    from inbox_tui.backend.directory import load_directory
    from inbox_tui.backend.workspace.plan import Known
    from inbox_tui.backend.workspace.service import known_in
    from inbox_tui.store.schema import HEAD, revision_of

    if not database.exists() or revision_of(database) != HEAD:
        return Known()
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(database)))
    try:
        with engine.connect() as connection:
            return known_in(load_directory(connection))
    finally:
        engine.dispose()


def _database(database_url: str | None) -> Iterator[Finding]:
    home = own_home()
    if database_url:
        from inbox_tui.store.database import path_of

        path = path_of(database_url).resolve()
    else:
        path = home.database
    if not path.exists():
        yield Finding(
            state="note",
            about="database",
            detail=f"{path} is not there yet.",
            hint="Make a workspace with: inbox-tui apply FILE; or look around with: inbox-tui demo",
        )
        return
    yield from _shape(path)
    yield from _who_has_it(path)
    for check in _channels(path):
        yield _of_channel(check)


def _shape(path: Path) -> Iterator[Finding]:
    from inbox_tui.store.schema import HEAD, revision_of

    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        yield Finding(
            state="wrong",
            about="database",
            detail=f"{path} can be read by others (mode {mode:o}).",
            hint=f"chmod 600 {path}",
        )
    revision = revision_of(path)
    if revision == HEAD:
        yield Finding(state="good", about="database", detail=f"{path}, migration {revision}")
    else:
        yield Finding(
            state="note",
            about="database",
            detail=f"{path} is at migration {revision or 'none'}, this program at {HEAD}.",
            hint="It is migrated when it is next opened.",
        )


def _who_has_it(path: Path) -> Iterator[Finding]:
    running = running_backend(path)
    if running is not None:
        kind = "embedded backend" if running.embedded else "server"
        where = " ".join(running.addresses)
        detail = f"The {kind} runs: {where} (process {running.pid})"
        yield Finding(state="good", about="backend", detail=detail)
        return
    lock = Lock(path)
    if lock.take():
        lock.release()
        left = " (one was killed here before)" if read_running(path) is not None else ""
        yield Finding(state="note", about="backend", detail=f"None runs now{left}.")
    else:
        yield Finding(
            state="wrong",
            about="backend",
            detail="Somebody has the database and does not answer.",
            hint="It may be starting or stopping: try again in a moment.",
        )


def _channels(path: Path) -> list[ChannelCheck]:
    """Ask the platforms: through the running backend, else with the credentials in the file."""
    running = running_backend(path)
    if running is not None:
        from inbox_tui.cli.local import LocalBackend

        with LocalBackend(running) as backend:
            return backend.checks()
    lock = Lock(path)
    if not lock.take():
        return []
    try:
        return _channels_of_file(path)
    finally:
        lock.release()


def _channels_of_file(path: Path) -> list[ChannelCheck]:
    from inbox_tui.backend.channels import Channels
    from inbox_tui.backend.directory import load_directory
    from inbox_tui.backend.local import check_channels
    from inbox_tui.clock import SystemClock
    from inbox_tui.store.schema import HEAD, open_database, revision_of

    if revision_of(path) != HEAD:
        return []

    async def ask() -> list[ChannelCheck]:
        database = open_database(path, SystemClock())
        channels = Channels()
        try:
            directory = await database.read(load_directory)
            await channels.load(database, directory.settings.public_url)
            slugs = {key: channel.slug for key, channel in directory.channels.items()}
            return await check_channels(channels, slugs)
        finally:
            await channels.aclose()
            database.close()

    return asyncio.run(ask())


def _of_channel(check: ChannelCheck) -> Finding:
    about = f"channel {check.slug} ({check.kind})"
    if check.ok:
        return Finding(state="good", about=about, detail=check.account or "The platform knows us.")
    return Finding(
        state="wrong",
        about=about,
        detail=check.problem or "The platform does not know us.",
        hint=check.hint or "",
    )


def _wrong(about: str, error: InboxError) -> Finding:
    return Finding(state="wrong", about=about, detail=error.detail, hint=error.hint or "")
