"""Beta and gamma families as conjugate kernels, on the logit and the log scale.

Each family works on an unbounded scale: the logit of a share, the logarithm of a rate. A member of the family has two
parameters, (a, b) of a beta or (shape, rate) of a gamma; the functions take arrays of members.
"""

from typing import Protocol

import numpy as np
from scipy import special

from assay.stats.posterior_grid import Floats
from assay.stats.rising_factorial import log_beta
from assay.stats.tabulated_densities import TabulatedDensity

REACH = 7.0
"""Standard deviations of a mixture that its table covers to each side; the tails beyond are added exactly."""
NEGLIGIBLE = 1e-12
MAXIMUM_NODE = 34.0
"""No table reaches beyond this on the working scale (a share or a rate of 10 to the minus 15)."""


class Kernel(Protocol):
    """The functions of a distribution family that are needed to mix its members."""

    def centre(self, first: Floats, second: Floats) -> Floats:
        """The mean on the working scale (logit of a share, logarithm of a rate), of the shape of `first`."""

    def parts(self, nodes: Floats) -> tuple[Floats, Floats]:
        """The factors by which `first` and `second` enter the log density on the working scale."""

    def log_norm(self, first: Floats, second: Floats) -> Floats:
        """The log normalising constant, to be subtracted from the log density."""

    def slope(self, first: Floats, second: Floats, nodes: Floats) -> Floats:
        """The slope of the log density on the working scale, which decreases everywhere (log-concave)."""

    def cdf(self, first: Floats, second: Floats, nodes: Floats) -> Floats:
        """The cumulative distribution function at `nodes`, which are points of the working scale."""

    def variance(self, first: Floats, second: Floats) -> Floats:
        """The variance on the working scale, accurate to about 1%."""

    def value(self, nodes: Floats) -> Floats:
        """The share (0 to 1) or rate at points of the working scale: the inverse of `node`."""

    def node(self, values: Floats) -> Floats:
        """The logit of a share, or the logarithm of a rate."""


class BetaKernel:
    """Kernel functions of beta distributions of a share, on the logit scale."""

    def centre(self, first: Floats, second: Floats) -> Floats:
        """The mean logit."""
        return np.asarray(special.digamma(first) - special.digamma(second))

    def variance(self, first: Floats, second: Floats) -> Floats:
        """The variance of the logit."""
        return trigamma(first) + trigamma(second)

    def parts(self, nodes: Floats) -> tuple[Floats, Floats]:
        """The logs of the share and of one minus the share."""
        return np.asarray(-np.logaddexp(0, -nodes)), np.asarray(-np.logaddexp(0, nodes))

    def log_norm(self, first: Floats, second: Floats) -> Floats:
        """The log of the beta function."""
        return log_beta(first, second)

    def slope(self, first: Floats, second: Floats, nodes: Floats) -> Floats:
        """The slope of the log density of the logit."""
        share = special.expit(nodes)
        return np.asarray(first * (1 - share) - second * share)

    def cdf(self, first: Floats, second: Floats, nodes: Floats) -> Floats:
        """The probability that the logit is at or under `nodes`."""
        return np.asarray(special.betainc(first, second, special.expit(nodes)))

    def value(self, nodes: Floats) -> Floats:
        """The share, 0 to 1."""
        return np.asarray(special.expit(nodes))

    def node(self, values: Floats) -> Floats:
        """The logit of a share."""
        return np.asarray(special.logit(values))


class GammaKernel:
    """Kernel functions of gamma distributions of a rate, on the log scale."""

    def centre(self, first: Floats, second: Floats) -> Floats:
        """The mean log rate."""
        return np.asarray(special.digamma(first) - np.log(second))

    def variance(self, first: Floats, second: Floats) -> Floats:
        """The variance of the log rate."""
        return trigamma(first) + 0 * second

    def parts(self, nodes: Floats) -> tuple[Floats, Floats]:
        """The log of the rate, and minus the rate."""
        return nodes, -np.exp(nodes)

    def log_norm(self, first: Floats, second: Floats) -> Floats:
        """The log of the normalising constant of the gamma density."""
        return np.asarray(special.gammaln(first) - first * np.log(second))

    def slope(self, first: Floats, second: Floats, nodes: Floats) -> Floats:
        """The slope of the log density of the log rate."""
        return np.asarray(first - second * np.exp(nodes))

    def cdf(self, first: Floats, second: Floats, nodes: Floats) -> Floats:
        """The probability that the log rate is at or under `nodes`."""
        return np.asarray(special.gammainc(first, second * np.exp(nodes)))

    def value(self, nodes: Floats) -> Floats:
        """The rate for one unit of exposure."""
        return np.asarray(np.exp(nodes))

    def node(self, values: Floats) -> Floats:
        """The logarithm of a rate."""
        return np.asarray(np.log(values))


def trigamma(x: Floats) -> Floats:
    """Return the trigamma function to about 1% (enough to choose the range of a table)."""
    y = x + 1
    return np.asarray(1 / x**2 + 1 / y + 1 / (2 * y**2) + 1 / (6 * y**3))


def densities(kernel: Kernel, first: Floats, second: Floats, norm: Floats, nodes: Floats) -> Floats:
    """Return the density of each member at each node, on the working scale.

    `first`, `second` and `norm` have one shape, `nodes` has shape (nodes,); the result has the shape (*members, nodes).
    """
    factors = np.array([*kernel.parts(nodes), -np.ones_like(nodes)])
    exponents = np.stack([first, second, norm], axis=-1) @ factors
    return np.asarray(np.exp(exponents, out=exponents))


def widen_members(kernel: Kernel, first: Floats, second: Floats, minimum_sd: Floats | float) -> tuple[Floats, Floats]:
    """Widen the members of a mixture, so that each has at least the minimum standard deviation on the working scale.

    If units hardly differ, a mixture over grid points would be a comb of spikes; a minimum of half a step joins them.
    """
    scale = np.minimum(1.0, kernel.variance(first, second) / np.maximum(minimum_sd, 1e-9) ** 2)
    return first * scale, second * scale


def tabulate(kernel: Kernel, first: Floats, second: Floats, weights: Floats, points: int) -> TabulatedDensity:
    """Return the mixture of each unit (rows: units, columns: members of the mixture) as a tabulated density.

    `weights` has one row for all units, or one row for each.
    """
    weights = np.broadcast_to(weights, first.shape)
    low, high = table_range(kernel, first, second, weights)
    nodes = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, points)
    density, ends = np.empty(nodes.shape), np.empty((2, *first.shape))
    for row, members in enumerate(zip(first, second, kernel.log_norm(first, second), strict=True)):
        member_densities = densities(kernel, *members, nodes[row])
        density[row], ends[:, row] = weights[row] @ member_densities, member_densities[:, [0, -1]].T
    below = tail_probability(kernel, first, second, weights, low, ends[0], side=-1)
    return TabulatedDensity(
        nodes, density, below, tail_probability(kernel, first, second, weights, high, ends[1], side=1)
    )


def tail_probability(
    kernel: Kernel, first: Floats, second: Floats, weights: Floats, end: Floats, density: Floats, *, side: int
) -> Floats:
    """Return the probability of each mixture beyond its end: below (`side` -1) or above (1).

    `density` is the density of each member at the end. A log-concave density has at most density / slope beyond a point
    on its flank, so members with a negligible bound are skipped.
    """
    steep = -side * kernel.slope(first, second, end[:, None])
    negligible = (steep > 0) & (weights * density < NEGLIGIBLE * np.maximum(steep, 0))
    rows, columns = np.nonzero(~negligible)
    reached = kernel.cdf(first[rows, columns], second[rows, columns], end[rows])
    masses = weights[rows, columns] * (reached if side == -1 else 1 - reached)
    return np.asarray(np.bincount(rows, masses, minlength=len(weights)), dtype=float)


def table_range(kernel: Kernel, first: Floats, second: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the lowest and highest node of each mixture's table: its mean, minus and plus `REACH` standard deviations.

    The parameters and weights have shape (units, members); both results have shape (units,), on the working scale.
    """
    centre = np.clip(kernel.centre(first, second), -MAXIMUM_NODE, MAXIMUM_NODE)
    middle = (weights * centre).sum(axis=1)
    variance = np.minimum(kernel.variance(first, second), 9.0) + (centre - middle[:, None]) ** 2
    spread = np.sqrt((weights * variance).sum(axis=1))
    return np.maximum(middle - REACH * spread, -MAXIMUM_NODE), np.minimum(middle + REACH * spread, MAXIMUM_NODE)
