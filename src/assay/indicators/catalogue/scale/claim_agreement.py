"""Does a claim concern the requested series, place and years, in units that a published count can confirm?

If it is not, the claim is not judged, and each reason is a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay import reference
from assay.facts.financial_quarters import financial_year
from assay.indicators.catalogue.scale.claim_terms import why_not_a_force
from assay.indicators.catalogue.scale.claim_vocabulary import EXPLOITATION, PEOPLE, SERIES_OF
from assay.indicators.catalogue.scale.claim_words import Claim

ALL_CRIME = "The claim speaks of all crime. Write 'recorded offences', or name the kind of offence."
OWN_RATE = "The claim gives a share where the series is a count. Write how many, or by what per cent it changed."
POINTS = "A count does not change by percentage points. Write 'by 9%'."
SHARE_CHANGE = (
    "A share that changed by a per cent can be read in two ways. Write 'by 3 percentage points', or 'from 5% to 8%'."
)
MANY_YEARS = "The claim gives one figure for several years. Name one financial year."


@dataclass(frozen=True)
class RequestedSeries:
    """The published series, place and financial years to which a question refers."""

    key: str
    """Offence key of the series."""
    place: str
    """Code of the place."""
    place_name: str
    from_start: int
    """Calendar year in which the earlier financial year starts."""
    to_start: int
    """Calendar year in which the later financial year starts."""
    latest: int | None
    """Calendar year in which the latest complete financial year starts; None if there is none."""


def disagreements(claim: Claim, requested: RequestedSeries, series: str) -> tuple[str, ...]:
    """Return the reasons why the requested series cannot decide the claim; empty if it can."""
    reasons = [
        *_kind_reasons(claim, requested, series),
        *_place_reasons(claim, requested),
        *_year_reasons(claim, requested),
        *_unit_reasons(claim),
    ]
    return tuple(dict.fromkeys(reasons))


def _kind_reasons(claim: Claim, requested: RequestedSeries, series: str) -> Iterator[str]:
    kind = claim.kind
    if kind in ("exploitation", "child abuse") or (kind == "abuse" and not claim.recorded):
        yield EXPLOITATION
    elif kind == "people":
        yield PEOPLE
    elif kind == "crime" or (kind == "offences" and claim.total):
        yield ALL_CRIME
    elif kind != "offences" and requested.key not in SERIES_OF.get(kind, (kind,)):
        yield f"The claim speaks of {_kind_name(kind)}, and this series counts {series}. {_other_series(kind)}"


def _kind_name(kind: str) -> str:
    return f"offences under code {kind}" if reference.offences().knows(kind) else kind


def _other_series(kind: str) -> str:
    keys = SERIES_OF.get(kind, (kind,))
    return f"Ask with --series {keys[0]}." if keys else "No series counts that alone."


def _place_reasons(claim: Claim, requested: RequestedSeries) -> Iterator[str]:
    for place in claim.places:
        if place != requested.place:
            reason = why_not_a_force(place)
            if reason:
                yield f"The claim speaks of {reason}. This series is of {requested.place_name}."
            else:
                place_name = _place_name(place)
                hint = _request_hint(place, requested)
                yield f"The claim speaks of {place_name}, and this series is of {requested.place_name}. {hint}"


def _place_name(place: str) -> str:
    return "England and Wales" if place == "EW" else reference.forces().get(place).name


def _request_hint(place: str, requested: RequestedSeries) -> str:
    at_place = "" if place == "EW" else f"@{reference.forces().get(place).slug}"
    return f"Ask with --series {requested.key}{at_place}."


def _year_reasons(claim: Claim, requested: RequestedSeries) -> Iterator[str]:
    for year in claim.calendar_years:
        yield (
            f"{year!r} is a calendar year, and the figures are of financial years. "
            f"Write {financial_year(int(year))} for April {year} to March {int(year) + 1}."
        )
    if claim.latest and requested.to_start != requested.latest:
        latest = requested.latest
        last = "no full year" if latest is None else f"the latest full year, {financial_year(latest)}"
        year = financial_year(requested.to_start)
        yield f"The claim speaks of the latest figures, and {year} is not {last}. Name the years."
    yield from _level_year_reasons(claim, requested) if not claim.direction else _change_year_reasons(claim, requested)


def _level_year_reasons(claim: Claim, requested: RequestedSeries) -> Iterator[str]:
    claim_years = sorted({year for _, year in claim.years})
    if len(claim_years) > 1 or claim.spans or any(role != "at" for role, _ in claim.years):
        yield MANY_YEARS
    elif claim_years and claim_years[0] not in (requested.from_start, requested.to_start):
        yield _other_year(claim_years[0], requested)


def _change_year_reasons(claim: Claim, requested: RequestedSeries) -> Iterator[str]:
    n_years = requested.to_start - requested.from_start
    for role, year in claim.years:
        if (role == "from" and year != requested.from_start) or (role != "from" and year != requested.to_start):
            yield _other_year(year, requested)
    for span in claim.spans:
        if span != n_years:
            yield (
                f"The claim speaks of a change over {_years_text(span)}, and {_requested_years(requested)} are "
                f"{_years_text(n_years)} apart. Ask with the years that it means."
            )
    roles = {role for role, _ in claim.years}
    if roles == {"at"} and n_years != 1 and not claim.spans and claim.end is None:
        year = claim.years[0][1]
        yield (
            f"A change in {financial_year(year)} is read as a change from {financial_year(year - 1)}. "
            f"Write 'between {_requested_years(requested)}', or ask with --from {financial_year(year - 1)}."
        )


def _other_year(year: int, requested: RequestedSeries) -> str:
    return (
        f"The claim speaks of {financial_year(year)}, and what was asked about is {_requested_years(requested)}. "
        "Ask with the years of the claim."
    )


def _requested_years(requested: RequestedSeries) -> str:
    return f"{financial_year(requested.from_start)} and {financial_year(requested.to_start)}"


def _years_text(years: int) -> str:
    return "1 year" if years == 1 else f"{years} years"


def _unit_reasons(claim: Claim) -> Iterator[str]:
    """Yield the reasons of units: a share of a count, percentage points of a count, a per cent of a share."""
    levels = [level for level in (claim.start, claim.end, claim.level) if level is not None]
    if any((level.unit == "count") == claim.share for level in levels) or (claim.share and claim.measure == "recorded"):
        yield OWN_RATE
    if claim.size is not None and claim.size.unit == "points" and not claim.share:
        yield POINTS
    if claim.size is not None and claim.share and (claim.size.unit == "percent" or claim.other_size is not None):
        yield SHARE_CHANGE
    if claim.size is not None and claim.size.unit == "fold" and claim.direction == "fell":
        yield "A fall by several times cannot be read. Write 'fell by 50%', or 'halved'."
    if claim.size is not None and claim.direction == "unchanged":
        yield "The claim says both that the count stayed the same and by how much it changed."
