"""Build the SQL that reads a cell of a column: its text, form, broken rule and value."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pyarrow as pa

from assay import contract
from assay.contract import FORCE_CODE, Column, Table
from assay.ingest import london_time, offence_codes, time_zones
from assay.ingest.column_mapping import ZONE_DIRECTIVE, TableMapping
from assay.ingest.midnight_times import MidnightReading
from assay.ingest.missing_value_codes import missing_value_sql
from assay.ingest.possible_damage import DamageTest, PossibleDamage, possible_damage
from assay.ingest.return_manifest import ReturnManifest
from assay.ingest.scope_checks import GROUP_HISTORY_FROM
from assay.ingest.spreadsheet_damage import (
    damaged_offence_sql,
    damaged_reference_sql,
    is_reference,
    spreadsheet_error_sql,
)
from assay.ingest.sql_literals import sql_list
from assay.ingest.staging_store import StagingStore

DATED_TABLES = ("crimes", "reports", "missing", "assessments", "referrals", "summaries")
"""Tables whose date column decides whether a row is requested at all (R14)."""
RULES_KEEPING_VALUE = (20, 22, 24, 26)
"""Numbers of the rules of a cell after which its value stays."""
MISSING_VALUE_CODE, DAMAGED, WRONG_DATE_FORMAT, INCOMPLETE_DATE = 27, 28, 29, 30
ADDED_RULES = {MISSING_VALUE_CODE: "R67", DAMAGED: "R68", WRONG_DATE_FORMAT: "R70", INCOMPLETE_DATE: "R71"}
"""Rules of cells whose names do not follow from their numbers here. The numbers must stay below 63: each is one bit."""
OUTSIDE, EMPTY, WRONG, MARKED, NO_SUCH_TIME, TIME_CUT = 14, 15, 16, 17, 19, 20
NO_TIME, MIDNIGHT, PLACEHOLDER, TWO_ANSWERS, NO_SUCH_DAY, NO_CHARACTER = 21, 22, 23, 24, 25, 26

CONTROL_CHARACTERS = r"[\x00-\x1F\x7F-\x{9F}]"
UNREADABLE_CHARACTERS = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x{9F}\x{FFFD}]"
UNTRIMMED_PATTERN = "^[^!-~]|[^!-~]$"
SPACES = r"E' \t\r\n\xC2\xA0\xEF\xBB\xBF'"
"""Includes the no-break space and the byte order mark, both as UTF-8."""
DAY_PATTERN = r"\d{4}-\d{2}-\d{2}"
MINUTE_PATTERN = DAY_PATTERN + r"T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?"
NOT_IN_FORMAT = "not in the format: "
"""Prefix of the text of a date or time that is not in the declared format."""
_MONTH = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[A-Za-z]*\\.?"
_YEAR = "(?:'?[0-9]{2}|[0-9]{4})"
INCOMPLETE_DATE_PATTERN = (
    rf"[0-9]{{4}}([-/. ][0-9]{{1,2}})?|[0-9]{{1,2}}[-/. ][0-9]{{4}}|{_MONTH}([-/., ]*{_YEAR})?|{_YEAR}[-/., ]*{_MONTH}"
    rf"|[0-9]{{1,2}}(st|nd|rd|th)?[-/. ]*(of )?{_MONTH}|[0-9]{{4}} ?[-/] ?([0-9]{{2}}|[0-9]{{4}})"
    rf"|{_YEAR}[-/. ]*[Qq][1-4]|[Qq][1-4][-/. ]*({_YEAR}([-/][0-9]{{2}})?)?"
    rf"|(?i:fy|year|spring|summer|autumn|winter)[-/ ]*[0-9]{{2,4}}([-/][0-9]{{2,4}})?"
)
"""A month, a quarter or a year, as text or as a spreadsheet displays it; a day without its year."""
MONTH_COLUMNS = ("month_start",)
"""Columns that hold the first day of a month for the whole month."""
DAY_FORM, MINUTE_FORM, NO_FORM = 1, 2, 9
EARLIEST = date(1900, 1, 1)
OLDEST_YEARS = 110
LAST_MINUTE = 24 * 60 - 1
TIME_KINDS = ("date", "time", "when")
EQUIVALENT_VALUES = {"ethnicity_self": {"O1": "A4"}}
DETAIL_LISTS = {"force_code": "other_force"}
"""A transfer event may name a force that is not in the list (return contract, section 9.2)."""


@dataclass(frozen=True)
class CellExpressions:
    """The SQL of one column by layer: joins, form, rule, minute and values."""

    column: Column
    rule: str
    values: Mapping[str, str]
    joins: tuple[str, ...] = ()
    joined_columns: tuple[str, ...] = ()
    form_columns: tuple[str, ...] = ()
    minute_columns: tuple[str, ...] = ()


def moments_sql(table: Table) -> str:
    """Return SQL that casts each day and time leniently; forms are checked later."""
    times = [column.name for column in table.columns if column.kind in TIME_KINDS]
    return ", ".join(f"try_cast({name} as timestamp) as {name}_at" for name in times) or "null as nothing"


def cell_texts_sql(
    table: Table, mapping: TableMapping, file_columns: Collection[str], cells: str, zoned: Collection[str] = ()
) -> str:
    """Return SQL for the text of each cell: trimmed, empty as NULL, translated to contract words.

    `cells` is SQL for the rows of the file, with invisible characters and wrong encodings repaired; `zoned`: columns
    with times that carry a zone, which become local times.
    """
    texts = {column.name: _cell_text_sql(column, mapping, file_columns) for column in table.columns}
    texts |= {name: time_zones.without_zone_sql(texts[name]) for name in zoned}
    select_list = ", ".join(f"{text} as {name}" for name, text in texts.items())
    code = f"{_translated_sql(_trimmed_sql(FORCE_CODE), mapping.values.get(FORCE_CODE))} as {FORCE_CODE}"
    if FORCE_CODE in mapping.fixed:
        code = f"{sql_string(mapping.fixed[FORCE_CODE])} as {FORCE_CODE}"
    return f"select line, {code}, {select_list} from {cells}"


def zone_conditions(table: Table, mapping: TableMapping, file_columns: Collection[str]) -> dict[str, str]:
    """Return, for each time column without a declared format, SQL that is true where a cell carries a zone."""
    if mapping.date_form or mapping.time_form:
        return {}
    return {
        column.name: time_zones.has_zone_sql(_trimmed_sql(column.name))
        for column in time_columns_present(table, mapping, file_columns)
        if column.name not in MONTH_COLUMNS
    }


def unformatted_times_sql(table: Table, mapping: TableMapping, file_columns: Collection[str], cells: str) -> str:
    """Return SQL for the dates and times as the file has them, with missing-value codes as NULL.

    Parameters
    ----------
    table
        The specification of the table.
    mapping
        The mapping of the table.
    file_columns
        Names of the columns that the file has.
    cells
        SQL for the rows of the file as text.
    """
    columns = time_columns_present(table, mapping, file_columns)
    texts = ", ".join(
        f"{_translated_sql(_non_empty_sql(column.name, mapping), mapping.values.get(column.name))} as {column.name}"
        for column in columns
    )
    values = ", ".join(
        f"case when {missing_value_sql(column)} then null else {column.name} end as {column.name}" for column in columns
    )
    return f"select {values} from (select {texts} from {cells})"


def time_columns_present(table: Table, mapping: TableMapping, file_columns: Collection[str]) -> list[Column]:
    """Return the date and time columns whose values come from the file."""
    return [
        column
        for column in table.columns
        if column.kind in TIME_KINDS and column.name in file_columns and column.name not in mapping.fixed
    ]


def _cell_text_sql(column: Column, mapping: TableMapping, file_columns: Collection[str]) -> str:
    if column.name in mapping.fixed:
        return f"nullif({sql_string(mapping.fixed[column.name])}, '')"
    return _mapped_text_sql(column, mapping) if column.name in file_columns else "null::varchar"


def _trimmed_sql(name: str) -> str:
    # Trimming every cell would take longer than all other steps; few cells begin or end with anything but a letter.
    return (
        f"nullif(case when regexp_matches({name}, '{UNTRIMMED_PATTERN}') then trim({name}, {SPACES}) else "
        f"{name} end, '')"
    )


def _mapped_text_sql(column: Column, mapping: TableMapping) -> str:
    trimmed = _non_empty_sql(column.name, mapping)
    if column.kind == "text":
        return (
            f"case when {trimmed} is not null then {_translated_sql(column.name, mapping.values.get(column.name))} end"
        )
    mapped = _translated_sql(trimmed, mapping.values.get(column.name))
    if column.name in MONTH_COLUMNS:
        return f"coalesce({_first_day_of_month_sql(mapped)}, {mapped})"
    if column.kind in TIME_KINDS and (mapping.date_form or mapping.time_form):
        return _iso_form_sql(mapped, mapping)
    return mapped


def _non_empty_sql(name: str, mapping: TableMapping) -> str:
    return _null_if_empty_word_sql(_trimmed_sql(name), mapping)


def _null_if_empty_word_sql(text: str, mapping: TableMapping) -> str:
    """Return SQL for the text; NULL where the mapping declares it as a word for an empty cell."""
    return f"case when lower({text}) in {sql_list(mapping.empty)} then null else {text} end" if mapping.empty else text


def _first_day_of_month_sql(text: str) -> str:
    """Return SQL for the first day of a month written as a month, as spreadsheets display it; NULL if it is none."""
    return f"strftime(try_strptime({text}, ['%b-%Y', '%b-%y', '%Y-%m']), '%Y-%m-01')"


def _translated_sql(text: str, values: Mapping[str, str] | None) -> str:
    if not values:
        return text
    branches = " ".join(
        f"when {sql_string(force_word)} then {sql_string(value)}" for force_word, value in values.items()
    )
    return f"nullif(case lower({text}) {branches} else {text} end, '')"


def _iso_form_sql(text: str, mapping: TableMapping) -> str:
    """Return SQL for a date in ISO format. A declared format holds for every cell; another format is no date (R16)."""
    readings = []
    if mapping.time_form.endswith(ZONE_DIRECTIVE):
        readings.append(time_zones.london_time_sql(text, mapping.time_form))
    elif mapping.time_form:
        readings.append(time_zones.local_time_sql(text, mapping.time_form))
    if mapping.date_form:
        readings.append(f"strftime(try_strptime({text}, {sql_string(mapping.date_form)}), '%Y-%m-%d')")
    return f"coalesce({', '.join(readings)}, {sql_string(NOT_IN_FORMAT)} || {text})"


def sql_string(text: str) -> str:
    """Return a text as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def closed_list_tables(table: Table) -> dict[str, pa.Table]:
    """Return the closed lists of a table, each from lower-case `word` to `value`; events.detail by `kind`."""
    names = {column.values for column in table.columns if column.values}
    list_tables = {
        f"list_{name}": _list_table(_list_values(name), EQUIVALENT_VALUES.get(name, {})) for name in sorted(names)
    }
    if table.name == "events":
        list_tables["list_detail"] = _detail_table()
    return list_tables


def _list_values(name: str) -> tuple[str, ...]:
    """Return the words of a closed list.

    A kind of event that belongs in another table is known too; R33 reports it later.
    """
    return tuple(contract.event_kinds()) if name == "event_kind" else contract.list_values(name)


def _list_table(values: tuple[str, ...], read_as: Mapping[str, str]) -> pa.Table:
    words = pa.array([value.casefold() for value in values], pa.string())
    return pa.table({"word": words, "value": pa.array([read_as.get(value, value) for value in values], pa.string())})


def _detail_table() -> pa.Table:
    rows = [
        {"kind": kind.key, "word": value.casefold(), "value": value}
        for kind in contract.event_kinds().values()
        if kind.detail_list
        for value in contract.list_values(DETAIL_LISTS.get(kind.detail_list, kind.detail_list))
    ]
    return pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in ("kind", "word", "value")]))


@dataclass(frozen=True)
class ColumnFindings:
    """What checks of whole columns found before single cells are read."""

    marked: Collection[str] = ()
    """Columns with cells that hold a formula or a spreadsheet error."""
    damaged: Mapping[str, str] = field(default_factory=dict)
    """Column of references -> SQL that is true for the cells that a spreadsheet or an export changed."""
    rejected_dates: Collection[str] = ()
    """Date columns that contradict their format, so that no value is read."""
    possible_damage: PossibleDamage | None = None
    """Column -> the tests for damage that find one of its cells, where that is known; other tests are left out."""

    def may_find(self, column: Column, test: DamageTest) -> bool:
        """Return True unless it is known that the test finds no cell of the column."""
        return self.possible_damage is None or test in self.possible_damage.get(column.name, ())


def cell_expressions(
    column: Column,
    table: Table,
    manifest: ReturnManifest,
    days: Mapping[str, MidnightReading],
    findings: ColumnFindings,
) -> CellExpressions:
    """Return the SQL expressions that read a column of a table."""
    expressions = _column_expressions(column, table, manifest, days, findings)
    empty = EMPTY if table.requirement(column) == "yes" else 0
    rule = (
        f"case when {column.name} is null then {empty} {_export_damage_sql(column, findings)} "
        f"{expressions.rule} else 0 end"
    )
    if column.name in findings.marked:
        lines = f"select line from marked_{table.name} where column_name = '{column.name}'"
        rule = f"case when line in ({lines}) then {MARKED} else ({rule}) end"
    return replace(expressions, rule=rule)


def _export_damage_sql(column: Column, findings: ColumnFindings) -> str:
    """Return SQL branches for what an export or a spreadsheet did to a cell, before the rules of its type."""
    tests = _time_damage_tests(column, findings) if column.kind in TIME_KINDS else _text_damage_tests(column, findings)
    return " ".join(
        f"when {sql} then {number}" for test, sql, number in tests if test is None or findings.may_find(column, test)
    )


DamageTests = list[tuple[DamageTest | None, str, int]]
"""Tests with their SQL and the number of the rule; None where the whole column was found damaged."""


def _time_damage_tests(column: Column, findings: ColumnFindings) -> DamageTests:
    name = column.name
    original = _original_text_sql(name)
    tests: DamageTests = [(DamageTest.MISSING_VALUE, missing_value_sql(column, original), MISSING_VALUE_CODE)]
    if name in findings.rejected_dates:
        tests.append((None, "true", WRONG_DATE_FORMAT))
    is_incomplete = f"{name}_form = {NO_FORM} and {_incomplete_date_sql(original)}"
    return [*tests, (DamageTest.INCOMPLETE_DATE, is_incomplete, INCOMPLETE_DATE)]


def _text_damage_tests(column: Column, findings: ColumnFindings) -> DamageTests:
    name = column.name
    tests: DamageTests = [(DamageTest.MISSING_VALUE, missing_value_sql(column), MISSING_VALUE_CODE)]
    if column.kind in ("ref", "text") or column.values == "offence_code":
        tests.append((DamageTest.SPREADSHEET_ERROR, spreadsheet_error_sql(name), MARKED))
    if is_reference(column):
        tests.append((DamageTest.DAMAGED_REFERENCE, damaged_reference_sql(name), DAMAGED))
    if column.values == "offence_code":
        tests.append((DamageTest.DAMAGED_OFFENCE, damaged_offence_sql(name), DAMAGED))
    if name in findings.damaged:
        tests.append((None, findings.damaged[name], DAMAGED))
    return tests


def possible_damage_of_cells(store: StagingStore, texts: str) -> PossibleDamage | None:
    """Return the tests for damage that may find a cell, by column; None for a large return, whose rows cost more."""
    return possible_damage(store.query(texts), INCOMPLETE_DATE_PATTERN, NOT_IN_FORMAT) if store.is_small else None


def _original_text_sql(name: str) -> str:
    """Return SQL for the text of a date or time as the file has it, also where it is not in the declared format."""
    prefix = sql_string(NOT_IN_FORMAT)
    return f"case when starts_with({name}, {prefix}) then substr({name}, {len(NOT_IN_FORMAT) + 1}) else {name} end"


def _incomplete_date_sql(text: str) -> str:
    """Return SQL that is true where a cell holds a month, a quarter or a year, or a day without its year."""
    return f"regexp_full_match({text}, {sql_string(INCOMPLETE_DATE_PATTERN)})"


def _column_expressions(
    column: Column,
    table: Table,
    manifest: ReturnManifest,
    days: Mapping[str, MidnightReading],
    findings: ColumnFindings,
) -> CellExpressions:
    name = column.name
    if column.kind in TIME_KINDS:
        return _time_expressions(column, table, manifest, days)
    if column.kind == "code" and (column.values or column.values_by):
        return _code_expressions(column, findings)
    if column.kind in ("ref", "code"):
        wrong = f"length({name}) > 64 or regexp_matches({name}, '{CONTROL_CHARACTERS}')"
        return _single_value_expressions(column, f"when {wrong} then {WRONG}", name)
    if column.kind == "yesno":
        return _single_value_expressions(
            column, f"when lower({name}) not in ('yes', 'no') then {WRONG}", f"lower({name}) = 'yes'"
        )
    if column.kind in ("int", "num"):
        return _number_expressions(column)
    return _text_expressions(column)


def _single_value_expressions(column: Column, rule: str, value: str) -> CellExpressions:
    return CellExpressions(column, rule, {column.name: _value_if_valid_sql(column, value)})


def _value_if_valid_sql(column: Column, value: str) -> str:
    return f"case when {column.name}_rule in {(0, *RULES_KEEPING_VALUE)} then {value} end"


def _number_expressions(column: Column) -> CellExpressions:
    whole = column.kind == "int"
    form = r"-?[0-9]{1,18}" if whole else r"-?[0-9]{1,15}(\.[0-9]{1,15})?"
    rule = f"when not regexp_full_match({column.name}, '{form}') then {WRONG}"
    for sign, bound in (("<", column.least), (">", column.most)):
        if bound is not None:
            rule += f" when try_cast({column.name} as {'bigint' if whole else 'double'}) {sign} {bound} then {WRONG}"
    return _single_value_expressions(column, rule, f"try_cast({column.name} as {'bigint' if whole else 'double'})")


def _text_expressions(column: Column) -> CellExpressions:
    name = column.name
    rule = f"when regexp_matches({name}, '{UNREADABLE_CHARACTERS}') then {NO_CHARACTER}"
    if column.pattern:
        rule = f"when not regexp_full_match({name}, {sql_string(column.pattern)}) then {WRONG} {rule}"
    if name == "phone":
        digits = f"regexp_replace({name}, '[^0-9]', '', 'g')"
        is_placeholder = f"length({digits}) < 7 or replace({digits}, {digits}[1], '') = ''"
        rule = f"when {is_placeholder} then {PLACEHOLDER} {rule}"
    readable = (
        f"case when {name}_rule = {NO_CHARACTER} then regexp_replace({name}, '{UNREADABLE_CHARACTERS}', "
        f"' ', 'g') else {name} end"
    )
    return _single_value_expressions(column, rule, readable)


def _code_expressions(column: Column, findings: ColumnFindings) -> CellExpressions:
    name, alias = column.name, f"l_{column.name}"
    word, value = f"lower(t.{name})", f"{alias}.value"
    if column.values == "outcome_code":
        word = f"ltrim({word}, '0')"
    if column.values == "offence_code":
        word = offence_codes.lookup_sql(f"t.{name}")
        if findings.may_find(column, DamageTest.UNLISTED_OFFENCE):
            value = offence_codes.code_sql(value, f"t.{name}")
    rule = f"when {name}_value is null then {WRONG}"
    if column.values_by:
        list_value = f"l_{column.values_by}.value"
        joins = (f"left join list_detail as {alias} on {alias}.kind = {list_value} and {alias}.word = {word}",)
        kinds = [kind.key for kind in contract.event_kinds().values() if kind.detail_list]
        rule = f"when {name}_value is null and {column.values_by}_value in {tuple(kinds)} then {WRONG}"
        value = f"coalesce({alias}.value, t.{name})"
        joined_columns = (f"{value} as {name}_value_or_text", f"{alias}.value as {name}_value")
        return CellExpressions(
            column, rule, {name: _value_if_valid_sql(column, f"{name}_value_or_text")}, joins, joined_columns
        )
    joins = (f"left join list_{column.values} as {alias} on {alias}.word = {word}",)
    if name.endswith("_missing_reason"):
        rule += f" when {name.removesuffix('_missing_reason')} is not null then {TWO_ANSWERS}"
    return CellExpressions(
        column, rule, {name: _value_if_valid_sql(column, f"{name}_value")}, joins, (f"{value} as {name}_value",)
    )


def _time_expressions(
    column: Column, table: Table, manifest: ReturnManifest, days: Mapping[str, MidnightReading]
) -> CellExpressions:
    name, alias = column.name, f"k_{column.name}"
    form = (
        f"case when {name}_at is null then {NO_FORM} "
        f"when length({name}) = 10 then case when regexp_full_match({name}, '{DAY_PATTERN}') then {DAY_FORM} "
        f"else {NO_FORM} end "
        f"when regexp_full_match({name}, '{MINUTE_PATTERN}') then {MINUTE_FORM} else {NO_FORM} end"
    )
    form_columns = [f"({form})::utinyint as {name}_form", f"{name}_at::date as {name}_on"]
    joins, joined_columns, minute_columns = [], [], []
    if column.kind != "date":
        form_columns.append(f"(hour({name}_at) * 60 + minute({name}_at)) as {name}_minute")
        joins.append(f"left join clock_days as {alias} on {alias}.day = t.{name}_at::date")
        joined_columns += [
            f"{alias}.{clock_column} as {name}_{clock_column}" for clock_column in ("early", "late", "gap", "switch")
        ]
        minute_columns.append(f"{_universal_minute_sql(name)} as {name}_universal")
    rule, values = _time_rule_sql(column, table, manifest, days), _time_values_sql(column, days)
    return CellExpressions(
        column, rule, values, tuple(joins), tuple(joined_columns), tuple(form_columns), tuple(minute_columns)
    )


def _universal_minute_sql(name: str) -> str:
    """Return SQL for the minute in universal time."""
    offset = f"case when {name}_minute >= {name}_switch then {name}_late else {name}_early end"
    whole = f"case when length({name}) = 16 then {name}_at else date_trunc('minute', {name}_at) end"
    return f"{whole} - to_minutes({offset})"


def _time_rule_sql(column: Column, table: Table, manifest: ReturnManifest, days: Mapping[str, MidnightReading]) -> str:
    name = column.name
    extracted = london_time.local_time(manifest.table(table.name).extracted_at)
    late = f"({name}_form = {DAY_FORM} and {name}_on > date '{extracted:%Y-%m-%d}') or " + _after_extraction_sql(
        name, extracted
    )
    is_impossible_day = f"{name}_on < date '{EARLIEST}'" + ("" if name == "due_on" else f" or {late}")
    branches = [f"when {name}_form = {NO_FORM} then {WRONG}"]
    if table.name in DATED_TABLES and name == table.date:
        early = f"{name}_on < date '{manifest.history_from}'"
        if table.name == "crimes":  # R50 decides later whether a crime without a sent reason is group history
            early += f" and not (scope_reason is null and {name}_on >= date '{GROUP_HISTORY_FROM}')"
        outside = f"(({early}) or {late})"
        exception = " and scope_reason_value is distinct from 'group_history'" if table.name == "crimes" else ""
        branches.append(f"when {outside}{exception} then {OUTSIDE}")
    if name == "date_of_birth":
        branches.append(f"when {_placeholder_birth_date_sql(name, extracted.date())} then {PLACEHOLDER}")
    if column.kind == "time":
        branches.append(f"when {name}_form = {DAY_FORM} then {NO_TIME}")
    if column.kind != "date":
        missing = f"{name}_minute >= {name}_gap and {name}_minute < {name}_switch"
        branches.append(f"when {name}_form = {MINUTE_FORM} and {missing} then {NO_SUCH_TIME}")
    branches.append(f"when {is_impossible_day} then {NO_SUCH_DAY}")
    if column.kind == "date":
        branches.append(f"when {name}_form = {MINUTE_FORM} and {name}_at <> {name}_on then {TIME_CUT}")
    if column.kind == "when" and not days[name].is_stated:
        branches.append(f"when {name}_form = {MINUTE_FORM} and {name}_minute = 0 then {MIDNIGHT}")
    return " ".join(branches)


def _after_extraction_sql(name: str, extracted: datetime) -> str:
    return f"({name}_form = {MINUTE_FORM} and {name}_at > timestamp '{extracted:%Y-%m-%d %H:%M}:00')"


def _placeholder_birth_date_sql(name: str, extracted: date) -> str:
    oldest = extracted.replace(year=extracted.year - OLDEST_YEARS, day=min(extracted.day, 28))
    return (
        f"{name}_on in (date '1900-01-01', date '1901-01-01') or {name}_on < date '{oldest}' "
        f"or {name}_on > date '{extracted}'"
    )


def _time_values_sql(column: Column, days: Mapping[str, MidnightReading]) -> dict[str, str]:
    name = column.name
    if column.kind == "date":
        return {name: _value_if_valid_sql(column, f"{name}_on")}
    minute = f"{name}_universal"
    if column.kind == "time":
        return {name: _value_if_valid_sql(column, minute)}
    is_day_only = f"({name}_form = {DAY_FORM} or ({name}_minute = 0 and {days[name].day_only_sql}))"
    first = f"case when {is_day_only} then {name}_on - to_minutes({name}_early) else {minute} end"
    last = f"case when {is_day_only} then {name}_on + to_minutes({LAST_MINUTE} - {name}_late) else {minute} end"
    day = f"{name}_on"
    return {
        field: _value_if_valid_sql(column, value)
        for field, value in zip(column.field_names, (first, last, day), strict=True)
    }
