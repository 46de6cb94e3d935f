"""Propose a grade for an inspection theme or a force, with the probability of each grade under the rules.

In each draw a characteristic is shown or not, and the rules turn the share that is shown into a grade. In a draw with a
true outlier alert for the worse, or with a duty broken more often than kept, the grade of the theme is capped. No theme
is good in a draw in which duties in law are not met, or where a test of a failing speaks against the force. The
proposal is the median grade of the draws. If too few characteristics are known, or the draws are spread over too many
grades, the proposal is "not enough evidence": a force with little evidence does not get a middle grade by default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import ceil
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assay.grading.cap_reasons import alerted_reason, doubtful_reason, failed_reason, inadequate_reason
from assay.grading.characteristic_levels import CharacteristicLevel
from assay.grading.grading_rules import NOT_ENOUGH, Grade, Rules

Subject = TypeVar("Subject")
OVERALL = "overall"
Places = NDArray[np.intp]
DECIMALS = 2
PROBABLY_FAILING = 0.5
"""Above this probability of a failing a theme is graded, however few of its characteristics are known."""
FEWEST_FOR_WORSE = 2
"""With fewer known characteristics no theme is graded worse than the capped grade: one failing is not all failings."""
NEARLY_CERTAIN = 0.9
"""From this probability of one grade, 'not enough evidence' would contradict it."""


@dataclass(frozen=True)
class Cap:
    """A limit on a grade: the best position allowed in each simulation draw (0: no limit), and why."""

    places: Places
    reason: str


def _cap_from_draws(
    grade: str,
    draws: NDArray[np.bool_] | None,
    reason: Callable[[Sequence[Subject]], str],
    subjects: Sequence[Subject],
    rules: Rules,
) -> list[Cap]:
    """Return the cap at this grade in these draws, with its reason from the subjects; none if it holds in no draw."""
    if draws is None or not draws.any():
        return []
    return [Cap(np.where(draws, rules.grade_names.index(grade), 0), reason(subjects))]


@dataclass(frozen=True)
class Proposal:
    """The proposed grade of one force, for one theme or overall.

    Parameters
    ----------
    grade, why
        The name of the grade, or NOT_ENOUGH with the reason.
    probability
        Probability of each grade under the rules; empty if no characteristic is known.
    known, characteristics
        Number of known characteristics, and of all.
    expected
        Mean share of the known characteristics that is shown.
    places
        Position of the grade of each draw, 0 for the best; shape (number of draws,).
    limit
        Why a better grade is not proposed, which the share of characteristics alone would give; '' if there is none.
    """

    place: str
    line: str
    grade: str
    why: str
    probability: Mapping[str, float]
    known: int
    characteristics: int
    expected: float | None
    levels: tuple[CharacteristicLevel, ...]
    places: Places | None = None
    limit: str = ""

    @property
    def has_grade(self) -> bool:
        """Return True if a grade is proposed."""
        return self.grade != NOT_ENOUGH


def line_proposal(place: str, line: str, levels: Sequence[CharacteristicLevel], rules: Rules) -> Proposal:
    """Propose a grade for one theme from the levels of its characteristics."""
    failed = [level.failed for level in levels if level.failed is not None]
    cap = np.any(failed, axis=0) if failed else None
    doubts = [level.doubtful for level in levels if level.doubtful is not None]
    doubt = np.any(doubts, axis=0) if doubts and rules.capped_doubtful else None
    caps = (
        *_cap_from_draws(rules.capped, cap, failed_reason, levels, rules),
        *_cap_from_draws(rules.capped_doubtful, doubt, doubtful_reason, levels, rules),
    )
    proposal = _proposal_from_draws(place, line, levels, countable_levels(levels, rules), rules, caps)
    is_probably_failing = cap is not None and float(cap.mean()) > PROBABLY_FAILING
    if not is_probably_failing:
        return _require_enough_evidence(_require_agreement(proposal, rules), rules)
    # The draws may spread over many grades, and still agree that the theme is not well: it gets the middle one.
    return proposal if _is_enough(proposal, rules) else _one_grade(proposal, rules)


def _one_grade(proposal: Proposal, rules: Rules) -> Proposal:
    """Return the proposal of the capped grade alone: little is known, and a failing is probable."""
    places = np.full(rules.draws, rules.grade_names.index(rules.capped), dtype=np.intp)
    why = f"Only {proposal.known} of {proposal.characteristics} characteristics are known, and a failing is probable."
    return replace(proposal, grade=rules.capped, why=why, probability={}, places=places)


def countable_levels(levels: Sequence[CharacteristicLevel], rules: Rules) -> list[CharacteristicLevel]:
    """Return the levels that are known and that no source contradicts."""
    return [level for level in levels if level.draws is not None and level.state(rules) != "at odds"]


def _fewest_known(proposal: Proposal, rules: Rules) -> int:
    """Return the number of known characteristics that a grade needs."""
    return min(max(rules.fewest_known, ceil(rules.known_share * proposal.characteristics)), proposal.characteristics)


def _is_enough(proposal: Proposal, rules: Rules) -> bool:
    return proposal.known >= _fewest_known(proposal, rules)


def _require_enough_evidence(proposal: Proposal, rules: Rules) -> Proposal:
    """Return the proposal, or the proposal without a grade if too few characteristics are known."""
    if not proposal.known or _is_enough(proposal, rules):
        return proposal
    return _withhold_grade(
        proposal,
        f"Only {proposal.known} of {proposal.characteristics} characteristics could be assessed; "
        f"a grade needs {_fewest_known(proposal, rules)}.",
    )


def overall_proposal(place: str, lines: Sequence[Proposal], rules: Rules) -> Proposal:
    """Return the overall proposal of a force from all known characteristics, capped where a theme is inadequate."""
    levels = tuple(level for line in lines for level in line.levels)
    proposed_lines = [line for line in lines if line.has_grade]
    known = countable_levels(levels, rules)
    worst = len(rules.grades) - 1
    is_worst = [(line.line, line.places == worst) for line in proposed_lines if line.places is not None]
    cap = np.any([draws for _, draws in is_worst], axis=0) if is_worst else None
    alerts = [level.alerted for level in levels if level.alerted is not None]
    alerted = np.any(alerts, axis=0) if alerts and rules.capped_overall else None
    caps = (
        *_cap_from_draws(rules.capped, cap, inadequate_reason, is_worst, rules),
        *_cap_from_draws(rules.capped_overall, alerted, alerted_reason, levels, rules),
        *(_most_themes_cap(proposed_lines, rules) if rules.overall_by_most_themes else ()),
    )
    proposal = _require_agreement(_proposal_from_draws(place, OVERALL, levels, known, rules, caps), rules)
    proposal = _no_better_than_most(proposal, proposed_lines, rules)
    if len(proposed_lines) < rules.fewest_lines:
        number = f"Only {len(proposed_lines)} of {len(lines)} themes have a grade"
        return _withhold_grade(proposal, f"{number}; an overall grade needs {rules.fewest_lines}.")
    return _require_enough_evidence(proposal, rules)


def _most_themes_cap(lines: Sequence[Proposal], rules: Rules) -> list[Cap]:
    """Return the cap at the best grade that at least half of the graded themes reach, draw by draw."""
    places = [line.places for line in lines if line.places is not None]
    if not places:
        return []
    middle = np.asarray(np.quantile(np.stack(places), 0.5, axis=0, method="inverted_cdf"), dtype=np.intp)
    return [Cap(middle, _most_themes_reason(_theme_places(lines, rules), _median_place(middle)))]


def _theme_places(lines: Sequence[Proposal], rules: Rules) -> list[int]:
    return [rules.grade_names.index(line.grade) for line in lines]


def _most_themes_reason(theme_places: Sequence[int], limit: int) -> str:
    return f"{sum(place >= limit for place in theme_places)} of {len(theme_places)} graded themes are no better"


def _no_better_than_most(proposal: Proposal, lines: Sequence[Proposal], rules: Rules) -> Proposal:
    """Return the proposal, not better than the grade that at least half of the graded themes have.

    The cap of each draw nearly always ensures that. It may not where the themes differ from draw to draw, because the
    median of the draws of several themes is not the median of their grades.
    """
    if not (rules.overall_by_most_themes and proposal.has_grade and lines):
        return proposal
    places = _theme_places(lines, rules)
    limit = _median_place(np.asarray(places, dtype=np.intp))
    if rules.grade_names.index(proposal.grade) >= limit:
        return proposal
    grade = rules.grade_names[limit]
    sentence = _limit_sentence(grade, [_most_themes_reason(places, limit)], proposal.grade)
    return replace(proposal, grade=grade, limit=sentence)


def _limit_sentence(grade: str, reasons: Sequence[str], better_grade: str) -> str:
    """Return why a better grade is not proposed."""
    why = " and because ".join(reasons)
    return f"It stops at {grade} because {why}. By its characteristics alone it would be {better_grade}."


def _proposal_from_draws(
    place: str,
    line: str,
    levels: Sequence[CharacteristicLevel],
    known: Sequence[CharacteristicLevel],
    rules: Rules,
    caps: Sequence[Cap],
) -> Proposal:
    """Return the proposal of the median grade of the draws, each draw no better than the caps that hold in it."""
    if not known:
        return Proposal(
            place, line, NOT_ENOUGH, "No characteristic could be assessed.", {}, 0, len(levels), None, tuple(levels)
        )
    share = np.mean([level.draws for level in known if level.draws is not None], axis=0)
    places = _grade_positions(share, _is_better_outlier(known), rules)
    if rules.compared and len(known) < FEWEST_FOR_WORSE:
        places = np.minimum(places, rules.grade_names.index(rules.capped))
    uncapped, uncapped_places = _median_place(places), places
    for cap in caps:
        places = np.maximum(places, cap.places)
    median = _median_place(places)
    binding = [cap.reason for cap in _binding_caps(caps, uncapped_places, median)]
    counts = np.bincount(places, minlength=len(rules.grades)) / len(places)
    probability = {name: round(float(part), DECIMALS) for name, part in zip(rules.grade_names, counts, strict=True)}
    return Proposal(
        place,
        line,
        rules.grade_names[median],
        "",
        probability,
        len(known),
        len(levels),
        round(float(share.mean()), DECIMALS),
        tuple(levels),
        places,
        _limit_sentence(rules.grade_names[median], binding, rules.grade_names[uncapped]) if uncapped < median else "",
    )


def _binding_caps(caps: Sequence[Cap], places: Places, median: int) -> list[Cap]:
    """Return the caps that each give the median grade alone; if none does, the fewest caps that give it together."""
    sufficient = [cap for cap in caps if _median_place(np.maximum(places, cap.places)) == median]
    if sufficient:
        return sufficient
    groups = (group for size in range(2, len(caps) + 1) for group in combinations(caps, size))
    joint = (group for group in groups if _median_place(np.maximum.reduce([places, *_cap_places(group)])) == median)
    return list(next(joint, ()))


def _cap_places(caps: Sequence[Cap]) -> list[Places]:
    return [cap.places for cap in caps]


def _median_place(places: Places) -> int:
    return int(np.quantile(places, 0.5, method="inverted_cdf"))


def _require_agreement(proposal: Proposal, rules: Rules) -> Proposal:
    """Return the proposal, or the proposal without a grade if its draws are spread over too many grades."""
    if proposal.places is None:
        return proposal
    tail = (1 - rules.middle) / 2
    best, worst = np.quantile(proposal.places, [tail, 1 - tail], method="inverted_cdf")
    if worst - best + 1 > rules.most_grades:
        range_text = f"anything from {rules.grade_names[int(best)]} to {rules.grade_names[int(worst)]}"
        return _withhold_grade(proposal, f"What can be told would bear {range_text}.")
    return proposal


def _withhold_grade(proposal: Proposal, why: str) -> Proposal:
    """Return the proposal without a grade, for a reason.

    The probabilities are retained only if no grade is nearly certain, so that "not enough evidence" never stands beside
    a probability of nearly 1.
    """
    probability = proposal.probability if max(proposal.probability.values(), default=0.0) < NEARLY_CERTAIN else {}
    return Proposal(**{**vars(proposal), "grade": NOT_ENOUGH, "why": why, "probability": probability})


def _grade_positions(share: NDArray[np.float64], is_better_outlier: bool, rules: Rules) -> Places:
    """Return the grade of each draw: the best grade whose minimum share is reached."""
    grades: Sequence[Grade] = rules.grades
    is_reached = [
        (share >= grade.minimum_share - 1e-9) & (is_better_outlier or not grade.requires_alert) for grade in grades
    ]
    return np.asarray(np.argmax(is_reached, axis=0), dtype=np.intp)


def _is_better_outlier(known: Sequence[CharacteristicLevel]) -> bool:
    """Return True if the force has outlier alerts on the better side only, and at least one."""
    directions = {item.outlier_direction for level in known for item in level.evidence.items if item.outlier_direction}
    return directions == {"better"}
