"""Corrupt synthetic returns in their structure, and read them.

Used by the tests, with a few returns, and by `benchmarks/fuzz.py`. Every cell that is text holds a mark, so that content
which comes out where it should not can be seen. `chance` is a `random.Random`.
"""

from __future__ import annotations

import csv
import io
import random
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from assay import contract
from assay.errors import SourceError
from assay.feedback.force_return_letter import write_letter
from assay.ingest.return_validation import validate_return
from assay.reference import DataRequest
from assay.reference.data_requests import read_request
from assay.synthetic import read_world
from assay.synthetic.demo import generate_returns

MARK = "Qqmarkqq"
FORCE_CODE = "INV01"
Rows = list[list[str]]
Form = Callable[[list[list[str]], random.Random], tuple[str, bytes]]
"""Rows as the bytes of a file, and what its name ends with."""
ODD = [
    "", " ", "NULL", "NaN", "-0", "1e309", "9" * 40, "0001-01-01", "9999-12-31T23:59", "2026-02-30", "2026-13-01T25:61",
    "2026-03-29T01:30", "2026-10-25T01:30", "2026-01-01T00:00Z", "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "-1+1",
    "\u0663\u0664", "\u202eabc", "\u200b", "\ufeff", "e\u0301" * 300, "\U0001f600", "a\u0000b", "\u2028", "\t", '"', "'", ";",
    "'; drop table crimes; --", "%s%n", "${x}", "<script>alert(1)</script>", "yes", "no", "YES ", "INV02", "C1", "x" * 70_000,
    "\ud7ff", "../../x", "\r\n", "2026-01-01T00:00:00.123456", "19D", "019D", "99/99", "true", "1", "0", "-1",
    "None", "nan", "-", "(null)", "1.234567890123457e+16", "1234567890123456.0", "Feb-26", "08/01/2026", "2026-01-08", "03/13/2026",
    "\u00c3\u00a9", "\u00e2\u20ac\u2122", "C1\u200b", "\u202eC1", "#REF!", '="007"', "#N/A", "0012345", "12345", "May-26", "2026",
]  # fmt: skip
NAMES = [
    "Crime_Ref",
    "crime_ref\u200b",
    " crime_ref ",
    "file_row_number",
    "Jane Example",
    "",
    "force_code",
    "line",
    "select",
    '"',
    "a b",
    "*",
    "c0",
    "crime_ref",
    "FORCE_CODE",
    "from",
    "x" * 300,
    "%",
    ";--",
]
BYTES = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'"',
    b"\r",
    b"\n\n",
    b"\xc3",
    b"PK\x03\x04",
    b"PAR1",
    b"\x1f\x8b",
    b",,,",
]
TOML = [
    "",
    "true",
    "[]",
    "{}",
    "-1",
    "1e400",
    "nan",
    "9" * 30,
    '"x"',
    "1979-05-27",
    "[[[[1]]]]",
    '"yes"',
    "0",
    '"' + "x" * 999 + '"',
]


class Base:
    """A synthetic return that is sound: its cover as text, its tables as rows (the header first), and the request, which
    lies in the file `request_path`."""

    def __init__(self, request: DataRequest, manifest: str, tables: dict[str, Rows], request_path: Path) -> None:
        self.request, self.manifest, self.tables = request, manifest, tables
        self.request_path = request_path


def base(folder: Path) -> Base:
    """The return of one synthetic force of a few crimes; every cell of free text and every reference is marked."""
    generate_returns(folder, world=read_world("plain").sized(forces=2, crimes=2), seed=3)
    returns_folder, tables = folder / "returns" / FORCE_CODE, {}
    for path in sorted(returns_folder.glob("*.csv")):
        if path.stem in contract.tables():
            with path.open(encoding="utf-8", newline="") as file:
                tables[path.stem] = _marked(path.stem, list(csv.reader(file)))
    request_path = folder / "request.toml"
    return Base(
        read_request(request_path), (returns_folder / "return.toml").read_text(encoding="utf-8"), tables, request_path
    )


TABLE_NAMES = ("crimes", "flags", "involvements", "notes", "summaries")
"""Tables enough to be a return, so that reading one that is sound is cheap."""


def write_sound(sound: Base, folder: Path) -> Path:
    """The few tables as they were before anything was changed in them."""
    folder.mkdir(parents=True)
    for name in TABLE_NAMES:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(sound.tables[name])
    (folder / "return.toml").write_text(sound.manifest, encoding="utf-8")
    return folder


def _marked(table: str, rows: Rows) -> Rows:
    head, *data_rows = rows
    texts = {column.name for column in contract.table(table).columns if column.kind in ("text", "ref")}
    marked = [[f"{MARK}{cell}" if name in texts and cell else cell for name, cell in zip(head, row, strict=False)]
              for row in data_rows]  # fmt: skip
    return [head, *marked]


def write_mutated(sound: Base, folder: Path, rng: random.Random) -> str:
    """Write a return of one or two tables, changed somewhere; what was done to it, in words."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    names = rng.sample(sorted(sound.tables), rng.choice([1, 1, 2]))
    changes = [f"{name}: {write_rows(sound.tables[name], folder / name, rng)}" for name in names]
    manifest = sound.manifest
    if rng.random() < 0.25:
        manifest = changed_toml(manifest, rng)
        changes.append("cover")
    (folder / "return.toml").write_text(manifest, encoding="utf-8", errors="surrogatepass")
    if rng.random() < 0.15:
        (folder / "mapping.toml").write_text(changed_toml(_mapping(names[0], rng), rng), encoding="utf-8")
        changes.append("mapping")
    return "; ".join(changes)


def write_rows(rows: Rows, path: Path, rng: random.Random, forms: Sequence[Form] = ()) -> str:
    """Rows changed somewhere, as a file in one of the forms; what was done, in words."""
    done = []
    for change in rng.choices(ROW_CHANGES, k=rng.choice([0, 1, 1, 2, 3])):
        rows = change([list(row) for row in rows], rng)
        done.append(change.__name__)
    name, data = rng.choice(forms or [as_csv, as_csv, as_xlsx, as_parquet])(rows, rng)
    if rng.random() < 0.4:
        data = changed_bytes(data, rng)
        done.append("bytes")
    path.with_suffix(name).write_bytes(data)
    return " ".join([name, *done])


def odd_cell(rows: Rows, rng: random.Random) -> Rows:
    row = rows[rng.randrange(len(rows))]
    if row:
        row[rng.randrange(len(row))] = rng.choice(ODD)
    return rows


def odd_column(rows: Rows, rng: random.Random) -> Rows:
    position = rng.randrange(max(len(rows[0]), 1))
    for row in rows[1:]:
        if position < len(row):
            row[position] = rng.choice(ODD)
    return rows


def odd_name(rows: Rows, rng: random.Random) -> Rows:
    if rows[0]:
        rows[0][rng.randrange(len(rows[0]))] = rng.choice(NAMES)
    return rows


def column_gone(rows: Rows, rng: random.Random) -> Rows:
    position = rng.randrange(max(len(rows[0]), 1))
    return [row[:position] + row[position + 1 :] for row in rows]


def column_twice(rows: Rows, rng: random.Random) -> Rows:
    position = rng.randrange(max(len(rows[0]), 1))
    return [row + row[position : position + 1] for row in rows]


def columns_turned(rows: Rows, rng: random.Random) -> Rows:
    order = list(range(len(rows[0])))
    rng.shuffle(order)
    return [[row[position] for position in order if position < len(row)] for row in rows]


def row_cut(rows: Rows, rng: random.Random) -> Rows:
    position = rng.randrange(len(rows))
    rows[position] = rows[position][: rng.randrange(len(rows[position]) + 1)]
    return rows


def row_longer(rows: Rows, rng: random.Random) -> Rows:
    rows[rng.randrange(len(rows))] += [rng.choice(ODD)] * rng.choice([1, 3, 300])
    return rows


def rows_repeated(rows: Rows, rng: random.Random) -> Rows:
    return rows + rows[1:] * rng.choice([1, 2, 20])


def rows_gone(rows: Rows, rng: random.Random) -> Rows:
    return rows[: rng.randrange(1, len(rows) + 1)]


def cells_swapped(rows: Rows, rng: random.Random) -> Rows:
    first_row, other = rng.choice(rows[1:] or rows), rng.choice(rows[1:] or rows)
    if first_row and other and first_row is not rows[0]:
        position, other_position = rng.randrange(len(first_row)), rng.randrange(len(other))
        first_row[position], other[other_position] = other[other_position], first_row[position]
    return rows


def many_columns(rows: Rows, rng: random.Random) -> Rows:
    more = rng.choice([1, 50, 500])
    return [rows[0] + [f"more_{position}" for position in range(more)], *(row + [""] * more for row in rows[1:])]


ROW_CHANGES: list[Callable[[Rows, random.Random], Rows]] = [
    odd_cell, odd_cell, odd_cell, odd_column, odd_name, column_gone, column_twice, columns_turned, row_cut, row_longer,
    rows_repeated, rows_gone, cells_swapped, many_columns,
]  # fmt: skip


def as_csv(rows: Rows, rng: random.Random) -> tuple[str, bytes]:
    text = io.StringIO()
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    ends = rng.choice(["\n", "\r\n"])
    csv.writer(text, delimiter=rng.choice(",,,,;\t|"), lineterminator=ends, quoting=quoting).writerows(rows)
    encoding = rng.choice(["utf-8"] * 6 + ["utf-16", "utf-8-sig", "latin-1", "cp1252"])
    return ".csv", text.getvalue().encode(encoding, errors="replace")


def as_xlsx(rows: Rows, rng: random.Random) -> tuple[str, bytes]:
    data = io.BytesIO()
    source_archive = xlsxwriter.Workbook(data, {"in_memory": True})
    sheet, day = source_archive.add_worksheet(), source_archive.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for line, row in enumerate(rows):
        for number, cell in enumerate(row):
            kind = rng.random()
            if kind < 0.02:
                sheet.write_formula(line, number, "=1+1", None, cell[:200])
            elif kind < 0.04:
                sheet.write_number(line, number, rng.choice([-1, 1e15, 45000.5, 1e300, 2958466, 0.1]), day)
            elif kind < 0.05:
                sheet.write_boolean(line, number, True)
            else:
                sheet.write_string(line, number, cell[:32767])
    source_archive.close()
    return ".xlsx", changed_zip(data.getvalue(), rng) if rng.random() < 0.5 else data.getvalue()


XML = [
    (rb'r="([A-Z]+)(\d+)"', [b'r="XFD1048576"', b'r="A1"', b'r="\\g<1>0"', b'r=""', b'r="AAAAAAAA99999999999"', b""]),
    (
        rb"<v>([^<]*)</v>",
        [b"<v>-1</v>", b"<v>99999999999</v>", b"<v>nan</v>", b"<v></v>", b"<v>1e400</v>", b"<v>x</v>"],
    ),
    (rb' t="(\w+)"', [b' t="s"', b' t="e"', b' t="b"', b' t="inlineStr"', b' t="zz"', b""]),
    (rb' s="(\d+)"', [b' s="999"', b' s="-1"', b' s="x"', b' s="1"']),
    (rb"<row ", [b'<row r="5" r="6" ', b"<rov ", b'<row hidden="1" ']),
    (rb"<sheetData>", [b"<sheetData><row r='7'/>", b"<mergeCells><mergeCell ref='A1:B2'/></mergeCells><sheetData>"]),
    (rb"<\?xml[^>]*>", [b"<?xml version='1.0' encoding='zz'?>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b""]),
    (rb"Target=\"([^\"]*)\"", [b'Target="../../x"', b'Target="/etc/passwd"', b'Target=""']),
    (rb'Id="(\w+)"', [b'Id="rId99"']),
]


Patterns = Sequence[tuple[bytes, list[bytes]]]


def changed_zip(data: bytes, rng: random.Random, patterns: Patterns = XML, suffix: str = "") -> bytes:
    """A zip, such as a workbook, with one of its members changed inside, left out, or full of nothing; `suffix`: how the
    names of those end that may be changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source_archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as letter:
        may_be = [
            name for name in source_archive.namelist() if not name.startswith("docProps") and name.endswith(suffix)
        ]
        member = rng.choice(may_be)
        way = rng.random()
        for name in source_archive.namelist():
            content = source_archive.read(name)
            if name == member and way < 0.1:
                continue
            if name == member and way < 0.8:
                pattern, instead = rng.choice(patterns)
                content = re.sub(pattern, rng.choice(instead), content, count=rng.choice([1, 2, 0]))
            elif name == member and way < 0.95:
                content = changed_bytes(content, rng)
            elif name == member:
                content += b" " * 30_000_000
            letter.writestr(name, content)
    return out.getvalue()


def as_parquet(rows: Rows, rng: random.Random) -> tuple[str, bytes]:
    head = [name or "x" for name in rows[0]] or ["x"]
    arrays = []
    for position in range(len(head)):
        cells = [row[position] if position < len(row) else None for row in rows[1:]]
        arrays.append(_array(cells, rng) if rng.random() < 0.1 else pa.array(cells, pa.string()))
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, names=head), out, compression=rng.choice(["zstd", "snappy", "none"]))
    return ".parquet", out.getvalue()


def _array(cells: list[str | None], rng: random.Random) -> pa.Array:
    value, kind = rng.choice(
        [
            (2**62, pa.int64()), (float("nan"), pa.float64()), (float("inf"), pa.float64()), (-1e300, pa.float64()),
            (date(1, 1, 1), pa.date32()), (datetime(9999, 12, 31, 23, 59), pa.timestamp("us")), (2**38, pa.timestamp("s")),
            (datetime(2026, 1, 1), pa.timestamp("us", tz="UTC")), (Decimal("1.50"), pa.decimal128(10, 2)), (["a"], pa.list_(pa.string())),
            (b"\xff\xfe", pa.binary()), (True, pa.bool_()), (None, pa.null()), ({"a": 1}, pa.struct([("a", pa.int64())])),
            (255, pa.uint8()), (1, pa.duration("s")), (1, pa.time64("us")), ("x", pa.large_string()),
        ]
    )  # fmt: skip
    array = pa.array([value] * len(cells), kind)
    return array.dictionary_encode() if kind == pa.large_string() else array


def changed_bytes(data: bytes, rng: random.Random) -> bytes:
    buffer = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8])):
        position = rng.randrange(len(buffer) + 1)
        way = rng.randrange(5)
        if way == 0 and position < len(buffer):
            buffer[position] ^= 1 << rng.randrange(8)
        elif way == 1:
            buffer[position:position] = rng.choice(BYTES)
        elif way == 2:
            del buffer[position : position + rng.choice([1, 7, 100])]
        elif way == 3:
            del buffer[position:]
        else:
            buffer[position:position] = buffer[position : position + rng.choice([1, 30, 500])]
    return bytes(buffer)


def changed_toml(text: str, rng: random.Random) -> str:
    lines = text.splitlines()
    for _ in range(rng.choice([1, 1, 3])):
        position = rng.randrange(len(lines))
        key, equals, _value = lines[position].partition("=")
        way = rng.randrange(5)
        if way <= 1 and equals:
            lines[position] = f"{key}= {rng.choice(TOML)}"
        elif way == 2:
            del lines[position]
        elif way == 3:
            lines.insert(
                position, rng.choice(['x = "y"', "[tables.crimes]", "[tables.nothing]", "a.b.c = 1", "[[x]]", "\x00"])
            )
        else:
            lines[position] = lines[position][: rng.randrange(len(lines[position]) + 1)]
        lines = lines or [""]
    return "\n".join(lines)


def _mapping(table: str, rng: random.Random) -> str:
    names = contract.table(table).column_names
    first_name, other = rng.choice(names), rng.choice([*names, *NAMES]).replace('"', "")
    file = rng.choice(["../x.csv", f"{table}.csv", "return.toml", "", "/etc/passwd"])
    delimiter, encoding = (
        rng.choice([";", "a", "|", " ", "0", "'"]),
        rng.choice(["utf-16", "latin-1", "utf-7", "idna"]),
    )
    form, fixed = rng.choice(["DD/MM/YYYY", "DD", "MMM-DD", "YYYYDD%"]), rng.choice(["yes", "x", ""])
    sections = [
        f'[tables.{table}]\nfile = "{file}"',
        f'[tables.{table}]\ndelimiter = "{delimiter}"',
        f'[tables.{table}]\nencoding = "{encoding}"',
        f'[tables.{table}]\ndate_form = "{form}"\ntime_form = "DD HH:MM"',
        f'[tables.{table}.columns]\n{first_name} = "{other}"',
        f'[tables.{table}.fixed]\n{first_name} = "{fixed}"',
        f'[tables.{table}.values.{first_name}]\n"x" = "y"\n"1" = "yes"',
        f'[tables.{table}.wide]\n"reported" = "victim_contacted"\nx = "y"',
    ]
    return rng.choice(sections)


@dataclass(frozen=True)
class Read:
    """What came of reading one mutated return: '' or why it was refused, what went wrong with us, and how it adds up."""

    refused: str
    crash: str
    unaccounted: int
    sentences: tuple[str, ...]

    @property
    def leaks(self) -> int:
        """In how many of the texts that leave the inspection's data a cell's content stands."""
        return sum(MARK.casefold() in text.casefold() for text in self.sentences)


def read_mutated(sound: Base, folder: Path) -> Read:
    """Take the return in, with everything that is made of it, as an inspection would."""
    try:
        received = validate_return(folder, sound.request, threads=1)
    except SourceError as refused:
        return Read(str(refused), "", 0, (str(refused),))
    except Exception as error:  # whatever it is, it is ours to correct
        return Read("", f"{type(error).__name__}: {error}", 0, (str(error),))
    try:
        counted_rows = received.tables["counted"].to_pylist()
        wrong = sum(not _adds_up(row) for row in counted_rows)
        held_tables = {name: received.tables[name] for name in received.tables}
        wrong += sum(held_tables[row["table_name"]].num_rows != (row["accepted"] or 0) for row in counted_rows)
        letter = write_letter(received, None, name="A force")
        return Read("", "", wrong, tuple(_sentences(received, held_tables, letter.html(), letter.csv())))
    except Exception as error:
        return Read("", f"{type(error).__name__}: {error}", 0, (str(error),))
    finally:
        received.close()


def _adds_up(row: dict[str, Any]) -> bool:
    if row["records"] is None or row["refused_rule"]:
        return not row["accepted"]
    return row["records"] == (row["accepted"] or 0) + (row["set_aside"] or 0)


def _sentences(received: Any, tables: dict[str, pa.Table], *pages: str) -> Iterator[str]:
    yield from pages
    yield from received.remarks
    yield from received.statements
    for name in ("faults", "counted", "covers", "kinds", "columns", "completeness"):
        yield str(tables[name].to_pylist())
