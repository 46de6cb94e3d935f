"""Readable names of places, in a column beside each column of codes, for files that other programs read.

The receipt of a released table covers its codes alone. A name is looked up in the released table `places`, so a column
of names says nothing that is not released already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from assay.report.report_tables import BATCH_ROWS
from assay.sdc import Column, Released, Table

AGGREGATES = {
    "ALL": "All together", "ACROSS": "Overlaps across forces", "E": "England", "EW": "England and Wales",
}  # fmt: skip
"""Names of codes that stand for several places, unless the table `places` names them."""
NAME_COLUMNS = {
    "place_code": "place_name", "similar_code": "similar_name", "area_code": "area_name", "people": "people_name",
}  # fmt: skip
"""The column of names that is added after each column of codes."""
REGISTER = "places"
"""The table that has the names of places already."""


def place_names(released: Released) -> dict[str, str]:
    """Return the name of each place by its code."""
    return AGGREGATES | {row["place_code"]: row["name"] for row in released.rows(REGISTER)}


def with_name_columns(form: Table) -> Table:
    """Return a table's declaration with a column of place names added after each column of place codes."""
    return replace(form, columns=tuple(_columns(form)))


def _columns(form: Table) -> Iterator[Column]:
    for column in form.columns:
        yield column
        if name_column := _name_column(form, column):
            yield Column(
                name=name_column, kind="name", empty=True,
                meaning=f"Name of {column.name}; empty where it is no code of a place that the report names",
            )  # fmt: skip


def _name_column(form: Table, column: Column) -> str:
    """Return the column of names that belongs after this column; empty if there is none."""
    name = NAME_COLUMNS.get(column.name, "") if column.is_text and form.name != REGISTER else ""
    return "" if any(other.name == name for other in form.columns) else name


def named_rows(form: Table, table: pa.Table, names: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table with the cells of the columns that `with_name_columns` adds, in their order."""
    for columns in named_batches(form, table, names):
        yield from zip(*columns, strict=True)


def named_batches(form: Table, table: pa.Table, names: Mapping[str, str]) -> Iterator[list[list[Any]]]:
    """Yield the same rows in batches, each as a list of its columns."""
    code_columns = {name: c.name for c in form.columns if (name := _name_column(form, c))}
    columns = [column.name for column in with_name_columns(form).columns]
    for batch in table.to_batches(max_chunksize=BATCH_ROWS):
        yield [
            [names.get(code) for code in batch[code_columns[column]].to_pylist()]
            if column in code_columns
            else batch[column].to_pylist()
            for column in columns
        ]
