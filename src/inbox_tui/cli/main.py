"""``inbox-tui``: finds the command, and turns every error into one line and an exit code.

Exit codes: 0 done, 1 refused or failed (one line on stderr), 2 wrong usage, 130 interrupted.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

import click

from inbox_tui import __version__
from inbox_tui.errors import InboxError

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

TRACEBACK: Final = "INBOX_TUI_TRACEBACK"
"""Set to anything, an error nobody expected is shown with its traceback."""

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
    "open": "open",
    "serve": "serve",
    "apply": "apply",
    "token": "token",
    "demo": "demo",
    "mock": "mock",
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


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code. Raises nothing."""
    try:
        code = cli.main(
            args=None if arguments is None else list(arguments),
            prog_name="inbox-tui",
            standalone_mode=False,
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except InboxError as error:
        return _say(error.detail, error.hint)
    except BrokenPipeError:
        # Whoever read our output has gone; the rest of it has nowhere to go either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        return _unexpected(error, f"{error.filename}: " if error.filename else "", error.strerror)
    except Exception as error:
        return _unexpected(error, f"unexpected {type(error).__name__}: ", str(error))
    return code if isinstance(code, int) else DONE


def main() -> NoReturn:
    """Run the command line of this process."""
    sys.exit(run())


def _unexpected(error: Exception, before: str, text: str | None) -> int:
    if os.environ.get(TRACEBACK):
        import traceback

        traceback.print_exception(error)
    return _say(f"{before}{text or error}", None)


def _say(detail: str, hint: str | None) -> int:
    from inbox_tui.text import safe_line

    line = safe_line(f"{detail} {hint}" if hint else detail)
    print(f"inbox-tui: {line}", file=sys.stderr)
    return FAILED
