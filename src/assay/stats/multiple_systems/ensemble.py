"""Estimates of all methods, and a verdict: a range, an order of magnitude, or no estimate.

On the same lists, defensible methods differ by a factor of two and more, so no point estimate of one method is reported
alone. The verdict states its reasons, and the assumptions on which it depends.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from assay.stats.multiple_systems.bayesian_threshold import bayesian_threshold
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.closed_heterogeneity import closed_model
from assay.stats.multiple_systems.decomposable import average_decomposable_graphs
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate
from assay.stats.multiple_systems.latent_class import latent_class
from assay.stats.multiple_systems.list_screening import Screening, screen_lists
from assay.stats.multiple_systems.loglinear import (
    estimate_best_model,
    estimate_downhill_model,
    estimate_model_average,
    estimate_stepwise,
)

MAXIMUM_RANGE_RATIO = 3.0
"""Largest ratio of the highest upper to the lowest lower limit for which the verdict is a range."""
MAXIMUM_ORDER_RATIO = 30.0
"""Largest ratio for which the verdict is an order of magnitude; beyond, there is no estimate."""
MINIMUM_METHODS = 2
LOWER_BOUND = "Chao's lower bound"
Method = Callable[[CaptureTable], HiddenEstimate]


def lower_bound(table: CaptureTable) -> HiddenEstimate:
    """Return Chao's lower bound where lists have different capture probabilities (model Mth), with log-normal
    interval."""
    fit = closed_model(table, "Mth Chao")
    low, high = fit.interval
    return HiddenEstimate(
        method=LOWER_BOUND,
        seen=table.persons,
        population=fit.population,
        low=low,
        high=high,
        interval="log-normal",
        model="lists differ, persons differ in any way",
        warnings=("A bound from below, if lists are independent for each person: there are at least about so many.",),
        fingerprint=table.fingerprint(),
    )


METHODS: Mapping[str, Method] = {
    "stepwise": lambda table: estimate_stepwise(table).estimate,
    "best by BIC": lambda table: _best(table),
    "averaged by BIC": lambda table: estimate_model_average(table).estimate,
    "Bayesian threshold": lambda table: bayesian_threshold(table).estimate,
    "decomposable graphs": lambda table: average_decomposable_graphs(table).estimate,
    "latent classes": lambda table: latent_class(table).estimate,
    LOWER_BOUND: lower_bound,
}


def _best(table: CaptureTable) -> HiddenEstimate:
    return (
        estimate_best_model(table) if len(table.lists) < 8 else estimate_downhill_model(table, replicates=200)
    ).estimate


@dataclass(frozen=True)
class Ensemble:
    """Estimates of all methods for one table (or the reason why there is none), and the screening of its lists."""

    table: CaptureTable
    screening: Screening
    estimates: tuple[HiddenEstimate, ...]

    @property
    def usable(self) -> tuple[HiddenEstimate, ...]:
        """Estimates with an interval, except the lower bound."""
        return tuple(e for e in self.estimates if e.low is not None and e.high is not None and e.method != LOWER_BOUND)


def estimate_ensemble(
    table: CaptureTable, *, screening: Screening | None = None, methods: Mapping[str, Method] = METHODS
) -> Ensemble:
    """Estimate by every method if the screening passes; a method without an estimate gives the reason."""
    screening = screening or screen_lists(table)
    if not screening.passed:
        refusals = (HiddenEstimate(name, table.persons, refusal=screening.reason) for name in methods)
        return Ensemble(table, screening, tuple(refusals))
    return Ensemble(
        table, screening, tuple(_estimate_or_refusal(name, method, table) for name, method in methods.items())
    )


def _estimate_or_refusal(name: str, method: Method, table: CaptureTable) -> HiddenEstimate:
    try:
        return method(table)
    except NoEstimate as reason:
        return HiddenEstimate(name, table.persons, refusal=str(reason), fingerprint=table.fingerprint())


class VerdictKind(Enum):
    """Kind of statement that the estimates support."""

    NO_ESTIMATE = "no estimate"
    ORDER_OF_MAGNITUDE = "order of magnitude"
    RANGE = "range"


@dataclass(frozen=True)
class Verdict:
    """Statement on the population that the ensemble supports.

    `low` and `high` are rounded, and None without an estimate. `words` is a sentence for readers. `reasons`: why the
    statement is not more precise, and the assumptions on which it depends.
    """

    kind: VerdictKind
    words: str
    low: float | None
    high: float | None
    reasons: tuple[str, ...]
    fingerprint: str


def verdict(ensemble: Ensemble) -> Verdict:
    """Return the verdict on an ensemble."""
    description, fingerprint = ensemble.table.description(), ensemble.table.fingerprint()
    usable = ensemble.usable
    refused = tuple(f"{estimate.method}: {estimate.refusal}" for estimate in ensemble.estimates if estimate.refusal)
    if not ensemble.screening.passed:
        return _no_estimate(ensemble.screening.reason, (), fingerprint)
    if len(usable) < MINIMUM_METHODS:
        return _no_estimate(
            f"Only {len(usable)} of {len(ensemble.estimates)} methods have an estimate.", refused, fingerprint
        )
    low = min(float(estimate.low or 0) for estimate in usable)
    high = max(float(estimate.high or 0) for estimate in usable)
    reasons = (_spread(usable), *_caveats(ensemble), *refused)
    if high / low > MAXIMUM_ORDER_RATIO:
        reason = f"The methods reach from {_format_number(low)} to {_format_number(high)}: together they say nothing."
        return _no_estimate(reason, reasons, fingerprint)
    subject = f"All persons ({description})" if description else "All persons, on a list or on none,"
    low, high = _round_outwards(low, up=False), _round_outwards(high, up=True)
    if high / low <= MAXIMUM_RANGE_RATIO:
        range_text = f"between about {_format_number(low)} and {_format_number(high)}"
        words = f"{subject} are {range_text}; {ensemble.table.persons:,} of them were seen."
        return Verdict(VerdictKind.RANGE, words, low, high, reasons, fingerprint)
    words = (
        f"{subject} are of the order of {_format_number(low)} to {_format_number(high)}, and nearer than that "
        f"it cannot be said; "
        f"{ensemble.table.persons:,} of them were seen."
    )
    return Verdict(VerdictKind.ORDER_OF_MAGNITUDE, words, low, high, reasons, fingerprint)


def _no_estimate(reason: str, reasons: Sequence[str], fingerprint: str) -> Verdict:
    return Verdict(
        VerdictKind.NO_ESTIMATE, f"No estimate can be given. {reason}", None, None, tuple(reasons), fingerprint
    )


def _spread(usable: Sequence[HiddenEstimate]) -> str:
    middles = np.array([estimate.population for estimate in usable], dtype=float)
    ratio = middles.max() / middles.min()
    range_text = f"{_format_number(middles.min())} to {_format_number(middles.max())}"
    return f"{len(usable)} methods: their middles differ {ratio:.1f}-fold, {range_text}."


def _caveats(ensemble: Ensemble) -> list[str]:
    sentences = [ensemble.screening.direction()]
    if ensemble.screening.open_questions:
        sentences.append(f"{len(ensemble.screening.open_questions)} questions about the lists are not answered.")
    sentences += [f"{estimate.method}: {warning}" for estimate in ensemble.estimates for warning in estimate.warnings]
    return [sentence for sentence in sentences if sentence]


def _round_outwards(value: float, *, up: bool) -> float:
    """Round to two significant figures, up or down."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float((math.ceil if up else math.floor)(value / unit) * unit)


def _format_number(value: float) -> str:
    return f"{round(value, 1 - math.floor(math.log10(value))):,.0f}" if value >= 1 else f"{value:.1f}"
