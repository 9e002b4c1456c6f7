"""What time alone brings, by the naive rules: take-backs, and when anything changes (R10, R12)."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.soak.naive import Naive

from inbox_tui.assignment import Hours, SessionFact
from inbox_tui.wire.words import Consider, OffDuty, Presence


@dataclass
class Due(Naive):
    """The naive rules, with what is due when."""

    # -- what is taken back (R10, R12) ---------------------------------------------------------

    def due(self, session: SessionFact) -> tuple[int, str] | None:
        """When a served session is taken from its agent if nothing happens, and why."""
        found = [each for each in (self._lapses(session), self._left(session)) if each is not None]
        if session.assignee_id is None or self.only_account() is not None or not found:
            return None
        return min(found, key=lambda each: each[0])

    def _since(self, session: SessionFact) -> int | None:
        """Since when its agent could have answered and has not."""
        if session.waiting_since is None or session.assigned_at is None:
            return None
        # P1: what was the only account's counts from when there were several.
        joined = self.policy.several_since or 0
        return max(session.waiting_since, session.assigned_at, joined)

    def _lapses(self, session: SessionFact) -> tuple[int, str] | None:
        since = self._since(session)
        if since is None or self.policy.take_back is None:
            return None
        return since + self.policy.take_back, "lapsed"

    def _left(self, session: SessionFact) -> tuple[int, str] | None:
        since, agent = self._since(session), self.agents.get(session.assignee_id or 0)
        if since is None or agent is None or agent.presence is not Presence.ABSENT:
            return None
        way = self.way(session)
        if agent.absent_since is None or self.consider(way) is Consider.ACTIVE:
            return None
        at = max(since, agent.absent_since) + self.policy.owner_wait
        match self.policy.off_duty:
            case OffDuty.KEEP:
                return None
            case OffDuty.REROUTE_OUTSIDE_HOURS:
                name = (None if way.team is None else way.team.hours) or self.policy.hours
                hours = None if name is None else self.hours.get(name)
                if hours is None:
                    return None
                return self._when_closed(hours, at)
        return at, "left"

    def _when_closed(self, hours: Hours, at: int) -> tuple[int, str] | None:
        closes = hours.next_change(at) if hours.is_open(at) else at
        return None if closes is None else (closes, "left")

    def to_take_back(self) -> list[tuple[int, int, int, str]]:
        """What is due now: due time, session, agent, cause."""
        found = []
        for session in self.sessions.values():
            due = self.due(session)
            if due is not None and due[0] <= self.now and session.assignee_id is not None:
                found.append((due[0], session.id, session.assignee_id, due[1]))
        return sorted(found)

    def times(self) -> Iterator[int]:
        """All times to come at which something changes by itself, unless the facts do before."""
        for arrivals in self.arrivals.values():
            yield (self.now if arrivals.since is None else arrivals.since) + self.policy.settle
        for session in self.sessions.values():
            due = self.due(session)
            if due is not None:
                yield due[0]
        for session in self.waiting():
            until = self.wait_until(session)
            if until is not None:
                yield until
