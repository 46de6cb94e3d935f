"""Where does a stage write its tables, and which hashes does its receipt rest on?"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import pyarrow as pa

import assay
from assay.evidence import SENT, EventKind, Ledger, Receipt, sources_hash, write_stage

Setting = str | int | float | bool | None


class Book:
    """The inspection's folder, its ledger, and the receipts written so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = Ledger(folder / "ledger.jsonl")
        self.receipts: dict[str, Receipt] = {}
        self.ledger.append(
            EventKind.RUN_BEGAN,
            code_version=assay.__version__,
            python=platform.python_version(),
            system=platform.system(),
        )

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
        """Note that the run came to its end."""
        self.ledger.append(EventKind.RUN_ENDED, stages=len(self.receipts))
