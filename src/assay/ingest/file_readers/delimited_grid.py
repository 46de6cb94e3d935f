"""Read a delimited file whose encoding, delimiter and heading are not declared.

The file is read in memory and nothing is written. Records are counted in the bytes (`delimited_scan`), independently of
the reader of the cells; the two counts must agree.
"""

from __future__ import annotations

import codecs
import csv
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from assay.errors import EvidenceError
from assay.ingest.file_readers.cell_grid import CellGrid, RaggedRow, stripped_cell, stripped_text
from assay.ingest.file_readers.delimited_files import LONE_CR_MARK, NO_CHARACTER, clean_blocks, normalise_line_ends
from assay.ingest.file_readers.delimited_scan import LineTooLongError, Scan, apply_edits, scan
from assay.ingest.file_readers.file_source import TableRefused
from assay.ingest.file_readers.text_detection import WINDOWS_1252_ERRORS, detect_delimiter, detect_encoding

BLOCK_BYTES = 1 << 22
SAMPLE_BYTES = 1 << 18
PARSED_BYTES = 1 << 25
"""Bytes that the reader of the cells splits at once: more than the longest record."""
_TEXT_FORMULA = re.compile(rb'(?<![^,;\t|^~\n])"?="{1,2}([^"\n]*)"{1,3}(?=[,;\t|^~\n]|$)')
MIN_FIT = 0.3
"""Fit of a delimiter (see `DelimiterFit`) below which a file is not a table."""


def read_delimited(path: Path) -> CellGrid:
    """Read a delimited text file as a grid; refuse it if no delimiter can be found (R04)."""
    encoding, text, remarks = decode_with_remarks(path.name, path.read_bytes())
    if ruled := read_ruled_columns(text):
        return replace(ruled, encoding=encoding, remarks=remarks)
    text = _without_formulas(text)
    sample = text[:SAMPLE_BYTES]
    sample = sample if len(sample) == len(text) else sample[: sample.rfind(b"\n") + 1]
    fit = detect_delimiter(sample)
    if fit.fit < MIN_FIT:
        raise TableRefused(
            "R04",
            f"{path.name}: no comma, semicolon, tab or pipe separates its cells, so it is not a table of several "
            "columns. Export it as CSV.",
        )
    try:
        scan_result = scan([text], fit.delimiter, fit.width, accept_inner_quotes=True)
    except LineTooLongError:
        sentence = f"{path.name}: a line is longer than 16 million bytes. Export it as CSV, one record a line."
        raise TableRefused("R04", sentence) from None
    cells = read_scanned_cells(path.name, text, scan_result, fit.delimiter, fit.width)
    return CellGrid(
        "", cells, pa.array(scan_result.lines, pa.int64()), tuple(ragged_rows(scan_result, fit.delimiter)),
        blank_lines=scan_result.blank_lines, encoding=encoding, delimiter=fit.delimiter, remarks=remarks,
    )  # fmt: skip


def decode_with_remarks(name: str, data: bytes) -> tuple[str, bytes, tuple[str, ...]]:
    """Return the encoding of a file, its text as UTF-8 with LF line ends, and remarks on the decoding."""
    detected = detect_encoding(_blocks(data))
    data = data.removeprefix(b"\xef\xbb\xbf")  # here, where the caller's bytes can be freed for the copy
    is_utf_8 = detected == "utf-8" and _is_utf_8(data)
    text = _decode_text(data, detected, is_utf_8=is_utf_8)
    encoding = detected.removesuffix("-le").removesuffix("-be")
    is_mixed = encoding == "utf-8" and not is_utf_8
    return encoding, text, _decoding_remarks(name, encoding, text, is_mixed=is_mixed)


def _decode_text(data: bytes, encoding: str, *, is_utf_8: bool) -> bytes:
    """Return a text as UTF-8 with LF line ends; `is_utf_8` says that every byte of it is valid UTF-8.

    A lone CR is `LONE_CR_MARK`, unless it is the only line end. A byte that is no letter is `NO_CHARACTER`.
    """
    if is_utf_8:
        text = normalise_line_ends(data)
    else:
        errors = WINDOWS_1252_ERRORS if encoding == "utf-8" else "no_character"
        text = b"".join(clean_blocks(_blocks(data), encoding, errors))
    if LONE_CR_MARK in text and b"\n" not in text:
        text = text.replace(LONE_CR_MARK, b"\n")  # the line end of some older systems
    return text


def _is_utf_8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in _blocks(data):  # the whole text as letters would take several times its bytes
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decoding_remarks(name: str, encoding: str, text: bytes, is_mixed: bool) -> tuple[str, ...]:
    remarks = []
    if is_mixed:
        remarks.append(f"{name}: the file is UTF-8, and some letters in it are Windows-1252; they were read as such.")
    if n_lost := text.count(NO_CHARACTER.encode()):
        remarks.append(f"{name}: {n_lost} bytes are no letters in {encoding.upper()}. Export it again as UTF-8.")
    return tuple(remarks)


def _without_formulas(text: bytes) -> bytes:
    """Return the text with cells such as `="0012"` as "0012": so spreadsheets are read with leading zeros kept."""
    return _TEXT_FORMULA.sub(rb'"\1"', text) if b'="' in text else text


def _blocks(data: bytes) -> Iterator[bytes]:
    return (data[start : start + BLOCK_BYTES] for start in range(0, len(data), BLOCK_BYTES))


def read_scanned_cells(
    name: str, text: bytes, scan_result: Scan, delimiter: str, width: int, *, as_dictionaries: bool = False
) -> pa.Table:
    """Return the cells of the valid records of a scanned text as columns `c0`, `c1` and so on.

    Parameters
    ----------
    as_dictionaries
        Whether each column is a dictionary of its distinct texts, which keep the space around them: a table of a
        publisher repeats few texts in many rows, so that this takes a fraction of the memory.

    Raises
    ------
    EvidenceError
        If the reader finds more or fewer records than were counted in the bytes.
    """
    names = [f"c{position}" for position in range(width)]
    n_records = len(scan_result.lines)
    kind = pa.dictionary(pa.int32(), pa.string()) if as_dictionaries else pa.string()
    if not n_records:
        return pa.table({column: pa.array([], kind) for column in names})
    sound = b"".join(apply_edits([text], scan_result.edits)) if scan_result.edits else text
    try:
        table = pacsv.read_csv(
            pa.BufferReader(sound),
            read_options=pacsv.ReadOptions(column_names=names, block_size=PARSED_BYTES),
            parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in sound),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, kind), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowException:  # its text may hold what a cell holds
        table = None
    if table is None or table.num_rows != n_records:
        found = "could not read them" if table is None else f"found {table.num_rows}"
        raise EvidenceError(
            f"{name}: {n_records} sound records were counted in the bytes of the file, and the reader {found}. "
            "Nothing of the file was used; send the shape of the file (never its content) to the makers of this "
            "program."
        )
    pa.default_memory_pool().release_unused()  # the cells before they became dictionaries
    return table if as_dictionaries else _clean_cells(table, has_lone_cr=LONE_CR_MARK in sound)


def _clean_cells(table: pa.Table, has_lone_cr: bool) -> pa.Table:
    columns = {}
    for name in table.column_names:
        column = table[name]
        if has_lone_cr:
            column = pc.replace_substring(column, LONE_CR_MARK.decode(), "\n")
        columns[name] = stripped_text(column)
    return pa.table(columns)


def ragged_rows(scan_result: Scan, delimiter: str) -> Iterator[RaggedRow]:
    """Yield the rows with the wrong number of fields or unmatched quotes, each split into cells as far as possible."""
    for broken in scan_result.broken_records:
        text = broken.record.decode("utf-8", "replace")
        is_split = text.count('"') % 2 == 0
        cells = _split_cells(text, delimiter) if is_split else _split_without_quotes(text, delimiter)
        yield RaggedRow(broken.line, tuple(map(stripped_cell, cells)), is_split)


def _split_cells(text: str, delimiter: str) -> list[str]:
    """Return the cells of a record whose quotes match."""
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:  # a cell is longer than the standard library reads
        return _split_without_quotes(text, delimiter)


def _split_without_quotes(text: str, delimiter: str) -> list[str]:
    return text.replace('"', "").split(delimiter)


# Read fixed-width text from a query tool, where a line of dashes under the heading marks the columns.


RULE = re.compile(r"-{2,}( +-{2,})+ *")
HEAD_LINES = 80
Span = tuple[int, int]


def read_ruled_columns(text: bytes) -> CellGrid | None:
    """Return the cells of a text with columns of fixed width; None if no line of dashes marks them.

    A line with a letter between two columns is not split: its columns are not those of the heading.
    """
    if not (rule := _find_rule(text)):
        return None
    spans = [match.span() for match in re.finditer("-+", rule)]
    spans[-1] = (spans[-1][0], 1 << 30)
    rows: list[tuple[str | None, ...]] = []
    lines: list[int] = []
    ragged: list[RaggedRow] = []
    n_blank = 0
    for number, line in enumerate(text.decode("utf-8", "replace").split("\n"), start=1):
        if not line.strip():
            n_blank += 1
        elif _fits(line, spans):
            rows.append(tuple(stripped_cell(line[start:end]) for start, end in spans))
            lines.append(number)
        else:
            ragged.append(RaggedRow(number, (line.strip(),)))
    columns = {f"c{place}": pa.array([row[place] for row in rows], pa.string()) for place in range(len(spans))}
    n_blank -= text.endswith(b"\n")
    return CellGrid("", pa.table(columns), pa.array(lines, pa.int64()), tuple(ragged), blank_lines=n_blank)


def _find_rule(text: bytes) -> str:
    head = text[: 1 << 16].decode("utf-8", "replace").split("\n")[:HEAD_LINES]
    return next((line for line in head if RULE.fullmatch(line)), "")


def _fits(line: str, spans: Sequence[Span]) -> bool:
    """Return True if a line reaches the second column, and has nothing but spaces between columns."""
    gaps = itertools.pairwise(spans)
    return len(line) > spans[0][1] and all(not line[left[1] : right[0]].strip() for left, right in gaps)
