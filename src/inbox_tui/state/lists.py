"""Lists of sessions: what belongs where, in which order, and which part of it is loaded.

A list is loaded page by page from its top. Below its *boundary* (the last row the server gave)
nothing is known, so rows that would stand there are not shown until the page is asked for.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from inbox_tui.errors import InboxError
from inbox_tui.records import dataclass, field
from inbox_tui.wire.models import Session
from inbox_tui.wire.words import (
    Due,
    ListName,
    SessionState,
    Sort,
    StateFilter,
    UnassignedReason,
)

SortKey = tuple[int, float, int]
"""Where a session stands in a list: group, time, id. Smaller is higher."""


def sort_key(session: Session, sort: Sort) -> SortKey:
    """Return the place of a session in an order (L2), as the server orders it.

    ``WAIT``: longest wait first; after them those who do not wait, latest customer message first.
    ``RECENT``: latest customer message first. Ties by id.
    """
    if sort is Sort.WAIT and session.waiting_since is not None:
        return (0, session.waiting_since.timestamp(), session.id)
    latest = session.last_customer_message_at
    return (1, -latest.timestamp() if latest else 0.0, session.id)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to (L4, L5). Empty means everything."""

    q: str = ""
    state: StateFilter | None = None
    channel: str = ""
    agent: str = ""
    team: str = ""
    bound: str = ""
    """To whom the contact is bound (Q11): ``me``, a nickname, a team's slug, ``none``."""

    def __bool__(self) -> bool:
        narrowed = self.channel or self.agent or self.team
        return bool(self.state or narrowed or self.is_for_server)

    @property
    def is_for_server(self) -> bool:
        """Whether only the server can say what passes: a terminal does not know all it takes."""
        return bool(self.q or self.bound)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose lists these are."""

    nickname: str
    teams: frozenset[str] = frozenset()


def belongs(session: Session, name: ListName, viewer: Viewer) -> bool:
    """Say whether a session stands in a list of this viewer (L1)."""
    open_ = session.state is SessionState.OPEN
    match name:
        case ListName.MINE:
            return open_ and session.assignee == viewer.nickname
        case ListName.UNASSIGNED:
            return open_ and session.assignee is None
        case ListName.TEAM:
            return open_ and session.team in viewer.teams
        case ListName.ALL:
            return open_
        case ListName.STARRED:
            return session.starred
        case ListName.CLOSED:
            return not open_


def is_queued(session: Session, queue: object) -> bool:
    """Say whether a session stands in this line for the line's own reason.

    What was declined or is with the bot keeps its reason.
    """
    return (
        session.state is SessionState.OPEN
        and session.assignee is None
        and session.queue == queue
        and session.unassigned_reason not in _OWN_REASON
    )


_OWN_REASON = (UnassignedReason.DECLINED, UnassignedReason.WITH_BOT)


def passes(session: Session, filters: Filters, due: Due) -> bool:
    """Say whether a session passes the filters a terminal can judge: not ``q``, not ``bound``.

    ``due`` is where the session stands now; the one it carries is as old as its event.
    """
    if filters.channel and session.channel != filters.channel:
        return False
    if filters.agent and session.assignee != filters.agent:
        return False
    if filters.team and session.team != filters.team:
        return False
    match filters.state:
        case None:
            return True
        case StateFilter.OVERDUE:
            return due is Due.OVERDUE
        case StateFilter.DUE_SOON:
            return due is Due.DUE_SOON
        case StateFilter.UNANSWERED:
            return session.unanswered
        case StateFilter.UNREAD:
            return session.unread_count > 0
        case StateFilter.STARRED:
            return session.starred
        case StateFilter.CLOSED:
            return session.state is SessionState.CLOSED


@dataclass(slots=True)
class ListView:
    """The loaded part of one list, in order.

    A row is found by its id and by its number in O(log n) and O(1); putting one in or out moves
    memory only. ``next_cursor`` asks for the page below; ``loaded`` is false until the first
    page is there, and ``problem`` says why it could not be had. ``total`` is the server's count,
    kept as rows come and go.
    """

    name: ListName
    sort: Sort = Sort.WAIT
    filters: Filters = Filters()
    loaded: bool = False
    next_cursor: str | None = None
    problem: InboxError | None = None
    total: int = 0
    total_is_exact: bool = True
    _order: list[SortKey] = field(default_factory=list)
    _keys: dict[int, SortKey] = field(default_factory=dict)
    _boundary: SortKey | None = None

    def __len__(self) -> int:
        return len(self._order)

    def __contains__(self, session_id: object) -> bool:
        return session_id in self._keys

    def __iter__(self) -> Iterator[int]:
        return (key[2] for key in self._order)

    def id_at(self, index: int) -> int:
        """Return the id of the row of this number. Raises IndexError."""
        return self._order[index][2]

    def index_of(self, session_id: int) -> int | None:
        """Return the number of a row, or None when it is not loaded."""
        key = self._keys.get(session_id)
        return None if key is None else bisect_left(self._order, key)

    def reaches(self, session: Session) -> bool:
        """Say whether the session's place lies in the loaded part."""
        return self._boundary is None or sort_key(session, self.sort) <= self._boundary

    def put(self, session: Session) -> bool:
        """Put a row in its place, or move it there; return whether its place changed.

        The caller has checked that the session belongs here and is reached.
        """
        key = sort_key(session, self.sort)
        old = self._keys.get(session.id)
        if old == key:
            return False
        if old is not None:
            self._take(old)
        else:
            self.total += 1
        insort(self._order, key)
        self._keys[session.id] = key
        return True

    def discard(self, session_id: int) -> bool:
        """Take a row out; return whether it was there."""
        key = self._keys.pop(session_id, None)
        if key is None:
            return False
        self._take(key)
        self.total -= 1
        return True

    def begin(self, sort: Sort, filters: Filters) -> None:
        """Empty the list and give it an order and filters."""
        self.sort = sort
        self.filters = filters
        self.loaded = False
        self.next_cursor = None
        self.problem = None
        self.total = 0
        self.total_is_exact = True
        self._order = []
        self._keys = {}
        self._boundary = None

    def extend(self, page: Iterable[Session], next_cursor: str | None) -> None:
        """Note how far the list is loaded after one more page. Rows come by :meth:`put`."""
        self.loaded = True
        self.next_cursor = next_cursor
        self.problem = None
        last = max((sort_key(session, self.sort) for session in page), default=self._boundary)
        if next_cursor is None:
            self._boundary = None
        elif last is not None:
            self._boundary = last if self._boundary is None else max(last, self._boundary)

    def _take(self, key: SortKey) -> None:
        del self._order[bisect_left(self._order, key)]
