"""BCa bootstrap of capture tables, with the choice of model repeated in each resample.

Persons are resampled with their histories, and the whole method is repeated on each resample, including the choice of
the model. Limits are BCa (Efron 1987): the bias correction is the share of resamples strictly below the estimate, the
acceleration is from leaving out one person at a time (each history once, weighted by its count). Percentiles are of
type 8 (Hyndman & Fan 1996). Resamples without an estimate are left out of the percentiles and counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from assay.stats.multiple_systems.capture_histories import Floats, superset_sums
from assay.stats.multiple_systems.capture_tables import CaptureTable

Method = Callable[[Floats], Floats]
"""Hidden count of each table, from counts of shape (histories, tables); NaN without an estimate."""
LEVELS = (0.025, 0.1, 0.9, 0.975)
REPLICATES = 1000
BATCH_SIZE = 20_000
"""Number of tables processed at once."""


@dataclass(frozen=True)
class Resampling:
    """Result of resampling one table.

    `hidden`: estimate for the table itself. `replicates`: estimate of each resample, NaN if there is none.
    `acceleration`: NaN if it could not be computed (then 0 is used). `lists_lost`: resamples with an empty list.
    """

    persons: int
    hidden: float
    replicates: Floats
    acceleration: float
    lists_lost: int

    @property
    def without_estimate(self) -> int:
        """Number of resamples without an estimate."""
        return int((~np.isfinite(self.replicates)).sum())

    def limits(self, levels: Sequence[float] = LEVELS) -> Floats:
        """Return BCa limits of the population at the given levels; NaN if no resample has an estimate."""
        replicates = self.replicates[np.isfinite(self.replicates)]
        if not len(replicates) or not np.isfinite(self.hidden):
            return np.full(len(levels), np.nan)
        below = float((replicates < self.hidden).mean())
        z0, z = ndtri(below), ndtri(np.asarray(levels))
        acceleration = 0.0 if np.isnan(self.acceleration) else self.acceleration
        if np.isinf(z0):  # all resamples, or none, are below: only the outermost one is a limit
            return np.asarray(self.persons + np.full(len(levels), replicates.max() if z0 > 0 else replicates.min()))
        adjusted_levels = ndtr(z0 + (z0 + z) / (1 - acceleration * (z0 + z)))
        return np.asarray(self.persons + np.quantile(replicates, adjusted_levels, method="median_unbiased"))

    def warnings(self) -> tuple[str, ...]:
        """Return the warnings that belong to the interval."""
        sentences, draws = [], len(self.replicates)
        if without_estimate := self.without_estimate:
            sentences.append(
                f"{without_estimate:,} of {draws:,} resamples had no estimate and are not in the interval."
            )
        if self.lists_lost:
            sentences.append(f"In {self.lists_lost:,} of {draws:,} resamples a list held nobody.")
        replicates = self.replicates[np.isfinite(self.replicates)]
        if len(replicates) and (below := float((replicates < self.hidden).mean())) in (0.0, 1.0):
            sentences.append(
                f"{'All' if below else 'No'} resamples lie below the estimate: the interval is a single edge."
            )
        elif len(replicates) and _is_concentrated(replicates):
            sentences.append(
                "The resamples heap up at a few values, as when the model jumps: the limits may jump as well."
            )
        if np.isnan(self.acceleration):
            sentences.append("Leaving out one person at a time left no estimate: the interval is not accelerated.")
        return tuple(sentences)


def _is_concentrated(replicates: Floats) -> bool:
    """Return True if one value, to the nearest person, has more than a tenth of the resamples."""
    return int(np.unique(np.round(replicates), return_counts=True)[1].max()) > max(len(replicates) / 10, 2)


def resample(table: CaptureTable, method: Method, *, replicates: int = REPLICATES, seed: int = 1) -> Resampling:
    """Apply a method to the table, to `replicates` resamples, and with one person left out at a time."""
    (resampling,) = resample_all([table], method, replicates=replicates, seed=seed)
    return resampling


def resample_all(
    tables: Sequence[CaptureTable], method: Method, *, replicates: int = REPLICATES, seed: int = 1
) -> tuple[Resampling, ...]:
    """Resample many tables with the same number of lists (strata or linkage draws), in batches.

    The resamples of a table depend on the seed and on its position; the same seed gives the same result.
    """
    resamplings: list[Resampling] = []
    waiting: list[tuple[CaptureTable, Floats]] = []
    for number, table in enumerate(tables):
        waiting.append((table, _columns(table, replicates, np.random.default_rng([seed, number]))))
        if sum(columns.shape[1] for _, columns in waiting) >= BATCH_SIZE or number == len(tables) - 1:
            hidden = method(np.hstack([columns for _, columns in waiting]))
            ends = np.cumsum([columns.shape[1] for _, columns in waiting])
            parts = np.split(hidden, ends[:-1])
            resamplings += [
                _resampling_of(batch_table, batch_columns, hidden_part, replicates)
                for (batch_table, batch_columns), hidden_part in zip(waiting, parts, strict=True)
            ]
            waiting = []
    return tuple(resamplings)


def _columns(table: CaptureTable, replicates: int, generator: np.random.Generator) -> Floats:
    """Return the counts of the table, of its resamples, and of the table without one person of each history."""
    persons = table.persons
    if not persons:
        return np.zeros((len(table.counts), 1 + replicates))
    draws = generator.multinomial(persons, table.counts / table.counts.sum(), size=replicates).T
    filled = np.flatnonzero(table.counts > 0)
    leave_one_out = np.repeat(table.counts[:, None], len(filled), axis=1)
    leave_one_out[filled, np.arange(len(filled))] -= 1
    return np.hstack([table.counts[:, None], draws.astype(float), leave_one_out])


def _resampling_of(table: CaptureTable, columns: Floats, hidden: Floats, replicates: int) -> Resampling:
    draws = columns[:, 1 : 1 + replicates]
    main_effects = 1 << np.arange(len(table.lists))
    was_filled = superset_sums(table.counts)[main_effects] > 0
    lists_lost = int((superset_sums(draws)[main_effects][was_filled] == 0).any(axis=0).sum())
    weights = table.counts[table.counts > 0]
    acceleration = bca_acceleration(hidden[1 + replicates :], weights)
    return Resampling(table.persons, float(hidden[0]), hidden[1 : 1 + replicates], acceleration, lists_lost)


def bca_acceleration(leave_one_out: Floats, weights: Floats) -> float:
    """Return the acceleration of the BCa bootstrap interval (Efron 1987), by the weighted jackknife.

    `leave_one_out` and `weights` have shape (cells,): the estimate without one person of each capture history, and the
    number of persons with that history. NaN if any estimate is missing.
    """
    if not len(leave_one_out) or not np.isfinite(leave_one_out).all():
        return float("nan")
    residual = (weights * leave_one_out).sum() / weights.sum() - leave_one_out
    spread = (weights * residual**2).sum()
    return float((weights * residual**3).sum() / (6 * spread**1.5)) if spread > 0 else float("nan")
