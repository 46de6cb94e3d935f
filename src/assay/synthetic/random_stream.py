"""How is chance drawn, so that the same seed makes the same country on any machine?

Every force, person and fault draws from a stream of its own, named by words and the seed: adding a force or a table
moves nothing else. Only `random()` is taken from the standard library, because its sequence is promised to stay.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """One named stream of chance."""

    def __init__(self, *path: object) -> None:
        self._path = "/".join(str(part) for part in path)
        self._draw = random.Random(self._path).random

    @property
    def path(self) -> str:
        """The words that name this stream."""
        return self._path

    def stream(self, *path: object) -> Chance:
        """A stream of its own below this one."""
        return Chance(self._path, *path)

    def happens(self, share: float) -> bool:
        """True in `share` of draws (0 to 1)."""
        return self._draw() < share

    def whole(self, lowest: int, highest: int) -> int:
        """A whole number, both ends included."""
        return lowest + int(self._draw() * (highest - lowest + 1))

    def between(self, lowest: float, highest: float) -> float:
        """A number, evenly drawn."""
        return lowest + self._draw() * (highest - lowest)

    def pick(self, things: Sequence[T]) -> T:
        """One of them, each as likely."""
        return things[int(self._draw() * len(things))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of them, as likely as its weight says."""
        left = self._draw() * sum(weights.values())
        for thing, weight in weights.items():
            left -= weight
            if left < 0:
                return thing
        return next(reversed(list(weights)))

    def some(self, things: Sequence[T], number: int) -> list[T]:
        """`number` of them without repeat, in the order drawn (all, if there are fewer)."""
        left = list(things)
        return [left.pop(int(self._draw() * len(left))) for _ in range(min(number, len(left)))]

    def normal(self) -> float:
        """A draw from the standard normal."""
        return math.sqrt(-2 * math.log(1 - self._draw())) * math.cos(2 * math.pi * self._draw())

    def lognormal(self, median: float, sigma: float) -> float:
        """A positive number, half of them below `median`."""
        return median * math.exp(sigma * self.normal())

    def exponential(self, mean: float) -> float:
        """A wait with this mean."""
        return -mean * math.log(1 - self._draw())

    def shifted(self, share: float, spread: float) -> float:
        """A share near this one: a normal step of size `spread` on the logit scale."""
        return moved(share, spread * self.normal())


def moved(share: float, step: float) -> float:
    """A share moved by a step on the logit scale."""
    return 1 / (1 + math.exp(-math.log(share / (1 - share)) - step))
