"""The run: days in a shop, event by event (O7).

A discrete event simulation. What is due stands in a heap as plain tuples; the clock jumps from one
to the next. After each the engine decides, and says itself when it wants to be asked again
(settling, waits for an agent, take-backs). The rules are the engine's alone; what is modelled here
is people: customers who come, wait and give up, agents who come, answer, take their time and go.
How they are modelled is told in docs/simulate.md.
"""

from collections import deque
from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from random import Random
from typing import Any, NamedTuple

from inbox_tui.assignment import AgentFact, Assign, Cause, TakeBack
from inbox_tui.errors import Invalid
from inbox_tui.simulate.duty import Duty, Roster, always
from inbox_tui.simulate.forecast import Forecast
from inbox_tui.simulate.pulling import Pulling
from inbox_tui.simulate.shop import Desk, Shop
from inbox_tui.simulate.tally import Tally
from inbox_tui.simulate.traffic import DAY_HOURS, Traffic
from inbox_tui.simulate.visits import Stage, Visit

_MOST_ROUNDS = 10_000
"""Decisions at one moment after which the engine is taken to go round in circles."""
_PEOPLE = 0x5EED
"""Keeps what agents draw apart from what customers draw: who comes does not depend on the shop."""


class Person:
    """An agent at work.

    ``open`` counts the sessions they have, ``begun`` those they have turned to; ``pile`` has those
    that they have not, in order, ``answering`` those they have turned to and not answered yet.
    ``in_team`` counts by team; ``looking`` is whether they are about to look for one to claim.
    """

    __slots__ = (
        "accepting",
        "answering",
        "begun",
        "id",
        "in_team",
        "limit",
        "looking",
        "nickname",
        "open",
        "pile",
        "present",
    )

    def __init__(self, fact: AgentFact, limit: int) -> None:
        self.id = fact.id
        self.nickname = fact.nickname
        self.limit = limit
        self.present = False
        self.accepting = False
        self.open = 0
        self.begun = 0
        self.in_team: dict[int | None, int] = {}
        self.pile: deque[Visit] = deque()
        self.answering: dict[int, Visit] = {}
        self.looking = False


class Outcome(NamedTuple):
    """How a run went: what was counted, in which shop, and between which times (UTC ms).

    ``forecast`` is what was foretold, where that was asked for.
    """

    shop: Shop
    tally: Tally
    start: int
    end: int
    forecast: Forecast | None = None


class Run:
    """One run of some traffic through a shop. Make it, then :meth:`go`, once.

    ``headings`` says under which of how many slots a visit is counted, by default its hour of the
    day. ``watch`` is called with each visit that is assigned, and the queue it was given from.
    ``foretell``: whoever has to wait is told how long, to be held against what comes true (M9).
    Raises Invalid for traffic on a channel that the shop does not have.
    """

    def __init__(
        self,
        shop: Shop,
        traffic: Traffic,
        seed: int,
        *,
        headings: tuple[int, Callable[[Visit], int]] | None = None,
        watch: Callable[[Visit, str], None] | None = None,
        foretell: bool = False,
    ) -> None:
        for slug in traffic.channels:
            if slug not in shop.channels:
                raise Invalid(f"The workspace has no channel “{slug}”, which the traffic uses.")
        self.now = traffic.start
        self.desk = Desk(shop)
        self.work = traffic.work
        self.chance = Random(seed ^ _PEOPLE)  # noqa: S311 - a simulation, not a secret
        self.open: dict[int, Visit] = {}
        self.people = {
            fact.id: Person(fact, shop.limit(fact)) for fact in shop.agents if fact.active
        }
        self._shop = shop
        self._traffic = traffic
        self._seed = seed
        self._slots = DAY_HOURS if headings is None else headings[0]
        self._heading = None if headings is None else headings[1]
        self._watch = watch
        self._forecast = Forecast() if foretell else None
        self._due: list[tuple[int, int, Callable[[Any, int], bool], Any, int]] = []
        self._order = 0
        self._came = 0
        self._wake = -1
        self._counted_from = max(traffic.start, traffic.counted_from)
        self._tally = Tally(traffic.start, traffic.end, self._slots, tuple(self.people))
        self._pulling = Pulling(self)

    def go(self) -> Outcome:
        """Run until the traffic ends; say how it went."""
        self._open_shop()
        due, end = self._due, self._traffic.end
        visits = self._traffic.visits(self._seed)
        coming = next(visits, None)
        while True:
            if due and (coming is None or due[0][0] <= coming.at):
                self.now, _, happens, subject, token = heappop(due)
                if self.now >= end:
                    break
                if happens(subject, token):
                    self._decide()
            elif coming is not None and coming.at < end:
                self.now = coming.at
                self._arrive(coming)
                self._decide()
                if self._forecast is not None:
                    self._foretell(self._forecast, coming)
                if coming.patience >= 0 and coming.stage < Stage.SERVED:
                    self.at(coming.at + coming.patience, self._leave, coming)
                coming = next(visits, None)
            else:
                break
        return self._close_shop()

    def at(
        self, time: int, happens: Callable[[Any, int], bool], subject: object, token: int = 0
    ) -> None:
        """Have ``happens(subject, token)`` called at a time.

        It says whether the engine has to decide after it: not when nothing has changed that a
        waiting session could wait for.
        """
        self._order += 1
        heappush(self._due, (time, self._order, happens, subject, token))

    def give(self, visit: Visit, person: Person, team_id: int | None, queue: str) -> None:
        """Give a visit that waits in a queue to an agent, who turns to it when there."""
        now = self.now
        if self._watch is not None:
            self._watch(visit, queue)
        if self._forecast is not None:
            self._forecast.given(visit, now)
        visit.agent_id = person.id
        visit.team_id = team_id
        visit.assigned_at = now
        visit.stage = Stage.ASSIGNED
        self._pulling.forget(visit)
        self._tally.queue.change(now, -1)
        share = self._tally.agents[person.id]
        share.change(now, 1)
        share.assigned += 1
        person.open += 1
        person.in_team[team_id] = person.in_team.get(team_id, 0) + 1
        if person.present and (self.work.at_once is None or person.begun < self.work.at_once):
            self._begin(visit, person)
        else:
            person.pile.append(visit)
        self.desk.put_visit(visit)

    # The day's frame

    def _open_shop(self) -> None:
        start = self._traffic.start
        roster: Roster | None = self._traffic.roster
        if roster is None:
            roster = always([person.nickname for person in self.people.values()], start)
        for person in self.people.values():
            self.desk.put_agent(person.id, start, present=False, accepting=False)
            self._schedule(person, roster.get(person.nickname, ()), 0)
        if self._counted_from > start:
            self.at(self._counted_from, self._count_from_now, None)

    def _count_from_now(self, _subject: None, _token: int) -> bool:
        """Forget what was counted while the shop filled up."""
        before, now = self._tally, self.now
        self._tally = Tally(now, self._traffic.end, self._slots, tuple(self.people))
        self._tally.queue.length = before.queue.length
        for agent_id, share in self._tally.agents.items():
            share.change(now, before.agents[agent_id].open)
            share.there(now, self.people[agent_id].present)
        return False

    def _close_shop(self) -> Outcome:
        tally, end = self._tally, self._traffic.end
        tally.queue.until(end)
        for share in tally.agents.values():
            share.until(end)
        for visit in self.open.values():
            if visit.stage < Stage.SERVED and visit.at >= self._counted_from:
                tally.slots[visit.slot].open.append(end - visit.at)
        return Outcome(self._shop, tally, self._counted_from, end, self._forecast)

    # What the engine says

    def _decide(self) -> None:
        """Ask the engine until it comes to rest, and remember when it wants to be asked again."""
        now, desk = self.now, self.desk
        for _ in range(_MOST_ROUNDS):
            for decision in desk.decide(now):
                if isinstance(decision, Assign):
                    self._assign(decision)
                elif isinstance(decision, TakeBack):
                    self._take_back(decision)
                else:
                    self._pulling.hear(decision)
            wake = desk.next_wake(now)
            if wake is None:
                return
            if wake > now:
                if self._wake <= now or wake < self._wake:
                    self._wake = wake
                    self.at(wake, self._ask, None)
                return
        raise RuntimeError(f"the engine does not come to rest at {now}")

    def _ask(self, _subject: None, _token: int) -> bool:
        """The engine wanted to be asked again at this time."""
        return True

    def _assign(self, decision: Assign) -> None:
        visit = self.open[decision.session_id]
        self.desk.committed(decision)
        visit.version = decision.session_version + 1
        person = self.people[decision.agent_id]
        self.give(visit, person, decision.team_id, decision.queue)

    def _take_back(self, decision: TakeBack) -> None:
        """A session goes back to routing: unanswered for too long, or its agent has gone."""
        visit = self.open[decision.session_id]
        self.desk.committed(decision)
        if decision.cause is Cause.LAPSED and decision.agent_id not in visit.lapsed:
            visit.lapsed = (*visit.lapsed, decision.agent_id)
        if visit.again is not None:
            visit.answer = visit.again.draw(self.chance)
        visit.owner_waited = True
        visit.queued_at = self.now
        visit.stage = Stage.WAITING
        visit.version += 1
        self._tally.queue.change(self.now, 1)
        self._tally.taken_back += 1
        self._tally.agents[decision.agent_id].taken += 1
        self._let_go(visit)
        self.desk.put_visit(visit)

    # Customers

    def _arrive(self, visit: Visit) -> None:
        self._came += 1
        visit.id = self._came
        self.open[visit.id] = visit
        if self._heading is not None:
            visit.slot = self._heading(visit)
        self._tally.queue.change(self.now, 1)
        if visit.at >= self._counted_from:
            self._tally.slots[visit.slot].came += 1
        self.desk.put_visit(visit)

    def _foretell(self, forecast: Forecast, visit: Visit) -> None:
        """Tell whoever nobody has taken at once how long they will wait (M9)."""
        if visit.stage is Stage.WAITING and visit.at >= self._counted_from:
            stands = self.desk.position(visit.id)
            forecast.came(visit, stands, self.desk.queues, self.people)

    def _leave(self, visit: Visit, _token: int) -> bool:
        """A customer's patience ends: who has no answer yet is gone."""
        if visit.stage >= Stage.SERVED:
            return False
        if visit.stage is Stage.WAITING:
            self._tally.queue.change(self.now, -1)
        if visit.at >= self._counted_from:
            self._tally.slots[visit.slot].left.append(self.now - visit.at)
        return self._end(visit, 0)

    def _end(self, visit: Visit, _token: int) -> bool:
        """A session is closed, and whoever had it has room for another."""
        waiting = visit.stage is Stage.WAITING
        if self._forecast is not None:
            self._forecast.served(visit, self.now)
        visit.stage = Stage.OVER
        visit.version += 1
        self.desk.put_closed(visit)
        del self.open[visit.id]
        if waiting:
            self._pulling.forget(visit)
        else:
            self._let_go(visit)
        return True

    # Agents

    def _let_go(self, visit: Visit) -> None:
        """A session is no longer its agent's."""
        assert visit.agent_id is not None
        person = self.people[visit.agent_id]
        person.open -= 1
        person.in_team[visit.team_id] -= 1
        self._tally.agents[person.id].change(self.now, -1)
        if visit.begun:
            visit.begun = False
            person.begun -= 1
            person.answering.pop(visit.id, None)
        else:
            person.pile.remove(visit)
        visit.agent_id = visit.team_id = visit.assigned_at = None
        self._turn_to_next(person)
        self._pulling.has_room(person)

    def _turn_to_next(self, person: Person) -> None:
        """An agent turns to what lies there, as far as they can."""
        at_once = self.work.at_once
        while person.pile and person.present and (at_once is None or person.begun < at_once):
            visit = person.pile.popleft()
            self._begin(visit, person)
            if visit.stage is Stage.SERVED:
                visit.version += 1
                self.desk.put_visit(visit)

    def _begin(self, visit: Visit, person: Person) -> None:
        """An agent turns to a session, and answers, at once or after a while."""
        visit.begun = True
        person.begun += 1
        if visit.answer == 0:
            self._serve(visit, person)
        else:
            person.answering[visit.id] = visit
            self.at(self.now + visit.answer, self._answer, visit, visit.version)

    def _answer(self, visit: Visit, token: int) -> bool:
        if visit.version != token or visit.stage is not Stage.ASSIGNED:
            return False  # taken back, given up or put aside meanwhile
        assert visit.agent_id is not None
        self._serve(visit, self.people[visit.agent_id])
        visit.version += 1
        self.desk.put_visit(visit)
        return False

    def _serve(self, visit: Visit, person: Person) -> None:
        """The first answer: from here on the session takes its time."""
        visit.stage = Stage.SERVED
        visit.contact.previous = person.id
        person.answering.pop(visit.id, None)
        if visit.at >= self._counted_from:
            self._tally.slots[visit.slot].waits.append(self.now - visit.at)
        service = visit.service
        if self.work.slowdown:
            service = round(service * (1 + self.work.slowdown * (person.open - 1)))
        if visit.idles:
            service += self._shop.idle_close
        self.at(self.now + service, self._end, visit)

    def _schedule(self, person: Person, changes: Sequence[Duty], place: int) -> None:
        if place < len(changes):
            duty = changes[place]
            self.at(duty.at, self._change_duty, (person, changes), place)

    def _change_duty(self, subject: tuple[Person, Sequence[Duty]], place: int) -> bool:
        """An agent comes, goes, or turns the switch."""
        person, changes = subject
        _, person.present, person.accepting = changes[place]
        self._schedule(person, changes, place + 1)
        self._tally.agents[person.id].there(self.now, person.present)
        self.desk.put_agent(person.id, self.now, present=person.present, accepting=person.accepting)
        if person.present:
            self._turn_to_next(person)
            self._pulling.has_room(person)
        else:
            self._put_aside(person)
        return True

    def _put_aside(self, person: Person) -> None:
        """Who goes leaves unanswered what they have not answered, in order."""
        for visit in reversed(person.answering.values()):
            visit.begun = False
            visit.version += 1
            person.begun -= 1
            person.pile.appendleft(visit)
        person.answering.clear()
