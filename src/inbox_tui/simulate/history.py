"""Traffic out of what was recorded: the same customers at the same moments, in another shop.

What a record tells is taken as it was: who wrote when and on which channel, how long their agent
took to answer and to finish, and when each agent was present with accept on. What it does not tell
is drawn from what it tells of others: the times of sessions that nobody answered or that are still
open. Patience cannot be recorded, since nobody says when they would have given up: customers wait
for ever here, and the share that gives up is 0.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from inbox_tui.simulate.duty import Duty, Roster
from inbox_tui.simulate.laws import Fixed, Law, Seen
from inbox_tui.simulate.traffic import Traffic, Work
from inbox_tui.simulate.visits import Contact, Visit
from inbox_tui.wire.words import Category, Presence

USUAL_SERVICE = 600_000
"""How long a session takes when no session of the record says."""


class PastSession(NamedTuple):
    """One session as it was recorded, in the order of ``opened_at``.

    Times are UTC ms, None for what did not happen. ``idled`` says that nobody ended it: it was
    closed for silence after ``last_activity_at``. People and teams are named.
    """

    opened_at: int
    channel: str
    contact_id: int
    assigned_at: int | None
    first_reply_at: int | None
    last_activity_at: int
    closed_at: int | None
    idled: bool = False
    language: str | None = None
    category: Category | None = None
    text: str = ""
    tier: str | None = None
    tags: tuple[str, ...] = ()
    returning: bool = False
    previous: str | None = None
    bound: str | None = None
    bound_team: str | None = None
    dedicated: str | None = None

    @property
    def answer(self) -> int | None:
        """How long its agent took to answer; None where that is not known."""
        if self.assigned_at is None or self.first_reply_at is None:
            return None
        return self.first_reply_at - self.assigned_at if self.is_plain else None

    @property
    def is_plain(self) -> bool:
        """Whether whoever had it last is who answered first."""
        return (
            self.assigned_at is not None
            and self.first_reply_at is not None
            and self.assigned_at <= self.first_reply_at
        )

    @property
    def service(self) -> int | None:
        """How long it took from the first answer to its end; None where that is not known."""
        end = self.last_activity_at if self.idled else self.closed_at
        if self.closed_at is None or end is None or self.first_reply_at is None:
            return None
        return max(0, end - self.first_reply_at)


class PastChange(NamedTuple):
    """A change of an agent's presence or switch as it was recorded; None is no change of it."""

    at: int
    nickname: str
    presence: Presence | None = None
    accepting: bool | None = None


class Now(NamedTuple):
    """How an agent stands at the end of the record."""

    presence: Presence
    accepting: bool


def recorded(
    sessions: Sequence[PastSession],
    changes: Sequence[PastChange],
    agents: Mapping[str, Now],
    *,
    start: int,
    end: int,
    timezone: str,
    target: int,
) -> Traffic:
    """Return the traffic of a record between two times.

    ``sessions`` and ``changes`` are in order of time; ``agents`` has everybody there is.
    """
    within = [session for session in sessions if start <= session.opened_at < end]
    services = [time for each in within if (time := each.service) is not None]
    unknown = sum(1 for each in within if each.service is None)
    notes = [
        "Patience cannot be recorded: nobody gives up here, however long they wait.",
    ]
    if unknown:
        notes.append(
            f"{unknown:,} of {len(within):,} sessions were never answered or are still open: how "
            "long they take is drawn from the others."
            if services
            else "No session of the record was finished: 10 minutes stand for how long each takes."
        )
    return Traffic(
        start=start,
        end=end,
        timezone=timezone,
        target=target,
        visits=lambda seed: _visits(within, seed, timezone),
        roster=roster_of(changes, agents, start, end),
        work=Work(),
        counted_from=start,
        channels=tuple(dict.fromkeys(session.channel for session in within)),
        notes=tuple(notes),
    )


def _visits(sessions: Sequence[PastSession], seed: int, timezone: str) -> Iterator[Visit]:
    chance = Random(seed)  # noqa: S311 - a simulation, not a secret
    zone = ZoneInfo(timezone)
    answers = _seen((session.answer for session in sessions), 0)
    services = _seen((session.service for session in sessions), USUAL_SERVICE)
    contacts: dict[tuple[int, str], Contact] = {}
    for session in sessions:
        service, answer = session.service, session.answer
        yield Visit(
            session.opened_at,
            datetime.fromtimestamp(session.opened_at / 1000, UTC).astimezone(zone).hour,
            _contact(contacts, session),
            returning=session.returning,
            service=services.draw(chance) if service is None else service,
            answer=answers.draw(chance) if answer is None else answer,
            again=answers,
            category=session.category,
            text=session.text,
            idles=session.idled,
        )


def _seen(times: Iterable[int | None], otherwise: int) -> Law:
    known = [time for time in times if time is not None]
    return Seen(known) if known else Fixed(otherwise)


def _contact(contacts: dict[tuple[int, str], Contact], session: PastSession) -> Contact:
    """Return the contact of a session; who served them last is what this simulation says of it."""
    key = (session.contact_id, session.channel)
    found = contacts.get(key)
    if found is None:
        found = contacts[key] = Contact(
            session.channel,
            session.language,
            session.tier,
            session.tags,
            bound=session.bound,
            bound_team=session.bound_team,
            dedicated=session.dedicated,
            before=session.previous,
        )
    return found


def roster_of(
    changes: Sequence[PastChange], agents: Mapping[str, Now], start: int, end: int
) -> Roster:
    """Return when everybody was there and accepting.

    How an agent stood at first follows from their first change: before somebody came, they were
    away. Who never changed was as they are now. In the grace after a dropped link they were there
    and could be given nothing (P3).
    """
    lines: dict[str, list[Duty]] = {}
    for nickname, now in agents.items():
        own = [change for change in changes if change.nickname == nickname]
        first = next((each.presence for each in own if each.presence is not None), None)
        switch = next((each.accepting for each in own if each.accepting is not None), None)
        presence = now.presence if first is None else _before(first)
        accepting = now.accepting if switch is None else not switch
        line = [_duty(start, presence, accepting)]
        for change in own:
            if change.at >= end:
                break
            presence = presence if change.presence is None else change.presence
            accepting = accepting if change.accepting is None else change.accepting
            duty = _duty(max(start, change.at), presence, accepting)
            if duty.at == line[-1].at:
                line[-1] = duty
            elif duty[1:] != line[-1][1:]:
                line.append(duty)
        lines[nickname] = line
    return lines


def _before(first: Presence) -> Presence:
    return Presence.ABSENT if first is Presence.PRESENT else Presence.PRESENT


def _duty(at: int, presence: Presence, accepting: bool) -> Duty:
    return Duty(
        at,
        present=presence is not Presence.ABSENT,
        accepting=accepting and presence is Presence.PRESENT,
    )
