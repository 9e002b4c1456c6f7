"""``inbox-tui show``: one session and its timeline in plain lines."""

import asyncio

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import json_option, me_option
from inbox_tui.cli.reach import client_for
from inbox_tui.cli.sessions import (
    entry_lines,
    find,
    moment,
    present,
    session_argument,
    states,
    who,
    zone_of,
)
from inbox_tui.wire.codec import to_plain
from inbox_tui.wire.models import Session

MOST = 500


@click.command("show", short_help="Show a session and its messages.")
@session_argument
@click.option(
    "--limit",
    type=click.IntRange(1, MOST),
    default=30,
    show_default=True,
    help="How many entries of the timeline, the newest.",
)
@click.option("--before", metavar="CURSOR", help="Older ones (next_cursor of --json).")
@me_option
@json_option
def command(
    session: str, limit: int, before: str | None, nickname: str | None, as_json: bool
) -> None:
    """Show SESSION (a number or a case code): its facts, messages, notes and happenings.

    Showing marks nothing as read.
    """
    asyncio.run(_show(session, limit, before, nickname, as_json=as_json))


async def _show(
    reference: str, limit: int, before: str | None, nickname: str | None, *, as_json: bool
) -> None:
    async with client_for(nickname) as client:
        session = await find(client, reference)
        timeline = await client.timeline(session.id, before=before, limit=limit)
        me = await client.me()
    if as_json:
        plain.print_json({"session": to_plain(session), "timeline": to_plain(timeline)})
        return
    zone = zone_of(me)
    plain.print_table(_facts(session, moment(session.opened_at, zone)))
    plain.print_line("")
    if timeline.next_cursor is not None:
        plain.print_line("(older entries are left out)")
    for entry in timeline.items:
        for line in entry_lines(entry, zone):
            plain.print_aligned(line)


def _facts(session: Session, opened: str) -> list[list[str]]:
    told = [
        ("session", f"#{session.id}"),
        ("contact", session.contact.name),
        ("channel", f"{session.channel} ({session.channel_kind})"),
        ("agent", who(session, present())),
        ("team", session.team or ""),
        ("state", ", ".join([session.state, *states(session)])),
        ("case", session.case_code or ""),
        ("opened", opened),
    ]
    return [[f"{name}:", value] for name, value in told if value]
