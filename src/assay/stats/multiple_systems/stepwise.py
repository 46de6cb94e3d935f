"""Stepwise selection of pairs of lists by p-value (Chan, Silverman and Vincent 2021).

The method of Chan, Silverman & Vincent 2021 (JASA 116:1297). Starting from the model without interactions, the p-value
of a pair is the smaller Poisson tail of its overlap under the current model. The pair with the smallest p-value enters
while it is below the threshold and the model with it has an estimate. Of equal p-values (several may be zero to machine
precision), the pair with the first lists is taken. All tables, the data and their resamples, are processed together.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import pdtr, pdtrc

from assay.stats.multiple_systems.capture_histories import (
    Bools,
    Floats,
    Ints,
    effects_of_order,
    list_count,
    superset_sums,
)
from assay.stats.multiple_systems.newton_fits import NO_EFFECT, Fits, fit_loglinear, repeat_model

THRESHOLD = 0.02
"""P-value below which a pair enters (Chan, Silverman & Vincent 2021)."""


@dataclass(frozen=True)
class SelectionStep:
    """A pair of lists that entered the model: its effect, its p-value, and the hidden count estimated with it."""

    pair: int
    p_value: float
    hidden: float


@dataclass(frozen=True)
class StepwiseSelection:
    """Hidden count and fit of each table, and the selection steps of the first table."""

    hidden: Floats
    fits: Fits
    steps: tuple[SelectionStep, ...]


def select_stepwise(counts: Floats, threshold: float = THRESHOLD) -> StepwiseSelection:
    """Select pairs of lists by the stepwise method of Chan, Silverman and Vincent (2021), and fit the log-linear model.

    `counts` has shape (histories, tables). A pair enters while its Poisson p-value is below `threshold`.
    """
    lists = list_count(len(counts))
    pairs = np.array(effects_of_order(lists, 2), dtype=np.int64)
    main_effects = tuple([0] + [1 << number for number in range(lists)])
    margins = superset_sums(np.r_[np.zeros_like(counts[:1]), counts[1:]])[pairs]
    fits = fit_loglinear(counts, repeat_model(main_effects, counts.shape[1]))
    current = _SelectionState(fits.effects, fits.coefficients, fits.fitted, fits.hidden.copy())
    refused = np.zeros((len(pairs), counts.shape[1]), dtype=bool)
    open_tables = np.flatnonzero(fits.exists)
    steps: list[SelectionStep] = []
    while len(open_tables):
        entered = _enter_pairs(counts, pairs, margins, current, refused, open_tables, threshold)
        if 0 in entered:
            steps.append(SelectionStep(*entered[0]))
        open_tables = np.array(sorted(entered), dtype=np.int64)
    return StepwiseSelection(current.hidden, _refit(counts, current), tuple(steps))


@dataclass
class _SelectionState:
    """Current model of each table: effects, coefficients, fitted values and hidden count."""

    effects: Ints
    coefficients: Floats
    fitted: Floats
    hidden: Floats


def _enter_pairs(
    counts: Floats,
    pairs: Ints,
    margins: Floats,
    state: _SelectionState,
    refused: Bools,
    open_tables: Ints,
    threshold: float,
) -> dict[int, tuple[int, float, float]]:
    """Add one pair to each open table if one may enter; return pair, p-value and hidden count by table."""
    p_values = _p_values(margins[:, open_tables], state.fitted[:, open_tables], pairs)
    p_values[(pairs[:, None, None] == state.effects[None, :, open_tables]).any(axis=1)] = 1.0
    refused[:, open_tables] = False
    entered: dict[int, tuple[int, float, float]] = {}
    open_columns, extended_effects = open_tables, np.vstack([state.effects, np.full((1, counts.shape[1]), NO_EFFECT)])
    start = np.vstack([np.where(np.isfinite(state.coefficients), state.coefficients, 0.0), np.zeros(counts.shape[1])])
    state.effects = extended_effects.copy()
    state.coefficients = np.vstack([state.coefficients, np.zeros(counts.shape[1])])
    while len(open_columns):
        candidate_p_values = np.where(
            refused[:, open_columns], 1.0, p_values[:, np.searchsorted(open_tables, open_columns)]
        )
        best = candidate_p_values.argmin(axis=0)
        smallest = candidate_p_values[best, np.arange(len(open_columns))]
        is_significant = smallest < threshold
        open_columns, best, smallest = open_columns[is_significant], best[is_significant], smallest[is_significant]
        if not len(open_columns):
            break
        candidate = extended_effects[:, open_columns].copy()
        candidate[-1] = pairs[best]
        fits = fit_loglinear(counts[:, open_columns], candidate, start=start[:, open_columns])
        exists = fits.exists
        accepted = open_columns[exists]
        state.effects[:, accepted], state.coefficients[:, accepted] = candidate[:, exists], fits.coefficients[:, exists]
        state.fitted[:, accepted], state.hidden[accepted] = fits.fitted[:, exists], fits.hidden[exists]
        entered |= {
            int(table): (int(pair), float(p_value), float(hidden))
            for table, pair, p_value, hidden in zip(
                accepted, candidate[-1, exists], smallest[exists], fits.hidden[exists], strict=True
            )
        }
        refused[best[~exists], open_columns[~exists]] = True
        open_columns = open_columns[~exists]
    return entered


def _p_values(overlap: Floats, fitted: Floats, pairs: Ints) -> Floats:
    """Return the smaller Poisson tail of the overlap of each pair."""
    means = fitted.copy()
    means[0] = 0.0
    expected = superset_sums(means)[pairs]
    upper = np.where(overlap > 0, pdtrc(np.maximum(overlap - 1, 0), expected), 1.0)
    return np.asarray(np.minimum(pdtr(overlap, expected), upper))


def _refit(counts: Floats, state: _SelectionState) -> Fits:
    start = np.where(np.isfinite(state.coefficients), state.coefficients, 0.0)
    return fit_loglinear(counts, state.effects, start=start)
