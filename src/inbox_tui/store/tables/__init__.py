"""Every table, as the migrations make them: one module a subject.

Times are integer UTC milliseconds, durations milliseconds, JSON columns hold what the wire models
hold. Hot paths use ``Table.__table__`` with SQLAlchemy Core; the classes give names and types.
Rows are changed only inside a unit of work of :mod:`inbox_tui.store.database`.
"""

from inbox_tui.store.tables.automatic import (
    AutomaticMessage,
    AutomaticProgress,
    AutomaticTemplate,
)
from inbox_tui.store.tables.cases import Case, CaseActivity
from inbox_tui.store.tables.codes import Code
from inbox_tui.store.tables.columns import Id, table
from inbox_tui.store.tables.contacts import Binding, Channel, Contact, Conversation, Identity
from inbox_tui.store.tables.log import Event, JournalEntry, Timer
from inbox_tui.store.tables.people import Agent, PresenceWindow, Team, TeamMember, Token, Workspace
from inbox_tui.store.tables.routing import Hours, Rule, RuleTurn
from inbox_tui.store.tables.sessions import Entry, Session, SessionCount, SessionMark
from inbox_tui.store.tables.traffic import Delivery, EarlyChange, InboundEvent, Outbox

__all__ = [
    "Agent",
    "AutomaticMessage",
    "AutomaticProgress",
    "AutomaticTemplate",
    "Binding",
    "Case",
    "CaseActivity",
    "Channel",
    "Code",
    "Contact",
    "Conversation",
    "Delivery",
    "EarlyChange",
    "Entry",
    "Event",
    "Hours",
    "Id",
    "Identity",
    "InboundEvent",
    "JournalEntry",
    "Outbox",
    "PresenceWindow",
    "Rule",
    "RuleTurn",
    "Session",
    "SessionCount",
    "SessionMark",
    "Team",
    "TeamMember",
    "Timer",
    "Token",
    "Workspace",
    "table",
]
