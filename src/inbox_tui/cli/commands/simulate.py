"""``inbox-tui simulate``: the real engine under other rules, limits, staff or traffic (O7)."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import json_option

if TYPE_CHECKING:
    from inbox_tui.simulate.report import Part, Table

_FILE = click.Path(path_type=Path, dir_okay=False)
_GAP = "  "


@click.command("simulate", short_help="Try a workspace on recorded or made-up traffic.")
@click.option("--workspace", required=True, type=_FILE, metavar="FILE", help="What to try.")
@click.option("--against", type=_FILE, metavar="FILE", help="Another one, to be shown beside it.")
@click.option(
    "--history",
    type=_FILE,
    metavar="DB",
    help="Take who wrote when, and who was there, from this database; it is only read.",
)
@click.option(
    "--traffic", type=_FILE, metavar="FILE", help="Make up customers and shifts as FILE says."
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32),
    default=1,
    show_default=True,
    help="Where chance begins: the same seed gives the same result.",
)
@click.option(
    "--find-staff",
    "goal",
    metavar="GOAL",
    help='Say how many agents each hour needs, for example for "90% within 60s".',
)
@json_option
def command(
    workspace: Path,
    against: Path | None,
    history: Path | None,
    traffic: Path | None,
    seed: int,
    goal: str | None,
    as_json: bool,
) -> None:
    """Try a workspace file on recorded or made-up traffic, before it is applied.

    Runs the real assignment engine and changes nothing. With --history, the file is tried on top
    of the database's workspace, and without --against shown beside it. The traffic file, and how
    people are modelled: docs/simulate.md.
    """
    if (history is None) == (traffic is None):
        raise click.UsageError("Give either --history or --traffic.")
    if goal is not None and against is not None:
        raise click.UsageError("--find-staff looks at one workspace: leave out --against.")
    from inbox_tui.cli import simulation

    question = simulation.Question(workspace, against, history, traffic, seed)
    if goal is not None:
        answer = simulation.staff(question, goal)
    else:
        answer = simulation.compare(question, ascii_only=_ascii_only())
    if as_json:
        plain.print_json(answer.document)
        return
    for part in answer.parts:
        _print(part)
    for note in answer.notes:
        plain.print_wrapped(f"- {note}")


def _ascii_only() -> bool:
    """Say whether block characters cannot be printed, or were asked not to be."""
    from inbox_tui.config import load_settings

    return load_settings().ascii_only or "utf" not in (sys.stdout.encoding or "").lower()


def _print(part: "Part") -> None:
    from inbox_tui.simulate.report import Table

    if isinstance(part, Table):
        _print_table(part)
    else:
        plain.print_line(part.title)
        for line in part.lines:
            plain.print_aligned(line)
    sys.stdout.write("\n")


def _print_table(table: "Table") -> None:
    """Print a table, the first column to the left and the figures to the right."""
    from inbox_tui.text import safe_line
    from inbox_tui.tui.render.cells import pad, width

    if table.title:
        plain.print_line(table.title)
    rows = [[safe_line(cell) for cell in row] for row in (table.heads, *table.rows)]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [
            " " * (room - width(cell)) + cell for cell, room in zip(others, widths[1:], strict=True)
        ]
        plain.print_aligned(_GAP.join([pad(first, widths[0]), *cells]))
