"""Which steps did each case go through, in which order, and what came next?

The expected course is commission data (`commission.course`). Of each step the first day counts; steps of one day stand
in their expected order, so that nothing is out of order by the hour. What a force does not send is no step here.

Not every step is expected of every case: whether it is, `asked_of` says. A case without a suspect who is known owes no
arrest and no decision; one in which nobody was charged owes no file. Where that is not known, it stays so.
"""

from __future__ import annotations

import ibis

from assay import reference
from assay.engine.portable_expressions import any_true, beside, days_between, stacked
from assay.facts.case_transfers import COLUMNS as PASSED_ON
from assay.facts.case_transfers import KINDS as PASSED_ON_KINDS
from assay.facts.case_transfers import with_passing_on
from assay.facts.crime_endings import CRIME
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import crimes_with_holes, extracted_day_of, silence_is_no, with_answers

REPORTED, FILE, REOPENED = "reported", "file_submitted", "crime_reopened"
AGAIN = "resubmission"
NOTHING, EXPECTED, AHEAD, BACK = "nothing more", "the expected next step", "a later step", "an earlier step"
UNSURE = "a later step, perhaps the expected one"
ASKED = {"named suspect": "suspect_identified", "charged": "charged"}
"""Of which crimes a step is expected, by `asked_of`: a fact of the crime; of every other `asked_of`, every crime."""
DECIDED = "decided"
OWN = tuple(
    step for step in reference.course().all
    if all(reference.event_kinds().get(kind).sent_in_events for kind in step.kinds)
)  # fmt: skip
"""The steps that have events of their own: any other stands in the record of the crime, and cannot be missing there."""
OF_CRIME = ("country", "in_period", "in_base", "cancelled", "transferred", "when_reported", "closed")
STEP_COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "cancelled", "crime_ref", "closed", "step", "place",
    "day", "next_step", "next_is", "days_to_next", "days_seen",
)  # fmt: skip
COLUMNS = (
    "force_code", "record_ref", "country", "in_period", "in_base", "cancelled", "transferred", "when_reported",
    "crime_ref", "closed", "steps", "in_order", "reworked", *PASSED_ON,
    *(f"{asked}_{step.key}" for step in OWN for asked in ("owes", "took")),
)  # fmt: skip


def kinds_of_courses() -> tuple[str, ...]:
    """Every kind of step that is part of a course, or says that a case was taken up again or handed on."""
    of_steps = (kind for step in reference.course().all for kind in step.kinds if kind != "crime_reported")
    return tuple(dict.fromkeys((*of_steps, REOPENED, *PASSED_ON_KINDS)))


def course_steps(held: Held, crime: ibis.Table, steps: ibis.Table) -> ibis.Table:
    """The table `course_step`, with `STEP_COLUMNS`: one row a crime and step of the course that it went through.

    `next_is`: what came next, as the course expects it of this case or not; a closed crime ends where it ends, and an
    open one has nothing more yet. A later step is the expected one unless it came before a step that was owed and not
    taken. `place`: the step's place in the course, from 1. `days_seen`: from the step to the extraction.
    """
    told = stacked([_reports(crime), *[_first(steps, key, kinds, place) for key, kinds, place in _events()]])
    rows = told.filter(~told.day.isnull())
    in_turn = ibis.window(group_by=[rows[name] for name in CRIME], order_by=[rows.day, rows.place])
    turned = rows.mutate(
        next_step=rows.step.lead().over(in_turn),
        next_place=rows.place.lead().over(in_turn),
        next_day=rows.day.lead().over(in_turn),
    )
    of_crime = crime.select(*CRIME, "country", "in_period", "in_base", "cancelled", "closed", *ASKED.values())
    turned = beside(beside(turned, of_crime, CRIME), _first_days(rows), CRIME)
    turned = beside(turned, extracted_day_of(held, "crimes", "events"), ["force_code"])
    passed = _passed_over(turned)
    return turned.mutate(
        record_ref=turned.crime_ref + " " + turned.step,
        days_to_next=days_between(turned.day, turned.next_day),
        days_seen=days_between(turned.day, turned.extracted_day),
        next_is=ibis.cases(
            (turned.next_place.isnull(), NOTHING),
            (turned.next_place < turned.place, BACK),
            (passed.isnull(), UNSURE),
            (passed, AHEAD),
            else_=EXPECTED,
        ),
    ).select(*STEP_COLUMNS)


def _first_days(taken: ibis.Table) -> ibis.Table:
    return taken.group_by(CRIME).aggregate(
        **{f"day_of_{step.key}": taken.day.max(where=taken.step == step.key) for step in reference.course().all}
    )


def _passed_over(rows: ibis.Table) -> ibis.Value:
    """Whether a step between this one and the next was owed and had not been taken before; unknown if that is."""
    passed = ibis.literal(False)
    for place, step in enumerate(reference.course().all, start=1):
        between = (rows.place < place) & (rows.next_place > place)
        before = (rows[f"day_of_{step.key}"] < rows.day).fill_null(False)
        passed = passed | (between & ~before & _owed(rows, step))
    return passed


def _owed(rows: ibis.Table, step: reference.CourseStep) -> ibis.Value:
    """Whether the step is expected of the crime."""
    return rows[ASKED[step.asked_of]] if step.asked_of in ASKED else ibis.literal(True)


def courses(held: Held, crime: ibis.Table, steps: ibis.Table, taken: ibis.Table) -> ibis.Table:
    """The table `course`, with `COLUMNS`: one row a crime. `steps`: how many of the course it went through. `in_order`:
    none of them came after a later one. `reworked`: reopened after it was closed, or a file sent again. `owes_KEY`: the
    step is expected of the crime; `took_KEY`: it was taken on some day, of each step of `OWN`. Whose hands it went
    through: see `passed_on`."""
    counted = taken.group_by(CRIME).aggregate(steps=taken.count(), backs=(taken.next_is == BACK).any())
    told = steps.filter(steps.kind.isin((FILE, REOPENED)) & ~steps.crime_ref.isnull())
    again = (told.kind == REOPENED) | ((told.kind == FILE) & (told.detail == AGAIN).fill_null(False))
    of_crime = told.group_by(CRIME).aggregate(again=again.any())
    rows = crime.select(*CRIME, *OF_CRIME, *ASKED.values())
    rows = beside(beside(rows, counted, CRIME), of_crime, CRIME)
    rows = with_passing_on(_with_steps_owed(rows, held, taken), held, crime, steps)
    rows = with_answers(rows, held, f"no_{REOPENED}_is_no", f"no_{FILE}_is_no")
    rows = beside(rows, crimes_with_holes(held, {"again_holes": (REOPENED, FILE)}), CRIME)
    silent = rows[f"no_{REOPENED}_is_no"] & rows[f"no_{FILE}_is_no"] & ~rows.again_holes
    return rows.mutate(
        record_ref=rows.crime_ref,
        steps=rows.steps.fill_null(0),
        in_order=ibis.cases((rows.steps > 1, ~rows.backs)),
        reworked=any_true(rows.again, silent),
    ).select(*COLUMNS)


def _with_steps_owed(rows: ibis.Table, held: Held, taken: ibis.Table) -> ibis.Table:
    """The crimes with `owes_KEY` and `took_KEY`. Whoever was charged was decided on, event or none."""
    asked = sorted({f"no_{kind}_is_no" for step in OWN for kind in step.kinds} - set(rows.columns))
    rows = beside(with_answers(rows, held, *asked), _first_days(taken), CRIME)
    rows = beside(rows, crimes_with_holes(held, {f"{step.key}_holes": step.kinds for step in OWN}), CRIME)
    found = {step.key: ~rows[f"day_of_{step.key}"].isnull() for step in OWN}
    found[DECIDED] = found[DECIDED] | rows.charged.fill_null(False)
    owes = {f"owes_{step.key}": _owed(rows, step) for step in OWN}
    took = {f"took_{step.key}": any_true(found[step.key], silence_is_no(rows, step.key, step.kinds)) for step in OWN}
    drop = [name for name in rows.columns if name in asked or name.startswith("day_of_") or name.endswith("_holes")]
    return rows.mutate(**owes, **took).drop(*drop)


def _events() -> list[tuple[str, tuple[str, ...], int]]:
    """Key, kinds and place of every step but the report."""
    return [(s.key, s.kinds, n) for n, s in enumerate(reference.course().all, start=1) if s.key != REPORTED]


def _reports(crime: ibis.Table) -> ibis.Table:
    return crime.select(*CRIME, step=ibis.literal(REPORTED), place=ibis.literal(1, "int64"), day=crime.report_day)


def _first(steps: ibis.Table, key: str, kinds: tuple[str, ...], place: int) -> ibis.Table:
    told = steps.filter(steps.kind.isin(kinds) & ~steps.crime_ref.isnull())
    found = told.group_by(CRIME).aggregate(day=told.starts_day.min())
    return found.select(*CRIME, step=ibis.literal(key), place=ibis.literal(place, "int64"), day=found.day)
