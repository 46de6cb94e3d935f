"""Which steps did each case go through, in which order, and what came next?

The expected course is commission data (`commission.course`). Of each step the first day counts; steps of one day stand
in their expected order, so that nothing is out of order by the hour. What a force does not send is no step here.
"""

from __future__ import annotations

import ibis

from assay import commission
from assay.engine.values import any_true, beside, days_between, stacked
from assay.records.absence import crimes_with_holes, with_answers
from assay.records.endings_of_crimes import CRIME
from assay.records.tables import Held

REPORTED, FILE, REOPENED, OFFERED = "reported", "file_submitted", "crime_reopened", "transfer_offered"
AGAIN = "resubmission"
NOTHING, EXPECTED, AHEAD, BACK = "nothing more", "the expected next step", "a later step", "an earlier step"
OF_CRIME = ("country", "in_period", "in_base", "cancelled", "transferred", "when_reported", "closed")
STEP_COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "cancelled", "crime_ref", "closed", "step", "place",
    "day", "next_step", "next_is", "days_to_next",
)  # fmt: skip
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "cancelled", "transferred", "when_reported",
    "crime_ref", "closed", "steps", "in_order", "reworked", "offers_to_forces",
)  # fmt: skip


def kinds_of_courses() -> tuple[str, ...]:
    """Every kind of step that is part of a course, or says that a case was taken up again."""
    of_steps = (kind for step in commission.course().all for kind in step.kinds if kind != "crime_reported")
    return tuple(dict.fromkeys((*of_steps, REOPENED, OFFERED)))


def course_steps(crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """The table `course_step`, with `STEP_COLUMNS`: one row a crime and step of the course that it went through.

    `next_is`: what came next, as the course expects it or not; a closed crime ends where it ends, and an open one has
    nothing more yet. `place`: the step's place in the expected course, from 1.
    """
    told = stacked([_reports(crime), *[_first(steps, key, kinds, place) for key, kinds, place in _events()]])
    rows = told.filter(~told.day.isnull())
    in_turn = ibis.window(group_by=[rows[name] for name in CRIME], order_by=[rows.day, rows.place])
    rows = rows.mutate(
        next_step=rows.step.lead().over(in_turn),
        next_place=rows.place.lead().over(in_turn),
        next_day=rows.day.lead().over(in_turn),
    )
    of_crime = crime.select(*CRIME, "country", "in_period", "in_base", "cancelled", "closed")
    rows = beside(rows, of_crime, CRIME)
    return rows.mutate(
        record_ref=rows.crime_ref + " " + rows.step,
        days_to_next=days_between(rows.day, rows.next_day),
        next_is=ibis.cases(
            (rows.next_place.isnull(), NOTHING),
            (rows.next_place == rows.place + 1, EXPECTED),
            (rows.next_place > rows.place, AHEAD),
            else_=BACK,
        ),
    ).select(*STEP_COLUMNS)


def courses(held: Held, crime: ibis.Table, steps: ibis.Table, taken: ibis.Table) -> ibis.Table:
    """The table `course`, with `COLUMNS`: one row a crime. `steps`: how many of the course it went through. `in_order`:
    none of them came after a later one. `reworked`: reopened after it was closed, or a file sent again."""
    counted = taken.group_by(CRIME).aggregate(steps=taken.count(), backs=(taken.next_is == BACK).any())
    told = steps.filter(steps.kind.isin((FILE, REOPENED, OFFERED)) & ~steps.crime_ref.isnull())
    again = (told.kind == REOPENED) | ((told.kind == FILE) & (told.detail == AGAIN).fill_null(False))
    of_crime = told.group_by(CRIME).aggregate(
        again=again.any(), offers=(told.kind == OFFERED).cast("int64").sum()
    )
    rows = crime.select(*CRIME, *OF_CRIME)
    rows = beside(beside(rows, counted, CRIME), of_crime, CRIME)
    rows = with_answers(rows, held, f"no_{REOPENED}_is_no", f"no_{FILE}_is_no")
    rows = beside(rows, crimes_with_holes(held, {"again_holes": (REOPENED, FILE)}), CRIME)
    silent = rows[f"no_{REOPENED}_is_no"] & rows[f"no_{FILE}_is_no"] & ~rows.again_holes
    return rows.mutate(
        record_ref=rows.crime_ref,
        steps=rows.steps.fill_null(0),
        in_order=ibis.cases((rows.steps > 1, ~rows.backs)),
        reworked=any_true(rows.again, silent),
        offers_to_forces=rows.offers.fill_null(0),
    ).select(*COLUMNS)


def _events() -> list[tuple[str, tuple[str, ...], int]]:
    """Key, kinds and place of every step but the report."""
    return [(s.key, s.kinds, n) for n, s in enumerate(commission.course().all, start=1) if s.key != REPORTED]


def _reports(crime: ibis.Table) -> ibis.Table:
    return crime.select(
        *CRIME, step=ibis.literal(REPORTED), place=ibis.literal(1, "int64"), day=crime.report_day
    )


def _first(steps: ibis.Table, key: str, kinds: tuple[str, ...], place: int) -> ibis.Table:
    told = steps.filter(steps.kind.isin(kinds) & ~steps.crime_ref.isnull())
    found = told.group_by(CRIME).aggregate(day=told.starts_day.min())
    return found.select(*CRIME, step=ibis.literal(key), place=ibis.literal(place, "int64"), day=found.day)
