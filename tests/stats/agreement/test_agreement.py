"""Are agreement coefficients and intervals correct, also for tables without information?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from assay.stats.agreement.agreement_coefficients import agreement, agreement_weights
from assay.stats.agreement.agreement_comparison import agreement_by_group, agreement_by_rater, direction
from assay.stats.agreement.rating_table import Ratings, ratings_from_counts, ratings_from_rows, ratings_from_table
from assay.stats.refusals import EstimationRefused

ANSWERS = ("not met", "partly", "met")
THREE = np.array([1.0, 2.0, 3.0])
KINDS = ("kappa", "fleiss", "gwet", "alpha")
tables = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3).filter(
    lambda rows: sum(map(sum, rows)) >= 8 and (np.array(rows).sum(0) + np.array(rows).sum(1) > 0).sum() >= 2
)


def test_kappa_by_hand():
    # 40 files: both yes 20, both no 10, ten apart: observed 0.75, expected 0.65 * 0.6 + 0.35 * 0.4 = 0.53
    result = agreement(ratings_from_table([[20, 6], [4, 10]]), "kappa")
    assert result.observed == pytest.approx(0.75)
    assert result.expected == pytest.approx(0.65 * 0.6 + 0.35 * 0.4)
    assert result.value == pytest.approx((0.75 - 0.53) / 0.47)


@given(tables, st.sampled_from(["identity", "linear", "quadratic"]))
@settings(deadline=None)
def test_kappa_of_two_markers_is_that_of_statsmodels(rows, how):
    result = agreement(ratings_from_table(rows), "kappa", how)
    if result.value is not None:
        weights = None if how == "identity" else how
        peer = cohens_kappa(np.array(rows), wt=weights, return_results=False)
        assert result.value == pytest.approx(float(peer), abs=1e-9)


@given(st.lists(st.sampled_from([(3, 0), (2, 1), (1, 2), (0, 3)]), min_size=4, max_size=20))
@settings(deadline=None)
def test_fleiss_is_that_of_statsmodels(counts):
    result = agreement(ratings_from_counts(counts), "fleiss")
    if result.value is not None:
        assert result.value == pytest.approx(fleiss_kappa(np.array(counts)), abs=1e-9)


@given(tables, st.sampled_from(KINDS), st.randoms())
@settings(deadline=None)
def test_neither_the_order_of_files_nor_who_is_named_first_makes_a_difference(rows, kind, random):
    given_marks = ratings_from_table(rows)
    order = list(range(len(given_marks.codes)))
    random.shuffle(order)
    once, repeated = (
        agreement(given_marks, kind),
        agreement(given_marks.select_units(np.array(order)).select_raters([1, 0]), kind),
    )
    assert (once.value is None) == (repeated.value is None)
    if once.value is not None:
        assert once.value == pytest.approx(repeated.value, abs=1e-9)


@given(tables, st.sampled_from(KINDS))
@settings(deadline=None)
def test_no_coefficient_passes_one_and_its_interval_holds_it(rows, kind):
    result = agreement(ratings_from_table(rows), kind)
    if result.value is not None and result.low is not None:
        assert result.low <= result.value <= result.high <= 1


@given(tables)
@settings(max_examples=15, deadline=None)
def test_the_published_error_is_near_that_of_leaving_out_units(rows):
    many_ratings = ratings_from_table(np.array(rows) + 1)
    for kind in KINDS:
        published, jackknife = agreement(many_ratings, kind), agreement(many_ratings, kind, method="jackknife")
        assert published.error == pytest.approx(jackknife.error, rel=0.3)


def test_drawing_units_again_gives_nearly_the_same_and_the_same_each_time():
    table = ratings_from_table([[40, 6, 2], [5, 30, 4], [1, 3, 25]])
    bootstrap, published = agreement(table, method="bootstrap"), agreement(table)
    assert bootstrap.error == pytest.approx(published.error, rel=0.1)
    assert bootstrap == agreement(table, method="bootstrap")


def markers_who_differ(random, files, share_different):
    truth = random.integers(0, 3, files)
    guess = random.integers(0, 3, (files, 2))
    return np.where(random.random((files, 2)) < share_different, guess, truth[:, None])


def test_the_interval_holds_the_coefficient_of_all_files_where_the_published_one_falls_short():
    random, covered, held_by_published = np.random.default_rng(4), 0, 0
    true = agreement(Ratings(markers_who_differ(random, 100_000, 0.1), ANSWERS, THREE), "gwet", "quadratic").value
    for _ in range(400):
        few_ratings = Ratings(markers_who_differ(random, 30, 0.1), ANSWERS, THREE)
        result, published = (
            agreement(few_ratings, "gwet", "quadratic"),
            agreement(few_ratings, "gwet", "quadratic", "published"),
        )
        covered += result.low <= true <= result.high
        held_by_published += published.low <= true <= published.high
    assert covered >= 0.91 * 400
    assert held_by_published < 0.89 * 400


def test_rare_answers_pull_kappa_down_and_not_ac1():
    rare = ratings_from_table([[1, 3], [3, 93]])
    assert agreement(rare, "kappa").value < 0.25
    assert agreement(rare, "gwet").value > 0.9


def test_reading_every_file_leaves_no_error():
    assert agreement(ratings_from_table([[20, 6], [4, 10]]), "gwet", population=40).error == 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_all_agree_on_several_answers(kind):
    result = agreement(ratings_from_table([[10, 0], [0, 10]]), kind)
    assert result.value == 1.0
    assert "agree on all" in result.words
    assert result.low < 0.75  # 3.7 of 20 files apart are not ruled out


@pytest.mark.parametrize("kind", ["kappa", "fleiss", "alpha"])
def test_all_marks_the_same_answer(kind):
    result = agreement(ratings_from_rows([["met", "met"]] * 9, ANSWERS), kind)
    assert result.value is None
    assert "same answer" in result.words


def test_a_marker_who_gave_one_answer_only_leaves_kappa_at_nothing_without_an_interval():
    result = agreement(ratings_from_table([[0, 0], [6, 3]]), "kappa")
    assert result.value == pytest.approx(0.0)
    assert result.low is None
    assert "one answer only" in result.words


def test_ac1_of_marks_that_are_all_the_same_is_one_where_the_question_has_other_answers():
    assert agreement(ratings_from_rows([["met", "met"]] * 9, ANSWERS)).value == 1.0
    assert agreement(ratings_from_rows([["met", "met"]] * 9)).value is None


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_marked_twice(kind):
    result = agreement(ratings_from_rows([["met", None], [None, "partly"]], ANSWERS), kind)
    assert result.value is None
    assert "No file was marked by two markers" in result.words


@pytest.mark.parametrize("kind", KINDS)
def test_one_file_marked_twice_has_no_interval(kind):
    result = agreement(ratings_from_rows([["met", "partly"], ["met", None]], ANSWERS), kind)
    assert result.low is None
    assert "no interval" in result.words


@pytest.mark.parametrize("kind", KINDS)
def test_missing_marks_are_no_answer(kind):
    full, gaps = [["met", "met"], ["partly", "met"], ["not met", "not met"]], [["met", "met", None]]
    with_gaps = ratings_from_rows([[*row, None] for row in full], ANSWERS)
    assert agreement(with_gaps, kind).value == pytest.approx(agreement(ratings_from_rows(full, ANSWERS), kind).value)
    assert agreement(ratings_from_rows(gaps, ANSWERS)).units == 1


def test_an_answer_the_question_does_not_have_is_refused():
    with pytest.raises(EstimationRefused, match="1 answers"):
        ratings_from_rows([["met", "perhaps"]], ANSWERS)


@pytest.mark.parametrize("how", ["identity", "linear", "quadratic", "radical", "ratio", "ordinal", "rank"])
def test_an_answer_is_nearest_to_itself(how):
    weights = agreement_weights(how, ratings_from_table([[3, 1, 0], [1, 4, 2], [0, 1, 5]]))
    assert np.diag(weights) == pytest.approx(np.ones(3))
    assert weights == pytest.approx(weights.T)
    assert weights[0, 2] == weights.min()


def test_weights_by_hand():
    three = ratings_from_table(np.eye(3, dtype=int))
    assert agreement_weights("linear", three)[0] == pytest.approx([1, 0.5, 0])
    assert agreement_weights("quadratic", three)[0] == pytest.approx([1, 0.75, 0])
    assert agreement_weights("ordinal", three)[0] == pytest.approx([1, 2 / 3, 0])  # 1 of 3 pairs lies between


def test_agreement_question_by_question():
    given_marks = ratings_from_rows(
        [["met", "met"], ["partly", "met"], ["met", "not met"], ["partly", "partly"]], ANSWERS
    )
    result = agreement_by_group(["first", "second", "second", "first"], given_marks)
    assert list(result) == ["first", "second"]
    assert result["first"].value == 1.0
    assert result["second"].observed == 0.0


def test_a_marker_outlier_agrees_least():
    random = np.random.default_rng(4)
    truth = random.integers(0, 3, 60)
    rows = [[ANSWERS[t], ANSWERS[t], ANSWERS[random.integers(0, 3)]] for t in truth]
    result = agreement_by_rater(ratings_from_rows(rows, ANSWERS))
    assert result[2].value < min(result[0].value, result[1].value)
    assert result[2].high < 0.5
    assert result[0].units == 60


def test_a_marker_who_shared_no_file_is_told_in_words():
    result = agreement_by_rater(ratings_from_rows([["met", "met", None], [None, None, "met"]], ANSWERS))
    assert result[2].value is None
    assert "no file that another marked" in result[2].words


def test_a_force_that_marks_itself_kindly_is_above_the_inspectors():
    rows = [["partly", "met"]] * 9 + [["met", "met"]] * 20 + [["met", "partly"]]
    result = direction(ratings_from_rows(rows, ANSWERS), first=0, second=1)
    assert (result.above, result.level, result.below) == (9, 20, 1)
    assert result.balance.value == pytest.approx(8 / 30)
    assert result.balance.low > 0
    assert result.p_value == pytest.approx(2 * (1 + 10 / 2) / 2**10)  # none or, at half weight, one of ten


def test_two_markers_without_a_common_file_have_no_direction():
    result = direction(ratings_from_rows([["met", None], [None, "met"]], ANSWERS), 0, 1)
    assert result.balance.value is None
    assert result.p_value is None
