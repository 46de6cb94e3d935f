"""Extract `system_report`: a printed report of a record system, with persons beneath their crime, by station."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from . import police_wording as wording
from .extract_columns import Cell, Column, Extract, cells, headings, meanings
from .extract_truth import Carried, compute_truth
from .force_records import Crime, ForceRecords, Moment, Person
from .workbook_cells import cell_formats, new_workbook, write_cells

FILE = "system_report.xlsx"
SHEET = "CSAE Crime Listing"
DAY = "%d %b %Y"
ROLES = {"victim": "Victim", "suspect": "Suspect"}
KEYWORDS = {
    "cse": "CSE - Child Sexual Exploitation",
    "csa": "CSA - Child Sexual Abuse",
    "cce": "CCE - Child Criminal Exploitation",
    "group_cse": "GCSE - Group Based CSE",
    "modern_slavery": "MDS - Modern Slavery",
}
REMARKS = """
Standard listing of the record system, saved as a workbook. It is laid out for printing, station by station.
The crime is printed once; its victims and suspects follow beneath it, with the crime's own cells left empty.
The headings are printed again for every station, and a sub-total follows the last crime of the station.
Keywords are the flags on the crime at the time of the run, one to a line. Offence is the code and the title.
"Unidentified" is a person whom nobody has named. Blank outcome: not entered. Under Enquiry: no outcome yet.
"""


@dataclass(frozen=True)
class ReportRow:
    """A line of the report: a person, with the crime on the first line only."""

    crime: Crime | None
    person: Person | None
    person_type: str
    keywords: str


def _moment(row: ReportRow, name: str) -> str:
    moment: Moment | None = getattr(row.crime, name) if row.crime else None
    return wording.moment_text(moment, DAY, " %I:%M %p")


def _offence(row: ReportRow) -> str:
    if row.crime is None:
        return ""
    code = row.crime.offence_code
    return f"{wording.offence_number(code)} - {wording.offence_title(code)}"


def _outcome(row: ReportRow) -> str:
    if row.crime is None:
        return ""
    text = wording.outcome_text(row.crime.outcome_code, " ", "Under Enquiry")
    return f"OC{text}" if text[:1].isdigit() else text


def _name(row: ReportRow) -> str:
    if row.person is None:
        return ""
    return f"{row.person.forenames} {row.person.surname.upper()}" if row.person.surname else "Unidentified"


def _birth(row: ReportRow) -> str:
    born = row.person.date_of_birth if row.person else None
    return born.strftime(DAY) if born else ""


def _person_text(row: ReportRow, name: str) -> str:
    return str(getattr(row.person, name)) if row.person else ""


def _crime_number(row: ReportRow) -> str:
    return f"{row.crime.number + 51000}/{row.crime.recorded_at.day:%Y}" if row.crime else ""


CRIME_COLUMNS: tuple[Column[ReportRow], ...] = (
    Column("Crime Number", "crimes.crime_ref", _crime_number),
    Column("Offence", "crimes.offence_code", _offence),
    Column("Reported", "crimes.reported_at", lambda row: _moment(row, "reported_at")),
    Column("Recorded", "crimes.recorded_at", lambda row: _moment(row, "recorded_at")),
    Column("Committed On/From", "crimes.occurred_from", lambda row: _moment(row, "occurred_from")),
    Column("Committed To", "crimes.occurred_to", lambda row: _moment(row, "occurred_to")),
    Column("Beat", "none", lambda row: wording.beat_of(row.crime) if row.crime else ""),
    Column("Keywords", "flags.flag", lambda row: row.keywords),
    Column("Outcome", "crimes.outcome_code", _outcome),
    Column("Officer", "none", lambda row: wording.officer_of(row.crime) if row.crime else ""),
)

PERSON_COLUMNS: tuple[Column[ReportRow], ...] = (
    Column("Person", "involvements.role", lambda row: row.person_type, note="role and number in the crime"),
    Column("PIN", "involvements.person_ref", lambda row: _person_text(row, "person_ref"), "by row"),
    Column("Name", "involvements.surname", _name, "by row", "forenames, then surname"),
    Column("Date of Birth", "involvements.date_of_birth", _birth, "by row"),
    Column("Sex", "involvements.sex", lambda row: _person_text(row, "sex"), "by row"),
    Column("Eth. App.", "involvements.ethnicity_officer", lambda row: _person_text(row, "ethnicity_officer"), "by row"),
    Column(
        "Self-Def. Eth.",
        "involvements.ethnicity_self",
        lambda row: wording.SELF_LABELS.get(_person_text(row, "ethnicity_self"), ""),
        "by row",
    ),
)

COLUMNS = CRIME_COLUMNS + PERSON_COLUMNS


def build(records: ForceRecords) -> Extract:
    """Write the extract from a force's records."""
    selection = records.with_current_flags()
    carried = Carried(
        victim_ethnicity=frozenset({"self", "officer"}),
        suspect_ethnicity=frozenset({"self", "officer"}),
        victim_key="reference",
    )
    truth = compute_truth(selection, carried)
    described = {f"{FILE}#{SHEET}": meanings(COLUMNS)}
    return Extract("system_report", {FILE: _workbook(_lines(selection))}, truth, described, REMARKS)


def _lines(records: ForceRecords) -> list[list[Cell]]:
    """All lines of the report below its title."""
    lines: list[list[Cell]] = []
    for station in wording.STATIONS:
        crimes = [crime for crime in records.crimes if wording.station_of(crime) == station]
        lines += [[f"Station: {station}"], list(headings(COLUMNS))]
        lines += [cells(COLUMNS, row) for crime in crimes for row in _rows_of_crime(records, crime)]
        lines += [[f"Sub-total {station}: {len(crimes)} crimes"], []]
    return [*lines, [f"Grand total: {len(records.crimes)} crimes"], ["** End of report **"]]


def _rows_of_crime(records: ForceRecords, crime: Crime) -> list[ReportRow]:
    """The lines of a crime: the first has the crime, and every line has a person."""
    persons: list[tuple[Person | None, str]] = [
        (person, f"{ROLES[person.role]} {number}")
        for group in (records.victims_of(crime), records.suspects_of(crime))
        for number, person in enumerate(group, start=1)
    ]
    first, *following = persons or [(None, "")]
    rows = [ReportRow(crime, first[0], first[1], _keywords(records, crime))]
    return rows + [ReportRow(None, person, person_type, "") for person, person_type in following]


def _keywords(records: ForceRecords, crime: Crime) -> str:
    keywords = [KEYWORDS[flag.flag] for flag in records.flags_of(crime)]
    keywords += ["DOM - Domestic Abuse"] if crime.number % 8 == 5 else []
    keywords += ["ALC - Alcohol Related"] if crime.number % 17 == 2 else []
    return "\n".join(keywords)


def _workbook(lines: list[list[Cell]]) -> bytes:
    buffer = io.BytesIO()
    with new_workbook(buffer) as workbook:
        formats: dict[str, Any] = cell_formats(workbook)
        worksheet = workbook.add_worksheet(SHEET)
        worksheet.merge_range(0, 0, 0, 6, "CSAE CRIME LISTING BY STATION (PERSONS)", formats["title"])
        worksheet.write(1, 0, "Parameters: Recorded between 01 Apr 2025 and 07 Jun 2026")
        worksheet.write(2, 0, "Run: 08 Jun 2026 06:15 AM     Page 1 of 1")
        for number, line in enumerate(lines, start=4):
            write_cells(worksheet, number, line, formats)
    return buffer.getvalue()
