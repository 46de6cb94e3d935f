"""Do two columns of a sheet say the same, such as a code and its label?"""

from __future__ import annotations

import polars as pl

from assay.ingest.extracts.extract_model import ColumnMeaning
from assay.ingest.extracts.split_values import read_column

MIN_AGREEMENT = 0.98
"""Share of the rows on which two columns must agree, among those that both of them know."""


def agree(table: str, column: str, first: ColumnMeaning, second: ColumnMeaning, cells: pl.DataFrame) -> bool:
    """Return True if two headings with the same meaning have the same values wherever both have one.

    Parameters
    ----------
    table, column
        The column of the contract.
    first, second
        What both headings mean.
    cells
        The cells of the sheet.
    """
    values = [read_column(table, column, meaning, cells).values[column] for meaning in (first, second)]
    both = pl.DataFrame({"first": values[0], "second": values[1]}).drop_nulls()
    if not both.height:
        return True
    return float((both["first"] == both["second"]).mean() or 0) >= MIN_AGREEMENT  # type: ignore[arg-type]
