"""Detect the kind of a file by its first bytes, and refuse unusable files.

Each kind of unusable file has its own error message, because each needs a different correction.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from assay.engine.safe_files.archive_limits import ARCHIVE_ERRORS, TooLarge, is_too_large, unpack_gzip
from assay.engine.safe_files.workbook_limits import fills_memory
from assay.errors import SourceError

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SHEETS = ("xlsx", "ods")
WEB_PAGE = re.compile(rb"[\xef\xbb\xbf \r\n\t]*+<(?:!doctype html|html|head|table|script)", re.IGNORECASE)
NO_CONTENT = re.compile(rb"[\x00 \r\n\t\xef\xbb\xbf]*+")

SENTENCES = {
    "missing": "the file is not there. Check its name and folder.",
    "empty": "the file is empty (0 bytes). Download it again.",
    "truncated": "the file is cut short or damaged: it does not end as it should. Download it again.",
    "password": "the file is protected by a password. Open it, save it without a password, and send that.",
    "old sheet": "this is an old Excel workbook (.xls). Open it and save it as .xlsx, .ods or .csv.",
    "web page": "this is a web page, not a table, whatever its file name says. Download the table itself.",
    "binary sheet": "this is a binary Excel workbook (.xlsb). Open it and save it as .xlsx, .ods or .csv.",
    "archive": "this is a ZIP archive, not a spreadsheet. Unpack it and send the tables that are in it.",
    "too large": "unpacked, this is larger than any published table. Download it again, or send it as CSV.",
    "document": "this is a document, not a table. Send the table as .xlsx, .ods, .csv or .parquet.",
    "unknown": "this kind of file is not supported. Send the table as .xlsx, .ods, .csv or .parquet.",
}


@dataclass
class Container:
    """A received file: `kind` is xlsx, ods, text or parquet; `data` its bytes after unpacking."""

    name: str
    sha256: str
    size: int
    kind: str
    is_gzipped: bool
    data: bytes

    @property
    def label(self) -> str:
        """Return the kind of the file, as shown in a provenance record."""
        return f"{self.kind} in gzip" if self.is_gzipped else self.kind

    def take_data(self) -> bytes:
        """Return the bytes and keep only the description, so that nothing holds them once they have been read."""
        data, self.data = self.data, b""
        return data


def open_container(path: Path) -> Container:
    """Read the file at `path` and detect its kind; raise SourceError if it is unusable."""
    if not path.is_file():
        raise _refusal(path.name, "missing")
    file_bytes = path.read_bytes()
    data = _unpack(path.name, file_bytes)
    kind = file_kind(data)
    if kind not in (*SHEETS, "text", "parquet"):
        raise _refusal(path.name, kind)
    sha256 = hashlib.sha256(file_bytes).hexdigest()
    return Container(path.name, sha256, len(file_bytes), kind, data is not file_bytes, data)


def file_kind(data: bytes) -> str:
    """Return xlsx, ods, text or parquet, or the key of SENTENCES that says why the file is unusable."""
    # Patterns, because a method such as `strip` copies a file of some hundred megabytes.
    if NO_CONTENT.fullmatch(data):
        return "empty"
    if data.startswith(OLE):
        return "password" if ENCRYPTED in data else "old sheet"
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(b"PAR1"):
        return "parquet" if data.endswith(b"PAR1") else "truncated"
    if data.startswith(b"%PDF"):
        return "document"
    if WEB_PAGE.match(data):
        return "web page"
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "text" if utf16 or b"\x00" not in data[:65536] else "unknown"


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if is_too_large(archive) or fills_memory(archive):
                return "too large"
            names = set(archive.namelist())
            if "content.xml" in names:
                manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
                return _open_document_kind(archive, manifest)
    except ARCHIVE_ERRORS:
        return "truncated"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "binary sheet"
    return "document" if "word/document.xml" in names else "archive"


def _open_document_kind(archive: zipfile.ZipFile, manifest: bytes) -> str:
    if b"encryption-data" in manifest:
        return "password"
    mimetype = archive.read("mimetype") if "mimetype" in archive.namelist() else b""
    return "ods" if b"spreadsheet" in mimetype or b"spreadsheet" in manifest else "document"


def _unpack(name: str, file_bytes: bytes) -> bytes:
    if not file_bytes.startswith(b"\x1f\x8b"):
        return file_bytes
    try:
        return unpack_gzip(file_bytes)
    except TooLarge:
        raise _refusal(name, "too large") from None
    except (EOFError, zlib.error):
        raise _refusal(name, "truncated") from None


def _refusal(name: str, reason: str) -> SourceError:
    return SourceError(f"{name}: {SENTENCES[reason]}")
