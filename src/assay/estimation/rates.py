"""What rate does each unit have, how sure is that, and how much do units truly differ?

A hierarchical gamma-Poisson model. Unit i has count y_i over exposure e_i, y_i ~ Poisson(e_i r_i), and the true rates
r_i follow a gamma with mean m and coefficient of variation v. Prior: log m flat; v / (1 + v) uniform between 0 and 1
(half the weight on differences below the mean itself, half above). Integrated on a grid, not sampled.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from assay.estimation.grid import Floats, lay_out
from assay.estimation.kernels import Gamma, Kernel
from assay.estimation.posterior import Estimate, Posterior, checked, middle_and_interval
from assay.estimation.refusals import Refused
from assay.estimation.rising import log_rising


@dataclass(frozen=True)
class RatePosterior(Posterior):
    """What is known about each unit's rate; `x` of the grid is log m (scaled exposure), `y` is log v.

    `scale` is the exposure that counts as one inside (the rate overall is then 1); results are per exposure as given.
    """

    scale: float = 1.0
    kernel: ClassVar[Kernel] = Gamma()

    @property
    def overall(self) -> Estimate:
        """The mean rate of the population of units (a unit counts once, whatever its exposure)."""
        return self._scaled(middle_and_interval(np.exp(self.grid.x[self._heavy]), self._heavy_weights))

    @property
    def between_unit_sd(self) -> Estimate:
        """The standard deviation between units of the true rate."""
        return self._scaled(middle_and_interval(np.exp((self.grid.x + self.grid.y)[self._heavy]), self._heavy_weights))

    @property
    def between_unit_cv(self) -> Estimate:
        """The standard deviation between units as a part of the mean rate."""
        return middle_and_interval(np.exp(self.grid.y[self._heavy]), self._heavy_weights)

    def _scaled(self, estimate: Estimate) -> Estimate:
        return Estimate(estimate.mean / self.scale, estimate.low / self.scale, estimate.high / self.scale)

    def _population(self, points: NDArray[np.intp]) -> tuple[Floats, Floats]:
        shape = np.exp(-2 * self.grid.y[points])
        return shape, shape / np.exp(self.grid.x[points])

    def _updated(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats, Floats]:
        first, second = self._population(self._heavy)
        rate = second + sizes[:, None]
        return first + counts[:, None], rate, second / rate

    def _mean_of(self, first: Floats, second: Floats) -> Floats:
        return first / second

    def _count_cdf(self, counts: Floats, sizes: Floats, values: Floats) -> Floats:
        inside = special.gammaincc(np.maximum(counts + 1, 1), sizes * values)
        return np.where(counts < 0, 0.0, inside)

    def _largest_count(self) -> Floats:
        most = (self.without.nodes[:, -1], self.sizes)
        return np.asarray(np.ceil(10 * (self.counts.max() + 10) + np.exp(np.minimum(most[0], 30.0)) * most[1] * 2))
