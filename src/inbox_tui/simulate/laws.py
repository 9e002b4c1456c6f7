"""How long things take: the laws that times are drawn from.

A law is asked with the generator of random numbers that the caller owns, so that the same seed
draws the same times. Times are whole milliseconds.
"""

from array import array
from collections.abc import Iterable
from math import exp, inf, log, sqrt
from random import Random
from typing import Protocol


class Law(Protocol):
    """Something to draw times from."""

    @property
    def mean(self) -> float:
        """The mean in milliseconds."""
        ...

    def draw(self, chance: Random) -> int:
        """Return one time in milliseconds."""
        ...


class Fixed:
    """Always the same time."""

    __slots__ = ("_time", "mean")

    def __init__(self, time: int) -> None:
        self._time = time
        self.mean = float(time)

    def draw(self, chance: Random) -> int:
        """Return the time."""
        return self._time


class Exponential:
    """Memoryless: how Erlang's formulas have it."""

    __slots__ = ("_rate", "mean")

    def __init__(self, mean: int) -> None:
        self.mean = float(mean)
        self._rate = 1 / mean

    def draw(self, chance: Random) -> int:
        """Return a time."""
        return round(chance.expovariate(self._rate))


class LogNormal:
    """Mostly short, now and then very long: how service times of chats look.

    Given by its mean and standard deviation, not by those of its logarithm.
    """

    __slots__ = ("_middle", "_spread", "mean")

    def __init__(self, mean: int, deviation: int) -> None:
        self.mean = float(mean)
        variance = log(1 + (deviation / mean) ** 2)
        self._spread = sqrt(variance)
        self._middle = log(mean) - variance / 2

    def draw(self, chance: Random) -> int:
        """Return a time."""
        return round(exp(chance.normalvariate(self._middle, self._spread)))


class Seen:
    """Times that were seen before, each as likely as the others. At least one is needed."""

    __slots__ = ("_times", "mean")

    def __init__(self, times: Iterable[int]) -> None:
        self._times = array("q", times)
        self.mean = sum(self._times) / len(self._times)

    def draw(self, chance: Random) -> int:
        """Return one of the times."""
        return self._times[int(chance.random() * len(self._times))]


class Never:
    """No time is long enough: the patience of who waits for ever."""

    __slots__ = ()
    mean = inf

    def draw(self, chance: Random) -> int:
        """Return -1, which stands for never."""
        return -1
