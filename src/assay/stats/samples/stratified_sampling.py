"""Share and interval from a stratified sample.

The estimate weighs each stratum's share by its size. Its interval depends on the design alone, never on what was found:

- one stratum: Blaker's interval of the finite population (`finite_population.py`);
- strata read in proportion to their size, or nearly: the interval of the effective number of files
  (`effective_sample_size.py`), with variances from shares that half a find and half a miss were added to: an empty
  stratum is not certain;
- strata read out of proportion, as where what is rare is looked for where it is likely: each stratum's own mid-P
  limits, put together by their squares (Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702; for strata Yan and
  Su, Statistics in Biopharmaceutical Research 2, 2010). A band without a find still adds what it leaves possible;
- the same where more than a tenth of all records were read, so that strata are small: the wider of the two at each end.

Each way was chosen by its coverage, worked out without chance: `benchmarks/samples.md`.
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
"""Up to this design effect of the weights alone, strata count as read in proportion to their size."""
LARGE_SAMPLING_FRACTION = 0.1
"""From this part of all records on, limits put together by squares fall short where several strata have no find."""


@dataclass(frozen=True)
class Stratum:
    """`count` of the `sample_size` files have the property asked about, drawn by chance of the `size` that there
    are."""

    size: int
    sample_size: int
    count: int


@dataclass(frozen=True)
class StrataArrays:
    """The strata as arrays: one value a stratum, empty ones left out."""

    sizes: Floats
    sample_sizes: Floats
    counts: Floats

    @property
    def weights(self) -> Floats:
        """Each stratum's part of the whole population."""
        return np.asarray(self.sizes / self.sizes.sum())

    @property
    def share(self) -> float:
        """The share of the whole population, unbiased under the design."""
        return float(self.weights @ (self.counts / self.sample_sizes))

    @property
    def smoothed(self) -> Floats:
        """Each stratum's share with half a find and half a miss added, so that none is taken as certain."""
        return np.asarray((self.counts + ADDED_COUNT) / (self.sample_sizes + 2 * ADDED_COUNT))

    @property
    def effective_files(self) -> float:
        """How many files of a simple random sample this one is worth; infinite where everything was read."""
        shares = self.smoothed
        unread = (self.sizes - self.sample_sizes) / np.maximum(self.sizes - 1, 1)
        variance = float(self.weights**2 @ (shares * (1 - shares) / self.sample_sizes * unread))
        middle = float(self.weights @ shares)
        return middle * (1 - middle) / variance if variance > 0 else np.inf

    @property
    def weights_effect(self) -> float:
        """By how much unequal chances alone widen the variance: 1 where every file has the same chance."""
        return float(self.sample_sizes.sum() * (self.weights**2 / self.sample_sizes).sum())


def stratified_share(strata: Sequence[Stratum], level: float = 0.95) -> IntervalEstimate:
    """The share of the whole population (0 to 1), and its interval.

    Refuses (`EstimationRefused`) a stratum with records of which no file was read: its share could be anything.
    `nonresponse.py` says what is then still known.
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
    """The limits in the way that the design asks for."""
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
    """The strata as arrays, checked; strata without records are left out."""
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
    """The limits of a weighted mean from those of its independent parts; the last axis runs over the parts."""
    middle = (weights * shares).sum(axis=-1)
    below, above = (np.sqrt((weights**2 * (shares - end) ** 2).sum(axis=-1)) for end in (low, high))
    return np.maximum(0.0, middle - below), np.minimum(1.0, middle + above)
