"""Read fixed-width text from a query tool, where a line of dashes under the heading marks the columns."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import pyarrow as pa

from assay.ingest.file_readers.cell_grid import CellGrid, RaggedRow, stripped_cell

RULE = re.compile(r"-{2,}( +-{2,})+ *")
HEAD_LINES = 80
Span = tuple[int, int]


def read_ruled_columns(text: bytes) -> CellGrid | None:
    """Return the cells of a text with columns of fixed width; None if no line of dashes marks them.

    A line with a letter between two columns is not split: its columns are not those of the heading.
    """
    if not (rule := _find_rule(text)):
        return None
    spans = [match.span() for match in re.finditer("-+", rule)]
    spans[-1] = (spans[-1][0], 1 << 30)
    rows: list[tuple[str | None, ...]] = []
    lines: list[int] = []
    ragged: list[RaggedRow] = []
    n_blank = 0
    for number, line in enumerate(text.decode("utf-8", "replace").split("\n"), start=1):
        if not line.strip():
            n_blank += 1
        elif _fits(line, spans):
            rows.append(tuple(stripped_cell(line[start:end]) for start, end in spans))
            lines.append(number)
        else:
            ragged.append(RaggedRow(number, (line.strip(),)))
    columns = {f"c{place}": pa.array([row[place] for row in rows], pa.string()) for place in range(len(spans))}
    n_blank -= text.endswith(b"\n")
    return CellGrid("", pa.table(columns), pa.array(lines, pa.int64()), tuple(ragged), blank_lines=n_blank)


def _find_rule(text: bytes) -> str:
    head = text[: 1 << 16].decode("utf-8", "replace").split("\n")[:HEAD_LINES]
    return next((line for line in head if RULE.fullmatch(line)), "")


def _fits(line: str, spans: Sequence[Span]) -> bool:
    """Return True if a line reaches the second column, and has nothing but spaces between columns."""
    gaps = itertools.pairwise(spans)
    return len(line) > spans[0][1] and all(not line[left[1] : right[0]].strip() for left, right in gaps)
