"""Find where each record of a delimited file begins, and which records are broken.

The bytes are scanned independently of the reader of the cells, because readers have been known to lose rows silently. A
record ends at a line end outside double quotes. A line with mismatched quotes, or a record with more or fewer cells
than the header, is reported with its line number (R07). The scan then goes on at the next line, so that a lone quote
costs one line and never the rest of the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assay.ingest.column_headings import clean_heading

LF, CR, QUOTE = 10, 13, 34
MAX_RECORD_BYTES = 1 << 24  # bytes; a "record" that is longer has lost its closing quote
LEAST_STEP_BYTES, STEP_BYTES = 1 << 12, 1 << 18
"""Bytes that are scanned at once: few after a doubtful record, and twice as many after each step without one."""
Bytes = NDArray[np.uint8]
Lines = NDArray[np.int64]
Edit = tuple[int, int, bytes]
"""First byte, end byte and replacement."""


class LineTooLongError(ValueError):
    """A line is longer than the limit: the file is not a table."""


class HeadingTooLongError(ValueError):
    """A cell of the heading is longer than the standard library reads: the file is not a table."""


@dataclass(frozen=True)
class BrokenRecord:
    """One record that could not be split into cells: the number of its first line, and its bytes."""

    line: int
    record: bytes


@dataclass(frozen=True)
class Scan:
    """The result of a scan: header, first line of each valid record, and broken records.

    `empty_lines` are the lines that hold nothing, which are not records. `misplaced_quotes` counts the valid records
    with a quote inside a cell that is not quoted. `edits` turn the bytes into a file that every reader reads
    alike: they remove broken records, and rewrite records with a misplaced quote (inside an unquoted cell, where it is
    a letter, or with spaces around it).
    """

    header: tuple[str, ...]
    header_line: int
    lines: Lines
    broken_records: tuple[BrokenRecord, ...]
    empty_lines: Lines
    edits: tuple[Edit, ...]
    misplaced_quotes: int = 0

    @property
    def blank_lines(self) -> int:
        """Return the number of empty lines."""
        return len(self.empty_lines)

    @property
    def records(self) -> int:
        """Return the number of records in the file, valid or broken."""
        return len(self.lines) + len(self.broken_records)


def scan(
    blocks: Iterable[bytes],
    delimiter: str,
    n_columns: int = 0,
    *,
    accept_inner_quotes: bool = False,
    keep_records_whole: bool = False,
) -> Scan:
    """Scan the bytes of a file in UTF-8, given in blocks of any size.

    Parameters
    ----------
    n_columns
        The number of cells of a sound record; the file then has no header that could be taken from its first line. If
        0, the first line is the header, and it decides how many cells a record has.
    accept_inner_quotes
        Whether a line with quotes inside quoted cells, neither doubled nor followed by a delimiter, is a sound record
        if it then has the right number of cells.
    keep_records_whole
        Whether a broken record whose quotes match ends where they end, as a note of several lines does. Otherwise it
        ends with its first line, because two lone quotes would take the sound records between them with it.
    """
    return _Scanner(delimiter, n_columns, accept_inner_quotes, keep_records_whole).scan(blocks)


@dataclass(frozen=True)
class SampleRecord:
    """One of the first records of a file: its number of cells, and whether a quote is in a wrong place."""

    width: int
    has_stray_quotes: bool


def sample_records(sample: bytes, delimiter: str, max_records: int) -> list[SampleRecord]:
    """Return the first records of a file, without blank lines; the sample ends with a line end."""
    scanner = _Scanner(delimiter)
    records: list[SampleRecord] = []
    start = 0
    while start < len(sample) and len(records) < max_records:
        stop, cells = scanner.split_cells(sample, start)
        end_of_line = sample.find(b"\n", start) + 1 or len(sample)
        line = sample[start:end_of_line].rstrip(b"\r\n")
        if stop < 0:
            plain, escaped = scanner.cells_with_inner_quotes(line)
            records.append(SampleRecord(len(escaped if b'\\"' in line else plain), True))
        elif line.strip():
            records.append(SampleRecord(len(cells), any(map(_has_stray_quote, cells))))
        start = stop if stop > 0 else end_of_line
    return records


def apply_edits(blocks: Iterable[bytes], edits: Iterable[Edit]) -> Iterator[bytes]:
    """Yield the blocks of bytes with these replacements applied, which must be in order of position."""
    pending = list(edits)[::-1]
    position = 0
    for block in blocks:
        begin, position = position, position + len(block)
        start_of_rest = begin
        while pending and pending[-1][0] < position:
            start, stop, replacement = pending.pop()
            yield block[start_of_rest - begin : max(start - begin, 0)] + replacement
            start_of_rest = stop
            if stop > position:  # the rest of it stands in the next block
                pending.append((position, stop, b""))
        yield block[max(start_of_rest - begin, 0) :]


@dataclass
class _Scanner:
    delimiter: str
    n_columns: int = 0
    accept_inner_quotes: bool = False
    keep_records_whole: bool = False
    header: tuple[str, ...] = ()
    header_line: int = 0
    line_end: bytes = b"\n"
    line: int = 1
    misplaced_quotes: int = 0
    offset: int = 0
    step_bytes: int = STEP_BYTES
    edits: list[Edit] = field(default_factory=list)
    lines: list[Lines] = field(default_factory=list)
    empty_lines: list[Lines] = field(default_factory=list)
    broken_records: list[BrokenRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.delimiter_byte = ord(self.delimiter)
        edge = re.escape(self.delimiter.encode())
        # Runs of letters match as one step: a step for each letter took 100 bytes of memory a letter.
        self.quoted_cell = re.compile(rb' *"(?:[^"]++|"")*+" *(?=' + edge + rb"|\r?\n)")
        self.opening_quote = re.compile(rb' *"')
        self.plain_cell = re.compile(rb"[^\n" + edge + rb"]*")
        at_edge = rb" *(?:" + edge + rb"|$)"
        letter_quote = rb'""(?!' + at_edge + rb')|"(?!' + at_edge + rb")"
        inner = rb' *"((?>[^"]+|' + letter_quote + rb')*+)"(?=' + at_edge + rb") *"
        escaped = rb' *"((?>[^"\\]+|\\.|' + letter_quote + rb')*+)"(?=' + at_edge + rb") *"
        self.inner_quotes = (re.compile(inner), re.compile(escaped))

    def scan(self, blocks: Iterable[bytes]) -> Scan:
        rest = b""
        for block, last in _with_last(blocks):
            rest += block
            if last and rest and not rest.endswith(b"\n"):
                rest += b"\n"
            consumed = self._scan_buffer(rest, last)
            rest, self.offset = rest[consumed:], self.offset + consumed
        lines, empty_lines = (
            np.concatenate([np.empty(0, np.int64), *found]) for found in (self.lines, self.empty_lines)
        )
        broken, edits = tuple(self.broken_records), tuple(self.edits)
        return Scan(self.header, self.header_line, lines, broken, empty_lines, edits, self.misplaced_quotes)

    def _scan_buffer(self, buffer: bytes, last: bool) -> int:
        """Scan the buffer; return the number of bytes that were scanned."""
        consumed = 0
        while consumed < len(buffer):
            previous = consumed
            consumed = self._scan_sound_records(buffer, consumed) if self.n_columns else consumed
            is_doubtful = consumed == previous
            if is_doubtful:
                consumed = self._scan_record(buffer, consumed, last)
            if consumed == previous:
                break
            # A record that is longer than a step only seems doubtful: the next step must be longer.
            is_short = consumed - previous < self.step_bytes
            self.step_bytes = LEAST_STEP_BYTES if is_doubtful and is_short else min(2 * self.step_bytes, STEP_BYTES)
        return consumed

    def _scan_sound_records(self, buffer: bytes, start: int) -> int:
        """Scan up to the first record with doubtful quotes or cells; return where it begins."""
        piece: Bytes = np.frombuffer(buffer, np.uint8, min(len(buffer) - start, self.step_bytes), start)
        quotes = np.flatnonzero(piece == QUOTE)
        ends, delimiters = piece == LF, piece == self.delimiter_byte
        if len(quotes):
            outside = ~np.bitwise_xor.accumulate(piece == QUOTE)
            ends, delimiters = ends & outside, delimiters & outside
            doubtful = _first_doubtful_quote(piece, quotes, self.delimiter_byte)
        else:
            doubtful = len(piece)
        return start + self._count_whole_records(piece, np.flatnonzero(ends), np.flatnonzero(delimiters), doubtful)

    def _count_whole_records(self, piece: Bytes, ends: Lines, delimiters: Lines, doubtful: int) -> int:
        ends = ends[ends < doubtful]
        if not len(ends):
            return 0
        starts = np.concatenate([[0], ends[:-1] + 1])
        cells = np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1
        is_blank = (ends == starts) | ((ends == starts + 1) & (piece[starts] == CR))
        wrong = np.flatnonzero((cells != self.n_columns) & ~is_blank)
        count = int(wrong[0]) if len(wrong) else len(ends)
        if not count:
            return 0
        consumed = int(ends[count - 1]) + 1
        feeds = np.flatnonzero(piece[:consumed] == LF)
        sound = ~is_blank[:count]
        numbers = self.line + np.searchsorted(feeds, starts[:count])
        self.lines.append(numbers[sound])
        self.empty_lines.append(numbers[~sound])
        self.line += len(feeds)
        return consumed

    def _scan_record(self, buffer: bytes, start: int, last: bool) -> int:
        """Scan one doubtful record; return where the next begins, or `start` if the buffer does not hold it whole."""
        stop, cells = self.split_cells(buffer, start)
        has_stray_quotes = any(_has_stray_quote(cell) for cell in cells)
        if stop < 0 and not last and len(buffer) - start < MAX_RECORD_BYTES:
            return start
        feed = buffer.find(b"\n", start) + 1
        if not feed or feed - start > MAX_RECORD_BYTES:
            raise LineTooLongError
        text = buffer[start : feed - 1].removesuffix(b"\r")
        if not text:
            self.empty_lines.append(np.array([self.line], np.int64))
            return self._advance(buffer, start, feed, *(() if self.n_columns else (b"",)))
        if not self.n_columns:
            stop = stop if stop > 0 else feed
            self.header = _parse_header(buffer[start:stop], self.delimiter)
            self.n_columns = len(self.header)
            self.header_line = self.line
            self.line_end = b"\r\n" if buffer.endswith(b"\r\n", start, stop) else b"\n"
            return self._advance(buffer, start, stop)
        if stop > 0 and len(cells) == self.n_columns:
            self.lines.append(np.array([self.line], np.int64))
            self.misplaced_quotes += any(_has_stray_quote(cell.strip(b" \r")) for cell in cells)
            return self._advance(buffer, start, stop, *((self._requote(cells),) if has_stray_quotes else ()))
        if self.accept_inner_quotes and (record := self._repaired_record(text)):
            self.lines.append(np.array([self.line], np.int64))
            return self._advance(buffer, start, feed, record)
        if self.keep_records_whole and stop > 0:
            text, feed = buffer[start:stop].rstrip(b"\r\n"), stop
        self.broken_records.append(BrokenRecord(self.line, text))
        return self._advance(buffer, start, feed, b"")

    def _advance(self, buffer: bytes, start: int, stop: int, *replacements: bytes) -> int:
        self.edits += [(self.offset + start, self.offset + stop, replacement) for replacement in replacements]
        self.line += buffer.count(b"\n", start, stop)
        return stop

    def split_cells(self, buffer: bytes, start: int) -> tuple[int, list[bytes]]:
        """Return where the next record begins and the cells of this one; (-1, []) if its quotes do not match."""
        position, cells = start, list[bytes]()
        limit = min(len(buffer), start + MAX_RECORD_BYTES)
        while True:
            pattern = self.quoted_cell if self.opening_quote.match(buffer, position) else self.plain_cell
            match = pattern.match(buffer, position, limit)
            if match is None or match.end() >= limit:
                return -1, []
            cells.append(match[0])
            position = match.end() + (buffer[match.end()] == CR)
            if buffer[position] == LF:
                return position + 1, cells
            position += 1

    def cells_with_inner_quotes(self, line: bytes) -> tuple[list[bytes], list[bytes]]:
        """Split a line whose quoted cells hold quotes; twice: with and without a backslash before such a quote."""
        return self._split_line(line, self.inner_quotes[0]), self._split_line(line, self.inner_quotes[1])

    def _split_line(self, line: bytes, quoted_cell: re.Pattern[bytes]) -> list[bytes]:
        position, cells = 0, list[bytes]()
        while True:
            quoted = quoted_cell.match(line, position)
            is_open = self.opening_quote.match(line, position) and not quoted
            match = None if is_open else quoted or self.plain_cell.match(line, position)
            if match is None:
                return []
            text = match[1].replace(b'""', b'"') if quoted else match[0]
            cells.append(text.replace(b'\\"', b'"') if quoted_cell is self.inner_quotes[1] else text)
            if match.end() >= len(line):
                return cells
            position = match.end() + 1

    def _repaired_record(self, line: bytes) -> bytes:
        """Return a line with every quote doubled, if it has the right number of cells in that way; else b''."""
        for cells in self.cells_with_inner_quotes(line):
            if len(cells) == self.n_columns and b'"' in line:
                quoted = (b'"' + cell.replace(b'"', b'""') + b'"' for cell in cells)
                return self.delimiter.encode().join(quoted) + self.line_end
        return b""

    def _requote(self, cells: list[bytes]) -> bytes:
        """Return the record with every quote in its place, and with the line end of the file."""
        return self.delimiter.encode().join(_requote_cell(cell) for cell in cells).removesuffix(b"\r") + self.line_end


def _has_stray_quote(cell: bytes) -> bool:
    return b'"' in cell and not (cell.startswith(b'"') and cell.endswith(b'"'))


def _requote_cell(cell: bytes) -> bytes:
    if not _has_stray_quote(cell):
        return cell
    if cell.lstrip(b" ").startswith(b'"'):
        return cell.strip(b" ")
    return b'"' + cell.removesuffix(b"\r").replace(b'"', b'""') + b'"'


def _first_doubtful_quote(piece: Bytes, quotes: Lines, mark: int) -> int:
    """Return the position of the first quote that neither opens nor closes a cell nor is doubled; else the length."""
    before = np.where(quotes > 0, piece[quotes - 1], LF)
    after = np.where(quotes + 1 < len(piece), piece[np.minimum(quotes + 1, len(piece) - 1)], LF)
    touches = np.diff(quotes, prepend=-2) == 1
    opens = (before == mark) | (before == LF) | touches
    closes = (after == mark) | (after == LF) | (after == CR) | (after == QUOTE)
    fits = np.where(np.arange(len(quotes)) % 2 == 0, opens, closes)
    wrong = np.flatnonzero(~fits)
    return int(quotes[wrong[0]]) if len(wrong) else len(piece)


def _parse_header(record: bytes, delimiter: str) -> tuple[str, ...]:
    text = record.decode("utf-8", errors="replace").removeprefix("\ufeff")
    try:
        return tuple(clean_heading(cell) for cell in next(csv.reader([text], delimiter=delimiter), []))
    except csv.Error:
        raise HeadingTooLongError from None


def _with_last(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    pending: bytes | None = None
    for block in blocks:
        if pending is not None:
            yield pending, False
        pending = block
    if pending is not None:
        yield pending, True
