"""``inbox-tui apply``: makes the workspace as a file says."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inbox_tui.cli import plain
from inbox_tui.cli.direct import through
from inbox_tui.cli.environment import environment_for
from inbox_tui.cli.options import database_option, json_option, path_of
from inbox_tui.cli.words import read_stdin
from inbox_tui.cli.workspace_file import named, read_file

if TYPE_CHECKING:
    from inbox_tui.store.database import Database
    from inbox_tui.wire.models import Applied


@click.command("apply", short_help="Make the workspace as a TOML file says.")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@database_option
@json_option
def command(file: Path, database_url: str | None, as_json: bool) -> None:
    """Make the workspace as FILE says ("-" is stdin): create and change, never delete.

    Running it twice changes nothing; a wrong file changes nothing and the key is named. Goes
    through the running server when one has the database.
    """
    text = read_stdin() if str(file) == "-" else read_file(file)
    environment = environment_for(text)

    def directly(database: "Database") -> "Applied":
        from inbox_tui.backend.workspace import service

        owner = None if database_url else getpass.getuser()
        return database.write_now(service.apply_file, text, environment, None, owner)

    with named(file):
        applied = through(
            path_of(database_url), lambda backend: backend.apply(text, environment), directly
        )
    if as_json:
        plain.print_json(applied)
        return
    for what, names in (("created", applied.created), ("changed", applied.changed)):
        for name in names:
            plain.print_line(f"{what} {name}")
    if not applied.created and not applied.changed:
        plain.print_line("Nothing to change.")
