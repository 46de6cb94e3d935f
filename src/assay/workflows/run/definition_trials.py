"""Test how answers and grades change under other definitions of a crime, and with other record linkage.

`run_definition_stage` is a stage of every run. The linkage trials of `linkage_sensitivity` are read here too, while
they are current.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import engine, reference
from assay import indicators as indicators_package
from assay.compare.alert_disclosure import RoundingPolicy
from assay.compare.indicator_comparison import compare_indicators
from assay.contract import question_sets
from assay.engine.expressions import ExpressionEngine
from assay.engine.provenance import read_receipt, read_stage
from assay.engine.stage_runner import StageOutput
from assay.facts.inspection_run import InspectionRun
from assay.indicators import ALL
from assay.indicators.definition_sensitivity import sensitivity_to_definitions
from assay.indicators.indicator_answers import LADDERS
from assay.indicators.indicator_catalogue import indicators
from assay.linkage.person_assignment import MAIN
from assay.sdc import Policy, declared_tables, policy
from assay.sdc.alert_suppression import SIDES, suppress_alerts, suppress_comparisons
from assay.sdc.cell_status import (
    add_status,
    is_primary_suppressed,
    is_secondary_suppressed,
    is_suppressed,
    primary_status_text,
    suppress_cell,
)
from assay.sdc.disclosure_control import is_force_count, round_count
from assay.workflows.run.previous_inspections import previous_alerts

POLICY = "record level"
COUNTS = ("met", "not_met", "not_known", "not_known_if_counted")
Rows = list[dict[str, Any]]
LadderKey = tuple[str, str, str]
SuppressedCounts = Mapping[LadderKey, list[str]]
"""By indicator, place code and kind of report: the names of the secondary suppressed counts."""
STAGE, LINKAGE_STAGE = "redefined", "relinked"


def run_definition_stage(run: InspectionRun) -> None:
    """Stage: count every indicator under other definitions of a crime."""
    paths = {Path(name).stem: run.folder / name for name in run.stage_runner.outputs_of("records")}

    def make() -> StageOutput:
        answers, ladders = (read_stage(run.folder, "enquiries", name) for name in ("answers", "ladders"))
        with ExpressionEngine() as expressions:
            facts = {name: run.open_table(expressions, name, [path], STAGE) for name, path in paths.items()}
            trial_ladders = sensitivity_to_definitions(indicators(), facts, expressions, answers, ladders)
            sql = expressions.statements
        return StageOutput({"ladders": trial_ladders}, answers.num_rows, answers.num_rows, sql=sql)

    packages = (reference, indicators_package, question_sets, engine)
    run.stage_runner.run_stage(
        STAGE,
        make,
        packages=packages,
        inputs=run.stage_runner.outputs_of("records", "enquiries"),
        settings=run.request_settings,
    )


def linkage_inputs(run: InspectionRun) -> dict[str, str]:
    """Return the stage outputs on which results with other record linkage depend."""
    return run.stage_runner.outputs_of("persons", "enquiries")


def trial_stages(run: InspectionRun) -> list[str]:
    """Return the stages with the answer counts of every trial; trials with outdated linkage are destroyed.

    A linkage trial on other records is destroyed, as a stage that is made again would be.
    """
    stages = [STAGE]
    receipt = read_receipt(run.folder, LINKAGE_STAGE)
    if receipt is not None and dict(receipt.inputs) == linkage_inputs(run):
        run.stage_runner.load_receipts(LINKAGE_STAGE)
        stages.append(LINKAGE_STAGE)
    elif receipt is not None and run.person_choice == MAIN:
        shutil.rmtree(run.folder / LINKAGE_STAGE)
    return stages


def released_trials(
    run: InspectionRun, ladders: pa.Table, released_ladders: pa.Table
) -> Iterator[tuple[str, str, Mapping[str, Rows]]]:
    """Yield the key and description of each trial, and its tables with counts suppressed and rounded.

    None of them is released, but the grades that they give are. So counts get primary suppression and rounding as
    released ones do. A count that the release suppresses is suppressed in every trial too: most trials change few
    counts, and their grades would be a function of the same count (decision 0283).
    """
    secondary = _secondary_suppressed_counts(released_ladders)
    organisations = run.inspection.request.organisations
    indicator_forms = indicators()
    previous = previous_alerts(run.folder)
    rows = ladders.to_pylist()
    for key, description in dict.fromkeys((row["choice"], row["says"]) for row in rows):
        trial_ladders = pa.Table.from_pylist([row for row in rows if row["choice"] == key], LADDERS)
        comparison = compare_indicators(
            indicator_forms, trial_ladders, organisations, previous, rounding_of(policy(POLICY))
        )
        ladder_rows = released_trial_ladders(trial_ladders.to_pylist(), secondary)
        yield (
            key,
            description,
            {
                "force_estimates": released_estimates(comparison["force_estimates"], ladder_rows),
                "indicator_spread": comparison["indicator_spread"].to_pylist(),
                "ladders": ladder_rows,
            },
        )


def released_trial_ladders(rows: Rows, secondary: SuppressedCounts) -> Rows:
    """Return the ladders of a trial as if released; `secondary` has the counts that the release suppresses."""
    released_rows = [_released_ladder(row) for row in rows]
    for row in released_rows:
        for name in secondary.get(_ladder_key(row), ()):
            if row[name] or is_primary_suppressed(row, name):
                suppress_cell(row, name)
    return released_rows


def released_estimates(estimates: pa.Table, released_ladders: Rows) -> Rows:
    """Return the estimates of a trial without comparisons and alerts that would reveal a suppressed count.

    Each side has the status that it has in the released ladders of the trial.
    """
    form = declared_tables()["force_estimates"]
    ladder_at = {_ladder_key(row): row for row in released_ladders}
    rows: Rows = [_with_suppressed_sides(row, ladder_at) for row in estimates.to_pylist()]
    suppress_comparisons(rows, form, released_ladders)
    suppress_alerts(rows, form)
    return rows


def rounding_of(release_policy: Policy) -> RoundingPolicy:
    """Return how a policy suppresses and rounds counts."""
    return RoundingPolicy(release_policy.suppression_threshold, release_policy.rounding_base)


def _with_suppressed_sides(row: dict[str, Any], ladder_at: Mapping[LadderKey, dict[str, Any]]) -> dict[str, Any]:
    """Return a row of estimates with the statuses of met and not met, and without a base that would give them away."""
    ladder = ladder_at[row["indicator"], row["place_code"], ALL]
    for name in SIDES:
        if is_secondary_suppressed(ladder, name):
            suppress_cell(row, name)
        elif is_primary_suppressed(ladder, name):
            row[name] = None
            add_status(row, name)
    # The exact base minus the other side is the suppressed count.
    if any(is_suppressed(row, name) for name in SIDES):
        row["base"] = None
    return row


def _secondary_suppressed_counts(released_ladders: pa.Table) -> SuppressedCounts:
    """Return the secondary suppressed counts of each released ladder that has any."""
    suppressed = {
        _ladder_key(row): [name for name in COUNTS if is_secondary_suppressed(row, name)]
        for row in released_ladders.to_pylist()
    }
    return {key: names for key, names in suppressed.items() if names}


def _ladder_key(row: Mapping[str, Any]) -> LadderKey:
    return row["indicator"], row["place_code"], row["when_reported"]


def _released_ladder(row: dict[str, Any]) -> dict[str, Any]:
    """Return a ladder with small counts suppressed and the others rounded; counts of forces stay exact."""
    release_policy = policy(POLICY)
    if is_force_count(row, release_policy) or row["not_askable"]:
        return row
    suppressed = [name for name in COUNTS if rounding_of(release_policy).suppresses(row[name] or 0)]
    released_counts = {
        name: None if name in suppressed else round_count(row[name] or 0, release_policy) for name in COUNTS
    }
    return row | released_counts | {"suppressed_cells": primary_status_text(suppressed)}
