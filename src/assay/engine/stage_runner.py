"""Where does a stage write its tables, which hashes does its receipt rest on, and must it run again at all?"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

import assay
from assay.engine.provenance import (
    SENT,
    EventKind,
    Ledger,
    Receipt,
    current_stage,
    read_receipt,
    seal_of,
    sign_head,
    sources_hash,
    write_stage,
)
from assay.engine.provenance.input_changes import Watch, refuse_changed_before
from assay.engine.provenance.ledger_signatures import require_unaltered
from assay.engine.provenance.stage_folders import stages_in
from assay.engine.worker_processes import give_back

Setting = str | int | float | bool | None
PINS = ("duckdb", "ibis-framework", "numpy", "polars", "scipy", "splink", "holidays", "tzdata")
"""Libraries on whose version a figure may depend: a stage made with others is made again."""


def what_it_rests_on(
    rooms: Sequence[ModuleType], inputs: Mapping[str, str], settings: Mapping[str, Setting]
) -> dict[str, Any]:
    """The arguments of `Receipt` that the key of a stage is made of."""
    return {
        "inputs": dict(inputs),
        "settings": {**_pins(), **settings},
        "code_version": assay.__version__,
        "sources": sources_hash(rooms),
    }


@cache
def _pins() -> dict[str, str]:
    """The versions of `PINS`; read once, since a process runs the libraries that it began with."""
    return {f"pin {name}": version(name) for name in PINS}


@dataclass(frozen=True)
class Made:
    """What a stage made: its tables and files, and what became of every row it took."""

    tables: Mapping[str, pa.Table]
    taken: int
    passed_on: int
    set_aside: Mapping[str, int] = field(default_factory=dict)
    sql: Sequence[str] = ()
    files: Mapping[str, bytes | str] = field(default_factory=dict)
    fill: Callable[[Path], object] | None = None


class Book:
    """The inspection's folder, its ledger, and the receipts of this run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = Ledger(folder / "ledger.jsonl")
        self.receipts: dict[str, Receipt] = {}
        self.kept: list[str] = []
        self._watch = Watch(folder)

    def begin(self) -> None:
        """Note that a run began; EvidenceError if the ledger differs from what was signed."""
        require_unaltered(self.ledger)
        made_now = not self.ledger.path.is_file()
        self.ledger.append(
            EventKind.RUN_BEGAN,
            code_version=assay.__version__,
            python=platform.python_version(),
            system=platform.system(),
        )
        if made_now:
            sign_head(self.ledger)  # with one line it may still replace a ledger that was signed in this folder

    def sent(self, name: str, sha256: str) -> tuple[str, str]:
        """Note a file from outside; gives its name and hash as a receipt's input."""
        self.ledger.append(EventKind.FILE_RECEIVED, name=name, hash=sha256)
        return f"{SENT}{name}", sha256

    def outputs_of(self, *stages: str) -> dict[str, str]:
        """Name and hash of every table that the named stages left."""
        return {
            f"{stage}/{name}": value
            for stage in stages
            for name, value in self.receipts[stage].outputs.items()
            if name.endswith(".parquet")
        }

    @property
    def seal(self) -> str:
        """One hash (SHA-256) for all that this run rests on so far: every receipt, in order of stage.

        It holds no clock and no words of statements (decision 0123), so the same returns and the same code give the
        same seal; the ledger remembers it.
        """
        return seal_of(self.receipts)

    def note_release(self, policy: str, tables: int, seal: str, sealed: str) -> None:
        """Note that tables were released under a seal, and which stages it covers, if it is not what was noted last.

        `sealed`: the stages, as `stages_listed` writes them, so that the seal can be recomputed from the receipts.
        """
        about = {"policy": policy, "tables": tables, "seal": seal, "sealed": sealed}
        released = [entry.about for entry in self.ledger.entries() if entry.kind == EventKind.RELEASED.key]
        if not released or dict(released[-1]) != about:
            self.ledger.append(EventKind.RELEASED, policy=policy, tables=tables, seal=seal, sealed=sealed)

    def know(self, within: str) -> list[str]:
        """Take up the receipts of stages that other commands wrote, such as `returns`; gives their names."""
        found = [stage for stage in stages_in(self.folder) if stage == within or stage.startswith(f"{within}/")]
        for stage in found:
            receipt = read_receipt(self.folder, stage)
            if receipt is not None:
                self.receipts[stage] = receipt
        return found

    def watch(self, within: str) -> None:
        """Take up the same receipts; from now on no stage is written if a file of theirs changed (EvidenceError)."""
        for stage in self.know(within):
            refuse_changed_before(self.folder, self.receipts[stage])
            self._watch.add(stage)

    def stage(
        self,
        stage: str,
        make: Callable[[], Made],
        *,
        rooms: Sequence[ModuleType],
        inputs: Mapping[str, str],
        settings: Mapping[str, Setting] | None = None,
        in_ledger: bool = False,
    ) -> Receipt:
        """The stage as it stands, if the same inputs, settings and code made it; else made and written now.

        `make` is called only in the second case, so whatever a stage needs is prepared inside it. `in_ledger`: a stage
        stands only if the ledger holds its receipt, because other stages are made from what it holds without counting
        it again.
        """
        rests_on = what_it_rests_on(rooms, inputs, settings or {})
        done = self._current(stage, rests_on, in_ledger)
        if done is not None:
            self.keep(done)
            return done
        made = make()
        give_back()
        self._watch.refuse_changed()
        aside = {reason: rows for reason, rows in made.set_aside.items() if rows}
        done = write_stage(
            self.folder,
            stage,
            made.tables,
            files=made.files,
            fill=made.fill,
            taken=made.taken,
            passed_on=made.passed_on,
            ledger=self.ledger,
            set_aside=aside,
            sql=tuple(made.sql),
            **rests_on,
        )
        del made
        give_back()
        self._take_up(done)
        return done

    def keep(self, receipt: Receipt) -> None:
        """Note that a stage stands as it was written, with this receipt, and rest later stages on it."""
        self.ledger.append(EventKind.STAGE_KEPT, stage=receipt.stage, receipt=receipt.hash)
        self.kept.append(receipt.stage)
        self._take_up(receipt)

    def _take_up(self, receipt: Receipt) -> None:
        self.receipts[receipt.stage] = receipt
        self._watch.add(receipt.stage)

    def _current(self, stage: str, rests_on: Mapping[str, Any], in_ledger: bool) -> Receipt | None:
        """The receipt of a stage that need not run again; None if it must, or if the ledger does not hold it."""
        done = current_stage(self.folder, stage, **rests_on)
        return None if done and in_ledger and not self.ledger.has_written(done.stage, done.hash) else done

    def write(
        self,
        stage: str,
        tables: Mapping[str, pa.Table],
        *,
        rooms: Sequence[ModuleType],
        inputs: Mapping[str, str],
        taken: int,
        passed_on: int,
        set_aside: Mapping[str, int] | None = None,
        sql: Sequence[str] = (),
        settings: Mapping[str, Setting] | None = None,
        fill: Callable[[Path], object] | None = None,
        files: Mapping[str, str] | None = None,
    ) -> Receipt:
        """Write a stage with its receipt and the ledger's line; a receipt that does not add up is refused."""
        self.receipts[stage] = write_stage(
            self.folder,
            stage,
            tables,
            files=files,
            fill=fill,
            taken=taken,
            passed_on=passed_on,
            ledger=self.ledger,
            set_aside={reason: rows for reason, rows in (set_aside or {}).items() if rows},
            inputs=dict(inputs),
            sql=tuple(sql),
            settings=dict(settings or {}),
            code_version=assay.__version__,
            sources=sources_hash(rooms),
        )
        return self.receipts[stage]

    def close(self) -> None:
        """Note that the run came to its end, and sign the ledger, if there is a key."""
        self.ledger.append(EventKind.RUN_ENDED, stages=len(self.receipts))
        sign_head(self.ledger)
