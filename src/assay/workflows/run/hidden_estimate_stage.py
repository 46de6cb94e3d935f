"""Estimate how many children are on no list, from the lists that forces and partners supplied.

The stage reads the fact `listed`, the overlap tables from forces and partnerships, and the record linkage of children
under every choice; it reads no identifier of a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay import contract, facts, feedback, indicators, ingest, linkage, privacy, reference, stats
from assay.engine.provenance import read_stage
from assay.engine.stage_runner import StageOutput
from assay.facts.inspection_run import InspectionRun
from assay.indicators.catalogue.scale.hidden.hidden_tables import build_hidden_tables
from assay.indicators.catalogue.scale.hidden.list_overlap import (
    MAIN,
    best_list_sets,
    from_contract,
    from_names,
    from_partnerships,
    period_years,
)
from assay.ingest.other_sender_tables import accepted_rows, current_stages
from assay.ingest.stage_names import OTHER_SENDERS
from assay.linkage.person_assignment import person_ids

HIDDEN = "hidden"
DRAWS = 5
CHOICES = (MAIN, "low", "high", *(f"draw {number}" for number in range(1, DRAWS + 1)))
"""The linkage choices under which children are counted."""


def run_hidden_estimate_stage(run: InspectionRun) -> None:
    """Stage: children by list, and the estimate of children on no list, by force and year."""
    run.stage_runner.load_receipts(OTHER_SENDERS)
    sender_stages = [stage for _, stage in sorted(current_stages(run.folder).items())]

    def make() -> StageOutput:
        listed, overlaps = read_stage(run.folder, "records", "listed"), run.concatenate_returns("overlap_counts")
        sender_rows = accepted_rows(run.folder)
        request = run.inspection.request
        lists = best_list_sets(
            [
                *from_names(listed.to_pylist(), _persons_by_choice(run), request, _supplied_tables(run)),
                *from_contract(overlaps.to_pylist(), request),
                *from_partnerships(sender_rows, request),
            ]
        )
        estimates = build_hidden_tables(
            lists, sorted(request.organisations), period_years(request), step=_progress_step(run)
        )
        row_count = listed.num_rows + overlaps.num_rows + len(sender_rows["overlap_patterns"])
        return StageOutput(estimates, row_count, row_count)

    inputs = (
        run.stage_runner.outputs_of("records", "persons")
        | _overlap_inputs(run, sender_stages)
        | run.return_inputs(("overlap_counts",))
    )
    packages = (reference, ingest, contract, feedback, privacy, linkage, facts, indicators, stats)
    settings = run.request_settings | {"persons": run.person_choice, "choices": ", ".join(CHOICES)}
    run.stage_runner.run_stage(HIDDEN, make, packages=packages, inputs=inputs, settings=settings)


def _overlap_inputs(run: InspectionRun, sender_stages: Sequence[str]) -> dict[str, str]:
    """Return the overlap tables with rows from other senders; their other tables change no estimate."""
    tables = run.stage_runner.outputs_of(*sender_stages)
    overlaps = {name: value for name, value in tables.items() if Path(name).name.startswith("overlap")}
    return {name: value for name, value in overlaps.items() if pq.read_metadata(run.folder / name).num_rows}


def _progress_step(run: InspectionRun) -> Callable[[int, int], None]:
    def report_progress(done: int, total: int) -> None:
        run.progress("Estimating children on no list", done, total)

    return report_progress


def _supplied_tables(run: InspectionRun) -> Mapping[str, Collection[str]]:
    """Return by force the names of the tables that it supplied."""
    tables: dict[str, set[str]] = defaultdict(set)
    for row in read_stage(run.folder, "records", "sent_table").select(["force_code", "table_name"]).to_pylist():
        tables[row["force_code"]].add(row["table_name"])
    return tables


def _persons_by_choice(run: InspectionRun) -> Mapping[str, Mapping[str, str]]:
    """Return by linkage choice the person of each entry.

    A run with one requested choice, or a bundle with encrypted identities, has only one.
    """
    persons_folder = run.folder / "persons"
    if run.person_choice != MAIN or not (persons_folder / "tied.parquet").is_file():
        return {}
    entries, joins = (pq.read_table(persons_folder / f"{name}.parquet") for name in ("tied", "joins"))
    return {choice: _by_entry(entries, person_ids(entries, joins, choice)) for choice in CHOICES}


def _by_entry(entries: pa.Table, people: pa.Array) -> dict[str, str]:
    return dict(zip(entries["entry"].to_pylist(), people.to_pylist(), strict=True))
