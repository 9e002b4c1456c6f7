"""What a step of the store changed, told as past facts to whoever paints it."""

from datetime import datetime
from enum import StrEnum

from inbox_tui.records import dataclass
from inbox_tui.wire.models import Placement, Session
from inbox_tui.wire.words import ListName


class Link(StrEnum):
    """How the line to the backend stands."""

    CONNECTING = "connecting"
    LIVE = "live"
    LOST = "lost"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ListReset:
    """A list was read afresh, sorted or filtered anew."""

    list: ListName


@dataclass(frozen=True, slots=True)
class ListChanged:
    """Rows of a list came, went, moved or look different. Ids of sessions."""

    list: ListName
    inserted: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()
    moved: frozenset[int] = frozenset()
    changed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """A session this terminal knows is different now."""

    session_id: int


@dataclass(frozen=True, slots=True)
class RowLeft:
    """A row left a list because of what was done to its session, which is told as it is now.

    ``by`` is the nickname of who did it, None for the system.
    """

    list: ListName
    session: Session
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SessionMoved:
    """An event moved a session: to somebody, to a queue, to the history. ``by`` as above."""

    session: Session
    was: Placement
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class RowWanted:
    """A session came into a list of which my read mark and star are not known: ask for it."""

    session_id: int


@dataclass(frozen=True, slots=True)
class CountsChanged:
    """The numbers beside the lists changed."""


@dataclass(frozen=True, slots=True)
class EntryAppended:
    """A timeline grew at its end."""

    conversation_id: int
    entry_id: int


@dataclass(frozen=True, slots=True)
class EntryChanged:
    """An entry of a timeline looks different: delivered, failed, unsent."""

    conversation_id: int
    entry_id: int


@dataclass(frozen=True, slots=True)
class TimelineChanged:
    """A timeline was read afresh, grew at its top, or its replies on their way changed."""

    conversation_id: int


@dataclass(frozen=True, slots=True)
class PeopleChanged:
    """Agents or teams changed."""


@dataclass(frozen=True, slots=True)
class MeChanged:
    """My own switch, load, limit or settings changed."""


@dataclass(frozen=True, slots=True)
class ChannelsChanged:
    """A channel changed."""


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """A case changed."""

    code: str


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """A contact's profile changed."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class BoundTo:
    """To whom a contact is bound: an agent, a team, or an agent inside a team.

    By nickname and slug. ``how`` is that of a binding: ``hand``, ``moved``, ``code:`` and a code.
    """

    agent: str | None = None
    team: str | None = None
    how: str = ""


@dataclass(frozen=True, slots=True)
class BindingChanged:
    """A contact was bound, moved or let go (Q4, Q8); None is nobody.

    ``session`` is the open session they show in, if there is one. ``by`` is the nickname of who
    did it, None for the contact, who sent a code.
    """

    contact_id: int
    now: BoundTo | None
    was: BoundTo | None
    by: str | None = None
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """Distribution rules or business hours changed."""


@dataclass(frozen=True, slots=True)
class AutomaticChanged:
    """Automatic messages were switched, or a text of theirs was written."""


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The line to the backend was lost or stands again."""

    link: Link


Change = (
    ListReset
    | ListChanged
    | RowLeft
    | SessionChanged
    | SessionMoved
    | RowWanted
    | CountsChanged
    | EntryAppended
    | EntryChanged
    | TimelineChanged
    | PeopleChanged
    | MeChanged
    | ChannelsChanged
    | CaseChanged
    | ContactChanged
    | BindingChanged
    | RulesChanged
    | AutomaticChanged
    | LinkChanged
)
"""Any of them."""
