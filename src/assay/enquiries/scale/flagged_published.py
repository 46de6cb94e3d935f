"""How many offences does the Office for National Statistics say that police flagged, by year and place?

A count of flagged offences: it moves with how forces set the flag, and is by neither quarter nor offence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assay.enquiries.finding import Finding, address, quote
from assay.enquiries.scale.measures import BY_KEY
from assay.enquiries.wording import number
from assay.records.quarters import financial_year

PLACES = {"EW": "England and Wales", "E": "England"}
"""The countries as the table names them: whether British Transport Police is counted in is not known from memory."""


def findings(rows: Iterable[Mapping[str, Any]], *, names: Mapping[str, str], edition: str) -> Iterator[Finding]:
    """One finding for each place, year and flag of the table `flagged`, of the places that `names` knows."""
    for row in rows:
        place = PLACES.get(row["area_code"]) or names.get(row["area_code"])
        if place:
            yield _finding(row, place, edition)


def _finding(row: Mapping[str, Any], place: str, edition: str) -> Finding:
    measure = BY_KEY["flagged-offences"]
    year = financial_year(row["year"] - 1)
    counted = number(row["offences"])
    sentence = (
        f"Police flagged {counted} recorded offences as {row['flag']} in {year} ({place}), with no rate per child; "
        "this is a full count, so it has no sampling interval, and it moves with how forces set the flag."
    )
    base = f"{counted} flagged offences (year ending March {row['year']}, {place})"
    return Finding(
        key=address("flagged", row["flag"], row["area_code"], year),
        question=measure.question,
        line=measure.line,
        place_code=row["area_code"],
        offence_key="",
        measure=measure.measure,
        period=year,
        sentence=sentence,
        quote=quote(sentence, base=base, edition=edition, cannot_tell=measure.cannot_tell),
        value=float(row["offences"]),
        low=None,
        high=None,
        base=row["offences"],
        unit=measure.unit,
        cannot_tell=measure.cannot_tell,
        leans_on=measure.leans_on,
        source=edition,
        receipt="enquiries",
    )
