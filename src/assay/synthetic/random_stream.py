"""Named random streams: the same seed gives the same country on any machine; table rows use counter-based numbers.

Every force, person and error has its own stream, named by words and the seed, so that adding a force or a table changes
no other draw. Only `random()` of the standard library is used, because its sequence is guaranteed not to change.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")


class RandomStream:
    """A random number generator with a name: the same name and seed give the same numbers."""

    def __init__(self, *path: object) -> None:
        self._path = "/".join(str(part) for part in path)
        self._draw = random.Random(self._path).random

    @property
    def path(self) -> str:
        """The words that name this stream."""
        return self._path

    def substream(self, *path: object) -> RandomStream:
        """Return an independent random stream, named by adding a word to this stream's name."""
        return RandomStream(self._path, *path)

    def happens(self, share: float) -> bool:
        """Return True with this probability (0 to 1)."""
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


# Counter-based random numbers for many rows at once, reproducible in any batch (splitmix64).
#
# The draw of a row is the splitmix64 of its number and a key, in 64-bit integers. There is no state, so that rows can
# be generated in any order. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014,
# with its published constants.

Integers = NDArray[np.uint64]
STEP, FIRST, SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
HALF = np.uint64(32)


def splitmix64(numbers: Integers) -> Integers:
    """Return the splitmix64 hash of each number: one step of the generator, then its finaliser."""
    found = numbers + STEP
    found = (found ^ (found >> np.uint64(30))) * FIRST
    found = (found ^ (found >> np.uint64(27))) * SECOND
    return found ^ (found >> np.uint64(31))


@dataclass(frozen=True)
class CounterStream:
    """A counter-based random number generator for numbered rows; every named draw is an independent column."""

    path: str
    rows: Integers

    def draw(self, name: str) -> Integers:
        """Return one 64-bit number for each row."""
        key = int.from_bytes(hashlib.sha256(f"{self.path}/{name}".encode()).digest()[:8], "big")
        return splitmix64(splitmix64(self.rows) ^ np.uint64(key))

    def integers_below(self, name: str, limits: int | Integers) -> Integers:
        """Return integers from 0 to below each limit, which is less than 2**32."""
        return ((self.draw(name) >> HALF) * np.asarray(limits, dtype=np.uint64)) >> HALF

    def happens(self, name: str, share: float) -> NDArray[np.bool_]:
        """Return an array that is True for a random `share` of the rows, accurate to one part in 2**32."""
        return (self.draw(name) >> HALF) < np.uint64(round(share * 2**32))

    def weighted(self, name: str, weights: Sequence[int]) -> NDArray[np.int64]:
        """Return for each row the index of a weight, sampled with probability proportional to the weight."""
        upto = np.cumsum(np.asarray(weights, dtype=np.uint64))
        return np.searchsorted(upto, self.integers_below(name, int(upto[-1])), side="right").astype(np.int64)


def row_numbers(start: int, stop: int) -> Integers:
    """Return the row numbers from `start` up to, not including, `stop`."""
    return np.arange(start, stop, dtype=np.uint64)
