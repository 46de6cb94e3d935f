"""What share does each unit have, how sure is that, and how much do units truly differ?

A hierarchical beta-binomial model. Unit i has y_i of n_i, with y_i ~ Binomial(n_i, p_i) and p_i ~ Beta(mk,
(1-m)k). m is the mean share of units; s = 1 / sqrt(1 + k) is the standard deviation between units as a part
of the largest that the mean allows, sqrt(m(1-m)). Prior: m and s uniform between 0 and 1, that is, no opinion
on either. The posterior is integrated on a grid (`posterior_grid.py`), not sampled, so the same data give the same
answer.

With `outlying` a unit may be none of the population: with this prior chance every share of it is as likely (a
contaminated model, as in Box and Tiao, Biometrika 55, 1968, 119-129). Several units that are far out alike then
neither widen what is expected of the others nor hide one another.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from assay.stats.conjugate_kernels import Beta, Kernel
from assay.stats.hierarchical_posterior import Estimate, Posterior, checked, middle_and_interval
from assay.stats.posterior_grid import Floats, Grid, lay_out
from assay.stats.refusals import Refused
from assay.stats.rising import log_rising
from assay.stats.tabulated_densities import Tabulated


@dataclass(frozen=True)
class SharePosterior(Posterior):
    """What is known about each unit's share; `x` of the grid is logit m, `y` is logit s.

    `outlying`: the prior chance that a unit is not one of the population.
    """

    outlying: float
    kernel: ClassVar[Kernel] = Beta()

    @property
    def overall(self) -> Estimate:
        """The mean share of the population of units (a unit counts once, whatever its size)."""
        points = self._heavy
        return middle_and_interval(special.expit(self.grid.x[points]), self._heavy_weights)

    @property
    def between_unit_sd(self) -> Estimate:
        """The standard deviation between units of the true share, 0 to 0.5."""
        m, s = special.expit(self.grid.x[self._heavy]), special.expit(self.grid.y[self._heavy])
        return middle_and_interval(s * np.sqrt(m * (1 - m)), self._heavy_weights)

    def _population(self, grid: Grid, points: NDArray[np.intp]) -> tuple[Floats, Floats]:
        return _beta(grid.x[points], grid.y[points])

    def _laid_out(self, counted: NDArray[np.bool_]) -> Grid:
        return _laid_out(self.counts, self.sizes, self.outlying, counted)

    def _updated(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats]:
        first, second = self._population(self.grid, self._heavy)
        together = first + second
        follows = together / (together + sizes[:, None])
        return first + counts[:, None], second + (sizes - counts)[:, None], follows

    def _members(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """A unit that may be none of the population has one member more: what its own figure says alone."""
        first, second, follows, weights = super()._members(counts, sizes)
        if not self.outlying:
            return first, second, follows, weights
        follow = weights * self._follows(counts, sizes)
        alone = 1 - follow.sum(axis=1, keepdims=True)
        first, second = np.hstack([first, counts[:, None] + 1]), np.hstack([second, (sizes - counts)[:, None] + 1])
        return first, second, np.hstack([follows, np.zeros_like(alone)]), np.hstack([follow, alone])

    def _follows(self, counts: Floats, sizes: Floats) -> Floats:
        """How probable it is at each heavy point that a unit with these counts is one of the population."""
        points, alone = self._heavy, np.log(self.outlying) + _log_any_share(counts, sizes)
        if counts is self.counts and sizes is self.sizes:  # what the grid holds is both chances together
            return np.asarray(-np.expm1(alone - self.grid.log_likelihood[:, points]))
        ordinary = _log_likelihood(counts, sizes, self.grid.x[points], self.grid.y[points])
        return np.asarray(special.expit(ordinary + np.log1p(-self.outlying) - alone))

    def _mean_of(self, first: Floats, second: Floats) -> Floats:
        return first / (first + second)

    def _passing(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats]:
        return np.maximum(counts + 1, 1), np.maximum(sizes - counts, 1)

    def _largest_count(self, sizes: Floats, without: Tabulated) -> Floats:
        return sizes


def share_posterior(
    counts: ArrayLike, bases: ArrayLike, *, outlying: float = 0.0, set_apart_below: float = 0.0
) -> SharePosterior:
    """What is known about each unit's share, from its count and its base.

    `outlying`: the prior chance that a unit is not one of the population at all, and has any share (0 to 1).
    `set_apart_below`: a unit with a p value under it is set apart, and nobody is measured by it (0 to 1).

    A unit with base 0 is described by the population alone. Refuses (`Refused`) fewer than five units,
    missing or negative numbers, and a count above its base.
    """
    y, n = checked(np.asarray(counts), np.asarray(bases), "share")
    if (y > n).any():
        raise Refused("A count is larger than its base: no share can be worked out.")
    if n.sum() == 0:
        raise Refused("Every base is zero: there is nothing to compare.")

    grid = _laid_out(y, n, outlying, np.ones(len(y), dtype=bool))
    return SharePosterior(y, n, grid, set_apart_below, outlying)


def _laid_out(counts: Floats, bases: Floats, outlying: float, counted: NDArray[np.bool_]) -> Grid:
    def model(x: Floats, spread: Floats) -> tuple[Floats, Floats]:
        likelihood = _log_likelihood(counts, bases, x, spread)
        return _log_prior(x) + _log_prior(spread), _with_outlying(likelihood, counts, bases, outlying)

    return lay_out(model, (-25.0, 25.0), (-18.0, 12.0), counted)


def _with_outlying(log_likelihood: Floats, counts: Floats, bases: Floats, outlying: float) -> Floats:
    """The same, where a unit may be none of the population: then every share is as likely."""
    if not outlying:
        return log_likelihood
    of_population = np.log1p(-outlying) + log_likelihood
    return np.asarray(np.logaddexp(of_population, np.log(outlying) + _log_any_share(counts, bases)))


def _log_any_share(counts: Floats, bases: Floats) -> Floats:
    """The likelihood of a unit of which every share is as likely; the binomial coefficient is left out."""
    return np.asarray(special.betaln(counts + 1, bases - counts + 1)[:, None])


def _log_prior(logit: Floats) -> Floats:
    """A uniform on (0, 1), seen on the logit scale."""
    return np.asarray(-np.logaddexp(0, logit) - np.logaddexp(0, -logit))


def _beta(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """(mk, (1-m)k) from logit m and logit s; k = 1/s^2 - 1, so written that s near 1 loses no digits."""
    k = np.exp(-2 * y) + 2 * np.exp(-y)
    return np.asarray(special.expit(x) * k), np.asarray(special.expit(-x) * k)


def _log_likelihood(counts: Floats, bases: Floats, x: Floats, y: Floats) -> Floats:
    """One row a unit, one column a point; the binomial coefficient is left out."""
    first, second = _beta(x, y)
    hits, misses = counts[:, None], (bases - counts)[:, None]
    found = log_rising(first, hits)
    found += log_rising(second, misses)
    levels, places = np.unique(y, return_inverse=True)  # first + second depends on y alone, and many points share it
    found -= log_rising(np.exp(-2 * levels) + 2 * np.exp(-levels), hits + misses)[:, places]
    found -= np.hstack([hits, misses]) @ np.vstack([np.logaddexp(0, -x), np.logaddexp(0, x)])
    return np.asarray(found)
