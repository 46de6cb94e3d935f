"""Which words does an exporter write where there is nothing, and what is such a word in a column? (R67)

A database's NULL leaves as `NULL`, `None`, `nan`, `<NA>`, `N/A`, `-` and so on. None of them is a value: it is set
aside, and nothing is known of the cell, not even that it is empty, since an empty cell may say "has not happened". Only
where a closed list has such a word as a code does it count as that code, and only in the list's own spelling: `none` is
the tier, `None` and `NONE` are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from assay.returns import contract
from assay.returns.contract import Column
from assay.returns.reference_damage import is_reference
from assay.returns.sql import among

NULL_WORDS = (
    "null", "none", "nan", "-nan", "nat", "na", "n/a", "n.a.", "n\\a", "n / a", "#n/a", "#na", "#n/a n/a", "-1.#ind",
    "1.#qnan", "<na>", "<nan>", "<null>", "<none>", "<n/a>", "(null)", "(none)", "(nan)", "(na)", "(n/a)", "[null]",
    "{null}", "(blank)", "(blanks)", "(empty)", "<blank>", "<empty>", "\\n", "-", "--", "---", "\u2013", "\u2014", ".",
    "..", "...",
    "dbnull", "undefined", "#null", "#null!",
)  # fmt: skip
"""In small letters, without spaces around them: what SSMS, SQL*Plus, pandas, R, SAS, Spark, Excel and Business Objects
write."""
NO_REFERENCE = (
    "unknown", "unk", "not known", "not recorded", "not stated", "not applicable", "missing", "tbc", "tba", "n/k", "nk",
    "n.k.", "nil", "nothing", "no value", "?", "??", "???", "x", "xx", "xxx", "0", "00", "000",
)  # fmt: skip
"""What stands for a reference where there is none: all such rows would be taken for one crime or one person."""
LEFT_TO_LISTS = "none"
"""No program writes it so where there is nothing: it is a code of a list, or no value of it (R16)."""
AS_WRITTEN = (
    "NULL", "null", "None", "NaN", "nan", "NaT", "N/A", "n/a", "#N/A", "<NA>", "<null>", "(null)", "(NULL)", "[NULL]",
    "(blank)", "\\N", "-", "--", "---", "\u2013", "\u2014",
)  # fmt: skip
"""In a text these alone, spelt just so: Null, Nan and Na are names of persons."""
LONGEST = max(len(word.encode()) for word in (*NULL_WORDS, *NO_REFERENCE))


def is_null_word(column: Column, text: str = "") -> str:
    """SQL that is true where a cell of a column is a null word; `text` is SQL for the cell, if not the column."""
    text = text or column.name
    if column.kind == "text":
        return f"trim({text}) in {among(AS_WRITTEN)}"
    words = (*NULL_WORDS, *(NO_REFERENCE if is_reference(column) else ()))
    test = f"strlen({text}) <= {LONGEST} and lower({text}) in {among(words)}"
    codes = _codes_that_are_such_words(column) or (() if is_reference(column) else (LEFT_TO_LISTS,))
    return f"{test} and {text} not in {among(codes)}" if codes else test


@lru_cache(maxsize=512)
def _codes_that_are_such_words(column: Column) -> tuple[str, ...]:
    return tuple(sorted({code for code in _codes(column) if code.casefold() in NULL_WORDS}))


def _codes(column: Column) -> Iterable[str]:
    if column.values:
        return contract.list_values(column.values)
    if column.values_by:
        lists = {kind.detail_list for kind in contract.event_kinds().values() if kind.detail_list}
        return (code for one in sorted(lists) for code in contract.list_values(one))
    return ()
