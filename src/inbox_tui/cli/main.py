"""``inbox-tui``: finds the command, and turns every error into one line and an exit code.

Exit codes: 0 done, 1 refused or failed (one line on stderr), 2 wrong usage, 130 interrupted.
Without arguments the inbox opens at once, and the library that reads command lines is not loaded.
"""

import gc
import os
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

from inbox_tui.errors import InboxError

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

TRACEBACK: Final = "INBOX_TUI_TRACEBACK"
"""Set to anything, an error nobody expected is shown with its traceback."""

COMPLETION: Final = "_INBOX_TUI_COMPLETE"
"""Set by the shell when it asks for what could come next."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code. Raises nothing."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        "".join(given).encode()
    except UnicodeEncodeError:
        _say("An argument is no UTF-8.", None)
        return WRONG_USAGE
    try:
        if given or COMPLETION in os.environ:
            return _command(given)
        gc.disable()  # until the first frame stands: what is loaded meanwhile stays
        from inbox_tui.cli.inbox import open_inbox

        open_inbox(None)
    except KeyboardInterrupt:
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
    return DONE


def _command(arguments: list[str]) -> int:
    import click

    from inbox_tui.cli import group

    try:
        code = group.cli.main(args=arguments, prog_name="inbox-tui", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
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
