"""Read a delimited text file of official statistics: any encoding, line end and delimiter.

Encoding, delimiter and records are found as in files of every other sender. Two rules differ, because nobody can
correct one row of a publisher and anybody can download its file again. A misplaced quotation mark, or a text that ends
within a cell, refuses the file. A note of several lines under the table is one row, and an empty line is a row, so that
rows have the numbers that a spreadsheet shows.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.errors import SourceError
from assay.ingest.file_readers.cell_grid import RaggedRow
from assay.ingest.file_readers.delimited_files import LONE_CR_MARK
from assay.ingest.file_readers.delimited_grid import decode_with_remarks, ragged_rows, read_scanned_cells
from assay.ingest.file_readers.delimited_scan import LineTooLongError, Scan, scan
from assay.ingest.file_readers.text_detection import detect_delimiter
from assay.ingest.official_statistics.file_container import Container
from assay.ingest.official_statistics.sheet_grid import HEAD_ROWS, BrokenRow, Grid, SheetRows

SAMPLE_BYTES = 1 << 18
"""Bytes in which the header and the delimiter are sought."""

_MISPLACED = "holds a misplaced quotation mark"


def delimited_grid(container: Container) -> Grid:
    """Take the bytes of a text file and return it as a grid; raise SourceError if its quotation marks do not close."""
    name = container.name
    encoding, text, remarks = decode_with_remarks(name, container.take_data())
    text = text.replace(LONE_CR_MARK, b" ")
    has_last_line_end = text.endswith(b"\n")
    if text.count(b'"') % 2:
        if not has_last_line_end:
            raise truncated_file(name, "it ends inside a cell")
        raise _misplaced_quotation(name, "holds an odd number of quotation marks")
    sample = _sample(text)
    delimiter = detect_delimiter(sample).delimiter
    try:
        head, line_numbers = _head(sample, delimiter)
    except csv.Error:  # a cell longer than any of a table
        raise _misplaced_quotation(name, _MISPLACED) from None

    texts = [text]  # read once and then freed: a published table may take hundreds of megabytes
    del text

    def read_rows(start_row: int, width: int) -> SheetRows:
        text = texts.pop()
        rows = _after_line(text, line_numbers[start_row - 1])
        header = text[: len(text) - len(rows)].splitlines()[-1:]
        del text
        is_spaced = any(_is_prose(line, delimiter) for line in [*header, *rows.split(b"\n", 1)[:1]])
        return _sheet_rows(name, rows, start_row, _RowShape(width, delimiter, is_spaced))

    note = "; ".join([*([] if encoding == "utf-8" else [f"read as {encoding}"]), *remarks])
    return Grid("", head, read_rows, note, has_last_line_end)


def _sample(text: bytes) -> bytes:
    """Return the beginning of a text, which ends with a line end."""
    if len(text) <= SAMPLE_BYTES:
        return text if text.endswith(b"\n") else text + b"\n"
    return text[: text.rfind(b"\n", 0, SAMPLE_BYTES) + 1] or text[: text.find(b"\n") + 1] or text + b"\n"


def _head(sample: bytes, delimiter: str) -> tuple[tuple[tuple[str, ...], ...], list[int]]:
    """Return the first rows, and the number of the line on which each ends."""
    reader = csv.reader(io.StringIO(sample.decode("utf-8"), newline=""), delimiter=delimiter)
    rows = [(tuple(cell.strip() for cell in row), reader.line_num) for row in islice(reader, HEAD_ROWS)]
    return tuple(row for row, _ in rows), [line for _, line in rows]


def _after_line(text: bytes, lines: int) -> bytes:
    """Return a text without its first lines."""
    start = 0
    for _ in range(lines):
        start = text.find(b"\n", start) + 1 or len(text)
    return text[start:]


@dataclass(frozen=True)
class _RowShape:
    """How a row is distinguished from a note of several lines.

    Parameters
    ----------
    width
        The number of cells of a row.
    delimiter
        The delimiter between them.
    is_spaced
        Whether a space follows each delimiter of the header or of the first row, so that a row looks like prose.
    """

    width: int
    delimiter: str
    is_spaced: bool

    def may_hold_a_row(self, text: bytes) -> bool:
        """Return True if a text has the delimiters of a row, and is not prose with a space after each comma."""
        has_cells = text.count(self.delimiter.encode()) + 1 >= self.width
        return has_cells and (self.is_spaced or not _is_prose(text, self.delimiter))


def _is_prose(text: bytes, delimiter: str) -> bool:
    """Return True if a space follows each delimiter of a text."""
    found = text.count(delimiter.encode())
    return found > 0 and found == text.count(delimiter.encode() + b" ")


def _sheet_rows(name: str, text: bytes, start_row: int, shape: _RowShape) -> SheetRows:
    """Return the rows of a text without its header; `start_row` is the number of rows before it."""
    width, delimiter = shape.width, shape.delimiter
    try:
        found = scan([text], delimiter, width, keep_records_whole=True)
    except LineTooLongError:
        raise _misplaced_quotation(name, "has a line longer than 16 million bytes") from None
    broken = list(ragged_rows(found, delimiter))
    is_misplaced = [
        not row.is_split or _holds_rows(record.record, shape)
        for row, record in zip(broken, found.broken_records, strict=True)
    ]
    if found.misplaced_quotes or any(is_misplaced):
        raise _misplaced_quotation(name, _MISPLACED)
    if broken and _is_last(broken[-1], found) and _is_fragment(text, len(broken[-1].cells), width):
        raise truncated_file(name, f"its last line has {len(broken[-1].cells)} of {width} cells and no line end")
    cells = read_scanned_cells(name, text, found, delimiter, width, as_dictionaries=True)
    if any(_holds_a_row(column, shape) for column in cells.columns):
        raise _misplaced_quotation(name, _MISPLACED)
    return _numbered_rows(found, cells, start_row, broken)


def _holds_rows(record: bytes, shape: _RowShape) -> bool:
    """Return True if a broken record goes on over several lines and one of them may be a row.

    It then begins and ends with a lone quotation mark, and the rows between them would be lost as one broken row.
    """
    lines = record.splitlines()
    return len(lines) > 1 and any(map(shape.may_hold_a_row, lines))


def _holds_a_row(column: pa.ChunkedArray, shape: _RowShape) -> bool:
    """Return True if a cell goes on over several lines with as many delimiters as a row: two lone marks again."""
    texts = {text for chunk in column.chunks for text in chunk.dictionary.to_pylist()}
    return any(shape.may_hold_a_row(text.encode()) for text in texts if "\n" in text)


def _numbered_rows(found: Scan, cells: pa.Table, start_row: int, broken: list[RaggedRow]) -> SheetRows:
    """Return the rows with their numbers; an empty line is a row without a value."""
    lines = np.sort(np.concatenate([found.lines, found.empty_lines, _line_numbers(broken)]))
    lines_read = np.concatenate([found.lines, found.empty_lines])
    if len(found.empty_lines):
        empty_rows = pa.table({name: pa.nulls(len(found.empty_lines), pa.string()) for name in cells.column_names})
        order = np.argsort(lines_read)
        texts = cells.cast(empty_rows.schema)
        cells, lines_read = pa.concat_tables([texts, empty_rows]).take(pa.array(order)), lines_read[order]
    first = start_row + 1
    broken_rows = [
        BrokenRow(first + int(position), len(row.cells))
        for position, row in zip(np.searchsorted(lines, _line_numbers(broken)), broken, strict=True)
    ]
    return SheetRows(cells, first + np.searchsorted(lines, lines_read), (), tuple(broken_rows), len(lines))


def _line_numbers(broken: list[RaggedRow]) -> NDArray[np.int64]:
    return np.array([row.line for row in broken], np.int64)


def _is_last(row: RaggedRow, found: Scan) -> bool:
    """Return True if no sound record and no empty line follows a broken one."""
    return all(row.line > lines.max(initial=0) for lines in (found.lines, found.empty_lines))


def _is_fragment(text: bytes, cells: int, width: int) -> bool:
    """Return True if the last line has no line end and is only the start of a row.

    It then has too few cells. A single cell may be a note under the table, so it must also begin like the row before.
    """
    if text.endswith(b"\n") or cells >= width:
        return False
    rest, _, fragment = text.rpartition(b"\n")
    return cells > 1 or rest.rpartition(b"\n")[2].startswith(fragment)


def truncated_file(name: str, reason: str) -> SourceError:
    """Return the error for a text file that ends before its table ends."""
    return SourceError(
        f"{name}: the file is cut short: {reason}. Nothing was read. Download it again. If it is complete, remove what "
        "is below the table and add a line end to the last line."
    )


def _misplaced_quotation(name: str, problem: str) -> SourceError:
    return SourceError(
        f"{name}: the text {problem}. A quotation mark is not closed, or stands inside a cell, so that rows "
        "could be lost. Save the table again as CSV and send that."
    )
