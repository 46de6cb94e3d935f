"""What does one simple random sample say of the share in a finite population?

Blaker's interval (Canadian Journal of Statistics 28, 2000, 783-798): a share is held possible unless the count, and
every count that is as far out on the other side, have together no more than one chance in twenty. It never covers less
than it promises, and is narrower than Clopper and Pearson's. Counts follow the hypergeometric distribution, so that a
sample of everything leaves nothing open; without a population they follow the binomial.

`mid_p_limits` is for strata, whose limits are put together (`stratified_sampling.py`) and should leave equal chances
to each side.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from assay.stats.interval_estimates import Answer
from assay.stats.posterior_grid import Floats
from assay.stats.refusals import Refused

LOOKS = 257
"""Points at which acceptance is looked up between the limits that bracket an end."""
FINE = 1e-7
"""How finely the ends of a share are told; what is left is rounded outwards."""
ROUNDING = 1e-9
"""Two tails that differ by less than this part are the same."""


def share_of_sample(count: int, drawn: int, population: int | None = None, level: float = 0.95) -> Answer:
    """The share of a simple random sample, with the interval of the population's share (0 to 1).

    Refuses (`Refused`) a count above what was drawn, or more drawn than there are.
    """
    checked(count, drawn, population)
    if drawn == 0:
        return Answer(None, 0.0, 1.0, "No file was read: nothing is known.")
    if population is not None and population == drawn:
        return Answer(count / drawn, count / drawn, count / drawn, "Every file was read: nothing is left open.")
    low = _lower(count, drawn, population, 1 - level)
    high = 1 - _lower(drawn - count, drawn, population, 1 - level)
    return Answer(count / drawn, low, high)


def checked(count: float, drawn: float, population: float | None) -> None:
    """Refuse figures that no sample can have."""
    if count < 0 or count > drawn:
        raise Refused(f"{count:g} of {drawn:g} files cannot be: the count lies outside what was read.")
    if population is not None and drawn > population:
        raise Refused(f"{drawn:g} files were read of {population:g}: more than there are.")


@lru_cache(maxsize=4096)
def mid_p_limits(count: int, drawn: int, population: int, level: float = 0.95) -> tuple[float, float]:
    """Mid-P limits of the share in a finite population; where nothing was drawn, 0 and 1."""
    tail = (1 - level) / 2
    low, high = (_mid_p_lower(y, drawn, population, tail) / population for y in (count, drawn - count))
    return low, 1 - high


def none_seen(drawn: int, population: int | None = None, level: float = 0.95) -> Answer:
    """The largest share that `drawn` files without a single find leave possible: one-sided, the rule of three."""
    checked(0, drawn, population)
    if drawn == 0:
        return Answer(None, 0.0, 1.0, "No file was read: nothing is known.")
    if population is None:
        return Answer(0.0, 0.0, float(1 - (1 - level) ** (1 / drawn)))
    too_many = _first(lambda k: chances(drawn, population, k)[0] <= 1 - level, 0, population - drawn + 1)
    return Answer(0.0, 0.0, (too_many - 1) / population)


def chances(drawn: int, population: int | None, at: Floats | float, counts: Floats | None = None) -> Floats:
    """The chance of each count, one a row; one column a share or, in a population, a number in it.

    `counts`: without it all from 0 to `drawn`.
    """
    count = (np.arange(drawn + 1) if counts is None else counts)[:, None]
    if population is None:
        return np.asarray(stats.binom.pmf(count, drawn, at))
    number = np.atleast_1d(np.asarray(at, dtype=float))
    possible = (count <= number) & (drawn - count <= population - number)
    found, missed = np.where(possible, count, 0), np.where(possible, drawn - count, 0)
    ways = _log_ways(number, found) + _log_ways(population - number, missed) - _log_ways(population, drawn)
    return np.asarray(np.where(possible, np.exp(ways), 0.0))


def rejected(at: float, drawn: int, population: int | None = None, level: float = 0.95) -> NDArray[np.bool_]:
    """Which counts, from 0 to `drawn`, speak against one share, or number in the population: Blaker's test.

    A count's interval holds what its test does not reject, and what lies between.
    """
    chance = chances(drawn, population, at)[:, 0] if population is not None else chances(drawn, None, at).ravel()
    up_to, from_on = chance.cumsum(), chance[::-1].cumsum()
    nearer = np.minimum(up_to, from_on[::-1]) * (1 + ROUNDING)
    tails = np.where(from_on[::-1] <= up_to, _largest_within(up_to, nearer), _largest_within(from_on, nearer))
    return np.asarray(nearer + tails <= 1 - level)


def _largest_within(rising: Floats, most: Floats) -> Floats:
    place = np.searchsorted(rising, most, side="right")
    return np.asarray(np.where(place > 0, rising[np.maximum(place - 1, 0)], 0.0))


def _log_ways(of: Floats | float, chosen: Floats | float) -> Floats:
    """The logarithm of the number of ways to choose; accurate where populations are large."""
    return np.asarray(-np.log1p(of) - special.betaln(of - chosen + 1, chosen + 1))


def _mid_p_lower(count: int, drawn: int, population: int, tail: float) -> int:
    """The smallest number in the population under which as many as were counted are not too rare."""

    def common(number: int) -> bool:
        chance = chances(drawn, population, number)[:, 0]
        return bool(chance[count] / 2 + chance[count + 1 :].sum() > tail)

    return 0 if count == 0 else _first(common, count - 1, population - drawn + count)


def _exact_lower(count: int, drawn: int, population: int, tail: float) -> int:
    return _first(lambda k: chances(drawn, population, k)[count:].sum() > tail, count - 1, population - drawn + count)


def _first(holds: Callable[[int], bool | np.bool_], low: int, high: int) -> int:
    """The first whole number above `low` from which on it holds; it is taken to hold at `high`."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _lower(count: int, drawn: int, population: int | None, alpha: float) -> float:
    """Blaker's lower limit. It lies between the one-sided exact limits at half of alpha and at alpha."""
    if count == 0:
        return 0.0
    if population is None:
        low, high = (float(special.betaincinv(count, drawn - count + 1, tail)) for tail in (alpha / 2, alpha))
        return _first_accepted(np.linspace(low, high, LOOKS), count, drawn, None, alpha)
    first, last = (_exact_lower(count, drawn, population, tail) for tail in (alpha / 2, alpha))
    looks = np.unique(np.linspace(first, last, min(last - first + 1, LOOKS)).round())
    return _first_accepted(looks, count, drawn, population, alpha) / population


def _first_accepted(looks: Floats, count: int, drawn: int, population: int | None, alpha: float) -> float:
    """The first point that is accepted, looked for again between it and the one before."""
    while True:
        accepted = _acceptance(looks, count, drawn, population) > alpha
        at = int(accepted.argmax()) if accepted.any() else len(looks) - 1
        before, found = float(looks[max(at - 1, 0)]), float(looks[at])
        if found - before <= (1 if population else FINE):
            return found if population else before
        looks = np.linspace(before, found, 17)
        looks = np.unique(looks.round()) if population else looks


def _acceptance(at: Floats, count: int, drawn: int, population: int | None) -> Floats:
    """At each share, or number in the population: the chance of a count as far out as this one, on either side."""
    counts = _not_negligible(at / (population or 1), drawn)
    chance, here = chances(drawn, population, at, counts), count - int(counts[0])
    up_to, from_on = chance.cumsum(axis=0), chance[::-1].cumsum(axis=0)[::-1]
    nearer = np.minimum(up_to[here], from_on[here]) * (1 + ROUNDING)
    opposite = np.where(from_on[here] <= up_to[here], _most_within(up_to, nearer), _most_within(from_on, nearer))
    return np.asarray(np.minimum(1.0, nearer + opposite))


def _not_negligible(shares: Floats, drawn: int) -> Floats:
    """The counts within ten standard deviations of what the shares give: the others have no chance to speak of."""
    low, high = float(shares.min()), float(shares.max())
    reach = 10 * np.sqrt(drawn * max(low * (1 - low), high * (1 - high))) + 30
    first, last = max(0, int(drawn * low - reach)), min(drawn, int(drawn * high + reach))
    return np.arange(first, last + 1, dtype=float)


def _most_within(tails: Floats, most: Floats) -> Floats:
    return np.asarray(np.where(tails <= most, tails, 0.0).max(axis=0))
