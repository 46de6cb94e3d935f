"""What do units say of a population when each had its own, known chance of being drawn?

Shares, ratios and domains as ratios (Hajek) of totals by Horvitz and Thompson (Journal of the American Statistical
Association 47, 1952), linearised. With the joint chances of pairs the variance is that of Sen, Yates and
Grundy, exact for a design of fixed size; without them it is Hajek's approximation, in which a unit counts by one minus
its chance (Annals of Mathematical Statistics 35, 1964; Deville and Tille, Journal of Statistical Planning and Inference
128, 2005). Where units were drawn in strata it is taken within each, as textbooks do for equal chances; strata of which
one unit was drawn are taken together (Cochran, Sampling Techniques, 1977, section 5A.12).

A share's interval is that of the files it is worth (`effective_sample_size.py`). A design effect below that of the
weights alone (Kish's) is not believed, since it is itself estimated from few files; Korn and Graubard stop at 1.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assay.stats.interval_estimates import Answer, unanswered
from assay.stats.posterior_grid import Floats
from assay.stats.refusals import Refused
from assay.stats.samples.effective_sample_size import effective_limits


@dataclass(frozen=True)
class Drawn:
    """Units that were drawn: the chance of each (above 0, up to 1), of each pair where the design tells it, and the
    stratum of each where there were several."""

    chances: Floats
    joint: Floats | None = None
    strata: NDArray[np.int64] | None = None

    @property
    def weights(self) -> Floats:
        """How many units of the population each one stands for."""
        return np.asarray(1 / self.chances)

    def variance_of_total(self, values: ArrayLike) -> float:
        """The estimated variance of the total of `values`."""
        expanded = np.asarray(values, dtype=float) * self.weights
        if self.joint is not None:
            return _sen_yates_grundy(expanded, self.chances, self.joint)
        if self.strata is None:
            return _hajek(expanded, self.chances)
        each = (self.strata == one for one in np.unique(self.strata))
        return sum(_hajek(expanded[mine], self.chances[mine]) for mine in each)

    def believed(self, level: float) -> float:
        """How far the worth of an estimate in files is believed, for the number of units that its variance rests on."""
        return 1.0


def drawn(chances: ArrayLike, joint: ArrayLike | None = None, strata: Sequence[Hashable] | None = None) -> Drawn:
    """Units with their chances; `joint` is one row and one column a unit, `strata` one label a unit. Refuses a chance
    outside 0 to 1."""
    single = np.asarray(chances, dtype=float)
    if single.ndim != 1 or len(single) == 0 or not ((single > 0) & (single <= 1)).all():
        raise Refused("Every unit that was drawn had a chance above 0, and none above 1.")
    if joint is None:
        return Drawn(single, strata=None if strata is None else _together(strata, single))
    pairs = np.asarray(joint, dtype=float)
    if pairs.shape != (len(single), len(single)) or (pairs <= 0).any():
        raise Refused("Joint chances are one row and one column a unit, all above 0: else no variance can be had.")
    return Drawn(single, pairs)


def share(having: ArrayLike, sample: Drawn, level: float = 0.95) -> Answer:
    """The share of the population that has a property; `having` is 1 or 0 a unit."""
    return ratio(having, np.ones(len(sample.chances)), sample, level)


def domain_share(having: ArrayLike, inside: ArrayLike, sample: Drawn, level: float = 0.95) -> Answer:
    """The share within a part of the population (`inside` 1, others 0) whose size need not be known."""
    within = np.asarray(inside, dtype=float)
    return ratio(np.asarray(having, dtype=float) * within, within, sample, level)


def ratio(parts: ArrayLike, wholes: ArrayLike, sample: Drawn, level: float = 0.95) -> Answer:
    """The total of `parts` over the total of `wholes`, such as correctly recorded over should have been recorded.

    Each unit has a part no larger than its whole, so that the ratio is a share. Without any whole there is no figure.
    """
    y, x = _known(parts, sample), _known(wholes, sample)
    if (y < 0).any() or (y > x).any():
        raise Refused("A part is larger than its whole, or negative: no share can be worked out.")
    whole = float(sample.weights @ x)
    if whole == 0:
        return unanswered("None of the units that were read belongs here: no share can be worked out.")
    value = float(sample.weights @ y) / whole
    worth = _worth(y, x, value, whole, sample) * sample.believed(level)
    if worth == np.inf:
        return Answer(value, value, value, "Every unit was read: nothing is left open.")
    low, high = effective_limits(np.array([value]), np.array([worth]), level)
    return Answer(value, float(low[0]), float(high[0]))


def _worth(y: Floats, x: Floats, value: float, whole: float, sample: Drawn) -> float:
    """How many members of the wholes, drawn one by one, the share is worth; where it is 0 or 1, how many units."""
    inside = x > 0
    weights, members = sample.weights[inside], x[inside]
    unread = float((weights * members) @ (1 - sample.chances[inside]) / whole)
    if unread <= 0:
        return np.inf
    if value in (0.0, 1.0):
        return float(weights.sum() ** 2 / (weights**2).sum()) / unread
    worth_by_weights = whole**2 / float(weights**2 @ members)
    variance = sample.variance_of_total(y - value * x) / whole**2
    if variance == 0:
        return worth_by_weights / unread
    return min(worth_by_weights, value * (1 - value) * unread / variance) / unread


def _together(strata: Sequence[Hashable], chances: Floats) -> NDArray[np.int64]:
    """The stratum of each unit by number. Strata of one unit that was not certain say nothing of how their units vary:
    they are taken together, and a lone one with the smallest of the others."""
    places = {label: place for place, label in enumerate(dict.fromkeys(strata))}
    found = np.array([places[label] for label in strata], dtype=np.int64)
    if found.shape != chances.shape:
        raise Refused("Each unit needs one stratum.")
    counts = np.bincount(found, weights=chances < 1)
    lone = np.flatnonzero(counts == 1)
    if len(lone) == 1 and (counts > 1).any():
        lone = np.append(lone, np.where(counts > 1, counts, np.inf).argmin())
    return np.where(np.isin(found, lone), len(places), found) if len(lone) > 1 else found


def _known(values: ArrayLike, sample: Drawn) -> Floats:
    known = np.asarray(values, dtype=float)
    if known.shape != sample.chances.shape:
        raise Refused("Each unit needs one value and one chance.")
    if not np.isfinite(known).all():
        raise Refused("A value is missing: say what a missing file means before it is counted.")
    return known


def _sen_yates_grundy(expanded: Floats, chances: Floats, joint: Floats) -> float:
    apart = (expanded[:, None] - expanded[None, :]) ** 2
    pull = (np.outer(chances, chances) - joint) / joint
    np.fill_diagonal(pull, 0.0)
    return max(0.0, float((pull * apart).sum() / 2))


def _hajek(expanded: Floats, chances: Floats) -> float:
    count, open_part = len(chances), 1 - chances
    if count < 2 or open_part.sum() == 0:
        return 0.0
    middle = float(open_part @ expanded / open_part.sum())
    return float(count / (count - 1) * (open_part @ (expanded - middle) ** 2))
