"""Do files go from an inspection to markers and come back as marks, with their evidence?"""

import re
import shutil
from collections import Counter
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.casefiles.auditor_comparison import compare_auditors
from assay.casefiles.file_allocation import assigned_of, issue_sheets, missing_of, sample_ratings
from assay.casefiles.file_sampling import draw_sample, files_of
from assay.casefiles.rating_intake import accept_ratings
from assay.casefiles.sample_drawing import SAMPLED
from assay.casefiles.sample_page import write_page
from assay.engine.provenance import read_stage
from assay.engine.provenance.verification import verify
from assay.errors import UsageError
from assay.indicators import EVERYWHERE
from assay.synthetic.synthetic_inspectors import SyntheticInspectors

DESIGN = """title = "Crimes of the period"
subject = "crime"
seed = "read out"
files = 12
double = 0.2
"""
MARKERS = "marker_code,away_from,part\nM1,INV01,\nM2,INV02,\nM3,,0.5\n"


@pytest.fixture
def inspection(country, tmp_path):
    return shutil.copytree(country / "inspection", tmp_path / "inspection")


def design(tmp_path, name="period", text=DESIGN):
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def given_out(inspection, tmp_path, **more):
    (tmp_path / "markers.csv").write_text(MARKERS, encoding="utf-8")
    return issue_sheets(inspection, "period", "responses_case", tmp_path / "markers.csv", tmp_path / "sheets", **more)


def test_every_record_of_the_facts_is_in_the_frame_or_set_aside_by_reason(inspection, tmp_path):
    draw_sample(inspection, design(tmp_path))
    strata = read_stage(inspection, "casefiles/samples/period", "strata").to_pylist()
    crimes = read_stage(inspection, "records", "crime")
    inside = sum(row["records"] for row in strata)
    sample = draw_sample(inspection, design(tmp_path))
    assert inside + sum(rows for reason, rows in sample.set_aside.items() if "reserve" not in reason) == crimes.num_rows
    assert sum(row["drawn"] for row in strata) == sample.files == 12


def test_what_was_drawn_stays_drawn_and_another_design_needs_another_name(inspection, tmp_path):
    first = draw_sample(inspection, design(tmp_path))
    assert draw_sample(inspection, design(tmp_path)) == first
    with pytest.raises(UsageError, match="another design of this name"):
        draw_sample(inspection, design(tmp_path, text=DESIGN.replace("12", "13")))


@pytest.mark.parametrize(
    ("subject", "more"),
    [
        ("child", 'where = "in_base"'),
        ("suspect", ""),
        ("crime", 'indicator = "charged_of_closed"\nanswers = ["not met"]\nstrata = ["force_code", "cse_flagged"]'),
        ("crime", 'strata = ["force_code", "days_to_closed"]\nbands = { days_to_closed = [30, 90] }\nleast = 1'),
        ("crime", 'sized_by = "victims"'),
    ],
)
def test_files_are_drawn_of_every_kind(inspection, tmp_path, subject, more):
    text = DESIGN.replace('"crime"', f'"{subject}"').replace("files = 12", "files = 30") + more
    sample = draw_sample(inspection, design(tmp_path, "kind", text))
    assert 0 < sample.files <= 30
    sampled_files = [file for file in files_of(inspection, "kind") if file.status == SAMPLED]
    assert len({(file.force_code, file.subject_ref) for file in sampled_files}) == len(sampled_files) == sample.files
    assert all(0 < file.chance <= 1 for file in sampled_files)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('strata = ["colour"]', "have no column colour"),
        ('where = "colour = 1"', "colour"),
        ('indicator = "groups_found"', "is a count"),
        ('indicator = "problem_profile_current"', "asks of each force, not of a crime"),
        ("where = \"offence_code = 'none'\"", "nothing to draw"),
        ("files_each = 3", "two-stage design needs"),
        ("oversample = { sex = { M = 2 } }", "expected must be in strata"),
        ("paper = true", "unknown setting paper"),
        ("least = 0", "nothing is known of a stratum without a file"),
    ],
)
def test_a_design_that_cannot_be_drawn_is_refused_with_a_sentence(inspection, tmp_path, more, message):
    with pytest.raises(UsageError, match=message):
        draw_sample(inspection, design(tmp_path, "wrong", DESIGN + more))


def test_synthetic_inspectors_mark_what_they_were_given_and_all_of_it_is_sealed(inspection, country, tmp_path):
    draw_sample(inspection, design(tmp_path))
    issued = given_out(inspection, tmp_path)
    assert set(issued.sheets) == {"M1", "M2", "M3"}
    inspectors = SyntheticInspectors(country / "truth")
    back = []
    for code, path in issued.sheets.items():
        back.append(tmp_path / f"{code}.xlsx")
        inspectors.fill_sheet(path, back[-1])
    intake_result = accept_ratings(inspection, back)
    assignments = assigned_of(inspection, "period", "responses_case")
    assert (intake_result.new, intake_result.open, intake_result.errors) == (15 * len(assignments), 0, ())
    assert accept_ratings(inspection, back).new == 0
    marks = sample_ratings(inspection, "period", "responses_case")
    assert Counter(mark["marking_round"] for mark in marks) == Counter(
        {turn: 15 * sum(file.round == turn for file in assignments) for turn in ("first", "second")}
    )
    assert not any(file.marker == "M1" and file.file.force_code == "INV01" for file in assignments)
    assert not [file for file in verify(inspection) if "casefiles" in str(file)]


def test_auditors_are_compared_and_never_counted_and_adjudicators_read_where_two_differ(inspection, country, tmp_path):
    draw_sample(inspection, design(tmp_path, text=DESIGN.replace("0.2", "0.5")))
    staff = MARKERS.replace("part\n", "part,auditor_of,adjudicator\n") + "A1,,,INV01,\n"
    (tmp_path / "staff.csv").write_text(staff, encoding="utf-8")
    ask = (inspection, "period", "responses_case", tmp_path / "staff.csv", tmp_path / "sheets")
    sheets, inspectors = issue_sheets(*ask), SyntheticInspectors(country / "truth")

    def back(sheets):
        for code, path in sheets.items():
            inspectors.fill_sheet(path, tmp_path / f"{code}.xlsx")
        return [tmp_path / f"{code}.xlsx" for code in sheets]

    inspector_sheets = {code: path for code, path in sheets.sheets.items() if code != "A1"}
    assert accept_ratings(inspection, back(inspector_sheets)).errors == ()
    before = write_page(inspection, "period", "responses_case", tmp_path / "page.html")
    assert "own auditors give" not in before.path.read_text()
    assert accept_ratings(inspection, back({"A1": sheets.sheets["A1"]})).errors == ()
    after = write_page(inspection, "period", "responses_case", tmp_path / "page.html")
    assert after.found == before.found
    assert "own auditors give" in after.path.read_text()
    kinds = {
        (mark["marker_code"], mark["marker_kind"]) for mark in sample_ratings(inspection, "period", "responses_case")
    }
    assert ("A1", "force_auditor") in kinds
    assert {kind for code, kind in kinds if code != "A1"} == {"inspector"}

    (tmp_path / "staff.csv").write_text(staff + "J1,,,,yes\n", encoding="utf-8")
    sheets = issue_sheets(*ask)
    assert sheets.adjudicated == sheets.loads["J1"] > 0
    assert not [file for file in verify(inspection) if "casefiles" in str(file)]  # the marks were sealed before that
    assert accept_ratings(inspection, back({"J1": sheets.sheets["J1"]})).new == 15 * sheets.adjudicated
    third_readings = {
        file.file for file in assigned_of(inspection, "period", "responses_case") if file.round == "adjudicated"
    }
    second_readings = {
        file.file for file in assigned_of(inspection, "period", "responses_case") if file.round == "second"
    }
    assert third_readings <= second_readings
    assert issue_sheets(*ask).adjudicated == sheets.adjudicated
    assert not [file for file in verify(inspection) if "casefiles" in str(file)]


def test_what_a_force_sent_of_its_own_audit_stands_beside_the_inspectors_answers(inspection, country, tmp_path):
    draw_sample(inspection, design(tmp_path))
    issued = given_out(inspection, tmp_path)
    for code, path in issued.sheets.items():
        SyntheticInspectors(country / "truth").fill_sheet(path, tmp_path / f"{code}.xlsx")
    accept_ratings(inspection, [tmp_path / f"{code}.xlsx" for code in issued.sheets])
    sample_questions = ("period", "responses_case")
    inspector_rating = next(
        file
        for file in sample_ratings(inspection, *sample_questions)
        if file["question"] == "overall" and file["force_code"] == "INV02"
    )
    path = inspection / "returns" / "INV02" / "edition_1" / "marks.parquet"
    table = pq.read_table(path)
    auditor_rating = dict.fromkeys(table.column_names) | {
        name: inspector_rating[name] for name in inspector_rating if name != "sealed_at"
    }
    auditor_rating |= {"mark_ref": "OWN1", "answer": "good", "marker_kind": "force_auditor", "line": 99}
    other = auditor_rating | {"mark_ref": "OWN2", "question_set_version": "0"}
    pq.write_table(pa.concat_tables([table, pa.Table.from_pylist([auditor_rating, other], table.schema)]), path)
    found = compare_auditors(inspection, *sample_questions, today=date(2026, 6, 1))
    assert [(file.question.key, file.place, file.direction.above + file.direction.level) for file in found] == [
        ("overall", EVERYWHERE, 1), ("overall", "INV02", 1),
    ]  # fmt: skip


def test_a_missing_file_is_replaced_for_the_same_marker_and_remembered(inspection, tmp_path):
    draw_sample(inspection, design(tmp_path))
    given_out(inspection, tmp_path)
    before = assigned_of(inspection, "period", "responses_case")
    file = before[0].file
    given_out(inspection, tmp_path, missing=[(file.force_code, file.subject_ref)])
    given_out(inspection, tmp_path)
    after = assigned_of(inspection, "period", "responses_case")
    assert missing_of(inspection, "period", "responses_case") == [(file.force_code, file.subject_ref)]
    assert file not in [file.file for file in after]
    assert Counter(file.marker for file in after) == Counter(file.marker for file in before)


def test_files_drawn_by_size_have_a_reserve_and_what_has_no_stand_in_is_said(inspection, tmp_path):
    text = DESIGN + 'sized_by = "victims"\nstrata = ["cse_flagged"]\n'
    sample = draw_sample(inspection, design(tmp_path, text=text))
    assert any(reserve for *_, reserve in sample.strata)
    given_out(inspection, tmp_path)
    before = assigned_of(inspection, "period", "responses_case")
    stratum = next(name for name, _, _, reserve in sample.strata if reserve)
    file = next(file.file for file in before if file.file.stratum == stratum)
    given_out(inspection, tmp_path, missing=[file.pair])
    after = assigned_of(inspection, "period", "responses_case")
    assert len(after) == len(before)
    everything = [
        (file.force_code, file.subject_ref) for file in files_of(inspection, "period") if file.stratum == stratum
    ]
    given_out(inspection, tmp_path, missing=everything)
    page = write_page(inspection, "period", "responses_case", tmp_path / "page.html").path.read_text(encoding="utf-8")
    sample_size = next(number for name, _, number, _ in sample.strata if name == stratum)
    assert f"{len(everything)} files could not be found" in page
    assert f"For {sample_size} there was no other." in page


def test_the_design_has_a_row_a_force_where_strata_are_its_own_and_a_row_a_stratum_where_they_are_no_forces(
    inspection, tmp_path
):
    def rows(name: str, strata: str) -> list[str]:
        draw_sample(inspection, design(tmp_path, name, DESIGN + f"strata = {strata}\nleast = 1\n"))
        out = write_page(inspection, name, "responses_case", tmp_path / f"{name}.html").path
        table = out.read_text(encoding="utf-8").split('id="design-table"')[1].split("</table>")[0]
        return re.findall(r'scope="row">([^<]*)<', table)

    forces = rows("own", '["force_code"]')
    assert (forces[0], len(forces)) == ("All forces together", 5)
    assert rows("shared", '["cse_flagged"]') == ["All forces together", "cse flagged false", "cse flagged true"]
    table_rows = rows("both", '["force_code", "cse_flagged"]')
    assert table_rows[:5] == forces
    assert all(" / cse flagged " in file for file in table_rows[5:])


def test_a_sheet_of_a_marker_who_was_given_nothing_is_refused_and_the_others_count(inspection, tmp_path):
    draw_sample(inspection, design(tmp_path))
    issued = given_out(inspection, tmp_path)
    path = issued.sheets["M1"]
    strange = accept_ratings(inspection, [tmp_path / "none.xlsx", path])
    assert [name for name, _ in strange.errors] == ["none.xlsx"]


def test_questions_of_a_child_are_not_asked_of_a_crime(inspection, tmp_path):
    draw_sample(inspection, design(tmp_path))
    (tmp_path / "markers.csv").write_text(MARKERS, encoding="utf-8")
    with pytest.raises(UsageError, match="is asked of a child"):
        issue_sheets(inspection, "period", "assessments_child", tmp_path / "markers.csv", tmp_path, now=datetime.now)
