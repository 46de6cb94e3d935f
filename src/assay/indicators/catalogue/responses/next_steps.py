"""Which step followed which, in how many cases, and after how many days?

Every step is counted with the next one of its case. The days are those by which half had gone on so, of all who went on
so as far as anybody was followed: what comes next are endings that compete, and a case that stands at the step is
counted as far as it is seen. To look at those alone who have gone on would show the quick ones only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay import reference
from assay.engine.expressions import Expressions
from assay.facts.case_courses import NOTHING
from assay.indicators.catalogue.responses.course_base import course_followed, line
from assay.indicators.catalogue.responses.course_variants import FEWEST, OTHER
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


def course_next(facts: Mapping[str, ibis.Table], engine: Expressions, barred: Collection[str]) -> pa.Table:
    """The table `COURSE_NEXT`: one row a line of `course_followed` and next step, all bodies together but those that
    are `barred` from it. Next steps of fewer than `FEWEST` cases stand together as `OTHER`, without days."""
    held = facts["course_step"]
    held = held.filter((held.in_base & ~held.cancelled).fill_null(False))
    held = held.filter(~held.force_code.isin(sorted(barred))) if barred else held
    grouped = held.group_by("place", "step", "next_step", "next_is", "days_to_next", "days_seen")
    rows = engine.run(grouped.aggregate(cases=held.count())).to_pylist()
    told = [row for step in reference.course().all for row in _of_step([r for r in rows if r["step"] == step.key])]
    return pa.Table.from_pylist(told, schema=COURSE_NEXT)


def _of_step(rows: list[Row]) -> list[Row]:
    cases: Counter[tuple[str, str]] = Counter()
    for row in rows:
        row["way"] = (line(row["place"], row["step"], row["next_is"]), row["next_step"] or "")
        cases[row["way"]] += row["cases"]
    days = _days(rows)
    titles = {step.key: step.title for step in reference.course().all}
    titles |= {OTHER: "another step, each in few cases", "": "nothing more"}
    told: dict[tuple[str, str], Row] = {}
    for row in rows:
        definition, following = row["way"]
        shown = following if cases[row["way"]] >= FEWEST or not following else OTHER
        one = told.setdefault((definition, shown), {
            "count": course_followed.key, "definition": definition, "next_step": shown, "next_is": row["next_is"],
            "step_title": titles[row["step"]], "next_title": titles[shown], "cases": 0, "hidden": "",
            "median_days": None if shown == OTHER else days.get(row["way"]),
        })  # fmt: skip
        one["cases"] += row["cases"]
    return [told[key] for key in sorted(told)]


def _days(rows: list[Row]) -> dict[tuple[str, str], int | None]:
    """By way: the days by which half of those who went it had gone."""
    at = [(row["days_to_next"] if row["next_is"] != NOTHING else row["days_seen"], row) for row in rows]
    seen = [(days, row) for days, row in at if days is not None and days >= 0]
    names = {row["way"]: str(number) for number, row in enumerate(rows)}
    endings = [names[row["way"]] if row["next_is"] != NOTHING else WAITING for _, row in seen]
    counts = [row["cases"] for _, row in seen]
    curves = cumulative_incidence([days for days, _ in seen], endings, counts, waiting=WAITING) if seen else {}
    return {way: curves[name].median_of_those for way, name in names.items() if name in curves}
