"""Is every cell of a table of its type, in its list and at a time that was, and which rows does that leave?

Rules R10 to R26 and R67 to R72 of the return contract, compiled from the table's spec into one statement over the text
that the file held: a typed value for every cell, and beside it the number of the first rule that the cell breaks. From
those numbers come the faults, the values laid aside, and the one reason for each row that is laid aside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from assay import contract
from assay.contract import FORCE_CODE, Table
from assay.ingest import london_time
from assay.ingest.cell_expressions import (
    ADDED_RULES,
    EMPTY,
    KEPT,
    MONTH_COLUMNS,
    NO_SUCH_DAY,
    PLACEHOLDER,
    WRONG,
    Cell,
    ColumnFindings,
    cell,
    lists_of,
    texts_of,
    time_columns_present,
    times_of,
    unformatted_times,
)
from assay.ingest.column_mapping import TableMapping
from assay.ingest.date_formats import DateFormatError, check_date_formats
from assay.ingest.duplicate_keys import set_twins_aside
from assay.ingest.midnight_times import Midnight, midnights
from assay.ingest.spreadsheet_damage import damaged_columns
from assay.ingest.staging_store import Desk
from assay.ingest.text_repair import repair_cells

FORCE_RULE = f"{FORCE_CODE}_rule"
Broken = dict[str, list[int]]


def read_cells(
    desk: Desk, name: str, mapping: TableMapping, held: Collection[str], marked: Collection[str] = ()
) -> list[DateFormatError]:
    """Store the typed rows of a table, from the text in `raw_NAME`; return its date format errors.

    `held` are the columns that its file has, as the contract names them (the column of an absent one is all empty);
    `marked` are the columns of which `marked_NAME` (line, column_name) holds cells with a formula or an error (R17).
    """
    table = contract.table(name)
    desk.hold_once("clock_days", london_time.days())
    for list_name, rows in lists_of(table).items():
        desk.hold_once(list_name, rows)
    from_file = [column for column in table.columns if column.name in held and column.name not in mapping.fixed]
    repaired = repair_cells(desk, table, from_file)
    texts = desk.worked_out("texts", texts_of(table, mapping, held, repaired))
    days = midnights(desk, table, texts)
    findings = ColumnFindings(marked, damaged_columns(desk, table, texts, held))
    broken = _store_typed(desk, table, days, findings, texts)
    date_errors = _date_format_errors(desk, table, mapping, held, repaired, broken)
    if rejected := [error.column for error in date_errors if error.column_rejected]:
        broken = _store_typed(desk, table, days, replace(findings, rejected_dates=rejected), texts)
    _report_errors(desk, table, broken)
    _rows_aside(desk, table, broken, texts)
    desk.drop_columns(name, [FORCE_RULE, *(f"{column.name}_rule" for column in table.columns)])
    return date_errors


def _store_typed(
    desk: Desk, table: Table, days: Mapping[str, Midnight], findings: ColumnFindings, texts: str
) -> Broken:
    """Store the typed rows, each cell with the rule that it breaks; return the broken rules by column."""
    cells = [cell(column, table, desk.cover, days, findings) for column in table.columns]
    desk.accept(table.name, _typed(table, cells, desk.cover.force_code, texts))
    return _faults(desk, table)


def _date_format_errors(
    desk: Desk, table: Table, mapping: TableMapping, held: Collection[str], rows: str, broken: Broken
) -> list[DateFormatError]:
    """Check the date formats, but only if some date breaks a rule: trying every format on every cell is slow."""
    columns = [column.name for column in time_columns_present(table, mapping, held) if column.name not in MONTH_COLUMNS]
    suspicious = {WRONG, PLACEHOLDER, NO_SUCH_DAY} if mapping.date_form or mapping.time_form else {WRONG}
    nonmatching = [name for name in columns if suspicious & set(broken[name])]
    if not nonmatching:
        return []
    return check_date_formats(desk, unformatted_times(table, mapping, held, rows), mapping, columns, nonmatching)


def _typed(table: Table, cells: list[Cell], force_code: str, texts: str) -> str:
    """Layer upon layer: the lists and days that belong to each text, its form, its rule and minute, its value."""
    joins = "\n".join(join for one in cells for join in one.joins)
    placed = ", ".join(["t.*", *(column for one in cells for column in one.placed)])
    formed = ", ".join(["*", *(column for one in cells for column in one.formed)])
    rules = ", ".join(f"({one.rule})::utinyint as {one.column.name}_rule" for one in cells)
    minutes = "".join(f", {minute}" for one in cells for minute in one.minutes)
    values = ", ".join(f"{value} as {name}" for one in cells for name, value in one.values.items())
    kept = ", ".join(f"{one.column.name}_rule" for one in cells)
    ours = f"coalesce(lower({FORCE_CODE}), '') = '{force_code.casefold()}'"
    return (
        f"with timed as (select *, {times_of(table)} from ({texts})),\n"
        f"placed as (select {placed} from timed as t\n{joins}),\n"
        f"formed as (select {formed} from placed),\nruled as (select *, {rules}{minutes} from formed)\n"
        f"select '{force_code}' as {FORCE_CODE}, {values}, line, {kept}, "
        f"(case when {ours} then 0 else 10 end)::utinyint as {FORCE_RULE} from ruled"
    )


def _faults(desk: Desk, table: Table) -> Broken:
    """Return the numbers of the rules that the cells of each column break."""
    rules = (f"{column.name}_rule" for column in table.columns)
    each = ", ".join(f"bit_or(1::bigint << {rule}) as {rule}" for rule in rules)
    bits = desk.look(f"select {each} from {table.name}")
    found: Broken = {}
    for column in table.columns:
        rule = f"{column.name}_rule"
        broken = bits[rule] or 0  # each rule is one bit; none broken is the bit of 0
        found[column.name] = [number for number in range(1, broken.bit_length()) if broken >> number & 1]
    return found


def _report_errors(desk: Desk, table: Table, broken: Broken) -> None:
    """Report every cell that breaks a rule, also in rows that are set aside for another reason."""
    for column, numbers in broken.items():
        for number in numbers:
            desk.fault(
                _named(table, column, number), table.name, column,
                f"select line from {table.name} where {column}_rule = {number}",
            )  # fmt: skip


def _named(table: Table, column: str, number: int) -> str:
    """Return the rule's name. Any error in a part of the key is R11, except damage by an export or a spreadsheet."""
    if number in ADDED_RULES:
        return ADDED_RULES[number]
    return "R11" if column in table.key and number not in KEPT else f"R{number:02d}"


def _rows_aside(desk: Desk, table: Table, broken: Broken, texts: str) -> None:
    """The first rule that fits a row gives its reason (section 10), so rule after rule is tried in order."""
    desk.set_aside("R10", table.name, FORCE_CODE, f"select line from {table.name} where {FORCE_RULE} > 0")
    for column in table.key:
        if set(broken[column]) - {*KEPT, *ADDED_RULES}:
            _lay_aside(desk, table, "R11", column, f"not in {(0, *KEPT, *ADDED_RULES)}")
    _set_aside_by_added_rules(desk, table, broken, table.key)
    set_twins_aside(desk, table, texts)
    needed = [one.name for one in table.columns if table.demands(one) == "yes" and one.name not in table.key]
    for number in range(EMPTY - 1, 26):
        for column in needed:
            if number in broken[column] and number not in KEPT:
                _lay_aside(desk, table, f"R{number}", column, f"= {number}")
    _set_aside_by_added_rules(desk, table, broken, needed)


def _set_aside_by_added_rules(desk: Desk, table: Table, broken: Broken, columns: Iterable[str]) -> None:
    for number, rule in ADDED_RULES.items():
        for column in columns:
            if number in broken[column]:
                _lay_aside(desk, table, rule, column, f"= {number}")


def _lay_aside(desk: Desk, table: Table, rule: str, column: str, condition: str) -> None:
    desk.set_aside(rule, table.name, column, f"select line from {table.name} where {column}_rule {condition}")
