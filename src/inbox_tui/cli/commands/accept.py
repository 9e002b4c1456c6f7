"""``inbox-tui accept``: turns my accept switch."""

import asyncio
from datetime import datetime

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import json_option, me_option
from inbox_tui.cli.reach import client_for
from inbox_tui.wire.requests import PutAccepting


@click.command("accept", short_help="Turn accept auto-assign on or off.")
@click.argument("switch", type=click.Choice(["on", "off"]))
@click.option("--reason", metavar="TEXT", help="Why it is off: break, lunch, meeting, …")
@click.option(
    "--back-at",
    type=click.DateTime(["%H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
    metavar="TIME",
    help="When I am back: HH:MM today or a date and time, on this machine's clock.",
)
@me_option
@json_option
def command(
    switch: str,
    reason: str | None,
    back_at: datetime | None,
    nickname: str | None,
    as_json: bool,
) -> None:
    """Turn accept auto-assign on or off. Colleagues see the switch and the reason."""
    if switch == "on" and (reason or back_at):
        raise click.UsageError("--reason and --back-at go with: accept off.")
    body = PutAccepting(accepting=switch == "on", reason=reason, back_at=_aware(back_at))
    asyncio.run(_accept(body, nickname, as_json=as_json))


async def _accept(body: PutAccepting, nickname: str | None, *, as_json: bool) -> None:
    async with client_for(nickname) as client:
        agent = await client.put_accepting(body)
    if as_json:
        plain.print_json(agent)
        return
    plain.print_line(f"accept {'on' if agent.accepting else 'off'} {agent.nickname}")
    if agent.accepting and agent.presence != "present":
        plain.say("Note: sessions are assigned to you while an inbox window is open.")


def _aware(at: datetime | None) -> datetime | None:
    """Return a time of this machine's clock as an aware one; a bare HH:MM is today's."""
    if at is None:
        return None
    if at.year == 1900:
        from inbox_tui.cli.sessions import present

        today = present().astimezone()
        at = at.replace(year=today.year, month=today.month, day=today.day)
    return at.astimezone()
