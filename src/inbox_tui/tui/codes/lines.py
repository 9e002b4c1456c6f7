"""What stands beside a QR code: whom it is for, what to tell the customer, the link (Q2, Q9)."""

from collections.abc import Sequence

from inbox_tui.locale import times
from inbox_tui.state.assignees import Assignee
from inbox_tui.tui.codes.words import assignee_text, state_line
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.facts import FactWriter
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.wire.codes import Code
from inbox_tui.wire.models import Channel


def code_lines(
    code: Code | None,
    assignee: Assignee,
    channel: Channel | None,
    said: str,
    width: int,
    desk: Desk,
) -> Sequence[Line]:
    """Return the lines; ``said`` is why there is no code to be seen, empty when there is one."""
    t = desk.t
    writer = FactWriter(width, desk.catalogue, desk.symbols, desk.now, desk.zone)
    where = [channel.slug, channel.name] if channel else ["-"]
    lines = [
        *writer.fact(t("code.for"), assignee_text(assignee, desk.catalogue), Role.STRONG),
        *writer.fact(t("code.on"), f" {desk.symbols.dot} ".join(dict.fromkeys(where))),
        (),
    ]
    if code is None:
        return [*lines, *writer.wrapped(said, Role.REASON)]
    if said:
        lines += [*writer.wrapped(said, Role.REASON), ()]
    lines += [
        *writer.wrapped(t("code.prompt"), Role.TEXT),
        (),
        *writer.wrapped(code.code, Role.STRONG),
        *_link(code.link, writer.width),
        state_line(code, desk),
    ]
    lines += [
        *writer.fact(t("code.tags"), ", ".join(code.tags)),
        *writer.fact(t("code.made"), times.day(code.made_at, desk.now, desk.zone, desk.catalogue)),
    ]
    return lines


def _link(link: str, width: int) -> list[Line]:
    """Return the link whole, over as many lines as it takes."""
    return [((part, Role.LINK),) for part in cells.wrap(cells.calm(link), width)]
