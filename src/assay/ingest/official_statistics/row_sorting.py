"""Split the rows of a statistics file into accepted rows and rows set aside, with the reason.

The rules of a statistic are rungs in order; the first that is true sets the row aside, and all other rows are passed
on. The statements run in DuckDB over columns of text, so that an unreadable cell stays as it is. The texts stay in
Arrow, as dictionaries: `staged` is a view of them, and only what was parsed from them is a table of DuckDB (`judged`).
A file of 600,000 rows then takes a third of the memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.engine.duckdb_connections import open_connection
from assay.errors import EvidenceError
from assay.ingest.official_statistics.sheet_grid import SheetRows
from assay.ingest.official_statistics.statistics_layouts import Header
from assay.ingest.official_statistics.statistics_rules import (
    DUPLICATE_RUNGS,
    NOTE_BELOW,
    TWO_COUNTS,
    Rules,
    Rung,
    field_marks_sql,
    standard_rungs,
)
from assay.ingest.official_statistics.truncated_files import RULE, missing_rows
from assay.ingest.validation_errors import ValidationError

BROKEN_ROW = "broken row"
TEXTS = pa.dictionary(pa.int32(), pa.string())
LINE_END_RULE = "a text ends with the end of a line"
LINE_END_ADVICE = (
    "The last line has no end, as where a download broke off, and its count may be a part of a number. Compare the "
    "size of the file with that at the publisher, or download it again."
)
SUMMED_REASON = "added to the first row of its key: a code that holds several offences"
LAST_LINE_REASON = "the last line of a file that was cut short"
COMBINED_CODES = tuple(offence.code for offence in reference.offences().all if "/" in offence.code)
"""Codes under which the publisher counts several offences together, such as homicide."""
MACROS = rf"""
create macro whole(t) as case when regexp_full_match(t, '[-−]?(\d+|\d{{1,3}}(,\d{{3}})+)(\.0+)?')
    then try_cast(try_cast(replace(replace(t, ',', ''), '−', '-') as decimal(20, 2)) as bigint) end;
create macro not_published(t) as t is null or lower(t) in ('na', 'n/a', '..', '[x]', '[z]', '[c]', '[u]', ':')
    or starts_with(lower(t), 'n/a ');
create macro year_of(t) as case when regexp_full_match(t, '\d{{4}}[/-](\d{{2}}|\d{{4}})')
    and (t[1:4]::int + 1) % 100 = right(t, 2)::int then t[1:4] || '/' || right(t, 2) end;
create macro quarter_of(t) as
    try_cast(regexp_extract(lower(t), '^(?:q|quarter|qtr)?\s*([1-4])(?:\.0+)?$', 1) as int);
create macro calendar_year(t) as try_cast(regexp_extract(t, '^(\d{{4}})(?:\.0+)?$', 1) as int);
create macro parts_of(t) as
    array_to_string(list_sort(regexp_extract_all(t, '[0-9]+[A-Z]*(?:\.[0-9]+)?')), '/');
create macro code_of(t) as case when parts_of(t) in ({", ".join(repr(code) for code in COMBINED_CODES)})
    then parts_of(t) else regexp_replace(t, '\.0$', '') end;
"""


@dataclass
class RowSorter:
    """Sorts the rows of one file: rows are added sheet by sheet, then each gets its first applicable reason."""

    source: str
    rules: Rules
    header: Header
    errors: list[ValidationError] = field(default_factory=list)
    broken_counts: dict[str, int] = field(default_factory=dict)
    wide_fields: list[str] = field(default_factory=list)
    has_last_line_end: bool = True
    row_count: int = 0
    staged_rows: list[pa.Table] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = open_connection(threads=2)
        self.store.execute(MACROS)

    @property
    def text_fields(self) -> tuple[str, ...]:
        """Return all fields that are read as text."""
        return (*self.rules.fields, *self.rules.wide_fields)

    def add_rows(self, sheet: str, sheet_rows: SheetRows, header: Header, constants: dict[str, str]) -> None:
        """Add the rows under one header; rows with more or fewer cells are set aside at once."""
        self.header = header
        self.wide_fields += [f for f in self.rules.wide_fields if f in header.columns and f not in self.wide_fields]
        _check_records(self.source, sheet, sheet_rows)
        self._set_aside_broken(sheet, sheet_rows)
        self.staged_rows.append(self._staged_rows(sheet, sheet_rows, header, constants))
        self.row_count += sheet_rows.cells.num_rows + len(sheet_rows.broken_rows)

    def _staged_rows(self, sheet: str, sheet_rows: SheetRows, header: Header, constants: dict[str, str]) -> pa.Table:
        count = sheet_rows.cells.num_rows
        columns: dict[str, Any] = {
            "nth": pa.array(np.arange(self.row_count, self.row_count + count)),
            "sheet": _repeated_text(sheet, count),
            "line": pa.array(sheet_rows.row_numbers, pa.int64()),
            "marks": _marks_column(sheet_rows, header),
        }
        for name in self.text_fields:
            position = header.columns.get(name)
            if position is None or position >= sheet_rows.cells.num_columns:
                columns[name] = _repeated_text(constants.get(name), count)
            else:
                columns[name] = _trim_text(sheet_rows.cells.column(position))
        return pa.table(columns, schema=self._staged_schema())

    def _staged_schema(self) -> pa.Schema:
        fields = {"nth": pa.int64(), "sheet": TEXTS, "line": pa.int64(), "marks": pa.list_(pa.string())}
        return pa.schema(fields | dict.fromkeys(self.text_fields, TEXTS))

    def _set_aside_broken(self, sheet: str, sheet_rows: SheetRows) -> None:
        for row in sheet_rows.broken_rows:
            reason = NOTE_BELOW if row.cells <= 1 else BROKEN_ROW
            self.broken_counts[reason] = self.broken_counts.get(reason, 0) + 1
            if reason == BROKEN_ROW:
                rule = "a row has as many cells as the header"
                advice = f"This row has {row.cells} cells and the header {self.header.width}. Correct the row."
                self.errors.append(ValidationError(rule, sheet, row.row, source=self.source, correction=advice))

    def set_sheet_aside(self, reason: str, rows: int) -> None:
        """Set a whole sheet aside for one reason and count its rows."""
        self.row_count += rows
        self.broken_counts[reason] = self.broken_counts.get(reason, 0) + rows

    def sort(self) -> tuple[pa.Table, dict[str, int]]:
        """Return the accepted rows, in file order, and the number of rows set aside for each reason."""
        self._stage_rows()
        self._unpivot()
        if self.rules.prepare:
            self.rules.prepare(self.store)
        self._assign_reasons()
        if self.rules.combined_code:
            self._sum_combined_codes()
        self._set_aside_duplicates()
        for rung in (*self.rules.rungs, *DUPLICATE_RUNGS):
            if rung.rule:
                self._report_errors(rung, "reason = $reason")
        for remark in self.rules.remarks:
            self._report_errors(remark, f"reason is null and ({remark.condition})")
        if not self.has_last_line_end:
            self.errors.append(ValidationError(LINE_END_RULE, source=self.source, correction=LINE_END_ADVICE))
        if self.rules.row_unit:
            self._report_missing_rows()
        passed_rows = self.store.sql(
            f"select {self.rules.select} from judged_with_texts where reason is null order by nth"
        ).to_arrow_table()
        set_aside = self._set_aside_counts()
        self.store.close()
        return passed_rows, set_aside

    def _report_missing_rows(self) -> None:
        """Report the rows that are missing from the file.

        If the text also has no line end at its end, it was truncated. The count on its last line may then be only a
        part of a number, so that row is set aside.
        """
        sentences = missing_rows(self.store, self.rules.row_unit)
        self.errors += [ValidationError(RULE, source=self.source, correction=sentence) for sentence in sentences]
        if sentences and not self.has_last_line_end:
            self.store.execute(
                f"update judged set reason = '{LAST_LINE_REASON}' where reason is null and nth = (select "
                f"max(nth) from judged)"
            )

    def _set_aside_counts(self) -> dict[str, int]:
        set_aside = dict(self.broken_counts)
        counts_sql = "select reason, count(*) from judged where reason is not null group by all"
        for reason, count in self._query(counts_sql):
            set_aside[reason] = set_aside.get(reason, 0) + count
        return dict(sorted(set_aside.items()))

    def _stage_rows(self) -> None:
        """Make the view `staged` of the rows of all sheets."""
        self.store.register("received", pa.concat_tables([self._staged_schema().empty_table(), *self.staged_rows]))
        self.staged_rows.clear()
        self.store.execute("create view staged as select * from received")

    def _unpivot(self) -> None:
        """Unpivot the wide fields of this file into one row for each cell; `row_count` then counts cells."""
        wide, fields = self.wide_fields, ", ".join(self.rules.fields)
        if not wide:
            return
        cells = " union all ".join(
            f"select nth * {len(wide)} + {i} as nth, sheet, line, {fields}, '{name}' as factor, "
            f'"{name}" as value, {field_marks_sql(wide, name)} as marks from staged'
            for i, name in enumerate(wide)
        )
        [(rows,)] = self._query("select count(*) from staged")
        self.store.execute(f"create table unfolded as {cells}")
        self.store.execute("drop view staged")
        self.store.execute("alter table unfolded rename to staged")
        self.row_count += rows * (len(wide) - 1)

    def _assign_reasons(self) -> None:
        parsed = self.rules.parsed_columns
        columns = ", ".join(dict.fromkeys(("nth", *self.rules.key, *parsed)))
        parsed_sql = ", ".join(f"{sql} as {name}" for name, sql in parsed.items())
        branches = " ".join(
            f"when {rung.condition} then '{rung.reason}'" for rung in (*standard_rungs(self.rules), *self.rules.rungs)
        )
        self.store.execute(
            f"create table judged as select {columns}, case {branches} end as reason "
            f"from (select staged.*, {parsed_sql} from staged {self.rules.joins})"
        )
        self.store.execute(
            f"create view judged_with_texts as select staged.*, {', '.join(parsed)}, reason "
            f"from judged join staged using (nth)"
        )

    def _sum_combined_codes(self) -> None:
        """Sum the rows of one key where a code combines several offences and the file has a row for each of them.

        The first row gets the sum, and the others are set aside with a reason. If all rows of such a code are exact
        duplicates, nothing is summed, and they are treated as repeated rows.
        """
        key, same_key = ", ".join(self.rules.key), self._same_key_sql("s")
        sums = ", ".join(
            f"case when count({name}) = count(*) then sum({name})::bigint end as {name}" for name in self.rules.measures
        )
        condition = f"reason is null and ({self.rules.combined_code})"
        self.store.execute(
            f"create table summed as select {key}, min(nth) as first, {sums} from judged where {condition} and "
            f"code in ("
            f"select code from judged where {condition} group by {key} "
            f"having count(distinct ({', '.join(self.rules.measures)})) > 1) group by {key} having count(*) > 1"
        )
        assignments = ", ".join(f"{name} = s.{name}" for name in self.rules.measures)
        self.store.execute(
            f"update judged set reason = '{SUMMED_REASON}' from summed s where reason is null and {same_key} "
            f"and nth <> s.first"
        )
        self.store.execute(f"update judged set {assignments} from summed s where reason is null and {same_key}")

    def _same_key_sql(self, table: str) -> str:
        return " and ".join(f"{table}.{column} is not distinct from judged.{column}" for column in self.rules.key)

    def _set_aside_duplicates(self) -> None:
        key = ", ".join(self.rules.key)
        same_key = self._same_key_sql("d")
        measures = ", ".join(self.rules.measures)
        self.store.execute(
            f"create table doubles as select {key}, min(nth) as first, count(distinct ({measures})) as kinds "
            f"from judged where reason is null group by {key} having count(*) > 1"
        )
        self.store.execute(
            f"update judged set reason = case when d.kinds > 1 then '{TWO_COUNTS}' else 'repeated row' end "
            f"from doubles d where judged.reason is null and {same_key} "
            "and (d.kinds > 1 or judged.nth <> d.first)"
        )

    def _report_errors(self, rung: Rung, condition: str) -> None:
        value = rung.grouping_field or "null"
        grouping = f"group by sheet, {rung.column}, {rung.grouping_field}" if rung.grouping_field else ""
        counts_sql, order = ("min(line), count(*)", "4, 5") if rung.grouping_field else ("line, 1", "nth")
        found = self._query(
            (
                f"select sheet, {counts_sql}, {rung.column}, {value} from judged_with_texts "
                f"where {condition} {grouping} order by 1, 2, {order}"
            ),
            {"reason": rung.reason} if "$reason" in condition else None,
        )
        for sheet, line, occurrences, column, text in found:
            advice = rung.what_to_do + (rung.hint(text) if rung.hint and text else "")
            name = self.header.name(column)
            self.errors.append(ValidationError(rung.rule, sheet, line, name, self.source, advice, occurrences))

    def _query(self, statement: str, values: dict[str, str] | None = None) -> list[Any]:
        return self.store.execute(statement, values).fetchall()


def _check_records(source: str, sheet: str, sheet_rows: SheetRows) -> None:
    read_count = sheet_rows.cells.num_rows + len(sheet_rows.broken_rows)
    if sheet_rows.records is not None and sheet_rows.records != read_count:
        place = f"{source}, sheet {sheet!r}" if sheet else source
        raise EvidenceError(
            f"{place}: {sheet_rows.records} records were counted and {read_count} were read. Nothing was kept."
        )


def _marks_column(sheet_rows: SheetRows, header: Header) -> pa.Array:
    """Return for each row its list of 'formula:field' and 'error:field' marks; missing if it has none."""
    kind = pa.list_(pa.string())
    fields = {position: name for name, position in header.columns.items()}
    if not sheet_rows.marked_cells:
        return pa.nulls(sheet_rows.cells.num_rows, kind)
    row_indices = {line: position for position, line in enumerate(sheet_rows.row_numbers.tolist())}
    marks: list[list[str] | None] = [None] * sheet_rows.cells.num_rows
    for cell in sheet_rows.marked_cells:
        if cell.row in row_indices and cell.column in fields:
            row = row_indices[cell.row]
            marks[row] = [*(marks[row] or ()), f"{cell.rule}:{fields[cell.column]}"]
    return pa.array(marks, kind)


def _repeated_text(text: str | None, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), count), pa.array([text], pa.string()))


def _trim_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a dictionary of texts without surrounding spaces; an empty text becomes missing."""
    chunks = column.chunks if pa.types.is_dictionary(column.type) else column.dictionary_encode().chunks
    trimmed = [pa.DictionaryArray.from_arrays(chunk.indices, _trim(chunk.dictionary)) for chunk in chunks]
    return pa.chunked_array(trimmed, TEXTS)


def _trim(texts: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
