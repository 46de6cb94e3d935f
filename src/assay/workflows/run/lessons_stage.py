"""Stage `lessons`: test past recommendations and forces' claims about themselves, and estimate when practice changed.

Tests use the figures as released. Monthly changes are derived from exact counts, of which only the conclusions are
passed on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.engine.provenance import read_stage
from assay.engine.stage_runner import StageOutput
from assay.facts.inspection_run import InspectionRun
from assay.indicators import MET, NOT_MET
from assay.indicators.catalogue.lessons.force_claims import claims_table
from assay.indicators.catalogue.lessons.practice_change import DAYS, MonthlyCountRow, change_table
from assay.indicators.catalogue.lessons.recommendation_register import lessons, register_table
from assay.indicators.catalogue.lessons.recommendations_applied import applied_table
from assay.indicators.indicator_catalogue import indicators
from assay.workflows.judge.inspection_plan import notice_day
from assay.workflows.release.prepared_tables import PreparedTables
from assay.workflows.release.release_inputs import RELEASE_PACKAGES, StageInputs

STAGE = "lessons"
CLAIM_COLUMNS = ["force_code", "about_kind", "about_key", "claimed_value", "claimed_status", "said_on"]
"""The columns of the table `claims` that are read."""


def run_lessons_stage(run: InspectionRun, prepared: PreparedTables, dependencies: StageInputs) -> None:
    """Stage: past recommendations, which of them are implemented, forces' claims, and changes of practice."""
    run.permission.require("claims", "facts", run.table_files("claims"), STAGE)
    notice = notice_day(run.folder)

    def make() -> StageOutput:
        claims = run.concatenate_returns("claims").select(CLAIM_COLUMNS)
        tables = _lesson_tables(run, claims, prepared, notice)
        row_count = prepared.safe["ladders"].num_rows + claims.num_rows
        return StageOutput(tables, row_count, row_count)

    inputs = run.stage_runner.outputs_of("records") | run.return_inputs(("claims",))
    stage_inputs = dependencies.extended(inputs, notice=notice.isoformat() if notice else "")
    run.stage_runner.run_stage(
        STAGE, make, packages=RELEASE_PACKAGES, inputs=stage_inputs.inputs, settings=stage_inputs.settings
    )


def _lesson_tables(
    run: InspectionRun, claims: pa.Table, prepared: PreparedTables, notice: date | None
) -> dict[str, pa.Table]:
    request, forms = run.inspection.request, {form.key: form for form in indicators()}
    forces = [code for code, organisation in request.organisations.items() if not organisation.is_national]
    period = (f"{request.period_from:%Y-%m}", f"{request.period_to:%Y-%m}")
    ladders, claim_rows = prepared.safe["ladders"].to_pylist(), claims.to_pylist()
    recommendation_claims = [row for row in claim_rows if row["about_kind"] == "recommendation"]
    applied = applied_table(ladders, prepared.released_evidence.to_pylist(), recommendation_claims, forms, forces)
    scale = prepared.safe["scale_claims"].to_pylist()
    return {
        "lessons_register": register_table({key: form.title for key, form in forms.items()}),
        "lessons_applied": applied,
        "claim_tests": claims_table(claim_rows, ladders, applied.to_pylist(), scale, forms, forces),
        "practice_change_points": change_table(_monthly_counts(run, forces), forms, period, notice),
    }


def tested_indicators() -> tuple[str, ...]:
    """Return the keys of the indicators of dated records that test a past recommendation or may grade a force."""
    tested_keys = {key for lesson in lessons() for key in lesson.test.indicators}
    return tuple(form.key for form in indicators() if form.record in DAYS and (form.graded or form.key in tested_keys))


def _monthly_counts(run: InspectionRun, forces: list[str]) -> list[MonthlyCountRow]:
    """Return by force, indicator and month the number met, and the number of records with a known answer."""
    forms = {form.key: form for form in indicators()}
    tested_keys = tested_indicators()
    answers = read_stage(run.folder, "enquiries", "answers")
    is_known = pc.and_(_is_in(answers["answer"], [MET, NOT_MET]), _is_in(answers["indicator"], tested_keys))
    answers = answers.filter(pc.and_(is_known, _is_in(answers["force_code"], forces)))
    found: list[MonthlyCountRow] = []
    for record, day in DAYS.items():
        keys = [key for key in tested_keys if forms[key].record == record]
        path = run.folder / "records" / f"{record}.parquet"
        if keys and path.is_file():
            days = pq.read_table(path, columns=["force_code", "record_ref", day])
            dated_answers = answers.filter(_is_in(answers["indicator"], keys)).join(days, ["force_code", "record_ref"])
            found += _count_by_month(dated_answers, day)
    return found


def _is_in(values: pa.ChunkedArray, selected: Iterable[str]) -> pa.ChunkedArray:
    return pc.is_in(values, value_set=pa.array(selected, pa.string()))


def _count_by_month(dated_answers: pa.Table, day: str) -> list[MonthlyCountRow]:
    dated_answers = dated_answers.filter(pc.is_valid(dated_answers[day]))
    month = pc.strftime(dated_answers[day].cast(pa.timestamp("s")), format="%Y-%m")
    dated_answers = dated_answers.append_column("month", month).append_column(
        "is_met", pc.equal(dated_answers["answer"], MET).cast(pa.int64())
    )
    monthly = dated_answers.group_by(["force_code", "indicator", "month"]).aggregate(
        [("is_met", "sum"), ("is_met", "count")]
    )
    rows: list[MonthlyCountRow] = monthly.rename_columns(
        ["force_code", "indicator", "month", "met", "base"]
    ).to_pylist()
    return rows
