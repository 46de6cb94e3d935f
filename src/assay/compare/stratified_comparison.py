"""Stratified comparison of crimes with and without a given property, within force and kind of crime.

Only crimes of the same force and kind are compared, so neither harder kinds of case nor differences between forces
explain a difference; unrecorded properties still may. The false discovery rate is controlled over all comparisons.
Sentences report an association and never a cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.associations import MAX_Q_VALUE
from assay.compare.comparability import MIN_RECORDS
from assay.compare.comparison_tables import NUMBER, TEXT, WHOLE, Rows, as_rows, as_table, group_rows_by
from assay.stats.false_discovery import q_values
from assay.stats.stratified_differences import Difference, e_value, share_difference
from assay.wording import count_phrase

YES, NO = "yes", "no"
MIN_CELL_COUNT = 8
"""Smallest count of met and of not met on either side; with fewer, the difference would reveal the count."""
SCHEMA = pa.schema(
    [(name, TEXT) for name in ("sorted_by", "indicator")]
    + [(name, WHOLE) for name in ("met", "not_met", "others_met", "others_not_met", "not_known", "forces")]
    + [(name, NUMBER) for name in ("plain_points", "points", "points_low", "points_high", "q_value", "e_value")]
    + [("sentence", TEXT), ("suppressed_cells", TEXT)]
)
CAUSATION_CAVEAT = (
    "It does not show why: cases are given to teams for reasons, groups are found where somebody looks, and not all "
    "that makes a case hard is on record."
)
Row = dict[str, Any]


def compare_within_strata(answers: Rows, titles: Mapping[str, str]) -> pa.Table:
    """Return one row per property and indicator, with the difference in percentage points and its q-value.

    `points` is the difference stratified by force and kind, `plain_points` the difference without strata.

    Parameters
    ----------
    answers
        Counts by property, indicator, force and kind of crime.
    titles
        Titles of the indicators, by key.
    """
    rows = [
        _comparison_row(group_rows) for group_rows in group_rows_by(as_rows(answers), "sorted_by", "indicator").values()
    ]
    q = q_values([np.nan if row["p_value"] is None else row["p_value"] for row in rows])
    for row, value in zip(rows, q, strict=True):
        row["q_value"] = None if np.isnan(value) else round(float(value), 6)
        row["sentence"] = comparison_sentence(row, titles[row["indicator"]])
    return as_table(rows, SCHEMA)


def _comparison_row(rows: list[Row]) -> Row:
    rows_by_sort = {sort: [row for row in rows if row["sort"] == sort] for sort in (YES, NO)}
    met, base, others_met, others_base = (
        sum(row[name] for row in rows_by_sort[sort]) for sort in (YES, NO) for name in ("met", "base")
    )
    result = {name: rows[0][name] for name in ("sorted_by", "indicator")}
    result |= {"met": met, "not_met": base - met, "others_met": others_met, "others_not_met": others_base - others_met}
    result |= {
        "not_known": sum(row["base"] for row in rows) - base - others_base,
        "p_value": None,
        "suppressed_cells": "",
    }
    result["forces"] = len(
        {row["force_code"] for row in rows_by_sort[YES]} & {row["force_code"] for row in rows_by_sort[NO]}
    )
    smallest = min(met, base - met, others_met, others_base - others_met)
    if min(base, others_base) < MIN_RECORDS or smallest < MIN_CELL_COUNT:
        return result
    difference = _difference(rows_by_sort[YES], rows_by_sort[NO])
    if difference is None:
        return result
    plain_difference = met / base - others_met / others_base
    points = {
        "plain_points": plain_difference,
        "points": difference.value,
        "points_low": difference.low,
        "points_high": difference.high,
    }
    result |= {name: float(round(100 * value)) for name, value in points.items()}
    baseline = others_met / others_base
    if baseline > 0 and baseline + difference.value > 0:
        result["e_value"] = round(e_value((baseline + difference.value) / baseline), 2)
    return result | {"p_value": difference.p_value}


def _difference(group_rows: list[Row], other_rows: list[Row]) -> Difference | None:
    """Return the difference in shares, stratified by force and kind of crime."""
    strata = sorted({(row["force_code"], row["kind"]) for row in group_rows})
    counts = []
    for rows in (group_rows, other_rows):
        rows_by_stratum = group_rows_by(rows, "force_code", "kind")
        counts += [
            [sum(row[name] for row in rows_by_stratum.get(stratum, [])) for stratum in strata]
            for name in ("met", "base")
        ]
    return share_difference(*counts)


def comparison_sentence(row: Row, title: str) -> str:
    """Return the sentence for one stratified difference."""
    name, measure = row["sorted_by"].capitalize(), title[:1].lower() + title[1:]
    if row.get("points") is None:
        return f"{name} and '{measure}': too few similar crimes for a comparison."
    forces = count_phrase(row["forces"], "force")
    interval = f"95% interval {row['points_low']:.0f} to {row['points_high']:.0f}"
    if row["q_value"] is None or row["q_value"] > MAX_Q_VALUE:
        return f"{name} and '{measure}': no difference is shown in crimes of one kind ({interval}; {forces})."
    difference = f"{abs(row['points']):.0f} percentage points {'more' if row['points'] > 0 else 'fewer'}"
    return (
        f"{name} went with {difference} on '{measure}' in crimes of one kind ({interval}; {forces}); without "
        f"holding the kind "
        f"alike it would be {row['plain_points']:+.0f}. {CAUSATION_CAVEAT}"
    )
