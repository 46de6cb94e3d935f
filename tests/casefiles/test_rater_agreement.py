"""Is it told as a pencil would how far two agree, and what that does to a share?"""

import pytest

from assay.casefiles import rater_agreement
from assay.casefiles.auditor_comparison import compare_answers
from assay.casefiles.rater_agreement import agreement_by_force, agreement_by_rater, question_agreement, rater_severity
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set

QUESTIONS = "responses_case"


def mark(
    ref: str, answer: str, turn: str = "first", *, marker: str = "M1", kind: str = "inspector", question="plan_set"
):
    mark_fields = {"mark_ref": f"{ref}{turn}{marker}{question}", "supersedes_mark_ref": None, "force_code": "INV01"}
    mark_fields |= {"subject_ref": ref, "question": question, "answer": answer, "marking_round": turn}
    return mark_fields | {"marker_code": marker, "marker_kind": kind, "question_set": QUESTIONS}


@pytest.fixture
def sealed(monkeypatch, tmp_path):
    """Puts marks in the place of those of a sample."""

    def seal_marks(marks):
        monkeypatch.setattr(rater_agreement, "sample_ratings", lambda *_: marks)
        return tmp_path, "closed", QUESTIONS

    return seal_marks


def agreement_for(found, question="plan_set"):
    return next(answer for answer in found if answer.question == question)


def test_files_that_one_person_read_say_nothing_of_agreement(sealed):
    found = agreement_for(question_agreement(*sealed([mark("C1", "met"), mark("C2", "not_met")])))
    assert found.files == 0
    assert found.kappa.value is None
    assert "cannot be known" in found.kappa.words


def test_two_of_three_files_with_the_same_answer_are_two_thirds(sealed):
    marks = [mark(f"C{place}", answer) for place, answer in enumerate(["met", "not_met", "met"])]
    marks += [
        mark(f"C{place}", answer, "second", marker="M2") for place, answer in enumerate(["met", "not_met", "not_met"])
    ]
    found = agreement_for(question_agreement(*sealed(marks)))
    assert (found.files, round(found.share_same, 3)) == (3, 0.667)
    assert found.kappa.value == pytest.approx(0.4)  # observed 2/3; expected 2/3 x 1/3 + 1/3 x 2/3 = 4/9


def test_that_a_question_did_not_arise_has_no_place_in_the_order(sealed):
    marks = [mark("C1", "not_applicable"), mark("C1", "met", "second", marker="M2")]
    found = agreement_for(question_agreement(*sealed(marks)))
    assert (found.files, found.share_same) == (1, 0.0)
    assert found.kappa.value is None


def test_a_marker_who_answers_lower_on_the_same_files_is_more_severe(sealed):
    marks = [mark(f"C{place}", "met" if place % 3 else "partly_met") for place in range(40)]
    marks += [mark(f"C{place}", "partly_met" if place % 3 else "not_met", "second", marker="M2") for place in range(40)]
    first, second = rater_severity(*sealed(marks))
    assert (first.rater, second.rater) == ("M1", "M2")
    assert first.severity.value < 0 < second.severity.value
    assert second.severity.low > first.severity.high


def test_drift_is_told_from_the_first_file_read_to_the_last_and_not_over_files_that_nobody_read(sealed):
    """Two read the same 40 files; the second answers as the first does at the beginning, and lower at the end."""
    places = range(40)
    marks = [mark(f"C{place:02}", "met" if place % 4 else "partly_met") for place in places]
    lower = ["met" if place % 4 else "partly_met" for place in range(20)] + ["partly_met", "not_met"] * 10
    marks += [mark(f"C{place:02}", answer, "second", marker="M2") for place, answer in enumerate(lower)]
    first, second = rater_severity(*sealed(marks))
    assert first.drift.value < 0 < second.drift.value
    inputs, files = rater_agreement._severity_inputs(rater_agreement.question_set(QUESTIONS), marks)
    assert files == {"M1": 40, "M2": 40}
    over_a_hundred = rater_agreement.estimate_facets(inputs).raters[1].drift
    assert second.drift.value == pytest.approx(0.4 * over_a_hundred.value)
    assert second.drift.low == pytest.approx(0.4 * over_a_hundred.low)


def test_numbers_agree_by_how_near_they_are_and_have_no_best_answer(sealed):
    """Of four files two have the same number, one differs by 1 and one by 4."""
    pairs = [("3", "3"), ("1", "1"), ("2", "3"), ("5", "1"), ("not_enough_evidence", "2")]
    marks = [mark(f"C{place}", answer, question="should_be_recorded") for place, (answer, _) in enumerate(pairs)]
    marks += [
        mark(f"C{place}", other, "second", marker="M2", question="should_be_recorded")
        for place, (_, other) in enumerate(pairs)
    ]
    folder, key, _ = sealed(marks)
    found = agreement_for(question_agreement(folder, key, "recording_case"), "should_be_recorded")
    assert (found.files, found.share_same) == (5, 0.4)
    numeric_pairs = [(a, b) for a, b in pairs if a.isdigit()]
    mean_difference = (
        sum((int(a) - int(b)) ** 2 for a, b in numeric_pairs) / 4 / 16
    )  # beside the largest difference, from 1 to 5
    assert found.kappa.observed == pytest.approx(1 - mean_difference)
    assert found.binary_agreement.value is None
    assert isinstance(rater_severity(folder, key, "recording_case"), str)


def test_without_files_in_common_it_is_said_that_severity_cannot_be_known(sealed):
    assert isinstance(rater_severity(*sealed([mark("C1", "met"), mark("C2", "not_met")])), str)


def test_an_auditor_who_answers_better_on_two_of_three_files_is_told_so(sealed):
    marks = [mark(f"C{place}", "not_met") for place in range(3)]
    auditor_marks = ["met", "partly_met", "not_met"]
    marks += [
        mark(f"C{place}", answer, marker="A1", kind="force_auditor") for place, answer in enumerate(auditor_marks)
    ]
    marks_by_kind = [
        [answer for answer in marks if answer["marker_kind"] == kind] for kind in ("inspector", "force_auditor")
    ]
    (found,) = compare_answers(question_set(QUESTIONS), *marks_by_kind)
    assert (found.direction.above, found.direction.level, found.direction.below) == (2, 1, 0)
    assert not agreement_by_rater(*sealed(marks))  # an auditor's mark is no second reading


def test_a_marker_agrees_with_the_others_over_all_questions_and_the_interval_goes_by_files(sealed):
    """M1 reads 12 files with each of M2 and M3, two questions a file. M2 always answers alike; M3 on half of them."""
    marks = []
    for place in range(24):
        answer = ["met", "partly_met", "not_met"][place % 3]
        other = answer if place < 12 or place % 2 else "met" if answer != "met" else "not_met"
        for question in ("plan_set", "supervised"):
            marks += [mark(f"C{place}", answer, question=question)]
            marks += [mark(f"C{place}", other, "second", marker="M2" if place < 12 else "M3", question=question)]
    first, second, third = agreement_by_rater(*sealed(marks))
    assert [answer.name for answer in (first, second, third)] == ["M1", "M2", "M3"]
    assert (first.files, second.files, third.files) == (24, 12, 12)
    assert (first.share_same, second.share_same, third.share_same) == (0.75, 1.0, 0.5)
    assert third.ac2.value < first.ac2.value < second.ac2.value == 1.0
    (force,) = agreement_by_force(*sealed(marks))
    assert (force.name, force.files, force.share_same) == ("INV01", 24, 0.75)
    half = [answer for answer in marks if answer["question"] == "plan_set"]
    (force_agreement,) = agreement_by_force(*sealed(half))
    assert force.ac2.high - force.ac2.low == pytest.approx(
        force_agreement.ac2.high - force_agreement.ac2.low
    )  # 24 files, however often asked


def test_a_grade_is_a_place_on_the_same_ladder(sealed):
    marks = [
        mark("C1", "good", question="overall"),
        mark("C1", "inadequate", "second", marker="M2", question="overall"),
    ]
    assert [answer.share_same for answer in agreement_by_rater(*sealed(marks))] == [0.0, 0.0]


def test_the_grade_of_each_force_is_told_apart_from_that_of_all():
    questions = question_set(QUESTIONS)
    inspector_marks = [mark(f"C{place}", "inadequate", question="overall") for place in range(3)]
    auditor_marks = [mark(f"C{place}", "good", question="overall", kind="force_auditor") for place in range(3)]
    found = compare_answers(questions, inspector_marks, auditor_marks)
    assert [(answer.place, answer.direction.above) for answer in found] == [(EVERYWHERE, 3), ("INV01", 3)]
    assert compare_answers(questions, inspector_marks, []) == []
