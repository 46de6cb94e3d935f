"""Did a file change that a run rests on, before it began or while it went on?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from assay.engine.provenance.receipts import Receipt
from assay.engine.provenance.stage_folders import RECEIPT, hash_of, names_in
from assay.errors import EvidenceError

Look = tuple[int, int, int]


class Watch:
    """The files of stages that must stay as they are while a run reads them, by how they look from outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[str, Look] = {}

    def add(self, stage: str) -> None:
        """Watch every file of a stage from now on, as it stands."""
        room = self.folder / stage
        self._seen |= {f"{stage}/{name}": _look(room / name) for name in names_in(room)}

    def refuse_changed(self) -> None:
        """EvidenceError if a watched file is not as it was: nothing may be made of half of one and half of another."""
        for name, look in self._seen.items():
            path = self.folder / name
            if not path.is_file() or _look(path) != look:
                raise EvidenceError(_letter(name, "changed while the run went on"))


def refuse_changed_before(folder: Path, receipt: Receipt) -> None:
    """EvidenceError if a file of a stage that was written after its receipt no longer says what the receipt says."""
    for name in _younger(folder / receipt.stage):
        try:
            same = name not in receipt.outputs or hash_of(folder / receipt.stage / name) == receipt.outputs[name]
        except (pa.ArrowException, OSError):
            same = False
        if not same:
            raise EvidenceError(_letter(f"{receipt.stage}/{name}", "changed since it was received"))


def _younger(room: Path) -> Iterator[str]:
    written = (room / RECEIPT).stat().st_mtime_ns
    return (name for name in names_in(room) if name != RECEIPT and (room / name).stat().st_mtime_ns > written)


def _look(path: Path) -> Look:
    told = path.stat()
    return told.st_size, told.st_mtime_ns, told.st_ino


def _letter(name: str, what: str) -> str:
    return (
        f"{name} {what}. Nothing was made of it, and what was finished before is kept. Put back the file as it was, or "
        "take the return in again (assay receive); then start the run again. assay verify names all that differs."
    )
