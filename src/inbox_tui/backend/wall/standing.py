"""Where every open session stands: in which line, with whom, waiting since when.

Sorted lists, in which entering, leaving, counting and finding the first are O(log n) at most. The
order of a line is the one in which the engine gives its sessions (R7).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sortedcontainers import SortedList

from inbox_tui.backend.assigner.facts import HELD
from inbox_tui.clock import Millis
from inbox_tui.wire.words import Priority, SessionState

_RANK = {priority.value: -rank for rank, priority in enumerate(Priority)}
_RANKS = sorted(_RANK.values())
_IN_LINE, _ASIDE = 0, 1


WORKSPACE = "workspace"


def line_of_team(team_id: int | None) -> str:
    """Return the name of a team's line; of no team, of the workspace pool's."""
    return WORKSPACE if team_id is None else f"team:{team_id}"


class Line(NamedTuple):
    """One line: how many are in it and set aside, the earliest wait, the first ids of both."""

    length: int
    aside: int
    longest_since: Millis | None
    first: list[int]


class _Stands(NamedTuple):
    line: str
    team_id: int | None
    assignee_id: int | None
    place: tuple[int, int, Millis, int] | None
    wait: tuple[Millis, int] | None


class Standing:
    """Open sessions, put by their rows.

    A line is named as the engine names its pools: ``team:3``, ``rule:7``, ``workspace``; one pool
    may keep several lines, by skills for example, and positions count over all of them (M9). What
    the engine has not looked at yet stands in the line of its team.
    """

    def __init__(self) -> None:
        self._known: dict[int, _Stands] = {}
        self._lines: dict[str, SortedList] = {}
        self._waits_of_team: dict[int | None, SortedList] = {}
        self._waits_of_agent: dict[int | None, SortedList] = {}
        self._loads: Counter[tuple[int | None, int | None]] = Counter()

    def put(self, row: Any) -> None:  # noqa: ANN401 - a sessions row
        """Take in a session as it is now; a closed one is forgotten."""
        before = self._known.pop(row.id, None)
        if before is not None:
            self._leave(before)
        if row.state != SessionState.OPEN:
            return
        place = None
        line, is_for_one = _line_of(row)
        if row.assignee_id is None:
            aside = _ASIDE if is_for_one or row.unassigned_reason in HELD else _IN_LINE
            waits_from = row.waiting_since or row.queued_at or row.opened_at
            place = (aside, _RANK[row.priority], waits_from, row.id)
        wait = None if row.waiting_since is None else (row.waiting_since, row.id)
        stands = _Stands(line, row.team_id, row.assignee_id, place, wait)
        self._known[row.id] = stands
        self._enter(stands)

    def line(self, name: str, most: int) -> Line:
        """Return a line with the first ``most`` ids: those in line, then those set aside."""
        order = self._lines.get(name)
        if order is None:
            return Line(0, 0, None, [])
        length = order.bisect_left((_ASIDE,))
        firsts = (order.bisect_left((_IN_LINE, rank)) for rank in _RANKS)
        waits = [order[at][2] for at in firsts if at < length]
        first = [place[-1] for place in order.islice(0, most)]
        return Line(length, len(order) - length, min(waits, default=None), first)

    def position(self, session_id: int) -> tuple[str, int] | None:
        """Return the line a session stands in and its position there, from 1 (M9).

        None for one that is not in line: served, closed, or set aside.
        """
        stands = self._known.get(session_id)
        if stands is None or stands.place is None or stands.place[0] != _IN_LINE:
            return None
        return stands.line, 1 + self._lines[stands.line].bisect_left(stands.place)

    def waits(self, team_ids: Iterable[int | None] | None) -> int:
        """Count the sessions of these teams (None: of all) that wait for an answer."""
        return sum(map(len, self._waits_of(team_ids)))

    def late(self, team_ids: Iterable[int | None] | None, before: Millis) -> int:
        """Count the sessions of these teams (None: of all) that wait since ``before`` or longer."""
        return sum(waits.bisect_right((before, _LAST)) for waits in self._waits_of(team_ids))

    def longest_waits(self, team_ids: Iterable[int | None] | None, most: int) -> list[int]:
        """Return the ids of the sessions of these teams that wait longest."""
        return [wait[1] for wait in islice(merge(*self._waits_of(team_ids)), most)]

    def unanswered(self, agent_id: int) -> tuple[int, int | None]:
        """Return how many of an agent's sessions wait for an answer, and which does longest."""
        waits = self._waits_of_agent.get(agent_id)
        return (len(waits), waits[0][1]) if waits else (0, None)

    def load(self, agent_id: int, team_id: int | None) -> int:
        """Return how many sessions of a team an agent serves."""
        return self._loads[agent_id, team_id]

    def _waits_of(self, team_ids: Iterable[int | None] | None) -> Iterator[SortedList]:
        wanted = list(self._waits_of_team) if team_ids is None else team_ids
        return (self._waits_of_team[team] for team in wanted if team in self._waits_of_team)

    def _enter(self, stands: _Stands) -> None:
        if stands.place is not None:
            _add(self._lines, stands.line, stands.place)
        else:
            self._loads[stands.assignee_id, stands.team_id] += 1
        if stands.wait is not None:
            _add(self._waits_of_team, stands.team_id, stands.wait)
            if stands.assignee_id is not None:
                _add(self._waits_of_agent, stands.assignee_id, stands.wait)

    def _leave(self, stands: _Stands) -> None:
        if stands.place is not None:
            _remove(self._lines, stands.line, stands.place)
        else:
            self._loads[stands.assignee_id, stands.team_id] -= 1
        if stands.wait is not None:
            _remove(self._waits_of_team, stands.team_id, stands.wait)
            if stands.assignee_id is not None:
                _remove(self._waits_of_agent, stands.assignee_id, stands.wait)


def _line_of(row: Any) -> tuple[str, bool]:  # noqa: ANN401 - a sessions row
    """Return the line a session stands in, and whether it waits for one agent of its own (R6)."""
    pool = _POOL.split(row.queue or "", maxsplit=1)[0]
    is_for_one = pool.startswith("agent:")
    return line_of_team(row.team_id) if is_for_one or not pool else pool, is_for_one


_POOL = re.compile("[/!]")
"""What parts the name of a pool from what sets one of its lines apart."""
_LAST = 2**63
"""Above every id."""


Key = TypeVar("Key")


def _add(lists: dict[Key, SortedList], key: Key, item: object) -> None:
    found = lists.get(key)
    if found is None:
        found = lists[key] = SortedList()
    found.add(item)


def _remove(lists: dict[Key, SortedList], key: Key, item: object) -> None:
    lists[key].remove(item)
    if not lists[key]:
        del lists[key]
