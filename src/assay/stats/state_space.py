"""Local-level state-space model of a series of counts, integrated over both standard deviations.

The state is a random walk, so given both standard deviations the observations have covariance
V = diag(1/count + s_e^2) + s_h^2 min(s, t), and the starting level, the season and the steps are regression
coefficients with flat priors (restricted likelihood). The posterior of both standard deviations is on a grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from assay.stats.posterior_grid import Floats

POINTS = 19
MINIMUM_SCALE, MAXIMUM_SCALE = 0.003, 4.5
"""Ends of the grid of each standard deviation, in multiples of its prior scale; evenly spaced on the log scale."""
NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class Series:
    """Logarithms of the known counts, their times, and the design and covariance matrices of the model."""

    times: NDArray[np.intp]
    length: int
    logs: Floats
    design: Floats
    counting: Floats
    shared: Floats
    season_columns: slice


@dataclass(frozen=True)
class StateSpaceFit:
    """Posterior at each grid point with a weight that is not negligible, and what `linear_quantities` needs.

    The first axis of every array is the grid point. `inverse` is the inverse of V; `solved_residual` and
    `solved_design` are that inverse times the residuals and times the design.
    """

    series: Series
    walk: Floats
    noise: Floats
    weights: Floats
    coefficients: Floats
    coefficients_cov: Floats
    inverse: Floats
    solved_residual: Floats
    solved_design: Floats

    @property
    def mean_walk_sd(self) -> float:
        """Posterior mean of the standard deviation of the random walk (`s_h`)."""
        return float(self.weights @ self.walk)

    @property
    def mean_noise_sd(self) -> float:
        """Posterior mean of the standard deviation of the noise beyond counting error (`s_e`)."""
        return float(self.weights @ self.noise)

    @property
    def seasonal(self) -> Floats:
        """Seasonal factor of each period of a year (1: the level of the year), from the period of the first count."""
        free = self.weights @ self.coefficients[:, self.series.season_columns]
        return np.asarray(np.exp(np.append(free, -free.sum())))


@dataclass(frozen=True)
class NormalMixture:
    """Mixtures of normals, one for each row; `means` and `sds` have shape (quantities, grid points)."""

    means: Floats
    sds: Floats
    weights: Floats

    def cdf(self, row: int, value: float) -> float:
        """Return the probability that quantity `row` is below `value`."""
        return float(self.weights @ special.ndtr((value - self.means[row]) / self.sds[row]))

    def row(self, row: int) -> NormalMixture:
        """Return the mixture of one quantity alone."""
        return NormalMixture(self.means[[row]], self.sds[[row]], self.weights)

    def quantile(self, level: float) -> Floats:
        """Return the quantile of each quantity, by bisection."""
        reach = 9 * self.sds
        low, high = (self.means - reach).min(axis=1), (self.means + reach).max(axis=1)
        for _ in range(48):
            middle = (low + high) / 2
            is_below = special.ndtr((middle[:, None] - self.means) / self.sds) @ self.weights < level
            low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
        return np.asarray((low + high) / 2)


def fit_state_space(
    counts: Floats, period: int, steps: tuple[int, ...], noise_scale: float, walk_scale: float
) -> StateSpaceFit:
    """Fit the local-level model, and return the posterior over a grid of both standard deviations.

    Parameters
    ----------
    counts
        Positive counts in order of time, of shape (periods,); NaN if missing.
    period
        Number of periods in a year, for the season.
    steps
        Positions at which a registered break shifts the level.
    noise_scale, walk_scale
        Scales of the half-normal priors of s_e and s_h, on the log scale of the counts.
    """
    spread = np.geomspace(MINIMUM_SCALE, MAXIMUM_SCALE, POINTS)
    walk, noise = (grid.ravel() for grid in np.meshgrid(walk_scale * spread, noise_scale * spread, indexing="ij"))
    prior = -((walk / walk_scale) ** 2) / 2 - (noise / noise_scale) ** 2 / 2 + np.log(walk) + np.log(noise)
    series = prepare_series(counts, period, steps)
    log_weight = prior + log_marginal(series, walk, noise)
    weights = np.exp(log_weight - log_weight.max())
    keep = np.flatnonzero(weights > NEGLIGIBLE)
    return fit_with_weights(series, walk[keep], noise[keep], weights[keep] / weights[keep].sum())


def prepare_series(counts: Floats, period: int, steps: tuple[int, ...]) -> Series:
    """Prepare the known counts and the matrices of the model."""
    times = np.flatnonzero(~np.isnan(counts))
    shared = np.minimum.outer(times, times).astype(float)
    logs, counting = np.log(counts[times]), np.diag(1 / counts[times])
    return Series(times, len(counts), logs, _design(times, period, steps), counting, shared, slice(1, period))


def log_marginal(series: Series, walk: Floats, noise: Floats) -> Floats:
    """Return the restricted log likelihood (REML) at each pair of standard deviations, up to a constant.

    `walk` (s_h), `noise` (s_e) and the result have shape (grid points,).
    """
    half = np.linalg.cholesky(_covariance(series, walk, noise))
    white = np.linalg.solve(half, np.column_stack([series.design, series.logs]))
    moments = np.swapaxes(white, 1, 2) @ white
    gram, cross, square = moments[:, :-1, :-1], moments[:, :-1, -1], moments[:, -1, -1]
    beta = np.linalg.solve(gram, cross[:, :, None])[:, :, 0]
    log_det = 2 * np.log(np.diagonal(half, axis1=1, axis2=2)).sum(axis=1)
    residual = square - (cross * beta).sum(axis=1)
    return np.asarray(-(log_det + np.linalg.slogdet(gram)[1] + residual) / 2)


def fit_with_weights(series: Series, walk: Floats, noise: Floats, weights: Floats) -> StateSpaceFit:
    """Return the fit at given values of s_h and s_e with given weights."""
    inverse = np.asarray(np.linalg.inv(_covariance(series, walk, noise)))
    solved_design = inverse @ series.design
    cov = np.asarray(np.linalg.inv(series.design.T @ solved_design))
    beta = (cov @ (np.swapaxes(solved_design, 1, 2) @ series.logs)[:, :, None])[:, :, 0]
    solved = np.asarray(inverse @ series.logs - (solved_design @ beta[:, :, None])[:, :, 0])
    return StateSpaceFit(series, walk, noise, weights, beta, cov, inverse, solved, solved_design)


def linear_quantities(fitted: StateSpaceFit, level_weights: Floats, step_weights: Floats) -> NormalMixture:
    """Return the posterior of linear quantities of the level (without steps) and of the steps, one for each row.

    `level_weights` has one column for each period, `step_weights` one for each step.
    """
    series = fitted.series
    all_times = np.arange(series.length)
    start = level_weights.sum(axis=1, keepdims=True)
    season = np.zeros((len(level_weights), series.season_columns.stop - 1))
    coefficient_weights = np.concatenate([start, season, step_weights], axis=1)
    observed_covariance = level_weights @ np.minimum.outer(all_times, series.times).astype(float)
    prior_variance = _quadratic_forms(level_weights, np.minimum.outer(all_times, all_times).astype(float))
    means, variances = [], []
    for point, walk in enumerate(fitted.walk):
        link = walk**2 * observed_covariance
        means.append(coefficient_weights @ fitted.coefficients[point] + link @ fitted.solved_residual[point])
        residual_weights = coefficient_weights - link @ fitted.solved_design[point]
        variances.append(
            walk**2 * prior_variance
            - _quadratic_forms(link, fitted.inverse[point])
            + _quadratic_forms(residual_weights, fitted.coefficients_cov[point])
        )
    sds = np.sqrt(np.maximum(np.array(variances).T, 1e-16))
    return NormalMixture(np.array(means).T, sds, fitted.weights)


def _quadratic_forms(rows: Floats, matrix: Floats) -> Floats:
    """Return x'Mx for each row x, by a matrix product, which is far faster than one sum over all three axes."""
    return np.asarray(((rows @ matrix) * rows).sum(axis=1))


def _covariance(series: Series, walk: Floats, noise: Floats) -> Floats:
    diagonal = series.counting + noise[:, None, None] ** 2 * np.eye(len(series.logs))
    return np.asarray(diagonal + walk[:, None, None] ** 2 * series.shared)


def _design(times: NDArray[np.intp], period: int, steps: tuple[int, ...]) -> Floats:
    """Return the design matrix: starting level, season (sums to zero over a year), and one column for each step."""
    columns = [np.ones(len(times))]
    place = times % period
    for quarter in range(period - 1):
        columns.append((place == quarter).astype(float) - (place == period - 1))
    columns += [(times >= step).astype(float) for step in steps]
    return np.stack(columns, axis=1)
