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
@click.option(
    "--decision",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    help="0 is the present decision, 1 the latest before it, and so on.",
)
@me_option
@json_option
def command(session: str, decision: int, nickname: str | None, as_json: bool) -> None:
    """Say why SESSION is with who has it, or with nobody: the rule, each candidate, the numbers.

    What was decided before is listed below, and told in full with --decision.
    """
    asyncio.run(_explain(session, decision, nickname, as_json=as_json))


async def _explain(reference: str, decision: int, nickname: str | None, *, as_json: bool) -> None:
    async with client_for(nickname) as client:
        session = await find(client, reference)
        explanation = await client.explanation(session.id, decision)
        me = await client.me()
    if as_json:
        plain.print_json(explanation)
        return
    from inbox_tui.locale import Catalogue
    from inbox_tui.tui.render.explanation import explanation_lines

    width = shutil.get_terminal_size((100, 24)).columns
    lines = explanation_lines(
        explanation, width, Catalogue.of("en"), now=present(), zone=zone_of(me)
    )
    for line in lines:
        plain.print_aligned("".join(text for text, _ in line))
