"""Limits on the unpacked size of ZIP and gzip files."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from pathlib import Path

MAXIMUM_UNPACKED_BYTES, MAXIMUM_COMPRESSION_RATIO, UNCHECKED_BYTES = 4_000_000_000, 100, 20_000_000
"""Maximum unpacked size, maximum ratio to the packed size, and the size below which the ratio is not checked."""
CHUNK_BYTES = 1 << 22
ARCHIVE_ERRORS = (
    zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""Errors of `zipfile` for a file that is no zip, is encrypted or is truncated."""


class TooLarge(ValueError):
    """Raised for a received file that is larger, when unpacked, than any table that is sent or published."""


class Unreadable(ValueError):
    """Raised for a received file that is damaged, truncated or not of its declared kind; it quotes no content."""


def is_too_large(archive: zipfile.ZipFile) -> bool:
    """Return True if the unpacked sizes that the archive declares exceed the limits.

    A member longer than its declared size fails its own checksum when it is read.
    """
    unpacked = sum(member.file_size for member in archive.infolist())
    packed = sum(member.compress_size for member in archive.infolist())
    return unpacked > MAXIMUM_UNPACKED_BYTES or unpacked > max(MAXIMUM_COMPRESSION_RATIO * packed, UNCHECKED_BYTES)


def read_members(source: Path | bytes) -> dict[str, bytes]:
    """Return the content of every member of a zip by name.

    TooLarge before memory is full; Unreadable if it is no zip, is encrypted or damaged, or has two members of one name.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
            names = archive.namelist()
            if len(set(names)) < len(names):
                raise Unreadable
            if is_too_large(archive):
                raise TooLarge
            return {name: archive.read(name) for name in names}
    except (TooLarge, Unreadable):
        raise
    except ARCHIVE_ERRORS:
        raise Unreadable from None


def unpack_gzip(packed: bytes) -> bytes:
    """Return the content of a gzip file.

    TooLarge before memory is full; EOFError if it is truncated, zlib.error if it is damaged.
    """
    pieces: list[bytes] = []
    maximum = min(MAXIMUM_UNPACKED_BYTES, max(MAXIMUM_COMPRESSION_RATIO * len(packed), UNCHECKED_BYTES))
    length, remaining = 0, packed
    while remaining:
        reader = zlib.decompressobj(wbits=31)
        while not reader.eof:
            piece = reader.decompress(remaining, CHUNK_BYTES)
            remaining = reader.unconsumed_tail
            length += len(piece)
            if length > maximum:
                raise TooLarge
            if not piece and not remaining and not reader.eof:
                raise EOFError
            pieces.append(piece)
        remaining = reader.unused_data.lstrip(b"\0")
    return b"".join(pieces)
