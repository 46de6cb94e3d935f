"""Detect whether the first line of a file is a header or a record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from assay import contract
from assay.contract import Column
from assay.ingest.preparation.cell_shapes import ColumnShape
from assay.ingest.preparation.code_meanings import has_closed_list, is_value

RECORD_CELL = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}([T ].*)?|\d{4,}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
"""A date, a long number or a postcode: no column has such a name."""
REFERENCE = re.compile(r"[A-Z]{1,4}[-/]?\d+([-/]\d+)*|\d+([-/]\d+)+")


def is_header_a_record(shapes: Mapping[str, ColumnShape]) -> bool:
    """Return True if the headings of a file look like the cells of a record.

    A reference such as C1 may be a heading (LINE1 is one), unless references or no cells are below it.
    """
    if any(RECORD_CELL.fullmatch(name) or _continues_below(name, shape, shapes) for name, shape in shapes.items()):
        return True
    code_like_names = [name for name in shapes if REFERENCE.fullmatch(name) or _is_code(name)]
    return 2 * len(code_like_names) > len(shapes)


def _continues_below(name: str, shape: ColumnShape, shapes: Mapping[str, ColumnShape]) -> bool:
    empty = not any(column_shape.filled for column_shape in shapes.values())
    return bool(REFERENCE.fullmatch(name)) and (empty or shape.matching_share(REFERENCE) > 0.5)


def _is_code(name: str) -> bool:
    return any(is_value(column, name) for column in _coded_columns())


@lru_cache
def _coded_columns() -> tuple[Column, ...]:
    """Return one column of the contract for each closed list."""
    columns = (column for table in contract.tables().values() for column in table.columns if has_closed_list(column))
    return tuple({(column.kind, column.values): column for column in columns}.values())
