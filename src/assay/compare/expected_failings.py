"""Where to look first over all failings together: the expected number of failings of each force.

For inspectors only, like the watch list: it is made from exact counts, and no table of a release holds it. A failing
is one of the watch list: a failure mode with its combined test, or a standard in law that is no measure of one. The
p-value of its test gives an upper bound of the probability that the force has the failing, from the prior probability
with which a force is an outlier (`stats/bayes_factor_bound.py`). The sum of these bounds over the failings is the
largest expected number of failings, whatever the dependence between tests.

The mean share of characteristics that are met does not give this order: it is a level, and most standards are met or
missed by nearly all forces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scipy.stats import norm

from assay.compare.comparability import is_total
from assay.compare.outlier_alerts import side_of
from assay.compare.watch_list import LOWER, has_police_standard
from assay.indicators import Indicator
from assay.stats.bayes_factor_bound import largest_posterior
from assay.stats.combined_tests import z_scores

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ExpectedFailings:
    """The largest expected number of failings of one force, and the number of failings on which it is compared."""

    place_code: str
    rank: int
    expected: float
    compared: int


def expected_failings(
    tests: Iterable[Row],
    estimates: Iterable[Row],
    indicators: Sequence[Indicator],
    measures_by_mode: Mapping[str, Mapping[str, str]],
) -> list[ExpectedFailings]:
    """Return the compared forces, the one with the largest expected number of failings first.

    Parameters
    ----------
    tests
        Rows of `combined_tests`: the one-sided p-value of each failure mode and force.
    estimates
        Rows of `force_estimates`, with exact counts and two-sided p-values.
    measures_by_mode
        By failure mode, its measures with the side on which a force with that failure would lie.
    """
    in_modes = {measure for sides in measures_by_mode.values() for measure in sides}
    standards = {item.key for item in indicators if has_police_standard(item)} - in_modes
    p_values: dict[str, list[float]] = {}
    for row in tests:
        if row["p_value"] is not None:
            p_values.setdefault(row["place_code"], []).append(row["p_value"])
    for row in estimates:
        if row["indicator"] in standards and row["p_value"] is not None and not is_total(row["place_code"]):
            p_values.setdefault(row["place_code"], []).append(_p_value_of_lower(row))
    numbers = {place: (float(largest_posterior(values).sum()), len(values)) for place, values in p_values.items()}
    order = sorted(numbers, key=lambda place: (-numbers[place][0], place))
    return [ExpectedFailings(place, rank, *numbers[place]) for rank, place in enumerate(order, start=1)]


def _p_value_of_lower(row: Row) -> float:
    """Return the one-sided p-value of a share that lies lower than the other forces predict."""
    side = side_of(row["met"] / row["base"], row["expected"])
    return float(norm.sf(z_scores(row["p_value"], 1 if side == LOWER else -1)))
