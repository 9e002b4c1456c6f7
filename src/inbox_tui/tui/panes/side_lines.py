"""Profile and case as lines (F1, K1, K2)."""

from datetime import datetime, tzinfo

from inbox_tui.locale import Catalogue, times
from inbox_tui.text import safe_text
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.prose import activity_text
from inbox_tui.tui.render.row import reason_text
from inbox_tui.tui.render.symbols import Symbols
from inbox_tui.wire.models import Binding, Case, Contact, Session
from inbox_tui.wire.words import SessionState, Severity

LABEL = 11
HISTORY = 8
"""Earlier sessions shown."""

ACTIVITY = 12
"""Lines of a case's record shown, newest last."""

OWNER = "owner"
"""The kind of activity whose detail is who became the owner; its actor made them so."""


class SideWriter:
    """Writes the lines of a profile and of a case for one width."""

    def __init__(
        self, width: int, catalogue: Catalogue, symbols: Symbols, now: datetime, zone: tzinfo
    ) -> None:
        self._width = max(8, width)
        self._t = catalogue.t
        self._catalogue = catalogue
        self._symbols = symbols
        self._now = now
        self._zone = zone

    def profile(self, contact: Contact) -> list[Line]:
        """Return a contact: names, identities, language, binding, note, sessions so far."""
        t = self._t
        lines = [self._title(t("side.profile"))]
        lines += self._wrapped(contact.nickname or contact.name, Role.STRONG)
        if contact.nickname:
            lines += self._fact(t("side.name"), contact.name)
        if contact.blocked:
            lines.append(((t("side.blocked"), Role.BAD),))
        for identity in contact.identities:
            reach = "" if identity.reachable else f" {self._symbols.dot} {t('side.unreachable')}"
            lines += self._fact(identity.channel, identity.name + reach)
        lines += self._fact(t("side.language"), contact.language or "")
        if contact.binding is not None:
            lines += self._binding(contact.binding)
        if contact.first_seen_at is not None:
            lines += self._fact(t("side.since"), self._moment(contact.first_seen_at))
        if contact.note:
            lines += [(), *self._wrapped(contact.note, Role.NOTE_TEXT)]
        if contact.sessions:
            lines += [(), self._title(t("side.history"))]
        for past in contact.sessions[:HISTORY]:
            state = (t(f"session_state.{past.state.value}"), Role.MUTED)
            what = cells.calm(past.title) or cells.calm(past.case_code or "")
            who = cells.calm(past.assignee or t("list.unassigned"))
            lines.append(self._pair(((what, Role.TEXT),), (state,)))
            when = times.moment(past.opened_at, self._now, self._zone, self._catalogue)
            lines.append(self._pair(((f"  {who}", Role.AGENT),), ((when, Role.TIME),)))
        return lines

    def _binding(self, binding: Binding) -> list[Line]:
        """Return to whom a contact is bound, since when, and by which code or by whom (Q10)."""
        t, agent, team = self._t, binding.agent, binding.team
        to = agent or team or ""
        if agent and team:
            to = t("side.bound_in", agent=agent, team=team)
        elif team:
            to = t("side.bound_team", team=team)
        how, _, code = binding.how.partition(":")
        key = f"side.bound_{how}"
        by = t(key, code=code, by=binding.by or "?") if self._catalogue.has(key) else how
        return [
            *self._fact(t("side.bound"), to, Role.STRONG),
            *self._fact(t("side.bound_since"), self._moment(binding.made_at)),
            *self._fact(t("side.bound_how"), by),
        ]

    def waiting(self, session: Session) -> list[Line]:
        """Return why nobody serves an open session, and until when it waits for whom (R6, R7)."""
        if session.assignee is not None or session.state is SessionState.CLOSED:
            return []
        why = reason_text(session, self._catalogue)
        if session.waits_for is not None and session.wait_until is not None:
            why = f"{why} {self._symbols.dot} {times.clock_time(session.wait_until, self._zone)}"
        return self._fact(self._t("side.waits"), why, Role.REASON)

    def case(self, case: Case) -> list[Line]:
        """Return a case: its fields, then its record."""
        t = self._t
        status = (t(f"case_status.{case.status.value}"), Role.MUTED)
        lines = [self._title(t("case.title", code=cells.calm(case.code)), status)]
        title = case.title or t("case.untitled")
        lines += self._wrapped(title, Role.STRONG if case.title else Role.MUTED)
        if case.description:
            lines += self._wrapped(case.description, Role.TEXT)
        worst = case.severity in (Severity.HIGH, Severity.CRITICAL)
        severity = t(f"severity.{case.severity.value}")
        lines += self._fact(
            t("case.field.severity"), severity, Role.DUE_SOON if worst else Role.TEXT
        )
        lines += self._fact(t("case.field.tags"), ", ".join(case.tags))
        lines += self._fact(t("case.owner"), case.owner or "")
        lines += self._fact(t("case.involved"), ", ".join(case.involved))
        lines += self._fact(t("case.opened"), self._moment(case.opened_at))
        if case.closed_at is not None:
            lines += self._fact(t("case.closed_at"), self._moment(case.closed_at))
        if case.waited:
            lines += self._fact(t("case.waited"), times.span_long(case.waited, self._catalogue))
        if case.served:
            lines += self._fact(t("case.served"), times.span_long(case.served, self._catalogue))
        lines += self._fact(t("case.link"), case.link, Role.LINK)
        if case.activity:
            lines += [(), self._title(t("case.activity"))]
        for done in case.activity[-ACTIVITY:]:
            kind = activity_text(done, self._catalogue)
            if done.kind == OWNER and done.detail:
                kind = f"{kind}: {cells.calm(done.detail)}"
            who = f" {self._symbols.dot} {cells.calm(done.actor)}" if done.actor else ""
            when = times.moment(done.at, self._now, self._zone, self._catalogue)
            left: Line = ((kind, Role.TEXT), (who, Role.AGENT))
            lines.append(self._pair(left, ((when, Role.TIME),)))
        return lines

    def _title(self, text: str, *right: tuple[str, Role]) -> Line:
        return self._pair(((text, Role.TAB_ON),), right)

    def _fact(self, label: str, value: str, role: Role = Role.TEXT) -> list[Line]:
        if not value:
            return []
        wrapped = cells.wrap(cells.calm(value), max(4, self._width - LABEL))
        lines: list[Line] = []
        for number, part in enumerate(wrapped):
            name = cells.pad(cells.fit(cells.calm(label), LABEL - 1), LABEL) if number == 0 else ""
            lines.append(((name or " " * LABEL, Role.MUTED), (part, role)))
        return lines

    def _wrapped(self, text: str, role: Role) -> list[Line]:
        return [((part, role),) for part in cells.wrap(cells.tame(safe_text(text)), self._width)]

    def _pair(self, left: Line, right: Line) -> Line:
        return columns(left, right, self._width, self._symbols.ellipsis)

    def _moment(self, at: datetime) -> str:
        return times.moment(at, self._now, self._zone, self._catalogue)
