"""Is recording accuracy over all records what a pencil makes of the files, and does its interval hold what is true?"""

from dataclasses import replace
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.casefiles.ratio_estimates import domain_ratios, numbers_in, pair_ratios
from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import SAMPLED, FilesToRead, SampledFile, draw, replace_missing_files
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.stats.samples.unequal_probability import ratio, unequal_probability_sample
from assay.synthetic.synthetic_inspectors import SyntheticInspectors

((PART, WHOLE),) = question_set("recording_case").ratios
DESIGN = Design(key="closed", title="Closed", subject="crime", seed="s", files=8)


def read(**strata: tuple[int, int]) -> FilesToRead:
    """So many files read of so many records of each stratum; a stratum's force is its first letter."""
    return FilesToRead(
        tuple(
            SampledFile(
                name[0],
                f"{name}{place}",
                name,
                place,
                SAMPLED,
                Fraction(files, stratum_size),
                Fraction(1),
                stratum_size,
            )
            for name, (files, stratum_size) in strata.items()
            for place in range(files)
        ),
        (),
        {},
    )


def pairs_by_file(found: FilesToRead, *pairs: tuple[int, int] | None) -> dict:
    """Part and whole of each file, in order; None where the file does not tell."""
    return {(file.force_code, file.subject_ref): pair for file, pair in zip(found.files, pairs, strict=False)}


def test_a_ratio_is_all_parts_over_all_wholes_each_file_by_how_many_it_stands_for():
    """Force A: 2 of 100 files, 1 of 1 and 1 of 3; each stands for 50. Force B: 2 of 20, 2 of 2 and 4 of 4; each for 10.
    Parts 50 + 50 + 20 + 40 = 160, wholes 50 + 150 + 20 + 40 = 260."""
    found = read(A=(2, 100), B=(2, 20))
    whole, a, b = pair_ratios(PART, WHOLE, DESIGN, found, pairs_by_file(found, (1, 1), (1, 3), (2, 2), (4, 4)))
    assert whole.share.value == pytest.approx(160 / 260)
    assert (a.share.value, b.share.value) == (0.5, 1.0)
    assert (whole.parts, whole.wholes, whole.answered, whole.files) == (8, 10, 4, 4)
    assert 0 < whole.share.low < whole.share.value < whole.share.high < 1


def test_with_equal_chances_it_is_the_ratio_estimator_of_one_sample():
    found = read(A=(4, 80))
    whole, _ = pair_ratios(PART, WHOLE, DESIGN, found, pairs_by_file(found, (1, 1), (1, 2), (1, 1), (2, 3)))
    assert whole.share == ratio([1, 1, 1, 2], [1, 2, 1, 3], unequal_probability_sample([0.05] * 4))


def test_each_stratum_has_its_own_ratio_where_strata_are_not_the_forces():
    found = read(Aold=(2, 100), Anew=(2, 20), Bold=(2, 40))
    rows = pair_ratios(PART, WHOLE, DESIGN, found, pairs_by_file(found, (1, 2), (1, 2), (2, 2), (1, 1), (0, 1), (1, 1)))
    by_stratum = {file.stratum: file.share.value for file in rows if file.stratum}
    assert by_stratum == {"Aold": 0.5, "Anew": 1.0, "Bold": 0.5}
    assert [file.place for file in rows if not file.stratum] == [EVERYWHERE, "A", "B"]


def test_each_year_has_a_ratio_of_its_own_files_and_a_file_of_no_year_is_left_out():
    found = read(A=(5, 100))
    numbers = pairs_by_file(found, (1, 2), (1, 2), (2, 2), (2, 2), (0, 9))
    year = dict(zip(numbers, ("2024", "2024", "2025", "2025"), strict=False))
    shares = domain_ratios((PART, WHOLE), DESIGN, found, numbers, year)
    assert {key: file.value for key, file in shares.items()} == {
        (EVERYWHERE, "2024"): 0.5, (EVERYWHERE, "2025"): 1.0, ("A", "2024"): 0.5, ("A", "2025"): 1.0,
    }  # fmt: skip


def test_a_file_that_does_not_tell_is_left_out_and_said_of():
    found = read(A=(3, 90))
    whole, _ = pair_ratios(PART, WHOLE, DESIGN, found, pairs_by_file(found, (1, 2), None, (2, 2)))
    assert (whole.share.value, whole.answered, whole.files) == (0.75, 2, 3)
    assert "1 file without an answer" in whole.assumptions
    assert whole.bounds == whole.share


def test_files_not_found_or_not_marked_are_bounds_from_none_to_all():
    """Two of four are known, 1 of 2 and 2 of 2. Two more with two crimes each: from 3 of 8 up to 7 of 8."""
    found = read(A=(3, 300))
    missing_file = replace(found.files[0], subject_ref="gone", place=4)
    found = FilesToRead(found.files, (missing_file,), {})
    whole, _ = pair_ratios(PART, WHOLE, DESIGN, found, pairs_by_file(found, (1, 2), (2, 2)))
    none = ratio([1, 2, 0, 0], [2, 2, 2, 2], unequal_probability_sample([0.01] * 4))
    full_estimate = ratio([1, 2, 2, 2], [2, 2, 2, 2], unequal_probability_sample([0.01] * 4))
    assert whole.share.value == 0.75
    assert (whole.bounds.low, whole.bounds.high) == (pytest.approx(none.low), pytest.approx(full_estimate.high))
    assert whole.bounds.value is None
    assert "2 files that were not found or are not rated yet are like" in whole.assumptions


def test_those_that_were_marked_stand_for_their_stratum_and_not_for_another():
    """Of the 100 records of A two of two files are marked, 0 of 1 each; of the 100 of B one of two, 1 of 1. Half."""
    found = read(A=(2, 100), B=(2, 100))
    whole, *_ = pair_ratios(PART, WHOLE, DESIGN, found, pairs_by_file(found, (0, 1), (0, 1), (1, 1)))
    assert whole.share.value == pytest.approx(0.5)


def test_no_file_that_tells_gives_no_figure_and_all_is_possible():
    found = read(A=(2, 100))
    whole, _ = pair_ratios(PART, WHOLE, DESIGN, found, {})
    assert whole.share.value is None
    assert "there is no estimate" in whole.share.words
    assert (whole.bounds.low, whole.bounds.high) == (0.0, 1.0)


def test_files_that_report_no_crime_at_all_have_no_ratio():
    found = read(A=(2, 100))
    whole, _ = pair_ratios(PART, WHOLE, DESIGN, found, pairs_by_file(found, (0, 0), (0, 0)))
    assert whole.share.value is None
    assert "no share can be worked out" in whole.share.words


def mark(question: str, answer: str, turn: str = "first", marker: str = "M1") -> dict:
    row_fields = {"force_code": "A", "subject_ref": "C1", "question": question, "answer": answer}
    return {**row_fields, "marking_round": turn, "marker_code": marker}


def reading(part: str, whole: str, turn: str = "first", marker: str = "M1") -> list[dict]:
    return [mark(PART.key, part, turn, marker), mark(WHOLE.key, whole, turn, marker)]


def test_both_numbers_come_from_one_reading_the_adjudicated_before_the_first():
    first, second = reading("1", "2"), reading("3", "3", "second", "M2")
    assert numbers_in([*second, *first], PART) == {("A", "C1"): (1, 2)}
    assert numbers_in([*first, *reading("2", "2", "adjudicated", "M3")], PART) == {("A", "C1"): (2, 2)}
    # an adjudicated whole alone is not put beside the first marker's part
    assert numbers_in([*first, mark(WHOLE.key, "5", "adjudicated", "M3")], PART) == {("A", "C1"): (1, 2)}


def test_a_reading_whose_part_is_more_than_its_whole_does_not_count():
    assert numbers_in(reading("3", "2"), PART) == {}
    assert numbers_in([*reading("3", "2"), *reading("1", "2", "second", "M2")], PART) == {("A", "C1"): (1, 2)}


def test_a_word_in_the_place_of_either_number_says_that_the_file_does_not_tell():
    assert numbers_in(reading("not_enough_evidence", "2"), PART) == {("A", "C1"): None}
    assert numbers_in(reading("not_enough_evidence", "not_enough_evidence"), PART) == {("A", "C1"): None}
    assert numbers_in([mark(WHOLE.key, "2")], PART) == {}


def test_forces_drawn_first_leave_more_open_than_as_many_files_from_all_and_one_leaves_no_interval():
    found = FilesToRead(
        tuple(
            SampledFile(code, f"{code}{place}", code, place, SAMPLED, Fraction(4, 40), Fraction(1, 10), 40)
            for code in "ABC"
            for place in range(4)
        ),
        (),
        {},
    )
    pairs = [(2, 2), (1, 2), (1, 1), (2, 2), (0, 2), (0, 1), (1, 2), (1, 1), (1, 2), (2, 2), (1, 1), (1, 1)]
    in_two = Design(key="two", title="Two", subject="crime", seed="s", forces=3, files_each=4)
    two, one_stage = (
        pair_ratios(PART, WHOLE, sample_design, found, pairs_by_file(found, *pairs))[0]
        for sample_design in (in_two, DESIGN)
    )
    assert two.share.value == pytest.approx(one_stage.share.value)
    assert two.share.width > one_stage.share.width
    single_force_files = FilesToRead(found.files[:4], (), {})
    lone = pair_ratios(PART, WHOLE, in_two, single_force_files, pairs_by_file(single_force_files, *pairs[:4]))[0]
    assert lone.share.low is None
    assert "One force does not say" in lone.share.words


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=8), st.integers(0, 3))
def test_the_figure_lies_within_its_interval_and_within_what_is_possible(pairs, unmarked):
    found = read(A=(len(pairs) + unmarked, 60))
    whole, _ = pair_ratios(
        PART, WHOLE, DESIGN, found, pairs_by_file(found, *[(min(pair), max(pair)) for pair in pairs])
    )
    if whole.share.value is not None:
        assert whole.share.low - 1e-9 <= whole.share.value <= whole.share.high + 1e-9
        assert whole.bounds.low - 1e-9 <= whole.share.value <= whole.bounds.high + 1e-9


def test_over_many_draws_the_interval_holds_what_is_true_of_all_files_of_a_synthetic_country(country):
    """What is true of 500 records in four forces is what inspectors who never err would count in all of them."""
    codes = ["INV01", "INV02", "INV03", "INV04"]
    units = [
        {"force_code": code, "subject_ref": f"C{place}", "stratum": code, "size": 1}
        for code, file_count in zip(codes, (200, 150, 100, 50), strict=True)
        for place in range(file_count)
    ]
    files = [(file["force_code"], file["subject_ref"]) for file in units]
    true = SyntheticInspectors(country / "truth").true_answers(
        files, {file.key: file.answer_hint for file in (WHOLE, PART)}
    )
    answers = [(true[(*file, PART.key)], true[(*file, WHOLE.key)]) for file in files]
    numbers = dict(zip(files, [(int(a), int(b)) if a.isdigit() else None for a, b in answers], strict=True))
    known = [pair for pair in numbers.values() if pair]
    truth = sum(file for file, _ in known) / sum(other for _, other in known)
    assert 0.6 < truth < 0.95
    covered = 0
    for seed in range(200):
        design = Design(key="d", title="d", subject="crime", seed=str(seed), files=60)
        whole = pair_ratios(
            PART, WHOLE, design, replace_missing_files(draw(design, pa.Table.from_pylist(units)), set()), numbers
        )[0]
        covered += whole.share.low <= truth <= whole.share.high
    assert 184 <= covered <= 199
