"""Interviews, focus groups and observations count for people inside or for partners, and are never a share."""

from datetime import date

import pytest

from assay.casefiles.fieldwork_plan import accept_plan
from assay.casefiles.file_allocation import issue_sheets
from assay.casefiles.rating_intake import accept_ratings
from assay.grading import fieldwork_evidence
from assay.grading.fieldwork_evidence import Visit, note_visits
from assay.grading.force_approaches import _approach_sentence, _team_sentence
from assay.indicators.evidence_sources import AGREE, CANNOT_TELL, DISAGREE, exclude_small_parts
from assay.indicators.fieldwork_question_sets import role_side
from assay.ingest.inspection_folder import create_inspection
from assay.reference.return_code_lists import list_values
from assay.synthetic.synthetic_inspectors import PARTS, _write, sheet_cells
from assay.workflows.briefing.national_intelligence import cross_force_groups, relevant_lessons
from ingest.other_sent import KENT, REQUEST

TEXT = "Can they say who looks?"


def visits(side, place=KENT, **answers):
    """So many visits with each answer to one question that serves Q37."""
    answer_list = [answer for answer, count in answers.items() for _ in range(count)]
    return [Visit(f"{side}{n}", place, side, "looks", TEXT, ("Q37",), answer) for n, answer in enumerate(answer_list)]


@pytest.mark.parametrize(
    ("met", "not_met", "expected"),
    [(5, 0, AGREE), (4, 0, CANNOT_TELL), (6, 3, AGREE), (5, 3, CANNOT_TELL), (2, 5, DISAGREE)],
)
def test_five_visits_and_twice_as_many_as_the_other_side_speak_for_a_strand(met, not_met, expected):
    part = fieldwork_evidence.fieldwork_parts(
        "staff", ["Q37"], visits("staff", met=met, not_met=not_met, partly_met=9), KENT
    )[0]
    assert part.verdict == expected
    assert part.n_respondents == met + not_met + 9
    assert f"{met} say so, 9 in part, {not_met} not." in part.statement
    assert "%" not in part.statement


def test_partners_speak_for_partners_and_each_place_for_itself_and_for_all():
    visit_rows = [*visits("partners", met=6), *visits("staff", place="E23000001", not_met=6)]
    assert fieldwork_evidence.fieldwork_parts("staff", ["Q37"], visit_rows, KENT) == []
    assert fieldwork_evidence.fieldwork_parts("partners", ["Q37"], visit_rows, KENT)[0].verdict == AGREE
    assert fieldwork_evidence.fieldwork_parts("staff", ["Q37"], visit_rows, "ALL")[0].verdict == DISAGREE
    assert fieldwork_evidence.fieldwork_parts("staff", ["Q1"], visit_rows, "ALL") == []


def test_every_role_is_of_the_force_or_of_a_partner_but_two_that_do_not_tell():
    sides = {role: role_side(role) for role in list_values("role")}
    assert {role for role, side in sides.items() if not side} == {"other", "system"}
    assert sides["supervisor"] == sides["chief_officer"] == "staff"
    assert sides["education"] == sides["prosecutor"] == sides["return_interviewer"] == "partners"


def test_a_note_that_nobody_marked_shows_that_somebody_was_asked_and_no_more():
    rows = [{"question": "Q45", "fieldwork_ref": "I1", "place_code": KENT, "role_of_person": "health"},
            {"question": "partners_answered", "fieldwork_ref": "I2", "place_code": KENT, "role_of_person": "health"}]  # fmt: skip
    found = fieldwork_evidence.fieldwork_parts("partners", ["Q45"], note_visits(rows), KENT)
    assert [part.verdict for part in found] == [CANNOT_TELL, CANNOT_TELL]
    assert "1 visit was noted on it, and none tells which way" in found[0].statement


def test_what_fewer_told_than_a_policy_asks_for_cannot_tell():
    parts = fieldwork_evidence.fieldwork_parts("staff", ["Q37"], visits("staff", met=9), KENT)
    assert parts[0].verdict == AGREE
    assert exclude_small_parts(parts, 10)[0].verdict == CANNOT_TELL
    assert "9" not in exclude_small_parts(parts, 10)[0].statement
    assert exclude_small_parts(parts, 9) == parts


def test_what_was_marked_of_a_visit_is_a_strand(tmp_path):
    folder = create_inspection(tmp_path / "trial", REQUEST, {}).folder
    plan, markers = tmp_path / "visits.csv", tmp_path / "markers.csv"
    plan.write_text(f"fieldwork_ref,subject_kind,force_code,role,held_on\nI1,interview,{KENT},supervisor,\n")
    markers.write_text("marker_code,away_from,part\nM01,,\n")
    accept_plan(folder, plan)
    sheet = issue_sheets(folder, "visits", "interview_fieldwork", markers, tmp_path / "sheets").sheets["M01"]
    parts = {name: sheet_cells(sheet, name) for name in PARTS}
    row = next(mark for mark in parts["Marks"] if "enquiries_before_closing" in mark)
    row[parts["Marks"][0].index("answer")] = "met"
    _write(sheet, parts)
    assert accept_ratings(folder, [sheet]).new == 1
    found = list(fieldwork_evidence.rated_visits(folder))
    assert [(visit.ref, visit.side, visit.question, visit.asks, visit.answer) for visit in found] == [
        ("I1", "staff", "enquiries_before_closing", ("Q37",), "met")
    ]


def test_a_way_of_working_and_a_team_are_said_in_a_sentence():
    used = {"approach": "joint_team", "place": None, "began_on": date(2023, 11, 18), "ended_on": None}
    assert _approach_sentence(used) == "Joint team, an area that is not named: from 18 November 2023, in use."
    team = {"team_kind": "child_abuse", "month_start": date(2026, 3, 1), "posts_funded": 8.0, "posts_filled": 7.5,
            "posts_trained": None, "open_cases": 42}  # fmt: skip
    assert (
        _team_sentence(team)
        == "Child abuse, March 2026: posts 8 funded, 7.5 filled and trained not known; 42 open cases."
    )


def test_a_national_body_tells_which_groups_touch_a_force_and_what_was_learned_and_rates_nobody():
    names = {KENT: "Kent", "E23000001": "Metropolitan", "NCA": "National Crime Agency"}
    fact = {"sender": "NCA", "group_ref": "G7", "as_of": date(2026, 3, 1)}
    facts = [fact | {"body_code": KENT, "fact_kind": "victims"}, fact | {"body_code": "E23000001", "fact_kind": "leads"},
             fact | {"group_ref": "G8", "body_code": "E23000001", "fact_kind": "leads"}]  # fmt: skip
    assert cross_force_groups(facts, KENT, names) == [
        "Group G7 of National Crime Agency: the force has victims of the group (1 March 2026); the group touches "
        "Metropolitan too."
    ]
    lesson = {"lesson_ref": "L1", "said_on": date(2026, 2, 1), "lesson": "Ask who else was there."}
    lessons = [
        lesson | {"sender": "NCA", "body_code": "NCA"},
        lesson | {"sender": "INSPECTION", "body_code": "E23000001"},
    ]
    assert relevant_lessons(lessons, KENT, {"NCA": "National Crime Agency"}) == [
        "National Crime Agency, 1 February 2026: Ask who else was there."
    ]
