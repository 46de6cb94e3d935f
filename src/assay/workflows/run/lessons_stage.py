"""Were past lessons applied, are claims so, and when did practice change: kept with their evidence.

The stage `lessons`. What is tested is tested on the figures as they are released; what changed month by month is worked
out from exact counts, of which only what follows from them goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.engine.provenance import read_stage
from assay.engine.stage_runner import Made
from assay.facts.inspection_run import Run
from assay.indicators import MET, NOT_MET
from assay.indicators.catalogue.lessons.force_claims import claims_table
from assay.indicators.catalogue.lessons.practice_change import DAYS, changed_table
from assay.indicators.catalogue.lessons.recommendation_register import lessons, register_table
from assay.indicators.catalogue.lessons.recommendations_applied import applied_table
from assay.indicators.indicator_catalogue import indicators
from assay.workflows.judge.inspection_plan import notice_day
from assay.workflows.release.prepared_tables import PreparedTables
from assay.workflows.release.release_inputs import ROOMS, RestsOn

STAGE = "lessons"
READ = ["force_code", "about_kind", "about_key", "claimed_value", "claimed_status", "said_on"]
"""The columns of the table `claims` that are read."""


def hold_lessons(run: Run, prepared: PreparedTables, rests_on: RestsOn) -> None:
    """A stage: the register, what is applied, the claims, and what changed."""
    run.permission.ask("claims", "facts", run.files("claims"), STAGE)
    notice = notice_day(run.folder)

    def make() -> Made:
        claims = run.together("claims").select(READ)
        made = _made(run, claims, prepared, notice)
        taken = prepared.safe["ladders"].num_rows + claims.num_rows
        return Made(made, taken, taken)

    inputs = run.book.outputs_of("records") | run.from_returns(("claims",))
    own = rests_on.also(inputs, notice=notice.isoformat() if notice else "")
    run.book.stage(STAGE, make, rooms=ROOMS, inputs=own.inputs, settings=own.settings)


def _made(run: Run, claims: pa.Table, prepared: PreparedTables, notice: date | None) -> dict[str, pa.Table]:
    request, forms = run.inspection.request, {form.key: form for form in indicators()}
    forces = [code for code, body in request.bodies.items() if not body.national]
    period = (f"{request.period_from:%Y-%m}", f"{request.period_to:%Y-%m}")
    ladders, told = prepared.safe["ladders"].to_pylist(), claims.to_pylist()
    of_lessons = [row for row in told if row["about_kind"] == "recommendation"]
    applied = applied_table(ladders, prepared.safe_strands.to_pylist(), of_lessons, forms, forces)
    scale = prepared.safe["scale_claims"].to_pylist()
    return {
        "lessons_register": register_table({key: form.title for key, form in forms.items()}),
        "lessons_applied": applied,
        "claims_tested": claims_table(told, ladders, applied.to_pylist(), scale, forms, forces),
        "practice_changed": changed_table(_months(run, forces), forms, period, notice),
    }


def tested_indicators() -> tuple[str, ...]:
    """The indicators by which a recommendation to the police is tested, and the graded duties, that have a day."""
    asked = {key for one in lessons() for key in one.test.indicators}
    return tuple(form.key for form in indicators() if form.record in DAYS and (form.graded or form.key in asked))


def _months(run: Run, forces: list[str]) -> list[dict[str, Any]]:
    """By force, indicator and month: how many met, of those that tell."""
    forms = {form.key: form for form in indicators()}
    wanted = tested_indicators()
    answers = read_stage(run.folder, "enquiries", "answers")
    told = pc.and_(_among(answers["answer"], [MET, NOT_MET]), _among(answers["indicator"], wanted))
    answers = answers.filter(pc.and_(told, _among(answers["force_code"], forces)))
    found: list[dict[str, Any]] = []
    for record, day in DAYS.items():
        keys = [key for key in wanted if forms[key].record == record]
        path = run.folder / "records" / f"{record}.parquet"
        if keys and path.is_file():
            days = pq.read_table(path, columns=["force_code", "record_ref", day])
            mine = answers.filter(_among(answers["indicator"], keys)).join(days, ["force_code", "record_ref"])
            found += _counted(mine, day)
    return found


def _among(values: pa.ChunkedArray, chosen: Iterable[str]) -> pa.ChunkedArray:
    return pc.is_in(values, value_set=pa.array(chosen, pa.string()))


def _counted(mine: pa.Table, day: str) -> list[dict[str, Any]]:
    mine = mine.filter(pc.is_valid(mine[day]))
    month = pc.strftime(mine[day].cast(pa.timestamp("s")), format="%Y-%m")
    mine = mine.append_column("month", month).append_column("is_met", pc.equal(mine["answer"], MET).cast(pa.int64()))
    both = mine.group_by(["force_code", "indicator", "month"]).aggregate([("is_met", "sum"), ("is_met", "count")])
    rows: list[dict[str, Any]] = both.rename_columns(["force_code", "indicator", "month", "met", "base"]).to_pylist()
    return rows
