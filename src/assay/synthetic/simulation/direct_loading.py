"""How is a clean return laid into an inspection without checking every cell, as quickly as it can be read?

For trials on many invented countries, where receiving a return costs more than all the rest. It holds only for a return
with nothing to find: plain CSV in the contract's own columns, values in the contract's own spelling, every row kept. A
test holds it against what `receive` leaves, table by table; what is not clean is refused where it is seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from assay import contract, engine, feedback, ingest, privacy, reference
from assay.contract import FORCE_CODE, Column, separated_columns
from assay.engine.provenance import SENT, file_hash
from assay.engine.stage_runner import Book, Made
from assay.errors import UsageError
from assay.ingest import london_time, manifest_checks, summary_scan
from assay.ingest.accepted_returns import part_of, stage_of
from assay.ingest.accepted_tables import BESIDE
from assay.ingest.inspection_folder import Inspection
from assay.ingest.return_manifest import FILE, Cover, read_cover
from assay.privacy import separated_identifiers
from assay.reference import Request

NOT_LAID = ("faults", "completeness")
"""What only the letter to the sender reads: faults that set nothing aside, and how full each column is."""
EMPTY = ("incomplete", "aside", "unmapped")
HEADER, DAY_LENGTH, LAST_MINUTE = 1, 10, 1439


def laid(folder: Path, request: Request, asked: Collection[str]) -> dict[str, pa.Table]:
    """The tables of the return in `folder` as `receive` would take them in, identities and texts still in them.

    `asked`: the tables that the inspection declares. UsageError for a return that is not clean.
    """
    cover = read_cover(folder, request, request.bodies)
    tables = {name: _read(folder / f"{name}.csv", cover, name) for name in _sent(folder, cover, asked)}
    held = {name: table.column_names for name, table in tables.items()}
    kinds = pc.unique(tables["events"]["kind"]).to_pylist() if "events" in tables else ()
    came = manifest_checks.Came(cover, held, tuple(tables), kinds=kinds)
    made = {name: _typed(name, tables.get(name), cover.force_code) for name in contract.tables()}
    made |= summary_scan.scan(made[summary_scan.SUMMARIES])
    return made | _said(came, asked, {name: table.num_rows for name, table in tables.items()})


def lay(folder: Path, inspection: Inspection, book: Book) -> str:
    """Write the return in `folder` into the inspection in the three parts in which `receive` leaves it; its stage."""
    tables = laid(folder, inspection.request, inspection.declared)
    row = tables["returns"].to_pylist()[0]
    stage = stage_of(row[FORCE_CODE], row["edition"])
    rests_on: dict[str, Any] = {
        "rooms": (reference, ingest, contract, feedback, privacy, engine),
        "inputs": {f"{SENT}{path.name}": file_hash(path) for path in sorted(folder.iterdir())},
        "settings": {"laid": "without checks, for a trial"},
    }
    aside = tables[separated_identifiers.ASIDE].append_column(separated_identifiers.RECORD, pa.array([], pa.string()))
    whole = tables | {separated_identifiers.ASIDE: aside}
    parts = {
        separated_columns.IDENTITIES: separated_identifiers.identities(whole),
        separated_columns.TEXTS: separated_identifiers.texts(whole),
    }
    for part, held in parts.items():
        book.stage(part_of(part, stage), _made(held), **rests_on)
    book.stage(stage, _made(separated_identifiers.kept(whole)), **rests_on)
    return stage


def _made(tables: Mapping[str, pa.Table]) -> Any:
    rows = sum(tables[name].num_rows for name in tables if name in contract.tables())
    return lambda: Made({name: tables[name] for name in tables}, rows, rows)


def _sent(folder: Path, cover: Cover, asked: Collection[str]) -> Iterable[str]:
    """The tables whose files are here and that were asked for; anything but plain CSV is refused."""
    known = {FILE, *(f"{name}.csv" for name in contract.tables())}
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in known)
    if strangers:
        raise UsageError(f"{folder} cannot be laid: {strangers[0]} is no plain CSV table of the contract. Receive it.")
    for name in contract.tables():
        if (folder / f"{name}.csv").is_file() and name in asked:
            if cover.table(name).midnight != "time":
                raise UsageError(f"{folder} cannot be laid: the cover does not say that 00:00 is a time. Receive it.")
            yield name


def _read(path: Path, cover: Cover, name: str) -> pa.Table:
    """The text of a file; an empty cell is missing. Refuses a row that `receive` would set aside for its sender."""
    columns = {FORCE_CODE: pa.string(), **dict.fromkeys(contract.table(name).names, pa.string())}
    options = csv.ConvertOptions(column_types=columns, strings_can_be_null=True, null_values=[""])
    lines = csv.ParseOptions(newlines_in_values=True)
    table = csv.read_csv(path, parse_options=lines, convert_options=options)
    strangers = sorted(set(table.column_names) - set(columns))
    if strangers or pc.unique(table[FORCE_CODE]).to_pylist() not in ([cover.force_code], []):
        raise UsageError(f"{path} cannot be laid: it holds columns or forces that are not its own. Receive it.")
    return table


def _typed(name: str, text: pa.Table | None, force_code: str) -> pa.Table:
    """A table in the contract's types, its lines counted after the header; without a file it has no row."""
    schema = contract.typed_schema(name)
    if text is None or not text.num_rows:
        return schema.empty_table()
    arrays: list[Any] = [pa.array([force_code] * text.num_rows, pa.string())]
    for column in contract.table(name).columns:
        held = text[column.name].combine_chunks() if column.name in text.column_names else None
        arrays += _values(column, held, text.num_rows)
    arrays.append(_lines(text))
    return pa.Table.from_arrays(arrays, schema=schema)


def _lines(text: pa.Table) -> pa.Array:
    """The line of the file on which each row begins: a text may hold line ends of its own."""
    ends = np.ones(text.num_rows, dtype="int64")
    for column in text.columns:
        ends += np.asarray(pc.fill_null(pc.count_substring(column, "\n"), 0), dtype="int64")
    return pa.array(HEADER + 1 + np.cumsum(ends) - ends)


def _values(column: Column, text: pa.StringArray | None, rows: int) -> list[pa.Array]:
    """The typed fields of a column: three for a `when`."""
    if text is None:
        return [pa.nulls(rows, field.type) for field in column.fields]
    if column.kind == "yesno":
        return [pc.equal(text, "yes")]
    if column.kind in ("int", "num", "date"):
        return [text.cast(column.fields[0].type)]
    if column.kind in ("time", "when"):
        return _minutes(text, whole=column.kind == "when")
    return [text]


def _minutes(text: pa.StringArray, *, whole: bool) -> list[pa.Array]:
    """The minute of universal time, or of a `when` the first, the last and the day: a day alone is an interval."""
    wall = text.cast(pa.timestamp("s")).cast(pa.int64())
    missing = np.asarray(wall.is_null())
    at = np.asarray(wall.fill_null(0)) // 60
    alone = np.asarray(pc.equal(pc.utf8_length(text), DAY_LENGTH).fill_null(False))
    day, minute = np.divmod(at, 1440)
    early, late, switch = (part[day - _first_day()] for part in _clock())
    first = at - np.where(~alone & (minute >= switch), late, early)
    if not whole:
        return [_moment(first, missing)]
    last = np.where(alone, at + LAST_MINUTE - late, first)
    on = pa.array(day.astype("int32"), mask=missing).cast(pa.date32())
    return [_moment(first, missing), _moment(last, missing), on]


def _moment(minutes: NDArray[Any], missing: NDArray[Any]) -> pa.Array:
    return pa.array(minutes * 60_000_000, pa.int64(), mask=missing).cast(pa.timestamp("us"))


@lru_cache
def _clock() -> tuple[NDArray[Any], ...]:
    return tuple(np.asarray(london_time.days()[name]).astype("int64") for name in ("early", "late", "switch"))


def _first_day() -> int:
    return (london_time.FIRST_DAY - date(1970, 1, 1)).days


def _said(came: manifest_checks.Came, asked: Collection[str], rows: Mapping[str, int]) -> dict[str, pa.Table]:
    """What the return says of itself, and that nothing of it was set aside."""
    told: dict[str, list[dict[str, Any]]] = {
        "returns": manifest_checks.returns(came.cover),
        "covers": manifest_checks.covers(came, asked),
        "forms": manifest_checks.forms(came.cover),
        "kinds": manifest_checks.kinds(came),
        "columns": manifest_checks.columns(came),
        "counted": [_counted(came.cover, name, rows.get(name)) for name in contract.tables()],
        **{name: [] for name in EMPTY},
    }
    code = came.cover.force_code
    made = {n: pa.Table.from_pylist([{FORCE_CODE: code, **row} for row in told[n]], schema=BESIDE[n]) for n in told}
    return made | {
        separated_identifiers.ASIDE: made[separated_identifiers.ASIDE].drop_columns([separated_identifiers.RECORD])
    }


def _counted(cover: Cover, name: str, rows: int | None) -> dict[str, Any]:
    return {
        "table_name": name,
        "file": "" if rows is None else f"{name}.csv",
        "records": rows,
        "rows_stated": cover.table(name).rows,
        "accepted": rows or 0,
        "set_aside": 0,
        "refused_rule": "",
    }
