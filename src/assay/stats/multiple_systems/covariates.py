"""How many are hidden when what is known of persons is part of the model?

A covariate (force, year, age band, sex) enters as further bits beside the lists: one for each of its values but the
first. The lists' effects may then differ by covariate while pairs of lists go together alike everywhere, or as far as
`differing` says. Histories on no list cannot be seen at any value, and two values at once cannot be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from assay.stats.multiple_systems.bootstrap import REPLICATES
from assay.stats.multiple_systems.capture_histories import Bools, Floats, Ints, bits_of
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable
from assay.stats.multiple_systems.hidden_estimates import Estimate
from assay.stats.multiple_systems.newton_fits import NOTHING, fit
from assay.stats.multiple_systems.stepwise import select_stepwise

MOST_BITS = 14
"""Lists and values of covariates together; more are for partial pooling (partial_pooling.py)."""


@dataclass(frozen=True)
class Layout:
    """How strata are written beside the lists: the code of each, and the codes' bits by covariate."""

    lists: int
    codes: Ints
    bits: tuple[tuple[int, ...], ...]

    @property
    def cells(self) -> int:
        """Histories with covariates."""
        return 1 << (self.lists + sum(len(of_one) for of_one in self.bits))

    def observable(self) -> Bools:
        """Histories on at least one list, at no more than one value of each covariate."""
        cells = np.arange(self.cells)
        there = (cells & ((1 << self.lists) - 1)) > 0
        for of_one in self.bits:
            there &= sum((cells >> bit & 1) for bit in of_one) <= 1
        return np.asarray(there)

    def laid_out(self, counts: Floats) -> Floats:
        """Counts of strata (histories, strata, tables) as tables over histories with covariates."""
        out = np.zeros((self.cells, counts.shape[2]))
        for place, code in enumerate(self.codes):
            out[int(code) + np.arange(len(counts))] = counts[:, place]
        return out


def layout(tables: Sequence[CaptureTable]) -> Layout:
    """The layout of strata that share their lists and the names of their covariates; refuses strata that do not."""
    first = tables[0]
    if any(table.lists != first.lists for table in tables):
        raise UnusableTable("The strata do not have the same lists in the same order.")
    names = [name for name, _ in first.stratum]
    if any([name for name, _ in table.stratum] != names for table in tables):
        raise UnusableTable("The strata are not told apart by the same covariates.")
    next_bit, bits, codes = len(first.lists), [], np.zeros(len(tables), dtype=np.int64)
    for place in range(len(names)):
        values = sorted({table.stratum[place][1] for table in tables})
        of_one = tuple(range(next_bit, next_bit + len(values) - 1))
        next_bit += len(of_one)
        bits.append(of_one)
        for row, table in enumerate(tables):
            rank = values.index(table.stratum[place][1])
            codes[row] |= 1 << of_one[rank - 1] if rank else 0
    if next_bit > MOST_BITS:
        raise NoEstimate(
            f"The covariates have too many values to stand in one model ({next_bit} bits, at most {MOST_BITS}): "
            "let strata borrow from one another instead (`partial_pooling`)."
        )
    return Layout(len(first.lists), codes, tuple(bits))


def joint_effects(laid: Layout, pairs: Ints, *, differing: bool = True) -> Ints:
    """The effects of the joint model for each table, (effects, tables); `pairs` are those of lists, shared by all.

    Lists and covariates all have their own effects, covariates go together in pairs, and with `differing` each list's
    effect differs by covariate.
    """
    mains = [0, *(1 << place for place in range(laid.lists))]
    of_covariates = [1 << bit for of_one in laid.bits for bit in of_one]
    between = [1 << a | 1 << b for one, other in combinations(laid.bits, 2) for a in one for b in other]
    crossed = [m | c for m in mains[1:] for c in of_covariates] if differing else []
    fixed = np.array([*mains, *of_covariates, *between, *crossed], dtype=np.int64)
    return np.vstack([np.repeat(fixed[:, None], pairs.shape[1], axis=1), pairs])


def joint_hidden(counts: Floats, laid: Layout, threshold: float, *, differing: bool = True) -> Floats:
    """The hidden of each stratum in each table, (strata, tables), from counts of (histories, strata, tables).

    Which pairs of lists go together is chosen in steps on the strata taken together, anew in each table.
    """
    chosen = select_stepwise(counts.sum(axis=1), threshold).fits.effects
    pairs = chosen[bits_of(len(counts)) + 1 :]
    pairs = np.vstack([pairs, np.full((1, counts.shape[2]), NOTHING)])
    effects = joint_effects(laid, pairs, differing=differing)
    fits = fit(laid.laid_out(counts), effects, observable=laid.observable())
    return np.where(fits.exists, fits.fitted[laid.codes], np.nan)


def drawn(counts: Floats, replicates: int, random: np.random.Generator) -> Floats:
    """Persons of all strata drawn again together, with history and stratum; (histories, strata, 1 + replicates).

    The first is the data themselves.
    """
    flat = counts.reshape(-1)
    persons = round(float(flat.sum()))
    draws = random.multinomial(persons, flat / flat.sum(), size=replicates).T.reshape(*counts.shape, replicates)
    return np.concatenate([counts[:, :, None], draws], axis=2)


@dataclass(frozen=True)
class ByStratum:
    """An estimate for each stratum and for all together; the points of the strata add up to that of the total."""

    strata: tuple[Estimate, ...]
    total: Estimate
    replicates: Floats


def with_covariates(
    tables: Sequence[CaptureTable], *, threshold: float = 0.02, replicates: int = REPLICATES, seed: int = 1
) -> ByStratum:
    """One log-linear model of lists and covariates over all strata; percentile intervals, the choice repeated."""
    laid, counts = layout(tables), np.stack([table.counts for table in tables], axis=1)
    random = np.random.default_rng(seed)
    hidden = joint_hidden(drawn(counts, replicates, random), laid, threshold)
    if not np.isfinite(hidden[:, 0]).all():
        raise NoEstimate("The joint model of lists and covariates has no estimate: let strata borrow (pooling).")
    return by_stratum(tables, "log-linear with covariates", hidden, random)


def by_stratum(tables: Sequence[CaptureTable], method: str, hidden: Floats, random: np.random.Generator) -> ByStratum:
    """Estimates from the hidden of (strata, 1 + replicates); the first column is the data's.

    A resample gives the expected number of hidden persons; how many there happen to be varies about it as a Poisson
    count, which matters where a stratum is thin and its lists are well known from the others.
    """
    expected = np.minimum(np.nan_to_num(hidden[:, 1:]), 1e15)
    happening = np.where(np.isfinite(hidden[:, 1:]), random.poisson(expected), np.nan)
    hidden = np.hstack([hidden[:, :1], happening])
    strata = tuple(_estimate(f"{method}: {t.about()}", t, row) for t, row in zip(tables, hidden, strict=True))
    seen = sum(table.persons for table in tables)
    total = _limits(f"{method}: all strata", seen, hidden.sum(axis=0))
    return ByStratum(strata, total, hidden[:, 1:])


def _estimate(method: str, table: CaptureTable, hidden: Floats) -> Estimate:
    return _limits(method, table.persons, hidden, table.fingerprint())


def _limits(method: str, seen: int, hidden: Floats, fingerprint: str = "") -> Estimate:
    kept = hidden[1:][np.isfinite(hidden[1:])]
    lost = len(hidden) - 1 - len(kept)
    low, high = np.quantile(kept, [0.025, 0.975]) if len(kept) else (np.nan, np.nan)
    return Estimate(
        method=method,
        seen=seen,
        population=seen + float(hidden[0]),
        low=float(seen + low) if len(kept) else None,
        high=float(seen + high) if len(kept) else None,
        interval=f"percentile bootstrap, {len(kept):,} resamples, choice of pairs repeated",
        warnings=(f"{lost:,} resamples had no estimate and are not in the interval.",) if lost else (),
        fingerprint=fingerprint,
    )
