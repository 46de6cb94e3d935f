"""What stands in a text file, whatever its encoding, its line ends and its delimiter?

Records are counted twice: by the reader, and by counting line ends that stand outside quotation marks. A file
in which the two disagree is refused, because a reader that skips quietly has been seen before.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from assay.errors import SourceError
from assay.ingest.official_statistics.sheet_grid import HEAD, Body, Broken, Grid

DELIMITERS = (",", ";", "\t", "|")
BLOCK = 1 << 24
KeepAside = Callable[[pa_csv.InvalidRow], str]


def delimited_grid(name: str, data: bytes) -> Grid:
    """A text file as a grid; SourceError when its quotation marks do not close."""
    text, encoding = as_utf8(data)
    has_last_line_end = text.endswith((b"\n", b"\r"))
    if text.count(b'"') % 2:
        if not has_last_line_end:
            raise truncated(name, "it ends inside a cell")
        raise _unclosed(name, "holds an odd number of quotation marks")
    ends = record_ends(text)
    head_bytes = text[: ends[min(len(ends), HEAD) - 1]]
    delimiter = delimiter_of(head_bytes.decode("utf-8"))
    head = list(csv.reader(io.StringIO(head_bytes.decode("utf-8"), newline=""), delimiter=delimiter))

    def body(after: int, width: int) -> Body:
        return _body(name, text, ends, after, width, delimiter)

    rows = tuple(tuple(cell.strip() for cell in row) for row in head)
    return Grid("", rows, body, "" if encoding == "utf-8" else f"read as {encoding}", has_last_line_end)


def as_utf8(data: bytes) -> tuple[bytes, str]:
    """The text as UTF-8 without a byte order mark, and the encoding it came in."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace").encode("utf-8"), "utf-16"
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace").encode("utf-8"), "latin-1 (Windows)"
    return data, "utf-8"


def record_ends(text: bytes) -> np.ndarray:
    """The byte offset after each record: line ends at which an even number of quotation marks has gone
    before."""
    raw = np.frombuffer(text, dtype=np.uint8)
    marks = raw == ord('"')
    line_ends = np.flatnonzero(_line_ends(raw))
    quotes_before = np.searchsorted(np.flatnonzero(marks), line_ends)
    ends = line_ends[quotes_before % 2 == 0] + 1
    if not len(ends) or ends[-1] != len(raw):
        ends = np.append(ends, len(raw))
    return np.asarray(ends)


def _line_ends(raw: np.ndarray) -> np.ndarray:
    line_feeds = raw == ord("\n")
    return np.asarray(line_feeds if line_feeds.any() else raw == ord("\r"))


def delimiter_of(text: str) -> str:
    """The delimiter that the fullest of the first rows holds most often."""
    counts = {mark: max((line.count(mark) for line in text.splitlines()), default=0) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: counts[mark])


def _body(name: str, text: bytes, ends: np.ndarray, after: int, width: int, delimiter: str) -> Body:
    records = len(ends) - after
    if records == 0:
        return Body(_no_cells(width), np.arange(0), records=0)
    broken: list[Broken] = []

    def keep_aside(row: pa_csv.InvalidRow) -> str:
        broken.append(Broken(after + row.number, row.actual_columns))
        return "skip"

    cells = _read(name, text[ends[after - 1] :], width, delimiter, keep_aside)
    if broken and broken[-1].row == after + records and _is_fragment(text, ends, broken[-1].cells, width):
        raise truncated(name, f"its last line has {broken[-1].cells} of {width} cells and no line end")
    if cells.num_rows + len(broken) != records:
        read = cells.num_rows + len(broken)
        raise _unclosed(name, f"has {records} ends of records, of which {read} could be read")
    rows = np.delete(np.arange(after + 1, after + 1 + records), [one.row - after - 1 for one in broken])
    return Body(cells, rows, broken=tuple(broken), records=records)


def _is_fragment(text: bytes, ends: np.ndarray, cells: int, width: int) -> bool:
    """Return True if the last record has no line end and is only the start of a row.

    It then has too few cells. A single cell may be a note under the table, so it must also begin like the row before.
    """
    if text.endswith((b"\n", b"\r")) or cells >= width:
        return False
    starts = [0, *ends.tolist()]
    row_before, fragment = text[starts[-3] : starts[-2]], text[starts[-2] :]
    return cells > 1 or row_before.startswith(fragment)


def truncated(name: str, why: str) -> SourceError:
    """Return the error for a text that ends before its table does."""
    return SourceError(
        f"{name}: the file is cut short: {why}. Nothing was read. Download it again. If it is complete, remove what "
        "is below the table and add a line end to the last line."
    )


def _unclosed(name: str, what: str) -> SourceError:
    return SourceError(
        f"{name}: the text {what}. A quotation mark is not closed, or stands inside a cell, so that rows "
        "could be lost. Save the table again as CSV and send that."
    )


def _read(name: str, text: bytes, width: int, delimiter: str, keep_aside: KeepAside) -> pa.Table:
    names = [f"c{i}" for i in range(width)]
    try:
        return pa_csv.read_csv(
            io.BytesIO(text),
            read_options=pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=BLOCK),
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
