"""Traffic: who writes when, what they bring, and who is there to answer.

What a run is given is a :class:`Traffic`, generated here from a :class:`Plan` or read out of a
database by :mod:`history`. Asked with the same seed it brings the same customers, whatever the
workspace does with them, so that two workspaces are compared on the same day and not on two.
"""

from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from inbox_tui.simulate.duty import Roster
from inbox_tui.simulate.laws import Fixed, Law, Never
from inbox_tui.simulate.visits import Contact, Visit
from inbox_tui.wire.words import Category

T = TypeVar("T")

HOUR = 3_600_000
DAY_HOURS = 24

_EARLIER = 1_000
"""Customers of a group who have written before the first day."""
_REMEMBERED = 20_000
"""Of those who have written, so many may come back; with more, the newest takes one's place."""


@dataclass(frozen=True, slots=True)
class Work:
    """How agents work.

    ``at_once`` is how many sessions one agent turns to at a time, None for all they have.
    ``slowdown`` makes a session longer when its agent has others: each adds that share of its
    service time. ``claim`` is how long somebody with room takes to look at a queue that is claimed
    from, ``hand_out`` how often a manager looks at one that is handed out.
    """

    at_once: int | None = None
    slowdown: float = 0.0
    claim: Law = field(default_factory=lambda: Fixed(20_000))
    hand_out: Law = field(default_factory=lambda: Fixed(60_000))


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a run is given.

    ``visits`` yields them in order of time. ``roster`` None means that everybody is there at all
    times. What begins before ``counted_from`` (UTC ms) is not counted: until then the shop fills
    up. ``target`` is how soon a customer should be answered, in milliseconds. ``channels`` are the
    slugs that are written to, ``notes`` what a reader of the result has to know.
    """

    start: int
    end: int
    timezone: str
    target: int
    visits: Callable[[int], Iterator[Visit]]
    roster: Roster | None = None
    work: Work = field(default_factory=Work)
    counted_from: int = 0
    channels: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Choice(Generic[T]):
    """One of several values, each with its share.

    Shares are relative to their sum. Where there is nothing to choose no chance is asked.
    """

    __slots__ = ("_bounds", "values")

    def __init__(self, shares: Mapping[T, float]) -> None:
        held = {value: share for value, share in shares.items() if share > 0}
        total = sum(held.values())
        self.values = tuple(held)
        self._bounds = [part / total for part in accumulate(held.values())][:-1]

    def draw(self, chance: Random) -> T:
        """Return one of the values."""
        return self.values[bisect(self._bounds, chance.random()) if self._bounds else 0]


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of customers: what they bring, by chance, independently of each other.

    ``share`` is relative to the other groups'. ``tags`` has the share of contacts that carry each.
    ``returning`` is the share of sessions whose contact has written before. Of ``bound`` and
    ``dedicated`` each contact has one at random (nicknames); ``texts`` are folded.
    """

    name: str
    channels: Choice[str]
    service: Law
    share: float = 1.0
    returning: float = 0.0
    languages: Choice[str | None] = field(default_factory=lambda: Choice({None: 1.0}))
    tiers: Choice[str | None] = field(default_factory=lambda: Choice({None: 1.0}))
    categories: Choice[Category | None] = field(default_factory=lambda: Choice({None: 1.0}))
    texts: Choice[str] = field(default_factory=lambda: Choice({"": 1.0}))
    tags: tuple[tuple[str, float], ...] = ()
    bound: tuple[str, ...] = ()
    bound_team: str | None = None
    dedicated: tuple[str, ...] = ()
    answer: Law = field(default_factory=lambda: Fixed(0))
    patience: Law = field(default_factory=Never)


@dataclass(frozen=True, slots=True)
class Plan:
    """Generated arrivals: at random (Poisson), at a rate that is constant within each hour.

    ``rates`` has the arrivals an hour of each hour of each day of the week, Monday first, by the
    clock in ``timezone``. ``earlier`` are the agents (nicknames) whom customers know from before
    the first day.
    """

    first_day: date
    days: int
    timezone: str
    rates: Sequence[Sequence[float]]
    groups: Sequence[Group]
    earlier: Sequence[str] = ()

    @property
    def start(self) -> int:
        """When the first day begins, in UTC ms."""
        return midnight(self.first_day, self.timezone)

    @property
    def end(self) -> int:
        """When the last day ends, in UTC ms."""
        return midnight(self.first_day + timedelta(days=self.days), self.timezone)

    def channels(self) -> tuple[str, ...]:
        """Return the channels that somebody writes to."""
        return tuple(dict.fromkeys(slug for group in self.groups for slug in group.channels.values))

    def visits(self, seed: int) -> Iterator[Visit]:
        """Yield everybody who comes, in order; the same for the same seed."""
        chance = Random(seed)  # noqa: S311 - a simulation, not a secret
        crowds = [_Crowd(group, self.earlier, chance) for group in self.groups]
        which = Choice({place: group.share for place, group in enumerate(self.groups)})
        for at, hour in self._arrivals(chance):
            yield crowds[which.draw(chance)].visit(at, hour, chance)

    def _arrivals(self, chance: Random) -> Iterator[tuple[int, int]]:
        """Yield the moment and the hour of the day of each arrival."""
        for begin, end, weekday, hour in hours_between(self.start, self.end, self.timezone):
            rate = self.rates[weekday][hour] / HOUR
            if rate <= 0:
                continue
            # Memoryless: beginning anew at each change of the rate is exact.
            at = begin + chance.expovariate(rate)
            while at < end:
                yield int(at), hour
                at += chance.expovariate(rate)


class _Crowd:
    """The customers of one group: who is new, and who comes back."""

    def __init__(self, group: Group, earlier: Sequence[str], chance: Random) -> None:
        self._group = group
        self._known: list[Contact] = []
        if group.returning > 0:
            for _ in range(_EARLIER):
                contact = self._new(chance)
                contact.before = chance.choice(earlier) if earlier else None
                self._known.append(contact)

    def visit(self, at: int, hour: int, chance: Random) -> Visit:
        group = self._group
        returning = group.returning > 0 and chance.random() < group.returning
        if returning:
            contact = self._known[int(chance.random() * len(self._known))]
        else:
            contact = self._new(chance)
            if group.returning > 0:
                self._remember(contact, chance)
        return Visit(
            at,
            hour,
            contact,
            returning=returning,
            service=group.service.draw(chance),
            answer=group.answer.draw(chance),
            again=group.answer,
            patience=group.patience.draw(chance),
            category=group.categories.draw(chance),
            text=group.texts.draw(chance),
        )

    def _new(self, chance: Random) -> Contact:
        group = self._group
        return Contact(
            group.channels.draw(chance),
            group.languages.draw(chance),
            group.tiers.draw(chance),
            tuple(tag for tag, share in group.tags if chance.random() < share)
            if group.tags
            else (),
            bound=chance.choice(group.bound) if group.bound else None,
            bound_team=group.bound_team,
            dedicated=chance.choice(group.dedicated) if group.dedicated else None,
        )

    def _remember(self, contact: Contact, chance: Random) -> None:
        if len(self._known) < _REMEMBERED:
            self._known.append(contact)
        else:
            self._known[int(chance.random() * _REMEMBERED)] = contact


def midnight(day: date, timezone: str) -> int:
    """Return when a day begins in a time zone, in UTC ms."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone))
    return int(local.timestamp()) * 1000


def hours_between(start: int, end: int, timezone: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield each hour of the clock: its begin and end (UTC ms), weekday (0 is Monday) and number.

    On the day a clock is changed, an hour is left out or comes twice.
    """
    zone = ZoneInfo(timezone)
    begin = start
    while begin < end:
        local = datetime.fromtimestamp(begin / 1000, UTC).astimezone(zone)
        into = (local.minute * 60 + local.second) * 1000 + local.microsecond // 1000
        stop = min(end, begin + HOUR - into)
        yield begin, stop, local.weekday(), local.hour
        begin = stop
