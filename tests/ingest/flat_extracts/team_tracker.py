"""Extract `team_tracker`: a team's own workbook, a sheet for each month, with all persons of a role in one cell."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from . import police_wording as wording
from .extract_columns import Cell, Column, Extract, cells, headings, meanings
from .extract_truth import Carried, compute_truth
from .force_records import Crime, ForceRecords, Moment, Person
from .workbook_cells import cell_formats, new_workbook, write_cells

FILE = "team_tracker.xlsx"
DAY = "%d/%m/%Y"
TICK = "✓"
UNKNOWN_SUSPECTS = {"M": "Unknown male", "F": "Unknown female"}
RATINGS = ("Green", "Amber", "Amber", "Red")
REMARKS = """
The tracker that the team keeps by hand: a sheet for each month of recording, one row a crime, and a hidden Lists sheet.
Everybody of a role is in one cell, numbered, one to a line, with sex and date of birth where we have them.
A suspect who has not been identified is "Unknown", or "Unknown male" where we have a description.
Ticks are the flags on the crime now. Result is the outcome number (OC), LIVE while open, blank if not filled in.
RAG, supervisor review and comments are our own. Ethnicity is not kept here.
"""
NOTE = "n/k = not known. Tick = flag is on the crime. LIVE = no outcome yet."


@dataclass(frozen=True)
class TrackerRow:
    """A crime with its persons and the flags that are on it."""

    crime: Crime
    victims: list[Person]
    suspects: list[Person]
    flags: set[str]


def _clock(moment: Moment | None) -> str:
    return moment.clock.strftime("%H:%M") if moment and moment.clock else ""


def _day(moment: Moment | None) -> Cell:
    return moment.day if moment else "n/k"


def _named_person(person: Person) -> str:
    born = person.date_of_birth.strftime(DAY) if person.date_of_birth else "n/k"
    return f"{person.forenames} {person.surname.upper()}, {person.sex or 'sex n/k'}, dob {born}"


def _victim_text(person: Person) -> str:
    return _named_person(person) if person.surname else "Not identified"


def _suspect_text(person: Person) -> str:
    return _named_person(person) if person.surname else UNKNOWN_SUSPECTS.get(person.sex, "Unknown")


def _numbered(texts: Sequence[str]) -> str:
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1))


def _tick(row: TrackerRow, flag: str) -> str:
    return TICK if flag in row.flags else ""


def _result(row: TrackerRow) -> str:
    code = row.crime.outcome_code
    return "LIVE" if code == "NOA" else f"OC{code}" if code else ""


COLUMNS: tuple[Column[TrackerRow], ...] = (
    Column("Crime no.", "crimes.crime_ref", lambda row: f"{row.crime.recorded_at.day:%y}/{row.crime.number + 61000}"),
    Column("HO class", "crimes.offence_code", lambda row: row.crime.offence_code),
    Column("What", "crimes.offence_code", lambda row: wording.offence_title(row.crime.offence_code).lower()),
    Column("Rep'd", "crimes.reported_at", lambda row: _day(row.crime.reported_at), note="the day"),
    Column("Rep'd time", "crimes.reported_at", lambda row: _clock(row.crime.reported_at), note="the time of day"),
    Column("Crimed", "crimes.recorded_at", lambda row: _day(row.crime.recorded_at), note="the day"),
    Column("Crimed time", "crimes.recorded_at", lambda row: _clock(row.crime.recorded_at), note="the time of day"),
    Column("Offence from", "crimes.occurred_from", lambda row: _day(row.crime.occurred_from)),
    Column(
        "Victim(s)",
        "involvements.surname",
        lambda row: _numbered([_victim_text(person) for person in row.victims]),
        "victim",
        "all victims: forenames, surname, sex, date of birth",
    ),
    Column(
        "Suspect(s)",
        "involvements.surname",
        lambda row: _numbered([_suspect_text(person) for person in row.suspects]),
        "suspect",
        "all suspects: forenames, surname, sex, date of birth",
    ),
    Column("CSE", "flags.flag", lambda row: _tick(row, "cse"), note="cse"),
    Column("CSA", "flags.flag", lambda row: _tick(row, "csa"), note="csa"),
    Column("Group CSE", "flags.flag", lambda row: _tick(row, "group_cse"), note="group_cse"),
    Column("DA", "none", lambda row: TICK if row.crime.number % 10 == 6 else "", note="domestic abuse"),
    Column("OIC", "none", lambda row: wording.officer_of(row.crime)),
    Column("Team", "crimes.investigating_team", lambda row: wording.TEAM_LABELS[row.crime.investigating_team]),
    Column("RAG", "none", lambda row: RATINGS[row.crime.number % 4]),
    Column("Sup review due", "none", lambda row: row.crime.recorded_at.day + timedelta(days=28)),
    Column("Result", "crimes.outcome_code", _result),
    Column("Result date", "crimes.outcome_at", lambda row: row.crime.outcome_at.day if row.crime.outcome_at else ""),
    Column("Comments", "none", lambda row: wording.PROCEDURAL_NOTES[0] if row.crime.number % 5 == 0 else ""),
)


def build(records: ForceRecords) -> Extract:
    """Write the extract from a force's records."""
    selection = records.with_current_flags()
    months = _by_month(selection)
    described = {f"{FILE}#{month}": meanings(COLUMNS) for month in months}
    described[f"{FILE}#Lists"] = {"RAG": {"means": "none"}, "Teams": {"means": "none"}}
    truth = compute_truth(selection, Carried(victim_key="name_and_birth"))
    return Extract("team_tracker", {FILE: _workbook(months)}, truth, described, REMARKS)


def _by_month(records: ForceRecords) -> dict[str, list[TrackerRow]]:
    """The rows of each sheet by name, such as `Apr 25`, in the order of recording."""
    months: dict[str, list[TrackerRow]] = defaultdict(list)
    for crime in sorted(records.crimes, key=lambda crime: crime.recorded_at.earliest):
        row = TrackerRow(crime, records.victims_of(crime), records.suspects_of(crime), records.flag_names(crime))
        months[f"{crime.recorded_at.day:%b %y}"].append(row)
    return dict(months)


def _workbook(months: dict[str, list[TrackerRow]]) -> bytes:
    buffer = io.BytesIO()
    with new_workbook(buffer) as workbook:
        formats = cell_formats(workbook)
        for month, rows in months.items():
            _write_month(workbook.add_worksheet(month), month, rows, formats)
        _write_lists(workbook.add_worksheet("Lists"), formats)
    return buffer.getvalue()


def _write_month(worksheet: Any, month: str, rows: list[TrackerRow], formats: dict[str, Any]) -> None:
    worksheet.write(0, 0, f"CSE/CSA TRACKER {month.upper()}", formats["title"])
    worksheet.write(1, 0, NOTE)
    worksheet.write_row(3, 0, headings(COLUMNS), formats["heading"])
    for number, row in enumerate(rows, start=4):
        write_cells(worksheet, number, cells(COLUMNS, row), formats)
    worksheet.write(5 + len(rows), 0, "No. of crimes")
    worksheet.write(5 + len(rows), 1, len(rows))
    worksheet.freeze_panes(4, 1)


def _write_lists(worksheet: Any, formats: dict[str, Any]) -> None:
    worksheet.write_row(0, 0, ["RAG", "Teams"], formats["heading"])
    worksheet.write_column(1, 0, ["Red", "Amber", "Green"])
    worksheet.write_column(1, 1, list(wording.TEAM_LABELS.values()))
    worksheet.hide()
