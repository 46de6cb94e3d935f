"""Stage runner: run a stage, or reuse its output if inputs, settings and code are unchanged.

Files that change before or during a run are detected.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

import assay
from assay.engine.provenance import (
    RECEIVED_PREFIX,
    EventKind,
    Ledger,
    Receipt,
    compute_seal,
    current_stage,
    read_receipt,
    sign_head,
    sources_hash,
    write_stage,
)
from assay.engine.provenance.ledger_signatures import require_unaltered
from assay.engine.provenance.stage_folders import RECEIPT, list_files, list_stages, output_hash
from assay.engine.worker_processes import release_memory
from assay.errors import EvidenceError

# Detect input files that change before or during a run.

FileState = tuple[int, int, int]


class FileWatch:
    """Watches the files of stages that must not change while a run reads them, by size, time and inode."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[str, FileState] = {}

    def add(self, stage: str) -> None:
        """Record the size, time and inode of every file of a stage, so that a later change is detected."""
        stage_folder = self.folder / stage
        self._seen |= {f"{stage}/{name}": _file_state(stage_folder / name) for name in list_files(stage_folder)}

    def refuse_changed(self) -> None:
        """Raise EvidenceError if a watched file changed, because an output must not mix two states of an input."""
        for name, state in self._seen.items():
            path = self.folder / name
            if not path.is_file() or _file_state(path) != state:
                raise EvidenceError(_change_message(name, "changed while the run went on"))


def refuse_changed_before(folder: Path, receipt: Receipt) -> None:
    """Raise EvidenceError if a file of a stage is newer than its provenance record and differs from it."""
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


Setting = str | int | float | bool | None
PINNED_PACKAGES = ("duckdb", "ibis-framework", "numpy", "polars", "scipy", "splink", "holidays", "tzdata")
"""Libraries on whose version a figure may depend: with another version a stage runs again."""


def stage_key_fields(
    packages: Sequence[ModuleType], inputs: Mapping[str, str], settings: Mapping[str, Setting]
) -> dict[str, Any]:
    """Return the fields of the provenance record from which the key of a stage is computed."""
    return {
        "inputs": dict(inputs),
        "settings": {**_pinned_versions(), **settings},
        "code_version": assay.__version__,
        "sources": sources_hash(packages),
    }


@cache
def _pinned_versions() -> dict[str, str]:
    """Return the versions of `PINNED_PACKAGES`, cached because they cannot change within a process."""
    return {f"pin {name}": version(name) for name in PINNED_PACKAGES}


@dataclass(frozen=True)
class StageOutput:
    """The output of a stage: tables, files, statements, and the numbers of rows in, out and set aside by reason.

    `fill`, if given, writes further files into the stage folder itself.
    """

    tables: Mapping[str, pa.Table]
    rows_in: int
    rows_out: int
    set_aside: Mapping[str, int] = field(default_factory=dict)
    sql: Sequence[str] = ()
    files: Mapping[str, bytes | str] = field(default_factory=dict)
    fill: Callable[[Path], object] | None = None


class StageRunner:
    """Runs the stages of one inspection folder, and holds its ledger and the provenance records of this run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = Ledger(folder / "ledger.jsonl")
        self.receipts: dict[str, Receipt] = {}
        self.cached_stages: list[str] = []
        self._watch = FileWatch(folder)

    def begin_run(self) -> None:
        """Record the start of a run in the ledger; EvidenceError if the ledger differs from what was signed."""
        require_unaltered(self.ledger)
        is_new_ledger = not self.ledger.path.is_file()
        self.ledger.append(
            EventKind.RUN_BEGAN,
            code_version=assay.__version__,
            python=platform.python_version(),
            system=platform.system(),
        )
        if is_new_ledger:
            sign_head(self.ledger)  # with one line it may still replace a ledger that was signed in this folder

    def record_received_file(self, name: str, sha256: str) -> tuple[str, str]:
        """Record a received file in the ledger; return its name and hash as an input of a provenance record."""
        self.ledger.append(EventKind.FILE_RECEIVED, name=name, hash=sha256)
        return f"{RECEIVED_PREFIX}{name}", sha256

    def outputs_of(self, *stages: str) -> dict[str, str]:
        """Return name and hash of every output table of these stages."""
        return {
            f"{stage}/{name}": value
            for stage in stages
            for name, value in self.receipts[stage].outputs.items()
            if name.endswith(".parquet")
        }

    @property
    def seal(self) -> str:
        """The release seal: SHA-256 over the provenance records of this run so far, in order of stage.

        It includes no time and no SQL text (decision 0123), so the same returns and the same code give the same seal.
        The ledger records it.
        """
        return compute_seal(self.receipts)

    def record_release(self, policy: str, tables: int, seal: str, covered_stages: str) -> None:
        """Record a release with its seal and the stages it covers, unless the last release is the same.

        `covered_stages`: the stages in the form of `list_stages`, so that the seal can be recomputed from the receipts.
        """
        details = {"policy": policy, "tables": tables, "seal": seal, "sealed": covered_stages}
        released = [entry.about for entry in self.ledger.entries() if entry.kind == EventKind.RELEASED.key]
        if not released or dict(released[-1]) != details:
            self.ledger.append(EventKind.RELEASED, policy=policy, tables=tables, seal=seal, sealed=covered_stages)

    def load_receipts(self, stage_prefix: str) -> list[str]:
        """Load the provenance records of stages that other commands wrote; return the names of the stages."""
        stages = [
            stage for stage in list_stages(self.folder) if stage == stage_prefix or stage.startswith(f"{stage_prefix}/")
        ]
        for stage in stages:
            receipt = read_receipt(self.folder, stage)
            if receipt is not None:
                self.receipts[stage] = receipt
        return stages

    def watch_stages(self, stage_prefix: str) -> None:
        """Load provenance records, and watch the files of their stages: EvidenceError if one changes during the run."""
        for stage in self.load_receipts(stage_prefix):
            refuse_changed_before(self.folder, self.receipts[stage])
            self._watch.add(stage)

    def run_stage(
        self,
        stage: str,
        make: Callable[[], StageOutput],
        *,
        packages: Sequence[ModuleType],
        inputs: Mapping[str, str],
        settings: Mapping[str, Setting] | None = None,
        in_ledger: bool = False,
    ) -> Receipt:
        """Run a stage, or reuse its stored output if inputs, settings and code are unchanged; return its record.

        Parameters
        ----------
        stage
            Name of the stage, which is also its folder.
        make
            Function that computes the output; called only if the stage must run, so all preparation belongs into it.
        packages
            Packages whose sources the output depends on.
        inputs
            Name and hash of each input.
        settings
            Settings that the output depends on.
        in_ledger
            Reuse the stage only if the ledger records its receipt, because other stages use its content without
            counting rows again.
        """
        key_fields = stage_key_fields(packages, inputs, settings or {})
        receipt = self._current_receipt(stage, key_fields, in_ledger)
        if receipt is not None:
            self.record_cached_stage(receipt)
            return receipt
        output = make()
        release_memory()
        self._watch.refuse_changed()
        set_aside = {reason: rows for reason, rows in output.set_aside.items() if rows}
        receipt = write_stage(
            self.folder,
            stage,
            output.tables,
            files=output.files,
            fill=output.fill,
            rows_in=output.rows_in,
            rows_out=output.rows_out,
            ledger=self.ledger,
            set_aside=set_aside,
            sql=tuple(output.sql),
            **key_fields,
        )
        del output
        release_memory()
        self._add_receipt(receipt)
        return receipt

    def is_current(
        self,
        stage: str,
        *,
        packages: Sequence[ModuleType],
        inputs: Mapping[str, str],
        settings: Mapping[str, Setting],
    ) -> bool:
        """Return True if the stored output of a stage was made with the same inputs, settings and code."""
        return self._current_receipt(stage, stage_key_fields(packages, inputs, settings), in_ledger=False) is not None

    def record_cached_stage(self, receipt: Receipt) -> None:
        """Record in the ledger that the stored output of a stage is reused, and make it available to later stages."""
        self.ledger.append(EventKind.STAGE_KEPT, stage=receipt.stage, receipt=receipt.hash)
        self.cached_stages.append(receipt.stage)
        self._add_receipt(receipt)

    def _add_receipt(self, receipt: Receipt) -> None:
        self.receipts[receipt.stage] = receipt
        self._watch.add(receipt.stage)

    def _current_receipt(self, stage: str, key_fields: Mapping[str, Any], in_ledger: bool) -> Receipt | None:
        """Return the receipt of a stage that need not run again; None if it must, or is not in the ledger."""
        receipt = current_stage(self.folder, stage, **key_fields)
        return None if receipt and in_ledger and not self.ledger.has_written(receipt.stage, receipt.hash) else receipt

    def write_stage_output(
        self,
        stage: str,
        tables: Mapping[str, pa.Table],
        *,
        packages: Sequence[ModuleType],
        inputs: Mapping[str, str],
        rows_in: int,
        rows_out: int,
        set_aside: Mapping[str, int] | None = None,
        sql: Sequence[str] = (),
        settings: Mapping[str, Setting] | None = None,
        fill: Callable[[Path], object] | None = None,
        files: Mapping[str, str] | None = None,
    ) -> Receipt:
        """Write a stage with its provenance record and ledger entry; EvidenceError if the row counts do not add up."""
        self.receipts[stage] = write_stage(
            self.folder,
            stage,
            tables,
            files=files,
            fill=fill,
            rows_in=rows_in,
            rows_out=rows_out,
            ledger=self.ledger,
            set_aside={reason: rows for reason, rows in (set_aside or {}).items() if rows},
            inputs=dict(inputs),
            sql=tuple(sql),
            settings=dict(settings or {}),
            code_version=assay.__version__,
            sources=sources_hash(packages),
        )
        release_memory()
        return self.receipts[stage]

    def end_run(self) -> None:
        """Record the end of the run, and sign the ledger if there is a key."""
        self.ledger.append(EventKind.RUN_ENDED, stages=len(self.receipts))
        sign_head(self.ledger)
