"""What share is met where some records do not tell, as many values as the records allow?

share_draws(30, 10, draws=2000, seed="INV01")    of the records that tell
with_unknown(known, 40, 5, any_share(...))       of all, where any share of the 5 others may have been met
"""

from __future__ import annotations

import zlib

import numpy as np

from assay.estimation.grid import Floats

FLAT = (1.0, 1.0)
"""Before anything is seen, every share is as likely as any other."""


def share_draws(met: float, not_met: float, *, draws: int, seed: str, prior: tuple[float, float] = FLAT) -> Floats:
    """`draws` values (0 to 1) of the share that would be met in the long run, each of which fits the counts.

    `seed` is any text; the same text gives the same values on any machine.
    """
    return np.asarray(_random(seed).beta(met + prior[0], not_met + prior[1], draws))


def any_share(*, draws: int, seed: str) -> Floats:
    """As many shares of records that do not tell, each as likely as any other."""
    return np.asarray(_random(f"{seed}/unknown").random(draws))


def with_unknown(known: Floats, told: float, unknown: float, of_unknown: Floats | float) -> Floats:
    """The share of all records: `known` of the `told` that tell, and `of_unknown` of the others."""
    return np.asarray((told * known + unknown * of_unknown) / (told + unknown))


def _random(seed: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(seed.encode()))
