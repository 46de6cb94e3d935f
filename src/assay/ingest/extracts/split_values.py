"""Convert the cells of one extract column into contract values, by the meaning that the split plan gives the column.

Every cell is read, known to be empty (a word such as "unknown"), or not understood. Whole columns are read at once, and
codes by their distinct words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from assay import contract
from assay.ingest.extracts.extract_model import ColumnMeaning
from assay.ingest.extracts.sheet_shape import EXPORTED_EMPTY
from assay.ingest.extracts.split_times import TimeReader, add_clock
from assay.ingest.extracts.value_kinds_coded import NO_PERSON, NO_PERSON_KNOWN, says_nobody, says_not_known
from assay.ingest.extracts.value_kinds_offences import read_offences
from assay.ingest.missing_value_codes import MISSING_VALUE_CODES, PLACEHOLDER_REFERENCES
from assay.ingest.time_zones import names_universal_time
from assay.ingest.yes_no_words import (
    EMPTY_WORDS,
    PUNCTUATION_ONLY,
    is_no_word,
    is_yes_word,
    normalise_cell,
)

MEANS_NOTHING = EMPTY_WORDS | frozenset(MISSING_VALUE_CODES) | frozenset({
    "unk", "unknwn", "n.k.", "not given", "not obtained", "not asked", "not yet known", "unidentified", "none recorded",
    "none known", "nothing known", "missing", "?", "??", "???", "n/r", "nr", "n.r.",
})  # fmt: skip
"""Words that stand where nothing is known, in lower case."""
MEANS_NO_REFERENCE = MEANS_NOTHING | frozenset(PLACEHOLDER_REFERENCES)
PLACEHOLDER_NUMBER = r"^(0+|9{4,}|[x-]{2,})$"
"""A reference of zeros or nines alone stands for no person."""
WORD_FOR_NOBODY = r"^\W*(unknown|unidentified|unnamed|not known|not named|not identified|unk|n/?k|tbc)\b.*$"
"""A name such as "Unknown male" names nobody."""
DESCRIBES_NOBODY = (
    r"^(?:(?:unknown|unidentified|unnamed|unk|n/?k|male|female|man|woman|boy|girl|youth|adult|child|juvenile|person|"
    r"suspect|offender|victim|subject|no|name|known|not|identified|teens?|teenagers?|aged?|early|mid|late|years?|yrs?|"
    r"old|approx|\d+(?:['\u2019]?s)?)[\s,;:#()/.+-]*)+$"
)
"""Words that describe a person: a name of nothing else, such as "Male (unknown)" or "Suspect 2", names nobody."""
NAMES_NOBODY = r"\b(unknown|unidentified|unnamed|unk|n/?k|male|female|suspect|offender|victim|subject|\d+)\b"
"""One of these is among the words: "Child" alone is a surname."""
HOLDS_DESCRIPTION = r"\b(male|female|teens?|teenagers?|aged|years?|yrs?|ic ?\d|\d{1,2}['\u2019]?s?)\b"
"""Words that no forename holds, as in "Male, slim build": beside a surname that is not known they describe somebody."""
PLACEHOLDER_BIRTHS = ("1900-01-01", "1901-01-01")
"""Dates of birth that systems enter when none is known (rule R23)."""
WHOLE_NUMBER = r"(?i)^\s*(\d+(?:\.\d+)?)\s*(?:years?|yrs?|y/?o?)?(?:\s*old)?\.?\s*$"
"""A number, or an age with its unit."""
FULL_NAME, TRANSLATED = "full_name", "translated"
"""Kinds of a meaning: a cell holds a whole name; a list of codes that came with the extract explains the cells."""
IDENTITY_TEXTS = ("forenames", "surname")


@dataclass(frozen=True)
class ColumnReading:
    """The values read from one column, and which cells were not understood.

    Parameters
    ----------
    values
        The column of the contract, and `NAME_is_day` where it is a time.
    not_understood
        True for each cell that is filled, and neither a value nor a word for nothing.
    """

    values: pl.DataFrame
    not_understood: pl.Series


@lru_cache
def column_kind(table: str, column: str) -> str:
    """Return the type of a contract column: ref, code, text, yesno, int, num, date, time or when."""
    return contract.table(table).column(column).kind


def read_column(
    table: str, column: str, meaning: ColumnMeaning, cells: pl.DataFrame, times: TimeReader | None = None
) -> ColumnReading:
    """Return the values of a contract column, as read from the column with this heading.

    Parameters
    ----------
    cells
        The cells of the sheet, with the heading of the meaning and its joined heading.
    times
        The reader of dates and times that may have read the texts before.
    """
    kind = column_kind(table, column)
    texts = joined_cells(meaning, cells) if kind not in ("when", "date") else cells[meaning.heading]
    if kind in ("when", "date", "time"):
        return _read_dates(column, kind, meaning, cells, times or TimeReader())
    if kind in ("int", "num"):
        return _read_numbers(column, kind, meaning, texts)
    if kind in ("code", "yesno"):
        return _read_words(column, _code_reader(table, column, kind, meaning), texts)
    if meaning.kind == FULL_NAME:
        texts = name_part(_without_nobody(texts), column)
    return _read_texts(column, kind, meaning.values, texts)


def name_part(texts: pl.Series, column: str) -> pl.Series:
    """Return the forenames or the surname of whole names: 'SMITH, Ann', 'Ann SMITH', 'Ann Smith'.

    The surname is before a comma. Without a comma, it is the part in capitals at the end or at the beginning, if the
    rest is not in capitals; otherwise it is the last word.
    """
    patterns = (
        r"^(?P<surname>[^,]+),\s*(?P<forenames>.*)$",
        r"^(?P<forenames>.*\p{Ll}.*?)\s+(?P<surname>[\p{Lu}'’-]{2,}(?:\s+[\p{Lu}'’-]{2,})*)$",
        r"^(?P<surname>[\p{Lu}'’-]{2,}(?:\s+[\p{Lu}'’-]{2,})*)\s+(?P<forenames>\p{Lu}\p{Ll}.*)$",
        r"^(?P<forenames>.*\S)\s+(?P<surname>\S+)$",
        r"^(?P<forenames>)(?P<surname>.+)$",
    )
    cell = pl.col("text").str.strip_chars()
    parts = [cell.str.extract_groups(pattern).struct.field(column) for pattern in patterns]
    part = pl.coalesce(parts).str.strip_chars()
    return texts.to_frame("text").select(pl.when(part != "").then(part).alias("part"))["part"]


def _names_nobody(word: pl.Expr) -> pl.Expr:
    describes = word.str.contains(DESCRIBES_NOBODY) & word.str.contains(NAMES_NOBODY)
    return word.str.contains(WORD_FOR_NOBODY) | describes


def is_name_of_nobody(surnames: pl.Series, forenames: pl.Series) -> pl.Series:
    """Return True where one cell says that the name is unknown, and the other only describes somebody.

    'Child' and 'Person' are surnames; beside 'Unknown' they describe somebody, as 'Male, slim build' does.
    """
    cells = {name: _normalised(pl.col(name)) for name in ("surname", "forename")}
    is_denied = {name: cell.str.contains(WORD_FOR_NOBODY).fill_null(False) for name, cell in cells.items()}
    is_description = {
        name: (cell.str.contains(DESCRIBES_NOBODY) | cell.str.contains(HOLDS_DESCRIPTION)).fill_null(False)
        for name, cell in cells.items()
    }
    is_nobody = (is_denied["surname"] & is_description["forename"]) | (
        is_denied["forename"] & is_description["surname"]
    )
    return pl.select(surname=surnames, forename=forenames).select(is_nobody.alias("nobody"))["nobody"]


def _without_nobody(names: pl.Series) -> pl.Series:
    """Return whole names without those of nobody, whose parts would look like names: 'Unknown, male'."""
    is_placeholder = _names_nobody(_normalised(pl.col("text")))
    return names.to_frame("text").select(pl.when(~is_placeholder).then(pl.col("text")).alias("name"))["name"]


def joined_cells(meaning: ColumnMeaning, cells: pl.DataFrame) -> pl.Series:
    """Return the cells of a heading; where a second heading is joined to it, both cells as one text."""
    first = pl.col(meaning.heading)
    if not meaning.joined_heading:
        return cells[meaning.heading]
    second = pl.col(meaning.joined_heading)
    joined = pl.when(second.is_null()).then(first).otherwise(first + meaning.joined_by + second)
    return cells.select(joined.alias("joined"))["joined"]


def is_exported_empty(cells: pl.Expr) -> pl.Expr:
    """Return an expression that is true where a cell holds an export program's text for empty: NULL, (Blank), '-'."""
    word = _normalised(cells)
    return cells.is_null() | word.is_in(list(EXPORTED_EMPTY)) | word.str.contains(f"^{PUNCTUATION_ONLY}$")


def is_for_nobody(cells: pl.Expr) -> pl.Expr:
    """Return an expression that is true where a cell says that there is no such person."""
    word = _normalised(cells)
    return (word.str.contains(NO_PERSON) & ~word.str.contains(NO_PERSON_KNOWN)).fill_null(False)


def is_filled(cells: pl.Expr) -> pl.Expr:
    """Return an expression that is true where a cell has a value, and not just a word for a missing value."""
    word = _normalised(cells)
    is_missing_word = word.is_in(list(MEANS_NOTHING)) | word.str.contains(f"^{PUNCTUATION_ONLY}$")
    return cells.is_not_null() & ~is_missing_word


def _normalised(cells: pl.Expr) -> pl.Expr:
    return cells.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()


def _read_dates(
    column: str, kind: str, meaning: ColumnMeaning, cells: pl.DataFrame, times: TimeReader
) -> ColumnReading:
    texts = cells[meaning.heading]
    is_birth_date = column == "date_of_birth"
    universal = meaning.form.endswith("Z") or names_universal_time(meaning.heading)
    read = times.read_times(texts, meaning.form, universal=universal and kind == "when")
    unread_clock = pl.repeat(False, len(texts), eager=True)
    if meaning.joined_heading:
        clock_texts = cells[meaning.joined_heading]
        clock = times.read_clock(clock_texts)
        read = add_clock(read, clock)
        unread_clock = _is_unread(clock_texts, clock.is_null(), meaning.values)
    # A placeholder says that the birth is not known: it is read, and nobody needs to explain it in a mapping.
    not_understood = _is_unread(texts, read["time"].is_null(), meaning.values) | unread_clock
    if is_birth_date:
        placeholders = pl.Series(list(PLACEHOLDER_BIRTHS), dtype=pl.String).str.to_datetime(time_unit="us").to_list()
        read = read.with_columns(time=pl.when(~pl.col("time").is_in(placeholders)).then(pl.col("time")))
    time = pl.col("time").dt.date() if kind == "date" else pl.col("time")
    columns = [time.alias(column), *([pl.col("is_day").alias(f"{column}_is_day")] if kind == "when" else [])]
    return ColumnReading(read.select(columns), not_understood)


def _is_unread(texts: pl.Series, is_null: pl.Series, values: Mapping[str, str]) -> pl.Series:
    """Return True for each filled cell without a value that is no word for nothing."""
    empty_words = [normalise_cell(word) for word, value in values.items() if value == ""]
    frame = pl.select(text=texts, is_null=is_null)
    known_empty = _normalised(pl.col("text")).is_in(empty_words)
    unread = pl.col("is_null") & is_filled(pl.col("text")) & ~known_empty
    is_unread = frame.select(unread.fill_null(False).alias("unread"))["unread"]
    distinct = texts.filter(is_unread).unique().to_list()
    words_for_nothing = [text for text in distinct if says_not_known(text) or says_nobody(text)]
    return is_unread & ~texts.is_in(words_for_nothing).fill_null(False) if words_for_nothing else is_unread


def _read_numbers(column: str, kind: str, meaning: ColumnMeaning, texts: pl.Series) -> ColumnReading:
    mapped = _mapped(texts, meaning.values)
    number = mapped.str.extract(WHOLE_NUMBER, 1)
    numbers = number.cast(pl.Float64, strict=False)
    if kind == "int":
        whole = pl.when(pl.col("n") % 1 == 0).then(pl.col("n")).cast(pl.Int64)
        numbers = numbers.to_frame("n").select(whole)["n"]
    return ColumnReading(numbers.to_frame(column), _is_unread(texts, numbers.is_null(), meaning.values))


def _mapped(texts: pl.Series, values: Mapping[str, str]) -> pl.Series:
    """Return the texts with each word of the mapping as its value; '' as null."""
    if not values:
        return texts
    return texts.replace({word: value or None for word, value in values.items()})


def _read_texts(column: str, kind: str, values: Mapping[str, str], texts: pl.Series) -> ColumnReading:
    cell = pl.col("text").str.replace_all(r"\s+", " ").str.strip_chars()
    word = cell.str.to_lowercase()
    missing_words = list(MEANS_NO_REFERENCE if kind == "ref" else MEANS_NOTHING)
    is_missing_word = word.is_in(missing_words) | word.str.contains(f"^{PUNCTUATION_ONLY}$")
    if kind == "ref":
        is_missing_word |= word.str.contains(PLACEHOLDER_NUMBER)
    if column in IDENTITY_TEXTS or kind == "ref":
        is_missing_word |= word.str.contains(WORD_FOR_NOBODY)
    if column in IDENTITY_TEXTS:
        is_missing_word |= _names_nobody(word)
    frame = pl.DataFrame({"text": _mapped(texts, values)}, schema={"text": pl.String})
    read = frame.select(pl.when(~is_missing_word).then(cell).alias(column))
    return ColumnReading(read, pl.repeat(False, len(texts), eager=True))


@dataclass(frozen=True)
class _CodeReader:
    """Reads one distinct cell as a code: its value, '' if nothing is known, None if it is not understood."""

    values: Mapping[str, str]
    listed: Mapping[str, str]
    is_yes_no: bool = False
    is_offence: bool = False

    def read(self, cell: str) -> str | None:
        word = normalise_cell(cell)
        if word in self.values:
            return self.values[word]
        if self.is_yes_no:
            return self._read_yes_no(cell)
        if self.is_offence:
            # Before the list: it has 20, which was an offence once, and 20 alone is now 20A or 20B.
            return read_offences([cell])[0]
        if word in self.listed:
            return self.listed[word]
        return "" if word in MEANS_NOTHING or not word.strip("._-/?\\ ") else None

    def _read_yes_no(self, cell: str) -> str | None:
        if is_yes_word(cell):
            return "yes"
        if is_no_word(cell):
            return "no"
        return "" if normalise_cell(cell) in MEANS_NOTHING or not cell.strip("._-/?\\ ") else None


def _code_reader(table: str, column: str, kind: str, meaning: ColumnMeaning) -> _CodeReader:
    """Return the reader of a column.

    Recognition knows no words of a class with its sub-code in another column; those in the mapping are a person's.
    """
    by_word = {normalise_cell(word): value for word, value in meaning.values.items()}
    is_offence = column.endswith("offence_code")
    if kind == "yesno" and not (meaning.kind and by_word):
        return _CodeReader(by_word, {}, is_yes_no=True)
    if by_word and not meaning.joined_heading and (meaning.kind or is_offence):
        # Recognition has read every word that it understands. A code that it left out is not ours: the 15 of a system
        # may be our 14, and class 20 may be 20A or 20B.
        return _CodeReader(by_word, {})
    return _CodeReader(by_word, _listed_codes(table, column), is_offence=is_offence)


@lru_cache
def _listed_codes(table: str, column: str) -> Mapping[str, str]:
    """Return the codes of the closed list of a column, each by its own word in lower case."""
    name = contract.table(table).column(column).values
    return {code.casefold(): code for code in contract.list_values(name)} if name else {}


def _read_words(column: str, reader: _CodeReader, texts: pl.Series) -> ColumnReading:
    distinct = [cell for cell in texts.unique().to_list() if cell is not None]
    read = {cell: reader.read(cell) for cell in distinct}
    values = replace_words(texts, {cell: value or None for cell, value in read.items()})
    unread = [cell for cell, value in read.items() if value is None]
    return ColumnReading(values.to_frame(column), texts.is_in(unread).fill_null(False))


def replace_words(texts: pl.Series, values: Mapping[str, str | None]) -> pl.Series:
    """Return the texts replaced by the values that they mean; null for a text without a value."""
    if not values:
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(texts))
    return texts.replace_strict(list(values), list(values.values()), default=None, return_dtype=pl.String)
