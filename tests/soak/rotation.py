"""Turn by turn, as the documents tell it (R3, R4, R14)."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Rotation:
    """One rotation: each member's number, the number at which the latest turn began, the order.

    ``happened`` counts choices and commits; ``latest`` has each member's latest turn in that count.
    """

    numbers: dict[int, float] = field(default_factory=dict)
    began: float = 0
    happened: int = 0
    latest: dict[int, int] = field(default_factory=dict)

    def floor(self, agent_id: int) -> float:
        """Skipped turns do not add up: whoever is behind is lifted to where the rotation is."""
        return max(self.numbers.get(agent_id, 0), self.began)

    def place(self, agent_id: int, weight: float, under_way: Sequence[int]) -> tuple[float, ...]:
        """Lowest number first; of equals whose turn is longest ago. Those under way count."""
        position = self.floor(agent_id) + len(under_way) / weight
        latest = max(under_way, default=self.latest.get(agent_id, 0))
        return (position, latest, self.numbers.get(agent_id, 0))

    def count(self) -> int:
        self.happened += 1
        return self.happened

    def moves(self, agent_id: int, floor: float, stride: float) -> float:
        """One turn was committed; return the number to keep."""
        number = max(self.numbers.get(agent_id, 0), floor) + stride
        self.numbers[agent_id] = number
        self.began = max(self.began, number - stride)
        self.latest[agent_id] = self.count()
        return number

    def knows(self, members: Sequence[int], weights: dict[int, float]) -> None:
        """Members come and go; their numbers stay with the rotation."""
        for agent_id in [one for one in self.latest if one not in members]:
            del self.latest[agent_id]
        for agent_id in members:
            if agent_id in self.numbers:
                stride = 1 / weights.get(agent_id, 1)
                self.began = max(self.began, self.numbers[agent_id] - stride)
