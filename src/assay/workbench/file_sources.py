"""Where does what stands in a file come from: which return, which edition, which files as they were sent?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from assay.engine.provenance import read_receipt
from assay.engine.provenance.receipts import SENT
from assay.errors import PurposeRefused
from assay.ingest.accepted_returns import holding
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.table_permission import Permission
from assay.workbench.models import CaseFile


@dataclass(frozen=True)
class Source:
    """One return: its stage, edition and receipt, and the files it came in, by name and SHA-256."""

    body: str
    stage: str
    edition: int
    receipt: str
    sent: tuple[tuple[str, str], ...]


def sources_of(folder: Path, bodies: Collection[str]) -> list[Source]:
    """The returns of these bodies that count."""
    found = []
    for one in holding(open_inspection(folder)):
        receipt = read_receipt(folder, one.stage) if one.body in bodies else None
        if receipt is not None:
            sent = tuple((name.removeprefix(SENT), value) for name, value in sorted(receipt.inputs.items()))
            found.append(Source(one.body, one.stage, one.accepted.edition, receipt.hash, sent))
    return found


def entries_of(folder: Path, file: CaseFile, subject: str) -> list[dict[str, Any]]:
    """The entries on a crime that is a file: reference, day, kind and role; none of any other file, or where entries
    may not be read."""
    inspection = open_inspection(folder)
    held = [one for one in holding(inspection) if one.body == file.force_code] if subject == "crime" else []
    paths = [path for one in held if (path := folder / one.stage / "notes.parquet").is_file()]
    try:
        Permission(inspection, date.today()).ask("notes", "samples", paths, "an analyst's look at a file")
    except PurposeRefused:
        return []
    columns = ["note_ref", "entry_at_day", "entry_type", "author_role"]
    rows = [pl.read_parquet(path).filter(pl.col("crime_ref") == file.subject_ref).select(columns) for path in paths]
    return [row for each in rows for row in each.sort("entry_at_day", "note_ref").iter_rows(named=True)]
