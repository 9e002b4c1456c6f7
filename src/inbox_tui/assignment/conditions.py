"""Whether a distribution rule's conditions hold for a session (R2).

One question, asked by the order of decision, by the explanation and by *try it on a message*.
"""

from collections.abc import Container
from enum import StrEnum

from inbox_tui.assignment.facts import SessionFact, When
from inbox_tui.wire.words import ContactKind


class Condition(StrEnum):
    """What a rule can ask about, in the order in which it is looked at."""

    CHANNEL = "channel"
    LANGUAGE = "language"
    CATEGORY = "category"
    CONTACT = "contact"
    TIER = "tier"
    TAG = "tag"
    BUSINESS_HOURS = "business_hours"
    OUTSIDE_BUSINESS_HOURS = "outside_business_hours"
    KEYWORD = "keyword"


def failing(when: When, session: SessionFact, open_hours: Container[str]) -> Condition | None:
    """Return the first condition that does not hold, None when all do."""
    if when.channels and session.channel_id not in when.channels:
        return Condition.CHANNEL
    if when.languages and session.language not in when.languages:
        return Condition.LANGUAGE
    if when.categories and session.category not in when.categories:
        return Condition.CATEGORY
    if when.contact is not None and session.returning is not (
        when.contact is ContactKind.RETURNING
    ):
        return Condition.CONTACT
    if when.tiers and session.tier not in when.tiers:
        return Condition.TIER
    if when.tags and not any(tag in session.tags for tag in when.tags):
        return Condition.TAG
    if when.business_hours and not any(name in open_hours for name in when.business_hours):
        return Condition.BUSINESS_HOURS
    if any(name in open_hours for name in when.outside_business_hours):
        return Condition.OUTSIDE_BUSINESS_HOURS
    if when.keywords and not any(keyword in session.text for keyword in when.keywords):
        return Condition.KEYWORD
    return None


def value_of(condition: Condition, session: SessionFact) -> str:
    """Return what a session has where a condition asks for something else; empty if nothing."""
    match condition:
        case Condition.LANGUAGE:
            return session.language or ""
        case Condition.CATEGORY:
            return session.category or ""
        case Condition.CONTACT:
            return ContactKind.RETURNING if session.returning else ContactKind.NEW
        case Condition.TIER:
            return session.tier or ""
    return ""


def asks_hours(when: When) -> bool:
    """Say whether the conditions ask for the time of day."""
    return bool(when.business_hours or when.outside_business_hours)
