"""By which number is a file drawn, and how are files drawn with exactly the chances that were meant?

Every file has a number of its own: a hash of the written seed and of which record it is. So whoever has the seed and
the records draws the same files on any machine, a record that comes later disturbs no other, and nobody chose.

Equal chances: the files with the smallest numbers. Chances by size: systematic selection in the order of the numbers
(W. G. Madow, 1949), whose chances are exact: a file of size x among n drawn of the total X has n x / X.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from fractions import Fraction

WHOLE = 2**64


def number(seed: str, *what: str) -> int:
    """The number of a record, from 0 to 2^64 - 1: every record draws its own, evenly."""
    told = "\n".join((seed, *what)).encode()
    return int.from_bytes(hashlib.sha256(told).digest()[:8], "big")


def chances_by_size(sizes: Sequence[int], draws: int) -> list[Fraction]:
    """The chance of each unit to be among `draws`, proportional to its size; large ones are certain, and leave the rest
    to the others. A unit without size has none. Sizes are whole numbers, so that the chances are exact."""
    if any(size < 0 for size in sizes):
        raise ValueError("A size is 0 or more.")
    chances = [Fraction(0)] * len(sizes)
    free = [place for place, size in enumerate(sizes) if size]
    left = min(draws, len(free))
    while free and left:
        whole = sum(sizes[place] for place in free)
        certain = [place for place in free if sizes[place] * left >= whole]
        if not certain:
            break
        for place in certain:
            chances[place] = Fraction(1)
        free, left = [place for place in free if not chances[place]], left - len(certain)
    whole = sum(sizes[place] for place in free)
    for place in free:
        chances[place] = Fraction(sizes[place] * left, whole) if whole else Fraction(0)
    return chances


def longest_in_proportion(sizes: Sequence[int]) -> int:
    """How many units can be drawn so that each has a chance in proportion to its size, none above 1."""
    return min(sum(sizes) // max(sizes), sum(size > 0 for size in sizes)) if any(sizes) else 0


def systematic(chances: Sequence[Fraction], start: Fraction) -> list[int]:
    """The places that are drawn, in order: those in whose stretch of the running sum of chances start, start + 1, ...
    falls. `start` lies in [0, 1). Each place is drawn with exactly its chance if the start is even."""
    drawn, reached = [], Fraction(0)
    for place, chance in enumerate(chances):
        before, reached = reached, reached + chance
        # A point start + k lies in [before, reached) for some whole k.
        first = -((before - start) // -1)
        if start + first < reached:
            drawn.append(place)
    return drawn
