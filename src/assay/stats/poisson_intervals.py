"""Garwood's exact interval of a Poisson count."""

import scipy


def garwood(count: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact limits of the mean of a Poisson count; they start at 0 if the count is 0.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.
    """
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(scipy.special.gammaincinv(count, tail))
    return low, float(scipy.special.gammaincinv(count + 1, 1 - tail))
