"""How many agents each hour of the day needs, so that enough customers are answered in time.

Of every queue that gets sessions the agents are made up: as many as are tried, all alike, with the
limit that is usual in it, every language and every skill; nobody waits for a particular one. The
rules, teams and methods are the workspace's.

The search begins with Erlang's formulas, hour by hour (:mod:`theory`), which take each hour as if
it went on for ever, and is led by the simulator, which does not: agents are added to hours that
miss the goal and taken from those that may do without. What is found is then tried on customers
who were not there during the search, and that is what the answer shows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

import msgspec

from inbox_tui.assignment import AgentFact
from inbox_tui.simulate.duty import Duty
from inbox_tui.simulate.outcome import answered_within
from inbox_tui.simulate.run import Run
from inbox_tui.simulate.shop import Queue, Shop, queues_of
from inbox_tui.simulate.tally import Slot
from inbox_tui.simulate.theory import erlang_a, served_within
from inbox_tui.simulate.traffic import DAY_HOURS, HOUR, Traffic, hours_between
from inbox_tui.simulate.visits import Visit
from inbox_tui.wire.words import Presence

ENOUGH = 30_000
"""Sessions to judge by: with fewer, the same days are simulated again with other customers."""
MOST_RUNS = 60
"""How often the same days are simulated, at the most."""

MISSED = -1.0
SURE = 2.0
"""The goal is missed by more than chance, or passed for sure: standard errors from it.

Agents are added to hours that miss it, and taken away only where it is still passed for sure.
"""

_UNLIMITED = 1_000_000_000
_ROUNDS_UP = 40
_ROUNDS_DOWN = 8
_PROOF = 1_000_003
"""Added to the seed for the customers of the proof."""

Needs = dict[str, list[int]]
"""Agents by queue and hour of the day."""


@dataclass(frozen=True, slots=True)
class Goal:
    """This share of customers is to be answered within so many milliseconds."""

    share: float
    within: int

    def is_reached(self, within: int, came: int, sure: float) -> bool:
        """Say whether ``within`` of those who came is so many standard errors over the goal."""
        return within >= self.share * came + sure * sqrt(self.share * (1 - self.share) * came)


@dataclass(frozen=True, slots=True)
class HourNeed:
    """One hour of the day.

    ``came`` is how many come in it on a day, ``agents`` how many are needed in each queue,
    ``within`` the share that was answered in time in the proof, None where nobody came, and
    ``reached`` whether that does not miss the goal by more than chance.
    """

    hour: int
    came: float
    agents: Mapping[str, int]
    within: float | None
    reached: bool

    @property
    def total(self) -> int:
        """Agents in all queues together."""
        return sum(self.agents.values())


@dataclass(frozen=True, slots=True)
class Staffing:
    """The answer. ``queues`` are those with sessions; ``reached`` says whether every hour did."""

    goal: Goal
    queues: tuple[str, ...]
    hours: tuple[HourNeed, ...]
    sessions: int
    runs: int
    reached: bool


@dataclass(slots=True)
class _Load:
    """What one queue gets in one hour of the day, over all days: how many, and how long they take.

    ``patience`` is the sum over those who do not wait for ever, who are ``leaving``.
    """

    came: int = 0
    service: int = 0
    patience: int = 0
    leaving: int = 0


def find_staff(shop: Shop, traffic: Traffic, seed: int, goal: Goal) -> Staffing:
    """Return how many agents each hour needs. It takes some dozen runs of the traffic."""
    return _Search(shop, traffic, seed, goal).answer()


class _Search:
    def __init__(self, shop: Shop, traffic: Traffic, seed: int, goal: Goal) -> None:
        self._shop = shop
        self._traffic = replace(traffic, target=goal.within)
        self._goal = goal
        self._seed = seed
        # A rule that sends to a team is served by the team's members.
        self._team_of = {
            f"rule:{rule.id}": f"team:{rule.team_id}"
            for rule in shop.rules
            if rule.team_id is not None
        }
        self._spans = list(hours_between(traffic.start, traffic.end, traffic.timezone))
        self._real = {
            key: queue
            for key, queue in queues_of(shop).items()
            if queue.members and key not in self._team_of
        }
        self._queues: list[str] = []
        self._headings: dict[int, dict[int, int]] = {}
        self._loads: dict[tuple[str, int], _Load] = {}
        self._days = max(1.0, (traffic.end - traffic.start) / (DAY_HOURS * HOUR))

    def answer(self) -> Staffing:
        seeds = self._learn()
        needs = self._begin()
        slots = self._try(needs, seeds)
        for _ in range(_ROUNDS_UP):
            missing = [place for place in self._places() if not self._reached(slots, place, MISSED)]
            if not missing:
                break
            for key, hour in missing:
                needs[key][hour] += max(1, needs[key][hour] // 10)
            slots = self._try(needs, seeds)
        for turn in range(_ROUNDS_DOWN):
            if not self._lower(needs, seeds, turn):
                break
        return self._proof(needs, [seed + _PROOF for seed in seeds])

    def _learn(self) -> list[int]:
        """See which sessions come into which queue, with more agents than anybody needs.

        Returns the seeds that together bring enough sessions.
        """
        seeds: list[int] = []
        came = 0
        while not seeds or (came < ENOUGH and len(seeds) < MOST_RUNS):
            seeds.append(self._seed + len(seeds))
            came += self._see(seeds[-1], count=True)
            if not came:
                break
        return seeds

    def _see(self, seed: int, *, count: bool) -> int:
        """Note the queue of each session of one seed; return how many there were."""
        headings = self._headings[seed] = {}
        loads = self._loads

        def watch(visit: Visit, key: str) -> None:
            if visit.id in headings:
                return
            key = self._team_of.get(key, key)
            if key not in self._queues:
                self._queues.append(key)
            headings[visit.id] = self._queues.index(key) * DAY_HOURS + visit.hour
            if not count:
                return
            load = loads.setdefault((key, visit.hour), _Load())
            load.came += 1
            load.service += visit.service + visit.answer
            if visit.patience >= 0:
                load.patience += visit.patience
                load.leaving += 1

        plenty = {key: [1] * DAY_HOURS for key in self._real}
        shop = self._made_up(plenty, _UNLIMITED)
        Run(shop, replace(self._traffic, roster=None), seed, watch=watch).go()
        return len(headings)

    def _begin(self) -> Needs:
        """Return what Erlang's formulas say, hour by hour."""
        needs: Needs = {key: [0] * DAY_HOURS for key in self._queues}
        hours = [0] * DAY_HOURS
        for _, _, _, hour in self._spans:
            hours[hour] += len(self._headings)
        for (key, hour), load in self._loads.items():
            places = self._places_of(self._real[key])
            arrivals = load.came / (hours[hour] * HOUR)
            needs[key][hour] = _erlang(load, arrivals, places, self._goal)
        return needs

    def _lower(self, needs: Needs, seeds: Sequence[int], turn: int) -> bool:
        """Take an agent from every second hour; give back where it does harm. Say if any is left.

        What an hour lacks is felt in it and in the two after it.
        """
        tried = [
            (key, hour)
            for key, hour in self._places()
            if hour % 2 == turn % 2 and needs[key][hour] > 1
        ]
        for key, hour in tried:
            needs[key][hour] -= 1
        slots = self._try(needs, seeds)
        kept = len(tried)
        for key, hour in tried:
            felt = [(key, later % DAY_HOURS) for later in range(hour, hour + 3)]
            if not all(self._reached(slots, place, SURE) for place in felt):
                needs[key][hour] += 1
                kept -= 1
        return kept > 0 or turn == 0

    def _places(self) -> list[tuple[str, int]]:
        return [place for place, load in self._loads.items() if load.came]

    def _reached(self, slots: Sequence[Slot], place: tuple[str, int], sure: float) -> bool:
        """Say whether an hour of a queue reaches the goal, so many standard errors over it."""
        slot = slots[self._queues.index(place[0]) * DAY_HOURS + place[1]]
        within = answered_within(slot, self._goal.within)
        return self._goal.is_reached(within, slot.came, sure)

    def _try(self, needs: Needs, seeds: Sequence[int]) -> list[Slot]:
        """Simulate with these agents; return what was counted by queue and hour."""
        shop = self._made_up(needs)
        traffic = replace(self._traffic, roster=self._roster(needs))
        slots = [Slot() for _ in range(len(self._queues) * DAY_HOURS)]
        for seed in seeds:
            run = Run(shop, traffic, seed, headings=(len(slots), self._heading_of(seed)))
            for slot, found in zip(slots, run.go().tally.slots, strict=True):
                slot.came += found.came
                slot.waits.extend(found.waits)
        return slots

    def _heading_of(self, seed: int) -> Callable[[Visit], int]:
        known = self._headings[seed]
        return lambda visit: known.get(visit.id, visit.hour)

    def _proof(self, needs: Needs, seeds: Sequence[int]) -> Staffing:
        for seed in seeds:
            self._see(seed, count=False)
        needs.update({key: [0] * DAY_HOURS for key in self._queues if key not in needs})
        slots = self._try(needs, seeds)
        hours: list[HourNeed] = []
        for hour in range(DAY_HOURS):
            own = [slots[place * DAY_HOURS + hour] for place in range(len(self._queues))]
            came = sum(slot.came for slot in own)
            within = sum(answered_within(slot, self._goal.within) for slot in own)
            hours.append(
                HourNeed(
                    hour=hour,
                    came=came / len(seeds) / self._days,
                    agents={key: needs[key][hour] for key in self._queues},
                    within=within / came if came else None,
                    reached=self._goal.is_reached(within, came, MISSED),
                )
            )
        return Staffing(
            goal=self._goal,
            queues=tuple(self._queues),
            hours=tuple(hours),
            sessions=sum(slot.came for slot in slots),
            runs=len(seeds),
            reached=all(hour.reached for hour in hours),
        )

    # Agents that are made up

    def _limit(self, queue: Queue) -> int:
        """Return the limit that is usual among the members of a queue: their median."""
        facts = {agent.id: agent for agent in self._shop.agents}
        limits = sorted(self._shop.limit(facts[member]) for member in queue.members)
        usual = limits[len(limits) // 2]
        return max(1, usual if queue.cap is None else min(usual, queue.cap))

    def _places_of(self, queue: Queue) -> int:
        """Return how many customers one agent of a queue serves at a time."""
        limit, at_once = self._limit(queue), self._traffic.work.at_once
        return limit if at_once is None else min(limit, at_once)

    def _made_up(self, needs: Mapping[str, Sequence[int]], limit: int | None = None) -> Shop:
        """Return the shop with made-up agents, as many in each queue as its largest hour needs.

        One more is never there: with a single account, no limit and no switch would count (P1).
        """
        skills = {skill for rule in self._shop.rules for skill in rule.skills}
        agents = [_agent(1, "", 1, ())]
        members: dict[str, tuple[int, ...]] = {}
        for key, hours in needs.items():
            own = self._limit(self._real[key]) if limit is None else limit
            first = len(agents) + 1
            agents += [
                _agent(first + place, f"{key} {place}", own, tuple(sorted(skills)))
                for place in range(max(hours))
            ]
            members[key] = tuple(range(first, len(agents) + 1))
        return replace(
            self._shop,
            agents=tuple(agents),
            teams=tuple(
                msgspec.structs.replace(
                    team,
                    members=members.get(f"team:{team.id}", ()),
                    max_open=team.max_open if limit is None else None,
                    turns={},
                )
                for team in self._shop.teams
            ),
            rules=tuple(
                msgspec.structs.replace(rule, agents=members.get(f"rule:{rule.id}", ()), turns={})
                for rule in self._shop.rules
            ),
            personal=False,
        )

    def _roster(self, needs: Needs) -> dict[str, list[Duty]]:
        """Return when each of the made-up agents is there: the first ones longest."""
        roster: dict[str, list[Duty]] = {}
        for key, hours in needs.items():
            for place in range(max(hours, default=0)):
                line: list[Duty] = []
                for begin, _, _, hour in self._spans:
                    there = hours[hour] > place
                    if not line or line[-1].present != there:
                        line.append(Duty(begin, there, there))
                roster[f"{key} {place}"] = line
        return roster


def _agent(agent_id: int, nickname: str, limit: int, skills: tuple[str, ...]) -> AgentFact:
    return AgentFact(
        agent_id,
        nickname,
        active=True,
        accepting=False,
        presence=Presence.ABSENT,
        max_open=limit,
        skills=skills,
    )


def _erlang(load: _Load, arrivals: float, places: int, goal: Goal) -> int:
    """Return how many agents with so many places the formulas ask for (arrivals in each ms)."""
    service = max(1.0, load.service / load.came)
    offered = arrivals * service
    impatient = load.leaving == load.came and load.patience > 0
    agents = max(1, ceil(offered / places * (0.5 if impatient else 1.0)))
    while True:
        servers = agents * places
        if impatient:
            patience = load.patience / load.leaving
            within = erlang_a(servers, arrivals, service, patience, goal.within).within
        else:
            within = served_within(servers, offered, service, goal.within)
        if within >= goal.share:
            return agents
        agents += 1
