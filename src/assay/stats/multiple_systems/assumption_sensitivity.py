"""Sensitivity of an estimate to assumptions that the data cannot test.

Every estimate of the hidden persons rests on an assumption about the one cell that cannot be observed. This module
varies it: by an odds ratio that the model fixes at one (tilt), list by list (left out, merged, held out and estimated),
and over several linkage draws. None of this shows that an estimate is right; each can show that it is not robust.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import stdtrit

from assay.stats.multiple_systems.capture_histories import Floats
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate
from assay.stats.multiple_systems.hierarchical_models import LogLinearModel
from assay.stats.multiple_systems.loglinear import LogLinearEstimate, estimate_stepwise
from assay.stats.multiple_systems.newton_fits import fit_loglinear, repeat_model

ODDS_RATIOS = tuple(float(value) for value in np.geomspace(0.25, 4.0, 17))
Estimator = Callable[[CaptureTable], HiddenEstimate]


def stepwise_estimate(table: CaptureTable) -> HiddenEstimate:
    """Return the stepwise estimate with 400 resamples, fast enough to be repeated many times."""
    return estimate_stepwise(table, replicates=400).estimate


@dataclass(frozen=True)
class SensitivityCurve:
    """Estimated population at each odds ratio, with its interval; an odds ratio of 1 gives the estimate itself."""

    assumption: str
    odds_ratios: Floats
    population: Floats
    low: Floats
    high: Floats


def sensitivity_to_odds_ratio(estimate: HiddenEstimate, odds_ratios: Sequence[float] = ODDS_RATIOS) -> SensitivityCurve:
    """Return the estimate under other odds ratios of the interaction of all lists.

    Every model without the interaction of all lists fixes its odds ratio at one, which the data cannot test. If it is
    xi (or 1/xi, depending on the number of lists), there are xi times as many hidden persons, in every resample too, so
    that the interval is scaled in the same way (Aleshin-Guendel, Sadinle & Wakefield 2021). NoEstimate if the estimate
    has no interval.
    """
    if estimate.population is None or estimate.low is None or estimate.high is None:
        raise NoEstimate(f"There is nothing to tilt: {estimate.refusal or 'the estimate has no interval.'}")
    ratio = np.asarray(odds_ratios, dtype=float)
    limits = (estimate.population, estimate.low, estimate.high)
    tilted = [estimate.seen + ratio * (value - estimate.seen) for value in limits]
    return SensitivityCurve("no interaction of all lists together, beyond the model", ratio, *tilted)


@dataclass(frozen=True)
class BreakdownPoint:
    """Odds ratio at which a claim no longer holds, for the estimate (`middle`) and for its nearer limit."""

    claim: float
    middle: float
    nearest_limit: float
    sentence: str


def breakdown_point(estimate: HiddenEstimate, claim: float) -> BreakdownPoint:
    """Return the breakdown point of the claim that there are at least `claim` persons.

    NoEstimate if the persons seen already fulfil the claim, or the estimate has no interval.
    """
    if estimate.hidden is None or estimate.low is None:
        raise NoEstimate(f"There is nothing to break: {estimate.refusal or 'the estimate has no interval.'}")
    if claim <= estimate.seen:
        raise NoEstimate(f"{estimate.seen:,} persons were seen: the claim of {claim:,.0f} needs no estimate.")
    needed_hidden = claim - estimate.seen
    middle, limit = needed_hidden / estimate.hidden, needed_hidden / max(estimate.low - estimate.seen, 1e-9)
    if middle > 1:
        sentence = f"The estimate does not bear out {claim:,.0f}: there would have to be {middle:.1f} times the hidden."
    elif limit > 1:
        sentence = f"The middle bears out {claim:,.0f}, the lower limit does not: the claim is not safe as it stands."
    else:
        sentence = f"{claim:,.0f} holds while the hidden are at least {limit:.2f} times what the model takes them for."
    return BreakdownPoint(claim, middle, limit, sentence)


def sensitivity_to_pair(
    table: CaptureTable, model: LogLinearModel | str, pair: tuple[str, str], odds_ratios: Sequence[float] = ODDS_RATIOS
) -> SensitivityCurve:
    """Return the population for fixed odds ratios between one pair of lists.

    For a dependence that the data cannot identify (an odds ratio of 1 is independence), or that is known from
    elsewhere. Effects of the model that contain the pair are removed.
    """
    model = LogLinearModel.from_text(table.lists, model) if isinstance(model, str) else model
    mask = sum(1 << table.lists.index(name) for name in pair)
    rest = LogLinearModel.from_effects(table.lists, [effect for effect in model.interactions if effect & mask != mask])
    cells = np.arange(len(table.counts))
    ratio = np.asarray(odds_ratios, dtype=float)
    offset = ((cells & mask) == mask)[:, None] * np.log(ratio)
    repeated_counts = np.repeat(table.counts[:, None], len(ratio), axis=1)
    fits = fit_loglinear(repeated_counts, repeat_model(rest.effects, len(ratio)), offset=offset)
    no_interval = np.full(len(ratio), np.nan)
    assumption = f"{pair[0]} and {pair[1]} go together with this odds ratio"
    return SensitivityCurve(assumption, ratio, table.persons + fits.hidden, no_interval, no_interval)


@dataclass(frozen=True)
class Refit:
    """Estimate from a changed table; `change` describes the change in words."""

    change: str
    estimate: HiddenEstimate


def leave_out_each_list(table: CaptureTable, estimator: Estimator = stepwise_estimate) -> tuple[Refit, ...]:
    """Return the estimate without each list in turn."""
    if len(table.lists) < 3:
        raise NoEstimate("A list can be left out only where at least two remain.")
    return tuple(
        Refit(f"without {name}", _estimate_or_refusal(table.drop_list(name), estimator)) for name in table.lists
    )


def merge_each_pair(table: CaptureTable, estimator: Estimator = stepwise_estimate) -> tuple[Refit, ...]:
    """Return the estimate with each pair of lists merged into one, which removes the effect of their dependence."""
    if len(table.lists) < 3:
        raise NoEstimate("Lists can be merged only where at least two remain.")
    pairs = combinations(table.lists, 2)
    return tuple(
        Refit(f"{a} and {b} as one", _estimate_or_refusal(table.merge_lists([a, b]), estimator)) for a, b in pairs
    )


def _estimate_or_refusal(table: CaptureTable, estimator: Estimator) -> HiddenEstimate:
    try:
        return estimator(table)
    except NoEstimate as reason:
        return HiddenEstimate("no method", table.persons, refusal=str(reason))


@dataclass(frozen=True)
class ListHoldout:
    """Test of a method on one held-out list, whose number of persons on no other list is known.

    `is_covered`: whether the interval contains the known number; None without an estimate.
    """

    hidden_list: str
    known: int
    estimate: HiddenEstimate
    is_covered: bool | None


def hold_out_each_list(table: CaptureTable, estimator: Estimator = stepwise_estimate) -> tuple[ListHoldout, ...]:
    """Hold out each list in turn and estimate how many of its persons the other lists miss.

    That number is known, so the estimate can be checked (Binette & Steorts 2022). Persons on one list are not
    representative: success here does not prove that the hidden persons are estimated well.
    """
    if len(table.lists) < 3:
        raise NoEstimate("A list can be hidden only where at least two remain.")
    holdouts = []
    for name in table.lists:
        restricted, known = table.restrict_to_list(name)
        estimate = _estimate_or_refusal(restricted, estimator)
        is_covered = None
        if estimate.low is not None and estimate.high is not None:
            is_covered = bool(estimate.low <= restricted.persons + known <= estimate.high)
        holdouts.append(ListHoldout(name, known, estimate, is_covered))
    return tuple(holdouts)


def pool_linkage_draws(estimates: Sequence[LogLinearEstimate]) -> HiddenEstimate:
    """Pool the estimates of several linkage draws by Rubin's rules.

    On the log scale of the hidden count: the within-draw variance is that of the resamples, the between-draw variance
    that of the point estimates; draws have equal weights (Rubin 1987). Draws without an estimate are counted in a
    warning; NoEstimate if fewer than two have one.
    """
    usable = [estimate for estimate in estimates if estimate.estimate.hidden and estimate.resampling is not None]
    if len(usable) < 2:
        raise NoEstimate("Fewer than two linkage draws have an estimate: what joining adds to the doubt is not known.")
    seen = np.array([estimate.estimate.seen for estimate in usable], dtype=float)
    logs = np.log([float(estimate.estimate.hidden or 1) for estimate in usable])
    within_variance = float(np.mean([_log_variance(estimate) for estimate in usable]))
    between_variance, draws = float(logs.var(ddof=1)), len(usable)
    between_term = (1 + 1 / draws) * between_variance
    degrees_of_freedom = (draws - 1) * (1 + within_variance / between_term) ** 2 if between_term > 0 else 1e6
    half_width = float(stdtrit(degrees_of_freedom, 0.975)) * np.sqrt(within_variance + between_term)
    middle, mean_seen = float(logs.mean()), float(seen.mean())
    share = between_term / (within_variance + between_term) if between_term > 0 else 0.0
    draws_without_estimate = len(estimates) - draws
    return HiddenEstimate(
        method=f"{usable[0].estimate.method}, over {draws} linkage draws",
        seen=round(mean_seen),
        population=mean_seen + float(np.exp(middle)),
        low=mean_seen + float(np.exp(middle - half_width)),
        high=mean_seen + float(np.exp(middle + half_width)),
        interval="Rubin's rules on the logarithm of the hidden",
        warnings=(
            f"{share:.0%} of the variance comes from how the lists were joined.",
            *(
                [f"{draws_without_estimate} of {len(estimates)} linkage draws had no estimate."]
                if draws_without_estimate
                else []
            ),
        ),
    )


def _log_variance(estimate: LogLinearEstimate) -> float:
    assert estimate.resampling is not None
    replicates = estimate.resampling.replicates
    logs = np.log(np.maximum(replicates[np.isfinite(replicates)], 0.5))
    return float(logs.var(ddof=1))
