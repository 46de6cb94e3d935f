"""Is the concordance of an ordered scale with later outcomes correct?"""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from assay.stats.rank_concordance import concordance


def test_ties_count_half():
    # 10 met, all at the second step; of 20 who were not met 10 stand there too: half of pairs are won, half are ties.
    assert concordance([0, 10], [10, 10]).value == pytest.approx(0.5 + 0.25)


def test_a_scale_on_which_all_stand_alike_reveals_nothing():
    assert concordance([10], [20]).value == pytest.approx(0.5)


def test_it_agrees_with_the_area_under_the_curve():
    met, not_met = [3, 9, 14, 6], [30, 25, 12, 2]
    steps = np.repeat([0, 1, 2, 3] * 2, met + not_met)
    truth = np.repeat([1, 0], [sum(met), sum(not_met)])
    assert concordance(met, not_met).value == pytest.approx(roc_auc_score(truth, steps), abs=1e-12)


def test_the_interval_holds_as_often_as_it_says():
    # Steps drawn with chances 1:2:3 where it met and 3:2:1 where it did not: won 22 of 36 and tied 10 of 36, 0.7222...
    draw, covered = np.random.default_rng(5), 0
    truth = (1 * 0 + 2 * 3 + 3 * 5) / 36 + 10 / 72
    for _ in range(300):
        found = concordance(draw.multinomial(40, [1 / 6, 2 / 6, 3 / 6]), draw.multinomial(60, [3 / 6, 2 / 6, 1 / 6]))
        covered += found.low <= truth <= found.high
    assert 275 <= covered <= 297


def test_of_few_nothing_is_said():
    assert concordance([0, 9], [30, 30]) is None
