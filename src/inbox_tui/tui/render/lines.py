"""Lines made of spans: the form in which everything is handed to the widgets."""

from collections.abc import Sequence

from inbox_tui.tui.render import cells
from inbox_tui.tui.render.looks import Role

Span = tuple[str, Role]
"""A piece of text and what it is."""

Line = tuple[Span, ...]
"""One line of the screen, from left to right."""

Lines = Sequence[Line]


def line_width(line: Line) -> int:
    """Return the cells a line takes."""
    return sum(cells.width(text) for text, _ in line)


def line_text(line: Line) -> str:
    """Return the text of a line."""
    return "".join(text for text, _ in line)


def columns(left: Line, right: Line, width: int, ellipsis: str = "…") -> Line:
    """Return ``left`` and ``right`` on one line of exactly ``width`` cells.

    The right part is placed from the right edge and kept whole as long as it fits; the left part
    is cut with a sign.
    """
    right = cut(right, width, ellipsis)
    room = width - line_width(right)
    if right and room:
        room -= 1
    left = cut(left, room, ellipsis)
    gap = width - line_width(left) - line_width(right)
    middle: Line = ((" " * gap, Role.TEXT),) if gap else ()
    return left + middle + right


def cut(line: Line, width: int, ellipsis: str = "…") -> Line:
    """Return ``line`` cut to ``width`` cells, with a sign if something was cut off."""
    if line_width(line) <= width:
        return line
    kept: list[Span] = []
    left = width
    after = line_width(line)
    for text, role in line:
        needs = cells.width(text)
        after -= needs
        if needs < left or (needs == left and not after):
            kept.append((text, role))
            left -= needs
            continue
        # A text that fills the line exactly although more follows is cut as well, to show it.
        more = text if needs > left else text + " "
        kept.append((cells.fit(more, left, ellipsis), role))
        break
    return tuple(kept)


def rule(label: str, width: int, dash: str, role: Role, ellipsis: str = "…") -> Line:
    """Return a rule over the whole width with ``label`` in its middle."""
    if not label:
        return ((dash * width, role),)
    label = cells.fit(label, max(1, width - 6), ellipsis)
    free = width - cells.width(label) - 2
    if free < 2:
        return ((cells.fit(label, width, ellipsis), role),)
    before = free // 2
    return (
        (dash * before + " ", Role.RULE),
        (label, role),
        (" " + dash * (free - before), Role.RULE),
    )
