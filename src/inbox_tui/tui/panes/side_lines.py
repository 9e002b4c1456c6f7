"""Profile and case as lines (F1, K1, K2)."""

from inbox_tui.locale import times
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.facts import FactWriter
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.prose import activity_text
from inbox_tui.tui.render.row import reason_text
from inbox_tui.wire.models import Binding, Case, Contact, Session
from inbox_tui.wire.words import SessionState, Severity

HISTORY = 8
"""Earlier sessions shown."""

ACTIVITY = 12
"""Lines of a case's record shown, newest last."""

OWNER = "owner"
"""The kind of activity whose detail is who became the owner; its actor made them so."""


class SideWriter(FactWriter):
    """Writes the lines of a profile and of a case for one width."""

    def profile(self, contact: Contact) -> list[Line]:
        """Return a contact: names, identities, language, binding, note, sessions so far."""
        t = self.t
        lines = [self.title(t("side.profile"))]
        lines += self.wrapped(contact.nickname or contact.name, Role.STRONG)
        if contact.nickname:
            lines += self.fact(t("side.name"), contact.name)
        if contact.blocked:
            lines.append(((t("side.blocked"), Role.BAD),))
        for identity in contact.identities:
            reach = "" if identity.reachable else f" {self.symbols.dot} {t('side.unreachable')}"
            lines += self.fact(identity.channel, identity.name + reach)
        lines += self.fact(t("side.language"), contact.language or "")
        if contact.binding is not None:
            lines += self._binding(contact.binding)
        if contact.first_seen_at is not None:
            lines += self.fact(t("side.since"), self.moment(contact.first_seen_at))
        if contact.note:
            lines += [(), *self.wrapped(contact.note, Role.NOTE_TEXT)]
        if contact.sessions:
            lines += [(), self.title(t("side.history"))]
        for past in contact.sessions[:HISTORY]:
            state = (t(f"session_state.{past.state.value}"), Role.MUTED)
            what = cells.calm(past.title) or cells.calm(past.case_code or "")
            who = cells.calm(past.assignee or t("list.unassigned"))
            lines.append(self.pair(((what, Role.TEXT),), (state,)))
            when = times.moment(past.opened_at, self.now, self.zone, self.catalogue)
            lines.append(self.pair(((f"  {who}", Role.AGENT),), ((when, Role.TIME),)))
        return lines

    def _binding(self, binding: Binding) -> list[Line]:
        """Return to whom a contact is bound, since when, and by which code or by whom (Q10)."""
        t, agent, team = self.t, binding.agent, binding.team
        to = agent or team or ""
        if agent and team:
            to = t("side.bound_in", agent=agent, team=team)
        elif team:
            to = t("side.bound_team", team=team)
        how, _, code = binding.how.partition(":")
        key = f"side.bound_{how}"
        by = t(key, code=code, by=binding.by or "?") if self.catalogue.has(key) else how
        return [
            *self.fact(t("side.bound"), to, Role.STRONG),
            *self.fact(t("side.bound_since"), self.moment(binding.made_at)),
            *self.fact(t("side.bound_how"), by),
        ]

    def waiting(self, session: Session) -> list[Line]:
        """Return why nobody serves an open session, and until when it waits for whom (R6, R7)."""
        if session.assignee is not None or session.state is SessionState.CLOSED:
            return []
        why = reason_text(session, self.catalogue)
        if session.waits_for is not None and session.wait_until is not None:
            why = f"{why} {self.symbols.dot} {times.clock_time(session.wait_until, self.zone)}"
        return self.fact(self.t("side.waits"), why, Role.REASON)

    def case(self, case: Case) -> list[Line]:
        """Return a case: its fields, then its record."""
        t = self.t
        status = (t(f"case_status.{case.status.value}"), Role.MUTED)
        lines = [self.title(t("case.title", code=cells.calm(case.code)), status)]
        title = case.title or t("case.untitled")
        lines += self.wrapped(title, Role.STRONG if case.title else Role.MUTED)
        if case.description:
            lines += self.wrapped(case.description, Role.TEXT)
        worst = case.severity in (Severity.HIGH, Severity.CRITICAL)
        severity = t(f"severity.{case.severity.value}")
        lines += self.fact(
            t("case.field.severity"), severity, Role.DUE_SOON if worst else Role.TEXT
        )
        lines += self.fact(t("case.field.tags"), ", ".join(case.tags))
        lines += self.fact(t("case.owner"), case.owner or "")
        lines += self.fact(t("case.involved"), ", ".join(case.involved))
        lines += self.fact(t("case.opened"), self.moment(case.opened_at))
        if case.closed_at is not None:
            lines += self.fact(t("case.closed_at"), self.moment(case.closed_at))
        if case.waited:
            lines += self.fact(t("case.waited"), times.span_long(case.waited, self.catalogue))
        if case.served:
            lines += self.fact(t("case.served"), times.span_long(case.served, self.catalogue))
        lines += self.fact(t("case.link"), case.link, Role.LINK)
        if case.activity:
            lines += [(), self.title(t("case.activity"))]
        for done in case.activity[-ACTIVITY:]:
            kind = activity_text(done, self.catalogue)
            if done.kind == OWNER and done.detail:
                kind = f"{kind}: {cells.calm(done.detail)}"
            who = f" {self.symbols.dot} {cells.calm(done.actor)}" if done.actor else ""
            when = times.moment(done.at, self.now, self.zone, self.catalogue)
            left: Line = ((kind, Role.TEXT), (who, Role.AGENT))
            lines.append(self.pair(left, ((when, Role.TIME),)))
        return lines
