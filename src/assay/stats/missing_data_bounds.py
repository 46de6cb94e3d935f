"""What share is met where some records do not tell, as many values as the records allow?

share_draws(30, 10, draws=2000, seed="INV01")    of the records that tell
likened_draws(30, 10, others=(8, 2), ...)        the same, of a unit that is probably like others
with_unknown(known, 40, 5, any_share(...))       of all, where any share of the 5 others may have been met
"""

from __future__ import annotations

import zlib

import numpy as np
from scipy.special import betaln, expit

from assay.stats.posterior_grid import Floats

FLAT = (1.0, 1.0)
"""Before anything is seen, every share is as likely as any other."""


def share_draws(met: float, not_met: float, *, draws: int, seed: str, prior: tuple[float, float] = FLAT) -> Floats:
    """`draws` values (0 to 1) of the share that would be met in the long run, each of which fits the counts.

    `seed` is any text; the same text gives the same values on any machine.
    """
    return np.asarray(_random(seed).beta(met + prior[0], not_met + prior[1], draws))


def likened_draws(
    met: float, not_met: float, *, others: tuple[float, float], outlying: float, draws: int, seed: str
) -> Floats:
    """The same for a unit that is one of the population `others` (a beta distribution), but for a chance `outlying`
    before anything is seen that it is none of them: then any share is as likely. Exact: a mixture of two."""
    (like, unlike), random = (others, FLAT), _random(f"{seed}/like")
    fits = np.log((1 - outlying) / outlying) + _log_weight(met, not_met, like) - _log_weight(met, not_met, unlike)
    is_unlike = random.random(draws) < expit(-fits)
    values = [share_draws(met, not_met, draws=draws, seed=seed, prior=prior) for prior in (like, unlike)]
    return np.where(is_unlike, values[1], values[0])


def _log_weight(met: float, not_met: float, prior: tuple[float, float]) -> float:
    return float(betaln(met + prior[0], not_met + prior[1]) - betaln(*prior))


def population(mean: float, spread: float) -> tuple[float, float] | None:
    """The beta distribution with this mean and standard deviation; None where there is none."""
    if not 0 < mean < 1 or not 0 < spread < np.sqrt(mean * (1 - mean)):
        return None
    together = mean * (1 - mean) / spread**2 - 1
    return mean * together, (1 - mean) * together


def any_share(*, draws: int, seed: str) -> Floats:
    """As many shares of records that do not tell, each as likely as any other."""
    return np.asarray(_random(f"{seed}/unknown").random(draws))


def alike_share(known: Floats, worth: float, *, seed: str) -> Floats:
    """Shares of records that do not tell: on average as of those that do (`known`), and as unsure as `worth` records
    would leave it, so that it may lie far off."""
    random, edge = _random(f"{seed}/unknown"), 1e-3
    return np.asarray(random.beta(worth * known + edge, worth * (1 - known) + edge))


def with_unknown(known: Floats, told: float, unknown: float, of_unknown: Floats | float) -> Floats:
    """The share of all records: `known` of the `told` that tell, and `of_unknown` of the others."""
    return np.asarray((told * known + unknown * of_unknown) / (told + unknown))


def _random(seed: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(seed.encode()))
