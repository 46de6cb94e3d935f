"""May this stage read this table, for this purpose, today? And does it hold what tells who a person is?

Three walls at run time, beside the doors of the code. A table is read only for a purpose that inspection.toml declares,
and not after its last day; no stage after `persons` reads a column that is an identity, wherever it may lie; and
nothing that is run or taken in lies in the folder of the truth about invented forces.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from assay import contract
from assay.contract.declared_purposes import SEARCHED
from assay.contract.separated_columns import identity_names
from assay.engine.provenance.verification import TRUTH
from assay.errors import PurposeRefused
from assay.ingest.accepted_returns import Held
from assay.ingest.inspection_folder import Inspection
from assay.reference.processing_declarations import PURPOSES, Declaration


def may_be_kept(inspection: Inspection, part: str, today: date) -> bool:
    """Whether identities or texts may be taken in: they are declared, the declaration is whole, no last day passed."""
    declared = inspection.declared.get(part)
    return declared is not None and not declared.faults() and not declared.passed(today)


@dataclass(frozen=True)
class Permission:
    """What may be read of an inspection on one day."""

    inspection: Inspection
    today: date

    def ask(self, table: str, purpose: str, paths: Iterable[Path], stage: str) -> None:
        """Pass, or raise PurposeRefused with the reason. A table without a row gives nothing away, and may be read."""
        if not any(pq.read_metadata(path).num_rows for path in paths if path.is_file()):
            return
        declared = self.inspection.declared.get(table)
        if declared is None:
            raise PurposeRefused(
                f"{stage} would read {table}, and inspection.toml declares no table of that name. Declare it there, or "
                f"withdraw the returns that hold it."
            )
        reason = self._refusal(declared, purpose)
        if reason:
            raise PurposeRefused(f"{stage} would read {table} for {purpose} ({PURPOSES[purpose]}). {reason}")

    def ask_for_facts(self, held: Iterable[Held]) -> None:
        """Pass, or raise PurposeRefused, for every table that facts and answers rest on, before anything is written."""
        stages = [self.inspection.folder / one.stage for one in held]
        for name in (one for one in contract.asked_tables() if one not in SEARCHED):
            self.ask(name, "facts", [stage / f"{name}.parquet" for stage in stages], "the run")

    def _refusal(self, declared: Declaration, purpose: str) -> str:
        passed = declared.passed(self.today)
        if passed:
            due = f" Do that now: assay retire {self.inspection.folder} --due"
            return f"{passed}{due if self.today > declared.destroy_by else ' Nothing may read it.'}"
        if purpose not in declared.purposes:
            return f"It is declared for {', '.join(declared.purposes)} only, so the run stops here."
        return ""


def refuse_identities(paths: Iterable[Path], stage: str) -> None:
    """Raise PurposeRefused if a table that a stage after `persons` would read has a column that is an identity."""
    for path in paths:
        found = sorted(identity_names() & set(pq.read_schema(path).names))
        if found:
            raise PurposeRefused(
                f"{stage} would read {path.parent.name}/{path.name}, which holds {', '.join(found)}. No stage after "
                "persons may know who a person is. Take the return in again with this version."
            )


def refuse_truth(inspection: Path, paths: Iterable[Path], stage: str) -> None:
    """Raise PurposeRefused if a path lies in the folder of the truth, however it is written or linked."""
    for path in paths:
        if in_truth(inspection, path):
            raise PurposeRefused(
                f"{stage} would read from {inspection.name}/{TRUTH}, which says what is true of invented forces. "
                "Nothing that is run may know it: only assay truths reads it, afterwards."
            )


def in_truth(inspection: Path, path: Path) -> bool:
    """Whether a path is the folder of the truth of an inspection, or lies in it."""
    home, place = inspection.resolve(), path.resolve()
    return place.is_relative_to(home) and [part.casefold() for part in place.relative_to(home).parts[:1]] == [TRUTH]


def is_truth(inspection: Path, place: Path) -> bool:
    """Whether a place lies in the truth of this inspection, or in one that an inventor left beside its returns."""
    above = (place.resolve(), *place.resolve().parents)
    beside = any(one.name.casefold() == TRUTH and (one / f"{TRUTH}.toml").is_file() for one in above)
    return beside or in_truth(inspection, place)
