"""Load a clean synthetic return into an inspection without full validation, for simulation studies.

For trials on many synthetic countries, where validation takes most of the time. It works only for a return without
errors: plain CSV with the contract's columns and values, every row accepted. A test compares the result with that of
`receive`, table by table; unclean returns are errors where they are noticed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from assay import contract, engine, feedback, ingest, privacy, reference
from assay.contract import FORCE_CODE, Column, separated_columns
from assay.engine.provenance import RECEIVED_PREFIX, file_hash
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import UsageError
from assay.ingest import london_time, manifest_checks, summary_scan
from assay.ingest.accepted_returns import part_stage, return_stage
from assay.ingest.accepted_tables import TableRow, return_table
from assay.ingest.inspection_folder import Inspection
from assay.ingest.record_reconciliation import RecordCounts
from assay.ingest.return_manifest import MANIFEST_FILE, ReturnManifest, read_return_manifest
from assay.privacy import separated_identifiers
from assay.reference import DataRequest

NOT_LOADED = ("faults", "completeness")
"""Tables that only the data-quality letter reads: errors without rows set aside, and completeness of columns."""
EMPTY = ("incomplete", "aside", "unmapped")
HEADER, DAY_LENGTH, LAST_MINUTE = 1, 10, 1439


def return_tables(folder: Path, request: DataRequest, requested: Collection[str]) -> dict[str, pa.Table]:
    """Return the tables in `folder` as `receive` would accept them, with identities and texts.

    `requested`: the tables that the inspection declares. UsageError for a return that is not clean.
    """
    manifest = read_return_manifest(folder, request, request.organisations)
    tables = {
        name: _read(folder / f"{name}.csv", manifest, name) for name in _requested_tables(folder, manifest, requested)
    }
    columns_by_table = {name: table.column_names for name, table in tables.items()}
    kinds = pc.unique(tables["events"]["kind"]).to_pylist() if "events" in tables else ()
    received = manifest_checks.ReturnReading(manifest, columns_by_table, tuple(tables), kinds=kinds)
    typed_tables = {name: _typed_table(name, tables.get(name), manifest.force_code) for name in contract.tables()}
    typed_tables |= summary_scan.scan_summaries(typed_tables[summary_scan.SUMMARIES])
    return typed_tables | _manifest_tables(
        received, requested, {name: table.num_rows for name, table in tables.items()}
    )


def load_return(folder: Path, inspection: Inspection, runner: StageRunner) -> str:
    """Write the return in `folder` into the inspection as `receive` does, in three parts; return its stage."""
    tables = return_tables(folder, inspection.request, inspection.declarations)
    row = tables["returns"].to_pylist()[0]
    stage = return_stage(row[FORCE_CODE], row["edition"])
    provenance: dict[str, Any] = {
        "packages": (reference, ingest, contract, feedback, privacy, engine),
        "inputs": {f"{RECEIVED_PREFIX}{path.name}": file_hash(path) for path in sorted(folder.iterdir())},
        "settings": {"laid": "without checks, for a trial"},
    }
    separated_rows = tables[separated_identifiers.SET_ASIDE_TABLE].append_column(
        separated_identifiers.RECORD_COLUMN, pa.array([], pa.string())
    )
    whole = tables | {separated_identifiers.SET_ASIDE_TABLE: separated_rows}
    parts = {
        separated_columns.IDENTITIES: separated_identifiers.identity_tables(whole),
        separated_columns.TEXTS: separated_identifiers.text_tables(whole),
    }
    for part, part_tables in parts.items():
        runner.run_stage(part_stage(part, stage), _stage_output(part_tables), **provenance)
    runner.run_stage(stage, _stage_output(separated_identifiers.tables_without_identifiers(whole)), **provenance)
    return stage


def _stage_output(tables: Mapping[str, pa.Table]) -> Any:
    rows = sum(tables[name].num_rows for name in tables if name in contract.tables())
    return lambda: StageOutput({name: tables[name] for name in tables}, rows, rows)


def _requested_tables(folder: Path, manifest: ReturnManifest, requested: Collection[str]) -> Iterable[str]:
    """Return the requested tables with a file; error for anything but plain CSV."""
    known = {MANIFEST_FILE, *(f"{name}.csv" for name in contract.tables())}
    unknown_files = sorted(path.name for path in folder.iterdir() if path.name not in known)
    if unknown_files:
        raise UsageError(
            f"{folder} cannot be laid: {unknown_files[0]} is no plain CSV table of the contract. Receive it."
        )
    for name in contract.tables():
        if (folder / f"{name}.csv").is_file() and name in requested:
            if manifest.table(name).midnight != "time":
                raise UsageError(f"{folder} cannot be laid: the cover does not say that 00:00 is a time. Receive it.")
            yield name


def _read(path: Path, manifest: ReturnManifest, name: str) -> pa.Table:
    """Read a file as text columns; empty cells are missing. Error for a row that `receive` would set aside for its
    sender."""
    columns = {FORCE_CODE: pa.string(), **dict.fromkeys(contract.table(name).column_names, pa.string())}
    options = csv.ConvertOptions(column_types=columns, strings_can_be_null=True, null_values=[""])
    lines = csv.ParseOptions(newlines_in_values=True)
    table = csv.read_csv(path, parse_options=lines, convert_options=options)
    unknown_columns = sorted(set(table.column_names) - set(columns))
    if unknown_columns or pc.unique(table[FORCE_CODE]).to_pylist() not in ([manifest.force_code], []):
        raise UsageError(f"{path} cannot be laid: it holds columns or forces that are not its own. Receive it.")
    return table


def _typed_table(name: str, text: pa.Table | None, force_code: str) -> pa.Table:
    """Return a table in the contract's types, with line numbers after the header; empty without a file."""
    schema = contract.typed_schema(name)
    if text is None or not text.num_rows:
        return schema.empty_table()
    arrays: list[Any] = [pa.array([force_code] * text.num_rows, pa.string())]
    for column in contract.table(name).columns:
        cells = text[column.name].combine_chunks() if column.name in text.column_names else None
        arrays += _values(column, cells, text.num_rows)
    arrays.append(_lines(text))
    return pa.Table.from_arrays(arrays, schema=schema)


def _lines(text: pa.Table) -> pa.Array:
    """Return the line of the file on which each row begins, since texts may contain line breaks."""
    ends = np.ones(text.num_rows, dtype="int64")
    for column in text.columns:
        ends += np.asarray(pc.fill_null(pc.count_substring(column, "\n"), 0), dtype="int64")
    return pa.array(HEADER + 1 + np.cumsum(ends) - ends)


def _values(column: Column, text: pa.StringArray | None, rows: int) -> list[pa.Array]:
    """Return the typed fields of a column: three for a `when`."""
    if text is None:
        return [pa.nulls(rows, field.type) for field in column.fields]
    if column.kind == "yesno":
        return [pc.equal(text, "yes")]
    if column.kind in ("int", "num", "date"):
        return [text.cast(column.fields[0].type)]
    if column.kind in ("time", "when"):
        return _minutes(text, whole=column.kind == "when")
    return [text]


def _minutes(text: pa.StringArray, *, whole: bool) -> list[pa.Array]:
    """Return the UTC minute, or for a `when` the first and last minute and the day: a date without a time is an
    interval."""
    local_seconds = text.cast(pa.timestamp("s")).cast(pa.int64())
    missing = np.asarray(local_seconds.is_null())
    local_minutes = np.asarray(local_seconds.fill_null(0)) // 60
    is_day_only = np.asarray(pc.equal(pc.utf8_length(text), DAY_LENGTH).fill_null(False))
    day, minute = np.divmod(local_minutes, 1440)
    early, late, switch = (part[day - _first_day()] for part in _clock_changes())
    first = local_minutes - np.where(~is_day_only & (minute >= switch), late, early)
    if not whole:
        return [_timestamps(first, missing)]
    last = np.where(is_day_only, local_minutes + LAST_MINUTE - late, first)
    dates = pa.array(day.astype("int32"), mask=missing).cast(pa.date32())
    return [_timestamps(first, missing), _timestamps(last, missing), dates]


def _timestamps(minutes: NDArray[Any], missing: NDArray[Any]) -> pa.Array:
    return pa.array(minutes * 60_000_000, pa.int64(), mask=missing).cast(pa.timestamp("us"))


@lru_cache
def _clock_changes() -> tuple[NDArray[Any], ...]:
    return tuple(np.asarray(london_time.clock_days()[name]).astype("int64") for name in ("early", "late", "switch"))


def _first_day() -> int:
    return (london_time.FIRST_DAY - date(1970, 1, 1)).days


def _manifest_tables(
    received: manifest_checks.ReturnReading, requested: Collection[str], rows: Mapping[str, int]
) -> dict[str, pa.Table]:
    """Return the manifest tables of the return, with nothing set aside."""
    rows_by_table: dict[str, Sequence[TableRow]] = {
        "returns": manifest_checks.return_rows(received.manifest),
        "covers": manifest_checks.manifest_rows(received, requested),
        "forms": manifest_checks.form_rows(received.manifest),
        "kinds": manifest_checks.kind_rows(received),
        "columns": manifest_checks.column_rows(received),
        "counted": [_row_counts(received.manifest, name, rows.get(name)) for name in contract.tables()],
        **{name: [] for name in EMPTY},
    }
    code = received.manifest.force_code
    manifest_tables = {name: return_table(code, name, table_rows) for name, table_rows in rows_by_table.items()}
    return manifest_tables | {
        separated_identifiers.SET_ASIDE_TABLE: manifest_tables[separated_identifiers.SET_ASIDE_TABLE].drop_columns(
            [separated_identifiers.RECORD_COLUMN]
        )
    }


def _row_counts(manifest: ReturnManifest, name: str, rows: int | None) -> RecordCounts:
    file = "" if rows is None else f"{name}.csv"
    return RecordCounts(name, file, rows, manifest.table(name).rows, rows or 0, 0, "")
