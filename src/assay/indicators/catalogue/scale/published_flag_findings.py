"""How many offences did police flag as child sexual abuse or exploitation, by year and place?

The counts are from a table of the Office for National Statistics. They change with how forces set the flag, and are
given neither by quarter nor by offence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assay.facts.financial_quarters import financial_year
from assay.indicators.catalogue.scale.published_scale_measures import BY_KEY
from assay.indicators.findings import Finding, address
from assay.indicators.indicator_wording import format_number

COUNTRIES = {"EW": "England and Wales", "E": "England"}
"""Countries as the table names them. We do not know whether the table includes the British Transport Police."""


def findings(rows: Iterable[Mapping[str, Any]], *, names: Mapping[str, str], edition: str) -> Iterator[Finding]:
    """Yield one finding for each place, year and flag.

    Parameters
    ----------
    rows
        Rows of the table `flagged`. Rows of a place that has no name are left out.
    names
        Area code -> name of the place; the countries need not be in it.
    edition
        The edition of the source, in words.
    """
    for row in rows:
        place = COUNTRIES.get(row["area_code"]) or names.get(row["area_code"])
        if place:
            yield _finding(row, place, edition)


def _finding(row: Mapping[str, Any], place: str, edition: str) -> Finding:
    year = financial_year(row["year"] - 1)
    offences = format_number(row["offences"])
    return Finding.from_measure(
        BY_KEY["flagged-offences"],
        key=address("flagged", row["flag"], row["area_code"], year),
        place_code=row["area_code"],
        period=year,
        sentence=(
            f"Police flagged {offences} recorded offences as {row['flag']} in {year} ({place}), with no rate per "
            "child; this is a full count, so it has no sampling interval, and it moves with how forces set the flag."
        ),
        base_text=f"{offences} flagged offences (year ending March {row['year']}, {place})",
        value=float(row["offences"]),
        base=row["offences"],
        source=edition,
        receipt="enquiries",
    )
