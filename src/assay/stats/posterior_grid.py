"""Grid of a two-parameter posterior, for all units together and with each unit left out in turn.

A rectangle is shrunk until it just contains the posterior, and the posterior of the same model without any one unit; it
is then filled with points so dense that the trapezium rule is exact for all purposes. Nothing is sampled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy
from numpy.typing import NDArray

from assay.stats.refusals import EstimationRefused

Floats = NDArray[np.float64]
Model = Callable[[Floats, Floats], tuple[Floats, Floats]]

LOG_DENSITY_DROP = 20.0
"""Points whose log density is lower than the maximum by more than this are outside the rectangle."""
NEGLIGIBLE = 1e-6
"""Points with less than this share of the largest weight are skipped in mixtures."""
MAXIMUM_ROUNDS, LAST_SHRINKING_ROUND = 80, 30
STEP_X, STEP_Y = 0.33, 0.45
"""Distance of points in the final rectangle, in posterior standard deviations."""


@dataclass(frozen=True)
class PosteriorGrid:
    """Grid points (x, y) with their log posterior weights, and the log likelihood of each unit at each point.

    `log_likelihood` has shape (units, points); `step_x` is the distance between neighbouring x. `included`: the units
    whose likelihood is in `log_weight`.
    """

    x: Floats
    y: Floats
    step_x: float
    log_weight: Floats
    log_likelihood: Floats
    included: NDArray[np.bool_]

    @cached_property
    def weights(self) -> Floats:
        """Posterior weight of each point, given the included units, of shape (points,); they sum to 1."""
        return _normalise_weights(self.log_weight)

    @cached_property
    def leave_one_out_weights(self) -> Floats:
        """Posterior weight of each point without each unit in turn, of shape (units, points); rows sum to 1."""
        return _normalise_weights(self.log_weight - self.included[:, None] * self.log_likelihood)

    def heavy_points(self) -> NDArray[np.intp]:
        """Return the indices of the points that have more than `NEGLIGIBLE` times the largest posterior weight."""
        return np.flatnonzero(self.weights > NEGLIGIBLE * self.weights.max())


def build_grid(
    model: Model, x_range: tuple[float, float], y_range: tuple[float, float], included: NDArray[np.bool_]
) -> PosteriorGrid:
    """Find the rectangle that contains the posterior and each leave-one-out posterior, and build the grid.

    `model(x, y)` takes flat arrays of points and returns (log prior, log likelihood of shape (units, points)).
    `included`: the units from which the posterior is estimated.
    """
    x_range, y_range, log_densities = _shrink(model, x_range, y_range, included)
    step_x = STEP_X * _smallest_sd(log_densities, x_range, axis=0)
    step_y = STEP_Y * _smallest_sd(log_densities, y_range, axis=1)
    xs = _grid_values(x_range, step_x)
    ys = _grid_values(y_range, step_y)
    x, y = (part[_relevant_points(log_densities, xs, ys)] for part in _grid_points(xs, ys))
    prior, likelihood = model(x, y)
    return PosteriorGrid(x, y, float(xs[1] - xs[0]), prior + likelihood[included].sum(axis=0), likelihood, included)


def weighted_quantile(values: Floats, weights: Floats, levels: Floats) -> Floats:
    """Return quantiles of weighted points, interpolated between the midpoints of their cumulative weights."""
    order = np.argsort(values)
    ordered = weights[order]
    reached = np.cumsum(ordered) - ordered / 2
    return np.interp(levels, reached, values[order])


def _shrink(
    model: Model,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    included: NDArray[np.bool_],
    points: int = 25,
) -> tuple[tuple[float, float], tuple[float, float], Floats]:
    """Shrink the rectangle to the points that are not negligible; widen it again where they touch an edge.

    Widening is needed because on a coarse grid no x fits well, which makes a wide spread look likely at first.
    """
    sides = _Side(*x_range, outer=x_range), _Side(*y_range, outer=y_range)
    for round_number in range(MAXIMUM_ROUNDS):
        xs, ys = (np.linspace(side.low, side.high, points) for side in sides)
        prior, likelihood = model(*_grid_points(xs, ys))
        log_posterior = prior + likelihood[included].sum(axis=0)
        log_densities = np.vstack([log_posterior[None, :], log_posterior - likelihood[included]]).reshape(
            -1, points, points
        )
        inside = (log_densities > log_densities.max(axis=(1, 2), keepdims=True) - LOG_DENSITY_DROP).any(axis=0)
        extents = inside.any(axis=1), inside.any(axis=0)
        # Late rounds only widen, so that two posteriors of different extent cannot make the rectangle oscillate.
        changes = [
            side.move(extent, may_shrink=round_number < LAST_SHRINKING_ROUND)
            for side, extent in zip(sides, extents, strict=True)
        ]
        if not any(changes):
            return (xs[0], xs[-1]), (ys[0], ys[-1]), log_densities
    raise EstimationRefused("The model does not settle on these figures: no estimate is given.")


@dataclass
class _Side:
    """Range of one axis during the search; `touched` counts the consecutive rounds in which each end was touched."""

    low: float
    high: float
    outer: tuple[float, float]
    touched: tuple[int, int] = (0, 0)

    def move(self, inside: NDArray[np.bool_], *, may_shrink: bool) -> bool:
        """Shrink to one point beyond the inside, or widen where an end is inside; return True if the range changed."""
        positions, width = np.flatnonzero(inside), self.high - self.low
        step, last = width / (len(inside) - 1), len(inside) - 1
        at_low, at_high = positions[0] == 0, positions[-1] == last
        self.touched = (self.touched[0] + 1) * at_low, (self.touched[1] + 1) * at_high
        out_low, out_high = (3 * 2**times * step if times else 0.0 for times in self.touched)
        low = self.low - out_low if at_low else self.low + (positions[0] - 1) * step * may_shrink
        high = self.high + out_high if at_high else self.high - (last - positions[-1] - 1) * step * may_shrink
        low, high = max(low, self.outer[0]), min(high, self.outer[1])
        changed = low < self.low or high > self.high or high - low < 0.8 * width
        if changed:
            self.low, self.high = float(low), float(high)
        return bool(changed)


def _smallest_sd(log_densities: Floats, limits: tuple[float, float], axis: int) -> float:
    """Return the smallest standard deviation along one axis among the posteriors."""
    values = np.linspace(*limits, log_densities.shape[1 + axis])
    weights = np.exp(log_densities - log_densities.max(axis=(1, 2), keepdims=True)).sum(axis=2 - axis)
    weights /= weights.sum(axis=1, keepdims=True)
    means = weights @ values
    spread = np.sqrt(np.maximum(weights @ values**2 - means**2, 0.0))
    return float(max(spread.min(), (values[1] - values[0]) / 3))


def _relevant_points(log_densities: Floats, xs: Floats, ys: Floats) -> NDArray[np.bool_]:
    """Return which points of the final grid are near a coarse point where a posterior is not negligible."""
    inside = (log_densities > log_densities.max(axis=(1, 2), keepdims=True) - LOG_DENSITY_DROP).any(axis=0)
    wide = scipy.ndimage.binary_dilation(inside, np.ones((3, 3)))
    rows, columns = (
        np.rint(np.linspace(0, coarse - 1, len(fine))).astype(int)
        for coarse, fine in zip(inside.shape, (xs, ys), strict=True)
    )
    return np.asarray(wide[np.ix_(rows, columns)].ravel())


def _grid_values(limits: tuple[float, float], step: float) -> Floats:
    count = int(np.clip(np.ceil((limits[1] - limits[0]) / step) + 1, 25, 121))
    return np.linspace(*limits, count)


def _grid_points(xs: Floats, ys: Floats) -> tuple[Floats, Floats]:
    x, y = np.meshgrid(xs, ys, indexing="ij")
    return x.ravel(), y.ravel()


def _normalise_weights(log_weight: Floats) -> Floats:
    weights = np.exp(log_weight - log_weight.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
