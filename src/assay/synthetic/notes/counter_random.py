"""Counter-based random numbers for many rows at once, reproducible in any batch (splitmix64).

The draw of a row is the splitmix64 of its number and a key, in 64-bit integers. There is no state, so that rows can be
generated in any order. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014, with its
published constants.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.uint64]
STEP, FIRST, SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
HALF = np.uint64(32)


def splitmix64(numbers: Integers) -> Integers:
    """Return the splitmix64 of each number (its finaliser, after one step)."""
    found = numbers + STEP
    found = (found ^ (found >> np.uint64(30))) * FIRST
    found = (found ^ (found >> np.uint64(27))) * SECOND
    return found ^ (found >> np.uint64(31))


@dataclass(frozen=True)
class CounterStream:
    """A counter-based random stream for numbered rows; every named draw is a column of its own."""

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
        """Return True for `share` of the rows, to one part in 2**32."""
        return (self.draw(name) >> HALF) < np.uint64(round(share * 2**32))

    def weighted(self, name: str, weights: Sequence[int]) -> NDArray[np.int64]:
        """Return the index of a weight, sampled with probability proportional to it."""
        upto = np.cumsum(np.asarray(weights, dtype=np.uint64))
        return np.searchsorted(upto, self.integers_below(name, int(upto[-1])), side="right").astype(np.int64)


def row_numbers(start: int, stop: int) -> Integers:
    """Return the row numbers from `start` up to, not including, `stop`."""
    return np.arange(start, stop, dtype=np.uint64)
