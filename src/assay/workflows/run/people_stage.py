"""Whom do the figures stand for: who was served worse, who the suspects are, what is recorded, and what went with what?

After forces have been set side by side: the same answers, by who the victims and suspects are and over time.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from assay import compare, engine, reference, stats
from assay import facts as records
from assay import indicators as indicators_package
from assay.compare.approach_comparison import approaches_seen
from assay.compare.disparities import served
from assay.compare.stratified_comparison import alike_compared
from assay.compare.workload import cases_a_post
from assay.contract import question_sets
from assay.engine.provenance import read_stage
from assay.engine.stage_runner import Made
from assay.facts.inspection_run import Run
from assay.indicators.catalogue.assessments.profile_tables import profiles_seen
from assay.indicators.catalogue.assessments.recorded_fields import fields_recorded
from assay.indicators.catalogue.assessments.risk_tiers import tiers
from assay.indicators.catalogue.assessments.suspect_counts import CHARACTERISTICS, suspects_counted
from assay.indicators.catalogue.responses.course_base import course_followed
from assay.indicators.catalogue.responses.course_variants import course_variants
from assay.indicators.catalogue.responses.missing_steps import course_missing
from assay.indicators.catalogue.responses.next_steps import course_next
from assay.indicators.indicator_answerability import Sent
from assay.indicators.indicator_catalogue import forms, indicators, waits_asked
from assay.indicators.monthly_results import monthly
from assay.indicators.stratified_outcomes import alike
from assay.indicators.subgroup_breakdown import barred_of, parted, without

STAGE = "people"
RELEASED = (
    "served", "served_waits", "not_parted", "suspects_all", "suspects_counted", "people_described", "fields_recorded",
    "tiers", "tier_order", "approaches_seen", "alike_compared", "course_variants", "course_missing", "course_next",
    "profiles_seen",
)  # fmt: skip


def set_people_side_by_side(run: Run) -> None:
    """The tables of `RELEASED`, and what they were made of."""
    names = [Path(name).stem for name in run.book.outputs_of("records")]
    paths = {name: run.folder / "records" / f"{name}.parquet" for name in names}

    def make() -> Made:
        answers = read_stage(run.folder, "enquiries", "answers")
        sent = Sent.of({name: run.together(name) for name in ("covers", "kinds", "columns")})
        with run.expressions() as at_work:
            facts = {name: run.open(at_work, name, [path], STAGE) for name, path in paths.items()}
            split = parted(forms(), facts, at_work, answers)
            panel = monthly(indicators(), facts, at_work, answers)
            made = {**split, "monthly": panel, **tiers(facts, at_work), **fields_recorded(facts, at_work)}
            made |= suspects_counted(facts, at_work, tuple(run.inspection.request.bodies), _sent(run, sent))
            made |= {
                "alike": alike(indicators(), facts, at_work, answers),
                "course_variants": course_variants(facts, at_work),
                "course_missing": course_missing(facts, at_work, run.inspection.request.bodies),
                "course_next": course_next(facts, at_work, _barred_from_the_course(run)),
                "profiles_seen": profiles_seen(facts, at_work),
            }
            spells, posts = at_work.run(facts["approach"]), at_work.run(facts["team_month"])
            sql = at_work.statements
        made |= _served(run, split)
        made["approaches_seen"] = _approaches(run, spells, posts, panel, sent)
        made["alike_compared"] = _alike(run, made["alike"])
        return Made(made, answers.num_rows, answers.num_rows, sql=sql)

    rooms = (reference, records, indicators_package, compare, question_sets, stats, engine)
    inputs = run.book.outputs_of("records", "enquiries") | run.from_returns(("covers", "kinds", "columns"))
    run.book.stage(STAGE, make, rooms=rooms, inputs=inputs, settings=run.asked)


def _forces(run: Run) -> list[str]:
    return sorted({one.body for one in run.held} & set(run.inspection.request.bodies))


def _sent(run: Run, sent: Sent) -> dict[str, list[str]]:
    """By column of involvements, and '' for the table: the bodies that sent it."""
    needs = {"": "involvements"} | {column: f"involvements.{column}" for column in CHARACTERISTICS.values()}
    return {column: [force for force in _forces(run) if sent.has(force, need)] for column, need in needs.items()}


def _served(run: Run, split: dict[str, pa.Table]) -> dict[str, pa.Table]:
    barred = barred_of(read_stage(run.folder, "enquiries", "ladders"))
    barred_waits = barred_of(read_stage(run.folder, "enquiries", "wait_medians"), "wait")
    endings = {form.key: form.ends[0] for form in waits_asked()}
    return served(
        without(split["parted"], "indicator", barred),
        without(split["parted_waits"], "wait", barred_waits),
        endings,
    )


def _barred_from_the_course(run: Run) -> set[str]:
    counts = barred_of(read_stage(run.folder, "enquiries", "counts"), "count")
    return {place for count, place in counts if count == course_followed.key}


def _alike(run: Run, answers: pa.Table) -> pa.Table:
    barred = barred_of(read_stage(run.folder, "enquiries", "ladders"))
    titles = {one.key: one.title for one in indicators()}
    return alike_compared(without(answers, "indicator", barred), titles)


def _approaches(run: Run, spells: pa.Table, posts: pa.Table, panel: pa.Table, sent: Sent) -> pa.Table:
    titles = {one.key: one.title for one in indicators()}
    request = run.inspection.request
    period = (f"{request.period_from:%Y-%m}", f"{request.period_to:%Y-%m}")
    forces = [force for force in _forces(run) if sent.has(force, "approaches")]
    return approaches_seen(spells, panel, titles, period, forces, cases_a_post(posts))
