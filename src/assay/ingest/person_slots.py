"""Find the rows of a flat file that describe a person, and drop blocks of person columns that are empty.

A flat file has one row for each crime and columns for its people, such as VICTIM_SURNAME. Where mapping.toml fixes the
role, each row is read as a person with that role. An empty slot is not a person. Neither is a slot that holds only a
word such as UNKNOWN or a placeholder date of birth. Yes/no columns do not count, because systems fill them by default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay import contract
from assay.contract import Column
from assay.ingest.column_mapping import TableMapping
from assay.ingest.sql_literals import sql_list, sql_string
from assay.ingest.staging_store import StagingStore
from assay.ingest.yes_no_words import EMPTY_WORDS, EXPORTED_EMPTY_WORDS, PUNCTUATION_ONLY
from assay.wording import count_phrase

PERSON_TABLE, ROLE = "involvements", "role"
IDENTIFYING_COLUMNS = ("person_ref", "forenames", "surname", "date_of_birth", "phone")
PLACEHOLDER_DATE = r"0?1[-/. ]0?1[-/. ]190[01].*|190[01][-/.]?01[-/.]?01.*|0000[-/.]?00[-/.]?00.*|00[-/.]00[-/.]0000.*"
UNKNOWN_SEX = ("u", "x", "9", "nk")
"""Codes for an unknown sex in the record systems of forces."""


@dataclass(frozen=True)
class PersonSlots:
    """The number of persons in a file after rows without a person were deleted, and remarks to the sender."""

    n_persons: int
    """Number of rows that hold a person."""
    remarks: tuple[str, ...] = ()
    """Sentences to the sender about the rows that were dropped."""


def drop_empty_slots(store: StagingStore, positions: Mapping[str, int], mapping: TableMapping) -> PersonSlots | None:
    """Delete the rows without a person from `raw_involvements`; return None if no role is set for all rows.

    Parameters
    ----------
    store
        The staging store that holds the return.
    positions
        Column of the specification -> its position in the file.
    mapping
        The mapping of the table.
    """
    columns = [column for column in _person_columns() if column.name in positions]
    if ROLE not in mapping.fixed or not columns:
        return None
    filled = " or ".join(filled_sql(column.name) for column in columns)
    person = " or ".join(_informative_column_sql(column, mapping) for column in columns)
    identifying = [column for column in columns if column.name in IDENTIFYING_COLUMNS]
    identified = " or ".join(_informative_column_sql(column, mapping) for column in identifying) or "false"
    counts = store.query_row(
        f"select count(*) as rows, count(*) filter (where {person}) as persons, "
        f"count(*) filter (where ({filled}) and not ({person})) as words, "
        f"count(*) filter (where ({person}) and not ({identified})) as unidentified from raw_{PERSON_TABLE}"
    )
    store.store_query(f"raw_{PERSON_TABLE}", f"select * from raw_{PERSON_TABLE} where {person} order by line")
    return PersonSlots(counts["persons"], tuple(_remarks(counts, mapping.fixed[ROLE])))


def _person_columns() -> list[Column]:
    """Return the columns that describe a person: no keys, roles, yes/no columns or reasons for a missing value."""
    return [
        column
        for column in contract.table(PERSON_TABLE).columns
        if not column.refers
        and column.kind != "yesno"
        and column.name not in (*contract.table(PERSON_TABLE).key, ROLE)
        and not column.name.endswith("_missing_reason")
    ]


def _informative_column_sql(column: Column, mapping: TableMapping) -> str:
    emptied = [word for word, value in mapping.values.get(column.name, {}).items() if not value]
    return informative_sql(column.name, date=column.kind == "date", sex=column.name == "sex", emptied=emptied)


def filled_sql(cell: str) -> str:
    """Return SQL that is true where a cell has a value other than an export program's text for an empty cell."""
    word = f"lower(trim(coalesce({cell}, '')))"
    is_empty = (
        f"regexp_full_match({word}, {sql_string(PUNCTUATION_ONLY)}) or {word} in "
        f"{sql_list(sorted(EXPORTED_EMPTY_WORDS))}"
    )
    return f"not ({is_empty})"


def informative_sql(cell: str, *, date: bool = False, sex: bool = False, emptied: Sequence[str] = ()) -> str:
    """Return SQL that is true where a cell has information about a person.

    Parameters
    ----------
    cell
        SQL for the text of the cell.
    date, sex
        True if the column holds a date, or a sex: placeholder dates and codes for an unknown sex then say nothing.
    emptied
        Further words, in lower case, that say nothing.
    """
    word = f"lower(trim(coalesce({cell}, '')))"
    empty_words = sorted({*EMPTY_WORDS, *(UNKNOWN_SEX if sex else ()), *emptied})
    is_empty = f"regexp_full_match({word}, {sql_string(PUNCTUATION_ONLY)}) or {word} in {sql_list(empty_words)}"
    if date:
        is_empty += f" or regexp_full_match({word}, {sql_string(PLACEHOLDER_DATE)})"
    return f"not ({is_empty})"


def _remarks(counts: Mapping[str, int], role: str) -> Iterator[str]:
    dropped = counts["rows"] - counts["persons"]
    if dropped:
        words = counts["words"]
        only = f", {words:,} of them only a word such as unknown or a date such as 01/01/1900" if words else ""
        yield (
            f"{PERSON_TABLE}: {dropped:,} of {count_phrase(counts['rows'], 'row')} hold no {role} in the columns for "
            f"one{only}. These rows were not read as people. Please confirm that this is right."
        )
    if counts["unidentified"]:
        yield (
            f"{PERSON_TABLE}: {counts['unidentified']:,} of {counts['persons']:,} hold no name, date of birth, phone "
            "number or reference. They were still read as people, because other columns describe them."
        )
