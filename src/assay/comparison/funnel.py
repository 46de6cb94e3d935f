"""How far from the overall figure would a force of this size lie, by chance alone and as forces truly differ?

For the chart: limits that grow narrower as the base grows. The predictive limits never close, because forces
differ beyond chance; the naive ones do, which is why they call large forces unusual.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from scipy import stats

from assay.comparison.comparable import is_total
from assay.comparison.forms import FUNNEL, as_table
from assay.estimation.grid import Floats

KEY = ("measure", "offence_key", "financial_year")


@dataclass(frozen=True)
class FunnelLimits:
    """Limits of the share (0 to 1) at each of `sizes` (bases)."""

    sizes: Floats
    naive_low: Floats
    naive_high: Floats
    low: Floats
    high: Floats


def share_limits(overall: float, between_sd: float, bases: Sequence[float], level: float = 0.95) -> FunnelLimits:
    """Limits around an overall share: naive ones at 3 standard errors, predictive ones at `level`.

    `between_sd` is the standard deviation between forces of the true share. The predictive limits are quantiles of the
    beta with the mean and the variance of a force of that base, which draws them smooth; overall and spread are taken
    as known (the test of a force does not take them so).
    """
    sizes = np.asarray(bases, dtype=float)
    room = overall * (1 - overall)
    naive = 3 * np.sqrt(room / sizes)
    variance = np.minimum(room / sizes + between_sd**2 * (1 - 1 / sizes), 0.999 * room)
    together = room / variance - 1
    belief = stats.beta(overall * together, (1 - overall) * together)
    ends = belief.ppf((1 - level) / 2), belief.ppf((1 + level) / 2)
    return FunnelLimits(sizes, np.maximum(overall - naive, 0), np.minimum(overall + naive, 1), *ends)


def funnel_table(shares: pa.Table, spread: pa.Table, points: int = 60, *, up_to_next: int = 0) -> pa.Table:
    """The table `funnel`: limits of each share that was compared, at bases from the smallest to the largest force's.

    One row a base; a comparison that was refused has none. Lines end 5% beyond the largest base, which tells it; with
    `up_to_next`, at the next multiple of it, for bases that are not public.
    """
    largest: dict[tuple[Any, ...], int] = {}
    for row in shares.to_pylist():
        if row["base"] and not is_total(row["place_code"]):
            key = tuple(row[column] for column in KEY)
            largest[key] = max(largest.get(key, 0), row["base"])
    found: list[dict[str, Any]] = []
    for row in spread.to_pylist():
        key = tuple(row[column] for column in KEY)
        if row["forces_compared"] and key in largest and 0 < row["overall"] < 1:
            bases = np.unique(np.linspace(1, _end(largest[key], up_to_next), points).round())
            limits = share_limits(row["overall"], row["between_force_sd"], list(bases))
            found += _rows(dict(zip(KEY, key, strict=True)), limits)
    return as_table(found, FUNNEL)


def _end(largest: int, up_to_next: int) -> float:
    return (largest // up_to_next + 1) * up_to_next if up_to_next else 1.05 * largest


def _rows(key: dict[str, Any], limits: FunnelLimits) -> list[dict[str, Any]]:
    columns = (limits.sizes, limits.low, limits.high, limits.naive_low, limits.naive_high)
    names = ("base", "low", "high", "naive_low", "naive_high")
    return [key | dict(zip(names, map(float, values), strict=True)) for values in zip(*columns, strict=True)]
