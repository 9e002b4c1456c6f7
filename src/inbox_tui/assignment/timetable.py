"""Which business hours are open, as of the latest decision (M11)."""

from collections.abc import Mapping

from inbox_tui.assignment.facts import Hours
from inbox_tui.assignment.precedence import Setup


class Timetable:
    """Keeps ``setup.open_hours`` true; a step of time costs nothing between two changes."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._hours: dict[str, Hours] = {}
        self._until: int | None = None

    def learn(self, hours: Mapping[str, Hours]) -> None:
        """Take over the hours by name."""
        self._hours = dict(hours)
        self._until = 0

    def get(self, name: str | None) -> Hours | None:
        """Return hours by name, None where there are none."""
        return None if name is None else self._hours.get(name)

    def open_at(self, at: int) -> frozenset[str]:
        """Return the names of those that are open at a time."""
        return frozenset(name for name, each in self._hours.items() if each.is_open(at))

    def turn(self, now: int) -> bool:
        """Go on to ``now``; say whether something opened or closed."""
        if self._until is None or now < self._until:
            return False
        changes = [at for each in self._hours.values() if (at := each.next_change(now)) is not None]
        self._until = min(changes, default=None)
        before = self._setup.open_hours
        self._setup.open_hours = self.open_at(now)
        return self._setup.open_hours != before

    def next(self) -> int | None:
        """Return when the next one opens or closes, None for never."""
        return self._until
