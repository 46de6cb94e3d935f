"""Are severe and drifting markers found, and do the intervals hold the truth?"""

import numpy as np
import pytest

from assay.stats.agreement.many_facet_model import Given, facets
from assay.stats.refusals import Refused

STEPS = np.array([-0.8, 0.6])


def marked(seed, severity, drift, units=200, answers=3):
    """Files marked by two markers each, drawn at random, over ten days; the truth is known."""
    random = np.random.default_rng(seed)
    deserved, given = random.normal(0, 1.3, units), []
    for unit in range(units):
        question = int(random.integers(0, 2))
        for marker in random.choice(len(severity), 2, replace=False):
            day = 10 * random.random()
            odds = deserved[unit] + (0.0, 0.7)[question] - severity[marker] - drift[marker] * (day - 5)
            climbed = np.concatenate([[0.0], (odds - STEPS[: answers - 1]).cumsum()])
            chance = np.exp(climbed - climbed.max())
            answer = int(random.choice(answers, p=chance / chance.sum()))
            given.append(Given(unit, int(marker), answer, question, day))
    return given


def held_in(answers, truth):
    truth = np.asarray(truth) - np.mean(truth)
    return sum(one.low <= true <= one.high for one, true in zip(answers, truth, strict=True))


def test_a_severe_and_a_drifting_marker_are_found():
    told = facets(marked(3, [0, 0, 2.0, 0, 0, 0], [0, 0, 0, 0, 0.4, 0], units=400))
    severe, drifting = told.markers[2], told.markers[4]
    assert severe.severity.low > 0.5
    assert severe.share < -0.1  # gives a tenth less of the way from the lowest answer to the highest
    assert drifting.drift.low > 0
    assert all(one.severity.low < 0.3 for at, one in enumerate(told.markers) if at != 2)
    assert all(one.drift.low < 0.05 for at, one in enumerate(told.markers) if at != 4)


def test_where_all_are_alike_nobody_is_told_apart():
    told = facets(marked(7, [0.0] * 6, [0.0] * 6))
    assert sum(one.severity.low > 0 or one.severity.high < 0 for one in told.markers) <= 1
    assert max(abs(one.share) for one in told.markers) < 0.1
    assert 0.9 < told.file_sd < 1.8  # 1.3 was planted


def test_intervals_hold_the_truth_of_invented_markers():
    random, severities, drifts, asked = np.random.default_rng(1), 0, 0, 0
    for seed in range(6):
        severity, drift = random.normal(0, 0.7, 6), random.normal(0, 0.1, 6)
        told = facets(marked(seed, severity, drift, units=150))
        severities += held_in([one.severity for one in told.markers], severity)
        drifts += held_in([one.drift for one in told.markers], drift)
        asked += 6
    assert severities >= 0.85 * asked
    assert drifts >= 0.85 * asked


def test_who_is_named_first_makes_no_difference():
    given = marked(5, [0, 1.0, -1.0], [0, 0, 0], units=80)
    other = [Given(one.unit, 2 - one.marker, one.answer, one.question, one.time) for one in given]
    once, again = facets(given), facets(other)
    assert [one.severity.value for one in once.markers] == pytest.approx(
        [one.severity.value for one in again.markers[::-1]], abs=0.01
    )


def test_severities_are_told_against_their_mean():
    told = facets(marked(5, [1.0, 2.0, 3.0], [0, 0, 0], units=80, answers=2))
    assert sum(one.severity.value for one in told.markers) == pytest.approx(0.0, abs=1e-9)
    assert told.markers[0].severity.value < told.markers[2].severity.value


def test_a_marker_with_few_marks_is_drawn_in():
    given = marked(6, [0.0, 0.0, 0.0], [0, 0, 0], units=120)
    given += [Given(unit, 3, 0) for unit in (1000, 1001)] + [Given(unit, 0, 2) for unit in (1000, 1001)]
    few = facets(given).markers[3]
    assert few.marks == 2
    assert few.severity.low < 0.3
    assert few.severity.width > 0.8


def test_marks_of_one_day_have_no_drift():
    given = [Given(one.unit, one.marker, one.answer, one.question) for one in marked(5, [0, 1.0], [0, 0], units=40)]
    told = facets(given)
    assert told.markers[0].drift.value is None
    assert "one time" in told.markers[0].drift.words


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "no marks"),
        ([Given(1, 0, 1), Given(1, 1, 1)], "same answer"),
        ([Given(1, 0, 1), Given(2, 0, 0)], "One marker alone"),
        ([Given(1, 0, 1), Given(2, 1, 0)], "severity cannot be told from luck"),
    ],
)
def test_what_cannot_be_told_is_refused(given, sentence):
    with pytest.raises(Refused, match=sentence):
        facets(given)
