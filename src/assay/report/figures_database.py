"""Make a database of the released CSV files of a report: DuckDB, or SQLite for Datasette.

The database is made on demand and is no part of a report: two DuckDB files of the same tables differ in their bytes, so
no receipt could name one. It is read from the released files alone, so it can hold nothing else.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay.engine.duckdb_connections import open_connection
from assay.engine.safe_files.spreadsheet_cells import unguard_cell
from assay.errors import EvidenceError, UsageError
from assay.wording import count_phrase

METADATA = "csv-metadata.json"
FIGURE_FOLDERS = ("report/figures", "figures", ".")
"""Where the released files are in an inspection, in a report, and in the folder of the files itself."""
SQLITE_ENDINGS = (".sqlite", ".sqlite3", ".db")
DUCKDB_ENDINGS = (".duckdb",)
TYPES = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "string": pa.string()}
SQLITE_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "string": "TEXT"}


@dataclass(frozen=True)
class ReleasedColumn:
    """A column of a released CSV file: its name, its type (a key of `TYPES`), its meaning and its unit."""

    name: str
    kind: str
    meaning: str
    unit: str

    @property
    def comment(self) -> str:
        """The meaning, with the unit in brackets."""
        return f"{self.meaning} ({self.unit})" if self.unit else self.meaning


@dataclass(frozen=True)
class ReleasedFile:
    """A released CSV file: the name of its table, its title, what one row is, its columns and its rows."""

    name: str
    title: str
    columns: tuple[ReleasedColumn, ...]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True)
class DatabaseWritten:
    """A database that was written: its path, and the number of its tables and rows."""

    path: Path
    tables: int
    rows: int

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {"database": str(self.path), "tables": self.tables, "rows": self.rows}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        return [f"{self.path} holds {count_phrase(self.tables, 'table')} with {count_phrase(self.rows, 'row')}."]


def write_database(report: Path, database: Path) -> DatabaseWritten:
    """Write the released tables of a report into a new database; the suffix of its name gives the kind.

    Parameters
    ----------
    report
        The folder of an inspection, of its report, or of the released files.

    Raises
    ------
    UsageError
        If there are no released files, the database is there already or would lie among files that a receipt names, or
        its ending is not known.
    EvidenceError
        If a released file is missing or does not hold what its metadata say.
    """
    figures = _figures_folder(report)
    _check_path(database, report, figures)
    released_files = [*_read_files(figures)]
    database.parent.mkdir(parents=True, exist_ok=True)
    (_write_sqlite if database.suffix in SQLITE_ENDINGS else _write_duckdb)(database, released_files)
    return DatabaseWritten(database, len(released_files), sum(len(file.rows) for file in released_files))


def _figures_folder(report: Path) -> Path:
    for name in FIGURE_FOLDERS:
        if (report / name / METADATA).is_file():
            return report / name
    raise UsageError(
        f"{report} holds no released files of a report ({METADATA}). Name the folder of an inspection or its report. "
        "To make one from published statistics: assay look report"
    )


def _check_path(database: Path, report: Path, figures: Path) -> None:
    if database.suffix not in (*DUCKDB_ENDINGS, *SQLITE_ENDINGS):
        raise UsageError(f"{database} has no ending of a database. Name it figures.duckdb or figures.sqlite.")
    if database.exists():
        raise UsageError(f"{database} is there already, and nothing is overwritten. Name another file, or remove it.")
    if any(database.resolve().is_relative_to(folder.resolve()) for folder in (report, figures)):
        raise UsageError(f"{database} would lie among files that a receipt names. Name a file outside of {report}.")


def _read_files(figures: Path) -> Iterable[ReleasedFile]:
    try:
        tables = json.loads((figures / METADATA).read_text(encoding="utf-8"))["tables"]
        for table in tables:
            yield _read_file(figures, table)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvidenceError(
            f"The released files in {figures} are not those that {METADATA} describes. Make the report again."
        ) from error


def _read_file(figures: Path, table: Mapping[str, Any]) -> ReleasedFile:
    url = str(table["url"])
    if Path(url).name != url:
        raise ValueError(url)  # a released file lies beside its metadata, and nowhere else
    columns = tuple(map(_column, table["tableSchema"]["columns"]))
    with (figures / url).open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        if next(lines) != [column.name for column in columns]:
            raise ValueError(url)
        kinds = [column.kind for column in columns]
        rows = [tuple(_value(cell, kind) for cell, kind in zip(line, kinds, strict=True)) for line in lines]
    return ReleasedFile(url.removesuffix(".csv"), f"{table['dc:title']}. {table['dc:description']}", columns, rows)


def _column(column: Mapping[str, Any]) -> ReleasedColumn:
    datatype = column["datatype"]
    kind = datatype["base"] if isinstance(datatype, dict) else datatype
    return ReleasedColumn(column["name"], kind, column["dc:description"], column.get("schema:unitText", ""))


def _value(cell: str, kind: str) -> Any:
    """Return a cell with its type; an empty cell is a missing value."""
    if cell == "":
        return None
    if kind == "integer":
        return int(cell)
    if kind == "number":
        return float(cell)
    return cell == "yes" if kind == "boolean" else unguard_cell(cell)


def _write_duckdb(path: Path, released_files: Sequence[ReleasedFile]) -> None:
    with open_connection(path) as connection:
        for file in released_files:
            schema = pa.schema([(column.name, TYPES[column.kind]) for column in file.columns])
            rows = pa.Table.from_arrays(
                [pa.array(values, field.type) for values, field in zip(_by_column(file), schema, strict=True)],
                schema=schema,
            )
            connection.register("released_rows", rows)
            connection.execute(f"CREATE TABLE {_quoted(file.name)} AS SELECT * FROM released_rows")
            connection.unregister("released_rows")
            connection.execute(f"COMMENT ON TABLE {_quoted(file.name)} IS {_text(file.title)}")
            for column in file.columns:
                name = f"{_quoted(file.name)}.{_quoted(column.name)}"
                connection.execute(f"COMMENT ON COLUMN {name} IS {_text(column.comment)}")


def _by_column(file: ReleasedFile) -> list[list[Any]]:
    return [list(values) for values in zip(*file.rows, strict=True)] or [[] for _ in file.columns]


def _write_sqlite(path: Path, released_files: Sequence[ReleasedFile]) -> None:
    connection = sqlite3.connect(path)
    try:
        for file in released_files:
            columns = ", ".join(f"{_quoted(column.name)} {SQLITE_TYPES[column.kind]}" for column in file.columns)
            connection.execute(f"CREATE TABLE {_quoted(file.name)} ({columns})")
            places = ", ".join("?" * len(file.columns))
            connection.executemany(f"INSERT INTO {_quoted(file.name)} VALUES ({places})", file.rows)
        connection.commit()
    finally:
        connection.close()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
