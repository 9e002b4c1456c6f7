"""``inbox-tui explain``: why a session is where it is."""

import asyncio
import shutil

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import json_option, me_option
from inbox_tui.cli.reach import client_for
from inbox_tui.cli.sessions import find, present, session_argument, zone_of


@click.command("explain", short_help="Say why a session is where it is.")
@session_argument
@me_option
@json_option
def command(session: str, nickname: str | None, as_json: bool) -> None:
    """Say why SESSION is with who has it, or with nobody: the rule, each candidate, the numbers."""
    asyncio.run(_explain(session, nickname, as_json=as_json))


async def _explain(reference: str, nickname: str | None, *, as_json: bool) -> None:
    async with client_for(nickname) as client:
        session = await find(client, reference)
        explanation = await client.explanation(session.id)
        me = await client.me()
    if as_json:
        plain.print_json(explanation)
        return
    from inbox_tui.locale import Catalogue
    from inbox_tui.tui.render.prose import explanation_lines

    width = shutil.get_terminal_size((100, 24)).columns
    lines = explanation_lines(
        explanation, width, Catalogue.of("en"), now=present(), zone=zone_of(me)
    )
    for line in lines:
        plain.print_aligned("".join(text for text, _ in line))
