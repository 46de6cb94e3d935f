"""Find the returns, editions and original files behind a case file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from assay.engine.provenance import read_receipt
from assay.engine.provenance.receipts import RECEIVED_PREFIX
from assay.errors import PurposeRefused
from assay.ingest.accepted_returns import current_returns
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.table_permission import ReadPermission
from assay.workbench.models import CaseFile


@dataclass(frozen=True)
class Source:
    """One return: its stage, edition and provenance record, and the files it came in, by name and SHA-256."""

    force_code: str
    stage: str
    edition: int
    receipt: str
    file_hashes: tuple[tuple[str, str], ...]


def find_sources(folder: Path, force_codes: Collection[str]) -> list[Source]:
    """Return the current returns of these forces."""
    sources = []
    for accepted_return in current_returns(open_inspection(folder)):
        receipt = read_receipt(folder, accepted_return.stage) if accepted_return.force_code in force_codes else None
        if receipt is not None:
            file_hashes = tuple(
                (name.removeprefix(RECEIVED_PREFIX), value) for name, value in sorted(receipt.inputs.items())
            )
            sources.append(
                Source(
                    accepted_return.force_code,
                    accepted_return.stage,
                    accepted_return.return_edition.edition,
                    receipt.hash,
                    file_hashes,
                )
            )
    return sources


def find_entries(folder: Path, file: CaseFile, subject: str) -> list[dict[str, Any]]:
    """Return the entries on the crime of a file: reference, day, kind and role.

    Empty for any other file, or if entries may not be read.
    """
    inspection = open_inspection(folder)
    accepted = (
        [
            accepted_return
            for accepted_return in current_returns(inspection)
            if accepted_return.force_code == file.force_code
        ]
        if subject == "crime"
        else []
    )
    paths = [
        path for accepted_return in accepted if (path := folder / accepted_return.stage / "notes.parquet").is_file()
    ]
    try:
        ReadPermission(inspection, date.today()).require("notes", "samples", paths, "an analyst's look at a file")
    except PurposeRefused:
        return []
    columns = ["note_ref", "entry_at_day", "entry_type", "author_role"]
    rows = [pl.read_parquet(path).filter(pl.col("crime_ref") == file.subject_ref).select(columns) for path in paths]
    return [row for entry_table in rows for row in entry_table.sort("entry_at_day", "note_ref").iter_rows(named=True)]
