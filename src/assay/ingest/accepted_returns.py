"""Find the accepted returns of an inspection and the current edition of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.provenance import destroyed_files, read_receipt
from assay.engine.provenance.receipts import RECEIVED_PREFIX
from assay.engine.provenance.stage_folders import RECEIPT, list_stages
from assay.ingest import return_editions
from assay.ingest.inspection_folder import Inspection
from assay.ingest.return_editions import ReturnEdition

RETURNS_STAGE = "returns"
RETURN_FILE = "returns.parquet"


@dataclass(frozen=True)
class AcceptedReturn:
    """One accepted return, and the stage in which it is stored."""

    stage: str
    return_edition: ReturnEdition

    @property
    def force_code(self) -> str:
        """The code of the force that sent the return."""
        return self.return_edition.force_code


def return_stage(force_code: str, edition: int) -> str:
    """Return the name of the stage that stores one edition of a force's return."""
    return f"{RETURNS_STAGE}/{force_code}/edition_{edition}"


def part_stage(part: str, stage: str) -> str:
    """Return the stage that stores a return's direct identifiers (`identities`) or its free texts (`texts`)."""
    return part + stage.removeprefix(RETURNS_STAGE)


def all_accepted_returns(inspection: Inspection) -> tuple[AcceptedReturn, ...]:
    """Return every accepted return that was not destroyed, including superseded ones, by force and edition."""
    stages = [f"{RETURNS_STAGE}/{name}" for name in list_stages(inspection.folder / RETURNS_STAGE)]
    destroyed = destroyed_files(inspection.ledger.entries())
    existing_stages = [
        stage_name
        for stage_name in stages
        if RETURN_FILE not in destroyed.get(stage_name, {}) or (inspection.folder / stage_name / RETURN_FILE).is_file()
    ]
    found = (_accepted_return(inspection.folder, stage) for stage in existing_stages)
    return tuple(sorted(found, key=lambda accepted: (accepted.force_code, accepted.return_edition.edition)))


def _accepted_return(folder: Path, stage: str) -> AcceptedReturn:
    """Read an accepted return; cached until one of its files changes."""
    return _read_accepted_return(
        folder, stage, *(_file_fingerprint(folder / stage / name) for name in (RETURN_FILE, RECEIPT))
    )


def _file_fingerprint(path: Path) -> tuple[int, int, int] | None:
    """Return inode, modification time and size of a file; None if it does not exist."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4096)
def _read_accepted_return(folder: Path, stage: str, *_marks: tuple[int, int, int] | None) -> AcceptedReturn:
    row = pq.read_table(folder / stage / RETURN_FILE).to_pylist()[0]
    receipt = read_receipt(folder, stage)
    input_hashes = (
        {name.removeprefix(RECEIVED_PREFIX): value for name, value in receipt.inputs.items()} if receipt else {}
    )
    return AcceptedReturn(
        stage, ReturnEdition(row["force_code"], row["edition"], row["period_from"], row["period_to"], input_hashes)
    )


def current_returns(inspection: Inspection) -> tuple[AcceptedReturn, ...]:
    """Return the current returns: the highest edition for each force and period."""
    returns_by_stage = {
        return_stage(accepted.force_code, accepted.return_edition.edition): accepted
        for accepted in all_accepted_returns(inspection)
    }
    current_editions = return_editions.current_editions(
        accepted.return_edition for accepted in returns_by_stage.values()
    )
    return tuple(returns_by_stage[return_stage(accepted.force_code, accepted.edition)] for accepted in current_editions)


def unreadable_tables(inspection: Inspection, returns: Iterable[AcceptedReturn]) -> list[str]:
    """Return the tables of these returns that are damaged; they can only be received again."""
    found = []
    for accepted in returns:
        for path in sorted((inspection.folder / accepted.stage).glob("*.parquet")):
            try:
                pq.read_metadata(path)
            except (pa.ArrowException, OSError):
                found.append(f"{accepted.stage}/{path.name}")
    return found


def destroyed_tables(inspection: Inspection, returns: Iterable[AcceptedReturn]) -> list[str]:
    """Return the tables of these returns that were destroyed, with date and rule."""
    destroyed = destroyed_files(inspection.ledger.entries())
    return [
        f"{accepted.stage}/{name} was destroyed on {entry.at[:10]}. {entry.about['rule']}"
        for accepted in returns
        for name, entry in sorted(destroyed.get(accepted.stage, {}).items())
    ]


def letter_path(inspection: Inspection, stage: str) -> Path | None:
    """Return the path of the data-quality letter of a return; None for a bundle."""
    path = inspection.folder / stage / "letter.html"
    return path if path.exists() else None


def previous_letter_path(
    inspection: Inspection, force_code: str, edition: int, *, in_draft: bool = False
) -> Path | None:
    """Return the path of the CSV letter about the previous edition of a return; None if there is none.

    With `in_draft`, return the letter of this edition as it was last read.
    """
    latest = edition if in_draft else edition - 1
    previous_returns = [
        accepted
        for accepted in all_accepted_returns(inspection)
        if accepted.force_code == force_code and accepted.return_edition.edition <= latest
    ]
    path = inspection.folder / previous_returns[-1].stage / "letter.csv" if previous_returns else None
    return path if path and path.exists() else None
