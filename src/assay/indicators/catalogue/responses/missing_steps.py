"""Which steps of the course do closed cases lack, of those that were expected of them?

A step is owed by a case as the course says (`asked_of`): an arrest or interview where a suspect is known by name, a
file where somebody was charged. A case lacks what it owed and no event tells of, where every such event was sent; else
it is not known. An open case may still take the step, so only closed ones are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.engine.expressions import Expressions
from assay.engine.portable_expressions import number_where
from assay.facts.case_courses import OWN
from assay.indicators import EVERYWHERE
from assay.reference import Body
from assay.stats.binomial_intervals import wilson

if TYPE_CHECKING:
    import ibis

TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
ANY = "any"
"""Stands for the steps together: the case lacks one of those it owed, or none."""
STATES = ("lacking", "there", "not_owed", "not_known")
COURSE_MISSING = pa.schema(
    [("step", TEXT), ("place_code", TEXT), ("title", TEXT)]
    + [(name, WHOLE) for name in ("cases", *STATES)]
    + [(name, NUMBER) for name in ("share", "share_low", "share_high")]
    + [("hidden", TEXT)]
)
Row = dict[str, Any]


def course_missing(facts: Mapping[str, ibis.Table], engine: Expressions, bodies: Mapping[str, Body]) -> pa.Table:
    """The table `COURSE_MISSING`: one row a step and place, with one of every step together (`ANY`). `cases`: closed
    crimes of the period that were neither cancelled nor transferred. `bodies` that are not rated have counts alone."""
    unrated = {code for code, body in bodies.items() if not body.rated}
    rows = [row for row in engine.run(_counted(facts["course"])).to_pylist() if row["cases"]]
    if rows:
        counted = [name for name in rows[0] if name != "force_code"]
        rows.append({"force_code": EVERYWHERE} | {name: sum(row[name] for row in rows) for name in counted})
    told = [one for row in rows for one in _told(row, row["force_code"] not in unrated)]
    return pa.Table.from_pylist(told, schema=COURSE_MISSING)


def _counted(course: ibis.Table) -> ibis.Table:
    """One row a force: the cases, and for each step how many stand in each of the states."""
    rows = course.filter((course.in_base & ~course.cancelled & ~course.transferred & course.closed).fill_null(False))
    owes, took = ({step.key: rows[f"{asked}_{step.key}"] for step in OWN} for asked in ("owes", "took"))
    lacks = [owes[step.key] & ~took[step.key] for step in OWN]  # what was taken is not lacking, owed or not
    any_lacks = reduce(lambda one, other: one | other, lacks)
    found = {
        "cases": rows.count(),
        f"{ANY}_lacking": number_where(rows, any_lacks),
        f"{ANY}_not_known": number_where(rows, any_lacks.isnull()),
    }
    for key in owes:
        found[f"{key}_lacking"] = number_where(rows, owes[key] & ~took[key])
        found[f"{key}_not_owed"] = number_where(rows, ~owes[key])
        found[f"{key}_there"] = number_where(rows, owes[key] & took[key])
    return rows.group_by("force_code").aggregate(**found)


def _told(row: Row, rated: bool) -> Iterator[Row]:
    titles = {ANY: "At least one of them"} | {step.key: step.title for step in OWN}
    for key, title in titles.items():
        counts = {state: row.get(f"{key}_{state}", 0) for state in STATES}
        rest = "there" if key == ANY else "not_known"
        counts[rest] = row["cases"] - sum(counts.values())
        base = counts["lacking"] + counts["there"]
        made: Row = {"step": key, "place_code": row["force_code"], "title": title, "cases": row["cases"], "hidden": ""}
        shares: Row = {}
        if rated and base:
            low, high = wilson(counts["lacking"], base)
            shares = {"share": counts["lacking"] / base, "share_low": low, "share_high": high}
        yield made | counts | shares
