"""``inbox-tui open``: opens what a link points to."""

import asyncio

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import json_option, me_option
from inbox_tui.cli.reach import client_for
from inbox_tui.cli.sessions import moment, zone_of
from inbox_tui.errors import Refused

CASE = "inbox-tui://case/"


@click.command("open", short_help="Open a case by its link.")
@click.argument("link")
@click.option("--plain", "as_lines", is_flag=True, help="Print the case instead.")
@me_option
@json_option
def command(link: str, as_lines: bool, nickname: str | None, as_json: bool) -> None:
    """Open the inbox at LINK, as copied from a case: inbox-tui://case/CODE, or the code alone."""
    code = _code_of(link)
    if as_lines or as_json:
        asyncio.run(_print(code, nickname, as_json=as_json))
        return
    from inbox_tui.cli.inbox import open_inbox

    open_inbox(nickname, open_case=code)


def _code_of(link: str) -> str:
    code = link.strip().removeprefix(CASE).strip("/")
    if not code or "/" in code or ":" in code:
        raise Refused(f"“{link}” is no link of this program.", hint=f"Links look like {CASE}CODE.")
    return code


async def _print(code: str, nickname: str | None, *, as_json: bool) -> None:
    async with client_for(nickname) as client:
        case = await client.case(code)
        me = await client.me()
    if as_json:
        plain.print_json(case)
        return
    zone = zone_of(me)
    told = [
        ("case", case.code),
        ("title", case.title),
        ("status", case.status),
        ("severity", case.severity),
        ("contact", case.contact.name),
        ("channel", case.channel),
        ("session", f"#{case.session_id}"),
        ("owner", case.owner or ""),
        ("involved", ", ".join(case.involved)),
        ("tags", ", ".join(case.tags)),
        ("opened", moment(case.opened_at, zone)),
        ("closed", moment(case.closed_at, zone) if case.closed_at else ""),
        ("description", case.description),
    ]
    plain.print_table([[f"{name}:", value] for name, value in told if value])
    for activity in case.activity:
        line = f"{moment(activity.at, zone)}  {activity.actor or 'system'}: {activity.kind}"
        plain.print_aligned(f"{line} {activity.detail}")
