"""Where does each record of a delimited file begin, and which of them are not records at all?

Records are found in the bytes themselves, by means of their own and not by the reader that reads the cells: readers
have been known to lose rows without a word. A record ends at a line end outside double quotes. A line whose quotes do
not fit, or a record with more or fewer cells than the header, is told apart here with the line it stands on (R07), and
the scan goes on at the next line: a lone quote costs one line and never the rest of the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assay.ingest.column_headings import cleaned

LF, CR, QUOTE = 10, 13, 34
LONGEST = 1 << 24  # bytes; a "record" that is longer has lost its closing quote
STEP = 1 << 18
Bytes = NDArray[np.uint8]
Lines = NDArray[np.int64]
Edit = tuple[int, int, bytes]
"""From and up to which byte, and what shall stand there."""


class NoLines(ValueError):
    """A line is longer than any that is sent: the file is no table."""


@dataclass(frozen=True)
class Broken:
    """One record that could not be read as cells: the line it begins on, and its bytes."""

    line: int
    record: bytes


@dataclass(frozen=True)
class Scan:
    """What the bytes say: the header's cells, the line on which each sound record begins, the broken ones.

    `blank` counts lines with nothing on them, which are no records. `edits` are what makes of the bytes a file that
    any reader reads alike: broken records are left out, and records with a quote where none should be (inside a cell
    that is not quoted, where it is a letter, or with spaces around it) are written again.
    """

    header: tuple[str, ...]
    header_line: int
    lines: Lines
    broken: tuple[Broken, ...]
    blank: int
    edits: tuple[Edit, ...]

    @property
    def records(self) -> int:
        """How many records the file holds, sound or broken."""
        return len(self.lines) + len(self.broken)


def scan(blocks: Iterable[bytes], delimiter: str) -> Scan:
    """Scan the bytes of a file in UTF-8, given in blocks of any size."""
    return _Scanner(delimiter).scan(blocks)


def edited(blocks: Iterable[bytes], edits: Iterable[Edit]) -> Iterator[bytes]:
    """The same bytes after the edits, which stand in the order of the bytes."""
    waiting = list(edits)[::-1]
    place = 0
    for block in blocks:
        begin, place = place, place + len(block)
        kept = begin
        while waiting and waiting[-1][0] < place:
            start, stop, instead = waiting.pop()
            yield block[kept - begin : max(start - begin, 0)] + instead
            kept = stop
            if stop > place:  # the rest of it stands in the next block
                waiting.append((place, stop, b""))
        yield block[max(kept - begin, 0) :]


@dataclass
class _Scanner:
    delimiter: str
    header: tuple[str, ...] = ()
    header_line: int = 0
    ends: bytes = b"\n"
    line: int = 1
    blank: int = 0
    before: int = 0
    edits: list[Edit] = field(default_factory=list)
    lines: list[Lines] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mark = ord(self.delimiter)
        edge = re.escape(self.delimiter.encode())
        self.quoted = re.compile(rb' *"(?>(?:[^"]|"")*)" *(?=' + edge + rb"|\r?\n)")
        self.opened = re.compile(rb' *"')
        self.plain = re.compile(rb"[^\n" + edge + rb"]*")

    def scan(self, blocks: Iterable[bytes]) -> Scan:
        rest = b""
        for block, last in _with_last(blocks):
            rest += block
            if last and rest and not rest.endswith(b"\n"):
                rest += b"\n"
            done = self._take(rest, last)
            rest, self.before = rest[done:], self.before + done
        lines = np.concatenate([np.empty(0, np.int64), *self.lines])
        return Scan(self.header, self.header_line, lines, tuple(self.broken), self.blank, tuple(self.edits))

    def _take(self, buffer: bytes, last: bool) -> int:
        """Work through the buffer; how many bytes of it are done with."""
        done = 0
        while done < len(buffer):
            before = done
            done = self._sound_records(buffer, done) if self.header else done
            if done == before:
                done = self._one_record(buffer, done, last)
            if done == before:
                break
        return done

    def _sound_records(self, buffer: bytes, start: int) -> int:
        """Take the records up to the first whose quotes or cells need a closer look; where that one begins."""
        # After a close look only a little is taken at once, so that many broken lines do not make it slow.
        piece: Bytes = np.frombuffer(buffer, np.uint8, min(len(buffer) - start, STEP), start)
        quotes = np.flatnonzero(piece == QUOTE)
        ends, marks = piece == LF, piece == self.mark
        if len(quotes):
            outside = ~np.bitwise_xor.accumulate(piece == QUOTE)
            ends, marks = ends & outside, marks & outside
            doubtful = _first_doubt(piece, quotes, self.mark)
        else:
            doubtful = len(piece)
        return start + self._whole(piece, np.flatnonzero(ends), np.flatnonzero(marks), doubtful)

    def _whole(self, piece: Bytes, ends: Lines, marks: Lines, doubtful: int) -> int:
        ends = ends[ends < doubtful]
        if not len(ends):
            return 0
        starts = np.concatenate([[0], ends[:-1] + 1])
        cells = np.diff(np.searchsorted(marks, ends), prepend=0) + 1
        nothing = (ends == starts) | ((ends == starts + 1) & (piece[starts] == CR))
        wrong = np.flatnonzero((cells != len(self.header)) & ~nothing)
        count = int(wrong[0]) if len(wrong) else len(ends)
        if not count:
            return 0
        taken = int(ends[count - 1]) + 1
        feeds = np.flatnonzero(piece[:taken] == LF)
        sound = ~nothing[:count]
        self.lines.append(self.line + np.searchsorted(feeds, starts[:count])[sound])
        self.blank += int(nothing[:count].sum())
        self.line += len(feeds)
        return taken

    def _one_record(self, buffer: bytes, start: int, last: bool) -> int:
        """Look closely at one record; where the next begins, or `start` where the buffer does not hold it whole."""
        stop, cells = self._cells(buffer, start)
        odd = any(_is_odd(cell) for cell in cells)
        if stop < 0 and not last and len(buffer) - start < LONGEST:
            return start
        feed = buffer.find(b"\n", start) + 1
        if not feed:
            raise NoLines
        text = buffer[start : feed - 1].removesuffix(b"\r")
        if not text:
            self.blank += 1
            return self._past(buffer, start, feed, *(() if self.header else (b"",)))
        if not self.header:
            stop = stop if stop > 0 else feed
            self.header = _header(buffer[start:stop], self.delimiter)
            self.header_line = self.line
            self.ends = b"\r\n" if buffer.endswith(b"\r\n", start, stop) else b"\n"
            return self._past(buffer, start, stop)
        if stop > 0 and len(cells) == len(self.header):
            self.lines.append(np.array([self.line], np.int64))
            return self._past(buffer, start, stop, *((self._again(cells),) if odd else ()))
        self.broken.append(Broken(self.line, text))
        return self._past(buffer, start, feed, b"")

    def _past(self, buffer: bytes, start: int, stop: int, *instead: bytes) -> int:
        self.edits += [(self.before + start, self.before + stop, one) for one in instead]
        self.line += buffer.count(b"\n", start, stop)
        return stop

    def _cells(self, buffer: bytes, start: int) -> tuple[int, list[bytes]]:
        """Where the next record begins, and this one's cells as they stand; (-1, []) if its quotes do not fit."""
        place, cells = start, list[bytes]()
        while True:
            shape = self.quoted if self.opened.match(buffer, place) else self.plain
            found = shape.match(buffer, place)
            if found is None or found.end() >= len(buffer):
                return -1, []
            cells.append(found[0])
            place = found.end() + (buffer[found.end()] == CR)
            if buffer[place] == LF:
                return place + 1, cells
            place += 1

    def _again(self, cells: list[bytes]) -> bytes:
        """The record with every quote where it should be, and the line end that the file has everywhere."""
        return self.delimiter.encode().join(_mended(cell) for cell in cells).removesuffix(b"\r") + self.ends


def _is_odd(cell: bytes) -> bool:
    return b'"' in cell and not (cell.startswith(b'"') and cell.endswith(b'"'))


def _mended(cell: bytes) -> bytes:
    if not _is_odd(cell):
        return cell
    if cell.lstrip(b" ").startswith(b'"'):
        return cell.strip(b" ")
    return b'"' + cell.removesuffix(b"\r").replace(b'"', b'""') + b'"'


def _first_doubt(piece: Bytes, quotes: Lines, mark: int) -> int:
    """The first quote that neither opens a cell, nor closes one, nor is doubled inside one; else the length."""
    before = np.where(quotes > 0, piece[quotes - 1], LF)
    after = np.where(quotes + 1 < len(piece), piece[np.minimum(quotes + 1, len(piece) - 1)], LF)
    touches = np.diff(quotes, prepend=-2) == 1
    opens = (before == mark) | (before == LF) | touches
    closes = (after == mark) | (after == LF) | (after == CR) | (after == QUOTE)
    fits = np.where(np.arange(len(quotes)) % 2 == 0, opens, closes)
    wrong = np.flatnonzero(~fits)
    return int(quotes[wrong[0]]) if len(wrong) else len(piece)


def _header(record: bytes, delimiter: str) -> tuple[str, ...]:
    text = record.decode("utf-8", errors="replace").removeprefix("\ufeff")
    return tuple(cleaned(cell) for cell in next(csv.reader([text], delimiter=delimiter), []))


def _with_last(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    held: bytes | None = None
    for block in blocks:
        if held is not None:
            yield held, False
        held = block
    if held is not None:
        yield held, True
