"""Do the intervals of what is rare hold the truth as often as they say?"""

import pytest

from assay.synthetic.simulation.text_estimate_coverage import simulate_sampling

BANDS = [(16, 1450), (9, 640), (9, 9)]
"""As entries of synthetic forces lie: nearly half of those that blame look like any other."""


@pytest.mark.parametrize("prevalence", [0.002, 0.02])
def test_an_interval_holds_the_truth_in_ninety_three_of_a_hundred_samples_or_more(prevalence):
    found = simulate_sampling(BANDS, prevalence, records=5000, files=200, repeats=200)
    assert found.covered / found.repeats >= 0.93
    assert 0 < found.width < 0.06
    nation = simulate_sampling(BANDS, prevalence, records=5000, files=200, forces=43, repeats=6)
    assert nation.covered >= 5  # of 6 tries
    assert nation.width < found.width / 4
