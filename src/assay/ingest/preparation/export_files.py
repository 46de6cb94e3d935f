"""Read the files of an export: delimiter, encoding, columns and column shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.ingest.column_headings import MAX_COLUMNS, TOO_MANY_COLUMNS
from assay.ingest.file_readers import SUFFIXES, TableRefused, open_source, sheet_names
from assay.ingest.file_readers.delimited_files import clean_blocks
from assay.ingest.file_readers.text_detection import detect_delimiter, detect_encoding
from assay.ingest.preparation.cell_shapes import ColumnShape
from assay.ingest.preparation.header_detection import is_header_a_record
from assay.ingest.preparation.person_columns import PersonSlot, find_slots
from assay.ingest.staging_store import StagingStore

TEXT_SUFFIXES = (".csv", ".txt", ".tsv", ".dat")
HEAD_BYTES = 1 << 16
MAX_VALUES = 5000
"""Number of the commonest values of a column that are examined."""
RESERVED_FILES = ("return.toml", "mapping.toml", "return.draft.toml", "mapping.draft.toml", "request.toml")


@dataclass(frozen=True)
class ExportFile:
    """One file of the export.

    `refusal` says why it cannot be read, or is ''; a refused file has no columns. `unread_sheets` names the sheets of a
    workbook after its first; `slots` holds the columns that describe one person each.
    """

    file: str
    delimiter: str = ","
    encoding: str = "utf-8"
    columns: tuple[str, ...] = ()
    records: int = 0
    shapes: Mapping[str, ColumnShape] | None = None
    refusal: str = ""
    unread_sheets: tuple[str, ...] = ()
    slots: tuple[PersonSlot, ...] = ()

    def shape(self, column: str) -> ColumnShape:
        """Return the description of the cells of a column."""
        return (self.shapes or {}).get(column, ColumnShape(0, 0, {}))


def read_export(folder: Path, store: StagingStore) -> tuple[list[ExportFile], list[str]]:
    """Return the files of a folder that may be tables, and the names of the others."""
    found = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    export_paths = [path for path in found if path.name not in RESERVED_FILES]
    tables = [path for path in export_paths if path.suffix.casefold() in (*SUFFIXES, *TEXT_SUFFIXES)]
    return [read_file(path, store) for path in tables], [path.name for path in export_paths if path not in tables]


def read_file(path: Path, store: StagingStore) -> ExportFile:
    """Read one file, store its cells in the table `export`, and describe its columns."""
    delimiter, encoding = _detect_delimiter_and_encoding(path)
    sheets = sheet_names(path)[1:] if path.suffix.casefold() == ".xlsx" else ()
    try:
        source = open_source(path, delimiter, encoding)
        if len(source.columns) > MAX_COLUMNS:
            raise TableRefused("R04", f"{path.name}: {TOO_MANY_COLUMNS.format(columns=len(source.columns))}")
        positions = {name: position for position, name in enumerate(source.columns) if name}
        source.load_columns(store, "export", {f"c{position}": position for position in positions.values()})
        shapes = {name: _column_shape(store, f"c{position}") for name, position in positions.items()}
        slots = find_slots(store, positions)
        if is_header_a_record(shapes):
            sentence = f"{path.name}: the first line looks like a record. Export it with the names of its columns."
            raise TableRefused("R04", sentence)
    except TableRefused as refused:
        return ExportFile(path.name, delimiter, encoding, refusal=refused.sentence, unread_sheets=sheets)
    return ExportFile(path.name, delimiter, encoding, tuple(positions), source.records, shapes, "", sheets, slots)


def _column_shape(store: StagingStore, column: str) -> ColumnShape:
    cells = f"(select trim({column}) as cell from export where trim({column}) <> '')"
    filled = store.query_number(f"select count(*) from {cells}")
    distinct = store.query_number(f"select count(distinct cell) from {cells}")
    common = store.query(
        f"select cell, count(*) as n from {cells} group by cell order by n desc, cell limit {MAX_VALUES}"
    )
    return ColumnShape(filled, distinct, dict(zip(common["cell"].to_pylist(), common["n"].to_pylist(), strict=True)))


def _detect_delimiter_and_encoding(path: Path) -> tuple[str, str]:
    """Return the delimiter and encoding of a text; those of a plain CSV for any other file."""
    if path.suffix.casefold() in (".parquet", ".xlsx"):
        return ",", "utf-8"
    encoding = detect_encoding(_blocks(path))
    with path.open("rb") as stream:
        text = b"".join(clean_blocks([stream.read(HEAD_BYTES)], encoding))
    is_whole = path.stat().st_size <= HEAD_BYTES
    fit = detect_delimiter(text + b"\n" if is_whole else text[: text.rfind(b"\n") + 1])
    return fit.delimiter if fit.fit else ",", encoding


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(1 << 22):
            yield block
