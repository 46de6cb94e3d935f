"""What became of the offences that were recorded, and does a claim about it agree?

Published outcomes are counts of offences by the year in which they were recorded. A share of charges rests on all
offences recorded, unless the claim speaks of those closed. There are too few years for a model of their level, so that
a rise or fall without a size is never supported here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from assay.enquiries.scale.claim_agreement import Asked
from assay.enquiries.scale.claim_sizes import agrees, in_unit_of_change, in_unit_of_level, size_words
from assay.enquiries.scale.claim_words import Claim, Quantity
from assay.enquiries.wording import number, percent
from assay.records.quarters import financial_year

Verdict = Literal["supported", "not supported", "cannot be said"]
NOT_OF_CLOSED = "That share is not judged of closed offences alone. Give it of all offences recorded."
CLEARLY = 0.05
"""A published share or count that moved the other way by this part of itself speaks against a claim without a size."""


@dataclass(frozen=True)
class Ended:
    """What had become of one year's offences when the edition was made; the outcomes of the register that are meant."""

    recorded: int
    charged: int
    pending: int
    no_suspect: int
    unsupported: int
    code_inferred: bool
    edition: str


MEASURES: Mapping[str, tuple[str, Callable[[Ended], int]]] = {
    "charged": ("ended in a charge or summons", lambda one: one.charged),
    "not_charged": ("did not end in a charge or summons", lambda one: one.recorded - one.charged),
    "pending": ("had no outcome yet", lambda one: one.pending),
    "no_suspect": ("were closed with no suspect identified", lambda one: one.no_suspect),
    "unsupported": ("were closed because the victim did not support action", lambda one: one.unsupported),
}


def check_outcomes(
    claim: Claim, asked: Asked, ended: Mapping[int, Ended], with_care: tuple[str, ...]
) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict on a claim about outcomes, and the reasons."""
    years = _years(claim, asked)
    missing = [year for year in years if year not in ended]
    if missing:
        held = ", ".join(financial_year(year) for year in sorted(ended)) or "no year"
        return "cannot be said", (
            f"There are no published outcomes for {financial_year(missing[0])} here; there are for {held}.",
        )
    if claim.closed and claim.measure in ("pending", "not_charged"):
        return "cannot be said", (NOT_OF_CLOSED,)
    facts = tuple(_fact(claim, year, ended[year]) for year in years)
    care = _care([ended[year] for year in years], with_care if len(years) > 1 else ())
    values = [_value(claim, ended[year]) for year in years]
    verdict, why = _level(claim, values[0]) if not claim.way else _change(claim, *values)
    if claim.denied:
        turned: dict[Verdict, Verdict] = {"supported": "not supported", "not supported": "supported"}
        verdict = "cannot be said" if claim.way and not _stated(claim) else turned.get(verdict, verdict)
    return verdict, (*facts, *why, *care)


def _years(claim: Claim, asked: Asked) -> list[int]:
    if claim.way:
        return [asked.from_start, asked.to_start]
    return [claim.years[0][1] if claim.years else asked.to_start]


def _base(claim: Claim, one: Ended) -> int:
    return one.recorded - one.pending if claim.closed else one.recorded


def _value(claim: Claim, one: Ended) -> float:
    count = MEASURES[claim.measure][1](one)
    return count / _base(claim, one) if claim.share and _base(claim, one) else float(count)


def _fact(claim: Claim, year: int, one: Ended) -> str:
    words, count = MEASURES[claim.measure]
    base = _base(claim, one)
    which = "closed offences" if claim.closed else "offences recorded"
    share = f" ({percent(count(one) / base)})" if base else ""
    happened = f"{number(count(one))} {words}{share}"
    return f"Of {number(base)} {which} in {financial_year(year)}, {happened}. Source: {one.edition}."


def _care(years: list[Ended], with_care: tuple[str, ...]) -> tuple[str, ...]:
    pending = " and ".join(percent(one.pending / one.recorded) for one in years if one.recorded)
    lines = [f"Take care: {pending} of the offences had no outcome yet, and may still be charged."]
    if any(one.code_inferred for one in years):
        lines.append("Take care: in this edition some outcome codes were recovered by inference.")
    return (*lines, *(f"Take care: {reason}" for reason in with_care))


def _level(claim: Claim, value: float) -> tuple[Verdict, tuple[str, ...]]:
    assert claim.level is not None
    if agrees(claim.level, in_unit_of_level(claim.level, value)):
        return "supported", ()
    return "not supported", (f"The claim says {size_words(claim.level)}.",)


def _stated(claim: Claim) -> bool:
    return claim.size is not None or (claim.start is not None and claim.end is not None)


def _change(claim: Claim, before: float, after: float) -> tuple[Verdict, tuple[str, ...]]:
    for said, value in ((claim.start, before), (claim.end, after)):
        if said is not None and not agrees(said, in_unit_of_level(said, value)):
            return "not supported", (f"The claim says {size_words(said)}.",)
    if not before:
        return "cannot be said", ("There were none in the earlier year, so that no change can be given.",)
    way = "fell" if after < before else "rose" if after > before else "unchanged"
    if _stated(claim):
        return _stated_change(claim, claim.size, way, (before, after))
    if claim.way in ("fell", "rose") and way != claim.way and abs(after / before - 1) >= CLEARLY:
        return "not supported", (f"The published figure {way}.",)
    return "cannot be said", (
        "Outcomes are published for too few years to tell how surely they moved. Write by how much, such as 'by 20%'.",
    )


def _stated_change(
    claim: Claim, size: Quantity | None, way: str, values: tuple[float, float]
) -> tuple[Verdict, tuple[str, ...]]:
    if claim.way in ("fell", "rose") and way != claim.way:
        return "not supported", (f"The published figure {way}.",)
    for one in (size, claim.also):
        if one is not None:
            moved = in_unit_of_change(one, *values) * (100 if one.unit == "points" else 1)
            if not agrees(one, moved):
                return "not supported", (f"The claim says {size_words(one)}.",)
    return "supported", ()
