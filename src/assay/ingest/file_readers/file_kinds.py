"""Detect the kind of a file from its content.

The file extension is not used, because record systems write text, HTML and workbooks under wrong extensions.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from assay.engine.safe_files.archive_limits import ARCHIVE_ERRORS

TEXT, WORKBOOK, PARQUET = "text", "workbook", "Parquet"
JSON, WEB_PAGE, XML_WORKBOOK = "JSON", "a web page (HTML)", "a spreadsheet in XML"
EMPTY, PROTECTED = "empty", "protected"
TEXT_WITH_ZEROS = "text with zero bytes (NUL)"
"""A text that some program padded, or that was damaged: a part of it may be lost, so it is not read."""
HEAD_BYTES = 1 << 14
_SIGNATURES = (
    (b"PAR1", PARQUET),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"SQLite format 3", "a database (SQLite)"),
    (b"\x00\x01\x00\x00Standard ", "a database (Access)"),
    (b"ARROW1", "an Arrow file"),
    (b"$FL2", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"-----BEGIN PGP", "an encrypted file"),
)
_OLD_WORKBOOK, _ENCRYPTED = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
_OLDER_WORKBOOK, _WORD = "Book".encode("utf-16-le"), "WordDocument".encode("utf-16-le")
_FIRST_RECORD = b"\x09\x08\x10\x00\x00\x06\x05\x00"
PASSWORD_RECORD, MAX_RECORDS_BEFORE_PASSWORD = 0x2F, 5
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<(!doctype html|html|head|body|table|meta|style)\b", re.IGNORECASE)
_XML_WORKBOOK = b"urn:schemas-microsoft-com:office:spreadsheet"


def file_kind(path: Path) -> str:
    """Return the kind of a file by its content: a constant of this module, or words such as 'a PDF'."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        return EMPTY
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive_kind(path)
    if head.startswith(_COMPOUND):
        return _compound_kind(path)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    return _text_kind(head)


def _text_kind(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        if _XML_WORKBOOK in head:
            return XML_WORKBOOK
        return WEB_PAGE if _HTML.search(head) else "XML"
    if re.match(rb'\{\s*("|\})|\[\s*[\[{]', start):
        return JSON
    is_utf_16 = head.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\x00" in head and _zeros_alternate(head))
    if is_utf_16:
        return TEXT
    if _is_binary(head.replace(b"\x00", b"")):
        return "a binary file"
    return TEXT_WITH_ZEROS if b"\x00" in head else TEXT


def _is_binary(head: bytes) -> bool:
    controls = sum(head.count(byte) for byte in (*range(9), *range(14, 26), 28, 29, 30))
    return controls > len(head) / 50


def _zeros_alternate(head: bytes) -> bool:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    return max(even, odd) > 0.35 * len(head) and min(even, odd) < 0.05 * len(head)


def _archive_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lstrip("/").casefold() for name in archive.namelist()}
            if {"xl/workbook.xml", "xl/workbook.bin"} & names:
                return WORKBOOK
            if "content.xml" in names and "mimetype" in names:
                return _open_document_kind(archive)
    except ARCHIVE_ERRORS:
        return "a damaged workbook or archive"
    if any(name.startswith("word/") for name in names):
        return "a text document (Word)"
    return "a presentation" if any(name.startswith("ppt/") for name in names) else "a zip archive"


def _open_document_kind(archive: zipfile.ZipFile) -> str:
    if b"spreadsheet" not in archive.read("mimetype"):
        return "a text document"
    manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.namelist() else b""
    return PROTECTED if b"encryption-data" in manifest else WORKBOOK


def _compound_kind(path: Path) -> str:
    """Return the kind of a compound file of older Microsoft programs, by the names of its parts."""
    data = path.read_bytes()
    if _ENCRYPTED in data:
        return PROTECTED
    if _WORD in data:
        return "a text document (Word)"
    if _has_password_record(data):
        return PROTECTED
    return WORKBOOK if _OLD_WORKBOOK in data or _OLDER_WORKBOOK in data else "a binary file"


def _has_password_record(data: bytes) -> bool:
    """Return True if one of the first records of an .xls says that what follows is encrypted."""
    position = data.find(_FIRST_RECORD)
    for _ in range(MAX_RECORDS_BEFORE_PASSWORD if position >= 0 else 0):
        kind, length = (int.from_bytes(data[start : start + 2], "little") for start in (position, position + 2))
        if kind == PASSWORD_RECORD:
            return True
        position += 4 + length
    return False
