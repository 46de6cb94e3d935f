"""Unpivot the flag columns of a file of crimes to rows of `flags`: one row and one reference for each flag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from assay.ingest.column_mapping import TableMapping
from assay.ingest.file_readers import FileSource, TableRefused
from assay.ingest.flag_cells import (
    DERIVED_COLUMNS,
    EMPTY,
    FLAG,
    FLAG_REF,
    IGNORED,
    NO,
    UNKNOWN,
    YES,
    CellPart,
    find_heading_flag,
    read_list_cell,
    read_yes_no_cell,
)
from assay.ingest.sql_literals import sql_string
from assay.ingest.staging_store import StagingStore
from assay.ingest.yes_no_words import is_yes_word
from assay.wording import count_phrase, join_words

_PART_SCHEMA = pa.schema([("column_number", pa.int64()), ("cell", pa.string()), ("part_number", pa.int64()),
                          ("value", pa.string())])  # fmt: skip


@dataclass(frozen=True)
class FlagRows:
    """The result of unpivoting flags: number of records, row numbers reserved for each line, and remarks."""

    records: int
    """Number of rows, unread lines of the file included."""
    rows_per_line: int
    """Numbers reserved for each line of the file: row `n` came from line `n // rows_per_line`."""
    remarks: tuple[str, ...] = ()
    """Sentences to the sender about how the cells were read."""


@dataclass(frozen=True)
class _CellPart:
    """One part of one distinct cell of a flag column."""

    column: str
    column_number: int
    """0 for the column that holds the flags themselves, from 1 for yes/no columns."""
    cell: str
    part_number: int
    """Position of the part in its cell, from 1."""
    part: CellPart
    n_cells: int
    """Number of cells with this text."""


def derived_columns(mapping: TableMapping) -> tuple[str, ...]:
    """Return the columns of `flags` that a file may lack because the mapping says how to derive them."""
    return DERIVED_COLUMNS if mapping.wide else (FLAG_REF,) if FLAG in mapping.columns else ()


def refuse_contradicted_constant(store: StagingStore, file: str, source: FileSource, mapping: TableMapping) -> None:
    """Refuse a file if the mapping gives every row one flag and a yes/no column of the file contradicts this.

    Raises
    ------
    TableRefused
        With rule R04, if a column for this flag that the mapping does not read says anything but yes.
    """
    fixed = mapping.fixed.get(FLAG, "").casefold()
    flag_columns = [name for name in source.columns if name and find_heading_flag(name) == fixed] if fixed else []
    read_headings = {*mapping.columns.values(), *mapping.wide}
    for heading in (name for name in flag_columns if name not in read_headings):
        source.load_columns(store, "flag_column", {FLAG: source.columns.index(heading)})
        cells = _distinct_cells(store, "flag_column", FLAG)
        rows = store.query_number("select count(*) from flag_column")
        not_yes = rows - sum(n for cell, n in cells.items() if is_yes_word(cell) or cell.strip().casefold() == fixed)
        if not_yes:
            problem = f"{file}: fixed.flag gives every row the flag {fixed}, but the column {heading} does not say yes "
            problem += f"in {not_yes:,} of {count_phrase(rows, 'row')}."
            fix = f'Replace fixed.flag with wide = {{"{heading}" = "{fixed}"}}.'
            raise TableRefused("R04", f"{problem} {fix}", FLAG, source.records)


def unpivot_flags(
    store: StagingStore, source: FileSource, positions: Mapping[str, int], mapping: TableMapping
) -> FlagRows:
    """Unpivot flags to `raw_flags`, one row for each flag; a file in the format of the table `flags` is unchanged.

    Parameters
    ----------
    store
        The staging store that holds the return.
    source
        The file.
    positions
        Column of the specification -> its position in the file.
    mapping
        The mapping of the table.

    Raises
    ------
    TableRefused
        With rule R03, if none of the columns under `wide` is in the file.
    """
    position_of = {column: position for position, column in enumerate(source.columns)}
    flag_columns = {f"w{number}": heading for number, heading in enumerate(mapping.wide) if heading in position_of}
    if mapping.wide and not flag_columns:
        raise TableRefused("R03", "mapping.toml: none of the columns under wide is in the file.", FLAG)
    flag_positions = {column: position_of[heading] for column, heading in flag_columns.items()}
    source.load_columns(store, "raw_flags", {**positions, **flag_positions})
    heading = mapping.columns.get(FLAG, FLAG)
    from_other_table = _is_from_other_table(positions)
    parts = [
        *_list_column_parts(store, positions, mapping, from_other_table, heading),
        *_yes_no_column_parts(store, flag_columns, mapping),
    ]
    remarks = _remarks(store, parts, {FLAG: heading, **flag_columns})
    needs_no_change = not any(part.part_number > 1 or part.part.meaning in (NO, IGNORED) for part in parts)
    if not parts or (needs_no_change and not flag_columns and not from_other_table):
        return FlagRows(source.records, 1)
    return _store_rows(store, positions, parts, flag_columns, mapping, remarks, len(source.unread_records))


def _is_from_other_table(positions: Mapping[str, int]) -> bool:
    """Return True if the file has no reference for a flag, so that its rows are crimes and not flags."""
    return FLAG_REF not in positions or positions[FLAG_REF] == positions.get("crime_ref")


def _distinct_cells(store: StagingStore, table: str, column: str) -> dict[str, int]:
    """Return each distinct cell of a column with the number of rows that hold it."""
    cells = store.query(f"select coalesce({column}, '') as cell, count(*) as n from {table} group by 1 order by 1")
    return dict(zip(cells["cell"].to_pylist(), cells["n"].to_pylist(), strict=True))


def _list_column_parts(
    store: StagingStore, positions: Mapping[str, int], mapping: TableMapping, from_other_table: bool, heading: str
) -> Iterator[_CellPart]:
    if FLAG not in positions:
        return
    translations = mapping.values.get(FLAG, {})
    for cell, n_cells in _distinct_cells(store, "raw_flags", FLAG).items():
        parts = read_list_cell(
            cell, translations, from_other_table=from_other_table, heading_flag=find_heading_flag(heading)
        )
        for number, part in enumerate(parts, start=1):
            yield _CellPart(FLAG, 0, cell, number, part, n_cells)


def _yes_no_column_parts(
    store: StagingStore, flag_columns: Mapping[str, str], mapping: TableMapping
) -> Iterator[_CellPart]:
    for column_number, (column, heading) in enumerate(flag_columns.items(), start=1):
        for cell, n_cells in _distinct_cells(store, "raw_flags", column).items():
            part = read_yes_no_cell(cell, mapping.wide[heading], mapping.values.get(FLAG, {}))
            yield _CellPart(column, column_number, cell, 1, part, n_cells)


def _store_rows(
    store: StagingStore, positions: Mapping[str, int], parts: list[_CellPart], flag_columns: Mapping[str, str],
    mapping: TableMapping, remarks: tuple[str, ...], unread_count: int,
) -> FlagRows:  # fmt: skip
    """Store one row for each part that is a flag or an unknown word; the same flag twice on a line is one row."""
    from_other_table = _is_from_other_table(positions)
    rows = [part for part in parts if _becomes_row(part, from_other_table)]
    records = [
        {"column_number": row.column_number, "cell": row.cell, "part_number": row.part_number, "value": row.part.value}
        for row in rows
    ]
    store.store_rows("flag_parts", pa.Table.from_pylist(records, schema=_PART_SCHEMA))
    store.store_query("raw_flat", "select * from raw_flags")
    max_parts = max((part.part_number for part in parts), default=1)
    rows_per_line = (len(flag_columns) + 1) * max_parts
    other_columns = [name for name in positions if name not in DERIVED_COLUMNS]
    base = f"r.{FLAG_REF}" if FLAG_REF in positions else "null::varchar"
    selects = [
        _column_rows_sql(column, number, base, other_columns, mapping, flag_columns, max_parts)
        for column, number in _numbered_columns(positions, flag_columns)
    ]
    same_flag = f"partition by line, coalesce(nullif({FLAG}, ''), place::varchar) order by place"
    distinct = f"select * from ({' union all '.join(selects)}) qualify row_number() over ({same_flag}) = 1"
    columns = ", ".join((f"line * {rows_per_line} + place as line", FLAG_REF, FLAG, *other_columns))
    store.store_query("raw_flags", f"select {columns} from ({distinct}) order by line")
    return FlagRows(store.query_number("select count(*) from raw_flags") + unread_count, rows_per_line, remarks)


def _becomes_row(part: _CellPart, from_other_table: bool) -> bool:
    """Return True for a flag, an unknown word, and an empty cell in a file that has one row for each flag."""
    if part.part.meaning == EMPTY:
        return part.column_number == 0 and not from_other_table
    return part.part.meaning in (YES, UNKNOWN)


def _numbered_columns(positions: Mapping[str, int], flag_columns: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    if FLAG in positions:
        yield FLAG, 0
    yield from ((column, number) for number, column in enumerate(flag_columns, start=1))


def _column_rows_sql(
    column: str, column_number: int, base: str, other_columns: list[str], mapping: TableMapping,
    flag_columns: Mapping[str, str], max_parts: int,
) -> str:  # fmt: skip
    """Return SQL for the rows of one flag column.

    The reference of a row is that of the line, followed by the flag for a yes/no column, and by the number of the part
    for the second and later flags of a cell; a line without a reference has none for its flags, and theirs are derived
    later. `place` is the position of the row among all rows of its line.
    """
    ref = f"case when p.part_number = 1 then {base} else {base} || '/' || p.part_number end"
    if column in flag_columns:
        ref = f"{base} || '/' || {sql_string(mapping.wide[flag_columns[column]])}"
    copied = "".join(f", r.{name}" for name in other_columns)
    return (
        f"select r.line, {column_number * max_parts} + p.part_number - 1 as place, {ref} as {FLAG_REF}, "
        f"p.value as {FLAG}{copied} from raw_flat as r join flag_parts as p "
        f"on p.column_number = {column_number} and p.cell = coalesce(r.{column}, '')"
    )


def _remarks(store: StagingStore, parts: list[_CellPart], headings: Mapping[str, str]) -> tuple[str, ...]:
    """Return one sentence a column: how many of its cells are flags, empty or unknown. No cell is quoted."""
    records = store.query_number("select count(*) from raw_flags")
    parts_of = {column: [part for part in parts if part.column == column] for column in headings}
    return tuple(_remark(headings[column], records, parts_of[column]) for column in headings if parts_of[column])


def _remark(heading: str, records: int, parts: list[_CellPart]) -> str:
    cells = Counter[str]()
    for part in parts:
        cells[part.part.meaning] += part.n_cells
    multiple_count = sum(part.n_cells for part in parts if part.part_number == 2)
    is_yes_no = parts[0].column_number > 0
    if is_yes_no:
        lead = f"{cells[YES]:,} of {count_phrase(records, 'cell')} of {heading} say yes and are a flag"
    else:
        lead = (
            f"{multiple_count:,} of {count_phrase(records, 'cell')} of {heading} hold several flags, and each flag "
            "became a row"
        )
    counts = {
        "flags were read": 0 if is_yes_no else cells[YES],
        "say no": cells[NO],
        "are empty or hold a word that means nothing": cells[EMPTY],
        "are ignored by the mapping": cells[IGNORED],
        "hold an unknown word and are set aside": cells[UNKNOWN],
    }
    details = [f"{number:,} {label}" for label, number in counts.items() if number]
    return f"flags: {lead}{': ' if details else ''}{join_words(details)}."
