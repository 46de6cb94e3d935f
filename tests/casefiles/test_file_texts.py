"""Does a marker read what was written in a file, and never who its people are?"""

import shutil
from datetime import date

import fastexcel
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.casefiles import file_texts
from assay.casefiles.case_assembly import assemble_cases
from assay.casefiles.case_timeline import build_timelines
from assay.casefiles.rating_sheets import Sheet, write_sheet
from assay.facts import redacted_texts
from assay.indicators.question_set_catalogue import question_set

TODAY = date(2026, 6, 1)
STAYS = "Supervisor asked for a review by the weekly meeting"


def rewritten(path, change):
    """Writes a table anew, each row as `change` leaves it."""
    rows = pq.read_table(path)
    pq.write_table(pa.Table.from_pylist([change(row) for row in rows.to_pylist()], rows.schema), path)


@pytest.fixture
def injected(country, tmp_path):
    """An inspection in which every entry about one child holds all that tells who the child is, written in several ways:
    its folder, the file of the child, and what must stand on no sheet."""
    inspection = shutil.copytree(country / "inspection", tmp_path / "inspection")
    people = pq.read_table(inspection / "records" / "person.parquet").to_pylist()
    force_code, edition = "INV01", "INV01/edition_1"
    note_fields = {
        row["involvement_ref"]: row
        for row in pq.read_table(inspection / "identities" / edition / "involvements.parquet").to_pylist()
    }
    notes = pq.read_table(inspection / "returns" / edition / "notes.parquet").to_pylist()
    with_note = {row["crime_ref"] for row in notes if row["form"] == "text"}
    child = next(
        row for row in people
        if row["force_code"] == force_code and row["child_at_offence"] and row["crime_ref"] in with_note and row["person_ref"]
        and all(note_fields[row["involvement_ref"]][name] for name in ("forenames", "surname", "date_of_birth", "postcode"))
    )  # fmt: skip
    is_it = note_fields[child["involvement_ref"]] | {"phone": "07700 900123"}
    rewritten(inspection / "identities" / edition / "involvements.parquet",
              lambda row: is_it if row["involvement_ref"] == is_it["involvement_ref"] else row)  # fmt: skip
    first, last, born = is_it["forenames"], is_it["surname"], is_it["date_of_birth"]
    hidden = [f"{first} {last}", f"{last.upper()}, {first}", f"{first[0]}. {last}", f"{last}'s", is_it["postcode"],
              is_it["postcode"].replace(" ", "").lower(), "+44 7700 900 123", f"{born:%d/%m/%Y}", child["person_ref"]]  # fmt: skip
    text = f"{STAYS}; {'; '.join(hidden)}."
    refs = {row["note_ref"] for row in notes if row["crime_ref"] == child["crime_ref"]}
    rewritten(inspection / "texts" / edition / "notes.parquet",
              lambda row: row | {"text": text} if row["note_ref"] in refs else row)  # fmt: skip
    rewritten(inspection / "texts" / edition / "summaries.parquet",
              lambda row: row | {"text": text} if row["crime_ref"] == child["crime_ref"] else row)  # fmt: skip
    return inspection, (force_code, child["person_id"]), [*hidden, first, last, "900123"]


def chronology(injected):
    inspection, file, _ = injected
    return build_timelines(inspection, "child", [file], assemble_cases(inspection, [file]), today=TODAY)


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_what_was_written_stands_on_the_second_sheet_and_nothing_of_who_its_people_are(injected, tmp_path, form):
    _, file, hidden = injected
    timeline = chronology(injected)
    path = tmp_path / f"sheet.{form}"
    write_sheet(path, Sheet("children", question_set("assessments_child"), "M1", (file,), timeline.steps))
    workbook = fastexcel.read_excel(path)
    cells = [
        str(cell)
        for name in workbook.sheet_names
        for row in workbook.load_sheet(name, dtypes="string").to_arrow().to_pylist()
        for column, cell in row.items()
        if cell and cell not in file and column != "about"  # the references of the file and of the person name it
    ]
    written_cells = [cell for cell in cells if cell.startswith(STAYS)]
    assert len(written_cells) >= 2  # an entry and the summary
    assert all("[VICTIM" in cell for cell in written_cells)
    assert [step for step in hidden for cell in cells if step.lower() in cell.lower()] == []
    assert timeline.refusals == ()


def test_an_entry_on_a_missing_episode_is_one_of_its_child(country):
    inspection = country / "inspection"
    edition = inspection / "returns" / "INV01" / "edition_1"
    children = {row["missing_ref"]: row["person_ref"] for row in pq.read_table(edition / "missing.parquet").to_pylist()}
    episode_notes = [row for row in pq.read_table(edition / "notes.parquet").to_pylist() if row["missing_ref"]]
    people = pq.read_table(inspection / "records" / "person.parquet").to_pylist()
    ids = {
        row["person_ref"]: row["person_id"]
        for row in people
        if row["force_code"] == "INV01" and row["child_at_offence"]
    }
    entry = next(row for row in episode_notes if children[row["missing_ref"]] in ids and row["form"] == "text")
    file = ("INV01", ids[children[entry["missing_ref"]]])
    steps = build_timelines(inspection, "child", [file], assemble_cases(inspection, [file]), today=TODAY).steps
    assert any(step.description == "entry in the record" and "missing" in step.detail and step.text for step in steps)


def test_a_text_that_may_still_hold_a_name_is_withheld_and_counted_as_such(injected, monkeypatch):
    monkeypatch.setattr(redacted_texts, "leaks", lambda text, known: {"name": 1})
    written_texts = {step.text for step in chronology(injected).steps if step.text}
    assert written_texts == {file_texts.NOT_SHOWN}


def test_without_the_names_of_the_case_no_text_is_shown(injected):
    inspection, *_ = injected
    shutil.rmtree(inspection / "identities" / "INV01")
    written_texts = {step.text for step in chronology(injected).steps if step.text}
    assert written_texts == {file_texts.PEOPLE_UNKNOWN}


def test_where_texts_may_not_be_read_the_steps_stand_without_them_and_it_is_said_why(injected):
    inspection, *_ = injected
    before = chronology(injected)
    path = inspection / "inspection.toml"
    path.write_text(path.read_text().replace('purposes = ["texts", "samples"]', 'purposes = ["texts"]'))
    timeline = chronology(injected)
    assert [step.text for step in timeline.steps if step.text] == []
    assert len(timeline.refusals) >= 1
    assert all("for samples" in why for why in timeline.refusals)
    descriptions = [
        step.description
        for step in before.steps
        if step.description not in ("entry in the record", "summary of the crime")
    ]
    assert [step.description for step in timeline.steps] == descriptions


def test_a_text_too_long_for_a_cell_says_where_the_rest_is(injected, monkeypatch):
    monkeypatch.setattr(file_texts, "LONGEST", 20)
    long = [step.text for step in chronology(injected).steps if step.text.startswith(STAYS[:20])]
    assert long
    assert all(step == STAYS[:20] + file_texts.REST for step in long)


def test_a_step_stands_at_the_time_of_the_clock_on_the_wall(country):
    """From May to September the wall is an hour ahead of universal time."""
    inspection = country / "inspection"
    crimes = pq.read_table(inspection / "returns" / "INV01" / "edition_1" / "crimes.parquet").to_pylist()
    exact = [row for row in crimes if row["recorded_at"] and row["recorded_at"] == row["recorded_at_last"]]
    crime = next(row for row in exact if 5 <= row["recorded_at"].month <= 9)
    steps = build_timelines(inspection, "crime", [("INV01", crime["crime_ref"])], None, today=TODAY).steps
    recorded_at = next(step.when for step in steps if step.description == "recorded as a crime")
    assert int(recorded_at[11:13]) == (crime["recorded_at"].hour + 1) % 24


def test_the_file_of_a_group_holds_the_crimes_on_which_its_members_stand(country, tmp_path):
    inspection = shutil.copytree(country / "inspection", tmp_path / "inspection")
    edition = inspection / "returns" / "INV01" / "edition_1"
    involved = pq.read_table(edition / "involvements.parquet").to_pylist()
    member = next(row for row in involved if row["role"] == "suspect" and row["person_ref"] and row["crime_ref"])
    schema = pq.read_schema(edition / "group_members.parquet")
    row = dict.fromkeys(schema.names) | {
        "force_code": "INV01",
        "group_ref": "G1",
        "person_ref": member["person_ref"],
        "line": 2,
    }
    pq.write_table(pa.Table.from_pylist([row], schema), edition / "group_members.parquet")
    steps = build_timelines(inspection, "group", [("INV01", "G1")], None, today=TODAY).steps
    assert "recorded as a crime" in {step.description for step in steps}
    assert {step.subject_ref for step in steps} == {"G1"}
