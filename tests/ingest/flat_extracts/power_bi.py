"""Extract `power_bi`: the table of a dashboard, exported with every victim of a crime joined to every suspect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from . import police_wording as wording
from .extract_columns import Cell, Column, Extract, cells, delimited, headings, meanings
from .extract_truth import Carried, compute_truth
from .force_records import Crime, ForceRecords, Moment, Person

FILE = "power_bi.csv"
DAY = "%d/%m/%Y"
FILTERS = "Applied filters:\nCSAE Dataset is Yes\nRecorded Date is on or after 01/04/2025\nVoid is not True"
ETHNIC_GROUPS = {"W": "White", "M": "Mixed", "A": "Asian", "B": "Black", "O": "Other", "N": "Not Stated"}
REMARKS = """
Export of the table behind the CSAE dashboard. It has no names; a person is a key, and a link is a person on a crime.
The model joins every victim of a crime to every suspect, so a crime with two of each comes out as four rows.
Person Key is blank where nobody has been identified; Link Key is always filled and differs for each person of a crime.
Victim ethnicity is the broad group of what the victim said; suspect ethnicity is what the officer saw.
The True/False flags are as at the refresh. Days to Record, Month and Count are measures of the dashboard.
"""


@dataclass(frozen=True)
class PairRow:
    """A crime with a victim and a suspect; either may be missing."""

    crime: Crime
    victim: Person | None
    suspect: Person | None
    flags: set[str]


def _moment(moment: Moment | None) -> str:
    return wording.moment_text(moment, DAY, " %H:%M:00")


def _birth(person: Person | None) -> str:
    born: date | None = person.date_of_birth if person else None
    return born.strftime(DAY) if born else ""


def _person_key(person: Person | None) -> str:
    return f"P-{person.person_ref[1:]}" if person and person.person_ref else ""


def _link_key(person: Person | None) -> Cell:
    return person.number + 20000 if person else ""


def _sex(person: Person | None) -> str:
    return wording.SEX_LABELS.get(person.sex, "(Blank)") if person else ""


def _group(person: Person | None) -> str:
    return ETHNIC_GROUPS.get(person.ethnicity_self[:1], "(Blank)") if person else ""


def _appearance(person: Person | None) -> str:
    if person is None:
        return ""
    code = person.ethnicity_officer
    return f"{wording.OFFICER_LABELS[code]} ({code})" if code else "(Blank)"


def _days_to_record(row: PairRow) -> Cell:
    reported = row.crime.reported_at
    return (row.crime.recorded_at.day - reported.day).days if reported else ""


def _offence(row: PairRow) -> str:
    return f"{row.crime.offence_code} - {wording.offence_title(row.crime.offence_code)}"


def _outcome(row: PairRow) -> str:
    return wording.outcome_text(row.crime.outcome_code, ": ", "No outcome yet") or "(Blank)"


def _identified(row: PairRow) -> str:
    return str(row.suspect.has_name) if row.suspect else ""


COLUMNS: tuple[Column[PairRow], ...] = (
    Column(
        "Crime[Crime Number]", "crimes.crime_ref", lambda row: f"{row.crime.recorded_at.day:%y}X{row.crime.number:05d}"
    ),
    Column("Calendar[Month]", "none", lambda row: f"{row.crime.recorded_at.day:%B %Y}"),
    Column("Crime[HO Offence]", "crimes.offence_code", _offence),
    Column("Crime[Reported Date]", "crimes.reported_at", lambda row: _moment(row.crime.reported_at)),
    Column("Crime[Recorded Date]", "crimes.recorded_at", lambda row: _moment(row.crime.recorded_at)),
    Column("Crime[Offence Start]", "crimes.occurred_from", lambda row: _moment(row.crime.occurred_from)),
    Column("Crime[Offence End]", "crimes.occurred_to", lambda row: _moment(row.crime.occurred_to)),
    Column("Crime[Days to Record]", "none", _days_to_record),
    Column("Victim[Link Key]", "involvements.involvement_ref", lambda row: _link_key(row.victim), "victim"),
    Column("Victim[Person Key]", "involvements.person_ref", lambda row: _person_key(row.victim), "victim"),
    Column("Victim[Date of Birth]", "involvements.date_of_birth", lambda row: _birth(row.victim), "victim"),
    Column("Victim[Gender]", "involvements.sex", lambda row: _sex(row.victim), "victim"),
    Column(
        "Victim[Ethnic Group]", "involvements.ethnicity_self", lambda row: _group(row.victim), "victim", "broad group"
    ),
    Column("Suspect[Link Key]", "involvements.involvement_ref", lambda row: _link_key(row.suspect), "suspect"),
    Column("Suspect[Person Key]", "involvements.person_ref", lambda row: _person_key(row.suspect), "suspect"),
    Column("Suspect[Identified]", "involvements.suspect_known_as", _identified, "suspect"),
    Column("Suspect[Date of Birth]", "involvements.date_of_birth", lambda row: _birth(row.suspect), "suspect"),
    Column("Suspect[Gender]", "involvements.sex", lambda row: _sex(row.suspect), "suspect"),
    Column(
        "Suspect[Ethnic Appearance]", "involvements.ethnicity_officer", lambda row: _appearance(row.suspect), "suspect"
    ),
    Column("Crime[Is CSE]", "flags.flag", lambda row: str("cse" in row.flags), note="cse"),
    Column("Crime[Is CSA]", "flags.flag", lambda row: str("csa" in row.flags), note="csa"),
    Column("Crime[Is Group CSE]", "flags.flag", lambda row: str("group_cse" in row.flags), note="group_cse"),
    Column("Crime[Is Online]", "none", lambda row: str(row.crime.number % 3 == 1), note="online crime flag"),
    Column("Crime[Outcome]", "crimes.outcome_code", _outcome),
    Column("Crime[Outcome Date]", "crimes.outcome_at", lambda row: _moment(row.crime.outcome_at)),
    Column("Crime[Owning Station]", "none", lambda row: wording.station_of(row.crime)),
    Column("Count of Crime Number", "none", lambda _row: 1),
)


def build(records: ForceRecords) -> Extract:
    """Write the extract from a force's records."""
    selection = records.with_current_flags()
    rows = [row for crime in selection.crimes for row in _pairs(selection, crime)]
    closing: list[list[Cell]] = [[], [FILTERS]]
    text = delimited([headings(COLUMNS), *(cells(COLUMNS, row) for row in rows), *closing], ",")
    carried = Carried(
        victim_ethnicity=frozenset({"self"}), suspect_ethnicity=frozenset({"officer"}), victim_key="reference"
    )
    truth = compute_truth(selection, carried)
    return Extract("power_bi", {FILE: text.encode("utf-8-sig")}, truth, {FILE: meanings(COLUMNS)}, REMARKS)


def _pairs(records: ForceRecords, crime: Crime) -> list[PairRow]:
    victims: list[Person | None] = [*records.victims_of(crime)] or [None]
    suspects: list[Person | None] = [*records.suspects_of(crime)] or [None]
    flags = records.flag_names(crime)
    return [PairRow(crime, victim, suspect, flags) for suspect in suspects for victim in victims]
