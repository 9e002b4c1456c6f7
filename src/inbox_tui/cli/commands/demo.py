"""``inbox-tui demo``: a simulated shop to try the inbox with."""

from pathlib import Path

import click


@click.command("demo", short_help="Try it: a simulated shop with customers and colleagues.")
@click.option(
    "--seed",
    metavar="N",
    type=int,
    default=1,
    show_default=True,
    help="The same seed gives the same customers' script.",
)
@click.option(
    "--speed",
    metavar="X",
    type=click.FloatRange(0.1, 100),
    default=1.0,
    show_default=True,
    help="So many times as fast.",
)
@click.option("--as", "nickname", metavar="NICKNAME", help="Who I am: you, or a colleague's name.")
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the workspace in this directory, and go on there next time.",
)
@click.pass_context
def command(
    context: click.Context, seed: int, speed: float, nickname: str | None, keep: Path | None
) -> None:
    """Open the inbox of a simulated shop.

    Customers write on a simulated LINE account and a simulated Telegram bot, colleagues answer
    beside you. Everything is local; nothing is left behind without --keep.
    """
    from inbox_tui.cli.demo import run_demo

    run_demo(nickname or context.find_root().obj, seed=seed, speed=speed, keep=keep)
