"""The course of each case: the steps taken, their order and the next step, compared with the expected course.

The expected course is reference data (`reference.course`). The first day of each step counts; steps of one day are put
in their expected order, so that the hour makes nothing out of order. Steps that a force does not send are not included.

Not every step is expected of every case (`asked_of`): a case without a known suspect needs no arrest and no decision;
one without a charge needs no file. Unknown stays unknown.
"""

from __future__ import annotations

import ibis

from assay import reference
from assay.engine.portable_expressions import any_true, days_between, left_join, union_all
from assay.facts.case_transfers import COLUMNS as PASSED_ON
from assay.facts.case_transfers import KINDS as PASSED_ON_KINDS
from assay.facts.case_transfers import add_transfers
from assay.facts.crime_endings import CRIME
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import absence_means_no, add_supply_indicators, crime_gaps, extraction_days

REPORTED, FILE, REOPENED = "reported", "file_submitted", "crime_reopened"
RESUBMITTED = "resubmission"
NO_NEXT_STEP, EXPECTED_STEP, LATER_STEP, EARLIER_STEP = (
    "nothing more",
    "the expected next step",
    "a later step",
    "an earlier step",
)
UNCERTAIN_STEP = "a later step, perhaps the expected one"
EXPECTATION_FACTS = {"named suspect": "suspect_identified", "charged": "charged"}
"""The fact that decides whether a step is expected of a crime, by `asked_of`; without one it is expected of every
crime."""
DECIDED = "decided"
STEPS_WITH_EVENTS = tuple(
    step for step in reference.course().all
    if all(reference.event_kinds().get(kind).sent_in_events for kind in step.kinds)
)  # fmt: skip
"""The steps with events of their own; the others are columns of the crime record and cannot be missing."""
CRIME_COLUMNS = ("country", "in_period", "in_base", "cancelled", "transferred", "when_reported", "closed")
STEP_COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "cancelled", "crime_ref", "closed", "step", "place",
    "day", "next_step", "next_is", "days_to_next", "days_seen",
)  # fmt: skip
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "cancelled", "transferred", "when_reported",
    "crime_ref", "closed", "steps", "in_order", "reworked", *PASSED_ON,
    *(f"{prefix}_{step.key}" for step in STEPS_WITH_EVENTS for prefix in ("owes", "took")),
)  # fmt: skip


def course_step_kinds() -> tuple[str, ...]:
    """Return every kind of step that belongs to the course of a case, to a reopening or to a transfer."""
    step_kinds = (kind for step in reference.course().all for kind in step.kinds if kind != "crime_reported")
    return tuple(dict.fromkeys((*step_kinds, REOPENED, *PASSED_ON_KINDS)))


def course_steps(tables: Tables, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """Return the table `course_step`, with `STEP_COLUMNS`: one row for each crime and step taken.

    `next_is`: whether the next step was the expected one, the closed end, or nothing yet (open). A later step is
    expected unless an expected step before it was not taken. `place`: the step's position in the course, from 1.
    `days_seen`: from the step to the extraction.
    """
    step_rows = union_all(
        [_report_steps(crime), *[_first_step(steps, key, kinds, place) for key, kinds, place in _event_steps()]]
    )
    rows = step_rows.filter(~step_rows.day.isnull())
    step_order = ibis.window(group_by=[rows[name] for name in CRIME], order_by=[rows.day, rows.place])
    ordered = rows.mutate(
        next_step=rows.step.lead().over(step_order),
        next_place=rows.place.lead().over(step_order),
        next_day=rows.day.lead().over(step_order),
    )
    crime_columns = crime.select(
        *CRIME, "country", "in_period", "in_base", "cancelled", "closed", *EXPECTATION_FACTS.values()
    )
    ordered = left_join(left_join(ordered, crime_columns, CRIME), _first_days(rows), CRIME)
    ordered = left_join(ordered, extraction_days(tables, "crimes", "events"), ["force_code"])
    skipped = _skips_owed_step(ordered)
    return ordered.mutate(
        record_ref=ordered.crime_ref + " " + ordered.step,
        days_to_next=days_between(ordered.day, ordered.next_day),
        days_seen=days_between(ordered.day, ordered.extracted_day),
        next_is=ibis.cases(
            (ordered.next_place.isnull(), NO_NEXT_STEP),
            (ordered.next_place < ordered.place, EARLIER_STEP),
            (skipped.isnull(), UNCERTAIN_STEP),
            (skipped, LATER_STEP),
            else_=EXPECTED_STEP,
        ),
    ).select(*STEP_COLUMNS)


def _first_days(course_rows: ibis.Table) -> ibis.Table:
    return course_rows.group_by(CRIME).aggregate(
        **{
            f"day_of_{step.key}": course_rows.day.max(where=course_rows.step == step.key)
            for step in reference.course().all
        }
    )


def _skips_owed_step(rows: ibis.Table) -> ibis.Value:
    """Return whether an expected step between this one and the next had not been taken; may be unknown."""
    skipped = ibis.literal(False)
    for position, step in enumerate(reference.course().all, start=1):
        is_between = (rows.place < position) & (rows.next_place > position)
        was_taken = (rows[f"day_of_{step.key}"] < rows.day).fill_null(False)
        skipped = skipped | (is_between & ~was_taken & _is_owed(rows, step))
    return skipped


def _is_owed(rows: ibis.Table, step: reference.CourseStep) -> ibis.Value:
    """Return whether the step is expected of the crime."""
    return rows[EXPECTATION_FACTS[step.asked_of]] if step.asked_of in EXPECTATION_FACTS else ibis.literal(True)


def courses(tables: Tables, crime: ibis.Table, steps: ibis.Table, course_rows: ibis.Table) -> ibis.Table:
    """Return the table `course`, with `COLUMNS`: one row for each crime.

    `steps` is the number of steps taken. `in_order`: no step was taken after a later step of the course. `reworked`:
    the crime was reopened after closing, or a file was sent again. `owes_KEY`: the step is expected of the crime.
    `took_KEY`: the step was taken, for each step of `STEPS_WITH_EVENTS`. For the columns on transfers see
    `case_transfers`.
    """
    counts = course_rows.group_by(CRIME).aggregate(
        steps=course_rows.count(), backs=(course_rows.next_is == EARLIER_STEP).any()
    )
    file_steps = steps.filter(steps.kind.isin((FILE, REOPENED)) & ~steps.crime_ref.isnull())
    is_rework = (file_steps.kind == REOPENED) | (
        (file_steps.kind == FILE) & (file_steps.detail == RESUBMITTED).fill_null(False)
    )
    crime_rework = file_steps.group_by(CRIME).aggregate(again=is_rework.any())
    rows = crime.select(*CRIME, *CRIME_COLUMNS, *EXPECTATION_FACTS.values())
    rows = left_join(left_join(rows, counts, CRIME), crime_rework, CRIME)
    rows = add_transfers(_add_owed_steps(rows, tables, course_rows), tables, crime, steps)
    rows = add_supply_indicators(rows, tables, f"no_{REOPENED}_is_no", f"no_{FILE}_is_no")
    rows = left_join(rows, crime_gaps(tables, {"again_holes": (REOPENED, FILE)}), CRIME)
    silent = rows[f"no_{REOPENED}_is_no"] & rows[f"no_{FILE}_is_no"] & ~rows.again_holes
    return rows.mutate(
        record_ref=rows.crime_ref,
        steps=rows.steps.fill_null(0),
        in_order=ibis.cases((rows.steps > 1, ~rows.backs)),
        reworked=any_true(rows.again, silent),
    ).select(*COLUMNS)


def _add_owed_steps(rows: ibis.Table, tables: Tables, course_rows: ibis.Table) -> ibis.Table:
    """Return the crimes with `owes_KEY` and `took_KEY`. A charge implies a charging decision, with or without its
    event."""
    indicators = sorted({f"no_{kind}_is_no" for step in STEPS_WITH_EVENTS for kind in step.kinds} - set(rows.columns))
    rows = left_join(add_supply_indicators(rows, tables, *indicators), _first_days(course_rows), CRIME)
    rows = left_join(rows, crime_gaps(tables, {f"{step.key}_holes": step.kinds for step in STEPS_WITH_EVENTS}), CRIME)
    found = {step.key: ~rows[f"day_of_{step.key}"].isnull() for step in STEPS_WITH_EVENTS}
    found[DECIDED] = found[DECIDED] | rows.charged.fill_null(False)
    owes = {f"owes_{step.key}": _is_owed(rows, step) for step in STEPS_WITH_EVENTS}
    took = {
        f"took_{step.key}": any_true(found[step.key], absence_means_no(rows, step.key, step.kinds))
        for step in STEPS_WITH_EVENTS
    }
    drop = [
        name for name in rows.columns if name in indicators or name.startswith("day_of_") or name.endswith("_holes")
    ]
    return rows.mutate(**owes, **took).drop(*drop)


def _event_steps() -> list[tuple[str, tuple[str, ...], int]]:
    """Return key, kinds and position of every step except the report."""
    return [
        (step.key, step.kinds, position)
        for position, step in enumerate(reference.course().all, start=1)
        if step.key != REPORTED
    ]


def _report_steps(crime: ibis.Table) -> ibis.Table:
    return crime.select(*CRIME, step=ibis.literal(REPORTED), place=ibis.literal(1, "int64"), day=crime.report_day)


def _first_step(steps: ibis.Table, key: str, kinds: tuple[str, ...], position: int) -> ibis.Table:
    kind_steps = steps.filter(steps.kind.isin(kinds) & ~steps.crime_ref.isnull())
    first_days = kind_steps.group_by(CRIME).aggregate(day=kind_steps.starts_day.min())
    return first_days.select(*CRIME, step=ibis.literal(key), place=ibis.literal(position, "int64"), day=first_days.day)
