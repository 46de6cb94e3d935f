"""Which grade is proposed for a line of enquiry in a force, or for the whole, and how probable is each under the rules?

In each draw a characteristic is shown or is not; the rules make a grade of that. Proposed is the middle one of the
draws. Where too few characteristics can be told, or the draws fall far apart, there is not enough evidence: a force of
which hardly anything is known is given no grade in the middle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assay.grading.characteristic_levels import Shown
from assay.grading.grading_rules import NOT_ENOUGH, Grade, Rules

OVERALL = "overall"
Places = NDArray[np.intp]
DECIMALS = 2


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one line in one force.

    `grade` is a name, or NOT_ENOUGH with `why`. `probability`: by grade, how probable it is under the rules; empty
    where nothing can be told. `expected`: the share of the characteristics that can be told that is shown, on average.
    `places`: the grade of each draw, 0 the best.
    """

    place: str
    line: str
    grade: str
    why: str
    probability: Mapping[str, float]
    known: int
    asked: int
    expected: float | None
    held: tuple[Shown, ...]
    places: Places | None = None

    @property
    def is_made(self) -> bool:
        """Whether a grade is proposed."""
        return self.grade != NOT_ENOUGH


def line_of(place: str, line: str, held: Sequence[Shown], rules: Rules) -> Proposal:
    """The proposal for one line, from what is shown of its characteristics."""
    return _enough(_made(place, line, held, _counted(held, rules), rules, cap=None), rules)


def _counted(held: Sequence[Shown], rules: Rules) -> list[Shown]:
    """The characteristics that can be told, and that nobody who was asked contradicts."""
    return [one for one in held if one.draws is not None and one.state(rules) != "at odds"]


def _enough(made: Proposal, rules: Rules) -> Proposal:
    """The proposal, or none where too few of its characteristics can be told."""
    if not made.known or made.known >= min(max(rules.fewest_known, rules.known_share * made.asked), made.asked):
        return made
    return _without(made, f"Only {made.known} of {made.asked} characteristics can be told.")


def overall_of(place: str, lines: Sequence[Proposal], rules: Rules) -> Proposal:
    """The proposal for the whole force: by every characteristic that can be told, capped where a line is inadequate."""
    held = tuple(one for line in lines for one in line.held)
    counted = [line for line in lines if line.is_made]
    known = _counted(held, rules)
    worst = [line.places == len(rules.grades) - 1 for line in counted if line.places is not None]
    cap = np.any(worst, axis=0) if worst else None
    made = _made(place, OVERALL, held, known, rules, cap)
    if len(counted) < rules.fewest_lines:
        return _without(made, f"Only {len(counted)} of {len(lines)} lines of enquiry have a proposal.")
    return _enough(made, rules)


def _made(
    place: str, line: str, held: Sequence[Shown], known: Sequence[Shown], rules: Rules, cap: NDArray[np.bool_] | None
) -> Proposal:
    if not known:
        return Proposal(place, line, NOT_ENOUGH, "No characteristic can be told.", {}, 0, len(held), None, tuple(held))
    share = np.mean([one.draws for one in known if one.draws is not None], axis=0)
    places = _places(share, _stands_apart(known), rules)
    if cap is not None:
        places = np.where(cap, np.maximum(places, rules.names.index(rules.capped)), places)
    counts = np.bincount(places, minlength=len(rules.grades)) / len(places)
    probability = {name: round(float(part), DECIMALS) for name, part in zip(rules.names, counts, strict=True)}
    tail = (1 - rules.middle) / 2
    best, worst = np.quantile(places, [tail, 1 - tail], method="inverted_cdf")
    made = Proposal(place, line, rules.names[int(np.quantile(places, 0.5, method="inverted_cdf"))], "", probability,
                    len(known), len(held), round(float(share.mean()), DECIMALS), tuple(held), places)  # fmt: skip
    if worst - best + 1 > rules.most_grades:
        far = f"anything from {rules.names[int(best)]} to {rules.names[int(worst)]}"
        return _without(made, f"What can be told would bear {far}.")
    return made


def _without(made: Proposal, why: str) -> Proposal:
    """The same without a grade, for a reason; the probabilities stay, so that it can be seen how far apart they lie."""
    return Proposal(**{**vars(made), "grade": NOT_ENOUGH, "why": why})


def _places(share: NDArray[np.float64], apart: bool, rules: Rules) -> Places:
    """The grade of each draw: the first whose least share is reached."""
    grades: Sequence[Grade] = rules.grades
    reached = [(share >= one.least - 1e-9) & (apart or not one.apart) for one in grades]
    return np.asarray(np.argmax(reached, axis=0), dtype=np.intp)


def _stands_apart(known: Sequence[Shown]) -> bool:
    """Whether the force stands apart from the others somewhere on the wanted side, and nowhere on the other."""
    calls = {part.apart for one in known for part in one.of.parts if part.apart}
    return calls == {"better"}
