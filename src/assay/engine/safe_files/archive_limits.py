"""Would a packed file that was sent fill the memory or the day of whoever unpacks it?"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from pathlib import Path

LARGEST, DENSEST, SMALL = 4_000_000_000, 100, 20_000_000
"""Bytes unpacked, times the packed size, and the bytes below which density is no matter."""
PIECE = 1 << 22
BROKEN = (
    zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""How the library that reads a zip says that it is none, is locked, or was cut short."""


class TooLarge(ValueError):
    """What was sent is larger unpacked than any table that is sent or published."""


class Unreadable(ValueError):
    """What was sent is not the kind of file that it says, is damaged, or was cut short. It never holds what it says."""


def too_large(archive: zipfile.ZipFile) -> bool:
    """By what the archive says of itself; a member that is longer than it says does not match its own check sum."""
    unpacked = sum(one.file_size for one in archive.infolist())
    packed = sum(one.compress_size for one in archive.infolist())
    return unpacked > LARGEST or unpacked > max(DENSEST * packed, SMALL)


def members(sent: Path | bytes) -> dict[str, bytes]:
    """The content of every member of a zip by its name; TooLarge before memory is full, Unreadable where it is none, is
    locked or damaged, or where two members have one name."""
    try:
        with zipfile.ZipFile(io.BytesIO(sent) if isinstance(sent, bytes) else sent) as archive:
            names = archive.namelist()
            if len(set(names)) < len(names):
                raise Unreadable
            if too_large(archive):
                raise TooLarge
            return {name: archive.read(name) for name in names}
    except (TooLarge, Unreadable):
        raise
    except BROKEN:
        raise Unreadable from None


def unpacked_gzip(packed: bytes) -> bytes:
    """The whole content of a gzip file; TooLarge before memory is full, EOFError where it is cut short, zlib.error
    where it is damaged."""
    held: list[bytes] = []
    most = min(LARGEST, max(DENSEST * len(packed), SMALL))
    length, rest = 0, packed
    while rest:
        reader = zlib.decompressobj(wbits=31)
        while not reader.eof:
            piece = reader.decompress(rest, PIECE)
            rest = reader.unconsumed_tail
            length += len(piece)
            if length > most:
                raise TooLarge
            if not piece and not rest and not reader.eof:
                raise EOFError
            held.append(piece)
        rest = reader.unused_data.lstrip(b"\0")
    return b"".join(held)
