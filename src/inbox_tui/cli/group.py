"""The commands as click has them: found by name, imported when they are asked for."""

from importlib import import_module
from typing import Final

import click

from inbox_tui import __version__

COMMANDS: Final = {
    "list": "list",
    "show": "show",
    "reply": "reply",
    "note": "note",
    "claim": "claim",
    "transfer": "transfer",
    "end": "end",
    "accept": "accept",
    "explain": "explain",
    "qr": "qr",
    "open": "open",
    "supervise": "supervise",
    "serve": "serve",
    "apply": "apply",
    "token": "token",
    "demo": "demo",
    "mock": "mock",
    "simulate": "simulate",
    "replay": "replay",
    "doctor": "doctor",
}
"""Every command and its module under ``cli.commands``, which defines ``command``."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order they are explained in."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None when there is no such one."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = import_module(f"inbox_tui.cli.commands.{module}").command
        return command


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a command it opens the inbox. Shell completion: docs/operating.md.",
)
@click.option(
    "--as",
    "nickname",
    metavar="NICKNAME",
    help="Who I am, in this machine's own workspace; needed when it has several agents.",
)
@click.version_option(__version__, prog_name="inbox-tui")
@click.pass_context
def cli(context: click.Context, nickname: str | None) -> None:
    """The agent inbox for customer chats, in a terminal.

    Opens the inbox on the configured server (INBOX_TUI_URL and INBOX_TUI_TOKEN, or the config
    file), else on this machine's own workspace, whose backend is started when needed.
    """
    context.obj = nickname
    if context.invoked_subcommand is None:
        from inbox_tui.cli.inbox import open_inbox

        open_inbox(nickname)
