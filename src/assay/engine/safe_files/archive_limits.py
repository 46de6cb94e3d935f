"""Limits on the unpacked size of ZIP and gzip files."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from pathlib import Path

MAXIMUM_UNPACKED_BYTES, MAXIMUM_COMPRESSION_RATIO, UNCHECKED_BYTES = 4_000_000_000, 100, 20_000_000
"""Bytes unpacked, times the packed size, and the bytes below which density is no matter."""
CHUNK_BYTES = 1 << 22
ARCHIVE_ERRORS = (
    zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""How the library that reads a zip says that it is none, is locked, or was cut short."""


class TooLarge(ValueError):
    """What was sent is larger unpacked than any table that is sent or published."""


class Unreadable(ValueError):
    """What was sent is not the kind of file that it says, is damaged, or was cut short. It never holds what it says."""


def is_too_large(archive: zipfile.ZipFile) -> bool:
    """By what the archive says of itself; a member that is longer than it says does not match its own check sum."""
    unpacked = sum(member.file_size for member in archive.infolist())
    packed = sum(member.compress_size for member in archive.infolist())
    return unpacked > MAXIMUM_UNPACKED_BYTES or unpacked > max(MAXIMUM_COMPRESSION_RATIO * packed, UNCHECKED_BYTES)


def read_members(source: Path | bytes) -> dict[str, bytes]:
    """The content of every member of a zip by its name; TooLarge before memory is full, Unreadable where it is none, is
    locked or damaged, or where two members have one name."""
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
    """The whole content of a gzip file; TooLarge before memory is full, EOFError where it is cut short, zlib.error
    where it is damaged."""
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
