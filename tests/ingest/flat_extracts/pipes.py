"""Extract `pipes`: a folder of pipe-separated files with victims and suspects in repeated blocks of one row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from . import police_wording as wording
from .extract_columns import Column, Extract, Meanings, cells, delimited, headings, meanings
from .extract_truth import Carried, compute_truth
from .force_records import Crime, ForceRecords, Moment, Person

DAY = "%d-%b-%Y"
EMPTY = "NULL"
REMARKS = """
Nightly warehouse feed, one file for each quarter of recording, pipe-separated, with a control file of row counts.
One row is one crime. Victims and suspects stand beside each other in numbered blocks; NULL blocks are not used.
UNKNOWN in a name block means that there is a person, but that nobody has identified them.
All codes have been replaced by their labels. Appearance is what the officer saw, ethnicity is what the person said.
The Y/N flags are as they stand on the night of the feed. The two counts are made by the warehouse.
"""


@dataclass(frozen=True)
class CrimeRow:
    """A crime with its persons and the flags that are on it."""

    crime: Crime
    victims: list[Person]
    suspects: list[Person]
    flags: set[str]


def _upper(moment: Moment | None) -> str:
    return wording.moment_text(moment, DAY, " %H:%M", EMPTY).upper()


def _birth_text(born: date | None) -> str:
    return born.strftime(DAY).upper() if born else EMPTY


def _yes_no(answer: bool) -> str:
    return "Y" if answer else "N"


def _offence_label(row: CrimeRow) -> str:
    return wording.offence_title(row.crime.offence_code)


def _outcome_label(row: CrimeRow) -> str:
    code = row.crime.outcome_code
    return "Under Investigation" if code == "NOA" else wording.OUTCOME_LABELS.get(code, EMPTY)


OPENING_COLUMNS: tuple[Column[CrimeRow], ...] = (
    Column("SRC_SYS", "none", lambda _row: "RMS1"),
    Column(
        "CRIME_NO", "crimes.crime_ref", lambda row: f"{row.crime.recorded_at.day:%Y}{row.crime.number + 300000:07d}"
    ),
    Column("OFFENCE_DESC", "crimes.offence_code", _offence_label),
    Column("DT_REPORTED", "crimes.reported_at", lambda row: _upper(row.crime.reported_at)),
    Column("DT_RECORDED", "crimes.recorded_at", lambda row: _upper(row.crime.recorded_at)),
    Column("DT_OFF_START", "crimes.occurred_from", lambda row: _upper(row.crime.occurred_from)),
    Column("DT_OFF_END", "crimes.occurred_to", lambda row: _upper(row.crime.occurred_to)),
    Column("VICTIM_CNT", "none", lambda row: len(row.victims), note="number of victim blocks in use"),
    Column("SUSPECT_CNT", "none", lambda row: len(row.suspects), note="number of suspect blocks in use"),
)

CLOSING_COLUMNS: tuple[Column[CrimeRow], ...] = (
    Column("CSE_YN", "flags.flag", lambda row: _yes_no("cse" in row.flags), note="cse"),
    Column("CSA_YN", "flags.flag", lambda row: _yes_no("csa" in row.flags), note="csa"),
    Column("GROUP_CSE_YN", "flags.flag", lambda row: _yes_no("group_cse" in row.flags), note="group_cse"),
    Column("DA_YN", "none", lambda row: _yes_no(row.crime.number % 9 == 2), note="domestic abuse"),
    Column("KNIFE_YN", "none", lambda row: _yes_no(row.crime.number % 83 == 2), note="knife crime"),
    Column("OUTCOME_DESC", "crimes.outcome_code", _outcome_label),
    Column("DT_OUTCOME", "crimes.outcome_at", lambda row: _upper(row.crime.outcome_at)),
    Column("DT_CLOSED", "crimes.closed_at", lambda row: _upper(row.crime.closed_at)),
    Column("DT_WH_LOAD", "none", lambda _row: "08-JUN-2026 02:00"),
)


def _full_name(person: Person) -> str:
    return f"{person.surname.upper()}, {person.forenames}" if person.surname else "UNKNOWN"


def _self_label(person: Person) -> str:
    return wording.SELF_LABELS.get(person.ethnicity_self, EMPTY)


def _appearance_label(person: Person) -> str:
    return wording.OFFICER_LABELS.get(person.ethnicity_officer, EMPTY)


VICTIM_BLOCK: tuple[Column[Person], ...] = (
    Column("NAME", "involvements.surname", _full_name, "victim", "surname, then forenames"),
    Column("DOB", "involvements.date_of_birth", lambda person: _birth_text(person.date_of_birth), "victim"),
    Column("SEX", "involvements.sex", lambda person: wording.SEX_LABELS.get(person.sex, EMPTY), "victim"),
    Column("ETHNICITY", "involvements.ethnicity_self", _self_label, "victim"),
)

SUSPECT_BLOCK: tuple[Column[Person], ...] = (
    Column("NAME", "involvements.surname", _full_name, "suspect", "surname, then forenames"),
    Column("DOB", "involvements.date_of_birth", lambda person: _birth_text(person.date_of_birth), "suspect"),
    Column("SEX", "involvements.sex", lambda person: wording.SEX_LABELS.get(person.sex, EMPTY), "suspect"),
    Column("ETHNICITY", "involvements.ethnicity_self", _self_label, "suspect"),
    Column("APPEARANCE", "involvements.ethnicity_officer", _appearance_label, "suspect"),
)


def _numbered(block: tuple[Column[Person], ...], letter: str, role: str, slots: int) -> list[Column[CrimeRow]]:
    """The columns of all blocks of a role: V1_NAME, V1_DOB, ..., V2_NAME, ..."""
    return [_slot_column(column, letter, role, slot) for slot in range(slots) for column in block]


def _slot_column(column: Column[Person], letter: str, role: str, slot: int) -> Column[CrimeRow]:
    def cell(row: CrimeRow) -> str:
        persons = row.victims if role == "victim" else row.suspects
        return str(column.cell(persons[slot])) if slot < len(persons) else EMPTY

    return Column(f"{letter}{slot + 1}_{column.heading}", column.meaning, cell, role, column.note)


def build(records: ForceRecords) -> Extract:
    """Write the extract from a force's records."""
    selection = records.with_current_flags()
    rows = [
        CrimeRow(crime, selection.victims_of(crime), selection.suspects_of(crime), selection.flag_names(crime))
        for crime in selection.crimes
    ]
    columns = _columns(rows)
    files = _quarter_files(rows, columns)
    described: dict[str, Meanings] = {name: meanings(columns) for name in files}
    control = [["FILE_NAME", "ROW_CNT"], *([name.split("/")[1], str(files[name].count("\r\n") - 1)] for name in files)]
    described["pipes/CONTROL.txt"] = {"FILE_NAME": {"means": "none"}, "ROW_CNT": {"means": "none"}}
    files["pipes/CONTROL.txt"] = delimited(control, "|")
    truth = compute_truth(
        selection,
        Carried(
            victim_ethnicity=frozenset({"self"}),
            suspect_ethnicity=frozenset({"self", "officer"}),
            victim_key="name_and_birth",
        ),
    )
    return Extract("pipes", {name: text.encode("utf-8-sig") for name, text in files.items()}, truth, described, REMARKS)


def _columns(rows: list[CrimeRow]) -> list[Column[CrimeRow]]:
    victim_slots = max(len(row.victims) for row in rows)
    suspect_slots = max(len(row.suspects) for row in rows)
    return [
        *OPENING_COLUMNS,
        *_numbered(VICTIM_BLOCK, "V", "victim", victim_slots),
        *_numbered(SUSPECT_BLOCK, "S", "suspect", suspect_slots),
        *CLOSING_COLUMNS,
    ]


def _quarter_files(rows: list[CrimeRow], columns: list[Column[CrimeRow]]) -> dict[str, str]:
    """The text of each file by name; a crime is in the file of the quarter in which it was recorded."""
    by_quarter: dict[str, list[CrimeRow]] = defaultdict(list)
    for row in rows:
        day = row.crime.recorded_at.day
        by_quarter[f"pipes/CSAE_CRIME_{day:%Y}Q{(day.month + 2) // 3}.txt"].append(row)
    return {
        name: delimited([headings(columns), *(cells(columns, row) for row in quarter)], "|")
        for name, quarter in sorted(by_quarter.items())
    }
