"""Does a chronology say of each step which crime it is of, and which of several suspects it is about?"""

import shutil
from datetime import UTC, date, datetime

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from assay.casefiles.case_assembly import assemble_cases
from assay.casefiles.case_timeline import SOURCES, build_timelines
from assay.casefiles.file_parties import other_suspects, parties
from assay.casefiles.rating_sheet_reader import read_sheet
from assay.casefiles.rating_sheets import Sheet, write_sheet
from assay.indicators.question_set_catalogue import question_set

TODAY = date(2026, 6, 1)
FILE = ("INV01", "INV01 E1")
ENTRIES = (
    # involvement, crime, number, role: one child on two crimes; one suspect with a number, one without
    ("E1", "A", "P1", "victim"),
    ("E2", "A", "P2", "suspect"),
    ("E3", "B", "P1", "victim"),
    ("E4", "B", "P2", "suspect"),
    ("E5", "B", None, "suspect"),
    ("E6", "B", "P3", "victim"),
)
EVENTS = (
    # kind, hour, crime, number, involvement
    ("suspect_arrested", 1, "A", "P2", None),
    ("suspect_arrested", 2, "B", None, "E4"),
    ("suspect_identified", 3, "B", None, "E5"),
    ("strategy_discussion", 4, None, "P1", None),
    ("iio_allocated", 5, "A", None, None),
)


def write_rows(path, rows):
    """Writes rows into a table in its own columns; what is not said is missing."""
    schema = pq.read_schema(path)
    pq.write_table(pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema), path)


@pytest.fixture(scope="module")
def by_pencil(country, tmp_path_factory):
    """An inspection in which one force holds two crimes against one child, with two suspects, and nothing else."""
    inspection = shutil.copytree(country / "inspection", tmp_path_factory.mktemp("pencil") / "inspection")
    for table in {step.table for step in SOURCES}:
        for path in inspection.glob(f"returns/*/edition_1/{table}.parquet"):
            pq.write_table(pq.read_table(path).slice(0, 0), path)
    (inspection / "persons" / "tied.parquet").unlink()
    edition = inspection / "returns" / "INV01" / "edition_1"
    people = [
        {"force_code": "INV01", "involvement_ref": ref, "crime_ref": crime, "person_ref": number, "role": role,
         "person_id": "INV01 E1" if number == "P1" else "INV01 E2" if number == "P2" else f"INV01 {ref}"}
        for ref, crime, number, role in ENTRIES
    ]  # fmt: skip
    write_rows(inspection / "records" / "person.parquet", people)
    events = []
    for line, (kind, hour, crime, number, entry) in enumerate(EVENTS, start=2):
        moment = datetime(2026, 1, 5, hour, tzinfo=UTC)
        when = {"happened_at": moment, "happened_at_last": moment, "happened_at_day": moment.date()}
        reference_by_column = {"crime_ref": crime, "person_ref": number, "involvement_ref": entry}
        events.append({"force_code": "INV01", "line": line, "kind": kind, **when, **reference_by_column})
    write_rows(edition / "events.parquet", events)
    return inspection


def chronology(inspection):
    return build_timelines(inspection, "child", [FILE], assemble_cases(inspection, [FILE]), today=TODAY).steps


def test_two_arrests_in_two_crimes_are_told_apart_by_the_crime_and_by_the_suspect(by_pencil):
    steps = [step for step in chronology(by_pencil) if step.when]
    assert [(step.when[-5:], step.crime, step.person_ref) for step in steps] == [
        ("01:00", "A", "P2"),
        ("02:00", "B", "P2"),  # named by the entry on the crime, and known by the force's own number
        ("03:00", "B", "E5"),  # nobody knows a number of this suspect: the entry is the reference
        ("04:00", "", "P1"),
        ("05:00", "A", ""),
    ]


def test_everybody_entered_on_the_two_crimes_stands_before_what_happened_with_their_role(by_pencil):
    entered = [step for step in chronology(by_pencil) if not step.when]
    assert {(step.crime, step.person_ref, step.description.split()[2], step.detail) for step in entered} == {
        ("A", "P1", "victim", "the person of this file"), ("A", "P2", "suspect", ""),
        ("B", "P1", "victim", "the person of this file"), ("B", "P2", "suspect", ""), ("B", "E5", "suspect", ""),
        ("B", "P3", "victim", ""),
    }  # fmt: skip
    assert list(chronology(by_pencil))[: len(entered)] == entered


def test_the_suspects_beside_a_child_are_two_however_many_crimes_they_stand_on(by_pencil):
    linked_cases = assemble_cases(by_pencil, [FILE])
    assert other_suspects(parties(by_pencil, linked_cases)) == {FILE: {"P2": "INV01", "E5": "INV01"}}


def test_a_suspects_own_entry_is_no_suspect_beside_them(by_pencil):
    other_file = ("INV01", "INV01 E2")
    assert other_suspects(parties(by_pencil, assemble_cases(by_pencil, [other_file]))) == {other_file: {"E5": "INV01"}}


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_the_second_sheet_shows_both_and_the_first_is_read_back_as_before(by_pencil, tmp_path, form):
    questions, path = question_set("assessments_child"), tmp_path / f"sheet.{form}"
    write_sheet(path, Sheet("children", questions, "M1", (FILE,), chronology(by_pencil)))
    rows = fastexcel.read_excel(path).load_sheet("Steps", dtypes="string").to_arrow().to_pylist()
    assert [(row["crime"], row["about"]) for row in rows if row["when"]][:3] == [("A", "P2"), ("B", "P2"), ("B", "E5")]
    read = read_sheet(path, questions, [FILE])
    assert (read.open, read.errors) == (len(questions.questions), ())


def test_no_step_of_another_force_stands_there_by_a_link_that_nobody_confirmed(country):
    inspection = country / "inspection"
    people = pq.read_table(inspection / "records" / "victim.parquet")
    file = next(
        (row["force_code"], row["person_id"])
        for row in people.filter(pc.equal(people["child_at_offence"], True)).to_pylist()
    )
    linked_cases = assemble_cases(inspection, [file])
    forces_with_records = {file[0], *linked_cases.other_forces().get(file, ())}
    steps = build_timelines(inspection, "child", [file], linked_cases, today=TODAY).steps
    assert {step.held_by for step in steps} <= forces_with_records
    assert {step.held_by for step in parties(inspection, linked_cases)} <= forces_with_records
