"""Which planted failings were found, which were not, and which calls are false?

A failing is found in a force if the force is called, in the failing's direction, on one of the measures that show it,
or on its failure mode, of which all measures are taken together. A call is false if nothing planted in that force shows
there in that direction, or moves that measure; one on a failure mode, if that is so of each of its measures and nothing
planted there has that mode. A record that speaks for itself is never false: some forces have an old profile in a
country in which nothing is planted. A failing planted in more than half of the forces is judged against the standard,
since peers who fail alike show nothing: it is found if the interval of the mean share of forces lies below the
standard.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from assay.compare.comparability import FEWEST_RECORDS
from assay.indicators.failure_mode_measures import SHOWN_BY
from assay.synthetic.simulation.alert_comparison import Call, Counted, alarms
from assay.synthetic.simulation.injected_failings import Failing, failings, measures
from assay.synthetic.simulation.truth_folder import Truth

MOST = 0.5
FEWEST_FORCES = 5


@dataclass(frozen=True)
class Found:
    """What became of one failing: where it was planted, where it was found, and the false calls on its measures.

    `below` (only where it is planted in most forces): whether all forces together lie below the standard.
    """

    failing: Failing
    planted: tuple[str, ...]
    found: tuple[str, ...]
    false: tuple[Call, ...]
    strength: float | None = None
    below: bool | None = None

    @property
    def missed(self) -> tuple[str, ...]:
        """Where it was planted and not found."""
        return tuple(code for code in self.planted if code not in self.found)

    @property
    def not_yet(self) -> bool:
        """Whether no measure shows it yet, nor what people confirm in texts, nor what is said of lessons."""
        return not (self.failing.shown_by or self.failing.in_texts or self.failing.in_lessons)


def judge(
    calls: Collection[Call], truth: Truth, counts: Sequence[Counted], *, by_standard: bool = True
) -> tuple[Found, ...]:
    """What became of every failing, by one method's calls; `by_standard`: the method has standards to judge most by."""
    wrong = false_calls(calls, truth)
    return tuple(_judged(one, calls, wrong, truth, counts if by_standard else None) for one in failings().values())


def false_calls(calls: Iterable[Call], truth: Truth) -> frozenset[Call]:
    """The calls that nothing planted explains, of those that rest on a comparison."""
    raised = alarms(calls)
    return frozenset(call for call in raised if not any(_explains(key, call) for key in truth.of(call.place)))


def _explains(key: str, call: Call) -> bool:
    failing = failings().get(key)
    if failing is None:
        return False
    rests_on = {call.measure: call.direction, **SHOWN_BY.get(call.measure, {})}
    return any(failing.shows(measure, way) or measure in failing.moves for measure, way in rests_on.items())


def _judged(
    failing: Failing,
    calls: Collection[Call],
    wrong: Collection[Call],
    truth: Truth,
    counts: Sequence[Counted] | None,
) -> Found:
    planted = truth.planted_in(failing.key)
    shown = {call for call in calls if failing.shows(call.measure, call.direction)}
    found = tuple(code for code in planted if any(call.place == code for call in shown))
    false = tuple(sorted(shown & set(wrong)))
    below = None
    compared = [measure for measure in failing.shown_by if not measures()[measure].one_each]
    if compared and counts is not None and len(planted) > MOST * max(len(truth.rates), 1):
        below = any(below_standard(measure, counts) for measure in compared)
        found = planted if below else ()
    return Found(failing, planted, found, false, truth.strength.get(failing.key) if planted else None, below)


def below_standard(measure: str, counts: Iterable[Counted]) -> bool:
    """Whether the 95% interval of the mean share of forces (each counts once) lies below the measure's standard."""
    standard = measures()[measure].standard
    mine = [one for one in counts if one.measure == measure and one.base >= FEWEST_RECORDS]
    if standard is None or len(mine) < FEWEST_FORCES:
        return False
    shares = np.array([one.met / one.base for one in mine])
    half = stats.t.ppf(0.975, len(shares) - 1) * shares.std(ddof=1) / np.sqrt(len(shares))
    return bool(shares.mean() + half < standard)


def countable(failing: Failing, place: str, bases: Mapping[tuple[str, str], int]) -> int:
    """The most records that any measure of a failing can count in a force; `bases` by (place, measure)."""
    return max((bases.get((place, measure), 0) for measure in failing.shown_by), default=0)
