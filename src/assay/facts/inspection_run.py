"""One run of an inspection: accepted returns, their files, and permissions to read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.contract.earlier_versions import add_missing_columns, missing_fields
from assay.engine.expressions import ExpressionEngine
from assay.engine.stage_runner import StageRunner
from assay.errors import EvidenceError, PurposeRefused, UsageError
from assay.ingest.accepted_returns import current_returns, destroyed_tables, unreadable_tables
from assay.ingest.inspection_folder import open_inspection, record_declarations, refuse_retired
from assay.ingest.table_permission import ReadPermission, refuse_identities, refuse_known_truth
from assay.linkage.person_assignment import MAIN, assign_persons, check_choice
from assay.progress import Progress


class InspectionRun:
    """One run of an inspection: its ledger, the accepted returns, and the display of progress.

    `person_choice`: the linkage threshold or draw by which entries are one person in all derived tables.
    """

    def __init__(self, folder: Path, progress: Progress, today: date, person_choice: str = MAIN) -> None:
        self.person_choice = check_choice(person_choice)
        self.inspection = open_inspection(folder)
        refuse_retired(self.inspection)
        record_declarations(self.inspection)
        self.permission = ReadPermission(self.inspection, today)
        self.accepted_returns = current_returns(self.inspection)
        if not self.accepted_returns:
            raise UsageError(f"{folder} holds no return. Take some in first: assay inspect receive {folder} RETURNS")
        lost_returns = destroyed_tables(self.inspection, self.accepted_returns)
        if lost_returns:
            raise PurposeRefused(
                f"{lost_returns[0]} What was counted from it stands in the report, and cannot be made anew."
            )
        damaged = unreadable_tables(self.inspection, self.accepted_returns)
        if damaged:
            raise EvidenceError(
                f"{damaged[0]} can no longer be read. Put the file back; or remove the folder of that return, and "
                f"take it in again: assay inspect receive {folder} RETURN."
            )
        self.folder, self.progress = folder, progress
        self.stage_runner = StageRunner(folder)

    def table_files(self, name: str) -> list[Path]:
        """Return the files that hold a table in all accepted returns."""
        paths = [self.folder / accepted_return.stage / f"{name}.parquet" for accepted_return in self.accepted_returns]
        refuse_known_truth(self.folder, paths, "the run")
        return paths

    def open_table(self, engine: ExpressionEngine, name: str, paths: Sequence[Path], stage: str) -> Any:
        """Open a table for a stage that must not read identities."""
        refuse_known_truth(self.folder, paths, stage)
        refuse_identities(paths, stage)
        return with_added_columns(name, engine.table(name, list(paths)))

    def read_people(self) -> pa.Table:
        """Read the persons as linked at the selected threshold or in the selected random draw (`person_choice`).

        Without stored links, every selection gives the same persons.
        """
        folder = self.folder / "persons"
        people_table = pq.read_table(folder / "people.parquet")
        if self.person_choice == MAIN or not (folder / "tied.parquet").is_file():
            return people_table
        linked_entries, joins = (pq.read_table(folder / f"{name}.parquet") for name in ("tied", "joins"))
        return assign_persons(people_table, linked_entries, joins, self.person_choice)

    def concatenate_returns(self, name: str) -> pa.Table:
        """Return a table of all returns, concatenated."""
        return pa.concat_tables([add_missing_columns(name, pq.read_table(path)) for path in self.table_files(name)])

    def count_rows(self, *paths: Path) -> int:
        """Return the number of rows of some tables."""
        return sum(pq.read_metadata(path).num_rows for path in paths)

    def return_inputs(self, names: Sequence[str]) -> dict[str, str]:
        """Return the hash of each table of the returns that was read, as inputs of a provenance record."""
        outputs = self.stage_runner.outputs_of(*(accepted_return.stage for accepted_return in self.accepted_returns))
        return {path: value for path, value in outputs.items() if Path(path).stem in names}

    @property
    def request_settings(self) -> dict[str, str]:
        """Return the request and the engine as settings, so that a stage runs again if either changes."""
        return {"request": self.inspection.request.to_toml()} | self.inspection.engine_location.stage_settings

    def open_engine(self) -> ExpressionEngine:
        """Open a session on the engine of the inspection."""
        return ExpressionEngine(where=self.inspection.engine_location)


def with_added_columns(name: str, rows: Any) -> Any:
    """Add the columns that returns under earlier versions of the contract lack, as empty columns."""
    missing = missing_fields(name, rows.columns)
    if not missing:
        return rows
    import ibis  # a second to load, which a run of cached stages does not need

    return rows.mutate(**{
        name: ibis.null(kind) for name, kind in ibis.Schema.from_pyarrow(pa.schema(missing)).items()
    })  # fmt: skip
