"""Build the SQL for the text of a cell: trimmed, in the words and date format of the contract."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from assay.contract import FORCE_CODE, Column, Table
from assay.ingest import time_zones
from assay.ingest.column_mapping import TableMapping
from assay.ingest.date_formats import ZONE_DIRECTIVE
from assay.ingest.missing_value_codes import missing_value_sql
from assay.ingest.sql_literals import sql_list

UNTRIMMED_PATTERN = "^[^!-~]|[^!-~]$"
SPACES = r"E' \t\r\n\xC2\xA0\xEF\xBB\xBF'"
"""Includes the no-break space and the byte order mark, both as UTF-8."""
NOT_IN_FORMAT = "not in the format: "
"""Prefix of the text of a date or time that is not in the declared format."""
MONTH_COLUMNS = ("month_start",)
"""Columns that hold the first day of a month for the whole month."""
TIME_KINDS = ("date", "time", "when")


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
    """Return, for each time column without a declared format, SQL that is true where a cell has a time zone."""
    if mapping.date_form or mapping.time_form:
        return {}
    return {
        column.name: time_zones.has_zone_sql(_trimmed_sql(column.name))
        for column in time_columns_present(table, mapping, file_columns)
        if column.name not in MONTH_COLUMNS
    }


def unformatted_times_sql(table: Table, mapping: TableMapping, file_columns: Collection[str], cells: str) -> str:
    """Return SQL for dates and times as written in the file, with missing-value codes as NULL.

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
    """Return the date and time columns whose values are read from the file, not fixed by the mapping."""
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
