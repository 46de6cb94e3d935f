"""Convergence diagnostics of Markov chains: split R-hat and effective sample size.

Rank-normalised split R-hat, and bulk and tail effective sample size, as Vehtari, Gelman, Simpson, Carpenter & Burkner
define them (2021, Bayesian Analysis 16:667). Draws are an array of (draws, chains).
"""

from dataclasses import dataclass

import numpy as np
import scipy
from scipy.special import ndtri

from assay.stats.multiple_systems.capture_histories import Floats


@dataclass(frozen=True)
class Diagnosis:
    """Split R-hat (1 if chains agree) and effective sample sizes.

    `bulk`: effective sample size for the centre of the posterior; `tail`: for its 5% and 95% quantiles.
    """

    r_hat: float
    bulk: float
    tail: float


def diagnose(draws: Floats) -> Diagnosis:
    """Return rank-normalised split R-hat and effective sample sizes of one quantity (Vehtari and others 2021).

    `draws` has shape (draws, chains), with at least four draws in each chain.
    """
    deviations = draws - np.median(draws)
    r_hats = (_r_hat(_normal_scores(_split(draws))), _r_hat(_normal_scores(_split(np.abs(deviations)))))
    limits = np.quantile(draws, [0.05, 0.95])
    tail_sizes = [_effective_size(_split((draws <= limit).astype(float))) for limit in limits]
    return Diagnosis(max(r_hats), _effective_size(_normal_scores(_split(draws))), min(tail_sizes))


def _split(draws: Floats) -> Floats:
    """Split each chain in two halves, so that a chain that drifts disagrees with itself."""
    half = len(draws) // 2
    return np.hstack([draws[:half], draws[len(draws) - half :]])


def _normal_scores(draws: Floats) -> Floats:
    """Return the normal scores (Blom) of the ranks over all chains."""
    ranks = scipy.stats.rankdata(draws, method="average").reshape(draws.shape)
    return np.asarray(ndtri((ranks - 0.375) / (draws.size + 0.25)))


def _r_hat(draws: Floats) -> float:
    length = len(draws)
    within_variance = draws.var(axis=0, ddof=1).mean()
    between_variance = length * draws.mean(axis=0).var(ddof=1)
    if within_variance == 0:
        return 1.0 if between_variance == 0 else float("inf")
    return float(np.sqrt(((length - 1) / length * within_variance + between_variance / length) / within_variance))


def _effective_size(draws: Floats) -> float:
    """Return the effective sample size by Geyer's initial monotone sequence over all chains."""
    length, chains = draws.shape
    covariance = _autocovariance(draws)
    within_variance = covariance[0].mean() * length / (length - 1)
    variance = within_variance * (length - 1) / length
    if chains > 1:
        variance += draws.mean(axis=0).var(ddof=1)
    if variance == 0:
        return float(draws.size)
    rho = 1 - (within_variance - covariance.mean(axis=1) * length / (length - 1)) / variance
    rho[0] = 1.0
    pairs = rho[: 2 * (length // 2)].reshape(-1, 2).sum(axis=1)
    ends = np.flatnonzero(pairs < 0)
    monotone_pairs = np.minimum.accumulate(pairs[: ends[0]] if len(ends) else pairs)
    tau = max(-1 + 2 * monotone_pairs.sum(), 1 / np.log10(draws.size))
    return float(draws.size / tau)


def _autocovariance(draws: Floats) -> Floats:
    """Return the autocovariance by Fourier transform, divided by the length at every lag."""
    length = len(draws)
    size = 1 << (2 * length - 1).bit_length()
    transformed = np.fft.rfft(draws - draws.mean(axis=0), n=size, axis=0)
    return np.asarray(np.fft.irfft(np.abs(transformed) ** 2, n=size, axis=0)[:length] / length)
