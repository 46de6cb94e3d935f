"""Do the dates of a column contradict the declared date format, and which format fits them? (rule R70)

Where day and month are swapped, a date with a day of 12 or less is silently read as another day. So the whole column is
rejected if most of its values are not in the declared format, or if another format fits more of them and nearly all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from assay.ingest import time_zones
from assay.ingest.column_mapping import TableMapping
from assay.ingest.date_formats import (
    FORMAT_DIRECTIVES,
    SUGGESTED_DATE_FORMATS,
    TIME_SUFFIXES,
    ZONE_DIRECTIVE,
    strptime_format,
)
from assay.ingest.sql_literals import sql_string
from assay.ingest.staging_store import StagingStore
from assay.wording import count_phrase

ISO_FORMAT = "YYYY-MM-DD"
ISO_DAY_MONTH_SWAPPED = "YYYY-DD-MM"
MIN_MATCH_SHARE = 0.95
"""Share of the values of a column that a format must match before it is suggested."""
MIN_VALUES = 5
"""With fewer values than this, an accepted column is not reported and a spreadsheet swap is not looked for."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""A value matches a format only if its year is in this range."""


@dataclass(frozen=True)
class DateFormatError:
    """A validation error: the values of a column contradict the declared date format (R70)."""

    column: str
    """Name of the column in the return specification."""
    n_values: int
    """Number of values that are not empty."""
    n_matching: int
    """Number of values in the declared format, or in the default format if none was declared."""
    suggested_formats: tuple[str, ...]
    """Formats that match nearly all values, in the notation of mapping.toml; empty if there is none."""
    n_matching_suggested: int
    """Number of values that the suggested date format matches, with or without a time."""
    column_rejected: bool
    """True if no value of the column may be read; False if only the values that do not match are rejected."""
    spreadsheet_swapped: bool = False
    """True if a spreadsheet converted some of the dates with day and month swapped."""

    def sentence(self, file: str, declared: str) -> str:
        """Return the sentence for the sender: what is wrong, what was not read, and how to correct it.

        Parameters
        ----------
        file
            Name of the file.
        declared
            The declared formats as text (see `declared_formats_text`).
        """
        values, n_wrong = count_phrase(self.n_values, "value"), self.n_values - self.n_matching
        if self.spreadsheet_swapped:
            problem = (
                f"{self.n_matching:,} of {values} are {ISO_FORMAT} and all of these have a day of 12 or less; the rest "
                "are in another format. This happens when a spreadsheet converts dates with day and month swapped"
            )
        elif n_wrong:
            problem = f"{n_wrong:,} of {values} {'is' if n_wrong == 1 else 'are'} not in the format {declared}"
        else:
            problem = (
                f"all {values} can be read as {declared}, and other columns of the file cannot, so this column is "
                "probably in the other columns' format too"
            )
        rejected = "No value of the column was read (R70)." if self.column_rejected else "These values were not read."
        return f"{file}, column {self.column}: {problem}. {rejected} {self._suggested_fix()}"

    def _suggested_fix(self) -> str:
        if self.spreadsheet_swapped:
            return "Export the table again, and do not open it in a spreadsheet before you send it."
        if not self.suggested_formats:
            return "No format fits nearly all values: export the column in one format, and name it in mapping.toml."
        keys = (f'{"time" if "HH" in name else "date"}_form = "{name}"' for name in self.suggested_formats)
        fits = "fits" if len(self.suggested_formats) == 1 else "fit"
        formats = " and ".join(self.suggested_formats)
        values = count_phrase(self.n_matching_suggested, "value")
        return f"{formats} {fits} {values}: write {' and '.join(keys)} in mapping.toml."


def check_date_formats(
    store: StagingStore, cells: str, mapping: TableMapping, columns: Collection[str], nonmatching: Collection[str]
) -> list[DateFormatError]:
    """Return a validation error for each date column that contradicts its format.

    Parameters
    ----------
    store
        The staging store that holds the return.
    cells
        SQL for the date columns as text before any format was applied, with missing-value codes as NULL.
    mapping
        The mapping of the table, with the declared formats.
    columns
        All date and time columns in the file.
    nonmatching
        Those of the columns that hold at least one value outside the format.
    """
    checks = [_check_column(store, _counted_texts(store, cells, name), mapping, name) for name in columns
              if name in nonmatching]  # fmt: skip
    errors = [error for error in checks if error]
    if not _declared_date_formats(mapping):
        rejected_columns = {error.column for error in errors if error.column_rejected}
        unrejected = [name for name in nonmatching if name not in rejected_columns]
        swaps = [error for name in unrejected if (error := _spreadsheet_swap(store, _texts_name(name), name))]
        swapped_columns = {error.column for error in swaps}
        return [*(error for error in errors if error.column not in swapped_columns), *swaps]
    # Every value of a column can match two formats (no day above 12). If other columns of the same export are in
    # another format than declared, this one probably is too.
    formats = {_date_part(name) for error in errors if error.column_rejected for name in error.suggested_formats}
    matching = [name for name in columns if name not in nonmatching] if formats else []
    ambiguous = [
        _ambiguous_column(store, _counted_texts(store, cells, name), mapping, name, formats) for name in matching
    ]
    return [*errors, *(error for error in ambiguous if error)]


def _counted_texts(store: StagingStore, cells: str, column: str) -> str:
    """Store each text of a column once with its number of rows, because so many formats are tried on each."""
    name = _texts_name(column)
    store.store_query(
        name, f"select {column}, count(*) as n_rows from ({cells}) where {column} is not null group by {column}"
    )
    return name


def _texts_name(column: str) -> str:
    return f"texts_of_{column}"


def _count_sql(condition: str) -> str:
    return f"coalesce(sum(n_rows) filter ({condition}), 0)::bigint"


def declared_formats_text(mapping: TableMapping) -> str:
    """Return the declared date formats in the notation of mapping.toml; by default ISO 8601."""
    return " or ".join(_mapping_notation(name) for name in (mapping.date_form, mapping.time_form) if name) or ISO_FORMAT


def _declared_date_formats(mapping: TableMapping) -> set[str]:
    """Return the declared formats without their times; empty if no format was declared."""
    return {_date_part(_mapping_notation(name)) for name in (mapping.date_form, mapping.time_form) if name}


def _date_part(format_name: str) -> str:
    return format_name.partition("HH")[0].rstrip(" T:")


def _mapping_notation(strptime_name: str) -> str:
    """Return a `strptime` format in the notation of mapping.toml."""
    for letters, directive in (*FORMAT_DIRECTIVES.items(), ("MM", "%M"), ("Z", ZONE_DIRECTIVE)):
        strptime_name = strptime_name.replace(directive, letters)
    return strptime_name


def _check_column(store: StagingStore, texts: str, mapping: TableMapping, column: str) -> DateFormatError | None:
    n_values, n_matching, matches = _match_counts(store, texts, mapping, column)
    best = max(SUGGESTED_DATE_FORMATS, key=lambda name: matches[name])
    n_best = matches[best]
    is_known = n_best >= max(1, MIN_MATCH_SHARE * n_values)
    declared = _declared_date_formats(mapping)
    # Without a declared format, ISO dates are read as they stand, unless nearly all have day and month swapped.
    if declared:
        rejected = _contradicts_declared(n_values, n_matching, n_best if is_known else 0)
    else:
        rejected = best == ISO_DAY_MONTH_SWAPPED and n_best > n_matching
    if is_known and best in (declared or {ISO_FORMAT}):
        rejected = False  # the format is right: other values are no dates, or have a time in an undeclared format
    if n_matching == n_values or n_values == 1 or not (rejected or (is_known and n_values >= MIN_VALUES)):
        return None
    suggested = _with_time_format(store, texts, column, best) if is_known else ()
    return DateFormatError(column, n_values, n_matching, suggested, n_best, rejected)


def _contradicts_declared(n_values: int, n_matching: int, n_best: int) -> bool:
    """Return True if most values are not in the declared format, or another format fits more of them and nearly all."""
    return (n_values - n_matching) * 2 > n_values or n_best > n_matching


def _ambiguous_column(
    store: StagingStore, texts: str, mapping: TableMapping, column: str, formats: Collection[str]
) -> DateFormatError | None:
    """Return an error if all values match the declared format and also one of the formats of the rejected columns."""
    n_values, n_matching, matches = _match_counts(store, texts, mapping, column)
    shared = next((name for name in sorted(formats) if matches[name] == n_values), "")
    if not n_values or not shared:
        return None
    suggested = _with_time_format(store, texts, column, shared)
    return DateFormatError(column, n_values, n_matching, suggested, n_values, column_rejected=True)


def _match_counts(
    store: StagingStore, texts: str, mapping: TableMapping, column: str
) -> tuple[int, int, Mapping[str, int]]:
    """Return the number of values, of values in the declared format, and of values in each format with any time."""
    declared = _matches_declared_sql(column, mapping) or _is_iso_sql(column)
    counts = ", ".join(
        f"{_count_sql(_matches_sql(column, _with_all_times(name)))} as format_{number}"
        for number, name in enumerate(SUGGESTED_DATE_FORMATS)
    )
    row = store.query_row(
        f"select {_count_sql('true')} as n_values, {_count_sql(declared)} as n_matching, {counts} from {texts}"
    )
    matches = {name: row[f"format_{number}"] for number, name in enumerate(SUGGESTED_DATE_FORMATS)}
    return row["n_values"], row["n_matching"], matches


def _is_iso_sql(column: str) -> str:
    return f"try_cast({column} as timestamp) is not null and {column} like '____-__-__%'"


def _matches_declared_sql(column: str, mapping: TableMapping) -> str:
    """Return SQL that is true where a cell is in a declared format; '' where none was declared."""
    tests = [_matches_sql(column, [mapping.date_form])] if mapping.date_form else []
    if mapping.time_form:
        has_zone = mapping.time_form.endswith(ZONE_DIRECTIVE)
        time_sql = time_zones.london_time_sql if has_zone else time_zones.local_time_sql
        tests.append(f"{time_sql(column, mapping.time_form)} is not null")
    return f"coalesce({' or '.join(tests)}, false)" if tests else ""


def _matches_sql(column: str, strptime_names: Iterable[str]) -> str:
    formats = ", ".join(sql_string(name) for name in strptime_names)
    return f"year(try_strptime({column}, [{formats}])) between {FIRST_YEAR} and {LAST_YEAR}"


def _with_all_times(date_format: str) -> list[str]:
    return [strptime_format(date_format + suffix) for suffix in TIME_SUFFIXES]


def _with_time_format(store: StagingStore, texts: str, column: str, date_format: str) -> tuple[str, ...]:
    """Return the date format alone and with its commonest time, leaving out each that no cell is in."""
    formats = [date_format + suffix for suffix in TIME_SUFFIXES]
    counts = ", ".join(
        f"{_count_sql(_matches_sql(column, [strptime_format(name)]))} as format_{number}"
        for number, name in enumerate(formats)
    )
    row = store.query_row(f"select {counts} from {texts}")
    commonest = max(range(1, len(formats)), key=lambda number: row[f"format_{number}"])
    return tuple(formats[number] for number in (0, commonest) if row[f"format_{number}"])


def _spreadsheet_swap(store: StagingStore, texts: str, column: str) -> DateFormatError | None:
    """Return an error if a spreadsheet converted the dates that it could read in its own day and month order.

    A spreadsheet that expects months first converts 03/04/2026 and leaves 25/04/2026 as text. So every converted date
    has a day of 12 or less, and every date left as text has a number above 12 in the place of the month.
    """
    is_iso = f"({_is_iso_sql(column)})"
    left_as_text = " or ".join(
        f"({_matches_sql(column, _with_all_times(actual))} "
        f"and not coalesce({_matches_sql(column, _with_all_times(expected))}, false))"
        for actual, expected in (("DD/MM/YYYY", "MM/DD/YYYY"), ("MM/DD/YYYY", "DD/MM/YYYY"))
    )
    row = store.query_row(
        f"select {_count_sql('true')} as n_values, {_count_sql(is_iso)} as n_converted, "
        f"{_count_sql(f'{is_iso} and day(try_cast({column} as timestamp)) <= 12')} as n_day_up_to_12, "
        f"{_count_sql(f'not {is_iso} and ({left_as_text})')} as n_text from {texts}"
    )
    n_values, n_converted, n_text = row["n_values"], row["n_converted"], row["n_text"]
    has_pattern = min(n_converted, n_text) >= MIN_VALUES and n_converted == row["n_day_up_to_12"]
    if not has_pattern or n_converted + n_text < MIN_MATCH_SHARE * n_values:
        return None
    return DateFormatError(column, n_values, n_converted, (), 0, column_rejected=True, spreadsheet_swapped=True)
