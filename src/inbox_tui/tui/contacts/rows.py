"""A contact as a row of the list, and all there is to say of one (Q10, Q11)."""

from inbox_tui.locale import times
from inbox_tui.state.assignees import Assignee
from inbox_tui.tui.codes.words import assignee_text
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.panes.side_lines import SideWriter
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns
from inbox_tui.tui.render.looks import Role
from inbox_tui.wire.codes import ContactSummary
from inbox_tui.wire.models import Contact


def contact_row(contact: ContactSummary, width: int, desk: Desk) -> list[Line]:
    """Return a contact in two lines: who and bound to whom, then where, tags and what is open."""
    t, symbols, mark = desk.t, desk.symbols, desk.symbols.ellipsis
    dot = (f" {symbols.dot} ", Role.MUTED)
    first: Line = ((cells.calm(contact.nickname or contact.name), Role.STRONG),)
    if contact.nickname:
        first = (*first, (f"  {cells.calm(contact.name)}", Role.MUTED))
    if contact.blocked:
        first = (*first, (f"  {symbols.unsent} {t('side.blocked')}", Role.BAD))
    bound = bound_to(contact)
    right: Line = ((t("contacts.unbound"), Role.MUTED),)
    if bound is not None:
        mine = bound.agent is not None and bound.agent == desk.store.nickname
        role = Role.ME if mine else Role.AGENT
        right = ((f"{symbols.arrow} {assignee_text(bound, desk.catalogue)}", role),)
    second: Line = ((cells.calm(", ".join(contact.channels)), Role.CHANNEL),)
    labels = [*([contact.tier] if contact.tier else []), *contact.tags]
    if labels:
        second = (*second, dot, (cells.calm(", ".join(labels)), Role.MUTED))
    end: Line = ()
    if contact.session_id is not None:
        who = t("list.you") if contact.assignee == desk.store.nickname else contact.assignee
        served = t("contacts.open", who=cells.calm(who or t("list.unassigned")))
        end = ((f"{symbols.unread} {served}", Role.UNANSWERED), dot)
    if contact.last_seen_at is not None:
        seen = times.moment(contact.last_seen_at, desk.now, desk.zone, desk.catalogue)
        end = (*end, (seen, Role.TIME))
    else:
        end = (*end, (t("contacts.never"), Role.TIME))
    return [columns(first, right, width, mark), columns(second, end, width, mark)]


def bound_to(contact: ContactSummary) -> Assignee | None:
    """Return to whom a contact is bound, None to nobody."""
    bound = Assignee(contact.bound_agent, contact.bound_team)
    return None if bound == Assignee() else bound


def contact_details(contact: Contact | None, width: int, desk: Desk) -> list[Line]:
    """Return the profile of a contact; None while it is read."""
    if contact is None:
        return [((desk.t("list.loading"), Role.MUTED),)]
    writer = SideWriter(width, desk.catalogue, desk.symbols, desk.now, desk.zone)
    return writer.profile(contact)
