"""Given a series of counts, where may its level and its steps lie, whatever the two standard deviations are?

The state is a random walk, so with both standard deviations given the observations have covariance
V = diag(1/count + s_e^2) + s_h^2 min(s, t), and the starting level, the season and the steps are regression
coefficients with flat priors (restricted likelihood). A grid over both standard deviations carries their posterior.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from assay.estimation.grid import Floats

POINTS = 19
LEAST, MOST = 0.003, 4.5
"""The grid of each standard deviation runs from and to these multiples of its prior's scale, evenly in its logarithm."""
NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class Fit:
    """The posterior at each grid point that matters: weights, and what is needed to read off any linear quantity."""

    times: Floats
    length: int
    design: Floats
    walk: Floats
    noise: Floats
    weights: Floats
    solved_residual: Floats
    solved_design: Floats
    coefficients: Floats
    coefficients_cov: Floats
    inverse: Floats
    season_columns: slice
    log_marginal: Floats

    @property
    def mean_walk_sd(self) -> float:
        """Posterior mean of s_h."""
        return float(self.weights @ self.walk)

    @property
    def mean_noise_sd(self) -> float:
        """Posterior mean of s_e."""
        return float(self.weights @ self.noise)

    @property
    def seasonal(self) -> Floats:
        """The season's factor in each period of a year, 1 being the year's level; the first is the first count's."""
        free = self.weights @ self.coefficients[:, self.season_columns]
        return np.exp(np.append(free, -free.sum()))


@dataclass(frozen=True)
class NormalMixture:
    """Each row a mixture of normals: means and sds have one row a quantity, one column a grid point."""

    means: Floats
    sds: Floats
    weights: Floats

    def cdf(self, row: int, value: float) -> float:
        """The probability that quantity `row` lies under `value`."""
        return float(self.weights @ special.ndtr((value - self.means[row]) / self.sds[row]))

    def quantile(self, level: float) -> Floats:
        """The quantile of each quantity, by bisection."""
        reach = 9 * self.sds
        low, high = (self.means - reach).min(axis=1), (self.means + reach).max(axis=1)
        for _ in range(48):
            middle = (low + high) / 2
            under = special.ndtr((middle[:, None] - self.means) / self.sds) @ self.weights < level
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return np.asarray((low + high) / 2)


def fit(counts: Floats, period: int, steps: tuple[int, ...], noise_scale: float, walk_scale: float) -> Fit:
    """The posterior over a grid of (s_h, s_e); `counts` positive, NaN where missing."""
    spread = np.geomspace(LEAST, MOST, POINTS)
    walk, noise = (grid.ravel() for grid in np.meshgrid(walk_scale * spread, noise_scale * spread, indexing="ij"))
    prior = -(walk / walk_scale) ** 2 / 2 - (noise / noise_scale) ** 2 / 2 + np.log(walk) + np.log(noise)
    return fit_at(counts, period, steps, walk, noise, prior)


def fit_at(
    counts: Floats, period: int, steps: tuple[int, ...], walk: Floats, noise: Floats, log_prior: Floats
) -> Fit:
    """The posterior at stated values of s_h and s_e with stated log prior weights."""
    times = np.flatnonzero(~np.isnan(counts))
    y, design = np.log(counts[times]), _design(times, period, steps)
    own, shared = np.diag(1 / counts[times]), np.minimum.outer(times, times).astype(float)
    together = np.concatenate([design, y[:, None]], axis=1)

    def solve(w: Floats, n: Floats):  # type: ignore[no-untyped-def]
        cov = own + n[:, None, None] ** 2 * np.eye(len(y)) + w[:, None, None] ** 2 * shared
        half = np.linalg.cholesky(cov)
        inverse_half = np.linalg.inv(half)
        return half, inverse_half, inverse_half @ together

    half, _, white = solve(walk, noise)
    moments = np.swapaxes(white, 1, 2) @ white
    gram, cross, square = moments[:, :-1, :-1], moments[:, :-1, -1], moments[:, -1, -1]
    beta = np.linalg.solve(gram, cross[:, :, None])[:, :, 0]
    log_det = 2 * np.log(np.diagonal(half, axis1=1, axis2=2)).sum(axis=1)
    residual = square - (cross * beta).sum(axis=1)
    log_marginal = -(log_det + np.linalg.slogdet(gram)[1] + residual) / 2
    log_weight = log_prior + log_marginal
    weights = np.exp(log_weight - log_weight.max())
    keep = np.flatnonzero(weights > NEGLIGIBLE)
    _, inverse_half, white = solve(walk[keep], noise[keep])
    inverse = np.swapaxes(inverse_half, 1, 2) @ inverse_half
    solved_design = inverse @ design
    solved = inverse @ y - (solved_design @ beta[keep][:, :, None])[:, :, 0]
    cov = np.linalg.inv(gram[keep])
    kept = weights[keep] / weights[keep].sum()
    return Fit(times, len(counts), design, walk[keep], noise[keep], kept, solved, solved_design, beta[keep], cov,
               inverse, slice(1, period), log_marginal)


def functionals(fitted: Fit, of_level: Floats, of_steps: Floats) -> NormalMixture:
    """Linear quantities of the level (without steps) and of the steps, one row each.

    `of_level` has a column a period, `of_steps` a column a step. The level is the walk from its start.
    """
    everywhere = np.minimum.outer(np.arange(fitted.length), fitted.times).astype(float)
    own = np.minimum.outer(np.arange(fitted.length), np.arange(fitted.length)).astype(float)
    start = of_level.sum(axis=1, keepdims=True)
    season = np.zeros((len(of_level), fitted.season_columns.stop - 1))
    of_coefficients = np.concatenate([start, season, of_steps], axis=1)
    seen = of_level @ everywhere
    alone = np.einsum("qt,ts,qs->q", of_level, own, of_level)
    means, variances = [], []
    for g, walk in enumerate(fitted.walk):
        link = walk**2 * seen
        means.append(of_coefficients @ fitted.coefficients[g] + link @ fitted.solved_residual[g])
        left = of_coefficients - link @ fitted.solved_design[g]
        explained = np.einsum("qt,ts,qs->q", link, fitted.inverse[g], link)
        variances.append(walk**2 * alone - explained + np.einsum("qc,cd,qd->q", left, fitted.coefficients_cov[g], left))
    sds = np.sqrt(np.maximum(np.array(variances).T, 1e-16))
    return NormalMixture(np.array(means).T, sds, fitted.weights)


def _design(times: Floats, period: int, steps: tuple[int, ...]) -> Floats:
    """Columns: the starting level, the season (sums to nothing over a year), one for each step."""
    columns = [np.ones(len(times))]
    place = times % period
    for quarter in range(period - 1):
        columns.append((place == quarter).astype(float) - (place == period - 1))
    columns += [(times >= step).astype(float) for step in steps]
    return np.stack(columns, axis=1)
