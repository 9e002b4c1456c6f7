"""``inbox-tui token``: makes a bearer token."""

import sys
from typing import TYPE_CHECKING

import click

from inbox_tui.cli import plain
from inbox_tui.cli.direct import through
from inbox_tui.cli.options import database_option, json_option, path_of
from inbox_tui.wire.models import NewToken

if TYPE_CHECKING:
    from inbox_tui.store.database import Database


@click.command("token", short_help="Make and print a bearer token for an agent.")
@click.argument("nickname")
@database_option
@json_option
def command(nickname: str, database_url: str | None, as_json: bool) -> None:
    """Make and print a bearer token for the agent NICKNAME. It is shown this once.

    Goes through the running server when one has the database.
    """

    def directly(database: "Database") -> NewToken:
        from inbox_tui.backend.auth import make_token

        return NewToken(nickname=nickname, token=database.write_now(make_token, nickname))

    made = through(path_of(database_url), lambda backend: backend.token(nickname), directly)
    if as_json:
        plain.print_json(made)
        return
    plain.print_line(made.token)
    if sys.stdout.isatty():
        plain.say("It is not shown again. Use it as INBOX_TUI_TOKEN.")
