"""Reads what an event tells of a contact's binding (Q4, Q8)."""

from collections.abc import Mapping

from inbox_tui.state.changes import BindingChanged, BoundTo
from inbox_tui.wire.models import Event

BINDING = "binding"


def binding_change(event: Event, contact_id: int) -> BindingChanged | None:
    """Return whom a contact is bound to after ``contact.changed``; None if that did not change."""
    changes = event.data.get("changes")
    if not isinstance(changes, Mapping) or BINDING not in changes:
        return None
    was = event.data.get("was")
    return BindingChanged(
        contact_id=contact_id,
        now=_bound_to(changes[BINDING]),
        was=_bound_to(was.get(BINDING)) if isinstance(was, Mapping) else None,
        by=event.actor,
        session=event.session,
    )


def _bound_to(told: object) -> BoundTo | None:
    if not isinstance(told, Mapping):
        return None
    return BoundTo(
        agent=_text(told.get("agent")),
        team=_text(told.get("team")),
        how=_text(told.get("how")) or "",
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
