"""Is the first line of a file the names of its columns, or a record already?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from assay import contract
from assay.contract import Column
from assay.ingest.preparation.cell_shapes import Shape
from assay.ingest.preparation.code_meanings import is_value, listed

RECORD_LIKE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}([T ].*)?|\d{4,}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
"""A date, a long number or a postcode: no column is called so."""
REFERENCE = re.compile(r"[A-Z]{1,4}[-/]?\d+([-/]\d+)*|\d+([-/]\d+)+")


def is_record(shapes: Mapping[str, Shape]) -> bool:
    """Whether the headings of a file, each with its cells, are the cells of a record.

    A reference such as C1 may be a heading (LINE1 is one), unless references stand below it or there is nothing below.
    """
    if any(RECORD_LIKE.fullmatch(name) or _goes_on(name, shape, shapes) for name, shape in shapes.items()):
        return True
    told = [name for name in shapes if REFERENCE.fullmatch(name) or _is_code(name)]
    return 2 * len(told) > len(shapes)


def _goes_on(name: str, shape: Shape, shapes: Mapping[str, Shape]) -> bool:
    empty = not any(one.filled for one in shapes.values())
    return bool(REFERENCE.fullmatch(name)) and (empty or shape.share(REFERENCE) > 0.5)


def _is_code(name: str) -> bool:
    return any(is_value(column, name) for column in _coded())


@lru_cache
def _coded() -> tuple[Column, ...]:
    """One column of the contract for each closed list."""
    every = (column for table in contract.tables().values() for column in table.columns if listed(column))
    return tuple({(column.kind, column.values): column for column in every}.values())
