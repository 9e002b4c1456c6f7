"""``inbox-tui end``: ends a session, with its case."""

import asyncio

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import json_option, me_option
from inbox_tui.cli.reach import client_for
from inbox_tui.cli.sessions import find, session_argument, tell_warnings
from inbox_tui.wire.requests import CaseEdit, PostEnd
from inbox_tui.wire.words import Severity


@click.command("end", short_help="End a session and fill in its case.")
@session_argument
@click.option("--title", metavar="TEXT", help="Title of the case.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Tag of the case; repeatable.")
@click.option("--description", metavar="TEXT", help="Description of the case.")
@click.option(
    "--severity",
    type=click.Choice([severity.value for severity in Severity]),
    help="Severity of the case.",
)
@click.option("--reason", metavar="TEXT", help="Why it is ended; needed when nobody replied.")
@me_option
@json_option
def command(
    session: str,
    title: str | None,
    tags: tuple[str, ...],
    description: str | None,
    severity: str | None,
    reason: str | None,
    nickname: str | None,
    as_json: bool,
) -> None:
    """End SESSION. What is given of its case is set; the rest stays as it is."""
    case = CaseEdit(
        title=title,
        description=description,
        severity=Severity(severity) if severity else None,
        tags=list(tags) or None,
    )
    body = PostEnd(case=None if case == CaseEdit() else case, reason=reason)
    asyncio.run(_end(session, body, nickname, as_json=as_json))


async def _end(reference: str, body: PostEnd, nickname: str | None, *, as_json: bool) -> None:
    async with client_for(nickname) as client:
        session = await find(client, reference)
        result = await client.end(session.id, body)
    tell_warnings(result.warnings)
    if as_json:
        plain.print_json(result)
    else:
        case = result.session.case_code
        plain.print_line(f"ended #{session.id}" + (f", case {case}" if case else ""))
