"""How is one cell of one column read, as SQL: its text, its form, the rule that it breaks, its value?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pyarrow as pa

from assay import contract
from assay.contract import FORCE_CODE, Column, Table
from assay.ingest import london_time, offence_codes, time_zones
from assay.ingest.column_mapping import ZONE_DIRECTIVE, TableMapping
from assay.ingest.midnight_times import Midnight
from assay.ingest.missing_value_codes import missing_value_sql
from assay.ingest.return_manifest import Cover
from assay.ingest.spreadsheet_damage import (
    damaged_offence_sql,
    damaged_reference_sql,
    is_reference,
    spreadsheet_error_sql,
)
from assay.ingest.sql_literals import among

DATED = ("crimes", "reports", "missing", "assessments", "referrals", "summaries")
"""Tables whose date column decides whether a row is asked for at all (R14)."""
KEPT = (20, 22, 24, 26)
"""Numbers of the rules of a cell after which its value stays."""
MISSING_VALUE_CODE, DAMAGED, WRONG_DATE_FORMAT, INCOMPLETE_DATE = 27, 28, 29, 30
ADDED_RULES = {MISSING_VALUE_CODE: "R67", DAMAGED: "R68", WRONG_DATE_FORMAT: "R70", INCOMPLETE_DATE: "R71"}
"""Rules of cells whose names do not follow from their numbers here. The numbers must stay below 63: each is one bit."""
OUTSIDE, EMPTY, WRONG, MARKED, ZONED, NO_SUCH_TIME, TIME_CUT = 14, 15, 16, 17, 18, 19, 20
NO_TIME, MIDNIGHT, PLACEHOLDER, TWO_ANSWERS, NO_SUCH_DAY, NO_CHARACTER = 21, 22, 23, 24, 25, 26

CONTROL = r"[\x00-\x1F\x7F-\x{9F}]"
UNREADABLE = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x{9F}\x{FFFD}]"
ODD_END = "^[^!-~]|[^!-~]$"
SPACES = r"E' \t\r\n\xC2\xA0\xEF\xBB\xBF'"
"""Also a space that is not broken, and the mark of the order of bytes, both as UTF-8."""
DAY = r"\d{4}-\d{2}-\d{2}"
MINUTE = DAY + r"T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?"
ZONE = MINUTE + r"\s?(Z|z|[+-]\d{2}(:?\d{2})?)"
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
A_DAY, A_MINUTE, A_ZONE, NO_FORM = 1, 2, 3, 9
EARLIEST = date(1900, 1, 1)
OLDEST_YEARS = 110
LAST_MINUTE = 24 * 60 - 1
TIMES = ("date", "time", "when")
READ_AS = {"ethnicity_self": {"O1": "A4"}}
LISTED_FOR_DETAIL = {"force_code": "other_force"}
"""The force that a transfer event names may be a body that is not in the list (return contract, section 9.2)."""


@dataclass(frozen=True)
class Cell:
    """The SQL of one column, layer by layer: what is joined to its text, its form, its rule and minute, its values."""

    column: Column
    rule: str
    values: Mapping[str, str]
    joins: tuple[str, ...] = ()
    placed: tuple[str, ...] = ()
    formed: tuple[str, ...] = ()
    minutes: tuple[str, ...] = ()


def times_of(table: Table) -> str:
    """SQL for the moment of every day and time, taken leniently: its form is looked at after."""
    times = [column.name for column in table.columns if column.kind in TIMES]
    return ", ".join(f"try_cast({name} as timestamp) as {name}_at" for name in times) or "null as nothing"


def texts_of(table: Table, mapping: TableMapping, held: Collection[str], cells: str) -> str:
    """SQL for the text of every cell: cut, empty as NULL, in the words of the contract; NULL if not in the file.

    `cells` is SQL for the rows of the file, with invisible characters and wrong encodings repaired.
    """
    texts = [f"{_held_text(column, mapping, held)} as {column.name}" for column in table.columns]
    code = f"{_mapped(_cut(FORCE_CODE), mapping.values.get(FORCE_CODE))} as {FORCE_CODE}"
    if FORCE_CODE in mapping.fixed:
        code = f"{quoted(mapping.fixed[FORCE_CODE])} as {FORCE_CODE}"
    return f"select line, {code}, {', '.join(texts)} from {cells}"


def unformatted_times(table: Table, mapping: TableMapping, held: Collection[str], cells: str) -> str:
    """Return SQL for the dates and times as the file has them, with missing-value codes as NULL.

    Parameters
    ----------
    table
        The specification of the table.
    mapping
        The mapping of the table.
    held
        Names of the columns that the file has.
    cells
        SQL for the rows of the file as text.
    """
    columns = time_columns_present(table, mapping, held)
    texts = ", ".join(
        f"{_mapped(_null_if_empty_word(_cut(column.name), mapping), mapping.values.get(column.name))} as {column.name}"
        for column in columns
    )
    values = ", ".join(
        f"case when {missing_value_sql(column)} then null else {column.name} end as {column.name}" for column in columns
    )
    return f"select {values} from (select {texts} from {cells})"


def time_columns_present(table: Table, mapping: TableMapping, held: Collection[str]) -> list[Column]:
    """Return the date and time columns whose values come from the file."""
    return [
        column
        for column in table.columns
        if column.kind in TIMES and column.name in held and column.name not in mapping.fixed
    ]


def _held_text(column: Column, mapping: TableMapping, held: Collection[str]) -> str:
    if column.name in mapping.fixed:
        return f"nullif({quoted(mapping.fixed[column.name])}, '')"
    return _text(column, mapping) if column.name in held else "null::varchar"


def _cut(name: str) -> str:
    # To trim every cell would take longer than all the rest; few cells begin or end with anything but a plain letter.
    return f"nullif(case when regexp_matches({name}, '{ODD_END}') then trim({name}, {SPACES}) else {name} end, '')"


def _text(column: Column, mapping: TableMapping) -> str:
    cut = _null_if_empty_word(_cut(column.name), mapping)
    if column.kind == "text":
        return f"case when {cut} is not null then {_mapped(column.name, mapping.values.get(column.name))} end"
    mapped = _mapped(cut, mapping.values.get(column.name))
    if column.name in MONTH_COLUMNS:
        return f"coalesce({_first_day_of_month_sql(mapped)}, {mapped})"
    if column.kind in TIMES and (mapping.date_form or mapping.time_form):
        return _in_our_form(mapped, mapping)
    return mapped


def _null_if_empty_word(text: str, mapping: TableMapping) -> str:
    """Return SQL for the text; NULL where the mapping declares it as a word for an empty cell."""
    return f"case when lower({text}) in {among(mapping.empty)} then null else {text} end" if mapping.empty else text


def _first_day_of_month_sql(text: str) -> str:
    """Return SQL for the first day of a month written as a month, as spreadsheets display it; NULL if it is none."""
    return f"strftime(try_strptime({text}, ['%b-%Y', '%b-%y', '%Y-%m']), '%Y-%m-01')"


def _mapped(text: str, values: Mapping[str, str] | None) -> str:
    if not values:
        return text
    whens = " ".join(f"when {quoted(theirs)} then {quoted(ours)}" for theirs, ours in values.items())
    return f"nullif(case lower({text}) {whens} else {text} end, '')"


def _in_our_form(text: str, mapping: TableMapping) -> str:
    """Return SQL for a date in ISO format. A declared format holds for every cell; another format is no date (R16)."""
    readings = []
    if mapping.time_form.endswith(ZONE_DIRECTIVE):
        readings.append(time_zones.london_time_sql(text, mapping.time_form))
    elif mapping.time_form:
        readings.append(time_zones.local_time_sql(text, mapping.time_form))
    if mapping.date_form:
        readings.append(f"strftime(try_strptime({text}, {quoted(mapping.date_form)}), '%Y-%m-%d')")
    return f"coalesce({', '.join(readings)}, {quoted(NOT_IN_FORMAT)} || {text})"


def quoted(words: str) -> str:
    """A text as SQL."""
    return "'" + words.replace("'", "''") + "'"


def lists_of(table: Table) -> dict[str, pa.Table]:
    """The closed lists of a table, each as `word` in small letters -> `value`; events.detail by `kind`."""
    names = {column.values for column in table.columns if column.values}
    held = {f"list_{name}": _list(_values(name), READ_AS.get(name, {})) for name in sorted(names)}
    if table.name == "events":
        held["list_detail"] = _details()
    return held


def _values(name: str) -> tuple[str, ...]:
    """A kind with its home in another table is a kind all the same, and is told apart later (R33)."""
    return tuple(contract.event_kinds()) if name == "event_kind" else contract.list_values(name)


def _list(values: tuple[str, ...], read_as: Mapping[str, str]) -> pa.Table:
    words = pa.array([value.casefold() for value in values], pa.string())
    return pa.table({"word": words, "value": pa.array([read_as.get(value, value) for value in values], pa.string())})


def _details() -> pa.Table:
    rows = [
        {"kind": kind.key, "word": value.casefold(), "value": value}
        for kind in contract.event_kinds().values()
        if kind.detail_list
        for value in contract.list_values(LISTED_FOR_DETAIL.get(kind.detail_list, kind.detail_list))
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


def cell(column: Column, table: Table, cover: Cover, days: Mapping[str, Midnight], findings: ColumnFindings) -> Cell:
    """Return how a column of a table is read."""
    one = _read(column, table, cover, days)
    empty = EMPTY if table.demands(column) == "yes" else 0
    rule = f"case when {column.name} is null then {empty} {_export_damage(column, findings)} {one.rule} else 0 end"
    if column.name in findings.marked:
        lines = f"select line from marked_{table.name} where column_name = '{column.name}'"
        rule = f"case when line in ({lines}) then {MARKED} else ({rule}) end"
    return replace(one, rule=rule)


def _export_damage(column: Column, findings: ColumnFindings) -> str:
    """Return SQL branches for what an export or a spreadsheet did to a cell, before the rules of its type."""
    name = column.name
    if column.kind in TIMES:
        original = _original_text_sql(name)
        tests = [(missing_value_sql(column, original), MISSING_VALUE_CODE)]
        tests += [("true", WRONG_DATE_FORMAT)] if name in findings.rejected_dates else []
        tests += [(f"{name}_form = {NO_FORM} and {_incomplete_date_sql(original)}", INCOMPLETE_DATE)]
        return " ".join(f"when {test} then {number}" for test, number in tests)
    tests = [(missing_value_sql(column), MISSING_VALUE_CODE)]
    if column.kind in ("ref", "text") or column.values == "offence_code":
        tests.append((spreadsheet_error_sql(name), MARKED))
    if is_reference(column):
        tests.append((damaged_reference_sql(name), DAMAGED))
    if column.values == "offence_code":
        tests.append((damaged_offence_sql(name), DAMAGED))
    if name in findings.damaged:
        tests.append((findings.damaged[name], DAMAGED))
    return " ".join(f"when {test} then {number}" for test, number in tests)


def _original_text_sql(name: str) -> str:
    """Return SQL for the text of a date or time as the file has it, also where it is not in the declared format."""
    prefix = quoted(NOT_IN_FORMAT)
    return f"case when starts_with({name}, {prefix}) then substr({name}, {len(NOT_IN_FORMAT) + 1}) else {name} end"


def _incomplete_date_sql(text: str) -> str:
    """Return SQL that is true where a cell holds a month, a quarter or a year, or a day without its year."""
    return f"regexp_full_match({text}, {quoted(INCOMPLETE_DATE_PATTERN)})"


def _read(column: Column, table: Table, cover: Cover, days: Mapping[str, Midnight]) -> Cell:
    name = column.name
    if column.kind in TIMES:
        return _time(column, table, cover, days)
    if column.kind == "code" and (column.values or column.values_by):
        return _code(column, table)
    if column.kind in ("ref", "code"):
        wrong = f"length({name}) > 64 or regexp_matches({name}, '{CONTROL}')"
        return _plain(column, f"when {wrong} then {WRONG}", name)
    if column.kind == "yesno":
        return _plain(column, f"when lower({name}) not in ('yes', 'no') then {WRONG}", f"lower({name}) = 'yes'")
    if column.kind in ("int", "num"):
        return _number(column)
    return _words(column)


def _plain(column: Column, rule: str, value: str) -> Cell:
    return Cell(column, rule, {column.name: _if_sound(column, value)})


def _if_sound(column: Column, value: str) -> str:
    return f"case when {column.name}_rule in {(0, *KEPT)} then {value} end"


def _number(column: Column) -> Cell:
    whole = column.kind == "int"
    form = r"-?[0-9]{1,18}" if whole else r"-?[0-9]{1,15}(\.[0-9]{1,15})?"
    rule = f"when not regexp_full_match({column.name}, '{form}') then {WRONG}"
    for sign, bound in (("<", column.least), (">", column.most)):
        if bound is not None:
            rule += f" when try_cast({column.name} as {'bigint' if whole else 'double'}) {sign} {bound} then {WRONG}"
    return _plain(column, rule, f"try_cast({column.name} as {'bigint' if whole else 'double'})")


def _words(column: Column) -> Cell:
    name = column.name
    rule = f"when regexp_matches({name}, '{UNREADABLE}') then {NO_CHARACTER}"
    if name == "phone":
        digits = f"regexp_replace({name}, '[^0-9]', '', 'g')"
        poor = f"length({digits}) < 7 or replace({digits}, {digits}[1], '') = ''"
        rule = f"when {poor} then {PLACEHOLDER} {rule}"
    spaced = (
        f"case when {name}_rule = {NO_CHARACTER} then regexp_replace({name}, '{UNREADABLE}', ' ', 'g') else {name} end"
    )
    return _plain(column, rule, spaced)


def _code(column: Column, table: Table) -> Cell:
    name, at = column.name, f"l_{column.name}"
    word, value = f"lower(t.{name})", f"{at}.value"
    if column.values == "outcome_code":
        word = f"ltrim({word}, '0')"
    if column.values == "offence_code":
        word, value = offence_codes.lookup_sql(f"t.{name}"), offence_codes.code_sql(value, f"t.{name}")
    rule = f"when {name}_value is null then {WRONG}"
    if column.values_by:
        by = f"l_{column.values_by}.value"
        joins = (f"left join list_detail as {at} on {at}.kind = {by} and {at}.word = {word}",)
        kinds = [kind.key for kind in contract.event_kinds().values() if kind.detail_list]
        rule = f"when {name}_value is null and {column.values_by}_value in {tuple(kinds)} then {WRONG}"
        value = f"coalesce({at}.value, t.{name})"
        placed = (f"{value} as {name}_value_or_text", f"{at}.value as {name}_value")
        return Cell(column, rule, {name: _if_sound(column, f"{name}_value_or_text")}, joins, placed)
    joins = (f"left join list_{column.values} as {at} on {at}.word = {word}",)
    if name.endswith("_missing_reason"):
        rule += f" when {name.removesuffix('_missing_reason')} is not null then {TWO_ANSWERS}"
    return Cell(column, rule, {name: _if_sound(column, f"{name}_value")}, joins, (f"{value} as {name}_value",))


def _time(column: Column, table: Table, cover: Cover, days: Mapping[str, Midnight]) -> Cell:
    name, at = column.name, f"k_{column.name}"
    form = (
        f"case when {name}_at is null then {NO_FORM} "
        f"when length({name}) = 10 then case when regexp_full_match({name}, '{DAY}') then {A_DAY} else {NO_FORM} end "
        f"when regexp_full_match({name}, '{MINUTE}') then {A_MINUTE} "
        f"when regexp_full_match({name}, '{ZONE}') then {A_ZONE} else {NO_FORM} end"
    )
    formed = [f"({form})::utinyint as {name}_form", f"{name}_at::date as {name}_on"]
    joins, placed, minutes = [], [], []
    if column.kind != "date":
        formed.append(f"(hour({name}_at) * 60 + minute({name}_at)) as {name}_minute")
        joins.append(f"left join clock_days as {at} on {at}.day = t.{name}_at::date")
        placed += [f"{at}.{what} as {name}_{what}" for what in ("early", "late", "gap", "switch")]
        minutes.append(f"{_universal(name)} as {name}_universal")
    rule, values = _time_rule(column, table, cover, days), _time_values(column, days)
    return Cell(column, rule, values, tuple(joins), tuple(placed), tuple(formed), tuple(minutes))


def _universal(name: str) -> str:
    """The minute of universal time."""
    offset = f"case when {name}_minute >= {name}_switch then {name}_late else {name}_early end"
    whole = f"case when length({name}) = 16 then {name}_at else date_trunc('minute', {name}_at) end"
    return f"{whole} - to_minutes({offset})"


def _time_rule(column: Column, table: Table, cover: Cover, days: Mapping[str, Midnight]) -> str:
    name = column.name
    extracted = london_time.wall(cover.table(table.name).extracted_at)
    late = f"({name}_form = {A_DAY} and {name}_on > date '{extracted:%Y-%m-%d}') or " + _after(name, extracted)
    never = f"{name}_on < date '{EARLIEST}'" + ("" if name == "due_on" else f" or {late}")
    whens = [f"when {name}_form = {NO_FORM} then {WRONG}", f"when {name}_form = {A_ZONE} then {ZONED}"]
    if table.name in DATED and name == table.date:
        outside = f"({name}_on < date '{cover.history_from}' or {late})"
        spared = " and scope_reason_value is distinct from 'group_history'" if table.name == "crimes" else ""
        whens.append(f"when {outside}{spared} then {OUTSIDE}")
    if name == "date_of_birth":
        whens.append(f"when {_placeholder(name, extracted.date())} then {PLACEHOLDER}")
    if column.kind == "time":
        whens.append(f"when {name}_form = {A_DAY} then {NO_TIME}")
    if column.kind != "date":
        missing = f"{name}_minute >= {name}_gap and {name}_minute < {name}_switch"
        whens.append(f"when {name}_form = {A_MINUTE} and {missing} then {NO_SUCH_TIME}")
    whens.append(f"when {never} then {NO_SUCH_DAY}")
    if column.kind == "date":
        whens.append(f"when {name}_form = {A_MINUTE} and {name}_at <> {name}_on then {TIME_CUT}")
    if column.kind == "when" and not days[name].stated:
        whens.append(f"when {name}_form = {A_MINUTE} and {name}_minute = 0 then {MIDNIGHT}")
    return " ".join(whens)


def _after(name: str, extracted: datetime) -> str:
    return f"({name}_form = {A_MINUTE} and {name}_at > timestamp '{extracted:%Y-%m-%d %H:%M}:00')"


def _placeholder(name: str, extracted: date) -> str:
    oldest = extracted.replace(year=extracted.year - OLDEST_YEARS, day=min(extracted.day, 28))
    return (
        f"{name}_on in (date '1900-01-01', date '1901-01-01') or {name}_on < date '{oldest}' "
        f"or {name}_on > date '{extracted}'"
    )


def _time_values(column: Column, days: Mapping[str, Midnight]) -> dict[str, str]:
    name = column.name
    if column.kind == "date":
        return {name: _if_sound(column, f"{name}_on")}
    minute = f"{name}_universal"
    if column.kind == "time":
        return {name: _if_sound(column, minute)}
    alone = f"({name}_form = {A_DAY} or ({name}_minute = 0 and {days[name].alone}))"
    first = f"case when {alone} then {name}_on - to_minutes({name}_early) else {minute} end"
    last = f"case when {alone} then {name}_on + to_minutes({LAST_MINUTE} - {name}_late) else {minute} end"
    on = f"{name}_on"
    return {field: _if_sound(column, value) for field, value in zip(column.names, (first, last, on), strict=True)}
