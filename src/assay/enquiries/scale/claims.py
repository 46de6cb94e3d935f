"""Somebody says that the count fell by a fifth: is that supported, is it not, or can it not be said?

A claim is read whole or not at all (`claim_words`), must speak of what was asked about (`claim_agreement`), and is then
held against published figures: a size or a level by arithmetic (`claim_sizes`), a bare rise or fall by how surely the
level moved. The answer always says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from assay.enquiries.scale.claim_agreement import Asked, disagreements
from assay.enquiries.scale.claim_outcomes import MEASURES, Ended, check_outcomes
from assay.enquiries.scale.claim_sizes import agrees, in_unit_of_change, in_unit_of_level, size_words
from assay.enquiries.scale.claim_words import Claim, Quantity, Reading, read_claim
from assay.enquiries.wording import chance, change, number
from assay.records.quarters import financial_year

__all__ = ["MEASURES", "Answer", "Claim", "Ended", "Evidence", "Reading", "Verdict", "check", "read_claim"]

Verdict = Literal["supported", "not supported", "cannot be said"]
AMBIGUOUS = "The sentence can be read in several ways, which do not come to the same."
SURE = 0.9
WORST_FIRST: tuple[Verdict, ...] = ("not supported", "cannot be said")
SLIGHT = 0.05
"""A change that is called slight is smaller than this part of the earlier count."""
MODERATE = (
    "How large a change deserves that word is not defined. Write the size, such as 'by 9%'."
)


@dataclass(frozen=True)
class Evidence:
    """What the series did between two full years.

    `before` and `after` are published counts (None where the year is not full); `probability_fell` is of the level,
    None with `refusal` where the model gives none; `uncrossable` and `with_care` are reasons from the register of
    breaks, and `outcomes_with_care` those that concern outcomes. `ended` holds what became of the offences, by the year
    in which a financial year starts.
    """

    series: str
    from_year: str
    to_year: str
    before: int | None
    after: int | None
    probability_fell: float | None
    refusal: str
    uncrossable: tuple[str, ...]
    with_care: tuple[str, ...]
    edition: str
    key: str = "csa11"
    place: str = "EW"
    place_name: str = "England and Wales, 43 forces"
    latest: int | None = None
    outcomes_with_care: tuple[str, ...] = ()
    ended: Mapping[int, Ended] = field(default_factory=dict)

    @property
    def asked(self) -> Asked:
        """What was asked about, as a claim must agree with it."""
        starts, ends = int(self.from_year[:4]), int(self.to_year[:4])
        return Asked(self.key, self.place, self.place_name, starts, ends, self.latest)

    @property
    def change(self) -> float | None:
        """The published change as a proportion of the earlier count."""
        return None if not self.before or self.after is None else self.after / self.before - 1


@dataclass(frozen=True)
class Answer:
    """The verdict, and the sentences that give its reasons."""

    verdict: Verdict
    because: tuple[str, ...]


def check(reading: Reading, seen: Evidence) -> Answer:
    """Hold every claim of a text against what the series did; each reason is a sentence, the strongest first.

    A text that can be read in several ways is judged only where all of them come to the same.
    """
    if not reading.ways:
        return Answer("cannot be said", (reading.not_understood, *_what_it_did(seen)))
    answers = [_together([_check(claim, seen) for claim in way]) for way in reading.ways]
    if len({answer.verdict for answer in answers}) > 1:
        reasons = tuple(dict.fromkeys(answer.because[0] for answer in answers))
        return Answer("cannot be said", (AMBIGUOUS, *reasons))
    return answers[0]


def _together(answers: list[Answer]) -> Answer:
    """Of several claims all must hold: one that is not supported decides, then one that cannot be said."""
    verdicts = [answer.verdict for answer in answers]
    worst: Verdict = next((one for one in WORST_FIRST if one in verdicts), "supported")
    ordered = sorted(answers, key=lambda answer: answer.verdict != worst)
    return Answer(worst, tuple(dict.fromkeys(line for answer in ordered for line in answer.because)))


def _check(claim: Claim, seen: Evidence) -> Answer:
    against = disagreements(claim, seen.asked, seen.series)
    if against:
        return Answer("cannot be said", (*against, *_what_it_did(seen)))
    if claim.measure != "recorded":
        verdict, because = check_outcomes(claim, seen.asked, seen.ended, seen.outcomes_with_care)
        return Answer(verdict, because)
    return _level(claim, seen) if not claim.way else _changed(claim, seen)


def _opposite(verdict: Verdict, *, denied: bool) -> Verdict:
    if not denied:
        return verdict
    turned: dict[Verdict, Verdict] = {"supported": "not supported", "not supported": "supported"}
    return turned.get(verdict, verdict)


def _level(claim: Claim, seen: Evidence) -> Answer:
    """A count in one year: that which the claim names, and the later one where it names none."""
    assert claim.level is not None
    year = claim.years[0][1] if claim.years else seen.asked.to_start
    first = year == seen.asked.from_start
    published = seen.before if first else seen.after
    if published is None:
        return Answer("cannot be said", (f"The series has no full count for {financial_year(year)}.",))
    it_was = f"The count of {seen.series} was {number(published)} in {financial_year(year)}. Source: {seen.edition}."
    if agrees(claim.level, published):
        return Answer(_opposite("supported", denied=claim.denied), (it_was, _LEVEL_HOLDS))
    if not claim.years and seen.before is not None and agrees(claim.level, seen.before):
        other = f"The claim names no year: the count was {number(seen.before)} in {seen.from_year}. Name the year."
        return Answer("cannot be said", (other, it_was))
    wrong = f"The claim says {size_words(claim.level)}."
    return Answer(_opposite("not supported", denied=claim.denied), (it_was, wrong))


_LEVEL_HOLDS = "The figure is judged as rounded as the claim states it; it says nothing of what was not recorded."


def _changed(claim: Claim, seen: Evidence) -> Answer:
    if seen.change is None:
        return Answer("cannot be said", (_no_full_years(seen),))
    if seen.uncrossable:
        return Answer("cannot be said", (*(_across(reason) for reason in seen.uncrossable), *_what_it_did(seen)))
    care = tuple(f"Take care: {reason}" for reason in seen.with_care)
    wrong = _size_is_wrong(claim, seen)
    if wrong:
        return Answer(_opposite("not supported", denied=claim.denied), (*_what_it_did(seen), wrong, *care))
    if _states_how_far(claim) and claim.way != "unchanged":
        holds = _opposite("supported", denied=claim.denied)
        return Answer(holds, (*_what_it_did(seen), *_beyond_chance(claim, seen), *care))
    verdict, why = _denied_direction(claim, seen) if claim.denied else _direction_holds(claim, seen)
    return Answer(verdict, (*_what_it_did(seen), why, *care))


def _states_how_far(claim: Claim) -> bool:
    return claim.size is not None or (claim.start is not None and claim.end is not None)


def _no_full_years(seen: Evidence) -> str:
    return (
        f"The series has no full count for both {seen.from_year} and {seen.to_year}: "
        "a part year is never compared with a year."
    )


def _what_it_did(seen: Evidence) -> tuple[str, ...]:
    if seen.change is None or seen.before is None or seen.after is None:
        return ()
    return (
        f"The count of {seen.series} went from {number(seen.before)} in {seen.from_year} to {number(seen.after)} "
        f"in {seen.to_year} ({change(seen.change)}). Source: {seen.edition}.",
    )


def _across(reason: str) -> str:
    return f"What is counted changed between the two years, so they cannot be compared: {reason}"


def _size_is_wrong(claim: Claim, seen: Evidence) -> str:
    """How a size that the claim states differs from what was published; '' where none does."""
    assert seen.before is not None and seen.after is not None and seen.change is not None  # noqa: PT018
    for said, published in ((claim.start, seen.before), (claim.end, seen.after)):
        if said is not None and not agrees(said, in_unit_of_level(said, published)):
            return f"The claim says {size_words(said)} where {number(published)} was published."
    if _states_how_far(claim) and claim.way in ("fell", "rose") and _went(seen) != claim.way:
        return f"The claim says that the count {claim.way}."
    for size in (claim.size, claim.also):
        if size is not None and not agrees(size, in_unit_of_change(size, seen.before, seen.after)):
            return f"That is {_moved(size, seen)}, where the claim says {size_words(size)}."
    if claim.strength == "slight" and abs(seen.change) >= SLIGHT:
        return f"That is {change(seen.change)}; a change that is called slight is smaller than {100 * SLIGHT:.0f}%."
    return ""


def _moved(size: Quantity, seen: Evidence) -> str:
    assert seen.before is not None and seen.after is not None and seen.change is not None  # noqa: PT018
    if size.unit == "count":
        return f"a change of {number(abs(seen.after - seen.before))}"
    return f"a change of {abs(100 * seen.change):.1f}%"


def _went(seen: Evidence) -> str:
    assert seen.before is not None
    assert seen.after is not None
    return "fell" if seen.after < seen.before else "rose" if seen.after > seen.before else "unchanged"


def _beyond_chance(claim: Claim, seen: Evidence) -> tuple[str, ...]:
    """What the model says beside a size that is right: the size is judged by the published counts alone."""
    holds = "The claim holds for the count; it says nothing of what was not recorded."
    lines = [f"{_probability(claim, seen)}. {holds}" if seen.probability_fell is not None else holds]
    if seen.probability_fell is not None and max(seen.probability_fell, 1 - seen.probability_fell) < SURE:
        lines.append("The change lies within the ups and downs of the series: of the level, no change is clear.")
    if claim.strength == "strong":
        lines.append("Only the size was judged, not the word for it.")
    return tuple(lines)


def _probability(claim: Claim, seen: Evidence) -> str:
    assert seen.probability_fell is not None
    fell = seen.probability_fell
    moved, chances = ("rose", 1 - fell) if claim.way == "rose" else ("fell", fell)
    return f"The probability that the level of this count {moved} is {chance(chances)}"


def _direction_holds(claim: Claim, seen: Evidence) -> tuple[Verdict, str]:
    """A rise or fall without a size: supported only where the level surely moved that way."""
    opposite = {"fell": "rose", "rose": "fell"}.get(claim.way)
    if seen.probability_fell is None:
        return "cannot be said", f"No model of the level can be given: {seen.refusal}"
    why, sure = _probability(claim, seen), _sure(claim.way, seen.probability_fell)
    if claim.way == "unchanged":
        if _sure("changed", seen.probability_fell) >= SURE:
            return "not supported", f"{why}."
        return (
            "cannot be said",
            f"{why}; that a level stayed the same can never be shown, only that no change is clear.",
        )
    if sure <= 1 - SURE or (opposite is not None and _went(seen) != claim.way and sure < SURE):
        return "not supported", f"{why}, and the published count {_went_words(seen)}."
    if sure >= SURE and _went(seen) != "unchanged" and (opposite is None or _went(seen) == claim.way):
        if claim.strength == "strong":
            return "cannot be said", f"{why}. {MODERATE}"
        return "supported", f"{why}. The claim holds for the count; it says nothing of what was not recorded."
    return "cannot be said", f"{why}: the change lies within the ups and downs of the series."


def _went_words(seen: Evidence) -> str:
    return {"fell": "fell", "rose": "rose", "unchanged": "stayed the same"}[_went(seen)]


def _sure(way: str, probability_fell: float) -> float:
    """The probability of the direction; of a change of either sort, that of the likelier."""
    either = max(probability_fell, 1 - probability_fell)
    return {"fell": probability_fell, "rose": 1 - probability_fell, "changed": either, "unchanged": 1 - either}[way]


def _denied_direction(claim: Claim, seen: Evidence) -> tuple[Verdict, str]:
    """'did not fall' holds only where the level surely rose; 'did not change' can never be shown."""
    if claim.strength:
        return "cannot be said", f"It is not clear what is denied, the change or its size. {MODERATE}"
    verdict, why = _direction_holds(replace(claim, denied=False), seen)
    if seen.probability_fell is None or verdict == "supported":
        return _opposite(verdict, denied=True), why
    if claim.way == "unchanged" and verdict == "not supported":
        return "supported", why
    surely_not = _sure(claim.way, seen.probability_fell) <= 1 - SURE
    if claim.way in ("fell", "rose") and surely_not and _went(seen) != claim.way:
        return "supported", why
    return "cannot be said", f"{_probability(claim, seen)}: whether the level moved cannot be told."
