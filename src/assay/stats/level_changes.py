"""Change in the level of a series of counts, adjusted for season, noise and known breaks (state-space model).

Local-level model: log(count) = level + season + steps + noise. The level is a random walk with normal increments of
standard deviation s_h. The noise has variance 1 / count + s_e^2: Poisson variation and other variation between periods.
The season is fixed and sums to zero over a year. A step is a sudden change at a known break, of unknown size (flat
prior). Given s_h and s_e everything is Gaussian and solved exactly (`state_space.py`); both are integrated out by
quadrature, under half-normal priors with scale 0.10 for a quarter (walk: 0.20 for a year). Nothing is sampled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assay.stats.posterior_grid import Floats
from assay.stats.state_space import NormalMixture, StateSpaceFit, fit_state_space, linear_quantities

NOISE_SCALE = 0.10
"""Scale of the half-normal prior on s_e, the noise beyond counting."""
WALK_SCALE_QUARTER = 0.10
"""Scale of the half-normal prior on s_h for quarters; twice that for years (variances add over four quarters)."""
NOTABLE_FALL = 0.05
"""Relative fall of the level whose probability is reported separately."""
SMALLEST_MEAN = 5.0
"""Smallest mean count per period for which the log scale is adequate; below it, use longer periods."""
TOO_SMALL_QUARTERS, TOO_SMALL_YEARS = TOO_SMALL_TEXTS = tuple(
    f"The counts are too few, on average under {SMALLEST_MEAN:.0f} a period: compare {larger}."
    for larger in ("whole years instead", "several years together")
)
"""Refusals of small counts; without their mean, which could tell a count that is not released."""
ZERO_OR_NEGATIVE = "A period of the years compared has no offences or a negative count: compare whole years instead."


@dataclass(frozen=True)
class ChangeEstimate:
    """Change as a proportion of the earlier level (-0.1 is a tenth lower), with its 95% interval."""

    probability_fell: float
    probability_fell_5_percent: float
    change: float
    low: float
    high: float


@dataclass(frozen=True)
class SpanChange:
    """Change of the latest year against the year `span` years before it.

    `latest_window` and `earlier_window` are half-open index ranges into the counts. `step_adjusted` compares the levels
    without the steps between them; `as_published` includes the steps. Both are None if `refusal` gives a reason.
    """

    span: int
    latest_window: tuple[int, int]
    earlier_window: tuple[int, int]
    steps_between: tuple[int, ...] = ()
    step_adjusted: ChangeEstimate | None = None
    as_published: ChangeEstimate | None = None
    refusal: str = ""


@dataclass(frozen=True)
class LevelChange:
    """Smoothed level of a series and its changes over several spans of years.

    `level`, `level_low`, `level_high`: seasonally adjusted counts with steps, and their 90% interval, one value for
    each period (all NaN if `refusal` is not empty). `steps`: index and size (proportion, 95% interval) of each step.
    """

    changes: tuple[SpanChange, ...]
    level: Floats
    level_low: Floats
    level_high: Floats
    walk_sd: float
    noise_sd: float
    seasonal: Floats
    steps: tuple[tuple[int, ChangeEstimate], ...]
    refusal: str = ""

    def change_over_years(self, span: int) -> SpanChange:
        """Return the change over `span` years."""
        return next(change for change in self.changes if change.span == span)


def level_change(
    counts: Sequence[float | None],
    *,
    period: int = 4,
    steps: Iterable[int] = (),
    spans: Sequence[int] = (1, 3, 5),
    last_year_is_part: bool = False,
    noise_scale: float = NOISE_SCALE,
    walk_scale: float | None = None,
) -> LevelChange:
    """Estimate the smoothed level of a series and its change over each span of years.

    Parameters
    ----------
    counts
        One count for each period, oldest first; None or NaN if nothing was published. Zero counts outside the compared
        windows enter as one half; negative ones, which are corrections and not counts, as missing.
    period
        Number of periods in a year.
    steps
        Index of the first count after each known break.
    last_year_is_part
        The last year is incomplete; a yearly series is then refused.
    """
    y = np.array([np.nan if count is None else float(count) for count in counts])
    step_positions = _identifiable_steps(steps, y)
    windows = tuple(_window(len(y), period, span, step_positions) for span in spans)
    refusal = _refusal_of_series(y, period, last_year_is_part)
    if refusal:
        return _refuse(windows, len(y), refusal)
    walk_scale = walk_scale or WALK_SCALE_QUARTER * np.sqrt(4 / period)
    fitted = fit_state_space(_usable(y), period, step_positions, noise_scale, walk_scale)
    return _summarise_fit(y, period, step_positions, windows, fitted)


def _summarise_fit(
    y: Floats, period: int, step_positions: tuple[int, ...], windows: tuple[SpanChange, ...], fitted: StateSpaceFit
) -> LevelChange:
    length, count = len(y), len(step_positions)
    changes = tuple(_change(window, y, period, fitted, step_positions) for window in windows)
    level = linear_quantities(fitted, np.eye(length), _step_indicators(np.arange(length), step_positions))
    sizes = linear_quantities(fitted, np.zeros((count, length)), np.eye(count)) if count else None
    return LevelChange(
        changes=changes,
        level=np.exp(level.quantile(0.5)),
        level_low=np.exp(level.quantile(0.05)),
        level_high=np.exp(level.quantile(0.95)),
        walk_sd=fitted.mean_walk_sd,
        noise_sd=fitted.mean_noise_sd,
        seasonal=fitted.seasonal,
        steps=tuple((position, _estimate(sizes, row)) for row, position in enumerate(step_positions)) if sizes else (),
    )


def _change(
    window: SpanChange, y: Floats, period: int, fitted: StateSpaceFit, step_positions: tuple[int, ...]
) -> SpanChange:
    refusal = window.refusal or _refusal_of_window(window, y, period)
    if refusal:
        return replace(window, refusal=refusal)
    weights = np.zeros((1, len(y)))
    weights[0, slice(*window.latest_window)] += 1 / period
    weights[0, slice(*window.earlier_window)] -= 1 / period
    adjusted = linear_quantities(fitted, weights, np.zeros((1, len(step_positions))))
    published = linear_quantities(fitted, weights, weights @ _step_indicators(np.arange(len(y)), step_positions))
    return replace(window, step_adjusted=_estimate(adjusted, 0), as_published=_estimate(published, 0))


def _estimate(mixture: NormalMixture, row: int) -> ChangeEstimate:
    probability_fell, probability_fell_5_percent = (
        mixture.cdf(row, 0.0),
        mixture.cdf(row, float(np.log1p(-NOTABLE_FALL))),
    )
    quantity = mixture.row(row)
    change, low, high = (float(np.expm1(quantity.quantile(level)[0])) for level in (0.5, 0.025, 0.975))
    return ChangeEstimate(probability_fell, probability_fell_5_percent, change, low, high)


def _identifiable_steps(steps: Iterable[int], y: Floats) -> tuple[int, ...]:
    """Return the steps with counts on both sides; of several without a count between them, only the last."""
    known_positions = np.flatnonzero(~np.isnan(y))
    by_first_after = {int((known_positions < step).sum()): step for step in sorted(steps) if 0 < step < len(y)}
    return tuple(step for counts_before, step in by_first_after.items() if 0 < counts_before < len(known_positions))


def _step_indicators(times: NDArray[np.int64], step_positions: tuple[int, ...]) -> Floats:
    return (times[:, None] >= np.array(step_positions, dtype=int)[None, :]).astype(float)


def _years(span: int) -> str:
    return "1 year" if span == 1 else f"{span} years"


def _window(length: int, period: int, span: int, step_positions: tuple[int, ...]) -> SpanChange:
    latest_window, earlier_window = (length - period, length), (length - period * (span + 1), length - period * span)
    if length < period * (span + 2):
        years_available = length // period
        refusal = (
            f"{span + 2} full years are needed to compare over {_years(span)}, and the series has {years_available}."
        )
        return SpanChange(span, latest_window, earlier_window, refusal=refusal)
    steps_between = tuple(position for position in step_positions if earlier_window[0] < position < latest_window[1])
    if any(position > latest_window[0] for position in steps_between):
        return SpanChange(
            span,
            latest_window,
            earlier_window,
            steps_between,
            refusal="The series breaks inside the latest year: before and after cannot be separated yet.",
        )
    return SpanChange(span, latest_window, earlier_window, steps_between)


def _refusal_of_window(window: SpanChange, y: Floats, period: int) -> str:
    compared = np.concatenate([y[slice(*window.latest_window)], y[slice(*window.earlier_window)]])
    if np.isnan(compared).sum() > 0:
        return "A period of the years compared was not published."
    if (compared <= 0).any():
        return ZERO_OR_NEGATIVE
    return ""


def _refusal_of_series(y: Floats, period: int, last_year_is_part: bool) -> str:
    known = y[~np.isnan(y)]
    if last_year_is_part and period == 1:
        return "The last year is not complete: a part of a year is not compared with a year."
    if len(known) < 3 * period or len(known) < 3:
        return "At least three full years are needed to see a level."
    if len(set(np.flatnonzero(~np.isnan(y)) % period)) < period:
        return "Some part of the year was never published, so its season cannot be said."
    if known.mean() < SMALLEST_MEAN:
        return TOO_SMALL_QUARTERS if period > 1 else TOO_SMALL_YEARS
    return ""


def _usable(y: Floats) -> Floats:
    """Return counts with a logarithm: zero as one half, a negative count as missing."""
    return np.where(y < 0, np.nan, np.where(y == 0, 0.5, y))


def _refuse(windows: tuple[SpanChange, ...], length: int, refusal: str) -> LevelChange:
    empty = np.full(length, np.nan)
    changes = tuple(replace(window, refusal=window.refusal or refusal) for window in windows)
    return LevelChange(changes, empty, empty, empty, float("nan"), float("nan"), np.array([]), (), refusal)
