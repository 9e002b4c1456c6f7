"""Text given on the command line or on stdin."""

import sys

import click

from inbox_tui.errors import Refused

text_argument = click.argument("text", nargs=-1)
"""Words of a text; "-" or none at all reads stdin."""


def text_of(words: tuple[str, ...]) -> str:
    """Return the text, without the line break at its end. Raises Refused for an empty one."""
    is_given = bool(words) and words != ("-",)
    text = (" ".join(words) if is_given else read_stdin()).rstrip("\n")
    if not text.strip():
        raise Refused("The text is empty.")
    return text


def read_stdin() -> str:
    """Return everything on stdin, as UTF-8 whatever the locale says. Raises Refused."""
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("What was given on stdin is not UTF-8 text.") from None
