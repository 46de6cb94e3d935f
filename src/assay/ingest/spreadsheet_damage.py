"""Which references and offence codes did a spreadsheet or an export program damage? (rule R68)

A single cell shows that it became a number in scientific notation, a decimal number, a date or a truth value. Only the
whole column shows that leading zeros are lost, or digits after the fifteenth.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from assay.contract import Column, Table
from assay.ingest.sql_literals import sql_string
from assay.ingest.staging_store import StagingStore

_MONTH = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)"
_LONG_MONTH = "(January|February|March|April|June|July|August|September|October|November|December)"
_TIME = r"([T ][0-9]{1,2}:[0-9]{2}.*)?"
_SCIENTIFIC = r"[-+]?[0-9]+([.,][0-9]+)?[eE]\+[0-9]{1,3}|[-+]?[0-9]+[.,][0-9]+[eE]-?[0-9]{1,3}"
_ZERO_DECIMALS = r"[0-9]+[.,]0+"
_THOUSANDS = r"[0-9]{1,3}(,[0-9]{3})+(\.0+)?"
_DATE_WITH_MONTH_NAME = (
    rf"[0-9]{{1,2}}[- ]({_MONTH}|{_LONG_MONTH})([- ][0-9]{{2,4}})?{_TIME}|({_MONTH}|{_LONG_MONTH})[- ][0-9]{{1,4}}"
)
_ISO_DATE = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_TIME}"
_SLASH_DATE = rf"[0-9]{{1,2}}/[0-9]{{1,2}}/([0-9]{{2}}|[0-9]{{4}}){_TIME}|[0-9]{{4}}/[0-9]{{1,2}}/[0-9]{{1,2}}{_TIME}"
_TRUTH_VALUE = (
    "(?i:yes|no|true|false|oui|non|vrai|faux|ja|nein|wahr|falsch|si|s\u00ed|verdadero|falso|sim|n\u00e3o|ie|nage)"
)
DAMAGED_REFERENCE = "|".join((_SCIENTIFIC, _ZERO_DECIMALS, _THOUSANDS, _DATE_WITH_MONTH_NAME, _ISO_DATE, _TRUTH_VALUE))
"""A reference that a spreadsheet or an export changed, as a single cell shows it."""
_NUMBER_DATE = "[0-9]{1,2}[-.][0-9]{1,2}[-.][0-9]{2,4}"
DAMAGED_OFFENCE = "|".join((_SCIENTIFIC, _ZERO_DECIMALS, _DATE_WITH_MONTH_NAME, _ISO_DATE, _SLASH_DATE, _NUMBER_DATE))
"""An offence code that became a date or a number."""
SPREADSHEET_ERROR = (
    r"#(REF|VALUE|NUM|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN)!|#NAME\?|#DIV/0!|#GETTING_DATA|#{3,}"
    r'|="[^"]*"'
)
"""What a spreadsheet writes into a CSV file for a formula or an error (R17)."""
MIN_CELLS = 3
"""Number of cells that must show the same damage before a column test counts them."""
MAX_DIGITS = 15
"""Digits of a number that a spreadsheet preserves; it writes zeros for all after them."""
OTHER_REFERENCES = ("author_key", "marker_code")
"""References whose column names do not end in `_ref`."""


def is_reference(column: Column) -> bool:
    """Return True if a column holds a reference that a record system gave to a record or a person."""
    return column.kind == "ref" and (column.name.endswith("_ref") or column.name in OTHER_REFERENCES)


def columns_to_test(store: StagingStore, table: Table, present: Collection[str], texts: str) -> list[str]:
    """Return the reference columns of a table that the file has.

    For a small return, only columns with a possibly changed cell are returned, because binding a statement costs more
    than reading its rows.
    """
    columns = [column.name for column in table.columns if is_reference(column) and column.name in present]
    if not columns or not store.is_small:
        return columns
    cells = store.query(f"select {', '.join(columns)} from ({texts})")
    return [name for name in columns if any(_may_change(cell) for cell in cells[name].unique().to_pylist() if cell)]


def damaged_columns(store: StagingStore, columns: Sequence[str], texts: str) -> dict[str, str]:
    """Find damaged references that can be recognised only from the column as a whole.

    Parameters
    ----------
    store
        The staging store that holds the return.
    columns
        Names of the columns to look at.
    texts
        SQL for the rows of the table as text.

    Returns
    -------
    dict
        Column name -> SQL that is true where a cell was changed; columns without damage are left out.
    """
    if not columns:
        return {}
    counts = store.query_row(f"select {', '.join(sql for name in columns for sql in _count_sql(name))} from ({texts})")
    tests = {name: [*_column_tests(name, counts), *_lost_zeros_test(store, texts, name, counts)] for name in columns}
    return {name: f"({' or '.join(column_tests)})" for name, column_tests in tests.items() if column_tests}


def _count_sql(name: str) -> Iterable[str]:
    """Yield the counts of a column. The cheap condition comes first, because few cells meet it."""
    zero, is_long = f"starts_with({name}, '0') and {_digits_sql(name)}", _long_number_sql(name)
    yield f"count(*) filter ({zero}) as {name}_zeros"
    yield f"min(length({name})) filter ({zero}) as {name}_min_length"
    yield f"max(length({name})) filter ({zero}) as {name}_max_length"
    yield f"count(*) filter ({is_long}) as {name}_long"
    yield f"count(*) filter ({is_long} and rtrim(substr({name}, {MAX_DIGITS + 1}), '0') = '') as {name}_rounded"
    yield f"count(*) filter ({_slash_date_sql(name)}) as {name}_dates"
    yield f"count(*) filter ({_truth_letter_sql(name)}) as {name}_letters"
    yield f"count({name}) as {name}_filled"


def _may_change(cell: str) -> bool:
    """Return True if a count of `_count_sql` may include this cell, other than the count of filled cells."""
    return cell.startswith("0") or "/" in cell or not 1 < len(cell) <= MAX_DIGITS


def _column_tests(name: str, counts: Mapping[str, Any]) -> Iterable[str]:
    filled = counts[f"{name}_filled"]
    if counts[f"{name}_long"] >= MIN_CELLS and counts[f"{name}_rounded"] == counts[f"{name}_long"]:
        yield f"({_long_number_sql(name)})"
    # References with slashes are common (08/01/26). They are dates only where most of the column looks otherwise.
    if 0 < counts[f"{name}_dates"] * 2 < filled:
        yield f"({_slash_date_sql(name)})"
    if counts[f"{name}_letters"] == filled >= MIN_CELLS:
        yield _truth_letter_sql(name)


def _lost_zeros_test(store: StagingStore, texts: str, name: str, counts: Mapping[str, Any]) -> Iterable[str]:
    """Yield a test for lost leading zeros.

    Where all numbers with leading zeros have one length and no number is longer, the shorter numbers without leading
    zeros have lost them, provided that they are the minority.
    """
    width = counts[f"{name}_max_length"]
    if not counts[f"{name}_zeros"] or width != counts[f"{name}_min_length"]:
        return
    short = f"length({name}) < {width} and not starts_with({name}, '0') and {_digits_sql(name)}"
    row = store.query_row(
        f"select count(*) filter ({short}) as short, count(*) as numbers, max(length({name})) as longest "
        f"from ({texts}) where {_digits_sql(name)}"
    )
    if row["longest"] == width and 0 < row["short"] * 2 < row["numbers"]:
        yield f"({short})"


def _digits_sql(name: str) -> str:
    return f"regexp_full_match({name}, '[0-9]+')"


def _long_number_sql(name: str) -> str:
    return f"strlen({name}) > {MAX_DIGITS} and {_digits_sql(name)}"


def _slash_date_sql(name: str) -> str:
    return f"contains({name}, '/') and regexp_full_match({name}, {sql_string(_SLASH_DATE)})"


def _truth_letter_sql(name: str) -> str:
    return f"strlen({name}) = 1 and contains('YNTFyntf', {name})"
