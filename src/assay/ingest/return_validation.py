"""Validate a return: manifest, mapping, files, cells, references, times and cross-field checks.

The checks run in this order (return contract, section 10). A bad table refuses only itself; a bad manifest makes it a
rejected return. No message and no validation error ever holds the content of a cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path

import pyarrow as pa

from assay import contract
from assay.engine.provenance import file_hash
from assay.ingest import (
    column_headings,
    cross_field_checks,
    manifest_checks,
    rating_chain_checks,
    reference_checks,
    request_window_checks,
    summary_scan,
    time_order_checks,
)
from assay.ingest.accepted_tables import (
    ReceivedReturn,
    ReturnTables,
    incomplete_table,
    origin_name,
    return_table,
    set_aside_table,
    typed_rows,
    validation_error_table,
)
from assay.ingest.column_completeness import column_completeness_rows
from assay.ingest.column_mapping import ReturnMapping, read_mapping
from assay.ingest.extracts.split_returns import split_return
from assay.ingest.record_reconciliation import reconcile_records
from assay.ingest.return_editions import ReturnEdition, edition_status
from assay.ingest.return_manifest import ReturnManifest, read_return_manifest
from assay.ingest.staging_store import StagingStore
from assay.ingest.table_reader import TableReading, find_table_files, read_table
from assay.ingest.unmapped_codes import unmapped_word_rows
from assay.reference import DataRequest, Declarations, Organisation
from assay.wording import count_phrase as how_many

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many parts are done, and how many there are."""

DISK_STORE_BYTES = 50_000_000
"""Bytes from which a return is stored on disk and not in memory."""
ONE_THREAD_BYTES = 5_000_000
"""Bytes up to which one thread is faster than several, because each of some 600 statements has to start them."""
UNOPTIMISED_BYTES = 1_000_000
"""Bytes up to which optimising those statements takes longer than running them unoptimised."""

HEADING_PATTERN, MAX_HEADING_LENGTH = re.compile(r"[^\W\d][\w .,:/()#%&'+-]*"), 60
"""Pattern of a heading that may be repeated: it begins with a letter and holds no other characters."""


def no_progress(activity: str, done: int, total: int) -> None:
    """Ignore progress: the default where no progress is displayed."""


def read_force_manifest(
    folder: Path, request: DataRequest, organisations: Mapping[str, Organisation] | None = None
) -> ReturnManifest:
    """Read the manifest of a return; raise ReturnRefused (R01) if it is invalid."""
    return read_return_manifest(folder, request, request.organisations if organisations is None else organisations)


def validate_return(
    folder: Path,
    request: DataRequest,
    *,
    organisations: Mapping[str, Organisation] | None = None,
    accepted_editions: Sequence[ReturnEdition] = (),
    files: Mapping[str, str] | None = None,
    declarations: Declarations | None = None,
    today: date | None = None,
    scan: bool = True,
    threads: int = 2,
    progress: Progress = no_progress,
) -> ReceivedReturn:
    """Validate the return in a folder; raise ReturnRefused only for R01 and R02.

    Parameters
    ----------
    organisations
        The organisations of the request, unless others are given.
    accepted_editions
        The returns that were accepted earlier, of any sender.
    files
        The hash of each file by name, if it was computed before.
    declarations
        What the inspection declared of each table; if None, every table is read as if it was requested.
    today
        Decides which last days have passed.
    scan
        If False, summaries are not scanned.
    """
    manifest = read_force_manifest(folder, request, organisations)
    status = edition_status(manifest, _file_hashes(folder) if files is None else files, accepted_editions)
    mapping = read_mapping(folder)
    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    is_large, thread_count = size > DISK_STORE_BYTES, threads if size > ONE_THREAD_BYTES else 1
    memory = "1500MB" if is_large else "1GB"
    store = StagingStore(
        manifest, on_disk=is_large, threads=thread_count, memory=memory, unoptimised=size <= UNOPTIMISED_BYTES
    )
    try:
        table_readings, unknown_files, split_remarks = _read_tables(
            store, folder, mapping, partial(request_window_checks.table_refusal, declarations, today=today), progress
        )
        request_window_checks.check(store, request, declarations)
        _apply_checks(store, request)
        scan_refusal = _scan_refusal(
            table_readings[summary_scan.SUMMARIES], scan, summary_scan.is_search_allowed(declarations, today)
        )
        return _received_return(
            store,
            table_readings,
            status,
            (*split_remarks, *_chain_remarks(store), *_remarks(mapping, table_readings, unknown_files, declarations)),
            declarations,
            scan_refusal,
        )
    except BaseException:
        store.close()
        raise


def _file_hashes(folder: Path) -> dict[str, str]:
    return {path.name: file_hash(path) for path in sorted(folder.iterdir()) if path.is_file()}


def _read_tables(
    store: StagingStore,
    folder: Path,
    mapping: ReturnMapping,
    refusal_of_table: Callable[[str], str],
    progress: Progress,
) -> tuple[dict[str, TableReading], tuple[str, ...], tuple[str, ...]]:
    """Return the readings by table, the files that nothing names, and remarks on how an extract was split."""
    files, unknown_files = find_table_files(folder, mapping)
    table_readings = {}
    with split_return(folder, store.manifest.force_code) as split:
        for number, (name, paths) in enumerate(files.items()):
            progress(f"Reading the return of {store.manifest.force_code}", number, len(files))
            split_files = [split.files[name]] if name in split.files else []
            table_paths = [path for path in paths if path.name not in split.sources or name in mapping.tables]
            label = split.labels.get(name, "") if split_files and not table_paths else ""
            reading = read_table(store, name, [*table_paths, *split_files], mapping, refusal_of_table(name), label)
            if label:
                store.store_rows(origin_name(name), split.origins[name])
            table_readings[name] = replace(reading, is_split=bool(label))
    progress(f"Reading the return of {store.manifest.force_code}", len(files), len(files))
    return table_readings, (*(name for name in unknown_files if name not in split.sources),), split.remarks


def _apply_checks(store: StagingStore, request: DataRequest) -> None:
    reference_checks.check(store)
    time_order_checks.check(store)
    cross_field_checks.check(store, group_history=request.group_history)
    cross_field_checks.check_completeness(store)


def _chain_remarks(store: StagingStore) -> tuple[str, ...]:
    remark = rating_chain_checks.unchecked_chain_remark(store)
    return (remark,) if remark else ()


def _remarks(
    mapping: ReturnMapping,
    table_readings: Mapping[str, TableReading],
    unknown_files: tuple[str, ...],
    declarations: Declarations | None,
) -> tuple[str, ...]:
    remarks = [*mapping.remarks, *(reading.refusal for reading in table_readings.values() if reading.refusal)]
    if unknown_files:
        verb = "was" if len(unknown_files) == 1 else "were"
        remarks.append(f"{how_many(len(unknown_files), 'other file')} {verb} not opened: {', '.join(unknown_files)}.")
    for reading in table_readings.values():
        if reading.unknown_headings:
            columns = how_many(len(reading.unknown_headings), "column")
            remarks.append(
                f"{reading.file}: not read, because the contract does not know them: "
                f"{columns}{_unknown_columns_text(reading)}."
            )
    remarks += [remark for reading in table_readings.values() for remark in reading.remarks]
    unread = [text for reading in table_readings.values() if (text := _unread_columns_text(reading, declarations))]
    if unread:
        remarks.append(
            f"Sent beyond what this inspection uses, and not stored: {'; '.join(unread)}. "
            "Nothing needs correcting; the next return may leave it out."
        )
    return tuple(dict.fromkeys(remarks))


def _unknown_columns_text(reading: TableReading) -> str:
    """Return the unknown columns of a file, each by name or by position.

    Where one of them cannot be a name, the header line is broken and may hold records, so none is repeated.
    """
    positions = [reading.header.index(heading) for heading in reading.unknown_headings]
    if all(
        HEADING_PATTERN.fullmatch(heading) and len(heading) <= MAX_HEADING_LENGTH
        for heading in reading.unknown_headings
    ):
        return f" ({', '.join(column_headings.safe_label(reading.header, position) for position in positions)})"
    columns = ", ".join(f"column {position + 1}" for position in positions)
    return f", at least one of which is not a name: check the header line ({columns})"


def _unread_columns_text(reading: TableReading, declarations: Declarations | None) -> str:
    """Return the file and its columns that nothing reads, so that the sender can leave them out; '' without any.

    People read a table that is declared all the same.
    """
    table = contract.table(reading.table)
    if declarations is not None and reading.table in declarations and not table.requested_columns:
        return ""
    unread_columns = [
        column.name for column in table.columns if column.name in reading.columns and not column.is_requested
    ]
    if not unread_columns:
        return ""
    return f"{reading.file} ({', '.join(unread_columns) if table.requested_columns else 'the whole table'})"


def _scan_refusal(reading: TableReading, is_requested: bool, is_allowed: bool) -> str:
    """Return why summaries are not scanned, as a key of `summary_scan.REASONS`; '' if they are."""
    if not is_allowed:
        return summary_scan.NOT_DECLARED
    if not is_requested:
        return summary_scan.SCAN_SKIPPED
    return "" if summary_scan.TEXT in reading.columns or not reading.file else summary_scan.NOT_SENT


def _received_return(
    store: StagingStore,
    table_readings: Mapping[str, TableReading],
    status: str,
    remarks: tuple[str, ...],
    declarations: Declarations | None,
    scan_refusal: str,
) -> ReceivedReturn:
    # Reconcile the records before any table leaves the staging store.
    force_code = store.manifest.force_code
    counts = return_table(force_code, "counted", reconcile_records(store, table_readings.values()))
    return_reading = _return_reading(store, table_readings)
    manifest_rows = manifest_checks.manifest_rows(
        return_reading, contract.tables() if declarations is None else declarations
    )
    incomplete = incomplete_table(store)
    makers = {name: partial(typed_rows, store, table_readings[name]) for name in contract.tables()}

    @cache
    def scanned() -> Mapping[str, pa.Table]:
        return summary_scan.scan_summaries(makers[summary_scan.SUMMARIES](), scan_refusal)

    other_makers: dict[str, Callable[[], pa.Table]] = {
        "returns": partial(return_table, force_code, "returns", manifest_checks.return_rows(store.manifest)),
        "covers": partial(return_table, force_code, "covers", manifest_rows),
        "kinds": partial(return_table, force_code, "kinds", manifest_checks.kind_rows(return_reading)),
        "columns": partial(return_table, force_code, "columns", manifest_checks.column_rows(return_reading)),
        "incomplete": lambda: incomplete,
        "faults": partial(validation_error_table, store, table_readings),
        "aside": partial(set_aside_table, store, table_readings),
        "counted": lambda: counts,
        "unmapped": partial(return_table, force_code, "unmapped", unmapped_word_rows(store, table_readings)),
        "completeness": partial(
            return_table, force_code, "completeness", column_completeness_rows(store, table_readings)
        ),
        "scanned": lambda: scanned()["scanned"],
        "signs": lambda: scanned()["signs"],
        "forms": partial(return_table, force_code, "forms", manifest_checks.form_rows(store.manifest)),
    }
    tables = ReturnTables(store, {**makers, **other_makers}, table_readings)
    return ReceivedReturn(store.manifest, tables, status, remarks, store.statements, store.close)


def _return_reading(store: StagingStore, table_readings: Mapping[str, TableReading]) -> manifest_checks.ReturnReading:
    """Return what was supplied, for the tables that describe a return."""
    kinds = store.query("select distinct kind from events")["kind"].to_pylist() if store.is_supplied("events") else ()
    return manifest_checks.ReturnReading(
        manifest=store.manifest,
        columns={name: reading.columns for name, reading in table_readings.items() if reading.file},
        supplied=[name for name in table_readings if store.is_supplied(name)],
        not_complete=store.not_complete,
        kinds=kinds,
    )
