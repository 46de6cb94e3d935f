"""What is proposed of each force, kept with its evidence?

The stage `judgement` is made of the figures as disclosure lets them out, so that nobody's grade rests on what cannot be
seen. What the panel decides of it is in `judged`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from assay.engine.provenance import read_stage
from assay.engine.stage_runner import Made
from assay.facts.inspection_run import Run
from assay.grading.characteristic_evidence import Tables
from assay.grading.force_proposals import Other, judge
from assay.grading.force_proposals import judgement as tables_of
from assay.grading.grading_rules import Rules, rules
from assay.indicators.indicator_catalogue import indicators
from assay.ingest.stage_names import JUDGEMENT
from assay.workflows.judge.grading_stage import SEALED
from assay.workflows.judge.inspection_plan import sealed_rules
from assay.workflows.release.prepared_tables import PreparedTables
from assay.workflows.release.release_inputs import ROOMS, RestsOn
from assay.workflows.run.definition_trials import as_seen, stages_tried
from assay.workflows.run.lessons_stage import STAGE as LESSONS


def judge_forces(run: Run, prepared: PreparedTables, rests_on: RestsOn) -> None:
    """A stage: what is proposed of every force that is rated, from what everyone will see."""
    forces = [code for code, body in run.inspection.request.bodies.items() if not body.national]
    sealed, stages = sealed_rules(run.folder), stages_tried(run)

    def make() -> Made:
        run.progress("Proposing grades", 0, 0)
        tried = pa.concat_tables([read_stage(run.folder, stage, "ladders") for stage in stages])
        lessons, claims = (read_stage(run.folder, LESSONS, name) for name in ("lessons_applied", "claims_tested"))
        safe, strands = prepared.safe, prepared.safe_strands
        rows = (safe["ladders"], safe["standing"], strands, lessons, safe["indicator_spread"], claims)
        tables = Tables(*(table.to_pylist() for table in rows))
        made = tables_of(tables, indicators(), forces, rules(), list(_others(run, tried, strands, lessons, claims)))
        made["grades_sealed"] = _under(sealed, tables, forces, made["grades"])
        taken = sum(table.num_rows for table in rows)
        return Made(made, taken, taken)

    own = rests_on.also(run.book.outputs_of(LESSONS, *stages), **{"sealed rules": repr(sealed)})
    run.book.stage(JUDGEMENT, make, rooms=ROOMS, inputs=own.inputs, settings=own.settings)


def _others(run: Run, ladders: pa.Table, strands: pa.Table, lessons: pa.Table, claims: pa.Table) -> Iterator[Other]:
    """What forces would be judged by under other definitions and with other persons."""
    beside = strands.to_pylist(), lessons.to_pylist()
    for key, says, seen in as_seen(run, ladders):
        ladder, standing, spread = (seen[name] for name in ("ladders", "standing", "indicator_spread"))
        yield Other(key, says, Tables(ladder, standing, *beside, spread, claims.to_pylist()))


def _under(sealed: Rules | None, tables: Tables, forces: list[str], grades: pa.Table) -> pa.Table:
    """What would be proposed under the rules as they were first sealed, where those in use are others."""
    if sealed is None:
        return SEALED.empty_table()
    now = {(row["place_code"], row["line"]): row["proposed"] for row in grades.to_pylist()}
    made = judge(tables, indicators(), forces, sealed)
    rows = [{"place_code": one.place, "line": one.line, "sealed": one.grade, "proposed": now[one.place, one.line]}
            for one in made]  # fmt: skip
    return pa.Table.from_pylist(rows, SEALED)
