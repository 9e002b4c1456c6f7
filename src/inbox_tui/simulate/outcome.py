"""What came of a run: the figures that people compare.

Waits are of customers, from their first message to the first answer. Percentiles are exact (nearest
rank), over everybody who was answered and everybody who still waits at the end, with their wait so
far: a shop that falls behind does not look better for it. Who gave up is in the share of those, and
not in the percentiles. *Answered within* is a share of all who came.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from inbox_tui.simulate.duty import Duty, Roster
from inbox_tui.simulate.forecast import Forecast
from inbox_tui.simulate.run import Outcome
from inbox_tui.simulate.tally import Share, Slot, Tally
from inbox_tui.simulate.traffic import DAY_HOURS, HOUR, hours_between


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits in milliseconds; None where nobody was answered."""

    mean: float | None
    p50: int | None
    p90: int | None
    p99: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day, over all days.

    ``within`` and ``p90`` are of those who came in it, ``queue`` how many waited and ``on_duty``
    how many agents were there, both as means.
    """

    hour: int
    came: int
    within: float | None
    abandoned: int
    p90: int | None
    queue: float
    on_duty: float


@dataclass(frozen=True, slots=True)
class AgentFigures:
    """One agent. Hours and shares are of the time they were there.

    ``load`` is the mean of their open sessions, ``busy`` the share of the time with any, ``most``
    the most at once; ``taken_back`` counts sessions they left unanswered that went back to routing.
    """

    nickname: str
    weight: float
    sessions: int
    hours: float
    per_hour: float | None
    load: float | None
    busy: float | None
    most: int
    taken_back: int


@dataclass(frozen=True, slots=True)
class Foretold:
    """The estimated wait (M9) of those who had to wait, against what came true, in milliseconds.

    ``told`` counts those who were told one and were given to somebody; what they were told and how
    long they waited as means. ``error`` is the mean of told less true: above 0 people were told too
    much. ``off`` is the mean of how far off it was either way, ``off_p90`` what nine in ten did not
    exceed. ``unknown`` were told and given to nobody, ``silent`` could not be told anything.
    """

    told: int
    unknown: int
    silent: int
    mean_told: float | None
    mean_true: float | None
    error: float | None
    off: float | None
    off_p90: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. Shares are of all who came, None when nobody did.

    ``open_at_end`` still had no answer when the time was over. ``fairness`` is Jain's index of
    sessions an hour of presence, each divided by the agent's weight: 1 when all have the same, 1/n
    when one has everything. ``queue_by_hour`` has the mean queue of each hour of the run.
    ``foretold`` is None where nothing was.
    """

    name: str
    came: int
    answered: int
    abandoned: int
    open_at_end: int
    within: float | None
    abandoned_share: float | None
    wait: Waits
    queue_mean: float
    queue_most: int
    load: float | None
    fairness: float | None
    taken_back: int
    hours: tuple[Hour, ...]
    agents: tuple[AgentFigures, ...]
    queue_by_hour: tuple[float, ...]
    foretold: Foretold | None = None


def figures(name: str, outcome: Outcome, target: int, roster: Roster | None) -> Figures:
    """Return the figures of a run whose visits were counted by hour of the day."""
    tally = outcome.tally
    slots = tally.slots
    came = sum(slot.came for slot in slots)
    waits = sorted_waits(slots)
    agents = _agents(outcome)
    present = sum(share.present for share in tally.agents.values())
    load = sum(share.load for share in tally.agents.values())
    span = outcome.end - outcome.start
    means = tally.queue.means()
    abandoned = sum(len(slot.left) for slot in slots)
    return Figures(
        name=name,
        came=came,
        answered=sum(len(slot.waits) for slot in slots),
        abandoned=abandoned,
        open_at_end=sum(len(slot.open) for slot in slots),
        within=_share(sum(answered_within(slot, target) for slot in slots), came),
        abandoned_share=_share(abandoned, came),
        wait=Waits(
            mean=sum(waits) / len(waits) if waits else None,
            p50=percentile(waits, 0.5),
            p90=percentile(waits, 0.9),
            p99=percentile(waits, 0.99),
            most=waits[-1] if waits else None,
        ),
        queue_mean=tally.queue.area / span if span else 0.0,
        queue_most=tally.queue.most,
        load=load / present if present else None,
        fairness=fairness(agent for agent in agents if agent.per_hour is not None),
        taken_back=tally.taken_back,
        hours=_hours(outcome, target, roster, means),
        agents=agents,
        queue_by_hour=tuple(means),
        foretold=None if outcome.forecast is None else foretold(outcome.forecast),
    )


def foretold(forecast: Forecast) -> Foretold:
    """Return how far off the estimated waits were."""
    told, true = forecast.told, forecast.real
    errors = [one - other for one, other in zip(told, true, strict=True)]
    off = sorted(round(abs(error)) for error in errors)
    return Foretold(
        told=len(told),
        unknown=forecast.unknown,
        silent=forecast.silent,
        mean_told=_mean(told),
        mean_true=_mean(true),
        error=_mean(errors),
        off=_mean(off),
        off_p90=percentile(off, 0.9),
    )


def answered_within(slot: Slot, target: int) -> int:
    """Count those of a slot who were answered in time."""
    return sum(1 for wait in slot.waits if wait <= target)


def sorted_waits(slots: Iterable[Slot]) -> list[int]:
    """Return the waits that percentiles are of, in order."""
    waits = array("q")
    for slot in slots:
        waits.extend(slot.waits)
        waits.extend(slot.open)
    return sorted(waits)


def percentile(waits: Sequence[int], share: float) -> int | None:
    """Return the wait that this share of customers does not exceed (nearest rank)."""
    return waits[max(0, ceil(share * len(waits)) - 1)] if waits else None


def fairness(agents: Iterable[AgentFigures]) -> float | None:
    """Return Jain's index of what agents get an hour, for their weight; None if nobody got any."""
    rates = [agent.per_hour / agent.weight for agent in agents if agent.per_hour is not None]
    squares = sum(rate * rate for rate in rates)
    return sum(rates) ** 2 / (len(rates) * squares) if squares else None


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _agents(outcome: Outcome) -> tuple[AgentFigures, ...]:
    shares = outcome.tally.agents
    return tuple(
        _agent(agent.nickname, agent.weight, shares[agent.id])
        for agent in sorted(outcome.shop.agents, key=lambda agent: agent.nickname)
        if agent.active
    )


def _agent(nickname: str, weight: float, share: Share) -> AgentFigures:
    present = share.present
    return AgentFigures(
        nickname=nickname,
        weight=weight,
        sessions=share.assigned,
        hours=present / HOUR,
        per_hour=share.assigned * HOUR / present if present else None,
        load=share.load / present if present else None,
        busy=share.busy / present if present else None,
        most=share.most,
        taken_back=share.taken,
    )


def _hours(
    outcome: Outcome, target: int, roster: Roster | None, means: Sequence[float]
) -> tuple[Hour, ...]:
    tally: Tally = outcome.tally
    queues: list[list[float]] = [[] for _ in range(DAY_HOURS)]
    there: list[list[int]] = [[] for _ in range(DAY_HOURS)]
    lines = (
        [((Duty(outcome.start, present=True, accepting=True),))] * len(outcome.tally.agents)
        if roster is None
        else [roster.get(agent.nickname, ()) for agent in outcome.shop.agents if agent.active]
    )
    spans = list(hours_between(outcome.start, outcome.end, outcome.shop.timezone))
    for mean, (_, _, _, hour) in zip(means, spans, strict=False):
        queues[hour].append(mean)
    for begin, end, _, hour in spans:
        there[hour].append(end - begin)
    worked = _worked(lines, spans)
    return tuple(
        Hour(
            hour=hour,
            came=slot.came,
            within=_share(answered_within(slot, target), slot.came),
            abandoned=len(slot.left),
            p90=percentile(sorted_waits([slot]), 0.9),
            queue=sum(queues[hour]) / len(queues[hour]) if queues[hour] else 0.0,
            on_duty=worked[hour] / sum(there[hour]) if there[hour] else 0.0,
        )
        for hour, slot in enumerate(tally.slots)
    )


def _worked(
    lines: Iterable[Sequence[Duty]], spans: Sequence[tuple[int, int, int, int]]
) -> list[int]:
    """Return for each hour of the day how long agents were on duty in it, in all."""
    worked = [0] * DAY_HOURS
    last = spans[-1][1] if spans else 0
    for line in lines:
        ends = [duty.at for duty in line[1:]] + [last]
        place = 0
        for duty, until in zip(line, ends, strict=bool(line)):
            if not duty.accepting:
                continue
            while place < len(spans) and spans[place][1] <= duty.at:
                place += 1
            for begin, end, _, hour in spans[place:]:
                if begin >= until:
                    break
                worked[hour] += max(0, min(end, until) - max(begin, duty.at))
    return worked
