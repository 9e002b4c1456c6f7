"""An order of agents that change place all the time: a heap with lazy deletion.

With nearly every decision somebody's place changes. A new place is one push; the old entry stays
where it is and is thrown away when it comes up. So a change costs O(log n), and the first one is
found in O(1), amortised.
"""

from collections.abc import Container
from heapq import heapify, heappop, heappush, nsmallest

Key = tuple[float, ...]
"""What orders agents: numbers, lowest first, of which the last is the agent's id."""


class Ranking:
    """Agents by key, each at most once."""

    __slots__ = ("_heap", "_keys")

    def __init__(self) -> None:
        self._keys: dict[float, Key] = {}
        self._heap: list[Key] = []

    def __len__(self) -> int:
        return len(self._keys)

    def best(self, most: int, without: Container[int] = ()) -> list[Key]:
        """Return the first keys but those of ``without``, in O(n): for explanations."""
        keys = self._keys.values()
        return nsmallest(most, (key for key in keys if key[-1] not in without))

    def put(self, key: Key) -> None:
        """Give the agent ``key[-1]`` this place."""
        agent_id = key[-1]
        if self._keys.get(agent_id) == key:
            return
        self._keys[agent_id] = key
        if len(self._heap) > 2 * len(self._keys) + 16:
            self._heap = list(self._keys.values())
            heapify(self._heap)
        else:
            heappush(self._heap, key)

    def drop(self, agent_id: int) -> None:
        """Take the agent out, if there."""
        self._keys.pop(agent_id, None)

    def first(self, without: Container[int] = ()) -> Key | None:
        """Return the lowest key, or None when there is nobody; ``without`` these agents.

        Those left out cost O(log n) each where they come before the one who is found.
        """
        heap, keys = self._heap, self._keys
        passed: list[Key] = []
        found: Key | None = None
        while heap:
            key = heap[0]
            if keys.get(key[-1]) is not key:
                heappop(heap)
            elif without and key[-1] in without:
                passed.append(heappop(heap))
            else:
                found = key
                break
        for key in passed:
            heappush(heap, key)
        return found

    def clear(self) -> None:
        """Take everybody out."""
        self._keys.clear()
        self._heap.clear()
