"""What may be wrong with a rule, wherever it comes from: a workspace file or the API (R2).

Pure. Every fault is told with where it is, so that a file can say the line and a form the field.
A condition that no message can ever meet is a slip of the pen and refused with the reason.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from unicodedata import category

from inbox_tui.backend.workspace.lines import Path
from inbox_tui.backend.workspace.reading import brief, unknown
from inbox_tui.hours import Calendar
from inbox_tui.hours.calendar import MINUTES
from inbox_tui.hours.overlap import can_be_open_outside
from inbox_tui.text import fold
from inbox_tui.wire.rules import Conditions, RuleDraft

MOST_ALTERNATIVES = 200
"""Entries of one list of a rule."""

Fault = tuple[Path, str]
"""Where, from the rule on, and what: ``("when", "channel", 0)``."""

_LISTS = (
    "channel",
    "language",
    "category",
    "keyword",
    "tag",
    "tier",
    "business_hours",
    "outside_business_hours",
)
_ANY_OF = ("channel", "language", "category", "tag", "tier", "business_hours")
"""Conditions that one of a list meets by being equal."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a rule may speak of."""

    agents: Collection[str] = frozenset()
    teams: Collection[str] = frozenset()
    channels: Collection[str] = frozenset()
    hours: Mapping[str, Calendar] = field(default_factory=dict)


def faults_of(draft: RuleDraft, names: Names) -> Iterator[Fault]:
    """Yield everything that is wrong with a rule."""
    yield from condition_faults(draft.when, names)
    yield from target_faults(draft, names)


def condition_faults(when: Conditions, names: Names) -> Iterator[Fault]:
    """Yield what is wrong with the conditions: unknown names, and what can never hold."""
    for key in _LISTS:
        values: Sequence[str] | None = getattr(when, key)
        if values is None:
            continue
        if not values:
            detail = "is an empty list, which nothing can meet; leave it out for no condition."
            yield ("when", key), detail
        yield from _list_faults(("when", key), values)
    yield from _unknown(("when", "channel"), "channel", when.channel, names.channels)
    for place, keyword in enumerate(when.keyword or ()):
        if not _is_findable(keyword):
            detail = f"{brief(keyword)} has nothing that could be found in a text."
            yield ("when", "keyword", place), detail
    yield from _hours_faults(when, names.hours)


def _hours_faults(when: Conditions, hours: Mapping[str, Calendar]) -> Iterator[Fault]:
    closed = when.outside_business_hours or []
    for key in ("business_hours", "outside_business_hours"):
        yield from _unknown(("when", key), "[[hours]] named", getattr(when, key), hours)
    for place, name in enumerate(when.business_hours or ()):
        path: Path = ("when", "business_hours", place)
        calendar = hours.get(name)
        if name in closed:
            detail = (
                f"{brief(name)} is in outside_business_hours too: it is never open and closed "
                "at the same time."
            )
            yield path, detail
        elif calendar is not None and is_never_open(calendar):
            yield path, f"{brief(name)} is never open."
    for place, name in enumerate(closed):
        calendar = hours.get(name)
        if calendar is not None and is_never_closed(calendar):
            yield ("when", "outside_business_hours", place), f"{brief(name)} is never closed."
    yield from _never_meet(when, hours)


def _never_meet(when: Conditions, hours: Mapping[str, Calendar]) -> Iterator[Fault]:
    """Find hours that are only open while others are open that have to be closed."""
    closed = when.outside_business_hours or []
    outside = [hours[name] for name in closed if name in hours]
    for place, name in enumerate(when.business_hours or ()):
        calendar = hours.get(name)
        if name in closed or calendar is None or is_never_open(calendar):
            continue  # told already
        if not can_be_open_outside([calendar], outside):
            names = ", ".join(brief(other) for other in closed)
            detail = f"{brief(name)} is only open while what must be closed is open too: {names}."
            yield ("when", "business_hours", place), detail


def target_faults(draft: RuleDraft, names: Names) -> Iterator[Fault]:
    """Yield what is wrong with where a rule's sessions go."""
    if draft.team is not None and draft.agents is not None:
        yield ("agents",), "stands beside team: a rule's sessions go to a team or to agents."
    if draft.team is None and draft.agents is None:
        yield (), "has neither team nor agents: say where its sessions go."
    if draft.team is not None and draft.team not in names.teams:
        yield ("team",), unknown("team", draft.team, names.teams)
    if draft.agents is not None and not draft.agents:
        yield ("agents",), "is an empty list: nobody could get its sessions."
    yield from _list_faults(("agents",), draft.agents or ())
    yield from _unknown(("agents",), "agent", draft.agents, names.agents)


def is_never_open(calendar: Calendar) -> bool:
    """Say whether a calendar has no hours at all."""
    return not any(calendar.week) and not any(holiday.hours for holiday in calendar.holidays)


def is_never_closed(calendar: Calendar) -> bool:
    """Say whether each day of a calendar is open from its first minute to its last.

    Intervals never overlap, so that their lengths tell. A week that is full only because of
    intervals over midnight is not looked for.
    """
    days = (*calendar.week, *(holiday.hours for holiday in calendar.holidays))
    return all(
        bool(day) and day[0].start == 0 and sum(end - start for start, end in day) == MINUTES
        for day in days
    )


def covers(earlier: Conditions, later: Conditions) -> bool:
    """Say whether a message that meets ``later`` is sure to meet ``earlier``.

    If so, a rule with ``later`` behind an enabled one with ``earlier`` is never reached. Each
    condition of the earlier one has to follow from the same condition of the later one. What
    could only be told from the meaning of hours, tags or tiers is not looked for.
    """
    if earlier.contact is not None and earlier.contact != later.contact:
        return False
    for key in _ANY_OF:
        wanted: Sequence[str] | None = getattr(earlier, key)
        given: Sequence[str] | None = getattr(later, key)
        if wanted is not None and (given is None or not set(given) <= set(wanted)):
            return False
    if earlier.keyword is not None:
        found = [fold(keyword) for keyword in earlier.keyword]
        if later.keyword is None or not all(
            any(part in fold(keyword) for part in found) for keyword in later.keyword
        ):
            return False
    # All of these must be closed, so here the later rule has to ask for more.
    closed = set(later.outside_business_hours or ())
    return set(earlier.outside_business_hours or ()) <= closed


def covering(rules: Sequence[tuple[str, bool, Conditions]], place: int) -> str | None:
    """Return the name of an earlier rule that leaves the one at ``place`` nothing, or None.

    Each rule is its name, whether it is enabled, and its conditions.
    """
    name, enabled, when = rules[place]
    if not enabled:
        return None
    return next(
        (
            earlier
            for earlier, is_on, conditions in rules[:place]
            if is_on and earlier != name and covers(conditions, when)
        ),
        None,
    )


def _is_findable(keyword: str) -> bool:
    """Say whether anything but blanks and marks without a letter is left of a folded keyword."""
    return any(category(character)[0] not in "CMZ" for character in fold(keyword))


def _list_faults(path: Path, values: Sequence[str]) -> Iterator[Fault]:
    if len(values) > MOST_ALTERNATIVES:
        yield path, f"has more than {MOST_ALTERNATIVES} entries."
    seen: set[str] = set()
    for place, value in enumerate(values):
        if value in seen:
            yield (*path, place), f"{brief(value)} is there twice."
        seen.add(value)


def _unknown(
    path: Path, what: str, given: Sequence[str] | None, known: Collection[str]
) -> Iterator[Fault]:
    for place, name in enumerate(given or ()):
        if name not in known:
            yield (*path, place), unknown(what, name, known)
