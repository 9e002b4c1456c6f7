"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from inbox_tui.config import DATABASE_URL, own_home

F = TypeVar("F", bound=Callable[..., Any])


def database_option(command: F) -> F:
    """Add ``--database-url``."""
    return click.option(
        "--database-url",
        metavar="URL",
        envvar=DATABASE_URL,
        show_envvar=True,
        help="The database, as sqlite:////path/inbox.db; else this machine's own workspace.",
    )(command)


def path_of(database_url: str | None) -> Path:
    """Return the file of a database URL; the own workspace's without one. Raises Invalid."""
    if not database_url:
        home = own_home()
        home.prepare()
        return home.database
    from inbox_tui.store.database import path_of as path_of_url

    return path_of_url(database_url).resolve()


def me_option(command: F) -> F:
    """Add ``--as``, also understood before the command's name."""

    def inherit(
        context: click.Context, _parameter: click.Parameter, value: str | None
    ) -> str | None:
        above = context.find_root().obj
        return value if value is not None else above

    return click.option(
        "--as",
        "nickname",
        metavar="NICKNAME",
        callback=inherit,
        help="Who I am, in this machine's own workspace.",
    )(command)


def json_option(command: F) -> F:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)
