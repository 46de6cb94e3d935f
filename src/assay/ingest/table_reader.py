"""What came for one table, and how is its file laid on the desk?

Each table is read on its own, so that a bad one refuses nothing but itself (R03 to R08).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from assay import contract
from assay.contract import FORCE_CODE
from assay.ingest import person_slots, unpivot_flags
from assay.ingest.cell_validation import read_cells
from assay.ingest.column_headings import may_be_hint
from assay.ingest.column_mapping import Mapped, TableMapping
from assay.ingest.date_formats import declared_formats_text
from assay.ingest.file_readers import SUFFIXES, Source, TableRefused, confusable_headings_fault, open_source
from assay.ingest.flag_cells import FLAGS
from assay.ingest.return_manifest import did_you_mean
from assay.ingest.staging_store import Desk
from assay.ingest.unpivot_events import HELD, unfold


@dataclass(frozen=True)
class Came:
    """What came for one table: its file or '', the records counted in it (None: not counted), which columns of the
    contract it has, the names that nobody knows, and why it was refused or ''. `unread` are the records that were no
    cells; a line of the desk is `spread` lines of the file (1, but for a wide log and for flags of which a row of the
    file holds several). `header` are all headings of the file, in order; `remarks` are sentences to the sender about
    how it was read."""

    table: str
    file: str = ""
    records: int | None = None
    columns: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    refusal: str = ""
    unread: Mapping[int, str] = field(default_factory=dict)
    spread: int = 1
    header: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def files_of(folder: Path, mapped: Mapped) -> tuple[dict[str, list[Path]], tuple[str, ...]]:
    """The files of each table, and the names of files that belong to none and were not opened."""
    names = {path.name: path for path in sorted(folder.iterdir()) if path.is_file()}
    there = {name: path for name, path in names.items() if not path.is_symlink()}  # a link may lead anywhere
    found: dict[str, list[Path]] = {}
    for name in contract.tables():
        named = mapped.tables[name].file if name in mapped.tables else ""
        wanted = [named] if named else [f"{name}{suffix}" for suffix in SUFFIXES]
        found[name] = [there[one] for one in wanted if one in there]
    used = {path.name for paths in found.values() for path in paths} | {"return.toml", "mapping.toml"}
    return found, tuple(name for name in names if name not in used or name not in there)


def names_told(folder: Path, mapped: Mapped) -> dict[str, Path]:
    """The files of a return by the names under which they are kept in mind: those of the contract.

    A sender's own name of a file may hold anything, so it stands in no receipt and in no ledger.
    """
    files, strangers = files_of(folder, mapped)
    told = {name: folder / name for name in ("return.toml", "mapping.toml") if (folder / name).is_file()}
    for name, paths in files.items():
        told |= {f"{name}{path.suffix.lower()}": path for path in paths}
    others = (folder / name for name in strangers if not (folder / name).is_symlink())
    return told | {f"other file {number}": path for number, path in enumerate(others, start=1)}


def read_table(desk: Desk, name: str, paths: list[Path], mapped: Mapped, not_asked: str = "") -> Came:
    """Read one table onto the desk, or refuse it; what came is told in either case.

    `not_asked` says why a table may not be taken in at all (R61): its file is then not opened.
    """
    supplied = desk.cover.table(name).supplied
    file = paths[0].name if paths else ""
    if not paths and supplied == "none":
        return Came(name)
    try:
        if not_asked and paths:
            raise TableRefused("R61", f"{file}: not opened. {not_asked}")
        if not paths:
            mapped.table(name)  # refuses a wrong section, which may be where the file is named
            raise TableRefused("R06", f"{name}: the cover says {supplied} and there is no file; read as not supplied.")
        if supplied == "none":
            raise TableRefused("R06", f"{file}: the cover says that {name} was not supplied, and a file is there.")
        if len(paths) > 1:
            raise TableRefused("R04", f"{name}: there are {len(paths)} files for one table. Send one.")
        return _read(desk, name, paths[0], mapped.table(name))
    except TableRefused as refused:
        desk.refuse(refused.rule, name, refused.column)
        return Came(name, file, refused.records, refusal=refused.sentence)


def _read(desk: Desk, name: str, path: Path, mapping: TableMapping) -> Came:
    source = open_source(path, mapping.delimiter, mapping.encoding)
    places = mapping.places(name, source.columns)
    strangers = mapping.strangers(name, source.columns)
    _not_both(path, mapping, source)
    fault = confusable_headings_fault(source.columns, mapping.headings_read(name))
    if fault:
        raise TableRefused("R04", f"{path.name}: {fault}", records=source.records)
    if name == FLAGS:
        unpivot_flags.refuse_contradicted_constant(desk, path.name, source, mapping)
    not_in_file = dict.fromkeys((*_derived_columns(name, mapping), *mapping.fixed))
    columns = (*places, *(column for column in not_in_file if column not in places))
    _needed_columns(name, path, columns, strangers, source)
    stored = _store_raw(desk, name, source, places, mapping)
    marked = _marks(desk, name, source, places, stored.rows_per_line)
    date_errors = read_cells(desk, name, mapping, columns, marked)
    _unread(desk, name, source, stored.rows_per_line)
    _what_the_cover_says(desk, name, columns, stored)
    declared = declared_formats_text(mapping)
    remarks = (
        *source.remarks,
        *(error.sentence(path.name, declared) for error in date_errors),
        *(f"{path.name}: {remark}" for remark in stored.remarks),
    )
    unread = {record.line * stored.rows_per_line: record.text for record in source.unread}
    return Came(name, path.name, stored.n_records, columns, strangers, unread=unread, spread=stored.rows_per_line,
                header=source.columns, remarks=remarks)  # fmt: skip


@dataclass(frozen=True)
class _Stored:
    """The raw rows of one table in the staging store."""

    n_records: int
    """Number of rows, unread lines of the file included."""
    valid_row_counts: tuple[int, ...]
    """Row counts that the cover may state: of the table, or of the file where one is derived from the other."""
    rows_per_line: int = 1
    """Numbers reserved for each line of the file (see `flag_rows.FlagRows`)."""
    remarks: tuple[str, ...] = ()
    """Sentences to the sender about how the rows were derived."""


def _derived_columns(name: str, mapping: TableMapping) -> tuple[str, ...]:
    """Return the columns that need not be in the file, because the mapping says how to derive them."""
    if name == FLAGS:
        return unpivot_flags.derived_columns(mapping)
    return HELD if mapping.wide else ()


def _not_both(path: Path, mapping: TableMapping, source: Source) -> None:
    both = sorted(set(mapping.fixed) & set(source.columns))
    if both:
        told = f"{path.name} has the column {', '.join(both)}, which mapping.toml fixes. Leave out one of the two."
        raise TableRefused("R04", told, both[0], source.records)


def _needed_columns(name: str, path: Path, columns: Iterable[str], strangers: tuple[str, ...], source: Source) -> None:
    table = contract.table(name)
    needed = [FORCE_CODE, *(column.name for column in table.columns if table.demands(column) == "yes")]
    missing = [column for column in needed if column not in columns]
    if missing:
        repeatable = {column: [name for name in strangers if may_be_hint(name, column)] for column in missing}
        hints = [hint for column in missing if (hint := did_you_mean(column, repeatable[column]))]
        told = " ".join(dict.fromkeys(hint.strip() for hint in hints))
        sentence = f"{path.name}: there is no column {', '.join(missing)}, and without it no row can be used. {told}"
        mend = "Add it, or name your own column for it in mapping.toml."
        raise TableRefused("R03", f"{sentence.strip()} {mend}", missing[0], source.records)


def _store_raw(desk: Desk, name: str, source: Source, places: Mapping[str, int], mapping: TableMapping) -> _Stored:
    """Store the text of the file as `raw_NAME`, unpivoted where the file is in wide format."""
    if name == FLAGS:
        rows = unpivot_flags.unpivot(desk, source, places, mapping)
        return _Stored(rows.records, (rows.records, source.records), rows.rows_per_line, rows.remarks)
    if mapping.wide:
        records = _store_wide_log(desk, name, source, places, mapping) + len(source.unread)
        return _Stored(records, (records,), len(mapping.wide))
    source.lay(desk, f"raw_{name}", places)
    slots = person_slots.drop_empty(desk, places, mapping) if name == person_slots.PEOPLE else None
    if slots is not None:
        records = slots.n_persons + len(source.unread)
        return _Stored(records, (records, source.records), remarks=slots.remarks)
    return _Stored(source.records, (source.records,))


def _store_wide_log(desk: Desk, name: str, source: Source, places: Mapping[str, int], mapping: TableMapping) -> int:
    there = {column: place for place, column in enumerate(source.columns)}
    dates = {f"w{number}": there[theirs] for number, theirs in enumerate(mapping.wide) if theirs in there}
    kinds = {f"w{number}": kind for number, (theirs, kind) in enumerate(mapping.wide.items()) if theirs in there}
    if not dates:
        raise TableRefused("R03", "mapping.toml: none of the columns under wide is in the file.", "happened_at")
    source.lay(desk, f"raw_{name}", {**places, **dates})
    return unfold(desk, places, kinds)


def _marks(desk: Desk, name: str, source: Source, places: Mapping[str, int], rows_per_line: int) -> tuple[str, ...]:
    named = {place: column for column, place in places.items()}
    rows = [
        {"line": row["line"] * rows_per_line + row_number, "column_name": named[row["place"]]}
        for row in source.marked.to_pylist()
        for row_number in range(rows_per_line)
        if row["place"] in named
    ]
    schema = pa.schema([("line", pa.int64()), ("column_name", pa.string())])
    desk.hold(f"marked_{name}", pa.Table.from_pylist(rows, schema=schema))
    return tuple({row["column_name"] for row in rows})


def _unread(desk: Desk, name: str, source: Source, spread: int) -> None:
    """R07: the records that are no cells never reached the table; they are told and counted all the same."""
    lines = pa.table({"line": pa.array([one.line * spread for one in source.unread], pa.int64())})
    desk.hold("unread_lines", lines)
    desk.never_read("R07", name, "select line from unread_lines")


def _what_the_cover_says(desk: Desk, name: str, columns: Iterable[str], stored: _Stored) -> None:
    said = desk.cover.table(name)
    if said.rows is not None and said.rows not in stored.valid_row_counts:
        desk.note("R05", name)
    table = contract.table(name)
    for column in table.columns:
        told = column.name in columns or column.name in said.columns_not_sent
        if table.demands(column) == "if known" and not told:
            desk.note("R08", name, column.name)
    if name == "events":
        listed = tuple(desk.cover.kinds) or ("",)
        inside = ", ".join(f"'{kind}'" for kind in listed)
        homes = ", ".join(f"'{kind}'" for kind in contract.list_values("event_kind"))
        desk.fault("R09", name, "kind", f"select line from events where kind in ({homes}) and kind not in ({inside})")
