"""Split the cells of a flag column into single keywords, with any separator.

One column may write 'CSE, ONLINE', 'CSA/DA' and 'CSE; MS'. The plan names one separator; a piece that is no word of the
plan is divided further where known keywords result.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from assay.ingest.extracts.value_kinds_flags import is_answer_or_doubt, read_flag_cell, split_keywords
from assay.ingest.yes_no_words import normalise_cell

MARKS_AROUND = " \t\r\n\"'[](){}"
"""Marks that are taken from around each keyword of a cell."""


def flag_pieces(cells: pl.Series, separator: str, values: Mapping[str, str]) -> pl.Series:
    """Split each cell of a flag column into its keywords, as a list; null for an empty cell.

    Parameters
    ----------
    cells
        The cells of the column.
    separator
        The separator of the plan; '' if it names none.
    values
        The words of the plan with their flags.
    """
    known = frozenset(map(normalise_cell, values))
    distinct = cells.drop_nulls().unique().to_list()
    pieces = pl.DataFrame(
        {"cell": distinct, "pieces": [_pieces_of_cell(cell, separator, known) for cell in distinct]},
        schema={"cell": pl.String, "pieces": pl.List(pl.String)},
    )
    return cells.alias("cell").to_frame().join(pieces, on="cell", how="left", maintain_order="left")["pieces"]


def _pieces_of_cell(cell: str, separator: str, known: frozenset[str]) -> list[str]:
    if normalise_cell(cell) in known:
        return [cell]
    parts = cell.split(separator) if separator else [cell]
    pieces = [piece for part in parts for piece in _divided(part, known)]
    # Doubt between separators belongs to a keyword beside it, and leaves the whole cell unread.
    has_doubt = len(pieces) > 1 and any(
        is_answer_or_doubt(piece) and normalise_cell(piece) not in known for piece in pieces
    )
    return [cell] if has_doubt else pieces


def _divided(part: str, known: frozenset[str]) -> list[str]:
    """Return a part, or the keywords that it holds where it is no word of the plan itself."""
    stripped = part.strip(MARKS_AROUND)
    for word in (part, stripped):
        if normalise_cell(word) in known:
            return [word]
    pieces = split_keywords(part)
    if len(pieces) < 2 or read_flag_cell(part) is None:
        return [stripped]
    return [piece if normalise_cell(piece) in known else piece.strip(MARKS_AROUND) for piece in pieces]
