"""Store each released edition of the figures, so that a later edition does not reveal counts that an earlier one hid.

A pack is a released edition. A reader of two packs can compare them, and sees which counts changed and that all others
did not (decision 0111). So the tables of a pack are stored both as released and with exact counts. The exact counts
stay inside, and are destroyed when the inspection is retired.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.provenance import Receipt, content_hash, read_receipt, read_stage
from assay.engine.provenance.stage_folders import RECEIPT, TABLE_SUFFIX, list_files, list_stages, output_hashes
from assay.engine.stage_runner import StageRunner
from assay.errors import EvidenceError, UsageError
from assay.sdc import PriorRelease, declared_tables, with_current_names

ISSUED_STAGE, EXACT_STAGE, RELEASED_STAGE = "issued", "counted", "disclosure"
RELEASED_PREFIX, EXACT_PREFIX = "released_", "counted_"
COUNTS_KEY = "key of the counts"
"""The setting of the stage `counted` with the hash of all its inputs."""
MADE_OF_RELEASED = ("source_verdicts",)
"""The tables in the stage `counted` that are made from tables with disclosure control, and depend on the editions."""
Tables = Mapping[str, pa.Table]


def record_tables(tables: Tables) -> dict[str, pa.Table]:
    """Return the tables that are computed from records."""
    forms = declared_tables()
    return {name: table for name, table in tables.items() if forms[name].protects}


def read_released_table(folder: Path, name: str) -> pa.Table | None:
    """Return a released table by its present name, also from a folder of an earlier version; None if it has none."""
    stored_names = (stored for stored in (name, declared_tables()[name].formerly) if stored)
    for stored in stored_names:
        if (folder / RELEASED_STAGE / f"{stored}{TABLE_SUFFIX}").is_file():
            return with_current_names({stored: read_stage(folder, RELEASED_STAGE, stored)})[name]
    return None


def prior_editions(folder: Path, tables: Tables) -> tuple[list[str], list[PriorRelease]]:
    """Return the stage outputs in which earlier editions of the figures are stored, and the tables of these editions.

    The last one is left out if its counts are the same: it is this edition, made again.
    """
    stages = issued_editions(folder)
    if stages and _has_same_counts(_part(folder, stages[-1], EXACT_PREFIX), record_tables(tables)):
        stages = stages[:-1]
    return stages, [
        PriorRelease(_part(folder, edition_stage, RELEASED_PREFIX), _part(folder, edition_stage, EXACT_PREFIX))
        for edition_stage in stages
    ]


def prior_editions_by_receipts(folder: Path, counts_key: str) -> list[str] | None:
    """Return the same stage outputs from provenance records alone; None if exact counts are needed to compare them."""
    stages, receipt = issued_editions(folder), read_receipt(folder, EXACT_STAGE)
    if not stages:
        return stages
    if receipt is None or receipt.settings.get(COUNTS_KEY) != counts_key or not _is_intact(folder, receipt):
        return None
    last = read_receipt(folder, stages[-1])
    if last is None or not _is_intact(folder, last):
        return None
    compared = [name for name in receipt.outputs if name.removesuffix(TABLE_SUFFIX) not in MADE_OF_RELEASED]
    is_same_edition = all(last.outputs.get(f"{EXACT_PREFIX}{name}") == receipt.outputs[name] for name in compared)
    if is_same_edition:
        return stages[:-1]
    return None if _has_former_names(folder, stages[-1]) else stages


def _has_former_names(folder: Path, stage: str) -> bool:
    """Return True if an earlier version stored the edition under other column names: equal counts have another hash."""
    for name, form in declared_tables().items():
        path = folder / stage / f"{EXACT_PREFIX}{name}{TABLE_SUFFIX}"
        if form.former_names and path.is_file() and form.former_names.keys() & set(pq.read_schema(path).names):
            return True
    return False


def _is_intact(folder: Path, receipt: Receipt) -> bool:
    """Return True if the files of a stage are those of its receipt."""
    try:
        return output_hashes(folder / receipt.stage) == dict(receipt.outputs)
    except (pa.ArrowException, OSError, EvidenceError):
        return False


def issued_editions(folder: Path) -> list[str]:
    """Return the stage outputs of the released editions, the earliest first."""
    return sorted(
        (stage_name for stage_name in list_stages(folder) if stage_name.startswith(f"{ISSUED_STAGE}/")), key=_number
    )


def keep_edition(folder: Path, content: str) -> None:
    """Store the edition of a report pack with this content hash; packs with equal counts are one edition.

    UsageError if the exact counts of the report are not there: it was made by an earlier version.
    """
    released = record_tables(
        {name: read_stage(folder, RELEASED_STAGE, name) for name in _tables_in(folder, RELEASED_STAGE)}
    )
    if not released:
        return
    exact = {name: read_stage(folder, EXACT_STAGE, name) for name in _tables_in(folder, EXACT_STAGE)}
    if set(exact) != set(released):
        raise UsageError(
            f"{folder} does not hold the counts behind its report. Run it again: assay inspect run {folder}"
        )
    issued_stages = issued_editions(folder)
    # A pack with the same exact counts reveals nothing beyond the previous one, so it is not a new edition.
    if issued_stages and _has_same_counts(_part(folder, issued_stages[-1], EXACT_PREFIX), exact):
        return
    rows = sum(table.num_rows for table in (*released.values(), *exact.values()))
    edition_tables = {f"{RELEASED_PREFIX}{name}": table for name, table in released.items()}
    edition_tables |= {f"{EXACT_PREFIX}{name}": table for name, table in exact.items()}
    number = _number(issued_stages[-1]) + 1 if issued_stages else 1
    StageRunner(folder).write_stage_output(
        f"{ISSUED_STAGE}/edition_{number}",
        edition_tables,
        packages=(),
        inputs={},
        rows_in=rows,
        rows_out=rows,
        settings={"pack": content},
    )


def _number(stage: str) -> int:
    return int(stage.rpartition("_")[2])


def _tables_in(folder: Path, stage: str) -> list[str]:
    stage_folder = folder / stage
    names = list_files(stage_folder) if (stage_folder / RECEIPT).is_file() else []
    return [name.removesuffix(TABLE_SUFFIX) for name in names if name.endswith(TABLE_SUFFIX)]


def _part(folder: Path, stage: str, part: str) -> dict[str, pa.Table]:
    names = [name for name in _tables_in(folder, stage) if name.startswith(part)]
    return with_current_names({name.removeprefix(part): read_stage(folder, stage, name) for name in names})


def _has_same_counts(edition: Tables, tables: Tables) -> bool:
    """Return True if an edition has the counts of these tables; it may hold more that follows from them."""
    return all(name in edition and content_hash(edition[name]) == content_hash(tables[name]) for name in tables)
