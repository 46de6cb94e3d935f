"""What did a person lay in the folder of an example: which table of ours, beside which file of theirs?

    like/ours/crimes.csv            a few records as the contract wants them: its name of the table, its columns
    like/theirs/Crime Records.csv   the same records as the system exports them

All that is wrong with the folder is told in one error, by file, row and column, and never by a cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay import contract
from assay.contract import FORCE_CODE, Table
from assay.errors import SourceError, UsageError
from assay.ingest.preparation.export_files import Export, read_export, read_file
from assay.ingest.return_manifest import did_you_mean
from assay.ingest.staging_store import Desk
from assay.wording import counted

OURS, THEIRS = "ours", "theirs"
MOST_ROWS = 1000
"""An example is a few records; what is longer is an export, and is no business of an example."""


@dataclass(frozen=True)
class Rows:
    """One file of the example: its cells by heading, '' where empty, and the row of the file on which each begins,
    counted as a spreadsheet counts, its header being row 1."""

    export: Export
    cells: Mapping[str, tuple[str, ...]]
    lines: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many records it holds."""
        return len(self.lines)


@dataclass(frozen=True)
class Example:
    """The files of an example: ours by the table that they hold, and theirs."""

    ours: Mapping[str, Rows]
    theirs: tuple[Rows, ...]

    @property
    def exports(self) -> tuple[Export, ...]:
        """Every file of it, as files of an export."""
        return tuple(one.export for one in (*self.ours.values(), *self.theirs))


def read_example(folder: Path, desk: Desk) -> Example:
    """The example in a folder. UsageError if the folder lacks a part; SourceError with all that is wrong with its
    files."""
    for part in (OURS, THEIRS):
        if not (folder / part).is_dir():
            raise UsageError(
                f"{folder} has no folder {part}. An example is a folder with two in it: ours, with the records as the "
                "contract wants them (crimes.csv), and theirs, with the same records as your system exports them."
            )
    ours, theirs = _files(folder / OURS, desk), _files(folder / THEIRS, desk)
    faults = [*_unreadable(OURS, ours), *_unreadable(THEIRS, theirs), *_no_tables(ours)]
    if faults:
        raise SourceError(" ".join(faults))
    return Example({_table_name(one.export): one for one in ours}, tuple(theirs))


def _files(folder: Path, desk: Desk) -> list[Rows]:
    exports, _ = read_export(folder, desk)
    if not exports:
        raise UsageError(f"{folder} holds no CSV, Parquet or XLSX file. Lay the example's records there.")
    return [_rows(folder / one.file, one, desk) for one in exports]


def _rows(path: Path, export: Export, desk: Desk) -> Rows:
    if export.refusal or export.records > MOST_ROWS:
        return Rows(export, {}, ())
    read_file(path, desk)
    held = desk.run("select * from export order by line")
    cells = [[(cell or "").strip() for cell in held[name].to_pylist()] for name in held.column_names[1:]]
    filled = [place for place in range(held.num_rows) if any(column[place] for column in cells)]
    by_heading = {
        heading: tuple(column[place] for place in filled) for heading, column in zip(export.columns, cells, strict=True)
    }
    lines = held["line"].to_pylist()
    return Rows(export, by_heading, tuple(lines[place] for place in filled))


def _unreadable(part: str, files: Sequence[Rows]) -> list[str]:
    faults = [f"{part}/{one.export.refusal}" for one in files if one.export.refusal]
    return faults + [
        f"{part}/{one.export.file} holds {counted(one.export.records, 'record')}. An example is at most "
        f"{counted(MOST_ROWS, 'record')}; a dozen are enough."
        for one in files
        if one.export.records > MOST_ROWS
    ]


def _table_name(export: Export) -> str:
    return export.file.rpartition(".")[0]


def _no_tables(files: Sequence[Rows]) -> list[str]:
    """What is wrong with our side: names that are no table, tables twice, columns that the contract does not have."""
    faults, seen = [], set[str]()
    for one in files:
        name = _table_name(one.export)
        if name not in contract.tables():
            near = did_you_mean(name, contract.tables())
            faults.append(f"{OURS}/{one.export.file} is named after no table of the contract.{near}")
        elif name in seen:
            faults.append(f"{OURS} holds two files for the table {name}. Leave one.")
        else:
            faults += _unknown_columns(contract.table(name), one.export)
        seen.add(name)
    return faults


def _unknown_columns(table: Table, export: Export) -> list[str]:
    known = (FORCE_CODE, *table.names)
    return [
        f"{OURS}/{export.file}: the contract has no column {name} in {table.name}.{did_you_mean(name, known)}"
        for name in export.columns
        if name not in known
    ]
