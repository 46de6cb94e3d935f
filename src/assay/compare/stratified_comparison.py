"""Like with like: what went with a specialist team, and with being one of several suspects, in crimes of one kind?

Only crimes of the same force and kind stand beside one another, so that neither harder cases nor stricter forces make
the difference; what is not on record still may. False discoveries are held over everything looked at. Sentences say
what went with what, and never why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.associations import MOST_FALSE
from assay.compare.comparability import FEWEST_RECORDS
from assay.compare.comparison_tables import NUMBER, TEXT, WHOLE, Rows, as_rows, as_table, grouped
from assay.stats.false_discovery import q_values
from assay.stats.stratified_differences import Difference, e_value, share_difference
from assay.wording import counted

YES, NO = "yes", "no"
FEWEST_EACH = 8
"""Of fewer that met it, or did not, on either side nothing is said: a difference would tell how many they are."""
FORM = pa.schema(
    [(name, TEXT) for name in ("sorted_by", "indicator")]
    + [(name, WHOLE) for name in ("met", "not_met", "others_met", "others_not_met", "not_known", "forces")]
    + [(name, NUMBER) for name in ("plain_points", "points", "points_low", "points_high", "q_value", "e_value")]
    + [("sentence", TEXT), ("hidden", TEXT)]
)
CANNOT = (
    "It does not show why: cases are given to teams for reasons, groups are found where somebody looks, and not all "
    "that makes a case hard is on record."
)
Row = dict[str, Any]


def alike_compared(alike: Rows, titles: Mapping[str, str]) -> pa.Table:
    """The table `FORM`, from answers by force, kind of crime and what they are sorted by; one row an indicator and what
    it is sorted by. `points`: how many more in 100 met it, within one force and kind; `plain_points`: without that."""
    rows = [_one(mine) for mine in grouped(as_rows(alike), "sorted_by", "indicator").values()]
    q = q_values([np.nan if row["p_value"] is None else row["p_value"] for row in rows])
    for row, value in zip(rows, q, strict=True):
        row["q_value"] = None if np.isnan(value) else round(float(value), 6)
        row["sentence"] = sentence(row, titles[row["indicator"]])
    return as_table(rows, FORM)


def _one(rows: list[Row]) -> Row:
    sorts = {sort: [row for row in rows if row["sort"] == sort] for sort in (YES, NO)}
    met, base, others_met, others_base = (
        sum(row[name] for row in sorts[sort]) for sort in (YES, NO) for name in ("met", "base")
    )
    told = {name: rows[0][name] for name in ("sorted_by", "indicator")}
    told |= {"met": met, "not_met": base - met, "others_met": others_met, "others_not_met": others_base - others_met}
    told |= {"not_known": sum(row["base"] for row in rows) - base - others_base, "p_value": None, "hidden": ""}
    told["forces"] = len({row["force_code"] for row in sorts[YES]} & {row["force_code"] for row in sorts[NO]})
    smallest = min(met, base - met, others_met, others_base - others_met)
    if min(base, others_base) < FEWEST_RECORDS or smallest < FEWEST_EACH:
        return told
    found = _difference(sorts[YES], sorts[NO])
    if found is None:
        return told
    plain = met / base - others_met / others_base
    points = {"plain_points": plain, "points": found.value, "points_low": found.low, "points_high": found.high}
    told |= {name: float(round(100 * value)) for name, value in points.items()}
    before = others_met / others_base
    if before > 0 and before + found.value > 0:
        told["e_value"] = round(e_value((before + found.value) / before), 2)
    return told | {"p_value": found.p_value}


def _difference(with_it: list[Row], without: list[Row]) -> Difference | None:
    """Within each force and kind of crime."""
    strata = sorted({(row["force_code"], row["kind"]) for row in with_it})
    counts = []
    for rows in (with_it, without):
        held = grouped(rows, "force_code", "kind")
        counts += [[sum(row[name] for row in held.get(one, [])) for one in strata] for name in ("met", "base")]
    return share_difference(*counts)


def sentence(row: Row, title: str) -> str:
    """What went with what, in words."""
    name, measure = row["sorted_by"].capitalize(), title[:1].lower() + title[1:]
    if row.get("points") is None:
        return f"{name} and '{measure}': too few crimes that are alike to say."
    forces = counted(row["forces"], "force")
    span = f"95% interval {row['points_low']:.0f} to {row['points_high']:.0f}"
    if row["q_value"] is None or row["q_value"] > MOST_FALSE:
        return f"{name} and '{measure}': no difference is shown in crimes of one kind ({span}; {forces})."
    more = f"{abs(row['points']):.0f} {'more' if row['points'] > 0 else 'fewer'} in 100"
    return (
        f"{name} went with {more} on '{measure}' in crimes of one kind ({span}; {forces}); without holding the kind "
        f"alike it would be {row['plain_points']:+.0f}. {CANNOT}"
    )
