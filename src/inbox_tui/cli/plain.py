"""Plain lines for people, scripts and screen readers; one JSON document for programs.

Everything printed is made safe first: names and messages come from strangers (U6).
"""

import json
import shutil
import sys
import textwrap
from collections.abc import Sequence

from inbox_tui.text import safe_line, safe_text
from inbox_tui.wire import codec

GAP = "  "


def print_json(value: object) -> None:
    """Print a model as one JSON document."""
    text = json.dumps(codec.to_plain(value), ensure_ascii=False, indent=2)
    sys.stdout.write(f"{text}\n")


def print_line(text: str) -> None:
    """Print one line, whatever the text holds."""
    sys.stdout.write(f"{safe_line(text)}\n")


def print_wrapped(text: str) -> None:
    """Print a sentence over as many lines as it needs, broken between words.

    What comes after "- " at its beginning is a point of a list and keeps its place.
    """
    indent = " " * 2 if text.startswith("- ") else ""
    lines = textwrap.wrap(
        safe_line(text),
        shutil.get_terminal_size().columns,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    sys.stdout.writelines(f"{line}\n" for line in lines)


def say(text: str) -> None:
    """Tell the person something beside the output."""
    sys.stdout.flush()
    print(safe_line(text), file=sys.stderr)


def print_aligned(text: str) -> None:
    """Print one line that is aligned already: its spaces stay."""
    sys.stdout.write(f"{safe_text(text).replace(chr(10), ' ').rstrip()}\n")


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in aligned columns; the last column is cut at the terminal's edge, if it is one.

    Cells are measured as a terminal shows them: a Thai vowel above takes none, an emoji two.
    """
    from inbox_tui.tui.render.cells import fit, pad, width

    if not rows:
        return
    safe = [[safe_line(cell) for cell in row] for row in rows]
    widths = [max(width(cell) for cell in column) for column in zip(*safe, strict=True)][:-1]
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    left = None if room is None else max(10, room - sum(widths) - len(GAP) * len(widths))
    for *cells, last in safe:
        line = [pad(cell, cells_wide) for cell, cells_wide in zip(cells, widths, strict=True)]
        line.append(last if left is None else fit(last, left))
        sys.stdout.write(f"{GAP.join(line).rstrip()}\n")
