"""Does a claim speak of the series, the place and the years that were asked about?

Where it does not, or where no published count can bear it, nothing is judged and the reason is a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay import commission
from assay.enquiries.scale.claim_terms import why_not_a_force
from assay.enquiries.scale.claim_vocabulary import EXPLOITATION, PEOPLE, SERIES_OF
from assay.enquiries.scale.claim_words import Claim
from assay.records.quarters import financial_year

ALL_CRIME = "The claim speaks of all crime. Write 'recorded offences', or name the kind of offence."
OWN_RATE = "The claim gives a share where the series is a count. Write how many, or by what per cent it changed."
POINTS = "A count does not change by percentage points. Write 'by 9%'."
SHARE_CHANGE = (
    "A share that changed by a per cent can be read in two ways. Write 'by 3 percentage points', or 'from 5% to 8%'."
)
MANY_YEARS = "The claim gives one figure for several years. Name one financial year."


@dataclass(frozen=True)
class Asked:
    """What was asked about: the offence key, the place, the years in which the two financial years start, and the
    latest full year of the series (None without one)."""

    key: str
    place: str
    place_name: str
    from_start: int
    to_start: int
    latest: int | None


def disagreements(claim: Claim, asked: Asked, series: str) -> tuple[str, ...]:
    """Every reason why the claim cannot be held against what was asked about; none where it can."""
    return tuple(
        dict.fromkeys([*_kind(claim, asked, series), *_place(claim, asked), *_years(claim, asked), *_units(claim)])
    )


def _kind(claim: Claim, asked: Asked, series: str) -> Iterator[str]:
    kind = claim.kind
    if kind in ("exploitation", "child abuse") or (kind == "abuse" and not claim.recorded):
        yield EXPLOITATION
    elif kind == "people":
        yield PEOPLE
    elif kind == "crime" or (kind == "offences" and claim.total):
        yield ALL_CRIME
    elif kind != "offences" and asked.key not in SERIES_OF.get(kind, (kind,)):
        yield f"The claim speaks of {_named(kind)}, and this series counts {series}. {_other_series(kind)}"


def _named(kind: str) -> str:
    return f"offences under code {kind}" if commission.offences().knows(kind) else kind


def _other_series(kind: str) -> str:
    keys = SERIES_OF.get(kind, (kind,))
    return f"Ask with --series {keys[0]}." if keys else "No series counts that alone."


def _place(claim: Claim, asked: Asked) -> Iterator[str]:
    for place in claim.places:
        if place != asked.place:
            reason = why_not_a_force(place)
            if reason:
                yield f"The claim speaks of {reason}. This series is of {asked.place_name}."
            else:
                named = _place_name(place)
                yield f"The claim speaks of {named}, and this series is of {asked.place_name}. {_ask(place, asked)}"


def _place_name(place: str) -> str:
    return "England and Wales" if place == "EW" else commission.forces().get(place).name


def _ask(place: str, asked: Asked) -> str:
    return f"Ask with --series {asked.key if place == 'EW' else f'{asked.key}@{commission.forces().get(place).slug}'}."


def _years(claim: Claim, asked: Asked) -> Iterator[str]:
    for year in claim.calendar:
        yield (
            f"{year!r} is a calendar year, and the figures are of financial years. "
            f"Write {financial_year(int(year))} for April {year} to March {int(year) + 1}."
        )
    if claim.latest and asked.to_start != asked.latest:
        last = "no full year" if asked.latest is None else f"the latest full year, {financial_year(asked.latest)}"
        year = financial_year(asked.to_start)
        yield f"The claim speaks of the latest figures, and {year} is not {last}. Name the years."
    yield from _level_years(claim, asked) if not claim.way else _change_years(claim, asked)


def _level_years(claim: Claim, asked: Asked) -> Iterator[str]:
    named = sorted({year for _, year in claim.years})
    if len(named) > 1 or claim.spans or any(role != "at" for role, _ in claim.years):
        yield MANY_YEARS
    elif named and named[0] not in (asked.from_start, asked.to_start):
        yield _other_year(named[0], asked)


def _change_years(claim: Claim, asked: Asked) -> Iterator[str]:
    apart = asked.to_start - asked.from_start
    for role, year in claim.years:
        if (role == "from" and year != asked.from_start) or (role != "from" and year != asked.to_start):
            yield _other_year(year, asked)
    for span in claim.spans:
        if span != apart:
            yield (
                f"The claim speaks of a change over {_many_years(span)}, and {_asked_years(asked)} are "
                f"{_many_years(apart)} apart. Ask with the years that it means."
            )
    roles = {role for role, _ in claim.years}
    if roles == {"at"} and apart != 1 and not claim.spans and claim.end is None:
        year = claim.years[0][1]
        yield (
            f"A change in {financial_year(year)} is read as a change from {financial_year(year - 1)}. "
            f"Write 'between {financial_year(asked.from_start)} and {financial_year(asked.to_start)}', or ask with "
            f"--from {financial_year(year - 1)}."
        )


def _other_year(year: int, asked: Asked) -> str:
    return (
        f"The claim speaks of {financial_year(year)}, and what was asked about is {_asked_years(asked)}. "
        "Ask with the years of the claim."
    )


def _asked_years(asked: Asked) -> str:
    return f"{financial_year(asked.from_start)} and {financial_year(asked.to_start)}"


def _many_years(years: int) -> str:
    return "1 year" if years == 1 else f"{years} years"


def _units(claim: Claim) -> Iterator[str]:
    """Units that do not fit: a share of a count, points of a count, a per cent of a share."""
    levels = [one for one in (claim.start, claim.end, claim.level) if one is not None]
    if any((one.unit == "count") == claim.share for one in levels) or (claim.share and claim.measure == "recorded"):
        yield OWN_RATE
    if claim.size is not None and claim.size.unit == "points" and not claim.share:
        yield POINTS
    if claim.size is not None and claim.share and (claim.size.unit == "percent" or claim.also is not None):
        yield SHARE_CHANGE
    if claim.size is not None and claim.size.unit == "fold" and claim.way == "fell":
        yield "A fall by several times cannot be read. Write 'fell by 50%', or 'halved'."
    if claim.size is not None and claim.way == "unchanged":
        yield "The claim says both that the count stayed the same and by how much it changed."
