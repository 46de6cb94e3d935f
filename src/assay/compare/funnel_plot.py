"""Limits of a funnel plot: predictive limits with between-force variation, and naive binomial limits.

All limits get narrower as the base grows. The predictive limits keep a minimum width, because forces differ beyond
chance. The naive limits converge, so they identify large forces as outliers that differ no more than others.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.comparability import is_total
from assay.compare.comparison_tables import FUNNEL, as_table
from assay.stats.funnel_limits import FunnelLimits, share_limits

KEY = ("measure", "offence_key", "financial_year")


def funnel_table(shares: pa.Table, spread: pa.Table, points: int = 60, *, axis_step: int = 0) -> pa.Table:
    """Return the table `funnel`: limits of each compared share, at bases from 1 to beyond that of the largest force.

    One row per base; a comparison without compared forces has no rows.

    Parameters
    ----------
    points
        Largest number of bases.
    axis_step
        The limits end at the next multiple of this number, for bases that are not public. If it is 0, they end 5%
        beyond the largest base, which reveals it.
    """
    largest: dict[tuple[Any, ...], int] = {}
    for row in shares.to_pylist():
        if row["base"] and not is_total(row["place_code"]):
            key = tuple(row[column] for column in KEY)
            largest[key] = max(largest.get(key, 0), row["base"])
    points_of_lines: list[dict[str, Any]] = []
    for row in spread.to_pylist():
        key = tuple(row[column] for column in KEY)
        if row["forces_compared"] and key in largest and 0 < row["overall"] < 1:
            bases = np.unique(np.linspace(1, _axis_end(largest[key], axis_step), points).round())
            limits = share_limits(row["overall"], row["between_force_sd"], list(bases))
            points_of_lines += _rows(dict(zip(KEY, key, strict=True)), limits)
    return as_table(points_of_lines, FUNNEL)


def _axis_end(largest: int, axis_step: int) -> float:
    return (largest // axis_step + 1) * axis_step if axis_step else 1.05 * largest


def _rows(key: dict[str, Any], limits: FunnelLimits) -> list[dict[str, Any]]:
    columns = (limits.sizes, limits.low, limits.high, limits.naive_low, limits.naive_high)
    names = ("base", "low", "high", "naive_low", "naive_high")
    return [key | dict(zip(names, map(float, values), strict=True)) for values in zip(*columns, strict=True)]
