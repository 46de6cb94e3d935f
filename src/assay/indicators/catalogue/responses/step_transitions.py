"""Transitions between steps of a case: number of cases and median days.

Every step is counted with the next step of its case. Next steps are competing endings, and a case that is still at the
step is censored. The median is the day by which half of all eventual transitions of that kind had occurred, within the
longest follow-up. Completed transitions alone would overrepresent the quick ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay import reference
from assay.engine.expressions import ExpressionEngine
from assay.facts.case_courses import NO_NEXT_STEP
from assay.indicators.catalogue.responses.case_course_indicators import course_followed, transition_key
from assay.indicators.catalogue.responses.course_variants import MIN_CASES, OTHER
from assay.stats.cumulative_incidence import cumulative_incidence

if TYPE_CHECKING:
    import ibis

TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
COURSE_NEXT = pa.schema(
    [(name, TEXT) for name in ("count", "definition", "next_step", "step_title", "next_title", "next_is")]
    + [("cases", WHOLE), ("median_days", NUMBER), ("hidden", TEXT)]
)
WAITING = "waiting"
Row = dict[str, Any]


def next_step_table(
    facts: Mapping[str, ibis.Table], engine: ExpressionEngine, excluded_forces: Collection[str]
) -> pa.Table:
    """Return the table `COURSE_NEXT`: one row for each count of `course_followed` and next step.

    All forces are combined, except for `excluded_forces` of each count. Next steps of fewer than `MIN_CASES` cases are
    combined as `OTHER`, without days.
    """
    course_steps = facts["course_step"]
    course_steps = course_steps.filter((course_steps.in_base & ~course_steps.cancelled).fill_null(False))
    course_steps = (
        course_steps.filter(~course_steps.force_code.isin(sorted(excluded_forces))) if excluded_forces else course_steps
    )
    grouped = course_steps.group_by("place", "step", "next_step", "next_is", "days_to_next", "days_seen")
    rows = engine.run(grouped.aggregate(cases=course_steps.count())).to_pylist()
    output_rows = [
        row for step in reference.course().all for row in _step_rows([r for r in rows if r["step"] == step.key])
    ]
    return pa.Table.from_pylist(output_rows, schema=COURSE_NEXT)


def _step_rows(rows: list[Row]) -> list[Row]:
    cases: Counter[tuple[str, str]] = Counter()
    for row in rows:
        row["way"] = (transition_key(row["place"], row["step"], row["next_is"]), row["next_step"] or "")
        cases[row["way"]] += row["cases"]
    days = _days(rows)
    titles = {step.key: step.title for step in reference.course().all}
    titles |= {OTHER: "another step, each in few cases", "": "nothing more"}
    rows_by_way: dict[tuple[str, str], Row] = {}
    for row in rows:
        definition, following = row["way"]
        next_step = following if cases[row["way"]] >= MIN_CASES or not following else OTHER
        output_row = rows_by_way.setdefault((definition, next_step), {
            "count": course_followed.key, "definition": definition, "next_step": next_step, "next_is": row["next_is"],
            "step_title": titles[row["step"]], "next_title": titles[next_step], "cases": 0, "hidden": "",
            "median_days": None if next_step == OTHER else days.get(row["way"]),
        })  # fmt: skip
        output_row["cases"] += row["cases"]
    return [rows_by_way[key] for key in sorted(rows_by_way)]


def _days(rows: list[Row]) -> dict[tuple[str, str], int | None]:
    """Return median days to the next step, by transition (cumulative incidence)."""
    timed_rows = [(row["days_to_next"] if row["next_is"] != NO_NEXT_STEP else row["days_seen"], row) for row in rows]
    seen = [(days, row) for days, row in timed_rows if days is not None and days >= 0]
    names = {row["way"]: str(number) for number, row in enumerate(rows)}
    endings = [names[row["way"]] if row["next_is"] != NO_NEXT_STEP else WAITING for _, row in seen]
    counts = [row["cases"] for _, row in seen]
    curves = cumulative_incidence([days for days, _ in seen], endings, counts, waiting=WAITING) if seen else {}
    return {way: curves[name].median_among_ended for way, name in names.items() if name in curves}
