"""``inbox-tui list``: the lists of sessions in plain lines."""

import asyncio

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import json_option, me_option
from inbox_tui.cli.reach import client_for
from inbox_tui.cli.sessions import present, session_row
from inbox_tui.client.port import SessionQuery
from inbox_tui.wire.words import ListName, Sort, StateFilter

HEAD = ["SESSION", "CHANNEL", "CONTACT", "WAITS", "AGENT", "STATES", "LAST LINE"]
MOST = 500


@click.command("list", short_help="List sessions.")
@click.argument(
    "name", type=click.Choice([name.value for name in ListName]), default=ListName.MINE.value
)
@click.option(
    "--sort",
    type=click.Choice([sort.value for sort in Sort]),
    default=Sort.WAIT.value,
    show_default=True,
    help="Longest wait first, or latest customer message first.",
)
@click.option("--search", "-q", default="", metavar="TEXT", help="Only what holds this text.")
@click.option(
    "--state",
    type=click.Choice([state.value for state in StateFilter]),
    help="Only sessions in this state.",
)
@click.option("--channel", default="", metavar="SLUG", help="Only this channel.")
@click.option("--team", default="", metavar="SLUG", help="Only this team.")
@click.option("--agent", default="", metavar="NICKNAME", help="Only this agent's.")
@click.option("--limit", type=click.IntRange(1, MOST), default=50, show_default=True)
@click.option("--cursor", help="Go on where a page ended (next_cursor of --json).")
@me_option
@json_option
def command(
    name: str,
    sort: str,
    search: str,
    state: str | None,
    channel: str,
    team: str,
    agent: str,
    limit: int,
    cursor: str | None,
    nickname: str | None,
    as_json: bool,
) -> None:
    """List sessions: mine (the default), unassigned, team, all, starred or closed."""
    query = SessionQuery(
        list=ListName(name),
        sort=Sort(sort),
        q=search,
        state=StateFilter(state) if state else None,
        channel=channel,
        team=team,
        agent=agent,
        limit=limit,
        cursor=cursor,
    )
    asyncio.run(_list(query, nickname, as_json=as_json))


async def _list(query: SessionQuery, nickname: str | None, *, as_json: bool) -> None:
    async with client_for(nickname) as client:
        page = await client.sessions(query)
    if as_json:
        plain.print_json(page)
        return
    if not page.items:
        plain.say(f"No sessions in {query.list}.")
        return
    now = present()
    plain.print_table([HEAD, *(session_row(session, now) for session in page.items)])
    if page.next_cursor is not None:
        total = f"{page.total:,}" + ("" if page.total_is_exact else "+")
        plain.say(f"{len(page.items)} of {total}; more with --limit or --cursor.")
