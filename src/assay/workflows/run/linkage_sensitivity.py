"""Report how counts and answers vary with the linkage threshold and its random draws, and review pairs of records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from assay import engine, indicators, linkage, reference
from assay import facts as records
from assay.contract import question_sets, separated_columns
from assay.engine.expressions import ExpressionEngine
from assay.engine.provenance import read_stage, with_folder_lock
from assay.engine.safe_files.spreadsheet_cells import guard_table
from assay.engine.stage_runner import StageOutput
from assay.errors import UsageError
from assay.facts.inspection_run import InspectionRun
from assay.indicators import ALL
from assay.indicators.definition_sensitivity import SENSITIVITY
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.reviewed_pairs import SAMPLE_COLUMN, read_reviewed_pairs
from assay.linkage import groups
from assay.linkage.clerical_review import (
    ThresholdAccuracy,
    precision_and_recall,
    review_results_by_band,
    sample_pairs_for_review,
)
from assay.linkage.exact_match_clusters import STORED_CLUSTER, STORED_OTHER_CLUSTER
from assay.linkage.linkage_specification import parse_specification
from assay.linkage.person_assignment import DRAW, EXACT, assign_persons
from assay.linkage.probabilistic_linkage import LEVELS
from assay.linkage.reviewed_links import save_verdicts
from assay.progress import Progress, no_progress
from assay.wording import count_phrase
from assay.workflows.judge.answer_cards import CommandResult
from assay.workflows.run import pipeline_stages
from assay.workflows.run.definition_trials import LINKAGE_STAGE, linkage_inputs

Estimate = Callable[[pa.Table], float]
"""A function that computes a figure from `people`: force_code, involvement_ref, person_id."""
KEY = ["force_code", "involvement_ref"]


@dataclass(frozen=True)
class Spread:
    """One figure at each linkage threshold, with exact keys alone, and in each random draw."""

    figure: str
    values: Mapping[str, float]

    @property
    def draw_values(self) -> list[float]:
        """Return the figure in every draw."""
        return [value for choice, value in self.values.items() if DRAW.fullmatch(choice)]

    def as_dict(self) -> dict[str, Any]:
        """Return every value, and the mean and the middle 95% of the draws, for other programs."""
        low, high = np.quantile(self.draw_values, [0.025, 0.975]) if self.draw_values else (None, None)
        mean = float(np.mean(self.draw_values)) if self.draw_values else None
        return {"of": self.figure, "by": dict(self.values), "mean": mean, "low": low, "high": high}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        data = self.as_dict()
        levels = ", ".join(f"{name} {self.values[name]:,.0f}" for name in (*LEVELS, EXACT))
        if not self.draw_values:
            return [f"{self.figure}: {levels}."]
        draw_text = f"{data['low']:,.0f} to {data['high']:,.0f}, {data['mean']:,.0f} on average"
        return [f"{self.figure}: {levels}; in {count_phrase(len(self.draw_values), 'draw')} {draw_text}."]


def sensitivity_by_choice(folder: Path, estimates: Mapping[str, Estimate], draws: int) -> list[Spread]:
    """Return each estimate at every threshold, by exact keys alone, and in the random draws."""
    people, entries, joins = (_read_linkage(folder, name) for name in ("people", "tied", "joins"))
    choices = [*LEVELS, EXACT, *(f"draw {number}" for number in range(1, draws + 1))]
    values_by_figure: dict[str, dict[str, float]] = {name: {} for name in estimates}
    for choice in choices:
        linked_people = assign_persons(people, entries, joins, choice).select([*KEY, "person_id"])
        for name, estimate in estimates.items():
            values_by_figure[name][choice] = estimate(linked_people)
    return [Spread(name, values) for name, values in values_by_figure.items()]


def show_spread(folder: Path, draws: int) -> CommandResult:
    """Return the numbers of different child victims and suspects, at each linkage threshold and in each random draw."""
    open_inspection(folder)
    victims, suspects = read_stage(folder, "records", "victim"), read_stage(folder, "records", "suspect")
    children = victims.filter(pc.and_(victims["in_period"], pc.fill_null(victims["child_at_offence"], False)))
    estimates = {
        "children who were victims": _distinct_persons(children),
        "suspects": _distinct_persons(suspects.filter(suspects["in_period"])),
    }
    spreads = sensitivity_by_choice(folder, estimates, draws)
    text_lines = [line for spread in spreads for line in spread.summary_lines()]
    return CommandResult(tuple(text_lines), {"spread": [spread.as_dict() for spread in spreads]})


def _distinct_persons(rows: pa.Table) -> Estimate:
    """Return the number of distinct persons in these rows."""

    def estimate(people: pa.Table) -> float:
        return float(pc.count_distinct(rows.select(KEY).join(people, KEY)["person_id"], mode="only_valid").as_py())

    return estimate


def write_review_pairs(
    folder: Path, number: int, seed: str, out: Path, *, sample: str = "", clusters: Collection[str] = ()
) -> CommandResult:
    """Write a random sample of pairs in every band of match probability, for review.

    `sample`: only pairs that touch the exact-match clusters of its files. The file is then marked as purposive, because
    no share of all pairs follows from it.
    """
    open_inspection(folder)
    if out.exists():
        raise UsageError(f"{out} is there already. Name a new file.")
    pairs = _read_linkage(folder, "pairs")
    if sample:
        cluster_ids = pa.array(sorted(clusters), pa.string())
        touched = (pc.is_in(pairs[name], value_set=cluster_ids) for name in (STORED_CLUSTER, STORED_OTHER_CLUSTER))
        pairs = pairs.filter(pc.or_(*touched))
    rows = sample_pairs_for_review(pairs, _thresholds(folder), number, seed)
    if sample:
        rows = rows.append_column(SAMPLE_COLUMN, pa.array([sample] * rows.num_rows, pa.string()))
    out.parent.mkdir(parents=True, exist_ok=True)
    pa_csv.write_csv(guard_table(rows), out)
    summary = (
        f"{count_phrase(rows.num_rows, 'pair')} to look at in {out}, by reference: look each record up "
        f"where it is held."
    )
    return CommandResult((summary, "Enter same, different or cannot tell as the verdict; then: assay linkage evaluate"),
                {"pairs": rows.num_rows, "file": str(out)})  # fmt: skip


@with_folder_lock
def receive_verdicts(folder: Path, verdicts: Path) -> CommandResult:
    """Receive verdicts on pairs, and return the precision and recall of record linkage."""
    open_inspection(folder)
    reviewed_pairs, pairs = read_reviewed_pairs(verdicts), _read_linkage(folder, "pairs")
    verdict_table = reviewed_pairs.verdicts
    unknown = save_verdicts(folder, verdicts, verdict_table, pairs)
    lines = [f"{count_phrase(len(verdict_table), 'pair has', 'pairs have')} a verdict, and keep it."]
    if unknown:
        lines.append(
            f"{count_phrase(unknown, 'verdict is', 'verdicts are')} of no pair that is likely now, and not kept."
        )
    if reviewed_pairs.is_purposive:
        lines.append(
            "These pairs were not randomly sampled: they touch the files of a sample. So precision is not estimated."
        )
        return CommandResult(tuple(lines), {"verdicts": len(verdict_table), "not_kept": unknown, "at": []})
    threshold_results = precision_and_recall(review_results_by_band(pairs, _thresholds(folder), verdict_table))
    for threshold_result in threshold_results:
        lines.append(
            f"At {threshold_result.threshold:g}: {_rate_text('precision', threshold_result.precision)}, "
            f"{_rate_text('recall', threshold_result.recall)}."
        )
    lines.append("Recall is among pairs that were likely at all and that no exact key ties: it is an upper bound.")
    return CommandResult(
        tuple(lines),
        {
            "verdicts": len(verdict_table),
            "not_kept": unknown,
            "at": [_as_dict(threshold_result) for threshold_result in threshold_results],
        },
    )


def _rate_text(name: str, value: tuple[float, float, float] | None) -> str:
    if value is None:
        return f"{name} not known, since a band has no verdict"
    return f"{name} {100 * value[0]:.1f}% ({100 * value[1]:.1f}% to {100 * value[2]:.1f}%)"


def _as_dict(threshold_result: ThresholdAccuracy) -> dict[str, Any]:
    return {
        "threshold": threshold_result.threshold,
        "precision": threshold_result.precision,
        "recall": threshold_result.recall,
    }


def _thresholds(folder: Path) -> Mapping[str, float]:
    return parse_specification((folder / "persons" / "linkage.toml").read_text(encoding="utf-8")).thresholds


def _read_linkage(folder: Path, name: str) -> pa.Table:
    if not (folder / "persons" / f"{name}.parquet").is_file():
        raise UsageError(f"{folder} holds no linkage of persons. Run it first: assay inspect run {folder}")
    return read_stage(folder, "persons", name)


# Recompute every answer under other linkage thresholds and random draws of the linkage.
#
# At the thresholds beside the chosen one, and in random draws from the match probabilities, groups, facts and answers
# are derived again. Each trial takes as long as deriving them once. So trials run only on request, and are kept for
# the next run.

THRESHOLDS = {
    "low": "Linkage: entries are one person sooner, at the low threshold",
    "high": "Linkage: entries are one person later, at the high threshold",
}


@with_folder_lock
def run_linkage_trials(
    folder: Path, draws: int, *, progress: Progress = no_progress, today: date | None = None
) -> CommandResult:
    """Recompute the answers at the two other linkage thresholds and in `draws` random draws, for the next run."""
    if not (folder / "persons" / "tied.parquet").is_file():
        raise UsageError(f"{folder} holds no linkage of persons. Run it first: assay inspect run {folder}")
    run = InspectionRun(folder, progress, today or date.today())
    run.permission.require_for_facts(run.accepted_returns)
    for part in ("returns", *separated_columns.PARTS, "persons", "groups", "narratives", "records", "enquiries"):
        run.stage_runner.load_receipts(part)
    choices = THRESHOLDS | {f"draw {number}": f"Linkage: draw {number}" for number in range(1, draws + 1)}

    def make() -> StageOutput:
        rows: list[dict[str, Any]] = []
        for number, (choice, description) in enumerate(choices.items()):
            progress("Deriving records under other linkage", number, len(choices))
            ladders = _national_ladders(InspectionRun(folder, no_progress, today or date.today(), choice))
            rows += [row | {"choice": f"linkage {choice}", "says": description} for row in ladders]
        trial_table = pa.Table.from_pylist(rows, SENSITIVITY)
        return StageOutput({"ladders": trial_table}, trial_table.num_rows, trial_table.num_rows)

    packages = (reference, linkage, groups, records, indicators, question_sets, engine)
    run.stage_runner.run_stage(
        LINKAGE_STAGE,
        make,
        packages=packages,
        inputs=linkage_inputs(run),
        settings=run.request_settings | {"draws": draws},
    )
    text_lines = (
        f"Answers were worked out anew in {count_phrase(len(choices), 'other way')} to say who is one person.",
        f"To see how grades move: assay inspect run {folder}",
    )
    return CommandResult(text_lines, {"choices": list(choices)})


def _national_ladders(run: InspectionRun) -> list[dict[str, Any]]:
    """Return the national answers under one linkage choice, with the same stages as a run."""
    for part in ("returns", *separated_columns.PARTS):
        run.stage_runner.load_receipts(part)
    facts = pipeline_stages.derive_facts(run, pipeline_stages.derive_groups(run).tables).tables
    with ExpressionEngine() as at_work:
        expression_tables = {name: at_work.table(name, rows) for name, rows in facts.items()}
        ladders = pipeline_stages.evaluate_forms(run, at_work, expression_tables)["ladders"]
    return [row for row in ladders.to_pylist() if row["when_reported"] == ALL]
