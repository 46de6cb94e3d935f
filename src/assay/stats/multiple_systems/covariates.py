"""Log-linear models with covariates of persons, such as force, year and sex.

A covariate (force, year, age band, sex) is coded as further bits beside the lists: one for each of its values except
the first. Main effects of lists may then differ by covariate, while interactions of lists are common to all strata.
Histories on no list are unobservable at any value, and histories with two values of one covariate are impossible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from assay.stats.multiple_systems.bootstrap import REPLICATES
from assay.stats.multiple_systems.capture_histories import Bools, Floats, Ints, list_count
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate
from assay.stats.multiple_systems.newton_fits import NO_EFFECT, fit_loglinear
from assay.stats.multiple_systems.stepwise import select_stepwise

MAXIMUM_BITS = 14
"""Maximum number of lists and covariate values; with more, use partial pooling (`partial_pooling`)."""


@dataclass(frozen=True)
class Layout:
    """Coding of strata as bits after those of the lists: the code of each stratum, and the bits of each covariate."""

    lists: int
    codes: Ints
    bits: tuple[tuple[int, ...], ...]

    @property
    def cells(self) -> int:
        """Number of histories with covariates."""
        return 1 << (self.lists + sum(len(covariate_bits) for covariate_bits in self.bits))

    def observable(self) -> Bools:
        """Return which histories are on at least one list, with at most one value of each covariate."""
        cells = np.arange(self.cells)
        is_observable = (cells & ((1 << self.lists) - 1)) > 0
        for covariate_bits in self.bits:
            is_observable &= sum((cells >> bit & 1) for bit in covariate_bits) <= 1
        return np.asarray(is_observable)

    def expand_counts(self, counts: Floats) -> Floats:
        """Return counts of shape (histories, strata, tables) as tables over histories with covariates."""
        expanded = np.zeros((self.cells, counts.shape[2]))
        for number, code in enumerate(self.codes):
            expanded[int(code) + np.arange(len(counts))] = counts[:, number]
        return expanded


def layout(tables: Sequence[CaptureTable]) -> Layout:
    """Return the layout of strata; UnusableTable if their lists or the names of their covariates differ."""
    first = tables[0]
    if any(table.lists != first.lists for table in tables):
        raise UnusableTable("The strata do not have the same lists in the same order.")
    names = [name for name, _ in first.stratum]
    if any([name for name, _ in table.stratum] != names for table in tables):
        raise UnusableTable("The strata are not told apart by the same covariates.")
    next_bit, bits, codes = len(first.lists), [], np.zeros(len(tables), dtype=np.int64)
    for number in range(len(names)):
        values = sorted({table.stratum[number][1] for table in tables})
        covariate_bits = tuple(range(next_bit, next_bit + len(values) - 1))
        next_bit += len(covariate_bits)
        bits.append(covariate_bits)
        for row, table in enumerate(tables):
            rank = values.index(table.stratum[number][1])
            codes[row] |= 1 << covariate_bits[rank - 1] if rank else 0
    if next_bit > MAXIMUM_BITS:
        raise NoEstimate(
            f"The covariates have too many values to stand in one model ({next_bit} bits, at most {MAXIMUM_BITS}): "
            "let strata borrow from one another instead (`partial_pooling`)."
        )
    return Layout(len(first.lists), codes, tuple(bits))


def joint_effects(strata_layout: Layout, pairs: Ints, *, list_effects_differ: bool = True) -> Ints:
    """Return the effects of the joint model, of shape (effects, tables).

    The model has main effects of lists and covariates, interactions of pairs of covariates, the interactions `pairs` of
    lists, and with `list_effects_differ` interactions of each list with each covariate.
    """
    main_effects = [0, *(1 << number for number in range(strata_layout.lists))]
    covariate_effects = [1 << bit for covariate_bits in strata_layout.bits for bit in covariate_bits]
    covariate_pairs = [
        1 << bit_a | 1 << bit_b
        for bits, other_bits in combinations(strata_layout.bits, 2)
        for bit_a in bits
        for bit_b in other_bits
    ]
    list_by_covariate = (
        [main | covariate for main in main_effects[1:] for covariate in covariate_effects]
        if list_effects_differ
        else []
    )
    fixed = np.array([*main_effects, *covariate_effects, *covariate_pairs, *list_by_covariate], dtype=np.int64)
    return np.vstack([np.repeat(fixed[:, None], pairs.shape[1], axis=1), pairs])


def joint_hidden(
    counts: Floats, strata_layout: Layout, threshold: float, *, list_effects_differ: bool = True
) -> Floats:
    """Return the hidden count of each stratum, of shape (strata, tables), from counts (histories, strata, tables).

    Interactions of lists are selected stepwise on the sum over strata, separately for each table.
    """
    selected = select_stepwise(counts.sum(axis=1), threshold).fits.effects
    pairs = selected[list_count(len(counts)) + 1 :]
    pairs = np.vstack([pairs, np.full((1, counts.shape[2]), NO_EFFECT)])
    effects = joint_effects(strata_layout, pairs, list_effects_differ=list_effects_differ)
    fits = fit_loglinear(strata_layout.expand_counts(counts), effects, observable=strata_layout.observable())
    return np.where(fits.exists, fits.fitted[strata_layout.codes], np.nan)


def resample_strata(counts: Floats, replicates: int, random: np.random.Generator) -> Floats:
    """Resample the persons of all strata with history and stratum; shape (histories, strata, 1 + replicates).

    The first table is the data.
    """
    flat = counts.reshape(-1)
    persons = round(float(flat.sum()))
    draws = random.multinomial(persons, flat / flat.sum(), size=replicates).T.reshape(*counts.shape, replicates)
    return np.concatenate([counts[:, :, None], draws], axis=2)


@dataclass(frozen=True)
class StratumEstimates:
    """Estimates of the strata and of their total; the point estimates of the strata add up to that of the total."""

    strata: tuple[HiddenEstimate, ...]
    total: HiddenEstimate
    replicates: Floats


def estimate_with_covariates(
    tables: Sequence[CaptureTable], *, threshold: float = 0.02, replicates: int = REPLICATES, seed: int = 1
) -> StratumEstimates:
    """Fit one log-linear model of lists and covariates; percentile bootstrap intervals with the selection repeated."""
    strata_layout, counts = layout(tables), np.stack([table.counts for table in tables], axis=1)
    generator = np.random.default_rng(seed)
    hidden = joint_hidden(resample_strata(counts, replicates, generator), strata_layout, threshold)
    if not np.isfinite(hidden[:, 0]).all():
        raise NoEstimate("The joint model of lists and covariates has no estimate: let strata borrow (pooling).")
    return stratum_estimates(tables, "log-linear with covariates", hidden, generator)


def stratum_estimates(
    tables: Sequence[CaptureTable], method: str, hidden: Floats, generator: np.random.Generator
) -> StratumEstimates:
    """Return estimates from hidden counts of shape (strata, 1 + replicates); the first column is that of the data.

    A resample gives an expected hidden count; the actual count varies around it as a Poisson count, which matters if a
    stratum is small and its model is well determined by the others.
    """
    expected = np.minimum(np.nan_to_num(hidden[:, 1:]), 1e15)
    replicate_counts = np.where(np.isfinite(hidden[:, 1:]), generator.poisson(expected), np.nan)
    hidden = np.hstack([hidden[:, :1], replicate_counts])
    strata = tuple(
        _estimate(f"{method}: {table_of_stratum.description()}", table_of_stratum, row)
        for table_of_stratum, row in zip(tables, hidden, strict=True)
    )
    seen = sum(table.persons for table in tables)
    total = _limits(f"{method}: all strata", seen, hidden.sum(axis=0))
    return StratumEstimates(strata, total, hidden[:, 1:])


def _estimate(method: str, table: CaptureTable, hidden: Floats) -> HiddenEstimate:
    return _limits(method, table.persons, hidden, table.fingerprint())


def _limits(method: str, seen: int, hidden: Floats, fingerprint: str = "") -> HiddenEstimate:
    replicates = hidden[1:][np.isfinite(hidden[1:])]
    without_estimate = len(hidden) - 1 - len(replicates)
    low, high = np.quantile(replicates, [0.025, 0.975]) if len(replicates) else (np.nan, np.nan)
    return HiddenEstimate(
        method=method,
        seen=seen,
        population=seen + float(hidden[0]),
        low=float(seen + low) if len(replicates) else None,
        high=float(seen + high) if len(replicates) else None,
        interval=f"percentile bootstrap, {len(replicates):,} resamples, choice of pairs repeated",
        warnings=(f"{without_estimate:,} resamples had no estimate and are not in the interval.",)
        if without_estimate
        else (),
        fingerprint=fingerprint,
    )
