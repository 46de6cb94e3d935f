"""How does the stream run on published statistics, room by room?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import commission, comparison, disclosure, enquiries, records, report, returns
from assay.comparison.findings import findings as share_findings
from assay.comparison.tables import compared
from assay.enquiries.finding import Finding, findings_table
from assay.enquiries.responses import outcomes
from assay.enquiries.scale import recorded, tables, wane
from assay.errors import SourceError
from assay.evidence import EventKind
from assay.inspection import registers
from assay.inspection.book import Book
from assay.progress import Progress, silent
from assay.records import published as facts
from assay.records.assessed import assessed
from assay.returns.published import Received, carried, fault_table, read

OUTSIDE = "not a code or a body that this inspection asks about"
STREAM = (commission, returns, records, enquiries, comparison, disclosure, report)


@dataclass(frozen=True)
class Inspected:
    """What an inspection made: its folder, the page to open, and what it says first."""

    folder: Path
    index: Path
    pages: int
    findings: int
    rows_taken: int
    rows_set_aside: int
    faults: int
    headline: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        return [
            f"{self.rows_taken:,} rows came in; {self.rows_set_aside:,} were set aside, each for a reason that is written down; "
            f"{self.faults:,} faults are listed.",
            *self.headline,
            f"{self.findings:,} findings on {self.pages:,} pages. Open this one first:",
            f"  {self.index}",
            f"To check every figure: assay verify {self.folder}",
        ]


def inspect_published(
    files: Sequence[Path] | None,
    out: Path,
    *,
    definition: str = "csa11",
    similar: Path | None = None,
    progress: Progress = silent,
) -> Inspected:
    """Run the stream on `files` (None: the figures that the program carries) into the folder `out`.

    `definition` is the set of offence codes that is counted together; `similar` an official list of similar forces.
    """
    default = commission.offence_sets().get(definition).key
    book = Book(out)
    received = _returns(book, files, progress)
    _records(book, received, progress)
    ...
    raise NotImplementedError(default, similar)
