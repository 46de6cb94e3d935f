"""Which rows of a file are passed on, and for which reason is every other row set aside?

A return states its rules as rungs, read from the top; the first that is true sets the row aside. What is left
is passed on. The statements run in DuckDB over columns of text, so that a cell that cannot be read stays a
cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.errors import EvidenceError
from assay.ingest.official_statistics.sheet_grid import Body
from assay.ingest.official_statistics.statistics_intake import Fault
from assay.ingest.official_statistics.statistics_layouts import Header
from assay.ingest.official_statistics.statistics_rules import (
    DOUBLES,
    NOTE_BELOW,
    TWO_COUNTS,
    Rules,
    Rung,
    always,
    marks_without,
)
from assay.ingest.official_statistics.truncated_files import RULE, missing_rows

BROKEN = "broken row"
LINE_END = "a text ends with the end of a line"
ADVICE_ON_LINE_END = (
    "The last line has no end, as where a download broke off, and its count may be a part of a number. Compare the "
    "size of the file with that at the publisher, or download it again."
)
ADDED = "added to the first row of its key: a code that holds several offences"
LAST_LINE = "the last line of a file that was cut short"
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
class Sorting:
    """A file on its way down the ladder: rows are added sheet by sheet, then sorted once."""

    source: str
    rules: Rules
    header: Header
    faults: list[Fault] = field(default_factory=list)
    broken: dict[str, int] = field(default_factory=dict)
    wide: list[str] = field(default_factory=list)
    has_last_line_end: bool = True
    taken: int = 0

    def __post_init__(self) -> None:
        self.store = duckdb.connect(config={"threads": "2"})
        self.store.execute(MACROS)
        columns = ", ".join(f"{name} varchar" for name in self.texts)
        self.store.execute(f"create table staged (nth bigint, sheet varchar, line bigint, marks varchar[], {columns})")

    @property
    def texts(self) -> tuple[str, ...]:
        """Every field that is read as text."""
        return (*self.rules.fields, *self.rules.unfold)

    def add(self, sheet: str, body: Body, header: Header, constants: dict[str, str]) -> None:
        """Put the rows under one header on the ladder; rows with more or fewer cells leave it at once."""
        self.header = header
        self.wide += [f for f in self.rules.unfold if f in header.columns and f not in self.wide]
        _check_records(self.source, sheet, body)
        self._set_aside_broken(sheet, body)
        self.store.register("arriving", self._arriving(sheet, body, header, constants))
        self.store.execute("insert into staged select * from arriving")
        self.store.unregister("arriving")
        self.taken += body.cells.num_rows + len(body.broken)

    def _arriving(self, sheet: str, body: Body, header: Header, constants: dict[str, str]) -> pa.Table:
        count = body.cells.num_rows
        columns: dict[str, Any] = {
            "nth": pa.array(np.arange(self.taken, self.taken + count)),
            "sheet": pa.repeat(pa.scalar(sheet), count),
            "line": pa.array(body.rows, pa.int64()),
            "marks": _marks(body, header),
        }
        for name in self.texts:
            place = header.columns.get(name)
            if place is None or place >= body.cells.num_columns:
                columns[name] = pa.repeat(pa.scalar(constants.get(name), pa.string()), count)
            else:
                columns[name] = _tidy(body.cells.column(place))
        return pa.table(columns)

    def _set_aside_broken(self, sheet: str, body: Body) -> None:
        for one in body.broken:
            reason = NOTE_BELOW if one.cells <= 1 else BROKEN
            self.broken[reason] = self.broken.get(reason, 0) + 1
            if reason == BROKEN:
                rule = "a row has as many cells as the header"
                what = f"This row has {one.cells} cells and the header {self.header.width}. Correct the row."
                self.faults.append(Fault(self.source, sheet, one.row, "", rule, what))

    def set_aside_whole(self, reason: str, rows: int) -> None:
        """Set a whole sheet aside for one reason, its rows counted."""
        self.taken += rows
        self.broken[reason] = self.broken.get(reason, 0) + rows

    def sort(self) -> tuple[pa.Table, dict[str, int]]:
        """The rows that pass, in the order of the file, and how many were set aside for which reason."""
        self._unfold()
        if self.rules.prepare:
            self.rules.prepare(self.store)
        self._judge()
        if self.rules.combined_code:
            self._sum_combined_codes()
        self._set_aside_doubles()
        for rung in (*self.rules.rungs, *DOUBLES):
            if rung.rule:
                self._tell(rung, "reason = $reason")
        for remark in self.rules.remarks:
            self._tell(remark, f"reason is null and ({remark.when})")
        if not self.has_last_line_end:
            self.faults.append(Fault(self.source, "", None, "", LINE_END, ADVICE_ON_LINE_END))
        if self.rules.row_of:
            self._report_missing_rows()
        passed = self.store.sql(
            f"select {self.rules.select} from judged where reason is null order by nth"
        ).to_arrow_table()
        aside = self._aside()
        self.store.close()
        return passed, aside

    def _report_missing_rows(self) -> None:
        """Report the rows that are missing from the file.

        If the text also has no line end at its end, it was truncated. The count on its last line may then be only a
        part of a number, so that row is set aside.
        """
        sentences = missing_rows(self.store, self.rules.row_of)
        self.faults += [Fault(self.source, "", None, "", RULE, sentence) for sentence in sentences]
        if sentences and not self.has_last_line_end:
            self.store.execute(
                f"update judged set reason = '{LAST_LINE}' where reason is null and nth = (select max(nth) from judged)"
            )

    def _aside(self) -> dict[str, int]:
        aside = dict(self.broken)
        judged = "select reason, count(*) from judged where reason is not null group by all"
        for reason, count in self._rows(judged):
            aside[reason] = aside.get(reason, 0) + count
        return dict(sorted(aside.items()))

    def _unfold(self) -> None:
        """Make one row a cell of the wide fields that this file has; `taken` then counts cells."""
        wide, fields = self.wide, ", ".join(self.rules.fields)
        if not wide:
            return
        cells = " union all ".join(
            f"select nth * {len(wide)} + {i} as nth, sheet, line, {fields}, '{name}' as factor, "
            f'"{name}" as value, {marks_without(wide, name)} as marks from staged'
            for i, name in enumerate(wide)
        )
        [(rows,)] = self._rows("select count(*) from staged")
        self.store.execute(f"create table unfolded as {cells}")
        self.store.execute("drop table staged")
        self.store.execute("alter table unfolded rename to staged")
        self.taken += rows * (len(wide) - 1)

    def _judge(self) -> None:
        parsed = ", ".join(f"{sql} as {name}" for name, sql in self.rules.parsed.items())
        first = " ".join(f"when {rung.when} then '{rung.reason}'" for rung in (*always(self.rules), *self.rules.rungs))
        self.store.execute(f"create table parsed as select staged.*, {parsed} from staged {self.rules.joins}")
        self.store.execute("drop table staged")
        self.store.execute(f"create table judged as select *, case {first} end as reason from parsed")
        self.store.execute("drop table parsed")

    def _sum_combined_codes(self) -> None:
        """Sum the rows of one key where a code combines several offences and the file has a row for each of them.

        The first row gets the sum, and the others are set aside with a reason. If all rows of such a code are exact
        duplicates, nothing is summed, and they are treated as repeated rows.
        """
        key, same = ", ".join(self.rules.key), self._same_key("s")
        sums = ", ".join(
            f"case when count({name}) = count(*) then sum({name})::bigint end as {name}" for name in self.rules.measures
        )
        here = f"reason is null and ({self.rules.combined_code})"
        self.store.execute(
            f"create table summed as select {key}, min(nth) as first, {sums} from judged where {here} and code in ("
            f"select code from judged where {here} group by {key} "
            f"having count(distinct ({', '.join(self.rules.measures)})) > 1) group by {key} having count(*) > 1"
        )
        put = ", ".join(f"{name} = s.{name}" for name in self.rules.measures)
        self.store.execute(
            f"update judged set reason = '{ADDED}' from summed s where reason is null and {same} and nth <> s.first"
        )
        self.store.execute(f"update judged set {put} from summed s where reason is null and {same}")

    def _same_key(self, table: str) -> str:
        return " and ".join(f"{table}.{one} is not distinct from judged.{one}" for one in self.rules.key)

    def _set_aside_doubles(self) -> None:
        key = ", ".join(self.rules.key)
        same = self._same_key("d")
        measures = ", ".join(self.rules.measures)
        self.store.execute(
            f"create table doubles as select {key}, min(nth) as first, count(distinct ({measures})) as kinds "
            f"from judged where reason is null group by {key} having count(*) > 1"
        )
        self.store.execute(
            f"update judged set reason = case when d.kinds > 1 then '{TWO_COUNTS}' else 'repeated row' end "
            f"from doubles d where judged.reason is null and {same} "
            "and (d.kinds > 1 or judged.nth <> d.first)"
        )

    def _tell(self, rung: Rung, which: str) -> None:
        value = rung.once_for or "null"
        grouping = f"group by sheet, {rung.column}, {rung.once_for}" if rung.once_for else ""
        counted = "min(line), count(*)" if rung.once_for else "line, 1"
        found = self._rows(
            f"select sheet, {counted}, {rung.column}, {value} from judged where {which} {grouping} order by 1, 2",
            {"reason": rung.reason} if "$reason" in which else None,
        )
        for sheet, line, times, column, text in found:
            what = rung.what_to_do + (rung.hint(text) if rung.hint and text else "")
            name = self.header.name(column)
            self.faults.append(Fault(self.source, sheet, line, name, rung.rule, what, times))

    def _rows(self, statement: str, values: dict[str, str] | None = None) -> list[Any]:
        return self.store.execute(statement, values).fetchall()


def _check_records(source: str, sheet: str, body: Body) -> None:
    read = body.cells.num_rows + len(body.broken)
    if body.records is not None and body.records != read:
        where = f"{source}, sheet {sheet!r}" if sheet else source
        raise EvidenceError(f"{where}: {body.records} records were counted and {read} were read. Nothing was kept.")


def _marks(body: Body, header: Header) -> pa.Array:
    """For each row its list of 'formula:field' and 'error:field' marks; missing where it has none."""
    kind = pa.list_(pa.string())
    fields = {place: name for name, place in header.columns.items()}
    if not body.marked:
        return pa.nulls(body.cells.num_rows, kind)
    at = {line: place for place, line in enumerate(body.rows.tolist())}
    marks: list[list[str] | None] = [None] * body.cells.num_rows
    for one in body.marked:
        if one.row in at and one.column in fields:
            row = at[one.row]
            marks[row] = [*(marks[row] or ()), f"{one.rule}:{fields[one.column]}"]
    return pa.array(marks, kind)


def _tidy(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text without spaces around it; an empty text is a missing one."""
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
