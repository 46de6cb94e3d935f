"""Are totals, shares and their variances right on average over every sample that an unequal design can draw?"""

from itertools import combinations

import numpy as np
import pytest

from assay.stats.refusals import EstimationRefused
from assay.stats.samples.finite_population import simple_sample_share
from assay.stats.samples.unequal_probability import domain_share, ratio, share, unequal_probability_sample

SIZES = np.array([1.0, 2.0, 3.0, 4.0, 6.0, 8.0])
VALUES = np.array([2.0, 3.0, 7.0, 6.0, 13.0, 15.0])


class Design:
    """All samples of three of six units, with probability proportional to the product of odds (conditional Poisson)."""

    def __init__(self):
        self.sets = [list(members) for members in combinations(range(6), 3)]
        odds = np.array([np.prod(SIZES[item]) for item in self.sets])
        self.set_probabilities = odds / odds.sum()
        inside = np.array([[unit in item for unit in range(6)] for item in self.sets], dtype=float)
        self.joint = (inside * self.set_probabilities[:, None]).T @ inside
        self.single = np.diag(self.joint).copy()

    def sample(self, selected, exactly=True):
        return unequal_probability_sample(
            self.single[selected], self.joint[np.ix_(selected, selected)] if exactly else None
        )

    def mean(self, statistic):
        return sum(
            probability * statistic(members)
            for members, probability in zip(self.sets, self.set_probabilities, strict=True)
        )

    def variance(self, statistic):
        middle = self.mean(statistic)
        return self.mean(lambda item: (statistic(item) - middle) ** 2)


DESIGN = Design()


def test_the_total_is_right_on_average():
    assert DESIGN.mean(lambda members: DESIGN.sample(members).weights @ VALUES[members]) == pytest.approx(VALUES.sum())


def test_with_joint_chances_the_variance_is_right_on_average():
    true = DESIGN.variance(lambda item: DESIGN.sample(item).weights @ VALUES[item])
    assert DESIGN.mean(lambda item: DESIGN.sample(item).variance_of_total(VALUES[item])) == pytest.approx(true)


def test_without_joint_chances_it_is_right_within_a_quarter_even_for_three_of_six():
    true = DESIGN.variance(lambda item: DESIGN.sample(item).weights @ VALUES[item])
    result = DESIGN.mean(lambda item: DESIGN.sample(item, exactly=False).variance_of_total(VALUES[item]))
    assert result == pytest.approx(true, rel=0.25)


def test_values_in_proportion_to_chances_leave_no_variance():
    sample = unequal_probability_sample([0.1, 0.2, 0.4])
    assert sample.variance_of_total([1.0, 2.0, 4.0]) == pytest.approx(0.0)


def test_equal_chances_give_the_textbook_variance():
    y = np.array([1.0, 0, 1, 0, 0, 1, 0, 0])
    result = unequal_probability_sample([0.25] * 8).variance_of_total(y)
    assert result == pytest.approx(32**2 * (1 - 0.25) * np.var(y, ddof=1) / 8)


def test_an_equal_chance_share_is_near_that_of_a_simple_random_sample():
    estimate, plain = (
        share([1] * 12 + [0] * 28, unequal_probability_sample([0.2] * 40)),
        simple_sample_share(12, 40, 200),
    )
    assert estimate.value == pytest.approx(0.3)
    assert (estimate.low, estimate.high) == pytest.approx((plain.low, plain.high), abs=0.02)


def test_recording_accuracy_is_recorded_rightly_over_should_have_been():
    # files with 1, 2, 1, 3 crimes that should have been recorded, of which 1, 1, 1, 2 were: 5 of 7
    answer = ratio([1, 1, 1, 2], [1, 2, 1, 3], unequal_probability_sample([0.05] * 4))
    assert answer.value == pytest.approx(5 / 7)
    assert 0 < answer.low < 5 / 7 < answer.high < 1


def test_a_part_of_the_population_is_judged_by_its_own_units():
    answer = domain_share([1, 0, 1, 1, 0], [1, 1, 0, 1, 0], unequal_probability_sample([0.1, 0.1, 0.5, 0.2, 0.5]))
    assert answer.value == pytest.approx((10 + 5) / (10 + 10 + 5))


def test_files_that_all_have_it_still_leave_something_open():
    answer = share([1] * 20, unequal_probability_sample([0.1] * 20))
    assert answer.high == 1.0
    assert answer.low == pytest.approx((0.025 / 0.6) ** (0.9 / 20), abs=1e-6)  # a tenth was read: worth 20 / 0.9 files


def test_unequal_chances_are_worth_fewer_files():
    equal, unequal = unequal_probability_sample([0.01] * 40), unequal_probability_sample([0.001] * 20 + [0.1] * 20)
    having = [1, 0] * 20
    assert share(having, unequal).width > 1.2 * share(having, equal).width


def test_a_population_read_whole_leaves_nothing_open():
    answer = share([1, 0, 1], unequal_probability_sample([1.0, 1.0, 1.0]))
    assert answer.low == answer.high == pytest.approx(2 / 3)


def test_the_interval_holds_the_truth_where_chances_go_with_what_is_asked():
    random, covered = np.random.default_rng(2), 0
    size = random.lognormal(0, 0.8, 600)
    probabilities = np.minimum(0.9, 60 * size / size.sum())
    probabilities *= 60 / probabilities.sum()
    having = (random.random(600) < size / (size + 2)).astype(float)
    for _ in range(300):
        order = random.permutation(600)
        units = order[np.searchsorted(probabilities[order].cumsum(), random.random() + np.arange(60))]
        answer = share(having[units], unequal_probability_sample(probabilities[units]))
        covered += answer.low <= having.mean() <= answer.high
    assert covered >= 0.92 * 300


def test_in_strata_the_variance_is_the_textbooks_of_each_added_up():
    y = np.array([1.0, 0, 1, 3, 5, 4, 4])
    sample = unequal_probability_sample([0.25] * 3 + [0.1] * 4, strata=["a"] * 3 + ["b"] * 4)
    a = 12**2 * (1 - 0.25) * np.var(y[:3], ddof=1) / 3
    b = 40**2 * (1 - 0.1) * np.var(y[3:], ddof=1) / 4
    assert sample.variance_of_total(y) == pytest.approx(a + b)


def test_strata_of_one_unit_each_are_taken_together_and_a_lone_one_with_the_smallest_of_the_others():
    y, probabilities = np.array([1.0, 4.0, 2.0, 3.0, 5.0]), [0.5] * 5
    joint_design = unequal_probability_sample([0.5] * 2, strata=["x", "x"]).variance_of_total(y[:2])
    rest = unequal_probability_sample([0.5] * 3, strata=["c"] * 3).variance_of_total(y[2:])
    assert unequal_probability_sample(probabilities, strata=["a", "b", "c", "c", "c"]).variance_of_total(
        y
    ) == pytest.approx(joint_design + rest)
    lone = unequal_probability_sample(probabilities, strata=["a", "b", "b", "b", "b"]).variance_of_total(y)
    assert lone == pytest.approx(unequal_probability_sample(probabilities).variance_of_total(y))


def test_a_stratum_whose_one_unit_was_certain_is_taken_with_no_other():
    y = np.array([9.0, 1.0, 2.0])
    sample = unequal_probability_sample([1.0, 0.5, 0.5], strata=["a", "b", "b"])
    assert sample.variance_of_total(y) == pytest.approx(unequal_probability_sample([0.5, 0.5]).variance_of_total(y[1:]))


def test_a_ratio_in_unlike_strata_is_surer_than_if_nobody_knew_of_them():
    parts, wholes = [1] * 10 + [0] * 9 + [1], [1] * 20
    strata = ["good"] * 10 + ["bad"] * 10
    with_strata, without_strata = (
        ratio(parts, wholes, unequal_probability_sample([0.1] * 20, strata=item)) for item in (strata, None)
    )
    assert with_strata.value == without_strata.value == pytest.approx(0.55)
    assert with_strata.width < without_strata.width


def test_the_interval_of_a_ratio_in_strata_holds_the_truth():
    random, covered = np.random.default_rng(6), 0
    members = [random.choice([1, 1, 1, 2, 3, 5], size) for size in (400, 150, 50)]
    parts = [random.binomial(size, p) for size, p in zip(members, (0.95, 0.85, 0.6), strict=True)]
    truth = sum(values.sum() for values in parts) / sum(values.sum() for values in members)
    for _ in range(300):
        picked = [random.choice(len(member), 15, replace=False) for member in members]
        y = np.concatenate([part[chosen_units] for part, chosen_units in zip(parts, picked, strict=True)])
        x = np.concatenate([member[chosen_units] for member, chosen_units in zip(members, picked, strict=True)])
        probabilities = np.repeat([15 / len(member) for member in members], 15)
        answer = ratio(y, x, unequal_probability_sample(probabilities, strata=np.repeat([0, 1, 2], 15).tolist()))
        covered += answer.low <= truth <= answer.high
    assert covered >= 0.92 * 300


def test_nobody_in_the_domain_is_told_in_words():
    answer = domain_share([0, 0], [0, 0], unequal_probability_sample([0.5, 0.5]))
    assert answer.value is None
    assert "None of the units" in answer.words


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: unequal_probability_sample([0.0, 0.5]), "chance above 0"),
        (lambda: unequal_probability_sample([1.2]), "chance above 0"),
        (lambda: unequal_probability_sample([0.5, 0.5], [[0.5, 0.0], [0.0, 0.5]]), "Joint chances"),
        (lambda: ratio([2], [1], unequal_probability_sample([0.5])), "larger than its whole"),
        (lambda: share([1, None], unequal_probability_sample([0.5, 0.5])), "missing"),
        (lambda: share([1], unequal_probability_sample([0.5, 0.5])), "one value"),
        (lambda: unequal_probability_sample([0.5, 0.5], strata=["a"]), "one stratum"),
    ],
)
def test_what_cannot_be_is_refused(call, sentence):
    with pytest.raises(EstimationRefused, match=sentence):
        call()
