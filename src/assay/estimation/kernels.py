"""Which two families of distributions carry what is believed about one share, or one rate?

Each works on a scale without ends: the logit of a share, the logarithm of a rate. A member is told by two
numbers, (a, b) of a beta or (shape, rate) of a gamma; arrays of members are handled at once.
"""

from typing import Protocol

import numpy as np
from scipy import special

from assay.estimation.grid import Floats
from assay.estimation.tabulated import Tabulated

REACH = 7.0
"""How many standard deviations of a mixture its table reaches to each side; what lies beyond is added
exactly.
"""
FAR = 34.0
"""No table reaches beyond this on the working scale (a share or a rate of 10 to the minus 15)."""


class Kernel(Protocol):
    """What a mixture needs to know of a family."""

    def centre(self, first: Floats, second: Floats) -> Floats:
        """The mean on the working scale."""

    def log_density(self, first: Floats, second: Floats, nodes: Floats) -> Floats:
        """The log density on the working scale."""

    def cdf(self, first: Floats, second: Floats, nodes: Floats) -> Floats:
        """The probability up to `nodes`."""

    def variance(self, first: Floats, second: Floats) -> Floats:
        """The variance on the working scale, to about a hundredth of itself."""

    def value(self, nodes: Floats) -> Floats:
        """From the working scale to the share or the rate."""


class Beta:
    """Shares on the logit scale."""

    def centre(self, first: Floats, second: Floats) -> Floats:
        """The mean logit."""
        return np.asarray(special.digamma(first) - special.digamma(second))

    def variance(self, first: Floats, second: Floats) -> Floats:
        """The variance of the logit."""
        return trigamma(first) + trigamma(second)

    def log_density(self, first: Floats, second: Floats, nodes: Floats) -> Floats:
        """The log density of the logit."""
        log_share, log_rest = -np.logaddexp(0, -nodes), -np.logaddexp(0, nodes)
        return np.asarray(first * log_share + second * log_rest - special.betaln(first, second))

    def cdf(self, first: Floats, second: Floats, nodes: Floats) -> Floats:
        """The probability that the logit is at or under `nodes`."""
        return np.asarray(special.betainc(first, second, special.expit(nodes)))

    def value(self, nodes: Floats) -> Floats:
        """The share, 0 to 1."""
        return np.asarray(special.expit(nodes))


class Gamma:
    """Rates on the log scale."""

    def centre(self, first: Floats, second: Floats) -> Floats:
        """The mean log rate."""
        return np.asarray(special.digamma(first) - np.log(second))

    def variance(self, first: Floats, second: Floats) -> Floats:
        """The variance of the log rate."""
        return trigamma(first) + 0 * second

    def log_density(self, first: Floats, second: Floats, nodes: Floats) -> Floats:
        """The log density of the log rate."""
        return np.asarray(first * (nodes + np.log(second)) - second * np.exp(nodes) - special.gammaln(first))

    def cdf(self, first: Floats, second: Floats, nodes: Floats) -> Floats:
        """The probability that the log rate is at or under `nodes`."""
        return np.asarray(special.gammainc(first, second * np.exp(nodes)))

    def value(self, nodes: Floats) -> Floats:
        """The rate for one unit of exposure."""
        return np.asarray(np.exp(nodes))


def trigamma(x: Floats) -> Floats:
    """The trigamma function to about a hundredth (enough to decide how far a table should reach)."""
    y = x + 1
    return np.asarray(1 / x**2 + 1 / y + 1 / (2 * y**2) + 1 / (6 * y**3))


def no_narrower(kernel: Kernel, first: Floats, second: Floats, least: Floats | float) -> tuple[Floats, Floats]:
    """Members spread so that none has a standard deviation under `least` on the working scale.

    Where units hardly differ, a mixture over grid points would be a comb of spikes; half a step of spread
    joins them.
    """
    scale = np.minimum(1.0, kernel.variance(first, second) / np.maximum(least, 1e-9) ** 2)
    return first * scale, second * scale


def tabulate(kernel: Kernel, first: Floats, second: Floats, weights: Floats, points: int) -> Tabulated:
    """The mixture of members (rows: units, columns: members) as a table of densities, one row a unit.

    `weights` is one row for all units, or a row a unit.
    """
    weights = np.broadcast_to(weights, first.shape)
    low, high = reach(kernel, first, second, weights)
    nodes = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, points)
    density = np.array(
        [
            w @ np.exp(kernel.log_density(f[:, None], s[:, None], row[None, :]))
            for f, s, w, row in zip(first, second, weights, nodes, strict=True)
        ]
    )
    below = (weights * kernel.cdf(first, second, low[:, None])).sum(axis=1)
    above = 1 - (weights * kernel.cdf(first, second, high[:, None])).sum(axis=1)
    return Tabulated(nodes, density, below, np.maximum(above, 0.0))


def reach(kernel: Kernel, first: Floats, second: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """The lowest and highest node of each mixture's table."""
    centre = np.clip(kernel.centre(first, second), -FAR, FAR)
    middle = (weights * centre).sum(axis=1)
    variance = np.minimum(kernel.variance(first, second), 9.0) + (centre - middle[:, None]) ** 2
    spread = np.sqrt((weights * variance).sum(axis=1))
    return np.maximum(middle - REACH * spread, -FAR), np.minimum(middle + REACH * spread, FAR)
