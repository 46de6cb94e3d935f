"""Extract `four_sheets`: a workbook with a sheet each for crimes, persons and flags, and one of notes and lookups."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from . import police_wording as wording
from .extract_columns import Cell, Column, Extract, Meanings, cells, headings, meanings
from .extract_truth import Carried, age_on, compute_truth
from .force_records import Crime, Flag, ForceRecords, Person
from .workbook_cells import cell_formats, moment_cell, new_workbook, write_cells

FILE = "four_sheets.xlsx"
RUN_DAY = date(2026, 6, 8)
STATUS_LABELS = {"named": "Named", "described": "Described only", "nothing_known": "Not known"}
REMARKS = """
Prepared by the performance team for the inspection, from the crime, nominal and flag universes.
The three data sheets join on the crime reference. Every person has a row, also suspects who are not identified.
Outcome is the bare Home Office number; UI is under investigation, and blank means that nobody has entered it.
The flag sheet lists every flag ever put on, with the day it came off if it did. DA and Hate flags are there too.
Witnesses (W) are not on the sheet. The age on the persons sheet is the age today, not at the offence.
"""
NOTES = (
    ("Prepared by:", "Performance and Insight, post 3307"),
    ("Scope:", "Crimes recorded under the CSAE definition, whatever the age of the victim at report"),
    ("Outcome blank:", "Outcome has not been entered"),
    ("Ref. occ from/to:", "Day only where the time is not known"),
)


@dataclass(frozen=True)
class Sheet:
    """A data sheet: title, columns and records."""

    name: str
    title: str
    columns: tuple[Column[Any], ...]
    records: Sequence[Any]
    total: str
    bands: tuple[tuple[int, int, str], ...] = ()
    """First and last column, and text, of the merged cells above the headings."""


@dataclass(frozen=True)
class FlagRow:
    """A flag of a crime, as the sheet of flags prints it."""

    crime: Crime
    label: str
    added_at: Cell
    removed_at: Cell


def _crime_number(crime: Crime) -> str:
    return f"CR/{crime.number + 40000:06d}/{crime.recorded_at.day:%y}"


def _outcome(crime: Crime) -> str:
    return "UI" if crime.outcome_code == "NOA" else crime.outcome_code


CRIME_COLUMNS: tuple[Column[Crime], ...] = (
    Column("Crime Ref", "crimes.crime_ref", _crime_number),
    Column("Class", "crimes.offence_code", lambda crime: crime.offence_code),
    Column("Offence", "crimes.offence_code", lambda crime: wording.offence_title(crime.offence_code).upper()),
    Column("Date/time reported", "crimes.reported_at", lambda crime: moment_cell(crime.reported_at)),
    Column("Date/time recorded", "crimes.recorded_at", lambda crime: moment_cell(crime.recorded_at)),
    Column("Committed from", "crimes.occurred_from", lambda crime: moment_cell(crime.occurred_from)),
    Column("Committed to", "crimes.occurred_to", lambda crime: moment_cell(crime.occurred_to)),
    Column("Outcome", "crimes.outcome_code", _outcome),
    Column("Outcome date", "crimes.outcome_at", lambda crime: moment_cell(crime.outcome_at)),
    Column("Date filed", "crimes.closed_at", lambda crime: moment_cell(crime.closed_at)),
    Column("Owning team", "crimes.investigating_team", lambda crime: wording.TEAM_LABELS[crime.investigating_team]),
    Column("Station", "none", wording.station_of),
    Column("Review date", "none", lambda crime: crime.recorded_at.day + timedelta(days=28)),
    Column("Modified", "none", lambda crime: crime.recorded_at.day + timedelta(days=crime.number % 40)),
)


def _age_today(person: Person) -> int | None:
    return age_on(RUN_DAY, person.date_of_birth) if person.date_of_birth else None


def _self_label(person: Person) -> str:
    code = person.ethnicity_self
    return f"{code}: {wording.SELF_LABELS[code]}" if code else ""


PERSON_COLUMNS: tuple[Column[Person], ...] = (
    Column("Link No", "involvements.involvement_ref", lambda person: person.number),
    Column("V/S", "involvements.role", lambda person: person.role[0].upper()),
    Column("URN", "involvements.person_ref", lambda person: person.person_ref, "by row"),
    Column(
        "Suspect status",
        "involvements.suspect_known_as",
        lambda person: STATUS_LABELS.get(person.suspect_known_as, ""),
        "suspect",
    ),
    Column("Family name", "involvements.surname", lambda person: person.surname, "by row"),
    Column("Given name", "involvements.forenames", lambda person: person.forenames, "by row"),
    Column("Born", "involvements.date_of_birth", lambda person: person.date_of_birth, "by row"),
    Column("Age today", "none", _age_today, "by row", "age in years on the day of the run"),
    Column("Sex", "involvements.sex", lambda person: person.sex or "U", "by row"),
    Column("Ethnicity (self-defined)", "involvements.ethnicity_self", _self_label, "by row"),
    Column("IC", "involvements.ethnicity_officer", lambda person: person.ethnicity_officer[2:], "by row"),
)

FLAG_COLUMNS: tuple[Column[FlagRow], ...] = (
    Column("Crime Ref", "flags.crime_ref", lambda row: _crime_number(row.crime)),
    Column("Flag", "flags.flag", lambda row: row.label),
    Column("Put on", "flags.added_at", lambda row: row.added_at),
    Column("Taken off", "flags.removed_at", lambda row: row.removed_at),
    Column("By (collar)", "none", lambda row: 4000 + row.crime.number % 97),
)


def build(records: ForceRecords) -> Extract:
    """Write the extract from a force's records."""
    sheets = _sheets(records)
    truth = compute_truth(
        records,
        Carried(
            victim_ethnicity=frozenset({"self", "officer"}),
            suspect_ethnicity=frozenset({"self", "officer"}),
            victim_key="reference",
        ),
    )
    described: dict[str, Meanings] = {f"{FILE}#{sheet.name}": meanings(sheet.columns) for sheet in sheets}
    lookup = {"Outcome no.": {"means": "none"}, "Outcome title": {"means": "none"}}
    described[f"{FILE}#Notes & lookups"] = lookup
    return Extract("four_sheets", {FILE: _workbook(sheets)}, truth, described, REMARKS)


def _sheets(records: ForceRecords) -> list[Sheet]:
    bands = ((3, 4, "Key dates"), (5, 6, "Offence dates"), (7, 9, "Disposal"))
    crimes = Sheet("Crimes", "CSAE CRIMES - INSPECTION DATA REQUEST", CRIME_COLUMNS, records.crimes, "Crimes", bands)
    crime_numbers = {crime.crime_ref: _crime_number(crime) for crime in records.crimes}
    persons = [person for crime in records.crimes for person in _persons_in_order(records, crime)]
    person_columns = (_crime_number_column(crime_numbers), *PERSON_COLUMNS)
    flags = [row for crime in records.crimes for row in _flag_rows(records, crime)]
    return [
        crimes,
        Sheet("Persons", "PERSONS LINKED TO CSAE CRIMES", person_columns, persons, "Persons"),
        Sheet("Flags", "FLAGS EVER ADDED", FLAG_COLUMNS, flags, "Flags"),
    ]


def _crime_number_column(crime_numbers: dict[str, str]) -> Column[Person]:
    """The column that joins persons to crimes, with the force's own crime number."""
    return Column("Crime Ref", "involvements.crime_ref", lambda person: crime_numbers[person.crime_ref])


def _persons_in_order(records: ForceRecords, crime: Crime) -> list[Person]:
    return [*records.suspects_of(crime), *records.victims_of(crime)]


def _flag_rows(records: ForceRecords, crime: Crime) -> list[FlagRow]:
    rows = [_flag_row(crime, flag) for flag in records.flags_of(crime)]
    if crime.number % 8 == 3:
        rows.append(FlagRow(crime, "Domestic Abuse", moment_cell(crime.recorded_at), None))
    if crime.number % 61 == 4:
        rows.append(FlagRow(crime, "Hate Crime", moment_cell(crime.recorded_at), None))
    return rows


def _flag_row(crime: Crime, flag: Flag) -> FlagRow:
    return FlagRow(crime, wording.FLAG_LABELS[flag.flag], moment_cell(flag.added_at), moment_cell(flag.removed_at))


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    buffer = io.BytesIO()
    with new_workbook(buffer) as workbook:
        formats = cell_formats(workbook, "dd/mm/yyyy hh:mm AM/PM")
        for sheet in sheets:
            _write_sheet(workbook.add_worksheet(sheet.name), sheet, formats)
        _write_notes(workbook.add_worksheet("Notes & lookups"), formats)
    return buffer.getvalue()


def _write_sheet(worksheet: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    last_column = len(sheet.columns) - 1
    worksheet.merge_range(0, 0, 0, last_column, sheet.title, formats["title"])
    worksheet.write(1, 0, "Report run on 8 June 2026 at 6:15 AM. OFFICIAL-SENSITIVE")
    for first, last, text in sheet.bands:
        worksheet.merge_range(3, first, 3, last, text, formats["heading"])
    worksheet.write_row(4, 0, headings(sheet.columns), formats["heading"])
    for number, record in enumerate(sheet.records, start=5):
        write_cells(worksheet, number, cells(sheet.columns, record), formats)
    end = 5 + len(sheet.records)
    worksheet.write(end + 1, 0, "TOTAL")
    worksheet.write(end + 1, 1, f"{sheet.total}: {len(sheet.records)}")
    worksheet.freeze_panes(5, 1)


def _write_notes(worksheet: Any, formats: dict[str, Any]) -> None:
    for row, (topic, text) in enumerate(NOTES, start=1):
        worksheet.write(row, 1, topic)
        worksheet.write(row, 2, text)
    worksheet.write_row(7, 1, ["Outcome no.", "Outcome title"], formats["heading"])
    lookup = {**wording.OUTCOME_LABELS, "UI": "Under investigation, no outcome yet"}
    for row, (code, label) in enumerate(lookup.items(), start=8):
        worksheet.write_string(row, 1, code)
        worksheet.write_string(row, 2, label)
