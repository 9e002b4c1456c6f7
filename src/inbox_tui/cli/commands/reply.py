"""``inbox-tui reply``: writes to the customer."""

import asyncio
import uuid

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import json_option, me_option
from inbox_tui.cli.reach import client_for
from inbox_tui.cli.sessions import find, session_argument
from inbox_tui.cli.words import text_argument, text_of
from inbox_tui.client.port import Client
from inbox_tui.errors import CannotSend, Unavailable
from inbox_tui.wire.models import Entry
from inbox_tui.wire.words import DeliveryState

LOOK_EVERY_S = 0.2
ON_THE_WAY = (DeliveryState.QUEUED, DeliveryState.SENDING)


@click.command("reply", short_help="Reply to the customer.")
@session_argument
@text_argument
@click.option(
    "--wait",
    type=click.FloatRange(0, 600),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="Wait this long for the platform's answer.",
)
@click.option(
    "--key",
    metavar="KEY",
    help="Idempotency key: the same reply with the same key is sent once, however often asked.",
)
@me_option
@json_option
def command(
    session: str,
    text: tuple[str, ...],
    wait: float,
    key: str | None,
    nickname: str | None,
    as_json: bool,
) -> None:
    """Reply to the customer of SESSION with TEXT ("-" or none reads stdin).

    The reply is kept before it is sent. Exit code 1 when it failed within --wait; still being on
    its way is no failure.
    """
    words = text_of(text)
    asyncio.run(_reply(session, words, wait, key or uuid.uuid4().hex, nickname, as_json=as_json))


async def _reply(
    reference: str, text: str, wait: float, key: str, nickname: str | None, *, as_json: bool
) -> None:
    async with client_for(nickname) as client:
        session = await find(client, reference)
        me = (await client.me()).agent.nickname
        if session.assignee not in (None, me):
            plain.say(f"Note: this is {session.assignee}'s session; replying does not take it.")
        entry = await client.post_message(session.id, text, key=key)
        entry = await _settled(client, session.id, entry, wait)
    delivery = entry.delivery
    if as_json:
        plain.print_json(entry)
    elif delivery is not None:
        plain.print_line(f"{delivery.state} #{session.id}")
    if delivery is not None and delivery.state is DeliveryState.FAILED:
        raise CannotSend(f"The reply failed: {delivery.reason or 'the platform refused it'}.")
    if delivery is not None and delivery.state is DeliveryState.UNCERTAIN:
        raise Unavailable(
            "The platform's answer was lost: the reply may have been delivered.",
            hint="Look before you send it again.",
        )


async def _settled(client: Client, session_id: int, entry: Entry, wait: float) -> Entry:
    """Return the entry once the platform has answered, or as it is after ``wait`` seconds."""
    try:
        async with asyncio.timeout(wait):
            while entry.delivery is not None and entry.delivery.state in ON_THE_WAY:
                await asyncio.sleep(LOOK_EVERY_S)
                page = await client.timeline(session_id, limit=50)
                entry = next((found for found in page.items if found.id == entry.id), entry)
    except TimeoutError:
        return entry
    return entry
