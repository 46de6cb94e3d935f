"""Recompute force estimates, the spread between forces and the funnel limits from the counts as released.

Which forces are outliers is decided from the exact counts. All other figures of the comparison are recomputed here:
shrunken shares, ranks, leave-one-out predictions, the mean and the standard deviation of forces, the number of outliers
of a naive funnel, and the limits of the funnel. A statistic of all forces is a function of every count, so the released
statistic would narrow a suppressed count: an attacker tries all its values and finds the one that fits. A function of
released counts reveals no more than these counts (decision 0155).

A primary suppressed count is replaced by the middle of its possible values; its force has no rank. A force with a
secondary suppressed count is excluded, because any replacement would be a function of that count, and the mean would
reveal it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from assay.sdc.cell_status import Row, add_status, is_primary_suppressed
from assay.sdc.suppression_policy import Policy
from assay.stats.binomial_intervals import wilson
from assay.stats.funnel_limits import naive_funnel, share_limits
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.posterior_summary import EXCLUSION_P_VALUE, OUTLIER_PRIOR, PosteriorSummary, summarise_posterior
from assay.stats.share_posteriors import share_posterior

ALL_FORCES = "ALL"
RANK_COLUMNS = ("rank", "rank_low", "rank_high")
MODEL_BASED_COLUMNS = (*RANK_COLUMNS, "expected", "expected_low", "expected_high")
"""Estimates that depend on the counts of other forces."""
INTERVAL_COLUMNS = ("share_low", "share_high")
FUNNEL_AXIS_STEP, FUNNEL_POINTS = 50, 60
"""The limits of a funnel end at a multiple of this number of records, and have this many points."""
Counts = tuple[int, int]
"""The number of records that meet an indicator, and the base (met and not met)."""


def recompute_force_estimates(rows: Sequence[Row], policy: Policy) -> None:
    """Replace the estimates in the rows of `force_estimates`, in place, by those from the counts as released.

    Hierarchical beta-binomial model over the forces of one indicator, full posterior, as in `compare.share_comparison`.
    If fewer than five forces can be compared, each row keeps only a direct estimate with Wilson's score interval.

    Parameters
    ----------
    rows
        Rows of all indicators, after suppression and rounding.
    """
    for indicator_rows in _group_by_indicator(rows).values():
        compared = _comparable_rows(indicator_rows)
        counts = [released_counts(row, policy) for row in compared]
        fit = _fit_rows(compared, policy)
        position = 0
        for row, pair in zip(compared, counts, strict=True):
            if pair is None or fit is None:
                _direct_estimate_only(row)
            else:
                _write_estimates(row, fit, position)
                position += 1
        for row in indicator_rows:
            if row.get("not_comparable"):
                _direct_estimate_only(row)


def released_counts(row: Mapping[str, Any], policy: Policy) -> Counts | None:
    """Return the counts of a row as a reader knows them, with the middle value for a primary suppressed count.

    Returns None if a count is secondary suppressed or the base is 0.
    """
    met, not_met = (_released_count(row, name, policy) for name in ("met", "not_met"))
    return None if met is None or not_met is None or met + not_met == 0 else (met, met + not_met)


def recompute_spread(row: Row, estimates: Iterable[Row], policy: Policy) -> Row:
    """Return a row of `indicator_spread` with its statistics recomputed from the indicator's released `estimates`."""
    compared = _comparable_rows(estimates)
    counts, fit = _all_released_counts(compared, policy), _fit_rows(compared, policy)
    naive: Mapping[str, Any] = {}
    if fit is not None:
        naive = naive_funnel([met for met, _ in counts], [base for _, base in counts], is_rate=False)
    return row | {
        "forces_compared": len(compared),
        "overall": None if fit is None else fit.overall,
        "between_force_sd": None if fit is None else fit.between_sd,
        "naive_outside_3_sigma": naive.get("naive_outside_3_sigma"),
    }


def recompute_funnel(spread: Row, estimates: Iterable[Row], policy: Policy) -> list[Row]:
    """Return the rows of `indicator_funnel` of one indicator, from its released `indicator_spread` and `estimates`.

    The limits begin at the minimum base of the policy. They end at the next multiple of 50 records beyond the largest
    released base: the exact end would reveal it.
    """
    bases = [base for _, base in _all_released_counts(estimates, policy)]
    overall, between_sd = spread["overall"], spread["between_force_sd"]
    if not bases or overall is None or between_sd is None or not 0 < overall < 1:
        return []
    end = (max(bases) // FUNNEL_AXIS_STEP + 1) * FUNNEL_AXIS_STEP
    start = max(policy.minimum_base, 1)  # no share is shown on a smaller base
    limits = share_limits(overall, between_sd, list(np.unique(np.linspace(start, end, FUNNEL_POINTS).round())))
    columns = {"base": limits.sizes, "low": limits.low, "high": limits.high, "naive_low": limits.naive_low,
               "naive_high": limits.naive_high}  # fmt: skip
    points = zip(*(values.tolist() for values in columns.values()), strict=True)
    return [{"indicator": spread["indicator"]} | dict(zip(columns, values, strict=True)) for values in points]


def _group_by_indicator(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["indicator"], []).append(row)
    return groups


def _comparable_rows(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["place_code"] != ALL_FORCES and not row.get("not_comparable")]


def _all_released_counts(estimates: Iterable[Row], policy: Policy) -> tuple[Counts, ...]:
    counts = (released_counts(row, policy) for row in _comparable_rows(estimates))
    return tuple(pair for pair in counts if pair is not None)


def _released_count(row: Mapping[str, Any], name: str, policy: Policy) -> int | None:
    if is_primary_suppressed(row, name):
        return (policy.suppression_threshold + 1) // 2
    count: int | None = row.get(name)
    return count


def _fit_rows(compared: Iterable[Row], policy: Policy) -> PosteriorSummary | None:
    """Fit the model to the forces that are compared, without those with a secondary suppressed count.

    Only forces whose share is shown are ranked, among themselves. A rank beside a suppressed share would read as a
    bound on it, and the one rank that nobody has would be as good as printed.
    """
    fitted = [row for row in compared if released_counts(row, policy) is not None]
    ranked = tuple(position for position, row in enumerate(fitted) if _is_share_shown(row, policy))
    return _fit_model(_all_released_counts(fitted, policy), ranked)


def _is_share_shown(row: Row, policy: Policy) -> bool:
    met, not_met = row["met"], row["not_met"]
    return met is not None and not_met is not None and bool(met + not_met >= policy.minimum_base)


@lru_cache(maxsize=4096)
def _fit_model(counts: tuple[Counts, ...], ranked: tuple[int, ...]) -> PosteriorSummary | None:
    """Fit the model of `assay.compare.share_comparison`; return None if there are too few forces."""
    if len(counts) < FEWEST_UNITS:
        return None
    met, bases = zip(*counts, strict=True)
    return summarise_posterior(
        share_posterior(met, bases, outlier_prior=OUTLIER_PRIOR, exclusion_p_value=EXCLUSION_P_VALUE), ranked=ranked
    )


def _write_estimates(row: Row, fit: PosteriorSummary, position: int) -> None:
    """Write the estimates of the force at `position` in the fit on its row."""
    for name, values in fit.columns.items():
        if name != "p_value":
            row[name.replace("figure", "share")] = values[position]
    # The force is compared, so it has a rank. An empty rank without a status would read as "not ranked".
    for name in RANK_COLUMNS:
        if row[name] is None:
            add_status(row, name)


def _direct_estimate_only(row: Row) -> None:
    """Keep the force's own share and interval, from its released counts, and remove all model-based estimates.

    The share itself is computed from the released counts later, as every share is (`protect`). Beside a suppressed
    count share and interval are removed: they came from the exact counts.
    """
    _remove(row, MODEL_BASED_COLUMNS)
    met, not_met = row["met"], row["not_met"]
    if met is None or not_met is None:
        _remove(row, ("share", *INTERVAL_COLUMNS))
    elif row.get("share_low") is not None and met + not_met > 0:
        row |= dict(zip(INTERVAL_COLUMNS, wilson(met, met + not_met), strict=True))


def _remove(row: Row, columns: Iterable[str]) -> None:
    """Empty columns, and note each that had a value."""
    for name in columns:
        if row.get(name) is not None:
            row[name] = None
            add_status(row, name)
