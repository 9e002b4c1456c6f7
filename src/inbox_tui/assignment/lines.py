"""Where sessions wait: lines of those that ask for the same.

Whoever could take the first of a line could take any of it, so one look at the first tells whether
anything can be given. That is why sessions with other needs, or that other agents let lapse, stand
in a line of their own: none hides another that could be given (R8).
"""

from typing import TYPE_CHECKING

from inbox_tui.assignment import needs
from inbox_tui.assignment.needs import Needs
from inbox_tui.assignment.queue import Queue
from inbox_tui.wire.words import UnassignedReason

if TYPE_CHECKING:
    from inbox_tui.assignment.pool import Pool
    from inbox_tui.assignment.roster import Agent, Member


class Line:
    """Sessions that wait before the same people for the same.

    ``name`` is what their rows show as their queue. ``told`` is the reason last told about the
    line, ``untold`` those whose rows show something else.
    """

    __slots__ = ("name", "queue", "told", "untold")

    def __init__(self, name: str) -> None:
        self.name = name
        self.queue = Queue()
        self.told: UnassignedReason | None = None
        self.untold: set[int] = set()

    def next_up(self) -> "Member | None":
        """Return the member of the line's pool who gets its first session, if any can."""
        return None

    def reason(self) -> UnassignedReason | None:
        """Return why the line waits now; None when that is about to change."""
        return None


class PoolLine(Line):
    """A line before a pool: of those with the same needs, that the same agents let lapse.

    ``excluded`` ones are given out by hand only (R4).
    """

    __slots__ = ("excluded", "lapsed", "needs", "pool")

    def __init__(
        self,
        pool: "Pool",
        needs: Needs = needs.NONE,
        lapsed: frozenset[int] = frozenset(),
        *,
        excluded: bool = False,
    ) -> None:
        parts = [pool.queue_name]
        if excluded:
            parts.append("/excluded")
        if any(needs):
            parts.append(f"/{needs}")
        if lapsed:
            parts.append("!" + ",".join(str(agent_id) for agent_id in sorted(lapsed)))
        super().__init__("".join(parts))
        self.pool = pool
        self.needs = needs
        self.lapsed = lapsed
        self.excluded = excluded

    def next_up(self) -> "Member | None":
        """Return whom the pool gives its first session to, if anybody can take it."""
        return None if self.excluded else self.pool.next_up(self.needs, self.lapsed)

    def reason(self) -> UnassignedReason | None:
        """Return why the pool gives out none of it now."""
        if self.excluded:
            return UnassignedReason.MANUAL
        return self.pool.reason(self.needs, self.lapsed)


class AgentLine(Line):
    """The sessions of one team that are one agent's own: bound, dedicated, returning (R1).

    Those that wait for this agent only stand here alone; later they stand in a pool's line as well.
    """

    __slots__ = ("agent", "team_id")

    def __init__(self, agent: "Agent", team_id: int | None) -> None:
        super().__init__(f"agent:{agent.fact.id}")
        self.agent = agent
        self.team_id = team_id
        self.told = UnassignedReason.WAITING_FOR_AGENT

    def reason(self) -> UnassignedReason | None:
        """Return that it waits for this agent."""
        return UnassignedReason.WAITING_FOR_AGENT
