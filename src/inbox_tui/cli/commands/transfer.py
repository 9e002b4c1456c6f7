"""``inbox-tui transfer``: hands sessions over."""

import asyncio

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import json_option, me_option
from inbox_tui.cli.reach import client_for
from inbox_tui.cli.sessions import ask, find, tell_warnings, yes_option
from inbox_tui.client.port import Client, SessionQuery
from inbox_tui.errors import NotPossibleNow
from inbox_tui.wire.models import Session
from inbox_tui.wire.requests import PostTransfer
from inbox_tui.wire.words import ListName, Presence, TransferScope


@click.command("transfer", short_help="Hand a session, or all of mine, to somebody else.")
@click.argument("session", required=False)
@click.option("--to", "agent", metavar="NICKNAME", help="To this agent.")
@click.option("--team", metavar="SLUG", help="To this team's queue.")
@click.option("--all", "all_mine", is_flag=True, help="All my open sessions.")
@click.option("--note", metavar="TEXT", help="A note for who gets it.")
@yes_option
@me_option
@json_option
def command(
    session: str | None,
    agent: str | None,
    team: str | None,
    all_mine: bool,
    note: str | None,
    yes: bool,
    nickname: str | None,
    as_json: bool,
) -> None:
    """Hand SESSION, or --all my open sessions, to an agent (--to) or a team (--team).

    Asks first when the receiver is full or has no inbox open.
    """
    if (agent is None) == (team is None):
        raise click.UsageError("Give either --to NICKNAME or --team SLUG.")
    if (session is None) != all_mine:
        raise click.UsageError("Give either a SESSION or --all.")
    scope = TransferScope.ALL_MINE if all_mine else TransferScope.SESSION
    body = PostTransfer(agent=agent, team=team, scope=scope, note=note)
    asyncio.run(_transfer(session, body, nickname, yes=yes, as_json=as_json))


async def _transfer(
    reference: str | None, body: PostTransfer, nickname: str | None, *, yes: bool, as_json: bool
) -> None:
    async with client_for(nickname) as client:
        session = await (_first_of_mine(client) if reference is None else find(client, reference))
        if body.agent is not None:
            await _ask_about(client, body.agent, yes=yes)
        result = await client.transfer(session.id, body)
    tell_warnings(result.warnings)
    if as_json:
        plain.print_json(result)
        return
    for moved in result.sessions:
        to = moved.assignee or f"team {moved.team}"
        plain.print_line(f"transferred #{moved.id} {moved.contact.name} to {to}")


async def _first_of_mine(client: Client) -> Session:
    page = await client.sessions(SessionQuery(list=ListName.MINE, limit=1))
    if not page.items:
        raise NotPossibleNow("You have no open sessions.")
    return page.items[0]


async def _ask_about(client: Client, receiver: str, *, yes: bool) -> None:
    """Ask about a receiver who is full or absent (T3); the backend knows whether there is one."""
    agents = await client.agents()
    agent = next((agent for agent in agents if agent.nickname == receiver), None)
    if agent is None:
        return
    doubts: list[str] = []
    if agent.presence is not Presence.PRESENT:
        doubts.append(f"{agent.name} has no inbox open.")
    if agent.open_count >= agent.limit:
        doubts.append(f"{agent.name} is full: {agent.open_count} of {agent.limit} open.")
    if doubts:
        ask(" ".join(doubts), yes=yes)
