"""How many sessions came and were served in each five minutes of the last hour, by team.

Counters: one step for each session that opens or ends, whatever there is.
"""

from collections.abc import Iterable
from dataclasses import dataclass

Millis = int
"""A point in time or a duration, as in :mod:`inbox_tui.clock`."""

BUCKET: Millis = 300_000
KEPT = 12
"""Buckets of a series: an hour, of which the last bucket has just begun."""
BASIS = 3
"""Services from which on their mean time says something."""


@dataclass(slots=True)
class _Count:
    arrivals: int = 0
    services: int = 0
    served: Millis = 0


class Rates:
    """Counts by team; None is what belongs to no team."""

    def __init__(self) -> None:
        self._teams: dict[int | None, dict[int, _Count]] = {}

    def came(self, team_id: int | None, at: Millis) -> None:
        """A session was opened."""
        self._count(team_id, at).arrivals += 1

    def served(self, team_id: int | None, at: Millis, took: Millis) -> None:
        """A session ended that somebody had served for ``took``."""
        count = self._count(team_id, at)
        count.services += 1
        count.served += max(0, took)

    def series(self, team_ids: Iterable[int | None], now: Millis) -> tuple[list[int], list[int]]:
        """Return the arrivals and services of these teams, oldest bucket first."""
        first = now // BUCKET - KEPT + 1
        arrivals, services = [0] * KEPT, [0] * KEPT
        for team_id in team_ids:
            for bucket, count in self._teams.get(team_id, {}).items():
                if 0 <= bucket - first < KEPT:
                    arrivals[bucket - first] += count.arrivals
                    services[bucket - first] += count.services
        return arrivals, services

    def service_time(self, team_id: int | None, now: Millis) -> float | None:
        """Return the mean time a session of this team was served; None without a basis."""
        first = now // BUCKET - KEPT + 1
        recent = [
            count
            for bucket, count in self._teams.get(team_id, {}).items()
            if 0 <= bucket - first < KEPT
        ]
        services = sum(count.services for count in recent)
        return sum(count.served for count in recent) / services if services >= BASIS else None

    def _count(self, team_id: int | None, at: Millis) -> _Count:
        buckets = self._teams.setdefault(team_id, {})
        bucket = at // BUCKET
        if bucket not in buckets:
            for old in [each for each in buckets if each <= bucket - KEPT]:
                del buckets[old]
            buckets[bucket] = _Count()
        return buckets[bucket]


def since(now: Millis) -> Millis:
    """Return when the first bucket of a series began."""
    return (now // BUCKET - KEPT + 1) * BUCKET
