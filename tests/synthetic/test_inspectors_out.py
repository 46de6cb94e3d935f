"""Synthetic inspectors visit, read documents and ask people, and whatever they fill in can be taken in."""

import csv

import pytest

from assay.casefiles.surveys.questionnaire_forms import read_questionnaire
from assay.casefiles.surveys.survey_exports import read_answers
from assay.casefiles.surveys.survey_forms import write_form
from assay.casefiles.surveys.survey_frames import read_frame
from assay.casefiles.surveys.survey_results import results
from assay.indicators.document_checklists import checklists
from assay.indicators.indicator_catalogue import indicators
from assay.ingest.other_senders.other_row_checks import names_somebody
from assay.synthetic.fieldwork_visits import COLUMNS, notes, read_form, visits, write_responses, write_visits
from assay.synthetic.local_time import PERIOD_TO
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_country import generate_forces as made_up
from assay.synthetic.synthetic_inspectors import SyntheticInspectors
from assay.synthetic.world_files import read_world

TRUTH = """[forces.INV01.rates]
notice_in_time = 0.9
[forces.INV02.rates]
notice_in_time = 0.5
[forces.INV03.rates]
notice_in_time = 0.1
"""
FORCES = {"INV01": "Good", "INV02": "Middling", "INV03": "Bad"}


@pytest.fixture
def inspectors(tmp_path):
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / "truth.toml").write_text(TRUTH)
    return SyntheticInspectors(tmp_path / "truth")


@pytest.fixture(scope="module")
def forces():
    return made_up(read_world("plain").sized(forces=8, crimes=5), 3)


def test_six_forces_are_visited_and_nobody_reads_their_own(forces, tmp_path):
    planned_visits = visits(forces, PERIOD_TO)
    assert len({row["force_code"] for row in planned_visits}) == 6
    assert all(row["held_on"] > PERIOD_TO for row in planned_visits)
    write_visits(tmp_path, planned_visits)
    with (tmp_path / "fieldwork" / "visits.csv").open() as file:
        assert tuple(next(csv.reader(file))) == COLUMNS
    with (tmp_path / "fieldwork" / "markers.csv").open() as file:
        excluded_codes = [code for row in csv.DictReader(file) for code in row["away_from"].split()]
    assert sorted(excluded_codes) == sorted({row["force_code"] for row in planned_visits})


def test_no_note_names_anybody_and_each_is_to_a_question(forces):
    found = notes(visits(forces, PERIOD_TO), RandomStream(1, "notes"))
    assert len(found) > 5
    assert [row["note_ref"] for row in found if names_somebody(row["text"])] == []
    assert {row["question"] for row in found} <= {"Q3", "Q21", "Q32", "Q43", "Q44", "Q45"}


def test_a_checklist_is_filled_in_with_answers_that_its_items_allow(inspectors, tmp_path):
    checklist = checklists()["problem_profile_document"]
    names = ("document_ref", "checklist", "item", "answer", "reason", "marker_code")
    empty, full = tmp_path / "checks.csv", tmp_path / "full.csv"
    with empty.open("w", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(
            {"document_ref": "INV01-profile", "checklist": checklist.key, "item": question.key}
            for question in checklist.questions
        )
    inspectors.fill_checklist(empty, full)
    with full.open() as file:
        rows = {row["item"]: row for row in csv.DictReader(file)}
    assert all(rows[question.key]["answer"] in question.answers for question in checklist.questions)
    assert {row["marker_code"] for row in rows.values()} == {"M01"}


def test_staff_answer_the_form_as_it_was_exported_and_better_where_a_force_works_better(inspectors, tmp_path):
    questionnaire = read_questionnaire("staff")
    form, answers, frame = (tmp_path / name for name in ("form.xlsx", "answers.csv", "frame.csv"))
    write_form(form, questionnaire, FORCES)
    assert read_form(form).questions == tuple(question.key for question in questionnaire.questions)
    write_responses(form, inspectors, tuple(FORCES), answers, frame)
    found = read_answers(answers, questionnaire, tuple(FORCES))
    assert {error.rule for error in found.errors} <= {"S03"}
    results_found = results(questionnaire, found.rows, read_frame(frame, questionnaire, FORCES))
    trained = {
        result.place: result.share for result in results_found if (result.question, result.option) == ("trained", "yes")
    }
    assert trained["INV01"] > trained["INV02"] > trained["INV03"]


def test_what_synthetic_forces_claim_of_a_figure_is_an_indicator_that_there_is(country):
    claimed = {row["about_key"] for row in country.all("claims") if row["about_kind"] == "indicator"}
    assert claimed == {"recorded_in_24_hours", "needs_assessment_recorded"}
    assert claimed <= {indicator.key for indicator in indicators()}
