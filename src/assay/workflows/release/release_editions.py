"""Store each released edition of the figures, so that a later edition does not reveal counts that an earlier one hid.

A pack is a released edition. A reader of two packs can compare them, and sees which counts changed and that all others
did not (decision 0111). So the tables of a pack are stored both as released and with exact counts. The exact counts
stay inside, and are destroyed when the inspection is retired.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

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
    return {name: table for name, table in tables.items() if name in forms and forms[name].protects}


def read_released_table(folder: Path, name: str) -> pa.Table | None:
    """Return a released table by its present name, also from a folder of an earlier version; None if it has none."""
    stored_names = (stored for stored in (name, declared_tables()[name].formerly) if stored)
    for stored in stored_names:
        if (folder / RELEASED_STAGE / f"{stored}{TABLE_SUFFIX}").is_file():
            return with_current_names({stored: read_stage(folder, RELEASED_STAGE, stored)})[name]
    return None


def prior_editions(
    folder: Path, tables: Tables, protect: Callable[[Sequence[PriorRelease]], Tables]
) -> tuple[list[str], list[PriorRelease]]:
    """Return the stage outputs in which earlier editions of the figures are stored, and the tables of these editions.

    The last one is left out if its counts and its released cells are the same: it is this edition, made again. With
    other suppressions of the same counts it is a prior release, because a reader can combine the two.

    Parameters
    ----------
    tables
        The tables of this edition with exact counts.
    protect
        Returns these tables with disclosure control applied, given the prior releases.
    """
    stages = issued_editions(folder)
    editions = [
        PriorRelease(_part(folder, stage, RELEASED_PREFIX), _part(folder, stage, EXACT_PREFIX)) for stage in stages
    ]
    if editions and _is_same_edition(editions[-1], record_tables(tables), lambda: protect(editions[:-1])):
        return stages[:-1], editions[:-1]
    return stages, editions


def _is_same_edition(edition: PriorRelease, exact: Tables, released: Callable[[], Tables]) -> bool:
    return _has_same_content(edition.exact, exact) and _has_same_content(
        edition.released, _released_columns(record_tables(released()))
    )


def prior_editions_by_receipts(folder: Path, counts_key: str) -> list[str] | None:
    """Return the same stage outputs from provenance records alone; None if the tables are needed to compare them."""
    stages, exact = issued_editions(folder), read_receipt(folder, EXACT_STAGE)
    if not stages:
        return stages
    if exact is None or exact.settings.get(COUNTS_KEY) != counts_key or not _is_intact(folder, exact):
        return None
    last, released = read_receipt(folder, stages[-1]), read_receipt(folder, RELEASED_STAGE)
    if last is None or released is None or not _is_intact(folder, last):
        return None
    # The last run had the same counts and code, so an edition that it protected is one that this run protects.
    if any(name.startswith(f"{stages[-1]}/") for name in exact.inputs):
        return stages
    compared = [name for name in exact.outputs if name.removesuffix(TABLE_SUFFIX) not in MADE_OF_RELEASED]
    is_same_edition = all(
        last.outputs.get(f"{EXACT_PREFIX}{name}") == exact.outputs[name]
        and last.outputs.get(f"{RELEASED_PREFIX}{name}") == released.outputs.get(name)
        for name in compared
    )
    # Equal tables under the names of an earlier version have other hashes, so the receipts cannot show a difference.
    return stages[:-1] if is_same_edition else None


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
    """Store the edition of a report pack with this content hash.

    Packs with equal counts and equal released cells are one edition.

    UsageError if the exact counts of the report are not there: it was made by an earlier version.
    """
    released = record_tables(_part(folder, RELEASED_STAGE))
    if not released:
        return
    exact = _part(folder, EXACT_STAGE)
    if set(exact) != set(released):
        raise UsageError(
            f"{folder} does not hold the counts behind its report. Run it again: assay inspect run {folder}"
        )
    issued_stages = issued_editions(folder)
    # A pack with the same counts and the same released cells reveals nothing beyond the previous one.
    if issued_stages and all(
        _has_same_content(_part(folder, issued_stages[-1], prefix), tables)
        for prefix, tables in ((EXACT_PREFIX, exact), (RELEASED_PREFIX, released))
    ):
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


def _part(folder: Path, stage: str, prefix: str = "") -> dict[str, pa.Table]:
    """Return the tables of a stage whose stored names have this prefix, under their present names."""
    names = [name for name in _tables_in(folder, stage) if name.startswith(prefix)]
    return with_current_names({name.removeprefix(prefix): read_stage(folder, stage, name) for name in names})


def _released_columns(tables: Tables) -> dict[str, pa.Table]:
    """Return protected tables with the columns and types of a release, without columns that are never released."""
    schemas = {name: declared_tables()[name].schema for name in tables}
    return {name: table.select(schemas[name].names).cast(schemas[name]) for name, table in tables.items()}


def _has_same_content(edition: Tables, tables: Tables) -> bool:
    """Return True if an edition has the content of these tables; it may hold more that follows from them."""
    return all(name in edition and content_hash(edition[name]) == content_hash(tables[name]) for name in tables)
