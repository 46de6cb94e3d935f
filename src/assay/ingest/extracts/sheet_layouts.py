"""Which sheets of an extract have the same columns: one sheet for each month, one file for each quarter?

Their columns mean the same, and are recognised from the cells of all of them together. A sheet with one row alone would
not show what its columns mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from assay.ingest.extracts.extract_model import Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.person_cells import role_in_name, role_in_title
from assay.ingest.extracts.sheet_shape import sheet_key

MIN_SHARED = 0.8
"""Share of the headings of both sheets that they must have in common: an empty column may be missing."""
MIN_HEADINGS = 4


def sheets_of_one_layout(sheets: Sequence[Sheet]) -> list[list[Sheet]]:
    """Group the sheets that have the same headings.

    A sheet of victims and one of suspects may have the same headings, and are two groups by their names.
    """
    groups: list[list[Sheet]] = []
    for sheet in sheets:
        group = next((group for group in groups if _has_same_layout(sheet, group[0])), None)
        if group is None:
            groups.append([sheet])
        else:
            group.append(sheet)
    return groups


def _has_same_layout(sheet: Sheet, other: Sheet) -> bool:
    if _role_of(sheet) != _role_of(other):
        return False
    headings, other_headings = set(sheet.cells.column_names), set(other.cells.column_names)
    if headings == other_headings:
        return True
    return len(headings & other_headings) >= max(MIN_HEADINGS, MIN_SHARED * len(headings | other_headings))


def _role_of(sheet: Sheet) -> str:
    return role_in_name(sheet.name or sheet.file) or role_in_title(sheet.title)


def stacked_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """Return the cells of several sheets beneath one another, as one sheet."""
    first = sheets[0]
    if len(sheets) == 1:
        return first
    cells = pa.concat_tables([sheet.cells for sheet in sheets], promote_options="default").combine_chunks()
    lines = pa.chunked_array([sheet.lines for sheet in sheets], pa.int64()).combine_chunks()
    return Sheet(first.file, first.name, cells, lines, first.set_aside, title=first.title)


def plan_of_members(plan: SplitPlan, groups: Sequence[Sequence[Sheet]]) -> SplitPlan:
    """Translate a plan for stacked sheets into a plan for the original sheets.

    Parameters
    ----------
    plan
        The plan of the stacked sheets.
    groups
        The sheets of each stack.
    """
    members = {sheet_key(group[0]): group for group in groups}
    return replace(
        plan,
        parts=tuple(_part_of(part, sheet) for part in plan.parts for sheet in members[part.file, part.sheet]),
        waiting=tuple(
            (sheet.file, sheet.name, meaning)
            for file, name, meaning in plan.waiting
            for sheet in members[file, name]
            if meaning.heading in sheet.cells.column_names
        ),
        unused=tuple(
            (sheet.file, sheet.name, heading)
            for file, name, heading in plan.unused
            for sheet in members[file, name]
            if heading in sheet.cells.column_names
        ),
        descriptions=tuple(
            (sheet.file, sheet.name, text) for file, name, text in plan.descriptions for sheet in members[file, name]
        ),
    )


def _part_of(part: SplitPart, sheet: Sheet) -> SplitPart:
    """Return a part of a stack as a part of one of its sheets, with the columns that the sheet has."""
    known = set(sheet.cells.column_names)
    columns = {
        column: replace(meaning, joined_heading=meaning.joined_heading if meaning.joined_heading in known else "")
        for column, meaning in part.columns.items()
        if meaning.heading in known
    }
    otherwise = {
        column: tuple(other for other in alternatives if other.heading in known)
        for column, alternatives in part.otherwise.items()
        if column in columns
    }
    return replace(
        part, file=sheet.file, sheet=sheet.name, columns=columns, otherwise=otherwise,
        numbered_by=part.numbered_by if part.numbered_by in known else "",
        separated=part.separated if part.separated in columns else "",
        ordered_by={heading: form for heading, form in part.ordered_by.items() if heading in known},
    )  # fmt: skip
