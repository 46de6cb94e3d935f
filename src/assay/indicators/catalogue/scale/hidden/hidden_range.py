"""The range of the number of exploited children that the lists allow, over several capture-recapture methods.

Every quick method of the library is asked, on all lists and without those that are not sure; the stepwise one again
over thresholds and draws of linkage. The range reaches from the lowest lower limit to the highest upper limit, and is
then bent by what no list can check: children whom no list could ever hold, and lists that feed one another. By how much
is fixed beforehand (`MAX_BIAS`) and not fitted to anything; which way, by the signs that were declared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.indicators.catalogue.scale.hidden.list_overlap import ListSet
from assay.indicators.catalogue.scale.hidden.list_readiness import ScreenedTable, screened_tables
from assay.stats.multiple_systems.assumption_sensitivity import (
    ODDS_RATIOS,
    pool_linkage_draws,
    sensitivity_to_odds_ratio,
)
from assay.stats.multiple_systems.ensemble import (
    LOWER_BOUND,
    MAXIMUM_ORDER_RATIO,
    MAXIMUM_RANGE_RATIO,
    METHODS,
    Ensemble,
    Method,
    VerdictKind,
    estimate_ensemble,
    verdict,
)
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate
from assay.stats.multiple_systems.list_screening import DependenceSign
from assay.stats.multiple_systems.loglinear import LogLinearEstimate, estimate_stepwise

MAX_BIAS = max(ODDS_RATIOS)
"""The hidden are taken to be up to so many times as many as a method says (or as few), where lists may depend on one
another in a way that no overlap shows: the end of the library's own range of sensitivity."""
FIRST_TABLE_METHODS = ("stepwise", "averaged by BIC", "Bayesian threshold", "decomposable graphs", LOWER_BOUND)
OTHER_TABLE_METHODS = ("stepwise", "decomposable graphs")
"""What is asked of the second table, without the lists that are not sure."""
REPLICATES = 200
NO_AGREEMENT = "The methods reach so far apart that together they say nothing."
FEW_METHODS = "Fewer than two methods have an estimate from these lists."


@dataclass(frozen=True)
class Limits:
    """One method's limits: no middle stands beside them. None where it has no estimate."""

    method: str
    low: float | None
    high: float | None


@dataclass(frozen=True)
class HiddenRange:
    """The range for one place and window, with the limits of each method. `low` and `high`: all children, on a list or
    on none; None where `refusal` says why. `before`: the range before it was bent. `fold`: how many times the
    largest method's answer is the smallest's. `leaning`: which way it leans, by what was declared of the lists."""

    lists: ListSet
    kind: VerdictKind
    low: float | None
    high: float | None
    unadjusted: tuple[float, float] | None
    refusal: str
    fold: float | None
    methods: tuple[Limits, ...]
    screening_direction: str
    linkage_share: str


def estimate_hidden_range(list_set: ListSet, *, methods: Mapping[str, Method] = METHODS) -> HiddenRange:
    """Estimate the range of one place and window."""
    tables, refusal = screened_tables(list_set)
    if not tables:
        return _no_estimate(list_set, refusal)
    ensembles = [_run_ensemble(entry, first=place == 0, methods=methods) for place, entry in enumerate(tables)]
    if verdict(ensembles[0]).kind is VerdictKind.NO_ESTIMATE:
        return _no_estimate(list_set, _refusal(ensembles[0]), _limits(ensembles))
    usable = [entry for found in ensembles for entry in found.usable]
    linked, share = _over_linkage(tables[0], list_set)
    signs = frozenset(sign for entry in tables for sign in entry.signs)
    return _range(
        list_set, [*usable, *linked], signs, _limits(ensembles, linked), ensembles[0].screening.direction(), share
    )


def _run_ensemble(ready_table: ScreenedTable, *, first: bool, methods: Mapping[str, Method]) -> Ensemble:
    selected_methods = {
        name: methods[name] for name in (FIRST_TABLE_METHODS if first else OTHER_TABLE_METHODS) if name in methods
    }
    return estimate_ensemble(ready_table.table, screening=ready_table.screening, methods=selected_methods)


def _refusal(found: Ensemble) -> str:
    return FEW_METHODS if len(found.usable) < 2 else NO_AGREEMENT


def _over_linkage(ready_table: ScreenedTable, list_set: ListSet) -> tuple[list[HiddenEstimate], str]:
    """The stepwise estimate at each linkage threshold, and pooled over the linkage draws."""
    draw_fits: list[LogLinearEstimate] = []
    found: list[HiddenEstimate] = []
    for choice, patterns in list_set.by_choice.items():
        try:
            fitted = estimate_stepwise(ready_table.with_patterns(patterns), replicates=REPLICATES)
        except NoEstimate:
            continue
        if choice.startswith("draw"):
            draw_fits.append(fitted)
        else:
            found.append(_with_method(fitted.estimate, f"stepwise, linkage at {choice}"))
    try:
        pooled = pool_linkage_draws(draw_fits)
    except NoEstimate:
        return [e for e in found if e.low is not None], ""
    return [*(e for e in found if e.low is not None), pooled], pooled.warnings[0]


def _with_method(estimate: HiddenEstimate, method: str) -> HiddenEstimate:
    return HiddenEstimate(
        method,
        estimate.seen,
        estimate.population,
        estimate.low,
        estimate.high,
        estimate.interval,
        refusal=estimate.refusal,
    )


def _range(
    list_set: ListSet,
    usable: list[HiddenEstimate],
    signs: frozenset[DependenceSign],
    limits: tuple[Limits, ...],
    leaning: str,
    linkage_share: str,
) -> HiddenRange:
    down, up = bias_factors(signs)
    adjusted = [sensitivity_to_odds_ratio(estimate, [1 / down, up]) for estimate in usable]
    before = (min(float(e.low or 0) for e in usable), max(float(e.high or 0) for e in usable))
    seen = max(e.seen for e in usable)
    low = max(two_figures(min(float(b.low[0]) for b in adjusted), up=False), two_figures(seen, up=False))
    high = two_figures(max(float(b.high[1]) for b in adjusted), up=True)
    middles = [float(e.population) for e in usable if e.population]
    if (
        before[1] / before[0] > MAXIMUM_ORDER_RATIO
    ):  # of the methods; how far a range is bent is no disagreement of theirs
        return _no_estimate(list_set, NO_AGREEMENT, limits)
    kind = VerdictKind.RANGE if high / low <= MAXIMUM_RANGE_RATIO else VerdictKind.ORDER_OF_MAGNITUDE
    fold = round(max(middles) / min(middles), 1)
    return HiddenRange(list_set, kind, low, high, before, "", fold, limits, leaning, linkage_share)


def bias_factors(signs: frozenset[DependenceSign]) -> tuple[float, float]:
    """Factors by which the hidden number may be smaller and greater than the methods state (sensitivity to dependence).

    Lists that only avoid one another never hide more than the methods say. Downwards a range is always bent: a mark may
    be put on wrongly, and children who are not exploited stand on one list alone, so that more seem to be hidden.
    """
    feeds, avoids = DependenceSign.POSITIVE in signs, DependenceSign.NEGATIVE in signs
    return MAX_BIAS, 1.0 if avoids and not feeds else MAX_BIAS


def two_figures(value: float, *, up: bool) -> float:
    """A limit to two significant figures, rounded outwards."""
    unit = 10.0 ** max(math.floor(math.log10(max(value, 1.0))) - 1, 0)
    return float((math.ceil if up else math.floor)(value / unit) * unit)


def _limits(ensembles: Iterable[Ensemble], linked: Iterable[HiddenEstimate] = ()) -> tuple[Limits, ...]:
    words = ("", ", without lists that are not sure")
    found = [
        Limits(_method(e) + words[place], e.low, e.high)
        for place, ensemble_result in enumerate(ensembles)
        for e in ensemble_result.estimates
    ]
    return (*found, *(Limits(e.method, e.low, e.high) for e in linked))


def _method(estimate: HiddenEstimate) -> str:
    return estimate.method.split(",")[0]


def _no_estimate(list_set: ListSet, refusal: str, methods: tuple[Limits, ...] = ()) -> HiddenRange:
    return HiddenRange(list_set, VerdictKind.NO_ESTIMATE, None, None, None, refusal, None, methods, "", "")
