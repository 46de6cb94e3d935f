"""Tables of the course of cases: most frequent sequences of steps, steps that closed cases lack, and transitions.

A variant is the sequence of the steps of a case by their first days. It is complete only for a closed case, so variants
are competing endings: of all cases, how many were closed with this variant by half a year and by a year, with open
cases censored. Closed cases alone would overrepresent quick variants.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay import reference
from assay.engine.expressions import ExpressionEngine
from assay.engine.portable_expressions import count_where, left_join
from assay.facts.case_courses import NO_NEXT_STEP, STEPS_WITH_EVENTS
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.responses.case_course_indicators import course_followed, transition_key
from assay.reference import Organisation
from assay.stats.binomial_intervals import wilson
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
    + [("suppressed_cells", TEXT)]
)
Row = dict[str, Any]


def case_step_sequences(facts: Mapping[str, ibis.Table], engine: ExpressionEngine) -> pa.Table:
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
    row: Row = {"way": way, "steps": steps, "records": records, "suppressed_cells": ""}
    if curve is None or records < MIN_CASES:
        return row
    for name, days in BY_DAYS.items():
        if days <= seen:
            row |= zip((name, f"{name}_low", f"{name}_high"), curve.interval_at(days), strict=True)
    return row


# Which expected steps do closed cases lack, and in how many?
#
# The course defines when a step is expected (`asked_of`): an arrest or interview if a suspect is known by name, a
# file if somebody was charged. A case lacks a step if it was expected, no event shows it, and the force sent all such
# events; otherwise it is not known. Only closed cases are counted, because an open case may still take the step.

TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
ANY = "any"
"""All steps combined: the case lacks at least one expected step, or none."""
STATES = ("lacking", "recorded", "not_owed", "not_known")
COURSE_MISSING = pa.schema(
    [("step", TEXT), ("place_code", TEXT), ("title", TEXT)]
    + [(name, WHOLE) for name in ("cases", *STATES)]
    + [(name, NUMBER) for name in ("share", "share_low", "share_high")]
    + [("suppressed_cells", TEXT)]
)


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
        found[f"{key}_recorded"] = count_where(rows, owes[key] & took[key])
    return rows.group_by("force_code").aggregate(**found)


def _step_rows(row: Row, rated: bool) -> Iterator[Row]:
    titles = {ANY: "At least one of them"} | {step.key: step.title for step in STEPS_WITH_EVENTS}
    for key, title in titles.items():
        counts = {state: row.get(f"{key}_{state}", 0) for state in STATES}
        rest = "recorded" if key == ANY else "not_known"
        counts[rest] = row["cases"] - sum(counts.values())
        base = counts["lacking"] + counts["recorded"]
        labels: Row = {
            "step": key,
            "place_code": row["force_code"],
            "title": title,
            "cases": row["cases"],
            "suppressed_cells": "",
        }
        shares: Row = {}
        if rated and base:
            low, high = wilson(counts["lacking"], base)
            shares = {"share": counts["lacking"] / base, "share_low": low, "share_high": high}
        yield labels | counts | shares


# Transitions between steps of a case: number of cases and median days.
#
# Every step is counted with the next step of its case. Next steps are competing endings, and a case that is still at
# the step is censored. The median is the day by which half of all eventual transitions of that kind had occurred,
# within the longest follow-up. Completed transitions alone would overrepresent the quick ones.

TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
COURSE_NEXT = pa.schema(
    [(name, TEXT) for name in ("count", "definition", "next_step", "step_title", "next_title", "next_is")]
    + [("cases", WHOLE), ("median_days", NUMBER), ("suppressed_cells", TEXT)]
)
WAITING = "waiting"


def next_step_table(
    facts: Mapping[str, ibis.Table], engine: ExpressionEngine, excluded_forces: Collection[str]
) -> pa.Table:
    """Return the table `COURSE_NEXT`: one row for each transition from a step of a case to the next step.

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
        row for step in reference.course().all for row in _transition_rows([r for r in rows if r["step"] == step.key])
    ]
    return pa.Table.from_pylist(output_rows, schema=COURSE_NEXT)


def _transition_rows(rows: list[Row]) -> list[Row]:
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
            "step_title": titles[row["step"]], "next_title": titles[next_step], "cases": 0, "suppressed_cells": "",
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
