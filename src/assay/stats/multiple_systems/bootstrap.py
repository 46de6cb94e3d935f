"""How sure is an estimate, when choosing the model is part of it?

Persons are drawn again with their histories, as many as there were, and the whole method is repeated on each draw, the
choice of the model included. Limits are BCa (Efron 1987): percentiles moved by how many draws lie below the estimate
(strictly below) and by the acceleration, from leaving out one person at a time; each history is left out once and
counted as often as persons have it. Percentiles are of type 8 (Hyndman & Fan 1996). Draws without an estimate are left
out of the percentiles and counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from assay.stats.multiple_systems.capture_histories import Floats, superset_sums
from assay.stats.multiple_systems.capture_tables import CaptureTable

Method = Callable[[Floats], Floats]
"""The hidden of each table in the columns of (histories, tables); NaN where there is no estimate."""
LEVELS = (0.025, 0.1, 0.9, 0.975)
REPLICATES = 1000
TOGETHER = 20_000
"""Tables that stand side by side at a time."""


@dataclass(frozen=True)
class Resampling:
    """What resampling one table gave.

    `hidden`: of the table itself. `replicates`: hidden of each draw, NaN where it had no estimate. `acceleration`: NaN
    where it could not be worked out, and then taken as 0. `lists_lost`: draws in which a list held nobody.
    """

    persons: int
    hidden: float
    replicates: Floats
    acceleration: float
    lists_lost: int

    @property
    def without_estimate(self) -> int:
        """Draws that had no estimate."""
        return int((~np.isfinite(self.replicates)).sum())

    def limits(self, levels: Sequence[float] = LEVELS) -> Floats:
        """BCa limits of the population at the given levels; NaN where no draw had an estimate."""
        kept = self.replicates[np.isfinite(self.replicates)]
        if not len(kept) or not np.isfinite(self.hidden):
            return np.full(len(levels), np.nan)
        below = float((kept < self.hidden).mean())
        z0, z = ndtri(below), ndtri(np.asarray(levels))
        accelerated = 0.0 if np.isnan(self.acceleration) else self.acceleration
        if np.isinf(z0):  # every draw, or none, lies below: the outermost draw is all that can be said
            return np.asarray(self.persons + np.full(len(levels), kept.max() if z0 > 0 else kept.min()))
        at = ndtr(z0 + (z0 + z) / (1 - accelerated * (z0 + z)))
        return np.asarray(self.persons + np.quantile(kept, at, method="median_unbiased"))

    def warnings(self) -> tuple[str, ...]:
        """What is to be said beside the interval."""
        said, draws = [], len(self.replicates)
        if lost := self.without_estimate:
            said.append(f"{lost:,} of {draws:,} resamples had no estimate and are not in the interval.")
        if self.lists_lost:
            said.append(f"In {self.lists_lost:,} of {draws:,} resamples a list held nobody.")
        kept = self.replicates[np.isfinite(self.replicates)]
        if len(kept) and (below := float((kept < self.hidden).mean())) in (0.0, 1.0):
            said.append(f"{'All' if below else 'No'} resamples lie below the estimate: the interval is a single edge.")
        elif len(kept) and _lumpy(kept):
            said.append("The resamples heap up at a few values, as when the model jumps: the limits may jump as well.")
        if np.isnan(self.acceleration):
            said.append("Leaving out one person at a time left no estimate: the interval is not accelerated.")
        return tuple(said)


def _lumpy(kept: Floats) -> bool:
    """Whether one value, to the nearest person, holds a tenth of the resamples."""
    return int(np.unique(np.round(kept), return_counts=True)[1].max()) > max(len(kept) / 10, 2)


def resample(table: CaptureTable, method: Method, *, replicates: int = REPLICATES, seed: int = 1) -> Resampling:
    """The method on the table, on `replicates` draws from it, and with one person left out at a time."""
    (found,) = resample_all([table], method, replicates=replicates, seed=seed)
    return found


def resample_all(
    tables: Sequence[CaptureTable], method: Method, *, replicates: int = REPLICATES, seed: int = 1
) -> tuple[Resampling, ...]:
    """`resample` for many tables over as many lists, strata or linkage draws, side by side.

    A table's draws depend on the seed and on its place; the same seed gives the same answer.
    """
    found: list[Resampling] = []
    waiting: list[tuple[CaptureTable, Floats]] = []
    for place, table in enumerate(tables):
        waiting.append((table, _columns(table, replicates, np.random.default_rng([seed, place]))))
        if sum(columns.shape[1] for _, columns in waiting) >= TOGETHER or place == len(tables) - 1:
            hidden = method(np.hstack([columns for _, columns in waiting]))
            ends = np.cumsum([columns.shape[1] for _, columns in waiting])
            parts = np.split(hidden, ends[:-1])
            found += [_told(t, c, part, replicates) for (t, c), part in zip(waiting, parts, strict=True)]
            waiting = []
    return tuple(found)


def _columns(table: CaptureTable, replicates: int, random: np.random.Generator) -> Floats:
    """The table, its draws, and the table with one person of each history left out."""
    persons = table.persons
    if not persons:
        return np.zeros((len(table.counts), 1 + replicates))
    drawn = random.multinomial(persons, table.counts / table.counts.sum(), size=replicates).T
    held = np.flatnonzero(table.counts > 0)
    left_out = np.repeat(table.counts[:, None], len(held), axis=1)
    left_out[held, np.arange(len(held))] -= 1
    return np.hstack([table.counts[:, None], drawn.astype(float), left_out])


def _told(table: CaptureTable, columns: Floats, hidden: Floats, replicates: int) -> Resampling:
    draws = columns[:, 1 : 1 + replicates]
    mains = 1 << np.arange(len(table.lists))
    had = superset_sums(table.counts)[mains] > 0
    lost = int((superset_sums(draws)[mains][had] == 0).any(axis=0).sum())
    weights = table.counts[table.counts > 0]
    acceleration = accelerated(hidden[1 + replicates :], weights)
    return Resampling(table.persons, float(hidden[0]), hidden[1 : 1 + replicates], acceleration, lost)


def accelerated(left_out: Floats, weights: Floats) -> float:
    """The acceleration from estimates with one person left out, counted `weights` times; NaN if any has none."""
    if not len(left_out) or not np.isfinite(left_out).all():
        return float("nan")
    residual = (weights * left_out).sum() / weights.sum() - left_out
    spread = (weights * residual**2).sum()
    return float((weights * residual**3).sum() / (6 * spread**1.5)) if spread > 0 else float("nan")
