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
def planted(country, tmp_path):
    """An inspection in which every entry about one child holds all that tells who the child is, written in several ways:
    its folder, the file of the child, and what must stand on no sheet."""
    inspection = shutil.copytree(country / "inspection", tmp_path / "inspection")
    people = pq.read_table(inspection / "records" / "person.parquet").to_pylist()
    body, edition = "INV01", "INV01/edition_1"
    told = {
        row["involvement_ref"]: row
        for row in pq.read_table(inspection / "identities" / edition / "involvements.parquet").to_pylist()
    }
    notes = pq.read_table(inspection / "returns" / edition / "notes.parquet").to_pylist()
    with_note = {row["crime_ref"] for row in notes if row["form"] == "text"}
    child = next(
        row for row in people
        if row["force_code"] == body and row["child_at_offence"] and row["crime_ref"] in with_note and row["person_ref"]
        and all(told[row["involvement_ref"]][name] for name in ("forenames", "surname", "date_of_birth", "postcode"))
    )  # fmt: skip
    is_it = told[child["involvement_ref"]] | {"phone": "07700 900123"}
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
    return inspection, (body, child["person_id"]), [*hidden, first, last, "900123"]


def chronology(planted):
    inspection, file, _ = planted
    return build_timelines(inspection, "child", [file], assemble_cases(inspection, [file]), today=TODAY)


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_what_was_written_stands_on_the_second_sheet_and_nothing_of_who_its_people_are(planted, tmp_path, form):
    _, file, hidden = planted
    told = chronology(planted)
    path = tmp_path / f"sheet.{form}"
    write_sheet(path, Sheet("children", question_set("assessments_child"), "M1", (file,), told.steps))
    book = fastexcel.read_excel(path)
    cells = [
        str(cell)
        for name in book.sheet_names
        for row in book.load_sheet(name, dtypes="string").to_arrow().to_pylist()
        for column, cell in row.items()
        if cell and cell not in file and column != "about"  # the references of the file and of the person name it
    ]
    written = [cell for cell in cells if cell.startswith(STAYS)]
    assert len(written) >= 2  # an entry and the summary
    assert all("[VICTIM" in cell for cell in written)
    assert [one for one in hidden for cell in cells if one.lower() in cell.lower()] == []
    assert told.refusals == ()


def test_an_entry_on_a_missing_episode_is_one_of_its_child(country):
    inspection = country / "inspection"
    edition = inspection / "returns" / "INV01" / "edition_1"
    children = {row["missing_ref"]: row["person_ref"] for row in pq.read_table(edition / "missing.parquet").to_pylist()}
    of_episodes = [row for row in pq.read_table(edition / "notes.parquet").to_pylist() if row["missing_ref"]]
    people = pq.read_table(inspection / "records" / "person.parquet").to_pylist()
    ids = {
        row["person_ref"]: row["person_id"]
        for row in people
        if row["force_code"] == "INV01" and row["child_at_offence"]
    }
    entry = next(row for row in of_episodes if children[row["missing_ref"]] in ids and row["form"] == "text")
    file = ("INV01", ids[children[entry["missing_ref"]]])
    steps = build_timelines(inspection, "child", [file], assemble_cases(inspection, [file]), today=TODAY).steps
    assert any(one.what == "entry in the record" and "missing" in one.detail and one.written for one in steps)


def test_a_text_that_may_still_hold_a_name_is_held_back_and_counted_as_such(planted, monkeypatch):
    monkeypatch.setattr(redacted_texts, "leaks", lambda text, known: {"name": 1})
    written = {one.written for one in chronology(planted).steps if one.written}
    assert written == {file_texts.NOT_SHOWN}


def test_without_the_names_of_the_case_no_text_is_shown(planted):
    inspection, *_ = planted
    shutil.rmtree(inspection / "identities" / "INV01")
    written = {one.written for one in chronology(planted).steps if one.written}
    assert written == {file_texts.PEOPLE_UNKNOWN}


def test_where_texts_may_not_be_read_the_steps_stand_without_them_and_it_is_said_why(planted):
    inspection, *_ = planted
    before = chronology(planted)
    path = inspection / "inspection.toml"
    path.write_text(path.read_text().replace('purposes = ["texts", "samples"]', 'purposes = ["texts"]'))
    told = chronology(planted)
    assert [one.written for one in told.steps if one.written] == []
    assert len(told.refusals) >= 1
    assert all("for samples" in why for why in told.refusals)
    others = [one.what for one in before.steps if one.what not in ("entry in the record", "summary of the crime")]
    assert [one.what for one in told.steps] == others


def test_a_text_too_long_for_a_cell_says_where_the_rest_is(planted, monkeypatch):
    monkeypatch.setattr(file_texts, "LONGEST", 20)
    long = [one.written for one in chronology(planted).steps if one.written.startswith(STAYS[:20])]
    assert long
    assert all(one == STAYS[:20] + file_texts.REST for one in long)


def test_a_step_stands_at_the_time_of_the_clock_on_the_wall(country):
    """From May to September the wall is an hour ahead of universal time."""
    inspection = country / "inspection"
    crimes = pq.read_table(inspection / "returns" / "INV01" / "edition_1" / "crimes.parquet").to_pylist()
    exact = [row for row in crimes if row["recorded_at"] and row["recorded_at"] == row["recorded_at_last"]]
    crime = next(row for row in exact if 5 <= row["recorded_at"].month <= 9)
    steps = build_timelines(inspection, "crime", [("INV01", crime["crime_ref"])], None, today=TODAY).steps
    said = next(one.when for one in steps if one.what == "recorded as a crime")
    assert int(said[11:13]) == (crime["recorded_at"].hour + 1) % 24


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
    assert "recorded as a crime" in {one.what for one in steps}
    assert {one.subject_ref for one in steps} == {"G1"}
