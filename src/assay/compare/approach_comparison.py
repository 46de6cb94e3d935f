"""Associations between approaches and outcomes: across forces, and before and after a change.

Two designs. Across forces: forces that used the approach in the whole period, against forces that never used it. Over
time: difference in differences, the change of a measure in forces that started the approach, minus the change over the
same months in forces with no change. Both standardise for the mix of offences where the records are crimes, and both
allow for variation between forces. Neither shows a cause: forces choose their approaches, and other things change at
the same time. So sentences report an association, and the number of forces behind it.

Across forces, the workload is compared as well: as an approach of its own (the half of the forces with fewer open cases
per post), and as the median of the forces with and without each approach.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.associations import ACROSS_FORCES, FEWER_CASES, OVER_TIME, association_sentence, missing_table_rows
from assay.compare.comparability import MIN_RECORDS
from assay.compare.comparison_tables import NUMBER, TEXT, WHOLE, Rows, as_rows, as_table, group_rows_by
from assay.compare.workload import median_cases_per_post
from assay.reference import list_values
from assay.stats.false_discovery import q_values
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.stratified_differences import e_value
from assay.stats.unit_contrasts import Contrast, contrast

MIN_MONTHS = 3
WHOLE_FORCE = "the whole force"
ALL_THROUGH, NEVER, STARTED, OTHER = "all through", "never", "began", "other"
SCHEMA = pa.schema(
    [(name, TEXT) for name in ("approach", "indicator", "look")]
    + [(name, WHOLE) for name in ("forces_with", "forces_without", "forces_changed")]
    + [
        (name, NUMBER)
        for name in ("points", "points_low", "points_high", "q_value", "e_value", "cases_with", "cases_without")
    ]
    + [("sentence", TEXT)]
)
Row = dict[str, Any]


@dataclass(frozen=True)
class ApproachUse:
    """A force's use of one approach in the period: throughout, never, from a month within it, or mixed."""

    force_code: str
    use: str
    month: str = ""


def compare_approaches(
    approaches: Rows,
    panel: Rows,
    titles: Mapping[str, str],
    period: tuple[str, str],
    forces: Sequence[str],
    cases: Mapping[str, float],
) -> pa.Table:
    """Return the table `approach_associations`: the association of each approach with each indicator.

    Parameters
    ----------
    approaches
        One row per spell of an approach in a force.
    panel
        Rows of indicator, force_code, month ('2025-04'), offence_family, met and base.
    titles
        Titles of the indicators, by key.
    period
        The first month, and the month after the last.
    forces
        Codes of the forces that sent the table of approaches.
    cases
        Open cases per filled post, by force; forces that did not send them are missing.
    """
    spells = _with_pooled_names(as_rows(approaches))
    kinds = sorted({row["approach"] for row in spells if row["approach"]}) if forces else []
    results: list[Row] = []
    for (indicator,), rows in group_rows_by(as_rows(panel), "indicator").items():
        residuals = _adjust_for_mix([row for row in rows if row["force_code"] in forces])
        for kind in kinds:
            use = {force: _approach_use(spells, kind, force, period) for force in forces}
            results += [
                _comparison_row(kind, indicator, look, use, residuals, cases) for look in (ACROSS_FORCES, OVER_TIME)
            ]
        if cases:
            workload_residuals = _adjust_for_mix([row for row in rows if row["force_code"] in cases])
            results.append(
                _comparison_row(
                    FEWER_CASES, indicator, ACROSS_FORCES, _lower_workload_half(cases), workload_residuals, cases
                )
            )
    q = q_values([np.nan if row["p_value"] is None else row["p_value"] for row in results])
    for row, value in zip(results, q, strict=True):
        row["q_value"] = None if np.isnan(value) else round(float(value), 6)
        row["sentence"] = association_sentence(row, titles[row["indicator"]])
    return as_table([*missing_table_rows(forces, cases), *results], SCHEMA)


def _with_pooled_names(spells: Sequence[Row]) -> list[Row]:
    """Return the spells, with a force's own name of an approach only if `FEWEST_UNITS` forces use the same name.

    The table is released, and a name in a force's own words may say more than a name: others are called "other". No
    association is estimated for fewer forces in any case.
    """
    forces: dict[str, set[str]] = {}
    for row in spells:
        forces.setdefault(row["approach"], set()).add(row["force_code"])
    shared = {name for name, codes in forces.items() if len(codes) >= FEWEST_UNITS}
    released_names = shared | {None, "", *list_values("approach_kind")}
    return [row if row["approach"] in released_names else {**row, "approach": OTHER} for row in spells]


def _lower_workload_half(cases: Mapping[str, float]) -> dict[str, ApproachUse]:
    """Return the half of the forces with fewer open cases per post, as a use of an approach."""
    median_value = float(np.median(list(cases.values())))
    halves = [
        {force for force, value in cases.items() if value < median_value or (includes_ties and value == median_value)}
        for includes_ties in (True, False)
    ]
    fewer = min(halves, key=lambda half: abs(2 * len(half) - len(cases)))  # forces at the median join the smaller half
    return {force: ApproachUse(force, ALL_THROUGH if force in fewer else NEVER) for force in cases}


def _approach_use(spells: Iterable[Row], kind: str, force: str, period: tuple[str, str]) -> ApproachUse:
    """Return the use of an approach by a force; use in only a part of the force is neither with nor without."""
    force_spells = [row for row in spells if row["force_code"] == force and row["approach"] == kind]
    period_spells = [row for row in force_spells if _month(row["began_on"]) < period[1] and _end_month(row) > period[0]]
    if not period_spells:
        return ApproachUse(force, NEVER)
    if len(period_spells) > 1 or period_spells[0]["place"] != WHOLE_FORCE or _end_month(period_spells[0]) < period[1]:
        return ApproachUse(force, OTHER)
    start_month = _month(period_spells[0]["began_on"])
    return ApproachUse(force, ALL_THROUGH) if start_month <= period[0] else ApproachUse(force, STARTED, start_month)


def _month(day: Any) -> str:
    return f"{day:%Y-%m}"


def _end_month(row: Row) -> str:
    return _month(row["ended_on"]) if row["ended_on"] else "9999-12"


def _adjust_for_mix(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return, by force and month, observed minus expected counts, standardised for the mix of offences."""
    share = {
        family: sum(row["met"] for row in cell_rows) / max(sum(row["base"] for row in cell_rows), 1)
        for (family,), cell_rows in group_rows_by(rows, "offence_family").items()
    }
    residuals: dict[str, list[Row]] = {}
    for (force, month), cell_rows in group_rows_by(rows, "force_code", "month").items():
        expected = [row["base"] * share[row["offence_family"]] for row in cell_rows]
        spread = sum(row["base"] * (p := share[row["offence_family"]]) * (1 - p) for row in cell_rows)
        month_row = {"month": month, "base": sum(row["base"] for row in cell_rows), "spread": spread}
        residuals.setdefault(force, []).append(
            month_row | {"more": sum(row["met"] for row in cell_rows) - sum(expected), "expected": sum(expected)}
        )
    return residuals


def _excess_share(rows: Iterable[Row], first: str = "", after: str = "9999") -> tuple[float, float] | None:
    """Return observed minus expected as a share of the records of some months, and its variance.

    Returns None if there are fewer than `MIN_RECORDS` records.
    """
    month_rows = [row for row in rows if first <= row["month"] < after]
    base = sum(row["base"] for row in month_rows)
    if base < MIN_RECORDS:
        return None
    return sum(row["more"] for row in month_rows) / base, max(sum(row["spread"] for row in month_rows), 0.25) / base**2


def _comparison_row(
    kind: str,
    indicator: str,
    look: str,
    use: Mapping[str, ApproachUse],
    residuals: Mapping[str, list[Row]],
    cases: Mapping[str, float],
) -> Row:
    by_use = {name: [spell for spell in use.values() if spell.use == name] for name in (ALL_THROUGH, NEVER, STARTED)}
    result: Row = {"approach": kind, "indicator": indicator, "look": look, "p_value": None}
    result |= {"forces_with": len(by_use[ALL_THROUGH]), "forces_without": len(by_use[NEVER]),
             "forces_changed": len(by_use[STARTED])}  # fmt: skip
    if look == ACROSS_FORCES:
        for side, group in (("cases_with", ALL_THROUGH), ("cases_without", NEVER)):
            result[side] = median_cases_per_post(cases, [spell.force_code for spell in by_use[group]])
    estimate = _contrast_forces(by_use, residuals) if look == ACROSS_FORCES else _contrast_changes(by_use, residuals)
    if estimate is None:
        return result
    columns = (("points", "value"), ("points_low", "low"), ("points_high", "high"))
    result |= {name: float(round(100 * getattr(estimate, attribute))) for name, attribute in columns}
    result["p_value"] = estimate.p_value
    baseline = _expected_share(residuals)
    if baseline + estimate.value > 0 and baseline > 0:
        result["e_value"] = round(e_value((baseline + estimate.value) / baseline), 1)
    return result


def _expected_share(residuals: Mapping[str, list[Row]]) -> float:
    rows = [row for force_rows in residuals.values() for row in force_rows]
    return float(sum(row["expected"] for row in rows) / max(sum(row["base"] for row in rows), 1))


def _contrast_forces(
    by_use: Mapping[str, Sequence[ApproachUse]], residuals: Mapping[str, list[Row]]
) -> Contrast | None:
    sides = [
        [level for spell in by_use[use] if (level := _excess_share(residuals.get(spell.force_code, ())))]
        for use in (ALL_THROUGH, NEVER)
    ]
    if min(map(len, sides)) < FEWEST_UNITS:
        return None
    return contrast(*zip(*sides[0], strict=True), *zip(*sides[1], strict=True))


def _contrast_changes(
    by_use: Mapping[str, Sequence[ApproachUse]], residuals: Mapping[str, list[Row]]
) -> Contrast | None:
    """Difference in differences: forces that started the approach, against forces with no change, over the same months.

    The stable forces are in every comparison. So their uncertainty enters the contrast of the two groups once, and not
    each change separately.
    """
    stable = [*by_use[ALL_THROUGH], *by_use[NEVER]]
    if min(len(by_use[STARTED]), len(stable)) < FEWEST_UNITS:
        return None
    changes = [
        (spell, move)
        for spell in by_use[STARTED]
        if (move := _change_at(residuals.get(spell.force_code, ()), spell.month))
    ]
    months = [spell.month for spell, _ in changes]
    stable_changes = [move for spell in stable if (move := _mean_change(residuals.get(spell.force_code, ()), months))]
    if min(len(changes), len(stable_changes)) < FEWEST_UNITS:
        return None
    return contrast(*zip(*(move for _, move in changes), strict=True), *zip(*stable_changes, strict=True))


def _change_at(rows: Sequence[Row], month: str) -> tuple[float, float] | None:
    """Return the change of a force at a month (after minus before) and its variance; None if months are too few."""
    sides = (
        len({row["month"] for row in rows if row["month"] < month}),
        len({row["month"] for row in rows if row["month"] >= month}),
    )
    if min(sides) < MIN_MONTHS:
        return None
    before, after = _excess_share(rows, after=month), _excess_share(rows, first=month)
    return None if before is None or after is None else (after[0] - before[0], before[1] + after[1])


def _mean_change(rows: Sequence[Row], months: Sequence[str]) -> tuple[float, float] | None:
    """Return the mean change of a stable force over the months in which other forces started, and its mean variance."""
    moves = [move for month in months if (move := _change_at(rows, month))]
    if not moves:
        return None
    return float(np.mean([move[0] for move in moves])), float(np.mean([move[1] for move in moves]))
