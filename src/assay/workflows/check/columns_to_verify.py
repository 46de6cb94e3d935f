"""Which columns were read for a need that their heading does not name, so that a person should verify them?

A column may be recognised by its cells alone: 'Status' may hold outcomes. The ethnicity of a role may rest on what an
officer saw, because no column has what the person said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay.ingest.extracts.column_recognition import UNSURE_HEADINGS
from assay.ingest.extracts.extract_model import ColumnMeaning, SplitPart
from assay.ingest.extracts.structural_evidence import CELLS_ARE_ROLES
from assay.workflows.check.checked_extract import CheckedExtract
from assay.workflows.check.extract_contents import PERSONS, SUSPECT, VICTIM
from assay.workflows.check.named_headings import heading_places
from assay.workflows.check.plain_needs import plain_need

SELF, OFFICER = "ethnicity_self", "ethnicity_officer"
SEEN_BY_OFFICER = "no column has the self-defined ethnicity"
HOW_TO_CORRECT = "If one is wrong, correct or delete its line in mapping.toml, and check again."


@dataclass(frozen=True)
class ColumnToVerify:
    """A column that was read for a need that its heading does not name.

    Parameters
    ----------
    heading
        The heading, with its sheets if it stands in several.
    phrase
        The need in plain words.
    reason
        Why the column should be verified.
    """

    heading: str
    phrase: str
    reason: str

    @property
    def sentence(self) -> str:
        """Return which column was read for which need, and why it should be verified."""
        return f"{self.heading} was read as {self.phrase}: {self.reason}."


def columns_to_verify(extract: CheckedExtract) -> tuple[ColumnToVerify, ...]:
    """Return the columns that a person should verify, each heading and need once."""
    groups: dict[tuple[str, str, str], list[tuple[str, str, str]]] = {}
    for part in extract.plan.parts:
        for meaning, reason in (*_unsure_meanings(part), *_officer_ethnicities(extract, part)):
            role = part.fixed.get("role", "") if meaning.table == PERSONS else ""
            phrase = plain_need(f"{meaning.table}.{meaning.column}", role)
            groups.setdefault((meaning.heading, phrase, reason), []).append((part.file, part.sheet, meaning.heading))
    return tuple(
        ColumnToVerify(f"\u2018{heading}\u2019{heading_places(places)[heading]}", phrase, reason)
        for (heading, phrase, reason), places in groups.items()
    )


def _unsure_meanings(part: SplitPart) -> Iterator[tuple[ColumnMeaning, str]]:
    """Yield the columns that are used although their heading does not name the need, with the reason."""
    alternatives = (meaning for meanings in part.otherwise.values() for meaning in meanings)
    for meaning in (*part.columns.values(), *alternatives):
        reasons = [reason for reason in meaning.reasons if reason in (*UNSURE_HEADINGS, CELLS_ARE_ROLES)]
        if reasons:
            yield meaning, reasons[0]


def _officer_ethnicities(extract: CheckedExtract, part: SplitPart) -> Iterator[tuple[ColumnMeaning, str]]:
    """Yield the officer-defined ethnicity of a role whose self-defined ethnicity no column has."""
    roles = [part.fixed["role"]] if "role" in part.fixed else [VICTIM, SUSPECT]
    has_self = any(extract.contents.carries_person(role, SELF) for role in roles)
    if part.table == PERSONS and OFFICER in part.columns and not has_self:
        yield part.columns[OFFICER], SEEN_BY_OFFICER
