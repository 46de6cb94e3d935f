"""Are there fewer than before, or are fewer of them found?

The number on the lists falls when there are fewer persons, and also when the lists find fewer of those there are. So
two years are estimated together: each list may find another share of persons in each year, pairs of lists go together
alike in both, and the difference is resampled as a whole. Beside it the difference of two estimates that share nothing;
where the two ways do not agree, no direction is told.
"""

from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.covariates import drawn, joint_hidden, layout
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable
from assay.stats.multiple_systems.stepwise import THRESHOLD, select_stepwise

REPLICATES = 1000
NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Ratio:
    """The later population over the earlier, with a 95% interval; `fewer`: the share of resamples with fewer."""

    method: str
    ratio: float
    low: float
    high: float
    without_estimate: int
    fewer: float

    @property
    def direction(self) -> int:
        """1 more, -1 fewer, 0 where the interval holds both."""
        return 1 if self.low > 1 else -1 if self.high < 1 else 0


@dataclass(frozen=True)
class Change:
    """What may be said of the change. `seen_ratio`: of those seen, which says nothing of the population by itself.

    `joint` shares how pairs of lists go together, `apart` shares nothing. `difference`: later minus earlier by the
    joint model, with its 95% limits. `found`: for each list the share of the
    population it holds, earlier and later, by the joint model.
    """

    words: str
    seen_ratio: float
    joint: Ratio
    apart: Ratio
    difference: tuple[float, float, float]
    found: tuple[tuple[str, float, float], ...]


def change(
    earlier: CaptureTable,
    later: CaptureTable,
    *,
    threshold: float = THRESHOLD,
    replicates: int = REPLICATES,
    drift: float = 1.0,
    seed: int = 1,
) -> Change:
    """Compare two years over the same lists; refuses lists that differ, and a joint model without an estimate.

    `drift`: what no overlap shows (lists that lean on one another, persons whom no list could hold) may bend the hidden
    of one year up to so many times as much as those of the other, or as little; 1 takes it to be alike in both. Each
    resample draws it anew, log-normal, 95 in 100 of them within that.
    """
    if earlier.lists != later.lists:
        raise UnusableTable("The two years do not have the same lists in the same order: the change may be theirs.")
    pair = [_of_year(earlier, "0"), _of_year(later, "1")]
    every = drawn(np.stack([t.counts for t in pair], axis=1), replicates, np.random.default_rng(seed))
    joint = joint_hidden(every, layout(pair), threshold)
    apart = np.array([select_stepwise(every[:, place], threshold).hidden for place in (0, 1)])
    if not np.isfinite(joint[:, 0]).all():
        raise NoEstimate("The joint model of the two years has no estimate.")
    bent = np.exp(np.random.default_rng(seed + 1).normal(0.0, np.log(drift) / NORMAL_95, joint.shape[1]))
    bent[0] = 1.0  # the estimate itself
    joint, apart = (np.stack([hidden[0], hidden[1] * bent]) for hidden in (joint, apart))
    seen = every.sum(axis=0)
    both = _ratio("pairs of lists go together alike in both years", seen + joint)
    alone = _ratio("two years that share nothing", seen + apart)
    moved = (seen + joint)[1] - (seen + joint)[0]
    kept = moved[1:][np.isfinite(moved[1:])]
    low, high = (float(limit) for limit in np.quantile(kept, [0.025, 0.975]))
    before, after = (float(seen[place, 0] + joint[place, 0]) for place in (0, 1))
    shares = tuple((name, earlier.on_list(name) / before, later.on_list(name) / after) for name in earlier.lists)
    seen_ratio = later.persons / earlier.persons
    return Change(_words(seen_ratio, both, alone), seen_ratio, both, alone, (float(moved[0]), low, high), shares)


def _of_year(table: CaptureTable, year: str) -> CaptureTable:
    return CaptureTable(table.lists, table.counts, (("year", year),), table.window, table.definition)


def _ratio(method: str, population: Floats) -> Ratio:
    ratios = population[1] / population[0]
    if not np.isfinite(ratios[0]):
        return Ratio(method, float("nan"), float("nan"), float("nan"), len(ratios) - 1, float("nan"))
    kept = ratios[1:][np.isfinite(ratios[1:])]
    low, high = (float(limit) for limit in np.quantile(kept, [0.025, 0.975]))
    fewer = float((kept < 1).mean())
    return Ratio(method, float(ratios[0]), low, high, len(ratios) - 1 - len(kept), fewer)


def _words(seen_ratio: float, joint: Ratio, apart: Ratio) -> str:
    seen = f"Those seen are {seen_ratio:.2f} times as many as before."
    told = f"All persons are {joint.low:.2f} to {joint.high:.2f} times as many, by both years together"
    agree = joint.direction == apart.direction
    if joint.direction and agree:
        return f"{seen} {told}; estimated apart it is the same: there are {'more' if joint.direction > 0 else 'fewer'}."
    if joint.direction:
        return f"{seen} {told}; estimated apart they need not have changed. It cannot be said whether there are fewer."
    return f"{seen} {told}. It cannot be said whether there are more or fewer."
