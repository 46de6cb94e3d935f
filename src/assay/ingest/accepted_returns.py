"""Which returns does the inspection hold, and which edition of each is the one that counts?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.provenance import destroyed_files, read_receipt
from assay.engine.provenance.receipts import SENT
from assay.engine.provenance.stage_folders import RECEIPT, stages_in
from assay.ingest import return_editions
from assay.ingest.inspection_folder import Inspection
from assay.ingest.return_editions import Accepted

RETURNS = "returns"
RETURN = "returns.parquet"


@dataclass(frozen=True)
class Held:
    """One accepted return and the stage it lies in."""

    stage: str
    accepted: Accepted

    @property
    def body(self) -> str:
        """Whose it is."""
        return self.accepted.force_code


def stage_of(body: str, edition: int) -> str:
    """The stage in which a return lies."""
    return f"{RETURNS}/{body}/edition_{edition}"


def part_of(part: str, stage: str) -> str:
    """The stage in which a part of the same return lies: `identities` or `texts`."""
    return part + stage.removeprefix(RETURNS)


def all_held(inspection: Inspection) -> tuple[Held, ...]:
    """Every accepted return that was not destroyed, superseded ones among them, in order of body and edition."""
    stages = [f"{RETURNS}/{name}" for name in stages_in(inspection.folder / RETURNS)]
    gone = destroyed_files(inspection.ledger.entries())
    there = [one for one in stages if RETURN not in gone.get(one, {}) or (inspection.folder / one / RETURN).is_file()]
    found = (_held(inspection.folder, stage) for stage in there)
    return tuple(sorted(found, key=lambda held: (held.body, held.accepted.edition)))


def _held(folder: Path, stage: str) -> Held:
    """What is told of a return: read once, until a file of it is another. (To take in n returns asks n times n.)"""
    return _read(folder, stage, *(_mark(folder / stage / name) for name in (RETURN, RECEIPT)))


def _mark(path: Path) -> tuple[int, int, int] | None:
    """What tells whether a file is another; None where there is none."""
    try:
        told = path.stat()
    except FileNotFoundError:
        return None
    return told.st_ino, told.st_mtime_ns, told.st_size


@lru_cache(maxsize=4096)
def _read(folder: Path, stage: str, *_marks: tuple[int, int, int] | None) -> Held:
    row = pq.read_table(folder / stage / RETURN).to_pylist()[0]
    receipt = read_receipt(folder, stage)
    sent = {name.removeprefix(SENT): value for name, value in receipt.inputs.items()} if receipt else {}
    return Held(stage, Accepted(row["force_code"], row["edition"], row["period_from"], row["period_to"], sent))


def holding(inspection: Inspection) -> tuple[Held, ...]:
    """The returns that count: of each body and period the highest edition."""
    held = {stage_of(one.body, one.accepted.edition): one for one in all_held(inspection)}
    counts = return_editions.holding(one.accepted for one in held.values())
    return tuple(held[stage_of(one.force_code, one.edition)] for one in counts)


def unreadable(inspection: Inspection, held: Iterable[Held]) -> list[str]:
    """The tables of these returns that can no longer be read: what was received cannot be made again."""
    found = []
    for one in held:
        for path in sorted((inspection.folder / one.stage).glob("*.parquet")):
            try:
                pq.read_metadata(path)
            except (pa.ArrowException, OSError):
                found.append(f"{one.stage}/{path.name}")
    return found


def lost(inspection: Inspection, held: Iterable[Held]) -> list[str]:
    """The tables of these returns that were destroyed, each with when and why: without them nothing can be run."""
    gone = destroyed_files(inspection.ledger.entries())
    return [
        f"{one.stage}/{name} was destroyed on {entry.at[:10]}. {entry.about['rule']}"
        for one in held
        for name, entry in sorted(gone.get(one.stage, {}).items())
    ]


def letter_of(inspection: Inspection, stage: str) -> Path | None:
    """The letter of a return; None for a bundle, whose sender has it."""
    path = inspection.folder / stage / "letter.html"
    return path if path.exists() else None


def letter_before(inspection: Inspection, body: str, edition: int, *, in_draft: bool = False) -> Path | None:
    """The letter of the edition before this one, as CSV; None if there was none. `in_draft`: or that of this edition,
    as it was read last time."""
    latest = edition if in_draft else edition - 1
    earlier = [one for one in all_held(inspection) if one.body == body and one.accepted.edition <= latest]
    path = inspection.folder / earlier[-1].stage / "letter.csv" if earlier else None
    return path if path and path.exists() else None
