"""Which words of coded columns did no list know, how often do they stand there, and what is near to them?

The faults say on which lines R16 was broken and never with what. For its sender, a word is told apart from them: if it
stands in a column of a closed list of which any word is known, in at least five rows, and if nothing of it stands in a
column of names or text. All else is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pyarrow as pa

from assay import contract
from assay.contract import Column
from assay.ingest.cell_expressions import SPACES
from assay.ingest.completeness_declarations import raw_columns
from assay.ingest.preparation.code_meanings import listed, may_be_shown, nearest, single_words
from assay.ingest.staging_store import Desk
from assay.ingest.table_reader import Came

Rows = list[dict[str, Any]]


def unmapped(desk: Desk, came: Mapping[str, Came]) -> Rows:
    """One row a word, and one a column with `word` null for the words that are only counted."""
    found = {(name, column): counts for name in came if desk.supplied(name) for column, counts in _of_table(desk, name)}
    never = _told_of_persons(desk, came, {word for counts in found.values() for word in counts})
    return [row for (name, column), counts in found.items() for row in _of_column(desk, name, column, counts, never)]


def _of_table(desk: Desk, table: str) -> Iterator[tuple[Column, dict[str, int]]]:
    """The coded columns of a table with words that no list knows, and in how many rows each stands."""
    broken = desk.run(
        f"select distinct column_name from faults where rule = 'R16' and table_name = '{table}' order by 1"
    )["column_name"].to_pylist()
    held = raw_columns(desk, table)
    for name in broken:
        column = contract.table(table).column(name)
        if listed(column) and name in held:
            yield column, _counts(desk, table, name)


def _counts(desk: Desk, table: str, column: str) -> dict[str, int]:
    lines = f"select line from faults where rule = 'R16' and table_name = '{table}' and column_name = '{column}'"
    found = desk.run(
        f"select trim({column}, {SPACES}) as word, count(*) as n from raw_{table} where line in ({lines}) "
        "group by word order by n desc, word"
    )
    return {word: n for word, n in zip(found["word"].to_pylist(), found["n"].to_pylist(), strict=True) if word}


def _told_of_persons(desk: Desk, came: Mapping[str, Came], words: Collection[str]) -> frozenset[str]:
    """What of the words, in small letters, stands in a column of identity or text of any table, whole or in part."""
    found = set[str]()
    parts = sorted({part for word in words for part in (word.casefold(), *single_words(word.casefold()))})
    desk.hold("unknown_words", pa.table({"word": pa.array(parts, pa.string())}))
    for name in came if words else ():
        held = raw_columns(desk, name) if desk.supplied(name) else frozenset()
        for column in contract.table(name).columns:
            if (column.identity or column.kind == "text") and column.name in held:
                stands = f"select word from unknown_words where word in ({_told_in(name, column)})"
                found |= set(desk.run(stands)["word"].to_pylist())
    return frozenset(found)


def _told_in(table: str, column: Column) -> str:
    """The cells of a column in small letters; of an identity its single words too: a cell may hold a whole name."""
    cells = f"select lower(trim({column.name}, {SPACES})) as cell from raw_{table} where {column.name} is not null"
    if not column.identity:
        return cells
    return f"{cells} union all select unnest(regexp_extract_all(lower({column.name}), '\\pL{{2,}}')) from raw_{table}"


def _of_column(
    desk: Desk, table: str, column: Column, counts: Mapping[str, int], never: Collection[str]
) -> Iterator[dict[str, Any]]:
    # A column of which no word is known may hold anything, names too.
    known = desk.number(f"select count(*) from {table} where {column.name} is not null")
    shown = may_be_shown(counts, never) if known else ()
    for word in shown:
        yield _row(table, column, word, counts[word], 1, ", ".join(nearest(column, word)))
    hidden = [rows for word, rows in counts.items() if word not in shown]
    if hidden:
        yield _row(table, column, None, sum(hidden), len(hidden), "")


def _row(table: str, column: Column, word: str | None, rows: int, words: int, near: str) -> dict[str, Any]:
    return {
        "table_name": table,
        "column_name": column.name,
        "word": word,
        "rows": rows,
        "words": words,
        "nearest": near,
    }
