"""Write and read stage folders atomically: a stage is stored complete with its provenance record, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.provenance.content_hashes import file_hash, parquet_content_hash
from assay.engine.provenance.ledger import EventKind, Ledger
from assay.engine.provenance.receipts import Receipt
from assay.errors import EvidenceError

RECEIPT = "receipt.json"
TABLE_SUFFIX = ".parquet"
HASH_SUFFIX = ".sha256"
"""Suffix of a file with the hash of the bytes of another file."""
PARALLEL_BYTES = 1_000_000
"""Size of a stage from which its files are hashed in parallel threads."""
UNFINISHED_PREFIX = ".unfinished-"  # prefix of the folder of a stage while it is written
REPLACED_PREFIX = ".replaced-"


def write_stage(
    folder: Path,
    stage: str,
    tables: Mapping[str, pa.Table] | None = None,
    *,
    files: Mapping[str, bytes | str] | None = None,
    fill: Callable[[Path], object] | None = None,
    rows_in: int,
    rows_out: int,
    ledger: Ledger | None = None,
    **receipt: Any,
) -> Receipt:
    """Write the tables, files and provenance record of a stage atomically, in place of an earlier output.

    `tables` by name become `name.parquet`; `files` are texts or bytes by name; `fill` is called with the folder and
    writes further files. The other arguments are those of `Receipt` (`set_aside`, `inputs`, `sql`, `settings`, `seed`,
    `code_version`, `sources`); the outputs are computed here. With a `ledger`, the hash of the receipt is recorded
    there. EvidenceError if the row counts do not add up or the name of the stage is invalid.
    """
    # Checked before anything is written, so that an invalid receipt leaves the old stage unchanged.
    Receipt(stage=stage, taken=rows_in, passed_on=rows_out, **receipt)
    stage_path = _stage_path(folder, stage)
    working_folder = _empty_folder(stage_path)
    try:
        for name, table in (tables or {}).items():
            pq.write_table(table, working_folder / f"{name}{TABLE_SUFFIX}", compression="zstd")
        for name, content in (files or {}).items():
            _write_file(working_folder / name, content)
        if fill:
            fill(working_folder)
        written_receipt = Receipt(
            stage=stage, taken=rows_in, passed_on=rows_out, outputs=output_hashes(working_folder), **receipt
        )
        _write_file(working_folder / RECEIPT, written_receipt.to_json())
        _sync(working_folder / RECEIPT)
        _replace_stage(working_folder, stage_path)
    except BaseException:  # a panic of Polars is no Exception
        shutil.rmtree(working_folder, ignore_errors=True)  # frees the space if the disk is full
        raise
    if ledger:
        ledger.append(EventKind.STAGE_WRITTEN, stage=stage, receipt=written_receipt.hash)
    return written_receipt


def write_table_hashes(stage_folder: Path) -> None:
    """Write the hash of the bytes of each table beside it, in the format of `sha256sum`; for use as `fill`.

    A receipt has the content hash of a table, which does not depend on the version of the library. Tables that people
    sealed are also identified by their bytes.
    """
    for path in sorted(stage_folder.glob(f"*{TABLE_SUFFIX}")):
        _write_file(path.with_name(f"{path.name}{HASH_SUFFIX}"), f"{file_hash(path)}  {path.name}\n")


def table_bytes_differ(path: Path) -> bool:
    """Return True if the bytes of a file differ from the hash that `write_table_hashes` wrote; False without hash."""
    hash_path = path.with_name(f"{path.name}{HASH_SUFFIX}")
    return hash_path.is_file() and hash_path.read_text(encoding="utf-8").partition(" ")[0] != file_hash(path)


def read_stage(folder: Path, stage: str, name: str) -> pa.Table:
    """Return a table of a stage; EvidenceError if the stage has no such table."""
    path = folder / stage / f"{name}{TABLE_SUFFIX}"
    if not path.exists():
        raise EvidenceError(f"{stage} holds no table {name}: run the inspection again into this folder.")
    return pq.read_table(path)


def read_receipt(folder: Path, stage: str) -> Receipt | None:
    """Return the provenance record of a stage, or None if the stage does not exist."""
    path = folder / stage / RECEIPT
    return Receipt.from_json(path.read_text(encoding="utf-8")) if path.exists() else None


def current_stage(folder: Path, stage: str, **key_fields: Any) -> Receipt | None:
    """Return the provenance record of a stage that is up to date, or None if the stage must run again.

    `key_fields` are the arguments of `Receipt` that form its key: `inputs`, `settings`, `seed`, `code_version`,
    `sources`. A stage whose files changed after they were written must run again too.
    """
    receipt = read_receipt(folder, stage)
    if receipt is None or receipt.key != Receipt(stage=stage, taken=0, passed_on=0, **key_fields).key:
        return None
    try:
        return receipt if output_hashes(folder / stage) == dict(receipt.outputs) else None
    except (pa.ArrowException, OSError, EvidenceError):
        return None  # if a file cannot be read, the stage runs again


def list_stages(folder: Path) -> list[str]:
    """Return the names of all finished stages in order: the outermost folders with a provenance record."""
    if not folder.is_dir():
        return []
    stages: list[str] = []
    for subfolder in sorted(path for path in folder.iterdir() if path.is_dir() and not is_partial_output(path.name)):
        suffixes = [""] if (subfolder / RECEIPT).is_file() else [f"/{name}" for name in list_stages(subfolder)]
        stages += [subfolder.name + name for name in suffixes]
    return stages


def is_partial_output(name: str) -> bool:
    """Return True if the path is a partial output of an interrupted stage."""
    return any(part.startswith((UNFINISHED_PREFIX, REPLACED_PREFIX)) for part in name.split("/"))


def output_hash(path: Path) -> str:
    """Return the content hash of a Parquet table, or the hash of the bytes of any other file."""
    return parquet_content_hash(path) if path.suffix == TABLE_SUFFIX else file_hash(path)


def output_hashes(stage_folder: Path) -> dict[str, str]:
    """Return the name and hash of every file in the folder of a stage, except its provenance record."""
    names = [name for name in list_files(stage_folder) if name != RECEIPT]
    paths = [stage_folder / name for name in names]
    if sum(path.stat().st_size for path in paths) < PARALLEL_BYTES:
        return dict(zip(names, map(output_hash, paths), strict=True))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(names, pool.map(output_hash, paths), strict=True))


def list_files(base_folder: Path) -> list[str]:
    """Return the relative paths of all files below a folder, with forward slashes, in order."""
    return sorted(path.relative_to(base_folder).as_posix() for path in base_folder.rglob("*") if path.is_file())


def _stage_path(folder: Path, stage: str) -> Path:
    if not all(part.replace("-", "_").isidentifier() for part in stage.split("/")):
        raise EvidenceError(f"{stage!r} cannot name a stage: use names of rooms, such as 'enquiries/scale'.")
    other_stages = {f"{other}/" for other in list_stages(folder)} - {f"{stage}/"}
    if any(f"{stage}/".startswith(other) or other.startswith(f"{stage}/") for other in other_stages):
        raise EvidenceError(f"{stage} would lie inside another stage, or around one: rename it.")
    return folder / stage


def _empty_folder(stage_path: Path) -> Path:
    stage_path.parent.mkdir(parents=True, exist_ok=True)
    working_folder = stage_path.with_name(UNFINISHED_PREFIX + stage_path.name)
    shutil.rmtree(working_folder, ignore_errors=True)
    working_folder.mkdir()
    return working_folder


def _write_file(path: Path, content: bytes | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _replace_stage(working_folder: Path, stage_path: Path) -> None:
    """Replace a stage by two renames; if interrupted between them, `repair_folder` restores the old stage."""
    old_folder = stage_path.with_name(REPLACED_PREFIX + stage_path.name)
    shutil.rmtree(old_folder, ignore_errors=True)
    if stage_path.exists():
        stage_path.rename(old_folder)
    working_folder.rename(stage_path)
    shutil.rmtree(old_folder, ignore_errors=True)
