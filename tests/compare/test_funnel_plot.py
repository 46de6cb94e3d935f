"""Do funnel limits narrow as the base grows, and only as far as forces are alike?"""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from assay.compare import funnel_table
from assay.stats.funnel_limits import share_limits


def test_naive_lines_close_and_predictive_lines_do_not():
    limits = share_limits(0.1, 0.03, [100, 1_000, 100_000])
    assert limits.naive_high[-1] - limits.naive_low[-1] == pytest.approx(6 * np.sqrt(0.09 / 100_000))
    assert limits.high[-1] - limits.low[-1] == pytest.approx(2 * 1.96 * 0.03, rel=0.05)


def test_forces_that_do_not_differ_have_binomial_limits():
    limits = share_limits(0.1, 0.0, [200])
    assert limits.low[0] == pytest.approx(stats.binom.ppf(0.025, 200, 0.1) / 200, abs=1 / 200)
    assert limits.high[0] == pytest.approx(stats.binom.ppf(0.975, 200, 0.1) / 200, abs=1 / 200)


def test_limits_stay_within_what_is_possible():
    limits = share_limits(0.02, 0.01, [5, 50])
    assert np.all(limits.naive_low >= 0)
    assert np.all(limits.low >= 0)
    assert np.all(limits.high <= 1)


def test_predictive_limits_are_near_those_of_the_beta_binomial():
    limits = share_limits(0.1, 0.03, [300])
    combined_size = 0.09 / 0.03**2 - 1
    belief = stats.betabinom(300, 0.1 * combined_size, 0.9 * combined_size)
    assert limits.low[0] == pytest.approx(belief.ppf(0.025) / 300, abs=1 / 300)
    assert limits.high[0] == pytest.approx(belief.ppf(0.975) / 300, abs=1 / 300)


def test_limits_grow_narrower_with_the_base():
    limits = share_limits(0.1, 0.03, [50, 100, 200, 400, 800, 1600])
    assert np.all(np.diff(limits.high - limits.low) < 0)


def test_a_comparison_that_was_refused_has_no_funnel():
    key = {"measure": "pending", "offence_key": "71", "financial_year": "2024/25"}
    shares = pa.Table.from_pylist([key | {"place_code": "E23000032", "base": 40}])
    spread = {"overall": 0.1, "between_force_sd": 0.02}
    funnel = funnel_table(shares, pa.Table.from_pylist([key | spread | {"forces_compared": 12}]))
    assert funnel["base"].to_pylist()[-1] == 42
    assert funnel_table(shares, pa.Table.from_pylist([key | spread | {"forces_compared": 0}])).num_rows == 0


def test_lines_over_bases_that_are_not_public_end_at_a_round_number_that_tells_no_force():
    # 42 is 5% more than 40, and says that the largest force has 40. The next 50 says from 0 to 49.
    key = {"measure": "pending", "offence_key": "71", "financial_year": "2024/25"}
    spread = pa.Table.from_pylist([key | {"overall": 0.1, "between_force_sd": 0.02, "forces_compared": 12}])
    for base, end in ((40, 50), (49, 50), (50, 100), (263, 300)):
        shares = pa.Table.from_pylist([key | {"place_code": "E23000032", "base": base}])
        assert funnel_table(shares, spread, axis_step=50)["base"].to_pylist()[-1] == end
