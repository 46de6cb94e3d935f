"""What went with better results: forces that had a way of working beside those that had not, and before and after?

Two looks. Across forces: those that had it all through the period beside those that never had it in the period. Over
time: how a measure moved in each force in which it began, less how it moved over the same months in forces in which
nothing changed. Both take out the mix of offences where the records are of crimes; both let forces differ among
themselves. Neither shows why: forces choose how they work, and other things change with it. Sentences say what went
with what, and how many forces changed. Across forces, open cases a post stand beside: as a way of working of its own
(the half of the forces with fewer), and of the forces with and without each approach.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.associations import ACROSS, FEWER_CASES, OVER_TIME, not_sent, sentence
from assay.compare.comparability import FEWEST_RECORDS
from assay.compare.comparison_tables import NUMBER, TEXT, WHOLE, Rows, as_rows, as_table, grouped
from assay.compare.workload import middle
from assay.stats.false_discovery import q_values
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.stratified_differences import e_value
from assay.stats.unit_contrasts import Contrast, contrast

FEWEST_MONTHS = 3
WHOLE_FORCE = "the whole force"
ALL_THROUGH, NEVER, BEGAN, OTHER = "all through", "never", "began", "other"
FORM = pa.schema(
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
class Spell:
    """A force's use of one approach in the period: all through, never, begun in a month of it, or otherwise."""

    force_code: str
    use: str
    month: str = ""


def approaches_seen(
    approaches: Rows,
    panel: Rows,
    titles: Mapping[str, str],
    period: tuple[str, str],
    forces: Sequence[str],
    cases: Mapping[str, float],
) -> pa.Table:
    """The table `approaches_seen`.

    `panel`: indicator, force_code, month ('2025-04'), offence_family, met, base; `period`: its first month and the
    month after; `forces`: those that sent the table of approaches; `cases`: open cases a filled post, by force, of
    those that sent them.
    """
    spells = as_rows(approaches)
    kinds = sorted({row["approach"] for row in spells if row["approach"]}) if forces else []
    found: list[Row] = []
    for (indicator,), rows in grouped(as_rows(panel), "indicator").items():
        left = _without_mix([row for row in rows if row["force_code"] in forces])
        for kind in kinds:
            use = {force: _use(spells, kind, force, period) for force in forces}
            found += [_look(kind, indicator, look, use, left, cases) for look in (ACROSS, OVER_TIME)]
        if cases:
            theirs = _without_mix([row for row in rows if row["force_code"] in cases])
            found.append(_look(FEWER_CASES, indicator, ACROSS, _fewer(cases), theirs, cases))
    q = q_values([np.nan if row["p_value"] is None else row["p_value"] for row in found])
    for row, value in zip(found, q, strict=True):
        row["q_value"] = None if np.isnan(value) else round(float(value), 6)
        row["sentence"] = sentence(row, titles[row["indicator"]])
    return as_table([*not_sent(forces, cases), *found], FORM)


def _fewer(cases: Mapping[str, float]) -> dict[str, Spell]:
    """The half of the forces with fewer open cases a post, beside the other half."""
    middle_one = float(np.median(list(cases.values())))
    halves = [{force for force, value in cases.items() if value < middle_one or (tied and value == middle_one)}
              for tied in (True, False)]  # fmt: skip
    fewer = min(halves, key=lambda one: abs(2 * len(one) - len(cases)))  # those in the middle go to the smaller side
    return {force: Spell(force, ALL_THROUGH if force in fewer else NEVER) for force in cases}


def _use(spells: Iterable[Row], kind: str, force: str, period: tuple[str, str]) -> Spell:
    """How a force used an approach; one that was in use in a part of the force alone is neither with nor without."""
    mine = [row for row in spells if row["force_code"] == force and row["approach"] == kind]
    inside = [row for row in mine if _month(row["began_on"]) < period[1] and _until(row) > period[0]]
    if not inside:
        return Spell(force, NEVER)
    if len(inside) > 1 or inside[0]["place"] != WHOLE_FORCE or _until(inside[0]) < period[1]:
        return Spell(force, OTHER)
    began = _month(inside[0]["began_on"])
    return Spell(force, ALL_THROUGH) if began <= period[0] else Spell(force, BEGAN, began)


def _month(day: Any) -> str:
    return f"{day:%Y-%m}"


def _until(row: Row) -> str:
    return _month(row["ended_on"]) if row["ended_on"] else "9999-12"


def _without_mix(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """By force and month: records, and how many more met than all forces together lead one to expect of their mix."""
    share = {
        family: sum(row["met"] for row in mine) / max(sum(row["base"] for row in mine), 1)
        for (family,), mine in grouped(rows, "offence_family").items()
    }
    found: dict[str, list[Row]] = {}
    for (force, month), mine in grouped(rows, "force_code", "month").items():
        expected = [row["base"] * share[row["offence_family"]] for row in mine]
        spread = sum(row["base"] * (p := share[row["offence_family"]]) * (1 - p) for row in mine)
        told = {"month": month, "base": sum(row["base"] for row in mine), "spread": spread}
        found.setdefault(force, []).append(told | {"more": sum(row["met"] for row in mine) - sum(expected),
                                                   "expected": sum(expected)})  # fmt: skip
    return found


def _level(rows: Iterable[Row], first: str = "", after: str = "9999") -> tuple[float, float] | None:
    """How much more than expected met, as a share of the records of some months, and the variance of that."""
    mine = [row for row in rows if first <= row["month"] < after]
    base = sum(row["base"] for row in mine)
    if base < FEWEST_RECORDS:
        return None
    return sum(row["more"] for row in mine) / base, max(sum(row["spread"] for row in mine), 0.25) / base**2


def _look(
    kind: str,
    indicator: str,
    look: str,
    use: Mapping[str, Spell],
    left: Mapping[str, list[Row]],
    cases: Mapping[str, float],
) -> Row:
    by_use = {name: [one for one in use.values() if one.use == name] for name in (ALL_THROUGH, NEVER, BEGAN)}
    told: Row = {"approach": kind, "indicator": indicator, "look": look, "p_value": None}
    told |= {"forces_with": len(by_use[ALL_THROUGH]), "forces_without": len(by_use[NEVER]),
             "forces_changed": len(by_use[BEGAN])}  # fmt: skip
    if look == ACROSS:
        for side, mine in (("cases_with", ALL_THROUGH), ("cases_without", NEVER)):
            told[side] = middle(cases, [one.force_code for one in by_use[mine]])
    found = _across(by_use, left) if look == ACROSS else _over_time(by_use, left)
    if found is None:
        return told
    ends = (("points", "value"), ("points_low", "low"), ("points_high", "high"))
    told |= {name: float(round(100 * getattr(found, end))) for name, end in ends}
    told["p_value"] = found.p_value
    before = _expected(left)
    if before + found.value > 0 and before > 0:
        told["e_value"] = round(e_value((before + found.value) / before), 1)
    return told


def _expected(left: Mapping[str, list[Row]]) -> float:
    rows = [row for mine in left.values() for row in mine]
    return float(sum(row["expected"] for row in rows) / max(sum(row["base"] for row in rows), 1))


def _across(by_use: Mapping[str, Sequence[Spell]], left: Mapping[str, list[Row]]) -> Contrast | None:
    sides = [
        [level for one in by_use[use] if (level := _level(left.get(one.force_code, ())))]
        for use in (ALL_THROUGH, NEVER)
    ]
    if min(map(len, sides)) < FEWEST_UNITS:
        return None
    return contrast(*zip(*sides[0], strict=True), *zip(*sides[1], strict=True))


def _over_time(by_use: Mapping[str, Sequence[Spell]], left: Mapping[str, list[Row]]) -> Contrast | None:
    """Each force that changed against those that did not, over the same months; then all of these together.

    The others stand in every comparison, so their own doubt is in the contrast of the two kinds and not in each.
    """
    still = [*by_use[ALL_THROUGH], *by_use[NEVER]]
    if min(len(by_use[BEGAN]), len(still)) < FEWEST_UNITS:
        return None
    changed = [(one, move) for one in by_use[BEGAN] if (move := _moved(left.get(one.force_code, ()), one.month))]
    months = [one.month for one, _ in changed]
    others = [move for one in still if (move := _moved_on_average(left.get(one.force_code, ()), months))]
    if min(len(changed), len(others)) < FEWEST_UNITS:
        return None
    return contrast(*zip(*(move for _, move in changed), strict=True), *zip(*others, strict=True))


def _moved(rows: Sequence[Row], month: str) -> tuple[float, float] | None:
    """After less before, where there are months enough on both sides."""
    sides = (
        len({row["month"] for row in rows if row["month"] < month}),
        len({row["month"] for row in rows if row["month"] >= month}),
    )
    if min(sides) < FEWEST_MONTHS:
        return None
    before, after = _level(rows, after=month), _level(rows, first=month)
    return None if before is None or after is None else (after[0] - before[0], before[1] + after[1])


def _moved_on_average(rows: Sequence[Row], months: Sequence[str]) -> tuple[float, float] | None:
    """How a force in which nothing changed moved over the months at which the others did, on average."""
    moves = [move for month in months if (move := _moved(rows, month))]
    if not moves:
        return None
    return float(np.mean([move[0] for move in moves])), float(np.mean([move[1] for move in moves]))
