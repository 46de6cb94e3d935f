"""Report the words of coded columns that are in no code list, with counts and nearest values.

Validation errors give the lines that break R16 but never the words. A word is reported to its sender if it is in a
column of a closed list of which any word is known, in at least five rows, and no part of it occurs in a column of names
or text. All other words are only counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa

from assay import contract
from assay.contract import Column
from assay.ingest.cell_expressions import SPACES
from assay.ingest.completeness_declarations import raw_columns
from assay.ingest.preparation.code_meanings import has_closed_list, nearest_values, showable_words, single_words
from assay.ingest.staging_store import StagingStore
from assay.ingest.table_reader import TableReading


class UnmappedWordRow(NamedTuple):
    """A word of a column that is in no code list; `word` is None for the words that are only counted.

    `rows` and `words` are their numbers; `nearest` are the nearest values as text.
    """

    table_name: str
    column_name: str
    word: str | None
    rows: int
    words: int
    nearest: str


def unmapped_word_rows(store: StagingStore, table_readings: Mapping[str, TableReading]) -> list[UnmappedWordRow]:
    """Return one row for each unmapped word that may be shown, and one per column that counts the other words."""
    found = {
        (name, column): counts
        for name in table_readings
        if store.is_supplied(name)
        for column, counts in _unmapped_columns(store, name)
    }
    withheld_words = _withheld_words(store, table_readings, {word for counts in found.values() for word in counts})
    return [
        row
        for (name, column), counts in found.items()
        for row in _column_rows(store, name, column, counts, withheld_words)
    ]


def _unmapped_columns(store: StagingStore, table: str) -> Iterator[tuple[Column, dict[str, int]]]:
    """Return the coded columns of a table with unknown words, and the number of rows of each word."""
    column_names = store.query(
        f"select distinct column_name from faults where rule = 'R16' and table_name = '{table}' order by 1"
    )["column_name"].to_pylist()
    file_columns = raw_columns(store, table)
    for name in column_names:
        column = contract.table(table).column(name)
        if has_closed_list(column) and name in file_columns:
            yield column, _word_counts(store, table, name)


def _word_counts(store: StagingStore, table: str, column: str) -> dict[str, int]:
    lines = f"select line from faults where rule = 'R16' and table_name = '{table}' and column_name = '{column}'"
    found = store.query(
        f"select trim({column}, {SPACES}) as word, count(*) as n from raw_{table} where line in ({lines}) "
        "group by word order by n desc, word"
    )
    return {word: n for word, n in zip(found["word"].to_pylist(), found["n"].to_pylist(), strict=True) if word}


def _withheld_words(
    store: StagingStore, table_readings: Mapping[str, TableReading], words: Collection[str]
) -> frozenset[str]:
    """Return which of the lower-case words occur, whole or in part, in an identity or text column of any table."""
    found = set[str]()
    parts = sorted({part for word in words for part in (word.casefold(), *single_words(word.casefold()))})
    store.store_rows("unknown_words", pa.table({"word": pa.array(parts, pa.string())}))
    for name in table_readings if words else ():
        file_columns = raw_columns(store, name) if store.is_supplied(name) else frozenset()
        for column in contract.table(name).columns:
            if (column.identity or column.kind == "text") and column.name in file_columns:
                query = f"select word from unknown_words where word in ({_person_cells_sql(name, column)})"
                found |= set(store.query(query)["word"].to_pylist())
    return frozenset(found)


def _person_cells_sql(table: str, column: Column) -> str:
    """Return a query for the lower-case cells of a column; of an identity also its single words."""
    cells = f"select lower(trim({column.name}, {SPACES})) as cell from raw_{table} where {column.name} is not null"
    if not column.identity:
        return cells
    return f"{cells} union all select unnest(regexp_extract_all(lower({column.name}), '\\pL{{2,}}')) from raw_{table}"


def _column_rows(
    store: StagingStore, table: str, column: Column, counts: Mapping[str, int], withheld_words: Collection[str]
) -> Iterator[UnmappedWordRow]:
    # A column without a known word may hold anything, also names.
    known = store.query_number(f"select count(*) from {table} where {column.name} is not null")
    shown_words = showable_words(counts, withheld_words) if known else ()
    for word in shown_words:
        nearest = ", ".join(nearest_values(column, word))
        yield UnmappedWordRow(table, column.name, word, counts[word], 1, nearest)
    hidden_counts = [rows for word, rows in counts.items() if word not in shown_words]
    if hidden_counts:
        yield UnmappedWordRow(table, column.name, None, sum(hidden_counts), len(hidden_counts), "")
