"""What is counted while a simulation runs, in passing: of each visit only its wait is kept.

Waits are kept exactly, as whole milliseconds in arrays, so that percentiles are exact too.
"""

from array import array
from collections.abc import Sequence

from inbox_tui.simulate.traffic import HOUR


class Slot:
    """The visits that are counted under one heading, such as an hour of the day.

    ``waits`` are those of the answered, from the first message to the first answer; ``left`` those
    of customers who gave up; ``open`` so far, of those who still wait at the end.
    """

    __slots__ = ("came", "left", "open", "waits")

    def __init__(self) -> None:
        self.came = 0
        self.waits = array("q")
        self.left = array("q")
        self.open = array("q")


class QueueLine:
    """How many wait, over time: a mean for each hour of the run, and the most at once."""

    __slots__ = ("_at", "_bucket", "_bucket_end", "_start", "area", "areas", "length", "most")

    def __init__(self, start: int, end: int) -> None:
        self.areas = array("d", [0.0]) * max(1, -(-(end - start) // HOUR))
        self.area = 0
        self.length = 0
        self.most = 0
        self._start = start
        self._at = start
        self._bucket = 0
        self._bucket_end = start + HOUR

    def change(self, now: int, by: int) -> None:
        """Note that somebody comes into the queue or leaves it."""
        if now != self._at:
            self.until(now)
        self.length += by

    def until(self, now: int) -> None:
        """Carry the present length on until ``now``."""
        length = self.length
        if length:
            at = self._at
            self.most = max(self.most, length)
            self.area += length * (now - at)
            while now > self._bucket_end:
                self.areas[self._bucket] += length * (self._bucket_end - at)
                at = self._bucket_end
                self._turn()
            self.areas[self._bucket] += length * (now - at)
        while now >= self._bucket_end and self._bucket + 1 < len(self.areas):
            self._turn()
        self._at = now

    def means(self) -> list[float]:
        """Return the mean length in each hour of the run."""
        return [area / HOUR for area in self.areas]

    def _turn(self) -> None:
        if self._bucket + 1 < len(self.areas):
            self._bucket += 1
        self._bucket_end += HOUR


class Share:
    """What one agent did.

    ``load`` is the sum of open sessions over the time they were present (session-milliseconds),
    ``busy`` how much of that time they had any, ``present`` that time itself. ``most`` is the most
    sessions they had open at once.
    """

    __slots__ = ("_at", "_there", "assigned", "busy", "load", "most", "open", "present", "taken")

    def __init__(self, start: int) -> None:
        self.assigned = 0
        self.taken = 0
        self.load = 0
        self.busy = 0
        self.present = 0
        self.open = 0
        self.most = 0
        self._at = start
        self._there = False

    def change(self, now: int, by: int) -> None:
        """Note that they have one session more or less."""
        if now != self._at:
            self.until(now)
        self.open += by
        self.most = max(self.most, self.open)

    def until(self, now: int) -> None:
        """Carry the present state on until ``now``."""
        if self._there:
            span = now - self._at
            self.present += span
            if self.open:
                self.busy += span
                self.load += self.open * span
        self._at = now

    def there(self, now: int, present: bool) -> None:
        """Note that they come or go."""
        self.until(now)
        self._there = present


class Tally:
    """Everything that is counted in one run."""

    def __init__(self, start: int, end: int, slots: int, agents: Sequence[int]) -> None:
        self.slots = [Slot() for _ in range(slots)]
        self.queue = QueueLine(start, end)
        self.agents = {agent_id: Share(start) for agent_id in agents}
        self.taken_back = 0
        self.events = 0
