"""Which columns of a file of crimes are marks, one a flag or one with every flag, and what do they say?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from assay.returns import contract
from assay.returns.flag_cells import (
    NO,
    UNKNOWN,
    YES,
    flag_of_heading,
    in_a_mark,
    parts_of,
)
from assay.returns.preparing.matching import Proposal
from assay.returns.preparing.meanings import Meant, known_words, meant, translation
from assay.returns.preparing.shapes import Shape
from assay.returns.preparing.wording import words
from assay.returns.said_words import says_no, says_nothing

HEADINGS = frozenset({
    "flag", "flags", "marker", "markers", "mkr", "mkrs", "tag", "tags", "keyword", "keywords", "qualifier",
    "qualifiers",
})  # fmt: skip
ENOUGH = 0.5
"""The share of the cells of a mark that must say yes, no or nothing, for it to be one."""
COLUMN = contract.table("flags").column("flag")


@dataclass(frozen=True)
class Marks:
    """`marks`: heading -> flag, of columns that say yes or no; `several`: the heading of a column that holds the flags
    themselves, or '', with the words of its parts in `words` and in how many cells several stand in `apart`."""

    marks: Mapping[str, str] = field(default_factory=dict)
    several: str = ""
    words: Meant = field(default_factory=Meant)
    apart: int = 0

    def __bool__(self) -> bool:
        return bool(self.marks or self.several)


def marks_of(proposal: Proposal, never: Collection[str]) -> Marks:
    """The marks among the headings that a table was not found for."""
    shapes = {heading: proposal.export.shape(heading) for heading in proposal.left}
    marks = {heading: flag for heading, shape in shapes.items() if (flag := _flag(heading, shape))}
    several = [one for one, shape in shapes.items() if one not in marks and words(one) & HEADINGS and _knows(shape)]
    if len(several) != 1:
        return Marks(marks)
    shape = shapes[several[0]]
    return Marks(marks, several[0], meant(COLUMN, parts(shape), never=never), apart(shape))


def _flag(heading: str, shape: Shape) -> str:
    flag = flag_of_heading(heading)
    says = said(shape, flag) if flag else Counter[str]()
    return flag if flag and sum(says.values()) * ENOUGH <= sum(says.values()) - says[UNKNOWN] else ""


def said(shape: Shape, flag: str) -> Counter[str]:
    """How many cells of a mark say yes, no, nothing, or what is none of these."""
    found = Counter[str]()
    for cell, rows in shape.values.items():
        found[in_a_mark(cell, flag, {}).says] += rows
    return found


def _knows(shape: Shape) -> bool:
    return any(translation(COLUMN, part) for part in parts(shape))


def parts(shape: Shape) -> dict[str, int]:
    """The parts of the cells of a column of flags, each with the cells that hold it; those that say no are left out."""
    found = Counter[str]()
    for cell, rows in shape.values.items():
        for part in dict.fromkeys(parts_of(cell, known_words("flag"))):
            found[part] += 0 if says_nothing(part) or says_no(part) else rows
    return {part: rows for part, rows in found.items() if rows}


def apart(shape: Shape) -> int:
    """How many cells hold several flags."""
    return sum(rows for cell, rows in shape.values.items() if len(set(parts_of(cell, known_words("flag")))) > 1)


def sentences(marks: Marks, proposal: Proposal) -> Iterator[str]:
    """What the cells of each mark say, in counts."""
    records = proposal.export.records
    for heading, flag in marks.marks.items():
        says = said(proposal.export.shape(heading), flag)
        nothing = records - says[YES] - says[NO] - says[UNKNOWN]
        told = f"{heading}: of {records:,} cells, {says[YES]:,} say yes to {flag}, {says[NO]:,} say no, "
        yield f"{told}{nothing:,} nothing" + (f", {says[UNKNOWN]:,} what is neither" if says[UNKNOWN] else "")
    if marks.several:
        yield several_sentence(marks.several, proposal.export.shape(marks.several), records)


def several_sentence(heading: str, shape: Shape, records: int) -> str:
    """How many cells of a column hold several flags."""
    return f"{heading}: of {records:,} cells, {apart(shape):,} hold several marks and are read part by part"
