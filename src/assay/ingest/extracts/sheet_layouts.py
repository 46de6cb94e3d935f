"""Which sheets of an extract have the same columns: one sheet for each month, one file for each quarter?

Their columns mean the same, and are recognised from the cells of all of them together. A sheet with one row alone would
not show what its columns mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import pyarrow as pa

from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.heading_evidence import heading_words
from assay.ingest.extracts.person_cells import role_in_name, role_in_title
from assay.ingest.extracts.sheet_shape import sheet_key

MIN_SHARED = 0.8
"""Share of the headings of both sheets that they must have in common: an empty column may be missing."""
MIN_HEADINGS = 4
WORDS_OF_A_CODE = frozenset({"code", "the", "of", "a"})
"""Words by which the heading of a column may differ from sheet to sheet: 'O/C' and 'O/C code'."""


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
    own_names = same_headings(sheet, other)
    headings = {own_names.get(heading, heading) for heading in sheet.cells.column_names}
    other_headings = set(other.cells.column_names)
    if headings == other_headings:
        return True
    return len(headings & other_headings) >= max(MIN_HEADINGS, MIN_SHARED * len(headings | other_headings))


def same_headings(sheet: Sheet, first: Sheet) -> dict[str, str]:
    """Return heading of a sheet -> heading of the first sheet, where both say the same in other words or order.

    'Crimed Date' in one quarter is 'Date Crimed' in another. A heading that the other sheet has too keeps its meaning.
    """
    known = set(first.cells.column_names)
    sheet_names = set(sheet.cells.column_names)
    by_words = _headings_by_words([heading for heading in known if heading not in sheet_names])
    own_by_words = _headings_by_words([heading for heading in sheet_names if heading not in known])
    return {heading: by_words[words] for words, heading in own_by_words.items() if words in by_words}


def _headings_by_words(headings: Sequence[str]) -> dict[tuple[str, ...], str]:
    """Return the words of each heading -> the heading; without those whose words another heading has too."""
    words = {heading: _words(heading) for heading in headings}
    counts = Counter(words.values())
    return {found: heading for heading, found in words.items() if found and counts[found] == 1}


@lru_cache(maxsize=8192)
def _words(heading: str) -> tuple[str, ...]:
    return tuple(sorted(word for word in heading_words(heading).words if word not in WORDS_OF_A_CODE))


def _role_of(sheet: Sheet) -> str:
    return role_in_name(sheet.name or sheet.file) or role_in_title(sheet.title)


def stacked_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """Return the cells of several sheets beneath one another, as one sheet."""
    first = sheets[0]
    if len(sheets) == 1:
        return first
    tables = [_renamed(sheet.cells, same_headings(sheet, first)) for sheet in sheets]
    cells = pa.concat_tables(tables, promote_options="default").combine_chunks()
    lines = pa.chunked_array([sheet.lines for sheet in sheets], pa.int64()).combine_chunks()
    return Sheet(first.file, first.name, cells, lines, first.set_aside, title=first.title)


def _renamed(cells: pa.Table, names: Mapping[str, str]) -> pa.Table:
    return cells.rename_columns([names.get(heading, heading) for heading in cells.column_names]) if names else cells


def plan_of_members(plan: SplitPlan, groups: Sequence[Sequence[Sheet]]) -> SplitPlan:
    """Translate a plan for stacked sheets into a plan for the original sheets.

    Parameters
    ----------
    plan
        The plan of the stacked sheets.
    groups
        The sheets of each stack.
    """
    members = {sheet_key(group[0]): [_Member(sheet, group[0]) for sheet in group] for group in groups}
    return replace(
        plan,
        parts=tuple(_part_of(part, member) for part in plan.parts for member in members[part.file, part.sheet]),
        waiting=tuple(
            (member.sheet.file, member.sheet.name, renamed)
            for file, name, meaning in plan.waiting
            for member in members[file, name]
            if (renamed := member.own_meaning(meaning)) is not None
        ),
        unused=tuple(
            (member.sheet.file, member.sheet.name, member.own_heading(heading))
            for file, name, heading in plan.unused
            for member in members[file, name]
            if member.own_heading(heading)
        ),
        descriptions=tuple(
            (member.sheet.file, member.sheet.name, text)
            for file, name, text in plan.descriptions
            for member in members[file, name]
        ),
    )


class _Member:
    """A sheet of a stack, which may write a heading of the first sheet in other words."""

    def __init__(self, sheet: Sheet, first: Sheet) -> None:
        self.sheet = sheet
        renamed = same_headings(sheet, first) if sheet is not first else {}
        self._sheet_headings: dict[str, str] = {
            renamed.get(heading, heading): heading for heading in sheet.cells.column_names
        }

    def own_heading(self, heading: str) -> str:
        """Return the heading of the sheet for a heading of the stack; '' if it has none."""
        return self._sheet_headings.get(heading, "")

    def own_meaning(self, meaning: ColumnMeaning) -> ColumnMeaning | None:
        """Return a meaning of the stack under the headings of the sheet; None if it has no such column."""
        heading = self.own_heading(meaning.heading)
        joined = self.own_heading(meaning.joined_heading)
        return replace(meaning, heading=heading, joined_heading=joined) if heading else None


def _part_of(part: SplitPart, member: _Member) -> SplitPart:
    """Return a part of a stack as a part of one of its sheets, with the columns that the sheet has."""
    columns = {
        column: renamed
        for column, meaning in part.columns.items()
        if (renamed := member.own_meaning(meaning)) is not None
    }
    otherwise = {
        column: tuple(renamed for other in alternatives if (renamed := member.own_meaning(other)) is not None)
        for column, alternatives in part.otherwise.items()
        if column in columns
    }
    own_names = {heading: member.own_heading(heading) or heading for heading in (*part.only_where, *part.carried_down)}
    return replace(
        part, file=member.sheet.file, sheet=member.sheet.name, columns=columns, otherwise=otherwise,
        only_where={own_names[heading]: words for heading, words in part.only_where.items()},
        carried_down=tuple(own_names[heading] for heading in part.carried_down),
        numbered_by=member.own_heading(part.numbered_by),
        separated=part.separated if part.separated in columns else "",
        ordered_by={
            sheet_heading: form
            for heading, form in part.ordered_by.items()
            if (sheet_heading := member.own_heading(heading))
        },
    )  # fmt: skip
