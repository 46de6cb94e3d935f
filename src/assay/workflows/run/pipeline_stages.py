"""Define the stages of the pipeline, in order, from answerability to triangulation.

A stage asks for permission before it first reads a table, and no stage after `persons` reads a column that identifies a
person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import (
    compare,
    contract,
    engine,
    feedback,
    ingest,
    linkage,
    privacy,
    reference,
    stats,
)
from assay import (
    facts as records,
)
from assay import (
    indicators as indicators_package,
)
from assay.compare.failure_mode_tests import compare_with_failure_modes
from assay.contract import question_sets
from assay.contract.separated_columns import IDENTITIES
from assay.engine.expressions import ExpressionEngine
from assay.engine.provenance import read_stage, sources_hash
from assay.engine.stage_runner import StageOutput
from assay.errors import PurposeRefused
from assay.facts.fact_inputs import build_lookup_tables
from assay.facts.fact_tables import derive_fact_tables
from assay.facts.inspection_run import InspectionRun, with_added_columns
from assay.feedback.transferred_crime_letter import transferred_crime_letters
from assay.grading.triangulation import build_triangulation_stage
from assay.indicators.failure_mode_measures import MEASURES_OF_MODE
from assay.indicators.indicator_answers import evaluate_indicators
from assay.indicators.indicator_catalogue import forms, indicators
from assay.ingest import question_answerability
from assay.ingest.accepted_returns import AcceptedReturn, part_stage
from assay.ingest.stage_names import PREVIOUS_ALERTS
from assay.ingest.transferred_crimes import unmatched_transfers
from assay.linkage import groups
from assay.sdc import policy
from assay.workflows.receive.other_sender_intake import run_voices_stage
from assay.workflows.run.assessment_narratives import read_narratives
from assay.workflows.run.confirmed_texts import run_confirmed_stage
from assay.workflows.run.definition_trials import POLICY, rounding_of, run_definition_stage
from assay.workflows.run.hidden_estimate_stage import run_hidden_estimate_stage
from assay.workflows.run.people_stage import run_people_stage
from assay.workflows.run.previous_inspections import previous_alerts
from assay.workflows.run.scale_stage import run_scale_stage
from assay.workflows.run.text_stage import run_text_stage

DECLARATION_TABLES = ("returns", "covers", "kinds", "columns", "incomplete")
"""The additional tables that describe a return and that facts read."""
STAGE_TABLES_FOR_FACTS = {
    "persons": ("list_people", "ages_then"), "groups": ("found_persons", "found_crimes"), "narratives": ("narratives",),
}  # fmt: skip
"""The tables of earlier stages that facts read."""

FACT_SOURCES = (reference, linkage, records)
"""The packages with the expressions of the facts; a change in one of them makes a new plan and a new stage."""


def run_answerability_stage(run: InspectionRun) -> None:
    """Stage: assess the answerability of every question for every force."""

    def make() -> StageOutput:
        declaration_tables = {name: run.concatenate_returns(name) for name in question_answerability.RETURN_TABLES}
        rows = question_answerability.assess_answerability(declaration_tables, run.inspection.request.organisations)
        row_count = sum(table.num_rows for table in declaration_tables.values())
        return StageOutput({"answerability": rows}, row_count, row_count)

    inputs = run.return_inputs(question_answerability.RETURN_TABLES)
    run.stage_runner.run_stage(
        "answerability",
        make,
        packages=(reference, ingest, contract, feedback, privacy),
        inputs=inputs,
        settings=run.request_settings,
    )


def run_linkage_stage(run: InspectionRun) -> None:
    """Stage: link records of persons across all forces (record linkage)."""
    rows = run.count_rows(*run.table_files("involvements"), *run.table_files("agencies"))

    def make() -> StageOutput:
        linkable_returns = [
            accepted_return
            for accepted_return in run.accepted_returns
            if _identities_of(run, accepted_return, "involvements").is_file()
        ]
        tables: dict[str, list[pa.Table]] = {name: [] for name in linkage.OUTPUT_TABLES}
        linkage_tables: dict[str, pa.Table] = {}
        files: Mapping[str, str] = {}
        sql: Sequence[str] = ()
        if linkable_returns:
            linked, sql = _link_records(run, linkable_returns)
            for name in linkage.OUTPUT_TABLES:
                tables[name].append(linked.tables[name])
            linkage_tables, files = {name: linked.tables[name] for name in linkage.DIAGNOSTIC_TABLES}, linked.files
        for accepted_return in (
            accepted_return for accepted_return in run.accepted_returns if accepted_return not in linkable_returns
        ):
            for name, table in _sender_linkage(run, accepted_return).items():
                tables[name].append(table)
        output_tables = {name: pa.concat_tables(parts) for name, parts in tables.items()} | linkage_tables
        return StageOutput(
            output_tables,
            rows,
            output_tables["people"].num_rows + output_tables["list_people"].num_rows,
            sql=sql,
            files=files,
        )

    inputs = run.return_inputs((*linkage.INPUT_TABLES, *linkage.OUTPUT_TABLES, "incomplete"))
    parts = [part_stage(IDENTITIES, accepted_return.stage) for accepted_return in run.accepted_returns]
    known = run.stage_runner.outputs_of(*(part for part in parts if part in run.stage_runner.receipts))
    inputs |= {name: value for name, value in known.items() if Path(name).stem in linkage.IDENTITY_TABLES}
    settings = {"engine": run.inspection.engine_location.engine}
    run.stage_runner.run_stage("persons", make, packages=(linkage, engine), inputs=inputs, settings=settings)


def _link_records(
    run: InspectionRun, linkable_returns: Sequence[AcceptedReturn]
) -> tuple[linkage.PersonLinkage, Sequence[str]]:
    """Link the records of persons in these returns, and derive their ages."""
    files = {
        name: [run.folder / accepted_return.stage / f"{name}.parquet" for accepted_return in linkable_returns]
        for name in linkage.INPUT_TABLES
    }
    for name, paths in files.items():
        run.permission.require(name, "linkage", paths, "persons")
    identities = {
        identity_table: [_identities_of(run, accepted_return, name) for accepted_return in linkable_returns]
        for name, identity_table in linkage.IDENTITY_TABLES.items()
    }
    identity_paths = [path for paths in identities.values() for path in paths]
    run.permission.require(IDENTITIES, "linkage", identity_paths, "persons")
    incomplete = [run.folder / accepted_return.stage / "incomplete.parquet" for accepted_return in linkable_returns]
    with run.open_engine() as expressions:
        paths_by_table = {**files, **identities, "incomplete": incomplete}
        input_tables = {
            name: with_added_columns(name, expressions.table(name, paths)) for name, paths in paths_by_table.items()
        }
        linked = linkage.link_persons(expressions, input_tables, where=run.inspection.engine_location)
        return linked, (*expressions.statements, *linked.linked.sql)


def _identities_of(run: InspectionRun, accepted_return: AcceptedReturn, name: str) -> Path:
    return run.folder / part_stage(IDENTITIES, accepted_return.stage) / f"{name}.parquet"


def _sender_linkage(run: InspectionRun, accepted_return: AcceptedReturn) -> dict[str, pa.Table]:
    """Return the sender's own record linkage of a bundle whose identities may not be read.

    Raises
    ------
    PurposeRefused
        If the identities of the return are destroyed.
    """
    if not (run.folder / accepted_return.stage / "people.parquet").is_file():
        raise PurposeRefused(
            f"{part_stage(IDENTITIES, accepted_return.stage)} is destroyed. Without it, records can no longer be "
            "linked to persons, so nothing in this inspection can be counted again. Earlier results stay as they are."
        )
    return {name: read_stage(run.folder, accepted_return.stage, name) for name in linkage.OUTPUT_TABLES}


def run_groups_stage(run: InspectionRun) -> None:
    """Stage: detect groups of persons across all forces."""

    def make() -> StageOutput:
        return derive_groups(run)

    inputs = run.return_inputs(groups.INPUT_TABLES)
    inputs |= run.stage_runner.outputs_of("persons")
    run.stage_runner.run_stage(
        "groups", make, packages=(groups, stats, engine), inputs=inputs, settings={"persons": run.person_choice}
    )


def derive_groups(run: InspectionRun) -> StageOutput:
    """Return the groups found with the persons of this run (as its linkage threshold or random draw identifies
    them)."""
    with run.open_engine() as expressions:
        input_tables = {}
        for name in groups.INPUT_TABLES:
            run.permission.require(name, "facts", run.table_files(name), "groups")
            input_tables[name] = run.open_table(expressions, name, run.table_files(name), "groups")
        input_tables["things"] = run.open_table(
            expressions, "things", [run.folder / "persons" / "things.parquet"], "groups"
        )
        input_tables["people"] = expressions.table("people", run.read_people())
        ties = expressions.run(groups.involvement_ties(input_tables))
        sql = expressions.statements
    group_tables = groups.detect_groups(ties)
    dropped_ties = groups.count_ignored_ties(ties, group_tables["hubs"])
    return StageOutput(group_tables, ties.num_rows, ties.num_rows - sum(dropped_ties.values()), dropped_ties, sql)


class _TrackedTables(dict[str, Any]):
    """Tables by name, with a record of which were read; permission is checked before the first read."""

    def __init__(self, ask: Callable[[str], None]) -> None:
        super().__init__()
        self.read: set[str] = set()
        self._ask = ask

    def __getitem__(self, name: str) -> Any:
        if name not in self.read:
            self._ask(name)
            self.read.add(name)
        return super().__getitem__(name)


def run_facts_stage(run: InspectionRun) -> None:
    """Stage: derive the facts, one row for each record."""

    def make() -> StageOutput:
        return derive_facts(run)

    inputs = run.return_inputs((*contract.tables(), *DECLARATION_TABLES)) | run.stage_runner.outputs_of(
        *STAGE_TABLES_FOR_FACTS
    )
    settings = run.request_settings | {"persons": run.person_choice}
    run.stage_runner.run_stage("records", make, packages=(*FACT_SOURCES, engine), inputs=inputs, settings=settings)


def derive_facts(run: InspectionRun, found_groups: Mapping[str, pa.Table] | None = None) -> StageOutput:
    """Return the facts with the persons of this run's linkage; `found_groups` replaces the groups of the stage."""
    tables, replaced_groups = tuple(contract.tables()), found_groups or {}

    def ask(name: str) -> None:
        if name in tables:
            run.permission.require(name, "facts", run.table_files(name), "records")

    input_tables = _TrackedTables(ask)
    with run.open_engine() as expressions:
        for name in (*tables, *DECLARATION_TABLES):
            input_tables[name] = run.open_table(expressions, name, run.table_files(name), "records")
        for stage, names in STAGE_TABLES_FOR_FACTS.items():
            for name in names:
                stage_paths = [run.folder / stage / f"{name}.parquet"]
                input_tables[name] = (
                    expressions.table(name, replaced_groups[name])
                    if name in replaced_groups
                    else run.open_table(expressions, name, stage_paths, "records")
                )
        input_tables["people"] = expressions.table("people", run.read_people())
        for name, rows in build_lookup_tables(run.inspection.request.organisations.values()).items():
            input_tables[name] = expressions.table(name, rows)
        orphan_crimes = unmatched_transfers({name: run.concatenate_returns(name) for name in ("crimes", "covers")})
        input_tables["orphans"] = expressions.table("orphans", orphan_crimes)
        fact_tables = expressions.run_plan(
            sources_hash(FACT_SOURCES),
            input_tables,
            lambda tables: derive_fact_tables(tables, expressions.create_table),
        )
    fact_tables["orphans"] = orphan_crimes
    sizes = {name: run.count_rows(*run.table_files(name)) for name in tables}
    unread = {f"{name}: read by no fact yet": rows for name, rows in sizes.items() if name not in input_tables.read}
    row_count = sum(sizes.values())
    force_names = {code: force.name for code, force in run.inspection.request.organisations.items()}
    letter_files = transferred_crime_letters(orphan_crimes, run.concatenate_returns("counted"), force_names)
    return StageOutput(
        fact_tables, row_count, row_count - sum(unread.values()), unread, expressions.statements, files=letter_files
    )


def run_indicators_stage(run: InspectionRun) -> None:
    """Stage: evaluate every indicator for every record."""
    names = [Path(name).stem for name in run.stage_runner.outputs_of("records")]
    paths = {name: run.folder / "records" / f"{name}.parquet" for name in names}

    def make() -> StageOutput:
        with run.open_engine() as expressions:
            fact_tables = {name: run.open_table(expressions, name, [path], "enquiries") for name, path in paths.items()}
            answer_tables = evaluate_forms(run, expressions, fact_tables)
        row_count = run.count_rows(*paths.values())
        return StageOutput(answer_tables, row_count, row_count, sql=expressions.statements)

    packages = (reference, records, indicators_package, question_sets, stats, engine)
    inputs = run.stage_runner.outputs_of("records") | run.return_inputs(("covers", "kinds", "columns"))
    run.stage_runner.run_stage("enquiries", make, packages=packages, inputs=inputs, settings=run.request_settings)


def evaluate_forms(
    run: InspectionRun, expressions: ExpressionEngine, fact_tables: Mapping[str, Any]
) -> dict[str, pa.Table]:
    """Return the answers of every indicator, waiting time and count, from fact tables in an engine."""
    declaration_tables = {name: run.concatenate_returns(name) for name in ("covers", "kinds", "columns")}
    return evaluate_indicators(
        forms(),
        fact_tables,
        expressions,
        declaration_tables,
        run.inspection.request.organisations,
        progress=run.progress,
    )


def run_comparison_stage(run: InspectionRun) -> None:
    """Stage: compare forces, and identify outliers."""
    rounding = rounding_of(policy(POLICY))

    def make() -> StageOutput:
        ladders = read_stage(run.folder, "enquiries", "ladders")
        previous = previous_alerts(run.folder)
        organisations = run.inspection.request.organisations
        comparison = compare_with_failure_modes(
            indicators(), ladders, organisations, MEASURES_OF_MODE, previous, rounding
        )
        compared_count = comparison["force_estimates"].num_rows
        not_compared = {"counted apart by age when reported, not compared": ladders.num_rows - compared_count}
        return StageOutput(comparison, ladders.num_rows, compared_count, not_compared)

    packages = (reference, indicators_package, compare, question_sets, stats)
    inputs = run.stage_runner.outputs_of("enquiries", *run.stage_runner.load_receipts(PREVIOUS_ALERTS))
    settings = run.request_settings | {"shown": repr(rounding)}
    run.stage_runner.run_stage("comparison", make, packages=packages, inputs=inputs, settings=settings)


def run_triangulation_stage(run: InspectionRun) -> None:
    """Stage: triangulate the evidence sources for every characteristic of good practice."""
    build_triangulation_stage(run.inspection, run.stage_runner)


STAGES: tuple[tuple[str, Callable[[InspectionRun], None]], ...] = (
    ("Assessing answerability", run_answerability_stage),
    ("Linking records of persons", run_linkage_stage),
    ("Finding groups", run_groups_stage),
    ("Reading narratives of assessments", read_narratives),
    ("Deriving facts", run_facts_stage),
    ("Evaluating indicators", run_indicators_stage),
    ("Evaluating other definitions", run_definition_stage),
    ("Reading texts", run_text_stage),
    ("Comparing forces", run_comparison_stage),
    ("Comparing groups of people", run_people_stage),
    ("Estimating rates from ratings of texts", run_confirmed_stage),
    ("Estimating children on no list", run_hidden_estimate_stage),
    ("Estimating scale", run_scale_stage),
    ("Combining voices of victims and survivors", run_voices_stage),
    ("Triangulating evidence", run_triangulation_stage),
)
MULTI_FORCE_STAGES = (
    run_definition_stage,
    run_text_stage,
    run_comparison_stage,
    run_people_stage,
    run_confirmed_stage,
    run_hidden_estimate_stage,
    run_scale_stage,
    run_voices_stage,
    run_triangulation_stage,
)
"""Stages of an inspection of forces that a self-audit of one force does not run."""
