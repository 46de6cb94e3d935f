"""Read a CSV file of any encoding, line end and quoting.

A plain file is read in place. Any other file (another encoding, mixed line ends, bytes that are not text, unreadable
records) is first copied in a clean form with the same line numbers. In the copy an undecodable byte is a control
character, which cell validation counts (R26).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from assay.errors import EvidenceError
from assay.ingest.file_readers.delimited_scan import HeadingTooLongError, LineTooLongError, Scan, apply_edits, scan
from assay.ingest.file_readers.file_source import MARKED_CELLS, TableRefused, UnreadRecord, header_error
from assay.ingest.staging_store import StagingStore

BLOCK_BYTES = 1 << 22
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "windows-1252")
CODE_PAGES = ("latin-1", "windows-1252")
NO_CHARACTER = "\x1a"
LONE_CR_MARK = b"\x1f"
_LONE_CR = re.compile(rb"\r(?!\n)")
_FILE_SIGNATURES = {
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
    b"PK\x03\x04": "a spreadsheet or archive",
    b"PAR1": "Parquet",
    b"\xd0\xcf\x11\xe0": "an old or protected spreadsheet",
    b"\x1f\x8b": "an archive",
}

codecs.register_error("no_character", lambda error: (NO_CHARACTER, getattr(error, "end", 0)))


@dataclass(frozen=True)
class DelimitedFile:
    """A scanned CSV file; `is_plain` if its bytes are UTF-8 with one kind of line end."""

    path: Path
    delimiter: str
    encoding: str
    scan_result: Scan
    is_plain: bool
    remarks: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the column names in the header."""
        return self.scan_result.header

    @property
    def records(self) -> int:
        """Return the number of records, counted by record ends in the bytes."""
        return self.scan_result.records

    @property
    def unread_records(self) -> tuple[UnreadRecord, ...]:
        """Return the records with mismatched quotes or the wrong number of cells."""
        return tuple(
            UnreadRecord(broken.line, broken.record.decode("utf-8", "replace"))
            for broken in self.scan_result.broken_records
        )

    @property
    def marked_cells(self) -> pa.Table:
        """Return an empty table: a CSV file has no formulas."""
        return MARKED_CELLS.empty_table()

    def load_columns(self, store: StagingStore, name: str, columns: Mapping[str, int]) -> None:
        """Load the valid records into a table as text, each with the line on which it begins."""
        lines = pa.table({"line": pa.array(self.scan_result.lines, pa.int64())})
        select_list = ", ".join(f"c{position} as {column}" for column, position in columns.items())
        with self._clean_copy(store) as path, store.registered_rows(lines) as lines_view:
            # Either side of the join may be longer: `was_read` and `line` are NULL on the side that is shorter.
            records_sql = f"(select *, true as was_read from {self._reader_sql(path)})"
            try:
                store.store_query(
                    name, f"select line, was_read, {select_list} from {lines_view} positional join {records_sql}"
                )
            except duckdb.Error:  # its text may hold what a cell holds
                sentence = f"{self.path.name}: the reader cannot read the file as CSV. Export it again as UTF-8."
                raise TableRefused("R04", sentence, records=self.records) from None
        self._check_record_count(store, name)

    @contextmanager
    def _clean_copy(self, store: StagingStore) -> Iterator[Path]:
        """Yield the file, or a temporary clean copy in the staging store."""
        if self.is_plain and not self.scan_result.edits:
            yield self.path
            return
        copy = store.folder / "clean.csv"
        try:
            with copy.open("wb") as stream:
                blocks = (
                    _read_blocks(self.path) if self.is_plain else clean_blocks(_read_blocks(self.path), self.encoding)
                )
                stream.writelines(apply_edits(blocks, self.scan_result.edits))
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def _reader_sql(self, path: Path) -> str:
        column_types = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(self.columns)))
        quoted_path = str(path).replace("'", "''")
        delimiter = self.delimiter.replace("'", "''")
        return (
            f"read_csv('{quoted_path}', auto_detect = false, header = true, columns = {{{column_types}}}, "
            f"delim = '{delimiter}', "
            "quote = '\"', escape = '\"', strict_mode = true, store_rejects = true, max_line_size = 20000000)"
        )

    def _check_record_count(self, store: StagingStore, name: str) -> None:
        rejected_count = store.query_number("select count(*) from reject_errors")
        read_count = store.query_number(f"select count(was_read) from {name}")
        store.drop_column(name, "was_read")
        if rejected_count:
            store.clear_rejects()
        if rejected_count or read_count != len(self.scan_result.lines):
            raise EvidenceError(
                f"{self.path.name}: {len(self.scan_result.lines)} sound records were counted in the bytes of the "
                f"file, and the reader found {read_count} and rejected {rejected_count}. The table was not used. "
                "Report this with the header and the shape of the file, never its content."
            )


def open_delimited(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> DelimitedFile:
    """Scan a file; refuse it if it is not text in the declared encoding (R04)."""
    _check_first_bytes(path, encoding)
    encoding, remarks = _actual_encoding(path, encoding)
    is_plain = encoding == "utf-8" and _is_plain(path)
    try:
        scan_result = scan(_read_blocks(path) if is_plain else clean_blocks(_read_blocks(path), encoding), delimiter)
    except LineTooLongError:
        sentence = f"{path.name}: a line is longer than 16 million bytes. Export it as CSV, one record a line."
        raise TableRefused("R04", sentence) from None
    except HeadingTooLongError:
        sentence = f"{path.name}: a cell of its first line is too long for the name of a column. Export it as CSV."
        raise TableRefused("R04", sentence) from None
    problem = header_error(scan_result.header)
    if problem:
        raise TableRefused("R04", f"{path.name}: {problem}")
    return DelimitedFile(path, delimiter, encoding, scan_result, is_plain, remarks)


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
        for block in _read_blocks(path):
            has_non_ascii |= not block.isascii()
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return has_non_ascii


def _check_first_bytes(path: Path, encoding: str) -> None:
    with path.open("rb") as stream:
        head = stream.read(4)
    if not head:
        raise TableRefused("R04", f"{path.name}: the file is empty. Send its header, even if there are no rows.")
    for signature, file_kind in _FILE_SIGNATURES.items():
        if head.startswith(signature) and not (file_kind == "UTF-16" and encoding.startswith("utf-16")):
            raise TableRefused(
                "R04",
                f"{path.name}: its first bytes are those of {file_kind}, not of a CSV in {encoding.upper()}. "
                "Export it as UTF-8, or declare its encoding in mapping.toml.",
            )
    if encoding == "utf-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        sentence = (
            f"{path.name}: it was declared as UTF-16, but its first bytes do not show the byte order. "
            "Export it as UTF-8."
        )
        raise TableRefused("R04", sentence)


def _read_blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        first = stream.read(BLOCK_BYTES).removeprefix(codecs.BOM_UTF8)
        while first:
            yield first
            first = stream.read(BLOCK_BYTES)


def _is_plain(path: Path) -> bool:
    """Return True if the bytes are UTF-8 with one kind of line end and no lone CR."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    feeds = returns = pairs = 0
    tail = b""
    try:
        for block in _read_blocks(path):
            if not block.isascii() or decoder.getstate()[0]:
                decoder.decode(block)
            feeds += block.count(b"\n")
            returns += block.count(b"\r")
            pairs += block.count(b"\r\n") + (tail == b"\r" and block.startswith(b"\n"))
            tail = block[-1:]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return returns == 0 or returns == pairs == feeds


def clean_blocks(blocks: Iterable[bytes], encoding: str, errors: str = "no_character") -> Iterator[bytes]:
    """Yield the file as UTF-8 with LF line ends; undecodable bytes and lone CRs become control characters."""
    decoder = codecs.getincrementaldecoder(encoding)(errors=errors)
    pending = b""
    for block in blocks:
        text = pending + decoder.decode(block).removeprefix("\ufeff").encode("utf-8")
        pending = b"\r" if text.endswith(b"\r") else b""
        yield normalise_line_ends(text.removesuffix(pending))
    yield normalise_line_ends(pending + decoder.decode(b"", final=True).encode("utf-8"))


def normalise_line_ends(text: bytes) -> bytes:
    """Return a text with LF line ends and with lone CRs as control characters."""
    if b"\r" not in text:
        return text
    if text.count(b"\r") != text.count(b"\r\n"):
        text = _LONE_CR.sub(LONE_CR_MARK, text)
    return text.replace(b"\r\n", b"\n")
