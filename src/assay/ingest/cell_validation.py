"""Validate the type, permitted values and date range of every cell of a return, and set invalid rows aside.

SQL gives the text of each cell; `cell_types` gives its typed value, and the number of the first rule of the return
contract (R10 to R26 and R67 to R72) that it breaks. From these numbers follow the validation errors, the rejected
values, and the one reason for each row that is set aside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import pyarrow as pa

from assay import contract
from assay.contract import FORCE_CODE, Table
from assay.ingest import london_time
from assay.ingest.cell_expressions import (
    MONTH_COLUMNS,
    cell_texts_sql,
    time_columns_present,
    unformatted_times_sql,
    zone_conditions,
)
from assay.ingest.cell_types import (
    ADDED_RULES,
    BROKEN_SCHEMA,
    EMPTY,
    MISSING_VALUE_CODE,
    OTHER_FORCE,
    RULES_KEEPING_VALUE,
    ColumnFindings,
    RowTyping,
)
from assay.ingest.column_mapping import TableMapping
from assay.ingest.date_format_checks import DateFormatError, check_date_formats
from assay.ingest.date_formats import ZONE_DIRECTIVE
from assay.ingest.derived_values import derive_values
from assay.ingest.distinct_texts import Mask, as_mask
from assay.ingest.duplicate_keys import merge_duplicate_keys
from assay.ingest.midnight_times import read_midnights
from assay.ingest.spreadsheet_damage import columns_to_test, damaged_columns
from assay.ingest.staging_store import StagingStore
from assay.ingest.text_repair import repair_cells
from assay.ingest.time_cells import NO_SUCH_DAY, OUTSIDE, PLACEHOLDER, WRONG
from assay.ingest.time_zones import MAX_LENGTH_WITHOUT_ZONE

BrokenRules = dict[str, list[int]]
BROKEN = "broken"
"""Name in the store of the cells of a table that break a rule."""


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
    from_file = [column for column in table.columns if column.name in file_columns and column.name not in mapping.fixed]
    repaired = repair_cells(store, table, from_file)
    zoned = _report_zoned_times(store, table, zone_conditions(table, mapping, file_columns), repaired)
    if zoned or mapping.time_form.endswith(ZONE_DIRECTIVE):
        store.store_rows_once("clock_days", london_time.clock_days())
    texts = store.cache_query("texts", cell_texts_sql(table, mapping, file_columns, repaired, zoned))
    damaged = damaged_columns(store, columns_to_test(store, table, file_columns, texts), texts)
    findings = ColumnFindings(
        read_midnights(store, table, texts),
        _marked_lines(store, name) if marked_columns else {},
        {column: partial(_tested, store, column, condition) for column, condition in damaged.items()},
    )
    broken = _store_typed(store, table, findings, texts)
    date_errors = _date_format_errors(store, table, mapping, file_columns, repaired, broken)
    if rejected := [error.column for error in date_errors if error.column_rejected]:
        broken = _store_typed(store, table, replace(findings, rejected_dates=rejected), texts)
    _report_errors(store, table, broken)
    _set_rows_aside(store, table, broken, texts)
    return date_errors


def _marked_lines(store: StagingStore, name: str) -> dict[str, list[int]]:
    rows = store.query(f"select column_name, list(line) as lines from marked_{name} group by 1").to_pylist()
    return {row["column_name"]: row["lines"] for row in rows}


def _tested(store: StagingStore, column: str, condition: str, texts: pa.Array) -> Mask:
    """Return the texts of a column for which an SQL condition is true."""
    with store.registered_rows(pa.table({column: texts})) as view:
        return as_mask(store.query(f"select {condition} as is_true from {view}")["is_true"].combine_chunks())


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


def _store_typed(store: StagingStore, table: Table, findings: ColumnFindings, texts: str) -> BrokenRules:
    """Store the typed rows, and separately the cells that break a rule; return the broken rules by column."""
    typing = RowTyping(table, store.manifest, findings)
    broken = [BROKEN_SCHEMA.empty_table()]

    def typed_batches() -> Iterator[pa.Table]:
        for cells in store.batches(texts):
            typed = typing.typed(cells)
            broken.append(typed.broken)
            yield typed.rows

    store.accept_rows(table.name, typed_batches())
    cells = pa.concat_tables(broken)
    if cells.num_rows:
        store.store_rows(BROKEN, cells)
    return _rules_by_column(table, cells)


def _rules_by_column(table: Table, broken: pa.Table) -> BrokenRules:
    """Return the numbers of the rules that the cells of each column break."""
    found: BrokenRules = {name: [] for name in (FORCE_CODE, *table.column_names)}
    pairs = broken.select(["column_name", "rule"]).group_by(["column_name", "rule"]).aggregate([])
    for row in pairs.sort_by("rule").to_pylist():
        found[row["column_name"]].append(row["rule"])
    return found


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


def _report_errors(store: StagingStore, table: Table, broken: BrokenRules) -> None:
    """Report every cell that breaks a rule, also in rows that are set aside for another reason."""
    for column, numbers in broken.items():
        for number in numbers if column != FORCE_CODE else ():
            rule = _rule_name(table, column, number)
            store.record_errors(rule, table.name, column, _lines_sql(column, f"= {number}"))


def _rule_name(table: Table, column: str, number: int) -> str:
    """Return the rule's name. Any error in a part of the key is R11, except damage by an export or a spreadsheet."""
    if number in ADDED_RULES:
        return ADDED_RULES[number]
    return "R11" if column in table.key and number not in RULES_KEEPING_VALUE else f"R{number:02d}"


def _set_rows_aside(store: StagingStore, table: Table, broken: BrokenRules, texts: str) -> None:
    """Set rows aside; the first rule that applies gives the reason (section 10)."""
    if broken[FORCE_CODE]:
        _set_aside_by_rule(store, table, "R10", FORCE_CODE, f"= {OTHER_FORCE}")
    for column in table.key:
        if set(broken[column]) - {*RULES_KEEPING_VALUE, *ADDED_RULES}:
            _set_aside_by_rule(store, table, "R11", column, f"not in {(0, *RULES_KEEPING_VALUE, *ADDED_RULES)}")
    _set_aside_by_added_rules(store, table, broken, table.key, is_derivable=bool(table.natural_key))
    derive_values(store, table, texts)
    required_columns = [
        spec.name for spec in table.columns if table.requirement(spec) == "yes" and spec.name not in table.key
    ]
    merge_duplicate_keys(store, table, required_columns, BROKEN if any(broken.values()) else "")
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
    store.set_rows_aside(rule, table.name, column, _lines_sql(column, condition))


def _lines_sql(column: str, condition: str) -> str:
    """Return SQL for the lines of the cells of a column that break a rule."""
    return f"select line from {BROKEN} where column_name = '{column}' and rule {condition}"
