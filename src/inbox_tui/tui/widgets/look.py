"""Lines into strips: the looks of the running theme, and the guard before drawing."""

from itertools import takewhile
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.strip import Strip

from inbox_tui.terminal.guard import guard_text
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Looks, looks_of, plain_looks

_PLAIN = plain_looks()
_LOOKS: dict[str, Looks] = {}  # by name of the theme


def app_looks(app: App[Any]) -> Looks:
    """Return the looks for the theme the application has now; without colour under NO_COLOR."""
    if app.no_color:
        return _PLAIN
    looks = _LOOKS.get(app.theme)
    if looks is None:
        theme = app.current_theme
        variables = {**theme.to_color_system().generate(), **theme.variables}
        looks = _LOOKS[app.theme] = looks_of(theme.name, variables)
    return looks


def strip_of(line: Line, width: int, looks: Looks, base: Style, ground: Style | None) -> Strip:
    """Return a line as a strip of exactly ``width`` cells.

    ``base`` is the widget's own style, ``ground`` the look of a selected row, laid over the
    whole width. Whatever a line holds, no control character goes into a strip.
    """
    under = base if ground is None else base + ground
    segments = [Segment(guard_text(text), under + looks[role]) for text, role in line if text]
    if ground is not None and ground.reverse:
        segments = [Segment(text, style + ground) for text, style, _ in segments if style]
    return Strip(segments).adjust_cell_length(width, under)


def differing(old: Strip, new: Strip) -> tuple[int, int]:
    """Return the first cell at which two strips of one width differ, and the one after the last."""
    before, after = list(old), list(new)
    head = sum(1 for _ in takewhile(_same, zip(before, after, strict=False)))
    if head == len(before) == len(after):
        return 0, 0
    rest = min(len(before), len(after)) - head
    pairs = zip(reversed(before), reversed(after), strict=False)
    tail = min(rest, sum(1 for _ in takewhile(_same, pairs)))
    first = sum(each.cell_length for each in after[:head])
    last = new.cell_length - sum(each.cell_length for each in after[len(after) - tail :])
    return first, last


def _same(pair: tuple[Segment, Segment]) -> bool:
    return pair[0] == pair[1]
