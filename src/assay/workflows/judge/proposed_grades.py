"""Propose grades for each force from the released figures, and keep them with their evidence.

The stage `judgement` uses only figures with disclosure control applied, so that no grade rests on a suppressed count.
The panel's decisions on it are in `grading_stage`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from assay.engine.provenance import read_stage
from assay.engine.stage_runner import StageOutput
from assay.facts.inspection_run import InspectionRun
from assay.grading.force_evidence import EvidenceTables
from assay.grading.force_proposals import AlternativeTables, propose_grades
from assay.grading.force_proposals import proposal_tables as tables_of
from assay.grading.grading_rules import Rules, rules
from assay.indicators.indicator_catalogue import indicators
from assay.ingest.stage_names import JUDGEMENT
from assay.workflows.judge.grading_stage import SEALED_SCHEMA
from assay.workflows.judge.inspection_plan import sealed_rules
from assay.workflows.release.prepared_tables import PreparedTables
from assay.workflows.release.release_inputs import RELEASE_PACKAGES, StageInputs
from assay.workflows.run.definition_trials import released_trials, trial_stages
from assay.workflows.run.lessons_stage import STAGE as LESSONS


def run_grading_stage(run: InspectionRun, prepared: PreparedTables, dependencies: StageInputs) -> None:
    """Stage: propose grades for every force that is graded, from the released figures."""
    forces = [
        code for code, organisation in run.inspection.request.organisations.items() if not organisation.is_national
    ]
    original_rules, stages = sealed_rules(run.folder), trial_stages(run)

    def make() -> StageOutput:
        run.progress("Proposing grades", 0, 0)
        alternative_ladders = pa.concat_tables([read_stage(run.folder, stage, "ladders") for stage in stages])
        lessons, claims = (read_stage(run.folder, LESSONS, name) for name in ("lessons_applied", "claim_tests"))
        released_tables, evidence_rows = prepared.safe, prepared.released_evidence
        rows = (
            released_tables["ladders"],
            released_tables["force_estimates"],
            evidence_rows,
            lessons,
            released_tables["indicator_spread"],
            claims,
            released_tables["combined_tests"],
        )
        tables = EvidenceTables(*(table.to_pylist() for table in rows))
        output_tables = tables_of(
            tables,
            indicators(),
            forces,
            rules(),
            list(
                _alternative_tables(
                    run,
                    alternative_ladders,
                    released_tables["ladders"],
                    (evidence_rows, lessons),
                    claims,
                    released_tables["combined_tests"],
                )
            ),
        )
        output_tables["sealed_grades"] = _sealed_rule_grades(original_rules, tables, forces, output_tables["grades"])
        row_count = sum(table.num_rows for table in rows)
        return StageOutput(output_tables, row_count, row_count)

    stage_inputs = dependencies.extended(
        run.stage_runner.outputs_of(LESSONS, *stages), **{"sealed rules": repr(original_rules)}
    )
    run.stage_runner.run_stage(
        JUDGEMENT, make, packages=RELEASE_PACKAGES, inputs=stage_inputs.inputs, settings=stage_inputs.settings
    )


def _alternative_tables(
    run: InspectionRun,
    ladders: pa.Table,
    released_ladders: pa.Table,
    source_tables: tuple[pa.Table, pa.Table],
    claims: pa.Table,
    combined_tests: pa.Table,
) -> Iterator[AlternativeTables]:
    """Return the tables on which grades would rest under other definitions and other record linkage.

    Combined tests are not repeated under each definition: their alerts are those of the main one.
    """
    sources, lessons = (table.to_pylist() for table in source_tables)
    for key, description, released_tables in released_trials(run, ladders, released_ladders):
        ladder, estimates, spread = (
            released_tables[name] for name in ("ladders", "force_estimates", "indicator_spread")
        )
        tables = EvidenceTables(
            ladder, estimates, sources, lessons, spread, claims.to_pylist(), combined_tests.to_pylist()
        )
        yield AlternativeTables(key, description, tables)


def _sealed_rule_grades(
    sealed_grade_rules: Rules | None, tables: EvidenceTables, forces: list[str], grades: pa.Table
) -> pa.Table:
    """Return the grades that the first sealed rules would propose, if the current rules differ."""
    if sealed_grade_rules is None:
        return SEALED_SCHEMA.empty_table()
    proposed_grades = {(row["place_code"], row["line"]): row["proposed"] for row in grades.to_pylist()}
    proposals = propose_grades(tables, indicators(), forces, sealed_grade_rules)
    rows = [
        {
            "place_code": proposal.place,
            "line": proposal.line,
            "sealed": proposal.grade,
            "proposed": proposed_grades[proposal.place, proposal.line],
        }
        for proposal in proposals
    ]
    return pa.Table.from_pylist(rows, SEALED_SCHEMA)
