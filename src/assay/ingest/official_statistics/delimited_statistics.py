"""Read a delimited text file of any encoding, line end and delimiter, detected as in files of a return.

Records are counted twice: by the reader, and by line ends outside quotation marks. A file with two different counts is
refused, because readers have been known to skip rows silently.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from assay.errors import SourceError
from assay.ingest.file_readers.delimited_files import LONE_CR_MARK
from assay.ingest.file_readers.delimited_grid import decode_with_remarks
from assay.ingest.file_readers.text_detection import detect_delimiter
from assay.ingest.official_statistics.sheet_grid import HEAD_ROWS, BrokenRow, Grid, SheetRows

BLOCK_BYTES = 1 << 24
InvalidRowHandler = Callable[[pa_csv.InvalidRow], str]


def delimited_grid(name: str, data: bytes) -> Grid:
    """Return a text file as a grid; raise SourceError if its quotation marks do not close."""
    encoding, text, remarks = decode_with_remarks(name, data)
    text = text.replace(LONE_CR_MARK, b" ")
    has_last_line_end = text.endswith(b"\n")
    if text.count(b'"') % 2:
        if not has_last_line_end:
            raise truncated_file(name, "it ends inside a cell")
        raise _unclosed_quotation(name, "holds an odd number of quotation marks")
    ends = record_ends(text)
    head_bytes = text[: ends[min(len(ends), HEAD_ROWS) - 1]]
    delimiter = detect_delimiter(head_bytes if head_bytes.endswith(b"\n") else head_bytes + b"\n").delimiter
    head = list(csv.reader(io.StringIO(head_bytes.decode("utf-8"), newline=""), delimiter=delimiter))

    def read_rows(start_row: int, width: int) -> SheetRows:
        return _sheet_rows(name, text, ends, start_row, width, delimiter)

    note = "; ".join([*([] if encoding == "utf-8" else [f"read as {encoding}"]), *remarks])
    rows = tuple(tuple(cell.strip() for cell in row) for row in head)
    return Grid("", rows, read_rows, note, has_last_line_end)


def record_ends(text: bytes) -> np.ndarray:
    """Return the byte offset after each record: line ends after an even number of quotation marks."""
    raw = np.frombuffer(text, dtype=np.uint8)
    is_quote = raw == ord('"')
    line_ends = np.flatnonzero(raw == ord("\n"))
    quotes_before = np.searchsorted(np.flatnonzero(is_quote), line_ends)
    ends = line_ends[quotes_before % 2 == 0] + 1
    if not len(ends) or ends[-1] != len(raw):
        ends = np.append(ends, len(raw))
    return np.asarray(ends)


def _sheet_rows(name: str, text: bytes, ends: np.ndarray, start_row: int, width: int, delimiter: str) -> SheetRows:
    records = len(ends) - start_row
    if records == 0:
        return SheetRows(_no_cells(width), np.arange(0), records=0)
    broken: list[BrokenRow] = []

    def keep_aside(row: pa_csv.InvalidRow) -> str:
        broken.append(BrokenRow(start_row + row.number, row.actual_columns))
        return "skip"

    cells = _read_cells(name, text[ends[start_row - 1] :], width, delimiter, keep_aside)
    if broken and broken[-1].row == start_row + records and _is_fragment(text, ends, broken[-1].cells, width):
        raise truncated_file(name, f"its last line has {broken[-1].cells} of {width} cells and no line end")
    if cells.num_rows + len(broken) != records:
        read_count = cells.num_rows + len(broken)
        raise _unclosed_quotation(name, f"has {records} ends of records, of which {read_count} could be read")
    rows = np.delete(np.arange(start_row + 1, start_row + 1 + records), [row.row - start_row - 1 for row in broken])
    return SheetRows(cells, rows, broken_rows=tuple(broken), records=records)


def _is_fragment(text: bytes, ends: np.ndarray, cells: int, width: int) -> bool:
    """Return True if the last record has no line end and is only the start of a row.

    It then has too few cells. A single cell may be a note under the table, so it must also begin like the row before.
    """
    if text.endswith(b"\n") or cells >= width:
        return False
    starts = [0, *ends.tolist()]
    row_before, fragment = text[starts[-3] : starts[-2]], text[starts[-2] :]
    return cells > 1 or row_before.startswith(fragment)


def truncated_file(name: str, reason: str) -> SourceError:
    """Return the error for a text that ends before its table does."""
    return SourceError(
        f"{name}: the file is cut short: {reason}. Nothing was read. Download it again. If it is complete, remove what "
        "is below the table and add a line end to the last line."
    )


def _unclosed_quotation(name: str, problem: str) -> SourceError:
    return SourceError(
        f"{name}: the text {problem}. A quotation mark is not closed, or stands inside a cell, so that rows "
        "could be lost. Save the table again as CSV and send that."
    )


def _read_cells(name: str, text: bytes, width: int, delimiter: str, keep_aside: InvalidRowHandler) -> pa.Table:
    names = [f"c{i}" for i in range(width)]
    try:
        return pa_csv.read_csv(
            io.BytesIO(text),
            read_options=pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=BLOCK_BYTES),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=keep_aside,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid:
        raise SourceError(
            f"{name}: the rows under the header cannot be read as a table with {width} columns. "
            "Save the table again as CSV and send that."
        ) from None


def _no_cells(width: int) -> pa.Table:
    return pa.table({f"c{i}": pa.array([], pa.string()) for i in range(width)})
