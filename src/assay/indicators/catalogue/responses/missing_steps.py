"""Which expected steps do closed cases lack, and in how many?

The course defines when a step is expected (`asked_of`): an arrest or interview if a suspect is known by name, a file if
somebody was charged. A case lacks a step if it was expected, no event shows it, and the force sent all such events;
otherwise it is not known. Only closed cases are counted, because an open case may still take the step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.engine.expressions import ExpressionEngine
from assay.engine.portable_expressions import count_where
from assay.facts.case_courses import STEPS_WITH_EVENTS
from assay.indicators import EVERYWHERE
from assay.reference import Organisation
from assay.stats.binomial_intervals import wilson

if TYPE_CHECKING:
    import ibis

TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
ANY = "any"
"""All steps combined: the case lacks at least one expected step, or none."""
STATES = ("lacking", "there", "not_owed", "not_known")
COURSE_MISSING = pa.schema(
    [("step", TEXT), ("place_code", TEXT), ("title", TEXT)]
    + [(name, WHOLE) for name in ("cases", *STATES)]
    + [(name, NUMBER) for name in ("share", "share_low", "share_high")]
    + [("hidden", TEXT)]
)
Row = dict[str, Any]


def missing_step_table(
    facts: Mapping[str, ibis.Table], engine: ExpressionEngine, organisations: Mapping[str, Organisation]
) -> pa.Table:
    """Return the table `COURSE_MISSING`: one row for each step and place, and for all steps combined (`ANY`).

    `cases`: closed crimes of the period that were neither cancelled nor transferred. `organisations` that are not rated
    have counts only.
    """
    unrated = {code for code, organisation in organisations.items() if not organisation.rated}
    rows = [row for row in engine.run(_count_by_force(facts["course"])).to_pylist() if row["cases"]]
    if rows:
        count_names = [name for name in rows[0] if name != "force_code"]
        rows.append({"force_code": EVERYWHERE} | {name: sum(row[name] for row in rows) for name in count_names})
    output_rows = [step_row for row in rows for step_row in _step_rows(row, row["force_code"] not in unrated)]
    return pa.Table.from_pylist(output_rows, schema=COURSE_MISSING)


def _count_by_force(course: ibis.Table) -> ibis.Table:
    """Return one row for each force: the cases, and for each step the number in each state."""
    rows = course.filter((course.in_base & ~course.cancelled & ~course.transferred & course.closed).fill_null(False))
    owes, took = ({step.key: rows[f"{prefix}_{step.key}"] for step in STEPS_WITH_EVENTS} for prefix in ("owes", "took"))
    lacks = [
        owes[step.key] & ~took[step.key] for step in STEPS_WITH_EVENTS
    ]  # a step that was taken is not missing, whether expected or not
    any_lacks = reduce(lambda first, other: first | other, lacks)
    found = {
        "cases": rows.count(),
        f"{ANY}_lacking": count_where(rows, any_lacks),
        f"{ANY}_not_known": count_where(rows, any_lacks.isnull()),
    }
    for key in owes:
        found[f"{key}_lacking"] = count_where(rows, owes[key] & ~took[key])
        found[f"{key}_not_owed"] = count_where(rows, ~owes[key])
        found[f"{key}_there"] = count_where(rows, owes[key] & took[key])
    return rows.group_by("force_code").aggregate(**found)


def _step_rows(row: Row, rated: bool) -> Iterator[Row]:
    titles = {ANY: "At least one of them"} | {step.key: step.title for step in STEPS_WITH_EVENTS}
    for key, title in titles.items():
        counts = {state: row.get(f"{key}_{state}", 0) for state in STATES}
        rest = "there" if key == ANY else "not_known"
        counts[rest] = row["cases"] - sum(counts.values())
        base = counts["lacking"] + counts["there"]
        labels: Row = {
            "step": key,
            "place_code": row["force_code"],
            "title": title,
            "cases": row["cases"],
            "hidden": "",
        }
        shares: Row = {}
        if rated and base:
            low, high = wilson(counts["lacking"], base)
            shares = {"share": counts["lacking"] / base, "share_low": low, "share_high": high}
        yield labels | counts | shares
