"""Which editions of the figures are out, and what must be known of them before another follows?

A pack is an edition that is out: whoever holds two lays them side by side, and knows which counts moved and that all
others did not (decision 0111). So with a pack its tables are kept, as they left and as they were counted. The exact
counts stay inside, and go when the inspection is retired.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from assay.engine.provenance import Receipt, content_hash, read_receipt, read_stage
from assay.engine.provenance.stage_folders import RECEIPT, TABLE, hashes_of, names_in, stages_in
from assay.engine.stage_runner import Book
from assay.errors import EvidenceError, UsageError
from assay.sdc import EarlierEdition, declared_tables

ISSUED, COUNTED, RELEASED = "issued", "counted", "disclosure"
LEFT, EXACT = "released_", "counted_"
COUNTS_KEY = "key of the counts"
"""The setting of the stage `counted` that stands for all that the counts were made from."""
MADE_OF_RELEASED = ("strands",)
"""The tables in the stage `counted` that are made from tables with disclosure control, and depend on the editions."""
Tables = Mapping[str, pa.Table]


def of_records(tables: Tables) -> dict[str, pa.Table]:
    """Those of the tables that are made from records: two editions of others give nothing away."""
    forms = declared_tables()
    return {name: table for name, table in tables.items() if forms[name].protects}


def before(folder: Path, tables: Tables) -> tuple[list[str], list[EarlierEdition]]:
    """The stages of the editions that are out before that of `tables`, and the editions.

    The last one is left out if it counts the same: this is that edition, made again.
    """
    stages = editions(folder)
    if stages and _counts(_part(folder, stages[-1], EXACT), of_records(tables)):
        stages = stages[:-1]
    return stages, [EarlierEdition(_part(folder, one, LEFT), _part(folder, one, EXACT)) for one in stages]


def before_by_receipts(folder: Path, counts_key: str) -> list[str] | None:
    """The same stages, told from receipts alone; None where the counts that lie in the folder were not made from what
    `counts_key` stands for, so that they must be made to be compared."""
    stages, receipt = editions(folder), read_receipt(folder, COUNTED)
    if not stages:
        return stages
    if receipt is None or receipt.settings.get(COUNTS_KEY) != counts_key or not _whole(folder, receipt):
        return None
    last = read_receipt(folder, stages[-1])
    if last is None or not _whole(folder, last):
        return None
    compared = [name for name in receipt.outputs if name.removesuffix(TABLE) not in MADE_OF_RELEASED]
    same = all(last.outputs.get(f"{EXACT}{name}") == receipt.outputs[name] for name in compared)
    return stages[:-1] if same else stages


def _whole(folder: Path, receipt: Receipt) -> bool:
    """Return True if the files of a stage are those of its receipt."""
    try:
        return hashes_of(folder / receipt.stage) == dict(receipt.outputs)
    except (pa.ArrowException, OSError, EvidenceError):
        return False


def editions(folder: Path) -> list[str]:
    """The stages of the editions that are out, the first first."""
    return sorted((one for one in stages_in(folder) if one.startswith(f"{ISSUED}/")), key=_number)


def issue(folder: Path, content: str) -> None:
    """Keep the edition that the pack with this content hash gives out; the same counts are one edition.

    UsageError if the exact counts of the report are not there: it was made by an earlier version.
    """
    released = of_records({name: read_stage(folder, RELEASED, name) for name in _tables_in(folder, RELEASED)})
    if not released:
        return
    exact = {name: read_stage(folder, COUNTED, name) for name in _tables_in(folder, COUNTED)}
    if set(exact) != set(released):
        raise UsageError(f"{folder} does not hold the counts behind its report. Run it again: assay run {folder}")
    there = editions(folder)
    if there and _counts(_part(folder, there[-1], EXACT), exact):
        return
    rows = sum(table.num_rows for table in (*released.values(), *exact.values()))
    kept = {f"{LEFT}{name}": table for name, table in released.items()}
    kept |= {f"{EXACT}{name}": table for name, table in exact.items()}
    number = _number(there[-1]) + 1 if there else 1
    Book(folder).write(
        f"{ISSUED}/edition_{number}", kept, rooms=(), inputs={}, taken=rows, passed_on=rows, settings={"pack": content}
    )


def _number(stage: str) -> int:
    return int(stage.rpartition("_")[2])


def _tables_in(folder: Path, stage: str) -> list[str]:
    there = folder / stage
    names = names_in(there) if (there / RECEIPT).is_file() else []
    return [name.removesuffix(TABLE) for name in names if name.endswith(TABLE)]


def _part(folder: Path, stage: str, part: str) -> dict[str, pa.Table]:
    names = [name for name in _tables_in(folder, stage) if name.startswith(part)]
    return {name.removeprefix(part): read_stage(folder, stage, name) for name in names}


def _counts(edition: Tables, tables: Tables) -> bool:
    """Whether an edition counts what these tables do: more of it may follow from them, such as what strands say."""
    return all(name in edition and content_hash(edition[name]) == content_hash(tables[name]) for name in tables)
