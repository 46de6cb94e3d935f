"""Is the cumulative incidence equal to that by hand, and to that of other software?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.stats.cumulative_incidence import IncidenceCurve, cumulative_incidence, kaplan_meier, restricted_mean

WAITS = "still waiting"


def curves(*groups, **options) -> dict[str, IncidenceCurve]:
    """Curves from (days, ending, count)."""
    days, endings, counts = zip(*groups, strict=True)
    return cumulative_incidence(days, endings, counts, waiting=WAITS, **options)


def test_the_share_ended_each_way_is_worked_out_from_those_still_at_risk():
    # Ten records. Day 2: one charged, one closed of 10. Day 3: two last seen. Day 5: two charged of the 6 left.
    found = curves((2, "charged", 1), (2, "closed", 1), (3, WAITS, 2), (5, "charged", 2), (9, WAITS, 4))
    after_day_2 = 1 - 2 / 10
    assert found["charged"].days.tolist() == [2, 5]
    assert found["charged"].share == pytest.approx([1 / 10, 1 / 10 + after_day_2 * 2 / 6])
    assert found["closed"].share == pytest.approx([1 / 10, 1 / 10])
    assert (found["charged"].records, found["charged"].ended, found["closed"].ended) == (10, 3, 1)


def test_who_was_last_seen_on_the_day_of_an_ending_was_at_risk_on_it():
    assert curves((4, "charged", 1), (4, WAITS, 1))["charged"].share == pytest.approx([1 / 2])
    assert curves((3, WAITS, 1), (4, "charged", 1))["charged"].share == pytest.approx([1.0])


def test_closing_is_not_waiting_so_a_competing_ending_keeps_the_share_down():
    """Taking the closed for still waiting would let the charged come to 3 in 4 in place of 2 in 4."""
    competing = curves((1, "charged", 1), (2, "closed", 1), (3, "charged", 1), (4, WAITS, 1))
    censored = curves((1, "charged", 1), (2, WAITS, 1), (3, "charged", 1), (4, WAITS, 1))
    assert competing["charged"].share[-1] == pytest.approx(2 / 4)
    assert censored["charged"].share[-1] == pytest.approx(1 / 4 + 3 / 4 * 1 / 2)


def test_the_median_is_the_first_day_by_which_half_have_ended():
    assert curves((3, "charged", 5), (8, WAITS, 5))["charged"].median.days == 3
    thirds = curves((3, "charged", 1), (5, "charged", 1), (8, "charged", 1))["charged"]
    assert thirds.median.days == 5


def test_a_median_that_is_not_reached_is_none_and_never_a_number():
    found = curves((3, "charged", 4), (8, "closed", 6))["charged"]
    assert found.share[-1] == pytest.approx(0.4)
    assert found.median.days is None


def test_the_interval_of_a_median_may_have_no_upper_end():
    found = curves((3, "charged", 6), (8, WAITS, 5))["charged"].median
    assert (found.days, found.low, found.high) == (3, 3, None)


def test_the_interval_of_a_median_is_where_the_band_holds_one_half():
    found = curves(*[(day, "charged", 10) for day in range(1, 11)])["charged"]
    median = found.median
    assert median.days == 5
    mask = (found.low <= 0.5) & (found.high >= 0.5)
    assert median.low == found.days[mask][0]
    assert median.high == found.days[found.low >= 0.5][0]
    assert median.low <= median.days <= median.high


def test_the_90th_percentile_is_the_first_day_by_which_nine_in_ten_have_ended():
    assert curves(*[(day, "charged", 1) for day in range(1, 11)])["charged"].quantile(0.9).days == 9
    found = curves((3, "charged", 8), (7, "charged", 1), (8, WAITS, 1))["charged"]
    assert (found.quantile(0.8).days, found.quantile(0.9).days, found.quantile(0.95).days) == (3, 7, None)


def test_where_others_ended_otherwise_nine_in_ten_are_never_reached_and_no_number_is_put_there():
    found = curves((3, "charged", 80), (5, "closed", 20))["charged"].quantile(0.9)
    assert (found.days, found.low, found.high) == (None, None, None)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_the_interval_of_a_quantile_is_where_the_band_holds_that_share(share):
    found = curves(*[(day, "charged", 10) for day in range(1, 21)])["charged"]
    quantile = found.quantile(share)
    assert quantile.low == found.days[found.high >= share][0]
    assert quantile.high == found.days[found.low >= share][0]
    assert quantile.low <= quantile.days <= quantile.high


@pytest.mark.parametrize("share", [0.0, 1.0, 1.5])
def test_a_quantile_of_none_or_all_is_refused(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        curves((3, "charged", 8))["charged"].quantile(share)


def test_nobody_followed_has_empty_curves():
    empty_curve = cumulative_incidence([], [], [], waiting=WAITS, required_endings=("charged",))["charged"]
    assert (empty_curve.records, empty_curve.share.size, empty_curve.median.days) == (0, 0, None)


def test_an_ending_that_nobody_had_has_a_curve_of_noughts_that_may_yet_be_more():
    found = curves((2, "closed", 10), (5, WAITS, 90), required_endings=("charged",))["charged"]
    assert found.share.tolist() == [0.0]
    assert found.low.tolist() == [0.0]
    z2 = 1.959964**2
    assert found.high[0] == pytest.approx(z2 / (100 + z2), rel=1e-5)  # Wilson's upper limit for none of a hundred


def test_when_all_have_ended_the_lower_limit_stays_and_is_no_certainty():
    found = curves((1, "charged", 3), (2, "charged", 2))["charged"]
    assert found.share[-1] == 1.0
    assert found.low[-1] == found.low[0] > 0
    assert found.high[-1] == 1.0
    at_once = curves((1, "charged", 4))["charged"]
    z2 = 1.959964**2
    assert at_once.low[0] == pytest.approx(4 / (4 + z2), rel=1e-5)


def test_the_limits_are_on_the_log_log_scale():
    found = curves((2, "charged", 3), (9, WAITS, 7))["charged"]
    share, variance = 0.3, 0.3 * 0.7 / 10
    assert found.variance == pytest.approx([variance])
    width = 1.959964 * np.sqrt(variance) / (share * abs(np.log(share)))
    assert found.low == pytest.approx([share ** np.exp(width)], rel=1e-6)
    assert found.high == pytest.approx([share ** np.exp(-width)], rel=1e-6)


def test_the_share_can_be_asked_for_any_day():
    found = curves((2, "charged", 1), (5, "charged", 1), (9, WAITS, 2))["charged"]
    assert [found.at_day(day) for day in (1, 2, 4, 5, 99)] == pytest.approx([0, 1 / 4, 1 / 4, 1 / 2, 1 / 2])


@pytest.mark.parametrize("group", [(-1, "charged", 1), (1, "charged", -1)])
def test_days_and_counts_below_nought_are_refused(group):
    with pytest.raises(ValueError, match="below 0"):
        curves(group)


GROUPS = st.lists(
    st.tuples(st.integers(0, 15), st.sampled_from(["charged", "closed", WAITS]), st.integers(1, 9)),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(GROUPS)
def test_shares_rise_and_with_those_who_wait_make_the_whole(groups):
    found = curves(*groups, required_endings=("charged", "closed"))
    total_share = found["charged"].share + found["closed"].share
    waits = kaplan_meier([d for d, _, _ in groups], [e != WAITS for _, e, _ in groups], [n for *_, n in groups])
    assert total_share == pytest.approx(waits.share)
    for curve in found.values():
        assert (np.diff(curve.share) >= -1e-12).all()
        assert (curve.low <= curve.share + 1e-9).all()
        assert (curve.share <= curve.high + 1e-9).all()
        assert np.isfinite(curve.variance).all()


@settings(max_examples=40, deadline=None)
@given(GROUPS)
def test_the_order_and_the_grouping_of_what_comes_in_do_not_matter(groups):
    one_by_one = [(day, ending, 1) for day, ending, count in reversed(groups) for _ in range(count)]
    left, right = curves(*groups, required_endings=("charged",)), curves(*one_by_one, required_endings=("charged",))
    assert left["charged"].share == pytest.approx(right["charged"].share, abs=1e-14)
    assert left["charged"].high == pytest.approx(right["charged"].high, abs=1e-12)


def many_ties(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Days and status (0 waits, 1 charged, 2 closed) of 2,000 records with many on one day."""
    random = np.random.default_rng(seed)
    days = random.integers(0, 60, 2000)
    return days, np.where(days == 59, 0, random.choice([0, 1, 2], 2000, p=[0.3, 0.2, 0.5]))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cumulative_incidence_is_that_of_statsmodels(seed):
    from statsmodels.duration.survfunc import CumIncidenceRight

    days, status = many_ties(seed)
    own_curves = curves(*[(d, (WAITS, "charged", "closed")[s], 1) for d, s in zip(days, status, strict=True)])
    reference_curves = CumIncidenceRight(days, status)
    assert reference_curves.times.tolist() == np.unique(days).tolist()
    event_days = np.isin(reference_curves.times, own_curves["charged"].days)
    for place, label in enumerate(("charged", "closed")):
        np.testing.assert_allclose(own_curves[label].share, reference_curves.cinc[place][event_days], rtol=0, atol=1e-9)
        np.testing.assert_allclose(
            np.sqrt(own_curves[label].variance), reference_curves.cinc_se[place][event_days], rtol=0, atol=1e-9
        )


def test_kaplan_meier_and_its_variance_are_those_of_statsmodels():
    from statsmodels.duration.survfunc import SurvfuncRight

    days, status = many_ties(4)
    own_curve = kaplan_meier(days, status == 1, np.ones(len(days)))
    reference_curve = SurvfuncRight(days, status == 1)
    np.testing.assert_allclose(1 - own_curve.share, reference_curve.surv_prob, rtol=0, atol=1e-9)
    np.testing.assert_allclose(np.sqrt(own_curve.variance), reference_curve.surv_prob_se, rtol=0, atol=1e-9)


@pytest.mark.parametrize("share", [0.1, 0.35, 0.5, 0.75, 0.9])
def test_quantiles_with_one_ending_are_those_of_statsmodels(share):
    from statsmodels.duration.survfunc import SurvfuncRight

    days, status = many_ties(4)
    own_quantile = kaplan_meier(days, status == 1, np.ones(len(days))).quantile(share).days
    reference_quantile = SurvfuncRight(days, status == 1).quantile(share)
    assert (own_quantile is None) == bool(np.isnan(reference_quantile))
    assert own_quantile is None or own_quantile == reference_quantile


def test_the_interval_covers_a_truth_that_we_chose():
    """300 worlds of 150 records: charged on each day with chance 0.02, closed 0.03, last seen on a day up to 60."""
    truth = sum(0.02 * 0.95**k for k in range(20))  # charged on one of the days 0 to 19
    covered = 0
    for seed in range(300):
        random = np.random.default_rng([7, seed])
        ends = random.geometric(0.05, 150) - 1
        seen = random.integers(5, 60, 150)
        how = random.choice(["charged", "closed"], 150, p=[0.4, 0.6])
        groups = [(min(e, s), h if e <= s else WAITS, 1) for e, s, h in zip(ends, seen, how, strict=True)]
        curve = curves(*groups, required_endings=("charged",))["charged"]
        place = np.searchsorted(curve.days, 19, side="right") - 1
        covered += curve.low[place] <= truth <= curve.high[place]
    assert 0.92 <= covered / 300 <= 0.98


def mean(*groups, until, ending="charged"):
    days, endings, counts = zip(*groups, strict=True)
    return restricted_mean(days, endings, counts, waiting=WAITS, ending=ending, until=until)


COMPETING = ((1, "charged", 1), (2, "closed", 1), (3, "charged", 1), (4, WAITS, 1))


def test_the_restricted_mean_is_the_days_that_passed_without_it():
    # A quarter are charged from day 1, half from day 3: of four days 1/4 * 2 + 1/2 * 1 = 1 is saved, on average.
    assert mean(*COMPETING, until=4).days == pytest.approx(3)
    # Of two days: 1/4 * 1.
    assert mean(*COMPETING, until=2).days == pytest.approx(1.75)


def test_a_mean_over_more_days_than_anybody_was_followed_is_not_given():
    assert mean(*COMPETING, until=5).days is None
    all_ended = mean((1, "charged", 1), (3, "closed", 1), until=9)
    assert all_ended.days == pytest.approx(1 / 2 * 1 + 1 / 2 * 9)  # half wait one day, half are never charged


def test_with_one_ending_mean_and_variance_are_those_of_the_area_under_the_survival_curve_of_statsmodels():
    from statsmodels.duration.survfunc import SurvfuncRight

    days, ended = np.array([2, 2, 3, 5, 5, 5, 8, 9, 9, 12]), np.array([1, 1, 0, 1, 1, 0, 1, 1, 0, 0])
    reference_curves, until = SurvfuncRight(days, ended), 10
    mask = reference_curves.surv_times < until
    grid = np.concatenate([[0], reference_curves.surv_times[mask], [until]])
    level = np.concatenate([[1], reference_curves.surv_prob[mask]])
    area = (level * np.diff(grid)).sum()
    after = [(level[i + 1 :] * np.diff(grid)[i + 1 :]).sum() for i in range(mask.sum())]
    risk, event_counts = reference_curves.n_risk[mask], reference_curves.n_events[mask]
    variance = (np.square(after) * event_counts / (risk * (risk - event_counts))).sum()
    found = mean(*[(d, "charged" if e else WAITS, 1) for d, e in zip(days, ended, strict=True)], until=until)
    assert found.days == pytest.approx(area, abs=1e-9)
    assert (found.high - found.low) / 2 == pytest.approx(1.959963984540054 * np.sqrt(variance), abs=1e-9)


def test_the_variance_of_a_mean_with_competing_endings_is_that_of_records_drawn_again():
    groups = [
        (d, e, 20)
        for d, e in ((5, "charged"), (9, "closed"), (14, "charged"), (20, WAITS), (25, "closed"), (40, WAITS))
    ]
    days, endings, counts = (list(column) for column in zip(*groups, strict=True))
    draws = np.random.default_rng(1).multinomial(120, np.array(counts) / 120, size=1500)
    means = [restricted_mean(days, endings, n, waiting=WAITS, ending="charged", until=30).days for n in draws]
    found = mean(*groups, until=30)
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * np.std(means), rel=0.06)
