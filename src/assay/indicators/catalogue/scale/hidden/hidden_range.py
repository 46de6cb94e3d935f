"""The range of the number of exploited children, over the estimates of several capture-recapture methods.

Every quick method of the library is applied, to all lists and without uncertain lists; the stepwise method also over
linkage thresholds and draws. The range is the union of their intervals, widened for what no list can test: children
whom no list could hold, and dependence between lists. The factor is fixed beforehand (`MAX_BIAS`), not estimated; its
direction follows the declared signs of dependence.
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
from assay.stats.multiple_systems.capture_tables import CaptureTable
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
"""Largest factor between the true hidden number and a method's estimate, where lists depend on one another in a way
that overlaps do not show: the end of the library's sensitivity range."""
FIRST_TABLE_METHODS = ("stepwise", "averaged by BIC", "Bayesian threshold", "decomposable graphs", LOWER_BOUND)
OTHER_TABLE_METHODS = ("stepwise", "decomposable graphs")
"""Methods for the second table, without uncertain lists."""
REPLICATES = 200
NO_AGREEMENT = "The methods reach so far apart that together they say nothing."
FEW_METHODS = "Fewer than two methods have an estimate from these lists."


@dataclass(frozen=True)
class Limits:
    """The lower and upper limit of one method's estimate; None if it gives no estimate. A midpoint is not stored."""

    method: str
    low: float | None
    high: float | None


@dataclass(frozen=True)
class HiddenRange:
    """The range of the number of exploited children in one place and window, with the limits of each method.

    `low` and `high` are of all children, on a list or on none; None if there is no estimate, for the reason in
    `refusal`. `unadjusted`: the range before widening. `fold`: the ratio of the largest to the smallest estimate of the
    methods. `screening_direction`: the direction of bias by the declared dependences.
    """

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
    """Estimate the range of the number of exploited children in one place and window."""
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
    """Return the stepwise estimate at each linkage threshold, and pooled over the linkage draws."""
    draw_fits: list[LogLinearEstimate] = []
    found: list[HiddenEstimate] = []
    fits: dict[bytes, LogLinearEstimate | None] = {}
    for choice, patterns in list_set.by_choice.items():
        table = ready_table.with_patterns(patterns)
        # Most choices link the same records. The resampling has a fixed seed, so equal counts have equal fits.
        key = table.counts.tobytes()
        if key not in fits:
            fits[key] = _stepwise_fit(table)
        fitted = fits[key]
        if fitted is None:
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


def _stepwise_fit(table: CaptureTable) -> LogLinearEstimate | None:
    try:
        return estimate_stepwise(table, replicates=REPLICATES)
    except NoEstimate:
        return None


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
    if before[1] / before[0] > MAXIMUM_ORDER_RATIO:  # of the methods only; the widening is no disagreement between them
        return _no_estimate(list_set, NO_AGREEMENT, limits)
    kind = VerdictKind.RANGE if high / low <= MAXIMUM_RANGE_RATIO else VerdictKind.ORDER_OF_MAGNITUDE
    fold = round(max(middles) / min(middles), 1)
    return HiddenRange(list_set, kind, low, high, before, "", fold, limits, leaning, linkage_share)


def bias_factors(signs: frozenset[DependenceSign]) -> tuple[float, float]:
    """Return the factors by which bias may make the true hidden number smaller or greater than the estimate.

    They show the sensitivity to dependence between lists. With negative dependence only, the methods do not
    underestimate. The lower limit is always widened: a child who is not exploited but flagged is usually on one list
    alone, which inflates the estimate.
    """
    feeds, avoids = DependenceSign.POSITIVE in signs, DependenceSign.NEGATIVE in signs
    return MAX_BIAS, 1.0 if avoids and not feeds else MAX_BIAS


def two_figures(value: float, *, up: bool) -> float:
    """Round a limit outwards to two significant figures."""
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
