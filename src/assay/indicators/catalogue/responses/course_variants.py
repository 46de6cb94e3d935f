"""The most frequent sequences of steps from report to closure, with the cumulative incidence of closure.

A variant is the sequence of the steps of a case by their first days. It is complete only for a closed case, so variants
are competing endings: of all cases, how many were closed with this variant by half a year and by a year, with open
cases censored. Closed cases alone would overrepresent quick variants.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay import reference
from assay.engine.expressions import ExpressionEngine
from assay.engine.portable_expressions import left_join
from assay.stats.cumulative_incidence import IncidenceCurve, cumulative_incidence

if TYPE_CHECKING:
    import ibis

TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
MAX_VARIANTS, MIN_CASES = 10, 10
"""The number of variants shown separately, and the fewest cases of each."""
OTHER, OPEN, NOT_KNOWN = "other", "open", "not known"
SEPARATOR = " > "
BY_DAYS = {"half_year": 182, "year": 365}
CRIME = ["force_code", "crime_ref"]
VARIANTS = pa.schema(
    [("way", TEXT), ("steps", TEXT), ("records", WHOLE)]
    + [(f"{name}{end}", NUMBER) for name in BY_DAYS for end in ("", "_low", "_high")]
    + [("hidden", TEXT)]
)
Row = dict[str, Any]


def course_variants(facts: Mapping[str, ibis.Table], engine: ExpressionEngine) -> pa.Table:
    """Return the table `VARIANTS`: the most frequent variants of the crimes of the period, all forces combined.

    `way` is the rank of the variant, or one of the other three values. Variants of fewer than `MIN_CASES` cases are
    combined. Without crimes the table is empty.
    """
    rows = engine.run(_count_cases(facts["course_step"], facts["investigation"])).to_pylist()
    placed = [row for row in rows if row["days"] is not None]
    lost = sum(row["cases"] for row in rows) - sum(row["cases"] for row in placed)
    return pa.Table.from_pylist(_variant_rows(placed, lost) if rows else [], schema=VARIANTS)


def _count_cases(steps: ibis.Table, crimes: ibis.Table) -> ibis.Table:
    """Count cases by variant, days (to closure, or to the last day seen) and whether they were closed."""
    import ibis

    rows = crimes.filter((crimes.in_base & ~crimes.cancelled & ~crimes.transferred).fill_null(False))
    rows = left_join(rows.select(*CRIME, "days_to_closed", "days_seen", "ends_known"), _ways(steps), CRIME)
    closed = ~rows.days_to_closed.isnull()
    days = ibis.cases((rows.ends_known.fill_null(False), ibis.coalesce(rows.days_to_closed, rows.days_seen)))
    rows = rows.mutate(days=ibis.cases((days >= 0, days)), closed=closed, way=ibis.cases((closed, rows.way)))
    return rows.group_by("way", "days", "closed").aggregate(cases=rows.count())


def _ways(steps: ibis.Table) -> ibis.Table:
    """Return one row for each crime: the keys of its steps in order, joined by `SEPARATOR`."""
    import ibis

    in_turn = ibis.window(group_by=[steps[name] for name in CRIME], order_by=[steps.day, steps.place])
    rows = steps.select(*CRIME, "step", turn=ibis.row_number().over(in_turn))
    turns = range(len(reference.course().all))
    found = rows.group_by(CRIME).aggregate(**{f"step_{turn}": rows.step.max(where=rows.turn == turn) for turn in turns})
    way = found.step_0
    for turn in turns[1:]:
        way = way + (SEPARATOR + found[f"step_{turn}"]).fill_null("")
    return found.select(*CRIME, way=way)


def _variant_rows(rows: list[Row], unknown_cases: int) -> list[Row]:
    ended: Counter[str] = Counter()
    for row in rows:
        if row["closed"]:
            ended[row["way"]] += row["cases"]
    ways = [way for way, cases in sorted(ended.items(), key=lambda item: (-item[1], item[0])) if cases >= MIN_CASES][
        :MAX_VARIANTS
    ]
    while ways and 0 < ended.total() - sum(ended[way] for way in ways) < MIN_CASES:
        ways.pop()  # the remainder must not be so small that its cases could be identified
    names = {way: f"{rank:02d}" for rank, way in enumerate(ways, start=1)}
    endings = [names.get(row["way"], OTHER) if row["closed"] else OPEN for row in rows]
    counts = Counter[str]()
    for ending, row in zip(endings, rows, strict=True):
        counts[ending] += row["cases"]
    days, cases = ([row[name] for row in rows] for name in ("days", "cases"))
    curves = (
        cumulative_incidence(days, endings, cases, waiting=OPEN, required_endings=[*names.values(), OTHER])
        if rows
        else {}
    )
    seen = max((row["days"] for row in rows), default=0)
    output_rows = [_row(name, _variant_title(way), counts[name], curves[name], seen) for way, name in names.items()]
    output_rows.append(_row(OTHER, "in another way", counts[OTHER], curves.get(OTHER), seen))
    output_rows.append(_row(OPEN, "not closed when the data were read", counts[OPEN]))
    return [*output_rows, _row(NOT_KNOWN, "when it was reported or closed is not known", unknown_cases)]


def _variant_title(way: str) -> str:
    titles = {step.key: step.title for step in reference.course().all}
    return SEPARATOR.join(titles[key] for key in way.split(SEPARATOR))


def _row(way: str, steps: str, records: int, curve: IncidenceCurve | None = None, seen: int = 0) -> Row:
    """Return one row; `seen`: the longest follow-up in days, beyond which the curve is unknown."""
    row: Row = {"way": way, "steps": steps, "records": records, "hidden": ""}
    if curve is None or records < MIN_CASES:
        return row
    for name, days in BY_DAYS.items():
        if days <= seen:
            row |= zip((name, f"{name}_low", f"{name}_high"), curve.interval_at(days), strict=True)
    return row
