"""Are ranks given with their uncertainty?"""

import numpy as np
import pytest
from charge_rates import CHARGED, CLOSED

from assay.stats.posterior_summary import ranks
from assay.stats.share_posteriors import share_posterior

pytestmark = pytest.mark.quick


def test_each_rank_is_held_by_somebody_and_each_unit_holds_some_rank():
    found = ranks(share_posterior(CHARGED, CLOSED))
    assert found.probabilities.sum(axis=1) == pytest.approx(np.ones(43), abs=1e-9)
    assert found.probabilities.sum(axis=0) == pytest.approx(np.ones(43), abs=5e-3)
    assert found.expected.sum() == pytest.approx(43 * 44 / 2, abs=0.05)


def test_ranks_agree_with_drawing_from_the_same_posteriors():
    posterior = share_posterior(CHARGED, CLOSED)
    random = np.random.default_rng(11)
    points = random.choice(posterior.grid.x.size, p=posterior.grid.weights, size=40_000)
    first, second = posterior._population(posterior.grid, points)
    # Units are taken as independent given the data, so each unit gets its own draw of the grid.
    draws = np.array(
        [
            random.beta(first[p] + y, second[p] + n - y)
            for y, n in zip(CHARGED, CLOSED, strict=True)
            for p in [random.permutation(len(points))]
        ]
    )
    drawn_ranks = 43 - draws.argsort(0).argsort(0)
    found = ranks(posterior)
    assert found.expected == pytest.approx(drawn_ranks.mean(axis=1), abs=0.25)
    assert np.abs(found.low - np.quantile(drawn_ranks, 0.025, axis=1)).max() <= 1
    assert np.abs(found.high - np.quantile(drawn_ranks, 0.975, axis=1)).max() <= 1


def test_alike_units_share_all_ranks():
    expected, low, high = ranks(share_posterior([20] * 11, [100] * 11))
    assert expected == pytest.approx([6.0] * 11, abs=0.01)
    assert set(low) == {1}
    assert set(high) == {11}


def test_the_highest_share_has_rank_one():
    found = ranks(share_posterior([900, 500, 400, 300, 200, 100], [1000] * 6))
    assert list(found.middle) == [1, 2, 3, 4, 5, 6]
    assert (found.low[0], found.high[0]) == (1, 1)


def test_the_median_rank_lies_in_its_interval():
    found = ranks(share_posterior(CHARGED, CLOSED))
    assert np.all((found.low <= found.middle) & (found.middle <= found.high))
