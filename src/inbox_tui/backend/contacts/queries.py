"""A contact's profile as the wire shows it, with their history on every channel (R16)."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.bindings.queries import binding_of
from inbox_tui.backend.directory import Directory
from inbox_tui.backend.views import CONTACTS, SESSIONS
from inbox_tui.clock import optional_datetime, to_datetime
from inbox_tui.errors import NotFound
from inbox_tui.store import tables
from inbox_tui.wire import models
from inbox_tui.wire.words import SessionState

MOST_SESSIONS = 50
"""Sessions of a profile: the latest. Older ones are reached through the timeline."""

_IDENTITIES = tables.table(tables.Identity)
_CASES = tables.table(tables.Case)

_LATEST = (
    sa.select(
        SESSIONS.c.id,
        SESSIONS.c.channel_id,
        SESSIONS.c.state,
        SESSIONS.c.opened_at,
        SESSIONS.c.closed_at,
        SESSIONS.c.assignee_id,
        SESSIONS.c.case_code,
        _CASES.c.title,
    )
    .outerjoin_from(SESSIONS, _CASES, _CASES.c.code == SESSIONS.c.case_code)
    .where(SESSIONS.c.contact_id == sa.bindparam("contact"))
    .order_by(SESSIONS.c.id.desc())
    .limit(MOST_SESSIONS)
)


def contact(connection: Connection, directory: Directory, contact_id: int) -> models.Contact:
    """Return a contact's profile, latest session first. Raises NotFound."""
    row = connection.execute(sa.select(CONTACTS).where(CONTACTS.c.id == contact_id)).first()
    if row is None:
        raise NotFound(f"There is no contact {contact_id}.")
    identities = connection.execute(
        sa.select(_IDENTITIES)
        .where(_IDENTITIES.c.contact_id == contact_id)
        .order_by(_IDENTITIES.c.id)
    )
    sessions = connection.execute(_LATEST, {"contact": contact_id})
    return models.Contact(
        id=row.id,
        version=row.version,
        name=row.name,
        nickname=row.nickname,
        language=row.language,
        note=row.note,
        blocked=row.blocked,
        tier=row.tier,
        tags=list(row.tags),
        dedicated_agent=directory.nickname(row.dedicated_agent_id),
        binding=binding_of(connection, directory, contact_id),
        first_seen_at=to_datetime(row.created_at),
        identities=[
            models.Identity(
                channel=directory.channels[identity.channel_id].slug,
                external_id=identity.external_id,
                name=identity.name,
                language=identity.language,
                reachable=identity.reachable,
            )
            for identity in identities
        ],
        sessions=[
            models.SessionSummary(
                id=session.id,
                channel=directory.channels[session.channel_id].slug,
                state=SessionState(session.state),
                opened_at=to_datetime(session.opened_at),
                closed_at=optional_datetime(session.closed_at),
                assignee=directory.nickname(session.assignee_id),
                case_code=session.case_code,
                title=session.title or "",
            )
            for session in sessions
        ],
    )
