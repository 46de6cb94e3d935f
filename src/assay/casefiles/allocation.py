"""How many files does each stratum get?

In proportion to its records times what it is oversampled by, never more than it has, and never fewer than the least
that was asked for: a band at the bottom that nobody reads would be a band of which nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from assay.errors import UsageError


def allocate(records: Mapping[str, int], files: int, *, least: int, times: Mapping[str, float]) -> dict[str, int]:
    """Files by stratum; they add up to `files`, or to all records if there are fewer.

    `records` by stratum; `times`: how many times as often a stratum is drawn, 1 where it is not named. UsageError where
    the least alone is more than `files`.
    """
    held = {key: number for key, number in records.items() if number}
    floor = {key: min(least, number) for key, number in held.items()}
    if sum(floor.values()) > files:
        raise UsageError(
            f"{files} files are too few for {len(held)} strata with at least {least} each: that needs "
            f"{sum(floor.values())}. Ask for more files, fewer strata, or a smaller least."
        )
    wanted = min(files, sum(held.values()))
    weight = {key: Fraction(number) * Fraction(times.get(key, 1.0)) for key, number in held.items()}
    return _rounded(_shared(held, floor, weight, wanted), held, wanted)


def _shared(
    held: Mapping[str, int], floor: Mapping[str, int], weight: Mapping[str, Fraction], wanted: int
) -> dict[str, Fraction]:
    """Shares by weight, each held between its least and all it has; what that frees or takes is shared again."""
    fixed: dict[str, Fraction] = {}
    while True:
        free = [key for key in held if key not in fixed]
        left, whole = wanted - sum(fixed.values()), sum(weight[key] for key in free)
        shares = {key: left * weight[key] / whole for key in free}
        over = {key: Fraction(held[key]) for key in free if shares[key] > held[key]}
        under = {key: Fraction(floor[key]) for key in free if shares[key] < floor[key]}
        # Those that are furthest from what they may have are settled first: the larger sum decides the direction.
        excess = sum(shares[key] - held[key] for key in over)
        lack = sum(floor[key] - shares[key] for key in under)
        if not over and not under:
            return {**fixed, **shares}
        fixed |= over if excess >= lack else under


def _rounded(shares: Mapping[str, Fraction], held: Mapping[str, int], wanted: int) -> dict[str, int]:
    """Whole numbers that add up: the largest parts left over are rounded up, ties in the order of the keys."""
    found = {key: int(share) for key, share in shares.items()}
    order = sorted(shares, key=lambda key: (found[key] - shares[key], key))
    for key in [key for key in order if found[key] < held[key]][: wanted - sum(found.values())]:
        found[key] += 1
    return found
