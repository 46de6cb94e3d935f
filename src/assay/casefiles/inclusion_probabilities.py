"""Random numbers of records, and inclusion probabilities proportional to size.

The random number of a file is a hash of the seed and the key of its record (permanent random numbers). So the same seed
and records give the same sample on any machine, a new record changes no other number, and nobody can choose files.

Equal probabilities: the files with the smallest numbers. Probability proportional to size: systematic selection in the
order of the numbers, with exact probabilities: n x / X for a file of size x, a sample of n and a total size of X.

References
----------
W. G. Madow (1949): systematic sampling with probability proportional to size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from fractions import Fraction

RANGE_SIZE = 2**64


def random_number(seed: str, *parts: str) -> int:
    """Return the random number of a record, uniform from 0 to 2^64 - 1: the SHA-256 hash of a seed and a record key."""
    encoded = "\n".join((seed, *parts)).encode()
    return int.from_bytes(hashlib.sha256(encoded).digest()[:8], "big")


def probabilities_by_size(sizes: Sequence[int], draws: int) -> list[Fraction]:
    """Return inclusion probabilities proportional to size; a unit that would exceed 1 is certain."""
    if any(size < 0 for size in sizes):
        raise ValueError("A size is 0 or more.")
    probabilities = [Fraction(0)] * len(sizes)
    free = [place for place, size in enumerate(sizes) if size]
    left = min(draws, len(free))
    while free and left:
        whole = sum(sizes[place] for place in free)
        certain = [place for place in free if sizes[place] * left >= whole]
        if not certain:
            break
        for place in certain:
            probabilities[place] = Fraction(1)
        free, left = [place for place in free if not probabilities[place]], left - len(certain)
    whole = sum(sizes[place] for place in free)
    for place in free:
        probabilities[place] = Fraction(sizes[place] * left, whole) if whole else Fraction(0)
    return probabilities


def max_proportional_sample(sizes: Sequence[int]) -> int:
    """Return the largest sample size for which all probabilities are proportional to size and at most 1."""
    return min(sum(sizes) // max(sizes), sum(size > 0 for size in sizes)) if any(sizes) else 0


def systematic_sample(probabilities: Sequence[Fraction], start: Fraction) -> list[int]:
    """Draw a systematic sample: the units whose interval of cumulative probabilities contains start, start + 1, ...

    With a uniform `start` in [0, 1), each position is sampled with exactly its probability.
    """
    sampled, reached = [], Fraction(0)
    for place, probability in enumerate(probabilities):
        before, reached = reached, reached + probability
        # A point start + k lies in [before, reached) for some whole k.
        first = -((before - start) // -1)
        if start + first < reached:
            sampled.append(place)
    return sampled
