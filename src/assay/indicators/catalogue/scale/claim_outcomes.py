"""Do the published outcomes of offences support a claim about charges, or about offences without an outcome?

Published outcomes are counts of offences by the year in which the offences were recorded. The denominator of a share is
all recorded offences, unless the claim is about closed offences. There are too few years for a trend model, so a rise
or fall without a size is never supported here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from assay.facts.financial_quarters import financial_year
from assay.indicators.catalogue.scale.claim_agreement import RequestedSeries
from assay.indicators.catalogue.scale.claim_sizes import (
    FEW_BOUND,
    FEW_NOT_DEFINED,
    agrees,
    in_unit_of_change,
    in_unit_of_level,
    size_words,
)
from assay.indicators.catalogue.scale.claim_words import Claim, Quantity
from assay.indicators.indicator_wording import format_number, percent

Verdict = Literal["supported", "not supported", "cannot be said"]
NOT_OF_CLOSED = "That share is not judged of closed offences alone. Give it of all offences recorded."
MIN_OPPOSITE_CHANGE = 0.05
"""A claim without a size is not supported if the figure moved the other way by at least this share of itself."""


@dataclass(frozen=True)
class OutcomeCounts:
    """Outcomes of the offences that were recorded in one financial year, as counted in one edition."""

    recorded: int
    charged: int
    pending: int
    """Offences without an outcome yet."""
    no_suspect: int
    unsupported: int
    """Offences that were closed because the victim did not support action."""
    code_inferred: bool
    """True if some offence codes of the edition were inferred."""
    edition: str


MEASURES: Mapping[str, tuple[str, Callable[[OutcomeCounts], int]]] = {
    "charged": ("ended in a charge or summons", lambda counts: counts.charged),
    "not_charged": ("did not end in a charge or summons", lambda counts: counts.recorded - counts.charged),
    "pending": ("had no outcome yet", lambda counts: counts.pending),
    "no_suspect": ("were closed with no suspect identified", lambda counts: counts.no_suspect),
    "unsupported": ("were closed because the victim did not support action", lambda counts: counts.unsupported),
}


def check_outcomes(
    claim: Claim, requested: RequestedSeries, outcomes: Mapping[int, OutcomeCounts], with_care: tuple[str, ...]
) -> tuple[Verdict, tuple[str, ...]]:
    """Judge a claim about the outcomes of offences; return the verdict and its reasons.

    Parameters
    ----------
    claim
        The claim.
    requested
        The series, the place and the years of the question.
    outcomes
        Outcomes by the calendar year in which the financial year starts.
    with_care
        Reasons why the two years must be compared with care.
    """
    years = _years(claim, requested)
    missing = [year for year in years if year not in outcomes]
    if missing:
        available = ", ".join(financial_year(year) for year in sorted(outcomes)) or "no year"
        return "cannot be said", (
            f"There are no published outcomes for {financial_year(missing[0])} here; there are for {available}.",
        )
    if claim.closed and claim.measure in ("pending", "not_charged"):
        return "cannot be said", (NOT_OF_CLOSED,)
    sentences = tuple(_outcome_sentence(claim, year, outcomes[year]) for year in years)
    care = _care_sentences([outcomes[year] for year in years], with_care if len(years) > 1 else ())
    values = [_value(claim, outcomes[year]) for year in years]
    verdict, why = _check_level(claim, values[0]) if not claim.direction else _check_change(claim, *values)
    if claim.denied:
        negated: dict[Verdict, Verdict] = {"supported": "not supported", "not supported": "supported"}
        verdict = "cannot be said" if claim.direction and not _states_size(claim) else negated.get(verdict, verdict)
    return verdict, (*sentences, *why, *care)


def _years(claim: Claim, requested: RequestedSeries) -> list[int]:
    if claim.direction:
        return [requested.from_start, requested.to_start]
    return [claim.years[0][1] if claim.years else requested.to_start]


def _denominator(claim: Claim, counts: OutcomeCounts) -> int:
    return counts.recorded - counts.pending if claim.closed else counts.recorded


def _value(claim: Claim, counts: OutcomeCounts) -> float:
    count = MEASURES[claim.measure][1](counts)
    return count / _denominator(claim, counts) if claim.share and _denominator(claim, counts) else float(count)


def _outcome_sentence(claim: Claim, year: int, counts: OutcomeCounts) -> str:
    words, count = MEASURES[claim.measure]
    base = _denominator(claim, counts)
    offence_noun = "closed offences" if claim.closed else "offences recorded"
    share = f" ({percent(count(counts) / base)})" if base else ""
    outcome = f"{format_number(count(counts))} {words}{share}"
    return f"Of {format_number(base)} {offence_noun} in {financial_year(year)}, {outcome}. Source: {counts.edition}."


def _care_sentences(years: list[OutcomeCounts], with_care: tuple[str, ...]) -> tuple[str, ...]:
    pending = " and ".join(percent(counts.pending / counts.recorded) for counts in years if counts.recorded)
    lines = [f"Take care: {pending} of the offences had no outcome yet, and may still be charged."]
    if any(counts.code_inferred for counts in years):
        lines.append("Take care: the offence codes of this edition were recovered by inference.")
    return (*lines, *(f"Take care: {reason}" for reason in with_care))


def _check_level(claim: Claim, value: float) -> tuple[Verdict, tuple[str, ...]]:
    assert claim.level is not None
    if agrees(claim.level, in_unit_of_level(claim.level, value)):
        return ("cannot be said", (FEW_NOT_DEFINED,)) if claim.level.bound == FEW_BOUND else ("supported", ())
    return "not supported", (f"The claim says {size_words(claim.level)}.",)


def _states_size(claim: Claim) -> bool:
    return claim.size is not None or (claim.start is not None and claim.end is not None)


def _check_change(claim: Claim, before: float, after: float) -> tuple[Verdict, tuple[str, ...]]:
    for level, value in ((claim.start, before), (claim.end, after)):
        if level is not None and not agrees(level, in_unit_of_level(level, value)):
            return "not supported", (f"The claim says {size_words(level)}.",)
    if not before:
        return "cannot be said", ("There were none in the earlier year, so that no change can be given.",)
    published_direction = "fell" if after < before else "rose" if after > before else "unchanged"
    if _states_size(claim):
        return _check_stated_change(claim, claim.size, published_direction, (before, after))
    moved_other_way = claim.direction in ("fell", "rose") and published_direction != claim.direction
    if moved_other_way and abs(after / before - 1) >= MIN_OPPOSITE_CHANGE:
        return "not supported", (f"The published figure {published_direction}.",)
    return "cannot be said", (
        "Outcomes are published for too few years to tell how surely they moved. Write by how much, such as 'by 20%'.",
    )


def _check_stated_change(
    claim: Claim, size: Quantity | None, published_direction: str, values: tuple[float, float]
) -> tuple[Verdict, tuple[str, ...]]:
    if claim.direction in ("fell", "rose") and published_direction != claim.direction:
        return "not supported", (f"The published figure {published_direction}.",)
    for stated in (size, claim.other_size):
        if stated is not None:
            published = in_unit_of_change(stated, *values) * (100 if stated.unit == "points" else 1)
            if not agrees(stated, published):
                return "not supported", (f"The claim says {size_words(stated)}.",)
    return "supported", ()
