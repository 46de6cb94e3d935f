"""Are severe and drifting raters found, and do the intervals cover the truth?"""

import numpy as np
import pytest

from assay.stats.agreement.many_facet_model import FacetRating, estimate_facets
from assay.stats.refusals import EstimationRefused

STEPS = np.array([-0.8, 0.6])


def marked(seed, severity, drift, units=200, answers=3):
    """Files marked by two markers each, drawn at random, over ten days; the truth is known."""
    random = np.random.default_rng(seed)
    deserved, given_answers = random.normal(0, 1.3, units), []
    for unit in range(units):
        question = int(random.integers(0, 2))
        for marker in random.choice(len(severity), 2, replace=False):
            day = 10 * random.random()
            odds = deserved[unit] + (0.0, 0.7)[question] - severity[marker] - drift[marker] * (day - 5)
            climbed = np.concatenate([[0.0], (odds - STEPS[: answers - 1]).cumsum()])
            weights = np.exp(climbed - climbed.max())
            answer = int(random.choice(answers, p=weights / weights.sum()))
            given_answers.append(FacetRating(unit, int(marker), answer, question, day))
    return given_answers


def held_in(answers, truth):
    truth = np.asarray(truth) - np.mean(truth)
    return sum(estimate.low <= true <= estimate.high for estimate, true in zip(answers, truth, strict=True))


def test_a_severe_and_a_drifting_marker_are_found():
    result = estimate_facets(marked(3, [0, 0, 2.0, 0, 0, 0], [0, 0, 0, 0, 0.4, 0], units=400))
    severe, drifting = result.raters[2], result.raters[4]
    assert severe.severity.low > 0.5
    assert severe.share < -0.1  # gives a tenth less of the way from the lowest answer to the highest
    assert drifting.drift.low > 0
    assert all(estimate.severity.low < 0.3 for number, estimate in enumerate(result.raters) if number != 2)
    assert all(estimate.drift.low < 0.05 for number, estimate in enumerate(result.raters) if number != 4)


def test_where_all_are_alike_nobody_is_told_apart():
    result = estimate_facets(marked(7, [0.0] * 6, [0.0] * 6))
    assert sum(estimate.severity.low > 0 or estimate.severity.high < 0 for estimate in result.raters) <= 1
    assert max(abs(estimate.share) for estimate in result.raters) < 0.1
    assert 0.9 < result.file_sd < 1.8  # 1.3 was injected


def test_intervals_hold_the_truth_of_synthetic_markers():
    random, severities, drifts, intervals = np.random.default_rng(1), 0, 0, 0
    for seed in range(6):
        severity, drift = random.normal(0, 0.7, 6), random.normal(0, 0.1, 6)
        result = estimate_facets(marked(seed, severity, drift, units=150))
        severities += held_in([estimate.severity for estimate in result.raters], severity)
        drifts += held_in([estimate.drift for estimate in result.raters], drift)
        intervals += 6
    assert severities >= 0.85 * intervals
    assert drifts >= 0.85 * intervals


def test_who_is_named_first_makes_no_difference():
    ratings = marked(5, [0, 1.0, -1.0], [0, 0, 0], units=80)
    other = [
        FacetRating(rating.unit, 2 - rating.rater, rating.answer, rating.question, rating.time) for rating in ratings
    ]
    once, reordered = estimate_facets(ratings), estimate_facets(other)
    assert [estimate.severity.value for estimate in once.raters] == pytest.approx(
        [estimate.severity.value for estimate in reordered.raters[::-1]], abs=0.01
    )


def test_severities_are_told_against_their_mean():
    result = estimate_facets(marked(5, [1.0, 2.0, 3.0], [0, 0, 0], units=80, answers=2))
    assert sum(estimate.severity.value for estimate in result.raters) == pytest.approx(0.0, abs=1e-9)
    assert result.raters[0].severity.value < result.raters[2].severity.value


def test_a_marker_with_few_marks_is_drawn_in():
    ratings = marked(6, [0.0, 0.0, 0.0], [0, 0, 0], units=120)
    ratings += [FacetRating(unit, 3, 0) for unit in (1000, 1001)] + [FacetRating(unit, 0, 2) for unit in (1000, 1001)]
    estimate = estimate_facets(ratings).raters[3]
    assert estimate.ratings == 2
    assert estimate.severity.low < 0.3
    assert estimate.severity.width > 0.8


def test_marks_of_one_day_have_no_drift():
    ratings = [
        FacetRating(estimate.unit, estimate.rater, estimate.answer, estimate.question)
        for estimate in marked(5, [0, 1.0], [0, 0], units=40)
    ]
    result = estimate_facets(ratings)
    assert result.raters[0].drift.value is None
    assert "one time" in result.raters[0].drift.words


@pytest.mark.parametrize(
    ("ratings", "sentence"),
    [
        ([], "no marks"),
        ([FacetRating(1, 0, 1), FacetRating(1, 1, 1)], "same answer"),
        ([FacetRating(1, 0, 1), FacetRating(2, 0, 0)], "One marker alone"),
        ([FacetRating(1, 0, 1), FacetRating(2, 1, 0)], "severity cannot be told from luck"),
    ],
)
def test_what_cannot_be_told_is_refused(ratings, sentence):
    with pytest.raises(EstimationRefused, match=sentence):
        estimate_facets(ratings)
