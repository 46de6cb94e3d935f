"""Extract `twelve_columns`: one comma-separated file of crimes, with ages in place of dates of birth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import police_wording as wording
from .extract_columns import Cell, Column, Extract, cells, delimited, headings, meanings
from .extract_truth import CSE_FLAGS, Carried, age_at_offence, compute_truth
from .force_records import Crime, ForceRecords, Person

FILE = "twelve_columns.csv"
DAY = "%d %b %Y"
NOT_KNOWN = "Not known"
REMARKS = """
Our usual answer to freedom of information requests: one row a crime, twelve columns, no names or dates of birth.
Where a crime has more than one victim, only the first is shown. Age is the age when the offence began.
Suspect known is Y where an officer has named somebody; a description alone is N. Suspects are not counted.
Dates have no times. CSE marker is as at the run date and covers both single and group offending.
Sex is typed in by the station, so it comes out in several spellings.
"""
CLOSING_LINES = (
    "Notes",
    "1. Where a crime has more than one victim the details of the first victim are shown.",
    "2. Age is in years at the start of the offence. Not known = not recorded or not established.",
    "3. Data are live and subject to change.",
)
SEX_SPELLINGS = {
    "F": ("Female", "F", "female", "FEMALE"),
    "M": ("Male", "M", "male", "MALE"),
    "O": ("Other",),
    "": (NOT_KNOWN, "U", "Unknown"),
}


@dataclass(frozen=True)
class CrimeRow:
    """A crime with its first victim."""

    crime: Crime
    victim: Person
    cse: bool
    suspect_known: bool


def _age(row: CrimeRow) -> Cell:
    age = age_at_offence(row.victim, row.crime)
    return NOT_KNOWN if age is None else age


def _sex(row: CrimeRow) -> str:
    spellings = SEX_SPELLINGS[row.victim.sex]
    return spellings[row.crime.number % len(spellings)]


def _ethnicity(row: CrimeRow) -> str:
    return wording.SELF_LABELS.get(row.victim.ethnicity_self, NOT_KNOWN)


COLUMNS: tuple[Column[CrimeRow], ...] = (
    Column("LPA", "none", lambda row: wording.station_of(row.crime), note="station"),
    Column(
        "Crime number", "crimes.crime_ref", lambda row: f"N{row.crime.recorded_at.day:%y}-{row.crime.number + 8000}"
    ),
    Column(
        "Home Office offence",
        "crimes.offence_code",
        lambda row: f"{row.crime.offence_code} {wording.offence_title(row.crime.offence_code)}",
    ),
    Column("Date reported", "crimes.reported_at", lambda row: wording.moment_text(row.crime.reported_at, DAY, "")),
    Column("Date recorded", "crimes.recorded_at", lambda row: wording.moment_text(row.crime.recorded_at, DAY, "")),
    Column(
        "Offence start date",
        "crimes.occurred_from",
        lambda row: wording.moment_text(row.crime.occurred_from, DAY, "", NOT_KNOWN),
    ),
    Column("Victim age", "none", _age, "victim", "age in years on the first possible day of the offence"),
    Column("Victim sex", "involvements.sex", _sex, "victim"),
    Column("Victim ethnicity", "involvements.ethnicity_self", _ethnicity, "victim"),
    Column("Suspect known (Y/N)", "involvements.suspect_known_as", lambda row: "NY"[row.suspect_known], "suspect"),
    Column("CSE marker (Y/N)", "flags.flag", lambda row: "NY"[row.cse], note="cse"),
    Column(
        "Outcome",
        "crimes.outcome_code",
        lambda row: wording.outcome_text(row.crime.outcome_code, ". ", "Ongoing - no outcome assigned") or NOT_KNOWN,
    ),
)


def build(records: ForceRecords) -> Extract:
    """Write the extract from a force's records."""
    selection = records.with_first_victims().with_current_flags().with_flags(lambda flag: flag.flag in CSE_FLAGS)
    # The marker covers both flags: the extract carries one flag for each crime.
    first_flags = {flag.crime_ref: flag for flag in reversed(selection.flags)}
    selection = selection.with_flags(lambda flag: first_flags[flag.crime_ref] == flag)
    rows = [_row(selection, crime) for crime in selection.crimes]
    lines: list[list[Cell]] = [
        ["Child sexual abuse and exploitation crimes recorded"],
        ["Report run on 8 June 2026"],
        [],
    ]
    closing: list[list[Cell]] = [[], ["Total", len(rows)], [], *_lines(CLOSING_LINES)]
    text = delimited([*lines, headings(COLUMNS), *(cells(COLUMNS, row) for row in rows), *closing], ",")
    carried = Carried(precision="day", suspects="yes_no", victim_ethnicity=frozenset({"self"}))
    truth = compute_truth(selection, carried)
    return Extract("twelve_columns", {FILE: text.encode()}, truth, {FILE: meanings(COLUMNS)}, REMARKS)


def _lines(texts: Sequence[str]) -> list[list[Cell]]:
    return [[text] for text in texts]


def _row(records: ForceRecords, crime: Crime) -> CrimeRow:
    return CrimeRow(
        crime,
        victim=records.victims_of(crime)[0],
        cse=bool(records.flags_of(crime)),
        suspect_known=any(person.has_name for person in records.suspects_of(crime)),
    )
