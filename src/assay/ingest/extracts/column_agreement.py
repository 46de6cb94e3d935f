"""Do two columns of a sheet carry the same information, such as a code and its label?"""

from __future__ import annotations

import polars as pl

from assay.ingest.extracts.extract_model import ColumnMeaning
from assay.ingest.extracts.split_values import joined_cells, read_column, replace_words
from assay.ingest.extracts.value_kinds_offences import class_of
from assay.ingest.offence_codes import class_and_sub_code

MIN_SAME_ROWS, MIN_SAME_VALUES = 20, 4
"""How many rows, and distinct values, two columns must share before one confirms the other."""
MIN_AGREEMENT = 0.98
"""Share of the rows on which two columns must agree, among those that both of them know."""


def agree(table: str, column: str, first: ColumnMeaning, second: ColumnMeaning, cells: pl.DataFrame) -> bool:
    """Return True if two columns with the same meaning agree in every row in which both have a value.

    Parameters
    ----------
    table, column
        The column of the contract.
    first, second
        What both headings mean.
    cells
        The cells of the sheet.
    """
    known = _known_to_both(table, column, first, second, cells)
    if not known.height:
        return True
    n_equal = known.filter(pl.col("first") == pl.col("second")).height
    return n_equal >= MIN_AGREEMENT * known.height


def confirms(table: str, column: str, first: ColumnMeaning, second: ColumnMeaning, cells: pl.DataFrame) -> bool:
    """Return True if two columns agree in too many rows and values for a coincidence."""
    known = _known_to_both(table, column, first, second, cells)
    equal = known.filter(pl.col("first") == pl.col("second"))
    return equal.height >= MIN_SAME_ROWS and equal["first"].n_unique() >= MIN_SAME_VALUES


def _known_to_both(
    table: str, column: str, first: ColumnMeaning, second: ColumnMeaning, cells: pl.DataFrame
) -> pl.DataFrame:
    values = {
        name: _comparable(table, column, meaning, cells) for name, meaning in (("first", first), ("second", second))
    }
    return pl.select(*(series.rename(name) for name, series in values.items())).drop_nulls()


def _comparable(table: str, column: str, meaning: ColumnMeaning, cells: pl.DataFrame) -> pl.Series:
    """Return the values of a column; of offences the class, which a sub-code that is in no list has too."""
    values = read_column(table, column, meaning, cells).values[column]
    if not column.endswith("offence_code"):
        return values
    texts = joined_cells(meaning, cells)
    notations = {text: class_and_sub_code(text) for text in texts.drop_nulls().unique().to_list()}
    classes = replace_words(texts, {text: parts[0] for text, parts in notations.items() if parts})
    known = replace_words(values, {code: class_of(code) for code in values.drop_nulls().unique().to_list()})
    return known.zip_with(known.is_not_null(), classes)
