"""Which words in a file stand for a missing value, and where is such a word a valid code? (rule R67)

A database's NULL is exported as `NULL`, `None`, `nan`, `<NA>`, `N/A`, `-` and so on. These missing-value codes are not
values: they are rejected, and nothing is known of the cell. It does not even count as empty, because an empty cell may
mean "has not happened". If a closed list has such a word as a code, the word in exactly that spelling is the code:
`none` is a tier, `None` and `NONE` are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from assay import contract
from assay.contract import Column
from assay.ingest.distinct_texts import Mask, is_one_of
from assay.ingest.spreadsheet_damage import is_reference
from assay.ingest.sql_literals import sql_list

MISSING_VALUE_CODES = (
    "null", "none", "nan", "-nan", "nat", "na", "n/a", "n.a.", "n\\a", "n / a", "#n/a", "#na", "#n/a n/a", "-1.#ind",
    "1.#qnan", "<na>", "<nan>", "<null>", "<none>", "<n/a>", "(null)", "(none)", "(nan)", "(na)", "(n/a)", "[null]",
    "{null}", "(blank)", "(blanks)", "(empty)", "<blank>", "<empty>", "\\n", "-", "--", "---", "\u2013", "\u2014", ".",
    "..", "...",
    "dbnull", "undefined", "#null", "#null!",
)  # fmt: skip
"""Missing-value codes in lower case, without surrounding spaces, as written by SSMS, SQL*Plus, pandas, R, SAS, Spark,
Excel and Business Objects."""
PLACEHOLDER_REFERENCES = (
    "unknown", "unk", "not known", "not recorded", "not stated", "not applicable", "missing", "tbc", "tba", "n/k", "nk",
    "n.k.", "nil", "nothing", "no value", "?", "??", "???", "x", "xx", "xxx", "0", "00", "000",
)  # fmt: skip
"""Words entered in place of a missing reference. Read as a reference, one of them would link unrelated crimes or
people."""
LIST_CODE = "none"
"""Left to the closed lists: no exporter writes a missing value in this spelling, so it is a code of the list or breaks
R16."""
TEXT_MISSING_VALUE_CODES = (
    "NULL", "null", "None", "NaN", "nan", "NaT", "N/A", "n/a", "#N/A", "<NA>", "<null>", "(null)", "(NULL)", "[NULL]",
    "(blank)", "\\N", "-", "--", "---", "\u2013", "\u2014",
)  # fmt: skip
"""The only codes in a text column, compared with case, because Null, Nan and Na are names of people."""


def missing_value_sql(column: Column, cell: str = "") -> str:
    """Return SQL that is true where a cell holds a missing-value code.

    Parameters
    ----------
    column
        The column; its type and closed list decide which words count.
    cell
        SQL for the text of the cell; the column itself if left out.
    """
    cell = cell or column.name
    if column.kind == "text":
        return f"trim({cell}) in {sql_list(TEXT_MISSING_VALUE_CODES)}"
    test, values = f"lower({cell}) in {sql_list(_codes(column))}", _codes_that_are_values(column)
    return f"{test} and {cell} not in {sql_list(values)}" if values else test


def is_missing_value(column: Column, texts: pa.Array) -> Mask:
    """Return a mask of the texts that are missing-value codes, by the rule of `missing_value_sql`."""
    if column.kind == "text":
        return is_one_of(pc.utf8_trim(texts, " "), TEXT_MISSING_VALUE_CODES)
    return is_one_of(pc.utf8_lower(texts), _codes(column)) & ~is_one_of(texts, _codes_that_are_values(column))


def _codes(column: Column) -> tuple[str, ...]:
    return (*MISSING_VALUE_CODES, *(PLACEHOLDER_REFERENCES if is_reference(column) else ()))


def _codes_that_are_values(column: Column) -> tuple[str, ...]:
    """Return the codes that, in exactly this spelling, are no missing value of the column."""
    return _allowed_codes(column) or (() if is_reference(column) else (LIST_CODE,))


@lru_cache(maxsize=512)
def _allowed_codes(column: Column) -> tuple[str, ...]:
    """Return the codes of the column's closed list that look like missing-value codes."""
    return tuple(sorted({code for code in _list_codes(column) if code.casefold() in MISSING_VALUE_CODES}))


def _list_codes(column: Column) -> Iterable[str]:
    if column.values:
        return contract.list_values(column.values)
    if column.values_by:
        lists = {kind.detail_list for kind in contract.event_kinds().values() if kind.detail_list}
        return (code for list_name in sorted(lists) for code in contract.list_values(list_name))
    return ()
