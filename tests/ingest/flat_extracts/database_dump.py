"""Extract `database_dump`: tab-separated tables of a database, joined by numbers, with lookup tables for codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from . import police_wording as wording
from .extract_columns import Cell, Column, Extract, Meanings, Record, cells, delimited, headings, meanings
from .extract_truth import Carried, compute_truth
from .force_records import Crime, Flag, ForceRecords, Moment, Person

EMPTY = "NULL"
DAY = "%Y-%m-%d"
ROLE_IDS = {"victim": 1, "suspect": 4}
STATUS_IDS = {"named": 1, "described": 2, "nothing_known": 3}
SEX_IDS = {"M": 1, "F": 2, "O": 3}
OUTCOME_CODES = ("NOA", *wording.OUTCOME_LABELS)
FLAG_CODES = tuple(wording.FLAG_LABELS)
OFFENCE_CODES = tuple(wording.OFFENCE_TITLES)
SELF_CODES = tuple(wording.SELF_LABELS)
OFFICER_CODES = tuple(wording.OFFICER_LABELS)
Lookup = tuple[list[str], list[list[Cell]]]
REMARKS = """
Tables copied out of the crime database with a query each; nothing is joined. Numbers point to the lk_ tables.
crime_person links a crime to a person; person_id is NULL where nobody is identified, and ident_level_id says how far.
Sex and ethnicity are kept on the link, since they are asked again for each crime. Names and birth are on person.
crime_flag has one row for each flag that was ever put on; dt_removed is NULL while it is still on.
outcome_id NULL is not entered. modified_dt is when the row was last touched by the system and means nothing.
"""


def _moment(moment: Moment | None) -> str:
    return wording.moment_text(moment, DAY, " %H:%M:00.000", EMPTY)


def _id_of(code: str, codes: Sequence[str], first: int) -> Cell:
    """The number of a code in its lookup table."""
    return codes.index(code) + first if code else EMPTY


def _crime_id(crime_ref: str) -> int:
    return 900000 + int(crime_ref.lstrip("C"))


def _person_id(person: Person) -> Cell:
    return 50000 + int(person.person_ref.lstrip("N")) if person.person_ref else EMPTY


CRIME_COLUMNS: tuple[Column[Crime], ...] = (
    Column(
        "crime_id", "crimes.crime_ref", lambda crime: _crime_id(crime.crime_ref), note="number that joins the tables"
    ),
    Column("crime_no", "crimes.crime_ref", lambda crime: f"INV{crime.recorded_at.day:%y}{crime.number:06d}"),
    Column("offence_id", "crimes.offence_code", lambda crime: _id_of(crime.offence_code, OFFENCE_CODES, 100)),
    Column("reported_dt", "crimes.reported_at", lambda crime: _moment(crime.reported_at)),
    Column(
        "created_dt", "crimes.recorded_at", lambda crime: _moment(crime.recorded_at), note="the crime record was made"
    ),
    Column("offence_from_dt", "crimes.occurred_from", lambda crime: _moment(crime.occurred_from)),
    Column("offence_to_dt", "crimes.occurred_to", lambda crime: _moment(crime.occurred_to)),
    Column("outcome_id", "crimes.outcome_code", lambda crime: _id_of(crime.outcome_code, OUTCOME_CODES, 0)),
    Column("outcome_dt", "crimes.outcome_at", lambda crime: _moment(crime.outcome_at)),
    Column("closed_dt", "crimes.closed_at", lambda crime: _moment(crime.closed_at)),
    Column("is_restricted", "none", lambda crime: int(crime.number % 5 == 0)),
    Column("modified_dt", "none", lambda _crime: "2026-06-07 23:58:12.417"),
    Column("legacy_ref", "none", lambda _crime: EMPTY),
)

LINK_COLUMNS: tuple[Column[Person], ...] = (
    Column("crime_person_id", "involvements.involvement_ref", lambda person: 700000 + person.number),
    Column("crime_id", "involvements.crime_ref", lambda person: _crime_id(person.crime_ref)),
    Column("person_id", "involvements.person_ref", _person_id, "by row"),
    Column("role_id", "involvements.role", lambda person: ROLE_IDS[person.role]),
    Column(
        "ident_level_id",
        "involvements.suspect_known_as",
        lambda person: STATUS_IDS.get(person.suspect_known_as, EMPTY),
        "suspect",
    ),
    Column("sex_id", "involvements.sex", lambda person: SEX_IDS.get(person.sex, EMPTY), "by row"),
    Column("eth_self_id", "involvements.ethnicity_self", lambda p: _id_of(p.ethnicity_self, SELF_CODES, 1), "by row"),
    Column("eth_ic_id", "involvements.ethnicity_officer", lambda p: _officer_id(p.ethnicity_officer), "by row"),
)

PERSON_COLUMNS: tuple[Column[Person], ...] = (
    Column("person_id", "involvements.person_ref", _person_id, "by row"),
    Column("surname", "involvements.surname", lambda person: person.surname, "by row"),
    Column("forename1", "involvements.forenames", lambda person: person.forenames, "by row"),
    Column("birth_dt", "involvements.date_of_birth", lambda person: _birth(person), "by row"),
)

FLAG_COLUMNS: tuple[Column[Flag], ...] = (
    Column("crime_flag_id", "flags.flag_ref", lambda flag: 300000 + int(flag.flag_ref.lstrip("F"))),
    Column("crime_id", "flags.crime_ref", lambda flag: _crime_id(flag.crime_ref)),
    Column("flag_id", "flags.flag", lambda flag: _id_of(flag.flag, FLAG_CODES, 11)),
    Column("dt_added", "flags.added_at", lambda flag: _moment(flag.added_at)),
    Column("dt_removed", "flags.removed_at", lambda flag: _moment(flag.removed_at)),
)


def _officer_id(code: str) -> Cell:
    return _id_of(code, OFFICER_CODES, 51)


def _birth(person: Person) -> str:
    return person.date_of_birth.strftime(DAY) if person.date_of_birth else EMPTY


def build(records: ForceRecords) -> Extract:
    """Write the extract from a force's records."""
    records = _with_listed_offences(records)
    persons = {person.person_ref: person for person in records.persons if person.person_ref}
    files = {
        "crime": _table(CRIME_COLUMNS, records.crimes),
        "crime_person": _table(LINK_COLUMNS, records.persons),
        "person": _table(PERSON_COLUMNS, persons.values()),
        "crime_flag": _table(FLAG_COLUMNS, records.flags),
    }
    columns: dict[str, Sequence[Column[Crime]] | Sequence[Column[Person]] | Sequence[Column[Flag]]] = {
        "crime": CRIME_COLUMNS,
        "crime_person": LINK_COLUMNS,
        "person": PERSON_COLUMNS,
        "crime_flag": FLAG_COLUMNS,
    }
    described: dict[str, Meanings] = {_path(name): meanings(columns[name]) for name in columns}
    for name, (header, rows) in _lookups().items():
        files[name] = delimited([header, *rows], "\t", "\n")
        described[_path(name)] = {heading: {"means": "none"} for heading in header}
    carried = Carried(
        victim_ethnicity=frozenset({"self", "officer"}),
        suspect_ethnicity=frozenset({"self", "officer"}),
        victim_key="reference",
    )
    content = {_path(name): text.encode() for name, text in files.items()}
    return Extract("database_dump", content, compute_truth(records, carried), described, REMARKS)


def _with_listed_offences(records: ForceRecords) -> ForceRecords:
    """The records, after a check that the lookup table has every offence."""
    missing = {crime.offence_code for crime in records.crimes} - set(OFFENCE_CODES)
    if missing:
        raise ValueError(f"Add the titles of these offences to OFFENCE_TITLES: {sorted(missing)}")
    return records


def _path(name: str) -> str:
    return f"database_dump/{name}.tsv"


def _table(columns: Sequence[Column[Record]], records: Iterable[Record]) -> str:
    return delimited([headings(columns), *(cells(columns, record) for record in records)], "\t", "\n")


def _lookups() -> dict[str, Lookup]:
    """Headings and rows of every lookup table, by name."""
    outcomes = {"NOA": "No outcome assigned (under investigation)"} | wording.OUTCOME_LABELS
    offences: list[list[Cell]] = [[100 + n, code, wording.OFFENCE_TITLES[code]] for n, code in enumerate(OFFENCE_CODES)]
    outcome_rows: list[list[Cell]] = [[n, code, outcomes[code]] for n, code in enumerate(OUTCOME_CODES)]
    self_rows: list[list[Cell]] = [[n, "16+1", code, wording.SELF_LABELS[code]] for n, code in enumerate(SELF_CODES, 1)]
    officer_rows: list[list[Cell]] = [
        [n, "IC", code, wording.OFFICER_LABELS[code]] for n, code in enumerate(OFFICER_CODES, 51)
    ]
    flags: list[list[Cell]] = [[n, wording.FLAG_LABELS[code]] for n, code in enumerate(FLAG_CODES, 11)]
    return {
        "lk_offence": (["offence_id", "ho_class", "offence_title"], offences),
        "lk_outcome": (["outcome_id", "ho_outcome", "outcome_desc"], outcome_rows),
        "lk_role": (["role_id", "role_desc"], [[1, "Victim"], [2, "Witness"], [3, "Informant"], [4, "Suspect"]]),
        "lk_ident_level": (["ident_level_id", "ident_desc"], [[1, "Named"], [2, "Described"], [3, "Nothing known"]]),
        "lk_sex": (["sex_id", "sex_desc"], [[1, "Male"], [2, "Female"], [3, "Other"]]),
        "lk_ethnicity": (["eth_id", "scheme", "code", "eth_desc"], self_rows + officer_rows),
        "lk_flag": (["flag_id", "flag_desc"], flags),
    }
