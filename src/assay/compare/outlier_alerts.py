"""Outlier alerts over all comparisons of one run, with a controlled false discovery rate."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.compare.alert_thresholds import FALSE_DISCOVERY, Q_THRESHOLD
from assay.compare.comparison_tables import group_rows_by
from assay.compare.previous_alerts import NO_PREVIOUS_ALERTS, PreviousAlerts, is_previously_alerted
from assay.compare.rate_comparison import MEASURE as RATE
from assay.stats.false_discovery import q_values
from assay.stats.posterior_grid import Floats

__all__ = [
    "FALSE_DISCOVERY",
    "control_false_discovery_rate",
    "count_outliers",
    "side_of",
    "side_weight",
    "sides",
    "tested_p_values",
]
WORSE_WEIGHT, BETTER_WEIGHT = 1.8, 0.2
"""Weights of the two sides in the test. An inspection looks for worse performance, so that side gets nine tenths of the
error rate. The weights add up to 2, as two sides without a weight do."""


def control_false_discovery_rate(
    tables: Sequence[pa.Table],
    better_sides: Mapping[str, str] | None = None,
    previous: PreviousAlerts = NO_PREVIOUS_ALERTS,
    q_threshold: float = Q_THRESHOLD,
) -> list[pa.Table]:
    """Return the tables with `q_value`, `outlier_alert` and `direction`, by weighted Benjamini-Hochberg q-values.

    The false discovery rate is to be controlled at 5% over all rows with a p-value (decision 0150 says how well it is).
    Pass everything that one run compares at once: every measure, offence, year and place, shares and rates. Each
    two-sided p-value stands for two one-sided tests, which are weighted by `WORSE_WEIGHT` and `BETTER_WEIGHT` if one
    side is better.

    Parameters
    ----------
    tables
        Tables of shares and rates, with p-values.
    better_sides
        By measure, "higher" or "lower" if that side is better.
    previous
        Previous inspections. An alert of one of them on the same side is not tested again, and the threshold of this
        inspection is smaller (`previous_alerts`).
    q_threshold
        The q-value threshold of a first inspection.

    References
    ----------
    Genovese, Roeder and Wasserman (2006), Biometrika 93, 509-524: weighted p-values.
    """
    p = [tested_p_values(table, better_sides or {}, previous) for table in tables]
    q = q_values(np.concatenate(p)) if p else np.array([])
    borders = np.cumsum([len(part) for part in p])[:-1]
    return [
        _with_alerts(table, part, previous.q_threshold(q_threshold))
        for table, part in zip(tables, np.split(q, borders), strict=True)
    ]


def tested_p_values(table: pa.Table, better_sides: Mapping[str, str], previous: PreviousAlerts) -> Floats:
    """Return the weighted p-value of each tested row; NaN for an alert that persists, which is not tested again."""
    return np.where(_previously_alerted(table, previous), np.nan, _weighted(table, better_sides))


def count_outliers(spread: pa.Table, tables: Sequence[pa.Table]) -> pa.Table:
    """Return the table `spread` with the number of outliers for each measure, offence and year."""
    counts: dict[tuple[str, str, str], int] = {}
    for table in tables:
        rows = [row if "measure" in row else row | {"measure": RATE} for row in table.to_pylist()]
        for key, group in group_rows_by(rows, "measure", "offence_key", "financial_year").items():
            counts[key] = counts.get(key, 0) + sum(bool(row["outlier_alert"]) for row in group)
    keys = zip(*(spread[column].to_pylist() for column in ("measure", "offence_key", "financial_year")), strict=True)
    return _replace_column(spread, "outliers", [counts.get(key, 0) for key in keys])


def _previously_alerted(table: pa.Table, previous: PreviousAlerts) -> NDArray[np.bool_]:
    """Return True for each row with an alert of a previous inspection on the side on which it lies now."""
    if not previous.alerts:
        return np.zeros(table.num_rows, dtype=bool)
    keys = zip(table["measure"].to_pylist(), table["place_code"].to_pylist(), sides(table), strict=True)
    return np.array(
        [is_previously_alerted(previous.alerts.get((measure, place)), side) for measure, place, side in keys],
        dtype=bool,
    )


def _with_alerts(table: pa.Table, q: Floats, threshold: float) -> pa.Table:
    outliers = [bool(value <= threshold) for value in q]
    direction = [side if is_outlier else "" for is_outlier, side in zip(outliers, sides(table), strict=True)]
    table = _replace_column(table, "q_value", [None if np.isnan(value) else float(value) for value in q])
    return _replace_column(_replace_column(table, "outlier_alert", outliers), "direction", direction)


def sides(table: pa.Table) -> list[str]:
    """Return, for each row, whether it lies above or below the leave-one-out expectation; '' if it was not compared."""
    values = table["raw_share" if "raw_share" in table.column_names else "raw_per_1000"].to_pylist()
    pairs = zip(values, table["expected"].to_pylist(), strict=True)
    return ["" if value is None or expected is None else side_of(value, expected) for value, expected in pairs]


def side_of(value: float, expected: float) -> str:
    """Return 'higher' or 'lower': on which side of its expected value a figure lies."""
    return "higher" if value > expected else "lower"


def _weighted(table: pa.Table, better_sides: Mapping[str, str]) -> Floats:
    """Return the p-value of each row divided by the weight of its side, at most 1."""
    measures = table["measure"].to_pylist() if "measure" in table.column_names else [RATE] * table.num_rows
    pairs = zip(measures, sides(table), strict=True)
    weights = [side_weight(better_sides.get(measure, ""), side) for measure, side in pairs]
    p = np.array(table["p_value"].to_pylist(), dtype=float)
    return np.asarray(np.minimum(p / np.array(weights), 1.0))


def side_weight(better_side: str, side: str) -> float:
    """Return the weight of one tail (high or low) in the outlier test; 1 if neither direction is better."""
    if not better_side or not side:
        return 1.0
    return BETTER_WEIGHT if better_side == side else WORSE_WEIGHT


def _replace_column(table: pa.Table, column: str, values: Sequence[object]) -> pa.Table:
    index = table.column_names.index(column)
    field = table.schema.field(column)
    return table.set_column(index, field, pa.array(values, type=field.type))
