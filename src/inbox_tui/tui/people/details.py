"""All there is to say of a colleague or a team: whom, how loaded, bound contacts, codes (Q10)."""

from collections.abc import Sequence

from inbox_tui.locale import times
from inbox_tui.state.assignees import Assignee, assignee_of
from inbox_tui.tui.codes.words import assignee_text, state_line
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.facts import FactWriter
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.wire.codes import Code
from inbox_tui.wire.models import Agent, Team
from inbox_tui.wire.words import CodeState


def agent_details(
    agent: Agent, bound: int | None, codes: Sequence[Code] | None, width: int, desk: Desk
) -> list[Line]:
    """Return what is known of a colleague; ``codes`` is None while they are read."""
    t, writer = desk.t, writer_of(width, desk)
    key = "load" if agent.limit else "load.unlimited"
    switch = t("people.on" if agent.accepting else "people.off")
    if agent.accepting_by is not None:
        switch = f"{switch} {desk.symbols.dot} {t('people.switched_by', by=agent.accepting_by)}"
    lines = [
        writer.title(agent.name, (cells.calm(agent.nickname), Role.MUTED)),
        *writer.fact(t("people.role"), t(f"role.{agent.role.value}")),
        *writer.fact(t("people.teams"), ", ".join(agent.teams) or t("people.no_team")),
        *writer.fact(t("people.languages"), ", ".join(agent.languages)),
    ]
    if agent.active:
        lines += [
            *writer.fact(t("people.presence"), t(f"presence.{agent.presence.value}")),
            *writer.fact(t("people.accepts"), switch),
            *writer.fact(t("people.load"), t(key, open=agent.open_count, limit=agent.limit)),
        ]
    else:
        lines += writer.wrapped(t("people.inactive_told"), Role.REASON)
    if agent.active and agent.back_at is not None:
        back = times.moment(agent.back_at, desk.now, desk.zone, desk.catalogue)
        lines += writer.fact("", t("people.back", at=back), Role.MUTED)
    lines += _bound(bound, writer, desk)
    return [*lines, (), *_codes(codes, Assignee(agent.nickname), writer, desk)]


def team_details(
    team: Team, bound: int | None, codes: Sequence[Code] | None, width: int, desk: Desk
) -> list[Line]:
    """Return what is known of a team; ``codes`` is None while they are read."""
    t, writer = desk.t, writer_of(width, desk)
    most = "" if team.max_open is None else t("people.most_each", count=team.max_open)
    lines = [
        writer.title(team.name, (cells.calm(team.slug), Role.MUTED)),
        *writer.fact(t("people.method"), t(f"method.{team.method.value}")),
        *writer.fact(t("people.members"), ", ".join(team.members) or t("people.no_members")),
        *writer.fact(t("people.leads"), ", ".join(team.supervisors)),
        *writer.fact(t("people.limit"), most),
        *writer.fact(t("people.queue"), t("people.waiting", count=team.waiting)),
    ]
    lines += _bound(bound, writer, desk)
    return [*lines, (), *_codes(codes, Assignee(team=team.slug), writer, desk)]


def writer_of(width: int, desk: Desk) -> FactWriter:
    """Return a writer in the desk's language, at its moment."""
    return FactWriter(width, desk.catalogue, desk.symbols, desk.now, desk.zone)


def _bound(bound: int | None, writer: FactWriter, desk: Desk) -> list[Line]:
    if bound is None:
        return []
    return writer.fact(
        desk.t("people.bound_label"), desk.t("people.contacts", count=bound), Role.STRONG
    )


def _codes(
    codes: Sequence[Code] | None, owner: Assignee, writer: FactWriter, desk: Desk
) -> list[Line]:
    """Return the codes: by channel those there are, then the revoked ones, the latest first."""
    lines = [writer.title(desk.t("people.codes"))]
    if codes is None:
        return [*lines, ((desk.t("list.loading"), Role.MUTED),)]
    if not codes:
        return [*lines, ((desk.t("people.no_codes"), Role.MUTED),)]
    kept = [code for code in codes if code.state is not CodeState.REVOKED]
    kept.sort(key=lambda code: (code.channel, assignee_of(code).key))
    gone = [code for code in codes if code.state is CodeState.REVOKED]
    gone.sort(key=lambda code: code.revoked_at or code.made_at, reverse=True)
    for code in [*kept, *gone]:
        whose = assignee_of(code)
        left: Line = ((cells.calm(code.channel), Role.TEXT),)
        if whose != owner:
            inside = assignee_text(whose, desk.catalogue)
            left = (*left, (f" {desk.symbols.dot} {inside}", Role.MUTED))
        lines.append(writer.pair(left, state_line(code, desk)))
        role = Role.STRONG if code.state is CodeState.LIVE else Role.MUTED
        lines.append(((f"  {cells.calm(code.code)}", role),))
    return lines
