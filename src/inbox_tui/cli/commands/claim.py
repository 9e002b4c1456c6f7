"""``inbox-tui claim``: takes an unassigned session."""

import asyncio

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import json_option, me_option
from inbox_tui.cli.reach import client_for
from inbox_tui.cli.sessions import ask, find, session_argument, tell_warnings, yes_option
from inbox_tui.wire.words import SessionState


@click.command("claim", short_help="Take an unassigned session.")
@session_argument
@yes_option
@me_option
@json_option
def command(session: str, yes: bool, nickname: str | None, as_json: bool) -> None:
    """Take SESSION. Of two people who take it, one gets it; the other is told who was first.

    Asks first when it takes me over my limit.
    """
    asyncio.run(_claim(session, nickname, yes=yes, as_json=as_json))


async def _claim(reference: str, nickname: str | None, *, yes: bool, as_json: bool) -> None:
    async with client_for(nickname) as client:
        session = await find(client, reference)
        me = await client.me()
        can_be_had = session.state is SessionState.OPEN and session.assignee is None
        if can_be_had and me.switch_shown and me.agent.open_count >= me.agent.limit:
            ask(f"You are full: {me.agent.open_count} of {me.agent.limit} open.", yes=yes)
        result = await client.claim(session.id)
    tell_warnings(result.warnings)
    if as_json:
        plain.print_json(result)
    else:
        plain.print_line(f"claimed #{session.id} {result.session.contact.name}")
