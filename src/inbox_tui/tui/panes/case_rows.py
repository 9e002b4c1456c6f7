"""A case, and a colleague, as rows of their lists (K1, P6)."""

from inbox_tui.locale import times
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns
from inbox_tui.tui.render.looks import Role
from inbox_tui.wire.models import Agent, Case
from inbox_tui.wire.words import CaseStatus, Presence, Severity

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


_PRESENCE = {
    Presence.PRESENT: Role.GOOD,
    Presence.GRACE: Role.DUE_SOON,
    Presence.ABSENT: Role.MUTED,
}


def agent_row(agent: Agent, width: int, desk: Desk) -> list[Line]:
    """Return a colleague in two lines: presence and load, then switch and teams."""
    t, symbols = desk.t, desk.symbols
    glyph = {
        Presence.PRESENT: symbols.present,
        Presence.GRACE: symbols.grace,
        Presence.ABSENT: symbols.absent,
    }[agent.presence]
    presence = (f"{glyph} {t(f'presence.{agent.presence.value}')}", _PRESENCE[agent.presence])
    name = cells.calm(agent.nickname)
    first: Line = (
        (cells.pad(cells.fit(name, 16, symbols.ellipsis), 17), Role.STRONG),
        (cells.calm(agent.name), Role.MUTED),
    )
    full = bool(agent.limit) and agent.open_count >= agent.limit
    key = "load" if agent.limit else "load.unlimited"
    load = t(key, open=agent.open_count, limit=agent.limit)
    right: Line = ((load, Role.REASON if full else Role.TEXT), ("   ", Role.TEXT), presence)
    switch = t("switch.on") if agent.accepting else t("switch.off")
    if not agent.accepting and agent.accepting_reason:
        switch = t("switch.off_because", reason=cells.calm(agent.accepting_reason))
    second: Line = ((switch, Role.GOOD if agent.accepting else Role.DUE_SOON),)
    if agent.back_at is not None:
        back = times.moment(agent.back_at, desk.now, desk.zone, desk.catalogue)
        second = (*second, (f" {symbols.dot} {t('people.back', at=back)}", Role.MUTED))
    about = (t(f"role.{agent.role.value}"), *agent.teams)
    end: Line = ((cells.calm(", ".join(about)), Role.MUTED),)
    mark = symbols.ellipsis
    return [columns(first, right, width, mark), columns(second, end, width, mark)]
