"""Writes a workbook in the old binary form (.xls, BIFF8 in a compound file), which no library here writes."""

import struct
from pathlib import Path

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
DAY_STYLE = 1


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def short_text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def cell(row: int, column: int, value) -> bytes:
    """A cell with a text, a number, or (day number,) for a day."""
    if isinstance(value, str):
        return record(0x0204, struct.pack("<HHH", row, column, 0) + short_text(value))
    style, number = (DAY_STYLE, value[0]) if isinstance(value, tuple) else (0, value)
    return record(0x0203, struct.pack("<HHHd", row, column, style, number))


def beginning(kind: int) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def workbook_stream(name: str, rows, *, has_password: bool = False) -> bytes:
    styles = b"".join(record(0x00E0, struct.pack("<HH", 0, code) + bytes(16)) for code in (0, 14))
    sheet_name = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    password = record(0x002F, struct.pack("<HHH", 0, 0x1234, 0x5678)) if has_password else b""
    before, after = beginning(0x0005) + password + styles, record(0x000A)
    length = len(record(0x0085, bytes(6) + sheet_name))
    start = len(before) + length + len(after)
    globals_part = before + record(0x0085, struct.pack("<IBB", start, 0, 0) + sheet_name) + after
    cells = b"".join(cell(row, column, value) for row, values in enumerate(rows) for column, value in enumerate(values))
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)
    return globals_part + beginning(0x0010) + record(0x0200, size) + cells + record(0x000A)


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<III", start, size, 0)


def write_xls(path: Path, name: str, rows, *, has_password: bool = False) -> Path:
    """Write one sheet: sector 0 is the allocation table, sector 1 the directory, and the stream follows."""
    stream = workbook_stream(name, rows, has_password=has_password)
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    n_sectors = len(stream) // SECTOR
    chain = [FAT, END, *range(3, 2 + n_sectors), END]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    directory = entry("Root Entry", 5, 1, END, 0) + entry("Workbook", 2, FREE, 2, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0)
    path.write_bytes(header.ljust(SECTOR, b"\xff") + table + directory.ljust(SECTOR, b"\0") + stream)
    return path
