"""Share and interval from a stratified sample.

The estimate weights the share of each stratum by its size. The interval method depends on the design alone, never on
the result:

- one stratum: Blaker's interval of the finite population (`finite_population.py`);
- proportional sampling, or nearly: the interval of the effective sample size (`effective_sample_size.py`), with
  variances from shares with half a success and half a failure added, so that a stratum without successes is not
  certain;
- disproportionate sampling, for instance more files where a rare property is likely: mid-P limits of each stratum,
  combined by the square root of the sum of squares (MOVER: Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702;
  for strata Yan and Su, Statistics in Biopharmaceutical Research 2, 2010). A stratum without successes still adds its
  upper limit;
- disproportionate sampling of more than a tenth of all records, so that strata are small: the wider of the two limits
  at each end.

The methods were chosen by their exact coverage: `benchmarks/samples.md`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.posterior_grid import Floats
from assay.stats.refusals import EstimationRefused
from assay.stats.samples.effective_sample_size import effective_limits
from assay.stats.samples.finite_population import check_sample, mid_p_limits, simple_sample_share

ADDED_COUNT = 0.5
NEARLY_PROPORTIONAL = 1.05
"""Design effect of the weights up to which sampling counts as proportional."""
LARGE_SAMPLING_FRACTION = 0.1
"""Sampling fraction above which combined mid-P limits cover too little if several strata have no successes."""


@dataclass(frozen=True)
class Stratum:
    """A stratum of `size` records, with a random sample of `sample_size` files, `count` of which have the property."""

    size: int
    sample_size: int
    count: int


@dataclass(frozen=True)
class StrataArrays:
    """Strata as arrays with one value for each stratum, without empty ones."""

    sizes: Floats
    sample_sizes: Floats
    counts: Floats

    @property
    def weights(self) -> Floats:
        """Share of each stratum in the population."""
        return np.asarray(self.sizes / self.sizes.sum())

    @property
    def share(self) -> float:
        """Stratified estimate of the population share, unbiased under the design."""
        return float(self.weights @ (self.counts / self.sample_sizes))

    @property
    def smoothed(self) -> Floats:
        """Share of each stratum with half a success and half a failure added, so that none is certain."""
        return np.asarray((self.counts + ADDED_COUNT) / (self.sample_sizes + 2 * ADDED_COUNT))

    @property
    def effective_files(self) -> float:
        """Effective sample size; infinite if everything was read."""
        shares = self.smoothed
        unread = (self.sizes - self.sample_sizes) / np.maximum(self.sizes - 1, 1)
        variance = float(self.weights**2 @ (shares * (1 - shares) / self.sample_sizes * unread))
        middle = float(self.weights @ shares)
        return middle * (1 - middle) / variance if variance > 0 else np.inf

    @property
    def weights_effect(self) -> float:
        """Design effect of unequal inclusion probabilities; 1 if they are equal."""
        return float(self.sample_sizes.sum() * (self.weights**2 / self.sample_sizes).sum())


def stratified_share(strata: Sequence[Stratum], level: float = 0.95) -> IntervalEstimate:
    """Return the share of the population (0 to 1) from a stratified sample, with its interval.

    EstimationRefused if a stratum with records has no file in the sample, because its share could be anything
    (`nonresponse.py` gives bounds).
    """
    arrays = strata_arrays(strata)
    if len(arrays.sizes) == 1:
        (size,), (sample_size,), (count,) = arrays.sizes, arrays.sample_sizes, arrays.counts
        return simple_sample_share(int(count), int(sample_size), int(size), level)
    if (arrays.sizes == arrays.sample_sizes).all():
        return IntervalEstimate(arrays.share, arrays.share, arrays.share, "Every file was read: nothing is left open.")
    low, high = _limits(arrays, level)
    return IntervalEstimate(arrays.share, low, high)


def _limits(arrays: StrataArrays, level: float) -> tuple[float, float]:
    """Return the limits by the method of the design."""
    if arrays.weights_effect <= NEARLY_PROPORTIONAL:
        return _effective_file_limits(arrays, level)
    low, high = _combined_strata_limits(arrays, level)
    if arrays.sample_sizes.sum() <= LARGE_SAMPLING_FRACTION * arrays.sizes.sum():
        return low, high
    other_low, other_high = _effective_file_limits(arrays, level)
    return min(low, other_low), max(high, other_high)


def _effective_file_limits(arrays: StrataArrays, level: float) -> tuple[float, float]:
    low, high = effective_limits(np.array([arrays.share]), np.array([arrays.effective_files]), level)
    return float(low[0]), float(high[0])


def _combined_strata_limits(arrays: StrataArrays, level: float) -> tuple[float, float]:
    strata = zip(arrays.counts, arrays.sample_sizes, arrays.sizes, strict=True)
    ends = [mid_p_limits(int(count), int(sample_size), int(size), level) for count, sample_size, size in strata]
    low, high = combined_limits(arrays.counts / arrays.sample_sizes, arrays.weights, *np.array(ends).T)
    return float(low), float(high)


def strata_arrays(strata: Sequence[Stratum]) -> StrataArrays:
    """Return validated strata as arrays, without those that have no records."""
    filled = [stratum for stratum in strata if stratum.size > 0]
    if not filled:
        raise EstimationRefused("There are no records: no share can be worked out.")
    for stratum in filled:
        check_sample(stratum.count, stratum.sample_size, stratum.size)
        if stratum.sample_size == 0:
            raise EstimationRefused(
                f"A stratum of {stratum.size} records has no file in the sample: its share could be anything."
            )
    columns = zip(*((stratum.size, stratum.sample_size, stratum.count) for stratum in filled), strict=True)
    return StrataArrays(*(np.array(column, dtype=float) for column in columns))


def combined_limits(shares: Floats, weights: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return MOVER limits of a weighted mean from the limits of its independent parts (last axis)."""
    middle = (weights * shares).sum(axis=-1)
    below, above = (np.sqrt((weights**2 * (shares - end) ** 2).sum(axis=-1)) for end in (low, high))
    return np.maximum(0.0, middle - below), np.minimum(1.0, middle + above)
