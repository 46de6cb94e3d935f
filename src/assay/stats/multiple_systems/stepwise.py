"""Which pairs of lists go together, found one at a time?

The method of Chan, Silverman & Vincent 2021 (JASA 116:1297). From the model without interactions, each pair is asked
how likely its overlap is: the smaller Poisson tail of the overlap, given what the current model expects. The pair with
the smallest p-value enters while that is under the threshold, if the model with it has an estimate. Where p-values
are equal, as when several are zero to machine precision, the pair whose lists stand first is taken. All tables, the
data and their resamples, go through the steps together.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import pdtr, pdtrc

from assay.stats.multiple_systems.capture_histories import Bools, Floats, Ints, bits_of, effects_of_order, superset_sums
from assay.stats.multiple_systems.newton_fits import NOTHING, Fits, columns, fit

THRESHOLD = 0.02
"""The p-value under which a pair enters (Chan, Silverman & Vincent 2021)."""


@dataclass(frozen=True)
class Step:
    """One pair that entered: its effect, its p-value, and the hidden as estimated with it."""

    pair: int
    p_value: float
    hidden: float


@dataclass(frozen=True)
class Stepwise:
    """The hidden of each table, the fits they come from, and the steps of the first table."""

    hidden: Floats
    fits: Fits
    steps: tuple[Step, ...]


def select_stepwise(counts: Floats, threshold: float = THRESHOLD) -> Stepwise:
    """Select and fit for each table in the columns of `counts` (histories, tables)."""
    lists = bits_of(len(counts))
    pairs = np.array(effects_of_order(lists, 2), dtype=np.int64)
    mains = tuple([0] + [1 << place for place in range(lists)])
    margins = superset_sums(np.r_[np.zeros_like(counts[:1]), counts[1:]])[pairs]
    fits = fit(counts, columns(mains, counts.shape[1]))
    current = _State(fits.effects, fits.coefficients, fits.fitted, fits.hidden.copy())
    refused = np.zeros((len(pairs), counts.shape[1]), dtype=bool)
    open_to = np.flatnonzero(fits.exists)
    steps: list[Step] = []
    while len(open_to):
        entered = _enter(counts, pairs, margins, current, refused, open_to, threshold)
        if 0 in entered:
            steps.append(Step(*entered[0]))
        open_to = np.array(sorted(entered), dtype=np.int64)
    return Stepwise(current.hidden, _final(counts, current), tuple(steps))


@dataclass
class _State:
    """Where each table stands: the effects of its model, and what they were fitted to."""

    effects: Ints
    coefficients: Floats
    fitted: Floats
    hidden: Floats


def _enter(
    counts: Floats,
    pairs: Ints,
    margins: Floats,
    state: _State,
    refused: Bools,
    open_to: Ints,
    threshold: float,
) -> dict[int, tuple[int, float, float]]:
    """Give each open table one more pair, if one may enter; the tables that got one, with pair, p-value and hidden."""
    p_values = _p_values(margins[:, open_to], state.fitted[:, open_to], pairs)
    p_values[(pairs[:, None, None] == state.effects[None, :, open_to]).any(axis=1)] = 1.0
    refused[:, open_to] = False
    entered: dict[int, tuple[int, float, float]] = {}
    tried, grown = open_to, np.vstack([state.effects, np.full((1, counts.shape[1]), NOTHING)])
    start = np.vstack([np.where(np.isfinite(state.coefficients), state.coefficients, 0.0), np.zeros(counts.shape[1])])
    state.effects = grown.copy()
    state.coefficients = np.vstack([state.coefficients, np.zeros(counts.shape[1])])
    while len(tried):
        asked = np.where(refused[:, tried], 1.0, p_values[:, np.searchsorted(open_to, tried)])
        best = asked.argmin(axis=0)
        smallest = asked[best, np.arange(len(tried))]
        going = smallest < threshold
        tried, best, smallest = tried[going], best[going], smallest[going]
        if not len(tried):
            break
        candidate = grown[:, tried].copy()
        candidate[-1] = pairs[best]
        fits = fit(counts[:, tried], candidate, start=start[:, tried])
        good = fits.exists
        won = tried[good]
        state.effects[:, won], state.coefficients[:, won] = candidate[:, good], fits.coefficients[:, good]
        state.fitted[:, won], state.hidden[won] = fits.fitted[:, good], fits.hidden[good]
        entered |= {
            int(t): (int(p), float(v), float(h))
            for t, p, v, h in zip(won, candidate[-1, good], smallest[good], fits.hidden[good], strict=True)
        }
        refused[best[~good], tried[~good]] = True
        tried = tried[~good]
    return entered


def _p_values(overlap: Floats, fitted: Floats, pairs: Ints) -> Floats:
    """The smaller Poisson tail of each pair's overlap."""
    means = fitted.copy()
    means[0] = 0.0
    expected = superset_sums(means)[pairs]
    upper = np.where(overlap > 0, pdtrc(np.maximum(overlap - 1, 0), expected), 1.0)
    return np.asarray(np.minimum(pdtr(overlap, expected), upper))


def _final(counts: Floats, state: _State) -> Fits:
    start = np.where(np.isfinite(state.coefficients), state.coefficients, 0.0)
    return fit(counts, state.effects, start=start)
