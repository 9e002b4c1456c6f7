"""A case as a row of its list (K1)."""

from inbox_tui.locale import times
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns
from inbox_tui.tui.render.looks import Role
from inbox_tui.wire.models import Case
from inbox_tui.wire.words import CaseStatus, Severity

_WORST = (Severity.HIGH, Severity.CRITICAL)


def case_row(case: Case, width: int, desk: Desk) -> list[Line]:
    """Return a case in two lines: what it is about, then whose it is."""
    t, dot = desk.t, (f" {desk.symbols.dot} ", Role.MUTED)
    ended = case.status is CaseStatus.CLOSED
    status = t(f"case_status.{case.status.value}")
    glyph = desk.symbols.closed if ended else desk.symbols.unanswered
    title = cells.calm(case.title) or t("case.untitled")
    first: Line = (
        (f"{glyph} ", Role.CLOSED if ended else Role.UNANSWERED),
        (cells.calm(case.code), Role.MUTED),
        ("  ", Role.TEXT),
        (cells.tame(title), Role.STRONG if case.title else Role.MUTED),
    )
    when = times.moment(case.opened_at, desk.now, desk.zone, desk.catalogue)
    right: Line = ((status, Role.MUTED),)
    if case.severity is not Severity.NORMAL:
        role = Role.DUE_SOON if case.severity in _WORST else Role.MUTED
        right = ((t(f"severity.{case.severity.value}"), role), dot, *right)
    name = cells.calm(case.contact.nickname or case.contact.name)
    second: Line = (
        ("  ", Role.TEXT),
        (name, Role.NAME),
        dot,
        (cells.calm(case.channel), Role.MUTED),
    )
    if case.tags:
        second = (*second, dot, (cells.calm(", ".join(case.tags)), Role.MUTED))
    owner = cells.calm(case.owner or t("list.unassigned"))
    end: Line = ((owner, Role.AGENT), dot, (when, Role.TIME))
    mark = desk.symbols.ellipsis
    return [columns(first, right, width, mark), columns(second, end, width, mark)]
