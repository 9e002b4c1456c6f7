"""What the plain session commands share: finding one, asking first, and telling it in lines."""

import sys
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from inbox_tui.cli import plain
from inbox_tui.clock import SystemClock, to_datetime
from inbox_tui.errors import NotFound, Refused
from inbox_tui.wire.models import Content, Entry, Me, Session, Warning
from inbox_tui.wire.words import (
    DeliveryState,
    Due,
    EntryKind,
    Priority,
    SessionState,
    UnassignedReason,
)

if TYPE_CHECKING:
    from inbox_tui.client.port import Client

session_argument = click.argument("session", metavar="SESSION")
"""A session's number, as ``list`` shows it, or the code of its case."""

yes_option = click.option("--yes", "-y", is_flag=True, help="Do not ask first.")


async def find(client: "Client", reference: str) -> Session:
    """Return the session of a number or a case code. Raises NotFound."""
    number = reference.removeprefix("#")
    if number.isdecimal() and len(number) < 19:
        return await client.session(int(number))
    try:
        case = await client.case(reference)
    except NotFound:
        raise NotFound(
            f"There is no session and no case “{reference}”.", hint="See: inbox-tui list all"
        ) from None
    return await client.session(case.session_id)


def ask(question: str, *, yes: bool) -> None:
    """Ask before something that deserves a second thought. Raises Refused for a no.

    Where nobody can answer, as in a script, that is a no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused(question, hint="Do it all the same with --yes.")
    if not click.confirm(f"{question} Do it all the same?", err=True):
        raise Refused("Nothing was done.")


def tell_warnings(warnings: list[Warning]) -> None:
    """Say on stderr what deserved a second thought."""
    for warning in warnings:
        plain.say(f"Note: {warning.detail}")


def session_row(session: Session, now: datetime) -> list[str]:
    """Return a session as the cells of one line."""
    waits = "" if session.waiting_since is None else span(now, session.waiting_since)
    return [
        f"#{session.id}",
        session.channel,
        session.contact.name,
        waits or "-",
        who(session, now),
        ",".join(states(session)) or "-",
        session.last_line,
    ]


def who(session: Session, now: datetime) -> str:
    """Return who serves a session, or why nobody does; with whom it waits for, and how long yet."""
    from inbox_tui.locale import times

    if session.assignee is not None:
        return session.assignee
    if session.unassigned_reason is None:
        return "unassigned"
    told = f"unassigned:{session.unassigned_reason}"
    if session.unassigned_reason is not UnassignedReason.WAITING_FOR_AGENT:
        return told
    if session.waits_for is not None:
        told += f":{session.waits_for}"
    if session.wait_until is not None and session.state is SessionState.OPEN:
        told += f" {times.countdown((session.wait_until - now).total_seconds())}"
    return told


def states(session: Session) -> list[str]:
    """Return the states of L3 as words."""
    found: list[str] = []
    if session.state is SessionState.CLOSED:
        found.append("closed")
    if session.due is not Due.OK:
        found.append(session.due)
    if session.unanswered:
        found.append("unanswered")
    if session.unread_count:
        found.append(f"unread:{session.unread_count}")
    if session.starred:
        found.append("starred")
    if session.priority is not Priority.NORMAL:
        found.append(session.priority)
    return found


def entry_lines(entry: Entry, zone: tzinfo) -> list[str]:
    """Return an entry of a timeline as lines: the moment, who, and what."""
    at = moment(entry.at, zone)
    if entry.kind is EntryKind.HAPPENING:
        from inbox_tui.locale import Catalogue
        from inbox_tui.tui.render.entry import happening_sentence

        return [f"{at}  -- {happening_sentence(entry, Catalogue.of('en'))}"]
    label = _label(entry)
    first, *rest = _said(entry).split("\n")
    delivery = entry.delivery
    if delivery is not None and delivery.state is not DeliveryState.SENT:
        reason = f": {delivery.reason}" if delivery.reason else ""
        label += f" [{delivery.state}{reason}]"
    return [f"{at}  {label}: {first}", *(" " * 18 + line for line in rest)]


def _label(entry: Entry) -> str:
    """Return whose entry it is, and what it is where it is no message of a person's."""
    match entry.kind:
        case EntryKind.CUSTOMER:
            return "customer"
        case EntryKind.CODE:
            outcome = entry.data.get("outcome")
            return f"customer (code, {outcome})" if outcome else "customer (code)"
        case EntryKind.AUTOMATIC:
            kind = entry.data.get("automatic")
            return f"automatic ({kind})" if kind else "automatic"
        case EntryKind.NOTE:
            return f"{entry.author or 'system'} (note, internal)"
        case _:
            return entry.author or "system"


def moment(at: datetime, zone: tzinfo) -> str:
    """Return a time as the reader's clock has it."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def span(now: datetime, since: datetime) -> str:
    """Return how long ago something was: ``now``, ``3m``, ``2h``, ``5d``."""
    from inbox_tui.locale import Catalogue, times

    return times.ago(since, now, Catalogue.of("en"))


def present() -> datetime:
    """Return the present."""
    return to_datetime(SystemClock().now())


def zone_of(me: Me) -> tzinfo:
    """Return the workspace's time zone; UTC where the machine does not know it."""
    try:
        return ZoneInfo(me.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _said(entry: Entry) -> str:
    if entry.unsent_at is not None:
        return "(taken back)"
    content = entry.content
    return "" if content is None else described(content)


def described(content: Content) -> str:
    """Return what a message carries in words, with its link when it has one."""
    if content.kind == "text":
        return content.text
    parts = [content.file_name, content.title, content.address, content.text]
    told = ", ".join(dict.fromkeys(part for part in parts if part))
    where = f" {content.url}" if content.url else ""
    return f"[{content.kind}] {told}{where}".rstrip()
