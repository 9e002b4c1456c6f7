"""A small backend in memory: one workspace whose happenings a test writes line by line.

It keeps sessions, timelines, cases and counts as the real one would show them and tells every
change as an event. It checks no rights and routes nothing: a test says who gets what.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from inbox_tui.clock import Clock, to_datetime
from inbox_tui.errors import NotFound
from inbox_tui.wire.automatic import AutomaticMessage
from inbox_tui.wire.codes import Code
from inbox_tui.wire.explanation import Explanation
from inbox_tui.wire.models import (
    Agent,
    Case,
    CaseActivity,
    Channel,
    Contact,
    ContactRef,
    Content,
    Counts,
    Delivery,
    Entry,
    Event,
    Identity,
    Me,
    Placement,
    Session,
    SessionSummary,
    Team,
)
from inbox_tui.wire.rules import Hours, Rule
from inbox_tui.wire.words import (
    CaseStatus,
    CloseReason,
    ContentKind,
    DeliveryState,
    EntryKind,
    EventKind,
    Happening,
    ListName,
    SessionState,
    UnassignedReason,
)

Field = Any
"""A value of a field of a wire model, given by the field's name."""


class World:
    """One workspace. Everything it holds is public, to be looked at or put right by a test."""

    def __init__(
        self,
        clock: Clock,
        *,
        agents: Iterable[Agent] = (),
        teams: Iterable[Team] = (),
        channels: Iterable[Channel] = (),
        response_target: float = 86_400.0,
    ) -> None:
        self.clock = clock
        self.agents = {agent.nickname: agent for agent in agents}
        self.teams = {team.slug: team for team in teams}
        self.channels = {channel.slug: channel for channel in channels}
        self.response_target = response_target
        self.name = "Baan Shop"
        self.timezone = "UTC"
        self.language = "en"
        self.embedded = False
        self.sessions: dict[int, Session] = {}
        self.contacts: dict[int, Contact] = {}
        self.entries: dict[int, list[Entry]] = {}
        self.cases: dict[str, Case] = {}
        self.events: list[Event] = []
        self.explanations: dict[int, list[Explanation]] = {}
        self.seen: dict[tuple[str, int], int] = {}
        self.stars: set[tuple[str, int]] = set()
        self.rules: list[Rule] = []
        self.hours: list[Hours] = []
        self.gets: str | None = None
        self.codes: dict[str, Code] = {}
        self.automatic: list[AutomaticMessage] = []
        self.min_gap = 600.0
        self.last_binding = 0
        self.never_deactivated: dict[str, str] = {}
        self.listeners: list[Callable[[Event], None]] = []
        self._last_entry = 0

    @property
    def now(self) -> datetime:
        """The present."""
        return to_datetime(self.clock.now())

    @property
    def seq(self) -> int:
        """The number of the newest event."""
        return self.events[-1].seq if self.events else 0

    # --- what happens ------------------------------------------------------------------------

    def contact(self, name: str, *, channel: str = "line-main", **fields: Field) -> int:
        """Make a contact with a conversation on a channel; return the id of both."""
        contact_id = len(self.contacts) + 1
        self.contacts[contact_id] = Contact(
            id=contact_id,
            version=1,
            name=name,
            first_seen_at=self.now,
            identities=[Identity(channel=channel, external_id=f"U{contact_id:04}", name=name)],
            **fields,
        )
        self.entries[contact_id] = []
        return contact_id

    def write(self, contact_id: int, text: str, **content: Field) -> Session:
        """Let a customer write; opens a session where none is open."""
        session = self.open_of(contact_id) or self._open(contact_id)
        session = self._changed(
            session,
            last_line=text.partition("\n")[0] or content.get("file_name", ""),
            last_line_kind=EntryKind.CUSTOMER,
            unanswered=True,
            waiting_since=session.waiting_since or self.now,
            due_at=session.due_at or self.now + timedelta(seconds=self.response_target),
            last_customer_message_at=self.now,
            last_activity_at=self.now,
            customer_messages=session.customer_messages + 1,
        )
        carried: dict[str, Any] = {"kind": ContentKind.TEXT, "text": text} | content
        entry = self._entry(session, EntryKind.CUSTOMER, content=Content(**carried))
        self.tell(EventKind.MESSAGE_RECEIVED, session=session, entry=entry)
        return session

    def assign(
        self,
        session_id: int,
        nickname: str | None,
        *,
        by: str | None = None,
        team: str | None = None,
        how: Happening = Happening.ASSIGNED,
        note: str | None = None,
    ) -> Session:
        """Give a session to an agent, or with None to a team's queue."""
        old = self.sessions[session_id]
        session = self._changed(
            old,
            assignee=nickname,
            team=team if team is not None else old.team,
            assigned_at=self.now if nickname else None,
            queued_at=None if nickname else self.now,
            unassigned_reason=None if nickname else UnassignedReason.MANUAL,
        )
        told = {
            "assignee": nickname,
            "team": session.team,
            "from": old.assignee,
            "by": by,
            "note": note,
        }
        entry = self._entry(session, EntryKind.HAPPENING, author=by, happening=how, data=told)
        kind = EventKind.SESSION_ASSIGNED if nickname else EventKind.SESSION_UNASSIGNED
        self._moved(kind, old, session, actor=by, entry=entry)
        return session

    def unassign(self, session_id: int, reason: UnassignedReason) -> Session:
        """Say why nobody serves a session."""
        session = self._changed(self.sessions[session_id], unassigned_reason=reason)
        self.tell(EventKind.SESSION_CHANGED, session=session)
        return session

    def reply(
        self,
        session_id: int,
        text: str,
        *,
        by: str,
        state: DeliveryState = DeliveryState.QUEUED,
        key: str | None = None,
    ) -> Entry:
        """Let an agent reply."""
        session = self._changed(
            self.sessions[session_id],
            last_line=text.partition("\n")[0],
            last_line_kind=EntryKind.REPLY,
            unanswered=False,
            waiting_since=None,
            due_at=None,
            last_activity_at=self.now,
        )
        entry = self._entry(
            session,
            EntryKind.REPLY,
            author=by,
            content=Content(kind=ContentKind.TEXT, text=text),
            delivery=Delivery(state=state),
            client_key=key,
        )
        self.tell(EventKind.MESSAGE_QUEUED, actor=by, session=session, entry=entry)
        return entry

    def deliver(self, entry: Entry, state: DeliveryState, reason: str | None = None) -> Entry:
        """Say how far a reply got."""
        can_retry = state in (DeliveryState.FAILED, DeliveryState.UNCERTAIN)
        delivery = Delivery(state=state, reason=reason, attempts=1, can_retry=can_retry)
        entry = self._replaced(replace(entry, delivery=delivery))
        self.tell(EventKind.MESSAGE_DELIVERY, entry=entry)
        return entry

    def note(self, session_id: int, text: str, *, by: str) -> Entry:
        """Let an agent write an internal note."""
        content = Content(kind=ContentKind.TEXT, text=text)
        session = self.sessions[session_id]
        entry = self._entry(session, EntryKind.NOTE, author=by, content=content)
        self.tell(EventKind.NOTE_ADDED, actor=by, session=session, entry=entry)
        return entry

    def close(
        self,
        session_id: int,
        *,
        by: str | None = None,
        how: CloseReason = CloseReason.ENDED,
        reason: str | None = None,
    ) -> Session:
        """End a session."""
        old = self.sessions[session_id]
        session = self._changed(
            old, state=SessionState.CLOSED, closed_at=self.now, close_reason=how
        )
        case = self.cases[session.case_code or ""]
        done = CaseActivity(at=self.now, kind="closed", actor=by)
        self.cases[case.code] = replace(
            case,
            version=case.version + 1,
            status=CaseStatus.CLOSED,
            closed_at=self.now,
            activity=[*case.activity, done],
        )
        told = {"by": by, "how": how, "reason": reason}
        entry = self._entry(
            session, EntryKind.HAPPENING, author=by, happening=Happening.CLOSED, data=told
        )
        self._moved(EventKind.SESSION_CLOSED, old, session, actor=by, entry=entry)
        return session

    def star(self, session_id: int, nickname: str, starred: bool) -> None:
        """Star or unstar a session for an agent."""
        (self.stars.add if starred else self.stars.discard)((nickname, session_id))
        session = self.sessions[session_id]
        data = {"starred": starred}
        self.tell(EventKind.SESSION_STARRED, actor=nickname, session=session, data=data)

    def read(self, session_id: int, nickname: str, customer_messages: int) -> None:
        """Move an agent's read mark."""
        key = (nickname, session_id)
        self.seen[key] = max(self.seen.get(key, 0), customer_messages)
        data = {"customer_messages": self.seen[key]}
        session = self.sessions[session_id]
        self.tell(EventKind.SESSION_READ, actor=nickname, session=session, data=data)

    def change(self, session_id: int, *, by: str | None = None, **fields: Field) -> Session:
        """Change fields of a session that move it nowhere."""
        session = self._changed(self.sessions[session_id], **fields)
        self.tell(EventKind.SESSION_CHANGED, actor=by, session=session)
        return session

    def change_agent(self, nickname: str, *, by: str | None = None, **fields: Field) -> Agent:
        """Change an agent's presence, switch or limit."""
        agent = replace(self.agents[nickname], **fields)
        self.agents[nickname] = agent
        self.tell(EventKind.AGENT_CHANGED, actor=by, agent=agent)
        return agent

    def edit_case(self, code: str, *, by: str | None = None, **fields: Field) -> Case:
        """Change fields of a case and record it."""
        old = self.cases[code]
        done = CaseActivity(at=self.now, kind="edited", actor=by, detail=", ".join(fields))
        activity = [*old.activity, done]
        case = replace(old, version=old.version + 1, activity=activity, **fields)
        self.cases[code] = case
        self.tell(EventKind.CASE_CHANGED, actor=by, case=case.code)
        return case

    def keep_rules(self, rules: Iterable[Rule]) -> None:
        """Take over the distribution rules in their order."""
        self.rules = [replace(rule, position=at) for at, rule in enumerate(rules, start=1)]

    def tell(self, kind: EventKind, **parts: Field) -> Event:
        """Append an event and tell it to everybody who listens."""
        event = Event(seq=self.seq + 1, kind=kind, at=self.now, **parts)
        self.events.append(event)
        for listener in list(self.listeners):
            listener(event)
        return event

    # --- what somebody sees ------------------------------------------------------------------

    def open_of(self, conversation_id: int) -> Session | None:
        """Return the open session of a conversation."""
        return next(
            (
                session
                for session in self.sessions.values()
                if session.conversation_id == conversation_id and session.state is SessionState.OPEN
            ),
            None,
        )

    def seen_by(self, session: Session, nickname: str) -> Session:
        """Return a session as an agent sees it."""
        seen = self.seen.get((nickname, session.id), 0)
        return replace(
            session,
            unread_count=max(0, session.customer_messages - seen),
            starred=(nickname, session.id) in self.stars,
        )

    def get(self, session_id: int) -> Session:
        """Return a session. Raises NotFound."""
        if session_id not in self.sessions:
            raise NotFound(f"There is no session {session_id}.")
        return self.sessions[session_id]

    def me(self, nickname: str) -> Me:
        """Return who an agent is."""
        return Me(
            agent=self._loaded(self.agents[nickname]),
            workspace=self.name,
            language=self.language,
            timezone=self.timezone,
            response_target=self.response_target,
            due_soon=7_200.0,
            presence_grace=20.0,
            switch_shown=len(self.agents) > 1,
            last_seq=self.seq,
            embedded=self.embedded,
        )

    def people(self) -> list[Agent]:
        """Return every agent with their load."""
        return [self._loaded(agent) for agent in self.agents.values()]

    def counts_of(self, nickname: str) -> Counts:
        """Return an agent's counts, counted one by one."""
        every = [self.seen_by(session, nickname) for session in self.sessions.values()]
        return Counts(
            **{
                name.value: sum(self.stands_in(session, name, nickname) for session in every)
                for name in ListName
            }
        )

    def stands_in(self, session: Session, name: ListName, nickname: str) -> bool:
        """Say whether a session, as the agent sees it, stands in a list of theirs."""
        is_open = session.state is SessionState.OPEN
        return {
            ListName.MINE: is_open and session.assignee == nickname,
            ListName.UNASSIGNED: is_open and session.assignee is None,
            ListName.TEAM: is_open and session.team in self.agents[nickname].teams,
            ListName.ALL: is_open,
            ListName.STARRED: session.starred,
            ListName.CLOSED: not is_open,
        }[name]

    def profile(self, contact_id: int) -> Contact:
        """Return a contact with the sessions so far. Raises NotFound."""
        if contact_id not in self.contacts:
            raise NotFound(f"There is no contact {contact_id}.")
        history = [
            SessionSummary(
                id=session.id,
                channel=session.channel,
                state=session.state,
                opened_at=session.opened_at,
                closed_at=session.closed_at,
                assignee=session.assignee,
                case_code=session.case_code,
                title=self.cases[session.case_code or ""].title,
            )
            for session in reversed(self.sessions.values())
            if session.contact.id == contact_id
        ]
        return replace(self.contacts[contact_id], sessions=history)

    # --- inside ------------------------------------------------------------------------------

    def _loaded(self, agent: Agent) -> Agent:
        count = sum(
            session.assignee == agent.nickname and session.state is SessionState.OPEN
            for session in self.sessions.values()
        )
        return replace(agent, open_count=count)

    def _open(self, contact_id: int) -> Session:
        contact = self.contacts[contact_id]
        channel = self.channels[contact.identities[0].channel]
        session_id = len(self.sessions) + 1
        code = f"C-{session_id:04}"
        session = Session(
            id=session_id,
            version=1,
            state=SessionState.OPEN,
            contact=ContactRef(id=contact.id, name=contact.name, nickname=contact.nickname),
            conversation_id=contact_id,
            channel=channel.slug,
            channel_kind=channel.kind,
            opened_at=self.now,
            last_activity_at=self.now,
            team=channel.team,
            queued_at=self.now,
            case_code=code,
        )
        self.sessions[session_id] = session
        self.cases[code] = Case(
            code=code,
            version=1,
            session_id=session_id,
            contact=session.contact,
            channel=channel.slug,
            status=CaseStatus.IN_PROGRESS,
            opened_at=self.now,
            link=f"inbox-tui open {code}",
            activity=[CaseActivity(at=self.now, kind="opened")],
        )
        entry = self._entry(session, EntryKind.HAPPENING, happening=Happening.OPENED)
        self.tell(EventKind.SESSION_OPENED, session=session, entry=entry)
        return session

    def _changed(self, session: Session, **fields: Field) -> Session:
        session = replace(session, version=session.version + 1, **fields)
        self.sessions[session.id] = session
        return session

    def _moved(self, kind: EventKind, old: Session, new: Session, **parts: Field) -> None:
        was = Placement(state=old.state, team=old.team, assignee=old.assignee)
        self.tell(kind, session=new, was=was, **parts)

    def _entry(self, session: Session, kind: EntryKind, **fields: Field) -> Entry:
        self._last_entry += 1
        author = fields.get("author")
        entry = Entry(
            id=self._last_entry,
            conversation_id=session.conversation_id,
            session_id=session.id,
            kind=kind,
            at=self.now,
            author_name=self.agents[author].name if author else None,
            **fields,
        )
        self.entries[session.conversation_id].append(entry)
        return entry

    def _replaced(self, entry: Entry) -> Entry:
        entries = self.entries[entry.conversation_id]
        place = next(number for number, known in enumerate(entries) if known.id == entry.id)
        entries[place] = entry
        return entry
