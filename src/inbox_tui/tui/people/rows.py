"""A colleague, and a team, as rows of their lists (P6, Q10)."""

from inbox_tui.locale import times
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns, cut
from inbox_tui.tui.render.looks import Role
from inbox_tui.wire.models import Agent, Team
from inbox_tui.wire.words import Presence

NICKNAME = 17
"""Cells of a nickname or slug, with the gap after it."""

_PRESENCE = {
    Presence.PRESENT: Role.GOOD,
    Presence.GRACE: Role.DUE_SOON,
    Presence.ABSENT: Role.MUTED,
}


def agent_row(agent: Agent, bound: int | None, width: int, desk: Desk) -> list[Line]:
    """Return a colleague in two lines: bound contacts, load and presence, then switch and teams.

    ``bound`` is how many contacts are bound to them, None as long as that is not known.
    """
    t, symbols, mark = desk.t, desk.symbols, desk.symbols.ellipsis
    first = _named(agent.nickname, agent.name, desk, muted=not agent.active)
    about = (t(f"role.{agent.role.value}"), *agent.teams)
    end: Line = ((cells.calm(", ".join(about)), Role.MUTED),)
    if not agent.active:
        gone: Line = ((f"{symbols.unsent} {t('people.inactive')}", Role.REASON),)
        return [columns(first, gone, width, mark), columns((), end, width, mark)]
    glyph = {
        Presence.PRESENT: symbols.present,
        Presence.GRACE: symbols.grace,
        Presence.ABSENT: symbols.absent,
    }[agent.presence]
    presence = (f"{glyph} {t(f'presence.{agent.presence.value}')}", _PRESENCE[agent.presence])
    full = bool(agent.limit) and agent.open_count >= agent.limit
    key = "load" if agent.limit else "load.unlimited"
    load = t(key, open=agent.open_count, limit=agent.limit)
    right: Line = (
        *_bound(bound, desk),
        (load, Role.REASON if full else Role.TEXT),
        ("   ", Role.TEXT),
        presence,
    )
    switch = t("switch.on") if agent.accepting else t("switch.off")
    if not agent.accepting and agent.accepting_reason:
        switch = t("switch.off_because", reason=cells.calm(agent.accepting_reason))
    second: Line = ((switch, Role.GOOD if agent.accepting else Role.DUE_SOON),)
    if agent.back_at is not None:
        back = times.moment(agent.back_at, desk.now, desk.zone, desk.catalogue)
        second = (*second, (f" {symbols.dot} {t('people.back', at=back)}", Role.MUTED))
    return [columns(first, right, width, mark), columns(second, end, width, mark)]


def team_row(team: Team, bound: int | None, width: int, desk: Desk) -> list[Line]:
    """Return a team in two lines: bound contacts, who waits and its method, then its members."""
    t, mark = desk.t, desk.symbols.ellipsis
    first = _named(team.slug, team.name, desk)
    waiting = t("people.waiting", count=team.waiting)
    right: Line = (
        *_bound(bound, desk),
        (waiting, Role.STRONG if team.waiting else Role.MUTED),
        ("   ", Role.TEXT),
        (t(f"method.{team.method.value}"), Role.MUTED),
    )
    members = cells.calm(", ".join(team.members)) or t("people.no_members")
    second: Line = ((members, Role.TEXT if team.members else Role.REASON),)
    led = cells.calm(", ".join(team.supervisors))
    end: Line = ((t("people.led_by", names=led), Role.MUTED),) if led else ()
    return [
        columns(first, right, width, mark),
        columns(second, cut(end, width // 2, mark), width, mark),
    ]


def _named(name: str, long: str, desk: Desk, *, muted: bool = False) -> Line:
    short = cells.fit(cells.calm(name), NICKNAME - 1, desk.symbols.ellipsis)
    return (
        (cells.pad(short, NICKNAME), Role.MUTED if muted else Role.STRONG),
        (cells.calm(long), Role.MUTED),
    )


def _bound(bound: int | None, desk: Desk) -> Line:
    """Return how many contacts are bound, and the gap after it."""
    if bound is None:
        return ()
    role = Role.TEXT if bound else Role.MUTED
    return ((desk.t("people.bound", count=bound), role), ("   ", Role.TEXT))
