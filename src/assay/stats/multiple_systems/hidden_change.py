"""Change of the population between two years, from a joint model and from two separate models.

The number of persons on the lists falls if there are fewer persons, but also if the lists find fewer of them. So the
two years are estimated jointly: coverage of each list may differ between years, interactions of lists are common, and
the difference is resampled as a whole. For comparison, two separate models share nothing; if the two ways disagree, no
direction is reported.
"""

from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.covariates import joint_hidden, layout, resample_strata
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable
from assay.stats.multiple_systems.stepwise import THRESHOLD, select_stepwise

REPLICATES = 1000
NORMAL_95 = 1.959964


@dataclass(frozen=True)
class PopulationRatio:
    """Ratio of the later to the earlier population with 95% interval; `share_fewer`: share of resamples below 1."""

    method: str
    ratio: float
    low: float
    high: float
    without_estimate: int
    share_fewer: float

    @property
    def direction(self) -> int:
        """1 if there are more, -1 if fewer, 0 if the interval contains 1."""
        return 1 if self.low > 1 else -1 if self.high < 1 else 0


@dataclass(frozen=True)
class PopulationChange:
    """Change of the population between two years.

    `words`: a sentence for readers. `seen_ratio`: ratio of the persons seen, which alone carries no information on the
    population. `joint`: model with common interactions of lists; `separate`: two models that share nothing.
    `difference`: later minus earlier by the joint model, with 95% limits. `list_coverage`: name of each list and its
    share of the population, earlier and later, by the joint model.
    """

    words: str
    seen_ratio: float
    joint: PopulationRatio
    separate: PopulationRatio
    difference: tuple[float, float, float]
    list_coverage: tuple[tuple[str, float, float], ...]


def estimate_change(
    earlier_table: CaptureTable,
    later_table: CaptureTable,
    *,
    threshold: float = THRESHOLD,
    replicates: int = REPLICATES,
    drift: float = 1.0,
    seed: int = 1,
) -> PopulationChange:
    """Estimate how the population, seen and unseen, changed between two years with the same lists (log-linear models).

    `drift`: factor by which unobservable bias (dependence of lists, persons whom no list can find) may differ between
    the years; 1 assumes equal bias. Each resample draws a log-normal factor, 95% of them between 1/drift and drift.
    UnusableTable if the lists differ; NoEstimate if the joint model has none.
    """
    if earlier_table.lists != later_table.lists:
        raise UnusableTable("The two years do not have the same lists in the same order: the change may be theirs.")
    strata = [_year_stratum(earlier_table, "0"), _year_stratum(later_table, "1")]
    resampled = resample_strata(
        np.stack([table.counts for table in strata], axis=1), replicates, np.random.default_rng(seed)
    )
    joint = joint_hidden(resampled, layout(strata), threshold)
    separate = np.array([select_stepwise(resampled[:, number], threshold).hidden for number in (0, 1)])
    if not np.isfinite(joint[:, 0]).all():
        raise NoEstimate("The joint model of the two years has no estimate.")
    drift_factors = np.exp(np.random.default_rng(seed + 1).normal(0.0, np.log(drift) / NORMAL_95, joint.shape[1]))
    drift_factors[0] = 1.0  # the estimate itself
    joint, separate = (np.stack([hidden[0], hidden[1] * drift_factors]) for hidden in (joint, separate))
    seen = resampled.sum(axis=0)
    joint_ratio = _ratio("pairs of lists go together alike in both years", seen + joint)
    separate_ratio = _ratio("two years that share nothing", seen + separate)
    differences = (seen + joint)[1] - (seen + joint)[0]
    finite_differences = differences[1:][np.isfinite(differences[1:])]
    low, high = (float(limit) for limit in np.quantile(finite_differences, [0.025, 0.975]))
    earlier_population, later_population = (float(seen[number, 0] + joint[number, 0]) for number in (0, 1))
    shares = tuple(
        (name, earlier_table.list_size(name) / earlier_population, later_table.list_size(name) / later_population)
        for name in earlier_table.lists
    )
    seen_ratio = later_table.persons / earlier_table.persons
    return PopulationChange(
        _words(seen_ratio, joint_ratio, separate_ratio),
        seen_ratio,
        joint_ratio,
        separate_ratio,
        (float(differences[0]), low, high),
        shares,
    )


def _year_stratum(table: CaptureTable, year: str) -> CaptureTable:
    return CaptureTable(table.lists, table.counts, (("year", year),), table.window, table.definition)


def _ratio(method: str, population: Floats) -> PopulationRatio:
    ratios = population[1] / population[0]
    if not np.isfinite(ratios[0]):
        return PopulationRatio(method, float("nan"), float("nan"), float("nan"), len(ratios) - 1, float("nan"))
    finite_ratios = ratios[1:][np.isfinite(ratios[1:])]
    low, high = (float(limit) for limit in np.quantile(finite_ratios, [0.025, 0.975]))
    share_fewer = float((finite_ratios < 1).mean())
    return PopulationRatio(method, float(ratios[0]), low, high, len(ratios) - 1 - len(finite_ratios), share_fewer)


def _words(seen_ratio: float, joint: PopulationRatio, separate: PopulationRatio) -> str:
    seen_sentence = f"Those seen are {seen_ratio:.2f} times as many as before."
    joint_sentence = f"All persons are {joint.low:.2f} to {joint.high:.2f} times as many, by both years together"
    agree = joint.direction == separate.direction
    if joint.direction and agree:
        return (
            f"{seen_sentence} {joint_sentence}; estimated apart it is the same: there are "
            f"{'more' if joint.direction > 0 else 'fewer'}."
        )
    if joint.direction:
        return (
            f"{seen_sentence} {joint_sentence}; estimated apart they need not have changed. It cannot be "
            f"said whether there are fewer."
        )
    return f"{seen_sentence} {joint_sentence}. It cannot be said whether there are more or fewer."
