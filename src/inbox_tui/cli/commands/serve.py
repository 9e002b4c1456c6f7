"""``inbox-tui serve``: the backend alone."""

import gc
import getpass
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inbox_tui.cli.environment import environment_for
from inbox_tui.cli.options import database_option, path_of
from inbox_tui.cli.workspace_file import named, read_file
from inbox_tui.config import Home

if TYPE_CHECKING:
    from inbox_tui.store.database import Database

DEFAULT_PORT = 8700


@click.command("serve", short_help="Run the backend alone, as a server.")
@click.option("--host", metavar="H", help="Address to listen on; 127.0.0.1 without --uds.")
@click.option(
    "--port",
    metavar="P",
    type=click.IntRange(0, 65_535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen on; 0 is any free one.",
)
@click.option(
    "--uds",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Listen on this Unix socket; on a port as well when --host or --port is given.",
)
@database_option
@click.option("--embedded", is_flag=True, hidden=True)
@click.option("--home", type=click.Path(path_type=Path), hidden=True)
@click.pass_context
def command(
    context: click.Context,
    host: str | None,
    port: int,
    uds: Path | None,
    database_url: str | None,
    embedded: bool,
    home: Path | None,
) -> None:
    """Run the backend: webhooks, API and live stream, until SIGTERM or Ctrl-C.

    Prints one line with its addresses when it is ready; logs go to stderr. One server has a
    database at a time.
    """
    gc.disable()  # until the backend is ready: what is loaded meanwhile stays
    try:
        _serve(context, host, port, uds, database_url, home if embedded else None)
    finally:
        gc.enable()


def _serve(
    context: click.Context,
    host: str | None,
    port: int,
    uds: Path | None,
    database_url: str | None,
    home: Path | None,
) -> None:
    from inbox_tui.backend import server
    from inbox_tui.backend.logs import set_up_logs

    set_up_logs()
    if home is not None:
        mine = Home(home)
        mine.prepare()
        server.serve(
            mine.database,
            uds=mine.socket(),
            embedded=server.Embedded(),
            prepare=lambda database: apply_changed_file(mine, database),
        )
        return
    port_given = context.get_parameter_source("port") != click.core.ParameterSource.DEFAULT
    if uds is None or port_given:
        host = host or "127.0.0.1"
    server.serve(
        path_of(database_url),
        host=host,
        port=port,
        uds=uds,
        say_ready=lambda addresses: click.echo(f"inbox-tui serves {' '.join(addresses)}"),
    )


def apply_changed_file(home: Home, database: "Database") -> None:
    """Apply the workspace file of a home when it is not the one applied last.

    Whoever owns the files becomes the owner of a workspace that has nobody else. Raises Invalid
    or InvalidWorkspace, which name the file.
    """
    from inbox_tui.backend.workspace import service

    path = home.workspace_file()
    if path is None:
        return
    text = read_file(path)
    environment = environment_for(text)
    mark = hashlib.sha256(f"{text}\0{sorted(environment.items())}".encode()).hexdigest()
    if home.applied.exists() and home.applied.read_text() == mark:
        return
    with named(path):
        database.write_now(service.apply_file, text, environment, None, getpass.getuser())
    home.applied.write_text(mark)
