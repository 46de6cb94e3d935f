"""Which sheets of an extract have the same columns: one sheet for each month, one file for each quarter?

Their columns mean the same, and are recognised from the cells of all of them together. A sheet with one row alone would
not show what its columns mean.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from assay.ingest.extracts.extract_model import Sheet

MIN_SHARED = 0.8
"""Share of the headings of both sheets that they must have in common: an empty column may be missing."""
MIN_HEADINGS = 4


def sheets_of_one_layout(sheets: Sequence[Sheet]) -> list[list[Sheet]]:
    """Return the sheets in groups of the same headings, in the order of the first of each group."""
    groups: list[list[Sheet]] = []
    for sheet in sheets:
        group = next((group for group in groups if _is_alike(sheet, group[0])), None)
        if group is None:
            groups.append([sheet])
        else:
            group.append(sheet)
    return groups


def _is_alike(sheet: Sheet, other: Sheet) -> bool:
    own, known = set(sheet.cells.column_names), set(other.cells.column_names)
    if own == known:
        return True
    return len(own & known) >= max(MIN_HEADINGS, MIN_SHARED * len(own | known))


def stacked_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """Return the cells of several sheets beneath one another, as one sheet."""
    first = sheets[0]
    if len(sheets) == 1:
        return first
    cells = pa.concat_tables([sheet.cells for sheet in sheets], promote_options="default").combine_chunks()
    lines = pa.chunked_array([sheet.lines for sheet in sheets], pa.int64()).combine_chunks()
    return Sheet(first.file, first.name, cells, lines, first.set_aside)
