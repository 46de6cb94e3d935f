"""How probable can a p-value make a failing? Numbers to be checked by hand."""

import numpy as np
import pytest

from assay.stats.bayes_factor_bound import largest_posterior


@pytest.mark.parametrize(("p_value", "posterior"), [(0.05, 0.114), (0.001, 0.737), (0.5, 0.05), (1.0, 0.05)])
def test_a_p_value_raises_a_prior_of_five_in_a_hundred_by_no_more_than_the_bound(p_value, posterior):
    """For 0.05: e x 0.05 x 3.00 = 0.407, and 0.05 / (0.05 + 0.95 x 0.407) = 0.114. Above 1/e nothing is raised."""
    assert largest_posterior([p_value])[0] == pytest.approx(posterior, abs=0.001)


def test_a_smaller_p_value_never_lowers_the_probability_and_a_missing_one_stays_missing():
    found = largest_posterior([0.4, 0.3, 0.01, 1e-6, 0.0, np.nan])
    assert list(found[:5]) == sorted(found[:5])
    assert found[4] < 1
    assert np.isnan(found[5])
