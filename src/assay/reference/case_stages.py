"""The expected steps of a case, in order.

A small model for comparison, open to discussion: no law sets it, and a case may have good reasons for another
course.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.reference_data import Register, read_rows, split_cell

EXPECTED_FOR = ("every crime", "named suspect", "charged")
"""Crimes of which a step may be expected: all, those with a named suspect, those with a charge."""
COLUMNS = ("key", "title", "kinds", "asked_of", "note", "evidence", "source")


@dataclass(frozen=True)
class CourseStep:
    """One step of the expected course of a case: its kinds of event, and the crimes for which it is expected."""

    key: str
    title: str
    kinds: tuple[str, ...]
    asked_of: str
    note: str
    evidence: str
    source: str


class Course(Register[CourseStep]):
    """The expected course of a case, first step first."""

    member_name = "step of a case"


@lru_cache
def course() -> Course:
    """Return the steps in their expected order."""
    steps = [CourseStep(**{**row, "kinds": split_cell(row, "kinds")}) for row in read_rows("course", COLUMNS)]  # type: ignore[arg-type]
    for step in steps:
        if step.asked_of not in EXPECTED_FOR:
            raise DefinitionError(f"course.csv, {step.key}: asked_of is one of {', '.join(EXPECTED_FOR)}.")
    return Course(steps)
