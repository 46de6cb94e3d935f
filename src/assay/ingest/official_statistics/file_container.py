"""What kind of file was sent, told by its first bytes and not by its name?

Each way in which a file can be unusable has its own sentence, because each needs something else to be done.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from assay.engine.safe_files.archive_limits import BROKEN, TooLarge, too_large, unpacked_gzip
from assay.engine.safe_files.workbook_limits import fills_memory
from assay.errors import SourceError

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SHEETS = ("xlsx", "ods")
WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<table", b"<script")

SENTENCES = {
    "missing": "the file is not there. Check its name and folder.",
    "empty": "the file is empty (0 bytes). Download it again.",
    "truncated": "the file is cut short or damaged: it does not end as it should. Download it again.",
    "password": "the file is protected by a password. Open it, save it without a password, and send that.",
    "old sheet": "this is an old Excel workbook (.xls). Open it and save it as .xlsx, .ods or .csv.",
    "web page": "this is a web page, not a table, whatever its name ends with. Download the table itself.",
    "binary sheet": "this is a binary Excel workbook (.xlsb). Open it and save it as .xlsx, .ods or .csv.",
    "archive": "this is a ZIP archive, not a spreadsheet. Unpack it and send the tables that are in it.",
    "too large": "unpacked, this is larger than any table that is published. Download it again, or send it as CSV.",
    "document": "this is a document, not a table. Send the table as .xlsx, .ods, .csv or .parquet.",
    "unknown": "we do not know this kind of file. Send the table as .xlsx, .ods, .csv or .parquet.",
}


@dataclass(frozen=True)
class Container:
    """A file that was sent: `kind` is xlsx, ods, text or parquet; `data` its bytes, unpacked if it was
    gzipped."""

    name: str
    sha256: str
    size: int
    kind: str
    gzipped: bool
    data: bytes

    @property
    def label(self) -> str:
        """The kind as a receipt shows it."""
        return f"{self.kind} in gzip" if self.gzipped else self.kind


def open_container(path: Path) -> Container:
    """The file at `path`, with its kind; SourceError with a sentence of its own for each way to be
    unusable."""
    if not path.is_file():
        raise _refusal(path.name, "missing")
    sent = path.read_bytes()
    data = _unpacked(path.name, sent)
    kind = kind_of(data)
    if kind not in (*SHEETS, "text", "parquet"):
        raise _refusal(path.name, kind)
    sha256 = hashlib.sha256(sent).hexdigest()
    return Container(path.name, sha256, len(sent), kind, data is not sent, data)


def kind_of(data: bytes) -> str:
    """xlsx, ods, text or parquet, or a key of SENTENCES that says why the file cannot be used."""
    if not data.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        return "empty"
    if data.startswith(OLE):
        return "password" if ENCRYPTED in data else "old sheet"
    if data.startswith(b"PK"):
        return _kind_of_zip(data)
    if data.startswith(b"PAR1"):
        return "parquet" if data.endswith(b"PAR1") else "truncated"
    if data.startswith(b"%PDF"):
        return "document"
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(WEB_PAGE):
        return "web page"
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "text" if utf16 or b"\x00" not in data[:65536] else "unknown"


def _kind_of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if too_large(archive) or fills_memory(archive):
                return "too large"
            names = set(archive.namelist())
            if "content.xml" in names:
                manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
                return _kind_of_open_document(archive, manifest)
    except BROKEN:
        return "truncated"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "binary sheet"
    return "document" if "word/document.xml" in names else "archive"


def _kind_of_open_document(archive: zipfile.ZipFile, manifest: bytes) -> str:
    if b"encryption-data" in manifest:
        return "password"
    said = archive.read("mimetype") if "mimetype" in archive.namelist() else b""
    return "ods" if b"spreadsheet" in said or b"spreadsheet" in manifest else "document"


def _unpacked(name: str, sent: bytes) -> bytes:
    if not sent.startswith(b"\x1f\x8b"):
        return sent
    try:
        return unpacked_gzip(sent)
    except TooLarge:
        raise _refusal(name, "too large") from None
    except (EOFError, zlib.error):
        raise _refusal(name, "truncated") from None


def _refusal(name: str, why: str) -> SourceError:
    return SourceError(f"{name}: {SENTENCES[why]}")
