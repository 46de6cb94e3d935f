"""Do the published figures support a claim, such as "recorded offences fell by a fifth"?

A claim is judged only if every word is understood (`claim_words`) and it is about the requested series, place and years
(`claim_agreement`). Then a size or a level is compared with the published counts (`claim_sizes`). A rise or fall
without a size needs a probability of at least 0.9 from the trend model. Every answer gives its reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from assay.facts.financial_quarters import financial_year
from assay.indicators.catalogue.scale.claim_agreement import RequestedSeries, disagreements
from assay.indicators.catalogue.scale.claim_outcomes import MEASURES, OutcomeCounts, check_outcomes
from assay.indicators.catalogue.scale.claim_sizes import (
    FEW_BOUND,
    FEW_NOT_DEFINED,
    agrees,
    in_unit_of_change,
    in_unit_of_level,
    size_words,
)
from assay.indicators.catalogue.scale.claim_words import Claim, Quantity, Reading, read_claim
from assay.indicators.indicator_wording import change_phrase, format_number, probability_phrase

__all__ = ["MEASURES", "Answer", "Claim", "Evidence", "OutcomeCounts", "Reading", "Verdict", "check", "read_claim"]

Verdict = Literal["supported", "not supported", "cannot be said"]
AMBIGUOUS = "The sentence can be read in several ways, and they do not lead to the same answer."
MIN_PROBABILITY = 0.9
"""Probability of a direction from which a rise or fall without a size is supported."""
WORST_FIRST: tuple[Verdict, ...] = ("not supported", "cannot be said")
MAX_SLIGHT_CHANGE = 0.05
"""A change that is called slight must be smaller than this share of the earlier count."""
SIZE_NOT_DEFINED = "How large a change deserves that word is not defined. Write the size, such as 'by 9%'."


@dataclass(frozen=True)
class Evidence:
    """The published figures and the trend of one series between two financial years."""

    series: str
    from_year: str
    to_year: str
    before: int | None
    """Published count of the earlier year; None if the year is not complete."""
    after: int | None
    """Published count of the later year; None if the year is not complete."""
    probability_fell: float | None
    """Probability that the level fell; None if the model gives none."""
    refusal: str
    """Why the model gives no probability."""
    not_comparable: tuple[str, ...]
    """Breaks in the series across which counts must not be compared, each with its reason."""
    with_care: tuple[str, ...]
    """Breaks in the series across which counts must be compared with care, each with its reason."""
    edition: str
    key: str = "csa11"
    place: str = "EW"
    place_name: str = "England and Wales, 43 forces"
    latest: int | None = None
    outcomes_with_care: tuple[str, ...] = ()
    """Like `with_care`, for breaks that concern outcomes."""
    outcomes: Mapping[int, OutcomeCounts] = field(default_factory=dict)
    """Outcomes of the offences, by the calendar year in which the financial year starts."""

    @property
    def requested(self) -> RequestedSeries:
        """The series, place and years that a claim must be about to be judged."""
        starts, ends = int(self.from_year[:4]), int(self.to_year[:4])
        return RequestedSeries(self.key, self.place, self.place_name, starts, ends, self.latest)

    @property
    def change(self) -> float | None:
        """The published change as a share of the earlier count; None if it cannot be computed."""
        return None if not self.before or self.after is None else self.after / self.before - 1


@dataclass(frozen=True)
class Answer:
    """The verdict on a claim, and the sentences that give its reasons."""

    verdict: Verdict
    because: tuple[str, ...]


def check(reading: Reading, evidence: Evidence) -> Answer:
    """Judge every claim in a text against the published figures.

    A text that can be read in several ways is judged only if all of them lead to the same verdict.

    Returns
    -------
    Answer
        The verdict, with the strongest reason first.
    """
    if not reading.parses:
        return Answer("cannot be said", (reading.not_understood, *_published_change(evidence)))
    answers = [_combined([_check_claim(claim, evidence) for claim in claims]) for claims in reading.parses]
    if len({answer.verdict for answer in answers}) > 1:
        reasons = tuple(dict.fromkeys(answer.because[0] for answer in answers))
        return Answer("cannot be said", (AMBIGUOUS, *reasons))
    return answers[0]


def _combined(answers: list[Answer]) -> Answer:
    """Combine the answers to several claims, which must all hold: the worst verdict counts."""
    verdicts = [answer.verdict for answer in answers]
    worst: Verdict = next((verdict for verdict in WORST_FIRST if verdict in verdicts), "supported")
    ordered = sorted(answers, key=lambda answer: answer.verdict != worst)
    return Answer(worst, tuple(dict.fromkeys(line for answer in ordered for line in answer.because)))


def _check_claim(claim: Claim, evidence: Evidence) -> Answer:
    reasons = disagreements(claim, evidence.requested, evidence.series)
    if reasons:
        return Answer("cannot be said", (*reasons, *_published_change(evidence)))
    if claim.measure != "recorded":
        verdict, because = check_outcomes(claim, evidence.requested, evidence.outcomes, evidence.outcomes_with_care)
        return Answer(verdict, because)
    return _check_level(claim, evidence) if not claim.direction else _check_change(claim, evidence)


def _negated(verdict: Verdict, *, denied: bool) -> Verdict:
    if not denied:
        return verdict
    negated: dict[Verdict, Verdict] = {"supported": "not supported", "not supported": "supported"}
    return negated.get(verdict, verdict)


def _check_level(claim: Claim, evidence: Evidence) -> Answer:
    """Judge a count in one year: the year that the claim names, or the later year if it names none."""
    assert claim.level is not None
    year = claim.years[0][1] if claim.years else evidence.requested.to_start
    first = year == evidence.requested.from_start
    published = evidence.before if first else evidence.after
    if published is None:
        return Answer("cannot be said", (f"The series has no full count for {financial_year(year)}.",))
    published_sentence = (
        f"The count of {evidence.series} was {format_number(published)} in "
        f"{financial_year(year)}. Source: {evidence.edition}."
    )
    if claim.level.bound == FEW_BOUND:
        return Answer("cannot be said", (FEW_NOT_DEFINED, published_sentence))
    if agrees(claim.level, published):
        return Answer(_negated("supported", denied=claim.denied), (published_sentence, _LEVEL_NOTE))
    if not claim.years and evidence.before is not None and agrees(claim.level, evidence.before):
        count = format_number(evidence.before)
        no_year = f"The claim names no year: the count was {count} in {evidence.from_year}. Name the year."
        return Answer("cannot be said", (no_year, published_sentence))
    wrong = f"The claim says {size_words(claim.level)}."
    return Answer(_negated("not supported", denied=claim.denied), (published_sentence, wrong))


_LEVEL_NOTE = "The figure is judged as rounded as the claim states it; it says nothing of what was not recorded."


def _check_change(claim: Claim, evidence: Evidence) -> Answer:
    if evidence.change is None:
        return Answer("cannot be said", (_no_full_years(evidence),))
    if evidence.not_comparable:
        breaks = (_break_sentence(reason) for reason in evidence.not_comparable)
        return Answer("cannot be said", (*breaks, *_published_change(evidence)))
    care = tuple(f"Take care: {reason}" for reason in evidence.with_care)
    wrong = _size_error(claim, evidence)
    if wrong:
        return Answer(_negated("not supported", denied=claim.denied), (*_published_change(evidence), wrong, *care))
    if _states_size(claim) and claim.direction != "unchanged":
        verdict = _negated("supported", denied=claim.denied)
        return Answer(verdict, (*_published_change(evidence), *_trend_sentences(claim, evidence), *care))
    verdict, why = _check_denied_direction(claim, evidence) if claim.denied else _check_direction(claim, evidence)
    return Answer(verdict, (*_published_change(evidence), why, *care))


def _states_size(claim: Claim) -> bool:
    return claim.size is not None or (claim.start is not None and claim.end is not None)


def _no_full_years(evidence: Evidence) -> str:
    return (
        f"The series has no full count for both {evidence.from_year} and {evidence.to_year}: "
        "a part year is never compared with a year."
    )


def _published_change(evidence: Evidence) -> tuple[str, ...]:
    if evidence.change is None or evidence.before is None or evidence.after is None:
        return ()
    return (
        (
            f"The count of {evidence.series} went from {format_number(evidence.before)} in {evidence.from_year} to "
            f"{format_number(evidence.after)} in {evidence.to_year} ({change_phrase(evidence.change)}). Source: "
            f"{evidence.edition}."
        ),
    )


def _break_sentence(reason: str) -> str:
    return f"What is counted changed between the two years, so they cannot be compared: {reason}"


def _size_error(claim: Claim, evidence: Evidence) -> str:
    """Return how a size in the claim differs from the published figures; '' if none does."""
    assert evidence.before is not None and evidence.after is not None and evidence.change is not None  # noqa: PT018
    for level, published in ((claim.start, evidence.before), (claim.end, evidence.after)):
        if level is not None and not agrees(level, in_unit_of_level(level, published)):
            return f"The claim says {size_words(level)} where {format_number(published)} was published."
    is_other_way = claim.direction in ("fell", "rose") and _published_direction(evidence) != claim.direction
    if _states_size(claim) and is_other_way:
        return f"The claim says that the count {claim.direction}."
    for size in (claim.size, claim.other_size):
        if size is not None and not agrees(size, in_unit_of_change(size, evidence.before, evidence.after)):
            return f"That is {_published_size(size, evidence)}, where the claim says {size_words(size)}."
    if claim.strength == "slight" and abs(evidence.change) >= MAX_SLIGHT_CHANGE:
        limit = f"{100 * MAX_SLIGHT_CHANGE:.0f}%"
        return f"That is {change_phrase(evidence.change)}; a change that is called slight is smaller than {limit}."
    return ""


def _published_size(size: Quantity, evidence: Evidence) -> str:
    assert evidence.before is not None and evidence.after is not None and evidence.change is not None  # noqa: PT018
    if size.unit == "count":
        return f"a change of {format_number(abs(evidence.after - evidence.before))}"
    return f"a change of {abs(100 * evidence.change):.1f}%"


def _published_direction(evidence: Evidence) -> str:
    assert evidence.before is not None
    assert evidence.after is not None
    return "fell" if evidence.after < evidence.before else "rose" if evidence.after > evidence.before else "unchanged"


def _trend_sentences(claim: Claim, evidence: Evidence) -> tuple[str, ...]:
    """Return what the trend model says about a change of the right size, which is judged by the counts alone."""
    holds, probability_fell = (
        "The claim holds for the count; it says nothing of what was not recorded.",
        evidence.probability_fell,
    )
    lines = [f"{_probability_sentence(claim, evidence)}. {holds}" if probability_fell is not None else holds]
    if probability_fell is not None and max(probability_fell, 1 - probability_fell) < MIN_PROBABILITY:
        lines.append("The change lies within the ups and downs of the series: of the level, no change is clear.")
    if claim.strength == "strong":
        lines.append("Only the size was judged, not the word for it.")
    return tuple(lines)


def _probability_sentence(claim: Claim, evidence: Evidence) -> str:
    assert evidence.probability_fell is not None
    probability_fell = evidence.probability_fell
    moved, probability = ("rose", 1 - probability_fell) if claim.direction == "rose" else ("fell", probability_fell)
    return f"The probability that the level of this count {moved} is {probability_phrase(probability)}"


def _check_direction(claim: Claim, evidence: Evidence) -> tuple[Verdict, str]:
    """Judge a rise or fall without a size: supported only if the level very probably moved that way."""
    if evidence.probability_fell is None:
        return "cannot be said", f"No model of the level can be given: {evidence.refusal}"
    why, published = _probability_sentence(claim, evidence), _published_direction(evidence)
    probability = _probability_of(claim.direction, evidence.probability_fell)
    if claim.direction == "unchanged":
        if _probability_of("changed", evidence.probability_fell) >= MIN_PROBABILITY:
            return "not supported", f"{why}."
        return (
            "cannot be said",
            f"{why}; that a level stayed the same can never be shown, only that no change is clear.",
        )
    agrees_with_counts = claim.direction not in ("fell", "rose") or published == claim.direction
    if probability <= 1 - MIN_PROBABILITY or (not agrees_with_counts and probability < MIN_PROBABILITY):
        return "not supported", f"{why}, and the published count {_published_direction_verb(evidence)}."
    if probability >= MIN_PROBABILITY and published != "unchanged" and agrees_with_counts:
        if claim.strength == "strong":
            return "cannot be said", f"{why}. {SIZE_NOT_DEFINED}"
        return "supported", f"{why}. The claim holds for the count; it says nothing of what was not recorded."
    return "cannot be said", f"{why}: the change lies within the ups and downs of the series."


def _published_direction_verb(evidence: Evidence) -> str:
    return {"fell": "fell", "rose": "rose", "unchanged": "stayed the same"}[_published_direction(evidence)]


def _probability_of(direction: str, probability_fell: float) -> float:
    """Return the probability of a direction; for 'changed', that of the likelier direction."""
    probability_changed = max(probability_fell, 1 - probability_fell)
    return {
        "fell": probability_fell,
        "rose": 1 - probability_fell,
        "changed": probability_changed,
        "unchanged": 1 - probability_changed,
    }[direction]


def _check_denied_direction(claim: Claim, evidence: Evidence) -> tuple[Verdict, str]:
    """Judge a denied direction. 'Did not fall' needs a very probable rise; 'did not change' can never be shown."""
    if claim.strength:
        return "cannot be said", f"It is not clear what is denied, the change or its size. {SIZE_NOT_DEFINED}"
    verdict, why = _check_direction(replace(claim, denied=False), evidence)
    if evidence.probability_fell is None or verdict == "supported":
        return _negated(verdict, denied=True), why
    if claim.direction == "unchanged" and verdict == "not supported":
        return "supported", why
    surely_not = _probability_of(claim.direction, evidence.probability_fell) <= 1 - MIN_PROBABILITY
    if claim.direction in ("fell", "rose") and surely_not and _published_direction(evidence) != claim.direction:
        return "supported", why
    return "cannot be said", f"{_probability_sentence(claim, evidence)}: whether the level moved cannot be said."
