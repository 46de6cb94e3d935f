"""Over many countries: what share of planted failings was found, how many calls were false, and how sure is that?

Every share has the 95% interval (Wilson) that is left by the number of trials: the Monte-Carlo error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assay.stats.binomial_intervals import wilson
from assay.synthetic.simulation.estimate_errors import Cover, Estimate, coverage
from assay.synthetic.simulation.injected_failings import failings, measures
from assay.synthetic.simulation.trial_runs import Planted, Trial

ENOUGH_RECORDS = 100
"""Of a serious failing: the fewest countable records for which the promise of power is made."""


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """The share (0 to 1); None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval."""
        return wilson(self.count, self.of)

    def in_words(self) -> str:
        """'87% (79 to 92; 104)', or that there was none."""
        if self.share is None:
            return "none tried"
        low, high = self.interval
        return f"{100 * self.share:.0f}% ({100 * low:.0f} to {100 * high:.0f}; {self.of})"


def power(trials: Iterable[Trial], failing: str, method: str, of: Callable[[Planted], bool] = lambda _: True) -> Share:
    """Of the forces in which a failing was planted, how many a method found."""
    mine = [one for trial in trials for one in trial.planted if one.failing == failing and of(one)]
    return Share(sum(method in one.found for one in mine), len(mine))


def power_among(trials: Iterable[Trial], number: int, method: str, of: Callable[[Planted], bool]) -> Share:
    """The same over all failings, where each was planted in so many forces at once."""
    mine = [
        one for trial in trials for one in trial.planted if trial.world.planted.get(one.failing) == number and of(one)
    ]
    return Share(sum(method in one.found for one in mine), len(mine))


def numbers(trials: Iterable[Trial]) -> list[int]:
    """In how many forces at once a failing was planted, in order."""
    return sorted({number for trial in trials for number in trial.world.planted.values() if number})


def with_enough(one: Planted) -> bool:
    """Whether enough records could show it."""
    return one.records >= ENOUGH_RECORDS


def at(strength: float) -> Callable[[Planted], bool]:
    """Whether it was planted at this strength."""
    return lambda one: abs(one.strength - strength) < 1e-9


def strengths(trials: Iterable[Trial]) -> list[float]:
    """The strengths at which anything was planted, in order."""
    return sorted({one.strength for trial in trials for one in trial.planted})


def planted(trials: Iterable[Trial]) -> list[str]:
    """The failings that were planted anywhere, in the order of the failings."""
    there = {one.failing for trial in trials for one in trial.planted}
    return [key for key in failings() if key in there]


def false_share(trials: Iterable[Trial], method: str) -> Share:
    """Of all alarms that a method raised, how many were false."""
    pairs = [trial.alarms[method] for trial in trials]
    return Share(sum(false for _, false in pairs), sum(true + false for true, false in pairs))


def any_alarm(trials: Sequence[Trial], method: str) -> Share:
    """Of the countries, in how many a method raised a false alarm."""
    return Share(sum(trial.alarms[method][1] > 0 for trial in trials), len(trials))


def small_p(trials: Iterable[Trial]) -> dict[str, Share]:
    """By measure, and 'all' at the end: of the tests, how many had an unadjusted p below 0.01."""
    found: dict[str, list[int]] = {}
    for trial in trials:
        for measure, (tests, below) in trial.tests.items():
            for key in (measure, "all"):
                sums = found.setdefault(key, [0, 0])
                sums[0], sums[1] = sums[0] + tests, sums[1] + below
    whole = found.pop("all", [0, 0])
    return {key: Share(below, tests) for key, (tests, below) in {**found, "all": whole}.items()}


def below_standard(trials: Sequence[Trial]) -> dict[str, Share]:
    """By measure: in how many countries all forces together were found below the standard."""
    judged = [key for key, one in measures().items() if one.standard is not None]
    return {measure: Share(sum(measure in trial.below for trial in trials), len(trials)) for measure in judged}


def covers(trials: Iterable[Trial], of: Callable[[Estimate], bool]) -> list[Cover]:
    """Bias and coverage by measure, of the estimates asked for."""
    return coverage(one for trial in trials for one in trial.estimates if of(one))
