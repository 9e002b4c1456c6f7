"""``inbox-tui qr``: a code of personal assignment, made or found, and drawn (Q1, Q2, Q9)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from inbox_tui.cli import plain
from inbox_tui.cli.drawing import check_place, is_there, show_code
from inbox_tui.cli.options import json_option, me_option
from inbox_tui.cli.reach import client_for
from inbox_tui.cli.sessions import present
from inbox_tui.records import dataclass
from inbox_tui.wire.codes import Code, PostCode

if TYPE_CHECKING:
    from inbox_tui.client.http import HttpClient


A_FILE = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a picture of a kind is kept, ``over`` what is there or not."""

    kind: str
    path: Path
    over: bool


def _span(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> timedelta | Literal["never"] | None:
    """Read a duration, written as in the workspace file."""
    from inbox_tui.backend.workspace.reading import NotThat, a_duration

    if value is None:
        return None
    if value == "never":
        return "never"
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
@click.option("--no-tags", is_flag=True, help="Take the tags of the code away.")
@click.option(
    "--expires", metavar="SPAN", callback=_span, help='It binds for so long: "12h", "30d", "never".'
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
    no_tags: bool,
    expires: timedelta | Literal["never"] | None,
    nickname: str | None,
    as_json: bool,
) -> None:
    """Show the QR that binds customers to NICKNAME, to a team, or to me when none is named.

    The code is made if there is none yet, else it is the one there is; --tag, --no-tags and
    --expires change it. Scanning opens the chat with the code as the message; the customer is bound
    when they send it, unchanged.

    On a terminal the QR is black on white whatever its colours are. Elsewhere it is plain text
    with dark modules as ink, to be read on a light ground.
    """
    files = [(kind, path) for kind, path in (("png", png), ("svg", svg), ("sheet", sheet)) if path]
    if len(files) > 1:
        raise click.UsageError("One of --png, --svg and --sheet at a time.")
    if as_json and only_link:
        raise click.UsageError("--link and --json do not go together.")
    if tags and no_tags:
        raise click.UsageError("--tag and --no-tags do not go together.")
    place = Place(kind=files[0][0], path=files[0][1], over=force) if files else None
    if place is not None:
        check_place(place.path, over=place.over)
    wanted = PostCode(
        channel=channel,
        agent=agent,
        team=team,
        tags=list(tags) if tags or no_tags else None,
        expires_at=present() + expires if isinstance(expires, timedelta) else expires,
    )
    asyncio.run(_qr(wanted, place, nickname, only_link=only_link, as_json=as_json))


async def _qr(
    wanted: PostCode, place: Place | None, nickname: str | None, *, only_link: bool, as_json: bool
) -> None:
    async with client_for(nickname) as client:
        me = await client.me()
        if wanted.agent is None and wanted.team is None:
            wanted = replace(wanted, agent=me.agent.nickname)
        code = await client.make_code(wanted)
        name, channel = await _names(client, code)
    if place is not None:
        _keep(place, code, name=name, channel=channel, language=me.language)
    if as_json:
        plain.print_json(code)
    elif only_link:
        plain.print_line(code.link)
    elif place is not None:
        plain.print_line(f"{code.code} kept as {place.path}")
        plain.print_line(code.link)
    else:
        show_code(code, name=name, channel=channel)


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


def _keep(place: Place, code: Code, *, name: str, channel: str, language: str) -> None:
    """Write a picture of a code. Raises Refused when the file came to be there meanwhile."""
    from inbox_tui.tui.codes.saving import Picture, drawn, keep

    data = drawn(Picture(place.kind), code, name=name, channel=channel, language=language)
    try:
        keep(place.path, data, over=place.over)
    except FileExistsError:
        raise is_there(place.path) from None
