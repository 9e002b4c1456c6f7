"""``inbox-tui mock``: the simulated platforms and their customers."""

import asyncio
import json
import os
import sys
import threading
from typing import TYPE_CHECKING

import click

from inbox_tui.cli import plain
from inbox_tui.cli.children import end_with_parent

if TYPE_CHECKING:
    from inbox_tui.mock.control import Control

DEFAULT_PORT = 9100
PLATFORMS = f"http://127.0.0.1:{DEFAULT_PORT}"
TOKENS = "INBOX_TUI_COLLEAGUES"
"""Bearer tokens by nickname, as JSON: of the agents whom ``mock play`` acts."""

platforms_option = click.option(
    "--platforms",
    metavar="URL",
    default=PLATFORMS,
    show_default=True,
    help="Where the simulated platforms are.",
)


@click.group("mock", short_help="The simulated platforms and customers.")
def command() -> None:
    """Simulated LINE and Telegram, and customers who write there.

    Give a channel api_base = the address of `mock serve`, and it talks to these instead of the
    real platforms.
    """
    end_with_parent()


@command.command("serve")
@click.option("--host", metavar="H", default="127.0.0.1", show_default=True)
@click.option(
    "--port",
    metavar="P",
    type=click.IntRange(0, 65_535),
    default=DEFAULT_PORT,
    show_default=True,
    help="0 is any free one.",
)
@click.option(
    "--target",
    metavar="URL",
    help="Make a LINE account and a Telegram bot for the inbox server at this address, and print "
    "their channels for the workspace file.",
)
def serve(host: str, port: int, target: str | None) -> None:
    """Serve the simulated platforms until SIGTERM or Ctrl-C.

    Prints one line with the address when ready.
    """
    from inbox_tui.mock import server

    def ready(base_url: str) -> None:
        click.echo(f"inbox-tui mock serves {base_url}")
        if target is not None:
            # Asked of the server from outside, which it can only answer once this has returned.
            threading.Thread(target=_make_accounts, args=(base_url, target), daemon=True).start()

    try:
        server.serve(host, port, say_ready=ready)
    except OSError as error:
        from inbox_tui.errors import Refused

        raise Refused(f"Cannot listen on {host}:{port}: {error.strerror}.") from None


def _make_accounts(base_url: str, target: str) -> None:
    from inbox_tui.errors import InboxError
    from inbox_tui.mock import play
    from inbox_tui.mock.control import Control

    try:
        with Control(base_url) as control:
            accounts = play.prepare(control, target=target)
    except InboxError as error:
        plain.say(f"No accounts: {error.detail}")
        return
    blocks = [
        _channel_toml(account.slug, account.platform, base_url, account.credentials)
        for account in accounts.values()
    ]
    click.echo("\n" + "\n".join(blocks))


def _channel_toml(slug: str, kind: str, base_url: str, credentials: dict[str, str]) -> str:
    lines = ["[[channels]]", f'slug = "{slug}"', f'kind = "{kind}"', f'api_base = "{base_url}"']
    lines.append("[channels.credentials]")
    lines += [f"{name} = {json.dumps(value)}" for name, value in credentials.items()]
    return "\n".join([*lines, ""])


@command.command("play")
@click.argument("scenario", default="shop")
@platforms_option
@click.option("--seed", metavar="N", type=int, default=1, show_default=True)
@click.option(
    "--speed",
    metavar="X",
    type=click.FloatRange(0.01, 1000),
    default=1.0,
    show_default=True,
    help="So many times as fast.",
)
@click.option("--visits", metavar="N", type=click.IntRange(1), help="End after so many customers.")
@click.option("--target", metavar="URL", help="Make the two accounts first, for this server.")
@click.option(
    "--link",
    "links",
    metavar="WHOSE=LINK",
    multiple=True,
    help="A code's link that customers of the story may scan, by whose it is (repeatable).",
)
@click.option(
    "--backend",
    metavar="URL",
    help=f"Let agents work at this server; their tokens stand in {TOKENS} as JSON by nickname.",
)
def play_scenario(
    scenario: str,
    platforms: str,
    seed: int,
    speed: float,
    visits: int | None,
    target: str | None,
    links: tuple[str, ...],
    backend: str | None,
) -> None:
    """Play SCENARIO (a name or a TOML file): the same seed gives the same customers' script."""
    from inbox_tui.errors import InboxError
    from inbox_tui.mock import play, script
    from inbox_tui.mock.control import Control

    found = script.scenario(scenario)
    codes = _links(links)
    colleagues: dict[str, str] = json.loads(os.environ.get(TOKENS) or "{}")

    async def run(control: Control) -> None:
        await play.play(
            control,
            found,
            seed=seed,
            speed=speed,
            backend=backend,
            colleagues=colleagues,
            visits=visits,
            links=codes,
            say=plain.print_line,
        )

    with Control(platforms) as control:
        if target is not None:
            play.prepare(control, target=target)
        try:
            asyncio.run(run(control))
        except ExceptionGroup as group:
            known = next(
                (error for error in group.exceptions if isinstance(error, InboxError)), None
            )
            if known is None:
                raise
            raise known from None


def _links(given: tuple[str, ...]) -> dict[str, list[str]]:
    """Return links by whose they are. Raises Invalid."""
    from inbox_tui.errors import Invalid

    found: dict[str, list[str]] = {}
    for each in given:
        whose, sign, link = each.partition("=")
        if not (whose and sign and link):
            raise Invalid(f"--link {each}: write it as WHOSE=LINK.")
        found.setdefault(whose, []).append(link)
    return found


@command.command("send")
@click.argument("account")
@click.argument("user")
@click.argument("text", nargs=-1)
@click.option("--name", metavar="NAME", help="What the user is called on the platform.")
@click.option("--code", metavar="CODE", help="Send this code, typed by hand.")
@click.option(
    "--scan",
    "link",
    metavar="LINK",
    help="Scan a code: open its LINK as the app does and send what is prefilled, or TEXT instead.",
)
@click.option(
    "--times",
    metavar="N",
    type=click.IntRange(0, 10),
    help="How often it is sent; with --scan 0 opens the chat only.",
)
@platforms_option
def send(
    account: str,
    user: str,
    text: tuple[str, ...],
    name: str | None,
    code: str | None,
    link: str | None,
    times: int | None,
    platforms: str,
) -> None:
    """Let USER write TEXT ("-" or none reads stdin) to the ACCOUNT (a channel's slug)."""
    from inbox_tui.cli.words import text_of
    from inbox_tui.errors import Invalid
    from inbox_tui.mock.control import Control

    if code is not None and (text or link is not None):
        raise Invalid("--code is the whole message: give no TEXT and no --scan with it.")
    if times == 0 and link is None:
        raise Invalid("Nothing is sent no times; --times 0 goes with --scan.")
    count = 1 if times is None else times
    with Control(platforms) as control:
        if link is not None:
            _scan(control, account, user, link, text_of(text) if text else None, count, name)
            return
        said = text_of(text) if code is None else code
        if name is not None:
            control.user(account, user, name=name)
        for _ in range(count):
            told = control.say(account, user, said)
            plain.print_line(f"sent {told.message_id or ''}".strip())


def _scan(
    control: "Control",
    account: str,
    user: str,
    link: str,
    text: str | None,
    times: int,
    name: str | None,
) -> None:
    """Open a link as a user, and say what was in the message box and what was sent."""
    if name is not None:
        control.user(account, user, name=name)
    scanned = control.scan(user, link, account=account, text=text, times=times)
    plain.print_line(f"prefilled {scanned.prefilled}".strip())
    for told in scanned.said:
        plain.print_line(f"sent {told.message_id or ''}".strip())


@command.command("chat")
@click.argument("account")
@click.argument("user")
@click.option("--name", metavar="NAME", help="What the user is called on the platform.")
@platforms_option
def chat(account: str, user: str, name: str | None, platforms: str) -> None:
    """Talk as USER to the ACCOUNT: write lines, see the replies; Ctrl-D ends it."""
    from inbox_tui.mock import play
    from inbox_tui.mock.control import Control

    with Control(platforms) as control:
        asyncio.run(
            play.chat(
                control,
                account,
                user,
                read=sys.stdin.readline,
                write=plain.print_line,
                name=name,
            )
        )
