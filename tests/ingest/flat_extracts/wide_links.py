"""Extract `wide_links`: one semicolon-separated file in Windows-1252, one row for each person of a crime."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from . import police_wording as wording
from .extract_columns import Cell, Column, Extract, cells, delimited, headings, meanings
from .extract_truth import Carried, compute_truth
from .force_records import Crime, ForceRecords, Person

FILE = "wide_links.csv"
DAY = "%d/%m/%Y"
ROLES = {"victim": "Aggrieved", "suspect": "Suspect", "informant": "Informant"}
FLAG_WORDS = {"cse": "CSE", "csa": "CSA", "group_cse": "Group CSE", "cce": "CCE", "modern_slavery": "Modern Slavery"}
REMARKS = """
Saved search of the record system: all CSAE crimes recorded in the period, with every person linked to them.
One row is one link between a crime and a person. If a crime has changed officer, its rows may come out twice.
"Aggrieved" is our word for the victim. Informants are people who rang in, and are not victims or suspects.
The flags column holds whatever flags are on the crime on the day of the run; flags that were removed are not shown.
Where the officer has not named anybody the surname is UNKNOWN. HO Code is the sub-code, or the class on some records.
"""


@dataclass(frozen=True)
class LinkRow:
    """A person of a crime, with the officer whom the row names."""

    crime: Crime
    person: Person
    flags: str
    officer: str


def _text(value: str, missing: str = "") -> str:
    return value or missing


def _crime_number(crime: Crime) -> str:
    return f"44/{crime.number + 17200}/{crime.recorded_at.day:%y}"


def _day_after(crime: Crime, days: int) -> str:
    return (crime.recorded_at.day + timedelta(days=days)).strftime(DAY)


def _when(row: LinkRow, name: str) -> str:
    return wording.moment_text(getattr(row.crime, name), DAY, " %H:%M")


def _reported_clock(row: LinkRow) -> str:
    reported = row.crime.reported_at
    return reported.clock.strftime("%H:%M") if reported and reported.clock else ""


def _birth(row: LinkRow) -> str:
    born = row.person.date_of_birth
    if born:
        return born.strftime(DAY)
    return "N/K" if row.person.surname else ""


def _appearance(row: LinkRow) -> str:
    code = row.person.ethnicity_officer
    return f"{code} {wording.OFFICER_LABELS[code]}" if code else ""


CRIME_COLUMNS: tuple[Column[LinkRow], ...] = (
    Column("Occurrence Number", "crimes.crime_ref", lambda row: _crime_number(row.crime)),
    Column("Occurrence Type", "crimes.offence_code", lambda row: wording.offence_title(row.crime.offence_code)),
    Column("HO Code", "crimes.offence_code", lambda row: wording.offence_number(row.crime.offence_code)),
    Column("Beat", "none", lambda row: wording.beat_of(row.crime)),
    Column(
        "Reported Date",
        "crimes.reported_at",
        lambda row: wording.moment_text(row.crime.reported_at, DAY, ""),
        note="the day",
    ),
    Column("Reported Time", "crimes.reported_at", _reported_clock, note="the time of day"),
    Column("Recorded Date/Time", "crimes.recorded_at", lambda row: _when(row, "recorded_at")),
    Column("Earliest Occurred", "crimes.occurred_from", lambda row: _when(row, "occurred_from")),
    Column("Latest Occurred", "crimes.occurred_to", lambda row: _when(row, "occurred_to")),
)

PERSON_COLUMNS: tuple[Column[LinkRow], ...] = (
    Column("Involvement", "involvements.role", lambda row: ROLES[row.person.role]),
    Column("Link Id", "involvements.involvement_ref", lambda row: row.person.involvement_ref.replace("V", "L")),
    Column("Nominal Ref", "involvements.person_ref", lambda row: row.person.person_ref, "by row"),
    Column("Surname", "involvements.surname", lambda row: _text(row.person.surname, "UNKNOWN").upper(), "by row"),
    Column("Forename(s)", "involvements.forenames", lambda row: _text(row.person.forenames, "UNKNOWN"), "by row"),
    Column("DOB", "involvements.date_of_birth", _birth, "by row"),
    Column("Gender", "involvements.sex", lambda row: wording.SEX_LABELS.get(row.person.sex, "Unknown"), "by row"),
    Column("SDE", "involvements.ethnicity_self", lambda row: row.person.ethnicity_self, "by row"),
    Column("ODE", "involvements.ethnicity_officer", _appearance, "by row"),
)

CLOSING_COLUMNS: tuple[Column[LinkRow], ...] = (
    Column("Flags", "flags.flag", lambda row: row.flags),
    Column(
        "Disposal",
        "crimes.outcome_code",
        lambda row: wording.outcome_text(row.crime.outcome_code, " - ", "Not yet assigned"),
    ),
    Column("Disposal Date", "crimes.outcome_at", lambda row: _when(row, "outcome_at")),
    Column("Finalised Date", "crimes.closed_at", lambda row: _when(row, "closed_at")),
    Column("OIC", "none", lambda row: row.officer),
    Column("OIC Assigned", "none", lambda row: _day_after(row.crime, 1)),
    Column("Next Review Due", "none", lambda row: _day_after(row.crime, 28)),
    Column("Last Updated", "none", lambda row: _day_after(row.crime, 3 + row.crime.number % 20)),
    Column("Archived", "none", lambda _row: ""),
    Column(
        "Occ Notes",
        "none",
        lambda row: wording.PROCEDURAL_NOTES[row.crime.number % 4] if row.crime.number % 3 == 0 else "",
    ),
)

COLUMNS = CRIME_COLUMNS + PERSON_COLUMNS + CLOSING_COLUMNS


def build(records: ForceRecords) -> Extract:
    """Write the extract from a force's records."""
    selection = records.with_current_flags()
    rows = [row for crime in selection.crimes for row in _rows_of_crime(selection, crime)]
    text = _file_text(rows)
    truth = compute_truth(
        selection,
        Carried(
            victim_ethnicity=frozenset({"self", "officer"}),
            suspect_ethnicity=frozenset({"self", "officer"}),
            victim_key="reference",
        ),
    )
    return Extract("wide_links", {FILE: text.encode("cp1252")}, truth, {FILE: meanings(COLUMNS)}, REMARKS)


def _file_text(rows: list[LinkRow]) -> str:
    """The text of the file; the system ends every line of the table with a delimiter."""
    title: list[list[Cell]] = [["CSAE person links – Force Crime Registry"], ["Report run on 08/06/2026 06:15"], []]
    table: list[list[Cell]] = [[*headings(COLUMNS), ""]]
    table += [[*cells(COLUMNS, row), ""] for row in rows]
    closing: list[list[Cell]] = [[], [f"Rows returned: {len(rows)}"], ["*** End of report ***"]]
    return delimited([*title, *table, *closing], ";")


def _rows_of_crime(records: ForceRecords, crime: Crime) -> Iterator[LinkRow]:
    """Yield the rows of a crime: its persons, at times an informant, and all again after a change of officer."""
    persons = [*records.victims_of(crime), *records.suspects_of(crime)]
    if crime.number % 7 == 0:
        persons.append(_informant(crime))
    officers = [wording.officer_of(crime)]
    if crime.number % 23 == 0:
        officers.append(wording.OFFICERS[(crime.number + 1) % len(wording.OFFICERS)])
    flags = _flag_list(records, crime)
    for officer in officers:
        yield from (LinkRow(crime, person, flags, officer) for person in persons)


def _flag_list(records: ForceRecords, crime: Crime) -> str:
    words = [FLAG_WORDS[flag.flag] for flag in records.flags_of(crime)]
    words += ["DA"] if crime.number % 6 == 1 else []
    words = ["Vulnerable Adult", *words] if crime.number % 29 == 5 else words
    return ", ".join(words)


def _informant(crime: Crime) -> Person:
    """A person who reported the crime; the return does not hold informants."""
    return Person(
        involvement_ref=f"V9{crime.number:05d}",
        crime_ref=crime.crime_ref,
        person_ref=f"N9{crime.number:05d}",
        role="informant",
        suspect_known_as="",
        forenames="Teasel",
        surname="Cupboard",
        date_of_birth=None,
        sex="F",
        ethnicity_self="",
        ethnicity_officer="",
    )
