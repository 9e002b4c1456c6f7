"""The one place where answers and events come in and changes go out.

``Store.apply`` takes an event of the live stream, the other methods take answers; each tells the
subscribers what changed, as a tuple of :mod:`inbox_tui.state.changes`. Counts follow the events by
number, sessions by version, so that neither a repeated event nor an answer that crossed one on its
way is counted twice.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from inbox_tui.errors import InboxError
from inbox_tui.state import counts as counting
from inbox_tui.state.bindings import binding_change
from inbox_tui.state.changes import (
    AutomaticChanged,
    CaseChanged,
    Change,
    ChannelsChanged,
    ContactChanged,
    CountsChanged,
    EntryAppended,
    EntryChanged,
    Link,
    LinkChanged,
    ListChanged,
    ListReset,
    MeChanged,
    PeopleChanged,
    RowLeft,
    RowWanted,
    RulesChanged,
    SessionChanged,
    SessionMoved,
    TimelineChanged,
)
from inbox_tui.state.lists import Filters, ListView, Viewer, is_queued
from inbox_tui.state.people import People
from inbox_tui.state.rows import Rows, Touched
from inbox_tui.state.timelines import Outgoing, Timeline, Way
from inbox_tui.wire.models import Counts, Entry, Event, Me, Page, Placement, Session
from inbox_tui.wire.words import EventKind, ListName, Sort, UnassignedReason

COUNTED: Final = 10_000
"""Sessions remembered with the place they are counted in."""

Listener = Callable[[tuple[Change, ...]], None]
"""Hears what a step changed."""


class Store:
    """What this terminal knows. See the module's docstring."""

    def __init__(self) -> None:
        self.me: Me | None = None
        self.seq = 0
        self.link = Link.CONNECTING
        self.link_trouble: InboxError | None = None
        self.counts = Counts()
        self.people = People()
        self._rows = Rows()
        self._numbers_seq = 0
        self._counted: OrderedDict[int, Placement] = OrderedDict()
        self._timelines: dict[int, Timeline] = {}
        self._listeners: list[Listener] = []

    # --- reading -----------------------------------------------------------------------------

    @property
    def nickname(self) -> str:
        """My nickname, empty until known."""
        return self.me.agent.nickname if self.me else ""

    @property
    def due_soon(self) -> float:
        """Seconds before the response target from which a session is due soon."""
        return self._rows.due_soon

    def session(self, session_id: int) -> Session | None:
        """Return a session, if known."""
        return self._rows.get(session_id)

    def open_session_in(self, conversation_id: int) -> Session | None:
        """Return the open session of a conversation, as far as this terminal knows of one."""
        return self._rows.open_in(conversation_id)

    def sessions(self) -> list[Session]:
        """Return every session that a list or the chat holds, in no order."""
        return list(self._rows.values())

    def view(self, name: ListName) -> ListView:
        """Return a list."""
        return self._rows.views[name]

    def timeline(self, conversation_id: int) -> Timeline:
        """Return the timeline of a conversation, empty until it is loaded."""
        return self._timelines.setdefault(conversation_id, Timeline(conversation_id))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every change from now on; call the answer to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # --- answers -----------------------------------------------------------------------------

    def set_me(self, me: Me) -> None:
        """Take in who I am."""
        self.me = me
        self._rows.viewer = Viewer(me.agent.nickname, frozenset(me.agent.teams))
        self._rows.due_soon = me.due_soon
        self.people.put_agent(me.agent)
        self._tell(MeChanged(), PeopleChanged())

    def start_at(self, seq: int) -> None:
        """Begin, or begin afresh, at this event number: what is older is in the answers."""
        self.seq = seq
        self._numbers_seq = min(self._numbers_seq, seq)
        self._rows.begin_afresh()
        for timeline in self._timelines.values():
            timeline.begin()

    def set_numbers(self, people: People, counts: Counts, at_seq: int) -> None:
        """Take in people and counts as they stood after event ``at_seq``."""
        self.people = people
        self.counts = counts
        self._numbers_seq = at_seq
        self._counted.clear()
        self._tell(CountsChanged(), PeopleChanged(), ChannelsChanged(), *self._me_follows())

    def set_link(self, link: Link, trouble: InboxError | None = None) -> None:
        """Note how the line to the backend stands, and why it does not."""
        if (link, trouble) != (self.link, self.link_trouble):
            self.link, self.link_trouble = link, trouble
            self._tell(LinkChanged(link))

    def begin_list(self, name: ListName, sort: Sort, filters: Filters) -> int:
        """Empty a list for a fresh first page; return the generation to give to its pages."""
        generation = self._rows.begin(name, sort, filters)
        self._tell(ListReset(name))
        return generation

    def add_page(self, name: ListName, page: Page[Session], generation: int, now: datetime) -> bool:
        """Add a page to a list; false when the list was begun anew meanwhile."""
        if not self._rows.is_current(name, generation):
            return False
        first = not self.view(name).loaded
        touched = self._rows.extend(name, page, now)
        self._tell(ListReset(name) if first else _told(name, touched))
        return True

    def fail_list(self, name: ListName, generation: int, problem: InboxError) -> None:
        """Note why the first page of a list could not be had."""
        if self._rows.is_current(name, generation) and not self.view(name).loaded:
            self.view(name).problem = problem
            self._tell(ListReset(name))

    def put_session(self, session: Session, now: datetime, *, by_me: bool = True) -> None:
        """Take in a session as an answer told it to me; a star it tells first is counted now.

        ``by_me`` says that it answers a deed of mine; else I only asked how it stands.
        """
        changes: list[Change] = []
        if self._rows.is_starred(session.id) is (not session.starred):
            self.counts = counting.starred(self.counts, 1 if session.starred else -1)
            changes.append(CountsChanged())
        by = self.nickname if by_me else None
        self._tell(*changes, *self._placed(self._rows.merge_own(session), now, by))

    def open_session(self, session: Session | None) -> None:
        """Hold the session of the chat, known or not listed at all; None: no chat is open."""
        self._rows.hold_open(session.id if session else None)
        if session is not None:
            self._rows.merge_own(session)

    def set_seen(self, session_id: int, customer_messages: int, now: datetime) -> None:
        """Move my read mark ahead of the answer."""
        session = self._rows.set_seen(session_id, customer_messages)
        if session is not None:
            self._tell(*self._placed(session, now, self.nickname))

    def sift(self, now: datetime) -> None:
        """Let time pass over lists filtered by due state."""
        self._tell(*(_told(name, touched) for name, touched in self._rows.sift(now).items()))

    # --- timelines ---------------------------------------------------------------------------

    def set_timeline(self, conversation_id: int, page: Page[Entry]) -> None:
        """Take in the newest page of a timeline."""
        self.timeline(conversation_id).replace_all(page.items, page.next_cursor)
        self._tell(TimelineChanged(conversation_id))

    def add_older(self, conversation_id: int, page: Page[Entry]) -> None:
        """Take in the page above the loaded part of a timeline."""
        self.timeline(conversation_id).prepend(page.items, page.next_cursor)
        self._tell(TimelineChanged(conversation_id))

    def put_entry(self, entry: Entry, *, settled: str | None = None) -> None:
        """Take in an entry as an answer told it; its event, if already here, knows better.

        ``settled`` is the key of the reply it answers, should the entry not carry it.
        """
        timeline = self.timeline(entry.conversation_id)
        for key in (entry.client_key, settled):
            if key is not None:
                timeline.settle(key)
        if timeline.loaded and timeline.get(entry.id) is None:
            timeline.put(entry)
        self._tell(TimelineChanged(entry.conversation_id))

    def send(self, outgoing: Outgoing) -> None:
        """Show a reply on its way."""
        self.timeline(outgoing.conversation_id).send(outgoing)
        self._tell(TimelineChanged(outgoing.conversation_id))

    def mark_outgoing(
        self, conversation_id: int, key: str, way: Way, why: str | None = None
    ) -> None:
        """Note how a reply on its way stands."""
        self.timeline(conversation_id).mark(key, way, why)
        self._tell(TimelineChanged(conversation_id))

    def give_up(self, conversation_id: int, key: str) -> None:
        """Take a reply off its timeline: a person gave it up."""
        self.timeline(conversation_id).settle(key)
        self._tell(TimelineChanged(conversation_id))

    # --- events ------------------------------------------------------------------------------

    def apply(self, event: Event) -> tuple[Change, ...]:
        """Take in an event of the live stream. An old one changes nothing."""
        if event.seq <= self.seq:
            return ()
        self.seq = event.seq
        changes: list[Change] = []
        if event.kind is EventKind.SESSION_STARRED:
            changes += self._starred(event)
        elif event.kind is EventKind.SESSION_READ:
            changes += self._read(event)
        elif event.session is not None:
            changes += self._session(event, event.session)
        if event.entry is not None:
            changes += self._entry(event.entry)
        if event.agent is not None:
            changes += self._agent(event)
        if event.case is not None:
            changes.append(CaseChanged(event.case))
        if event.kind is EventKind.QUEUE_CHANGED:
            changes += self._queue(event)
        changes += self._by_kind(event)
        self._tell(*changes)
        return tuple(changes)

    def _session(self, event: Event, told: Session) -> list[Change]:
        if event.kind is EventKind.SESSION_OPENED:
            self._rows.note_new(told.id)
        changes = self._count(event, told) if event.seq > self._numbers_seq else []
        if event.was is not None and event.was != counting.placement_of(told):
            changes.append(SessionMoved(told, event.was, event.actor, event.at))
        return changes + self._placed(self._rows.merge_common(told), event.at, event.actor)

    def _count(self, event: Event, told: Session) -> list[Change]:
        """Move a session in counts and loads.

        A frame shows its session as it is when the frame is made, which may be some events later:
        so each session is moved from where it was last counted, and ``was`` counts only the first
        time.
        """
        before = self._counted.get(told.id, event.was)
        moves = event.was is not None or event.kind is EventKind.SESSION_OPENED
        if not moves and told.id not in self._counted:
            return []
        now = counting.placement_of(told)
        self._counted[told.id] = now
        self._counted.move_to_end(told.id)
        if len(self._counted) > COUNTED:
            self._counted.popitem(last=False)
        if before == now:
            return []
        self.counts = counting.moved(self.counts, before, now, self._rows.viewer)
        self.people.moved(before, now)
        return [CountsChanged(), PeopleChanged(), *self._me_follows()]

    def _placed(self, session: Session, now: datetime, by: str | None) -> list[Change]:
        changes: list[Change] = []
        for name, touched in self._rows.place(session, now).items():
            changes.append(_told(name, touched))
            if session.id in touched.removed:
                changes.append(RowLeft(name, session, by, now))
            if touched.inserted and not self._rows.is_own_known(session.id):
                changes.append(RowWanted(session.id))
        if self._rows.get(session.id) is not None or changes:
            changes.append(SessionChanged(session.id))
        return changes

    def _starred(self, event: Event) -> list[Change]:
        session_id = _session_id(event)
        if event.actor != self.nickname or session_id is None:
            return []
        starred = bool(event.data.get("starred", True))
        changes: list[Change] = []
        if self._rows.set_star(session_id, starred) and event.seq > self._numbers_seq:
            self.counts = counting.starred(self.counts, 1 if starred else -1)
            changes.append(CountsChanged())
        session = event.session or self._rows.get(session_id)
        if session is not None:
            changes += self._placed(self._rows.merge_common(session), event.at, event.actor)
        return changes

    def _read(self, event: Event) -> list[Change]:
        session_id = _session_id(event)
        if event.actor != self.nickname or session_id is None:
            return []
        seen = event.data.get("customer_messages")
        if not isinstance(seen, int):
            seen = event.session.customer_messages if event.session else 0
        session = self._rows.set_seen(session_id, seen)
        return self._placed(session, event.at, event.actor) if session is not None else []

    def _entry(self, entry: Entry) -> list[Change]:
        timeline = self._timelines.get(entry.conversation_id)
        if timeline is None:
            return []
        if timeline.loaded and not timeline.reaches(entry):
            return []
        known = timeline.get(entry.id) is not None
        appended = timeline.put(entry)
        if appended:
            return [EntryAppended(entry.conversation_id, entry.id)]
        if known:
            return [EntryChanged(entry.conversation_id, entry.id)]
        return [TimelineChanged(entry.conversation_id)]

    def _agent(self, event: Event) -> list[Change]:
        if event.agent is None:
            return []
        before = self.people.agents.get(event.agent.nickname)
        self.people.put_agent(event.agent)
        left = before is not None and before.active and not event.agent.active
        return [PeopleChanged(), *self._switch_follows(left), *self._me_follows()]

    def _switch_follows(self, somebody_left: bool) -> list[Change]:
        """Show the switch while there are several active accounts, and only then (P1).

        Before all colleagues are known, one account says nothing: only that somebody left does.
        """
        several = sum(agent.active for agent in self.people.agents.values()) > 1
        if self.me is None or self.me.switch_shown == several or not (several or somebody_left):
            return []
        self.me = replace(self.me, switch_shown=several)
        return [MeChanged()]

    def _me_follows(self) -> list[Change]:
        mine = self.people.agents.get(self.nickname)
        if self.me is None or mine is None or mine == self.me.agent:
            return []
        self.me = replace(self.me, agent=mine)
        self._rows.viewer = Viewer(mine.nickname, frozenset(mine.teams))
        return [MeChanged()]

    def _queue(self, event: Event) -> list[Change]:
        """Follow a new reason for all that stands in a line."""
        reason = UnassignedReason(event.data["unassigned_reason"])
        changes: list[Change] = []
        for session in list(self._rows.values()):
            if is_queued(session, event.data.get("queue")) and session.unassigned_reason != reason:
                told = replace(session, unassigned_reason=reason, version=session.version + 1)
                changes += self._placed(self._rows.merge_common(told), event.at, event.actor)
        return changes

    def _by_kind(self, event: Event) -> list[Change]:
        match event.kind:
            case EventKind.CONTACT_CHANGED:
                contact = event.data.get("contact_id")
                if not isinstance(contact, int):
                    contact = event.session.contact.id if event.session else None
                return _contact(event, contact) if contact is not None else []
            case EventKind.CHANNEL_CHANGED:
                return [ChannelsChanged()]
            case EventKind.RULE_CHANGED | EventKind.HOURS_CHANGED:
                return [RulesChanged()]
            case EventKind.AUTOMATIC_CHANGED:
                return [AutomaticChanged()]
            case EventKind.TEAM_CHANGED | EventKind.WORKSPACE_CHANGED:
                return [MeChanged(), PeopleChanged(), ChannelsChanged()]
            case _:
                return []

    def _tell(self, *changes: Change) -> None:
        if not changes:
            return
        for listener in list(self._listeners):
            listener(changes)


def _contact(event: Event, contact_id: int) -> list[Change]:
    bound = binding_change(event, contact_id)
    return [ContactChanged(contact_id), *([] if bound is None else [bound])]


def _session_id(event: Event) -> int | None:
    if event.session is not None:
        return event.session.id
    told = event.data.get("session_id")
    return told if isinstance(told, int) else None


def _told(name: ListName, touched: Touched) -> ListChanged:
    return ListChanged(
        name,
        inserted=frozenset(touched.inserted),
        removed=frozenset(touched.removed),
        moved=frozenset(touched.moved),
        changed=frozenset(touched.changed),
    )
