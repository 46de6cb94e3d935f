"""Is the difference between two kinds of units found, with the uncertainty of few units?"""

import numpy as np
import pytest
from scipy import stats

from assay.stats.unit_contrasts import contrast


def test_units_of_no_size_of_their_own_are_compared_as_by_a_t_test():
    # Where own variances are next to nothing all weights are equal: it is the two-sample t test of equal variances.
    first, other = [0.50, 0.62, 0.55, 0.61], [0.40, 0.47, 0.43]
    found, plain = contrast(first, [1e-9] * 4, other, [1e-9] * 3), stats.ttest_ind(first, other)
    assert found.value == pytest.approx(0.57 - 0.43333, abs=1e-4)
    assert found.p_value == pytest.approx(plain.pvalue, rel=1e-4)
    assert (found.low, found.high) == pytest.approx(tuple(plain.confidence_interval()), abs=1e-5)


def test_units_that_differ_by_no_more_than_their_size_have_nothing_between_them():
    found = contrast([0.50, 0.51], [0.01, 0.01], [0.50, 0.49], [0.01, 0.01])
    assert found.between_sd == 0
    # sqrt(0.01 / 2 + 0.01 / 2) = 0.1, and Student's 4.303 for 2 degrees of freedom.
    assert found.high - found.value == pytest.approx(4.303 * 0.1, rel=1e-3)


def test_one_unit_of_a_kind_says_nothing_of_its_kind():
    assert contrast([0.5], [0.01], [0.4, 0.5], [0.01, 0.01]) is None


def test_the_interval_of_few_unequal_units_holds_the_truth_as_often_as_it_says():
    draw, covered = np.random.default_rng(11), 0
    for _ in range(400):
        own_rates = draw.uniform(0.0005, 0.01, 12)
        values = draw.normal(np.repeat([0.6, 0.5], [5, 7]), np.sqrt(own_rates + 0.04**2))
        found = contrast(values[:5], own_rates[:5], values[5:], own_rates[5:])
        covered += found.low <= 0.1 <= found.high
    assert covered >= 372
