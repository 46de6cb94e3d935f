"""Is a stage there, whole, with its receipt, or not there at all?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.provenance.content_hashes import content_hash_of, file_hash
from assay.engine.provenance.ledger import EventKind, Ledger
from assay.engine.provenance.receipts import Receipt
from assay.errors import EvidenceError

RECEIPT = "receipt.json"
TABLE = ".parquet"
BYTES = ".sha256"
"""The end of the name of a file that holds the hash of another's bytes."""
UNFINISHED = ".unfinished-"  # such a folder is a stage that was being written when something stopped it
REPLACED = ".replaced-"


def write_stage(
    folder: Path,
    stage: str,
    tables: Mapping[str, pa.Table] | None = None,
    *,
    files: Mapping[str, bytes | str] | None = None,
    fill: Callable[[Path], object] | None = None,
    taken: int,
    passed_on: int,
    ledger: Ledger | None = None,
    **receipt: Any,
) -> Receipt:
    """Write a stage's tables, files and receipt into `folder/stage`, whole or not at all.

    `tables` by name become `name.parquet`; `files` are texts or bytes by name; `fill` is given the folder to
    write further files itself. The other arguments are those of `Receipt` (`set_aside`, `inputs`, `sql`,
    `settings`, `seed`, `code_version`, `sources`); the outputs are worked out here. A stage of that name
    that is already there is replaced. With a `ledger`, the receipt's hash is entered there.
    """
    # Checked before anything is written: a receipt that does not add up leaves the old stage as it was.
    Receipt(stage=stage, taken=taken, passed_on=passed_on, **receipt)
    place = _place(folder, stage)
    room = _empty_room(place)
    try:
        for name, table in (tables or {}).items():
            pq.write_table(table, room / f"{name}{TABLE}", compression="zstd")
        for name, content in (files or {}).items():
            _write_file(room / name, content)
        if fill:
            fill(room)
        done = Receipt(stage=stage, taken=taken, passed_on=passed_on, outputs=hashes_of(room), **receipt)
        _write_file(room / RECEIPT, done.to_json())
        _sync(room / RECEIPT)
        _put_in_place(room, place)
    except BaseException:  # a panic of Polars is no Exception
        shutil.rmtree(room, ignore_errors=True)  # on a full disk what is half written would only be in the way
        raise
    if ledger:
        ledger.append(EventKind.STAGE_WRITTEN, stage=stage, receipt=done.hash)
    return done


def keep_bytes(room: Path) -> None:
    """Write beside each table in `room` the hash of its bytes, as `sha256sum` does.

    A receipt tells a table by what it says, so that it stays the same under another version of the library. What was
    sealed by people is told by its bytes too, also those that no reader looks at. To be given as `fill`.
    """
    for path in sorted(room.glob(f"*{TABLE}")):
        _write_file(path.with_name(f"{path.name}{BYTES}"), f"{file_hash(path)}  {path.name}\n")


def bytes_differ(path: Path) -> bool:
    """Whether the bytes of a file are others than those that `keep_bytes` wrote down, if it did."""
    beside = path.with_name(f"{path.name}{BYTES}")
    return beside.is_file() and beside.read_text(encoding="utf-8").partition(" ")[0] != file_hash(path)


def read_stage(folder: Path, stage: str, name: str) -> pa.Table:
    """The table `name` of a stage, as it was written."""
    path = folder / stage / f"{name}{TABLE}"
    if not path.exists():
        raise EvidenceError(f"{stage} holds no table {name}: run the inspection again into this folder.")
    return pq.read_table(path)


def read_receipt(folder: Path, stage: str) -> Receipt | None:
    """The receipt of a stage, or None if the stage was never finished."""
    path = folder / stage / RECEIPT
    return Receipt.from_json(path.read_text(encoding="utf-8")) if path.exists() else None


def current_stage(folder: Path, stage: str, **rests_on: Any) -> Receipt | None:
    """The receipt of a stage that need not run again, or None if it must.

    `rests_on` are the arguments of `Receipt` that its key is made of: `inputs`, `settings`, `seed`,
    `code_version`, `sources`. A stage whose files changed after they were written must run again too.
    """
    done = read_receipt(folder, stage)
    if done is None or done.key != Receipt(stage=stage, taken=0, passed_on=0, **rests_on).key:
        return None
    try:
        return done if hashes_of(folder / stage) == dict(done.outputs) else None
    except (pa.ArrowException, OSError, EvidenceError):
        return None  # a file that can no longer be read is no reason to stop: the stage is made again


def stages_in(folder: Path) -> list[str]:
    """Every finished stage, in order of name: a folder with a receipt, and nothing inside one."""
    if not folder.is_dir():
        return []
    found: list[str] = []
    for inner in sorted(path for path in folder.iterdir() if path.is_dir() and not left_over(path.name)):
        within = [""] if (inner / RECEIPT).is_file() else [f"/{name}" for name in stages_in(inner)]
        found += [inner.name + name for name in within]
    return found


def left_over(name: str) -> bool:
    """Whether a file or folder belongs to a stage that was stopped while it was written."""
    return any(part.startswith((UNFINISHED, REPLACED)) for part in name.split("/"))


def hash_of(path: Path) -> str:
    """The hash of one file: of the content for a Parquet table, of the bytes for any other file."""
    return content_hash_of(path) if path.suffix == TABLE else file_hash(path)


def hashes_of(room: Path) -> dict[str, str]:
    """Name and hash of every file in a stage's folder, its receipt left out."""
    names = [name for name in names_in(room) if name != RECEIPT]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(names, pool.map(hash_of, [room / name for name in names]), strict=True))


def names_in(room: Path) -> list[str]:
    """Every file below a folder, named from there with forward slashes, in order."""
    return sorted(path.relative_to(room).as_posix() for path in room.rglob("*") if path.is_file())


def _place(folder: Path, stage: str) -> Path:
    if not all(part.replace("-", "_").isidentifier() for part in stage.split("/")):
        raise EvidenceError(f"{stage!r} cannot name a stage: use names of rooms, such as 'enquiries/scale'.")
    around = {f"{other}/" for other in stages_in(folder)} - {f"{stage}/"}
    if any(f"{stage}/".startswith(other) or other.startswith(f"{stage}/") for other in around):
        raise EvidenceError(f"{stage} would lie inside another stage, or around one: rename it.")
    return folder / stage


def _empty_room(place: Path) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    room = place.with_name(UNFINISHED + place.name)
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir()
    return room


def _write_file(path: Path, content: bytes | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _put_in_place(room: Path, place: Path) -> None:
    """Stopped between the two renames, the stage is missing, and the next run writes it again."""
    old = place.with_name(REPLACED + place.name)
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    room.rename(place)
    shutil.rmtree(old, ignore_errors=True)
