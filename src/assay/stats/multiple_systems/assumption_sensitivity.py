"""How much does the answer lean on what cannot be checked?

Every estimate of the hidden rests on an assumption about the one cell that nobody sees. Here it is bent on purpose: by
an odds ratio that the model sets at one (the tilt), list by list (left out, merged, hidden and guessed again), and over
several ways of joining the lists. None of it says that an estimate is right; each can say that it is not robust.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import stdtrit

from assay.stats.multiple_systems.capture_histories import Floats
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hidden_estimates import Estimate
from assay.stats.multiple_systems.hierarchical_models import Model
from assay.stats.multiple_systems.loglinear import LogLinear, stepwise
from assay.stats.multiple_systems.newton_fits import columns, fit

ODDS_RATIOS = tuple(float(value) for value in np.geomspace(0.25, 4.0, 17))
Estimator = Callable[[CaptureTable], Estimate]


def by_steps(table: CaptureTable) -> Estimate:
    """The stepwise estimate with 400 resamples: quick enough to be repeated many times."""
    return stepwise(table, replicates=400).estimate


@dataclass(frozen=True)
class Tilt:
    """The population at each odds ratio, with its interval; 1 is the estimate as it stood."""

    assumption: str
    odds_ratios: Floats
    population: Floats
    low: Floats
    high: Floats


def tilt(estimate: Estimate, odds_ratios: Sequence[float] = ODDS_RATIOS) -> Tilt:
    """The estimate if the hidden were so many times as many as the model takes them for.

    Every model without the interaction of all lists together sets its odds ratio at one; the data cannot tell. Where
    it is xi (or 1/xi, by the number of lists) the hidden are xi times as many, in every resample alike, so that the
    interval moves with it (Aleshin-Guendel, Sadinle & Wakefield 2021).
    """
    if estimate.population is None or estimate.low is None or estimate.high is None:
        raise NoEstimate(f"There is nothing to tilt: {estimate.refusal or 'the estimate has no interval.'}")
    ratio = np.asarray(odds_ratios, dtype=float)
    limits = (estimate.population, estimate.low, estimate.high)
    moved = [estimate.seen + ratio * (value - estimate.seen) for value in limits]
    return Tilt("no interaction of all lists together, beyond the model", ratio, *moved)


@dataclass(frozen=True)
class Breakdown:
    """The odds ratio at which a claim stops being so: of the middle, and of the limit that stands nearer to it."""

    claim: float
    middle: float
    nearest_limit: float
    says: str


def breakdown(estimate: Estimate, at_least: float) -> Breakdown:
    """How few the hidden would have to be, against what the model takes them for, before the claim fails.

    `at_least`: the claim that there are at least so many persons. Refuses a claim that those seen already fulfil.
    """
    if estimate.hidden is None or estimate.low is None:
        raise NoEstimate(f"There is nothing to break: {estimate.refusal or 'the estimate has no interval.'}")
    if at_least <= estimate.seen:
        raise NoEstimate(f"{estimate.seen:,} persons were seen: the claim of {at_least:,.0f} needs no estimate.")
    needed = at_least - estimate.seen
    middle, limit = needed / estimate.hidden, needed / max(estimate.low - estimate.seen, 1e-9)
    if middle > 1:
        says = f"The estimate does not bear out {at_least:,.0f}: there would have to be {middle:.1f} times the hidden."
    elif limit > 1:
        says = f"The middle bears out {at_least:,.0f}, the lower limit does not: the claim is not safe as it stands."
    else:
        says = f"{at_least:,.0f} holds while the hidden are at least {limit:.2f} times what the model takes them for."
    return Breakdown(at_least, middle, limit, says)


def pair_tilt(
    table: CaptureTable, model: Model | str, pair: tuple[str, str], odds_ratios: Sequence[float] = ODDS_RATIOS
) -> Tilt:
    """The population with the odds ratio of one pair of lists fixed in turn at each value; NaN for an interval.

    A pair that two lists alone could never tell (an odds ratio of 1 is independence), or that somebody knows better
    than the counts do. Effects of the model that contain the pair are taken out.
    """
    model = Model.named(table.lists, model) if isinstance(model, str) else model
    mask = sum(1 << table.lists.index(name) for name in pair)
    rest = Model.of(table.lists, [e for e in model.interactions if e & mask != mask])
    cells = np.arange(len(table.counts))
    ratio = np.asarray(odds_ratios, dtype=float)
    offset = ((cells & mask) == mask)[:, None] * np.log(ratio)
    wide = np.repeat(table.counts[:, None], len(ratio), axis=1)
    fits = fit(wide, columns(rest.effects, len(ratio)), offset=offset)
    nothing = np.full(len(ratio), np.nan)
    says = f"{pair[0]} and {pair[1]} go together with this odds ratio"
    return Tilt(says, ratio, table.persons + fits.hidden, nothing, nothing)


@dataclass(frozen=True)
class Refit:
    """What an estimator says of a table that was changed; `change` in words."""

    change: str
    estimate: Estimate


def without_each_list(table: CaptureTable, estimator: Estimator = by_steps) -> tuple[Refit, ...]:
    """The estimate without each list in turn; the population is the same, so the answers should be."""
    if len(table.lists) < 3:
        raise NoEstimate("A list can be left out only where at least two remain.")
    return tuple(Refit(f"without {name}", _tried(table.without(name), estimator)) for name in table.lists)


def merged_pairs(table: CaptureTable, estimator: Estimator = by_steps) -> tuple[Refit, ...]:
    """The estimate with each pair of lists taken as one, whatever their dependence may be."""
    if len(table.lists) < 3:
        raise NoEstimate("Lists can be merged only where at least two remain.")
    pairs = combinations(table.lists, 2)
    return tuple(Refit(f"{a} and {b} as one", _tried(table.merged([a, b]), estimator)) for a, b in pairs)


def _tried(table: CaptureTable, estimator: Estimator) -> Estimate:
    try:
        return estimator(table)
    except NoEstimate as reason:
        return Estimate("no method", table.persons, refusal=str(reason))


@dataclass(frozen=True)
class Hidden:
    """One list hidden and guessed again: of those on it, how many stand on no other list, and what was estimated.

    `held`: whether the interval holds the number; None where there was no estimate.
    """

    hidden_list: str
    known: int
    estimate: Estimate
    held: bool | None


def hide_each_list(table: CaptureTable, estimator: Estimator = by_steps) -> tuple[Hidden, ...]:
    """Take those on one list for the whole population, and estimate from the others how many of them they miss.

    That number is known, so the method can fail in the open (Binette & Steorts 2022). Those on one list are not like
    all; that it does well here does not prove that it does well of the hidden.
    """
    if len(table.lists) < 3:
        raise NoEstimate("A list can be hidden only where at least two remain.")
    found = []
    for name in table.lists:
        inside, alone = table.on(name)
        estimate = _tried(inside, estimator)
        held = None
        if estimate.low is not None and estimate.high is not None:
            held = bool(estimate.low <= inside.persons + alone <= estimate.high)
        found.append(Hidden(name, alone, estimate, held))
    return tuple(found)


def over_linkage_draws(found: Sequence[LogLinear]) -> Estimate:
    """One estimate from several ways of joining the lists, by Rubin's rules on the logarithm of the hidden.

    The variance within draws is that of the resamples, the variance between draws is that of their points; each draw
    counts alike (Rubin 1987). Draws without an estimate are counted and said; refuses fewer than two that have one.
    """
    usable = [one for one in found if one.estimate.hidden and one.resampling is not None]
    if len(usable) < 2:
        raise NoEstimate("Fewer than two linkage draws have an estimate: what joining adds to the doubt is not known.")
    seen = np.array([one.estimate.seen for one in usable], dtype=float)
    logs = np.log([float(one.estimate.hidden or 1) for one in usable])
    within = float(np.mean([_log_variance(one) for one in usable]))
    between, draws = float(logs.var(ddof=1)), len(usable)
    extra = (1 + 1 / draws) * between
    freedom = (draws - 1) * (1 + within / extra) ** 2 if extra > 0 else 1e6
    half = float(stdtrit(freedom, 0.975)) * np.sqrt(within + extra)
    middle, people = float(logs.mean()), float(seen.mean())
    share = extra / (within + extra) if extra > 0 else 0.0
    lost = len(found) - draws
    return Estimate(
        method=f"{usable[0].estimate.method}, over {draws} linkage draws",
        seen=round(people),
        population=people + float(np.exp(middle)),
        low=people + float(np.exp(middle - half)),
        high=people + float(np.exp(middle + half)),
        interval="Rubin's rules on the logarithm of the hidden",
        warnings=(
            f"{share:.0%} of the variance comes from how the lists were joined.",
            *([f"{lost} of {len(found)} linkage draws had no estimate."] if lost else []),
        ),
    )


def _log_variance(one: LogLinear) -> float:
    assert one.resampling is not None
    kept = one.resampling.replicates
    logs = np.log(np.maximum(kept[np.isfinite(kept)], 0.5))
    return float(logs.var(ddof=1))
