"""Stage `people`: disparities between groups, suspects, recorded characteristics and associations.

It runs after the comparison of forces and uses the same answers, by the characteristics of victims and suspects and
over time.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from assay import compare, engine, linkage, reference, stats
from assay import facts as records
from assay import indicators as indicators_package
from assay.compare.approach_comparison import compare_approaches
from assay.compare.disparities import measure_disparities
from assay.compare.stratified_comparison import compare_within_strata
from assay.compare.workload import cases_per_post
from assay.contract import question_sets
from assay.engine.provenance import read_stage
from assay.engine.stage_runner import StageOutput
from assay.facts.inspection_run import InspectionRun
from assay.indicators.catalogue.assessments.profile_tables import problem_profile_checks
from assay.indicators.catalogue.assessments.recorded_characteristics import field_completeness
from assay.indicators.catalogue.assessments.risk_tiers import tiers
from assay.indicators.catalogue.assessments.suspect_counts import CHARACTERISTICS, count_suspects
from assay.indicators.catalogue.responses.case_course_indicators import course_followed
from assay.indicators.catalogue.responses.course_tables import case_step_sequences, missing_step_table, next_step_table
from assay.indicators.indicator_answerability import SubmittedData
from assay.indicators.indicator_catalogue import forms, indicators, waits
from assay.indicators.monthly_results import monthly
from assay.indicators.stratified_outcomes import compare_strata
from assay.indicators.subgroup_breakdown import break_down, drop_unanswerable, unanswerable_pairs

STAGE = "people"
RELEASED_TABLES = (
    "disparities", "wait_disparities", "without_breakdown", "suspects_by_age", "suspects_by_characteristic",
    "person_records", "field_completeness", "tiers", "tier_order", "approach_associations", "stratified_comparisons",
    "case_step_sequences", "missing_case_steps", "next_case_steps", "problem_profile_checks",
)  # fmt: skip


def run_people_stage(run: InspectionRun) -> None:
    """Stage: the tables of `RELEASED_TABLES`, and the tables from which they are computed."""
    names = [Path(name).stem for name in run.stage_runner.outputs_of("records")]
    paths = {name: run.folder / "records" / f"{name}.parquet" for name in names}

    def make() -> StageOutput:
        answers = read_stage(run.folder, "enquiries", "answers")
        supplied_columns = SubmittedData.from_returns(
            {name: run.concatenate_returns(name) for name in ("covers", "kinds", "columns")}
        )
        with run.open_engine() as expressions:
            facts = {name: run.open_table(expressions, name, [path], STAGE) for name, path in paths.items()}
            breakdowns = break_down(forms(), facts, expressions, answers)
            panel = monthly(indicators(), facts, expressions, answers)
            tables = {
                **breakdowns,
                "monthly": panel,
                **tiers(facts, expressions),
                **field_completeness(facts, expressions),
            }
            tables |= count_suspects(
                facts,
                expressions,
                tuple(run.inspection.request.organisations),
                _supplying_forces(run, supplied_columns),
            )
            tables |= {
                "alike": compare_strata(indicators(), facts, expressions, answers),
                "case_step_sequences": case_step_sequences(facts, expressions),
                "missing_case_steps": missing_step_table(facts, expressions, run.inspection.request.organisations),
                "next_case_steps": next_step_table(facts, expressions, _forces_without_course(run)),
                "problem_profile_checks": problem_profile_checks(facts, expressions),
            }
            spells, posts = expressions.run(facts["approach"]), expressions.run(facts["team_month"])
            sql = expressions.statements
        tables |= _disparity_tables(run, breakdowns)
        tables["approach_associations"] = _approaches(run, spells, posts, panel, supplied_columns)
        tables["stratified_comparisons"] = _association_table(run, tables["alike"])
        return StageOutput(tables, answers.num_rows, answers.num_rows, sql=sql)

    packages = (reference, linkage, records, indicators_package, compare, question_sets, stats, engine)
    inputs = run.stage_runner.outputs_of("records", "enquiries") | run.return_inputs(("covers", "kinds", "columns"))
    run.stage_runner.run_stage(STAGE, make, packages=packages, inputs=inputs, settings=run.request_settings)


def _forces(run: InspectionRun) -> list[str]:
    return sorted(
        {accepted_return.force_code for accepted_return in run.accepted_returns}
        & set(run.inspection.request.organisations)
    )


def _supplying_forces(run: InspectionRun, supplied_columns: SubmittedData) -> dict[str, list[str]]:
    """Return by column of involvements, and '' for the table, the forces that supplied it."""
    needs = {"": "involvements"} | {column: f"involvements.{column}" for column in CHARACTERISTICS.values()}
    return {
        column: [force for force in _forces(run) if supplied_columns.has(force, need)] for column, need in needs.items()
    }


def _disparity_tables(run: InspectionRun, breakdowns: dict[str, pa.Table]) -> dict[str, pa.Table]:
    barred = unanswerable_pairs(read_stage(run.folder, "enquiries", "ladders"))
    barred_waits = unanswerable_pairs(read_stage(run.folder, "enquiries", "wait_medians"), "wait")
    endings = {form.key: form.ends[0] for form in waits()}
    return measure_disparities(
        drop_unanswerable(breakdowns["parted"], "indicator", barred),
        drop_unanswerable(breakdowns["parted_waits"], "wait", barred_waits),
        endings,
    )


def _forces_without_course(run: InspectionRun) -> set[str]:
    counts = unanswerable_pairs(read_stage(run.folder, "enquiries", "counts_by_definition"), "count")
    return {place for count, place in counts if count == course_followed.key}


def _association_table(run: InspectionRun, answers: pa.Table) -> pa.Table:
    barred = unanswerable_pairs(read_stage(run.folder, "enquiries", "ladders"))
    titles = {indicator.key: indicator.title for indicator in indicators()}
    return compare_within_strata(drop_unanswerable(answers, "indicator", barred), titles)


def _approaches(
    run: InspectionRun, spells: pa.Table, posts: pa.Table, panel: pa.Table, supplied_columns: SubmittedData
) -> pa.Table:
    titles = {indicator.key: indicator.title for indicator in indicators()}
    request = run.inspection.request
    period = (f"{request.period_from:%Y-%m}", f"{request.period_to:%Y-%m}")
    forces = [force for force in _forces(run) if supplied_columns.has(force, "approaches")]
    return compare_approaches(spells, panel, titles, period, forces, cases_per_post(posts))
