"""Assignees and codes in words (Q1, Q9, Q10)."""

from inbox_tui.locale import Catalogue, times
from inbox_tui.state.assignees import Assignee
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.wire.codes import Code
from inbox_tui.wire.words import CodeState

_LOOKS = {
    CodeState.LIVE: Role.GOOD,
    CodeState.EXPIRED: Role.DUE_SOON,
    CodeState.INACTIVE: Role.DUE_SOON,
    CodeState.REVOKED: Role.MUTED,
}


def assignee_text(assignee: Assignee, catalogue: Catalogue) -> str:
    """Return whom a code or a binding is for, in a word or three."""
    agent, team = cells.calm(assignee.agent or ""), cells.calm(assignee.team or "")
    if agent and team:
        return catalogue.t("assignee.inside", agent=agent, team=team)
    return agent or catalogue.t("assignee.team", team=team)


def assignee_name(assignee: Assignee, desk: Desk) -> str:
    """Return whom a code is for by the names that customers see."""
    people = desk.store.people
    agent, team = people.agents.get(assignee.agent or ""), people.teams.get(assignee.team or "")
    names = [agent.name if agent else assignee.agent, team.name if team else assignee.team]
    return cells.calm(f" {desk.symbols.dot} ".join(name for name in names if name))


def state_line(code: Code, desk: Desk) -> Line:
    """Return whether a code binds, by glyph and word, and until when."""
    glyph = desk.symbols.switch_on if code.state is CodeState.LIVE else desk.symbols.switch_off
    told = desk.t(f"code_state.{code.state.value}")
    if code.expires_at is not None and code.state in (CodeState.LIVE, CodeState.EXPIRED):
        day = times.day(code.expires_at, desk.now, desk.zone, desk.catalogue)
        key = "code.until" if code.state is CodeState.LIVE else "code.since"
        told = f"{told} {desk.t(key, day=day)}"
    return ((f"{glyph} {told}", _LOOKS[code.state]),)
