"""Laws, codes, guidance, recording rules and data requirements that affect the inspection, with their dates.

A row gives the change, its first and last day, and whether it is in force (`commencement`), because a passed Act need
not be in force. A first day that was not read in a source is empty. A law is applied only on days on which it is known
to be in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.inspection_questions import questions
from assay.reference.past_recommendations import recommendations
from assay.reference.reference_data import Register, check_address, check_partial_dates, read_rows, split_cell
from assay.reference.series_breaks import breaks
from assay.reference.time_standards import COMMENCEMENTS, IN_FORCE, JURISDICTIONS, NOT_IN_FORCE, standards

COLUMNS = (
    "key", "name", "kind", "change", "jurisdiction", "valid_from", "valid_to", "commencement", "as_at", "standards",
    "breaks", "recommendations", "questions", "note", "publisher", "evidence", "source", "address",
)  # fmt: skip
KINDS = (
    "Act", "duty", "offence", "sentencing", "civil law", "criminal records", "code of practice", "statutory guidance",
    "recording rules", "data requirement", "promise",
)  # fmt: skip
IN_PART, ENDED = "in part", "ended"
LAW_COMMENCEMENTS = {
    **COMMENCEMENTS,
    IN_PART: "some of its parts are in force; a part has a row of its own where it matters here",
    ENDED: "no longer in force",
}


@dataclass(frozen=True)
class Law:
    """One law, code, guidance or rule; dates are ISO (day, month or year), empty where none was found.

    `as_at`: the day for which the source says whether it is in force. `standards`, `breaks`, `recommendations` and
    `questions`: keys of what it affects.
    """

    key: str
    name: str
    kind: str
    change: str
    jurisdiction: str
    valid_from: str
    valid_to: str
    commencement: str
    as_at: str
    standards: tuple[str, ...]
    breaks: tuple[str, ...]
    recommendations: tuple[str, ...]
    questions: tuple[str, ...]
    note: str
    publisher: str
    evidence: str
    source: str
    address: str

    def in_force_on(self, day: date) -> bool | None:
        """Return whether the law is in force on a day; None if that is not known, or only some of it is in force."""
        if self.commencement == NOT_IN_FORCE:
            return False if self.as_at and str(day) <= self.as_at else None
        if self.commencement not in (IN_FORCE, ENDED):
            return None
        has_begun = _is_from(day, self.valid_from)
        has_ended = _is_from(day, self.valid_to, is_after=True) if self.valid_to else False
        if has_begun is False or has_ended is True:
            return False
        return None if has_begun is None or has_ended is None else True


class Laws(Register[Law]):
    """The register of laws, in the order of the file."""

    member_name = "law"


def _is_from(day: date, start: str, *, is_after: bool = False) -> bool | None:
    """Return whether a day is on or after a date; `is_after`: whether it is later.

    None if that date is a month or a year that holds the day.
    """
    text = day.isoformat()
    if len(start) < len(text) and text.startswith(start):
        return None
    return text > start if is_after else text >= start


@lru_cache
def laws() -> Laws:
    """Return the register; DefinitionError for an unknown kind, commencement or key, or a missing first date."""
    return Laws([_law(row) for row in read_rows("laws", COLUMNS)])


def _law(row: dict[str, str]) -> Law:
    place = f"laws.csv, {row['key']}"
    for column, known in (("kind", KINDS), ("jurisdiction", JURISDICTIONS), ("commencement", LAW_COMMENCEMENTS)):
        if row[column] not in known:
            raise DefinitionError(f"{place}: unknown {column} {row[column]!r}.")
    if bool(row["valid_from"]) != (row["commencement"] in (IN_FORCE, IN_PART, ENDED)):
        raise DefinitionError(f"{place}: what is or was in force has a first date, and nothing else has one.")
    if bool(row["valid_to"]) != (row["commencement"] == ENDED):
        raise DefinitionError(f"{place}: what has ended has a last date, and nothing else has one.")
    check_partial_dates(row, place, ("valid_from", "valid_to", "as_at"))
    check_address(row, place)
    registers = {"standards": standards(), "breaks": breaks(), "recommendations": recommendations(),
                 "questions": questions()}  # fmt: skip
    keys = {column: split_cell(row, column, " ") for column in registers}
    for column, register in registers.items():
        for key in keys[column]:
            register.get(key)  # type: ignore[attr-defined]
    return Law(**{**row, **keys})  # type: ignore[arg-type]
