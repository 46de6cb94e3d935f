"""Detect input files that change before or during a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from assay.engine.provenance.receipts import Receipt
from assay.engine.provenance.stage_folders import RECEIPT, list_files, output_hash
from assay.errors import EvidenceError

FileState = tuple[int, int, int]


class FileWatch:
    """Watches the files of stages that must not change while a run reads them, by size, time and inode."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[str, FileState] = {}

    def add(self, stage: str) -> None:
        """Watch every file of a stage in its present state."""
        stage_folder = self.folder / stage
        self._seen |= {f"{stage}/{name}": _file_state(stage_folder / name) for name in list_files(stage_folder)}

    def refuse_changed(self) -> None:
        """Raise EvidenceError if a watched file changed: no output may mix two states of an input."""
        for name, state in self._seen.items():
            path = self.folder / name
            if not path.is_file() or _file_state(path) != state:
                raise EvidenceError(_change_message(name, "changed while the run went on"))


def refuse_changed_before(folder: Path, receipt: Receipt) -> None:
    """Raise EvidenceError if a file of a stage is newer than its receipt and differs from it."""
    for name in _files_newer_than_receipt(folder / receipt.stage):
        try:
            is_unchanged = (
                name not in receipt.outputs or output_hash(folder / receipt.stage / name) == receipt.outputs[name]
            )
        except (pa.ArrowException, OSError):
            is_unchanged = False
        if not is_unchanged:
            raise EvidenceError(_change_message(f"{receipt.stage}/{name}", "changed since it was received"))


def _files_newer_than_receipt(stage_folder: Path) -> Iterator[str]:
    receipt_time = (stage_folder / RECEIPT).stat().st_mtime_ns
    return (
        name
        for name in list_files(stage_folder)
        if name != RECEIPT and (stage_folder / name).stat().st_mtime_ns > receipt_time
    )


def _file_state(path: Path) -> FileState:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _change_message(name: str, problem: str) -> str:
    return (
        f"{name} {problem}. Nothing was made of it, and what was finished before is kept. Put back the file as "
        f"it was, or "
        "take the return in again (assay inspect receive); then start the run again. assay inspect verify "
        "names all that differs."
    )
