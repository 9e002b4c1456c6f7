"""``inbox-tui qr``: a code of personal assignment, made or found, and drawn (Q1, Q2, Q9)."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inbox_tui.cli import plain
from inbox_tui.cli.drawing import check_place, show_code
from inbox_tui.cli.options import json_option, me_option
from inbox_tui.cli.reach import client_for
from inbox_tui.wire.codes import Code, PostCode

if TYPE_CHECKING:
    from inbox_tui.client.http import HttpClient


A_FILE = click.Path(path_type=Path)


def _span(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> timedelta | None:
    """Read a duration, written as in the workspace file."""
    from inbox_tui.backend.workspace.reading import NotThat, a_duration

    if value is None:
        return None
    try:
        return timedelta(milliseconds=a_duration()(value))
    except NotThat as error:
        raise click.BadParameter(f"{value!r} {error}") from None


@click.command("qr", short_help="Show the QR that binds customers to somebody.")
@click.argument("agent", metavar="[NICKNAME]", required=False)
@click.option("--channel", metavar="SLUG", required=True, help="The channel it is scanned to.")
@click.option(
    "--team", metavar="SLUG", help="A code of this team; with NICKNAME, of them inside it."
)
@click.option(
    "--png", metavar="FILE", type=A_FILE, help="Keep the QR as a PNG instead of showing it."
)
@click.option("--svg", metavar="FILE", type=A_FILE, help="Keep the QR as an SVG.")
@click.option(
    "--sheet",
    metavar="FILE",
    type=A_FILE,
    help="Keep an A6 card to print, an SVG with name, prompt, QR and code.",
)
@click.option("--force", is_flag=True, help="Write over FILE if it is there.")
@click.option("--link", "only_link", is_flag=True, help="Print the link alone.")
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="Given to whoever binds by it.")
@click.option(
    "--expires", metavar="SPAN", callback=_span, help='It binds for so long: "12h", "30d".'
)
@me_option
@json_option
def command(
    agent: str | None,
    channel: str,
    team: str | None,
    png: Path | None,
    svg: Path | None,
    sheet: Path | None,
    force: bool,
    only_link: bool,
    tags: tuple[str, ...],
    expires: timedelta | None,
    nickname: str | None,
    as_json: bool,
) -> None:
    """Show the QR that binds customers to NICKNAME, to a team, or to me when none is named.

    The code is made if there is none yet, else it is the one there is; --tag and --expires change
    it. Scanning opens the chat with the code as the message; the customer is bound when they send
    it, unchanged.

    On a terminal the QR is black on white whatever its colours are. Elsewhere it is plain text
    with dark modules as ink, to be read on a light ground.
    """
    kept = {kind: path for kind, path in (("png", png), ("svg", svg), ("sheet", sheet)) if path}
    if len(kept) > 1:
        raise click.UsageError("One of --png, --svg and --sheet at a time.")
    if as_json and only_link:
        raise click.UsageError("--link and --json do not go together.")
    for path in kept.values():
        check_place(path, over=force)
    asyncio.run(
        _qr(
            agent,
            channel,
            team,
            tags=tags,
            expires=expires,
            kept=kept,
            over=force,
            nickname=nickname,
            only_link=only_link,
            as_json=as_json,
        )
    )


async def _qr(
    agent: str | None,
    channel: str,
    team: str | None,
    *,
    tags: tuple[str, ...],
    expires: timedelta | None,
    kept: dict[str, Path],
    over: bool,
    nickname: str | None,
    only_link: bool,
    as_json: bool,
) -> None:
    from inbox_tui.cli.sessions import present

    async with client_for(nickname) as client:
        me = await client.me()
        body = PostCode(
            channel=channel,
            agent=me.agent.nickname if agent is None and team is None else agent,
            team=team,
            tags=list(tags),
            expires_at=None if expires is None else present() + expires,
        )
        code = await client.make_code(body)
        name, shown_channel = await _names(client, code)
    for kind, path in kept.items():
        _keep(kind, path, code, name=name, channel=shown_channel, language=me.language, over=over)
    if as_json:
        plain.print_json(code)
    elif only_link:
        plain.print_line(code.link)
    elif kept:
        plain.print_line(f"{code.code} kept as {next(iter(kept.values()))}")
        plain.print_line(code.link)
    else:
        show_code(code, name=name, channel=shown_channel)


async def _names(client: "HttpClient", code: Code) -> tuple[str, str]:
    """Return who a code is for and what its channel is called, as customers know them."""
    agents, teams, channels = await asyncio.gather(
        client.agents(), client.teams(), client.channels()
    )
    people = {agent.nickname: agent.name for agent in agents}
    groups = {team.slug: team.name for team in teams}
    names = (
        code.agent and (people.get(code.agent) or code.agent),
        code.team and (groups.get(code.team) or code.team),
    )
    channel = next((each.name for each in channels if each.slug == code.channel), "")
    return " · ".join(name for name in names if name), channel or code.channel


def _keep(
    kind: str, path: Path, code: Code, *, name: str, channel: str, language: str, over: bool
) -> None:
    """Write a picture of a code. Raises Refused when the file came to be there meanwhile."""
    from inbox_tui.cli.drawing import is_there
    from inbox_tui.tui.codes.saving import Picture, drawn, keep

    data = drawn(Picture(kind), code, name=name, channel=channel, language=language)
    try:
        keep(path, data, over=over)
    except FileExistsError:
        raise is_there(path) from None
