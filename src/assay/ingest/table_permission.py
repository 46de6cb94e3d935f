"""May a stage read a table for a given purpose today, and does the table contain direct identifiers?

Three checks at run time complement the import boundaries of the code. A table is read only for a purpose that
inspection.toml declares, and not after its last day. No stage after `persons` reads an identity column, wherever it may
be. Nothing is run on or received from the folder that holds the known truth of synthetic forces.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from assay import contract
from assay.contract.declared_purposes import SEARCHED_TEXT_TABLES
from assay.contract.separated_columns import identity_column_names
from assay.engine.provenance.verification import TRUTH_FOLDER
from assay.errors import PurposeRefused
from assay.ingest.accepted_returns import AcceptedReturn
from assay.ingest.inspection_folder import Inspection
from assay.reference.processing_declarations import PURPOSES, Declaration


def is_part_allowed(inspection: Inspection, part: str, today: date) -> bool:
    """Return True if identities or texts may be accepted: fully declared, and not past the last permitted day."""
    declaration = inspection.declarations.get(part)
    return declaration is not None and not declaration.errors() and not declaration.expiry_sentence(today)


@dataclass(frozen=True)
class ReadPermission:
    """The tables of an inspection that may be read on a given date."""

    inspection: Inspection
    today: date

    def require(self, table: str, purpose: str, paths: Iterable[Path], stage: str) -> None:
        """Raise PurposeRefused unless the table may be read for the purpose; an empty table always may."""
        if not any(pq.read_metadata(path).num_rows for path in paths if path.is_file()):
            return
        declaration = self.inspection.declarations.get(table)
        if declaration is None:
            raise PurposeRefused(
                f"{stage} would read {table}, and inspection.toml declares no table of that name. Declare it "
                "there, or withdraw the returns that hold it (assay inspect withdraw-return)."
            )
        reason = self._refusal(declaration, purpose)
        if reason:
            raise PurposeRefused(f"{stage} would read {table} for {purpose} ({PURPOSES[purpose]}). {reason}")

    def require_for_facts(self, returns: Iterable[AcceptedReturn]) -> None:
        """Check, before anything is written, that every table used for facts and answers may be read.

        Raises
        ------
        PurposeRefused
            If one of them may not be read.
        """
        stages = [self.inspection.folder / item.stage for item in returns]
        for name in (item for item in contract.requested_tables() if item not in SEARCHED_TEXT_TABLES):
            self.require(name, "facts", [stage / f"{name}.parquet" for stage in stages], "the run")

    def _refusal(self, declaration: Declaration, purpose: str) -> str:
        expiry = declaration.expiry_sentence(self.today)
        if expiry:
            advice = f" Do that now: assay inspect retire {self.inspection.folder} --due"
            return f"{expiry}{advice if self.today > declaration.destroy_by else ' Nothing may read it.'}"
        if purpose not in declaration.purposes:
            return f"It is declared for {', '.join(declaration.purposes)} only, so the run stops here."
        return ""


def refuse_identities(paths: Iterable[Path], stage: str) -> None:
    """Raise PurposeRefused if a stage after record linkage would read a table with a direct identifier."""
    for path in paths:
        found = sorted(identity_column_names() & set(pq.read_schema(path).names))
        if found:
            raise PurposeRefused(
                f"{stage} would read {path.parent.name}/{path.name}, which holds {', '.join(found)}. No stage "
                "after record linkage may read identities. Receive the return again with this version: assay "
                "inspect receive."
            )


def refuse_known_truth(inspection: Path, paths: Iterable[Path], stage: str) -> None:
    """Raise PurposeRefused if a path is in the folder of the known truth of synthetic data."""
    for path in paths:
        if is_in_truth_folder(inspection, path):
            raise PurposeRefused(
                f"{stage} would read from {inspection.name}/{TRUTH_FOLDER}, the known truth of synthetic forces. No "
                "stage may read it: only assay synthetic score reads it, afterwards."
            )


def is_in_truth_folder(inspection: Path, path: Path) -> bool:
    """Return True if a path is the truth folder of an inspection, or is inside it."""
    home, resolved = inspection.resolve(), path.resolve()
    return resolved.is_relative_to(home) and [part.casefold() for part in resolved.relative_to(home).parts[:1]] == [
        TRUTH_FOLDER
    ]


def is_in_any_truth_folder(inspection: Path, path: Path) -> bool:
    """Return True if a path is in this inspection's truth folder or in one beside synthetic returns."""
    ancestors = (path.resolve(), *path.resolve().parents)
    is_separate_truth = any(
        ancestor.name.casefold() == TRUTH_FOLDER and (ancestor / f"{TRUTH_FOLDER}.toml").is_file()
        for ancestor in ancestors
    )
    return is_separate_truth or is_in_truth_folder(inspection, path)
