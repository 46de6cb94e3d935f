"""Named random streams: the same seed gives the same country on any machine.

Every force, person and error has its own stream, named by words and the seed, so that adding a force or a table changes
no other draw. Only `random()` of the standard library is used, because its sequence is guaranteed not to change.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class RandomStream:
    """A named random stream."""

    def __init__(self, *path: object) -> None:
        self._path = "/".join(str(part) for part in path)
        self._draw = random.Random(self._path).random

    @property
    def path(self) -> str:
        """The words that name this stream."""
        return self._path

    def substream(self, *path: object) -> RandomStream:
        """Return a substream of this stream."""
        return RandomStream(self._path, *path)

    def happens(self, share: float) -> bool:
        """True in `share` of draws (0 to 1)."""
        return self._draw() < share

    def integer(self, lowest: int, highest: int) -> int:
        """Return a uniform integer between two limits, both included."""
        return lowest + int(self._draw() * (highest - lowest + 1))

    def uniform(self, lowest: float, highest: float) -> float:
        """Return a number from a uniform distribution."""
        return lowest + self._draw() * (highest - lowest)

    def pick(self, items: Sequence[T]) -> T:
        """Sample one item with equal probability."""
        return items[int(self._draw() * len(items))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Sample one key with probability proportional to its weight."""
        left = self._draw() * sum(weights.values())
        for item, weight in weights.items():
            left -= weight
            if left < 0:
                return item
        return next(reversed(list(weights)))

    def sample(self, items: Sequence[T], number: int) -> list[T]:
        """Sample `number` items without replacement, in random order (all items if there are fewer)."""
        remaining = list(items)
        return [remaining.pop(int(self._draw() * len(remaining))) for _ in range(min(number, len(remaining)))]

    def normal(self) -> float:
        """Return a draw from the standard normal distribution."""
        return math.sqrt(-2 * math.log(1 - self._draw())) * math.cos(2 * math.pi * self._draw())

    def lognormal(self, median: float, sigma: float) -> float:
        """Return a draw from the lognormal distribution with this median."""
        return median * math.exp(sigma * self.normal())

    def exponential(self, mean: float) -> float:
        """Return a draw from the exponential distribution with this mean."""
        return -mean * math.log(1 - self._draw())

    def logit_normal(self, share: float, spread: float) -> float:
        """Return a share near this one: a normal step with standard deviation `spread` on the logit scale."""
        return shift_logit(share, spread * self.normal())


def shift_logit(share: float, step: float) -> float:
    """Return a share shifted by a step on the logit scale."""
    return 1 / (1 + math.exp(-math.log(share / (1 - share)) - step))
