"""Draws of a share when some records have no answer, under several assumptions on the missing ones.

share_draws(30, 10, draws=2000, seed="INV01")                      share of the records with an answer
mixture_share_draws(30, 10, population_prior=(8, 2), ...)          the same, for a unit that is probably like others
share_with_missing(known, 40, 5, uniform_missing_shares(...))      share of all, any share of the 5 missing being met
"""

from __future__ import annotations

import zlib

import numpy as np
from scipy.special import betaln, expit

from assay.stats.posterior_grid import Floats

UNIFORM_PRIOR = (1.0, 1.0)
"""Parameters of the uniform (beta) prior of a share."""


def share_draws(
    met: float, not_met: float, *, draws: int, seed: str, prior: tuple[float, float] = UNIFORM_PRIOR
) -> Floats:
    """Draw from the beta posterior of a share (0 to 1), given the counts met and not met.

    `seed` is any text; the same text gives the same draws on any machine.
    """
    return np.asarray(_random(seed).beta(met + prior[0], not_met + prior[1], draws))


def mixture_share_draws(
    met: float, not_met: float, *, population_prior: tuple[float, float], outlier_prior: float, draws: int, seed: str
) -> Floats:
    """Draw from the posterior of a share under a two-component mixture prior: `draws` values from 0 to 1.

    With probability 1 - `outlier_prior` the unit belongs to the beta population with the parameters `population_prior`;
    otherwise it is an outlier with a uniform share. Bayes factors of the two beta-binomial components give the weights.
    """
    (member_prior, uniform_prior), generator = (population_prior, UNIFORM_PRIOR), _random(f"{seed}/like")
    log_odds = (
        np.log((1 - outlier_prior) / outlier_prior)
        + _log_weight(met, not_met, member_prior)
        - _log_weight(met, not_met, uniform_prior)
    )
    is_outlier = generator.random(draws) < expit(-log_odds)
    values = [share_draws(met, not_met, draws=draws, seed=seed, prior=prior) for prior in (member_prior, uniform_prior)]
    return np.where(is_outlier, values[1], values[0])


def _log_weight(met: float, not_met: float, prior: tuple[float, float]) -> float:
    return float(betaln(met + prior[0], not_met + prior[1]) - betaln(*prior))


def beta_population(mean: float, spread: float) -> tuple[float, float] | None:
    """Return the parameters of the beta distribution with this mean and standard deviation; None if there is none."""
    if not 0 < mean < 1 or not 0 < spread < np.sqrt(mean * (1 - mean)):
        return None
    concentration = mean * (1 - mean) / spread**2 - 1
    return mean * concentration, (1 - mean) * concentration


def uniform_missing_shares(*, draws: int, seed: str) -> Floats:
    """Draw the share met among records without an answer, from a uniform distribution (no assumption)."""
    return np.asarray(_random(f"{seed}/unknown").random(draws))


def similar_missing_shares(known: Floats, worth: float, *, seed: str) -> Floats:
    """Draw the share met among records without an answer, similar to those with an answer.

    The mean of each draw is the share in `known`, with the variation of a beta distribution worth `worth` records.
    """
    generator, minimum = _random(f"{seed}/unknown"), 1e-3
    return np.asarray(generator.beta(worth * known + minimum, worth * (1 - known) + minimum))


def share_with_missing(
    known_share: Floats, known_records: float, missing_records: float, missing_share: Floats | float
) -> Floats:
    """Return the share met of all records, with and without an answer: the mean of both shares, weighted by records.

    Shares are from 0 to 1, with one value for each draw.
    """
    return np.asarray(
        (known_records * known_share + missing_records * missing_share) / (known_records + missing_records)
    )


def _random(seed: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(seed.encode()))
