"""Which columns of a file of crimes hold flags: a yes/no column for each flag, or one column with every flag?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from assay import contract
from assay.ingest.flag_cells import NO, UNKNOWN, YES, flag_of_heading, read_yes_no_cell, split_cell
from assay.ingest.preparation.cell_shapes import Shape
from assay.ingest.preparation.code_meanings import Meant, known_words, meant, translation
from assay.ingest.preparation.column_matching import Proposal
from assay.ingest.preparation.heading_words import words
from assay.ingest.yes_no_words import says_no, says_nothing

HEADING_WORDS = frozenset({
    "flag", "flags", "marker", "markers", "mkr", "mkrs", "tag", "tags", "keyword", "keywords", "qualifier",
    "qualifiers",
})  # fmt: skip
"""Words in the heading of a column that holds the flags themselves."""
MIN_KNOWN_SHARE = 0.5
"""Share of the cells of a yes/no column that must say yes, no or nothing."""
FLAG_COLUMN = contract.table("flags").column("flag")


@dataclass(frozen=True)
class FlagColumns:
    """The flag columns of a file of crimes."""

    yes_no: Mapping[str, str] = field(default_factory=dict)
    """Heading of a yes/no column -> its flag."""
    list_heading: str = ""
    """Heading of the column that holds the flags themselves; '' if there is none."""
    list_values: Meant = field(default_factory=Meant)
    """Meaning of the parts of the cells of that column."""

    def __bool__(self) -> bool:
        return bool(self.yes_no or self.list_heading)


def find_flag_columns(proposal: Proposal, never: Collection[str]) -> FlagColumns:
    """Find the flag columns among the headings that match no column of the table.

    Parameters
    ----------
    proposal
        The proposed table of the file.
    never
        Words that may not be shown.
    """
    shapes = {heading: proposal.export.shape(heading) for heading in proposal.left}
    yes_no = {heading: flag for heading, shape in shapes.items() if (flag := _yes_no_flag(heading, shape))}
    list_headings = [
        heading
        for heading, shape in shapes.items()
        if heading not in yes_no and words(heading) & HEADING_WORDS and _has_known_flag(shape)
    ]
    if len(list_headings) != 1:
        return FlagColumns(yes_no)
    heading = list_headings[0]
    return FlagColumns(yes_no, heading, meant(FLAG_COLUMN, part_counts(shapes[heading]), never=never))


def _yes_no_flag(heading: str, shape: Shape) -> str:
    """Return the flag of a yes/no column; '' if the heading names none, or most cells are not yes, no or nothing."""
    flag = flag_of_heading(heading)
    counts = meaning_counts(shape, flag) if flag else Counter[str]()
    n_known = counts.total() - counts[UNKNOWN]
    return flag if flag and counts.total() * MIN_KNOWN_SHARE <= n_known else ""


def meaning_counts(shape: Shape, flag: str) -> Counter[str]:
    """Return how many cells of a yes/no column have each meaning (YES, NO, EMPTY or UNKNOWN)."""
    counts = Counter[str]()
    for cell, rows in shape.values.items():
        counts[read_yes_no_cell(cell, flag, {}).meaning] += rows
    return counts


def _has_known_flag(shape: Shape) -> bool:
    return any(translation(FLAG_COLUMN, part) for part in part_counts(shape))


def part_counts(shape: Shape) -> dict[str, int]:
    """Return each part of the cells of a column, except no and nothing, with the number of cells that hold it."""
    counts = Counter[str]()
    for cell, rows in shape.values.items():
        for part in dict.fromkeys(split_cell(cell, known_words("flag"))):
            counts[part] += 0 if says_nothing(part) or says_no(part) else rows
    return {part: rows for part, rows in counts.items() if rows}


def count_cells_with_several_flags(shape: Shape) -> int:
    """Count the cells that hold several flags."""
    known = known_words("flag")
    return sum(rows for cell, rows in shape.values.items() if len(set(split_cell(cell, known))) > 1)


def sentences(columns: FlagColumns, proposal: Proposal) -> Iterator[str]:
    """Yield a sentence for each flag column that counts its cells by meaning."""
    records = proposal.export.records
    for heading, flag in columns.yes_no.items():
        counts = meaning_counts(proposal.export.shape(heading), flag)
        nothing = records - counts[YES] - counts[NO] - counts[UNKNOWN]
        unknown = f", {counts[UNKNOWN]:,} hold another word" if counts[UNKNOWN] else ""
        yield (
            f"{heading}: of {records:,} cells, {counts[YES]:,} say yes to {flag}, {counts[NO]:,} say no, "
            f"{nothing:,} nothing{unknown}"
        )
    if columns.list_heading:
        yield list_column_sentence(columns.list_heading, proposal.export.shape(columns.list_heading), records)


def list_column_sentence(heading: str, shape: Shape, records: int) -> str:
    """Return a sentence with the number of cells of a column that hold several flags."""
    several = count_cells_with_several_flags(shape)
    return f"{heading}: of {records:,} cells, {several:,} hold several flags, and each flag is read by itself"
