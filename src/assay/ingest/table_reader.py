"""Read the file of one table into the staging store.

Each table is read separately, so that a bad one refuses only itself (R03 to R08).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from assay import contract
from assay.contract import FORCE_CODE
from assay.ingest import person_slots, unpivot_flags
from assay.ingest.cell_validation import read_cells
from assay.ingest.column_headings import is_safe_hint, safe_label
from assay.ingest.column_mapping import ReturnMapping, TableMapping
from assay.ingest.date_format_checks import declared_formats_text
from assay.ingest.extracts.extract_problems import is_force_heading
from assay.ingest.file_readers import SUFFIXES, FileSource, TableRefused, confusable_headings_error, open_source
from assay.ingest.flag_cells import FLAGS
from assay.ingest.return_manifest import did_you_mean
from assay.ingest.staging_store import StagingStore
from assay.ingest.unpivot_events import EVENT_COLUMNS, unpivot_events


@dataclass(frozen=True)
class TableReading:
    """What was read for one table: file, record count, columns, unknown headings, refusal and remarks.

    `unread_records` could not be split into cells. A line of the file is `rows_per_line` rows of the store (1, except
    for a wide log and for flags of which one row of the file holds several). `header` holds all headings of the file,
    in order; `remarks` are sentences to the sender about how it was read. `is_split`: the file was made from an
    extract; `file` then names the extract, and `origin_NAME` of the store the line of the extract for each line.
    """

    table: str
    file: str = ""
    records: int | None = None
    columns: tuple[str, ...] = ()
    unknown_headings: tuple[str, ...] = ()
    refusal: str = ""
    unread_records: Mapping[int, str] = field(default_factory=dict)
    rows_per_line: int = 1
    header: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    is_split: bool = False


def find_table_files(folder: Path, mapping: ReturnMapping) -> tuple[dict[str, list[Path]], tuple[str, ...]]:
    """Return the files of each table, and the names of unrelated files, which are not opened."""
    names = {path.name: path for path in sorted(folder.iterdir()) if path.is_file()}
    regular_files = {name: path for name, path in names.items() if not path.is_symlink()}  # a link may lead anywhere
    found: dict[str, list[Path]] = {}
    for name in contract.tables():
        mapped_name = mapping.tables[name].file if name in mapping.tables else ""
        file_names = [mapped_name] if mapped_name else [f"{name}{suffix}" for suffix in SUFFIXES]
        found[name] = [regular_files[file_name] for file_name in file_names if file_name in regular_files]
    used = {path.name for paths in found.values() for path in paths} | {"return.toml", "mapping.toml"}
    return found, tuple(name for name in names if name not in used or name not in regular_files)


def files_by_contract_name(folder: Path, mapping: ReturnMapping) -> dict[str, Path]:
    """Return the files of a return under the file names of the contract.

    A sender's own file name may contain anything, so it is in no provenance record and no ledger.
    """
    files, unknown_files = find_table_files(folder, mapping)
    files_by_name = {name: folder / name for name in ("return.toml", "mapping.toml") if (folder / name).is_file()}
    for name, paths in files.items():
        files_by_name |= {f"{name}{path.suffix.lower()}": path for path in paths}
    other_files = (folder / name for name in unknown_files if not (folder / name).is_symlink())
    return files_by_name | {f"other file {number}": path for number, path in enumerate(other_files, start=1)}


def read_table(
    store: StagingStore, name: str, paths: list[Path], mapping: ReturnMapping, refusal: str = "", label: str = ""
) -> TableReading:
    """Read one table into the staging store, or refuse it.

    `refusal` says why a table may not be accepted at all (R61); its file is then not opened. `label` names the file in
    sentences, if its own name says nothing to the sender.
    """
    supplied = store.manifest.table(name).supplied
    file = label or (paths[0].name if paths else "")
    if not paths and supplied == "none":
        return TableReading(name)
    try:
        if refusal and paths:
            raise TableRefused("R61", f"{file}: not opened. {refusal}")
        if not paths:
            mapping.table(name)  # refuses a wrong section, which may be where the file is named
            raise TableRefused(
                "R06", f"{name}: return.toml says {supplied}, but there is no file; read as not supplied."
            )
        if supplied == "none":
            raise TableRefused("R06", f"{file}: return.toml says that {name} was not supplied, but there is a file.")
        if len(paths) > 1:
            raise TableRefused("R04", f"{name}: there are {len(paths)} files for one table. Send one.")
        return _read_file(store, name, paths[0], mapping.table(name), file)
    except TableRefused as refused:
        store.refuse_table(refused.rule, name, refused.column)
        return TableReading(name, file, refused.records, refusal=refused.sentence)


def _read_file(store: StagingStore, name: str, path: Path, mapping: TableMapping, file: str) -> TableReading:
    source = open_source(path, mapping.delimiter, mapping.encoding)
    positions = mapping.column_positions(name, source.columns)
    unknown_headings = mapping.unknown_headings(name, source.columns)
    _refuse_fixed_column(file, mapping, source)
    problem = confusable_headings_error(source.columns, mapping.headings_read(name))
    if problem:
        raise TableRefused("R04", f"{file}: {problem}", records=source.records)
    if name == FLAGS:
        unpivot_flags.refuse_contradicted_constant(store, file, source, mapping)
    _refuse_unread_force_column(file, mapping, positions, unknown_headings, source)
    mapping, force_remarks = _with_force_of_manifest(file, mapping, positions, store.manifest.force_code)
    not_in_file = dict.fromkeys((*_derived_columns(name, mapping), *mapping.fixed))
    columns = (*positions, *(column for column in not_in_file if column not in positions))
    _check_required_columns(name, file, columns, unknown_headings, source)
    stored = _store_raw(store, name, source, positions, mapping)
    marked_columns = _store_marked_cells(store, name, source, positions, stored.rows_per_line)
    date_errors = read_cells(store, name, mapping, columns, marked_columns)
    _record_unread(store, name, source, stored.rows_per_line)
    _check_manifest(store, name, columns, stored)
    declared = declared_formats_text(mapping)
    remarks = (
        *source.remarks,
        *force_remarks,
        *(error.sentence(file, declared) for error in date_errors),
        *(f"{file}: {remark}" for remark in stored.remarks),
    )
    unread_texts = {record.line * stored.rows_per_line: record.text for record in source.unread_records}
    return TableReading(
        name,
        file,
        stored.n_records,
        columns,
        unknown_headings,
        unread_records=unread_texts,
        rows_per_line=stored.rows_per_line,
        header=source.columns,
        remarks=remarks,
    )


def _refuse_unread_force_column(
    file: str,
    mapping: TableMapping,
    positions: Mapping[str, int],
    unknown_headings: tuple[str, ...],
    source: FileSource,
) -> None:
    """Apply R03 where a column may name the force of each row and is not read.

    The rows of another force would otherwise be counted as those of the sender.
    """
    if FORCE_CODE in positions or FORCE_CODE in mapping.fixed:
        return
    if FORCE_CODE in mapping.columns:
        problem = f"mapping.toml names a column for {FORCE_CODE} that is not in the file"
        correction = f"Correct columns.{FORCE_CODE} there, or leave it out if every row is your own."
    elif heading := next((name for name in unknown_headings if is_force_heading(name)), ""):
        column = safe_label(source.columns, source.columns.index(heading))
        problem = f"{column} may name the force of each row, but it is not read as {FORCE_CODE}"
        correction = (
            f"Name it under columns.{FORCE_CODE} in mapping.toml, with the code of each force under "
            f"values.{FORCE_CODE}. If every row is your own, write your code as fixed.{FORCE_CODE} instead."
        )
    else:
        return
    raise TableRefused("R03", f"{file}: {problem}, so rows of another force could be read as yours. {correction}",
                       FORCE_CODE, source.records)  # fmt: skip


def _with_force_of_manifest(
    file: str, mapping: TableMapping, positions: Mapping[str, int], force_code: str
) -> tuple[TableMapping, tuple[str, ...]]:
    """Return the mapping by which a file without a force code is read, and a remark that says so.

    The record system of a force holds the rows of one force and has no reason to name it in each of them.
    """
    if FORCE_CODE in positions or FORCE_CODE in mapping.fixed:
        return mapping, ()
    remark = f"{file}: there is no column {FORCE_CODE}. Every row is read as one of {force_code}, as return.toml says."
    return replace(mapping, fixed={**mapping.fixed, FORCE_CODE: force_code}), (remark,)


@dataclass(frozen=True)
class _StoredRows:
    """The raw rows of one table in the staging store."""

    n_records: int
    """Number of rows, unread lines of the file included."""
    valid_row_counts: tuple[int, ...]
    """Row counts that the manifest may state: of the table, or of the file where one is derived from the other."""
    rows_per_line: int = 1
    """Numbers reserved for each line of the file (see `flag_rows.FlagRows`)."""
    remarks: tuple[str, ...] = ()
    """Sentences to the sender about how the rows were derived."""


def _derived_columns(name: str, mapping: TableMapping) -> tuple[str, ...]:
    """Return the columns that need not be in the file, because the mapping says how to derive them."""
    if name == FLAGS:
        return unpivot_flags.derived_columns(mapping)
    return EVENT_COLUMNS if mapping.wide else ()


def _refuse_fixed_column(file: str, mapping: TableMapping, source: FileSource) -> None:
    conflicting = sorted(set(mapping.fixed) & set(source.columns))
    if conflicting:
        sentence = (
            f"{file} has the column {', '.join(conflicting)}, which mapping.toml fixes. Leave out one of the two."
        )
        raise TableRefused("R04", sentence, conflicting[0], source.records)


def _check_required_columns(
    name: str, file: str, columns: Iterable[str], unknown_headings: tuple[str, ...], source: FileSource
) -> None:
    table = contract.table(name)
    required = [column.name for column in table.columns if table.requirement(column) == "yes"]
    missing = [column for column in required if column not in columns]
    if missing:
        repeatable = {column: [name for name in unknown_headings if is_safe_hint(name, column)] for column in missing}
        hints = [hint for column in missing if (hint := did_you_mean(column, repeatable[column]))]
        hint_text = " ".join(dict.fromkeys(hint.strip() for hint in hints))
        sentence = f"{file}: there is no column {', '.join(missing)}, and no row can be used without it. {hint_text}"
        correction = "Add it, or name your own column for it in mapping.toml."
        raise TableRefused("R03", f"{sentence.strip()} {correction}", missing[0], source.records)


def _store_raw(
    store: StagingStore, name: str, source: FileSource, positions: Mapping[str, int], mapping: TableMapping
) -> _StoredRows:
    """Store the text of the file as `raw_NAME`, unpivoted where the file is in wide format."""
    if name == FLAGS:
        rows = unpivot_flags.unpivot_flags(store, source, positions, mapping)
        return _StoredRows(rows.records, (rows.records, source.records), rows.rows_per_line, rows.remarks)
    if mapping.wide:
        records = _store_wide_log(store, name, source, positions, mapping) + len(source.unread_records)
        return _StoredRows(records, (records,), len(mapping.wide))
    source.load_columns(store, f"raw_{name}", positions)
    slots = person_slots.drop_empty_slots(store, positions, mapping) if name == person_slots.PERSON_TABLE else None
    if slots is not None:
        records = slots.n_persons + len(source.unread_records)
        return _StoredRows(records, (records, source.records), remarks=slots.remarks)
    return _StoredRows(source.records, (source.records,))


def _store_wide_log(
    store: StagingStore, name: str, source: FileSource, positions: Mapping[str, int], mapping: TableMapping
) -> int:
    position_by_heading = {column: position for position, column in enumerate(source.columns)}
    dates = {
        f"w{number}": position_by_heading[heading]
        for number, heading in enumerate(mapping.wide)
        if heading in position_by_heading
    }
    kinds = {
        f"w{number}": kind
        for number, (heading, kind) in enumerate(mapping.wide.items())
        if heading in position_by_heading
    }
    if not dates:
        raise TableRefused("R03", "mapping.toml: none of the columns under wide is in the file.", "happened_at")
    source.load_columns(store, f"raw_{name}", {**positions, **dates})
    return unpivot_events(store, positions, kinds)


def _store_marked_cells(
    store: StagingStore, name: str, source: FileSource, positions: Mapping[str, int], rows_per_line: int
) -> tuple[str, ...]:
    column_by_position = {position: column for column, position in positions.items()}
    rows = [
        {"line": row["line"] * rows_per_line + row_number, "column_name": column_by_position[row["place"]]}
        for row in source.marked_cells.to_pylist()
        for row_number in range(rows_per_line)
        if row["place"] in column_by_position
    ]
    schema = pa.schema([("line", pa.int64()), ("column_name", pa.string())])
    store.store_rows(f"marked_{name}", pa.Table.from_pylist(rows, schema=schema))
    return tuple({row["column_name"] for row in rows})


def _record_unread(store: StagingStore, name: str, source: FileSource, rows_per_line: int) -> None:
    """Apply R07: count and report the records that could not be split into cells and never reached the table."""
    if not source.unread_records:
        return
    lines = pa.table({"line": pa.array([record.line * rows_per_line for record in source.unread_records], pa.int64())})
    store.store_rows("unread_lines", lines)
    store.record_unread("R07", name, "select line from unread_lines")


def _check_manifest(store: StagingStore, name: str, columns: Iterable[str], stored: _StoredRows) -> None:
    table_manifest = store.manifest.table(name)
    if table_manifest.rows is not None and table_manifest.rows not in stored.valid_row_counts:
        store.record_table_error("R05", name)
    table = contract.table(name)
    for column in table.columns:
        is_accounted_for = column.name in columns or column.name in table_manifest.columns_not_sent
        if table.requirement(column) == "if known" and not is_accounted_for:
            store.record_table_error("R08", name, column.name)
    if name == "events":
        listed_kinds = tuple(store.manifest.kinds) or ("",)
        listed_sql = ", ".join(f"'{kind}'" for kind in listed_kinds)
        known_sql = ", ".join(f"'{kind}'" for kind in contract.list_values("event_kind"))
        store.record_errors(
            "R09", name, "kind", f"select line from events where kind in ({known_sql}) and kind not in ({listed_sql})"
        )
