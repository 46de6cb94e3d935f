"""Validate each cell of a table for type, closed list and time, and set rows aside.

Rules R10 to R26 and R67 to R72 of the return contract are compiled from the table specification into one statement over
the text of the file. It gives a typed value for every cell, and beside it the number of the first rule that the cell
breaks. From these numbers follow the validation errors, the rejected values, and the one reason for each row that is
set aside.
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
    MISSING_VALUE_CODE,
    MONTH_COLUMNS,
    NO_SUCH_DAY,
    OUTSIDE,
    PLACEHOLDER,
    RULES_KEEPING_VALUE,
    WRONG,
    CellExpressions,
    ColumnFindings,
    cell_expressions,
    cell_texts_sql,
    closed_list_tables,
    moments_sql,
    possible_damage_of_cells,
    time_columns_present,
    unformatted_times_sql,
    zone_conditions,
)
from assay.ingest.column_mapping import TableMapping
from assay.ingest.date_formats import DateFormatError, check_date_formats
from assay.ingest.derived_values import derive_values
from assay.ingest.duplicate_keys import merge_duplicate_keys
from assay.ingest.midnight_times import MidnightReading, read_midnights
from assay.ingest.possible_damage import DamageTest
from assay.ingest.spreadsheet_damage import damaged_columns
from assay.ingest.staging_store import StagingStore
from assay.ingest.text_repair import repair_cells
from assay.ingest.time_zones import MAX_LENGTH_WITHOUT_ZONE

FORCE_RULE = f"{FORCE_CODE}_rule"
BrokenRules = dict[str, list[int]]


def read_cells(
    store: StagingStore,
    name: str,
    mapping: TableMapping,
    file_columns: Collection[str],
    marked_columns: Collection[str] = (),
) -> list[DateFormatError]:
    """Store the typed rows of a table from the text in `raw_NAME`; return its date format errors.

    Parameters
    ----------
    file_columns
        The columns that the file has, by their contract names. The cells of an absent column are all empty.
    marked_columns
        The columns of which `marked_NAME` (line, column_name) holds cells with a formula or an error (R17).
    """
    table = contract.table(name)
    store.store_rows_once("clock_days", london_time.clock_days())
    for list_name, rows in closed_list_tables(table).items():
        store.store_rows_once(list_name, rows)
    from_file = [column for column in table.columns if column.name in file_columns and column.name not in mapping.fixed]
    repaired = repair_cells(store, table, from_file)
    zoned = _report_zoned_times(store, table, zone_conditions(table, mapping, file_columns), repaired)
    texts = store.cache_query("texts", cell_texts_sql(table, mapping, file_columns, repaired, zoned))
    days = read_midnights(store, table, texts)
    findings = ColumnFindings(marked_columns, possible_damage=possible_damage_of_cells(store, texts))
    checked = [column for column in table.columns if findings.may_find(column, DamageTest.DAMAGED_COLUMN)]
    damaged = damaged_columns(store, checked, texts, file_columns)
    findings = replace(findings, damaged=damaged)
    broken = _store_typed(store, table, days, findings, texts)
    date_errors = _date_format_errors(store, table, mapping, file_columns, repaired, broken)
    if rejected := [error.column for error in date_errors if error.column_rejected]:
        broken = _store_typed(store, table, days, replace(findings, rejected_dates=rejected), texts)
    _report_errors(store, table, broken)
    _set_rows_aside(store, table, broken, texts)
    store.drop_columns(name, [FORCE_RULE, *(f"{column.name}_rule" for column in table.columns)])
    return date_errors


def _report_zoned_times(store: StagingStore, table: Table, conditions: Mapping[str, str], cells: str) -> list[str]:
    """Report the cells that carry a zone (R18); return the columns that have any.

    One query looks at all columns first, because each statement costs a scan.
    """
    if store.is_small and conditions:
        conditions = _conditions_of_long_cells(store, conditions, cells)
    if not conditions:
        return []
    select_list = ", ".join(f"bool_or({condition}) as {column}" for column, condition in conditions.items())
    zoned = [column for column, found in store.query_row(f"select {select_list} from {cells}").items() if found]
    for column in zoned:
        store.record_errors("R18", table.name, column, f"select line from {cells} where {conditions[column]}")
    return zoned


def _conditions_of_long_cells(store: StagingStore, conditions: Mapping[str, str], cells: str) -> Mapping[str, str]:
    """Return the conditions of the columns with a cell that is long enough for a zone, without a pattern."""
    tests = ", ".join(f"bool_or(length({column}) > {MAX_LENGTH_WITHOUT_ZONE}) as {column}" for column in conditions)
    is_long = store.query_row(f"select {tests} from {cells}")
    return {column: condition for column, condition in conditions.items() if is_long[column]}


def _store_typed(
    store: StagingStore, table: Table, days: Mapping[str, MidnightReading], findings: ColumnFindings, texts: str
) -> BrokenRules:
    """Store the typed rows, each cell with the rule that it breaks; return the broken rules by column."""
    cells = [cell_expressions(column, table, store.manifest, days, findings) for column in table.columns]
    store.accept_rows(table.name, _typed_rows_sql(table, cells, store.manifest.force_code, texts))
    return _broken_rules(store, table)


def _date_format_errors(
    store: StagingStore,
    table: Table,
    mapping: TableMapping,
    file_columns: Collection[str],
    rows: str,
    broken: BrokenRules,
) -> list[DateFormatError]:
    """Check the date formats, but only if some date breaks a rule: trying every format on every cell is slow."""
    columns = [
        column.name for column in time_columns_present(table, mapping, file_columns) if column.name not in MONTH_COLUMNS
    ]
    suspicious = {WRONG, PLACEHOLDER, NO_SUCH_DAY} if mapping.date_form or mapping.time_form else {WRONG}
    nonmatching = [name for name in columns if suspicious & set(broken[name])]
    if not nonmatching:
        return []
    return check_date_formats(
        store, unformatted_times_sql(table, mapping, file_columns, rows), mapping, columns, nonmatching
    )


def _typed_rows_sql(table: Table, cells: list[CellExpressions], force_code: str, texts: str) -> str:
    """Return the layered SQL that types each cell: lists and days, form, rule and minute, value."""
    joins = "\n".join(join for expressions in cells for join in expressions.joins)
    joined_columns = ", ".join(["t.*", *(column for expressions in cells for column in expressions.joined_columns)])
    form_columns = ", ".join(["*", *(column for expressions in cells for column in expressions.form_columns)])
    rules = ", ".join(f"({expressions.rule})::utinyint as {expressions.column.name}_rule" for expressions in cells)
    minutes = "".join(f", {minute}" for expressions in cells for minute in expressions.minute_columns)
    values = ", ".join(f"{value} as {name}" for expressions in cells for name, value in expressions.values.items())
    rule_columns = ", ".join(f"{expressions.column.name}_rule" for expressions in cells)
    is_own_force = f"coalesce(lower({FORCE_CODE}), '') = '{force_code.casefold()}'"
    return (
        f"with timed as (select *, {moments_sql(table)} from ({texts})),\n"
        f"placed as (select {joined_columns} from timed as t\n{joins}),\n"
        f"formed as (select {form_columns} from placed),\nruled as (select *, {rules}{minutes} from formed)\n"
        f"select '{force_code}' as {FORCE_CODE}, {values}, line, {rule_columns}, "
        f"(case when {is_own_force} then 0 else 10 end)::utinyint as {FORCE_RULE} from ruled"
    )


def _broken_rules(store: StagingStore, table: Table) -> BrokenRules:
    """Return the numbers of the rules that the cells of each column break."""
    rules = (f"{column.name}_rule" for column in table.columns)
    rule_bits = ", ".join(f"bit_or(1::bigint << {rule}) as {rule}" for rule in rules)
    bits = store.query_row(f"select {rule_bits} from {table.name}")
    found: BrokenRules = {}
    for column in table.columns:
        rule = f"{column.name}_rule"
        broken = bits[rule] or 0  # each rule is one bit; none broken is the bit of 0
        found[column.name] = [number for number in range(1, broken.bit_length()) if broken >> number & 1]
    return found


def _report_errors(store: StagingStore, table: Table, broken: BrokenRules) -> None:
    """Report every cell that breaks a rule, also in rows that are set aside for another reason."""
    for column, numbers in broken.items():
        for number in numbers:
            store.record_errors(
                _rule_name(table, column, number), table.name, column,
                f"select line from {table.name} where {column}_rule = {number}",
            )  # fmt: skip


def _rule_name(table: Table, column: str, number: int) -> str:
    """Return the rule's name. Any error in a part of the key is R11, except damage by an export or a spreadsheet."""
    if number in ADDED_RULES:
        return ADDED_RULES[number]
    return "R11" if column in table.key and number not in RULES_KEEPING_VALUE else f"R{number:02d}"


def _set_rows_aside(store: StagingStore, table: Table, broken: BrokenRules, texts: str) -> None:
    """Set rows aside; the first rule that applies gives the reason (section 10)."""
    store.set_rows_aside("R10", table.name, FORCE_CODE, f"select line from {table.name} where {FORCE_RULE} > 0")
    for column in table.key:
        if set(broken[column]) - {*RULES_KEEPING_VALUE, *ADDED_RULES}:
            _set_aside_by_rule(store, table, "R11", column, f"not in {(0, *RULES_KEEPING_VALUE, *ADDED_RULES)}")
    _set_aside_by_added_rules(store, table, broken, table.key, is_derivable=bool(table.natural_key))
    derive_values(store, table, texts)
    required_columns = [
        spec.name for spec in table.columns if table.requirement(spec) == "yes" and spec.name not in table.key
    ]
    merge_duplicate_keys(store, table, required_columns)
    if table.date and OUTSIDE in broken[table.date]:
        _set_aside_by_rule(store, table, f"R{OUTSIDE}", table.date, f"= {OUTSIDE}")
    for number in range(EMPTY, 26):
        for column in required_columns:
            if number in broken[column] and number not in RULES_KEEPING_VALUE:
                _set_aside_by_rule(store, table, f"R{number}", column, f"= {number}")
    _set_aside_by_added_rules(store, table, broken, required_columns)


def _set_aside_by_added_rules(
    store: StagingStore, table: Table, broken: BrokenRules, columns: Iterable[str], *, is_derivable: bool = False
) -> None:
    """Set rows aside; where the value is derived if it is missing, a missing-value code costs no row."""
    for number, rule in ADDED_RULES.items():
        for column in columns:
            if number in broken[column] and not (is_derivable and number == MISSING_VALUE_CODE):
                _set_aside_by_rule(store, table, rule, column, f"= {number}")


def _set_aside_by_rule(store: StagingStore, table: Table, rule: str, column: str, condition: str) -> None:
    store.set_rows_aside(rule, table.name, column, f"select line from {table.name} where {column}_rule {condition}")
