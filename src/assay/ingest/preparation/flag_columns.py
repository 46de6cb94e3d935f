"""Which columns of a file of crimes hold flags: a yes/no column for each flag, or one column that lists all flags?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from assay import contract
from assay.ingest.flag_cells import NO, UNKNOWN, YES, find_heading_flag, read_yes_no_cell, split_cell
from assay.ingest.preparation.cell_shapes import ColumnShape
from assay.ingest.preparation.code_meanings import WordMeanings, find_word_meanings, known_words, translation
from assay.ingest.preparation.column_matching import TableProposal
from assay.ingest.preparation.heading_words import heading_word_set
from assay.ingest.yes_no_words import is_empty_word, is_no_word

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

    yes_no_flags: Mapping[str, str] = field(default_factory=dict)
    """Heading of a yes/no column -> its flag."""
    list_heading: str = ""
    """Heading of the column that holds the flags themselves; '' if there is none."""
    list_values: WordMeanings = field(default_factory=WordMeanings)
    """Meaning of the parts of the cells of that column."""

    def __bool__(self) -> bool:
        return bool(self.yes_no_flags or self.list_heading)


def find_flag_columns(proposal: TableProposal, withheld_words: Collection[str]) -> FlagColumns:
    """Find the flag columns among the headings that match no column of the table.

    Parameters
    ----------
    proposal
        The proposed table of the file.
    withheld_words
        Words that may not be shown.
    """
    shapes = {heading: proposal.export.shape(heading) for heading in proposal.unmatched_headings}
    yes_no = {heading: flag for heading, shape in shapes.items() if (flag := _yes_no_flag(heading, shape))}
    list_headings = [
        heading
        for heading, shape in shapes.items()
        if heading not in yes_no and heading_word_set(heading) & HEADING_WORDS and _has_known_flag(shape)
    ]
    if len(list_headings) != 1:
        return FlagColumns(yes_no)
    heading = list_headings[0]
    return FlagColumns(
        yes_no, heading, find_word_meanings(FLAG_COLUMN, part_counts(shapes[heading]), withheld_words=withheld_words)
    )


def _yes_no_flag(heading: str, shape: ColumnShape) -> str:
    """Return the flag of a yes/no column; '' if the heading names none, or most cells are not yes, no or nothing."""
    flag = find_heading_flag(heading)
    counts = meaning_counts(shape, flag) if flag else Counter[str]()
    n_known = counts.total() - counts[UNKNOWN]
    return flag if flag and counts.total() * MIN_KNOWN_SHARE <= n_known else ""


def meaning_counts(shape: ColumnShape, flag: str) -> Counter[str]:
    """Return how many cells of a yes/no column have each meaning (YES, NO, EMPTY or UNKNOWN)."""
    counts = Counter[str]()
    for cell, rows in shape.values.items():
        counts[read_yes_no_cell(cell, flag, {}).meaning] += rows
    return counts


def _has_known_flag(shape: ColumnShape) -> bool:
    return any(translation(FLAG_COLUMN, part) for part in part_counts(shape))


def part_counts(shape: ColumnShape) -> dict[str, int]:
    """Count the cells of a column that contain each keyword, without words that mean no or none."""
    counts = Counter[str]()
    for cell, rows in shape.values.items():
        for part in dict.fromkeys(split_cell(cell, known_words("flag"))):
            counts[part] += 0 if is_empty_word(part) or is_no_word(part) else rows
    return {part: rows for part, rows in counts.items() if rows}


def count_cells_with_several_flags(shape: ColumnShape) -> int:
    """Count the cells that hold several flags."""
    known = known_words("flag")
    return sum(rows for cell, rows in shape.values.items() if len(set(split_cell(cell, known))) > 1)


def flag_column_sentences(columns: FlagColumns, proposal: TableProposal) -> Iterator[str]:
    """Yield a sentence for each flag column that counts its cells by meaning."""
    records = proposal.export.records
    for heading, flag in columns.yes_no_flags.items():
        counts = meaning_counts(proposal.export.shape(heading), flag)
        empty_count = records - counts[YES] - counts[NO] - counts[UNKNOWN]
        unknown = f", {counts[UNKNOWN]:,} hold another word" if counts[UNKNOWN] else ""
        yield (
            f"{heading}: of {records:,} cells, {counts[YES]:,} say yes to {flag}, {counts[NO]:,} say no, "
            f"{empty_count:,} nothing{unknown}"
        )
    if columns.list_heading:
        yield list_column_sentence(columns.list_heading, proposal.export.shape(columns.list_heading), records)


def list_column_sentence(heading: str, shape: ColumnShape, records: int) -> str:
    """Return a sentence with the number of cells of a column that hold several flags."""
    multiple_count = count_cells_with_several_flags(shape)
    return f"{heading}: of {records:,} cells, {multiple_count:,} hold several flags, and each flag is read separately"
