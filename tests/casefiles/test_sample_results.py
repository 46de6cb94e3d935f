"""Is what the marks say of all files what a pencil makes of it?"""

from fractions import Fraction

import pyarrow as pa
import pytest

from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import SAMPLED, FilesToRead, SampledFile, draw, replace_missing_files
from assay.casefiles.sample_results import answers_to, question_results
from assay.contract.question_sets import Question
from assay.stats.binomial_intervals import wilson
from assay.stats.samples.stratified_sampling import Stratum, stratified_share

PLAN = Question("plan_set", "Is there a plan?", "Q34", "investigation")
DESIGN = Design(key="closed", title="Closed", subject="crime", seed="s", files=8)


def file(code: str, ref: str, place: int, stratum_size: int, sample_size: int) -> SampledFile:
    return SampledFile(code, ref, code, place, SAMPLED, Fraction(sample_size, stratum_size), Fraction(1), stratum_size)


def read(**forces: tuple[int, int]) -> tuple[FilesToRead, dict[str, int]]:
    """So many files read of so many records of each force."""
    files = [
        file(code, f"C{place}", place, force_size, sample_size)
        for code, (sample_size, force_size) in forces.items()
        for place in range(1, sample_size + 1)
    ]
    return FilesToRead(tuple(files), (), {}), {code: force_size for code, (_, force_size) in forces.items()}


def answered(found: FilesToRead, **answers: str) -> dict[tuple[str, str], str]:
    """By force, the first letters of its answers in order: m(et), p(artly), n(ot), e (not enough), a (not applicable)."""
    words = {"m": "met", "p": "partly_met", "n": "not_met", "e": "not_enough_evidence", "a": "not_applicable"}
    row_fields = {}
    for code, letters in answers.items():
        force_files = [file for file in found.files if file.force_code == code]
        row_fields |= {
            (code, force_file.subject_ref): words[letter]
            for force_file, letter in zip(force_files, letters, strict=True)
        }
    return row_fields


def test_a_share_is_weighed_by_how_many_records_each_stratum_has():
    """3 of 4 met in a force of 100 records, 1 of 4 in one of 300: 3/4 x 1/4 + 1/4 x 3/4 is 37.5 in 100."""
    found, records = read(A=(4, 100), B=(4, 300))
    whole, a, b = question_results(PLAN, DESIGN, found, records, answered(found, A="mmmn", B="mppn"))
    assert whole.share.value == pytest.approx(0.375)
    assert (a.share.value, b.share.value) == (0.75, 0.25)
    assert whole.share == stratified_share([Stratum(100, 4, 3), Stratum(300, 4, 1)])


def test_52_files_in_six_forces_leave_more_open_than_52_drawn_by_equal_chance():
    """Files of one force are alike by a tenth, so 8 2/3 of each are worth 52 / (1 + 7 2/3 x 0.1), about 29."""
    found, records = read(A=(4, 100))
    whole, _ = question_results(PLAN, DESIGN, found, records, answered(found, A="mmnn"))
    assert whole.today == pytest.approx(wilson(14.717, 29.434), abs=1e-4)
    low, high = wilson(26, 52)
    assert whole.today[0] < low < high < whole.today[1]


def test_what_did_not_arise_or_did_not_tell_is_no_no():
    """Of four files one did not tell and one question did not arise: one of the two others met, so half."""
    found, records = read(A=(4, 40))
    whole, _ = question_results(PLAN, DESIGN, found, records, answered(found, A="mnea"))
    assert whole.share.value == 0.5
    assert (whole.base, whole.files) == (2, 4)
    assert whole.answers == {"met": 1, "partly_met": 0, "not_met": 1, "not_enough_evidence": 1, "not_applicable": 1}


def test_a_question_that_no_file_reports_has_no_share():
    found, records = read(A=(2, 40))
    whole, _ = question_results(PLAN, DESIGN, found, records, answered(found, A="ea"))
    assert whole.share.value is None
    assert "there is no estimate" in whole.share.words
    assert whole.today is None


def test_files_that_are_not_known_widen_the_span_and_change_no_share():
    """One of three is not marked: the share stands on two, the span reaches as if the third were a no, or a yes."""
    found, records = read(A=(3, 300))
    answers = answered(found, A="mnn")
    del answers["A", "C3"]
    whole, _ = question_results(PLAN, DESIGN, found, records, answers)
    assert whole.share.value == 0.5
    assert whole.bounds.low <= stratified_share([Stratum(300, 3, 1)]).low
    assert whole.bounds.high >= stratified_share([Stratum(300, 3, 2)]).high


def test_a_stratum_of_which_no_file_is_marked_yet_leaves_bounds_and_no_figure():
    """A is marked, B is not: nobody knows what B holds, so the two together have no share; A alone has."""
    found, records = read(A=(3, 300), B=(3, 300))
    whole, a, b = question_results(PLAN, DESIGN, found, records, answered(found, A="mmn"))
    assert whole.share.value is None
    assert whole.share.words == "From 1 of 2 strata no file is rated: only bounds are known."
    assert whole.bounds.low < 0.4 < 0.8 < whole.bounds.high
    assert a.share.value == pytest.approx(2 / 3)
    assert b.share.value is None


def test_the_adjudicated_answer_goes_before_the_first_and_the_first_before_the_second():
    def mark(turn: str, answer: str) -> dict:
        return {"force_code": "A", "subject_ref": "C1", "question": "plan_set", "marking_round": turn, "answer": answer}

    ratings = [mark("second", "not_met"), mark("first", "met")]
    assert answers_to(ratings, "plan_set") == {("A", "C1"): "met"}
    assert answers_to([*ratings, mark("adjudicated", "partly_met")], "plan_set") == {("A", "C1"): "partly_met"}
    assert answers_to(ratings, "overall") == {}


def test_where_a_stratum_lies_in_several_forces_each_force_has_its_own_part_of_it():
    """Stratum s has 100 records, of which 4 are read: 3 of A, 1 of B; stratum t has 300, read are 1 of A and 3 of B.
    So A has about 75 of s and 75 of t: met in all of s and in none of t, its share is a half."""
    files = [
        SampledFile(
            code, f"{stratum}{place}", stratum, place, SAMPLED, Fraction(4, stratum_size), Fraction(1), stratum_size
        )
        for stratum, stratum_size, codes in (("s", 100, "AAAB"), ("t", 300, "ABBB"))
        for place, code in enumerate(codes)
    ]
    found, records = FilesToRead(tuple(files), (), {}), {"s": 100, "t": 300}
    answers_by_file = {
        (file.force_code, file.subject_ref): "met" if file.stratum == "s" else "not_met" for file in files
    }
    whole, a, b = question_results(PLAN, DESIGN, found, records, answers_by_file)
    assert whole.share.value == pytest.approx(0.25)
    assert a.share == stratified_share([Stratum(75, 3, 3), Stratum(75, 1, 0)])
    assert b.share == stratified_share([Stratum(25, 1, 1), Stratum(225, 3, 0)])


def test_few_files_of_a_force_are_drawn_in_towards_the_others():
    found, records = read(A=(20, 200), B=(20, 200), C=(20, 200), D=(20, 200), E=(2, 200))
    answers_by_file = answered(
        found, A="m" * 14 + "n" * 6, B="m" * 13 + "n" * 7, C="m" * 15 + "n" * 5, D="m" * 14 + "n" * 6, E="nn"
    )
    *_, last = question_results(PLAN, DESIGN, found, records, answers_by_file)
    assert (last.place, last.share.value) == ("E", 0.0)
    assert 0.3 < last.pooled.value < 0.7


def test_over_many_seeds_the_interval_holds_what_is_true_of_all_records():
    """Of 200 records in two forces 70 met; 40 are read, by 150 seeds. 95 of 100 intervals should hold it."""
    units = [
        {"force_code": code, "subject_ref": f"C{place}", "stratum": code, "size": 1}
        for code, file_count in (("A", 120), ("B", 80))
        for place in range(file_count)
    ]
    true = {("A", f"C{place}"): "met" if place < 60 else "not_met" for place in range(120)}
    true |= {("B", f"C{place}"): "met" if place < 10 else "not_met" for place in range(80)}
    covered = 0
    for seed in range(150):
        design = Design(key="d", title="d", subject="crime", seed=str(seed), files=40)
        found = replace_missing_files(draw(design, pa.Table.from_pylist(units)), set())
        answers = {(file.force_code, file.subject_ref): true[file.force_code, file.subject_ref] for file in found.files}
        whole = question_results(PLAN, design, found, {"A": 120, "B": 80}, answers)[0]
        covered += whole.share.low <= 70 / 200 <= whole.share.high
    assert 135 <= covered <= 149
