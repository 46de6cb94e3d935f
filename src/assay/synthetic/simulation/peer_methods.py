"""What would be found on the same forces by what is done today, by a league table, and by a naive funnel?

Each takes the same counts as the comparison does and calls forces in the same form, so that all are scored alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

import numpy as np

from assay.indicators.indicator_catalogue import indicators
from assay.stats.binomial_intervals import naive_funnel_z
from assay.synthetic.simulation.alert_comparison import Call, Counted

FORCES_READ, FILES_READ, POINTS_BELOW = 6, 52, 0.20
SIGMAS_OF_LEAGUE, SIGMAS_OF_FUNNEL = 2.0, 3.0
BAD = {"higher": "lower", "lower": "higher"}


def today(counts: Sequence[Counted], crimes: Mapping[str, int], seed: int, own: Iterable[Call] = ()) -> frozenset[Call]:
    """52 files read in six forces: shares without an interval; and of these forces the calls that rest on one record.

    Forces are drawn at random, their files without repeat (`crimes`: how many each has). A file bears on a question as
    often as the force's records do. A force is called on a question if its share lies 20 points to the bad side of the
    mean of the forces read.
    """
    draw = random.Random(f"files/{seed}").random
    read = _some(sorted(crimes), FORCES_READ, draw)
    files = {code: FILES_READ // len(read) + (place < FILES_READ % len(read)) for place, code in enumerate(read)}
    better = {form.key: form.better for form in indicators()}
    found = [call for call in own if call.place in files]
    for measure, mine in _by_measure(counts):
        shares = {}
        for one in (one for one in mine if one.place in files):
            bearing = _drawn(min(one.base, crimes[one.place]), crimes[one.place], files[one.place], draw)
            if bearing:
                shares[one.place] = _drawn(one.met, one.base, bearing, draw) / bearing
        found += _far_from_mean(measure, shares, BAD.get(better.get(measure, ""), ""))
    return frozenset(found)


def _far_from_mean(measure: str, shares: Mapping[str, float], bad: str) -> list[Call]:
    if not shares or not bad:
        return []
    mean = sum(shares.values()) / len(shares)
    below = {code: (mean - share if bad == "lower" else share - mean) for code, share in shares.items()}
    return [Call(code, measure, bad) for code, by in below.items() if by >= POINTS_BELOW - 1e-9]


def _some(codes: list[str], number: int, draw: Callable[[], float]) -> list[str]:
    left = list(codes)
    return [left.pop(int(draw() * len(left))) for _ in range(min(number, len(left)))]


def _drawn(marked: int, whole: int, number: int, draw: Callable[[], float]) -> int:
    """How many marked ones are among `number` drawn from the whole without repeat."""
    found = 0
    for taken in range(min(number, whole)):
        found += draw() * (whole - taken) < marked - found
    return found


def league_table(counts: Iterable[Counted]) -> frozenset[Call]:
    """Alarms where a raw share lies more than two standard deviations of the raw shares from their mean."""
    found: list[Call] = []
    for measure, mine in _by_measure(counts):
        shares = np.array([one.met / one.base for one in mine])
        spread = shares.std(ddof=1) if len(shares) > 1 else 0.0
        if spread > 0:
            found += _outside(measure, mine, (shares - shares.mean()) / spread, SIGMAS_OF_LEAGUE)
    return frozenset(found)


def naive_funnel(counts: Iterable[Counted]) -> frozenset[Call]:
    """Alarms outside three binomial standard errors around the pooled share, as if forces differed by chance alone."""
    found: list[Call] = []
    for measure, mine in _by_measure(counts):
        met, base = sum(one.met for one in mine), sum(one.base for one in mine)
        if 0 < met < base:
            z = naive_funnel_z([one.met for one in mine], [one.base for one in mine])
            found += _outside(measure, mine, z, SIGMAS_OF_FUNNEL)
    return frozenset(found)


def _outside(measure: str, mine: Sequence[Counted], z: Iterable[float], limit: float) -> list[Call]:
    pairs = zip(mine, z, strict=True)
    return [Call(one.place, measure, "lower" if far < 0 else "higher") for one, far in pairs if abs(far) > limit]


def _by_measure(counts: Iterable[Counted]) -> list[tuple[str, list[Counted]]]:
    rows = sorted(counts, key=lambda one: (one.measure, one.place))
    return [(measure, list(mine)) for measure, mine in groupby(rows, key=lambda one: one.measure)]
