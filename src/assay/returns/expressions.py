"""How is one cell of one column read, as SQL: its text, its form, the rule that it breaks, its value?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pyarrow as pa

from assay.returns import clock, contract, offence_codes, zones
from assay.returns.contract import FORCE_CODE, Column, Table
from assay.returns.cover import Cover
from assay.returns.mapping import ZONE as ZONE_OF_A_FORM
from assay.returns.mapping import TableMapping
from assay.returns.midnight import Midnight
from assay.returns.null_words import is_null_word
from assay.returns.reference_damage import is_damaged_offence, is_damaged_reference, is_error, is_reference
from assay.returns.sql import among

DATED = ("crimes", "reports", "missing", "assessments", "referrals", "summaries")
"""Tables whose date column decides whether a row is asked for at all (R14)."""
KEPT = (20, 22, 24, 26)
"""Numbers of the rules of a cell after which its value stays."""
NULL_WORD, DAMAGED, OTHER_FORM, NOT_A_DAY = 27, 28, 29, 30
LATER = {NULL_WORD: "R67", DAMAGED: "R68", OTHER_FORM: "R70", NOT_A_DAY: "R71"}
"""Rules that were added after those of references and sense have numbers of their own here: each is one bit."""
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
NOT_IN_FORM = "not in the form: "
"""What stands before a date or time that is not in the form that was declared."""
_MONTH = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[A-Za-z]*\\.?"
_YEAR = "(?:'?[0-9]{2}|[0-9]{4})"
NO_DAY = (
    rf"[0-9]{{4}}([-/. ][0-9]{{1,2}})?|[0-9]{{1,2}}[-/. ][0-9]{{4}}|{_MONTH}([-/., ]*{_YEAR})?|{_YEAR}[-/., ]*{_MONTH}"
    rf"|[0-9]{{1,2}}(st|nd|rd|th)?[-/. ]*(of )?{_MONTH}|[0-9]{{4}} ?[-/] ?([0-9]{{2}}|[0-9]{{4}})"
    rf"|{_YEAR}[-/. ]*[Qq][1-4]|[Qq][1-4][-/. ]*({_YEAR}([-/][0-9]{{2}})?)?"
    rf"|(?i:fy|year|spring|summer|autumn|winter)[-/ ]*[0-9]{{2,4}}([-/][0-9]{{2,4}})?"
)
"""A month, a quarter or a year, as text or as a spreadsheet shows it; a day without its year."""
MONTHS = ("month_start",)
"""Columns that stand for a whole month, by its first day."""
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

    `cells` is SQL for the rows of the file, as they were meant.
    """
    texts = [f"{_held_text(column, mapping, held)} as {column.name}" for column in table.columns]
    code = f"{_mapped(_cut(FORCE_CODE), mapping.values.get(FORCE_CODE))} as {FORCE_CODE}"
    if FORCE_CODE in mapping.fixed:
        code = f"{quoted(mapping.fixed[FORCE_CODE])} as {FORCE_CODE}"
    return f"select line, {code}, {', '.join(texts)} from {cells}"


def times_before_any_form(table: Table, mapping: TableMapping, held: Collection[str], cells: str) -> str:
    """SQL for the dates and times that the file holds, as they stand there; null words, which are none, are NULL."""
    texts = ", ".join(
        f"{_mapped(_not_empty(_cut(column.name), mapping), mapping.values.get(column.name))} as {column.name}"
        for column in times_held(table, mapping, held)
    )
    none = ", ".join(
        f"case when {is_null_word(column)} then null else {column.name} end as {column.name}"
        for column in times_held(table, mapping, held)
    )
    return f"select {none} from (select {texts} from {cells})"


def times_held(table: Table, mapping: TableMapping, held: Collection[str]) -> list[Column]:
    """The columns of days and times that the file has."""
    return [
        one for one in table.columns if one.kind in TIMES and one.name in held and one.name not in mapping.fixed
    ]


def _held_text(column: Column, mapping: TableMapping, held: Collection[str]) -> str:
    if column.name in mapping.fixed:
        return f"nullif({quoted(mapping.fixed[column.name])}, '')"
    return _text(column, mapping) if column.name in held else "null::varchar"


def _cut(name: str) -> str:
    # To trim every cell would take longer than all the rest; few cells begin or end with anything but a plain letter.
    return f"nullif(case when regexp_matches({name}, '{ODD_END}') then trim({name}, {SPACES}) else {name} end, '')"


def _text(column: Column, mapping: TableMapping) -> str:
    cut = _not_empty(_cut(column.name), mapping)
    if column.kind == "text":
        return f"case when {cut} is not null then {_mapped(column.name, mapping.values.get(column.name))} end"
    mapped = _mapped(cut, mapping.values.get(column.name))
    if column.name in MONTHS:
        return f"coalesce({_first_of_month(mapped)}, {mapped})"
    if column.kind in TIMES and (mapping.date_form or mapping.time_form):
        return _in_our_form(mapped, mapping)
    return mapped


def _not_empty(text: str, mapping: TableMapping) -> str:
    """The text, NULL where it is a word that the mapping says stands for an empty cell."""
    return f"case when lower({text}) in {among(mapping.empty)} then null else {text} end" if mapping.empty else text


def _first_of_month(text: str) -> str:
    """The first day of a month that is given as a month: a spreadsheet shows it so."""
    return f"strftime(try_strptime({text}, ['%b-%Y', '%b-%y', '%Y-%m']), '%Y-%m-01')"


def _mapped(text: str, values: Mapping[str, str] | None) -> str:
    if not values:
        return text
    whens = " ".join(f"when {quoted(theirs)} then {quoted(ours)}" for theirs, ours in values.items())
    return f"nullif(case lower({text}) {whens} else {text} end, '')"


def _in_our_form(text: str, mapping: TableMapping) -> str:
    """Where a form is declared it holds for every cell: another form is no date (R16), never a guess."""
    tried = []
    if mapping.time_form.endswith(ZONE_OF_A_FORM):
        tried.append(zones.wall_time(text, mapping.time_form))
    elif mapping.time_form:
        tried.append(zones.time_alone(text, mapping.time_form))
    if mapping.date_form:
        tried.append(f"strftime(try_strptime({text}, {quoted(mapping.date_form)}), '%Y-%m-%d')")
    return f"coalesce({', '.join(tried)}, {quoted(NOT_IN_FORM)} || {text})"


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
class Noticed:
    """What was found of the cells of a table before they are read: `marked`, the columns with cells that hold a formula
    or an error; `damaged`, by column of references, SQL for the cells that the whole column tells were changed;
    `refused`, the columns of dates whose form is contradicted."""

    marked: Collection[str] = ()
    damaged: Mapping[str, str] = field(default_factory=dict)
    refused: Collection[str] = ()


def cell(column: Column, table: Table, cover: Cover, days: Mapping[str, Midnight], noticed: Noticed) -> Cell:
    """How a column of a table is read."""
    one = _read(column, table, cover, days)
    empty = EMPTY if table.demands(column) == "yes" else 0
    rule = f"case when {column.name} is null then {empty} {_exported(column, noticed)} {one.rule} else 0 end"
    if column.name in noticed.marked:
        lines = f"select line from marked_{table.name} where column_name = '{column.name}'"
        rule = f"case when line in ({lines}) then {MARKED} else ({rule}) end"
    return replace(one, rule=rule)


def _exported(column: Column, noticed: Noticed) -> str:
    """What an exporter or a spreadsheet did to a cell, before its own type is looked at."""
    name = column.name
    if column.kind in TIMES:
        found = [(is_null_word(column, _said(name)), NULL_WORD)]
        found += [("true", OTHER_FORM)] if name in noticed.refused else []
        found += [(f"{name}_form = {NO_FORM} and {_is_no_day(_said(name))}", NOT_A_DAY)]
        return " ".join(f"when {test} then {number}" for test, number in found)
    whens = [(is_null_word(column), NULL_WORD)]
    if column.kind in ("ref", "text") or column.values == "offence_code":
        whens.append((is_error(name), MARKED))
    if is_reference(column):
        whens.append((is_damaged_reference(name), DAMAGED))
    if column.values == "offence_code":
        whens.append((is_damaged_offence(name), DAMAGED))
    if name in noticed.damaged:
        whens.append((noticed.damaged[name], DAMAGED))
    return " ".join(f"when {test} then {number}" for test, number in whens)


def _said(name: str) -> str:
    """The text of a date or time as it stood in the file, also where a form was declared that it is not in."""
    mark = quoted(NOT_IN_FORM)
    return f"case when starts_with({name}, {mark}) then substr({name}, {len(NOT_IN_FORM) + 1}) else {name} end"


def _is_no_day(text: str) -> str:
    """True where a cell says a month, a quarter or a year, or a day without its year."""
    return f"regexp_full_match({text}, {quoted(NO_DAY)})"


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
        word, value = offence_codes.word_sql(f"t.{name}"), offence_codes.value_sql(value, f"t.{name}")
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
    extracted = clock.wall(cover.table(table.name).extracted_at)
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
