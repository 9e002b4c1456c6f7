"""What became of a session somebody stood on: who took it, gave it away or ended it (R11).

Where a person stands is decided by the main screen; this only tells.
"""

from datetime import datetime

from inbox_tui.locale import Catalogue, times
from inbox_tui.wire.models import Session
from inbox_tui.wire.words import SessionState


def moved_sentence(
    session: Session, by: str | None, at: datetime, now: datetime, catalogue: Catalogue
) -> str:
    """Return what ``by`` (None: the system) did at ``at`` to a session that stands so since."""
    return catalogue.t(
        f"moved.{_what(session, by)}",
        name=session.contact.nickname or session.contact.name,
        by=by or "",
        assignee=session.assignee or "",
        ago=times.span_long((now - at).total_seconds(), catalogue),
    )


def _what(session: Session, by: str | None) -> str:
    if session.state is SessionState.CLOSED:
        return "closed" if by is None else "ended"
    if session.assignee is None:
        return "left"
    if by is None:
        return "assigned"
    return "taken" if by == session.assignee else "given"
