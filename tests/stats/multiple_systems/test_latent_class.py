"""Do the chains find the known answer, and is nothing reported if they disagree?"""

import numpy as np
import pytest
from scipy.special import betaln, gammaln

from assay.stats.multiple_systems.bayesian_threshold import bayesian_threshold
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.chain_diagnostics import diagnose
from assay.stats.multiple_systems.closed_heterogeneity import MODELS, closed_model
from assay.stats.multiple_systems.latent_class import _Sampler, latent_class, latent_class_all

ABC = ("A", "B", "C")
EASY = CaptureTable.from_histories(ABC, {"A": 40, "B": 30, "C": 35, "A*B": 20, "A*C": 22, "B*C": 18, "A*B*C": 12})


def test_with_one_class_the_posterior_is_that_of_independent_lists():
    """In closed form: each list's margin is beta-binomial given the population; prior 1/N."""
    found = latent_class(EASY, classes=1, seed=2)
    population = np.arange(EASY.persons, 600.0)
    log = gammaln(population + 1) - gammaln(population - EASY.persons + 1) - np.log(population)
    for name in ABC:
        log += betaln(EASY.list_size(name) + 1, population - EASY.list_size(name) + 1)
    weight = np.exp(log - log.max())
    share = np.cumsum(weight) / weight.sum()
    for level in (0.025, 0.5, 0.975):
        exact = population[np.searchsorted(share, level)]
        assert found.estimate.quantile(level) == pytest.approx(exact, abs=2.5)


def test_two_kinds_of_persons_are_found_where_independence_finds_too_few():
    random = np.random.default_rng(5)
    hard = random.uniform(size=(4000, 4)) < 0.15
    easy = random.uniform(size=(1000, 4)) < 0.65
    cells = (np.vstack([hard, easy]) * (1 << np.arange(4))).sum(axis=1)
    counts = np.bincount(cells, minlength=16).astype(float)
    counts[0] = 0
    table = CaptureTable(("A", "B", "C", "D"), counts)
    (found,) = latent_class_all([table], rounds=1, steps=1500, warm_up=500, chains=4)
    low, middle, high = np.quantile(found.draws, [0.025, 0.5, 0.975])
    assert closed_model(table, "Mt").population < 0.8 * 5000
    assert low < 5000 < high
    assert middle > 1.2 * closed_model(table, "Mt").population


def test_chains_that_are_worth_too_little_are_refused_with_the_figures():
    (found,) = latent_class_all([EASY], rounds=1, steps=40, warm_up=100)
    assert found.estimate.population is None
    assert "are asked for" in found.estimate.refusal or "at most 1.01" in found.estimate.refusal


def test_fewer_than_four_chains_are_no_check():
    with pytest.raises(ValueError, match="cannot show that they disagree"):
        latent_class(EASY, chains=3)


def test_the_same_seed_gives_the_same_draws():
    first_run, other = (latent_class_all([EASY], rounds=1, steps=50, warm_up=50, seed=3)[0] for _ in range(2))
    assert (first_run.draws == other.draws).all()


def test_what_follows_the_moves_is_what_would_be_worked_out_anew():
    sampler = _Sampler(np.repeat([EASY.counts], 40, axis=0), 10, 8, np.random.default_rng(4))
    sampler.run(30)
    sampler._update_odds()
    begun = sampler.log_posterior
    for _ in range(100):
        sampler._ridge_move()
        sampler._swap_classes()
    followed, odds = sampler.log_posterior, sampler.odds
    sampler._update_odds()
    assert (followed != begun).all()  # every row has moved
    assert followed == pytest.approx(sampler.log_posterior, abs=1e-8)
    assert odds == pytest.approx(sampler.odds, rel=1e-8, abs=1e-12)


def test_independent_draws_are_worth_what_they_number_and_agree():
    draws = np.random.default_rng(1).standard_normal((1000, 4))
    found = diagnose(draws)
    assert found.r_hat == pytest.approx(1.0, abs=0.005)
    assert found.bulk == pytest.approx(4000, rel=0.15)
    assert found.tail == pytest.approx(4000, rel=0.2)


def test_a_chain_elsewhere_and_a_chain_that_drifts_are_seen():
    draws = np.random.default_rng(1).standard_normal((1000, 4))
    assert diagnose(draws + np.array([0, 0, 0, 2])).r_hat > 1.1
    assert diagnose(draws + np.linspace(-1, 1, 1000)[:, None]).r_hat > 1.1
    assert diagnose(draws * np.array([1, 1, 1, 5])).r_hat > 1.05  # the same middle, another width


def test_draws_that_lean_on_one_another_are_worth_less():
    """For an autoregression the effective share is (1 - rho) / (1 + rho), here a ninth."""
    random, rho = np.random.default_rng(2), 0.8
    draws = np.zeros((8000, 4))
    for step in range(1, 8000):
        draws[step] = rho * draws[step - 1] + random.standard_normal(4)
    assert diagnose(draws[100:]).bulk == pytest.approx(7900 * 4 / 9, rel=0.15)


def test_the_threshold_keeps_a_pair_that_stands_out_and_drops_one_that_does_not():
    counts = {"A": 400, "B": 380, "C": 420, "A*B": 260, "A*C": 60, "B*C": 55, "A*B*C": 38}
    found = bayesian_threshold(CaptureTable.from_histories(ABC, counts))
    assert str(found.model) == "A*B, C"
    ratios = dict(found.ratios)
    assert ratios["A*B"] > 2 > max(ratios["A*C"], ratios["B*C"])


@pytest.mark.parametrize("name", MODELS[:2])
def test_where_all_lists_and_persons_are_alike_the_models_of_ecology_agree_with_counting(name):
    """Every history of one list has 60, of two 20, of all three 7: chances about a quarter each."""
    table = CaptureTable.from_histories(ABC, {"A": 60, "B": 60, "C": 60, "A*B": 20, "A*C": 20, "B*C": 20, "A*B*C": 7})
    found = closed_model(table, name)
    coverage = (60 + 20 + 20 + 7) / found.population
    assert (1 - (1 - coverage) ** 3) * found.population == pytest.approx(table.persons, rel=1e-6)
