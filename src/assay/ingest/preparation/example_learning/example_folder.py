"""Read the folder of an example: records in contract form (`ours`) and as exported (`theirs`).

    like/ours/crimes.csv            a few records in contract form: the table's name, its columns
    like/theirs/Crime Records.csv   the same records as the system exports them

All errors of the folder are reported together, by file, row and column, and never by the content of a cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay import contract
from assay.contract import FORCE_CODE, Table
from assay.errors import SourceError, UsageError
from assay.ingest.preparation.export_files import ExportFile, read_export, read_file
from assay.ingest.return_manifest import did_you_mean
from assay.ingest.staging_store import StagingStore
from assay.wording import count_phrase

TARGET_FOLDER, SOURCE_FOLDER = "ours", "theirs"
MAX_ROWS = 1000
"""The maximum number of records of an example; a longer file is an export."""


@dataclass(frozen=True)
class ExampleFile:
    """One file of the example: its cells by heading, and the row on which each record begins.

    It holds the cells by heading, '' if empty, and the row of the file on which each record begins, counted as a
    spreadsheet counts: the header is row 1.
    """

    export: ExportFile
    cells: Mapping[str, tuple[str, ...]]
    lines: tuple[int, ...]

    @property
    def count(self) -> int:
        """Return the number of records."""
        return len(self.lines)


@dataclass(frozen=True)
class Example:
    """The files of an example: contract form by table, and as exported."""

    targets: Mapping[str, ExampleFile]
    sources: tuple[ExampleFile, ...]

    @property
    def exports(self) -> tuple[ExportFile, ...]:
        """All files of the example as export files."""
        return tuple(file.export for file in (*self.targets.values(), *self.sources))


def read_example(folder: Path, store: StagingStore) -> Example:
    """Read the example in a folder; raise UsageError or SourceError with all errors in it."""
    for part in (TARGET_FOLDER, SOURCE_FOLDER):
        if not (folder / part).is_dir():
            raise UsageError(
                f"{folder} has no folder {part}. An example is a folder with two in it: ours, with the records "
                "in the format of the contract (crimes.csv), and theirs, with the same records as your system "
                "exports them."
            )
    targets, sources = _read_files(folder / TARGET_FOLDER, store), _read_files(folder / SOURCE_FOLDER, store)
    errors = [
        *_unreadable_errors(TARGET_FOLDER, targets),
        *_unreadable_errors(SOURCE_FOLDER, sources),
        *_target_errors(targets),
    ]
    if errors:
        raise SourceError(" ".join(errors))
    return Example({_table_name(file.export): file for file in targets}, tuple(sources))


def _read_files(folder: Path, store: StagingStore) -> list[ExampleFile]:
    exports, _ = read_export(folder, store)
    if not exports:
        raise UsageError(f"{folder} holds no CSV, Parquet or XLSX file. Put the records of the example there.")
    return [_read_example_file(folder / export.file, export, store) for export in exports]


def _read_example_file(path: Path, export: ExportFile, store: StagingStore) -> ExampleFile:
    if export.refusal or export.records > MAX_ROWS:
        return ExampleFile(export, {}, ())
    read_file(path, store)
    table = store.query("select * from export order by line")
    cells = [[(cell or "").strip() for cell in table[name].to_pylist()] for name in table.column_names[1:]]
    filled = [place for place in range(table.num_rows) if any(column[place] for column in cells)]
    by_heading = {
        heading: tuple(column[place] for place in filled) for heading, column in zip(export.columns, cells, strict=True)
    }
    lines = table["line"].to_pylist()
    return ExampleFile(export, by_heading, tuple(lines[place] for place in filled))


def _unreadable_errors(part: str, files: Sequence[ExampleFile]) -> list[str]:
    errors = [f"{part}/{file.export.refusal}" for file in files if file.export.refusal]
    return errors + [
        f"{part}/{file.export.file} holds {count_phrase(file.export.records, 'record')}. An example is at most "
        f"{count_phrase(MAX_ROWS, 'record')}; a dozen are enough."
        for file in files
        if file.export.records > MAX_ROWS
    ]


def _table_name(export: ExportFile) -> str:
    return export.file.rpartition(".")[0]


def _target_errors(files: Sequence[ExampleFile]) -> list[str]:
    """Return the errors in the contract form: unknown tables, repeated tables, unknown columns."""
    errors, seen = [], set[str]()
    for file in files:
        name = _table_name(file.export)
        if name not in contract.tables():
            hint = did_you_mean(name, contract.tables())
            errors.append(
                f"{TARGET_FOLDER}/{file.export.file} does not have the name of a table of the contract.{hint}"
            )
        elif name in seen:
            errors.append(f"{TARGET_FOLDER} holds two files for the table {name}. Keep one.")
        else:
            errors += _unknown_column_errors(contract.table(name), file.export)
        seen.add(name)
    return errors


def _unknown_column_errors(table: Table, export: ExportFile) -> list[str]:
    known = (FORCE_CODE, *table.column_names)
    return [
        f"{TARGET_FOLDER}/{export.file}: the contract has no column {name} in {table.name}.{did_you_mean(name, known)}"
        for name in export.columns
        if name not in known
    ]
