"""The settle windows: agents who come online to a backlog wait for each other (R9).

A window opens in a pool when the first of them arrives. It begins at the next decision, since only
that brings the time, and ends ``settle`` later or as soon as nothing waits any more.
"""

from inbox_tui.assignment.pool import Pool


class Windows:
    """The pools in which somebody waits for others to arrive."""

    __slots__ = ("_pools",)

    def __init__(self) -> None:
        self._pools: dict[str, Pool] = {}

    def __bool__(self) -> bool:
        return bool(self._pools)

    def arrive(self, pool: Pool, agent_id: int) -> None:
        """Let an agent wait, in the window that is open or a new one."""
        pool.arrive(agent_id)
        self._pools[pool.queue_name] = pool

    def depart(self, pool: Pool, agent_id: int) -> None:
        """Forget an arrival, and the window with it when it was the only one."""
        pool.depart(agent_id)
        if not pool.settling:
            self.close(pool)

    def close(self, pool: Pool) -> None:
        """End the wait of all who arrived in this pool, if any did."""
        if self._pools.pop(pool.queue_name, None) is not None:
            pool.settle()

    def due(self, now: int, settle: int) -> list[Pool]:
        """Begin the windows that have just opened; return the pools whose windows end."""
        ended: list[Pool] = []
        for pool in self._pools.values():
            if pool.settling_since is None:
                pool.settling_since = now
            if now - pool.settling_since >= settle:
                ended.append(pool)
        return ended

    def next_end(self, now: int, settle: int) -> int | None:
        """Return when the next window ends, or None when none is open."""
        sinces = [pool.settling_since for pool in self._pools.values()]
        return min((now if since is None else since + settle for since in sinces), default=None)
