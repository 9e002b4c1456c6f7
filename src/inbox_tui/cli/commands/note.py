"""``inbox-tui note``: writes an internal note."""

import asyncio

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import json_option, me_option
from inbox_tui.cli.reach import client_for
from inbox_tui.cli.sessions import find, session_argument
from inbox_tui.cli.words import text_argument, text_of


@click.command("note", short_help="Write an internal note.")
@session_argument
@text_argument
@me_option
@json_option
def command(session: str, text: tuple[str, ...], nickname: str | None, as_json: bool) -> None:
    """Write TEXT ("-" or none reads stdin) as a note in SESSION. The customer never sees it."""
    asyncio.run(_note(session, text_of(text), nickname, as_json=as_json))


async def _note(reference: str, text: str, nickname: str | None, *, as_json: bool) -> None:
    async with client_for(nickname) as client:
        session = await find(client, reference)
        entry = await client.post_note(session.id, text)
    if as_json:
        plain.print_json(entry)
    else:
        plain.print_line(f"noted #{session.id}")
