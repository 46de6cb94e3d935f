"""What do strata, each read in part, say of the share in all of them together?

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

from assay.stats.interval_estimates import Answer
from assay.stats.posterior_grid import Floats
from assay.stats.refusals import Refused
from assay.stats.samples.effective_sample_size import effective_limits
from assay.stats.samples.finite_population import checked, mid_p_limits, share_of_sample

HALF_A_FIND = 0.5
NEARLY_PROPORTIONAL = 1.05
"""Up to this design effect of the weights alone, strata count as read in proportion to their size."""
MUCH_READ = 0.1
"""From this part of all records on, limits put together by squares fall short where several strata have no find."""


@dataclass(frozen=True)
class Stratum:
    """`count` of the `drawn` files have the property asked about, drawn by chance of the `size` that there are."""

    size: int
    drawn: int
    count: int


@dataclass(frozen=True)
class Figures:
    """The strata as arrays: one value a stratum, empty ones left out."""

    sizes: Floats
    drawn: Floats
    counts: Floats

    @property
    def weights(self) -> Floats:
        """Each stratum's part of the whole population."""
        return np.asarray(self.sizes / self.sizes.sum())

    @property
    def share(self) -> float:
        """The share of the whole population, unbiased under the design."""
        return float(self.weights @ (self.counts / self.drawn))

    @property
    def smoothed(self) -> Floats:
        """Each stratum's share with half a find and half a miss added, so that none is taken as certain."""
        return np.asarray((self.counts + HALF_A_FIND) / (self.drawn + 2 * HALF_A_FIND))

    @property
    def effective_files(self) -> float:
        """How many files of a simple random sample this one is worth; infinite where everything was read."""
        shares = self.smoothed
        unread = (self.sizes - self.drawn) / np.maximum(self.sizes - 1, 1)
        variance = float(self.weights**2 @ (shares * (1 - shares) / self.drawn * unread))
        middle = float(self.weights @ shares)
        return middle * (1 - middle) / variance if variance > 0 else np.inf

    @property
    def weights_effect(self) -> float:
        """By how much unequal chances alone widen the variance: 1 where every file has the same chance."""
        return float(self.drawn.sum() * (self.weights**2 / self.drawn).sum())


def stratified_share(strata: Sequence[Stratum], level: float = 0.95) -> Answer:
    """The share of the whole population (0 to 1), and its interval.

    Refuses (`Refused`) a stratum with records of which no file was read: its share could be anything.
    `nonresponse.py` says what is then still known.
    """
    figures = figures_of(strata)
    if len(figures.sizes) == 1:
        (size,), (drawn,), (count,) = figures.sizes, figures.drawn, figures.counts
        return share_of_sample(int(count), int(drawn), int(size), level)
    if (figures.sizes == figures.drawn).all():
        return Answer(figures.share, figures.share, figures.share, "Every file was read: nothing is left open.")
    low, high = _limits(figures, level)
    return Answer(figures.share, low, high)


def _limits(figures: Figures, level: float) -> tuple[float, float]:
    """The limits in the way that the design asks for."""
    if figures.weights_effect <= NEARLY_PROPORTIONAL:
        return _by_effective_files(figures, level)
    low, high = _by_strata(figures, level)
    if figures.drawn.sum() <= MUCH_READ * figures.sizes.sum():
        return low, high
    other_low, other_high = _by_effective_files(figures, level)
    return min(low, other_low), max(high, other_high)


def _by_effective_files(figures: Figures, level: float) -> tuple[float, float]:
    low, high = effective_limits(np.array([figures.share]), np.array([figures.effective_files]), level)
    return float(low[0]), float(high[0])


def _by_strata(figures: Figures, level: float) -> tuple[float, float]:
    each = zip(figures.counts, figures.drawn, figures.sizes, strict=True)
    ends = [mid_p_limits(int(count), int(drawn), int(size), level) for count, drawn, size in each]
    low, high = combined_limits(figures.counts / figures.drawn, figures.weights, *np.array(ends).T)
    return float(low), float(high)


def figures_of(strata: Sequence[Stratum]) -> Figures:
    """The strata as arrays, checked; strata without records are left out."""
    kept = [one for one in strata if one.size > 0]
    if not kept:
        raise Refused("There are no records: no share can be worked out.")
    for one in kept:
        checked(one.count, one.drawn, one.size)
        if one.drawn == 0:
            raise Refused(f"A stratum of {one.size} records has no file in the sample: its share could be anything.")
    columns = zip(*((one.size, one.drawn, one.count) for one in kept), strict=True)
    return Figures(*(np.array(column, dtype=float) for column in columns))


def combined_limits(shares: Floats, weights: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The limits of a weighted mean from those of its independent parts; the last axis runs over the parts."""
    middle = (weights * shares).sum(axis=-1)
    below, above = (np.sqrt((weights**2 * (shares - end) ** 2).sum(axis=-1)) for end in (low, high))
    return np.maximum(0.0, middle - below), np.minimum(1.0, middle + above)
