"""What do all methods say together, and what may be said in words?

On the same lists defensible methods differ twofold and more, so no method's point is ever given alone. The verdict is
one of three: a range, an order of magnitude, or no estimate; with its reasons, and what it leans on.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from assay.stats.multiple_systems.bayesian_threshold import bayesian_threshold
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.closed_heterogeneity import closed_model
from assay.stats.multiple_systems.decomposable import decomposable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hidden_estimates import Estimate
from assay.stats.multiple_systems.latent_class import latent_class
from assay.stats.multiple_systems.list_screening import Screening, screen
from assay.stats.multiple_systems.loglinear import averaged, best, searched, stepwise

RANGE_AT_MOST = 3.0
"""A range is said while the highest upper limit is at most so many times the lowest lower limit."""
ORDER_AT_MOST = 30.0
"""And an order of magnitude up to here; beyond, the methods say nothing together."""
FEWEST_METHODS = 2
LOWER_BOUND = "Chao's lower bound"
Method = Callable[[CaptureTable], Estimate]


def lower_bound(table: CaptureTable) -> Estimate:
    """Chao's lower bound where lists differ (Mth), with its log-normal interval (Chao 1987)."""
    found = closed_model(table, "Mth Chao")
    low, high = found.interval
    return Estimate(
        method=LOWER_BOUND,
        seen=table.persons,
        population=found.population,
        low=low,
        high=high,
        interval="log-normal",
        model="lists differ, persons differ in any way",
        warnings=("A bound from below, if lists are independent for each person: there are at least about so many.",),
        fingerprint=table.fingerprint(),
    )


METHODS: Mapping[str, Method] = {
    "stepwise": lambda table: stepwise(table).estimate,
    "best by BIC": lambda table: _best(table),
    "averaged by BIC": lambda table: averaged(table).estimate,
    "Bayesian threshold": lambda table: bayesian_threshold(table).estimate,
    "decomposable graphs": lambda table: decomposable(table).estimate,
    "latent classes": lambda table: latent_class(table).estimate,
    LOWER_BOUND: lower_bound,
}


def _best(table: CaptureTable) -> Estimate:
    return (best(table) if len(table.lists) < 8 else searched(table, replicates=200)).estimate


@dataclass(frozen=True)
class Ensemble:
    """What each method says of one table, refusals among them, and what the screening said."""

    table: CaptureTable
    screening: Screening
    estimates: tuple[Estimate, ...]

    @property
    def usable(self) -> tuple[Estimate, ...]:
        """Estimates with an interval, but for bounds."""
        return tuple(e for e in self.estimates if e.low is not None and e.high is not None and e.method != LOWER_BOUND)


def ensemble(
    table: CaptureTable, *, screening: Screening | None = None, methods: Mapping[str, Method] = METHODS
) -> Ensemble:
    """Ask every method, unless the screening stops; a method that refuses is kept with its reason."""
    screening = screening or screen(table)
    if not screening.passed:
        refused = (Estimate(name, table.persons, refusal=screening.reason) for name in methods)
        return Ensemble(table, screening, tuple(refused))
    return Ensemble(table, screening, tuple(_asked(name, method, table) for name, method in methods.items()))


def _asked(name: str, method: Method, table: CaptureTable) -> Estimate:
    try:
        return method(table)
    except NoEstimate as reason:
        return Estimate(name, table.persons, refusal=str(reason), fingerprint=table.fingerprint())


class Kind(Enum):
    """What may be said."""

    NO_ESTIMATE = "no estimate"
    ORDER_OF_MAGNITUDE = "order of magnitude"
    RANGE = "range"


@dataclass(frozen=True)
class Verdict:
    """What may be said of how many there are: `low` and `high` are rounded, None with no estimate.

    `words` can be printed as they stand. `reasons` say why it is not more, and what it leans on.
    """

    kind: Kind
    words: str
    low: float | None
    high: float | None
    reasons: tuple[str, ...]
    fingerprint: str


def verdict(found: Ensemble) -> Verdict:
    """The verdict on an ensemble."""
    about, told = found.table.about(), found.table.fingerprint()
    usable = found.usable
    refused = tuple(f"{e.method}: {e.refusal}" for e in found.estimates if e.refusal)
    if not found.screening.passed:
        return _nothing(found.screening.reason, (), told)
    if len(usable) < FEWEST_METHODS:
        return _nothing(f"Only {len(usable)} of {len(found.estimates)} methods have an estimate.", refused, told)
    low = min(float(e.low or 0) for e in usable)
    high = max(float(e.high or 0) for e in usable)
    reasons = (_spread(usable), *_leaning(found), *refused)
    if high / low > ORDER_AT_MOST:
        why = f"The methods reach from {_said(low)} to {_said(high)}: together they say nothing."
        return _nothing(why, reasons, told)
    subject = f"All persons ({about})" if about else "All persons, on a list or on none,"
    low, high = _rounded(low, up=False), _rounded(high, up=True)
    if high / low <= RANGE_AT_MOST:
        between = f"between about {_said(low)} and {_said(high)}"
        words = f"{subject} are {between}; {found.table.persons:,} of them were seen."
        return Verdict(Kind.RANGE, words, low, high, reasons, told)
    words = (
        f"{subject} are of the order of {_said(low)} to {_said(high)}, and nearer than that it cannot be said; "
        f"{found.table.persons:,} of them were seen."
    )
    return Verdict(Kind.ORDER_OF_MAGNITUDE, words, low, high, reasons, told)


def _nothing(why: str, reasons: Sequence[str], fingerprint: str) -> Verdict:
    return Verdict(Kind.NO_ESTIMATE, f"No estimate can be given. {why}", None, None, tuple(reasons), fingerprint)


def _spread(usable: Sequence[Estimate]) -> str:
    middles = np.array([e.population for e in usable], dtype=float)
    ratio = middles.max() / middles.min()
    reach = f"{_said(middles.min())} to {_said(middles.max())}"
    return f"{len(usable)} methods: their middles differ {ratio:.1f}-fold, {reach}."


def _leaning(found: Ensemble) -> list[str]:
    said = [found.screening.direction()]
    if found.screening.open_questions:
        said.append(f"{len(found.screening.open_questions)} questions about the lists are not answered.")
    said += [f"{e.method}: {warning}" for e in found.estimates for warning in e.warnings]
    return [sentence for sentence in said if sentence]


def _rounded(value: float, *, up: bool) -> float:
    """To two figures, outwards."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float((math.ceil if up else math.floor)(value / unit) * unit)


def _said(value: float) -> str:
    return f"{round(value, 1 - math.floor(math.log10(value))):,.0f}" if value >= 1 else f"{value:.1f}"
