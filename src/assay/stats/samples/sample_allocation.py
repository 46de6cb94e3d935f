"""How are the files that can be read shared out over strata?

In proportion to size, times how many times as often a stratum is to be drawn; or, where shares are expected to differ,
in proportion to size times standard deviation (Neyman, Journal of the Royal Statistical Society 97, 1934). No stratum
is left without files, since one that nobody read could hold anything; none gets more than it has. Shared out in
fractions that are never rounded on the way, so that it is the same on any machine.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt

from assay.stats.refusals import Refused
from assay.stats.samples.sample_sizes import half_width

LEAST = 2
"""Fewer files than this say nothing of how a stratum varies."""
FINE = 10**9
"""In such parts a standard deviation counts; never in none, or a stratum in which nothing is expected had no claim."""
Parts = dict[int, Fraction]


def allocate(
    files: int,
    sizes: Sequence[int],
    *,
    expected: Sequence[float] | None = None,
    times: Sequence[float] | None = None,
    least: int | Sequence[int] = LEAST,
) -> list[int]:
    """How many of the `files` fall to each stratum; they add up to `files`, or to all records if there are fewer.

    `expected`: the share that each stratum is thought to have; without it files follow size. `times`: how many times as
    often each is drawn. `least`: the fewest files a stratum with records gets, for all or for each. Refuses fewer files
    than these leasts add up to. Of strata that have an equal claim to one more file, the first gets it.
    """
    leasts = [least] * len(sizes) if isinstance(least, int) else least
    low = {place: Fraction(min(size, fewest)) for place, (size, fewest) in enumerate(zip(sizes, leasts, strict=True))}
    if files < sum(low.values()):
        needed = sum(low.values())
        raise Refused(f"{files} files are too few: {len(sizes)} strata need {needed} for at least so many each.")
    spreads = [Fraction(1)] * len(sizes) if expected is None else [_spread(share) for share in expected]
    often = [Fraction(1)] * len(sizes) if times is None else [Fraction(one) for one in times]
    high = {place: Fraction(size) for place, size in enumerate(sizes) if size}
    weights = {place: size * spreads[place] * often[place] for place, size in high.items()}
    wanted = min(files, sum(sizes))
    shared = _rounded(_shared(weights, low, high, wanted), high, wanted)
    return [shared.get(place, 0) for place in range(len(sizes))]


def half_width_of(sizes: Sequence[int], drawn: Sequence[int], expected: Sequence[float], level: float = 0.95) -> float:
    """How far the interval of the whole will reach to either side under a design, at the expected shares (normal)."""
    whole = sum(sizes)
    parts = [
        (size / whole * half_width(files, size, share, level)) ** 2
        for size, files, share in zip(sizes, drawn, expected, strict=True)
        if size > 0
    ]
    return sqrt(sum(parts))


def _spread(share: float) -> Fraction:
    if not 0 <= share <= 1:
        raise Refused("An expected share lies between 0 and 1.")
    return Fraction(max(round(FINE * sqrt(share * (1 - share))), 1), FINE)


def _shared(weights: Parts, low: Parts, high: Parts, wanted: int) -> Parts:
    """Shares by weight, each held between its least and all it has; what that frees or takes is shared again."""
    fixed: Parts = {}
    while True:
        free = [place for place in weights if place not in fixed]
        left, whole = wanted - sum(fixed.values()), sum(weights[place] for place in free)
        shares = {place: left * weights[place] / whole for place in free}
        over = {place: high[place] for place in free if shares[place] > high[place]}
        under = {place: low[place] for place in free if shares[place] < low[place]}
        # Those that are furthest from what they may have are settled first: the larger sum decides the direction.
        excess = sum(shares[place] - high[place] for place in over)
        lack = sum(low[place] - shares[place] for place in under)
        if not over and not under:
            return {**fixed, **shares}
        fixed |= over if excess >= lack else under


def _rounded(shares: Parts, high: Parts, wanted: int) -> dict[int, int]:
    """Whole numbers that add up: the largest parts left over are rounded up, the first of equals first."""
    found = {place: int(share) for place, share in shares.items()}
    order = sorted(shares, key=lambda place: (found[place] - shares[place], place))
    for place in [place for place in order if found[place] < high[place]][: wanted - sum(found.values())]:
        found[place] += 1
    return found
