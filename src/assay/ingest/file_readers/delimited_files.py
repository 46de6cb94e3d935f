"""What does a CSV file hold, whatever its encoding, line ends and stray characters?

The file is read in place where it is plain. Where it is not (another encoding, mixed line ends, bytes that are no
text, records that could not be read), a clean copy is made first, in which the lines have kept their numbers, and what
is no character stands as a control character, which the cells then count (R26).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from assay.errors import EvidenceError
from assay.ingest.file_readers.delimited_scan import NoLines, Scan, edited, scan
from assay.ingest.file_readers.file_source import MARKED, TableRefused, Unread, header_fault
from assay.ingest.staging_store import Desk

BLOCK = 1 << 22
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "windows-1252")
CODE_PAGES = ("latin-1", "windows-1252")
NO_CHARACTER = "\x1a"
_LONE_CR = re.compile(rb"\r(?!\n)")
_MARKS = {
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
    b"PK\x03\x04": "a spreadsheet or archive",
    b"PAR1": "Parquet",
    b"\xd0\xcf\x11\xe0": "an old or protected spreadsheet",
    b"\x1f\x8b": "an archive",
}

codecs.register_error("no_character", lambda error: (NO_CHARACTER, getattr(error, "end", 0)))


@dataclass(frozen=True)
class Delimited:
    """A CSV file that was scanned; `plain` if its bytes are UTF-8 with one kind of line end."""

    path: Path
    delimiter: str
    encoding: str
    seen: Scan
    plain: bool
    remarks: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names in the header."""
        return self.seen.header

    @property
    def records(self) -> int:
        """Records by their ends in the bytes."""
        return self.seen.records

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Records whose quotes or cells do not fit."""
        return tuple(Unread(one.line, one.record.decode("utf-8", "replace")) for one in self.seen.broken)

    @property
    def marked(self) -> pa.Table:
        """Nothing: a CSV has no formulas."""
        return MARKED.empty_table()

    def lay(self, desk: Desk, name: str, columns: Mapping[str, int]) -> None:
        """Read the sound records as text, each beside the line on which it begins."""
        lines = pa.table({"line": pa.array(self.seen.lines, pa.int64())})
        chosen = ", ".join(f"c{place} as {column}" for column, place in columns.items())
        with self._readable(desk) as path, desk.lent(lines) as lent:
            # Either side of the join may be the longer: a row that was read says so, and a line that was counted.
            read = f"(select *, true as was_read from {self._reader(path)})"
            try:
                desk.keep(name, f"select line, was_read, {chosen} from {lent} positional join {read}")
            except duckdb.Error:  # its text may hold what a cell holds
                said = f"{self.path.name}: the reader cannot read the file as CSV. Export it again as UTF-8."
                raise TableRefused("R04", said, records=self.records) from None
        self._nothing_was_lost(desk, name)

    @contextmanager
    def _readable(self, desk: Desk) -> Iterator[Path]:
        """The file, or for the time of the block a clean copy on the desk."""
        if self.plain and not self.seen.edits:
            yield self.path
            return
        copy = desk.folder / "clean.csv"
        try:
            with copy.open("wb") as stream:
                blocks = _raw(self.path) if self.plain else _clean(self.path, self.encoding)
                stream.writelines(edited(blocks, self.seen.edits))
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def _reader(self, path: Path) -> str:
        places = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(self.columns)))
        place = str(path).replace("'", "''")
        delimiter = self.delimiter.replace("'", "''")
        return (
            f"read_csv('{place}', auto_detect = false, header = true, columns = {{{places}}}, delim = '{delimiter}', "
            "quote = '\"', escape = '\"', strict_mode = true, store_rejects = true, max_line_size = 20000000)"
        )

    def _nothing_was_lost(self, desk: Desk, name: str) -> None:
        rejected = desk.number("select count(*) from reject_errors")
        read = desk.number(f"select count(was_read) from {name}")
        desk.drop_columns(name, ["was_read"])
        desk.forget_rejects()
        if rejected or read != len(self.seen.lines):
            raise EvidenceError(
                f"{self.path.name}: {len(self.seen.lines)} sound records were counted in the bytes of the file, and "
                f"the reader found {read} and rejected {rejected}. Nothing of the table was used; send the "
                "header and the shape of the file (never its content) to the makers of this program."
            )


def open_delimited(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> Delimited:
    """Scan a file; refuses what is not text in the encoding that was declared (R04)."""
    _first_bytes(path, encoding)
    encoding, remarks = _actual_encoding(path, encoding)
    plain = encoding == "utf-8" and _is_plain(path)
    try:
        seen = scan(_raw(path) if plain else _clean(path, encoding), delimiter)
    except NoLines:
        said = f"{path.name}: a line is longer than 16 million bytes. Export it as CSV, one record a line."
        raise TableRefused("R04", said) from None
    fault = header_fault(seen.header)
    if fault:
        raise TableRefused("R04", f"{path.name}: {fault}")
    return Delimited(path, delimiter, encoding, seen, plain, remarks)


def _actual_encoding(path: Path, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Return the encoding in which a file is read, and remarks to the sender if it is not the declared one.

    A file that was declared as Windows-1252 or Latin-1 is read as UTF-8 if its bytes are UTF-8. Text in one of these
    code pages is not UTF-8 by chance: after every accented letter exactly the right punctuation would have to follow.
    """
    if encoding not in CODE_PAGES or not _is_utf_8(path):
        return encoding, ()
    remark = f"{path.name}: mapping.toml declares {encoding.upper()}, but the file is UTF-8 and was read as UTF-8."
    return "utf-8", (f"{remark} Remove encoding from mapping.toml.",)


def _is_utf_8(path: Path) -> bool:
    """Return True if the file is valid UTF-8 and not only ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    has_non_ascii = False
    try:
        for block in _raw(path):
            has_non_ascii |= not block.isascii()
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return has_non_ascii


def _first_bytes(path: Path, encoding: str) -> None:
    with path.open("rb") as stream:
        head = stream.read(4)
    if not head:
        raise TableRefused("R04", f"{path.name}: the file is empty. Send its header, even where there is no row.")
    for mark, what in _MARKS.items():
        if head.startswith(mark) and not (what == "UTF-16" and encoding.startswith("utf-16")):
            raise TableRefused(
                "R04",
                f"{path.name}: by its first bytes this is {what} and not a CSV in {encoding.upper()}. "
                "Export it as UTF-8, or declare its encoding in mapping.toml.",
            )
    if encoding == "utf-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        said = f"{path.name}: it was declared as UTF-16, and its first bytes do not say which. Export it as UTF-8."
        raise TableRefused("R04", said)


def _raw(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        first = stream.read(BLOCK).removeprefix(codecs.BOM_UTF8)
        while first:
            yield first
            first = stream.read(BLOCK)


def _is_plain(path: Path) -> bool:
    """Whether the bytes are UTF-8 with one kind of line end and no lone CR."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    feeds = returns = both = 0
    tail = b""
    try:
        for block in _raw(path):
            if not block.isascii() or decoder.getstate()[0]:
                decoder.decode(block)
            feeds += block.count(b"\n")
            returns += block.count(b"\r")
            both += block.count(b"\r\n") + (tail == b"\r" and block.startswith(b"\n"))
            tail = block[-1:]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return returns == 0 or returns == both == feeds


def _clean(path: Path, encoding: str) -> Iterator[bytes]:
    """The file as UTF-8 with LF line ends; what is no character, and a lone CR, stand as control characters."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="no_character")
    held = b""
    for block in _raw(path):
        text = held + decoder.decode(block).removeprefix("\ufeff").encode("utf-8")
        held = b"\r" if text.endswith(b"\r") else b""
        yield _one_line_end(text.removesuffix(held))
    yield _one_line_end(held + decoder.decode(b"", final=True).encode("utf-8"))


def _one_line_end(text: bytes) -> bytes:
    return _LONE_CR.sub(b"\x1f", text).replace(b"\r\n", b"\n") if b"\r" in text else text
