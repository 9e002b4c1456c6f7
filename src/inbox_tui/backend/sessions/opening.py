"""What a session begins with: who the contact is to us, their language, what they first wrote.

Routing goes by these (R1, R2, R4). They are read once, when it opens, and follow what the customer
writes as long as that can still change where the session goes.
"""

from enum import StrEnum
from typing import Any

from inbox_tui.backend.directory import directory_of
from inbox_tui.backend.sessions import placement
from inbox_tui.backend.workspace.reading import NotThat, a_language
from inbox_tui.errors import Invalid
from inbox_tui.languages import detect
from inbox_tui.store.work import Work
from inbox_tui.text import fold
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import Priority

MOST_OPENING = 500
"""Characters of what the customer first wrote that keywords are looked for in (R2)."""


class LanguageFrom(StrEnum):
    """How a session's language is known (R4), the surest first."""

    HAND = "hand"
    DETECTED = "detected"
    PROFILE = "profile"
    WORKSPACE = "workspace"


# At the driver: a limit would be one more parameter of a prepared query.
_KNOWN = """
SELECT
  tier,
  language,
  (SELECT max(id) FROM sessions WHERE conversation_id = :conversation),
  (SELECT max(id) FROM sessions WHERE contact_id = :contact),
  (SELECT assignee_id FROM sessions
   WHERE contact_id = :contact AND assignee_id IS NOT NULL ORDER BY id DESC LIMIT 1)
FROM contacts WHERE id = :contact
"""


def base_language(tag: str) -> str:
    """Return the language of a tag without its region or script: ``pt`` for ``pt-BR``."""
    return tag.replace("_", "-").partition("-")[0].casefold()


def language_set(tag: str) -> str:
    """Return a tag that a person gave, such as ``pt-BR``. Raises Invalid where it is none.

    A language that nobody can speak would keep its sessions waiting for ``skill_wait`` (R4).
    """
    try:
        return a_language(tag.strip().replace("_", "-"))
    except NotThat as error:
        raise Invalid(f"language: {error}", data={"path": "language"}) from None


def known_of(
    work: Work, contact_id: int, conversation_id: int, language: str | None
) -> dict[str, Any]:
    """Return the columns of a new session that say who the contact is to us.

    The agent who served them last, on any channel, and the priority of their tier (R1, R7). Until
    they have written, their language is what the platform tells, else the workspace's (R4).
    """
    settings = directory_of(work).settings
    found = work.plain(_KNOWN, conversation=conversation_id, contact=contact_id)
    tier, stored, previous_session_id, any_session_id, previous_agent_id = found.fetchone()
    profile = language or stored
    return {
        "previous_session_id": previous_session_id,
        "previous_agent_id": previous_agent_id,
        "returning_contact": any_session_id is not None,
        "priority": settings.tiers.get(tier, Priority.NORMAL),
        "language": base_language(profile or settings.language),
        "language_from": LanguageFrom.PROFILE if profile else LanguageFrom.WORKSPACE,
    }


def profile_told(work: Work, contact_id: int, language: str) -> None:
    """Give a contact's open sessions the language their profile tells, if nothing better did."""
    rows = work.plain(
        "SELECT id FROM sessions"
        " WHERE contact_id = ? AND state = 'open' AND language_from = 'workspace'",
        contact_id,
    )
    for (session_id,) in rows.fetchall():
        told = {"language": base_language(language), "language_from": LanguageFrom.PROFILE}
        placement.write(work, placement.open_row(work, session_id), told)


def heard(row: dict[str, Any], content: Content) -> dict[str, Any]:
    """Return what a customer's message changes in how their session is routed.

    While nobody serves it, what keywords are looked for in grows; and the language is told from
    what they write, unless it was told so before or set by hand (R4).
    """
    changes: dict[str, Any] = {}
    text = content.text[:MOST_OPENING]
    if not text:
        return changes
    room = MOST_OPENING - len(row["opening"])
    if row["assignee_id"] is None and room > 0:
        changes["opening"] = f"{row['opening']}\n{fold(text)}"[:MOST_OPENING].lstrip("\n")
    if row["language_from"] in (LanguageFrom.PROFILE, LanguageFrom.WORKSPACE):
        language = detect(text)
        if language is not None:
            changes |= {"language": language, "language_from": LanguageFrom.DETECTED}
    return changes
