"""Open CSV, Parquet and XLSX files and count their records.

Each format (return contract, section 2.5) is read as text with line numbers, and its records are counted independently
of the reader. A damaged, protected or malformed file refuses only its own table (R04).

`open_source` opens a file of a return, whose manifest and mapping say what it is: the first line is the heading, and a
formula or a merged cell is a validation error. Files without a mapping are read as a `CellGrid`
(`delimited_grid`, `workbook_grids`, `parquet_grid`, `markup_tables`); `ingest.extracts` finds their
headings and records. Both share the detection of encoding and delimiter (`text_detection`) and the scan that counts the
records of a delimited file (`delimited_scan`).
"""

from __future__ import annotations

from pathlib import Path

from assay.ingest.file_readers.delimited_files import ENCODINGS, open_delimited
from assay.ingest.file_readers.file_source import FileSource, TableRefused, UnreadRecord, confusable_headings_error
from assay.ingest.file_readers.parquet_files import open_parquet
from assay.ingest.file_readers.xlsx_files import open_workbook, sheet_names

SUFFIXES = (".csv", ".parquet", ".xlsx")


def open_source(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> FileSource:
    """Open a file by its suffix; refuse an unusable file (R04)."""
    suffix = path.suffix.casefold()
    if suffix == ".parquet":
        return open_parquet(path)
    if suffix == ".xlsx":
        return open_workbook(path)
    return open_delimited(path, delimiter, encoding)


__all__ = [
    "ENCODINGS",
    "SUFFIXES",
    "FileSource",
    "TableRefused",
    "UnreadRecord",
    "confusable_headings_error",
    "open_source",
    "sheet_names",
]
