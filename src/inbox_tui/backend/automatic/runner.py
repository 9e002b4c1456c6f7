"""Hears what was committed and says what is to be said about it, once (M1-M7, M10).

After the commit and not in it: what a person does never waits for a message to a customer, and a
fault here is nobody else's. How far it has come is kept with every decision, so that after a start
it goes on from there; whatever it meets twice has the same cause, and is said once.

Where nothing is switched on nothing is done: an event costs one look at an empty set.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar, TypeVarTuple, Unpack

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.automatic import causes, values
from inbox_tui.backend.automatic.queueing import Queueing, read_queueing
from inbox_tui.backend.automatic.sending import NotYet
from inbox_tui.backend.directory import Directory, load_directory
from inbox_tui.backend.wall import Watch
from inbox_tui.backend.wall.lines import basis_now, expecting
from inbox_tui.clock import Millis
from inbox_tui.errors import Unavailable
from inbox_tui.estimate import Basis
from inbox_tui.lean_structlog import structlog
from inbox_tui.store import tables
from inbox_tui.store.database import Database
from inbox_tui.store.work import LoggedEvent, Work
from inbox_tui.wire.words import Automatic, EntryKind, EventKind

MOST_AT_ONCE: Final = 64
"""Messages handed to the writer before the first of them is committed."""
MOST_BEHIND: Final = 20_000
OLDEST: Final[Millis] = 600_000
"""Events that a start goes back to at the most, and how long: who wrote an hour ago is not greeted
now."""
NOTE_EVERY: Final = 2_000
"""Events that ask for no decision after which it is written down how far it has come."""

T = TypeVar("T")
A = TypeVarTuple("A")
Say = Callable[[Work, LoggedEvent], None]

_SAYS: Final[Mapping[str, tuple[Automatic, Say]]] = {
    EventKind.CONTACT_CHANGED: (Automatic.WELCOME, causes.welcome),
    EventKind.SESSION_OPENED: (Automatic.GREETING, causes.greeting),
    EventKind.MESSAGE_RECEIVED: (Automatic.AWAY, causes.away),
    EventKind.SESSION_CLOSED: (Automatic.ENDED, causes.ended),
    EventKind.RATING_ASKED: (Automatic.RATING, causes.rating),
    **{kind: (says, causes.about_order) for kind, says in causes.OF_ORDERS.items()},
}
_MOVED: Final = frozenset({EventKind.SESSION_ASSIGNED, EventKind.SESSION_UNASSIGNED})

_EVENTS = tables.table(tables.Event)
_PROGRESS = tables.table(tables.AutomaticProgress)
_PROGRESSED = """
INSERT INTO automatic_progress (id, seq) VALUES (1, ?)
ON CONFLICT (id) DO UPDATE SET seq = excluded.seq
"""
_log = structlog.get_logger("automatic")


@dataclass(frozen=True, slots=True)
class _Due:
    """Something to be said about an event."""

    event: LoggedEvent
    say: Say


class Runner:
    """Owns the sending of automatic messages; :meth:`hear` is called with each commit."""

    def __init__(self, database: Database, watch: Watch) -> None:
        self._database = database
        self._watch = watch
        self._names = Directory()
        self._due: deque[_Due] = deque()
        self._nameless: list[_Due] = []
        self._put_off: set[int] = set()
        self._queueing = Queueing()
        self._lines_to_read: set[str | None] = set()
        self._since: dict[Automatic, int] = {}
        self._early: list[LoggedEvent] | None = []
        self._heard = 0
        self._noted = 0
        self._bell = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()

    async def load(self) -> None:
        """Go on where the last run stopped; what is committed meanwhile follows."""
        self._early = []
        now = self._database.clock.now()
        self._names = await self._database.read(load_directory)
        self._due.clear()
        self._nameless.clear()
        self._put_off.clear()
        self._since.clear()
        self._queueing = Queueing()
        self._noted, missed, self._heard = await self._database.read(_missed, now)
        if self._names.settings.automatic:
            self._take(missed, self._names)
            self._lines_to_read.add(None)
        early, self._early = self._early, None
        newer = [event for event in early if event.seq > self._heard]
        if newer:
            self.hear(newer, newer[-1].parts["names"])
        self.ring()

    def hear(self, events: Sequence[LoggedEvent], names: Directory) -> None:
        """Take note of what was committed, with names as they are after it."""
        if not names.settings.automatic and not self._names.settings.automatic:
            self._heard = events[-1].seq
            return
        if self._early is not None:
            self._early.extend(events)
            return
        self._names = names
        self._take(events, names)
        self._heard = events[-1].seq
        self.ring()

    def names_told(self) -> None:
        """Say what waited for a name: a platform was asked, whatever it answered."""
        if self._nameless:
            self._try_again()
            self.ring()

    def ring(self) -> None:
        """Look again: something was committed, or the clock was moved."""
        self.idle.clear()
        self._bell.set()

    async def run(self) -> None:
        """Say what is to be said until cancelled."""
        while True:
            self._bell.clear()
            await self._read_lines()
            if (until := self._named_by()) is not None and until <= self._database.clock.now():
                self._try_again()
            if self._due:
                await asyncio.gather(*(self._say(each) for each in self._next_batch()))
                continue
            await self._tell_positions()
            await self._note()
            if self._due or self._lines_to_read:
                continue
            await self._sleep()

    def _next_batch(self) -> list[_Due]:
        """Return what is said next, of each session one: nothing overtakes what is put off."""
        behind = {each.event.session_id for each in self._nameless}
        batch: list[_Due] = []
        while self._due and len(batch) < MOST_AT_ONCE:
            session_id = self._due[0].event.session_id
            if session_id in behind:
                self._put_off.add(self._due[0].event.seq)
                self._nameless.append(self._due.popleft())
                continue
            if any(session_id == each.event.session_id is not None for each in batch):
                break
            batch.append(self._due.popleft())
        return batch

    # What is heard

    def _take(self, events: Sequence[LoggedEvent], names: Directory) -> None:
        """Plan what these events are a cause for."""
        on = names.settings.automatic
        for event in events:
            if event.kind == EventKind.AUTOMATIC_CHANGED:
                self._switched(event)
        tells_positions = Automatic.OVER_CAPACITY in on
        for event in events:
            kind, say = self._cause_of(event)
            if say is not None and kind in on and event.seq > self._since.get(kind, 0):
                self._due.append(_Due(event, say))
            if tells_positions:
                self._follow(event, names)
        if not tells_positions:
            self._queueing = Queueing()
        while len(self._due) > MOST_BEHIND:
            _log.warning("too far behind: not said", seq=self._due.popleft().event.seq)

    def _switched(self, event: LoggedEvent) -> None:
        """Kinds that were switched on speak of what comes after; who waits already is told."""
        for kind in event.data.get("on", ()):
            self._since[Automatic(kind)] = event.seq
            if kind == Automatic.OVER_CAPACITY:
                self._lines_to_read.add(None)

    def _cause_of(self, event: LoggedEvent) -> tuple[Automatic, Say | None]:
        if event.kind in _MOVED:
            if causes.is_transfer(event):
                return Automatic.TRANSFERRED, causes.transferred
            if event.kind == EventKind.SESSION_ASSIGNED:
                return Automatic.ASSIGNED, causes.assigned
            return Automatic.ASSIGNED, None
        kind, say = _SAYS.get(event.kind, (Automatic.GREETING, None))
        if kind is Automatic.WELCOME and event.data.get("reachable") is not True:
            return kind, None
        if kind is Automatic.AWAY and self._surely_nothing(event):
            return kind, None
        if kind is Automatic.ENDED and event.actor_id is None:
            return kind, None
        return kind, say

    def _named_by(self) -> Millis | None:
        """Return when those who have no name yet are written to without one."""
        return self._nameless[0].event.at + causes.NAME_WAIT if self._nameless else None

    def _try_again(self) -> None:
        """Say what waited for a name before anything else, in its order."""
        self._due.extendleft(reversed(self._nameless))
        self._nameless.clear()

    def _surely_nothing(self, event: LoggedEvent) -> bool:
        """Spare a message in business hours its unit of work."""
        entry, row = event.parts.get("entry"), event.parts.get("row")
        if event.session_id is None or (entry is not None and entry.kind != EntryKind.CUSTOMER):
            return True
        if row is None:
            return False
        calendar = values.calendar_of(self._names, row.team_id)
        return calendar is None or calendar.is_open(event.at)

    def _follow(self, event: LoggedEvent, names: Directory) -> None:
        """Follow who waits because all are full."""
        row = event.parts.get("row")
        if row is not None:
            self._queueing.put(row, event.at + names.settings.settle)
        elif event.kind == EventKind.QUEUE_CHANGED:
            self._lines_to_read.add(event.data.get("queue"))

    # What is said

    async def _say(self, each: _Due) -> None:
        seq = each.event.seq

        def say(work: Work) -> None:
            self._put_off.discard(seq)
            try:
                each.say(work, each.event)
            except NotYet:
                self._put_off.add(seq)
                raise
            # What is put off is still to come after a start.
            _write_progress(work, min(seq, min(self._put_off, default=seq + 1) - 1))

        try:
            await self._write(say)
        except NotYet:
            self._nameless.append(each)

    async def _tell_positions(self) -> None:
        """Tell those whose turn it is where they stand (M4)."""
        now = self._database.clock.now()
        due = list(self._queueing.due(self._watch.standing, now))
        lines = dict.fromkeys(line for _, line, _ in due)
        bases = {line: await self._basis(line, now) for line in lines}
        for first in range(0, len(due), MOST_AT_ONCE):
            several = due[first : first + MOST_AT_ONCE]
            await asyncio.gather(
                *(self._tell_position(session_id, line, bases) for session_id, line, _ in several)
            )

    async def _tell_position(
        self, session_id: int, line: str, bases: Mapping[str, Basis | None]
    ) -> None:
        # Asked anew: while others were told, the line may have moved.
        stands = self._watch.standing.position(session_id)
        if stands is None or stands[0] != line:
            return
        basis, position = bases[line], stands[1]
        estimate = None if basis is None else basis.wait_at(position)
        look = await self._write(causes.over_capacity, session_id, position, estimate)
        self._queueing.plan(session_id, look)

    async def _write(self, say: Callable[[Work, Unpack[A]], T], *args: *A) -> T | None:
        """Run one unit of work; one that fails is left out, and said, so that others go on."""
        try:
            return await self._database.write(say, *args, urgent=False)
        except (Unavailable, NotYet):
            raise  # the database's fault, to be said after the next start; a name that is asked for
        except Exception:
            _log.exception("nothing said")
            return None

    async def _basis(self, line: str, now: Millis) -> Basis | None:
        known = expecting(self._watch, self._names, line, now)
        if known is None:
            return None
        return await self._database.read(basis_now, self._names, known)

    async def _read_lines(self) -> None:
        """Read who waits, where all of a line were told at once why (R7); None: everywhere."""
        lines, self._lines_to_read = self._lines_to_read, set()
        settings = self._names.settings
        if Automatic.OVER_CAPACITY not in settings.automatic:
            return
        first = self._database.clock.now() + settings.settle
        for line in [None] if None in lines else sorted(filter(None, lines)):
            found = await self._database.read(read_queueing, line, first, settings.automatic_gap)
            self._queueing.add(found)

    async def _note(self) -> None:
        if self._names.settings.automatic and self._heard - self._noted >= NOTE_EVERY:
            self._noted = self._heard
            await self._database.write(_write_progress, self._heard, urgent=False)

    async def _sleep(self) -> None:
        looks = (self._queueing.next_look(), self._named_by())
        at = min((look for look in looks if look is not None), default=None)
        now = self._database.clock.now()
        if not self._bell.is_set() and not self._nameless and (at is None or at > now):
            self.idle.set()
        timeout = None if at is None else max(0.0, (at - now) / 1000)
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._bell.wait()


def _write_progress(work: Work, seq: int) -> None:
    work.plain(_PROGRESSED, seq)


def _missed(connection: Connection, now: Millis) -> tuple[int, list[LoggedEvent], int]:
    """Return how far the last run came, what it did not come to, and the newest number."""
    newest = connection.execute(sa.select(sa.func.max(_EVENTS.c.seq))).scalar() or 0
    noted = connection.execute(sa.select(_PROGRESS.c.seq)).scalar() or 0
    rows = connection.execute(
        sa.select(_EVENTS)
        .where(_EVENTS.c.seq > max(noted, newest - MOST_BEHIND), _EVENTS.c.at >= now - OLDEST)
        .order_by(_EVENTS.c.seq)
    )
    missed = [
        LoggedEvent(
            row.seq, row.at, row.kind, row.actor_id, row.session_id, row.subject_id, row.data or {}
        )
        for row in rows
    ]
    return noted, missed, newest
