"""What do the lists allow, from A to B, and how far do methods disagree?

Every quick method of the library is asked, on all lists and without those that are not sure; the stepwise one again
over thresholds and draws of linkage. The range reaches from the lowest lower limit to the highest upper limit, and is
then bent by what no list can check: children whom no list could ever hold, and lists that feed one another. By how much
is fixed beforehand (`BENT`) and not fitted to anything; which way, by the signs that were declared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.indicators.catalogue.scale.hidden.list_overlap import Lists
from assay.indicators.catalogue.scale.hidden.list_readiness import Ready, ready
from assay.stats.multiple_systems.assumption_sensitivity import ODDS_RATIOS, over_linkage_draws, tilt
from assay.stats.multiple_systems.ensemble import (
    LOWER_BOUND,
    METHODS,
    ORDER_AT_MOST,
    RANGE_AT_MOST,
    Ensemble,
    Kind,
    Method,
    ensemble,
    verdict,
)
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hidden_estimates import Estimate
from assay.stats.multiple_systems.list_screening import Sign
from assay.stats.multiple_systems.loglinear import LogLinear, stepwise

BENT = max(ODDS_RATIOS)
"""The hidden are taken to be up to so many times as many as a method says (or as few), where lists may depend on one
another in a way that no overlap shows: the end of the library's own range of sensitivity."""
ASKED = ("stepwise", "averaged by BIC", "Bayesian threshold", "decomposable graphs", LOWER_BOUND)
ALONE = ("stepwise", "decomposable graphs")
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
class Said:
    """What the lists of one place and window allow. `low` and `high`: all children, on a list or on none; None where
    `refusal` says why. `before`: the range before it was bent. `fold`: how many times the largest method's answer is
    the smallest's. `leaning`: which way it leans, by what was declared of the lists."""

    lists: Lists
    kind: Kind
    low: float | None
    high: float | None
    before: tuple[float, float] | None
    refusal: str
    fold: float | None
    methods: tuple[Limits, ...]
    leaning: str
    linkage_share: str


def said(held: Lists, *, methods: Mapping[str, Method] = METHODS) -> Said:
    """What may be said of one place and window."""
    tables, refusal = ready(held)
    if not tables:
        return _nothing(held, refusal)
    asked = [_asked(one, first=place == 0, methods=methods) for place, one in enumerate(tables)]
    if verdict(asked[0]).kind is Kind.NO_ESTIMATE:
        return _nothing(held, _why(asked[0]), _limits(asked))
    usable = [one for found in asked for one in found.usable]
    linked, share = _over_linkage(tables[0], held)
    signs = frozenset(sign for one in tables for sign in one.signs)
    return _range(held, [*usable, *linked], signs, _limits(asked, linked), asked[0].screening.direction(), share)


def _asked(one: Ready, *, first: bool, methods: Mapping[str, Method]) -> Ensemble:
    wanted = {name: methods[name] for name in (ASKED if first else ALONE) if name in methods}
    return ensemble(one.table, screening=one.screening, methods=wanted)


def _why(found: Ensemble) -> str:
    return FEW_METHODS if len(found.usable) < 2 else NO_AGREEMENT


def _over_linkage(one: Ready, held: Lists) -> tuple[list[Estimate], str]:
    """The stepwise estimate at each other threshold, and pooled over the draws; and what share of its variance comes of
    linkage, in words."""
    drawn: list[LogLinear] = []
    found: list[Estimate] = []
    for choice, patterns in held.by_choice.items():
        try:
            fitted = stepwise(one.another(patterns), replicates=REPLICATES)
        except NoEstimate:
            continue
        if choice.startswith("draw"):
            drawn.append(fitted)
        else:
            found.append(_named(fitted.estimate, f"stepwise, linkage at {choice}"))
    try:
        pooled = over_linkage_draws(drawn)
    except NoEstimate:
        return [e for e in found if e.low is not None], ""
    return [*(e for e in found if e.low is not None), pooled], pooled.warnings[0]


def _named(one: Estimate, method: str) -> Estimate:
    return Estimate(method, one.seen, one.population, one.low, one.high, one.interval, refusal=one.refusal)


def _range(
    held: Lists,
    usable: list[Estimate],
    signs: frozenset[Sign],
    limits: tuple[Limits, ...],
    leaning: str,
    linkage_share: str,
) -> Said:
    down, up = bending(signs)
    bent = [tilt(one, [1 / down, up]) for one in usable]
    before = (min(float(e.low or 0) for e in usable), max(float(e.high or 0) for e in usable))
    seen = max(e.seen for e in usable)
    low = max(two_figures(min(float(b.low[0]) for b in bent), up=False), two_figures(seen, up=False))
    high = two_figures(max(float(b.high[1]) for b in bent), up=True)
    middles = [float(e.population) for e in usable if e.population]
    if before[1] / before[0] > ORDER_AT_MOST:  # of the methods; how far a range is bent is no disagreement of theirs
        return _nothing(held, NO_AGREEMENT, limits)
    kind = Kind.RANGE if high / low <= RANGE_AT_MOST else Kind.ORDER_OF_MAGNITUDE
    fold = round(max(middles) / min(middles), 1)
    return Said(held, kind, low, high, before, "", fold, limits, leaning, linkage_share)


def bending(signs: frozenset[Sign]) -> tuple[float, float]:
    """By how much the hidden may be fewer, and more, than the methods say.

    Lists that only avoid one another never hide more than the methods say. Downwards a range is always bent: a mark may
    be put on wrongly, and children who are not exploited stand on one list alone, so that more seem to be hidden.
    """
    feeds, avoids = Sign.POSITIVE in signs, Sign.NEGATIVE in signs
    return BENT, 1.0 if avoids and not feeds else BENT


def two_figures(value: float, *, up: bool) -> float:
    """A limit to two figures, outwards."""
    unit = 10.0 ** max(math.floor(math.log10(max(value, 1.0))) - 1, 0)
    return float((math.ceil if up else math.floor)(value / unit) * unit)


def _limits(asked: Iterable[Ensemble], linked: Iterable[Estimate] = ()) -> tuple[Limits, ...]:
    words = ("", ", without lists that are not sure")
    found = [Limits(_method(e) + words[place], e.low, e.high) for place, one in enumerate(asked) for e in one.estimates]
    return (*found, *(Limits(e.method, e.low, e.high) for e in linked))


def _method(one: Estimate) -> str:
    return one.method.split(",")[0]


def _nothing(held: Lists, refusal: str, methods: tuple[Limits, ...] = ()) -> Said:
    return Said(held, Kind.NO_ESTIMATE, None, None, None, refusal, None, methods, "", "")
