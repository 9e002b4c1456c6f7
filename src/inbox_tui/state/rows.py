"""The sessions this terminal knows, merged by version, and the lists they stand in.

Answers and events tell of the same sessions in any order: the higher version wins. An event is
the same for everybody, so my unread count and star are laid over it from what my own answers and
events said. Only sessions that a list or an open chat holds are kept; the latest others are
remembered for a while, so that a page which was asked for before an event and arrives after it
cannot bring an old row back.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from inbox_tui.records import dataclass, field
from inbox_tui.state.lists import Filters, ListView, Viewer, belongs, passes
from inbox_tui.state.selectors import due_at
from inbox_tui.wire.models import Page, Session
from inbox_tui.wire.words import ListName, SessionState, Sort, StateFilter

RECENT: Final = 1_000
"""Sessions of events remembered though no list holds them."""


@dataclass(slots=True)
class Touched:
    """What one step did to a list, by session id."""

    inserted: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.inserted or self.removed or self.moved or self.changed)


@dataclass(slots=True)
class _Own:
    """My mark on a session: customer messages seen, and the star. ``known`` once told."""

    seen: int = 0
    starred: bool = False
    known: bool = False


class Rows:
    """Sessions by id and the lists of one viewer."""

    def __init__(self) -> None:
        self.viewer = Viewer("")
        self.due_soon = 0.0
        self.views = {name: ListView(name) for name in ListName}
        self._sessions: dict[int, Session] = {}
        self._own: dict[int, _Own] = {}
        self._recent: OrderedDict[int, Session] = OrderedDict()
        self._held_open: int | None = None
        self._generation = dict.fromkeys(ListName, 0)

    def __len__(self) -> int:
        return len(self._sessions)

    def get(self, session_id: int) -> Session | None:
        """Return a session, if known."""
        return self._sessions.get(session_id)

    def open_in(self, conversation_id: int) -> Session | None:
        """Return the open session of a conversation, listed or told of lately."""
        for known in (self._sessions, self._recent):
            for session in known.values():
                if (
                    session.conversation_id == conversation_id
                    and session.state is SessionState.OPEN
                ):
                    return session
        return None

    def values(self) -> Iterable[Session]:
        """Return every session a list or the chat holds."""
        return self._sessions.values()

    def hold_open(self, session_id: int | None) -> None:
        """Keep the session of the chat, whatever the lists do; it stays in a filtered list."""
        before, self._held_open = self._held_open, session_id
        if before is not None:
            self._forget_unlisted(before)

    def begin_afresh(self) -> None:
        """Forget what events told: some were missed, so it may have been overtaken.

        The open session stays until it is told anew; every list is to be begun after this.
        """
        self._recent.clear()
        self._own.clear()

    def begin(self, name: ListName, sort: Sort, filters: Filters) -> int:
        """Empty a list for a fresh first page; return what :meth:`extend` has to show."""
        view = self.views[name]
        gone = list(view)
        view.begin(sort, filters)
        for session_id in gone:
            self._forget_unlisted(session_id)
        self._generation[name] += 1
        return self._generation[name]

    def is_current(self, name: ListName, generation: int) -> bool:
        """Say whether a page asked for under ``generation`` is still wanted."""
        return self._generation[name] == generation

    def extend(self, name: ListName, page: Page[Session], now: datetime) -> Touched:
        """Add a page at the end of a list."""
        view = self.views[name]
        view.extend(page.items, page.next_cursor)
        touched = Touched()
        for row in page.items:
            session = self.merge_own(row)
            self._place(view, session, now, touched, listed=view.filters.is_for_server)
        for session in list(self._recent.values()):
            self._place(view, self._overlaid(session), now, touched)
        view.total, view.total_is_exact = page.total, page.total_is_exact
        return touched

    def merge_own(self, told: Session) -> Session:
        """Take in a session as *I* see it: an answer. Return the merged one."""
        own = self._own.setdefault(told.id, _Own())
        own.seen = max(own.seen, told.customer_messages - told.unread_count)
        own.starred = told.starred
        own.known = True
        framed = self._recent.get(told.id)
        if framed is not None and framed.version == told.version:
            # A name is no part of a version: an answer may be older than the frame that told it.
            told = replace(told, contact=framed.contact)
        return self._merge(told)

    def merge_common(self, told: Session) -> Session:
        """Take in a session as everybody sees it: an event. Return the merged one."""
        if told.customer_messages == 0:
            self._own.setdefault(told.id, _Own()).known = True
        merged = self._merge(told)
        self._remember(merged)
        return merged

    def note_new(self, session_id: int) -> None:
        """Note that a session is new: I have read nothing of it and given it no star."""
        self._own.setdefault(session_id, _Own()).known = True

    def set_seen(self, session_id: int, customer_messages: int) -> Session | None:
        """Move my read mark; it never goes back. Return the session, if known."""
        own = self._own.setdefault(session_id, _Own())
        own.seen = max(own.seen, customer_messages)
        return self._overlay_again(session_id)

    def set_star(self, session_id: int, starred: bool) -> bool:
        """Set my star; return whether that is a change, as far as known."""
        own = self._own.setdefault(session_id, _Own())
        changed = own.starred != starred or not own.known
        own.starred = starred
        self._overlay_again(session_id)
        return changed

    def is_starred(self, session_id: int) -> bool | None:
        """Say whether I starred a session, None if that has not been told."""
        own = self._own.get(session_id)
        return own.starred if own is not None and own.known else None

    def is_own_known(self, session_id: int) -> bool:
        """Say whether my read mark and star of a session have been told."""
        own = self._own.get(session_id)
        return own is not None and own.known

    def place(self, session: Session, now: datetime) -> dict[ListName, Touched]:
        """Put a session where it belongs in every loaded list, out where it does not."""
        told: dict[ListName, Touched] = {}
        for name, view in self.views.items():
            if not view.loaded:
                continue
            touched = Touched()
            self._place(view, session, now, touched)
            if touched:
                told[name] = touched
        self._forget_unlisted(session.id)
        return told

    def sift(self, now: datetime) -> dict[ListName, Touched]:
        """Judge the rows of lists filtered by due state again: time alone moves them."""
        told: dict[ListName, Touched] = {}
        for name, view in self.views.items():
            if not view.loaded or view.filters.state not in (
                StateFilter.OVERDUE,
                StateFilter.DUE_SOON,
            ):
                continue
            touched = Touched()
            for session in list(self._sessions.values()):
                self._place(view, session, now, touched)
            touched.changed.clear()
            if touched:
                told[name] = touched
        return told

    def _place(
        self,
        view: ListView,
        session: Session,
        now: datetime,
        touched: Touched,
        *,
        listed: bool = False,
    ) -> None:
        there = session.id in view
        wanted = (
            belongs(session, view.name, self.viewer)
            and self._passes(view, session, now)
            and view.reaches(session)
            and (there or listed or not view.filters.is_for_server)
        )
        if not wanted:
            if there:
                view.discard(session.id)
                touched.removed.add(session.id)
            return
        self._sessions[session.id] = session
        moved = view.put(session)
        if not there:
            touched.inserted.add(session.id)
        elif moved:
            touched.moved.add(session.id)
        else:
            touched.changed.add(session.id)

    def _passes(self, view: ListView, session: Session, now: datetime) -> bool:
        filters = view.filters
        if session.id == self._held_open and session.id in view:
            filters = replace(filters, state=None)
        return passes(session, filters, due_at(session, now, self.due_soon))

    def _merge(self, told: Session) -> Session:
        known = self._sessions.get(told.id) or self._recent.get(told.id)
        newest = known if known is not None and known.version > told.version else told
        merged = self._overlaid(newest)
        if told.id in self._sessions or told.id == self._held_open:
            self._sessions[told.id] = merged
        if told.id in self._recent:
            self._recent[told.id] = merged
        return merged

    def _overlaid(self, session: Session) -> Session:
        own = self._own.get(session.id) or _Own()
        unread = max(0, session.customer_messages - own.seen) if own.known else 0
        if session.unread_count == unread and session.starred == own.starred:
            return session
        return replace(session, unread_count=unread, starred=own.starred)

    def _overlay_again(self, session_id: int) -> Session | None:
        session = self._sessions.get(session_id)
        if session is None:
            return None
        session = self._overlaid(session)
        self._sessions[session_id] = session
        return session

    def _remember(self, session: Session) -> None:
        self._recent[session.id] = session
        self._recent.move_to_end(session.id)
        if len(self._recent) > RECENT:
            forgotten, _ = self._recent.popitem(last=False)
            if forgotten not in self._sessions:
                self._own.pop(forgotten, None)

    def _forget_unlisted(self, session_id: int) -> None:
        if session_id == self._held_open or any(session_id in v for v in self.views.values()):
            return
        self._sessions.pop(session_id, None)
        if session_id not in self._recent:
            self._own.pop(session_id, None)
