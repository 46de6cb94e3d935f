"""Power, false alerts and coverage over many trials, with Wilson intervals for the Monte Carlo error.

Every share has a Wilson 95% interval for the Monte Carlo error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assay.stats.binomial_intervals import wilson
from assay.synthetic.simulation.estimate_errors import IntervalCoverage, TruthComparison, interval_coverage
from assay.synthetic.simulation.injected_failings import failings, measures
from assay.synthetic.simulation.trial_runs import InjectionResult, Trial

MIN_RECORDS = 100
"""Fewest records of a serious failing for which the power target applies."""


@dataclass(frozen=True)
class Share:
    """A count out of a total."""

    count: int
    total: int

    @property
    def share(self) -> float | None:
        """The share (0 to 1); None if the total is 0."""
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson 95% interval."""
        return wilson(self.count, self.total)

    def text(self) -> str:
        """Format the share with its interval and total, '87% (79 to 92; 104)', or say that the total is 0."""
        if self.share is None:
            return "none tried"
        low, high = self.interval
        return f"{100 * self.share:.0f}% ({100 * low:.0f} to {100 * high:.0f}; {self.total})"


def power(
    trials: Iterable[Trial], failing: str, method: str, condition: Callable[[InjectionResult], bool] = lambda _: True
) -> Share:
    """Return the share of forces with an injected failing in which a method found it."""
    results = [
        result for trial in trials for result in trial.injected if result.failing == failing and condition(result)
    ]
    return Share(sum(method in result.found for result in results), len(results))


def power_among(
    trials: Iterable[Trial], number: int, method: str, condition: Callable[[InjectionResult], bool]
) -> Share:
    """Return the power for failings that were injected into `number` forces at once."""
    results = [
        result
        for trial in trials
        for result in trial.injected
        if trial.world.injected.get(result.failing) == number and condition(result)
    ]
    return Share(sum(method in result.found for result in results), len(results))


def injection_counts(trials: Iterable[Trial]) -> list[int]:
    """Return the numbers of forces that had the same failing, in order."""
    return sorted({number for trial in trials for number in trial.world.injected.values() if number})


def has_enough_records(result: InjectionResult) -> bool:
    """Return True if enough records could show the failing."""
    return result.records >= MIN_RECORDS


def at_strength(strength: float) -> Callable[[InjectionResult], bool]:
    """Return a function that is True for failings injected at this strength."""
    return lambda result: abs(result.strength - strength) < 1e-9


def strengths(trials: Iterable[Trial]) -> list[float]:
    """Return the strengths at which failings were injected, in order."""
    return sorted({result.strength for trial in trials for result in trial.injected})


def injected_keys(trials: Iterable[Trial]) -> list[str]:
    """Return the keys of injected failings, in the order of the failings."""
    present = {result.failing for trial in trials for result in trial.injected}
    return [key for key in failings() if key in present]


def false_share(trials: Iterable[Trial], method: str) -> Share:
    """Return the share of false alerts among all alerts of a method (false discovery proportion)."""
    pairs = [trial.alerts[method] for trial in trials]
    return Share(sum(false for _, false in pairs), sum(true + false for true, false in pairs))


def false_alert_share(trials: Sequence[Trial], method: str) -> Share:
    """Return the share of countries with a false alert of a method."""
    return Share(sum(trial.alerts[method][1] > 0 for trial in trials), len(trials))


def small_p_shares(trials: Iterable[Trial]) -> dict[str, Share]:
    """Return the share of tests with an unadjusted p-value below 0.01, by measure and for 'all' measures."""
    found: dict[str, list[int]] = {}
    for trial in trials:
        for measure, (tests, below) in trial.tests.items():
            for key in (measure, "all"):
                sums = found.setdefault(key, [0, 0])
                sums[0], sums[1] = sums[0] + tests, sums[1] + below
    whole = found.pop("all", [0, 0])
    return {key: Share(below, tests) for key, (tests, below) in {**found, "all": whole}.items()}


def below_standard_shares(trials: Sequence[Trial]) -> dict[str, Share]:
    """Return, by measure, the share of countries whose mean over forces was found below the standard."""
    measures_with_standard = [key for key, measure_truth in measures().items() if measure_truth.standard is not None]
    return {
        measure: Share(sum(measure in trial.below_standard for trial in trials), len(trials))
        for measure in measures_with_standard
    }


def trial_coverage(trials: Iterable[Trial], condition: Callable[[TruthComparison], bool]) -> list[IntervalCoverage]:
    """Return bias and interval coverage by measure, of the estimates that meet a condition."""
    return interval_coverage(comparison for trial in trials for comparison in trial.estimates if condition(comparison))
