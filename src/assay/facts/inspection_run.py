"""One run of an inspection: which returns count, where their tables lie, and what may be read of them?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.expressions import Expressions
from assay.engine.stage_runner import Book
from assay.errors import EvidenceError, PurposeRefused, UsageError
from assay.ingest.accepted_returns import holding, lost, unreadable
from assay.ingest.inspection_folder import note_declarations, open_inspection, refuse_retired
from assay.ingest.table_permission import Permission, refuse_identities, refuse_truth
from assay.linkage.person_assignment import MAIN, checked, people_by
from assay.progress import Progress


class Run:
    """One run: the inspection, its book, the returns that count, and how far it is.

    `persons` says by which threshold, or in which draw, entries are one person for all that is worked out.
    """

    def __init__(self, folder: Path, progress: Progress, today: date, persons: str = MAIN) -> None:
        self.persons = checked(persons)
        self.inspection = open_inspection(folder)
        refuse_retired(self.inspection)
        note_declarations(self.inspection)
        self.permission = Permission(self.inspection, today)
        self.held = holding(self.inspection)
        if not self.held:
            raise UsageError(f"{folder} holds no return. Take some in first: assay receive {folder} RETURNS")
        gone = lost(self.inspection, self.held)
        if gone:
            raise PurposeRefused(f"{gone[0]} What was counted from it stands in the report, and cannot be made anew.")
        damaged = unreadable(self.inspection, self.held)
        if damaged:
            raise EvidenceError(
                f"{damaged[0]} can no longer be read. Put the file back; or remove the folder of that return, and "
                f"take it in again: assay receive {folder} RETURN."
            )
        self.folder, self.progress = folder, progress
        self.book = Book(folder)

    def files(self, name: str) -> list[Path]:
        """A table of every return that counts."""
        paths = [self.folder / one.stage / f"{name}.parquet" for one in self.held]
        refuse_truth(self.folder, paths, "the run")
        return paths

    def open(self, at_work: Expressions, name: str, paths: Sequence[Path], stage: str) -> Any:
        """A table for a stage after `persons`, which may not know who anybody is."""
        refuse_truth(self.folder, paths, stage)
        refuse_identities(paths, stage)
        return at_work.table(name, list(paths))

    def people(self) -> pa.Table:
        """The people, by what was chosen; of returns of which nothing was linked there is one way only."""
        room = self.folder / "persons"
        found = pq.read_table(room / "people.parquet")
        if self.persons == MAIN or not (room / "tied.parquet").is_file():
            return found
        tied, joins = (pq.read_table(room / f"{name}.parquet") for name in ("tied", "joins"))
        return people_by(found, tied, joins, self.persons)

    def together(self, name: str) -> pa.Table:
        """A table of every return, one under another."""
        return pa.concat_tables([pq.read_table(path) for path in self.files(name)])

    def size(self, *paths: Path) -> int:
        """The rows of some tables."""
        return sum(pq.read_metadata(path).num_rows for path in paths)

    def from_returns(self, names: Sequence[str]) -> dict[str, str]:
        """What a receipt says it read of the returns."""
        given = self.book.outputs_of(*(one.stage for one in self.held))
        return {path: value for path, value in given.items() if Path(path).stem in names}

    @property
    def asked(self) -> dict[str, str]:
        """What was asked, as a setting on which stages rest."""
        return {"request": self.inspection.request.to_toml()} | self.inspection.where.rests_on

    def expressions(self) -> Expressions:
        """A unit of work on the engine of the inspection."""
        return Expressions(where=self.inspection.where)
